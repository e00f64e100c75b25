//! The two thousand: what a desk writes down of each of them, and how they come in, through the services and over HTTP.

use std::collections::BTreeSet;

use api::people::{self, ContactForm};
use api::policy::Role;
use api::referrals::{self, Side, Step};
use api::web::Idempotency;
use benches::corpus::{ContactRow, Corpus, Person};
use serde_json::{Value, json};
use tests::site::Site;
use tests::world::{Someone, World};

/// The visits of a corpus, in its order.
pub fn visits(corpus: &Corpus) -> Vec<Value> {
    let rows = corpus.contacts.iter().enumerate();
    rows.map(|(number, row)| {
        let person = corpus.people.iter().find(|person| person.number == row.person).unwrap();
        visit(row, person, number)
    })
    .collect()
}

/// Every personal text that comes with these visits.
pub fn values(visits: &[Value]) -> BTreeSet<String> {
    let mut values: BTreeSet<String> = visits.iter().flat_map(values_of).collect();
    values.extend((0..REFERRED).flat_map(|n| [need(n), remark(n)]));
    values
}

/// How many of them come in over HTTP, and how many of those are referred.
const OVER_HTTP: usize = 40;
const REFERRED: usize = 10;

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
fn values_of(form: &Value) -> BTreeSet<String> {
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

/// Records everybody at the desk, some through HTTP, and refers some of them, so that copies and events exist too.
pub async fn comes(world: &World, visits: &[Value]) {
    let desk = world.someone(Role::Intake, "Northland", Some("Pier Nine")).await;
    let officer = world.someone(Role::ProtectionOfficer, "Northland", None).await;
    let there = world.someone(Role::ProtectionOfficer, "Southland", None).await;
    let (through_http, at_the_desk) = visits.split_at(OVER_HTTP);
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
        if number < REFERRED {
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
