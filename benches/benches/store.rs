//! What the register takes in and gives out, through the program and the store as they are in service, on SQLite with
//! every commit on the disk.
//!
//! Defends:
//! - **import**: 1,000 contacts a second, sealed, logged, and in the feed that the match index follows, so that a
//!   society moves a year's register in minutes. Files of [`CONTACTS`] contacts and [`REQUESTS`] requests go through
//!   `relink import`, a process of its own; the line names the CPU time too, since a machine is seldom alone.
//! - **start**: whoever restarts the service waits for the index; a thousand people in 50 ms, or 200,000 in ten seconds.
//! - **open a record**: row, key, audit line on the disk, twenty values opened: 10 ms at the 99th percentile, so a page
//!   stays a page.
//!
//! `RELINK_BENCH_POSTGRES=1` imports into a PostgreSQL that writes through to the disk as well.
#![expect(clippy::expect_used, reason = "a bench stops at the first surprise")]

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use api::db::DbError;
use api::db::schema::people::dsl;
use api::kernel::PersonId;
use api::people::{self, ContactForm};
use api::policy::{May, ReadPerson, Role};
use api::vault::store::key_of;
use benches::corpus::write_csv;
use benches::latency::Latency;
use diesel::prelude::*;
use serde_json::json;
use tests::postgres;
use tests::program::Installation;
use tests::world::World;

const CONTACTS: usize = 20_000;
const REQUESTS: usize = 2_000;
const SEED: u64 = 30;
const OPENED: usize = 2_000;

fn main() -> ExitCode {
    // The bench is the program too, so that what is measured is built together with the measure.
    if std::env::args().nth(1).is_some_and(|word| !word.starts_with('-')) {
        return api::cli::run();
    }
    let program = std::env::current_exe().expect("a program");
    import("sqlite", &Installation::on_sqlite(&program));
    if std::env::var_os("RELINK_BENCH_POSTGRES").is_some() {
        import("postgres", &Installation::on_postgres(&program, postgres::durable_server()));
    }
    tokio::runtime::Runtime::new().expect("a runtime").block_on(open_a_record());
    ExitCode::SUCCESS
}

fn import(database: &str, place: &Installation) {
    place.ready();
    write_csv(SEED, CONTACTS, REQUESTS, place.folder()).expect("a corpus");
    let options = ["--create-points", "--consent", "tracing_search"];
    for (kind, rows, options) in [("contacts", CONTACTS, &options[..]), ("requests", REQUESTS, &[])] {
        let file = format!("{kind}.csv");
        let words = [&["import", kind, &file, "--society", "here"], options].concat();
        let (begun, cpu) = (Instant::now(), cpu_of_children());
        let said = place.run(&words).well();
        let (took, cpu) = (begun.elapsed(), cpu_of_children() - cpu);
        let taken: usize = said
            .split_whitespace()
            .zip(said.split_whitespace().skip(1))
            .find_map(|(count, word)| (word == "rows").then(|| count.parse().ok())?)
            .expect("a summary");
        println!(
            "import {kind} ({database})   {taken} of {rows} rows   {:>6.0}/s   {:>6.0} per CPU second",
            taken as f64 / took.as_secs_f64(),
            taken as f64 / cpu.as_secs_f64()
        );
    }
    let begun = Instant::now();
    let server = place.serve();
    println!("start with {} people ({database})   ready after {:.2?}", CONTACTS + REQUESTS, begun.elapsed());
    server.kill();
}

/// User and system time of every child that has ended, as Linux counts it: in hundredths of a second.
fn cpu_of_children() -> Duration {
    let stat = std::fs::read_to_string(Path::new("/proc/self/stat")).unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 =
        after_name.split_whitespace().skip(13).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

async fn open_a_record() {
    let world = World::on_sqlite().await;
    let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
    for number in 0..200 {
        let visit: ContactForm = serde_json::from_value(json!({
            "kind": "service_visit",
            "person": {"full_name": format!("Amina Hassan {number}"), "father_name": "Hassan Ali", "sex": "female",
                       "birth": {"age": 30}, "nationalities": ["SOM"], "phones": ["+254 700 000 001"]},
            "legal_basis": "public_interest"
        }))
        .expect("a form");
        let once = api::web::Idempotency::none();
        people::record(&world.core, desk.may(), once, &visit).await.expect("a contact");
    }
    let everybody: Vec<PersonId> =
        world.core.db.read(|conn| dsl::people.select(dsl::id).load(conn)).await.expect("their ids");
    let may: May<ReadPerson> = desk.may();
    let mut took = Vec::new();
    let begun = Instant::now();
    for id in everybody.iter().cycle().take(OPENED) {
        let begun = Instant::now();
        let (asking, core, id) = (may.clone(), world.core.clone(), *id);
        let found = world.core.db.read(move |conn| {
            let row = people::find(conn, &asking, id)?;
            Ok::<_, DbError>((key_of(conn, &core.vault, id)?, row))
        });
        let (key, row) = found.await.expect("a row");
        let receipt = world.core.audit.look(&may, |e| e.about(id).on(id).opening(may.classes())).await;
        let receipt = receipt.expect("a leaf");
        let person = people::open_all(&world.core.vault, &key, &receipt, &row).expect("every value opens");
        took.push(begun.elapsed());
        assert!(person.full_name.is_some(), "the bench must measure an opening");
    }
    println!("open a record               {}", Latency::of(took, begun.elapsed()));
}
