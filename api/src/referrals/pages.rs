//! The protection officer's pages: refer, follow, receive, and what is late.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::coverage::{FieldCoverage, Standing};
use super::fields::DisclosedField;
use super::model::{Mode, Receiver, ReceiverForm, ReferralForm, Service, Urgency};
use super::reading;
use super::service::{self, Stepped};
use super::states::{Side, Step};
use super::store::Choice;
use super::told::{FollowUpBy, NeedMet, Outcome, Reason, StepForm};
use super::view::{ReferralItem, ReferralView};
use crate::auth::Core;
use crate::kernel::{ApiError, MAX_PAGE, Page, PageRequest, PersonId, ReferralId};
use crate::policy::{AnswerReferral, May, ReadOverdueReferrals, ReadReferral, SendReferral};
use crate::web::{self, Filled, Form, Id, Idempotency, Labels, Query, Shell};

#[derive(Template)]
#[template(path = "referrals/list.html")]
struct List {
    t: Shell,
    side: Side,
    page: Page<ReferralItem>,
}

/// Which page of a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    after: Option<ReferralId>,
}

/// `GET /referrals`: what we sent.
pub async fn sent(
    t: Shell,
    may: May<ReadReferral>,
    after: Query<After>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    list(t, may, Side::Sender, after.0, &core).await
}

/// `GET /referrals/inbox`: what we received.
pub async fn inbox(
    t: Shell,
    may: May<ReadReferral>,
    after: Query<After>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    list(t, may, Side::Receiver, after.0, &core).await
}

async fn list(
    t: Shell,
    may: May<ReadReferral>,
    side: Side,
    after: After,
    core: &Core,
) -> Result<HttpResponse, ApiError> {
    let page = PageRequest { after: after.after, limit: MAX_PAGE };
    let page = reading::list(core, may, side, page).await?;
    web::page(&List { t, side, page })
}

#[derive(Template)]
#[template(path = "referrals/overdue.html")]
struct Overdue {
    t: Shell,
    lists: [(Side, Vec<ReferralItem>); 2],
    reads: bool,
}

/// `GET /referrals/overdue`: what both sides have let pass its time.
pub async fn overdue(
    t: Shell,
    may: May<ReadOverdueReferrals>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let sent = reading::overdue(&core, may.clone(), Side::Sender).await?;
    let received = reading::overdue(&core, may.clone(), Side::Receiver).await?;
    let lists = [(Side::Sender, sent), (Side::Receiver, received)];
    web::page(&Overdue { t, lists, reads: may.also::<ReadReferral>().is_ok() })
}

/// How the two pages of a new referral call their fields.
const LABELS: Labels = &[
    ("person", "referral-person"),
    ("receiver", "referral-receiver"),
    ("service", "referral-service"),
    ("urgency", "referral-urgency"),
    ("mode", "referral-mode"),
    ("fields", "referral-what-leaves"),
    ("need", "referral-need"),
];

/// Names problems as the pages name their fields: a receiver is one choice, and what leaves is one list.
fn as_asked(error: ApiError) -> ApiError {
    let ApiError::Invalid(mut problems) = error else { return error };
    for problem in &mut problems.0 {
        for whole in ["receiver", "fields"] {
            if problem.field.starts_with(&format!("{whole}.")) {
                problem.field = whole.to_owned();
            }
        }
    }
    problems.0.dedup_by(|a, b| a.field == b.field && a.code == b.code);
    ApiError::Invalid(problems)
}

#[derive(Template)]
#[template(path = "referrals/new.html")]
struct New {
    t: Shell,
    form: Filled,
    choices: [(&'static str, Vec<Choice>); 3],
}

impl New {
    async fn answer(t: Shell, form: Filled, may: &May<SendReferral>, core: &Core) -> Result<Self, ApiError> {
        let [societies, points, providers] = service::choices(core, may).await?;
        let choices = [
            ("referral-choose-society", societies),
            ("referral-choose-point", points),
            ("referral-choose-provider", providers),
        ];
        Ok(Self { t, form, choices })
    }

    fn services(&self) -> &'static [Service] {
        Service::ALL
    }
    fn urgencies(&self) -> &'static [Urgency] {
        Urgency::ALL
    }
    fn modes(&self) -> &'static [Mode] {
        Mode::ALL
    }
}

