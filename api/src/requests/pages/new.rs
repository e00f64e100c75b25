//! Opening a tracing request on a page: who asks, how they can be reached safely, everybody they seek, and who beyond
//! the own society may know of it. Without script: another sought person is a button that brings the form back longer.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::asked::{Asked, Kind, as_asked, choices, filled_rows};
use super::fields::{self, call, looked_for};
use crate::auth::Core;
use crate::kernel::{ApiError, Invalid, SocietyId, Wrong, codes};
use crate::people::{PersonForm, PlaceForm, Relation};
use crate::policy::{May, OpenRequest};
use crate::requests::model::*;
use crate::requests::service;
use crate::web::{self, Filled, Form, Idempotency, Shell};

/// Rows for the circulation list; longer lists are kept through programs.
const CIRCULATION_ROWS: usize = 3;

codes! {
    /// What happens once the request is written down.
    pub Begin { Search = "search", Assess = "assess" }
}

/// What the page asks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenForm {
    channel: Option<Channel>,
    interview_language: Option<String>,
    #[serde(default)]
    interpreter: bool,
    received_on: Option<String>,
    #[serde(default)]
    enquirer: PersonForm,
    safe_contact: Option<SafeForm>,
    circumstances: Option<CircumstancesForm>,
    #[serde(default)]
    sought: Vec<OneSought>,
    #[serde(default)]
    circulation: Vec<Told>,
    blocked_countries: Option<String>,
    begin: Option<Begin>,
}

/// A sought person as the page asks; the relation may still be missing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneSought {
    #[serde(default)]
    person: PersonForm,
    nickname: Option<String>,
    relation: Option<Relation>,
    last_contact: Option<LastContactForm>,
    last_place: Option<PlaceForm>,
    journey: Option<JourneyForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SafeForm {
    times: Option<String>,
    #[serde(default)]
    may_leave_message: bool,
    alternate: Option<Other>,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Other {
    name: Option<String>,
    relation: Option<Relation>,
    phone: Option<String>,
}

/// A row of the circulation list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    rule: Option<Rule>,
    society: Option<SocietyId>,
}

impl OpenForm {
    /// The same as a program would send.
    fn request(self, language: &str) -> Result<RequestForm, Invalid> {
        let choose = || Wrong::Missing.says("is missing; choose one");
        let mut problems = Invalid::default();
        let mut sought = Vec::new();
        for (at, mut one) in self.sought.into_iter().enumerate() {
            call(&mut one.person, one.nickname);
            let OneSought { person, last_contact, last_place, journey, .. } = one;
            match one.relation {
                Some(relation) => {
                    sought.push(SoughtForm { person, relation, last_contact, last_place, journey });
                }
                None => problems.note(format!("sought[{at}].relation"), choose()),
            }
        }
        let alternate = |other: Other, problems: &mut Invalid| match other.relation {
            Some(relation) => {
                Some(AlternateForm { name: other.name.unwrap_or_default(), relation, phone: other.phone })
            }
            None => {
                problems.note("safe_contact.alternate.relation", choose());
                None
            }
        };
        let safe_contact = self.safe_contact.map(|safe| SafeContactForm {
            times: safe.times,
            may_leave_message: safe.may_leave_message,
            alternate: safe.alternate.and_then(|other| alternate(other, &mut problems)),
            note: safe.note,
        });
        let mut circulation = Vec::new();
        for (at, row) in self.circulation.into_iter().enumerate() {
            match (row.rule, row.society) {
                (Some(rule), Some(society)) => {
                    let recipient = society.to_string();
                    circulation.push(EntryForm { kind: RecipientKind::Society, recipient, rule });
                }
                (None, _) => problems.note(format!("circulation[{at}].rule"), choose()),
                (_, None) => problems.note(format!("circulation[{at}].society"), choose()),
            }
        }
        let countries = self.blocked_countries.unwrap_or_default();
        let countries = countries.split([' ', ',', ';']).filter(|code| !code.is_empty());
        circulation.extend(countries.map(|code| EntryForm {
            kind: RecipientKind::Country,
            recipient: code.to_owned(),
            rule: Rule::Block,
        }));
        problems.ok()?;
        Ok(RequestForm {
            channel: self.channel.unwrap_or(Channel::InPerson),
            interview_language: self.interview_language.unwrap_or_else(|| language.to_owned()),
            interpreter: self.interpreter,
            received_on: self.received_on,
            enquirer: self.enquirer,
            safe_contact,
            circumstances: self.circumstances,
            sought,
            circulation,
            next_contact_due: None,
        })
    }
}

