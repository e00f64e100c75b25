//! The stop for a possible conflict of interest: whoever may be the danger is not helped to find somebody. While a
//! request is flagged nobody is searched for, nothing is decided and nothing is told; a reviewer lets it go on.

use super::change::{held, sought};
use crate::auth::Core;
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, PersonId, RequestId};
use crate::policy::{Class, ClassSet, ClearConflict, May, Permission, RecordConsent, system};
use crate::requests::model::*;
use crate::requests::store::{self, Edit, RequestRow};
use crate::vault::SoughtRelation;
use crate::vault::store::key_of;

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
/// everybody it seeks.
///
/// # Errors
/// Not found, or the database's.
pub fn stop<P: Permission>(tx: &mut Conn, core: &Core, may: &May<P>, id: RequestId) -> Result<(), DbError> {
    let row = store::by_id(tx, id)?;
    if row.conflict == Conflict::None.code() { flag(tx, core, may, &row) } else { Ok(()) }
}

/// Flags the request that seeks somebody of whom something has come up, whatever a reviewer once knew and cleared.
///
/// # Errors
/// The database's.
pub fn stop_search<P: Permission>(
    tx: &mut Conn,
    core: &Core,
    may: &May<P>,
    sought: PersonId,
) -> Result<(), DbError> {
    for (id, _) in store::seeking(tx, sought)? {
        let row = store::by_id(tx, id)?;
        if row.conflict != Conflict::Flagged.code() {
            flag(tx, core, may, &row)?;
        }
    }
    Ok(())
}

/// The leaf does not name the enquirer: that something was found out is not theirs to learn from the report of who
/// opened their file.
fn flag<P: Permission>(tx: &mut Conn, core: &Core, may: &May<P>, row: &RequestRow) -> Result<(), DbError> {
    let now = core.clock.now();
    let edit = Edit { conflict: Some(Conflict::Flagged), ..Edit::default() };
    let digest = store::rewrite(tx, &core.vault, row, edit, now)?;
    let sought = sought(tx, row)?;
    store::note_sought(tx, &sought, now)?;
    let detail = "conflict_flagged";
    core.audit.append(tx, may, |e| e.about_all(sought).on(row.id).detail(detail).digest(digest))?;
    Ok(())
}

/// Whether only family asks for this sought person. What they are to each other is opened by the service itself, since
/// whoever edits or decides need not see it. The log says so.
///
/// # Errors
/// The leaf cannot be written, or a value does not open.
pub async fn sought_by_family(core: &Core, sought: PersonId) -> Result<bool, ApiError> {
    let vault = core.vault.clone();
    let (key, seekers) = core
        .db
        .read(move |conn| Ok::<_, DbError>((key_of(conn, &vault, sought)?, store::seeking(conn, sought)?)))
        .await?;
    let may: May<RecordConsent> = system("conflict")?;
    let identity = ClassSet::of(&[Class::Identity]);
    let receipt = core
        .audit
        .look(&may, |e| e.about(sought).on(sought).opening(identity).detail("relation_suits"))
        .await?;
    for (_, row) in seekers {
        let seat = core.vault.seat(&key, row.id.bytes(), row.version);
        if !is_family(seat.open::<SoughtRelation>(&receipt, &row.relation_sealed)?.expose().0.0) {
            return Ok(false);
        }
    }
    Ok(true)
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
