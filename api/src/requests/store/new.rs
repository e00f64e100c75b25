//! A new request on its way into the database: sealed first, by any thread and without asking the database; then
//! written, any number at once. The desk and an import go through the same lines.

use diesel::prelude::*;
use migrations::schema::{request_circulation, request_states, sought_persons, tracing_requests};

use super::note_sought;
use super::write::{CirculationEntry, StepEntry};
use crate::auth::Core;
use crate::db::{Conn, DbError, insert_rows};
use crate::kernel::{AccountId, PersonId, PointId, Reference, RequestId, SocietyId, SoughtId, Timestamp};
use crate::people::{self, ReadyPerson};
use crate::requests::model::*;
use crate::vault::*;

/// What a new request's row says in clear beside the form, and how it came to its first state here.
pub struct Opening<'a> {
    pub society: SocietyId,
    pub point: Option<PointId>,
    pub by: Option<AccountId>,
    pub now: Timestamp,
    /// The moves made before it came here; the last one says where it stands.
    pub course: &'a [(RequestState, RequestState)],
}

/// A request sealed for the database, with everybody it is about.
pub struct ReadyRequest {
    pub id: RequestId,
    pub course: Vec<(RequestState, RequestState)>,
    /// Of the request's own row, for the audit leaf.
    pub digest: [u8; 32],
    enquirer: ReadyPerson,
    sought: Vec<(ReadyPerson, SoughtEntry)>,
    request: RequestEntry,
    circulation: Vec<CirculationEntry>,
    steps: Vec<StepEntry>,
    is_searched: bool,
    now: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = tracing_requests, treat_none_as_default_value = false)]
struct RequestEntry {
    id: RequestId,
    society_id: SocietyId,
    point_id: Option<PointId>,
    reference: String,
    enquirer_id: PersonId,
    state: &'static str,
    conflict: &'static str,
    channel: &'static str,
    interview_language: String,
    interpreter: bool,
    received_on: String,
    next_contact_due: Option<String>,
    created_at: i64,
    created_by: Option<AccountId>,
    updated_at: i64,
    version: i64,
    safe_contact_sealed: Sealed<RequestSafeContact>,
    circumstances_sealed: Sealed<RequestCircumstances>,
    outcome_sealed: Sealed<RequestOutcome>,
    told_sealed: Sealed<RequestTold>,
}

#[derive(Insertable)]
#[diesel(table_name = sought_persons, treat_none_as_default_value = false)]
struct SoughtEntry {
    id: SoughtId,
    request_id: RequestId,
    person_id: PersonId,
    state: &'static str,
    version: i64,
    relation_sealed: Sealed<SoughtRelation>,
    last_contact_sealed: Sealed<SoughtLastContact>,
    last_place_sealed: Sealed<SoughtLastPlace>,
    journey_sealed: Sealed<SoughtJourney>,
}

