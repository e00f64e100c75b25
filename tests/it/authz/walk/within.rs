//! Ids inside bodies, forms and queries: somebody else's record named there is answered like one that does not exist.
//! The interface description says where ids may stand; each such place is asked here, or it is said why not.

use std::collections::BTreeSet;

use api::app::description;
use serde_json::{Value, json};
use tests::both_databases;

use super::*;

/// One place for an id: who asks, where, and a body (or, for a page, a form) with `ID` in it. `OWN` in the path is the
/// caller's own record.
struct Place {
    role: Role,
    method: &'static str,
    path: &'static str,
    /// As the interface description names it; pages are not in it.
    field: &'static str,
    kind: &'static str,
    sent: Sent,
    others: &'static [Ownership],
}

enum Sent {
    Json(Value),
    Form(&'static str),
    Query(&'static str),
}

const BOTH: &[Ownership] = &[Ownership::OtherPoint, Ownership::OtherSociety];
/// Where the role reaches all of its society.
const FAR: &[Ownership] = &[Ownership::OtherSociety];

fn places() -> Vec<Place> {
    let intake = |field, kind, sent| Place {
        role: Role::Intake,
        method: "POST",
        path: "/api/v1/contacts",
        field,
        kind,
        sent,
        others: BOTH,
    };
    let officer = |method, path, field, kind, sent| Place {
        role: Role::ProtectionOfficer,
        method,
        path,
        field,
        kind,
        sent,
        others: FAR,
    };
    let met = json!({"given_names": "Musa"});
    let consents = json!([{
        "kind": "collect_and_store", "status": "given", "method": "oral_witnessed", "language": "en"
    }]);
    let niger = json!({"kind": "society", "id": "soc_0190a0b0c0d07000800000000000dead"});
    vec![
        intake("person_id", PersonId::PREFIX, Sent::Json(json!({"kind": "hotline", "person_id": "ID"}))),
        intake(
            "group.id",
            GroupId::PREFIX,
            Sent::Json(json!({
                "kind": "service_visit", "services": ["food"], "person": met, "consents": consents,
                "group": {"id": "ID", "role": "child"}
            })),
        ),
        intake(
            "point",
            PointId::PREFIX,
            Sent::Json(json!({"kind": "service_visit", "services": ["food"], "point": "ID"})),
        ),
        officer(
            "POST",
            "/api/v1/referrals",
            "person",
            PersonId::PREFIX,
            Sent::Json(json!({
                "person": "ID", "urgency": "normal", "service": "basic_medical", "mode": "phone",
                "receiver": niger, "fields": ["given_names"], "need": "somebody to talk to"
            })),
        ),
        officer(
            "POST",
            "/api/v1/referrals/consent-check",
            "person",
            PersonId::PREFIX,
            Sent::Json(json!({"person": "ID", "service": "basic_medical", "receiver": niger})),
        ),
        officer(
            "POST",
            "/referrals/fields",
            "person",
            PersonId::PREFIX,
            Sent::Form("person=ID&service=basic_medical&receiver=soc_0190a0b0c0d07000800000000000dead"),
        ),
        officer(
            "POST",
            "/referrals",
            "person",
            PersonId::PREFIX,
            Sent::Form(
                "person=ID&service=basic_medical&receiver=soc_0190a0b0c0d07000800000000000dead&urgency=normal\
                 &mode=phone&fields.0=given_names&need=somebody",
            ),
        ),
        officer(
            "PUT",
            "/api/v1/people/{id}/restriction",
            "team",
            AccountId::PREFIX,
            Sent::Json(json!({"version": 1, "restricted": true, "team": ["ID"]})),
        ),
        Place {
            role: Role::Reviewer,
            method: "POST",
            path: "/api/v1/requests/{id}/assignment",
            field: "account",
            kind: AccountId::PREFIX,
            sent: Sent::Json(json!({"account": "ID"})),
            others: FAR,
        },
        Place {
            role: Role::Reviewer,
            method: "POST",
            path: "/requests/{id}/assignment",
            field: "account",
            kind: AccountId::PREFIX,
            sent: Sent::Form("account=ID"),
            others: FAR,
        },
        Place {
            role: Role::Caseworker,
            method: "POST",
            path: "/requests/{id}/edit",
            field: "sought.id",
            kind: SoughtId::PREFIX,
            sent: Sent::Form("version=4&sought.0.id=ID&sought.0.last_place.name=Zuwara"),
            others: BOTH,
        },
        Place {
            role: Role::Caseworker,
            method: "PATCH",
            path: "/api/v1/requests/{id}",
            field: "sought.id",
            kind: SoughtId::PREFIX,
            sent: Sent::Json(json!({"version": 4, "sought": [{"id": "ID", "clear": ["journey"]}]})),
            others: BOTH,
        },
        Place {
            role: Role::Caseworker,
            method: "GET",
            path: "/api/v1/requests/{id}/candidates",
            field: "after",
            kind: CandidateId::PREFIX,
            sent: Sent::Query("after=ID"),
            others: BOTH,
        },
        Place {
            role: Role::Reviewer,
            method: "GET",
            path: "/api/v1/reviews",
            field: "after",
            kind: CandidateId::PREFIX,
            sent: Sent::Query("after=ID"),
            others: FAR,
        },
        Place {
            role: Role::DataProtectionOfficer,
            method: "POST",
            path: "/api/v1/file-accesses",
            field: "person",
            kind: PersonId::PREFIX,
            sent: Sent::Json(json!({"person": "ID"})),
            others: FAR,
        },
        Place {
            role: Role::DataProtectionOfficer,
            method: "POST",
            path: "/oversight/file",
            field: "person",
            kind: PersonId::PREFIX,
            sent: Sent::Form("person=ID"),
            others: FAR,
        },
        Place {
            role: Role::Administrator,
            method: "POST",
            path: "/api/v1/accounts",
            field: "point",
            kind: PointId::PREFIX,
            sent: Sent::Json(json!({"login": "walker", "role": "intake", "point": "ID"})),
            others: FAR,
        },
        Place {
            role: Role::Administrator,
            method: "PUT",
            path: "/api/v1/accounts/{id}/role",
            field: "point",
            kind: PointId::PREFIX,
            sent: Sent::Json(json!({"role": "intake", "point": "ID"})),
            others: FAR,
        },
    ]
}

/// Places that hide nobody, and why.
const OPEN: &[(&str, &str)] = &[
    // The auditor reaches every society's log and opens nothing.
    ("POST /api/v1/audit/about-person", "person"),
    ("POST /api/v1/audit/by-account", "account"),
    // Registers that everybody signed in may read.
    ("POST /api/v1/referrals", "receiver.id"),
    ("POST /api/v1/referrals/consent-check", "receiver.id"),
    ("POST /api/v1/requests", "circulation.recipient"),
    ("PUT /api/v1/requests/{id}/circulation", "circulation.recipient"),
    ("POST /api/v1/routes", "points"),
    ("GET /api/v1/points", "society"),
    // Words: whom somebody travelled with.
    ("POST /api/v1/requests", "sought.journey.group"),
    ("PATCH /api/v1/requests/{id}", "sought.journey.group"),
    // A place among the answers of the person in the path.
    ("GET /api/v1/people/{id}/consents", "after"),
    // A place in a list that is in order of ids: nothing is looked up.
    ("GET /api/v1/people", "after"),
    ("GET /api/v1/contacts", "after"),
    ("GET /api/v1/erasures", "after"),
    ("GET /api/v1/requests", "after"),
    ("GET /api/v1/referrals", "after"),
    ("GET /api/v1/referrals/overdue", "after"),
    ("GET /api/v1/accounts", "after"),
    ("GET /api/v1/societies", "after"),
    ("GET /api/v1/points", "after"),
    ("GET /api/v1/routes", "after"),
    ("GET /api/v1/providers", "after"),
    ("POST /api/v1/audit/about-person", "after"),
    ("POST /api/v1/audit/by-account", "after"),
    ("POST /api/v1/audit/by-time", "after"),
    ("POST /api/v1/file-accesses", "after"),
];

/// What a field is called that holds an id.
const NAMES: &[&str] = &[
    "id",
    "person",
    "person_id",
    "account",
    "team",
    "group",
    "group_id",
    "point",
    "points",
    "request",
    "request_id",
    "candidate",
    "sought_id",
    "society",
    "receiver",
    "recipient",
    "provider",
    "session",
    "after",
];

/// Every place in the interface description where an id may be sent, but for paths.
fn described() -> BTreeSet<(String, String)> {
    let description = serde_json::to_value(description()).unwrap();
    let mut found = BTreeSet::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap().iter().filter(|(key, _)| key.len() <= 6) {
            let route = format!("{} {path}", method.to_uppercase());
            let query = operation["parameters"].as_array().into_iter().flatten();
            for name in query.filter(|one| one["in"] == "query").map(|one| text(&one["name"])) {
                if NAMES.contains(&name.as_str()) {
                    found.insert((route.clone(), name));
                }
            }
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            let mut fields = BTreeSet::new();
            gather(&description, body, "", 0, &mut fields);
            found.extend(fields.into_iter().map(|field| (route.clone(), field)));
        }
    }
    found
}

/// Walks one schema, with everything it refers to, down to the fields that may hold an id.
fn gather(all: &Value, schema: &Value, path: &str, depth: usize, found: &mut BTreeSet<String>) {
    assert!(depth < 32, "the schema goes round in circles at {path}");
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.strip_prefix("#/components/schemas/")) {
        return gather(all, &all["components"]["schemas"][name], path, depth + 1, found);
    }
    for part in ["oneOf", "anyOf", "allOf"] {
        for one in schema[part].as_array().into_iter().flatten() {
            gather(all, one, path, depth + 1, found);
        }
    }
    if schema["items"].is_object() {
        gather(all, &schema["items"], path, depth + 1, found);
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let here = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let leaf = is_text(field) || (field["items"].is_object() && is_text(&field["items"]));
        if leaf && NAMES.contains(&name.as_str()) {
            found.insert(here.clone());
        }
        gather(all, field, &here, depth + 1, found);
    }
}

