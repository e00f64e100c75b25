//! Two deeds at once about the same people: on PostgreSQL, where rows are locked one by one, neither waits for the other
//! for good, and none is lost to a refusal that asks to try again.

use api::kernel::{ApiError, CandidateId, PersonId};
use api::matches::{self, ReasonedForm, VerifyForm};
use api::people::{self, EditForm};
use api::policy::Role;
use serde_json::json;
use tests::site::Site;
use tests::world::World;
use tokio::time::{Duration, sleep};

use super::{Desk, amina, id};
use crate::people::met;

/// Times that both are tried, each time a little further apart.
const ROUNDS: u64 = 12;

/// Whoever was later may be told that the other was first, and nothing else.
fn both_were_heard(done: [Result<(), ApiError>; 2]) {
    for refused in done.into_iter().filter_map(Result::err) {
        assert!(["stale", "not_found"].contains(&refused.code()), "{}", refused.code());
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; tests/run starts one"]
async fn a_search_is_stopped_for_a_child_while_a_colleague_rejects_a_candidate() {
    let world = World::on_postgres().await;
    let (caseworker, officer, pairs) = {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        met(&world.core, &intake.who, amina()).await;
        let mut pairs: Vec<(CandidateId, PersonId)> = Vec::new();
        for _ in 0..ROUNDS {
            let request = caseworker.seeks(amina());
            let candidate = caseworker.candidate(&request);
            pairs.push((id(&candidate).parse().unwrap(), caseworker.people_of(&request).1.parse().unwrap()));
        }
        (caseworker.who.clone(), officer.who.clone(), pairs)
    };
    for (round, (candidate, sought)) in (0..).zip(pairs) {
        let danger: EditForm = serde_json::from_value(json!({
            "version": 1, "changes": {"protection": {"caregiver_implicated": true}}
        }))
        .unwrap();
        let reason: ReasonedForm =
            serde_json::from_value(json!({"version": 1, "reason": "different_person"})).unwrap();
        let stops = async {
            let edited = people::edit(&world.core, officer.may(), sought, &danger).await;
            edited.map(drop)
        };
        let rejects = async {
            sleep(Duration::from_micros(round * 900)).await;
            matches::reject(&world.core, caseworker.may(), candidate, reason).await
        };
        let (stopped, rejected) = tokio::join!(stops, rejects);
        assert!(stopped.is_ok(), "a child's safety comes first");
        both_were_heard([stopped, rejected]);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; tests/run starts one"]
async fn somebody_sought_is_erased_while_a_colleague_verifies_who_was_found() {
    let world = World::on_postgres().await;
    let (reviewer, officer, pairs) = {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let reviewer = Desk::of(&world, &site, Role::Reviewer, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        met(&world.core, &intake.who, amina()).await;
        let mut pairs: Vec<(CandidateId, PersonId)> = Vec::new();
        for _ in 0..ROUNDS {
            let request = caseworker.seeks(amina());
            let candidate = caseworker.candidate(&request);
            for (who, deed) in [(&caseworker, "propose"), (&reviewer, "confirm")] {
                assert_eq!(who.decide(&candidate, deed, json!({})).status, 200);
            }
            pairs.push((id(&candidate).parse().unwrap(), caseworker.people_of(&request).1.parse().unwrap()));
        }
        (reviewer.who.clone(), officer.who.clone(), pairs)
    };
    for (round, (candidate, sought)) in (0..).zip(pairs) {
        let checked: VerifyForm = serde_json::from_value(json!({"version": 3, "checks": {
            "enquirer_interviewed": true, "found_person_interviewed": true, "separate_facts_agree": true
        }}))
        .unwrap();
        let erases = async {
            sleep(Duration::from_micros(9000 + round * 800)).await;
            people::erase(&world.core, officer.may(), sought).await.map(drop)
        };
        let verifies = matches::verify(&world.core, reviewer.may(), candidate, checked);
        let (erased, verified) = tokio::join!(erases, verifies);
        assert!(erased.is_ok(), "whoever is to be erased is erased");
        both_were_heard([erased, verified]);
    }
}
