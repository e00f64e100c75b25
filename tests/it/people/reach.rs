//! Who sees whom: points, societies, teams, classes.

use api::kernel::{ApiError, PageRequest, PersonId};
use api::people::{RestrictionForm, edit, erase, people_list, restrict};
use api::policy::{EditPerson, ErasePerson, ReadConsent, ReadContact, ReadPerson, RestrictPerson, Role};
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::Site;
use tests::world::{Someone, World};

use super::{fields, met, record, says, seen, try_record, visit_of, with_words};

async fn listed(core: &api::auth::Core, who: &Someone) -> Vec<PersonId> {
    let page = people_list(core, &who.may::<ReadPerson>(), PageRequest::first()).await.unwrap();
    page.items.into_iter().map(|person| person.id).collect()
}

async fn put_on_team(world: &World, person: PersonId, who: &Someone) {
    let (account, now) = (who.account, world.core.clock.now());
    world.core.db.write(move |tx| api::people::assign(tx, person.uuid(), account, now)).await.unwrap();
}

both_databases! {
    async fn intake_of_one_point_cannot_see_another_points_people(world: World) {
        let core = with_words(&world).await;
        let here = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let there = world.someone(Role::Intake, "Kenya", Some("Dadaab")).await;
        let abroad = world.someone(Role::Intake, "Italy", Some("Lampedusa")).await;
        let recorded = record(&core, &here, visit_of(json!({"full_name": "Amina Warsame"}))).await;
        let person = recorded.person.unwrap();
        assert_eq!(seen(&core, &here, person).await.unwrap()["full_name"]["value"], "Amina Warsame");
        assert_eq!(listed(&core, &here).await, [person]);
        for stranger in [&there, &abroad] {
            assert!(matches!(seen(&core, stranger, person).await, Err(ApiError::NotFound)));
            assert!(listed(&core, stranger).await.is_empty());
            let change = serde_json::from_value(json!({"version": 1, "clear": ["full_name"]})).unwrap();
            let edited = edit(&core, stranger.may::<EditPerson>(), person, &change).await;
            assert!(matches!(edited.err(), Some(ApiError::NotFound)));
            let contact = api::people::show_contact(&core, &stranger.may::<ReadContact>(), recorded.contact).await;
            assert!(matches!(contact.err(), Some(ApiError::NotFound)));
            let may = stranger.may::<ReadConsent>();
            let history = api::people::consents(&core, &may, person, PageRequest::first()).await;
            assert!(matches!(history.err(), Some(ApiError::NotFound)));
            let again = json!({"kind": "service_visit", "person_id": person});
            assert!(matches!(try_record(&core, stranger, again).await.err(), Some(ApiError::NotFound)));
        }
        let elsewhere = json!({"kind": "service_visit", "point": there.caller.actor.point()});
        assert!(matches!(try_record(&core, &here, elsewhere).await.err(), Some(ApiError::NotFound)));
    }

    async fn a_restricted_person_exists_for_their_team_and_for_nobody_else(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let family = record(&core, &desk, {
            let mut visit = visit_of(json!({"full_name": "Amina"}));
            visit["group"] = json!({"kind": "family", "role": "head"});
            visit
        })
        .await;
        let mut sister = visit_of(json!({"full_name": "Hodan"}));
        sister["group"] = json!({"id": family.group, "role": "sibling"});
        let sister = record(&core, &desk, sister).await.person.unwrap();
        let person = family.person.unwrap();

        let guard = world.someone(Role::ProtectionOfficer, "Kenya", None).await;
        let teammate = world.someone(Role::Caseworker, "Kenya", None).await;
        let outsiders = [
            desk.clone(),
            world.someone(Role::Caseworker, "Kenya", None).await,
            world.someone(Role::Reviewer, "Kenya", None).await,
            world.someone(Role::ProtectionOfficer, "Kenya", None).await,
            world.someone(Role::DataProtectionOfficer, "Kenya", None).await,
        ];
        put_on_team(&world, person, &outsiders[1]).await;
        for reader in &outsiders {
            assert!(seen(&core, reader, person).await.is_ok(), "{:?}", reader.caller.actor.role());
        }

        let form = RestrictionForm { version: 1, restricted: true, team: vec![teammate.account] };
        let view = restrict(&core, guard.may::<RestrictPerson>(), person, &form).await.unwrap();
        assert_eq!(view.version, 2);

        for member in [&guard, &teammate] {
            assert_eq!(seen(&core, member, person).await.unwrap()["full_name"]["value"], "Amina");
        }
        for outsider in &outsiders {
            let role = outsider.caller.actor.role();
            assert!(matches!(seen(&core, outsider, person).await, Err(ApiError::NotFound)), "{role}");
            assert!(!listed(&core, outsider).await.contains(&person), "{role}");
        }
        let shown = seen(&core, &desk, sister).await.unwrap();
        assert_eq!(shown["groups"][0]["members"].as_array().map(Vec::len), Some(1), "not even in a group");
        let contacts = api::people::contacts_list(&core, &desk.may::<ReadContact>(), PageRequest::first()).await;
        assert!(contacts.unwrap().items.iter().all(|line| line.person != Some(person)));
        let contact = api::people::show_contact(&core, &desk.may::<ReadContact>(), family.contact).await;
        assert!(matches!(contact.err(), Some(ApiError::NotFound)));
        let erased = erase(&core, outsiders[4].may::<ErasePerson>(), person).await;
        assert!(matches!(erased.err(), Some(ApiError::NotFound)));

        let lift = RestrictionForm { version: 2, restricted: false, team: Vec::new() };
        restrict(&core, guard.may::<RestrictPerson>(), person, &lift).await.unwrap();
        assert!(seen(&core, &desk, person).await.is_ok());
    }

    async fn a_group_shows_whom_the_reader_reaches_anyway_and_opens_nothing_of_them(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let mut visit = visit_of(json!({"full_name": "Amina"}));
        visit["group"] = json!({"kind": "family", "role": "head"});
        let amina = record(&core, &desk, visit).await;
        let mut visit = visit_of(json!({"full_name": "Hodan"}));
        visit["group"] = json!({"id": amina.group, "role": "sibling"});
        let sister = record(&core, &desk, visit).await.person.unwrap();
        let amina = amina.person.unwrap();

        let members = |shown: Value| shown["groups"][0]["members"].as_array().map_or(0, Vec::len);
        assert_eq!(members(seen(&core, &desk, amina).await.unwrap()), 2);
        let caseworker = world.someone(Role::Caseworker, "Kenya", None).await;
        put_on_team(&world, amina, &caseworker).await;
        assert_eq!(members(seen(&core, &caseworker, amina).await.unwrap()), 1, "one file opens no other");

        let auditor = world.someone(Role::Auditor, "Kenya", None).await;
        let token = world.token(&auditor).await;
        let site = Site::open(&world);
        let told = tokio::task::block_in_place(|| {
            let about = json!({"person": sister.to_string()});
            site.send("POST", "/api/v1/audit/about-person", Some(&token), Some(&about)).json()
        });
        let looks: Vec<&Value> =
            told["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "read_person").collect();
        assert_eq!(looks.len(), 1, "the desk's look at the group, and nobody else's: {told}");
        assert_eq!(looks[0]["classes"], json!([]), "her own file was not opened");
        assert_eq!(looks[0]["actor"], desk.account.to_string());
    }

    async fn a_team_is_of_the_own_society(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let person = met(&core, &desk, json!({"full_name": "Amina"})).await;
        let guard = world.someone(Role::ProtectionOfficer, "Kenya", None).await;
        let stranger = world.someone(Role::Caseworker, "Italy", None).await;
        let form = RestrictionForm { version: 1, restricted: true, team: vec![stranger.account] };
        let outcome = restrict(&core, guard.may::<RestrictPerson>(), person, &form).await;
        assert_eq!(fields(outcome), ["team"]);
        assert!(seen(&core, &desk, person).await.is_ok(), "nothing was half done");
    }

    async fn a_class_outside_the_role_is_shown_as_hidden_and_never_as_empty(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let person = met(&core, &desk, json!({
            "full_name": "Amina", "phones": ["+254700123456"],
            "protection": {"concerns": ["trafficking"]}, "functioning": {"seeing": "a_lot"},
        }))
        .await;
        let guard = world.someone(Role::ProtectionOfficer, "Kenya", None).await;
        let data = world.someone(Role::DataProtectionOfficer, "Kenya", None).await;
        let hidden = json!({"hidden": true});
        let at_the_desk = seen(&core, &desk, person).await.unwrap();
        assert_eq!(at_the_desk["phones"]["value"], json!(["+254700123456"]));
        assert_eq!((&at_the_desk["protection"], &at_the_desk["functioning"]), (&hidden, &hidden));
        let by_the_guard = seen(&core, &guard, person).await.unwrap();
        assert_eq!(by_the_guard["protection"]["value"]["concerns"], json!(["trafficking"]));
        assert_eq!(by_the_guard["functioning"]["value"]["seeing"], "a_lot");
        let by_data = seen(&core, &data, person).await.unwrap();
        assert_eq!(by_data["full_name"]["value"], "Amina");
        assert_eq!((&by_data["phones"], &by_data["reach"]), (&hidden, &hidden));
        let overwrite = serde_json::from_value(
            json!({"version": 1, "changes": {"protection": {"concerns": []}}, "clear": ["functioning"]}),
        );
        let edited = edit(&core, desk.may::<EditPerson>(), person, &overwrite.unwrap()).await;
        assert_eq!(fields(edited), ["changes.protection", "changes.functioning"]);
    }

    async fn over_the_wire_foreign_unknown_and_malformed_ids_are_answered_alike(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let other = world.someone(Role::Intake, "Kenya", Some("Dadaab")).await;
        let auditor = world.someone(Role::Auditor, "Kenya", None).await;
        let (mine, theirs, audits) =
            (world.token(&desk).await, world.token(&other).await, world.token(&auditor).await);
        drop(core);
        let site = Site::open(&world);
        tokio::task::spawn_blocking(move || {
            let post = |token: &str, body: Value| site.send("POST", "/api/v1/contacts", Some(token), Some(&body));
            let made = post(&mine, visit_of(json!({"full_name": "Amina"})));
            assert_eq!(made.status, 201, "{}", made.body);
            assert!(!made.body.contains("Amina"), "the answer to creation carries ids only");
            let id = made.json()["person"].as_str().unwrap().to_owned();
            let get = |token: &str, id: &str| site.send("GET", &format!("/api/v1/people/{id}"), Some(token), None);
            assert_eq!(get(&mine, &id).json()["full_name"]["value"], "Amina");
            let foreign = get(&theirs, &id);
            assert_eq!(foreign.status, 404);
            for unknown in ["per_00000000000000000000000000000000", "per_1", "con_1", "%00", "x"] {
                assert_eq!(get(&theirs, unknown), foreign, "{unknown}");
            }
            assert_eq!(get(&audits, &id).status, 403);
            assert_eq!(get(&audits, "x"), get(&audits, &id), "a role that never may learns nothing of any record");
            for (body, field) in [
                (json!({"kind": "service_visit", "surprise": 1}), "surprise"),
                (json!({"kind": "party"}), "kind"),
                (json!({"kind": "service_visit", "services": "food"}), "services"),
                (json!({"kind": "service_visit", "contact_on": "2999-01-01"}), "contact_on"),
                (json!({"kind": "service_visit", "person": {"birth": {"date": "2001-02-30"}},
                        "consents": [says("collect_and_store", "given")]}), "person.birth.date"),
            ] {
                let refused = post(&mine, body);
                assert_eq!(refused.status, 422, "{field}: {}", refused.body);
                assert!(refused.body.contains(field), "{field}: {}", refused.body);
            }
            let list = site.send("GET", "/api/v1/contacts", Some(&mine), None);
            assert_eq!(list.json()["items"].as_array().map(Vec::len), Some(1), "nothing refused was half written");
        })
        .await
        .unwrap();
    }
}
