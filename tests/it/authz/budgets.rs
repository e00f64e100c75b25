//! How much one account may look at within an hour: people opened, and searches.

use std::sync::Arc;

use api::auth::Core;
use api::kernel::{AccountId, ApiError, Budget, Chance, PersonId};
use api::matches::{SearchForm, Throttle};
use api::policy::{Caller, May, ReadPerson, Role, SearchContacts, grant};
use chrono::Duration;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::Site;
use tests::world::{Someone, World};

use crate::people::{met, seen};

/// The same service with smaller budgets: another node, or this one after a restart.
fn again(world: &World, persons: u32, searches: u32) -> Core {
    let keeper = crypto::FileKeeper::open(&world.core.config.keys.root_file, None).unwrap();
    let mut config = (*world.core.config).clone();
    config.budgets.persons_an_hour.intake = persons;
    config.budgets.persons_an_hour.caseworker = persons;
    config.budgets.searches_an_hour.0 = searches;
    let chance = Arc::new(Chance::seeded(11));
    Core::open(config, Box::new(keeper), world.clock.clone(), chance).unwrap()
}

async fn register(core: &Core, desk: &Someone, people: usize) -> Vec<PersonId> {
    let mut all = Vec::new();
    for number in 0..people {
        all.push(met(core, desk, json!({"given_names": format!("Amina {number}")})).await);
    }
    all
}

/// Seconds to wait, where a look was stopped.
fn stopped<T>(outcome: Result<T, ApiError>) -> Option<(Budget, u64)> {
    match outcome {
        Ok(_) => None,
        Err(ApiError::OverBudget(budget, seconds)) => Some((budget, seconds)),
        Err(other) => panic!("{other}"),
    }
}

async fn opened(core: &Core, who: &Someone, person: PersonId) -> Option<(Budget, u64)> {
    stopped(seen(core, who, person).await)
}

/// What the auditor finds about an account, newest first.
fn told(site: &Site, auditor: &str, account: AccountId) -> Vec<Value> {
    let question = json!({"account": account.to_string()});
    let answer = site.send("POST", "/api/v1/audit/by-account", Some(auditor), Some(&question));
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["items"].as_array().unwrap().clone()
}

