//! Some three hundred people written down at the points, and the families who look for some of them.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::names::{CULTURES, Culture};
use super::world::Cast;
use crate::auth::Core;
use crate::cli::CliError;
use crate::db::DbError;
use crate::hsp;
use crate::kernel::{ApiError, RequestId};
use crate::matches::{self, DecisionForm, Desk, ReasonedForm};
use crate::people::{self, At, ContactForm};
use crate::policy::{May, Permission, RecordContact, Role, grant, system};
use crate::requests::{self, MoveForm, NewRequest, RequestForm};
use crate::web::Idempotency;

const MET: usize = 300;
const REQUESTS: usize = 25;

/// A form from the words a program would send.
pub(super) fn form<T: DeserializeOwned>(value: Value) -> Result<T, CliError> {
    serde_json::from_value(value).map_err(|e| CliError::new(format!("the invented world: {e}")))
}

/// Somebody invented: the same number is the same person, `spelling` says which desk writes.
fn person(number: usize, spelling: usize) -> Value {
    let culture = culture(number);
    let woman = number.is_multiple_of(2);
    let given = if woman { culture.women } else { culture.men };
    let at = number / CULTURES.len();
    let pick = |names: &'static [&'static [&'static str]], at: usize, spelling: usize| {
        let spellings = names.get(at % names.len()).copied().unwrap_or_default();
        spellings.get(spelling % spellings.len().max(1)).copied().unwrap_or_default()
    };
    let given = pick(given, at / 2, spelling);
    let family = pick(culture.families, at / 6, spelling);
    let father = pick(culture.men, at / 18 + 1, spelling);
    let born = 1958 + (number * 7) % 46;
    let born = if spelling == 0 { born } else { born + number % 2 };
    json!({
        "full_name": format!("{given} {family}"), "given_names": given, "family_names": family,
        "father_name": father, "sex": if woman { "female" } else { "male" },
        "birth": {"date": born.to_string(), "estimated": true},
        "nationalities": [culture.nationality], "languages": [culture.language],
        "origin": {"name": culture.origin, "country": culture.nationality},
    })
}

fn culture(number: usize) -> &'static Culture {
    CULTURES.get(number % CULTURES.len()).unwrap_or(&CULTURES[0])
}

fn consent(kind: &str, by: &str, assent: &str) -> Value {
    json!({"kind": kind, "status": "given", "given_by": by, "assent": assent, "method": "oral_witnessed", "language": "en"})
}

pub(super) fn fill(core: &Core, cast: &Cast) -> Result<(), CliError> {
    meet(core, cast)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|e| CliError::new(format!("no threads to build with: {e}")))?;
    runtime.block_on(async {
        let mut opened = Vec::new();
        for number in 0..REQUESTS {
            opened.push(ask(core, cast, number).await?);
        }
        decide(core, cast, &opened).await
    })
}

