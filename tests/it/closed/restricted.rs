//! Somebody restricted exists for the team chosen for them, and no other record leads around that.

use api::policy::Role;
use serde_json::json;
use tests::both_databases;
use tests::site::Site;

use super::{Desk, amina, id};
use crate::people::met;

both_databases! {
    async fn giving_somebody_a_request_puts_them_on_nobodys_team(world: World) {
        let site = Site::open(&world);
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let guard = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let teammate = Desk::of(&world, &site, Role::Reviewer, "Kenya").await;
        let outsider = Desk::of(&world, &site, Role::Reviewer, "Kenya").await;
        let request = caseworker.seeks(amina());
        let (_, sought) = caseworker.people_of(&request);
        let assignment = format!("/api/v1/requests/{request}/assignment");
        outsider.done(&assignment, json!({"account": outsider.account()}));
        let person = format!("/api/v1/people/{sought}");
        assert_eq!(outsider.get(&person).status, 200);

        guard.restricts(&sought, &[teammate.account()]);
        assert_eq!(outsider.post(&assignment, json!({"account": outsider.account()})).status, 404);
        for account in [outsider.account(), caseworker.account()] {
            teammate.done(&assignment, json!({"account": account}));
        }
        assert_eq!(outsider.get(&person).status, 404);
        assert_eq!(caseworker.get(&person).status, 404);

        // Nor does taking a request away take anybody off the team.
        for account in [guard.account(), teammate.account()] {
            teammate.done(&assignment, json!({"account": account, "remove": true}));
        }
        assert_eq!(guard.get(&person).status, 200);
        assert_eq!(teammate.get(&person).status, 200);
    }

    async fn a_request_about_somebody_restricted_is_the_teams_alone(world: World) {
        let site = Site::open(&world);
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let guard = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let reviewer = Desk::of(&world, &site, Role::Reviewer, "Kenya").await;
        let teammate = Desk::of(&world, &site, Role::Reviewer, "Kenya").await;
        for is_enquirer in [true, false] {
            let request = caseworker.seeks(amina());
            let (enquirer, sought) = caseworker.people_of(&request);
            let path = format!("/api/v1/requests/{request}");
            guard.restricts(if is_enquirer { &enquirer } else { &sought }, &[teammate.account()]);
            for outsider in [&caseworker, &reviewer] {
                for part in ["", "/actions", "/enquirer-status", "/candidates"] {
                    let answer = outsider.get(&format!("{path}{part}"));
                    assert_eq!(answer.status, 404, "{part}: {}", answer.body);
                }
                let list = outsider.get("/api/v1/requests");
                assert!(!list.body.contains(&request), "{}", list.body);
            }
            let edit = json!({"version": 4, "next_contact_due": "2026-05-01"});
            assert_eq!(caseworker.send("PATCH", &path, Some(edit)).status, 404);
            let call = json!({"kind": "contact_relatives", "result": "unsuccessful"});
            assert_eq!(caseworker.post(&format!("{path}/actions"), call).status, 404);
            assert_eq!(teammate.get(&path).status, 200);
            assert!(teammate.get("/api/v1/requests").body.contains(&request));
        }
    }

    async fn whoever_is_left_without_their_guard_falls_to_the_other_protection_officers(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let third = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let abroad = Desk::of(&world, &site, Role::ProtectionOfficer, "Uganda").await;
        let outsider = Desk::of(&world, &site, Role::Reviewer, "Kenya").await;
        let office = Desk::of(&world, &site, Role::Administrator, "Kenya").await;
        for way in ["closed", "another role"] {
            let guard = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
            let hidden = met(&world.core, &intake, amina()).await.to_string();
            let person = format!("/api/v1/people/{hidden}");
            guard.restricts(&hidden, &[caseworker.account()]);
            assert_eq!(officer.get(&person).status, 404, "{way}");

            let account = format!("/api/v1/accounts/{}", guard.account());
            let gone = match way {
                "closed" => office.send("POST", &format!("{account}/disable"), None),
                _ => office.send("PUT", &format!("{account}/role"), Some(json!({"role": "reviewer"}))),
            };
            assert_eq!(gone.status, 204, "{way}: {}", gone.body);
            for (who, status) in [(&officer, 200), (&third, 200), (&abroad, 404), (&outsider, 404), (&caseworker, 200)] {
                assert_eq!(who.get(&person).status, status, "{way}: {}", who.who.caller.actor.role());
            }
            officer.restricts(&hidden, &[]);
            for (who, status) in [(&officer, 200), (&third, 404), (&caseworker, 404)] {
                assert_eq!(who.get(&person).status, status, "{way}, with a new team");
            }
        }
    }

    async fn whoever_is_restricted_is_not_erased_with_the_one_who_asks_for_them(world: World) {
        let site = Site::open(&world);
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let guard = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let request = caseworker.seeks(amina());
        let (enquirer, sought) = caseworker.people_of(&request);
        let (enquirer, hidden) = (format!("/api/v1/people/{enquirer}"), format!("/api/v1/people/{sought}"));
        guard.restricts(&sought, &[]);
        assert_eq!(officer.send("DELETE", &hidden, None).status, 404);
        let refused = officer.send("DELETE", &enquirer, None);
        assert_eq!((refused.status, refused.json()["code"].as_str()), (409, Some("in_other_hands")));
        assert!(!refused.body.contains(&sought));
        assert_eq!((guard.get(&hidden).status, officer.get(&enquirer).status), (200, 200), "nobody went");

        guard.restricts(&sought, &[officer.account()]);
        let erased = officer.send("DELETE", &enquirer, None);
        assert_eq!((erased.status, erased.json()["people"].as_u64()), (200, Some(2)));
        assert_eq!((guard.get(&hidden).status, officer.get(&enquirer).status), (404, 404));
    }

    async fn candidates_of_an_enquirer_who_is_restricted_are_the_teams_alone(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let guard = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let reviewer = Desk::of(&world, &site, Role::Reviewer, "Kenya").await;
        met(&world.core, &intake, amina()).await;
        let request = caseworker.seeks(amina());
        let candidate = caseworker.candidate(&request);
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).status, 200);
        assert!(reviewer.get("/api/v1/reviews").body.contains(id(&candidate)));

        let (enquirer, _) = caseworker.people_of(&request);
        guard.restricts(&enquirer, &[caseworker.account()]);
        assert!(!reviewer.get("/api/v1/reviews").body.contains(id(&candidate)));
        let path = format!("/api/v1/candidates/{}", id(&candidate));
        assert_eq!(reviewer.get(&path).status, 404);
        assert_eq!(reviewer.post(&format!("{path}/confirm"), json!({"version": 2})).status, 404);
        assert_eq!(caseworker.get(&path).status, 200);
    }
}