both_databases! {
    async fn an_account_that_reads_on_and_on_is_stopped_told_until_when_and_seen_by_the_auditor(world: World) {
        let mut world = world;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let people = register(&world.core, &desk, 7).await;
        world.core = again(&world, 5, 120);
        let auditor = world.someone(Role::Auditor, "Kenya", None).await;
        let (token, audits) = (world.token(&desk).await, world.token(&auditor).await);
        let site = Site::open(&world);
        let read = |person: &PersonId| {
            tokio::task::block_in_place(|| site.send("GET", &format!("/api/v1/people/{person}"), Some(&token), None))
        };
        for person in &people[..5] {
            assert_eq!(read(person).status, 200);
        }
        assert_eq!(read(&people[0]).status, 200, "the same file in the same hands");
        let before = world.core.vault.opened();
        let stopped = read(&people[5]);
        assert_eq!((stopped.status, stopped.json()["code"].as_str()), (429, Some("read_budget_spent")));
        assert_eq!(stopped.header("retry-after"), Some("3600"), "when the first of them has left the hour");
        let list = tokio::task::block_in_place(|| site.send("GET", "/api/v1/people", Some(&token), None));
        assert_eq!(list.status, 429, "no list goes round it");
        assert_eq!(world.core.vault.opened(), before, "nothing was opened");
        for path in ["/api/v1/contacts", "/api/v1/me"] {
            let plain = tokio::task::block_in_place(|| site.send("GET", path, Some(&token), None));
            assert_eq!(plain.status, 200, "what opens nobody's values goes on: {path}");
        }

        let lines = tokio::task::block_in_place(|| told(&site, &audits, desk.account));
        let denied: Vec<&Value> = lines.iter().filter(|line| line["decision"] == "refused").collect();
        assert_eq!(denied.len(), 2);
        for line in denied {
            assert_eq!((&line["action"], &line["detail"]), (&json!("read_person"), &json!("budget")));
            assert_eq!(line["classes"], json!([]), "nothing was opened");
            assert!(line["count"].as_u64() > Some(0), "and whom the account reached for is named");
        }
        world.pass(Duration::minutes(61));
        let token = world.token(&desk).await;
        let path = format!("/api/v1/people/{}", people[5]);
        let later = tokio::task::block_in_place(|| site.send("GET", &path, Some(&token), None));
        assert_eq!(later.status, 200, "{}", later.body);
    }

    async fn the_hour_slides_and_each_account_has_its_own(world: World) {
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let other = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let people = register(&world.core, &desk, 8).await;
        let core = again(&world, 4, 120);
        for person in &people[..2] {
            assert_eq!(opened(&core, &desk, *person).await, None);
        }
        world.pass(Duration::minutes(20));
        for person in &people[2..4] {
            assert_eq!(opened(&core, &desk, *person).await, None);
        }
        assert_eq!(opened(&core, &desk, people[4]).await, Some((Budget::Persons, 40 * 60)));
        assert_eq!(opened(&core, &other, people[4]).await, None, "somebody else at the same desk");
        world.pass(Duration::minutes(40));
        for person in &people[4..6] {
            assert_eq!(opened(&core, &desk, *person).await, None);
        }
        assert_eq!(opened(&core, &desk, people[6]).await, Some((Budget::Persons, 20 * 60)));
    }

    async fn neither_a_restart_nor_another_node_nor_a_crowd_gives_a_second_budget(world: World) {
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let people = register(&world.core, &desk, 30).await;
        let (one, two) = (again(&world, 6, 120), again(&world, 6, 120));
        assert_eq!(opened(&one, &desk, people[0]).await, None);
        assert_eq!(opened(&two, &desk, people[1]).await, None);
        assert_eq!(opened(&one, &desk, people[2]).await, None);
        // Everything at once, at both nodes: three are left, and three it is.
        let mut looks = Vec::new();
        for (at, person) in people.iter().enumerate().skip(3) {
            let (core, desk, person) = (if at % 2 == 0 { one.clone() } else { two.clone() }, desk.clone(), *person);
            looks.push(tokio::spawn(async move { opened(&core, &desk, person).await }));
        }
        let mut passed = 0;
        for look in looks {
            passed += usize::from(look.await.unwrap().is_none());
        }
        assert_eq!(passed, 3);
        drop((one, two));
        let restarted = again(&world, 6, 120);
        let known = [people[0], people[1], people[2]];
        assert!(opened(&restarted, &desk, people[0]).await.is_none());
        let fresh = people.iter().filter(|person| !known.contains(person));
        let mut through = 0;
        for person in fresh {
            through += usize::from(opened(&restarted, &desk, *person).await.is_none());
        }
        assert_eq!(through, 3, "the three that the crowd got through, and nobody new");
    }

    async fn searches_have_a_budget_of_their_own_and_the_index_has_none(world: World) {
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let caseworker = world.someone(Role::Caseworker, "Kenya", None).await;
        register(&world.core, &desk, 12).await;
        // The index opens everybody, whatever the budgets are.
        let core = again(&world, 400, 3);
        let tables = api::matches::Desk::open(&core).await;
        assert_eq!(tables.engine.len().1, 12);
        let asks = async |request: u64, name: &str| {
            let may: May<SearchContacts> = grant(Caller { request, ..caseworker.caller.clone() }).unwrap();
            let form = json!({"person": {"given_names": name}});
            let form: SearchForm = serde_json::from_value(form).unwrap();
            stopped(api::matches::search(&core, &tables.engine, &Throttle::new(), may, &form).await)
        };
        for (request, name) in [(1, "Amina"), (2, "Tekle"), (3, "Amina")] {
            assert_eq!(asks(request, name).await, None, "one that finds nobody counts as well");
        }
        world.pass(Duration::minutes(10));
        assert_eq!(asks(4, "Amina").await, Some((Budget::Searches, 50 * 60)));
        world.pass(Duration::minutes(51));
        assert_eq!(asks(5, "Amina").await, None);
    }

    async fn a_refused_look_stays_refused_when_the_same_list_is_asked_for_in_parts(world: World) {
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let people = register(&world.core, &desk, 6).await;
        let core = again(&world, 4, 120);
        let may: May<ReadPerson> = desk.may();
        let many = core.audit.look(&may, |e| e.about_all(people.iter().copied()).opening(may.classes())).await;
        assert!(stopped(many).is_some(), "half a page is not shown either");
        let mut through = 0;
        for person in &people {
            through += usize::from(opened(&core, &desk, *person).await.is_none());
        }
        assert_eq!(through, 4);
    }
}
