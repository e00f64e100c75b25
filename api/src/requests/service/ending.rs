//! The second person's part in a death or a detention: until somebody else confirms what was stated, the
//! request stands where it stood and the enquirer hears that the search continues. No leaf of these deeds names the
//! enquirer, so that the report of who opened their file does not tell that somebody was found.

use super::change::{end, held, sought};
use super::conflict::not_stopped;
use super::standing::not_standing;
use crate::auth::Core;
use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, ApiError, RequestId, Timestamp, Wrong, clean, invalid};
use crate::matches;
use crate::policy::{CloseRequest, ConfirmEnding, May, Permission, ReadRequest};
use crate::requests::model::*;
use crate::requests::store::{self, Edit, EndingRow, RequestRow};
use crate::vault::store::key_of;

/// Writes down what somebody states about the end, for somebody else to confirm.
pub(super) fn state(
    tx: &mut Conn,
    core: &Core,
    may: &May<CloseRequest>,
    row: &RequestRow,
    stated: Stated,
) -> Result<(), DbError> {
    let by = may.account().ok_or(DbError::Refused(ApiError::Forbidden))?;
    let now = core.clock.now();
    may_be_told(tx, may, row.id, &stated, now)?;
    // The version moves on: whoever read the request before has not seen what waits.
    store::rewrite(tx, &core.vault, row, Edit::default(), now)?;
    let note = Some(stated.outcome.note.clone()).filter(|note| !note.is_empty());
    let (kind, result) = (ActionKind::EndingStated, ActionResult::Pending);
    let id = store::insert_action(tx, core, row, kind, result, &note, Some(by))?;
    let digest = store::insert_ending(tx, core, row, id, stated, by)?;
    let sought = sought(tx, row)?;
    core.audit.append(tx, may, |e| e.about_all(sought).on(row.id).detail("ending_stated").digest(digest))?;
    Ok(())
}

/// Refuses another end while one waits.
pub(super) fn none_waits(conn: &mut Conn, id: RequestId) -> Result<(), DbError> {
    match store::waiting_ending(conn, id)? {
        None => Ok(()),
        Some(_) => {
            let waits = "what was stated about the end waits for a reviewer; they confirm it or send it back";
            Err(DbError::Refused(ApiError::Conflict("ending_waits", waits)))
        }
    }
}

/// Somebody other than whoever stated it.
struct SecondPerson(AccountId);

impl SecondPerson {
    fn judging(may: &May<ConfirmEnding>, ending: &EndingRow) -> Result<Self, DbError> {
        match may.account() {
            Some(account) if account != ending.stated_by => Ok(Self(account)),
            _ => {
                let refused = "somebody other than who stated it must look at this";
                Err(DbError::Refused(ApiError::Conflict("second_person", refused)))
            }
        }
    }
}

/// The request in the version that was read, and what waits in it for this second person.
fn judged(
    conn: &mut Conn,
    may: &May<ConfirmEnding>,
    id: RequestId,
    version: i64,
) -> Result<(RequestRow, EndingRow, SecondPerson), DbError> {
    let row = held(conn, may, id, version)?;
    let Some(ending) = store::waiting_ending(conn, id)? else {
        let refused = "nothing that was stated about the end waits for a second person";
        return Err(DbError::Refused(ApiError::Conflict("no_ending_waits", refused)));
    };
    let second = SecondPerson::judging(may, &ending)?;
    Ok((row, ending, second))
}

/// What a release carries is told only while that release stands, of whom it is about.
fn may_be_told<P: Permission>(
    conn: &mut Conn,
    may: &May<P>,
    id: RequestId,
    stated: &Stated,
    now: Timestamp,
) -> Result<(), DbError> {
    let Some(kind) = stated.rests_on() else { return Ok(()) };
    let of_them = |news: &News| news.kind == kind && stated.about == Some(news.sought);
    if matches::released(conn, id, may.account(), now)?.iter().any(of_them) {
        return Ok(());
    }
    let refused = "whom it is about has not agreed to have this told, or it was not released";
    Err(DbError::Refused(ApiError::Conflict("not_agreed", refused)))
}

