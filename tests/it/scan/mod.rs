//! What a thief of the machine learns: two thousand invented people in five scripts go through the real services, and
//! then the files of the database, its journal, its rows and the log are searched for every value in every form.

pub mod case;
mod forms;
pub mod places;

use std::collections::BTreeSet;

use api::consent;
use api::db::DbError;
use api::people::{self, ContactForm};
use api::policy::Role;
use api::referrals::{self, Side, Step};
use api::web::Idempotency;
use benches::corpus::{ContactRow, Corpus, Person};
use diesel::prelude::*;
use forms::{Found, Patterns, sounds};
use places::Log;
use serde_json::{Value, json};
use tests::site::Site;
use tests::world::{Someone, World};

const PEOPLE: usize = 2000;

/// One visit as a desk would write it down, everything personal filled in.
fn visit(row: &ContactRow, person: &Person, number: usize) -> Value {
    let some = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    let native: Vec<_> = person.given.iter().chain(&person.family).map(|name| name.native.as_str()).collect();
    // Some are children: then somebody else answers for them.
    let (giver, assent) = if person.born.to_string().as_str() > "2008" {
        ("legal_guardian", "given")
    } else {
        ("person", "not_needed")
    };
    let nationality = if row.nationality.len() == 3 { json!([row.nationality]) } else { json!([]) };
    json!({
        "kind": "service_visit",
        "person": {
            "given_names": some(&row.given_names), "family_names": some(&row.family_names),
            "full_name": some(&row.name), "original_script_name": some(native.join(" ").trim()),
            "father_name": some(&row.father_name), "mother_name": some(&row.mother_name),
            "sex": some(&row.sex), "birth": {"date": person.born.to_string()}, "nationalities": nationality,
            "origin": {"name": person.origin.latin}, "description": format!("scar number {number} on the left hand"),
            "phones": [format!("+2547{:08}", 31_000_000 + number * 37)],
            "reach": {"address": format!("behind mill {number}, third door"), "email": format!("someone{number}@families.example")},
        },
        "consents": [
            {"kind": "collect_and_store", "status": "given", "given_by": giver, "assent": assent,
             "method": "oral_witnessed", "language": "en"},
            {"kind": "share_within_network", "status": "given", "given_by": giver, "assent": assent,
             "method": "oral_witnessed", "language": "en",
             "restrictions": {"note": format!("never tell cousin {number}")}},
        ],
        "companions": [{"relation": "sister", "name": format!("{} {}", row.given_names, row.mother_name).trim()}],
        "next_place": {"name": format!("{} bus station", person.origin.latin)},
        "note": format!("asked for shoes, visit {number}"),
    })
}

/// Every personal text in a form, and each word of its names.
fn values(form: &Value) -> BTreeSet<String> {
    const CODES: [&str; 10] = [
        "kind",
        "sex",
        "relation",
        "status",
        "method",
        "language",
        "nationalities",
        "country",
        "given_by",
        "assent",
    ];
    let mut out = BTreeSet::new();
    let mut waiting = vec![("", form)];
    while let Some((field, value)) = waiting.pop() {
        match value {
            Value::String(text) => {
                if field.contains("name") {
                    out.extend(text.split_whitespace().map(str::to_owned));
                }
                out.insert(text.clone());
            }
            Value::Array(list) => waiting.extend(list.iter().map(|inner| (field, inner))),
            Value::Object(fields) => {
                let personal = fields.iter().filter(|(name, _)| !CODES.contains(&name.as_str()));
                waiting.extend(personal.map(|(name, inner)| (name.as_str(), inner)));
            }
            _ => {}
        }
    }
    out
}

/// What was found, and where.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord, Clone, Debug)]
struct Finding {
    place: String,
    value: String,
    form: &'static str,
}

/// Searches everything there is.
fn scan(world: &World, log: Log, patterns: &Patterns, spoken: &BTreeSet<String>) -> BTreeSet<Finding> {
    let mut findings = BTreeSet::new();
    let mut look = |place: &str, hay: &[u8]| {
        let mut found = Found::new();
        patterns.search(hay, &mut found);
        findings.extend(found.into_iter().map(|(value, form)| Finding {
            place: place.to_owned(),
            value,
            form,
        }));
    };
    let log = log.bytes();
    look("log", &log);
    for (name, bytes) in places::files(world) {
        look(&name, &bytes);
    }
    let rows = places::rows(world);
    for (table, lines) in &rows {
        for line in lines {
            let (text, binary) = places::apart(line);
            look(table, text.as_bytes());
            look(table, &binary);
        }
    }
    let log = String::from_utf8_lossy(&log).into_owned();
    let lines =
        rows.iter().flat_map(|(table, lines)| lines.iter().map(move |line| (table.as_str(), line.as_str())));
    for (place, line) in lines.chain([("log", log.as_str())]) {
        for word in places::words(line).filter(|word| spoken.contains(*word)) {
            findings.insert(Finding { place: place.to_owned(), value: word.to_owned(), form: "sound" });
        }
    }
    findings
}

