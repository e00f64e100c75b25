//! Every open request compared at once: what the service would have found, found once, whatever happens in between.

use std::fs;
use std::time::{Duration, Instant};

use api::db::schema::{audit_leaves, candidates, change_head, match_progress, match_runs};
use api::kernel::{PersonId, SoughtId};
use api::matches::{Opened, Sweep};
use diesel::prelude::*;
use migrations::db::AnyConnection;
use serde_json::json;
use tests::both_databases;
use tests::postgres;
use tests::program::Installation;
use tests::site::Site;
use tests::world::World;

use super::{Team, amina, settle};
use crate::people::{met, record, says, visit_of};
use crate::relink;

/// A candidate as it stands: whose, in which state, how heavy, and how often it was written.
type Stands = (SoughtId, PersonId, String, f64, i64);

fn standing_in(conn: &mut AnyConnection) -> Vec<Stands> {
    candidates::table
        .order((candidates::sought_id, candidates::found_id))
        .select((
            candidates::sought_id,
            candidates::found_id,
            candidates::state,
            candidates::weight,
            candidates::version,
        ))
        .load(conn)
        .unwrap()
}

fn standing(world: &World) -> Vec<Stands> {
    world.core.db.read_here(|conn| Ok::<_, api::db::DbError>(standing_in(conn))).unwrap()
}

/// A node that serves nobody and compares.
async fn sweep(world: &World, again: bool) -> Opened {
    Sweep::open(&world.another_node().core, again).await.unwrap()
}

/// Compares to the end and says how many candidates that made; `None` when there was nothing to do.
async fn swept(world: &World, again: bool) -> Option<u64> {
    let Opened::Now(mut sweep) = sweep(world, again).await else { return None };
    while sweep.step().await.unwrap() {}
    Some(sweep.run().made)
}

both_databases! {
    async fn a_sweep_finds_what_the_service_would_and_neither_doubles_the_other(world: World) {
        let intake = {
            let site = Site::open(&world);
            let team = Team::of(&world, &site).await;
            team.caseworker.seeks(amina());
            team.caseworker.seeks(json!({"given_names": "Tekle", "family_names": "Gebremedhin"}));
            settle();
            team.intake.who.clone()
        };
        let here = met(&world.core, &intake, amina()).await;
        let mut silent = visit_of(amina());
        silent["consents"] = json!([says("collect_and_store", "given")]);
        record(&world.core, &intake, silent).await;
        assert!(standing(&world).is_empty(), "no service has run since they came");

        assert_eq!(swept(&world, false).await, Some(1), "one agreed to be found, one did not");
        let found = standing(&world);
        assert_eq!((found.len(), found[0].1, found[0].2.as_str()), (1, here, "new"));
        assert_eq!(swept(&world, false).await, None, "nothing has changed since");
        assert_eq!(swept(&world, true).await, Some(0), "a pair that is there is not doubled");
        assert_eq!(standing(&world), found, "nor written again");

        let site = Site::open(&world);
        settle();
        assert_eq!(standing(&world), found, "the service comes to the same");
        drop(site);
        met(&world.core, &intake, amina()).await;
        assert_eq!(swept(&world, false).await, Some(1), "somebody new has come");
    }

    async fn what_people_rejected_stays_rejected_beside_a_running_service(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        met(&world.core, &team.intake.who, amina()).await;
        let request = team.caseworker.seeks(amina());
        let candidate = team.caseworker.in_time(&request, 1).remove(0);
        let reason = json!({"reason": "different_person"});
        assert_eq!(team.caseworker.decide(&candidate, "reject", reason).status, 200);
        settle();
        let decided = standing(&world);
        assert_eq!(decided[0].2, "rejected");
        assert_eq!(swept(&world, true).await, Some(0));
        settle();
        assert_eq!(standing(&world), decided);
    }

    async fn whoever_takes_their_yes_back_while_a_batch_is_compared_is_not_brought_back(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let found = met(&world.core, &team.intake.who, amina()).await;
        let request = team.caseworker.seeks(amina());
        team.caseworker.in_time(&request, 1);
        let Opened::Now(mut sweep) = sweep(&world, true).await else { panic!("everything is compared again") };
        let looked = sweep.look().await.unwrap();
        let no = json!({"kind": "tracing_search", "given_by": "person", "method": "written", "language": "en"});
        team.intake.done(&format!("/api/v1/people/{found}/withdrawals"), no);
        settle();
        let ended = standing(&world);
        assert_eq!(ended[0].2, "withdrawn", "the service has seen to it");

        assert!(!sweep.write(looked).await.unwrap(), "what was compared is not so any more");
        assert_eq!(standing(&world), ended, "nothing of it was written");
        assert_eq!(sweep.run().steps, 0);
        while sweep.step().await.unwrap() {}
        assert_eq!((sweep.run().made, standing(&world)), (0, ended));
    }

    async fn a_yes_that_runs_out_while_a_batch_is_compared_is_a_no(world: World) {
        let intake = {
            let site = Site::open(&world);
            let team = Team::of(&world, &site).await;
            team.caseworker.seeks(amina());
            settle();
            team.intake.who.clone()
        };
        let mut visit = visit_of(amina());
        visit["consents"][1]["valid_until"] = json!("2026-03-10");
        record(&world.core, &intake, visit).await;
        let Opened::Now(mut sweep) = sweep(&world, false).await else { panic!("somebody has come") };
        let looked = sweep.look().await.unwrap();
        world.pass(chrono::Duration::days(10));
        assert!(!sweep.write(looked).await.unwrap());
        while sweep.step().await.unwrap() {}
        assert!(standing(&world).is_empty());
    }

    async fn of_two_sweeps_at_once_one_goes_on(world: World) {
        let intake = {
            let site = Site::open(&world);
            let team = Team::of(&world, &site).await;
            team.caseworker.seeks(amina());
            team.intake.who.clone()
        };
        met(&world.core, &intake, amina()).await;
        let Opened::Now(mut first) = sweep(&world, false).await else { panic!("there is something to do") };
        let Opened::Now(mut second) = sweep(&world, false).await else { panic!("the first has not ended") };
        assert_eq!(first.run(), second.run(), "the same sweep, as after a kill");
        while first.step().await.unwrap() {}
        assert!(second.step().await.is_err());
        assert_eq!(standing(&world).len(), 1);
    }
}

