//! The served program is killed again and again while dozens of requests are under way; what it acknowledged is
//! compared with what the reopened service holds.

mod clients;

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::BuildHasher;
use std::time::Duration;

use api::audit::Leaf;
use api::db::schema::{
    audit_head, audit_leaves, consents, contacts, data_keys, idempotency_keys, people, tracing_requests,
};
use api::policy::Role;
use diesel::prelude::*;
use migrations::db::AnyConnection;
use tests::postgres;
use tests::program::Installation;
use tests::world::World;

use crate::relink;
use clients::{Clients, Done, Kind, READERS, Tokens, WRITERS};

/// Kills in one story.
const CYCLES: usize = 30;
/// Requests under way when the program is killed, at least.
const IN_FLIGHT: usize = 20;
/// Deeds and looks acknowledged between two kills, at least.
const DEEDS: usize = 16;
const LOOKS: usize = 6;

/// Accounts for the program, made before it runs: what a desk, a caseworker and an administrator's first day leave.
async fn tokens(place: &Installation) -> (Tokens, usize) {
    let world = World::beside(place);
    let desk = world.someone(Role::Intake, "Here", Some("Gate")).await;
    let caseworker = world.someone(Role::Caseworker, "Here", Some("Gate")).await;
    let tokens = Tokens { desk: world.token(&desk).await, caseworker: world.token(&caseworker).await };
    (tokens, 2)
}

async fn story(place: Installation) {
    place.ready();
    let (tokens, accounts) = tokens(&place).await;
    let clients = Clients::new(tokens);
    let witnessed = place.folder().join("witnessed");
    let pauses = RandomState::new();
    let last = std::thread::scope(|threads| {
        let _guard = clients.guard();
        let mut at_work: Vec<_> = (0..WRITERS).map(|_| threads.spawn(|| clients.write())).collect();
        at_work.extend((0..READERS).map(|_| threads.spawn(|| clients.read())));
        for cycle in 0..CYCLES {
            // Nobody mends anything: the same command, and it answers.
            let server = place.serve();
            clients.move_to(server.address());
            let (deeds, looks) = clients.counts();
            server.wait_until(|| {
                let now = clients.counts();
                now.0 >= deeds + DEEDS && now.1 >= looks + LOOKS
            });
            std::thread::sleep(Duration::from_millis(pauses.hash_one(cycle) % 120));
            server.wait_until(|| clients.in_flight() >= IN_FLIGHT);
            server.kill();
            clients.check();
            if cycle == CYCLES / 2 {
                fs::copy(place.folder().join("checkpoints/latest"), &witnessed).expect("a checkpoint by now");
            }
        }
        let server = place.serve();
        clients.move_to(server.address());
        clients.end();
        at_work.into_iter().for_each(|thread| thread.join().expect("a client that ends well"));
        server
    });
    clients.check();
    let done = clients.acknowledged();
    assert!(done.len() >= CYCLES * DEEDS, "{} deeds", done.len());
    assert!(clients.shown().len() >= CYCLES * LOOKS, "{} looks", clients.shown().len());

    asked_again_each_gets_the_same_answer(&clients, &done);
    assert!(last.stop().success());
    let mut conn = migrations::db::connect(place.url()).unwrap();
    nothing_is_lost_or_doubled(&mut conn, &done, accounts);
    everything_is_in_the_log_once(&mut conn, &done, &clients.shown());
    drop(conn);

    let clean = place.run(&["audit", "verify", "--against", &witnessed.display().to_string()]).well();
    assert!(clean.contains("Nothing found"), "{clean}");
    let again = place.serve();
    clients.move_to(again.address());
    everybody_is_found_again(&clients, &done);
    println!(
        "{CYCLES} kills, {} acknowledged writes, {} acknowledged reads",
        done.len(),
        clients.shown().len()
    );
}

fn asked_again_each_gets_the_same_answer(clients: &Clients, done: &[Done]) {
    std::thread::scope(|threads| {
        for part in done.chunks(done.len().div_ceil(WRITERS)) {
            threads.spawn(move || {
                for Done { deed, answer } in part {
                    let again = clients.again(deed);
                    assert_eq!(again.as_ref(), Some(&(201, answer.clone())), "{}", deed.key);
                }
            });
        }
    });
}

fn ids(done: &[Done], kind: Kind, name: &str) -> BTreeSet<String> {
    let of_kind = done.iter().filter(|one| one.deed.kind == kind);
    of_kind.map(|one| one.answer[name].as_str().expect("an id").to_owned()).collect()
}

