//! Erasing from the list of who waits for it: what goes is said before, by reference; whoever agreed again stays; and
//! nothing is told of people in other hands.

use api::policy::Role;
use serde_json::Value;
use tests::both_databases;
use tests::site::{Answer, Site};

use super::{Desk, amina, id, soon};
use crate::people::{met, says};

/// Presses the button of a person's page, with the number that its form carries.
fn presses(desk: &Desk<'_>, person: &str, once: &str) -> Answer {
    let path = format!("/people/{person}/erasure");
    tokio::task::block_in_place(|| {
        desk.site.send_form("POST", &path, Some(&desk.token), &format!("once={once}"))
    })
}

/// That nobody answered whether they may be kept.
fn unanswered(status: &str) -> Value {
    let mut says = says("collect_and_store", status);
    says["method"] = "none".into();
    says
}

fn reference(record: &Value) -> &str {
    record["reference"].as_str().unwrap()
}

both_databases! {
    async fn an_enquirer_is_erased_from_the_page_with_their_request_and_whom_it_seeks(world: World) {
        let site = Site::open(&world);
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let (request, other) = (caseworker.seeks(amina()), caseworker.seeks(amina()));
        let (enquirer, sought) = caseworker.people_of(&request);
        let file = caseworker.get(&format!("/api/v1/requests/{request}")).json();
        caseworker.answers(&enquirer, says("collect_and_store", "refused"));

        let page = format!("/people/{enquirer}/erasure");
        let list = officer.get("/erasures").body;
        assert_eq!(list.matches(&format!("href=\"{page}\"")).count(), 1, "{list}");
        let confirm = officer.get(&page);
        assert_eq!(confirm.status, 200, "{}", confirm.body);
        assert!(confirm.body.contains("This cannot be undone."));
        for goes in [&file["enquirer"], &file["sought"][0]["person"], &file] {
            assert!(confirm.body.contains(reference(goes)), "{}", confirm.body);
        }
        for told in ["Amina", "Halima", "Warsame"] {
            assert!(!confirm.body.contains(told), "{}", confirm.body);
        }
        let accesses = officer.done("/api/v1/file-accesses", serde_json::json!({"person": sought}));
        let accesses = accesses.to_string();
        assert!(accesses.contains("read_erasures"), "in the file of all who would go");
        assert!(!accesses.contains("erase_person"), "a look is no erasure: {accesses}");

        let erased = presses(&officer, &enquirer, "0123456789abcdef");
        assert_eq!((erased.status, erased.header("location")), (303, Some("/erasures?done=erased")));
        assert_eq!(presses(&officer, &enquirer, "0123456789abcdef").status, 303, "pressed twice, done once");
        let list = officer.get("/erasures?done=erased").body;
        assert!(list.contains("The record is erased.") && list.contains("Nobody is waiting."), "{list}");
        assert_eq!(officer.get(&page).status, 404);
        assert_eq!(caseworker.get(&format!("/api/v1/requests/{request}")).status, 404);
        assert_eq!(officer.get(&format!("/api/v1/people/{sought}")).status, 404);
        assert_eq!(caseworker.get(&format!("/api/v1/requests/{other}")).status, 200);
    }

    async fn whoever_agreed_again_while_the_page_was_open_is_not_erased(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let person = met(&world.core, &intake.who, amina()).await.to_string();
        intake.withdraws(&person, "collect_and_store");
        let page = format!("/people/{person}/erasure");
        assert!(officer.get(&page).body.contains("Erase for good"));
        intake.answers(&person, says("collect_and_store", "given"));
        let refused = presses(&officer, &person, "0123456789abcdef");
        assert_eq!(refused.status, 409);
        assert!(refused.body.contains("They wait for erasure no longer"), "{}", refused.body);
        let now = officer.get(&page).body;
        assert!(now.contains("does not wait for erasure") && !now.contains("Erase for good"), "{now}");
        soon("found as before", || (caseworker.finds(&amina()) == 1).then_some(()));
    }

    async fn whoever_took_it_back_is_erased_though_they_could_not_be_asked_again(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let mut why = Vec::new();
        for (no, instead) in [("withdrawn", "not_possible"), ("refused", "not_asked")] {
            let person = met(&world.core, &intake.who, amina()).await.to_string();
            intake.answers(&person, says("collect_and_store", no));
            let listed = || officer.get("/api/v1/erasures").json()["items"].as_array().unwrap().last().unwrap().clone();
            let before = listed();
            intake.answers(&person, unanswered(instead));
            assert_eq!(listed(), before, "who said no has said no, and then");
            assert_eq!(presses(&officer, &person, &format!("0123456789-{instead}")).status, 303, "{instead}");
            why.push(before["why"].clone());
        }
        assert_eq!(why, ["withdrawn", "refused"]);
    }

    async fn nobody_is_erased_from_the_list_who_was_only_not_asked_again(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let person = met(&world.core, &intake.who, amina()).await.to_string();
        intake.answers(&person, unanswered("not_asked"));
        let page = format!("/people/{person}/erasure");
        let list = officer.get("/erasures").body;
        assert!(list.contains("not asked again") && !list.contains(&page), "{list}");
        let confirm = officer.get(&page).body;
        assert!(confirm.contains("Nobody took the yes back") && !confirm.contains("Erase for good"), "{confirm}");
        let refused = presses(&officer, &person, "0123456789abcdef");
        assert_eq!(refused.status, 409, "{}", refused.body);
        assert_eq!(officer.get(&format!("/api/v1/people/{person}")).status, 200);
    }

    async fn nobody_is_erased_from_the_list_for_a_mistyped_birth_date_until_somebody_said_no(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let person = met(&world.core, &intake.who, amina()).await.to_string();
        for born in ["2019-04-12", "1999-04-12"] {
            intake.edits(&person, serde_json::json!({"birth": {"date": born}}));
        }
        let page = format!("/people/{person}/erasure");
        let list = officer.get("/erasures").body;
        assert!(list.contains("taken back by nobody") && list.contains("whoever can answer is asked first"), "{list}");
        assert!(!list.contains(&page), "{list}");
        let confirm = officer.get(&page).body;
        assert!(confirm.contains("Nobody took the yes back") && !confirm.contains("Erase for good"), "{confirm}");
        let refused = presses(&officer, &person, "0123456789abcdef");
        assert_eq!(refused.status, 409);
        assert!(refused.body.contains("Nobody took the yes back"), "{}", refused.body);
        assert_eq!(officer.get(&format!("/api/v1/people/{person}")).status, 200);

        intake.answers(&person, says("collect_and_store", "refused"));
        assert!(officer.get("/erasures").body.contains(&page));
        assert_eq!(presses(&officer, &person, "fedcba9876543210").status, 303);
        assert_eq!(officer.get(&format!("/api/v1/people/{person}")).status, 404);
    }

    async fn whoever_asks_that_somebody_is_erased_gets_it_done_whatever_the_list_says(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let person = met(&world.core, &intake.who, amina()).await;
        intake.edits(person, serde_json::json!({"birth": {"age": 9}}));
        assert_eq!(officer.send("DELETE", &format!("/api/v1/people/{person}"), None).status, 200);
    }

    async fn an_enquirer_who_seeks_somebody_restricted_is_erased_when_the_team_has_let_an_officer_in(world: World) {
        let site = Site::open(&world);
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let guard = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let other = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let (held, free) = (caseworker.seeks(amina()), caseworker.seeks(amina()));
        let (free, _) = caseworker.people_of(&free);
        let file = caseworker.get(&format!("/api/v1/requests/{held}")).json();
        let (held, sought) = caseworker.people_of(&held);
        for enquirer in [&held, &free] {
            caseworker.answers(enquirer, says("collect_and_store", "refused"));
        }
        let of_the_sought = reference(&file["sought"][0]["person"]);
        let listed = |desk: &Desk<'_>| -> Vec<(String, bool, usize)> {
            let items = desk.get("/api/v1/erasures").json()["items"].as_array().unwrap().clone();
            let line = |one: &Value| {
                let by = one["held_up_by"].as_array().unwrap().len();
                (id(one).to_owned(), one["erasable"].as_bool().unwrap(), by)
            };
            items.iter().map(line).collect()
        };
        let sorted = |mut lines: Vec<(String, bool, usize)>| {
            lines.sort();
            lines
        };
        assert_eq!(listed(&officer), sorted(vec![(held.clone(), true, 0), (free.clone(), true, 0)]));
        assert!(listed(&guard).is_empty(), "nobody is restricted");

        guard.restricts(&sought, &[]);
        assert_eq!(listed(&officer), sorted(vec![(held.clone(), false, 0), (free.clone(), true, 0)]));
        let list = officer.get("/erasures").body;
        assert!(list.contains("in other hands") && !list.contains(of_the_sought), "{list}");
        assert!(!list.contains(&format!("/people/{held}/erasure")), "no way into a dead end: {list}");
        assert_eq!(presses(&officer, &held, "0123456789abcdef").status, 409);
        assert!(listed(&other).is_empty(), "whose team they are not on");
        assert_eq!(listed(&guard), [(held.clone(), false, 1)]);
        let by = guard.get("/api/v1/erasures").json()["items"][0]["held_up_by"][0].clone();
        assert_eq!((id(&by), reference(&by)), (sought.as_str(), of_the_sought));
        let page = guard.get("/erasures").body;
        assert!(page.contains("on the team of everybody named here:") && page.contains(of_the_sought), "{page}");
        let accesses = officer.done("/api/v1/file-accesses", serde_json::json!({"person": held}));
        assert!(accesses.to_string().contains("read_erasures"), "{accesses}");

        guard.restricts(&sought, &[officer.account()]);
        assert_eq!(listed(&guard), [(held.clone(), true, 0)]);
        assert_eq!(listed(&officer), sorted(vec![(held.clone(), true, 0), (free.clone(), true, 0)]));
        assert!(officer.get(&format!("/people/{held}/erasure")).body.contains(of_the_sought));
        assert_eq!(presses(&officer, &held, "fedcba9876543210").status, 303);
        assert!(listed(&guard).is_empty());
        assert_eq!(listed(&officer), [(free, true, 0)]);
    }

    async fn one_officer_sees_everybody_who_goes_and_no_team_hears_of_another(world: World) {
        let site = Site::open(&world);
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let guard = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let other = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let first = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let second = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let sister = serde_json::json!({"relation": "sister", "person": {"given_names": "Hodan"}});
        let daughter = serde_json::json!({"relation": "daughter", "person": amina()});
        let form = serde_json::json!({
            "channel": "in_person", "interview_language": "so", "enquirer": {"given_names": "Halima"},
            "sought": [daughter, sister],
        });
        let request = id(&caseworker.done("/api/v1/requests", form)).to_owned();
        let file = caseworker.get(&format!("/api/v1/requests/{request}")).json();
        let enquirer = id(&file["enquirer"]).to_owned();
        let sought = [0, 1].map(|at| id(&file["sought"][at]["person"]).to_owned());
        caseworker.answers(&enquirer, says("collect_and_store", "refused"));
        let erasable = |desk: &Desk<'_>| -> Vec<(bool, usize)> {
            let items = desk.get("/api/v1/erasures").json()["items"].as_array().unwrap().clone();
            let by = |one: &Value| one["held_up_by"].as_array().unwrap().len();
            items.iter().map(|one| (one["erasable"].as_bool().unwrap(), by(one))).collect()
        };
        guard.restricts(&sought[0], &[first.account()]);
        guard.restricts(&sought[1], &[second.account()]);
        assert_eq!(erasable(&guard), [(false, 2)], "each officer sees one of the two");
        assert_eq!((erasable(&first), erasable(&second)), (vec![(false, 0)], vec![(false, 0)]));
        guard.restricts(&sought[1], &[first.account()]);
        assert_eq!((erasable(&first), erasable(&second)), (vec![(true, 0)], vec![(false, 0)]));
        assert_eq!(erasable(&guard), [(true, 0)]);

        // The second one is the other team's now, whom the first does not know of.
        guard.restricts(&sought[1], &[other.account()]);
        other.restricts(&sought[1], &[]);
        assert_eq!(erasable(&guard), [(true, 0)], "all that is theirs is done");
        assert_eq!(erasable(&other), [(false, 1)]);
        assert_eq!(erasable(&first), [(false, 0)]);
        assert_eq!(presses(&first, &enquirer, "0123456789abcdef").status, 409);
    }

    async fn nothing_is_told_of_whoever_would_go_along_and_is_in_other_hands(world: World) {
        let site = Site::open(&world);
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let guard = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let request = caseworker.seeks(amina());
        let (enquirer, sought) = caseworker.people_of(&request);
        let file = caseworker.get(&format!("/api/v1/requests/{request}")).json();
        caseworker.answers(&enquirer, says("collect_and_store", "refused"));
        guard.restricts(&sought, &[]);
        let confirm = officer.get(&format!("/people/{enquirer}/erasure"));
        assert_eq!(confirm.status, 409);
        assert!(confirm.body.contains("in other hands"), "{}", confirm.body);
        assert!(!confirm.body.contains(reference(&file["sought"][0]["person"])), "{}", confirm.body);
        assert_eq!(presses(&officer, &enquirer, "0123456789abcdef").status, 409);
        assert_eq!(officer.get(&format!("/api/v1/people/{enquirer}")).status, 200);
        for desk in [&guard, &caseworker] {
            assert_eq!(desk.get(&format!("/people/{enquirer}/erasure")).status, 403);
            assert_eq!(presses(desk, &enquirer, "0123456789abcdef").status, 403);
            assert!(!desk.get("/erasures").body.contains("/erasure\""));
        }
    }
}