/// The form, filled or blank.
#[derive(Template)]
#[template(path = "requests/new.html")]
struct New {
    t: Shell,
    form: Filled,
    /// How many sought persons it has room for.
    rows: usize,
    societies: Vec<(String, String)>,
}

impl New {
    async fn with(
        t: Shell,
        form: Filled,
        may: &May<OpenRequest>,
        core: &Core,
        more: usize,
    ) -> Result<Self, ApiError> {
        let societies = service::recipients(core, may).await?;
        let societies = societies.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
        let rows = (rows_of(&form) + more).clamp(1, MAX_SOUGHT);
        Ok(Self { t, form, rows, societies })
    }

    /// Everything about the conversation and who asks.
    fn enquirer(&self) -> Vec<Asked> {
        let t = &self.t;
        let line = |name: &str, key: &str| Asked::new(t, name, key, Kind::Line(200));
        vec![
            line("enquirer.given_names", "request-enquirer-given"),
            line("enquirer.family_names", "request-enquirer-family"),
            line("enquirer.original_script_name", "request-enquirer-script"),
            Asked::new(t, "enquirer.phones.0", "request-enquirer-phone", Kind::Phone),
            Asked::new(t, "enquirer.reach.email", "request-enquirer-email", Kind::Email),
        ]
    }

    fn safe_contact(&self) -> Vec<Asked> {
        fields::safe_contact(&self.t)
    }

    fn sought(&self, at: &usize) -> Vec<Asked> {
        let t = &self.t;
        let name = |name: &str| format!("sought.{at}.{name}");
        let mut fields = vec![
            Asked::new(t, name("relation"), "request-relation", choices(t, "relation-", Relation::CODES))
                .hint(t, "request-relation-hint"),
        ];
        fields.extend(looked_for(t, &format!("sought.{at}.")));
        fields.push(Asked::new(t, name("person.description"), "request-description", Kind::Prose(2000)));
        fields.extend(fields::way(t, &name("")));
        fields.into_iter().map(|field| field.numbered(at + 1)).collect()
    }

    fn circumstances(&self) -> Vec<Asked> {
        fields::circumstances(&self.t)
    }

    fn concerns(&self) -> impl Iterator<Item = ConflictConcern> {
        let noted_by_people = |one: &ConflictConcern| *one != ConflictConcern::NotFamilyOfMinor;
        ConflictConcern::ALL.iter().copied().filter(noted_by_people)
    }

    fn circulation(&self) -> Vec<Asked> {
        let t = &self.t;
        let mut fields = Vec::new();
        for at in 0..CIRCULATION_ROWS {
            let society = Kind::Choice(self.societies.clone());
            let rule = choices(t, "request-rule-", Rule::CODES);
            let fresh =
                |name: &str, key: &str, kind| Asked::new(t, format!("circulation.{at}.{name}"), key, kind);
            fields.push(fresh("society", "request-society", society).numbered(at + 1));
            fields.push(fresh("rule", "request-rule", rule).numbered(at + 1));
        }
        let blocked = Asked::new(t, "blocked_countries", "request-blocked-countries", Kind::Code(200));
        fields.push(blocked.hint(t, "request-blocked-countries-hint"));
        fields
    }

    fn case(&self) -> Vec<Asked> {
        let t = &self.t;
        vec![
            Asked::new(t, "channel", "request-channel", choices(t, "request-channel-", Channel::CODES))
                .needed(),
            Asked::new(t, "interview_language", "request-language", Kind::Code(12))
                .hint(t, "request-language-hint")
                .needed(),
            Asked::new(t, "interpreter", "request-interpreter", Kind::Box),
            Asked::new(t, "received_on", "request-received-on", Kind::Code(10)).hint(t, "ask-day-hint"),
        ]
    }

    /// People count from one.
    fn number(&self, at: &usize) -> usize {
        at + 1
    }

