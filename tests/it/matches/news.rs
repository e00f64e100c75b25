//! What a family learns: exactly what the found person agreed to, and nothing that tells a refusal from a search that
//! goes on.

use serde_json::{Value, json};
use tests::both_databases;
use tests::site::Site;

use super::{Team, amina, checked, code, eventually, for_a_child, settle};
use crate::people::{met, record, says, visit_of};

fn all_checked() -> Value {
    json!({"checks": {
        "enquirer_interviewed": true, "found_person_interviewed": true, "separate_facts_agree": true,
        "documents_checked": true, "best_interest_assessed": true
    }})
}

both_databases! {
    async fn a_refusal_and_a_search_that_goes_on_read_alike_to_the_last_byte(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let caseworker = &team.caseworker;
        let found = met(&world.core, &team.intake.who, amina()).await.to_string();
        let request = caseworker.seeks(amina());
        let nobody = caseworker.seeks(json!({"given_names": "Tekle", "family_names": "Gebremedhin"}));
        let candidate = caseworker.in_time(&request, 1).remove(0);
        // The same bytes, and the same work: as many values opened, as many lines written.
        let alike = |when: &str| {
            settle();
            let opened = || world.core.vault.opened();
            let before = opened();
            let refused = caseworker.status(&request);
            let between = opened();
            let searching = caseworker.status(&nobody);
            let after = opened();
            assert_eq!(refused.status, 200, "{when}");
            assert_eq!(refused, searching, "{when}");
            assert_eq!(between - before, after - between, "{when}");
        };
        alike("a candidate nobody has looked at");
        assert_eq!(caseworker.decide(&candidate, "review", json!({})).status, 200);
        alike("under review");
        team.verify(&candidate, checked());
        alike("located");
        for kind in ["share_location_with_enquirer", "share_safe_and_well_only", "contact_by_phone"] {
            team.intake.answers(&found, says(kind, "refused"));
        }
        alike("she said no to all of it");
        for kind in ["share_location_with_enquirer", "share_safe_and_well_only"] {
            assert_eq!(code(&team.releases(&candidate, kind)), (409, "not_agreed".into()));
        }
        alike("somebody tried all the same");
        assert_eq!(caseworker.moves(&request, &["consent_pending"]).status, 200);
        alike("she was asked");
        let close = |id: &str, outcome: &str| {
            let version = caseworker.request(id)["version"].clone();
            let form = json!({"version": version, "outcome": outcome, "told": "search_continues"});
            caseworker.post(&format!("/api/v1/requests/{id}/close"), form)
        };
        let told = json!({
            "version": caseworker.request(&request)["version"], "outcome": "located_declines_contact",
            "told": "contact_restored"
        });
        let untrue = caseworker.post(&format!("/api/v1/requests/{request}/close"), told);
        assert_eq!(untrue.status, 422, "no outcome lets a refusal out");
        assert_eq!(close(&request, "located_declines_contact").status, 200);
        alike("closed, beside one that goes on");
        assert_eq!(close(&nobody, "all_means_exhausted").status, 200);
        alike("both closed");
    }

    async fn safe_and_well_is_a_yes_and_a_date_and_ends_with_the_consent(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let caseworker = &team.caseworker;
        let found = met(&world.core, &team.intake.who, amina()).await.to_string();
        let request = caseworker.seeks(amina());
        let searching = caseworker.status(&request);
        let candidate = caseworker.in_time(&request, 1).remove(0);
        team.verify(&candidate, checked());
        team.intake.answers(&found, says("share_safe_and_well_only", "given"));
        assert_eq!(caseworker.status(&request), searching, "agreed, and nobody has carried it to the family yet");
        assert_eq!(code(&team.releases(&candidate, "share_location_with_enquirer")), (409, "not_agreed".into()));
        assert_eq!(team.releases(&candidate, "share_safe_and_well_only").status, 204);

        let told = caseworker.status(&request).json();
        let keys: Vec<&String> = told.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["sentence", "since", "status"], "a yes and a date, nothing else");
        assert_eq!((&told["status"], &told["since"]), (&json!("safe_and_well"), &json!("2026-03-01")));
        assert_eq!(caseworker.get(&format!("/api/v1/people/{found}")).status, 404, "not where she is");
        // Moving the case on says no more than she did.
        assert_eq!(caseworker.moves(&request, &["consent_pending", "contact_restored"]).status, 200);
        assert_eq!(caseworker.status(&request).json()["status"], "safe_and_well");

        let withdrawal = json!({
            "kind": "share_safe_and_well_only", "given_by": "person", "method": "written", "language": "en"
        });
        team.intake.done(&format!("/api/v1/people/{found}/withdrawals"), withdrawal);
        assert_eq!(caseworker.status(&request), searching, "from now on nothing more is said");
        team.intake.answers(&found, says("share_safe_and_well_only", "given"));
        assert_eq!(caseworker.status(&request), searching, "a new yes is told by a new release");
        assert_eq!(team.releases(&candidate, "share_safe_and_well_only").status, 204);
        assert_ne!(caseworker.status(&request), searching);
    }

    async fn a_location_is_opened_to_the_caseworker_and_never_stands_in_what_the_family_is_told(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let caseworker = &team.caseworker;
        let mut visit = visit_of(amina());
        visit["person"]["phones"] = json!(["+254700123456"]);
        visit["consents"].as_array_mut().unwrap().push(says("share_location_with_enquirer", "given"));
        let found = record(&world.core, &team.intake.who, visit).await.person.unwrap();
        let request = caseworker.seeks(amina());
        let candidate = caseworker.in_time(&request, 1).remove(0);
        assert_eq!(code(&team.releases(&candidate, "share_location_with_enquirer")), (409, "not_verified".into()));
        let pair = caseworker.pair(&candidate).to_string();
        team.verify(&candidate, checked());
        let verified = caseworker.pair(&candidate).to_string();
        for (what, text) in [("where", "Market"), ("how to reach her", "254700123456")] {
            assert!(!pair.contains(text) && !verified.contains(text), "{what} stays closed until it is released");
        }
        assert_eq!(caseworker.get(&format!("/api/v1/people/{found}")).status, 404);
        assert_eq!(team.releases(&candidate, "share_location_with_enquirer").status, 204);
        assert_eq!(caseworker.get(&format!("/api/v1/people/{found}")).status, 200);
        assert_eq!(caseworker.moves(&request, &["consent_pending", "contact_restored"]).status, 200);
        let told = caseworker.status(&request);
        assert_eq!(told.json()["status"], "contact_restored");
        assert!(!told.body.contains("Market") && !told.body.contains("254700123456"), "{}", told.body);
    }

    async fn a_childs_place_is_released_only_after_every_check(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let caseworker = &team.caseworker;
        let mut child = amina();
        child["birth"] = json!({"date": "2014-05-02"});
        let mut unsure = amina();
        unsure["birth"] = json!({"possibly_under_18": true});
        // The record of the visit says nothing of age; what the family says is enough.
        let mut silent = amina();
        silent.as_object_mut().unwrap().remove("birth");
        for (met_as, sought_as) in [(&child, &child), (&unsure, &amina()), (&silent, &child)] {
            let mut visit = visit_of(met_as.clone());
            let of_age = met_as == &silent;
            let yes = |kind: &str| if of_age { says(kind, "given") } else { for_a_child(kind) };
            visit["consents"] = json!([
                yes("collect_and_store"), yes("tracing_search"), yes("share_location_with_enquirer"),
                yes("share_safe_and_well_only"),
            ]);
            let found = record(&world.core, &team.intake.who, visit).await.person.unwrap();
            let request = caseworker.seeks(sought_as.clone());
            let reference = team.intake.get(&format!("/api/v1/people/{found}")).json()["reference"].clone();
            let candidate = eventually("the child's candidate", || {
                caseworker.candidates(&request).into_iter().find(|one| one["reference"] == reference)
            });
            team.verify(&candidate, checked());
            let place = || team.releases(&candidate, "share_location_with_enquirer");
            assert_eq!(code(&place()), (409, "child_checks_missing".into()));
            assert_eq!(caseworker.get(&format!("/api/v1/people/{found}")).status, 404);
            let mut most = all_checked();
            most["checks"]["best_interest_assessed"] = json!(false);
            for (checks, status) in [(most, 409), (all_checked(), 204)] {
                let undo = json!({"reason": "decided_too_early"});
                assert_eq!(team.reviewer.decide(&candidate, "undo", undo).status, 200);
                team.verify(&candidate, checks);
                assert_eq!(place().status, status);
            }
            assert_eq!(caseworker.get(&format!("/api/v1/people/{found}")).status, 200);
        }
    }
}
