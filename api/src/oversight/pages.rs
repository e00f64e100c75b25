//! The auditor's pages: who saw this person, what did this user see, what happened in a span of time, one entry with
//! its proof, and the verification. And the data protection officer's: who opened this file.
//!
//! Questions are posted, so that neither reference nor sign-in name stands in an address; the next page is asked for by
//! the same form.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use super::model::*;
use super::{routes, service};
use crate::auth::Core;
use crate::kernel::{ApiError, Page};
use crate::policy::{May, ReadAudit, ReportAccess, VerifyAudit};
use crate::web::{Filled, Form, Id, Labels, Shell, page, page_again, see_other};

const LABELS: Labels = &[
    ("person", "oversight-person"),
    ("account", "oversight-account"),
    ("from", "oversight-from"),
    ("until", "oversight-until"),
];

/// The three questions, each keeping what was typed into it.
#[derive(Template)]
#[template(path = "oversight/ask.html")]
struct Ask {
    t: Shell,
    form: Filled,
}

#[derive(Template)]
#[template(path = "oversight/entries.html")]
struct Entries {
    t: Shell,
    entries: Page<EntryView>,
    again: Again,
}

/// The question again, for its next page.
struct Again {
    path: &'static str,
    fields: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "oversight/entry.html")]
struct Entry {
    t: Shell,
    found: EntryWithProof,
}

#[derive(Template)]
#[template(path = "oversight/verification.html")]
struct Verification {
    t: Shell,
    now: VerificationView,
}

#[derive(Template)]
#[template(path = "oversight/file.html")]
struct File {
    t: Shell,
    form: Filled,
    accesses: Option<Page<AccessView>>,
}

impl Entry {
    fn key_line(&self) -> &str {
        self.found.proof.as_ref().map_or("", |proof| proof.verifier_key.trim_end())
    }
}

impl Verification {
    fn done(&self) -> u64 {
        self.now.done
    }
}

/// `GET /oversight`: the questions.
pub async fn ask(t: Shell, _may: May<ReadAudit>) -> Result<HttpResponse, ApiError> {
    page(&Ask { t, form: Filled::blank() })
}

/// `POST /oversight/person`.
pub async fn person(
    t: Shell,
    may: May<ReadAudit>,
    form: Form<PersonForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let again =
        Again { path: "/oversight/person", fields: vec![("person", filled.one("person").to_owned())] };
    let entries = match input {
        Ok(input) => service::about_person(&core, may, input).await,
        Err(problem) => Err(problem),
    };
    answer(t, entries, filled, again)
}

/// `POST /oversight/account`.
pub async fn account(
    t: Shell,
    may: May<ReadAudit>,
    form: Form<AccountForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let fields = vec![("account", filled.one("account").to_owned())];
    let again = Again { path: "/oversight/account", fields };
    let entries = match input {
        Ok(input) => service::by_account(&core, may, input).await,
        Err(problem) => Err(problem),
    };
    answer(t, entries, filled, again)
}

/// `POST /oversight/time`.
pub async fn time(
    t: Shell,
    may: May<ReadAudit>,
    form: Form<TimeForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let fields = vec![("from", filled.one("from").to_owned()), ("until", filled.one("until").to_owned())];
    let again = Again { path: "/oversight/time", fields };
    let entries = match input {
        Ok(input) => service::by_time(&core, may, input).await,
        Err(problem) => Err(problem),
    };
    answer(t, entries, filled, again)
}

fn answer(
    t: Shell,
    entries: Result<Page<EntryView>, ApiError>,
    filled: Filled,
    again: Again,
) -> Result<HttpResponse, ApiError> {
    match entries {
        Ok(entries) => page(&Entries { t, entries, again }),
        Err(problem) => page_again(&Ask { t, form: filled.with(problem)?.labelled(LABELS) }),
    }
}

/// `GET /oversight/entries/{id}`.
pub async fn entry(
    t: Shell,
    may: May<ReadAudit>,
    id: Id<LeafNumber>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let found = service::entry(&core, may, id.0).await?;
    page(&Entry { t, found })
}

/// `GET /oversight/entries/{id}/proof`: the same file that programs get.
pub async fn proof(
    may: May<ReadAudit>,
    id: Id<LeafNumber>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    routes::proof(may, id, core).await
}

/// `GET /oversight/verification`.
pub async fn verification(
    t: Shell,
    may: May<VerifyAudit>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let now = service::verification(&core, may);
    page(&Verification { t, now })
}

/// `POST /oversight/verification`.
pub async fn verify(may: May<VerifyAudit>, core: Data<Core>) -> Result<HttpResponse, ApiError> {
    service::verify(&core, may).await?;
    Ok(see_other("/oversight/verification"))
}

/// `GET /oversight/file`.
pub async fn file(t: Shell, _may: May<ReportAccess>) -> Result<HttpResponse, ApiError> {
    page(&File { t, form: Filled::blank(), accesses: None })
}

/// `POST /oversight/file`.
pub async fn who_opened(
    t: Shell,
    may: May<ReportAccess>,
    form: Form<PersonForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let accesses = match input {
        Ok(input) => service::who_opened(&core, may, input).await,
        Err(problem) => Err(problem),
    };
    match accesses {
        Ok(accesses) => page(&File { t, form: filled, accesses: Some(accesses) }),
        Err(problem) => page_again(&File { t, form: filled.with(problem)?.labelled(LABELS), accesses: None }),
    }
}
