//! What stays closed, told in roles: who is restricted, who agrees no longer or never could, and where somebody was met.

mod at_once;
mod child;
mod enquirer;
mod erased;
mod found;
mod kept;
mod restricted;

use std::time::{Duration, Instant};

use api::policy::Role;
use serde_json::{Value, json};
use tests::site::{Answer, Site};
use tests::world::{Someone, World};

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

    /// Signs in anew: days have passed.
    async fn again(&mut self, world: &World) {
        self.token = world.token(&self.who).await;
    }

    fn account(&self) -> String {
        self.who.account.to_string()
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

    fn seeks(&self, person: Value) -> String {
        self.seeks_from(person, json!(null))
    }

    /// Opens a request for one person, last heard of there, and moves it to where it is searched.
    fn seeks_from(&self, person: Value, last_place: Value) -> String {
        let form = json!({
            "channel": "in_person", "interview_language": "so", "enquirer": {"given_names": "Halima"},
            "sought": [{"relation": "daughter", "person": person, "last_place": last_place}],
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

    /// Waits for the index to follow.
    fn candidate(&self, request: &str) -> Value {
        soon("a candidate", || self.candidates(request).pop())
    }

    fn decide(&self, candidate: &Value, deed: &str, more: Value) -> Answer {
        let pair = self.get(&format!("/api/v1/candidates/{}", id(candidate)));
        assert_eq!(pair.status, 200, "{deed}: {}", pair.body);
        let mut body = json!({"version": pair.json()["candidate"]["version"]});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.post(&format!("/api/v1/candidates/{}/{deed}", id(candidate)), body)
    }

    /// The ids of whoever asks and of whoever is sought.
    fn people_of(&self, request: &str) -> (String, String) {
        let read = self.get(&format!("/api/v1/requests/{request}")).json();
        (id(&read["enquirer"]).to_owned(), id(&read["sought"][0]["person"]).to_owned())
    }

    fn answers(&self, person: impl std::fmt::Display, consent: Value) {
        self.done(&format!("/api/v1/people/{person}/consents"), consent);
    }

    fn withdraws(&self, person: impl std::fmt::Display, kind: &str) {
        let form = json!({"kind": kind, "given_by": "person", "method": "written", "language": "en"});
        self.done(&format!("/api/v1/people/{person}/withdrawals"), form);
    }

    /// Changes parts of a person. Gives what the answer says.
    fn edits(&self, person: impl std::fmt::Display, changes: Value) -> Value {
        let path = format!("/api/v1/people/{person}");
        let version = self.get(&path).json()["version"].clone();
        let edited = self.send("PATCH", &path, Some(json!({"version": version, "changes": changes})));
        assert_eq!(edited.status, 200, "{}", edited.body);
        edited.json()
    }

    /// Everybody that a search by name finds.
    fn finds(&self, person: &Value) -> usize {
        let who = json!({"given_names": person["given_names"], "family_names": person["family_names"]});
        self.done("/api/v1/searches", json!({"person": who}))["hits"].as_array().unwrap().len()
    }

    /// Restricts somebody to a team, the caller on it.
    fn restricts(&self, person: &str, team: &[String]) {
        let path = format!("/api/v1/people/{person}/restriction");
        let version = self.get(&path).json()["version"].clone();
        let form = json!({"version": version, "restricted": true, "team": team});
        let answer = self.send("PUT", &path, Some(form));
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

/// Looks again and again, longer than anybody should wait: other stories keep the machine busy.
fn soon<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
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

fn amina() -> Value {
    json!({
        "given_names": "Amina", "family_names": "Warsame", "father_name": "Abdi", "sex": "female",
        "birth": {"date": "1999-04-12"},
    })
}
