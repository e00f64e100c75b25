//! The protection officer's pages: refer, follow, receive, and what is late.

mod copied;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use crate::auth::Core;
use crate::kernel::{ApiError, MAX_PAGE, Page, PageRequest, PersonId, Reference, ReferralId, Wrong, invalid};
use crate::people;
use crate::policy::{Action, AnswerReferral, May, ReadOverdueReferrals, ReadReferral, SendReferral};
use crate::referrals::coverage::{FieldCoverage, Standing};
use crate::referrals::fields::DisclosedField;
use crate::referrals::model::{Late, Mode, Receiver, ReceiverForm, ReferralForm, Service, Urgency};
use crate::referrals::pressing::LateAt;
use crate::referrals::reading;
use crate::referrals::service::{self, Stepped};
use crate::referrals::states::{Side, Step};
use crate::referrals::store::Choice;
use crate::referrals::told::{FollowUpBy, NeedMet, Outcome, Reason, StepForm};
use crate::referrals::view::{ReferralItem, ReferralView};
use crate::web::{self, Filled, Form, Id, Idempotency, Labels, Query, Shell};

/// Where a referral begins: the pages after it are answers to a form, and have no address of their own.
const NEW: &str = "/referrals/new";

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
    lists: Vec<(Side, Page<ReferralItem>)>,
    reads: bool,
}

/// Both sides from the beginning, or one side further on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverdueOn {
    side: Option<Side>,
    after: Option<LateAt>,
}

/// `GET /referrals/overdue`: what both sides have let pass its time.
pub async fn overdue(
    t: Shell,
    may: May<ReadOverdueReferrals>,
    on: Query<OverdueOn>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let mut lists = Vec::new();
    for side in Side::ALL.iter().copied().filter(|side| on.0.side.is_none_or(|only| only == *side)) {
        let page = PageRequest { after: on.0.after.filter(|_| on.0.side.is_some()), limit: MAX_PAGE };
        lists.push((side, reading::overdue(&core, may.clone(), side, page).await?));
    }
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

/// How the steps call what they ask.
const STEP_LABELS: Labels = &[
    ("reason", "referral-reason"),
    ("outcome.code", "referral-outcome"),
    ("follow_up.on", "referral-follow-up-on"),
    ("follow_up.by", "referral-follow-up-by"),
    ("follow_up.need_met", "referral-need-met"),
    ("note", "referral-note"),
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
    person: String,
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
    asked: Asked,
}

/// What the second page stands on: to whom, and field by field what the person allows.
struct Asked {
    receiver: String,
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
        Ok(form) => judge(&core, &may, &form.person, &form.receiver, form.service).await,
        Err(error) => Err(error),
    };
    match judged {
        Ok(asked) => web::page(&Fields { t: t.at(NEW), form: filled, asked }),
        Err(error) => {
            let form = filled.with(as_asked(error))?.labelled(LABELS);
            web::page_again(&New::answer(t.at(NEW), form, &may, &core).await?)
        }
    }
}

/// The person meant by an id, or by the reference on their card. Unknown and out of reach are not told apart.
async fn whom(core: &Core, may: &May<SendReferral>, text: &str) -> Result<PersonId, ApiError> {
    let (text, asked) = (text.trim(), may.clone());
    let found = match (text.parse::<PersonId>(), Reference::parse(text)) {
        (Ok(id), _) => core.db.read(move |conn| people::find(conn, &asked, id)).await.map(|row| row.id),
        (_, Ok(card)) => people::find_by_card(core, may, card).await,
        _ => {
            let wrong = Wrong::NotAnId.says("is not taken; a person's id (per_…) or a printed reference is");
            return Err(invalid("person", wrong));
        }
    };
    found.map_err(|error| match error {
        ApiError::NotFound => invalid("person", Wrong::Unknown.says("names nobody you can refer")),
        other => other,
    })
}

async fn judge(
    core: &Core,
    may: &May<SendReferral>,
    person: &str,
    receiver: &str,
    service: Service,
) -> Result<Asked, ApiError> {
    let receiver = receiver_form(receiver)?;
    let person = whom(core, may, person).await?;
    let name = service::may_be_told(core, may, &receiver).await?;
    let judged = service::check(core, may.clone(), person, &receiver, service).await?;
    Ok(Asked { receiver: name, minor: judged.minor, fields: judged.fields })
}

fn receiver_form(id: &str) -> Result<ReceiverForm, ApiError> {
    let receiver: Receiver = id.parse()?;
    Ok(ReceiverForm { kind: receiver.kind(), id: receiver.to_string() })
}

/// The whole referral.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftForm {
    person: String,
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
        person: whom(&core, &may, &person).await?,
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
            let asked = judge(&core, &may, &person, &receiver, service).await?;
            web::page_again(&Fields { t: t.at(NEW), form, asked })
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
    /// Giving up on the receiver is offered once its time has passed.
    fn offered(&self, step: &Step) -> bool {
        match step {
            Step::NoResponse => self.view.item.late.contains(&Late::Acknowledgement),
            Step::Expire => self.view.item.late.contains(&Late::Service),
            _ => true,
        }
    }
    /// One line of the copy, in words.
    fn copied(&self, field: &DisclosedField, line: &str) -> String {
        copied::line(&self.t, *field, line)
    }
    /// Whether this is the step that was sent and not taken: its form keeps what was typed.
    fn again(&self, step: &Step) -> bool {
        self.form.is("step", step.code())
    }
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
            let form = filled.with(error)?.labelled(STEP_LABELS);
            let view = reading::show(core, may, id).await?;
            web::page_again(&Show { t, form, view })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Language;
    use crate::referrals::service::Warning;
    use crate::referrals::states::State;

    #[test]
    fn every_code_has_its_word_in_every_language() {
        let lists: [(&str, &[&str]); 20] = [
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
            ("copied-level-", people::Difficulty::CODES),
            ("copied-concern-", people::Concern::CODES),
            ("copied-care-", people::Care::CODES),
            ("copied-risk-", people::RiskLevel::CODES),
            ("visit-sex-", people::Sex::CODES),
            ("referral-list-", Side::CODES),
            ("referral-kind-", crate::referrals::model::ReceiverKind::CODES),
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
