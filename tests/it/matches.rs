//! The main job, told in roles: somebody is met, somebody is sought, two people decide, and a family learns only what
//! the found person agreed to.

use std::time::{Duration, Instant};

use api::policy::Role;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::{Answer, Site};
use tests::world::{Someone, World};

use crate::people::{met, says, visit_of};

/// Somebody at a keyboard: who they are, and the token of their session.
struct Desk<'a> {
    site: &'a Site,
    who: Someone,
    token: String,
}

impl<'a> Desk<'a> {
    async fn of(world: &World, site: &'a Site, role: Role, society: &str) -> Self {
        let who = world.someone(role, society, Some("Market")).await;
        let token = world.token(&who).await;
        Self { site, who, token }
    }

    fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        tokio::task::block_in_place(|| self.site.send(method, path, Some(&self.token), body.as_ref()))
    }

    fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body))
    }

    fn done(&self, path: &str, body: Value) -> Value {
        let answer = self.post(path, body);
        assert!((200..300).contains(&answer.status), "{path}: {} {}", answer.status, answer.body);
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    /// Opens a request for one person and moves it to where it is searched.
    fn seeks(&self, person: Value) -> String {
        let form = json!({
            "channel": "in_person", "interview_language": "so", "enquirer": {"given_names": "Halima"},
            "sought": [{"relation": "daughter", "person": person}],
        });
        let id = self.done("/api/v1/requests", form)["id"].as_str().unwrap().to_owned();
        for (version, to) in [(1, "pre_case"), (2, "accepted"), (3, "searching")] {
            self.done(&format!("/api/v1/requests/{id}/state"), json!({"version": version, "to": to}));
        }
        id
    }

    fn candidates(&self, request: &str) -> Vec<Value> {
        let listed = self.get(&format!("/api/v1/requests/{request}/candidates"));
        assert_eq!(listed.status, 200, "{}", listed.body);
        listed.json()["items"].as_array().unwrap().clone()
    }

    /// Waits for the index to follow, a second at most.
    fn within_a_second(&self, request: &str, wanted: usize) -> Vec<Value> {
        let until = Instant::now() + Duration::from_secs(1);
        loop {
            let seen = self.candidates(request);
            if seen.len() == wanted {
                return seen;
            }
            assert!(Instant::now() < until, "{} candidates, not {wanted}", seen.len());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn decide(&self, candidate: &Value, deed: &str, more: Value) -> Answer {
        let mut body = json!({"version": self.version(candidate)});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.post(&format!("/api/v1/candidates/{}/{deed}", id(candidate)), body)
    }

    fn version(&self, candidate: &Value) -> Value {
        let pair = self.get(&format!("/api/v1/candidates/{}", id(candidate)));
        assert_eq!(pair.status, 200, "{}", pair.body);
        pair.json()["candidate"]["version"].clone()
    }
}

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

fn amina() -> Value {
    json!({
        "given_names": "Amina", "family_names": "Warsame", "father_name": "Abdi", "sex": "female",
        "birth": {"date": "1999-04-12"},
    })
}

fn checked() -> Value {
    json!({"checks": {
        "enquirer_interviewed": true, "found_person_interviewed": true, "separate_facts_agree": true
    }})
}

both_databases! {
    async fn two_people_decide_and_the_family_learns_what_the_found_person_agreed_to(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let reviewer = Desk::of(&world, &site, Role::Reviewer, "Kenya").await;
        let request = caseworker.seeks(amina());
        assert!(caseworker.candidates(&request).is_empty());
        let status = format!("/api/v1/requests/{request}/enquirer-status");
        let searching = caseworker.get(&status).body;

        // Nobody asks: the visit alone brings the candidate.
        let found = met(&world.core, &intake, amina()).await;
        let candidate = caseworker.within_a_second(&request, 1).remove(0);
        assert!(!candidate["explanation"]["lines"].as_array().unwrap().is_empty());

        assert_eq!(reviewer.decide(&candidate, "confirm", json!({})).status, 409, "nobody has proposed");
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).status, 200);
        assert_eq!(caseworker.decide(&candidate, "confirm", json!({})).status, 403, "not their own proposal");
        assert_eq!(reviewer.decide(&candidate, "verify", checked()).status, 409, "not confirmed yet");
        assert_eq!(reviewer.decide(&candidate, "confirm", json!({})).status, 200);
        assert_eq!(reviewer.decide(&candidate, "verify", json!({"checks": {}})).status, 422);
        assert_eq!(reviewer.decide(&candidate, "verify", checked()).status, 200);

        // Found, and still the very same bytes for the family.
        assert_eq!(caseworker.get(&status).body, searching);
        let release = |kind: &str| caseworker.decide(&candidate, "release", json!({"kind": kind}));
        let refused = release("share_safe_and_well_only");
        assert_eq!((refused.status, refused.json()["code"].as_str()), (409, Some("not_agreed")));
        let person = format!("/api/v1/people/{found}");
        assert_eq!(caseworker.get(&person).status, 404, "where she is stays closed");
        assert_eq!(caseworker.get(&status).body, searching);

        let desk = Desk { site: &site, token: world.token(&intake).await, who: intake };
        desk.done(&format!("{person}/consents"), says("share_safe_and_well_only", "given"));
        assert_eq!(release("share_location_with_enquirer").status, 409, "that she did not agree to");
        assert_eq!(release("share_safe_and_well_only").status, 204);
        assert_eq!(caseworker.get(&status).json()["status"], "safe_and_well");
        assert_eq!(caseworker.get(&person).status, 404);
    }

    async fn a_withdrawal_ends_the_candidate_and_the_search_within_a_second(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let found = met(&world.core, &intake.who, amina()).await;
        let request = caseworker.seeks(amina());
        caseworker.within_a_second(&request, 1);
        let question = json!({"person": {"given_names": "Amina", "family_names": "Warsame"}});
        let hits = |question: &Value| caseworker.done("/api/v1/searches", question.clone())["hits"].clone();
        assert_eq!(hits(&question).as_array().unwrap().len(), 1);

        let withdrawal =
            json!({"kind": "tracing_search", "given_by": "person", "method": "written", "language": "en"});
        intake.done(&format!("/api/v1/people/{found}/withdrawals"), withdrawal);
        caseworker.within_a_second(&request, 0);
        assert_eq!(hits(&question), json!([]));
    }

    async fn a_rejected_pair_stays_rejected_until_its_evidence_changes(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let found = met(&world.core, &intake.who, amina()).await;
        let request = caseworker.seeks(amina());
        let candidate = caseworker.within_a_second(&request, 1).remove(0);
        let reason = json!({"reason": "different_person"});
        assert_eq!(caseworker.decide(&candidate, "reject", reason).status, 200);
        caseworker.send("POST", &format!("/api/v1/requests/{request}/search"), None);
        std::thread::sleep(Duration::from_millis(600));
        assert_eq!(caseworker.candidates(&request)[0]["state"], "rejected", "asking again changes nothing");

        world.pass(chrono::Duration::seconds(1));
        let person = format!("/api/v1/people/{found}");
        let change = json!({"version": 1, "changes": {"father_name": "Yusuf"}});
        assert_eq!(intake.send("PATCH", &person, Some(change)).status, 200);
        let until = Instant::now() + Duration::from_secs(1);
        while caseworker.candidates(&request)[0]["state"] != "new" {
            assert!(Instant::now() < until, "the changed record did not bring the pair back");
            std::thread::sleep(Duration::from_millis(20));
        }
        let history = caseworker.get(&format!("/api/v1/candidates/{}/history", id(&candidate))).json();
        let states: Vec<_> = history["items"].as_array().unwrap().iter().map(|e| e["to"].clone()).collect();
        assert_eq!(states, ["rejected", "new"], "both histories stand");
    }

    async fn another_society_shows_a_reference_until_it_lets_more_be_seen(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Uganda", Some("Border")).await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let theirs = Desk::of(&world, &site, Role::Reviewer, "Uganda").await;
        let request = caseworker.seeks(amina());
        met(&world.core, &intake, amina()).await;
        std::thread::sleep(Duration::from_millis(600));
        assert!(caseworker.candidates(&request).is_empty(), "she did not agree to be found from elsewhere");

        let mut visit = visit_of(amina());
        visit["consents"].as_array_mut().unwrap().push(says("share_within_network", "given"));
        crate::people::record(&world.core, &intake, visit).await;
        let candidate = caseworker.within_a_second(&request, 1).remove(0);
        assert_eq!(candidate["access"], "reduced");
        assert!(candidate.get("probability").is_none());
        for line in candidate["explanation"]["lines"].as_array().unwrap() {
            assert_eq!(line["found_value"], json!({"hidden": true}));
        }
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).json()["code"], "access_needed");
        assert_eq!(caseworker.decide(&candidate, "access", json!({})).json()["code"], "circulation_needed");

        let uganda = world.society("Uganda").await.to_string();
        let allow = json!({"version": 4, "circulation": [
            {"kind": "society", "recipient": uganda, "rule": "allow"}
        ]});
        let path = format!("/api/v1/requests/{request}/circulation");
        assert_eq!(caseworker.send("PUT", &path, Some(allow)).status, 200);
        assert_eq!(caseworker.decide(&candidate, "access", json!({})).status, 200);
        let asked = theirs.get("/api/v1/access-requests").json()["items"][0].clone();
        let answer = json!({"version": asked["version"], "grant": true});
        theirs.done(&format!("/api/v1/access-requests/{}", id(&asked)), answer);
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).status, 200);
    }
}
