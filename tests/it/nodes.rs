//! Several nodes over one database: what is done at one counts at the others at once, and nothing is done twice.

use std::fs;
use std::time::{Duration, Instant};

use api::audit::{Trust, verify};
use api::auth::code_at;
use api::policy::Role;
use serde_json::{Value, json};
use tests::both_databases;
use tests::postgres;
use tests::program::Installation;
use tests::site::{Answer, Site};
use tests::world::{PASSWORD, World};

use crate::people::visit_of;
use crate::relink;

/// One service, served at two places that share the database and nothing in memory.
struct Nodes {
    here: Site,
    there: Site,
}

impl Nodes {
    fn of(world: &World) -> Self {
        Self { here: Site::open(world), there: Site::open(&world.another_node()) }
    }
}

fn send(site: &Site, method: &str, path: &str, token: &str, body: Option<Value>) -> Answer {
    tokio::task::block_in_place(|| site.send(method, path, Some(token), body.as_ref()))
}

fn done(site: &Site, path: &str, token: &str, body: Value) -> Value {
    let answer = send(site, "POST", path, token, Some(body));
    assert!((200..300).contains(&answer.status), "{path}: {} {}", answer.status, answer.body);
    answer.json()
}

/// A second at most: the same bound as on one node.
fn within_a_second(what: &str, come: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(1);
    while !come() {
        assert!(Instant::now() < until, "within a second: {what}");
        std::thread::sleep(Duration::from_millis(60));
    }
}

fn amina() -> Value {
    json!({"given_names": "Amina", "family_names": "Warsame", "father_name": "Abdi", "birth": {"date": "1999-04-12"}})
}

fn hits(site: &Site, token: &str) -> usize {
    let found = done(site, "/api/v1/searches", token, json!({"person": amina()}));
    found["hits"].as_array().unwrap().len()
}

fn seeks(site: &Site, token: &str, person: Value) -> String {
    let form = json!({
        "channel": "in_person", "interview_language": "so", "enquirer": {"given_names": "Halima"},
        "sought": [{"relation": "daughter", "person": person}],
    });
    let id = done(site, "/api/v1/requests", token, form)["id"].as_str().unwrap().to_owned();
    for (version, to) in [(1, "pre_case"), (2, "accepted"), (3, "searching")] {
        done(site, &format!("/api/v1/requests/{id}/state"), token, json!({"version": version, "to": to}));
    }
    id
}

fn candidates(site: &Site, token: &str, request: &str) -> Vec<Value> {
    let listed = send(site, "GET", &format!("/api/v1/requests/{request}/candidates"), token, None);
    assert_eq!(listed.status, 200, "{}", listed.body);
    listed.json()["items"].as_array().unwrap().clone()
}

fn withdrawal() -> Value {
    json!({"kind": "tracing_search", "given_by": "person", "method": "written", "language": "en"})
}

