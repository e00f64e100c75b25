//! Writing requests. A row is always rewritten whole: each sealed column belongs to the row's version.

use diesel::prelude::*;
use migrations::schema::{
    candidates, request_actions, request_circulation, request_states, sought_persons, tracing_requests,
};

use super::{RequestRow, SoughtRow};
use crate::auth::Core;
use crate::db::{ChangeKind, Conn, DbError, insert_rows, note_changes};
use crate::kernel::{AccountId, ActionId, ApiError, PersonId, RequestId, Timestamp};
use crate::requests::model::*;
use crate::vault::*;

/// Marks whether a sought person is still looked for. The sealed columns move to the next version with the row.
///
/// # Errors
/// The row has moved on; or the database's or the vault's.
pub fn set_sought_state(
    tx: &mut Conn,
    vault: &Vault,
    row: &SoughtRow,
    to: SoughtState,
) -> Result<(), DbError> {
    let key = store::key_of(tx, vault, row.person_id)?;
    let seat = vault.seat(&key, row.id.bytes(), row.version);
    let next = row.version + 1;
    let refused = |e: VaultError| DbError::Refused(e.into());
    let changed = diesel::update(sought_persons::table)
        .filter(sought_persons::id.eq(row.id).and(sought_persons::version.eq(row.version)))
        .set((
            sought_persons::state.eq(to.code()),
            sought_persons::version.eq(next),
            sought_persons::relation_sealed.eq(seat.carry(&row.relation_sealed, next).map_err(refused)?),
            sought_persons::last_contact_sealed
                .eq(seat.carry(&row.last_contact_sealed, next).map_err(refused)?),
            sought_persons::last_place_sealed
                .eq(seat.carry(&row.last_place_sealed, next).map_err(refused)?),
            sought_persons::journey_sealed.eq(seat.carry(&row.journey_sealed, next).map_err(refused)?),
        ))
        .execute(tx)?;
    if changed == 1 { Ok(()) } else { Err(stale()) }
}

/// What changes in a request's row; what is `None` is carried over.
#[derive(Default)]
pub struct Edit {
    pub state: Option<RequestState>,
    pub conflict: Option<Conflict>,
    pub next_contact_due: Option<Option<String>>,
    pub safe_contact: Option<SafeContact>,
    pub circumstances: Option<Circumstances>,
    pub outcome: Option<Closing>,
    pub told: Option<Closing>,
}

/// Writes the row's next version. A digest of its ciphertexts goes to the audit leaf.
///
/// # Errors
/// [`ApiError::Conflict`] `stale` when the row has moved on; or the database's or the vault's.
pub fn rewrite(
    tx: &mut Conn,
    vault: &Vault,
    row: &RequestRow,
    edit: Edit,
    now: Timestamp,
) -> Result<[u8; 32], DbError> {
    let key = store::key_of(tx, vault, row.enquirer_id)?;
    let next = row.version + 1;
    let old = vault.seat(&key, row.id.bytes(), row.version);
    let new = vault.seat(&key, row.id.bytes(), next);
    let refused = |e: VaultError| DbError::Refused(e.into());
    let safe_contact = match edit.safe_contact {
        Some(value) => new.seal::<RequestSafeContact>(&Json(value)),
        None => old.carry(&row.safe_contact_sealed, next).map_err(refused)?,
    };
    let circumstances = match edit.circumstances {
        Some(value) => new.seal::<RequestCircumstances>(&Json(value)),
        None => old.carry(&row.circumstances_sealed, next).map_err(refused)?,
    };
    let outcome = match edit.outcome {
        Some(value) => new.seal::<RequestOutcome>(&Json(value)),
        None => old.carry(&row.outcome_sealed, next).map_err(refused)?,
    };
    let told = match edit.told {
        Some(value) => new.seal::<RequestTold>(&Json(value)),
        None => old.carry(&row.told_sealed, next).map_err(refused)?,
    };
    let state = edit.state.map_or(row.state.clone(), |state| state.code().to_owned());
    let conflict = edit.conflict.map_or(row.conflict.clone(), |conflict| conflict.code().to_owned());
    let digest =
        crypto::derive::sha256(&[safe_contact.bytes(), circumstances.bytes(), outcome.bytes(), told.bytes()]);
    let changed = diesel::update(tracing_requests::table)
        .filter(tracing_requests::id.eq(row.id).and(tracing_requests::version.eq(row.version)))
        .set((
            tracing_requests::state.eq(state),
            tracing_requests::conflict.eq(conflict),
            tracing_requests::next_contact_due
                .eq(edit.next_contact_due.unwrap_or_else(|| row.next_contact_due.clone())),
            tracing_requests::updated_at.eq(now.micros()),
            tracing_requests::version.eq(next),
            tracing_requests::safe_contact_sealed.eq(safe_contact),
            tracing_requests::circumstances_sealed.eq(circumstances),
            tracing_requests::outcome_sealed.eq(outcome),
            tracing_requests::told_sealed.eq(told),
        ))
        .execute(tx)?;
    if changed == 1 { Ok(digest) } else { Err(stale()) }
}

/// Has requests stand still until the transaction ends, so that what is read about their candidates is still so when
/// their state follows from it. Whoever changes a request and its candidates takes the request first, then the
/// candidates, then the head of the log: in another order two deeds could wait for each other. SQLite has one writer at a
/// time anyway.
///
/// # Errors
/// The database's.
pub fn hold(tx: &mut Conn, ids: &[RequestId]) -> Result<(), DbError> {
    if let Conn::Postgres(conn) = tx {
        let rows = tracing_requests::table.filter(tracing_requests::id.eq_any(ids.to_vec()));
        let rows = rows.order(tracing_requests::id).select(tracing_requests::id);
        rows.for_update().load::<RequestId>(conn)?;
    }
    Ok(())
}

