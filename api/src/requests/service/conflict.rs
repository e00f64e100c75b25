//! The stop for a possible conflict of interest: whoever may be the danger is not helped to find somebody. While a
//! request is flagged nobody is searched for, nothing is decided and nothing is told; a reviewer lets it go on.

use super::change::{held, sought};
use crate::auth::Core;
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, RequestId};
use crate::policy::{ClearConflict, May, Permission};
use crate::requests::model::*;
use crate::requests::store::{self, Edit};

/// Refuses what a flagged request may not do.
///
/// # Errors
/// [`ApiError::Conflict`] `conflict_of_interest`; not found, or the database's.
pub fn not_stopped(conn: &mut Conn, id: RequestId) -> Result<(), DbError> {
    match Conflict::parse(&store::by_id(conn, id)?.conflict) {
        Some(Conflict::None | Conflict::Cleared) => Ok(()),
        Some(Conflict::Flagged) => Err(DbError::Refused(MoveRefused::Conflict.into())),
        None => Err(DbError::Broken("request code")),
    }
}

/// Flags a request because of what a record says, unless a reviewer has looked at it already. The index lets go of
/// everybody it seeks. The leaf does not name the enquirer: that something was found out is not theirs to learn from the
/// report of who opened their file.
///
/// # Errors
/// Not found, or the database's.
pub fn stop<P: Permission>(tx: &mut Conn, core: &Core, may: &May<P>, id: RequestId) -> Result<(), DbError> {
    let row = store::by_id(tx, id)?;
    if row.conflict != Conflict::None.code() {
        return Ok(());
    }
    let now = core.clock.now();
    let edit = Edit { conflict: Some(Conflict::Flagged), ..Edit::default() };
    let digest = store::rewrite(tx, &core.vault, &row, edit, now)?;
    let sought = sought(tx, &row)?;
    store::note_sought(tx, &sought, now)?;
    core.audit.append(tx, may, |e| e.about_all(sought).on(id).detail("conflict_flagged").digest(digest))?;
    Ok(())
}

/// A reviewer lets a flagged request go on.
///
/// # Errors
/// Not flagged; the reviewer opened it; not found; stale.
pub async fn clear_conflict(
    core: &Core,
    may: May<ClearConflict>,
    id: RequestId,
    version: i64,
) -> Result<(), ApiError> {
    let here = core.clone();
    core.db
        .write(move |tx| {
            let row = held(tx, &may, id, version)?;
            if row.conflict != Conflict::Flagged.code() {
                let refused =
                    ApiError::Conflict("not_flagged", "no conflict of interest is suspected on this request");
                return Err(DbError::Refused(refused));
            }
            if row.created_by.is_some() && row.created_by == may.account() {
                let refused = ApiError::Conflict("second_person", "somebody else must look at this request");
                return Err(DbError::Refused(refused));
            }
            let now = here.clock.now();
            let edit = Edit { conflict: Some(Conflict::Cleared), ..Edit::default() };
            store::rewrite(tx, &here.vault, &row, edit, now)?;
            let sought = sought(tx, &row)?;
            store::note_sought(tx, &sought, now)?;
            here.audit.append(tx, &may, |e| e.about_all(sought).on(id).detail("conflict_cleared"))?;
            Ok(())
        })
        .await?;
    core.changes.wake();
    Ok(())
}
