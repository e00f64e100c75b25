//! Many rows in one statement: a statement for each row would cost more than the row, and a round trip each on
//! PostgreSQL.

/// Rows in one statement. The widest table has 31 columns, and SQLite takes 32,766 values.
pub const ROWS: usize = 250;

/// Writes any number of borrowed rows of one table. Must stand in a function whose error takes the database's.
macro_rules! insert_rows {
    ($tx:expr, $table:expr, $rows:expr) => {
        for rows in $rows.chunks($crate::db::ROWS) {
            $crate::db::on_backend!($tx, |c| {
                diesel::insert_into($table).values(rows.to_vec()).execute(c)?
            });
        }
    };
}
pub(crate) use insert_rows;
