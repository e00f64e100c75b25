//! One person's consents on a page: what they agreed to, in words, and what came before; an answer recorded; a yes taken
//! back in two presses. The person is called by their reference: no name is opened for it.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use chrono::Duration;
use serde::Deserialize;

use crate::auth::Core;
use crate::consent::{
    self, AnswerAt, Assent, ConsentForm, ConsentKind, ConsentStatus, ConsentView, GivenBy, Method,
    RestrictionsForm,
};
use crate::kernel::{ApiError, ConsentId, MAX_PAGE, PageRequest, PersonId, RequestId, Timestamp, codes};
use crate::people::service::{self, Answered, Answers, WithdrawalForm};
use crate::policy::{Action, May, ReadConsent, ReadRegister, RecordConsent};
use crate::web::{self, Filled, Form, Id, Idempotency, Labels, Query, Shell};

codes! {
    /// What was just done.
    pub Done {
        Answered = "answered",
        Withdrawn = "withdrawn",
        /// Neither: another answer has come since, which an old page or a second press leaves as it is.
        Since = "since",
    }
}

codes! {
    /// How a newest answer stands.
    pub Standing {
        InForce = "in_force",
        /// A yes whose last day is over.
        RanOut = "ran_out",
        /// A yes that counts for nothing while the person does not agree to be kept.
        Rests = "rests",
        NoYes = "no_yes",
    }
}

/// How the page calls its fields.
const LABELS: Labels = &[
    ("kind", "consent-kind"),
    ("status", "consent-status"),
    ("given_by", "consent-given-by"),
    ("assent", "consent-assent"),
    ("method", "consent-method"),
    ("language", "consent-language"),
    ("valid_until", "consent-valid-until"),
    ("note", "consent-note"),
];

/// What the page asks for one answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerForm {
    kind: ConsentKind,
    status: ConsentStatus,
    given_by: Option<GivenBy>,
    assent: Option<Assent>,
    method: Option<Method>,
    language: String,
    #[serde(default)]
    interpreter: bool,
    valid_until: Option<String>,
    note: Option<String>,
}

impl AnswerForm {
    /// The same as a program would send.
    fn consent(self) -> ConsentForm {
        let restrictions =
            self.note.map(|note| RestrictionsForm { note: Some(note), ..RestrictionsForm::default() });
        ConsentForm {
            kind: self.kind,
            status: self.status,
            given_by: self.given_by,
            assent: self.assent,
            method: self.method,
            language: self.language,
            interpreter: self.interpreter,
            valid_until: self.valid_until,
            legal_basis: None,
            restrictions,
        }
    }
}

/// The request it is done for, which earlier answers, and what was just done.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    from: Option<RequestId>,
    after: Option<AnswerAt>,
    done: Option<Done>,
    /// The answer that this was.
    answer: Option<ConsentId>,
}

#[derive(Template)]
#[template(path = "people/consents.html")]
struct Consents {
    t: Shell,
    id: PersonId,
    of: Of,
    answers: Answers,
    now: Timestamp,
    /// The answer that is recorded.
    form: Filled,
    /// What stands against taking a yes back.
    taking: Filled,
    /// The words that are read out before somebody answers; none for whoever records nothing.
    words: Vec<(ConsentKind, String)>,
}

impl Consents {
    async fn new(
        t: Shell,
        may: &May<ReadConsent>,
        core: &Core,
        id: PersonId,
        of: Of,
    ) -> Result<Self, ApiError> {
        let page = PageRequest { after: of.after, limit: MAX_PAGE };
        let answers = service::answers(core, may, id, page).await?;
        let form = Filled::from_pairs([("language", t.lang())]);
        let t = t.at(format!("/people/{id}/consents"));
        let mut words = Vec::new();
        if t.may(Action::RecordConsent) {
            let reading: May<ReadRegister> = may.also()?;
            for kind in ConsentKind::ALL {
                words.push((*kind, consent::words(core, &reading, *kind, t.lang()).await?));
            }
        }
        Ok(Self { t, id, of, answers, now: core.clock.now(), form, taking: Filled::blank(), words })
    }

    fn back(&self) -> String {
        self.of.from.map_or_else(|| "/people".to_owned(), |from| format!("/requests/{from}"))
    }

    /// What the addresses of the forms say of where the reader came from.
    fn origin(&self) -> String {
        self.of.from.map(|from| format!("?from={from}")).unwrap_or_default()
    }

    /// The next page of earlier answers.
    fn further(&self) -> Option<String> {
        let next = self.answers.earlier.next.as_ref()?;
        let from = self.of.from.map(|from| format!("&from={from}")).unwrap_or_default();
        Some(format!("/people/{}/consents?after={next}{from}", self.id))
    }

    /// What to say was done: only as long as it stands, whatever a browser keeps or sends again.
    fn done(&self) -> Option<Done> {
        let stands = |id: ConsentId| self.answers.newest.iter().any(|line| line.id == id);
        match (self.of.done?, self.of.answer) {
            (_, Some(id)) if !stands(id) => Some(Done::Since),
            (done, _) => Some(done),
        }
    }

