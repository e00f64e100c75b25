//! What the enquirer's side may learn: exactly what the found person agreed to, one release at a time, each with the
//! consent it rests on. Without one the enquirer's status does not change, whatever was found.

use serde::Serialize;
use utoipa::ToSchema;

use super::decide::{both, one_place};
use super::limits::without_limits;
use crate::auth::Core;
use crate::consent;
use crate::db::DbError;
use crate::kernel::{ApiError, CandidateId, Day, RequestId};
use crate::matches::model::*;
use crate::matches::store;
use crate::people;
use crate::policy::{Class, ClassSet, May, ReadRequest, ReleaseNews};
use crate::requests::{self, EnquirerStatus, Released};
use crate::vault::CandidateNote;
use crate::vault::store::key_of;

/// Releases one piece of news. As long as a released location stands, the found person's record is open to whoever works
/// on the request and carries it to the family (`people::find_released`): the service sends nothing.
///
/// # Errors
/// Not verified; the found person has not agreed; a child's place without every check; a possible conflict of
/// interest; not found; stale.
pub async fn release(
    core: &Core,
    may: May<ReleaseNews>,
    id: CandidateId,
    form: ReleaseForm,
) -> Result<(), ApiError> {
    let by = may.account().ok_or(ApiError::Forbidden)?;
    let safety = Safety::of(core, &may, id).await?;
    if safety.caregiver_implicated {
        stop(core, &may, &safety).await?;
    }
    if form.kind == Released::Location && safety.minor && !safety.checked_for_a_child {
        return Err(ApiError::Conflict(
            "child_checks_missing",
            "a child's place is released only after both interviews, separate facts, documents and a best-interest \
             assessment are recorded",
        ));
    }
    let judged = without_limits(core, &may, id, form.kind).await?;
    let here = core.clone();
    core.db
        .write(move |tx| {
            let row = store::find(tx, &may, id)?;
            if row.version != form.version {
                let stale = "the record has changed since you read it; read it again";
                return Err(DbError::Refused(ApiError::Conflict("stale", stale)));
            }
            if row.state != CandidateState::Verified.code() {
                let refused = "only a verified relation can lead to news for the family";
                return Err(DbError::Refused(ApiError::Conflict("not_verified", refused)));
            }
            let place = one_place(tx, &row)?;
            requests::not_stopped(tx, place.request)?;
            let now = here.clock.now();
            let agreed = consent::current(tx, row.found_id, form.kind.consent(), now)?;
            let Some(agreed) = agreed.filter(|consent| consent.in_force) else {
                let refused = "the found person has not agreed to have this told";
                return Err(DbError::Refused(ApiError::Conflict("not_agreed", refused)));
            };
            store::insert_release(tx, &here, id, form.kind, agreed.id, by)?;
            // The version moves on, so that nothing is released twice by pressing twice.
            store::update(tx, &row, store::Change::keeping(&row, CandidateState::Verified), now)?;
            if judged != Some(agreed.id) {
                let stale = "the found person has just answered anew; read it again";
                return Err(DbError::Refused(ApiError::Conflict("stale", stale)));
            }
            let detail = form.kind.code();
            here.audit.append(tx, &may, |e| e.about_all(both(place, &row)).on(id).detail(detail))?;
            Ok(())
        })
        .await
}

/// What the found person of a verified candidate has agreed to have told, and nothing besides.
///
/// # Errors
/// Not found; the audit log is away.
pub async fn releasable(
    core: &Core,
    may: &May<ReleaseNews>,
    id: CandidateId,
) -> Result<Vec<Released>, ApiError> {
    let (asked, now) = (may.clone(), core.clock.now());
    let (row, place, agreed) = core
        .db
        .read(move |conn| {
            let row = store::find(conn, &asked, id)?;
            let place = one_place(conn, &row)?;
            let mut agreed = Vec::new();
            if row.state == CandidateState::Verified.code() {
                for kind in Released::ALL {
                    let consent = consent::current(conn, row.found_id, kind.consent(), now)?;
                    agreed.extend(consent.filter(|consent| consent.in_force).map(|_| *kind));
                }
            }
            Ok::<_, DbError>((row, place, agreed))
        })
        .await?;
    core.audit.look(may, |e| e.about_all(both(place, &row)).on(id).detail("release_options")).await?;
    Ok(agreed)
}

