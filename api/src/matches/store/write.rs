//! Writing candidates: what matching finds, what people decide, what the service withdraws.

use std::collections::BTreeMap;

use diesel::prelude::*;

use migrations::schema::{candidate_events, candidates, releases, sought_persons};

use super::CandidateRow;
use crate::auth::Core;
use crate::db::{Conn, DbError, on_backend};
use crate::kernel::{
    AccountId, ActionId, ApiError, CandidateId, ConsentId, PersonId, RequestId, SoughtId, Timestamp,
};
use crate::matches::model::*;
use crate::requests::Released;
use crate::vault::{CandidateNote, Sealed};

/// What matching says about a pair now.
#[derive(Clone, Debug)]
pub struct Pair {
    pub sought: Sought,
    pub met: Met,
    pub score: matcher::Score,
    pub cause: Cause,
}

impl Pair {
    fn evidence(&self) -> (i64, i64, f64) {
        (self.sought.version, self.met.version, f64::from(self.score.weight))
    }
}

/// What became of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// A candidate that was not there, or that evidence brought back.
    Fresh,
    /// Scored anew, or left as people decided.
    Kept,
}

/// Writes a pair down. Decisions of people stay; a rejected pair comes back only when its evidence changed.
///
/// # Errors
/// The database's.
pub fn put(tx: &mut Conn, core: &Core, pair: &Pair, model: &str) -> Result<Put, DbError> {
    let held: Option<CandidateRow> = candidates::table
        .filter(candidates::sought_id.eq(pair.sought.sought))
        .filter(candidates::found_id.eq(pair.met.person))
        .select(CandidateRow::as_select())
        .first(tx)
        .optional()?;
    let Some(held) = held else { return insert(tx, core, pair, model) };
    let state = CandidateState::parse(&held.state).ok_or(DbError::Broken("candidate state"))?;
    let stored = (held.sought_version, held.found_version, held.weight);
    let back = match state {
        CandidateState::Rejected => evidence_changed(stored, pair.evidence()),
        CandidateState::Withdrawn => true,
        _ => false,
    };
    match state {
        CandidateState::New | CandidateState::UnderReview => {
            score(tx, &held, state, pair, model, core.clock.now())?;
            Ok(Put::Kept)
        }
        _ if back => {
            if !score(tx, &held, CandidateState::New, pair, model, core.clock.now())? {
                return Ok(Put::Kept);
            }
            let turn = (state, CandidateState::New);
            note(tx, core, held.id, turn, Some(Reason::EvidenceChanged), None, None, None)?;
            Ok(Put::Fresh)
        }
        _ => Ok(Put::Kept),
    }
}

fn insert(tx: &mut Conn, core: &Core, pair: &Pair, model: &str) -> Result<Put, DbError> {
    let now = core.clock.now();
    let own = pair.sought.society == pair.met.home.society;
    let access = if own { Access::Own } else { Access::Reduced };
    let row = (
        (
            candidates::id.eq(CandidateId::new(core.clock.as_ref(), &core.chance)),
            candidates::sought_id.eq(pair.sought.sought),
            candidates::found_id.eq(pair.met.person),
            candidates::request_society_id.eq(pair.sought.society),
            candidates::found_society_id.eq(pair.met.home.society),
            candidates::state.eq(CandidateState::New.code()),
            candidates::access.eq(access.code()),
            candidates::band.eq(BandCode::from(pair.score.band).code()),
        ),
        (
            candidates::probability.eq(f64::from(pair.score.probability)),
            candidates::weight.eq(f64::from(pair.score.weight)),
            candidates::model.eq(model),
            candidates::cause.eq(pair.cause.code()),
            candidates::sought_version.eq(pair.sought.version),
            candidates::found_version.eq(pair.met.version),
            candidates::generated_at.eq(now.micros()),
            candidates::updated_at.eq(now.micros()),
            candidates::version.eq(1),
        ),
    );
    // Another node may have found the same pair a moment ago.
    let written = on_backend!(tx, |c| {
        diesel::insert_into(candidates::table).values(row).on_conflict_do_nothing().execute(c)?
    });
    Ok(if written == 1 { Put::Fresh } else { Put::Kept })
}

