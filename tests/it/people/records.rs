//! What a record holds: every value comes back, an edit loses nothing, erasure leaves nothing.

use api::consent::ConsentKind;
use api::db::{DbError, schema};
use api::kernel::{ApiError, PersonId, Timestamp};
use api::people::{EditForm, PersonField, edit, erase};
use api::policy::{EditPerson, ErasePerson, ReadContact, RecordConsent, Role};
use api::web::Idempotency;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde_json::{Value, json};
use tests::both_databases;

use super::{fields, met, record, says, seen, try_record, visit_of, with_words};

/// Somebody of whom everything is known.
fn everything() -> Value {
    json!({
        "given_names": "Amina Hodan", "family_names": "García López", "full_name": "Amina bint Ali",
        "original_script_name": "أمينة علي", "other_names": [{"kind": "nickname", "name": "Mina"}],
        "father_name": "Ali", "mother_name": "Fadumo", "grandfather_name": "Warsame", "spouse_name": "Yusuf",
        "sex": "female", "birth": {"date": "1994-05"}, "nationalities": ["SOM", "KEN"],
        "languages": ["so", "ar"], "description": "scar on the left hand",
        "origin": {"name": "Baidoa", "country": "SOM"}, "phones": ["+254700123456"],
        "reach": {"address": "block 4", "email": "amina@example.org",
                  "messaging": [{"service": "signal", "handle": "amina.1"}], "safe_use": "evenings"},
        "functioning": {"seeing": "some", "walking": "a_lot"},
        "protection": {"concerns": ["witness"], "risk": "high", "caregiver_implicated": true},
    })
}

/// The values that were sent must stand in what is shown; a form leaves out what a view says is empty.
fn holds(shown: &Value, sent: &Value) -> bool {
    match (shown, sent) {
        (Value::Object(shown), Value::Object(sent)) => {
            sent.iter().all(|(name, value)| shown.get(name).is_some_and(|shown| holds(shown, value)))
        }
        (Value::Array(shown), Value::Array(sent)) => {
            shown.len() == sent.len() && shown.iter().zip(sent).all(|(shown, sent)| holds(shown, sent))
        }
        (shown, sent) => shown == sent,
    }
}

async fn change(
    core: &api::auth::Core,
    who: &tests::world::Someone,
    id: PersonId,
    form: Value,
) -> Result<i64, ApiError> {
    let form: EditForm = serde_json::from_value(form).unwrap();
    edit(core, who.may::<EditPerson>(), id, &form).await.map(|edited| edited.version)
}

