//! What nobody finds out by trying: who is a child, whose carer may be the danger, where and when somebody was met.

use api::db::DbError;
use api::db::schema::candidates;
use api::policy::Role;
use diesel::prelude::*;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::Site;

use super::{Desk, Team, amina, decided, id, settle};
use crate::people::{met, record, says, visit_of};

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
        let officer = Desk::of(&world, &site, Role::ProtectionOfficer, "Uganda").await;
        let mut answers = Vec::new();
        for (given, family, at_risk) in [("Amina", "Warsame", false), ("Tekle", "Gebremedhin", true)] {
            let name = json!({"given_names": given, "family_names": family});
            let mut person = name.clone();
            person["birth"] = if at_risk { json!({"date": "2014-05-02"}) } else { json!({"date": "1990-05-02"}) };
            person["protection"] = json!({"caregiver_implicated": at_risk});
            let yes = |kind: &str| if at_risk { decided(kind) } else { says(kind, "given") };
            let answering = if at_risk { &officer } else { &border };
            let mut visit = visit_of(person);
            (visit["legal_basis"], visit["consents"]) = (json!("vital_interest"), json!([]));
            let found = record(&world.core, &border.who, visit).await.person.unwrap();
            for kind in ["tracing_search", "share_within_network"] {
                answering.answers(&found.to_string(), yes(kind));
            }
            let request = caseworker.seeks(name);
            let candidate = caseworker.in_time(&request, 1).remove(0);
            assert_eq!(candidate["access"], "reduced");
            settle();
            let new = tried(&world, &caseworker, &candidate);
            assert!(new.iter().all(|(status, ..)| *status == 409), "{new:?}");

            let given_by = if at_risk { "best_interest_decision" } else { "person" };
            let no = json!({
                "kind": "tracing_search", "given_by": given_by, "method": "written", "language": "en"
            });
            answering.done(&format!("/api/v1/people/{found}/withdrawals"), no);
            caseworker.in_time(&request, 0);
            settle();
            answers.push((new, tried(&world, &caseworker, &candidate)));
            assert_eq!(caseworker.request(&request)["conflict"], "none", "and no request is stopped over it");
        }
        assert_eq!(answers[0], answers[1], "a child at risk is answered for like anybody else");
    }

    async fn where_and_when_somebody_was_met_makes_no_pair_ends_none_and_brings_none_back(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let caseworker = &team.caseworker;
        met(&world.core, &team.intake.who, amina()).await;
        let seeks = |place: Value, day: &str| {
            let request = caseworker.opens(json!({
                "relation": "daughter", "person": amina(), "last_place": place, "last_contact": {"on": day}
            }));
            assert_eq!(caseworker.moves(&request, &["pre_case", "accepted", "searching"]).status, 200);
            (caseworker.in_time(&request, 1).remove(0), request)
        };
        let there = || json!({"name": "Market", "country": "KEN"});
        seeks(there(), "2026-02-27");
        let (guessed, request) = seeks(json!({"name": "Lampedusa", "country": "ITA"}), "2019-04-01");
        let written = world.core.db.read(|conn| {
            let columns = (candidates::weight, candidates::probability, candidates::band);
            Ok::<_, DbError>(candidates::table.select(columns).load::<(f64, f64, String)>(conn)?)
        });
        let written = written.await.unwrap();
        assert_eq!(written.len(), 2);
        assert_eq!(written[0], written[1], "what orders, cuts and remembers pairs knows neither place nor day");

        let reason = json!({"reason": "different_person"});
        assert_eq!(caseworker.decide(&guessed, "reject", reason).status, 200);
        for guess in [
            json!({"last_place": {"name": "Kufra", "country": "LBY"}}),
            json!({"last_place": there()}),
            json!({"last_contact": {"on": "2026-02-27"}}),
        ] {
            let case = caseworker.request(&request);
            let mut sought = guess.clone();
            sought["id"] = case["sought"][0]["id"].clone();
            let form = json!({"version": case["version"], "sought": [sought]});
            let changed = caseworker.send("PATCH", &format!("/api/v1/requests/{request}"), Some(form));
            assert_eq!(changed.status, 200, "{}", changed.body);
            settle();
            assert_eq!(caseworker.pair(&guessed)["candidate"]["state"], "rejected", "after {guess}");
        }
    }
}
