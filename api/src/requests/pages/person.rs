//! Changing on a page who somebody is: whoever asks, or whoever is sought. Only what the reader's role opens is asked, and
//! only the parts that differ from what stands are written.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::asked::{Asked, Kind, Standing, by_rows, choices, filled_rows, rows_shown};
use super::steps::Done;
use crate::auth::Core;
use crate::kernel::{ApiError, PersonId, RequestId};
use crate::people::{self, EditForm, NameKind, PersonField, PersonForm, PersonView, Sex};
use crate::policy::{EditPerson, May, ReadPerson};
use crate::requests::store;
use crate::web::{self, Filled, Form, Id, Query, Shell, Shown};

/// Rows to spare in a list, and how many there may be.
const ROWS: (usize, usize) = (1, 10);
/// A list whose rows are one field each.
const PLAIN: &[&str] = &[""];

/// The lists of the form, and what a row of each holds.
const LISTS: [(&str, &[&str]); 5] = [
    ("person.other_names", &["name", "kind"]),
    ("person.nationalities", PLAIN),
    ("person.languages", PLAIN),
    ("person.phones", PLAIN),
    ("person.reach.messaging", &["service", "handle"]),
];

use PersonField as F;

/// What is asked, group by group. What is about protection is the protection officer's, through programs.
const GROUPS: [(&str, &[PersonField]); 3] = [
    (
        "request-edit-names",
        &[
            F::GivenNames,
            F::FamilyNames,
            F::FullName,
            F::OriginalScriptName,
            F::OtherNames,
            F::FatherName,
            F::MotherName,
            F::GrandfatherName,
            F::SpouseName,
        ],
    ),
    ("request-edit-about", &[F::Sex, F::Birth, F::Nationalities, F::Languages, F::Origin, F::Description]),
    ("request-edit-reach", &[F::Phones, F::Reach]),
];

/// What the page asks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonPage {
    version: i64,
    #[serde(default)]
    person: PersonForm,
}

#[derive(Template)]
#[template(path = "requests/person.html")]
struct Person {
    t: Shell,
    may: May<EditPerson>,
    view: PersonView,
    form: Filled,
    of: Of,
}

impl Person {
    /// Each group's heading and fields.
    fn groups(&self) -> Vec<(String, Vec<Asked>)> {
        let fields = |parts: &[PersonField]| -> Vec<Asked> {
            let open = parts.iter().filter(|part| self.may.opens(part.class()));
            open.flat_map(|part| asked(&self.t, &self.form, *part)).collect()
        };
        let groups = GROUPS.iter().map(|(key, parts)| (self.t.tr(key), fields(parts)));
        groups.filter(|(_, fields)| !fields.is_empty()).collect()
    }

    fn address(&self) -> String {
        let from = self.of.from.map(|from| format!("?from={from}")).unwrap_or_default();
        format!("/people/{}/edit{from}", self.view.id)
    }

    fn back(&self) -> String {
        self.of.from.map_or_else(|| "/".to_owned(), |from| format!("/requests/{from}"))
    }

    fn label(&self, field: &str) -> Option<String> {
        let mut all = self.groups().into_iter().flat_map(|(_, fields)| fields);
        all.find(|asked| asked.name == field).map(|asked| asked.label)
    }
}