/// Records everybody at the desk, some through HTTP, and refers some of them, so that copies and events exist too.
async fn everybody_comes(world: &World, visits: &[Value]) {
    let desk = world.someone(Role::Intake, "Northland", Some("Pier Nine")).await;
    let officer = world.someone(Role::ProtectionOfficer, "Northland", None).await;
    let there = world.someone(Role::ProtectionOfficer, "Southland", None).await;
    let (through_http, at_the_desk) = visits.split_at(40);
    for visit in at_the_desk {
        let form: ContactForm = serde_json::from_value(visit.clone()).unwrap();
        let recorded = people::record(&world.core, desk.may(), Idempotency::none(), &form).await;
        recorded.unwrap_or_else(|e| panic!("{e:?}: {visit}"));
    }
    let (desk_token, officer_token) = (world.token(&desk).await, world.token(&officer).await);
    let site = Site::open(world);
    for (number, visit) in through_http.iter().enumerate() {
        let made = site.send("POST", "/api/v1/contacts", Some(&desk_token), Some(visit));
        assert_eq!(made.status, 201, "{}", made.body);
        let person = made.json()["person"].as_str().unwrap().to_owned();
        let shown = site.send("GET", &format!("/api/v1/people/{person}"), Some(&desk_token), None);
        assert!(shown.status == 200 && shown.body.contains("behind mill"), "{}", shown.body);
        if number < 10 {
            refer(world, &officer, &there, &person, number).await;
            let list = site.send("GET", "/api/v1/referrals?side=sender", Some(&officer_token), None);
            assert_eq!(list.status, 200, "{}", list.body);
        }
        // A wrong input must not be quoted in the log.
        let mut wrong = visit.clone();
        wrong["person"]["birth"] = json!({"date": "the day after the flood"});
        let refused = site.send("POST", "/api/v1/contacts", Some(&desk_token), Some(&wrong));
        assert_eq!(refused.status, 422, "{}", refused.body);
    }
}

async fn refer(world: &World, officer: &Someone, there: &Someone, person: &str, number: usize) {
    let fields = ["given_names", "family_names", "full_name", "phones", "reach", "need"];
    let form = json!({
        "person": person, "receiver": {"kind": "society", "id": there.society}, "urgency": "normal",
        "service": "cash", "mode": "phone", "fields": fields, "need": need(number),
    });
    let form = serde_json::from_value(form).unwrap();
    let id = referrals::draft(&world.core, officer.may(), Idempotency::none(), form).await.unwrap().id;
    let mut version = 1;
    for step in [Step::RecordConsent, Step::Send, Step::Acknowledge] {
        let form = json!({"step": step, "version": version, "note": remark(number)});
        let form = serde_json::from_value(form).unwrap();
        let done = match step.side() {
            Side::Sender => referrals::step(&world.core, officer.may(), id, form).await,
            Side::Receiver => referrals::answer(&world.core, there.may(), id, form).await,
        };
        version = done.unwrap().version;
    }
    referrals::show(&world.core, there.may(), id).await.unwrap();
}

fn need(number: usize) -> String {
    format!("rent for widow {number}")
}

fn remark(number: usize) -> String {
    format!("called back twice, case {number}")
}

/// Never recorded by anybody: stands in the files only where this test puts it.
const PLANTED: &str = "Perpetua Quisquam";

