//! Asking the society that met somebody to show more than a reference, and its answer.

use super::decide::one_place;
use crate::auth::Core;
use crate::consent::{self, ConsentKind};
use crate::db::DbError;
use crate::kernel::{ApiError, CandidateId};
use crate::matches::model::*;
use crate::matches::store::{self, CandidateRow};
use crate::matches::view::AskedView;
use crate::policy::{AskAccess, GrantAccess, May};
use crate::requests;

/// Asks. The other society learns that the request exists, so the circulation list must allow it.
///
/// # Errors
/// Nothing to ask for; the list does not allow it; a possible conflict of interest, or an enquirer who may be kept no
/// longer; not found; stale.
pub async fn ask(core: &Core, may: May<AskAccess>, id: CandidateId, version: i64) -> Result<(), ApiError> {
    let here = core.clone();
    core.db
        .write(move |tx| {
            let row = held(store::find(tx, &may, id)?, version)?;
            if !matches!(Access::parse(&row.access), Some(Access::Reduced | Access::Refused)) {
                let refused = "there is nothing to ask for: the record is open to you, or you have asked";
                return Err(DbError::Refused(ApiError::Conflict("access_not_needed", refused)));
            }
            let place = one_place(tx, &row)?;
            requests::goes_on(tx, place.request, here.clock.now())?;
            if !requests::may_circulate(tx, place.request, row.found_society_id)? {
                return Err(DbError::Refused(ApiError::Conflict(
                    "circulation_needed",
                    "the circulation list of the request does not allow this society to learn of it",
                )));
            }
            store::set_access(tx, &row, Access::Asked, here.clock.now())?;
            here.audit.append(tx, &may, |e| {
                e.about(place.sought_person).about(row.found_id).on(id).detail("access_asked")
            })?;
            Ok(())
        })
        .await
}

/// Answers for the society that met the person.
///
/// # Errors
/// Nobody asked; the person met does not agree to it; the request that asks stands still; not found; stale.
pub async fn answer(
    core: &Core,
    may: May<GrantAccess>,
    id: CandidateId,
    form: AccessForm,
) -> Result<(), ApiError> {
    let society = may.society().ok_or(ApiError::Forbidden)?;
    let here = core.clone();
    core.db
        .write(move |tx| {
            let row =
                store::asked_of(tx, society, may.account(), Some(id))?.pop().ok_or(DbError::NotFound)?;
            let row = held(row, form.version)?;
            let agreed =
                consent::allowed(tx, row.found_id, ConsentKind::ShareWithinNetwork, here.clock.now())?;
            if form.grant && !agreed {
                let refused = "the person has not agreed, or agrees no longer, to be found from elsewhere";
                return Err(DbError::Refused(ApiError::Conflict("not_agreed", refused)));
            }
            if form.grant {
                let place = one_place(tx, &row)?;
                requests::still_asks(tx, place.request, here.clock.now())?;
            }
            let (access, detail) = match form.grant {
                true => (Access::Granted, "access_granted"),
                false => (Access::Refused, "access_refused"),
            };
            store::set_access(tx, &row, access, here.clock.now())?;
            here.audit.append(tx, &may, |e| e.about(row.found_id).on(id).detail(detail))?;
            Ok::<_, DbError>(())
        })
        .await
}

/// Who asks to see more of people this society met.
///
/// # Errors
/// The audit log or the database is away.
pub async fn asked(core: &Core, may: May<GrantAccess>) -> Result<Vec<AskedView>, ApiError> {
    let society = may.society().ok_or(ApiError::Forbidden)?;
    let account = may.account();
    let (rows, names, references) = core
        .db
        .read(move |conn| {
            let rows = store::asked_of(conn, society, account, None)?;
            let sought: Vec<_> = rows.iter().map(|row| row.sought_id).collect();
            let places = store::places(conn, &sought)?;
            let requests: Vec<_> = places.iter().map(|place| place.request).collect();
            let names = store::request_references(conn, &requests)?;
            let found: Vec<_> = rows.iter().map(|row| row.found_id).collect();
            let references = store::references(conn, &found)?;
            let societies = store::society_names(conn)?;
            let rows: Vec<_> = rows
                .into_iter()
                .filter_map(|row| {
                    let place = places.iter().find(|place| place.sought == row.sought_id)?;
                    let asking = societies.iter().find(|(id, _)| *id == row.request_society_id)?;
                    Some((row, place.request, asking.1.clone()))
                })
                .collect();
            Ok::<_, DbError>((rows, names, references))
        })
        .await?;
    let subjects: Vec<_> = rows.iter().map(|(row, ..)| row.found_id).collect();
    core.audit.look(&may, |e| e.about_all(subjects).detail("access_asked_list")).await?;
    let view = |(row, request, asking_society): (CandidateRow, _, String)| {
        let request_reference = names.iter().find(|(id, _)| *id == request)?.1.clone();
        let reference = references.iter().find(|(id, ..)| *id == row.found_id)?.1.clone();
        let band = BandCode::parse(&row.band)?;
        Some(AskedView {
            id: row.id,
            request_reference,
            asking_society,
            reference,
            person: row.found_id,
            band,
            version: row.version,
        })
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

fn held(row: CandidateRow, version: i64) -> Result<CandidateRow, DbError> {
    if row.version == version {
        Ok(row)
    } else {
        let stale = "the record has changed since you read it; read it again";
        Err(DbError::Refused(ApiError::Conflict("stale", stale)))
    }
}
