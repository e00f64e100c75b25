//! The way of a referral: drafted, judged, sent, answered, ended. Each step is one transaction with its leaf; what must
//! be opened first is opened under a receipt of its own.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::consents::{self, Judged, Question};
use super::copy::Envelope;
use super::coverage::all_covered;
use super::fields::DisclosedField;
use super::model::{NewReferral, Receiver, ReceiverForm, ReferralForm, Service};
use super::providers::{Pathway, ProviderKind};
use super::states::{Side, State, Step};
use super::store::{self, Advance, Choice, Draft, EventRow, ReceiverFacts, ReferralRow};
use super::told::{StepForm, Told};
use crate::audit::Event;
use crate::auth::Core;
use crate::db::{Conn, DbError};
use crate::kernel::{
    ActionId, ApiError, ConsentId, Fault, Invalid, PersonId, Reference, ReferralId, SocietyId, Wrong, codes,
    invalid,
};
use crate::people;
use crate::policy::{AnswerReferral, May, Permission, SendReferral};
use crate::vault::{Json, store as keys};
use crate::web::Idempotency;

codes! {
    /// What the drafter should know before sending. None of it stops a referral.
    pub Warning {
        /// The pathway to the provider is past its review day.
        PathwayReviewOverdue = "pathway_review_overdue",
        PathwayNeverVerified = "pathway_never_verified",
        /// The directory does not list the service for this provider.
        ServiceNotListed = "service_not_listed",
    }
}

/// A drafted referral.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Drafted {
    #[schema(value_type = String)]
    pub id: ReferralId,
    pub warnings: Vec<Warning>,
}

/// Where a referral stands after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stepped {
    pub state: State,
    pub version: i64,
}

fn stale() -> DbError {
    DbError::Refused(ApiError::Conflict("stale", "the record has changed since you read it; read it again"))
}

fn conflict(code: &'static str, sentence: &'static str) -> DbError {
    DbError::Refused(ApiError::Conflict(code, sentence))
}

/// Looks the receiver up and refuses those who cannot receive: the own society, an inactive provider, and an authority
/// that would be told anything about the person.
fn receiver_for(
    conn: &mut Conn,
    society: SocietyId,
    new: &NewReferral,
    core: &Core,
) -> Result<ReceiverFacts, DbError> {
    let facts = known_receiver(conn, society, new.receiver, core)?;
    may_receive(society, new.receiver, &facts, new.fields.is_empty())?;
    Ok(facts)
}

fn known_receiver(
    conn: &mut Conn,
    society: SocietyId,
    receiver: Receiver,
    core: &Core,
) -> Result<ReceiverFacts, DbError> {
    store::receiver(conn, society, receiver, core.clock.now().day()).map_err(|error| match error {
        DbError::NotFound => {
            let problem = "names no society, service point or provider of yours that can receive";
            DbError::Refused(invalid("receiver.id", Wrong::Unknown.says(problem)))
        }
        other => other,
    })
}

fn may_receive(
    society: SocietyId,
    receiver: Receiver,
    facts: &ReceiverFacts,
    nothing_leaves: bool,
) -> Result<(), DbError> {
    let refuse = |fault: Fault| Err(DbError::Refused(invalid("receiver.id", fault)));
    if receiver == Receiver::Society(society) {
        return refuse(Wrong::OwnSociety.says("is your own society; choose one of its service points"));
    }
    match &facts.provider {
        Some(provider) if !provider.active => {
            refuse(Wrong::InactiveProvider.says("is a provider that is no longer active"))
        }
        Some(provider) if provider.kind == ProviderKind::Authority && !nothing_leaves => refuse(
            Wrong::Authority.says("is an authority: nothing about a person goes there; leave fields empty"),
        ),
        _ => Ok(()),
    }
}