both_databases! {
    async fn who_is_met_at_one_node_is_found_at_the_other_and_a_withdrawal_counts_at_both(world: World) {
        let nodes = Nodes::of(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let caseworker = world.someone(Role::Caseworker, "Kenya", Some("Market")).await;
        let (desk, token) = (world.token(&intake).await, world.token(&caseworker).await);
        let request = seeks(&nodes.there, &token, amina());
        let person = done(&nodes.here, "/api/v1/contacts", &desk, visit_of(amina()))["person"].clone();
        within_a_second("found at the other node", || hits(&nodes.there, &token) == 1);
        for site in [&nodes.here, &nodes.there] {
            within_a_second("one candidate", || candidates(site, &token, &request).len() == 1);
        }

        let path = format!("/api/v1/people/{}/withdrawals", person.as_str().unwrap());
        done(&nodes.there, &path, &desk, withdrawal());
        for site in [&nodes.here, &nodes.there] {
            assert_eq!(hits(site, &token), 0, "no search shows whoever withdrew, whatever an index still holds");
            within_a_second("no candidate", || candidates(site, &token, &request).is_empty());
        }
    }

    async fn a_society_founded_at_one_node_works_at_the_other(world: World) {
        let nodes = Nodes::of(&world);
        let intake = world.someone(Role::Intake, "Chad", Some("Border")).await;
        let caseworker = world.someone(Role::Caseworker, "Chad", Some("Border")).await;
        let (desk, token) = (world.token(&intake).await, world.token(&caseworker).await);
        let there = done(&nodes.there, "/api/v1/contacts", &desk, visit_of(amina()));
        let here = done(&nodes.here, "/api/v1/contacts", &desk, visit_of(amina()));
        for site in [&nodes.here, &nodes.there] {
            within_a_second("both are found", || hits(site, &token) == 2);
            for recorded in [&here, &there] {
                let path = format!("/api/v1/people/{}", recorded["person"].as_str().unwrap());
                assert_eq!(send(site, "GET", &path, &desk, None).status, 200);
            }
            assert_eq!(send(site, "GET", "/api/v1/people", &desk, None).status, 200);
        }
    }

    async fn a_deed_asked_of_both_nodes_at_once_is_done_once(world: World) {
        let nodes = Nodes::of(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let token = world.token(&intake).await;
        let body = visit_of(amina()).to_string();
        for round in 0..12 {
            let key = format!("round-{round:04}");
            let ask = |site: &Site| loop {
                let headers = [("content-type", "application/json"), ("idempotency-key", key.as_str())];
                let answer = site.send_raw("POST", "/api/v1/contacts", Some(&token), &headers, Some(body.as_bytes()));
                if answer.status == 201 {
                    return answer.json();
                }
                assert_eq!(answer.json()["code"], "idempotency_key_busy", "{}", answer.body);
            };
            let (one, other) = tokio::task::block_in_place(|| std::thread::scope(|threads| {
                let other = threads.spawn(|| ask(&nodes.there));
                (ask(&nodes.here), other.join().unwrap())
            }));
            assert_eq!(one, other);
        }
        let listed = send(&nodes.here, "GET", "/api/v1/contacts", &token, None).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 12);
    }

    async fn a_pair_that_both_nodes_find_is_one_candidate_with_one_history(world: World) {
        let nodes = Nodes::of(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let caseworker = world.someone(Role::Caseworker, "Kenya", Some("Market")).await;
        let (desk, token) = (world.token(&intake).await, world.token(&caseworker).await);
        let request = seeks(&nodes.here, &token, amina());
        let person = done(&nodes.here, "/api/v1/contacts", &desk, visit_of(amina()))["person"].clone();
        within_a_second("one candidate", || candidates(&nodes.here, &token, &request).len() == 1);
        let path = format!("/api/v1/people/{}", person.as_str().unwrap());
        for round in 1..=6 {
            world.pass(chrono::Duration::seconds(1));
            let candidate = candidates(&nodes.here, &token, &request).remove(0);
            let one = format!("/api/v1/candidates/{}", candidate["id"].as_str().unwrap());
            let version = send(&nodes.here, "GET", &one, &token, None).json()["candidate"]["version"].clone();
            done(&nodes.here, &format!("{one}/reject"), &token, json!({"version": version, "reason": "different_person"}));
            world.pass(chrono::Duration::seconds(1));
            let change = json!({"version": round, "changes": {"father_name": (["Abdi", "Yusuf"][round % 2])}});
            assert_eq!(send(&nodes.there, "PATCH", &path, &desk, Some(change)).status, 200);
            within_a_second("back again", || candidates(&nodes.here, &token, &request)[0]["state"] == "new");
            // Whichever node came second has its say within another turn.
            std::thread::sleep(Duration::from_millis(400));
            let history = send(&nodes.here, "GET", &format!("{one}/history"), &token, None).json();
            let states: Vec<_> = history["items"].as_array().unwrap().iter().map(|e| e["to"].clone()).collect();
            assert_eq!(states, ["rejected", "new"].repeat(round), "each turn once");
        }
    }

    async fn whoever_is_put_out_at_one_node_is_out_at_the_other(world: World) {
        let nodes = Nodes::of(&world);
        let chief = world.someone(Role::Administrator, "Kenya", None).await;
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let hodan = world.someone(Role::Caseworker, "Kenya", None).await;
        let (his, hers) = (world.token(&chief).await, world.token(&amina).await);
        let me = |site: &Site, token: &str| send(site, "GET", "/api/v1/me", token, None);
        assert_eq!(me(&nodes.there, &hers).json()["role"], "caseworker");
        let role = format!("/api/v1/accounts/{}/role", amina.account);
        assert_eq!(send(&nodes.here, "PUT", &role, &his, Some(json!({"role": "reviewer"}))).status, 204);
        assert_eq!(me(&nodes.there, &hers).json()["role"], "reviewer", "from the next request on");
        let disable = format!("/api/v1/accounts/{}/disable", amina.account);
        assert_eq!(send(&nodes.here, "POST", &disable, &his, Some(json!({}))).status, 204);
        assert_eq!(me(&nodes.there, &hers).status, 401);

        // A code that signed somebody in at one node signs nobody in at the other.
        world.pass(chrono::Duration::seconds(30));
        let code = code_at(hodan.seed(), world.core.clock.now()).unwrap();
        let sign_in = |site: &Site| {
            let body = json!({"login": hodan.login, "password": PASSWORD, "code": code});
            tokio::task::block_in_place(|| site.send("POST", "/api/v1/session", None, Some(&body)))
        };
        let tokens = sign_in(&nodes.here).json();
        assert_eq!(sign_in(&nodes.there).status, 401);
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(me(&nodes.there, token).status, 200);
        assert_eq!(send(&nodes.there, "DELETE", "/api/v1/session", token, None).status, 204);
        assert_eq!(me(&nodes.here, token).status, 401);
        let refresh = json!({"refresh_token": tokens["refresh_token"]});
        let again = tokio::task::block_in_place(|| nodes.here.send("POST", "/api/v1/session/refresh", None, Some(&refresh)));
        assert_eq!(again.status, 401);
    }

    async fn nodes_that_sign_into_one_folder_take_turns(world: World) {
        let other = world.another_node();
        let auditor = world.someone(Role::Auditor, "Kenya", None).await;
        let may = auditor.may::<api::policy::ReadAudit>();
        let mut tasks = Vec::new();
        for core in [&world.core, &other.core, &world.core, &other.core] {
            let (core, may) = (core.clone(), may.clone());
            tasks.push(tokio::spawn(async move {
                for _ in 0..25 {
                    core.audit.look(&may, |e| e.detail("entry")).await.unwrap();
                    let audit = core.audit.clone();
                    tokio::task::spawn_blocking(move || audit.checkpoint_now()).await.unwrap().unwrap();
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let trust: Trust = other.core.audit.trust();
        let report = verify(&world.core.db, &trust, &mut |_| {}).unwrap();
        assert!(report.is_clean(), "{:?}", report.findings);
        assert!(report.checkpoints > 100, "{}", report.checkpoints);
        assert_eq!((world.core.audit.refusal(), other.core.audit.refusal()), (None, None));
    }
}

/// Two programs that start at the same moment on a database in which nothing was ever logged.
fn two_first_starts(place: &Installation) {
    place.run(&["keys", "create", "--without-passphrase"]).well();
    place.run(&["migrate"]).well();
    let (mut one, mut other) = (place.start(&["serve"]), place.start(&["serve"]));
    one.wait_ready();
    other.wait_ready();
    assert!(one.stop().success() && other.stop().success());
    let said = place.run(&["audit", "verify"]).well();
    let entries = said.split(' ').next().unwrap();
    let signed = fs::read_to_string(place.folder().join("checkpoints/latest")).unwrap();
    assert_eq!(signed.lines().nth(1), Some(entries), "an end in order leaves no unsigned leaf");
    for entry in fs::read_dir(place.folder().join("checkpoints")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.ends_with(".new"), "{name} was left behind");
    }
}

#[test]
fn two_programs_start_at_once_on_sqlite() {
    for _ in 0..3 {
        two_first_starts(&Installation::on_sqlite(relink()));
    }
}

#[test]
#[ignore = "needs PostgreSQL; tests/run starts one"]
fn two_programs_start_at_once_on_postgres() {
    for _ in 0..3 {
        two_first_starts(&Installation::on_postgres(relink(), postgres::server()));
    }
}
