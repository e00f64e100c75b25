//! Whoever agreed to be kept and agrees no longer: nothing is done with their record any more, and the data protection
//! officer sees that it waits for erasure.

use api::kernel::{PageRequest, PersonId};
use api::policy::Role;
use serde_json::json;
use tests::both_databases;
use tests::site::Site;

use super::found::Release;
use super::{Desk, amina, id, settle, soon};
use crate::people::{met, record, says, visit_of};

both_databases! {
    async fn whoever_takes_back_being_kept_at_all_is_told_of_and_found_no_longer(world: World) {
        let site = Site::open(&world);
        let told = Release::of(&world, &site).await;
        let found = told.person.rsplit('/').next().unwrap();
        assert_eq!(told.caseworker.finds(&amina()), 1);
        told.intake.withdraws(found, "collect_and_store");
        told.is_closed();
        settle();
        assert_eq!(told.caseworker.finds(&amina()), 0);
        told.intake.answers(found, says("tracing_search", "given"));
        settle();
        assert_eq!(told.caseworker.finds(&amina()), 0, "a yes to being found rests on the yes to being kept");
        told.intake.answers(found, says("collect_and_store", "given"));
        soon("found again", || (told.caseworker.finds(&amina()) == 1).then_some(()));
    }

    async fn a_yes_to_being_kept_ends_on_its_day_in_every_candidate(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let mut caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let mut visit = visit_of(amina());
        visit["consents"][0]["valid_until"] = json!("2026-03-05");
        record(&world.core, &intake, visit).await;
        let request = caseworker.seeks(amina());
        let candidate = caseworker.candidate(&request);
        world.pass(chrono::Duration::days(6));
        caseworker.again(&world).await;
        settle();
        assert!(caseworker.candidates(&request).is_empty());
        assert_eq!(caseworker.get(&format!("/api/v1/candidates/{}", id(&candidate))).status, 404);
        assert_eq!(caseworker.finds(&amina()), 0);
    }

    async fn nobody_is_decided_about_who_may_not_be_kept(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let found = met(&world.core, &intake.who, amina()).await;
        let candidate = caseworker.candidate(&caseworker.seeks(amina()));
        intake.withdraws(found, "collect_and_store");
        let path = format!("/api/v1/candidates/{}/propose", id(&candidate));
        let at_once = caseworker.post(&path, json!({"version": candidate["version"]}));
        assert!([404, 409].contains(&at_once.status), "{}", at_once.body);
    }

    async fn whoever_is_kept_for_another_reason_is_found_without_a_yes_to_it(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let mut visit = visit_of(amina());
        visit["legal_basis"] = json!("vital_interest");
        let found = record(&world.core, &intake.who, visit).await.person.unwrap();
        intake.withdraws(found, "collect_and_store");
        settle();
        assert_eq!(caseworker.finds(&amina()), 1);
        assert_eq!(officer.get("/api/v1/erasures").json()["items"], json!([]));
    }

    async fn that_somebody_restricted_waits_is_seen_by_their_team_until_one_of_it_can_erase_them(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let guard = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let other = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let mut people = Vec::new();
        for _ in 0..3 {
            people.push(met(&world.core, &intake.who, amina()).await.to_string());
        }
        let [open, hidden, content] = &people[..] else { panic!("three people") };
        for person in [open, hidden] {
            intake.withdraws(person, "collect_and_store");
        }
        for person in [hidden, content] {
            guard.restricts(person, &[]);
        }
        let listed = |desk: &Desk<'_>| -> Vec<(String, bool)> {
            let list = desk.get("/api/v1/erasures");
            assert_eq!(list.status, 200, "{}", list.body);
            let items = list.json()["items"].as_array().unwrap().clone();
            items.iter().map(|one| (id(one).to_owned(), one["erasable"].as_bool().unwrap())).collect()
        };
        assert_eq!(listed(&guard), [(hidden.clone(), false)], "neither who is not restricted nor who agrees");
        assert!(listed(&other).is_empty(), "nobody whose team they are not on");
        assert_eq!(listed(&officer), [(open.clone(), true)]);
        let page = guard.get("/erasures").body;
        assert!(page.contains("Nobody yet. Put a data protection officer on the team."), "{page}");
        assert!(!page.contains("It is yours to erase") && !page.contains("/erasure\""), "{page}");
        assert!(page.contains(&format!("href=\"/people/{hidden}/team\"")), "where that is done: {page}");
        assert!(guard.get("/").body.contains("href=\"/erasures\""), "the way there");
        let refused = guard.send("DELETE", &format!("/api/v1/people/{hidden}"), None);
        assert_eq!(refused.status, 403, "{}", refused.body);

        guard.restricts(hidden, &[officer.account()]);
        assert_eq!(listed(&guard), [(hidden.clone(), true)]);
        assert!(guard.get("/erasures").body.contains("The data protection officer on the team"));
        let mut both = vec![(open.clone(), true), (hidden.clone(), true)];
        both.sort();
        assert_eq!(listed(&officer), both);
        assert_eq!(officer.send("DELETE", &format!("/api/v1/people/{hidden}"), None).status, 200);
        assert!(listed(&guard).is_empty());
    }

    async fn the_data_protection_officer_sees_who_waits_for_erasure_and_nothing_about_them(world: World) {
        let site = Site::open(&world);
        let mut intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let mut officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let mut elsewhere = Desk::of(&world, &site, Role::DataProtectionOfficer, "Chad").await;
        let guard = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let mut visit = visit_of(amina());
        visit["consents"][0]["valid_until"] = json!("2026-03-05");
        let expiring = record(&world.core, &intake.who, visit).await.person.unwrap();
        let mut people = Vec::new();
        for _ in 0..5 {
            people.push(met(&world.core, &intake.who, amina()).await);
        }
        let [staying, again, gone, child, hidden] = people[..] else { panic!("five people") };
        for person in [again, gone, hidden] {
            intake.withdraws(person, "collect_and_store");
        }
        intake.answers(again, says("collect_and_store", "given"));
        intake.edits(child, json!({"birth": {"age": 9}}));
        guard.restricts(&hidden.to_string(), &[]);

        let listed = |desk: &Desk<'_>| -> Vec<(String, String)> {
            let list = desk.get("/api/v1/erasures");
            assert_eq!(list.status, 200, "{}", list.body);
            assert!(!list.body.contains("Amina"), "{}", list.body);
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            let items = list.json()["items"].as_array().unwrap().clone();
            items.iter().map(|one| (text(&one["id"]), text(&one["why"]))).collect()
        };
        let line = |person: PersonId, why: &str| (person.to_string(), why.to_owned());
        let (withdrawn, possible) = (line(gone, "withdrawn"), line(child, "not_possible"));
        let mut now = vec![withdrawn.clone(), possible.clone()];
        now.sort();
        assert_eq!(listed(&officer), now, "nobody who stays ({staying}), agreed again ({again}) or is hidden ({hidden})");
        world.pass(chrono::Duration::days(6));
        for desk in [&mut intake, &mut officer, &mut elsewhere] {
            desk.again(&world).await;
        }
        now.push(line(expiring, "expired"));
        now.sort();
        assert_eq!(listed(&officer), now);
        assert!(listed(&elsewhere).is_empty());
        assert_eq!(intake.get("/api/v1/erasures").status, 403);

        // Page after page, and each look is in the person's file.
        let (mut paged, mut wanted) = (Vec::new(), PageRequest { after: None, limit: 1 });
        loop {
            let page = api::consent::waiting(&world.core, &officer.who.may(), wanted).await.unwrap();
            paged.extend(page.items.iter().map(|one| one.id.to_string()));
            let Some(next) = page.next else { break };
            wanted = PageRequest { after: Some(next.parse().unwrap()), limit: 1 };
        }
        assert_eq!(paged, now.iter().map(|(person, _)| person.clone()).collect::<Vec<_>>());
        let file = officer.done("/api/v1/file-accesses", json!({"person": gone}));
        assert!(file.to_string().contains("read_erasures"), "{file}");

        let reference = officer.get(&format!("/api/v1/people/{gone}")).json()["reference"].clone();
        let page = officer.get("/erasures");
        assert!(page.body.contains(reference.as_str().unwrap()) && page.body.contains("taken back"), "{}", page.body);
        assert!(!page.body.contains("Amina"));

        assert_eq!(officer.send("DELETE", &format!("/api/v1/people/{gone}"), None).status, 200);
        assert!(!listed(&officer).contains(&withdrawn), "erased is done with");
        assert!(listed(&officer).contains(&possible));
    }
}
