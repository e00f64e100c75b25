//! Tracing, told in roles: who is met and who is sought, what two people decide, who stays unseen, what stops a search,
//! and what a family learns.

mod behind;
mod decisions;
mod edits;
mod endings;
mod guesses;
mod hidden;
mod news;
mod stops;
mod sweep;

use std::time::{Duration, Instant};

use api::policy::Role;
use serde_json::{Value, json};
use tests::site::{Answer, Site};
use tests::world::{Someone, World};

/// Somebody at a keyboard: who they are, and the token of their session.
pub struct Desk<'a> {
    site: &'a Site,
    pub who: Someone,
    token: String,
}

impl<'a> Desk<'a> {
    pub async fn of(world: &World, site: &'a Site, role: Role, society: &str) -> Self {
        Self::at(world, site, role, society, Some("Market")).await
    }

    pub async fn at(world: &World, site: &'a Site, role: Role, society: &str, point: Option<&str>) -> Self {
        let who = world.someone(role, society, point).await;
        let token = world.token(&who).await;
        Self { site, who, token }
    }

    /// Signs in anew: days have passed.
    pub async fn again(&mut self, world: &World) {
        self.token = world.token(&self.who).await;
    }

    pub fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        tokio::task::block_in_place(|| self.site.send(method, path, Some(&self.token), body.as_ref()))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body))
    }

    pub fn done(&self, path: &str, body: Value) -> Value {
        let answer = self.post(path, body);
        assert!((200..300).contains(&answer.status), "{path}: {} {}", answer.status, answer.body);
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    /// Opens a request as this form says.
    fn opens(&self, sought: Value) -> String {
        self.opens_for(&[sought])
    }

    fn opens_for(&self, sought: &[Value]) -> String {
        let form = json!({
            "channel": "in_person", "interview_language": "so", "enquirer": {"given_names": "Halima"},
            "sought": sought,
        });
        text(&self.done("/api/v1/requests", form)["id"])
    }

    /// Moves a request as far as these states, and says where it was stopped.
    fn moves(&self, request: &str, states: &[&str]) -> Answer {
        let mut last = None;
        for to in states {
            let version = self.request(request)["version"].clone();
            let moving = json!({"version": version, "to": to});
            let answer = self.post(&format!("/api/v1/requests/{request}/state"), moving);
            let stopped = answer.status != 200;
            last = Some(answer);
            if stopped {
                break;
            }
        }
        last.unwrap()
    }

    /// Opens a request for one person and moves it to where it is searched.
    pub fn seeks(&self, person: Value) -> String {
        self.seeks_all(&[person])
    }

    /// The same for several in one request.
    fn seeks_all(&self, people: &[Value]) -> String {
        let sought = |person: &Value| json!({"relation": "daughter", "person": person});
        let id = self.opens_for(&people.iter().map(sought).collect::<Vec<_>>());
        assert_eq!(self.moves(&id, &["pre_case", "accepted", "searching"]).status, 200);
        id
    }

    fn request(&self, id: &str) -> Value {
        let read = self.get(&format!("/api/v1/requests/{id}"));
        assert_eq!(read.status, 200, "{}", read.body);
        read.json()
    }

    fn candidates(&self, request: &str) -> Vec<Value> {
        let listed = self.get(&format!("/api/v1/requests/{request}/candidates"));
        assert_eq!(listed.status, 200, "{}", listed.body);
        listed.json()["items"].as_array().unwrap().clone()
    }

    /// Waits for the index to follow.
    fn in_time(&self, request: &str, wanted: usize) -> Vec<Value> {
        eventually(&format!("{wanted} candidates"), || {
            let seen = self.candidates(request);
            (seen.len() == wanted).then_some(seen)
        })
    }

    fn hits(&self) -> Value {
        let question = json!({"person": {"given_names": "Amina", "family_names": "Warsame"}});
        self.done("/api/v1/searches", question)["hits"].clone()
    }

    fn decide(&self, candidate: &Value, deed: &str, more: Value) -> Answer {
        let mut body = json!({"version": self.version(candidate)});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.post(&format!("/api/v1/candidates/{}/{deed}", id(candidate)), body)
    }

    fn version(&self, candidate: &Value) -> Value {
        self.pair(candidate)["candidate"]["version"].clone()
    }

    fn pair(&self, candidate: &Value) -> Value {
        let pair = self.get(&format!("/api/v1/candidates/{}", id(candidate)));
        assert_eq!(pair.status, 200, "{}", pair.body);
        pair.json()
    }

    /// The states a candidate went through, oldest first.
    fn history(&self, candidate: &Value) -> Vec<Value> {
        let history = self.get(&format!("/api/v1/candidates/{}/history", id(candidate)));
        assert_eq!(history.status, 200, "{}", history.body);
        history.json()["items"].as_array().unwrap().clone()
    }

    /// What may be said to the enquirer, as it is sent.
    fn status(&self, request: &str) -> Answer {
        self.get(&format!("/api/v1/requests/{request}/enquirer-status"))
    }

    /// A yes or a no of somebody met.
    fn answers(&self, person: &str, consent: Value) {
        self.done(&format!("/api/v1/people/{person}/consents"), consent);
    }

    /// A yes that they take back.
    fn withdraws(&self, person: &str, kind: &str) {
        let form = json!({"kind": kind, "given_by": "person", "method": "written", "language": "en"});
        self.done(&format!("/api/v1/people/{person}/withdrawals"), form);
    }
}

