//! The register, told by those who keep it and those who read it.

use api::hsp::{PointForm, SocietyForm, found_society};
use api::policy::{ManageSocieties, Role, system};
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::{Answer, Site};

fn point(code: &str, sensitive: bool) -> Value {
    json!({"code": code, "name": format!("Point {code}"), "kind": "fixed", "place_type": "town", "country": "KEN",
        "sensitive": sensitive, "services": ["food"],
        "sites": [{"name": "House", "kind": "fixed", "place": "Hidden lane 4"}]})
}

/// Somebody at a keyboard.
struct Hand<'a>(&'a Site, String);

impl Hand<'_> {
    fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.0.send(method, &format!("/api/v1{path}"), Some(&self.1), body.as_ref())
    }

    fn opens(&self, form: Value) -> String {
        let made = self.ask("POST", "/points", Some(form));
        assert_eq!(made.status, 201, "{}", made.body);
        made.json()["id"].as_str().unwrap().to_owned()
    }
}

both_databases! {
    async fn the_history_of_a_point_is_never_overwritten(world: World) {
        let admin = world.someone(Role::Administrator, "Kenya", None).await;
        let token = world.token(&admin).await;
        let site = Site::open(&world);
        tokio::task::spawn_blocking(move || {
            let admin = Hand(&site, token);
            let id = admin.opens(point("kakuma-1", false));
            let changes = [("suspended", "flood"), ("open", "dry again"), ("moved", "the road moved"), ("closed", "hand-over")];
            for (status, reason) in changes {
                let form = json!({"status": status, "reason": reason, "since": "2026-03-02"});
                assert_eq!(admin.ask("POST", &format!("/points/{id}/status"), Some(form)).status, 204);
            }
            let shown = admin.ask("GET", &format!("/points/{id}"), None).json();
            let told: Vec<_> = shown["history"].as_array().unwrap().iter().map(|l| l["status"].clone()).collect();
            assert_eq!(told, ["closed", "moved", "open", "suspended", "open"]);
            assert_eq!(shown["status"], "closed");

            let old = shown["sites"]["value"][0]["id"].clone();
            let moved = json!({"name": "Tent", "kind": "mobile", "place": "Bus station", "replaces": old, "reason": "people wait there"});
            assert_eq!(admin.ask("POST", &format!("/points/{id}/sites"), Some(moved.clone())).status, 201);
            let twice = admin.ask("POST", &format!("/points/{id}/sites"), Some(moved));
            assert_eq!(twice.status, 422, "a site ends once: {}", twice.body);
            let offered = json!({"services": ["water", "cash"]});
            assert_eq!(admin.ask("PUT", &format!("/points/{id}/services"), Some(offered)).status, 204);
            let shown = admin.ask("GET", &format!("/points/{id}"), None).json();
            assert_eq!(shown["services"], json!(["cash", "water"]));
            let sites = shown["sites"]["value"].as_array().unwrap().clone();
            assert_eq!(sites.len(), 2);
            assert_eq!(sites.iter().filter(|s| s.get("until").is_some()).count(), 1);
        })
        .await
        .unwrap();
    }

    async fn a_sensitive_point_shows_a_contact_point_and_no_place(world: World) {
        let admin = world.someone(Role::Administrator, "Kenya", None).await;
        let foreign = world.someone(Role::Administrator, "Italy", None).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let (admin, foreign, desk) =
            (world.token(&admin).await, world.token(&foreign).await, world.token(&desk).await);
        let site = Site::open(&world);
        tokio::task::spawn_blocking(move || {
            let admin = Hand(&site, admin);
            let id = admin.opens(point("shelter", true));
            assert!(admin.ask("GET", &format!("/points/{id}"), None).body.contains("Hidden lane"));
            for token in [foreign, desk] {
                let reader = Hand(&site, token);
                for path in [format!("/points/{id}"), "/points".to_owned()] {
                    let shown = reader.ask("GET", &path, None);
                    assert_eq!(shown.status, 200);
                    assert!(shown.body.contains("Point shelter") && !shown.body.contains("Hidden lane"), "{}", shown.body);
                }
                let shown = reader.ask("GET", &format!("/points/{id}"), None).json();
                assert_eq!(shown["sites"], json!({"hidden": true}));
                assert_eq!(shown["place_type"], json!({"hidden": true}));
            }
        })
        .await
        .unwrap();
    }

    async fn a_route_crosses_societies_and_leads_to_the_next_open_point(world: World) {
        let kenya = world.someone(Role::Administrator, "Kenya", None).await;
        let italy = world.someone(Role::Administrator, "Italy", None).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let (kenya, italy, desk) =
            (world.token(&kenya).await, world.token(&italy).await, world.token(&desk).await);
        let site = Site::open(&world);
        tokio::task::spawn_blocking(move || {
            let (kenya, italy, desk) = (Hand(&site, kenya), Hand(&site, italy), Hand(&site, desk));
            let first = kenya.opens(point("first", false));
            let second = kenya.opens(point("second", false));
            let third = italy.opens(point("third", false));
            let route = json!({"code": "east", "name": "Eastern route", "points": [first, second, third]});
            assert_eq!(kenya.ask("POST", "/routes", Some(route.clone())).status, 201);
            assert_eq!(kenya.ask("POST", "/routes", Some(route)).status, 409, "the code is taken");
            let next = |of: &str| {
                let found = desk.ask("GET", &format!("/points/{of}/next"), None).json();
                found["items"][0]["point"].as_str().map(str::to_owned)
            };
            assert_eq!(next(&first), Some(second.clone()));
            let close = json!({"status": "closed"});
            assert_eq!(kenya.ask("POST", &format!("/points/{second}/status"), Some(close.clone())).status, 204);
            assert_eq!(next(&first), Some(third.clone()), "a closed point is passed by");
            assert_eq!(next(&third), None);
            // Another society's point is not theirs to change, and looks as if it were not there.
            let foreign = kenya.ask("POST", &format!("/points/{third}/status"), Some(close.clone()));
            let unknown = kenya.ask("POST", "/points/hsp_00000000000000000000000000000000/status", Some(close.clone()));
            assert_eq!((foreign.status, &foreign), (404, &unknown));
            assert_eq!(desk.ask("POST", &format!("/points/{first}/status"), Some(close)).status, 403);
            let lost = json!({"code": "lost", "name": "Lost", "points": [first, "hsp_00000000000000000000000000000000"]});
            let refused = kenya.ask("POST", "/routes", Some(lost));
            assert_eq!(refused.status, 422);
            assert!(refused.body.contains("points[1]"), "{}", refused.body);
        })
        .await
        .unwrap();
    }

    async fn a_new_society_can_seal_at_once(world: World) {
        let core = world.core.clone();
        let form: SocietyForm =
            serde_json::from_value(json!({"code": "hrc", "name": "Honduran Red Cross", "country": "hnd"})).unwrap();
        let may = system::<ManageSocieties>("test").unwrap();
        let society = found_society(&core, may.clone(), form.parse().unwrap()).await.unwrap();
        let again = found_society(&core, may, form.parse().unwrap()).await;
        assert_eq!(again.err().map(|e| e.status()), Some(409));
        let form: PointForm = serde_json::from_value(point("tegus", false)).unwrap();
        let new = form.parse().unwrap();
        let inside = core.clone();
        let place = core.db.write(move |tx| {
            let id = api::hsp::insert_point(tx, &inside, society, &new, None)?;
            api::hsp::meeting_place(tx, id)
        });
        let place = place.await.unwrap();
        assert_eq!((place.name.as_str(), place.society), ("Hidden lane 4", society));
        let owner = api::kernel::PersonId::new(core.clock.as_ref(), &core.chance);
        assert!(core.vault.new_data_key(owner, society).is_ok());
    }
}