/// The fields of one part, as many rows of a list as the form has and one to spare.
fn asked(t: &Shell, form: &Filled, part: PersonField) -> Vec<Asked> {
    let ask = |name: &str, key: &str, kind| Asked::new(t, format!("person.{name}"), key, kind);
    let line = |key: &str| vec![ask(part.code(), key, Kind::Line(200))];
    let list = format!("person.{part}");
    let rows = |list: &str| {
        let names = LISTS.iter().find(|(known, _)| *known == list).map_or(PLAIN, |(_, names)| names);
        0..rows_shown(form, list, ROWS, names)
    };
    let each = |key: &str, kind: fn() -> Kind| -> Vec<Asked> {
        let row = |row| ask(&format!("{part}.{row}"), key, kind()).numbered(row + 1);
        rows(&list).map(row).collect()
    };
    match part {
        F::GivenNames => line("ask-given-names"),
        F::FamilyNames => line("ask-family-names"),
        F::FullName => line("ask-full-name"),
        F::OriginalScriptName => line("ask-original-script"),
        F::FatherName => line("ask-father"),
        F::MotherName => line("ask-mother"),
        F::GrandfatherName => line("ask-grandfather"),
        F::SpouseName => line("ask-spouse"),
        F::OtherNames => rows(&list)
            .flat_map(|row| {
                let kind = choices(t, "name-kind-", NameKind::CODES);
                let (name, of) = (format!("other_names.{row}.name"), format!("other_names.{row}.kind"));
                [ask(&name, "ask-other-name", Kind::Line(200)), ask(&of, "ask-other-kind", kind)]
                    .map(|asked| asked.numbered(row + 1))
            })
            .collect(),
        F::Sex => vec![ask("sex", "ask-sex", choices(t, "ask-sex-", Sex::CODES))],
        F::Birth => vec![
            ask("birth.date", "ask-birth-date", Kind::Code(10)).hint(t, "ask-partial-date-hint"),
            ask("birth.estimated", "ask-estimated", Kind::Box),
            ask("birth.age", "ask-age-least", Kind::Number).hint(t, "ask-age-hint"),
            ask("birth.age_max", "ask-age-most", Kind::Number),
            ask("birth.age_on", "ask-age-on", Kind::Code(10)).hint(t, "ask-day-hint"),
            ask("birth.possibly_under_18", "ask-under-18", Kind::Box),
        ],
        F::Nationalities => each("ask-nationality", || Kind::Country),
        F::Languages => each("ask-language", || Kind::Code(3)),
        F::Description => vec![ask("description", "request-description", Kind::Prose(2000))],
        F::Origin => vec![
            ask("origin.name", "ask-origin", Kind::Line(200)),
            ask("origin.country", "ask-origin-country", Kind::Country),
        ],
        F::Phones => each("ask-phone", || Kind::Phone),
        F::Reach => {
            let mut fields = vec![
                ask("reach.email", "request-enquirer-email", Kind::Email),
                ask("reach.address", "ask-address", Kind::Prose(2000)),
            ];
            for row in rows("person.reach.messaging") {
                let name = |name: &str| format!("reach.messaging.{row}.{name}");
                fields.push(ask(&name("service"), "ask-messaging", Kind::Line(200)).numbered(row + 1));
                fields.push(ask(&name("handle"), "ask-messaging-handle", Kind::Line(200)).numbered(row + 1));
            }
            fields.push(ask("reach.safe_use", "request-safe-note", Kind::Prose(2000)));
            fields
        }
        F::Functioning | F::Protection => Vec::new(),
    }
}

/// The form as it would be filled in to say what is known now.
fn standing(view: &PersonView) -> Filled {
    let mut form = Standing::default();
    form.put("version", Some(&view.version.to_string()));
    let lines: [(PersonField, &Shown<Option<String>>); 9] = [
        (F::GivenNames, &view.given_names),
        (F::FamilyNames, &view.family_names),
        (F::FullName, &view.full_name),
        (F::OriginalScriptName, &view.original_script_name),
        (F::FatherName, &view.father_name),
        (F::MotherName, &view.mother_name),
        (F::GrandfatherName, &view.grandfather_name),
        (F::SpouseName, &view.spouse_name),
        (F::Description, &view.description),
    ];
    for (part, value) in lines {
        form.put(format!("person.{part}"), value.get().and_then(Option::as_deref));
    }
    for (row, other) in view.other_names.get().into_iter().flatten().enumerate() {
        form.put(format!("person.other_names.{row}.name"), Some(&other.name));
        form.put(format!("person.other_names.{row}.kind"), Some(other.kind.code()));
    }
    form.put("person.sex", view.sex.get().copied().flatten().map(Sex::code));
    if let Some(birth) = view.birth.get() {
        let number = |number: Option<u8>| number.map(|number| number.to_string());
        form.put("person.birth.date", birth.date.as_deref());
        form.tick("person.birth.estimated", birth.estimated == Some(true));
        form.put("person.birth.age", number(birth.age).as_deref());
        form.put("person.birth.age_max", number(birth.age_max).as_deref());
        form.put("person.birth.age_on", birth.age_on.as_deref());
        form.tick("person.birth.possibly_under_18", birth.possibly_under_18);
    }
    let lists =
        [(F::Nationalities, &view.nationalities), (F::Languages, &view.languages), (F::Phones, &view.phones)];
    for (part, values) in lists {
        for (row, value) in values.get().into_iter().flatten().enumerate() {
            form.put(format!("person.{part}.{row}"), Some(value));
        }
    }
    form.place("person.origin", view.origin.get().and_then(Option::as_ref));
    if let Some(reach) = view.reach.get() {
        form.put("person.reach.email", reach.email.as_deref());
        form.put("person.reach.address", reach.address.as_deref());
        form.put("person.reach.safe_use", reach.safe_use.as_deref());
        for (row, one) in reach.messaging.iter().enumerate() {
            form.put(format!("person.reach.messaging.{row}.service"), Some(&one.service));
            form.put(format!("person.reach.messaging.{row}.handle"), Some(&one.handle));
        }
    }
    form.filled()
}

