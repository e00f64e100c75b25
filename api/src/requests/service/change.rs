//! The flow of a tracing request once it is open: assessed, searched, worked on, closed.

use super::ending::{none_waits, state};
use super::standing::not_standing;
use crate::auth::Core;
use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, ActionId, ApiError, Invalid, PersonId, RequestId, Wrong, invalid};
use crate::people;
use crate::policy::{CloseRequest, EditRequest, May, Permission};
use crate::requests::model::*;
use crate::requests::store::{self, Edit, RequestRow};

pub(super) fn assign_all(
    tx: &mut Conn,
    core: &Core,
    request: RequestId,
    everybody: &[PersonId],
    account: AccountId,
) -> Result<(), DbError> {
    let now = core.clock.now();
    people::assign(tx, request.uuid(), account, now)?;
    people::assign_people(tx, everybody, account, now)
}

/// Everybody a request is about: the enquirer first.
pub(in crate::requests) fn everybody(tx: &mut Conn, row: &RequestRow) -> Result<Vec<PersonId>, DbError> {
    let sought = store::sought_people(tx, &[row.id])?;
    Ok(std::iter::once(row.enquirer_id).chain(sought.into_iter().map(|(_, person)| person)).collect())
}

/// Everybody a request seeks.
pub(super) fn sought(tx: &mut Conn, row: &RequestRow) -> Result<Vec<PersonId>, DbError> {
    Ok(store::sought_people(tx, &[row.id])?.into_iter().map(|(_, person)| person).collect())
}

/// Finds a request in the version the caller read.
pub(super) fn held<P: Permission>(
    tx: &mut Conn,
    may: &May<P>,
    id: RequestId,
    version: i64,
) -> Result<RequestRow, DbError> {
    let row = store::find(tx, may, id)?;
    if row.version == version { Ok(row) } else { Err(store::stale()) }
}

/// Moves a request by hand, as far as the table of moves allows.
///
/// # Errors
/// Why not; the enquirer may be kept no longer; not found; stale.
pub async fn advance(
    core: &Core,
    may: May<EditRequest>,
    id: RequestId,
    form: MoveForm,
) -> Result<(), ApiError> {
    let here = core.clone();
    core.db
        .write(move |tx| {
            let row = held(tx, &may, id, form.version)?;
            let from = store::code(RequestState::parse(&row.state))?;
            let conflict = store::code(Conflict::parse(&row.conflict))?;
            may_move(from, form.to, conflict, form.reason.is_some())
                .map_err(|e| DbError::Refused(e.into()))?;
            not_standing(tx, &row, here.clock.now())?;
            step(tx, &here, &may, &row, (from, form.to), form.reason)
        })
        .await?;
    core.changes.wake();
    Ok(())
}

/// One move by hand: the leaf names everybody the request is about.
fn step<P: Permission>(
    tx: &mut Conn,
    core: &Core,
    may: &May<P>,
    row: &RequestRow,
    course: (RequestState, RequestState),
    reason: Option<MoveReason>,
) -> Result<(), DbError> {
    let people = everybody(tx, row)?;
    step_naming(tx, core, may, row, course, reason, people)
}

/// One move: the row, its history, its leaf, and word to the index, since the state says who is searched for.
fn step_naming<P: Permission>(
    tx: &mut Conn,
    core: &Core,
    may: &May<P>,
    row: &RequestRow,
    (from, to): (RequestState, RequestState),
    reason: Option<MoveReason>,
    named: Vec<PersonId>,
) -> Result<(), DbError> {
    let edit = Edit { state: Some(to), ..Edit::default() };
    let digest = store::rewrite(tx, &core.vault, row, edit, core.clock.now())?;
    store::note_step(tx, core, row.id, (from, to), reason, may.account())?;
    if from.is_searched() != to.is_searched() {
        let sought = sought(tx, row)?;
        store::note_sought(tx, &sought, core.clock.now())?;
    }
    let detail = to.code();
    core.audit.append(tx, may, |e| e.about_all(named).on(row.id).detail(detail).digest(digest))?;
    Ok(())
}

/// Moves a request along because of a decision about a candidate: forward through as many states as the decision
/// implies, or back to searching when it is undone. A request that stands elsewhere stays where it is. The leaf does not
/// name the enquirer: what was found is not theirs to learn from the report of who opened their file.
///
/// # Errors
/// The database's.
pub fn follow_decision<P: Permission>(
    tx: &mut Conn,
    core: &Core,
    may: &May<P>,
    request: RequestId,
    to: RequestState,
) -> Result<(), DbError> {
    const COURSE: [RequestState; 4] = [
        RequestState::Searching,
        RequestState::CandidateFound,
        RequestState::Verifying,
        RequestState::Located,
    ];
    let mut row = store::by_id(tx, request)?;
    let from = store::code(RequestState::parse(&row.state))?;
    let sought = sought(tx, &row)?;
    let place = |state| COURSE.iter().position(|s| *s == state);
    if to == RequestState::Searching {
        let goes_back = from.next().contains(&to) && from != RequestState::Accepted;
        if goes_back && from != RequestState::Reopened {
            let reason = Some(MoveReason::DecisionUndone);
            step_naming(tx, core, may, &row, (from, to), reason, sought)?;
        }
        return Ok(());
    }
    let (Some(now), Some(end)) = (place(from), place(to)) else { return Ok(()) };
    for pair in COURSE.windows(2).skip(now).take(end.saturating_sub(now)) {
        let [before, after] = pair else { continue };
        step_naming(tx, core, may, &row, (*before, *after), None, sought.clone())?;
        row = store::by_id(tx, request)?;
    }
    Ok(())
}

