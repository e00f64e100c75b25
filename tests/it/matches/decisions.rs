//! Decisions: two people, each of which can be taken back, none of which is forgotten.

use api::policy::{Role, UndoMatch};
use diesel::connection::SimpleConnection;
use migrations::db::connect;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::Site;
use tests::world::World;

use super::{Desk, Team, amina, checked, code, eventually, id, settle};
use crate::people::{met, says, visit_of};

both_databases! {
    async fn two_people_decide_and_the_family_learns_what_the_found_person_agreed_to(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let reviewer = Desk::of(&world, &site, Role::Reviewer, "Kenya").await;
        let request = caseworker.seeks(amina());
        assert!(caseworker.candidates(&request).is_empty());
        let status = format!("/api/v1/requests/{request}/enquirer-status");
        let searching = caseworker.get(&status).body;

        // Nobody asks: the visit alone brings the candidate.
        let found = met(&world.core, &intake, amina()).await;
        let candidate = caseworker.in_time(&request, 1).remove(0);
        assert!(!candidate["explanation"]["lines"].as_array().unwrap().is_empty());

        assert_eq!(reviewer.decide(&candidate, "confirm", json!({})).status, 409, "nobody has proposed");
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).status, 200);
        assert_eq!(caseworker.decide(&candidate, "confirm", json!({})).status, 403, "not their own proposal");
        assert_eq!(reviewer.decide(&candidate, "verify", checked()).status, 409, "not confirmed yet");
        assert_eq!(reviewer.decide(&candidate, "confirm", json!({})).status, 200);
        assert_eq!(reviewer.decide(&candidate, "verify", json!({"checks": {}})).status, 422);
        assert_eq!(reviewer.decide(&candidate, "verify", checked()).status, 200);

        // Found, and still the very same bytes for the family.
        assert_eq!(caseworker.get(&status).body, searching);
        let release = |kind: &str| caseworker.decide(&candidate, "release", json!({"kind": kind}));
        let refused = release("share_safe_and_well_only");
        assert_eq!((refused.status, refused.json()["code"].as_str()), (409, Some("not_agreed")));
        let person = format!("/api/v1/people/{found}");
        assert_eq!(caseworker.get(&person).status, 404, "where she is stays closed");
        assert_eq!(caseworker.get(&status).body, searching);

        let desk = Desk { site: &site, token: world.token(&intake).await, who: intake };
        desk.done(&format!("{person}/consents"), says("share_safe_and_well_only", "given"));
        assert_eq!(release("share_location_with_enquirer").status, 409, "that she did not agree to");
        assert_eq!(release("share_safe_and_well_only").status, 204);
        assert_eq!(caseworker.get(&status).json()["status"], "safe_and_well");
        assert_eq!(caseworker.get(&person).status, 404);
    }

    async fn whoever_is_held_back_by_a_rule_has_a_line_in_the_log(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        met(&world.core, &team.intake.who, amina()).await;
        let request = team.caseworker.seeks(amina());
        let candidate = team.caseworker.in_time(&request, 1).remove(0);
        assert_eq!(team.caseworker.decide(&candidate, "propose", json!({})).status, 200);
        // In another role the proposer would be the second person to their own word.
        let office = Desk::of(&world, &site, Role::Administrator, "Kenya").await;
        let account = team.caseworker.who.account.to_string();
        let role = office.send("PUT", &format!("/api/v1/accounts/{account}/role"), Some(json!({"role": "reviewer"})));
        assert_eq!(role.status, 204, "{}", role.body);
        let mut proposer = team.caseworker;
        proposer.again(&world).await;
        let refused = proposer.decide(&candidate, "confirm", json!({}));
        assert_eq!(code(&refused), (409, "second_person".into()));
        let typed = format!("version={}", proposer.version(&candidate));
        let page = tokio::task::block_in_place(|| {
            site.send_form("POST", &format!("/candidates/{}/confirm", id(&candidate)), Some(&proposer.token), &typed)
        });
        assert_eq!(page.status, 422, "{}", page.body);
        assert_eq!(proposer.decide(&candidate, "verify", checked()).status, 409, "only too early");

        let auditor = Desk::of(&world, &site, Role::Auditor, "Kenya").await;
        let told = auditor.done("/api/v1/audit/by-account", json!({"account": account}));
        let lines: Vec<&Value> =
            told["items"].as_array().unwrap().iter().filter(|line| line["decision"] == "refused").collect();
        assert_eq!(lines.len(), 2, "once by program, once on a page: {told}");
        for line in lines {
            assert_eq!((&line["action"], &line["detail"]), (&json!("confirm_match"), &json!("second_person")));
            assert_eq!(line["resource"], candidate["id"]);
        }
    }

    async fn a_rejected_pair_stays_rejected_until_its_evidence_changes(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let caseworker = &team.caseworker;
        let found = met(&world.core, &team.intake.who, amina()).await;
        let request = caseworker.seeks(amina());
        let candidate = caseworker.in_time(&request, 1).remove(0);
        let reason = json!({"reason": "different_person"});
        assert_eq!(caseworker.decide(&candidate, "reject", reason).status, 200);
        caseworker.send("POST", &format!("/api/v1/requests/{request}/search"), None);
        settle();
        let state = || caseworker.pair(&candidate)["candidate"]["state"].clone();
        assert_eq!(state(), "rejected", "asking again changes nothing");

        // The name has become common, so the pair weighs less; and the record has changed, in what nobody compares.
        for _ in 0..40 {
            met(&world.core, &team.intake.who, json!({"given_names": "Amina", "family_names": "Warsame"})).await;
        }
        world.pass(chrono::Duration::seconds(1));
        let person = format!("/api/v1/people/{found}");
        let note = json!({"version": 1, "changes": {
            "reach": {"safe_use": "not after six"}, "description": "a scar on the left hand"
        }});
        assert_eq!(team.intake.send("PATCH", &person, Some(note)).status, 200);
        settle();
        assert_eq!(state(), "rejected", "nothing that matching compares has changed");

        let change = json!({"version": 2, "changes": {"father_name": "Yusuf"}});
        assert_eq!(team.intake.send("PATCH", &person, Some(change)).status, 200);
        eventually("the changed record brings the pair back", || (state() == "new").then_some(()));
        let history = caseworker.history(&candidate);
        let states: Vec<&Value> = history.iter().map(|event| &event["to"]).collect();
        assert_eq!(states, ["rejected", "new"], "both histories stand");
        assert_eq!(history[1]["reason"], "evidence_changed");
    }

    async fn undoing_restores_both_records_and_keeps_both_histories(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let (caseworker, reviewer) = (&team.caseworker, &team.reviewer);
        let found = met(&world.core, &team.intake.who, amina()).await;
        let request = caseworker.seeks(amina());
        let candidate = caseworker.in_time(&request, 1).remove(0);
        let searching = caseworker.status(&request);
        team.verify(&candidate, checked());
        let person = format!("/api/v1/people/{found}");
        team.intake.answers(&found.to_string(), says("share_location_with_enquirer", "given"));
        assert_eq!(team.releases(&candidate, "share_location_with_enquirer").status, 204);
        assert_eq!(caseworker.get(&person).status, 200, "she agreed to be found there");
        assert_ne!(caseworker.status(&request), searching);

        // Who may take it back: those who decide about this request, with a reason.
        let other = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let undo = |desk: &Desk<'_>, more: Value| {
            let mut body = json!({"version": reviewer.version(&candidate)});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            desk.post(&format!("/api/v1/candidates/{}/undo", id(&candidate)), body)
        };
        let why = || json!({"reason": "decided_too_early", "note": "the mother remembers another village"});
        assert_eq!(undo(&other, why()).status, 404, "somebody else's request");
        assert_eq!(undo(&team.intake, why()).status, 403);
        assert_eq!(undo(reviewer, json!({})).status, 422);
        assert_eq!(undo(reviewer, json!({"reason": "evidence_changed"})).status, 422, "the service's own reason");
        assert_eq!(undo(reviewer, why()).status, 200);

        let pair = caseworker.pair(&candidate)["candidate"].clone();
        assert_eq!((&pair["state"], pair.get("proposed_by")), (&json!("under_review"), None));
        let case = caseworker.request(&request);
        assert_eq!((&case["state"], &case["sought"][0]["state"]), (&json!("searching"), &json!("sought")));
        assert_eq!(caseworker.get(&person).status, 404, "her record is closed again");
        assert_eq!(caseworker.status(&request), searching);
        assert_eq!(team.intake.get(&person).status, 200, "and stands as it stood for those who met her");

        // Both histories: what was decided, and that it was taken back, in the order it happened.
        let history = caseworker.history(&candidate);
        let states: Vec<&Value> = history.iter().map(|event| &event["to"]).collect();
        let course = ["confirmed_by_first", "confirmed_by_second", "verified", "under_review"];
        assert_eq!(states, course, "though all of it happened at one moment of the clock");
        assert_eq!(history[3]["undo_of"], history[2]["id"]);
        assert_eq!(history[3]["note"]["value"], "the mother remembers another village");
        let steps = case["history"].as_array().unwrap();
        for state in ["candidate_found", "verifying", "located"] {
            assert!(steps.iter().any(|step| step["to"] == state), "{state} stays in the request's history");
        }

        // And again from the start. News told under the first decision are not news of the second.
        team.verify(&candidate, checked());
        assert_eq!(caseworker.status(&request), searching);
        assert_eq!(caseworker.get(&person).status, 404);
        assert_eq!(caseworker.history(&candidate).len(), 7);
    }

    async fn every_decision_can_be_taken_back_and_made_again(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let (caseworker, reviewer) = (&team.caseworker, &team.reviewer);
        met(&world.core, &team.intake.who, amina()).await;
        let request = caseworker.seeks(amina());
        let candidate = caseworker.in_time(&request, 1).remove(0);
        let undo = json!({"reason": "new_information"});
        assert_eq!(code(&caseworker.decide(&candidate, "undo", undo.clone())), (409, "state_not_next".into()));
        for (deeds, by) in [(1, caseworker), (2, caseworker), (2, reviewer)] {
            let course = [(caseworker, "propose"), (reviewer, "confirm")];
            for (who, deed) in course.iter().take(deeds) {
                assert_eq!(who.decide(&candidate, deed, json!({})).status, 200, "{deed}");
            }
            assert_eq!(by.decide(&candidate, "undo", undo.clone()).status, 200);
            assert_eq!(caseworker.request(&request)["state"], "searching");
        }
        let reject = json!({"reason": "family_says_no"});
        assert_eq!(reviewer.decide(&candidate, "reject", reject).status, 200);
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).status, 409);
        assert_eq!(caseworker.decide(&candidate, "undo", undo).status, 200);
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).status, 200);
    }

    async fn another_society_shows_a_reference_until_it_lets_more_be_seen(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Uganda", Some("Border")).await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let theirs = Desk::of(&world, &site, Role::Reviewer, "Uganda").await;
        let request = caseworker.seeks(amina());
        met(&world.core, &intake, amina()).await;
        settle();
        assert!(caseworker.candidates(&request).is_empty(), "she did not agree to be found from elsewhere");

        let mut visit = visit_of(amina());
        visit["consents"].as_array_mut().unwrap().push(says("share_within_network", "given"));
        crate::people::record(&world.core, &intake, visit).await;
        let candidate = caseworker.in_time(&request, 1).remove(0);
        assert_eq!(candidate["access"], "reduced");
        assert!(candidate.get("probability").is_none());
        for line in candidate["explanation"]["lines"].as_array().unwrap() {
            assert_eq!(line["found_value"], json!({"hidden": true}));
        }
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).json()["code"], "access_needed");
        assert_eq!(caseworker.decide(&candidate, "access", json!({})).json()["code"], "circulation_needed");

        let uganda = world.society("Uganda").await.to_string();
        let allow = json!({"version": 4, "circulation": [
            {"kind": "society", "recipient": uganda, "rule": "allow"}
        ]});
        let path = format!("/api/v1/requests/{request}/circulation");
        assert_eq!(caseworker.send("PUT", &path, Some(allow)).status, 200);
        assert_eq!(caseworker.decide(&candidate, "access", json!({})).status, 200);
        let asked = theirs.get("/api/v1/access-requests").json()["items"][0].clone();
        let answer = json!({"version": asked["version"], "grant": true});
        theirs.done(&format!("/api/v1/access-requests/{}", id(&asked)), answer);
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).status, 200);
    }
}

