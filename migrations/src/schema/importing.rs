//! How far each import came, so that a killed one goes on where it stopped.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    import_runs (id) {
        id -> Id,
        society_id -> Id,
        kind -> Text,
        source_tag -> Binary,
        lines_done -> BigInt,
        bytes_done -> BigInt,
        taken -> BigInt,
        refused -> BigInt,
        state -> Text,
        started_at -> BigInt,
        updated_at -> BigInt,
    }
}