/// For whom, if a person's page led here.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct For {
    person: Option<PersonId>,
}

/// `GET /referrals/new`: whom, to whom, for what.
pub async fn new(
    t: Shell,
    may: May<SendReferral>,
    person: Query<For>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let person = person.0.person.map(|id| ("person", id.to_string()));
    web::page(&New::answer(t, Filled::from_pairs(person), &may, &core).await?)
}

/// The first half of a referral: everything but what is told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "parsed here so that a wrong one is told before the fields are chosen")]
pub struct ChooseForm {
    person: PersonId,
    receiver: String,
    service: Service,
    urgency: Urgency,
    mode: Mode,
    #[serde(default)]
    escort_needed: bool,
}

#[derive(Template)]
#[template(path = "referrals/fields.html")]
struct Fields {
    t: Shell,
    form: Filled,
    minor: bool,
    fields: Vec<FieldCoverage>,
}

impl Fields {
    fn covered(&self, field: &FieldCoverage) -> bool {
        field.standing == Standing::Covered
    }
}

/// `POST /referrals/fields`: shows, field by field, what the person allows.
pub async fn fields(
    t: Shell,
    may: May<SendReferral>,
    form: Form<ChooseForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let judged = match input {
        Ok(form) => judge(&core, &may, form.person, &form.receiver, form.service).await,
        Err(error) => Err(error),
    };
    match judged {
        Ok((minor, fields)) => web::page(&Fields { t, form: filled, minor, fields }),
        Err(error) => {
            let form = filled.with(as_asked(error))?.labelled(LABELS);
            web::page_again(&New::answer(t, form, &may, &core).await?)
        }
    }
}

async fn judge(
    core: &Core,
    may: &May<SendReferral>,
    person: PersonId,
    receiver: &str,
    service: Service,
) -> Result<(bool, Vec<FieldCoverage>), ApiError> {
    let receiver = receiver_form(receiver)?;
    let judged = service::check(core, may.clone(), person, &receiver, service).await?;
    Ok((judged.minor, judged.fields))
}

fn receiver_form(id: &str) -> Result<ReceiverForm, ApiError> {
    let receiver: Receiver = id.parse()?;
    Ok(ReceiverForm { kind: receiver.kind(), id: receiver.to_string() })
}

/// The whole referral.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftForm {
    person: PersonId,
    receiver: String,
    service: Service,
    urgency: Urgency,
    mode: Mode,
    #[serde(default)]
    escort_needed: bool,
    #[serde(default)]
    fields: Vec<DisclosedField>,
    #[serde(default)]
    need: String,
}

/// `POST /referrals`: drafts it.
pub async fn draft(
    t: Shell,
    may: May<SendReferral>,
    once: Idempotency,
    form: Form<DraftForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let form = input?;
    let (person, service, receiver) = (form.person, form.service, form.receiver.clone());
    let referral = ReferralForm {
        person,
        receiver: receiver_form(&form.receiver)?,
        urgency: form.urgency,
        service,
        mode: form.mode,
        escort_needed: form.escort_needed,
        fields: form.fields,
        need: form.need,
    };
    match service::draft(&core, may.clone(), once, referral).await {
        Ok(drafted) => Ok(web::see_other(&format!("/referrals/{}", drafted.id))),
        Err(error) => {
            let form = filled.with(as_asked(error))?.labelled(LABELS);
            let (minor, fields) = judge(&core, &may, person, &receiver, service).await?;
            web::page_again(&Fields { t, form, minor, fields })
        }
    }
}

#[derive(Template)]
#[template(path = "referrals/show.html")]
struct Show {
    t: Shell,
    form: Filled,
    view: ReferralView,
}