fn is_text(schema: &Value) -> bool {
    match &schema["type"] {
        Value::String(kind) => kind == "string",
        Value::Array(kinds) => kinds.contains(&json!("string")),
        _ => false,
    }
}

#[test]
fn every_place_for_an_id_that_the_interface_describes_is_walked() {
    let walked: BTreeSet<(String, String)> = places()
        .iter()
        .filter(|place| is_json(place.path))
        .map(|place| (format!("{} {}", place.method, place.path), place.field.to_owned()))
        .collect();
    let open: BTreeSet<(String, String)> =
        OPEN.iter().map(|(route, field)| ((*route).to_owned(), (*field).to_owned())).collect();
    let described = described();
    let missing: Vec<_> =
        described.iter().filter(|one| !walked.contains(one) && !open.contains(one)).collect();
    assert!(missing.is_empty(), "ask these too, in tests/it/authz/walk/within.rs: {missing:#?}");
    let gone: Vec<_> = walked.union(&open).filter(|one| !described.contains(one)).collect();
    assert!(gone.is_empty(), "these are not in the interface any more: {gone:#?}");
}

both_databases! {
    async fn an_id_inside_a_body_a_form_or_a_query_tells_no_more_than_one_in_a_path(world: World) {
        let walker = Walker::new(&world).await;
        tokio::task::spawn_blocking(move || {
            for place in &places() {
                let name = format!("{} {} {} as {}", place.method, place.path, place.field, place.role);
                let path = match place.path.contains("{id}") {
                    true => {
                        let kind = kind_of(place.path);
                        let own = walker.id(kind, Ownership::Own).unwrap_or_else(|| panic!("{name}: no own"));
                        place.path.replace("{id}", &own)
                    }
                    false => place.path.to_owned(),
                };
                let token = walker.token(place.role);
                let answer = |id: &str| {
                    let answer = match &place.sent {
                        Sent::Json(body) => {
                            let body = serde_json::from_str(&body.to_string().replace("\"ID\"", &format!("\"{id}\"")));
                            walker.site.send(place.method, &path, Some(token), Some(&body.unwrap()))
                        }
                        Sent::Form(typed) => {
                            walker.site.send_form(place.method, &path, Some(token), &typed.replace("ID", id))
                        }
                        Sent::Query(query) => {
                            let path = format!("{path}?{}", query.replace("ID", id));
                            walker.site.send(place.method, &path, Some(token), None)
                        }
                    };
                    without_own(answer, id)
                };
                let unknown = answer(&walker.id(place.kind, Ownership::Unknown).unwrap());
                assert!(unknown.status < 500 && unknown.status != 403, "{name}: {}", unknown.body);
                if !matches!(place.sent, Sent::Query(_)) {
                    assert!((400..500).contains(&unknown.status), "{name}: {}", unknown.body);
                }
                for ownership in place.others {
                    let id = walker.id(place.kind, *ownership);
                    let id = id.unwrap_or_else(|| panic!("{name}: nothing foreign to name"));
                    assert_eq!(answer(&id), unknown, "{name}, {ownership:?}");
                }
            }
        })
        .await
        .unwrap();
    }
}