/// One transaction for everybody: a desk's day in a moment.
fn meet(core: &Core, cast: &Cast) -> Result<(), CliError> {
    let today = core.clock.now().day();
    let mut contacts = Vec::with_capacity(MET + 2);
    for number in 0..MET {
        let mut consents = vec![consent("collect_and_store", "person", "not_needed")];
        // Every twelfth does not want to be looked for: stored, and never found.
        if number % 12 != 11 {
            consents.push(consent("tracing_search", "person", "not_needed"));
        }
        let day = format!("2025-{:02}-{:02}", 1 + number % 12, 1 + number % 28);
        contacts.push(json!({
            "kind": if number % 5 == 1 { "rescue_at_sea" } else { "service_visit" }, "contact_on": day,
            "services": ["food", "water"], "person": person(number, 0), "consents": consents,
            "wants_contact": "yes",
        }));
    }
    contacts.push(json!({"kind": "service_visit", "services": ["first_aid", "water"]}));
    contacts.push(json!({
        "kind": "child_identified", "services": ["safe_space_women_children"],
        "person": {"full_name": "Samrawit", "sex": "female", "birth": {"age": 11, "possibly_under_18": true},
                   "nationalities": ["ERI"], "protection": {"concerns": [], "care": "unaccompanied", "risk": "high"}},
        "legal_basis": "vital_interest",
        "consents": [consent("tracing_search", "best_interest_decision", "given")],
    }));
    let may = system::<RecordContact>("demo")?;
    let parsed = contacts.into_iter().map(|value| Ok(form::<ContactForm>(value)?.parse(today)?));
    let parsed = parsed.collect::<Result<Vec<_>, CliError>>()?;
    core.db.write_here(|tx| {
        let mut met = Vec::new();
        for (contact, point) in parsed.iter().zip(cast.points.iter().cycle()) {
            let at = At { point: *point, place: hsp::meeting_place(tx, *point)?, by: None };
            met.extend(people::put_contact(tx, core, contact, &at, None)?.0.person);
        }
        core.audit.append(tx, &may, |e| e.about_all(met).detail("invented_people"))?;
        Ok::<_, DbError>(())
    })?;
    Ok(())
}

fn may<P: Permission>(cast: &Cast, role: Role) -> Result<May<P>, CliError> {
    let caller = cast.callers.get(&role).cloned().ok_or_else(|| CliError::new("a role is missing"))?;
    Ok(grant(caller)?)
}

/// A family asks for somebody. Two thirds of the sought were met, and stand there in another spelling.
async fn ask(core: &Core, cast: &Cast, number: usize) -> Result<RequestId, CliError> {
    let known = number % 3 != 2;
    let who = if known { number * 11 } else { MET + number * 11 };
    let asks = person(who + CULTURES.len() * 3, 1);
    let request = json!({
        "channel": "in_person", "interview_language": "en", "enquirer": asks,
        "safe_contact": {"times": "evenings", "may_leave_message": false},
        "circumstances": {"cause": "migration", "story": "The family has not heard since the crossing."},
        "sought": [{"person": person(who, 1 + number % 2), "relation": if who % 2 == 0 { "sister" } else { "brother" },
                    "last_contact": {"on": "2024-11"}, "last_place": {"name": culture(who).origin}}],
    });
    let new = NewRequest::parse(form::<RequestForm>(request)?, core.clock.now().day())?;
    let id = requests::open(core, may(cast, Role::Caseworker)?, Idempotency::none(), new).await?;
    let course = ["pre_case", "accepted", "searching"];
    for (version, to) in (1..).zip(course) {
        let step: MoveForm = form(json!({"version": version, "to": to}))?;
        requests::advance(core, may(cast, Role::Caseworker)?, id, step).await?;
    }
    Ok(id)
}

/// The first three with candidates are decided: one confirmed, one proposed, one rejected.
async fn decide(core: &Core, cast: &Cast, opened: &[RequestId]) -> Result<(), CliError> {
    let desk = Desk::open(core).await;
    let engine = Arc::clone(&desk.engine);
    let mut decided = 0;
    for request in opened {
        let may_read = may(cast, Role::Caseworker)?;
        let found = matches::of_request(core, &engine, may_read, *request, None, 1).await?;
        let Some(first) = found.items.first() else { continue };
        let plain = |version: i64| form::<DecisionForm>(json!({"version": version}));
        let outcome: Result<(), ApiError> = match decided {
            0 | 1 => {
                matches::propose(core, may(cast, Role::Caseworker)?, first.id, plain(first.version)?).await
            }
            2 => {
                let why: ReasonedForm =
                    form(json!({"version": first.version, "reason": "different_person"}))?;
                matches::reject(core, may(cast, Role::Caseworker)?, first.id, why).await
            }
            _ => break,
        };
        outcome?;
        if decided == 0 {
            matches::confirm(core, may(cast, Role::Reviewer)?, first.id, plain(first.version + 1)?).await?;
        }
        decided += 1;
    }
    Ok(())
}
