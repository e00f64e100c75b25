//! Changing either side has it compared again, and a request can be told more than at its opening.

use api::db::DbError;
use api::db::schema::audit_leaves;
use api::policy::Role;
use diesel::prelude::*;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::Site;

use super::{Desk, Team, amina, code, eventually, id, settle, text};
use crate::people::{met, record, visit_of};

/// The codes of the rungs that an explanation stands on.
fn rungs(candidate: &Value) -> Vec<String> {
    let lines = candidate["explanation"]["lines"].as_array().unwrap();
    lines.iter().map(|line| text(&line["level"])).collect()
}

both_databases! {
    async fn editing_either_side_has_it_compared_again(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let caseworker = &team.caseworker;
        let stranger = json!({"given_names": "Tekle", "family_names": "Gebremedhin"});
        let found = met(&world.core, &team.intake.who, amina()).await;
        let request = caseworker.seeks(stranger);
        settle();
        assert!(caseworker.candidates(&request).is_empty());

        // The side of the family: the name was misheard.
        let sought = text(&caseworker.request(&request)["sought"][0]["person"]["id"]);
        let names = json!({"version": 1, "changes": {"given_names": "Amina", "family_names": "Warsame"}});
        let edited = caseworker.send("PATCH", &format!("/api/v1/people/{sought}"), Some(names));
        assert_eq!(edited.status, 200, "{}", edited.body);
        let before = caseworker.in_time(&request, 1).remove(0);

        // The side of the person met: more is known of her.
        let more = json!({"version": 1, "changes": {"given_names": "Aamina", "birth": {"date": "1999"}}});
        assert_eq!(team.intake.send("PATCH", &format!("/api/v1/people/{found}"), Some(more)).status, 200);
        let after = eventually("the pair scored anew", || {
            let now = caseworker.candidates(&request).remove(0);
            (now["probability"] != before["probability"]).then_some(now)
        });
        assert_eq!(id(&after), id(&before));

        let other = json!({"version": 2, "changes": {"given_names": "Tekle", "family_names": "Gebremedhin"}});
        assert_eq!(caseworker.send("PATCH", &format!("/api/v1/people/{sought}"), Some(other)).status, 200);
        caseworker.in_time(&request, 0);
    }

    async fn the_way_of_somebody_sought_is_told_again_and_matched_again(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let caseworker = &team.caseworker;
        let mut visit = visit_of(amina());
        visit["companions"] = json!([{"relation": "brother", "name": "Yusuf Warsame"}]);
        record(&world.core, &team.intake.who, visit).await;
        let request = caseworker.opens(json!({
            "relation": "daughter", "person": amina(), "last_place": {"name": "Baidoa", "country": "SOM"},
            "last_contact": {"on": "2025-11", "means": "phone_call"},
        }));
        assert_eq!(caseworker.moves(&request, &["pre_case", "accepted", "searching"]).status, 200);
        let before = caseworker.in_time(&request, 1).remove(0);
        assert!(!rungs(&before).contains(&"relatives.same".to_owned()), "{:?}", rungs(&before));

        let path = format!("/api/v1/requests/{request}");
        let patch = |body: Value| caseworker.send("PATCH", &path, Some(body));
        let case = caseworker.request(&request);
        let (version, sought) = (case["version"].clone(), case["sought"][0]["id"].clone());
        let companions = json!([{"relation": "brother", "name": "Yusuf Warsame"}]);
        let told = json!({"version": version, "sought": [{
            "id": sought,
            "journey": {"destination": {"name": "Tripoli", "country": "LBY"}, "companions": companions},
        }]});
        let changed = patch(told.clone());
        assert_eq!((changed.status, &changed.json()["version"]), (200, &json!(version.as_i64().unwrap() + 1)));
        eventually("the companion counts", || {
            let now = caseworker.candidates(&request).remove(0);
            let counts = rungs(&now).contains(&"relatives.same".to_owned());
            (counts && now["probability"] != before["probability"]).then_some(())
        });

        let now = caseworker.request(&request)["sought"][0].clone();
        assert_eq!(now["journey"]["value"]["destination"]["name"], "Tripoli");
        assert_eq!(now["last_place"]["value"]["name"], "Baidoa", "what was left out stays");
        assert_eq!(now["last_contact"]["value"]["on"], "2025-11");
        assert_eq!(code(&patch(told)), (409, "stale".into()));
        let version = caseworker.request(&request)["version"].clone();
        let cleared = json!({"version": version, "sought": [{
            "id": sought, "last_contact": {"on": "2026-02-20"}, "clear": ["last_place"]
        }]});
        assert_eq!(patch(cleared).status, 200);
        let now = caseworker.request(&request)["sought"][0].clone();
        assert_eq!((&now["last_contact"]["value"]["on"], &now["last_place"]["value"]), (&json!("2026-02-20"), &Value::Null));
        assert_eq!(now["journey"]["value"]["companions"][0]["name"], "Yusuf Warsame");

        let written = world.core.db.read(|c| {
            let leaves = audit_leaves::table.filter(audit_leaves::action.eq("edit_request"));
            let leaves: Vec<Vec<u8>> = leaves.select(audit_leaves::bytes).load(c)?;
            Ok::<_, DbError>(leaves.iter().filter(|leaf| String::from_utf8_lossy(leaf).contains("\"changed\"")).count())
        });
        assert_eq!(written.await.unwrap(), 2, "each change has its line; what was refused has none");
    }

    async fn what_is_wrong_with_a_change_is_named_and_nothing_of_it_is_written(world: World) {
        let site = Site::open(&world);
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let (request, other) = (caseworker.seeks(amina()), caseworker.seeks(amina()));
        let stranger = Desk::of(&world, &site, Role::Caseworker, "Chad").await;
        let theirs = stranger.seeks(amina());
        let sought = |desk: &Desk<'_>, id: &str| desk.request(id)["sought"][0]["id"].clone();
        let own = sought(&caseworker, &request);
        let before = caseworker.request(&request);
        let patch = |sought: Value| {
            let form = json!({
                "version": before["version"], "sought": sought, "next_contact_due": "2026-06-01"
            });
            caseworker.send("PATCH", &format!("/api/v1/requests/{request}"), Some(form))
        };
        let unknown = patch(json!([{"id": "sgt_0190a0b0c0d07000800000000000dead", "clear": ["journey"]}]));
        assert_eq!(unknown.json()["problems"][0]["field"], "sought[0].id");
        for foreign in [sought(&caseworker, &other), sought(&stranger, &theirs)] {
            assert_eq!(patch(json!([{"id": foreign, "clear": ["journey"]}])), unknown);
        }
        for (change, field) in [
            (json!({"last_contact": {"on": "2026-13"}}), "sought[0].last_contact.on"),
            (json!({"last_contact": {"on": "2027-01-01"}}), "sought[0].last_contact.on"),
            (json!({"last_place": {"name": ""}}), "sought[0].last_place.name"),
            (json!({"last_place": {"name": "Kufra", "country": "XXZ"}}), "sought[0].last_place.country"),
            (json!({"journey": {"companions": [{"relation": "brother", "name": ""}]}}), "sought[0].journey.companions[0].name"),
            (json!({}), "sought[0].id"),
        ] {
            let mut change = change;
            change["id"] = own.clone();
            let refused = patch(json!([change]));
            assert_eq!(refused.status, 422, "{}", refused.body);
            assert_eq!(refused.json()["problems"][0]["field"], field, "{}", refused.body);
        }
        assert_eq!(caseworker.request(&request), before, "nothing half-written");
    }
}
