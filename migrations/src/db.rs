//! One connection enum over the two databases, the id column type, and the write transaction that both honour.
//!
//! `AnyConnection::establish` would try every variant in turn and create a SQLite file named after a typing error, so
//! [`connect`] looks at the address first and says what is wrong with it.

use diesel::backend::Backend;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::deserialize::{self, FromSql};
use diesel::pg::Pg;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{HasSqlType, SqlType};
use diesel::sqlite::Sqlite;
use diesel::{Connection, PgConnection, SqliteConnection};
use uuid::Uuid;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// Runs one expression against the real connection: for upserts and batches, which the enum cannot express.
#[macro_export]
macro_rules! on_backend {
    ($connection:expr, |$c:ident| $body:expr) => {
        match $connection {
            $crate::db::AnyConnection::Postgres($c) => $body,
            $crate::db::AnyConnection::Sqlite($c) => $body,
        }
    };
}

/// SQL type of every id: `uuid` in PostgreSQL, a 16-byte blob in SQLite.
#[derive(Debug, Clone, Copy, Default, SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(name = "uuid"))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct Id;

impl HasSqlType<Id> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        MultiBackend::lookup_sql_type::<Id>(lookup)
    }
}

/// The 16 bytes behind every typed id, with the conversions both databases need.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = Id)]
pub struct RawId(pub Uuid);

impl ToSql<Id, Pg> for RawId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        std::io::Write::write_all(out, self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl ToSql<Id, Sqlite> for RawId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_bytes().to_vec());
        Ok(IsNull::No)
    }
}

impl ToSql<Id, MultiBackend> for RawId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((Id, self));
        Ok(IsNull::No)
    }
}

impl FromSql<Id, Pg> for RawId {
    fn from_sql(bytes: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(Uuid::from_slice(bytes.as_bytes())?))
    }
}

impl FromSql<Id, Sqlite> for RawId {
    fn from_sql(bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<diesel::sql_types::Binary, Sqlite>>::from_sql(bytes)?;
        Ok(Self(Uuid::from_slice(&bytes)?))
    }
}

impl FromSql<Id, MultiBackend> for RawId {
    fn from_sql(bytes: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        bytes.from_sql::<RawId, Id>()
    }
}

/// Declares a typed id that can stand in queries and rows: `define_id!(/// docs  PersonId);`
#[macro_export]
macro_rules! define_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            $crate::diesel::expression::AsExpression, $crate::diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = $crate::db::Id)]
        pub struct $name($crate::db::RawId);

        impl $name {
            pub const fn from_uuid(uuid: $crate::uuid::Uuid) -> Self {
                Self($crate::db::RawId(uuid))
            }
            pub const fn uuid(&self) -> $crate::uuid::Uuid {
                self.0.0
            }
            pub const fn bytes(&self) -> [u8; 16] {
                *self.0.0.as_bytes()
            }
        }

        impl<DB> $crate::diesel::serialize::ToSql<$crate::db::Id, DB> for $name
        where
            DB: $crate::diesel::backend::Backend,
            $crate::db::RawId: $crate::diesel::serialize::ToSql<$crate::db::Id, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut $crate::diesel::serialize::Output<'b, '_, DB>,
            ) -> $crate::diesel::serialize::Result {
                self.0.to_sql(out)
            }
        }

        impl<DB> $crate::diesel::deserialize::FromSql<$crate::db::Id, DB> for $name
        where
            DB: $crate::diesel::backend::Backend,
            $crate::db::RawId: $crate::diesel::deserialize::FromSql<$crate::db::Id, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> $crate::diesel::deserialize::Result<Self> {
                $crate::db::RawId::from_sql(bytes).map(Self)
            }
        }
    };
}

/// Why no connection could be made. Carries no credentials.
#[derive(Debug)]
pub enum ConnectError {
    /// The address is neither `sqlite:PATH` nor `postgres://…`.
    Address,
    /// The database did not let us in; the text is the driver's.
    Refused(String),
}

impl std::fmt::Display for ConnectError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address => f.write_str("a database address starts with sqlite: or postgres://"),
            Self::Refused(why) => write!(f, "the database refused the connection: {why}"),
        }
    }
}

impl std::error::Error for ConnectError {}

/// Whether an address names the embedded database.
pub fn is_sqlite(address: &str) -> bool {
    address.starts_with("sqlite:")
}

/// Opens a connection with the settings the service relies on.
pub fn connect(address: &str) -> Result<AnyConnection, ConnectError> {
    let refused = |e: &dyn std::fmt::Display| ConnectError::Refused(e.to_string());
    if let Some(path) = address.strip_prefix("sqlite:") {
        let mut c = SqliteConnection::establish(path).map_err(|e| refused(&e))?;
        // busy_timeout first: switching to WAL itself takes a lock another process may hold.
        c.batch_execute(
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON; \
             PRAGMA temp_store = MEMORY;",
        )
        .map_err(|e| refused(&e))?;
        Ok(AnyConnection::Sqlite(c))
    } else if address.starts_with("postgres://") || address.starts_with("postgresql://") {
        let mut c = PgConnection::establish(address).map_err(|e| refused(&e))?;
        c.batch_execute(
            "SET client_min_messages = warning; SET lock_timeout = '10s'; SET statement_timeout = '60s'; \
             SET idle_in_transaction_session_timeout = '60s';",
        )
        .map_err(|e| refused(&e))?;
        Ok(AnyConnection::Postgres(c))
    } else {
        Err(ConnectError::Address)
    }
}

/// A transaction that may write. SQLite takes its write lock at once: a read that turns into a write midway would fail
/// with "database is locked" whatever the busy timeout says.
pub fn write_tx<T, E: From<diesel::result::Error>>(
    connection: &mut AnyConnection,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    match connection {
        AnyConnection::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
        AnyConnection::Postgres(c) => {
            AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL READ COMMITTED")?;
        }
    }
    finish(connection, work)
}

/// One unchanging view of the database for a reader that asks many questions.
pub fn read_tx<T, E: From<diesel::result::Error>>(
    connection: &mut AnyConnection,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    match connection {
        AnyConnection::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED")?,
        AnyConnection::Postgres(c) => {
            let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
            AnsiTransactionManager::begin_transaction_sql(c, begin)?;
        }
    }
    finish(connection, work)
}

fn finish<T, E: From<diesel::result::Error>>(
    connection: &mut AnyConnection,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    type Manager = <AnyConnection as Connection>::TransactionManager;
    match work(&mut *connection) {
        Ok(value) => {
            Manager::commit_transaction(connection)?;
            Ok(value)
        }
        Err(error) => match Manager::rollback_transaction(connection) {
            Ok(()) | Err(diesel::result::Error::BrokenTransactionManager) => Err(error),
            Err(rollback) => Err(rollback.into()),
        },
    }
}