/// On SQLite there is one writer at a time anyway.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; tests/run starts one"]
async fn two_decisions_that_end_at_once_leave_no_request_waiting_for_nobody() {
    let world = World::on_postgres().await;
    let site = Site::open(&world);
    let mut team = Team::of(&world, &site).await;
    let mut visit = visit_of(amina());
    visit["consents"][1]["valid_until"] = json!("2026-03-10");
    crate::people::record(&world.core, &team.intake.who, visit).await;
    let request = team.caseworker.seeks(amina());
    let ending = team.caseworker.in_time(&request, 1).remove(0);
    met(&world.core, &team.intake.who, amina()).await;
    let both = team.caseworker.in_time(&request, 2);
    for candidate in &both {
        assert_eq!(team.caseworker.decide(candidate, "propose", json!({})).status, 200);
    }
    let undone = both.iter().find(|candidate| id(candidate) != id(&ending)).unwrap();
    let form = json!({"version": team.caseworker.version(undone), "reason": "decided_too_early"});
    settle();

    // The log is held while somebody takes back one of the two and the other one's consent runs out: both deeds are
    // under way before either can end.
    let mut held = connect(&world.core.config.database.url).unwrap();
    held.batch_execute("BEGIN; SELECT id FROM audit_head FOR UPDATE").unwrap();
    let (core, may, one) =
        (world.core.clone(), team.reviewer.who.may::<UndoMatch>(), id(undone).parse().unwrap());
    let form = serde_json::from_value(form).unwrap();
    let undo = tokio::spawn(async move { api::matches::undo(&core, may, one, form).await });
    settle();
    world.pass(chrono::Duration::days(10));
    world.core.changes.wake();
    settle();
    held.batch_execute("ROLLBACK").unwrap();
    undo.await.unwrap().unwrap();

    team.caseworker.again(&world).await;
    eventually("the request is searched on", || {
        let left: Vec<Value> = team.caseworker.candidates(&request);
        let open = left.iter().all(|candidate| candidate["state"] == "under_review");
        (open && team.caseworker.request(&request)["state"] == "searching").then_some(())
    });
}
