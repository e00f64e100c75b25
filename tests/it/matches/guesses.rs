//! What nobody finds out by trying: who is a child, whose carer may be the danger.

use api::policy::Role;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::Site;

use super::{Desk, for_a_child, id, settle};
use crate::people::{record, says, visit_of};

/// What every release of a candidate is answered, whatever version is claimed to have been read, and how much was opened
/// for it.
fn tried(world: &tests::world::World, who: &Desk<'_>, candidate: &Value) -> Vec<(u16, Value, u64)> {
    let mut answers = Vec::new();
    for kind in ["share_location_with_enquirer", "share_safe_and_well_only"] {
        for version in 1..=4 {
            let before = world.core.vault.opened();
            let form = json!({"version": version, "kind": kind});
            let answer = who.post(&format!("/api/v1/candidates/{}/release", id(candidate)), form);
            answers.push((answer.status, answer.json()["code"].clone(), world.core.vault.opened() - before));
        }
    }
    answers
}

both_databases! {
    async fn a_refused_release_tells_nothing_of_who_was_met(world: World) {
        let site = Site::open(&world);
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let border = Desk::of(&world, &site, Role::Intake, "Uganda").await;
        let mut answers = Vec::new();
        for (given, family, at_risk) in [("Amina", "Warsame", false), ("Tekle", "Gebremedhin", true)] {
            let name = json!({"given_names": given, "family_names": family});
            let mut person = name.clone();
            person["birth"] = if at_risk { json!({"date": "2014-05-02"}) } else { json!({"date": "1990-05-02"}) };
            person["protection"] = json!({"caregiver_implicated": at_risk});
            let yes = |kind: &str| if at_risk { for_a_child(kind) } else { says(kind, "given") };
            let mut visit = visit_of(person);
            visit["consents"] =
                json!([yes("collect_and_store"), yes("tracing_search"), yes("share_within_network")]);
            let found = record(&world.core, &border.who, visit).await.person.unwrap();
            let request = caseworker.seeks(name);
            let candidate = caseworker.within_a_second(&request, 1).remove(0);
            assert_eq!(candidate["access"], "reduced");
            settle();
            let new = tried(&world, &caseworker, &candidate);
            assert!(new.iter().all(|(status, ..)| *status == 409), "{new:?}");

            let given_by = if at_risk { "best_interest_decision" } else { "person" };
            let no = json!({
                "kind": "tracing_search", "given_by": given_by, "method": "written", "language": "en"
            });
            border.done(&format!("/api/v1/people/{found}/withdrawals"), no);
            caseworker.within_a_second(&request, 0);
            settle();
            answers.push((new, tried(&world, &caseworker, &candidate)));
            assert_eq!(caseworker.request(&request)["conflict"], "none", "and no request is stopped over it");
        }
        assert_eq!(answers[0], answers[1], "a child at risk is answered for like anybody else");
    }
}
