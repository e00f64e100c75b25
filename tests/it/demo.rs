//! `relink demo` as a newcomer meets it: a world in a folder, a sign-in for each role, and something to do for each.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::time::Duration;

use serde_json::{Value, json};
use tests::program::{Installation, Running};

use crate::relink;

/// Making a world takes seconds in a release; a debug build on a busy machine takes its time.
const MAKING: Duration = Duration::from_secs(240);

/// A served world, and who can sign in.
struct Demo {
    running: Running,
    address: String,
    /// Login and password, as printed.
    signins: Vec<(String, String)>,
    /// The person whose id is printed below them.
    watched: String,
}

impl Demo {
    fn start(place: &Installation, more: &[&str]) -> Self {
        let words = [&["demo", "--dir", "world", "--port", "0"], more].concat();
        let mut running = place.start(&words);
        let line = running.wait_for_within("Serving at http://localhost:", MAKING);
        let address = line.split_whitespace().last().unwrap().to_owned();
        let mut signins = Vec::new();
        let watched = loop {
            let line = running.wait_for("");
            if let Some((_, rest)) = line.split_once("The person below is ") {
                break rest.split(':').next().unwrap().to_owned();
            }
            let mut words = line.split_whitespace();
            if let (Some(login), Some(password)) = (words.next(), words.next())
                && password.len() == 23
                && password.matches('-').count() == 3
            {
                assert!(words.count() > 3, "{login} is not told what to try");
                signins.push((login.to_owned(), password.to_owned()));
            }
        };
        Self { running, address, signins, watched }
    }

