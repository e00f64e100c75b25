//! Decisions. Each is one transaction: the row, its history, its leaf, and what it means for the request.

use super::safety::Safety;
use crate::auth::Core;
use crate::consent::{self, ConsentKind, Subject};
use crate::db::{ChangeKind, Conn, DbError, note_change};
use crate::kernel::{ActionId, ApiError, CandidateId, PersonId, Wrong, invalid};
use crate::matches::model::*;
use crate::matches::store::{self, CandidateRow, Change, Place};
use crate::policy::{ConfirmMatch, May, Permission, ProposeMatch, RejectMatch, UndoMatch, VerifyMatch};
use crate::requests::{self, RequestState, SoughtState};
use crate::vault::store::key_of;

/// A caseworker has begun to look.
///
/// # Errors
/// Not possible from here; not found; stale.
pub async fn review(
    core: &Core,
    may: May<ProposeMatch>,
    id: CandidateId,
    form: DecisionForm,
) -> Result<(), ApiError> {
    let words = DecisionNote::parse(form.note.as_deref(), None)?;
    act(core, may, Decision::new(id, form.version, Deed::Review, words), |_, row| {
        Ok(Change::keeping(row, CandidateState::UnderReview))
    })
    .await
}

/// The first decision: a caseworker takes this to be the person sought.
///
/// # Errors
/// As [`review`].
pub async fn propose(
    core: &Core,
    may: May<ProposeMatch>,
    id: CandidateId,
    form: DecisionForm,
) -> Result<(), ApiError> {
    let words = DecisionNote::parse(form.note.as_deref(), None)?;
    let decision = Decision::new(id, form.version, Deed::Propose, words);
    let decision = protect(core, &may, decision).await?;
    act(core, may, decision, |may, row| {
        Ok(Change { proposed_by: may.account(), ..Change::keeping(row, CandidateState::Proposed) })
    })
    .await
}

/// The second decision, by somebody else. The family still learns nothing.
///
/// # Errors
/// The caller proposed it; otherwise as [`review`].
pub async fn confirm(
    core: &Core,
    may: May<ConfirmMatch>,
    id: CandidateId,
    form: DecisionForm,
) -> Result<(), ApiError> {
    let words = DecisionNote::parse(form.note.as_deref(), None)?;
    let decision = Decision::new(id, form.version, Deed::Confirm, words);
    let decision = protect(core, &may, decision).await?;
    act(core, may, decision, |may, row| {
        Ok(Change::confirmed(row, SecondPerson::confirming(may, row.proposed_by)?))
    })
    .await
}

/// The relation was checked with both sides.
///
/// # Errors
/// A check is missing; the caller proposed it; otherwise as [`review`].
pub async fn verify(
    core: &Core,
    may: May<VerifyMatch>,
    id: CandidateId,
    form: VerifyForm,
) -> Result<(), ApiError> {
    form.checks.suffice()?;
    let words = DecisionNote::parse(form.note.as_deref(), Some(form.checks))?;
    let decision = Decision::new(id, form.version, Deed::Verify, words);
    let decision = protect(core, &may, decision).await?;
    act(core, may, decision, |may, row| {
        Ok(Change::verified(row, SecondPerson::verifying(may, row.proposed_by)?))
    })
    .await
}

/// Not the same person. The pair stays rejected until its evidence changes.
///
/// # Errors
/// As [`review`].
pub async fn reject(
    core: &Core,
    may: May<RejectMatch>,
    id: CandidateId,
    form: ReasonedForm,
) -> Result<(), ApiError> {
    let decision = Decision::reasoned(id, Deed::Reject, form)?;
    act(core, may, decision, |_, row| Ok(Change::keeping(row, CandidateState::Rejected))).await
}

/// Takes the last decision back. Both histories stay.
///
/// # Errors
/// As [`review`].
pub async fn undo(
    core: &Core,
    may: May<UndoMatch>,
    id: CandidateId,
    form: ReasonedForm,
) -> Result<(), ApiError> {
    let decision = Decision::reasoned(id, Deed::Undo, form)?;
    act(core, may, decision, |_, _| Ok(Change::undecided())).await
}

