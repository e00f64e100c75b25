//! What a desk and a caseworker wait for, over HTTP, as the service answers it: parsed, permitted, written down in the
//! audit log, sealed or opened, with every commit on the disk of a SQLite file.
//!
//! Defends:
//! - **contact intake**: a volunteer's saved visit is acknowledged in 50 ms at the 99th percentile with one desk at
//!   work and in 250 ms with eight, so nobody queues because of us;
//! - **audited read**: a record with its audit line in 25 ms at the 99th percentile with one reader and in 150 ms with
//!   eight.
#![expect(clippy::expect_used, reason = "a bench stops at the first surprise")]

use std::time::{Duration, Instant};

use benches::latency::Latency;
use serde_json::{Value, json};
use tests::site::Site;
use tests::world::World;

use api::policy::Role;

const CALLS: usize = 1_600;
/// Different people whose records are read: below what one desk may open within an hour.
const FILES: usize = 150;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (world, token) = runtime.block_on(async {
        let world = World::on_sqlite().await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let token = world.token(&desk).await;
        (world, token)
    });
    let site = Site::open(&world);
    let contacts = format!("{}/api/v1/contacts", site.address());
    let mut people = Vec::new();
    for callers in [1, 8] {
        let visit = |agent: &ureq::Agent, number: usize| {
            let request = agent.post(&contacts).header("authorization", format!("Bearer {token}"));
            let mut answer = request.send_json(visit(number)).expect("the contact is recorded");
            let recorded: Value = answer.body_mut().read_json().expect("a JSON body");
            recorded["person"].as_str().expect("a person").to_owned()
        };
        let (latency, made) = measure(callers, &visit);
        println!("contact intake, {callers} at once   {latency}");
        people.extend(made);
    }
    for callers in [1, 8] {
        let look = |agent: &ureq::Agent, number: usize| {
            let id = people.get(number * 7 % FILES).expect("somebody");
            let request = agent.get(format!("{}/api/v1/people/{id}", site.address()));
            let mut answer = request
                .header("authorization", format!("Bearer {token}"))
                .call()
                .expect("the record is shown");
            let shown = answer.body_mut().read_to_string().expect("a body");
            assert!(shown.contains("Amina"), "the bench must measure an opening");
            String::new()
        };
        let (latency, _) = measure(callers, &look);
        println!("audited read, {callers} at once     {latency}");
    }
}

/// [`CALLS`] calls by `callers` at once, each on a connection of its own that stays open.
fn measure(callers: usize, call: &(impl Fn(&ureq::Agent, usize) -> String + Sync)) -> (Latency, Vec<String>) {
    let begun = Instant::now();
    let parts: Vec<Vec<(Duration, String)>> = std::thread::scope(|scope| {
        let caller = |first: usize| {
            let agent = ureq::Agent::new_with_defaults();
            let timed = |number| {
                let begun = Instant::now();
                let answer = call(&agent, number);
                (begun.elapsed(), answer)
            };
            (first..CALLS).step_by(callers).map(timed).collect()
        };
        let threads: Vec<_> = (0..callers).map(|first| scope.spawn(move || caller(first))).collect();
        threads.into_iter().map(|thread| thread.join().expect("a caller")).collect()
    });
    let (took, answers) = parts.into_iter().flatten().unzip();
    (Latency::of(took, begun.elapsed()), answers)
}

/// A visit as a desk sends it: a name, some services, two answers.
fn visit(number: usize) -> Value {
    json!({
        "kind": "service_visit", "services": ["food", "water"],
        "person": {"full_name": format!("Amina Hassan {number}"), "father_name": "Hassan Ali", "sex": "female",
                   "birth": {"age": 30}, "nationalities": ["SOM"], "phones": ["+254 700 000 001"]},
        "consents": [
            {"kind": "collect_and_store", "status": "given", "method": "written", "language": "en"},
            {"kind": "tracing_search", "status": "given", "method": "written", "language": "en"}
        ]
    })
}