    fn ask(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> (u16, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let url = format!("{}/api/v1/{path}", self.address);
        let bearer = format!("Bearer {token}");
        let answer = match method {
            "GET" => agent.get(url).header("authorization", bearer).call(),
            _ => agent.post(url).header("authorization", bearer).send_json(body.unwrap_or_default()),
        };
        let mut answer = answer.unwrap();
        (answer.status().as_u16(), answer.body_mut().read_json().unwrap_or_default())
    }

    fn sign_in(&self, login: &str, password: &str) -> Option<String> {
        let (status, answer) =
            self.ask("POST", "session", "", Some(json!({"login": login, "password": password})));
        (status == 200).then(|| answer["access_token"].as_str().unwrap().to_owned())
    }

    /// Signs in as printed.
    fn token(&self, login: &str) -> String {
        let (_, password) = self.signins.iter().find(|(name, _)| name == login).unwrap();
        self.sign_in(login, password).unwrap_or_else(|| panic!("{login} cannot sign in as printed"))
    }

    /// Everything on a list, page after page; something must be on it.
    fn items(&self, token: &str, path: &str) -> Vec<Value> {
        self.items_until(token, path, |_| false)
    }

    /// A list as far as the first page with such an item on it: nobody may open everybody within an hour.
    fn items_until(&self, token: &str, path: &str, found: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut items = Vec::new();
        let mut next = path.to_owned();
        loop {
            let (status, answer) = self.ask("GET", &next, token, None);
            assert_eq!(status, 200, "{next}: {answer}");
            items.extend(answer["items"].as_array().unwrap_or_else(|| panic!("{answer}")).clone());
            let Some(after) = answer["next"].as_str() else { break };
            if items.iter().any(&found) {
                break;
            }
            let joint = if path.contains('?') { '&' } else { '?' };
            next = format!("{path}{joint}after={after}");
        }
        assert!(!items.is_empty(), "nothing waits at {path}");
        items
    }
}

fn different(items: &[Value], field: &str) -> BTreeSet<String> {
    items.iter().filter_map(|item| item[field].as_str().map(str::to_owned)).collect()
}

#[test]
fn every_role_of_an_invented_world_finds_something_to_do() {
    let place = Installation::on_sqlite(relink());
    let demo = Demo::start(&place, &[]);
    let roles = [
        "intake",
        "caseworker",
        "reviewer",
        "protection-officer",
        "auditor",
        "data-protection-officer",
        "administrator",
    ];
    for role in roles {
        assert!(demo.signins.iter().any(|(login, _)| login == role), "{role} cannot sign in");
    }

    let page =
        ureq::get(format!("{}/sign-in", demo.address)).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(page.contains("An invented world: nobody here is real."), "{page}");

    let intake = demo.token("intake");
    for list in ["contacts", "people"] {
        assert!(demo.items_until(&intake, list, |_| true).len() > 20, "{list}");
    }

    let caseworker = demo.token("caseworker");
    let requests = demo.items(&caseworker, "requests");
    let states = different(&requests, "state");
    for state in ["pre_case", "searching", "suspended", "candidate_found", "verifying", "consent_pending"] {
        assert!(states.contains(state), "no request is {state}: {states:?}");
    }
    assert!(requests.iter().any(|request| request["conflict"] == "flagged"));
    let mut candidates = Vec::new();
    for request in &requests {
        let path = format!("requests/{}/candidates", request["id"].as_str().unwrap());
        let (status, answer) = demo.ask("GET", &path, &caseworker, None);
        assert_eq!(status, 200, "{answer}");
        candidates.extend(answer["items"].as_array().cloned().unwrap_or_default());
    }
    let states = different(&candidates, "state");
    for state in ["new", "under_review", "confirmed_by_first", "confirmed_by_second", "verified", "rejected"]
    {
        assert!(states.contains(state), "no candidate is {state}: {states:?}");
    }
    let access = different(&candidates, "access");
    for open in ["own", "reduced", "asked", "granted"] {
        assert!(access.contains(open), "no candidate's record is {open}: {access:?}");
    }

    let reviewer = demo.token("reviewer");
    demo.items(&reviewer, "reviews");
    demo.items(&reviewer, "access-requests");
    let overdue = demo.items(&reviewer, "referrals/overdue?side=sender");
    assert!(different(&overdue, "urgency").contains("emergency"));

    let officer = demo.token("protection-officer");
    let sent = different(&demo.items(&officer, "referrals?side=sender"), "state");
    for state in ["draft", "consent_recorded", "sent", "accepted", "completed", "closed", "rejected"] {
        assert!(sent.contains(state), "no referral is {state}: {sent:?}");
    }
    let inbox = different(&demo.items(&officer, "referrals?side=receiver"), "state");
    assert_eq!(inbox, ["acknowledged", "sent"].map(str::to_owned).into());
    demo.items(&officer, "providers");
    let restricted = |person: &Value| person["restricted"] == true;
    let people = demo.items_until(&officer, "people", restricted);
    assert!(people.iter().any(restricted), "nobody is restricted");

    let auditor = demo.token("auditor");
    let whose = json!({"person": demo.watched});
    let (_, seen) = demo.ask("POST", "audit/about-person", &auditor, Some(whose.clone()));
    let who = seen["items"].as_array().unwrap();
    let by: BTreeSet<_> = who.iter().map(|entry| entry["login"].to_string()).collect();
    assert!(by.len() >= 6, "{by:?}");
    let officer = demo.token("data-protection-officer");
    let (status, told) = demo.ask("POST", "file-accesses", &officer, Some(whose));
    assert_eq!(status, 200, "{told}");
    assert!(told["items"].as_array().unwrap().len() >= 6, "{told}");
    let administrator = demo.token("administrator");
    assert!(demo.items(&administrator, "accounts").len() >= 7);
    assert_eq!(demo.ask("GET", "requests", &administrator, None).0, 403);

    // Across the border.
    let east = demo.token("east-protection-officer");
    demo.items(&east, "referrals?side=receiver");
    demo.items(&demo.token("east-caseworker"), "requests");
    demo.items(&demo.token("east-reviewer"), "access-requests");
    assert!(demo.running.stop().success());

    let verified = place.run(&["audit", "verify", "--config", "world/relink.toml"]).well();
    assert!(!verified.is_empty());
}

#[test]
fn a_world_is_served_again_until_a_fresh_one_is_asked_for() {
    let place = Installation::on_sqlite(relink());
    let demo = Demo::start(&place, &[]);
    let second = place.run(&["demo", "--dir", "world", "--port", "0"]).badly();
    assert!(second.contains("another `relink demo`"), "{second}");
    let first = demo.signins.clone();
    assert!(demo.running.interrupt().success(), "Ctrl-C is an end in order");

    let again = Demo::start(&place, &[]);
    assert_eq!(again.signins, first);
    again.token("auditor");
    assert!(again.running.stop().success());

    // Elsewhere a second factor is asked for, and an invented account has none.
    let mut serve = place.command(&["serve", "--config", "world/relink.toml"]);
    serve.env("RELINK_SERVER__LISTEN", "127.0.0.1:0");
    let mut real = place.start_command(serve);
    let address = real.wait_ready();
    let elsewhere = Demo { running: real, address, signins: first.clone(), watched: String::new() };
    let (login, password) = &first[0];
    assert_eq!(elsewhere.sign_in(login, password), None, "an invented account signs in for real");
    assert!(elsewhere.running.stop().success());

    fs::write(place.folder().join("world/mine.txt"), "a newcomer's notes").unwrap();
    let fresh = Demo::start(&place, &["--fresh"]);
    let kept = fresh.signins.iter().filter(|signin| first.contains(signin)).count();
    assert_eq!(kept, 0, "a fresh world has passwords of its own");
    let (login, password) = &first[0];
    assert_eq!(fresh.sign_in(login, password), None);
    fresh.token(login);
    assert!(place.folder().join("world/mine.txt").exists(), "what is not ours stays");
    assert!(fresh.running.stop().success());
}

#[test]
fn a_demo_that_cannot_be_made_says_why_and_touches_nothing() {
    let place = Installation::on_sqlite(relink());
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let err = place.run(&["demo", "--dir", "world", "--port", &port]).badly();
    assert!(err.contains(&port) && err.contains("--port"), "{err}");
    assert!(!place.folder().join("world").exists());

    // A file where a folder would have to be: no user may write there, not even root.
    let err = place.run(&["demo", "--dir", "relink.toml/world", "--port", "0"]).badly();
    assert!(err.contains("relink.toml/world") && err.contains("cannot be read or written"), "{err}");

    fs::create_dir(place.folder().join("letters")).unwrap();
    fs::write(place.folder().join("letters/one.txt"), "dear sister").unwrap();
    for more in [&[][..], &["--fresh"]] {
        let words = [&["demo", "--dir", "letters", "--port", "0"], more].concat();
        let err = place.run(&words).badly();
        assert!(err.contains("letters") && err.contains("--dir"), "{err}");
    }
    assert_eq!(fs::read_dir(place.folder().join("letters")).unwrap().count(), 1);

    // What an operator's shell holds must not lead an invented world into a real database.
    let real = place.folder().join("real.sqlite");
    let elsewhere = place
        .command(&["demo", "--dir", "world", "--port", "0"])
        .env("RELINK_DATABASE__URL", format!("sqlite:{}", real.display()))
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&elsewhere.stderr).into_owned();
    assert!(!elsewhere.status.success() && err.contains("RELINK_DATABASE__URL"), "{err}");
    assert!(!real.exists());
}
