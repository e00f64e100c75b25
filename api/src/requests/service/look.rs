//! Reading tracing requests: the leaf first, then whatever the grant opens.

use super::change::everybody;
use super::standing::still_among;
use crate::auth::Core;
use crate::db::{Conn, DbError};
use crate::kernel::{
    AccountId, ApiError, MAX_PAGE, Page, PageRequest, PersonId, RequestId, SocietyId, SoughtId, Timestamp,
};
use crate::people::{self, PersonRow};
use crate::policy::{Class, ClassSet, May, Permission, ReadRequest};
use crate::requests::model::*;
use crate::requests::store::{self, RequestRow, SoughtRow, Which};
use crate::requests::view::*;
use crate::vault::store::key_of;
use crate::vault::{OwnerKey, Receipt, RequestEnding, RequestTold};
use crate::web::Shown;

/// A page of requests within reach, newest first. One leaf names everybody they are about.
///
/// # Errors
/// The audit log is away.
pub async fn list(
    core: &Core,
    may: May<ReadRequest>,
    which: Which,
    page: PageRequest<RequestId>,
) -> Result<Page<RequestLine>, ApiError> {
    let limit = page.limit.clamp(1, MAX_PAGE);
    let page = PageRequest { limit, ..page };
    let (asked, now) = (may.clone(), core.clock.now());
    let (rows, sought, waiting, still) = core
        .db
        .read(move |conn| {
            let rows = store::list(conn, &asked, which, &page)?;
            let ids: Vec<RequestId> = rows.iter().map(|row| row.id).collect();
            let waiting = store::with_waiting_ending(conn, &ids)?;
            let enquirers: Vec<PersonId> = rows.iter().map(|row| row.enquirer_id).collect();
            let still = still_among(conn, &enquirers, now)?;
            Ok::<_, DbError>((rows, store::sought_people(conn, &ids)?, waiting, still))
        })
        .await?;
    let page = Page::cut(rows, limit, |row| row.id.to_string());
    let subjects = page.items.iter().flat_map(|row| {
        let sought = sought.iter().filter(|(id, _)| *id == row.id).map(|(_, person)| *person);
        std::iter::once(row.enquirer_id).chain(sought)
    });
    let subjects: Vec<PersonId> = subjects.collect();
    core.audit.look(&may, |e| e.about_all(subjects).detail("list")).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        items.push(RequestLine {
            id: row.id,
            state: store::code(RequestState::parse(&row.state))?,
            conflict: store::code(Conflict::parse(&row.conflict))?,
            stands_still: still.contains(&row.enquirer_id),
            ending_waits: waiting.contains(&row.id),
            sought: sought.iter().filter(|(id, _)| *id == row.id).count(),
            reference: row.reference,
            received_on: row.received_on,
            next_contact_due: row.next_contact_due,
            updated_at: Timestamp::from_micros(row.updated_at),
            version: row.version,
        });
    }
    Ok(Page { items, next: page.next })
}

/// A request with everybody it is about.
///
/// # Errors
/// Not found; the audit log is away.
pub async fn show(core: &Core, may: May<ReadRequest>, id: RequestId) -> Result<RequestView, ApiError> {
    let (asked, here) = (may.clone(), core.clone());
    let file = core.db.read(move |conn| File::read(conn, &here, &asked, id)).await?;
    let receipt = core
        .audit
        .look(&may, |e| e.about_all(file.subjects.clone()).on(id).opening(may.classes()).detail("read"))
        .await?;
    let File { row, people, sought, circulation, steps, holders, endings, stands_still, .. } = file;
    let (enquirer, key) = people.first().ok_or(ApiError::NotFound)?;
    let seat = core.vault.seat(key, id.bytes(), row.version);
    let outcome = seat.show(&receipt, &row.outcome_sealed)?;
    let outcome_note = outcome.as_ref().map(|o| Some(o.expose().0.note.clone()).filter(|n| !n.is_empty()));
    let outcome = outcome.map(|o| Outcome::parse(&o.expose().0.code));
    let told = seat.show(&receipt, &row.told_sealed)?.map(|t| Told::parse(&t.expose().0.code));
    let state = store::code(RequestState::parse(&row.state))?;
    let conflict = store::code(Conflict::parse(&row.conflict))?;
    let mut views = Vec::with_capacity(sought.len());
    for one in &sought {
        let Some((person, key)) = people.iter().find(|(person, _)| person.id == one.person_id) else {
            continue;
        };
        let seat = core.vault.seat(key, one.id.bytes(), one.version);

        let relation = seat.show(&receipt, &one.relation_sealed)?.map(|r| r.expose().0.0);
        let last_contact = seat.show(&receipt, &one.last_contact_sealed)?.map(|v| v.expose().0.clone());
        let last_place = seat.show(&receipt, &one.last_place_sealed)?.map(|v| v.expose().0.clone());
        let journey = seat.show(&receipt, &one.journey_sealed)?.map(|v| v.expose().0.clone());
        views.push(SoughtView {
            id: one.id,
            state: store::code(SoughtState::parse(&one.state))?,
            person: people::view(core, key, &receipt, person)?,
            relation: Shown::from(relation),
            last_contact: Shown::from(last_contact),
            last_place: Shown::from(last_place),
            journey: Shown::from(journey),
        });
    }
    let by_hand = |to: &RequestState| !stands_still && may_move(state, *to, conflict, true).is_ok();
    Ok(RequestView {
        id,
        next_states: state.next().iter().copied().filter(by_hand).collect(),
        state,
        conflict,
        stands_still,
        channel: store::code(Channel::parse(&row.channel))?,
        enquirer: people::view(core, key, &receipt, enquirer)?,
        safe_contact: Shown::from(
            seat.show(&receipt, &row.safe_contact_sealed)?.map(|v| v.expose().0.clone()),
        ),
        circumstances: Shown::from(
            seat.show(&receipt, &row.circumstances_sealed)?.map(|v| v.expose().0.clone()),
        ),
        outcome: Shown::from(outcome),
        outcome_note: Shown::from(outcome_note),
        told: Shown::from(told),
        endings: endings
            .iter()
            .map(|one| ending(core, key, &receipt, one))
            .collect::<Result<_, ApiError>>()?,
        sought: views,
        circulation: circulation
            .0
            .into_iter()
            .map(|entry| EntryForm { kind: entry.kind, recipient: entry.recipient, rule: entry.rule })
            .collect(),
        held_by: holders.into_iter().map(Holder::from).collect(),
        history: steps.into_iter().map(step).collect::<Result<_, DbError>>()?,
        reference: row.reference,
        interview_language: row.interview_language,
        interpreter: row.interpreter,
        received_on: row.received_on,
        next_contact_due: row.next_contact_due,
        created_at: Timestamp::from_micros(row.created_at),
        updated_at: Timestamp::from_micros(row.updated_at),
        version: row.version,
    })
}

