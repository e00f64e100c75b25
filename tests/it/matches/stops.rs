//! The stop for a possible conflict of interest: whoever may be the danger is not helped to find anybody.

use api::policy::Role;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::Site;

use super::{Desk, Team, amina, checked, code, decided, eventually, for_a_child, id, settle, text};
use crate::people::{met, record, says, visit_of};

const STOPPED: (u16, &str) = (409, "conflict_of_interest");

fn stopped() -> (u16, String) {
    (STOPPED.0, STOPPED.1.into())
}

fn clears(who: &Desk<'_>, reader: &Desk<'_>, request: &str) -> u16 {
    let version = reader.request(request)["version"].clone();
    who.post(&format!("/api/v1/requests/{request}/conflict-cleared"), json!({"version": version})).status
}

both_databases! {
    async fn a_request_of_somebody_who_may_be_the_danger_waits_for_a_reviewer(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let caseworker = &team.caseworker;
        met(&world.core, &team.intake.who, amina()).await;
        let mut child = amina();
        child["birth"] = json!({"age": 9});
        let mut visit = visit_of(child.clone());
        visit["consents"] = json!([for_a_child("collect_and_store"), for_a_child("tracing_search")]);
        record(&world.core, &team.intake.who, visit).await;
        let at_risk = json!({
            "given_names": "Amina", "family_names": "Warsame", "protection": {"caregiver_implicated": true}
        });
        let concern = json!({"concerns": ["alleged_perpetrator"]});
        for (circumstances, sought) in [
            (concern, json!({"relation": "wife", "person": amina()})),
            (Value::Null, json!({"relation": "friend", "person": child})),
            (Value::Null, json!({"relation": "daughter", "person": at_risk})),
        ] {
            let form = json!({
                "channel": "in_person", "interview_language": "so", "enquirer": {"given_names": "Idris"},
                "circumstances": circumstances, "sought": [sought],
            });
            let request = text(&caseworker.done("/api/v1/requests", form)["id"]);
            assert_eq!(caseworker.request(&request)["conflict"], "flagged", "{sought}");
            let course = ["pre_case", "accepted", "searching"];
            assert_eq!(code(&caseworker.moves(&request, &course)), stopped());
            assert_eq!(caseworker.request(&request)["state"], "pre_case");
            caseworker.post(&format!("/api/v1/requests/{request}/search"), Value::Null);
            settle();
            assert!(caseworker.candidates(&request).is_empty(), "nobody is searched for");

            assert_eq!(clears(caseworker, caseworker, &request), 403, "not whoever took the request down");
            assert_eq!(clears(&team.intake, caseworker, &request), 403);
            let elsewhere = Desk::of(&world, &site, Role::Reviewer, "Chad").await;
            assert_eq!(clears(&elsewhere, caseworker, &request), 404);
            assert_eq!(clears(&team.reviewer, caseworker, &request), 200);
            assert_eq!(caseworker.moves(&request, &["accepted", "searching"]).status, 200);
            eventually("somebody to look at", || (!caseworker.candidates(&request).is_empty()).then_some(()));
        }
    }

    async fn a_concern_that_comes_up_later_stops_search_decisions_and_news(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let caseworker = &team.caseworker;
        let found = met(&world.core, &team.intake.who, amina()).await.to_string();
        let request = caseworker.seeks(amina());
        let candidate = caseworker.in_time(&request, 1).remove(0);
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).status, 200);
        let concern = |request: &str| {
            let version = caseworker.request(request)["version"].clone();
            let form = json!({"version": version, "circumstances": {"concerns": ["domestic_violence"]}});
            caseworker.send("PATCH", &format!("/api/v1/requests/{request}"), Some(form)).status
        };
        let version = team.reviewer.version(&candidate);
        assert_eq!(concern(&request), 200);
        let confirm = team.reviewer.post(
            &format!("/api/v1/candidates/{}/confirm", id(&candidate)),
            json!({"version": version}),
        );
        assert_eq!(confirm.status, 409, "{}", confirm.body);
        caseworker.in_time(&request, 0);

        assert_eq!(clears(&team.reviewer, caseworker, &request), 200);
        caseworker.in_time(&request, 1);
        team.verify(&candidate, checked());
        let yes = says("share_safe_and_well_only", "given");
        team.intake.answers(&found, yes);
        assert_eq!(concern(&request), 200);
        assert_eq!(code(&team.releases(&candidate, "share_safe_and_well_only")), stopped());
        assert_eq!(caseworker.status(&request).json()["status"], "search_continues");
        assert_eq!(clears(&team.reviewer, caseworker, &request), 200);
        assert_eq!(team.releases(&candidate, "share_safe_and_well_only").status, 204);
    }

    async fn news_of_a_child_whose_carer_may_be_the_danger_wait_for_a_reviewer(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let caseworker = &team.caseworker;
        let mut child = amina();
        child["birth"] = json!({"date": "2014-05-02"});
        let mut visit = visit_of(child.clone());
        visit["person"]["protection"] = json!({"caregiver_implicated": true});
        (visit["legal_basis"], visit["consents"]) = (json!("vital_interest"), json!([]));
        let found = record(&world.core, &team.intake.who, visit).await.person.unwrap().to_string();
        let officer = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        officer.answers(&found, decided("tracing_search"));
        let request = caseworker.seeks(child);
        let candidate = caseworker.in_time(&request, 1).remove(0);
        team.verify(&candidate, checked());
        let unasked = code(&team.releases(&candidate, "share_safe_and_well_only"));
        assert_eq!(unasked, (409, "not_agreed".into()), "as of anybody who was not asked");
        assert_eq!(caseworker.request(&request)["conflict"], "none");
        officer.answers(&found, decided("share_safe_and_well_only"));
        assert_eq!(code(&team.releases(&candidate, "share_safe_and_well_only")), stopped());
        assert_eq!(caseworker.request(&request)["conflict"], "flagged", "and a reviewer will see why");
        assert_eq!(code(&team.releases(&candidate, "share_safe_and_well_only")), stopped());
        assert_eq!(clears(caseworker, caseworker, &request), 403);
        assert_eq!(clears(&team.reviewer, caseworker, &request), 200);
        let told = eventually("the release", || {
            let answer = team.releases(&candidate, "share_safe_and_well_only");
            (answer.status == 204).then_some(answer)
        });
        assert!(told.body.is_empty());
    }

    async fn a_search_that_becomes_one_for_a_child_by_strangers_waits_for_a_reviewer(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let caseworker = &team.caseworker;
        let officer = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let of = |relation: &str| {
            let request = caseworker.opens(json!({"relation": relation, "person": amina()}));
            assert_eq!(caseworker.moves(&request, &["pre_case", "accepted", "searching"]).status, 200);
            request
        };
        let (friend, mother) = (of("friend"), of("daughter"));
        let edits = |who: &Desk<'_>, request: &str, changes: Value| {
            let sought = text(&caseworker.request(request)["sought"][0]["person"]["id"]);
            let path = format!("/api/v1/people/{sought}");
            let version = caseworker.get(&path).json()["version"].clone();
            let edited = who.send("PATCH", &path, Some(json!({"version": version, "changes": changes})));
            assert_eq!(edited.status, 200, "{}", edited.body);
        };
        let conflict = |request: &str| text(&caseworker.request(request)["conflict"]);
        for request in [&friend, &mother] {
            edits(caseworker, request, json!({"sex": "female"}));
            assert_eq!(conflict(request), "none", "nothing has come up");
            edits(caseworker, request, json!({"birth": {"age": 9}}));
        }
        assert_eq!((conflict(&friend), conflict(&mother)), ("flagged".into(), "none".into()));
        assert_eq!(clears(&team.reviewer, caseworker, &friend), 200);
        edits(caseworker, &friend, json!({"birth": {"age": 10}}));
        assert_eq!(conflict(&friend), "cleared", "a reviewer knows that it is a child");

        let danger = json!({"protection": {"caregiver_implicated": true}});
        for request in [&friend, &mother] {
            edits(&officer, request, danger.clone());
            assert_eq!(conflict(request), "flagged", "which no reviewer knew");
        }
    }

    async fn a_stranger_is_brought_no_closer_to_a_child_who_was_met(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let caseworker = &team.caseworker;
        let name = json!({"given_names": "Amina", "family_names": "Warsame", "father_name": "Abdi"});
        let seeks = |relation: &str| {
            let request = caseworker.opens(json!({"relation": relation, "person": name}));
            assert_eq!(caseworker.moves(&request, &["pre_case", "accepted", "searching"]).status, 200);
            request
        };
        let (friend, mother) = (seeks("friend"), seeks("daughter"));
        // A guardian spoke for her, which counts for a child as well.
        let mut visit = visit_of(name.clone());
        for yes in visit["consents"].as_array_mut().unwrap() {
            (yes["given_by"], yes["assent"]) = (json!("legal_guardian"), json!("given"));
        }
        let found = record(&world.core, &team.intake.who, visit).await.person.unwrap().to_string();
        let [stranger, family] = [&friend, &mother].map(|request| caseworker.in_time(request, 1).remove(0));
        for candidate in [&stranger, &family] {
            team.verify(candidate, checked());
        }
        team.intake.answers(&found, says("share_safe_and_well_only", "given"));
        let person = format!("/api/v1/people/{found}");
        let version = team.intake.get(&person).json()["version"].clone();
        let child = json!({"version": version, "changes": {"birth": {"age": 9}}});
        assert_eq!(team.intake.send("PATCH", &person, Some(child)).status, 200);

        team.intake.answers(&found, for_a_child("share_safe_and_well_only"));
        assert_eq!(code(&team.releases(&stranger, "share_safe_and_well_only")), stopped());
        assert_eq!(caseworker.request(&friend)["conflict"], "flagged");
        assert_eq!(team.releases(&family, "share_safe_and_well_only").status, 204);

        let later = seeks("travel_companion");
        let candidate = caseworker.in_time(&later, 1).remove(0);
        assert_eq!(code(&caseworker.decide(&candidate, "propose", json!({}))), stopped());
        assert_eq!(caseworker.request(&later)["conflict"], "flagged");
        caseworker.in_time(&later, 0);
        assert_eq!(clears(&team.reviewer, caseworker, &later), 200);
        caseworker.in_time(&later, 1);
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).status, 200);
    }
}