mod a_copy_of_the_machine_holds_no_value_of_anybody {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn on_sqlite() {
        story(World::on_sqlite().await).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    #[ignore = "needs PostgreSQL; tests/run starts one"]
    async fn on_postgres() {
        // The log of a server is one for all its databases: what others write there is not ours to judge.
        story(World::alone_on_postgres().await).await;
    }
}

async fn story(world: World) {
    let log = Log::listen();
    let corpus = Corpus::generate(2026, PEOPLE, 0);
    let visits: Vec<_> = corpus
        .contacts
        .iter()
        .enumerate()
        .map(|(number, row)| {
            let person = corpus.people.iter().find(|person| person.number == row.person).unwrap();
            visit(row, person, number)
        })
        .collect();
    let mut wanted: BTreeSet<String> = visits.iter().flat_map(values).collect();
    wanted.extend((0..10).flat_map(|n| [need(n), remark(n)]));
    wanted.insert(PLANTED.to_owned());
    let scripts = wanted.iter().filter_map(|value| script(value)).collect::<BTreeSet<_>>();
    assert!(scripts.len() >= 5, "{scripts:?}");
    let spoken: BTreeSet<String> =
        wanted.iter().filter(|value| is_name(value)).flat_map(|value| sounds(value)).collect();
    let patterns = Patterns::of(&wanted);
    assert!(patterns.len() > 100_000, "{}", patterns.len());

    // What stands there before anybody came is the schema's and the pages' own vocabulary.
    everybody_prepared(&world).await;
    let own: BTreeSet<_> =
        scan(&world, log, &patterns, &spoken).into_iter().map(|f| (f.value, f.form)).collect();
    assert!(own.len() < 40, "{} values are words of the service itself: {own:?}", own.len());

    everybody_comes(&world, &visits).await;
    let people: i64 = world
        .core
        .db
        .read(|c| Ok::<_, DbError>(api::db::schema::people::table.count().get_result(c)?))
        .await
        .unwrap();
    assert!(people >= PEOPLE as i64, "{people}");
    assert!(String::from_utf8_lossy(&log.bytes()).contains("/api/v1/contacts"), "the log was not heard");
    let findings: Vec<_> = scan(&world, log, &patterns, &spoken)
        .into_iter()
        .filter(|finding| !own.contains(&(finding.value.clone(), finding.form)))
        // The log is the process's: the story of the other database may have planted its value there.
        .filter(|finding| finding.value != PLANTED || finding.place != "log")
        .collect();
    assert!(
        findings.is_empty(),
        "{} findings, such as {:?}",
        findings.len(),
        &findings[..findings.len().min(12)]
    );

    // The search can find: in a row, in a binary value, in the log.
    plant(&world).await;
    let found = scan(&world, log, &patterns, &spoken);
    let places: BTreeSet<_> =
        found.iter().filter(|f| f.value == PLANTED).map(|f| (f.place.as_str(), f.form)).collect();
    for expected in [("societies", "utf-8"), ("service_secrets", "utf-16 little"), ("log", "base64")] {
        assert!(places.contains(&expected), "{expected:?} in {places:?}");
    }
    assert!(places.iter().any(|(place, form)| place.contains("wal") && *form == "utf-8"), "{places:?}");
}

/// Societies, accounts and consent texts, but nobody recorded.
async fn everybody_prepared(world: &World) {
    world.point("Northland", "Pier Nine").await;
    world.society("Southland").await;
    let core = world.core.clone();
    let texts = world.core.db.write(move |tx| consent::seed_texts(tx, core.clock.as_ref(), &core.chance));
    texts.await.unwrap();
}

/// Puts one value where none may stand.
async fn plant(world: &World) {
    let utf16: Vec<u8> = PLANTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let planted = world.core.db.write(move |tx| {
        use api::db::schema::{service_secrets, societies};
        diesel::update(societies::table).set(societies::name.eq(PLANTED)).execute(tx)?;
        diesel::insert_into(service_secrets::table)
            .values((
                service_secrets::label.eq("planted"),
                service_secrets::wrapped.eq(utf16),
                service_secrets::created_at.eq(0),
            ))
            .execute(tx)?;
        Ok::<_, DbError>(())
    });
    planted.await.unwrap();
    let coded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, format!("x{PLANTED}"));
    tracing::debug!(coded, "planted");
}

/// Letters alone: what stands in prose has no sound of its own.
fn is_name(value: &str) -> bool {
    value.split_whitespace().count() < 6 && value.chars().all(|c| c.is_alphabetic() || c.is_whitespace())
}

/// The script of a value's first letter.
fn script(value: &str) -> Option<&'static str> {
    match value.chars().find(|c| c.is_alphabetic())? {
        '\u{41}'..='\u{24F}' => Some("latin"),
        '\u{400}'..='\u{4FF}' => Some("cyrillic"),
        '\u{600}'..='\u{6FF}' => Some("arabic"),
        '\u{900}'..='\u{97F}' => Some("devanagari"),
        '\u{980}'..='\u{9FF}' => Some("bengali"),
        '\u{1200}'..='\u{139F}' => Some("ethiopic"),
        _ => None,
    }
}