fn ending(
    core: &Core,
    key: &OwnerKey,
    receipt: &Receipt,
    row: &store::EndingRow,
) -> Result<EndingView, ApiError> {
    let seat = core.vault.seat(key, row.id.bytes(), row.version);
    let stated = seat.show(receipt, &row.stated_sealed)?.map(|stated| stated.expose().0.clone());
    let stated = stated.as_ref();
    let note = |stated: &Stated| Some(stated.outcome.note.clone()).filter(|note| !note.is_empty());
    Ok(EndingView {
        state: store::code(EndingState::parse(&row.state))?,
        outcome: Shown::from(stated.map(|stated| Outcome::parse(&stated.outcome.code))),
        told: Shown::from(stated.map(|stated| Told::parse(&stated.told.code))),
        source: Shown::from(stated.map(|stated| stated.source.clone())),
        confidence: Shown::from(stated.map(|stated| stated.confidence)),
        note: Shown::from(stated.map(note)),
        about: Shown::from(stated.map(|stated| stated.about)),
        stated_at: Timestamp::from_micros(row.stated_at),
        stated_by: row.stated_by,
        decided_at: row.decided_at.map(Timestamp::from_micros),
        decided_by: row.decided_by,
    })
}

fn step((from, to, reason, at, by): store::Step) -> Result<StepView, DbError> {
    Ok(StepView {
        from: store::code(RequestState::parse(&from))?,
        to: store::code(RequestState::parse(&to))?,
        reason: reason.as_deref().and_then(MoveReason::parse),
        at: Timestamp::from_micros(at),
        by,
    })
}

/// Everything of one request, as stored.
struct File {
    row: RequestRow,
    subjects: Vec<PersonId>,
    /// The enquirer first.
    people: Vec<(PersonRow, OwnerKey)>,
    sought: Vec<SoughtRow>,
    circulation: Circulation,
    steps: Vec<store::Step>,
    holders: Vec<(AccountId, String)>,
    endings: Vec<store::EndingRow>,
    stands_still: bool,
}

impl File {
    fn read(conn: &mut Conn, core: &Core, may: &May<ReadRequest>, id: RequestId) -> Result<Self, DbError> {
        let row = store::find(conn, may, id)?;
        let subjects = everybody(conn, &row)?;
        let mut people = Vec::with_capacity(subjects.len());
        let rows = people::of_record(conn, may, &subjects)?;
        for subject in &subjects {
            if let Some(person) = rows.iter().find(|person| person.id == *subject) {
                people.push((person.clone(), key_of(conn, &core.vault, *subject)?));
            }
        }
        if people.first().map(|(person, _)| person.id) != Some(row.enquirer_id) {
            return Err(DbError::NotFound);
        }
        let sought = store::sought_of(conn, id)?;
        let circulation = store::circulation_of(conn, id)?;
        let steps = store::steps_of(conn, id)?;
        let holders = store::holders(conn, may, id)?;
        let endings = store::endings_of(conn, id)?;
        let stands_still = !still_among(conn, &[row.enquirer_id], core.clock.now())?.is_empty();
        Ok(Self { row, subjects, people, sought, circulation, steps, holders, endings, stands_still })
    }
}