/// What to know of a receiver before sending.
pub fn warnings(facts: &ReceiverFacts, service: Service) -> Vec<Warning> {
    let Some(provider) = &facts.provider else { return Vec::new() };
    let pathway = match provider.pathway {
        Pathway::Current => None,
        Pathway::ReviewOverdue => Some(Warning::PathwayReviewOverdue),
        Pathway::NeverVerified => Some(Warning::PathwayNeverVerified),
    };
    let listed = provider.services.contains(&service);
    pathway.into_iter().chain((!listed).then_some(Warning::ServiceNotListed)).collect()
}

/// Drafts a referral. Nothing leaves yet.
///
/// # Errors
/// Input problems; the person is not found; the receiver cannot receive.
pub async fn draft(
    core: &Core,
    may: May<SendReferral>,
    once: Idempotency,
    form: ReferralForm,
) -> Result<Drafted, ApiError> {
    let new = NewReferral::try_from(form)?;
    let society = may.society().ok_or(ApiError::Forbidden)?;
    let here = core.clone();
    core.db
        .write(move |tx| {
            let (caller, now) = (may.clone(), here.clock.now());
            once.run(tx, &caller, now, |tx| store_draft(tx, &here, &may, society, &new))
        })
        .await
}

fn store_draft(
    tx: &mut Conn,
    core: &Core,
    may: &May<SendReferral>,
    society: SocietyId,
    new: &NewReferral,
) -> Result<Drafted, DbError> {
    people::find(tx, may, new.person)?;
    consents::still_kept(tx, new.person, core.clock.now())?;
    let facts = receiver_for(tx, society, new, core)?;
    let key = keys::key_of(tx, &core.vault, new.person)?;
    let id = ReferralId::new(core.clock.as_ref(), &core.chance);
    let seat = core.vault.seat(&key, id.bytes(), 1);
    let draft = Draft {
        new,
        reference: Reference::new(&core.chance),
        answering: facts.answering,
        now: core.clock.now(),
        need_sealed: seat.seal(&new.need.as_str().to_owned()),
        outcome_sealed: seat.seal(&Json(None)),
    };
    store::insert(tx, may, id, &draft)?;
    let digest = crypto::derive::sha256(&[draft.need_sealed.bytes()]);
    core.audit.append(tx, may, |leaf| leaf.about(new.person).on(id).detail("drafted").digest(digest))?;
    Ok(Drafted { id, warnings: warnings(&facts, new.service) })
}

/// What a person's consents would let leave to a receiver, field by field: for choosing before drafting.
///
/// # Errors
/// The person or receiver is not found.
pub async fn check(
    core: &Core,
    may: May<SendReferral>,
    person: PersonId,
    receiver: &ReceiverForm,
    service: Service,
) -> Result<Judged, ApiError> {
    let receiver = Receiver::parse(receiver.kind, &receiver.id)?;
    let question = Question { person, receiver, service };
    let (here, asked) = (core.clone(), may.clone());
    let found = core.db.read(move |conn| consents::find(conn, &here, &asked, question)).await?;
    let receipt = core
        .audit
        .look(&may, |event| {
            event.about(person).opening(consents::classes(&BTreeSet::new())).detail("consent_checked")
        })
        .await?;
    let all = DisclosedField::ALL.iter().copied();
    Ok(consents::judge(core, &receipt, found, all, question)?.0)
}

/// Whether anything about a person may go to this receiver at all, told before anything is ticked; and its name.
///
/// # Errors
/// The receiver is unknown, the own society, no longer active, or an authority.
pub async fn may_be_told(
    core: &Core,
    may: &May<SendReferral>,
    receiver: &ReceiverForm,
) -> Result<String, ApiError> {
    let society = may.society().ok_or(ApiError::Forbidden)?;
    let receiver = Receiver::parse(receiver.kind, &receiver.id)?;
    let here = core.clone();
    core.db
        .read(move |conn| {
            let facts = known_receiver(conn, society, receiver, &here)?;
            may_receive(society, receiver, &facts, false)?;
            Ok::<_, DbError>(facts.name)
        })
        .await
}