impl ReadyRequest {
    /// Seals a request: the case under the enquirer's key, what is said about a sought person under theirs. `sought`
    /// stands in the order of the form.
    pub fn seal(
        core: &Core,
        form: &NewRequest,
        enquirer: ReadyPerson,
        sought: Vec<ReadyPerson>,
        opening: &Opening<'_>,
    ) -> Self {
        let id = RequestId::new(core.clock.as_ref(), &core.chance);
        let seat = core.vault.seat(&enquirer.key, id.bytes(), 1);
        let conflict =
            if form.circumstances.concerns.is_empty() { Conflict::None } else { Conflict::Flagged };
        let state = opening.course.last().map_or(RequestState::Draft, |(_, to)| *to);
        let request = RequestEntry {
            id,
            society_id: opening.society,
            point_id: opening.point,
            reference: Reference::new(&core.chance).as_str().to_owned(),
            enquirer_id: enquirer.id(),
            state: state.code(),
            conflict: conflict.code(),
            channel: form.channel.code(),
            interview_language: form.interview_language.clone(),
            interpreter: form.interpreter,
            received_on: form.received_on.to_string(),
            next_contact_due: form.next_contact_due.map(|day| day.to_string()),
            created_at: opening.now.micros(),
            created_by: opening.by,
            updated_at: opening.now.micros(),
            version: 1,
            safe_contact_sealed: seat.seal(&Json(form.safe_contact.clone())),
            circumstances_sealed: seat.seal(&Json(form.circumstances.clone())),
            outcome_sealed: seat.seal(&Json::default()),
            told_sealed: seat.seal(&Json::default()),
        };
        let entry = |(person, sought): (ReadyPerson, &NewSought)| {
            let entry = SoughtEntry::seal(core, id, &person, sought);
            (person, entry)
        };
        let opened = (RequestState::Draft, RequestState::Draft);
        // A microsecond apart, so that the history keeps their order.
        let steps = std::iter::once(&opened).chain(opening.course).zip(opening.now.micros()..);
        let steps = steps
            .map(|(step, at)| StepEntry::new(core, id, *step, None, opening.by, Timestamp::from_micros(at)));
        Self {
            id,
            course: opening.course.to_vec(),
            digest: request.digest(),
            sought: sought.into_iter().zip(&form.sought).map(entry).collect(),
            circulation: CirculationEntry::all_of(id, &form.circulation),
            steps: steps.collect(),
            is_searched: state.is_searched(),
            now: opening.now,
            enquirer,
            request,
        }
    }

    /// Everybody it is about, the enquirer first.
    pub fn people(&self) -> impl Iterator<Item = &ReadyPerson> {
        std::iter::once(&self.enquirer).chain(self.sought.iter().map(|(person, _)| person))
    }
}

impl RequestEntry {
    fn digest(&self) -> [u8; 32] {
        crypto::derive::sha256(&[
            self.safe_contact_sealed.bytes(),
            self.circumstances_sealed.bytes(),
            self.outcome_sealed.bytes(),
            self.told_sealed.bytes(),
        ])
    }
}

impl SoughtEntry {
    fn seal(core: &Core, request: RequestId, person: &ReadyPerson, sought: &NewSought) -> Self {
        let id = SoughtId::new(core.clock.as_ref(), &core.chance);
        let seat = core.vault.seat(&person.key, id.bytes(), 1);
        Self {
            id,
            request_id: request,
            person_id: person.id(),
            state: SoughtState::Sought.code(),
            version: 1,
            relation_sealed: seat.seal(&Json(SoughtRelationValue(sought.relation))),
            last_contact_sealed: seat.seal(&Json(sought.last_contact.clone())),
            last_place_sealed: seat.seal(&Json(sought.last_place.clone())),
            journey_sealed: seat.seal(&Json(sought.journey.clone())),
        }
    }
}

/// Writes sealed requests and tells the index whom to look for. The audit leaves are the caller's.
///
/// # Errors
/// The database's.
pub fn write(tx: &mut Conn, ready: &[&ReadyRequest]) -> Result<(), DbError> {
    let Some(now) = ready.iter().map(|one| one.now).max() else { return Ok(()) };
    let new: Vec<&ReadyPerson> = ready.iter().flat_map(|one| one.people()).collect();
    people::write_new(tx, &new, now)?;
    let rows: Vec<&RequestEntry> = ready.iter().map(|one| &one.request).collect();
    insert_rows!(tx, tracing_requests::table, rows);
    let rows: Vec<&CirculationEntry> = ready.iter().flat_map(|one| &one.circulation).collect();
    insert_rows!(tx, request_circulation::table, rows);
    let rows: Vec<&SoughtEntry> =
        ready.iter().flat_map(|one| one.sought.iter().map(|(_, entry)| entry)).collect();
    insert_rows!(tx, sought_persons::table, rows);
    let rows: Vec<&StepEntry> = ready.iter().flat_map(|one| &one.steps).collect();
    insert_rows!(tx, request_states::table, rows);
    let searched = ready.iter().filter(|one| one.is_searched);
    let sought: Vec<PersonId> =
        searched.flat_map(|one| one.sought.iter().map(|(person, _)| person.id())).collect();
    note_sought(tx, &sought, now)
}