both_databases! {
    async fn every_value_comes_back_and_an_edit_of_one_loses_no_other(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let guard = world.someone(Role::ProtectionOfficer, "Kenya", None).await;
        let sent = everything();
        let person = met(&core, &desk, sent.clone()).await;
        let mut expected = seen(&core, &guard, person).await.unwrap();
        for field in PersonField::ALL {
            let shown = &expected[field.code()]["value"];
            assert!(holds(shown, &sent[field.code()]), "{field}: {shown}");
        }
        let mut version = 1;
        for field in PersonField::ALL {
            let cleared = change(&core, &guard, person, json!({"version": version, "clear": [field]})).await;
            version = cleared.unwrap();
            let now = seen(&core, &guard, person).await.unwrap();
            assert!(!holds(&now[field.code()]["value"], &sent[field.code()]), "{field} was cleared");
            for other in PersonField::ALL.iter().filter(|other| *other != field) {
                assert_eq!(now[other.code()], expected[other.code()], "{other} after clearing {field}");
            }
            let form = json!({"version": version, "changes": {field.code(): sent[field.code()]}});
            version = change(&core, &guard, person, form).await.unwrap();
            let now = seen(&core, &guard, person).await.unwrap();
            for other in PersonField::ALL {
                assert_eq!(now[other.code()], expected[other.code()], "{other} after {field} came back");
            }
            expected = now;
        }
    }

    async fn of_two_who_edit_the_second_is_told_that_the_record_has_moved_on(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let person = met(&core, &desk, json!({"full_name": "Amina"})).await;
        let first = json!({"version": 1, "changes": {"full_name": "Amina Ali"}});
        assert_eq!(change(&core, &desk, person, first).await.unwrap(), 2);
        let second = json!({"version": 1, "changes": {"full_name": "Amino"}});
        let refused = change(&core, &desk, person, second).await;
        assert!(matches!(refused, Err(ApiError::Conflict("stale", _))));
        assert_eq!(seen(&core, &desk, person).await.unwrap()["full_name"]["value"], "Amina Ali");
        let nothing = change(&core, &desk, person, json!({"version": 2})).await;
        assert_eq!(fields(nothing), ["changes"]);
        let both = json!({"version": 2, "changes": {"sex": "female"}, "clear": ["sex"]});
        assert_eq!(fields(change(&core, &desk, person, both).await), ["changes.sex"]);
        let wrong = json!({"version": 2, "changes": {"phones": ["x"]}});
        assert_eq!(fields(change(&core, &desk, person, wrong).await), ["changes.phones[0]"]);
    }

    async fn a_visit_needs_no_name_and_a_no_never_blocks_a_service(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let nameless = record(&core, &desk, json!({"kind": "service_visit", "services": ["water"]})).await;
        assert_eq!((nameless.person, nameless.name_not_kept), (None, false));
        let no = json!({"kind": "service_visit", "services": ["food", "first_aid"],
            "person": everything(), "next_place": {"name": "Garissa"}, "note": "tall",
            "consents": [says("collect_and_store", "refused"), says("tracing_search", "refused")]});
        let refused = record(&core, &desk, no).await;
        assert_eq!((refused.person, refused.name_not_kept), (None, true));
        let shown = api::people::show_contact(&core, &desk.may::<ReadContact>(), refused.contact).await.unwrap();
        let shown = serde_json::to_value(shown).unwrap();
        assert_eq!(shown["services"], json!(["first_aid", "food"]));
        assert_eq!((&shown["note"]["value"], &shown["next_place"]["value"]), (&Value::Null, &Value::Null));
        let people: i64 = core.db.read(|c| schema::people::table.count().get_result(c)).await.unwrap();
        assert_eq!(people, 0, "nothing about anybody was kept");
        let partly = json!({"kind": "service_visit", "services": ["food"], "person": {"full_name": "Amina"},
            "consents": [says("collect_and_store", "given"), says("tracing_search", "refused"),
                         says("contact_by_phone", "not_asked").as_object().map(|o| {
                             let mut o = o.clone(); o.remove("method"); Value::Object(o) })]});
        assert!(record(&core, &desk, partly).await.person.is_some());
    }

    async fn two_reports_of_one_person_are_both_kept(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let one = met(&core, &desk, everything()).await;
        let other = met(&core, &desk, everything()).await;
        assert_ne!(one, other);
        assert!(seen(&core, &desk, one).await.is_ok() && seen(&core, &desk, other).await.is_ok());
    }

    async fn a_known_person_comes_again_and_groups_stay_at_their_point(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let there = world.someone(Role::Intake, "Kenya", Some("Dadaab")).await;
        let mut first = visit_of(json!({"full_name": "Amina"}));
        first["group"] = json!({"kind": "travelling", "role": "companion"});
        let first = record(&core, &desk, first).await;
        let again = json!({"kind": "phone_call", "person_id": first.person, "services": ["phone_call"],
            "companions": [{"relation": "brother", "name": "Ali"}]});
        let again = record(&core, &desk, again).await;
        assert_eq!(again.person, first.person);
        let mut foreign = visit_of(json!({"full_name": "Ali"}));
        foreign["group"] = json!({"id": first.group, "role": "sibling"});
        let refused = try_record(&core, &there, foreign).await;
        assert!(matches!(refused, Err(ApiError::NotFound)), "{refused:?}");
        let people: i64 = core.db.read(|c| schema::people::table.count().get_result(c)).await.unwrap();
        assert_eq!(people, 1, "the refused contact left nothing behind");
    }

    async fn the_story_behind_a_concern_is_not_for_the_desk(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let person = json!({"full_name": "Amina", "protection": {"concerns": ["witness"], "note": "saw it"}});
        let refused = try_record(&core, &desk, visit_of(person)).await;
        assert_eq!(fields(refused), ["person.protection.note"]);
    }

    async fn a_yes_is_not_kept_for_somebody_who_was_changed_while_it_was_judged(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let person = met(&core, &desk, json!({"full_name": "Amina", "birth": {"date": "1999-04-12"}})).await;
        let mut somebody = migrations::db::connect(&core.config.database.url).unwrap();
        let begin = if core.config.database.url.starts_with("sqlite:") { "BEGIN IMMEDIATE" } else { "BEGIN" };
        somebody.batch_execute(&format!("{begin}; UPDATE people SET version = version + 1")).unwrap();
        let (here, may) = (core.clone(), desk.may::<RecordConsent>());
        let answering = tokio::spawn(async move {
            let form = serde_json::from_value(says("share_within_network", "given")).unwrap();
            api::people::answer(&here, may, Idempotency::none(), person, &form).await
        });
        // The age is read as it was, and the answer waits to be written.
        tokio::time::sleep(std::time::Duration::from_millis(700)).await;
        somebody.batch_execute("COMMIT").unwrap();
        let refused = answering.await.unwrap().err();
        assert!(matches!(refused, Some(ApiError::Conflict("stale", _))), "{refused:?}");
        let kept = core.db.read(move |conn| {
            api::consent::current(conn, person, ConsentKind::ShareWithinNetwork, Timestamp::from_micros(0))
        });
        assert!(kept.await.unwrap().is_none());
    }

    async fn erasure_leaves_the_trail_and_the_count_of_services_and_nothing_else(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let data = world.someone(Role::DataProtectionOfficer, "Kenya", None).await;
        let person = met(&core, &desk, everything()).await;
        let (row, _) = api::people::reach(&core, &desk.may::<EditPerson>(), person).await.unwrap();
        let before = api::people::index_state_of(&core, person).await.unwrap();
        assert!(before.is_some());

        let erased = erase(&core, data.may::<ErasePerson>(), person).await.unwrap();
        assert_eq!(erased.people, 1);
        assert!(matches!(seen(&core, &desk, person).await, Err(ApiError::NotFound)));
        assert!(api::people::index_state_of(&core, person).await.unwrap().is_none());
        let vault = core.vault.clone();
        let key = core.db.read(move |c| {
            Ok::<_, DbError>(api::vault::store::key_of(c, &vault, person).err())
        });
        assert!(matches!(key.await.unwrap(), Some(DbError::NotFound)), "a stolen copy of {} stays shut", row.reference);
        let counts = core.db.read(move |c| {
            Ok::<_, DbError>((
                schema::contacts::table.filter(schema::contacts::person_id.is_null()).count().get_result::<i64>(c)?,
                schema::contact_services::table.count().get_result::<i64>(c)?,
                schema::consents::table.count().get_result::<i64>(c)?,
                schema::audit_subjects::table
                    .filter(schema::audit_subjects::subject_id.eq(migrations::db::RawId(person.uuid())))
                    .count()
                    .get_result::<i64>(c)?,
            ))
        });
        let (visits, services, consents, trail) = counts.await.unwrap();
        assert_eq!((visits, services, consents), (1, 2, 0));
        assert_eq!(trail, 2, "recorded and erased");
    }
}