/// Writes what matching says now, unless somebody has decided since the row was read: then the decision stands, and
/// the answer is no.
fn score(
    tx: &mut Conn,
    held: &CandidateRow,
    to: CandidateState,
    pair: &Pair,
    model: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let same = held.model == model
        && held.state == to.code()
        && (held.sought_version, held.found_version) == (pair.sought.version, pair.met.version)
        && held.weight == f64::from(pair.score.weight);
    if same {
        return Ok(true);
    }
    let as_read = candidates::table
        .filter(candidates::id.eq(held.id))
        .filter(candidates::version.eq(held.version))
        .filter(candidates::state.eq(&held.state));
    let scored = (
        candidates::state.eq(to.code()),
        candidates::band.eq(BandCode::from(pair.score.band).code()),
        candidates::probability.eq(f64::from(pair.score.probability)),
        candidates::weight.eq(f64::from(pair.score.weight)),
        candidates::model.eq(model),
        candidates::sought_version.eq(pair.sought.version),
        candidates::found_version.eq(pair.met.version),
        candidates::updated_at.eq(now.micros()),
        candidates::version.eq(held.version + 1),
    );
    if diesel::update(as_read).set(scored).execute(tx)? == 0 {
        return Ok(false);
    }
    if held.state != to.code() {
        begin_again(tx, held)?;
    }
    Ok(true)
}

/// A pair that comes back is a new question: nobody has decided it, and what another society once let be seen for it
/// has to be asked for again. The history keeps what was.
fn begin_again(tx: &mut Conn, held: &CandidateRow) -> Result<(), DbError> {
    let own = held.access == Access::Own.code();
    let access = if own { Access::Own } else { Access::Reduced };
    let nobody = None::<AccountId>;
    diesel::update(candidates::table.find(held.id))
        .set((
            candidates::access.eq(access.code()),
            candidates::proposed_by.eq(nobody),
            candidates::confirmed_by.eq(nobody),
            candidates::verified_by.eq(nobody),
        ))
        .execute(tx)?;
    Ok(())
}

/// An open candidate as the index needs it: which pair, and whether people have begun to decide.
#[derive(Clone, Copy, Debug)]
pub struct OpenPair {
    pub id: CandidateId,
    pub sought_person: PersonId,
    pub found: PersonId,
    pub is_new: bool,
}

/// Every open candidate that one of these people is part of, on either side; of everybody when there are none.
///
/// # Errors
/// The database's.
pub fn open_pairs(conn: &mut Conn, persons: Option<&[PersonId]>) -> Result<Vec<OpenPair>, DbError> {
    let open: Vec<&str> = CandidateState::OPEN.iter().map(|state| state.code()).collect();
    let query = || {
        candidates::table
            .inner_join(sought_persons::table)
            .filter(candidates::state.eq_any(open.clone()))
            .select((candidates::id, sought_persons::person_id, candidates::found_id, candidates::state))
            .into_boxed()
    };
    // Each side by its own index: one question about both would walk all candidates at every turn.
    let questions = match persons {
        None => vec![query()],
        Some(persons) => vec![
            query().filter(candidates::found_id.eq_any(persons.to_vec())),
            query().filter(sought_persons::person_id.eq_any(persons.to_vec())),
        ],
    };
    let mut pairs = BTreeMap::new();
    for question in questions {
        let rows: Vec<(CandidateId, PersonId, PersonId, String)> = question.load(conn)?;
        pairs.extend(rows.into_iter().map(|(id, sought_person, found, state)| {
            let is_new = state == CandidateState::New.code();
            (id, OpenPair { id, sought_person, found, is_new })
        }));
    }
    Ok(pairs.into_values().collect())
}