struct Decision {
    id: CandidateId,
    version: i64,
    deed: Deed,
    reason: Option<Reason>,
    words: DecisionNote,
    /// What decides who may say yes for the person found, once it has been looked at.
    found: Option<Subject>,
}

impl Decision {
    fn new(id: CandidateId, version: i64, deed: Deed, words: DecisionNote) -> Self {
        Self { id, version, deed, reason: None, words, found: None }
    }

    fn reasoned(id: CandidateId, deed: Deed, form: ReasonedForm) -> Result<Self, ApiError> {
        if !form.reason.is_for_people() {
            return Err(invalid(
                "reason",
                Wrong::NotYours.says("is the service's own; give the reason you have"),
            ));
        }
        let words = DecisionNote::parse(form.note.as_deref(), None)?;
        Ok(Self { reason: Some(form.reason), ..Self::new(id, form.version, deed, words) })
    }
}

/// Nobody is brought closer to a child of a family that is not theirs before a reviewer has looked: the request
/// is flagged, and the decision that follows is refused. So it is when whoever agreed for the person found could not
///
async fn protect<P: Permission>(core: &Core, may: &May<P>, decision: Decision) -> Result<Decision, ApiError> {
    let (here, asked) = (core.clone(), may.clone());
    let Decision { id, version, deed, .. } = decision;
    let (row, place) = core
        .db
        .read(move |conn| {
            let row = store::find(conn, &asked, id)?;
            let (_, place) = possible(conn, &here, &row, (version, deed), None)?;
            Ok::<_, DbError>((row, place))
        })
        .await?;
    let safety = Safety::of(core, may, &row, place).await?;
    if safety.stranger_to_a_child {
        safety.stop(core, may).await?;
    }
    Ok(Decision { found: Some(safety.found), ..decision })
}

async fn act<P: Permission>(
    core: &Core,
    may: May<P>,
    decision: Decision,
    change: impl FnOnce(&May<P>, &CandidateRow) -> Result<Change, ApiError> + Send + 'static,
) -> Result<(), ApiError> {
    let here = core.clone();
    core.db.write(move |tx| decide(tx, &here, &may, decision, change)).await?;
    core.changes.wake();
    Ok(())
}

fn decide<P: Permission>(
    tx: &mut Conn,
    core: &Core,
    may: &May<P>,
    decision: Decision,
    change: impl FnOnce(&May<P>, &CandidateRow) -> Result<Change, ApiError>,
) -> Result<(), DbError> {
    let Decision { id, version, deed, reason, words, found } = decision;
    let row = store::find(tx, may, id)?;
    let request = one_place(tx, &row)?.request;
    requests::hold(tx, &[request])?;
    let ((from, to), place) = possible(tx, core, &row, (version, deed), found)?;
    let change = change(may, &row)?;
    let undone = match deed {
        Deed::Undo => store::events(tx, id)?.last().map(|event| event.id),
        _ => None,
    };
    store::update(tx, &row, change, core.clock.now())?;
    if deed == Deed::Undo {
        // What was opened and told under the decision rests on it, and a later one does not bring it back.
        store::end_releases(tx, id, core.clock.now())?;
    }
    let event = ActionId::new(core.clock.as_ref(), &core.chance);
    let key = key_of(tx, &core.vault, place.sought_person)?;
    let sealed = core.vault.seat(&key, event.bytes(), 1).seal(&crate::vault::Json(words));
    let digest = crypto::derive::sha256(&[sealed.bytes()]);
    store::note(tx, core, id, (from, to), reason, undone, may.account(), Some((event, sealed)))?;
    core.audit.append(tx, may, |e| {
        e.about(place.sought_person).about(row.found_id).on(id).detail(deed.code()).digest(digest)
    })?;
    follow(tx, core, may, &row, place, (from, to))
}

