//! Nodes that do not know everything yet: what others found and people decided stands until they have caught up.

use std::sync::Arc;

use api::db::schema::{changes, match_progress};
use api::db::{ChangeKind, DbError, note_changes};
use api::kernel::PersonId;
use api::matches::Engine;
use diesel::dsl::max;
use diesel::prelude::*;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::Site;
use tests::world::World;

use super::{Team, amina, id, text};
use crate::people::met;

/// A pair that a caseworker has proposed, and that nothing may take back.
fn stands(team: &Team<'_>, request: &str, candidate: &Value) {
    let caseworker = &team.caseworker;
    assert_eq!(caseworker.pair(candidate)["candidate"]["state"], "confirmed_by_first");
    let history = caseworker.history(candidate);
    let states: Vec<&Value> = history.iter().map(|event| &event["to"]).collect();
    assert_eq!(states, ["confirmed_by_first"], "nor was it ever gone");
    assert_eq!(caseworker.request(request)["state"], "candidate_found");
}

/// Has the pairs of the newest changes wait for their turn, as they do behind a long backlog.
async fn wait_for_their_turn(world: &World, newest: i64) {
    let back = world.core.db.write(move |tx| {
        let head: Option<i64> = changes::table.select(max(changes::seq)).first(tx)?;
        let done = head.expect("something changed") - newest;
        diesel::update(match_progress::table).set(match_progress::seq.eq(done)).execute(tx)?;
        Ok::<_, DbError>(())
    });
    back.await.unwrap();
}

both_databases! {
    async fn what_is_recorded_while_a_node_loads_is_not_undone_by_it(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let late = world.another_node();
        let loading = Arc::new(Engine::empty(late.core.clock.now()));
        loading.load(&late.core).await.unwrap();

        let found = met(&world.core, &team.intake.who, amina()).await;
        let request = team.caseworker.seeks(amina());
        let candidate = team.caseworker.in_time(&request, 1).remove(0);
        assert_eq!(team.caseworker.decide(&candidate, "propose", json!({})).status, 200);
        assert!(!loading.holds(found) && !loading.is_loaded());

        loading.catch_up(&late.core).await.unwrap();
        assert!(loading.holds(found) && loading.is_loaded());
        stands(&team, &request, &candidate);
    }

    async fn a_node_far_behind_judges_no_pair_before_it_has_caught_up(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let slow = world.another_node();
        let behind = Arc::new(Engine::empty(slow.core.clock.now()));
        behind.load(&slow.core).await.unwrap();
        behind.catch_up(&slow.core).await.unwrap();

        let request = team.caseworker.seeks(amina());
        let sought = text(&team.caseworker.request(&request)["sought"][0]["person"]["id"]);
        let sought: PersonId = sought.parse().unwrap();
        let now = world.core.clock.now();
        let many = vec![sought.uuid(); 1001];
        world.core.db.write(move |tx| note_changes(tx, ChangeKind::Sought, &many, now)).await.unwrap();
        let found = met(&world.core, &team.intake.who, amina()).await;
        let candidate = team.caseworker.in_time(&request, 1).remove(0);
        assert_eq!(team.caseworker.decide(&candidate, "propose", json!({})).status, 200);

        wait_for_their_turn(&world, 100).await;
        assert!(behind.tick(&slow.core).await.unwrap() > 0);
        assert!(behind.holds(sought) && !behind.holds(found), "one side is there, the other is not yet");
        stands(&team, &request, &candidate);
        while behind.tick(&slow.core).await.unwrap() > 0 {}
        assert!(behind.holds(found), "{}", id(&candidate));
        stands(&team, &request, &candidate);
    }
}
