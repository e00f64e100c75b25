//! Every route × every role × every ownership. A route that nobody thought of here fails the walk.

use std::collections::BTreeMap;

use api::app::{Needs, Route, routes};
use api::kernel::*;
use api::policy::{Reach, Role, grants};
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::{Answer, Site};
use tests::world::World;

/// Whose record it is, seen from the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ownership {
    OtherPoint,
    OtherSociety,
    Unknown,
    Malformed,
}

/// What kind of record a path is about: its longest known beginning decides.
const KINDS: &[(&str, &str)] = &[
    ("/api/v1/me/sessions/", SessionId::PREFIX),
    ("/api/v1/accounts/", AccountId::PREFIX),
    ("/api/v1/points/", PointId::PREFIX),
    ("/api/v1/routes/", RouteId::PREFIX),
    ("/api/v1/contacts/", ContactId::PREFIX),
    ("/api/v1/people/", PersonId::PREFIX),
    ("/api/v1/providers/", ProviderId::PREFIX),
    ("/api/v1/referrals/", ReferralId::PREFIX),
    // Entries are numbered; nobody owns one.
    ("/api/v1/audit/entries/", "leaf"),
    ("/api/v1/requests/", RequestId::PREFIX),
    ("/api/v1/candidates/", CandidateId::PREFIX),
    ("/api/v1/access-requests/", CandidateId::PREFIX),
];

fn kind_of(path: &str) -> &'static str {
    KINDS
        .iter()
        .filter(|(beginning, _)| path.starts_with(beginning))
        .max_by_key(|(beginning, _)| beginning.len())
        .unwrap_or_else(|| panic!("{path} names a record; say of which kind in tests/it/authz/walk.rs"))
        .1
}

/// Bodies that are right in form, so that the answer speaks of the record and not of the body.
fn body(route: &Route) -> Value {
    match (route.method.as_str(), route.path) {
        ("PUT", "/api/v1/accounts/{id}/role") => json!({"role": "reviewer"}),
        ("POST", "/api/v1/points/{id}/sites") => json!({"name": "Tent", "kind": "fixed", "place": "Market"}),
        ("POST", "/api/v1/points/{id}/status") => json!({"status": "open"}),
        ("PUT", "/api/v1/points/{id}/services") => json!({"services": ["first_aid"]}),
        ("PATCH", "/api/v1/people/{id}") => json!({"version": 1, "changes": {"father_name": "Musa"}}),
        ("POST", "/api/v1/people/{id}/consents") => {
            json!({
                "kind": "tracing_search", "status": "refused", "given_by": "person", "method": "written", "language": "en"
            })
        }
        ("POST", "/api/v1/people/{id}/withdrawals") => {
            json!({"kind": "tracing_search", "given_by": "person", "method": "written", "language": "en"})
        }
        ("PUT", "/api/v1/people/{id}/restriction") => json!({"version": 1, "restricted": true, "team": []}),
        ("PUT", "/api/v1/providers/{id}") => json!({"version": 1, "provider": {
            "name": "Clinic", "kind": "health_facility", "services": ["basic_medical"], "review_days": 90, "contact_point": "front desk",
            "active": true
        }}),
        ("POST", "/api/v1/referrals/{id}/steps") => json!({"version": 1, "step": "record_consent"}),
        ("POST", "/api/v1/referrals/{id}/answers") => json!({"version": 1, "step": "acknowledge"}),
        ("PATCH", "/api/v1/requests/{id}") => json!({"version": 1}),
        ("POST", "/api/v1/requests/{id}/state") => json!({"version": 1, "to": "pre_case"}),
        ("POST", "/api/v1/requests/{id}/close") => {
            json!({"version": 1, "outcome": "duplicate", "told": "search_ended"})
        }
        ("PUT", "/api/v1/requests/{id}/circulation") => json!({"version": 1, "circulation": []}),
        ("POST", "/api/v1/requests/{id}/assignment") => {
            json!({"account": "acc_0190a0b0c0d07000800000000000dead"})
        }
        ("POST", "/api/v1/requests/{id}/actions") => json!({"kind": "mass_tracing", "result": "pending"}),
        ("POST", "/api/v1/candidates/{id}/verify") => json!({"version": 1, "checks": {
            "enquirer_interviewed": true, "found_person_interviewed": true, "documents_checked": true
        }}),
        ("POST", "/api/v1/candidates/{id}/reject" | "/api/v1/candidates/{id}/undo") => {
            json!({"version": 1, "reason": "different_person"})
        }
        ("POST", "/api/v1/candidates/{id}/release") => {
            json!({"version": 1, "kind": "share_safe_and_well_only"})
        }
        ("POST", "/api/v1/access-requests/{id}") => json!({"version": 1, "grant": false}),
        ("POST", path) if path.starts_with("/api/v1/candidates/") || path.ends_with("/conflict-cleared") => {
            json!({"version": 1})
        }
        _ => json!({}),
    }
}