    fn may_record(&self) -> bool {
        self.t.may(Action::RecordConsent)
    }

    fn standing(&self, line: &ConsentView) -> Standing {
        match (line.status, line.valid_until) {
            _ if line.in_force => Standing::InForce,
            (ConsentStatus::Given, Some(until)) if until <= self.now => Standing::RanOut,
            (ConsentStatus::Given, _) => Standing::Rests,
            _ => Standing::NoYes,
        }
    }

    /// A yes that rests comes back with the yes to being kept, so it may be taken back too.
    fn is_taken_back(&self, line: &ConsentView) -> bool {
        self.may_record() && matches!(self.standing(line), Standing::InForce | Standing::Rests)
    }

    fn last_day(&self, line: &ConsentView) -> Option<String> {
        line.valid_until.map(|until| self.t.day(until.minus(Duration::microseconds(1)).day()))
    }

    fn unasked(&self) -> Vec<String> {
        let asked = |kind: &&ConsentKind| self.answers.newest.iter().any(|line| line.kind == **kind);
        let open = ConsentKind::ALL.iter().filter(|kind| !asked(kind));
        open.map(|kind| self.t.tr_code("consent-kind-", kind)).collect()
    }

    fn kinds(&self) -> &'static [ConsentKind] {
        ConsentKind::ALL
    }

    /// A yes is taken back where it stands.
    fn statuses(&self) -> impl Iterator<Item = ConsentStatus> {
        ConsentStatus::ALL.iter().copied().filter(|status| *status != ConsentStatus::Withdrawn)
    }

    fn givers(&self) -> impl Iterator<Item = GivenBy> {
        let decides = self.t.may(Action::DecideBestInterest);
        GivenBy::ALL.iter().copied().filter(move |giver| decides || *giver != GivenBy::BestInterestDecision)
    }

    fn assents(&self) -> impl Iterator<Item = Assent> {
        Assent::ALL.iter().copied().filter(|assent| *assent != Assent::NotNeeded)
    }

    fn methods(&self) -> impl Iterator<Item = Method> {
        Method::ALL.iter().copied().filter(|method| *method != Method::None)
    }
}

/// Names problems as the page names its fields.
fn as_asked(error: ApiError) -> ApiError {
    let ApiError::Invalid(mut problems) = error else { return error };
    for problem in &mut problems.0 {
        if let Some(field) = problem.field.strip_prefix("restrictions.") {
            problem.field = field.to_owned();
        }
    }
    ApiError::Invalid(problems)
}

fn done(id: PersonId, of: Of, done: Done, Answered { id: answer }: Answered) -> HttpResponse {
    let from = of.from.map(|from| format!("&from={from}")).unwrap_or_default();
    web::see_other(&format!("/people/{id}/consents?done={done}&answer={answer}{from}"))
}

/// `GET /people/{id}/consents`
pub async fn show(
    t: Shell,
    may: May<ReadConsent>,
    id: Id<PersonId>,
    of: Query<Of>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    web::page(&Consents::new(t, &may, &core, id.0, of.0).await?)
}

/// `POST /people/{id}/consents`
pub async fn answer(
    t: Shell,
    may: May<RecordConsent>,
    once: Idempotency,
    id: Id<PersonId>,
    of: Query<Of>,
    form: Form<AnswerForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let answered = match input {
        Ok(form) => service::answer(&core, may.clone(), once, id.0, &form.consent()).await,
        Err(error) => Err(error),
    };
    match answered {
        Ok(answered) => Ok(done(id.0, of.0, Done::Answered, answered)),
        Err(error) => {
            let form = filled.with(as_asked(error))?.labelled(LABELS);
            let page = Consents::new(t, &may.also()?, &core, id.0, of.0).await?;
            web::page_again(&Consents { form, ..page })
        }
    }
}

/// `POST /people/{id}/withdrawals`
pub async fn withdraw(
    t: Shell,
    may: May<RecordConsent>,
    once: Idempotency,
    id: Id<PersonId>,
    of: Query<Of>,
    form: Form<WithdrawalForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let taken = match input {
        Ok(form) => service::withdraw(&core, may.clone(), once, id.0, &form).await,
        Err(error) => Err(error),
    };
    match taken {
        Ok(answered) => Ok(done(id.0, of.0, Done::Withdrawn, answered)),
        Err(error) => {
            let taking = filled.with(error)?;
            let page = Consents::new(t, &may.also()?, &core, id.0, of.0).await?;
            web::page_again(&Consents { taking, ..page })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Language;

    #[test]
    fn every_code_has_its_word_in_every_language() {
        let lists: [(&str, &[&str]); 6] = [
            ("consent-kind-", ConsentKind::CODES),
            ("consent-status-", ConsentStatus::CODES),
            ("consent-method-", Method::CODES),
            ("consent-standing-", Standing::CODES),
            ("consent-done-", Done::CODES),
            ("visit-giver-", GivenBy::CODES),
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
