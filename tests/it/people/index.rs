//! Who may be found: the profiles that the match index gets to see.

use api::auth::Core;
use api::kernel::PersonId;
use api::people::{IndexEntry, PersonKind, RestrictionForm, restrict};
use api::policy::{EditPerson, FollowIndex, RestrictPerson, Role, system};
use chrono::Duration;
use matcher::{NamePart, PlaceRole, Profile};
use serde_json::json;
use tests::both_databases;

use super::{met, record, says, visit_of, with_words};

async fn indexed(core: &Core) -> Vec<PersonId> {
    let now = core.clock.now();
    let read = core.db.read(move |conn| {
        let mut all: Vec<IndexEntry> = Vec::new();
        let mut after = None;
        loop {
            // Short stretches, so that the joints between them are walked too.
            let page = api::people::profiles_for_index(conn, PersonKind::Contact, after, 2, now)?;
            all.extend(page.entries);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok::<_, api::db::DbError>(all),
            }
        }
    });
    // Somebody restricted is there for the team, and says so.
    read.await.unwrap().into_iter().filter(|entry| !entry.restricted).map(|entry| entry.person).collect()
}

async fn profile(core: &Core, person: PersonId) -> Profile {
    let entry = api::people::index_state_of(core, person).await.unwrap().unwrap();
    let may = system::<FollowIndex>("index").unwrap();
    let receipt = core.audit.look(&may, |e| e.about(person).opening(may.classes())).await.unwrap();
    api::people::open_profile(&core.vault, &receipt, &entry).unwrap()
}

both_databases! {
    async fn only_people_who_agreed_to_be_found_reach_the_index(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let guard = world.someone(Role::ProtectionOfficer, "Kenya", None).await;
        let mut agreed = Vec::new();
        for name in ["Amina", "Hodan", "Yusuf", "Ali", "Fadumo"] {
            agreed.push(met(&core, &desk, json!({"full_name": name})).await);
            let mut shy = visit_of(json!({"full_name": name}));
            shy["consents"] = json!([says("collect_and_store", "given"), says("tracing_search", "refused")]);
            record(&core, &desk, shy).await;
            let mut unasked = visit_of(json!({"full_name": name}));
            unasked["consents"] = json!([says("collect_and_store", "given")]);
            record(&core, &desk, unasked).await;
        }
        agreed.sort();
        assert_eq!(indexed(&core).await, agreed);

        let restricted = agreed.remove(1);
        let form = RestrictionForm { version: 1, restricted: true, team: Vec::new() };
        restrict(&core, guard.may::<RestrictPerson>(), restricted, &form).await.unwrap();
        assert_eq!(indexed(&core).await, agreed);
        assert!(api::people::index_state_of(&core, restricted).await.unwrap().unwrap().restricted);
    }

    async fn an_expired_yes_acts_like_a_no(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let mut visit = visit_of(json!({"full_name": "Amina"}));
        visit["consents"][1]["valid_until"] = json!("2026-03-10");
        let person = record(&core, &desk, visit).await.person.unwrap();
        let asked = core.clock.now();
        world.pass(Duration::days(9));
        assert_eq!(indexed(&core).await, [person], "good through its last day");
        world.pass(Duration::days(1));
        assert!(indexed(&core).await.is_empty());
        let now = core.clock.now();
        let ended = core.db.read(move |c| api::consent::expired_between(c, asked, now)).await.unwrap();
        assert_eq!(ended, [person], "the index can learn whom time alone took out");
    }

    async fn a_profile_grows_with_each_contact_and_keeps_its_clues_through_edits(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let mut visit = visit_of(json!({
            "full_name": "Amina Ali", "original_script_name": "أمينة", "father_name": "Ali",
            "birth": {"age": 20, "age_max": 25}, "nationalities": ["SOM"], "phones": ["+254700123456"],
            "origin": {"name": "Baidoa", "country": "SOM"},
        }));
        visit["contact_on"] = json!("2026-02-20");
        visit["next_place"] = json!({"name": "Nairobi", "country": "KEN"});
        visit["companions"] = json!([{"relation": "brother", "name": "Yusuf"}]);
        let person = record(&core, &desk, visit).await.person.unwrap();
        let first = profile(&core, person).await;
        let of = |profile: &Profile, role| -> Vec<String> {
            profile.places.iter().filter(|p| p.role == role).map(|p| p.name.clone()).collect()
        };
        assert_eq!(of(&first, PlaceRole::SeenAt), ["Kakuma"]);
        assert_eq!(of(&first, PlaceRole::Destination), ["Nairobi"]);
        assert_eq!(of(&first, PlaceRole::Origin), ["Baidoa"]);
        assert_eq!(first.seen_on, "2026-02-20".parse().ok());
        assert_eq!(first.phones, ["254700123456"]);
        assert!(matches!(first.birth, Some(matcher::Birth::AgeOn { min_years: 20, max_years: 25, .. })));

        let again = json!({"kind": "hotline", "person_id": person, "contact_on": "2026-02-25",
            "companions": [{"relation": "mother", "name": "Fadumo"}]});
        record(&core, &desk, again).await;
        let change = json!({"version": 2, "changes": {"full_name": "Amina Ali Warsame"}, "clear": ["father_name"]});
        let change = serde_json::from_value(change).unwrap();
        api::people::edit(&core, desk.may::<EditPerson>(), person, &change).await.unwrap();

        let last = profile(&core, person).await;
        let names = |part| -> Vec<&str> {
            last.names.iter().filter(|n| n.part == part).map(|n| n.text.as_str()).collect()
        };
        assert_eq!(names(NamePart::Full), ["Amina Ali Warsame"]);
        assert_eq!(names(NamePart::OriginalScript), ["أمينة"]);
        assert!(names(NamePart::Father).is_empty());
        assert_eq!(last.seen_on, "2026-02-25".parse().ok());
        assert_eq!(of(&last, PlaceRole::Destination), ["Nairobi"]);
        let relatives: Vec<&str> = last.relatives.iter().map(|r| r.name.as_str()).collect();
        assert_eq!(relatives, ["Yusuf", "Fadumo"]);
    }
}
