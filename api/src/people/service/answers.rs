//! A person's consents: read, answered, withdrawn. Answers are appended; nothing is overwritten.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{deciding, reach, store, subject};
use crate::auth::Core;
use crate::consent::{
    self, AnswerAt, Append, Assent, ConsentForm, ConsentKind, ConsentStatus, ConsentView, GivenBy, Method,
    NewConsent,
};
use crate::db::DbError;
use crate::kernel::{ApiError, ConsentId, Page, PageRequest, PersonId};
use crate::policy::{May, ReadConsent, RecordConsent};
use crate::web::Idempotency;

/// Taking a yes back. Needs no reason.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalForm {
    pub kind: ConsentKind,
    pub given_by: Option<GivenBy>,
    pub method: Method,
    #[schema(max_length = 12)]
    pub language: String,
    #[serde(default)]
    pub interpreter: bool,
}

/// The id of an answer.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct Answered {
    #[schema(value_type = String)]
    pub id: ConsentId,
}

/// The answers of a person, newest first within each kind.
///
/// # Errors
/// Not found, or the service is unavailable.
pub async fn consents(
    core: &Core,
    may: &May<ReadConsent>,
    id: PersonId,
    page: PageRequest<AnswerAt>,
) -> Result<Page<ConsentView>, ApiError> {
    let (_, key) = reach(core, may, id).await?;
    let (limit, now) = (page.limit, core.clock.now());
    let rows = core.db.read(move |conn| consent::history(conn, id, page.after, limit + 1, now)).await?;
    let Page { items, next } = Page::cut(rows, limit, |answer| answer.place().to_string());
    let receipt = core.audit.look(may, |e| e.about(id).on(id).opening(may.classes())).await?;
    Ok(Page { items: consent::views(items, &core.vault, &key, &receipt)?, next })
}

/// What a person's page says of their consents.
pub struct Answers {
    pub reference: String,
    /// The newest answer of each kind that was asked, in the order of kinds.
    pub newest: Vec<ConsentView>,
    /// A page of those before, newest first within each kind.
    pub earlier: Page<ConsentView>,
}

/// The newest answer of each kind, and a page of the earlier ones: one look at the person, and one line in the log.
///
/// # Errors
/// Not found, or the service is unavailable.
pub async fn answers(
    core: &Core,
    may: &May<ReadConsent>,
    id: PersonId,
    page: PageRequest<AnswerAt>,
) -> Result<Answers, ApiError> {
    let (row, key) = reach(core, may, id).await?;
    let (limit, now) = (page.limit, core.clock.now());
    let (newest, all) = core
        .db
        .read(move |conn| {
            let newest = consent::newest(conn, id, ConsentKind::ALL.iter().copied(), now)?;
            Ok::<_, DbError>((newest, consent::history(conn, id, page.after, limit + 1, now)?))
        })
        .await?;
    let Page { items, next } = Page::cut(all, limit, |answer| answer.place().to_string());
    let receipt = core.audit.look(may, |e| e.about(id).on(id).opening(may.classes())).await?;
    let newest = consent::views(newest, &core.vault, &key, &receipt)?;
    let mut items = consent::views(items, &core.vault, &key, &receipt)?;
    items.retain(|line| newest.iter().all(|shown| shown.id != line.id));
    Ok(Answers { reference: row.reference, newest, earlier: Page { items, next } })
}

/// Records an answer.
///
/// # Errors
/// What is wrong with it, who may give it or record it instead; answered too often today; not found; stale when the person
/// was changed meanwhile.
pub async fn answer(
    core: &Core,
    may: May<RecordConsent>,
    once: Idempotency,
    id: PersonId,
    form: &ConsentForm,
) -> Result<Answered, ApiError> {
    let consent = NewConsent::parse(form, core.clock.now().day())?;
    append(core, may, once, id, consent).await
}

/// Takes a yes back. From the commit on nobody may act on it, and the index lets go of the person.
///
/// # Errors
/// Nothing is in force; what is wrong with the input; not found.
pub async fn withdraw(
    core: &Core,
    may: May<RecordConsent>,
    once: Idempotency,
    id: PersonId,
    form: &WithdrawalForm,
) -> Result<Answered, ApiError> {
    let form = ConsentForm {
        kind: form.kind,
        status: ConsentStatus::Withdrawn,
        given_by: form.given_by,
        assent: None,
        method: Some(form.method),
        language: form.language.clone(),
        interpreter: form.interpreter,
        valid_until: None,
        legal_basis: None,
        restrictions: None,
    };
    answer(core, may, once, id, &form).await
}

async fn append(
    core: &Core,
    may: May<RecordConsent>,
    once: Idempotency,
    id: PersonId,
    consent: NewConsent,
) -> Result<Answered, ApiError> {
    let decision = deciding(&may, consent.answer.given_by)?;
    let (row, key) = reach(core, &may, id).await?;
    // Only a yes asks who gave it.
    let assent = if consent.answer.status == ConsentStatus::Given {
        consent.for_subject(subject(core, &row, &key).await?)?
    } else {
        consent.answer.assent.unwrap_or(Assent::NotNeeded)
    };
    let inside = core.clone();
    let answered = core
        .db
        .write(move |tx| {
            let now = inside.clock.now();
            let asking = may.clone();
            once.run(tx, &asking, now, |tx| {
                // Again inside the transaction: a restriction or an erasure may have come in between.
                store::hold(tx, &[id])?;
                let found = store::find(tx, &may, id)?;
                if consent.answer.status == ConsentStatus::Given && found.version != row.version {
                    // Who may say yes was judged by an age or a carer that no longer stands there. A no always counts.
                    return Err(store::stale());
                }
                if consent.answer.status == ConsentStatus::Withdrawn {
                    let held = consent::current(tx, id, consent.kind, now)?;
                    if held.is_none_or(|held| held.status != ConsentStatus::Given) {
                        let sentence = "there is no consent of this kind to withdraw";
                        return Err(DbError::Refused(ApiError::Conflict("nothing_to_withdraw", sentence)));
                    }
                }
                let append = Append {
                    vault: &inside.vault,
                    key: &key,
                    clock: inside.clock.as_ref(),
                    chance: &inside.chance,
                    by: may.account(),
                };
                let made = consent::insert(tx, &append, id, &consent, assent)?;
                let leaf = |e: crate::audit::Event| e.about(id).on(made).detail(consent.answer.status.code());
                match &decision {
                    Some(decision) => inside.audit.append(tx, decision, leaf)?,
                    None => inside.audit.append(tx, &may, leaf)?,
                };
                store::note_person_change(tx, &row, now)?;
                Ok(Answered { id: made })
            })
        })
        .await?;
    core.changes.wake();
    Ok(answered)
}