/// Takes a candidate out of review because the pair may not be shown any more. Nobody decided; both histories stay. Gives
/// the row as it was, when there was one to take out.
///
/// # Errors
/// The database's.
pub fn withdraw(
    tx: &mut Conn,
    core: &Core,
    id: CandidateId,
    reason: Reason,
) -> Result<Option<CandidateRow>, DbError> {
    let open: Vec<&str> = CandidateState::OPEN.iter().map(|state| state.code()).collect();
    let row: Option<CandidateRow> = candidates::table
        .filter(candidates::id.eq(id))
        .filter(candidates::state.eq_any(open))
        .select(CandidateRow::as_select())
        .first(tx)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let from = CandidateState::parse(&row.state).ok_or(DbError::Broken("candidate state"))?;
    let change = Change { to: CandidateState::Withdrawn, ..Change::undecided() };
    update(tx, &row, change, core.clock.now())?;
    note(tx, core, id, (from, CandidateState::Withdrawn), Some(reason), None, None, None)?;
    Ok(Some(row))
}

/// What a decision writes into the row.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    pub to: CandidateState,
    pub proposed_by: Option<AccountId>,
    pub confirmed_by: Option<AccountId>,
    pub verified_by: Option<AccountId>,
}

impl Change {
    /// Nobody has decided anything.
    pub fn undecided() -> Self {
        Self { to: CandidateState::UnderReview, proposed_by: None, confirmed_by: None, verified_by: None }
    }

    /// Everything as it stands.
    pub fn keeping(row: &CandidateRow, to: CandidateState) -> Self {
        let CandidateRow { proposed_by, confirmed_by, verified_by, .. } = *row;
        Self { to, proposed_by, confirmed_by, verified_by }
    }

    /// A second person confirms: there is no other way to set who did.
    pub fn confirmed(row: &CandidateRow, second: SecondPerson) -> Self {
        Self { confirmed_by: Some(second.account()), ..Self::keeping(row, CandidateState::Confirmed) }
    }

    /// Somebody other than the proposer checked the relation.
    pub fn verified(row: &CandidateRow, second: SecondPerson) -> Self {
        Self { verified_by: Some(second.account()), ..Self::keeping(row, CandidateState::Verified) }
    }
}

/// Writes a decision into the row, unless it has moved on.
///
/// # Errors
/// [`ApiError::Conflict`] `stale`, or the database's.
pub fn update(tx: &mut Conn, row: &CandidateRow, change: Change, now: Timestamp) -> Result<(), DbError> {
    let changed = diesel::update(candidates::table)
        .filter(candidates::id.eq(row.id).and(candidates::version.eq(row.version)))
        .set((
            candidates::state.eq(change.to.code()),
            candidates::proposed_by.eq(change.proposed_by),
            candidates::confirmed_by.eq(change.confirmed_by),
            candidates::verified_by.eq(change.verified_by),
            candidates::updated_at.eq(now.micros()),
            candidates::version.eq(row.version + 1),
        ))
        .execute(tx)?;
    if changed == 1 { Ok(()) } else { Err(stale()) }
}

/// Sets what the society of the request may see.
///
/// # Errors
/// As [`update`].
pub fn set_access(tx: &mut Conn, row: &CandidateRow, access: Access, now: Timestamp) -> Result<(), DbError> {
    let changed = diesel::update(candidates::table)
        .filter(candidates::id.eq(row.id).and(candidates::version.eq(row.version)))
        .set((
            candidates::access.eq(access.code()),
            candidates::updated_at.eq(now.micros()),
            candidates::version.eq(row.version + 1),
        ))
        .execute(tx)?;
    if changed == 1 { Ok(()) } else { Err(stale()) }
}

/// Appends to a candidate's history; an entry is never changed.
///
/// # Errors
/// The database's.
#[expect(clippy::too_many_arguments, reason = "one entry of the history, column by column")]
pub fn note(
    tx: &mut Conn,
    core: &Core,
    candidate: CandidateId,
    (from, to): (CandidateState, CandidateState),
    reason: Option<Reason>,
    undo_of: Option<ActionId>,
    by: Option<AccountId>,
    words: Option<(ActionId, Sealed<CandidateNote>)>,
) -> Result<ActionId, DbError> {
    let id = words.as_ref().map(|(id, _)| *id);
    let id = id.unwrap_or_else(|| ActionId::new(core.clock.as_ref(), &core.chance));
    // Whoever writes here has changed the candidate's row in this transaction, so nobody else is counting.
    let newest: Option<i64> = candidate_events::table
        .filter(candidate_events::candidate_id.eq(candidate))
        .select(diesel::dsl::max(candidate_events::seq))
        .first(tx)?;
    diesel::insert_into(candidate_events::table)
        .values((
            candidate_events::id.eq(id),
            candidate_events::candidate_id.eq(candidate),
            candidate_events::seq.eq(newest.unwrap_or(0) + 1),
            candidate_events::from_state.eq(from.code()),
            candidate_events::to_state.eq(to.code()),
            candidate_events::reason.eq(reason.map(Reason::code)),
            candidate_events::undo_of.eq(undo_of),
            candidate_events::at.eq(core.clock.now().micros()),
            candidate_events::by_account.eq(by),
            candidate_events::version.eq(1),
            candidate_events::note_sealed.eq(words.map(|(_, sealed)| sealed)),
        ))
        .execute(tx)?;
    Ok(id)
}