/// The records of others: by kind and ownership, ids as they read.
type Estate = BTreeMap<(&'static str, Ownership), String>;

/// Fills other points and societies through the interface, as their own people would.
async fn estate(world: &World, site: &Site) -> Estate {
    let mut estate = Estate::new();
    for (ownership, society, point) in
        [(Ownership::OtherPoint, "Kenya", "Lodwar"), (Ownership::OtherSociety, "Chad", "Abéché")]
    {
        let intake = world.someone(Role::Intake, society, Some(point)).await;
        let officer = world.someone(Role::ProtectionOfficer, society, Some(point)).await;
        let (desk, officer) = (world.token(&intake).await, world.token(&officer).await);
        let post = |token: &str, path: &str, body: Value| {
            let made = tokio::task::block_in_place(|| site.send("POST", path, Some(token), Some(&body)));
            assert_eq!(made.status, 201, "{path}: {}", made.body);
            made.json()
        };
        let recorded = post(
            &desk,
            "/api/v1/contacts",
            json!({
                "kind": "service_visit", "services": ["first_aid"], "legal_basis": "vital_interest",
                "person": {"given_names": "Amina", "family_names": "Hassan"},
                "consents": [{
                    "kind": "tracing_search", "status": "given", "method": "oral_witnessed", "language": "en"
                }]
            }),
        );
        let caseworker = world.someone(Role::Caseworker, society, Some(point)).await;
        let token = world.token(&caseworker).await;
        let (request, candidate) = tokio::task::block_in_place(|| searched_for(site, &token));
        estate.insert((RequestId::PREFIX, ownership), request);
        estate.insert((CandidateId::PREFIX, ownership), candidate);
        estate.insert((ContactId::PREFIX, ownership), text(&recorded["contact"]));
        estate.insert((PersonId::PREFIX, ownership), text(&recorded["person"]));
        if ownership == Ownership::OtherSociety {
            let referral = post(
                &officer,
                "/api/v1/referrals",
                json!({
                    "person": recorded["person"], "urgency": "normal", "service": "basic_medical", "mode": "phone",
                    "receiver": {"kind": "society", "id": world.society("Niger").await.to_string()},
                    "fields": ["given_names"], "need": "somebody to talk to"
                }),
            );
            estate.insert((ReferralId::PREFIX, ownership), text(&referral["id"]));
            estate.insert((AccountId::PREFIX, ownership), intake.account.to_string());
            estate.insert((PointId::PREFIX, ownership), world.point(society, point).await.to_string());
        }
    }
    estate
}

/// A request for the same name, moved to where it is searched, and the candidate that appears by itself.
fn searched_for(site: &Site, token: &str) -> (String, String) {
    let opened = site.send(
        "POST",
        "/api/v1/requests",
        Some(token),
        Some(&json!({
            "channel": "in_person", "interview_language": "en", "enquirer": {"given_names": "Halima"},
            "sought": [{
                "relation": "daughter", "person": {"given_names": "Amina", "family_names": "Hassan"}
            }]
        })),
    );
    assert_eq!(opened.status, 201, "{}", opened.body);
    let request = text(&opened.json()["id"]);
    for (version, to) in [(1, "pre_case"), (2, "accepted"), (3, "searching")] {
        let moving = json!({"version": version, "to": to});
        let moved =
            site.send("POST", &format!("/api/v1/requests/{request}/state"), Some(token), Some(&moving));
        assert_eq!(moved.status, 200, "{to}: {}", moved.body);
    }
    for _ in 0..100 {
        let listed = site.send("GET", &format!("/api/v1/requests/{request}/candidates"), Some(token), None);
        assert_eq!(listed.status, 200, "{}", listed.body);
        if let Some(candidate) = listed.json()["items"].get(0) {
            return (request, text(&candidate["id"]));
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("no candidate appeared");
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("an id, not {value}")).to_owned()
}

/// Registers that everybody may read have no foreign records to hide.
const OPEN_TO_ALL: &[&str] = &[ProviderId::PREFIX, RouteId::PREFIX, SessionId::PREFIX, "leaf"];

const ROLES: [Role; 7] = [
    Role::Intake,
    Role::Caseworker,
    Role::Reviewer,
    Role::ProtectionOfficer,
    Role::Auditor,
    Role::DataProtectionOfficer,
    Role::Administrator,
];

struct Walker {
    site: Site,
    tokens: Vec<(Role, String)>,
    estate: Estate,
}

impl Walker {
    async fn new(world: &World) -> Self {
        let mut tokens = Vec::new();
        for role in ROLES {
            let who = world.someone(role, "Kenya", Some("Kakuma")).await;
            tokens.push((role, world.token(&who).await));
        }
        let site = Site::open(world);
        let estate = estate(world, &site).await;
        Self { site, tokens, estate }
    }

    fn send(&self, route: &Route, path: &str, token: Option<&str>) -> Answer {
        let wants_body = !matches!(route.method.as_str(), "GET" | "DELETE");
        let body = wants_body.then(|| body(route));
        self.site.send(route.method.as_str(), path, token, body.as_ref())
    }

    /// The id to put into a path, where this ownership exists for its kind.
    fn id(&self, path: &str, ownership: Ownership) -> Option<String> {
        match ownership {
            Ownership::Unknown => Some(format!("{}_0190a0b0c0d07000800000000000dead", kind_of(path))),
            Ownership::Malformed => Some("nonsense".into()),
            other => self.estate.get(&(kind_of(path), other)).cloned(),
        }
    }
}

fn is_json(route: &Route) -> bool {
    route.path.starts_with("/api/v1/")
}

both_databases! {
    async fn nobody_passes_where_their_role_does_not_reach(world: World) {
        let walker = Walker::new(&world).await;
        tokio::task::spawn_blocking(move || {
            let mut walked = 0;
            for route in routes().iter().filter(|route| is_json(route)) {
                let path = match route.path.contains("{id}") {
                    true => route.path.replace("{id}", &walker.id(route.path, Ownership::Unknown).unwrap()),
                    false => route.path.to_owned(),
                };
                let name = format!("{} {}", route.method, route.path);
                if route.needs != Needs::Nothing {
                    let stranger = walker.send(route, &path, None);
                    assert_eq!(stranger.status, 401, "{name}, signed out: {}", stranger.body);
                    let forged = walker.send(route, &path, Some("eyJhbGciOiJub25lIn0.e30."));
                    assert_eq!(forged, stranger, "{name}, with a forged token");
                }
                if let Needs::May(action) = route.needs {
                    for (role, token) in &walker.tokens {
                        let answer = walker.send(route, &path, Some(token));
                        let included = grants(*role, action).0 != Reach::Nobody;
                        assert_eq!(answer.status == 403, !included, "{name} as {role}: {}", answer.body);
                        assert!(answer.status < 500, "{name} as {role}: {}", answer.body);
                        walked += 1;
                    }
                }
            }
            assert!(walked > 0, "there are routes to walk");
        })
        .await
        .unwrap();
    }

    async fn foreign_unknown_and_malformed_records_are_answered_byte_for_byte_alike(world: World) {
        let walker = Walker::new(&world).await;
        tokio::task::spawn_blocking(move || {
            for route in routes().iter().filter(|route| is_json(route) && route.path.contains("{id}")) {
                let Needs::May(action) = route.needs else { continue };
                for (role, token) in &walker.tokens {
                    // Where the role reaches everybody, nothing is foreign; where it reaches nobody, all is alike.
                    let reach = grants(*role, action).0;
                    if matches!(reach, Reach::Nobody | Reach::Everyone) {
                        continue;
                    }
                    let answer = |ownership| {
                        let id = walker.id(route.path, ownership)?;
                        Some(walker.send(route, &route.path.replace("{id}", &id), Some(token)))
                    };
                    let name = format!("{} {} as {role}", route.method, route.path);
                    let unknown = answer(Ownership::Unknown).unwrap();
                    assert_eq!(unknown.status, 404, "{name}: {}", unknown.body);
                    for ownership in [Ownership::OtherPoint, Ownership::OtherSociety, Ownership::Malformed] {
                        // A society's own points are within its reach.
                        if ownership == Ownership::OtherPoint && reach == Reach::OwnSociety {
                            continue;
                        }
                        if let Some(other) = answer(ownership) {
                            assert_eq!(other, unknown, "{name}, {ownership:?}");
                        }
                    }
                }
            }
            // A foreign record for every kind that has a path: the walk is no walk without one.
            for (beginning, kind) in KINDS.iter().filter(|(_, kind)| !OPEN_TO_ALL.contains(kind)) {
                let there = walker.estate.contains_key(&(*kind, Ownership::OtherSociety));
                assert!(there, "no foreign record for {beginning}");
            }
        })
        .await
        .unwrap();
    }
}