fn closable(row: &RequestRow) -> Result<RequestState, DbError> {
    let from = store::code(RequestState::parse(&row.state))?;
    match from.next().contains(&RequestState::Closed) {
        true => Ok(from),
        false => Err(DbError::Refused(MoveRefused::NotNext.into())),
    }
}

/// A second person confirms: the request is closed, and from now on the enquirer hears what was chosen for them. Opening
/// what was stated is an ordinary look at the file, and the log calls it that.
///
/// # Errors
/// The caller stated it; nothing waits; the release it rests on does not stand; it would tell an enquirer who may be kept no
/// longer; the request is stopped, or cannot be closed from its state; not found; stale.
pub async fn confirm_ending(
    core: &Core,
    may: May<ConfirmEnding>,
    reading: May<ReadRequest>,
    id: RequestId,
    version: i64,
) -> Result<(), ApiError> {
    let (asked, here) = (may.clone(), core.clone());
    let (row, ending, key, sought) = core
        .db
        .read(move |conn| {
            let (row, ending, _) = judged(conn, &asked, id, version)?;
            not_stopped(conn, id)?;
            closable(&row)?;
            let key = key_of(conn, &here.vault, row.enquirer_id)?;
            let sought = sought(conn, &row)?;
            Ok::<_, DbError>((row, ending, key, sought))
        })
        .await?;
    let subjects = std::iter::once(row.enquirer_id).chain(sought);
    let look =
        |e: crate::audit::Event| e.about_all(subjects).on(id).opening(reading.classes()).detail("read");
    let receipt = core.audit.look(&reading, look).await?;
    let seat = core.vault.seat(&key, ending.id.bytes(), ending.version);
    let stated = seat.open(&receipt, &ending.stated_sealed)?.expose().0.clone();
    let (here, read) = (core.clone(), ending.id);
    core.db
        .write(move |tx| {
            store::hold(tx, &[id])?;
            let (row, ending, SecondPerson(second)) = judged(tx, &may, id, version)?;
            if ending.id != read {
                return Err(store::stale());
            }
            not_stopped(tx, id)?;
            let from = closable(&row)?;
            if stated.tells() {
                not_standing(tx, &row, here.clock.now())?;
            }
            may_be_told(tx, &may, id, &stated, here.clock.now())?;
            store::decide_ending(tx, &here, ending.id, EndingState::Confirmed, second)?;
            let (kind, result) = (ActionKind::EndingConfirmed, ActionResult::Successful);
            store::insert_action(tx, &here, &row, kind, result, &None, Some(second))?;
            end(tx, &here, &may, &row, from, (stated.outcome, stated.told))
        })
        .await?;
    core.changes.wake();
    Ok(())
}

/// A second person does not agree: the request goes on, and whoever works on it reads why.
///
/// # Errors
/// The caller stated it; nothing waits; no reason; not found; stale.
pub async fn send_ending_back(
    core: &Core,
    may: May<ConfirmEnding>,
    id: RequestId,
    form: SendBackForm,
) -> Result<(), ApiError> {
    let reason = clean("reason", &form.reason, 1000)?;
    if reason.is_none() {
        return Err(invalid("reason", Wrong::Missing.says("is missing; say why it goes back")));
    }
    let here = core.clone();
    core.db
        .write(move |tx| {
            store::hold(tx, &[id])?;
            let (row, ending, SecondPerson(second)) = judged(tx, &may, id, form.version)?;
            store::decide_ending(tx, &here, ending.id, EndingState::SentBack, second)?;
            let (kind, result) = (ActionKind::EndingSentBack, ActionResult::Unsuccessful);
            store::insert_action(tx, &here, &row, kind, result, &reason, Some(second))?;
            let digest = store::rewrite(tx, &here.vault, &row, Edit::default(), here.clock.now())?;
            let sought = sought(tx, &row)?;
            here.audit
                .append(tx, &may, |e| e.about_all(sought).on(id).detail("ending_sent_back").digest(digest))?;
            Ok::<_, DbError>(())
        })
        .await
}