fn same(held: &BTreeSet<String>, acknowledged: &BTreeSet<String>) {
    let lost: Vec<_> = acknowledged.difference(held).collect();
    let doubled: Vec<_> = held.difference(acknowledged).collect();
    assert!(lost.is_empty() && doubled.is_empty(), "lost: {lost:?}; nobody was told of: {doubled:?}");
}

/// Every deed was acknowledged in the end, so the tables hold those and nothing else.
fn nothing_is_lost_or_doubled(conn: &mut AnyConnection, done: &[Done], accounts: usize) {
    let held: Vec<api::kernel::ContactId> = contacts::table.select(contacts::id).load(conn).unwrap();
    let held: BTreeSet<String> = held.iter().map(ToString::to_string).collect();
    let visits = ids(done, Kind::Contact, "contact");
    same(&held, &visits);
    let held: Vec<api::kernel::RequestId> =
        tracing_requests::table.select(tracing_requests::id).load(conn).unwrap();
    let held: BTreeSet<String> = held.iter().map(ToString::to_string).collect();
    let requests = ids(done, Kind::Request, "id");
    same(&held, &requests);

    let of_kind = |kind: Kind| done.iter().filter(|one| one.deed.kind == kind).count();
    assert_eq!(
        (visits.len(), requests.len()),
        (of_kind(Kind::Contact), of_kind(Kind::Request)),
        "ids are one deed's"
    );
    let everybody = visits.len() + 2 * requests.len();
    macro_rules! count {
        ($table:ident) => {
            usize::try_from($table::table.count().get_result::<i64>(conn).unwrap()).unwrap()
        };
    }
    assert_eq!(count!(people), everybody);
    assert_eq!(count!(data_keys), everybody + accounts);
    assert_eq!(count!(consents), 2 * visits.len() + of_kind(Kind::Consent));
    assert_eq!(count!(idempotency_keys), done.len());
}

fn everything_is_in_the_log_once(conn: &mut AnyConnection, done: &[Done], shown: &[String]) {
    let rows: Vec<(i64, Vec<u8>)> = audit_leaves::table
        .order(audit_leaves::seq)
        .select((audit_leaves::seq, audit_leaves::bytes))
        .load(conn)
        .unwrap();
    let head: i64 = audit_head::table.select(audit_head::size).first(conn).unwrap();
    assert_eq!(head, rows.len() as i64, "the head counts the leaves");
    let mut written: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (at, (seq, bytes)) in rows.iter().enumerate() {
        assert_eq!(*seq, at as i64, "no number is missing");
        let leaf = Leaf::parse(bytes).unwrap();
        *written.entry((leaf.action, leaf.resource.unwrap_or_default())).or_default() += 1;
    }
    let times = |action: &str, id: &str| written.get(&(action.to_owned(), id.to_owned())).copied();
    for (kind, action, name) in
        [(Kind::Contact, "record_contact", "contact"), (Kind::Request, "open_request", "id")]
    {
        for id in ids(done, kind, name) {
            assert_eq!(times(action, &id), Some(1), "{action} {id}");
        }
    }
    for person in shown {
        assert_eq!(times("read_person", person), Some(1), "{person} was shown once");
    }
}

/// Some from the beginning, some from the middle, some from the end: as many as one account may ask at once.
fn everybody_is_found_again(clients: &Clients, done: &[Done]) {
    let visits: Vec<&Done> = done.iter().filter(|one| one.deed.kind == Kind::Contact).collect();
    for one in visits.iter().step_by(visits.len().div_ceil(18)) {
        let (_, file) = clients.reference(one.answer["person"].as_str().unwrap()).unwrap();
        let (status, found) = clients.search(one.deed.somebody()).unwrap();
        assert_eq!(status, 200, "{found}");
        let hits = found["hits"].as_array().unwrap();
        let there = hits.iter().any(|hit| hit["reference"] == file["reference"]);
        assert!(there, "{} is not among {} hits", one.deed.key, hits.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_kill_loses_or_doubles_what_was_acknowledged_on_sqlite() {
    story(Installation::on_sqlite(relink())).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; tests/run starts one"]
async fn no_kill_loses_or_doubles_what_was_acknowledged_on_postgres() {
    story(Installation::on_postgres(relink(), postgres::durable_server())).await;
}