    fn begins(&self) -> &'static [Begin] {
        Begin::ALL
    }

    /// What a field is called on this page, for the summary of problems.
    fn label(&self, field: &str) -> Option<String> {
        let sought = (0..self.rows).flat_map(|at| self.sought(&at));
        let rest =
            [self.case(), self.enquirer(), self.safe_contact(), self.circumstances(), self.circulation()];
        rest.into_iter().flatten().chain(sought).find(|asked| asked.name == field).map(|asked| asked.label)
    }
}

/// How many sought persons a form has room for: each sends its relation, chosen or not.
fn rows_of(form: &Filled) -> usize {
    let sent = |at: &usize| {
        let name = format!("sought.{at}.relation");
        !form.one(&name).is_empty() || form.is(&name, "")
    };
    (0..MAX_SOUGHT).take_while(sent).count()
}

/// `GET /requests/new`
pub async fn blank(t: Shell, may: May<OpenRequest>, core: Data<Core>) -> Result<HttpResponse, ApiError> {
    let begun = [
        ("channel", Channel::InPerson.code()),
        ("interview_language", t.lang()),
        ("begin", Begin::Search.code()),
    ];
    web::page(&New::with(t, Filled::from_pairs(begun), &may, &core, 1).await?)
}

/// `POST /requests/new`: the form again with room for one more; nothing is kept.
pub async fn longer(
    t: Shell,
    may: May<OpenRequest>,
    form: Form<IgnoredAny>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (_, filled) = form.split();
    web::page(&New::with(t, filled, &may, &core, 1).await?)
}

/// `POST /requests`
pub async fn open(
    t: Shell,
    may: May<OpenRequest>,
    once: Idempotency,
    form: Form<OpenForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let opened = match input {
        Ok(input) => {
            let begin = input.begin.unwrap_or(Begin::Search);
            let today = core.clock.now().day();
            match input.request(t.lang()).and_then(|form| NewRequest::parse(form, today)) {
                Ok(request) if begin == Begin::Search => {
                    service::open_accepted(&core, may.clone(), once, request).await
                }
                Ok(request) => service::open(&core, may.clone(), once, request).await,
                Err(problems) => Err(problems.into()),
            }
        }
        Err(error) => Err(error),
    };
    match opened {
        Ok(id) => Ok(web::see_other(&format!("/requests/{id}?done=opened"))),
        Err(error) => {
            let mut page = New::with(t, filled, &may, &core, 0).await?;
            let names: Vec<String> = page
                .sought(&0)
                .into_iter()
                .filter_map(|asked| asked.name.strip_prefix("sought.0.").map(str::to_owned))
                .collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let sought = filled_rows(&page.form, "sought", page.rows, &names);
            let told = filled_rows(&page.form, "circulation", CIRCULATION_ROWS, &["rule", "society"]);
            let error = as_asked(error, |list, at| match list {
                "sought" => sought.get(at).copied().unwrap_or(at),
                "circulation" => told.get(at).copied().unwrap_or(CIRCULATION_ROWS),
                _ => at,
            });
            page.form = page.form.with(countries_named(error))?;
            web::page_again(&page)
        }
    }
}

/// Countries stand behind the rows in the list that is sent, and in a field of their own on the page.
fn countries_named(error: ApiError) -> ApiError {
    let ApiError::Invalid(mut problems) = error else { return error };
    for problem in &mut problems.0 {
        let mut steps = problem.field.split('.');
        let place = (steps.next(), steps.next().and_then(|at| at.parse::<usize>().ok()), steps.next());
        if let (Some("circulation"), Some(at), Some("recipient")) = place {
            let field = format!("circulation.{at}.society");
            problem.field = if at == CIRCULATION_ROWS { "blocked_countries".to_owned() } else { field };
        }
    }
    ApiError::Invalid(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_as_many_rows_as_it_sent_and_blank_ones_are_no_entries() {
        let form = Filled::from_pairs([
            ("sought.0.relation", ""),
            ("sought.0.person.given_names", " "),
            ("sought.1.relation", "son"),
            ("sought.2.relation", ""),
            ("sought.2.person.given_names", "Yusuf"),
        ]);
        assert_eq!(rows_of(&form), 3);
        assert_eq!(filled_rows(&form, "sought", 3, &["relation", "person.given_names"]), [1, 2]);
        assert_eq!(rows_of(&Filled::blank()), 0);
    }
}