/// Who can be chosen as a receiver: other societies, service points, own providers.
///
/// # Errors
/// The database is away.
pub async fn choices(core: &Core, may: &May<SendReferral>) -> Result<[Vec<Choice>; 3], ApiError> {
    let society = may.society().ok_or(ApiError::Forbidden)?;
    core.db.read(move |conn| store::choices(conn, society)).await
}

/// A step of the sending side.
///
/// # Errors
/// Not found; stale; no such move; something asked is missing; a field without consent.
pub async fn step(
    core: &Core,
    may: May<SendReferral>,
    id: ReferralId,
    form: StepForm,
) -> Result<Stepped, ApiError> {
    let told = Told::parse(form, core.clock.now().day())?;
    if told.step.side() != Side::Sender {
        return Err(invalid("step", Wrong::NotHere.says("is for the receiver; it belongs to answers")));
    }
    let leaving = match told.step {
        Step::RecordConsent | Step::Send => leaving(core, &may, id, &told).await?,
        _ => None,
    };
    let here = core.clone();
    core.db
        .write(move |tx| {
            let row = store::find_to_send(tx, &may, id)?;
            let now = here.clock.now();
            let Some(Leaving { copy, judged }) = leaving else {
                return take(tx, &here, &may, row, told, None);
            };
            if !consents::stand(tx, &row, Some(&judged), now)? {
                return Err(conflict("consent_changed", "a consent has changed meanwhile; check it again"));
            }
            store::rest_on(tx, id, &judged)?;
            take(tx, &here, &may, row, told, Some(copy))
        })
        .await
}

/// A step of the receiving side, or of the sender for a receiver who has no account here.
///
/// # Errors
/// Not found; stale; no such move; something asked is missing.
pub async fn answer(
    core: &Core,
    may: May<AnswerReferral>,
    id: ReferralId,
    form: StepForm,
) -> Result<Stepped, ApiError> {
    let told = Told::parse(form, core.clock.now().day())?;
    if told.step.side() != Side::Receiver {
        return Err(invalid("step", Wrong::NotHere.says("is for the sender; it belongs to steps")));
    }
    let here = core.clone();
    core.db
        .write(move |tx| {
            let row = store::find_to_answer(tx, &may, id)?;
            let foreign = may.society() != Some(row.society);
            if foreign && !consents::still_stand(tx, &row, here.clock.now())? {
                return Err(DbError::NotFound);
            }
            if let (Step::Acknowledge, Some(account)) = (told.step, may.account()) {
                store::assign(tx, id, account, here.clock.now())?;
            }
            take(tx, &here, &may, row, told, None)
        })
        .await
}

/// What is about to leave, and the answers of the person that allow it.
struct Leaving {
    copy: String,
    judged: BTreeSet<ConsentId>,
}

/// Judges every field that is to leave and, for sending, renders the copy.
async fn leaving(
    core: &Core,
    may: &May<SendReferral>,
    id: ReferralId,
    told: &Told,
) -> Result<Option<Leaving>, ApiError> {
    let society = may.society().ok_or(ApiError::NotFound)?;
    let (here, asked) = (core.clone(), may.clone());
    let (version, step) = (told.version, told.step);
    let (row, found, question) = core
        .db
        .read(move |conn| {
            let row = store::find_to_send(conn, &asked, id)?;
            possible(&row, step, version)?;
            let question = Question { person: row.person, receiver: row.receiver, service: row.service };
            consents::still_kept(conn, row.person, here.clock.now())?;
            let found = consents::find(conn, &here, &asked, question)?;
            may_receive(society, row.receiver, &found.facts, row.fields.is_empty())?;
            Ok::<_, DbError>((row, found, question))
        })
        .await?;
    let classes = consents::classes(&row.fields);
    let receipt = core.audit.look(may, |event| event.about(row.person).on(id).opening(classes)).await?;
    let (judged, person, key) = consents::judge(core, &receipt, found, row.fields.iter().copied(), question)?;
    if let Err(problems) = all_covered(&judged.fields) {
        let refused = Event::new(may.action(), may.purpose()).refused().about(row.person).on(id);
        core.audit.note(may.caller().clone(), refused.detail("field_without_consent")).await?;
        return Err(problems.into());
    }
    if step != Step::Send {
        return Ok(None);
    }
    let envelope = Envelope {
        reference: row.reference.clone(),
        sent_at: core.clock.now(),
        from: row.society.to_string(),
        to: row.receiver.to_string(),
        urgency: row.urgency,
        service: row.service,
        mode: row.mode,
        escort_needed: row.escort_needed,
    };
    let fields = consents::open_fields(core, &receipt, &row, &person, &key)?;
    Ok(Some(Leaving { copy: envelope.around(fields).render(), judged: judged.answers }))
}