/// The three who bring a match about.
pub struct Team<'a> {
    intake: Desk<'a>,
    caseworker: Desk<'a>,
    reviewer: Desk<'a>,
}

impl<'a> Team<'a> {
    pub async fn of(world: &World, site: &'a Site) -> Self {
        Self {
            intake: Desk::of(world, site, Role::Intake, "Kenya").await,
            caseworker: Desk::of(world, site, Role::Caseworker, "Kenya").await,
            reviewer: Desk::of(world, site, Role::Reviewer, "Kenya").await,
        }
    }

    /// Proposed, confirmed and verified with these checks.
    fn verify(&self, candidate: &Value, checks: Value) {
        for (who, deed, more) in [
            (&self.caseworker, "propose", json!({})),
            (&self.reviewer, "confirm", json!({})),
            (&self.reviewer, "verify", checks),
        ] {
            let answer = who.decide(candidate, deed, more);
            assert_eq!(answer.status, 200, "{deed}: {}", answer.body);
        }
    }

    fn releases(&self, candidate: &Value, kind: &str) -> Answer {
        self.caseworker.decide(candidate, "release", json!({"kind": kind}))
    }
}

/// Looks again and again: longer than anybody should wait, since other stories keep the machine busy. `nodes` holds the
/// index to its second.
fn eventually<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(Instant::now() < until, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Long enough for the index to have followed everything.
fn settle() {
    std::thread::sleep(Duration::from_millis(800));
}

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}")).to_owned()
}

fn code(answer: &Answer) -> (u16, String) {
    (answer.status, text(&answer.json()["code"]))
}

fn amina() -> Value {
    json!({
        "given_names": "Amina", "family_names": "Warsame", "father_name": "Abdi", "sex": "female",
        "birth": {"date": "1999-04-12"},
    })
}

/// As much as a relation needs to count as verified.
fn checked() -> Value {
    json!({"checks": {
        "enquirer_interviewed": true, "found_person_interviewed": true, "separate_facts_agree": true
    }})
}

/// For a child: the word of a parent, and the child's own.
fn for_a_child(kind: &str) -> Value {
    json!({
        "kind": kind, "status": "given", "given_by": "parent", "assent": "given",
        "method": "written", "language": "en"
    })
}

/// For a child whose carer may be the danger: what a protection officer decides, and the child's own word.
fn decided(kind: &str) -> Value {
    let mut says = for_a_child(kind);
    says["given_by"] = json!("best_interest_decision");
    says
}
