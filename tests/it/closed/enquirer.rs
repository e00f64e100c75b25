//! Whoever asks, agreed to be kept and agrees no longer: their request stands still, and goes on by itself when they agree
//! again.

use api::kernel::{ApiError, CandidateId, PersonId};
use api::matches::{self, AccessForm, DecisionForm};
use api::policy::{RecordConsent, Role};
use api::web::Idempotency;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::{Answer, Site};

use super::found::Release;
use super::{Desk, amina, id, settle, soon};
use crate::people::{met, record, says, visit_of};

fn code(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

fn refused() -> (u16, String) {
    (409, "enquirer_not_kept".into())
}

fn read(desk: &Desk<'_>, request: &str) -> Value {
    desk.get(&format!("/api/v1/requests/{request}")).json()
}

fn moves(desk: &Desk<'_>, request: &str, to: &str) -> Answer {
    let form = json!({"version": read(desk, request)["version"], "to": to, "reason": "enquirer_unreachable"});
    desk.post(&format!("/api/v1/requests/{request}/state"), form)
}

fn closes(desk: &Desk<'_>, request: &str, outcome: &str, told: &str) -> Answer {
    let mut form = json!({"version": read(desk, request)["version"], "outcome": outcome, "told": told});
    if outcome == "fate_clarified_deceased" {
        (form["source"], form["confidence"]) = (json!("a priest"), json!("hearsay"));
    }
    desk.post(&format!("/api/v1/requests/{request}/close"), form)
}

both_databases! {
    async fn a_request_stands_still_when_its_enquirer_takes_back_being_kept(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        met(&world.core, &intake.who, amina()).await;
        let (request, other) = (caseworker.seeks(amina()), caseworker.seeks(amina()));
        let candidate = caseworker.candidate(&request);
        let (enquirer, _) = caseworker.people_of(&request);
        caseworker.answers(&enquirer, says("collect_and_store", "given"));
        settle();
        assert_eq!(caseworker.candidates(&request).len(), 1);
        assert_eq!(read(&caseworker, &request)["stands_still"], false);

        caseworker.withdraws(&enquirer, "collect_and_store");
        soon("no candidate", || caseworker.candidates(&request).is_empty().then_some(()));
        let stands = read(&caseworker, &request);
        assert_eq!((&stands["stands_still"], &stands["next_states"]), (&json!(true), &json!([])));
        for to in ["suspended", "transferred"] {
            assert_eq!(code(&moves(&caseworker, &request, to)), refused(), "{to}");
        }
        caseworker.done(&format!("/api/v1/requests/{request}/search"), Value::Null);
        settle();
        assert!(caseworker.candidates(&request).is_empty(), "nor by searching again");
        assert_eq!(caseworker.candidates(&other).len(), 1, "whoever else asks is not concerned");

        for path in [format!("/requests/{request}"), format!("/requests/{request}/steps")] {
            let page = caseworker.get(&path).body;
            assert!(page.contains("does not agree to be kept, or no longer does"), "{page}");
            assert!(!page.contains("value=\"suspended\""), "{page}");
        }
        let listed = caseworker.get("/requests").body;
        assert_eq!(listed.matches("Stands still").count(), 1, "{listed}");

        caseworker.answers(&enquirer, says("collect_and_store", "given"));
        let again = caseworker.candidate(&request);
        assert_eq!(id(&again), id(&candidate));
        assert_eq!(caseworker.decide(&again, "propose", json!({})).status, 200);
        assert_eq!(read(&caseworker, &request)["stands_still"], false);
    }

    async fn whoever_agrees_to_be_kept_no_longer_hears_news_no_longer(world: World) {
        let site = Site::open(&world);
        let told = Release::of(&world, &site).await;
        assert_eq!(told.status(), "safe_and_well");
        let (enquirer, _) = told.caseworker.people_of(&told.request);
        told.caseworker.answers(&enquirer, says("collect_and_store", "refused"));
        assert_eq!(told.status(), "search_continues");
        told.is_closed();
    }

    async fn a_yes_of_an_enquirer_ends_on_its_day_without_anybody_doing_anything(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let mut caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        met(&world.core, &intake.who, amina()).await;
        let request = caseworker.seeks(amina());
        let (enquirer, _) = caseworker.people_of(&request);
        let mut yes = says("collect_and_store", "given");
        yes["valid_until"] = json!("2026-03-05");
        caseworker.answers(&enquirer, yes);
        assert_eq!(caseworker.decide(&caseworker.candidate(&request), "propose", json!({})).status, 200);
        assert_eq!(read(&caseworker, &request)["state"], "candidate_found");
        world.pass(chrono::Duration::days(6));
        caseworker.again(&world).await;
        soon("no candidate", || caseworker.candidates(&request).is_empty().then_some(()));
        let stands = read(&caseworker, &request);
        assert_eq!((&stands["stands_still"], &stands["state"]), (&json!(true), &json!("searching")));
        caseworker.answers(&enquirer, says("collect_and_store", "given"));
        caseworker.candidate(&request);
    }

    async fn what_stands_still_is_not_searched_by_a_service_that_starts_or_by_a_sweep(world: World) {
        let (found, request, caseworker, enquirer) = {
            let site = Site::open(&world);
            let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
            let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
            let request = caseworker.seeks(amina());
            let enquirer: PersonId = caseworker.people_of(&request).0.parse().unwrap();
            let found = met(&world.core, &intake.who, amina()).await;
            caseworker.candidate(&request);
            (found, request, caseworker.who.clone(), enquirer)
        };
        let no = serde_json::from_value(says("collect_and_store", "refused")).unwrap();
        let may = caseworker.may::<RecordConsent>();
        api::people::answer(&world.core, may, Idempotency::none(), enquirer, &no).await.unwrap();

        let matches::Opened::Now(mut sweep) = matches::Sweep::open(&world.another_node().core, true).await.unwrap()
        else {
            panic!("something has changed");
        };
        assert_eq!(sweep.size(), (0, 1), "{found} alone is there to be found");
        while sweep.step().await.unwrap() {}
        assert_eq!((sweep.run().looked, sweep.run().made), (0, 0));

        let site = Site::open(&world);
        let token = world.token(&caseworker).await;
        let caseworker = Desk { site: &site, who: caseworker, token };
        soon("no candidate", || caseworker.candidates(&request).is_empty().then_some(()));
    }

    async fn nothing_is_decided_before_the_index_has_followed_either(world: World) {
        let (caseworker, reviewer, abroad, enquirer, pairs) = {
            let site = Site::open(&world);
            let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
            let border = Desk::of(&world, &site, Role::Intake, "Uganda").await;
            let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
            let reviewer = world.someone(Role::Reviewer, "Kenya", None).await;
            let abroad = world.someone(Role::Reviewer, "Uganda", None).await;
            for desk in [&intake, &intake, &border, &border] {
                let mut visit = visit_of(amina());
                visit["consents"].as_array_mut().unwrap().push(says("share_within_network", "given"));
                record(&world.core, &desk.who, visit).await;
            }
            let request = caseworker.seeks(amina());
            let uganda = world.society("Uganda").await.to_string();
            let list = json!([{"kind": "society", "recipient": uganda, "rule": "allow"}]);
            let form = json!({"version": read(&caseworker, &request)["version"], "circulation": list});
            let path = format!("/api/v1/requests/{request}/circulation");
            let put = caseworker.send("PUT", &path, Some(form));
            assert_eq!(put.status, 200, "{}", put.body);
            let pairs = soon("four candidates", || {
                let all = caseworker.candidates(&request);
                (all.len() == 4).then_some(all)
            });
            let (own, foreign): (Vec<Value>, Vec<Value>) = pairs.into_iter().partition(|one| one["access"] == "own");
            assert_eq!(caseworker.decide(&own[0], "propose", json!({})).status, 200);
            let asked = caseworker.decide(&foreign[0], "access", json!({}));
            assert!(asked.status < 300, "{}", asked.body);
            let pairs = [&own[0], &own[1], &foreign[0], &foreign[1]].map(|pair| {
                let read = caseworker.get(&format!("/api/v1/candidates/{}", id(pair))).json();
                let of: CandidateId = id(pair).parse().unwrap();
                (of, read["candidate"]["version"].as_i64().unwrap())
            });
            let enquirer: PersonId = caseworker.people_of(&request).0.parse().unwrap();
            (caseworker.who.clone(), reviewer, abroad, enquirer, pairs)
        };
        let core = &world.core;
        let no = serde_json::from_value(says("collect_and_store", "refused")).unwrap();
        let may = caseworker.may::<RecordConsent>();
        api::people::answer(core, may, Idempotency::none(), enquirer, &no).await.unwrap();

        let [proposed, new, asked, reduced] = pairs;
        let form = |version| DecisionForm { version, note: None };
        let told = |outcome: Result<(), ApiError>| outcome.err().map(|error| error.code());
        let stands_still = Some("enquirer_not_kept");
        assert_eq!(told(matches::propose(core, caseworker.may(), new.0, form(new.1)).await), stands_still);
        assert_eq!(told(matches::confirm(core, reviewer.may(), proposed.0, form(proposed.1)).await), stands_still);
        assert_eq!(told(matches::ask(core, caseworker.may(), reduced.0, reduced.1).await), stands_still);
        let answers = async |grant| {
            let form = AccessForm { version: asked.1, grant };
            told(matches::answer(core, abroad.may(), asked.0, form).await)
        };
        assert_eq!(answers(true).await, Some("asked_no_longer"), "and not why");
        assert_eq!(answers(false).await, None);

        let yes = serde_json::from_value(says("collect_and_store", "given")).unwrap();
        let may = caseworker.may::<RecordConsent>();
        api::people::answer(core, may, Idempotency::none(), enquirer, &yes).await.unwrap();
        assert_eq!(told(matches::propose(core, caseworker.may(), new.0, form(new.1)).await), None);
    }

    async fn what_was_found_is_told_to_nobody_who_may_not_be_kept_and_the_request_can_be_closed(world: World) {
        let site = Site::open(&world);
        let told = Release::of(&world, &site).await;
        let (caseworker, request) = (&told.caseworker, &told.request);
        let (enquirer, _) = caseworker.people_of(request);
        let dying = closes(caseworker, request, "fate_clarified_deceased", "told_in_person");
        assert_eq!(dying.status, 200, "{}", dying.body);
        caseworker.answers(&enquirer, says("collect_and_store", "refused"));
        told.is_closed();
        assert_eq!(code(&told.releases()), refused());
        let version = || json!({"version": read(caseworker, request)["version"]});
        let path = format!("/api/v1/requests/{request}");
        assert_eq!(code(&told.reviewer.post(&format!("{path}/ending-confirmed"), version())), refused());
        let mut back = version();
        back["reason"] = json!("they agree no longer");
        told.reviewer.done(&format!("{path}/ending-sent-back"), back);

        for (outcome, told_as) in
            [("fate_clarified_deceased", "told_in_person"), ("located_contact_restored", "contact_restored")]
        {
            assert_eq!(code(&closes(caseworker, request, outcome, told_as)), refused(), "{outcome}");
        }
        caseworker.answers(&enquirer, says("collect_and_store", "given"));
        assert_eq!(caseworker.get(&told.person).status, 200, "agreed again: what was released is open again");
        caseworker.withdraws(&enquirer, "collect_and_store");
        told.is_closed();
        let closed = closes(caseworker, request, "enquirer_withdrew", "search_ended");
        assert_eq!(closed.status, 200, "{}", closed.body);
        assert_eq!(code(&moves(caseworker, request, "reopened")), refused());
    }
}