/// Closes a request: the true outcome for the file, and what the enquirer hears, kept apart. A death or a detention
/// closes nothing yet: it waits for a second person.
///
/// # Errors
/// The two do not go together; a source is missing, how sure it is, whom it is about, or the release that it rests on; it
/// would tell an enquirer who may be kept no longer; one waits already; the state does not allow it; not found; stale.
pub async fn close(
    core: &Core,
    may: May<CloseRequest>,
    id: RequestId,
    form: CloseForm,
) -> Result<(), ApiError> {
    let here = core.clone();
    core.db
        .write(move |tx| {
            let row = held(tx, &may, id, form.version)?;
            let ending = Ending::parse(form, &super::sought_ids(tx, id)?).map_err(DbError::Refused)?;
            let from = store::code(RequestState::parse(&row.state))?;
            if !from.next().contains(&RequestState::Closed) {
                return Err(DbError::Refused(MoveRefused::NotNext.into()));
            }
            none_waits(tx, id)?;
            if ending.tells() {
                not_standing(tx, &row, here.clock.now())?;
            }
            match ending {
                Ending::ByTwo(stated) => state(tx, &here, &may, &row, stated),
                Ending::Now { outcome, told } => end(tx, &here, &may, &row, from, (outcome, told)),
            }
        })
        .await?;
    core.changes.wake();
    Ok(())
}

/// The end itself. The leaf does not name the enquirer: a search that goes on, for all they hear, is not closed in the
/// report of who opened their file.
pub(super) fn end<P: Permission>(
    tx: &mut Conn,
    core: &Core,
    may: &May<P>,
    row: &RequestRow,
    from: RequestState,
    (outcome, told): (Closing, Closing),
) -> Result<(), DbError> {
    let now = core.clock.now();
    let edit = Edit {
        state: Some(RequestState::Closed),
        outcome: Some(outcome),
        told: Some(told),
        next_contact_due: Some(None),
        ..Edit::default()
    };
    let digest = store::rewrite(tx, &core.vault, row, edit, now)?;
    store::note_step(tx, core, row.id, (from, RequestState::Closed), None, may.account())?;
    let sought = sought(tx, row)?;
    store::note_sought(tx, &sought, now)?;
    core.audit.append(tx, may, |e| e.about_all(sought).on(row.id).detail("closed").digest(digest))?;
    Ok(())
}

/// Writes down something that was done.
///
/// # Errors
/// What is wrong with the input; not found.
pub async fn act(
    core: &Core,
    may: May<EditRequest>,
    id: RequestId,
    form: ActionForm,
) -> Result<ActionId, ApiError> {
    if !form.kind.is_for_people() {
        return Err(invalid("kind", Wrong::NotYours.says("is noted by the service itself when it happens")));
    }
    let mut problems = Invalid::default();
    let note = text(&mut problems, "note", form.note.as_deref(), 2000);
    let due = form.next_contact_due.as_deref().filter(|text| !text.is_empty());
    let due = problems.take(due.map(|text| day("next_contact_due", text)).transpose()).flatten();
    problems.ok()?;
    let here = core.clone();
    core.db
        .write(move |tx| {
            let row = store::find(tx, &may, id)?;
            let action = store::insert_action(tx, &here, &row, form.kind, form.result, &note, may.account())?;
            if let Some(due) = due {
                let edit = Edit { next_contact_due: Some(Some(due.to_string())), ..Edit::default() };
                store::rewrite(tx, &here.vault, &row, edit, here.clock.now())?;
            }
            let detail = form.kind.code();
            here.audit.append(tx, &may, |e| e.about(row.enquirer_id).on(id).detail(detail))?;
            Ok::<_, DbError>(action)
        })
        .await
}

/// Puts the circulation list anew. Candidates with people of a society that is now blocked are withdrawn by the index.
///
/// # Errors
/// What is wrong with the list; not found; stale.
pub async fn circulate(
    core: &Core,
    may: May<EditRequest>,
    id: RequestId,
    form: CirculationForm,
) -> Result<(), ApiError> {
    let list = Circulation::parse(form.circulation)?;
    let here = core.clone();
    core.db
        .write(move |tx| {
            let row = held(tx, &may, id, form.version)?;
            store::rewrite(tx, &here.vault, &row, Edit::default(), here.clock.now())?;
            store::replace_circulation(tx, id, &list)?;
            let people = everybody(tx, &row)?;
            store::note_sought(tx, people.get(1..).unwrap_or_default(), here.clock.now())?;
            here.audit.append(tx, &may, |e| e.about_all(people).on(id).detail("circulation"))?;
            Ok::<_, DbError>(())
        })
        .await?;
    core.changes.wake();
    Ok(())
}