impl Show {
    fn reasons(&self, step: &Step) -> &'static [Reason] {
        Reason::accepted(*step)
    }
    fn asks_reason(&self, step: &Step) -> bool {
        step.asks(self.view.item.state).reason
    }
    fn asks_outcome(&self, step: &Step) -> bool {
        step.asks(self.view.item.state).outcome
    }
    fn asks_follow_up(&self, step: &Step) -> bool {
        step.asks(self.view.item.state).follow_up
    }
    /// Where a step is posted.
    fn address(&self, step: &Step) -> String {
        let place = if step.side() == Side::Sender { "steps" } else { "answers" };
        format!("/referrals/{}/{place}", self.view.item.id)
    }
    /// The steps that go forward are offered first and loudest.
    fn forward(&self, step: &Step) -> bool {
        matches!(
            step,
            Step::RecordConsent
                | Step::Send
                | Step::Acknowledge
                | Step::Accept
                | Step::Start
                | Step::Complete
                | Step::Close
        )
    }
    fn covered(&self, field: &FieldCoverage) -> bool {
        field.standing == Standing::Covered
    }
    fn outcomes(&self) -> &'static [Outcome] {
        Outcome::ALL
    }
    fn follow_up_ways(&self) -> &'static [FollowUpBy] {
        FollowUpBy::ALL
    }
    fn need_met(&self) -> &'static [NeedMet] {
        NeedMet::ALL
    }
}

/// `GET /referrals/{id}`.
pub async fn show(
    t: Shell,
    may: May<ReadReferral>,
    id: Id<ReferralId>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let view = reading::show(&core, may, id.0).await?;
    web::page(&Show { t, form: Filled::blank(), view })
}

/// `POST /referrals/{id}/steps`.
pub async fn step(
    t: Shell,
    may: May<SendReferral>,
    id: Id<ReferralId>,
    form: Form<StepForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let done = match input {
        Ok(form) => service::step(&core, may.clone(), id.0, form).await,
        Err(error) => Err(error),
    };
    after_step(t, may.also()?, id.0, done, filled, &core).await
}

/// `POST /referrals/{id}/answers`.
pub async fn answer(
    t: Shell,
    may: May<AnswerReferral>,
    id: Id<ReferralId>,
    form: Form<StepForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let done = match input {
        Ok(form) => service::answer(&core, may.clone(), id.0, form).await,
        Err(error) => Err(error),
    };
    after_step(t, may.also()?, id.0, done, filled, &core).await
}

/// Back to the referral, or to the list when the step took it out of sight; the same page again when it was refused.
async fn after_step(
    t: Shell,
    may: May<ReadReferral>,
    id: ReferralId,
    done: Result<Stepped, ApiError>,
    filled: Filled,
    core: &Core,
) -> Result<HttpResponse, ApiError> {
    match done {
        Ok(stepped) => {
            let sent = reading::is_ours(core, &may, id).await?;
            let to = if sent || stepped.state.is_open() {
                format!("/referrals/{id}")
            } else {
                "/referrals/inbox".into()
            };
            Ok(web::see_other(&to))
        }
        Err(error) => {
            let form = filled.with(error)?;
            let view = reading::show(core, may, id).await?;
            web::page_again(&Show { t, form, view })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Language;
    use crate::referrals::model::Late;
    use crate::referrals::service::Warning;
    use crate::referrals::states::State;

    #[test]
    fn every_code_has_its_word_in_every_language() {
        let lists: [(&str, &[&str]); 15] = [
            ("referral-state-", State::CODES),
            ("referral-step-", Step::CODES),
            ("referral-reason-", Reason::CODES),
            ("referral-outcome-", Outcome::CODES),
            ("referral-by-", FollowUpBy::CODES),
            ("referral-met-", NeedMet::CODES),
            ("referral-service-", Service::CODES),
            ("referral-urgency-", Urgency::CODES),
            ("referral-mode-", Mode::CODES),
            ("referral-field-", DisclosedField::CODES),
            ("referral-standing-", Standing::CODES),
            ("referral-late-", Late::CODES),
            ("referral-warning-", Warning::CODES),
            ("referral-list-", Side::CODES),
            ("referral-kind-", super::super::model::ReceiverKind::CODES),
        ];
        for language in Language::ALL {
            for (prefix, codes) in lists {
                for code in codes {
                    let key = format!("{prefix}{code}").replace('_', "-");
                    assert!(web::find(*language, &key).is_some(), "{key} in {language}");
                }
            }
        }
    }
}