fn decided() -> Vec<&'static str> {
    let decided = [CandidateState::Proposed, CandidateState::Confirmed, CandidateState::Verified];
    decided.iter().map(|state| state.code()).collect()
}

/// The candidates in whom one of these people was found, and for whom somebody has decided, each with where it belongs.
///
/// # Errors
/// The database's.
pub fn decided_about(
    conn: &mut Conn,
    found: &[PersonId],
) -> Result<Vec<(CandidateRow, RequestId, PersonId)>, DbError> {
    Ok(candidates::table
        .inner_join(sought_persons::table)
        .filter(candidates::found_id.eq_any(found.to_vec()))
        .filter(candidates::state.eq_any(decided()))
        .order(candidates::id)
        .select((CandidateRow::as_select(), sought_persons::request_id, sought_persons::person_id))
        .load(conn)?)
}

/// Whether other candidates of the same request still stand with a decision for them.
///
/// # Errors
/// The database's.
pub fn others_decided(conn: &mut Conn, sought: &[SoughtId], but: CandidateId) -> Result<bool, DbError> {
    let count: i64 = candidates::table
        .filter(candidates::sought_id.eq_any(sought.to_vec()))
        .filter(candidates::id.ne(but))
        .filter(candidates::state.eq_any(decided()))
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}

/// Writes down that something may be told, under which consent.
///
/// # Errors
/// The database's.
pub fn insert_release(
    tx: &mut Conn,
    core: &Core,
    candidate: CandidateId,
    kind: Released,
    consent: ConsentId,
    by: AccountId,
) -> Result<(), DbError> {
    diesel::insert_into(releases::table)
        .values((
            releases::id.eq(ActionId::new(core.clock.as_ref(), &core.chance)),
            releases::candidate_id.eq(candidate),
            releases::kind.eq(kind.code()),
            releases::consent_id.eq(consent),
            releases::at.eq(core.clock.now().micros()),
            releases::by_account.eq(by),
        ))
        .execute(tx)?;
    Ok(())
}

/// Ends the releases of a place, wherever one of the two people is this one: they were checked as an adult's.
///
/// # Errors
/// The database's.
pub fn end_places(tx: &mut Conn, person: PersonId, now: Timestamp) -> Result<(), DbError> {
    let of_person = candidates::table
        .inner_join(sought_persons::table)
        .filter(candidates::found_id.eq(person).or(sought_persons::person_id.eq(person)))
        .select(candidates::id);
    diesel::update(releases::table)
        .filter(releases::candidate_id.eq_any(of_person))
        .filter(releases::kind.eq(Released::Location.code()))
        .filter(releases::ended_at.is_null())
        .set(releases::ended_at.eq(now.micros()))
        .execute(tx)?;
    Ok(())
}

/// Ends the releases that rest on a decision now taken back.
///
/// # Errors
/// The database's.
pub fn end_releases(tx: &mut Conn, candidate: CandidateId, now: Timestamp) -> Result<(), DbError> {
    diesel::update(releases::table)
        .filter(releases::candidate_id.eq(candidate))
        .filter(releases::ended_at.is_null())
        .set(releases::ended_at.eq(now.micros()))
        .execute(tx)?;
    Ok(())
}

fn stale() -> DbError {
    DbError::Refused(ApiError::Conflict("stale", "the record has changed since you read it; read it again"))
}