fn connection(place: &Installation) -> AnyConnection {
    migrations::db::connect(place.url()).unwrap()
}

/// Batches that were written down by the newest sweep, and whether it has ended.
fn steps(place: &Installation) -> (i64, bool) {
    let row: Option<(i64, String)> = match_runs::table
        .order(match_runs::started_at.desc())
        .select((match_runs::steps, match_runs::state))
        .first(&mut connection(place))
        .optional()
        .unwrap();
    row.map_or((0, false), |(steps, state)| (steps, state == "finished"))
}

/// Whether the service has written the pairs of every change.
fn caught_up(place: &Installation) -> bool {
    let mut conn = connection(place);
    let head: i64 = change_head::table.select(change_head::seq).first(&mut conn).unwrap();
    let done: i64 = match_progress::table.select(match_progress::seq).first(&mut conn).unwrap();
    done == head
}

/// Some hundreds of invented people sought among as many met, killed after the first batch, and again.
fn kills(place: &Installation) {
    place.ready();
    let folder = place.folder().join("people");
    fs::create_dir(&folder).unwrap();
    benches::corpus::write_csv(5, 320, 320, &folder).unwrap();
    let file = |name: &str| folder.join(name).display().to_string();
    let contacts = file("contacts.csv");
    let met = [
        "import",
        "contacts",
        &contacts,
        "--society",
        "here",
        "--create-points",
        "--consent",
        "tracing_search",
    ];
    place.run(&met).well();
    place.run(&["import", "requests", &file("requests.csv"), "--society", "here"]).well();
    let words = ["match", "--all"];
    assert_eq!(place.run(&["match"]).status.code(), Some(2), "what is compared is said");

    let (mut kills, mut last) = (0, 0);
    loop {
        let mut running = place.start(&words);
        let until = Instant::now() + Duration::from_secs(120);
        while steps(place).0 == last && !running.has_ended() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
        if kills == 2 || running.has_ended() {
            assert!(running.end().success());
            break;
        }
        running.kill();
        let (now, ended) = steps(place);
        assert!(now > last, "it goes on where it was");
        kills += i32::from(!ended);
        last = now;
    }
    assert!(kills > 0, "no kill hit a sweep; there are too few people for this machine");
    let mut conn = connection(place);
    let runs: i64 = match_runs::table.count().get_result(&mut conn).unwrap();
    assert_eq!((runs, steps(place).1), (1, true), "one sweep, {kills} times killed");
    let found = standing_in(&mut conn);
    assert!(found.len() > 50, "only {} candidates", found.len());

    assert!(place.run(&words).well().contains("Nothing was done"));
    let again = place.run(&["match", "--all", "--again"]).well();
    assert!(again.contains("0 candidates made"), "a kill lost a pair: {again}");
    assert_eq!(standing_in(&mut conn), found, "no kill doubled one");
    let made: i64 =
        match_runs::table.order(match_runs::started_at).select(match_runs::made).first(&mut conn).unwrap();
    assert_eq!(made, found.len() as i64);

    // A service has the backlog of both imports before it; a sweep beside it changes nothing that it does not.
    let server = place.serve();
    let beside = place.run(&["match", "--all", "--again"]).well();
    assert!(beside.contains("sought persons compared"), "{beside}");
    let until = Instant::now() + Duration::from_secs(300);
    while !caught_up(place) {
        assert!(Instant::now() < until, "the service never came to the end of the feed");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(server.stop().success());
    let after = standing_in(&mut conn);
    for pair in &found {
        assert!(after.iter().any(|now| (now.0, now.1) == (pair.0, pair.1)), "{pair:?} is gone");
    }
    let leaves: i64 = audit_leaves::table
        .filter(audit_leaves::action.eq("follow_index"))
        .count()
        .get_result(&mut conn)
        .unwrap();
    assert!(leaves > 8, "each batch has its leaves: {leaves}");
    assert!(place.run(&["audit", "verify"]).well().contains("Nothing found"));
}

#[test]
fn no_kill_loses_or_doubles_a_pair_on_sqlite() {
    kills(&Installation::on_sqlite(relink()));
}

#[test]
#[ignore = "needs PostgreSQL; tests/run starts one"]
fn no_kill_loses_or_doubles_a_pair_on_postgres() {
    kills(&Installation::on_postgres(relink(), postgres::server()));
}
