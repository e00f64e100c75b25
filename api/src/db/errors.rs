//! What a database call can end in, before it is told to anybody.

use diesel::result::{DatabaseErrorKind, Error};

use crate::kernel::ApiError;

/// A failed call. The driver's text may quote values, so it is kept out of `Display` and of every log.
#[derive(Debug)]
pub enum DbError {
    /// The work itself refused, and the transaction was rolled back.
    Refused(ApiError),
    NotFound,
    /// A unique key is taken.
    Taken,
    /// A row that this one points to does not exist.
    Dangling,
    /// The database is busy, away or full: nothing was done.
    Unavailable,
    /// Something a developer must look at; the word says where it came from.
    Broken(&'static str),
}

impl From<ApiError> for DbError {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

impl From<Error> for DbError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::Taken,
            Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => Self::Dangling,
            Error::DatabaseError(DatabaseErrorKind::ClosedConnection, _)
            | Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _)
            | Error::DatabaseError(DatabaseErrorKind::UnableToSendCommand, _)
            | Error::BrokenTransactionManager
            | Error::RollbackErrorOnCommit { .. } => Self::Unavailable,
            // SQLite reports a lock it did not get, a full disk and a read-only file as "unknown"; so does PostgreSQL
            // two transactions that waited for each other, and a wait that was too long.
            Error::DatabaseError(DatabaseErrorKind::Unknown, about) => {
                let text = about.message();
                let away = [
                    "locked",
                    "full",
                    "readonly",
                    "disk I/O",
                    "unable to open",
                    "terminating",
                    "shutdown",
                    "deadlock",
                    "timeout",
                ]
                .iter()
                .any(|word| text.contains(word));
                if away { Self::Unavailable } else { Self::Broken("statement") }
            }
            Error::DeserializationError(_) => Self::Broken("row"),
            Error::SerializationError(_) => Self::Broken("value"),
            _ => Self::Broken("database"),
        }
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Refused(refusal) => refusal,
            DbError::NotFound => Self::NotFound,
            DbError::Taken => Self::Conflict("already_exists", "a record with this key already exists"),
            DbError::Dangling => Self::NotFound,
            DbError::Unavailable => Self::Unavailable,
            DbError::Broken(at) => {
                tracing::error!(at, "a database call failed in a way that should not happen");
                Self::Unavailable
            }
        }
    }
}