/// The same for every request that has to do with one of these people: theirs, seeking them, or with a candidate in whom
/// they were found. For deeds that begin with a person and end with requests: whoever takes people and requests takes
/// requests first.
///
/// # Errors
/// The database's.
pub fn hold_about(tx: &mut Conn, people: &[PersonId]) -> Result<(), DbError> {
    if !matches!(tx, Conn::Postgres(_)) {
        return Ok(());
    }
    let found = candidates::table
        .inner_join(sought_persons::table)
        .filter(candidates::found_id.eq_any(people.to_vec()))
        .select(sought_persons::request_id);
    let sought = sought_persons::table
        .filter(sought_persons::person_id.eq_any(people.to_vec()))
        .select(sought_persons::request_id);
    let ids: Vec<RequestId> = tracing_requests::table
        .filter(
            tracing_requests::enquirer_id
                .eq_any(people.to_vec())
                .or(tracing_requests::id.eq_any(sought))
                .or(tracing_requests::id.eq_any(found)),
        )
        .select(tracing_requests::id)
        .load(tx)?;
    hold(tx, &ids)
}

/// One move in the history of a request.
#[derive(Insertable)]
#[diesel(table_name = request_states, treat_none_as_default_value = false)]
pub(super) struct StepEntry {
    id: ActionId,
    request_id: RequestId,
    from_state: &'static str,
    to_state: &'static str,
    reason: Option<&'static str>,
    at: i64,
    by_account: Option<AccountId>,
}

impl StepEntry {
    pub(super) fn new(
        core: &Core,
        request: RequestId,
        (from, to): (RequestState, RequestState),
        reason: Option<MoveReason>,
        by: Option<AccountId>,
        at: Timestamp,
    ) -> Self {
        Self {
            id: ActionId::new(core.clock.as_ref(), &core.chance),
            request_id: request,
            from_state: from.code(),
            to_state: to.code(),
            reason: reason.map(MoveReason::code),
            at: at.micros(),
            by_account: by,
        }
    }
}

/// Writes a move into the history.
///
/// # Errors
/// The database's.
pub fn note_step(
    tx: &mut Conn,
    core: &Core,
    request: RequestId,
    step: (RequestState, RequestState),
    reason: Option<MoveReason>,
    by: Option<AccountId>,
) -> Result<(), DbError> {
    let entry = StepEntry::new(core, request, step, reason, by, core.clock.now());
    diesel::insert_into(request_states::table).values(&entry).execute(tx)?;
    Ok(())
}

/// Writes something that was done, its note sealed under the enquirer's key.
///
/// # Errors
/// The database's or the vault's.
pub fn insert_action(
    tx: &mut Conn,
    core: &Core,
    row: &RequestRow,
    kind: ActionKind,
    result: ActionResult,
    note: &Option<String>,
    by: Option<AccountId>,
) -> Result<ActionId, DbError> {
    let id = ActionId::new(core.clock.as_ref(), &core.chance);
    let key = store::key_of(tx, &core.vault, row.enquirer_id)?;
    let seat = core.vault.seat(&key, id.bytes(), 1);
    diesel::insert_into(request_actions::table)
        .values((
            request_actions::id.eq(id),
            request_actions::request_id.eq(row.id),
            request_actions::kind.eq(kind.code()),
            request_actions::result.eq(result.code()),
            request_actions::at.eq(core.clock.now().micros()),
            request_actions::by_account.eq(by),
            request_actions::version.eq(1),
            request_actions::note_sealed.eq(seat.seal::<ActionNote>(note)),
        ))
        .execute(tx)?;
    Ok(id)
}

/// One line of a circulation list.
#[derive(Insertable)]
#[diesel(table_name = request_circulation, treat_none_as_default_value = false)]
pub(super) struct CirculationEntry {
    request_id: RequestId,
    recipient_kind: &'static str,
    recipient: String,
    rule: &'static str,
}

impl CirculationEntry {
    pub(super) fn all_of(id: RequestId, list: &Circulation) -> Vec<Self> {
        let entry = |entry: &Entry| Self {
            request_id: id,
            recipient_kind: entry.kind.code(),
            recipient: entry.recipient.clone(),
            rule: entry.rule.code(),
        };
        list.0.iter().map(entry).collect()
    }
}

/// Puts the whole list anew.
///
/// # Errors
/// The database's.
pub fn replace_circulation(tx: &mut Conn, id: RequestId, list: &Circulation) -> Result<(), DbError> {
    diesel::delete(request_circulation::table.filter(request_circulation::request_id.eq(id))).execute(tx)?;
    let entries = CirculationEntry::all_of(id, list);
    insert_rows!(tx, request_circulation::table, entries.iter().collect::<Vec<_>>());
    Ok(())
}

/// Tells the match index that the sought persons of a request, or whether they are sought at all, may have changed.
///
/// # Errors
/// The database's.
pub fn note_sought(tx: &mut Conn, people: &[PersonId], now: Timestamp) -> Result<(), DbError> {
    let people: Vec<_> = people.iter().map(PersonId::uuid).collect();
    note_changes(tx, ChangeKind::Sought, &people, now)
}

/// The row has moved on since it was read.
pub fn stale() -> DbError {
    DbError::Refused(ApiError::Conflict("stale", "the record has changed since you read it; read it again"))
}
