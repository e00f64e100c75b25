//! What the enquirer's side may learn: exactly what the found person agreed to, one release at a time, each with the
//! consent it rests on. Without one the enquirer's status does not change, whatever was found.

use serde::Serialize;
use utoipa::ToSchema;

use super::decide::{both, one_place};
use super::limits::without_limits;
use super::safety::Safety;
use crate::auth::Core;
use crate::consent::{self, ConsentKind, Current};
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, CandidateId, Day, PersonId, RequestId, Timestamp};
use crate::matches::model::*;
use crate::matches::store::{self, CandidateRow, Place};
use crate::policy::{Class, ClassSet, May, ReadRequest, ReleaseNews};
use crate::requests::{self, EnquirerStatus, Released};
use crate::vault::CandidateNote;
use crate::vault::store::key_of;

/// Releases one piece of news. As long as a released location stands, the found person's record is open to whoever works
/// on the request and carries it to the family (`people::find_released`): the service sends nothing.
///
/// # Errors
/// Not verified; the found person has not agreed, or whoever agreed for them could not; a child's place without
/// every check; a possible conflict of interest, or an enquirer who may be kept no longer; not found; stale.
pub async fn release(
    core: &Core,
    may: May<ReleaseNews>,
    id: CandidateId,
    form: ReleaseForm,
) -> Result<(), ApiError> {
    let by = may.account().ok_or(ApiError::Forbidden)?;
    let (asked, now) = (may.clone(), core.clock.now());
    let ReleaseForm { version, kind } = form;
    let (row, place) = core
        .db
        .read(move |conn| {
            let row = store::find(conn, &asked, id)?;
            let (place, _) = may_be_told(conn, &row, version, kind, now)?;
            Ok::<_, DbError>((row, place))
        })
        .await?;
    let safety = Safety::of(core, &may, &row, place).await?;
    if safety.caregiver_implicated || safety.stranger_to_a_child {
        safety.stop(core, &may).await?;
    }
    if kind == Released::Location && safety.minor && !checked_for_a_child(core, &may, &row, place).await? {
        return Err(ApiError::Conflict(
            "child_checks_missing",
            "a child's place is released only after both interviews, separate facts, documents and a best-interest \
             assessment are recorded",
        ));
    }
    let judged = without_limits(core, &may, id, kind).await?;
    let here = core.clone();
    core.db
        .write(move |tx| {
            let now = here.clock.now();
            let row = store::find(tx, &may, id)?;
            let (place, agreed) = may_be_told(tx, &row, version, kind, now)?;
            for yes in [&agreed.found, &agreed.told] {
                Safety::suits(safety.found, yes)?;
            }
            let agreed = agreed.told.id;
            store::insert_release(tx, &here, id, kind, agreed, by)?;
            // The version moves on, so that nothing is released twice by pressing twice.
            store::update(tx, &row, store::Change::keeping(&row, CandidateState::Verified), now)?;
            if judged != Some(agreed) {
                let stale = "the found person has just answered anew; read it again";
                return Err(DbError::Refused(ApiError::Conflict("stale", stale)));
            }
            let detail = kind.code();
            here.audit.append(tx, &may, |e| e.about_all(both(place, &row)).on(id).detail(detail))?;
            Ok(())
        })
        .await
}

/// The request that may hear it, and the yeses it rests on. Whoever takes their place in the search back has taken back
/// what would be told of it, and the refusal is that of somebody who never agreed.
fn may_be_told(
    conn: &mut Conn,
    row: &CandidateRow,
    version: i64,
    kind: Released,
    now: Timestamp,
) -> Result<(Place, Agreed), DbError> {
    if row.version != version {
        let stale = "the record has changed since you read it; read it again";
        return Err(DbError::Refused(ApiError::Conflict("stale", stale)));
    }
    if row.state != CandidateState::Verified.code() {
        let refused = "only a verified relation can lead to news for the family";
        return Err(DbError::Refused(ApiError::Conflict("not_verified", refused)));
    }
    let place = one_place(conn, row)?;
    requests::goes_on(conn, place.request, now)?;
    match agreed(conn, row.found_id, kind, now)? {
        Some(agreed) => Ok((place, agreed)),
        None => {
            let refused = "the found person has not agreed to have this told";
            Err(DbError::Refused(ApiError::Conflict("not_agreed", refused)))
        }
    }
}

/// The found person's yeses that news rest on: to be found at all, and to have this told.
struct Agreed {
    found: Current,
    told: Current,
}

fn agreed(
    conn: &mut Conn,
    found: PersonId,
    kind: Released,
    now: Timestamp,
) -> Result<Option<Agreed>, DbError> {
    let mut yes =
        |kind| Ok::<_, DbError>(consent::current(conn, found, kind, now)?.filter(|yes| yes.in_force));
    let Some(found) = yes(ConsentKind::TracingSearch)? else { return Ok(None) };
    Ok(yes(kind.consent())?.map(|told| Agreed { found, told }))
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
    let (row, place, told) = core
        .db
        .read(move |conn| {
            let row = store::find(conn, &asked, id)?;
            let place = one_place(conn, &row)?;
            let mut told = Vec::new();
            if row.state == CandidateState::Verified.code() {
                for kind in Released::ALL {
                    told.extend(agreed(conn, row.found_id, *kind, now)?.map(|_| *kind));
                }
            }
            Ok::<_, DbError>((row, place, told))
        })
        .await?;
    core.audit.look(may, |e| e.about_all(both(place, &row)).on(id).detail("release_options")).await?;
    Ok(told)
}

/// Whether everything is recorded that a child's place asks for. Looking is audited.
async fn checked_for_a_child(
    core: &Core,
    may: &May<ReleaseNews>,
    row: &CandidateRow,
    place: Place,
) -> Result<bool, ApiError> {
    let (vault, id) = (core.vault.clone(), row.id);
    let (key, verified) = core
        .db
        .read(move |conn| {
            let key = key_of(conn, &vault, place.sought_person)?;
            let to = CandidateState::Verified.code();
            Ok::<_, DbError>((key, store::events(conn, id)?.into_iter().rfind(|event| event.to_state == to)))
        })
        .await?;
    let narrative = ClassSet::of(&[Class::Narrative]);
    let receipt = core
        .audit
        .look(may, |e| e.about_all(both(place, row)).on(id).opening(narrative).detail("release_check"))
        .await?;
    let Some((event, note)) = verified.as_ref().and_then(|e| Some((e, e.note_sealed.as_ref()?))) else {
        return Ok(false);
    };
    let seat = core.vault.seat(&key, event.id.bytes(), event.version);
    let words = seat.open::<CandidateNote>(&receipt, note)?;
    Ok(words.expose().0.checks.is_some_and(|checks| checks.suffice_for_a_child()))
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
    let (state, chosen) = requests::state_and_chosen(core, &may, id).await?;
    let now = core.clock.now();
    let account = may.account();
    let news = core.db.read(move |conn| store::released(conn, id, account, now)).await?;
    let status = requests::enquirer_status(state, chosen, &news);
    let since = match status {
        EnquirerStatus::SafeAndWell | EnquirerStatus::ContactRestored => {
            news.first().map(|news| news.at.day())
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