/// The referral still stands where it was seen, and the table knows the move.
fn possible(row: &ReferralRow, step: Step, version: i64) -> Result<State, DbError> {
    if row.version != version {
        return Err(stale());
    }
    step.from(row.state)
        .ok_or_else(|| conflict("step_not_possible", "the referral is not in a state that allows this step"))
}

/// Moves a referral on, in the caller's transaction, with its event and its leaf.
fn take<P: Permission>(
    tx: &mut Conn,
    core: &Core,
    may: &May<P>,
    row: ReferralRow,
    told: Told,
    copy: Option<String>,
) -> Result<Stepped, DbError> {
    let now = core.clock.now();
    let state = possible(&row, told.step, told.version)?;
    told.fits(told.step.asks(row.state)).map_err(|problems: Invalid| DbError::Refused(problems.into()))?;
    let waited_for = match (told.step, &row.sent) {
        (Step::NoResponse, Some((_, due))) => Some(due.acknowledged),
        (Step::Expire, Some((_, due))) => Some(due.served),
        _ => None,
    };
    if waited_for.is_some_and(|due| due >= now) {
        return Err(conflict("not_due_yet", "the time for this has not passed yet"));
    }

    let key = keys::key_of(tx, &core.vault, row.person)?;
    let refused = |error: crate::vault::VaultError| DbError::Refused(error.into());
    let (held, next) = (core.vault.seat(&key, row.id.bytes(), row.version), row.version + 1);
    let seat = core.vault.seat(&key, row.id.bytes(), next);
    let copy_sealed = match (copy, &row.copy_sealed) {
        (Some(copy), _) => Some(seat.seal(&copy)),
        (None, Some(sealed)) => Some(held.carry(sealed, next).map_err(refused)?),
        (None, None) => None,
    };
    let outcome_sealed = match told.outcome {
        Some(outcome) => seat.seal(&Json(Some(outcome))),
        None => held.carry(&row.outcome_sealed, next).map_err(refused)?,
    };
    let to = Advance {
        state,
        sent: if state == State::Sent { Some((now, row.urgency.due(now))) } else { row.sent },
        need_sealed: held.carry(&row.need_sealed, next).map_err(refused)?,
        copy_sealed,
        outcome_sealed,
    };
    if !store::advance(tx, row.id, row.version, &to, now)? {
        return Err(stale());
    }
    let event_id = ActionId::new(core.clock.as_ref(), &core.chance);
    let event = EventRow {
        id: event_id,
        from: row.state,
        to: state,
        reason: told.reason,
        at: now,
        by: may.account(),
        version: next,
        note_sealed: core.vault.seat(&key, event_id.bytes(), next).seal(&Json(told.said)),
    };
    store::insert_event(tx, row.id, &event)?;
    let copy_bytes = to.copy_sealed.as_ref().map_or(&[][..], |copy| copy.bytes());
    let digest = crypto::derive::sha256(&[copy_bytes, to.outcome_sealed.bytes(), event.note_sealed.bytes()]);
    core.audit
        .append(tx, may, |leaf| leaf.about(row.person).on(row.id).detail(told.step.leaf()).digest(digest))?;
    Ok(Stepped { state, version: next })
}