/// What has to be known before anything about a found person leaves. In doubt somebody is a child: one record
/// that says so is enough.
struct Safety {
    request: RequestId,
    minor: bool,
    /// Somebody noted that a carer may be the danger.
    caregiver_implicated: bool,
    /// Everything is recorded that a child's place asks for.
    checked_for_a_child: bool,
}

impl Safety {
    /// Looks, and the log says so.
    async fn of(core: &Core, may: &May<ReleaseNews>, id: CandidateId) -> Result<Self, ApiError> {
        let (here, asked) = (core.clone(), may.clone());
        let (row, place, rows, event) = core
            .db
            .read(move |conn| {
                let row = store::find(conn, &asked, id)?;
                let place = one_place(conn, &row)?;
                let mut rows = Vec::new();
                for person in people::of_record(conn, &asked, &both(place, &row))? {
                    let key = key_of(conn, &here.vault, person.id)?;
                    rows.push((person, key));
                }
                let verified = CandidateState::Verified.code();
                let event = store::events(conn, id)?.into_iter().rfind(|event| event.to_state == verified);
                Ok::<_, DbError>((row, place, rows, event))
            })
            .await?;
        let (mut minor, mut caregiver_implicated) = (false, false);
        for (person, key) in &rows {
            let subject = people::subject(core, person, key).await?;
            minor |= subject.minor;
            caregiver_implicated |= subject.caregiver_implicated;
        }
        let narrative = ClassSet::of(&[Class::Narrative]);
        let receipt = core
            .audit
            .look(may, |e| e.about_all(both(place, &row)).on(id).opening(narrative).detail("release_check"))
            .await?;
        let key = rows.iter().find(|(person, _)| person.id == place.sought_person);
        let note = event.as_ref().and_then(|e| e.note_sealed.as_ref().map(|note| (e, note)));
        let checked_for_a_child = match (key, note) {
            (Some((_, key)), Some((event, note))) => {
                let seat = core.vault.seat(key, event.id.bytes(), event.version);
                let words = seat.open::<CandidateNote>(&receipt, note)?;
                words.expose().0.checks.is_some_and(|checks| checks.suffice_for_a_child())
            }
            _ => false,
        };
        Ok(Self { request: place.request, minor, caregiver_implicated, checked_for_a_child })
    }
}

/// A carer may be the danger: the request waits for a reviewer, unless one has looked already.
async fn stop(core: &Core, may: &May<ReleaseNews>, safety: &Safety) -> Result<(), ApiError> {
    let (here, may, request) = (core.clone(), may.clone(), safety.request);
    core.db.write(move |tx| requests::stop(tx, &here, &may, request)).await?;
    core.changes.wake();
    Ok(())
}

/// What may be said to the enquirer, in one word and a sentence. The same bytes for everybody of whom nothing may be
/// said: no id, no time, no count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EnquirerStatusView)]
pub struct StatusView {
    pub status: EnquirerStatus,
    /// The sentence to say.
    pub sentence: &'static str,
    /// The day of the news, where the found person agreed to a yes and a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub since: Option<Day>,
}

/// What the enquirer of a request may know.
///
/// # Errors
/// Not found; the audit log is away.
pub async fn enquirer_status(
    core: &Core,
    may: May<ReadRequest>,
    id: RequestId,
) -> Result<StatusView, ApiError> {
    let (state, told) = requests::state_and_told(core, &may, id).await?;
    let now = core.clock.now();
    let released = core.db.read(move |conn| store::released(conn, id, now)).await?;
    let kinds: Vec<Released> = released.iter().map(|(kind, _)| *kind).collect();
    let status = requests::enquirer_status(state, told, &kinds);
    let since = match status {
        EnquirerStatus::SafeAndWell | EnquirerStatus::ContactRestored => {
            released.first().map(|(_, at)| at.day())
        }
        _ => None,
    };
    Ok(StatusView { status, sentence: sentence(status), since })
}

fn sentence(status: EnquirerStatus) -> &'static str {
    match status {
        EnquirerStatus::Received => "We have received your request and are looking at what we can do.",
        EnquirerStatus::NotAccepted => "We are not able to take on this search, and will explain why.",
        EnquirerStatus::SearchContinues => {
            "The search continues. We will come to you when there is news we can share."
        }
        EnquirerStatus::SafeAndWell => "Your relative has let you know: safe and well.",
        EnquirerStatus::ContactRestored => "Your relative has agreed to be in contact with you.",
        EnquirerStatus::SearchEnded => {
            "The search has ended. It can be taken up again when there is something new."
        }
        EnquirerStatus::InPerson => "We would like to speak with you in person.",
    }
}