/// Where a deed leads from the version that was read, and where the candidate belongs.
fn possible(
    conn: &mut Conn,
    core: &Core,
    row: &CandidateRow,
    (version, deed): (i64, Deed),
    found: Option<Subject>,
) -> Result<((CandidateState, CandidateState), Place), DbError> {
    let from = CandidateState::parse(&row.state).ok_or(DbError::Broken("candidate state"))?;
    if row.version != version {
        let stale = "the record has changed since you read it; read it again";
        return Err(DbError::Refused(ApiError::Conflict("stale", stale)));
    }
    let to = deed.from(from)?;
    let place = one_place(conn, row)?;
    if matches!(deed, Deed::Propose | Deed::Confirm | Deed::Verify) {
        requests::goes_on(conn, place.request, core.clock.now())?;
        may_be_decided(conn, core, row, found)?;
    }
    Ok(((from, to), place))
}

/// A decision needs the values: those of another society's record are only shown once it agreed; and the found
/// person's consent must stand at this very moment, from whoever could give it.
fn may_be_decided(
    tx: &mut Conn,
    core: &Core,
    row: &CandidateRow,
    found: Option<Subject>,
) -> Result<(), DbError> {
    let access = Access::parse(&row.access).ok_or(DbError::Broken("candidate access"))?;
    if !access.shows_values() {
        return Err(DbError::Refused(ApiError::Conflict(
            "access_needed",
            "the society that met this person must first let you see the record",
        )));
    }
    let now = core.clock.now();
    let yes = consent::current(tx, row.found_id, ConsentKind::TracingSearch, now)?;
    let yes = yes.filter(|yes| yes.in_force).ok_or(DbError::NotFound)?;
    found.map_or(Ok(()), |found| Safety::suits(found, &yes)).map_err(DbError::Refused)
}

/// What a decision means for the sought person and the request.
fn follow<P: Permission>(
    tx: &mut Conn,
    core: &Core,
    may: &May<P>,
    row: &CandidateRow,
    place: Place,
    (from, to): (CandidateState, CandidateState),
) -> Result<(), DbError> {
    use CandidateState as S;
    let now = core.clock.now();
    if to == S::Verified || from == S::Verified {
        let state = if to == S::Verified { SoughtState::Located } else { SoughtState::Sought };
        requests::set_sought_state(tx, core, place.sought, state)?;
        note_change(tx, ChangeKind::Sought, place.sought_person.uuid(), now)?;
    }
    let goal = match to {
        S::Proposed => RequestState::CandidateFound,
        S::Confirmed => RequestState::Verifying,
        S::Verified => RequestState::Located,
        S::Rejected | S::UnderReview if from != S::New && from != S::UnderReview && from != S::Rejected => {
            return search_on(tx, core, may, row, place);
        }
        _ => return Ok(()),
    };
    requests::follow_decision(tx, core, may, place.request, goal)
}

/// What it means for the request that the service withdrew a pair, given as it was before.
///
/// # Errors
/// The database's.
pub(in crate::matches) fn after_withdrawal<P: Permission>(
    tx: &mut Conn,
    core: &Core,
    may: &May<P>,
    row: &CandidateRow,
) -> Result<(), DbError> {
    match CandidateState::parse(&row.state) {
        Some(CandidateState::Proposed | CandidateState::Confirmed) => {
            let place = one_place(tx, row)?;
            search_on(tx, core, may, row, place)
        }
        _ => Ok(()),
    }
}

/// The request is searched on when nothing is left that anybody decided: the same whether people took a decision back
/// or the service withdrew the pair, so that its state tells of nobody who may not be shown any more. The caller holds the
/// request: two decisions that each left the other to be the last would leave it waiting for nobody.
pub(super) fn search_on<P: Permission>(
    tx: &mut Conn,
    core: &Core,
    may: &May<P>,
    row: &CandidateRow,
    place: Place,
) -> Result<(), DbError> {
    let sought = requests::sought_ids(tx, place.request)?;
    if store::others_decided(tx, &sought, row.id)? {
        return Ok(());
    }
    requests::follow_decision(tx, core, may, place.request, RequestState::Searching)
}

/// Where a candidate belongs.
pub(super) fn one_place(tx: &mut Conn, row: &CandidateRow) -> Result<Place, DbError> {
    store::places(tx, &[row.sought_id])?.pop().ok_or(DbError::NotFound)
}

/// Both people of a candidate: sought, found.
pub(super) fn both(place: Place, row: &CandidateRow) -> [PersonId; 2] {
    [place.sought_person, row.found_id]
}