/// Of a form that says everything, what differs from what stands; `None` when nothing does.
fn changes(page: PersonPage, standing: &Filled, typed: &Filled, may: &May<EditPerson>) -> Option<EditForm> {
    let blank = Filled::blank();
    let name = |part: &PersonField| format!("person.{part}");
    let differs = |part: &&PersonField| !typed.is_same(&name(part), standing, &name(part));
    let asked = GROUPS.iter().flat_map(|(_, parts)| parts.iter());
    let changed: Vec<PersonField> =
        asked.filter(|part| may.opens(part.class())).filter(differs).copied().collect();
    let (clear, put): (Vec<_>, Vec<_>) =
        changed.iter().copied().partition(|part| typed.is_same(&name(part), &blank, &name(part)));
    let mut person = page.person;
    person.keep(&put);
    (!changed.is_empty()).then_some(EditForm { version: page.version, changes: person, clear })
}

/// The request it is done for, and what was just done.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    from: Option<RequestId>,
    done: Option<Done>,
}

/// `GET /people/{id}/edit`
pub async fn edit_person(
    t: Shell,
    may: May<EditPerson>,
    reading: May<ReadPerson>,
    id: Id<PersonId>,
    of: Query<Of>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    people::reach(&core, &may, id.0).await?;
    let view = people::show_person(&core, &reading, id.0).await?;
    let form = standing(&view);
    web::page(&Person { t, may, view, form, of: of.0 })
}

/// `POST /people/{id}/edit`
pub async fn change_person(
    t: Shell,
    may: May<EditPerson>,
    reading: May<ReadPerson>,
    id: Id<PersonId>,
    of: Query<Of>,
    form: Form<PersonPage>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    people::reach(&core, &may, id.0).await?;
    let view = people::show_person(&core, &reading, id.0).await?;
    let done = match input {
        Ok(page) if page.version != view.version => Err(store::stale().into()),
        Ok(page) => match changes(page, &standing(&view), &filled, &may) {
            Some(form) => people::edit(&core, may.clone(), id.0, &form)
                .await
                .map(|edited| if edited.ended.is_empty() { Done::Changed } else { Done::ConsentsEnded }),
            None => Ok(Done::Unchanged),
        },
        Err(error) => Err(error),
    };
    match done {
        Ok(done) => Ok(web::see_other(&match of.0.from {
            Some(from) => format!("/requests/{from}?done={done}"),
            None => format!("/people/{}/edit?done={done}", id.0),
        })),
        Err(error) => {
            let form = filled.clone().with(as_the_page_asks(error, &filled))?;
            web::page_again(&Person { t, may, view, form, of: Of { done: None, ..of.0 } })
        }
    }
}

/// Names problems as the page names its fields.
fn as_the_page_asks(error: ApiError, form: &Filled) -> ApiError {
    let ApiError::Invalid(mut problems) = error else { return error };
    for problem in &mut problems.0 {
        if let Some(rest) = problem.field.strip_prefix("changes.") {
            problem.field = format!("person.{rest}");
        }
    }
    by_rows(ApiError::Invalid(problems), |list, at| {
        let names = LISTS.iter().find(|(known, _)| *known == list).map(|(_, names)| *names);
        let rows = names.map(|names| filled_rows(form, list, ROWS.1, names)).unwrap_or_default();
        rows.get(at).copied().unwrap_or(at)
    })
}
