//! Requests whose enquirer does not agree to be kept, or no longer does: they stand still. Nobody is searched for, nothing is
//! decided and nothing is told until the enquirer agrees; closing is all that is left. Nothing is stored for it: the
//! newest answer says so each time, so that a yes that runs out needs nobody to notice.

use super::conflict::not_stopped;
use crate::consent;
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, PersonId, RequestId, Timestamp};
use crate::requests::model::MoveRefused;
use crate::requests::store::{self, RequestRow};

/// Refuses whatever would bring a request nearer to news: it is stopped for a conflict of interest, or stands still.
///
/// # Errors
/// [`ApiError::Conflict`] that says which; not found, or the database's.
pub fn goes_on(conn: &mut Conn, id: RequestId, now: Timestamp) -> Result<(), DbError> {
    not_stopped(conn, id)?;
    let row = store::by_id(conn, id)?;
    not_standing(conn, &row, now)
}

/// Refuses what a request that stands still may not do.
///
/// # Errors
/// [`ApiError::Conflict`] `enquirer_not_kept`; or the database's.
pub(super) fn not_standing(conn: &mut Conn, row: &RequestRow, now: Timestamp) -> Result<(), DbError> {
    match still_among(conn, &[row.enquirer_id], now)?.is_empty() {
        true => Ok(()),
        false => Err(DbError::Refused(MoveRefused::EnquirerNotKept.into())),
    }
}

/// Refuses to open another society's record to a request that stands still. That society is not told why.
///
/// # Errors
/// [`ApiError::Conflict`] `asked_no_longer`; not found, or the database's.
pub fn still_asks(conn: &mut Conn, id: RequestId, now: Timestamp) -> Result<(), DbError> {
    match stands_still(conn, id, now)? {
        false => Ok(()),
        true => Err(DbError::Refused(ApiError::Conflict(
            "asked_no_longer",
            "the request that asks stands still; nothing is opened for it now",
        ))),
    }
}

/// Whether a request stands still.
///
/// # Errors
/// Not found, or the database's.
pub fn stands_still(conn: &mut Conn, id: RequestId, now: Timestamp) -> Result<bool, DbError> {
    let row = store::by_id(conn, id)?;
    Ok(!still_among(conn, &[row.enquirer_id], now)?.is_empty())
}

/// Those of `enquirers` whose requests stand still.
///
/// # Errors
/// The database's.
pub(super) fn still_among(
    conn: &mut Conn,
    enquirers: &[PersonId],
    now: Timestamp,
) -> Result<Vec<PersonId>, DbError> {
    consent::let_go(conn, enquirers, now)
}