/// What was done for a request, newest first.
///
/// # Errors
/// Not found; the audit log is away.
pub async fn actions(core: &Core, may: May<ReadRequest>, id: RequestId) -> Result<Vec<ActionView>, ApiError> {
    let (asked, here) = (may.clone(), core.clone());
    let (row, key, actions) = core
        .db
        .read(move |conn| {
            let row = store::find(conn, &asked, id)?;
            let key = key_of(conn, &here.vault, row.enquirer_id)?;
            Ok::<_, DbError>((row, key, store::actions_of(conn, id)?))
        })
        .await?;
    let receipt = core
        .audit
        .look(&may, |e| {
            let narrative = ClassSet::of(&[Class::Narrative]);
            e.about(row.enquirer_id).on(id).opening(narrative).detail("actions")
        })
        .await?;
    let mut views = Vec::with_capacity(actions.len());
    for action in actions {
        let seat = core.vault.seat(&key, action.id.bytes(), action.version);
        let note = seat.show(&receipt, &action.note_sealed)?.map(|note| note.expose().clone());
        views.push(ActionView {
            id: action.id,
            kind: store::code(ActionKind::parse(&action.kind))?,
            result: store::code(ActionResult::parse(&action.result))?,
            at: Timestamp::from_micros(action.at),
            by: action.by_account,
            note: Shown::from(note),
        });
    }
    Ok(views)
}

/// Where a request stands, and what was chosen at closing for the enquirer to hear: all that the enquirer's status is made
/// of, beside releases.
///
/// # Errors
/// Not found; the audit log is away.
pub async fn state_and_chosen(
    core: &Core,
    may: &May<ReadRequest>,
    id: RequestId,
) -> Result<(RequestState, Option<Chosen>), ApiError> {
    let (asked, here) = (may.clone(), core.clone());
    let (row, key, confirmed) = core
        .db
        .read(move |conn| {
            let row = store::find(conn, &asked, id)?;
            let key = key_of(conn, &here.vault, row.enquirer_id)?;
            let confirmed = store::confirmed_ending(conn, id)?;
            Ok::<_, DbError>((row, key, confirmed))
        })
        .await?;
    let receipt = core
        .audit
        .look(may, |e| {
            let narrative = ClassSet::of(&[Class::Narrative]);
            e.about(row.enquirer_id).on(id).opening(narrative).detail("enquirer_status")
        })
        .await?;
    let seat = core.vault.seat(&key, id.bytes(), row.version);
    let told = Told::parse(&seat.open::<RequestTold>(&receipt, &row.told_sealed)?.expose().0.code);
    let about = match confirmed.filter(|_| told.is_some_and(|told| told.rests_on().is_some())) {
        Some(ending) => {
            let seat = core.vault.seat(&key, ending.id.bytes(), ending.version);
            seat.open::<RequestEnding>(&receipt, &ending.stated_sealed)?.expose().0.about
        }
        None => None,
    };
    let chosen = told.map(|told| Chosen { told, about });
    Ok((store::code(RequestState::parse(&row.state))?, chosen))
}

/// Whether a request exists for this caller.
///
/// # Errors
/// Not found, or the database's.
pub fn within_reach<P: Permission>(conn: &mut Conn, may: &May<P>, id: RequestId) -> Result<(), DbError> {
    store::find(conn, may, id).map(|_| ())
}

/// The other societies of the network by name: whom a circulation list may name.
///
/// # Errors
/// The caller belongs to no society, or the database's.
pub async fn recipients<P: Permission>(
    core: &Core,
    may: &May<P>,
) -> Result<Vec<(SocietyId, String)>, ApiError> {
    let own = may.society().ok_or(ApiError::Forbidden)?;
    core.db.read(move |conn| store::other_societies(conn, own)).await
}

/// Whether a society may learn that a request exists.
///
/// # Errors
/// Not found, or the database's.
pub fn may_circulate(conn: &mut Conn, id: RequestId, society: SocietyId) -> Result<bool, DbError> {
    let to = store::recipient(conn, society)?;
    Ok(store::circulation_of(conn, id)?.allows(&to))
}

/// The sought persons of a request.
///
/// # Errors
/// The database's.
pub fn sought_ids(conn: &mut Conn, id: RequestId) -> Result<Vec<SoughtId>, DbError> {
    Ok(store::sought_of(conn, id)?.into_iter().map(|row| row.id).collect())
}

/// Marks a sought person as located, or as looked for again.
///
/// # Errors
/// Not found, or the database's.
pub fn set_sought_state(tx: &mut Conn, core: &Core, id: SoughtId, state: SoughtState) -> Result<(), DbError> {
    let row = store::sought(tx, id)?;
    store::set_sought_state(tx, &core.vault, &row, state)
}

/// Tells the match index to look at everybody a request seeks; says who they are.
///
/// # Errors
/// The database's.
pub fn note_sought_of(tx: &mut Conn, id: RequestId, now: Timestamp) -> Result<Vec<PersonId>, DbError> {
    let sought: Vec<PersonId> =
        store::sought_people(tx, &[id])?.into_iter().map(|(_, person)| person).collect();
    store::note_sought(tx, &sought, now)?;
    Ok(sought)
}
