//! The outer edge: what everybody meets, signed in or not.

use api::policy::Role;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::Site;

both_databases! {
    async fn strangers_see_health_and_the_interface_and_nothing_else(world: World) {
        let site = Site::open(&world);
        let answers = tokio::task::spawn_blocking(move || {
            ["/health/live", "/health/ready", "/api/v1/openapi.json", "/api/v1/people", "/api/v1/nothing"]
                .map(|path| site.send("GET", path, None, None))
        })
        .await
        .unwrap();
        let [live, ready, interface, people, nothing] = answers;
        assert_eq!((live.status, ready.status), (204, 204));
        assert_eq!(interface.json()["openapi"], "3.1.0");
        assert!(matches!(people.status, 401 | 404 | 405), "{}", people.status);
        assert_eq!(nothing.status, 404);
        assert_eq!(nothing.header("content-type"), Some("application/problem+json"));
        assert!(!nothing.body.contains("nothing"), "the answer does not repeat the path");
    }

    async fn who_tried_to_reach_a_person_and_was_refused_is_told_to_whoever_asks_about_that_person(world: World) {
        let site = Site::open(&world);
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let person = crate::people::met(&world.core, &desk, json!({"full_name": "Amina"})).await;
        let curious = world.someone(Role::Intake, "Kenya", Some("Mombasa")).await;
        let auditor = world.someone(Role::Auditor, "Kenya", None).await;
        let (hers, his) = (world.token(&curious).await, world.token(&auditor).await);
        let told = tokio::task::spawn_blocking(move || {
            assert_eq!(site.send("GET", &format!("/api/v1/people/{person}"), Some(&hers), None).status, 404);
            let about = json!({"person": person.to_string()});
            site.send("POST", "/api/v1/audit/about-person", Some(&his), Some(&about)).json()
        })
        .await
        .unwrap();
        let tried = told["items"].as_array().unwrap().iter().any(|entry| {
            entry["actor"] == curious.account.to_string() && entry["decision"] == "refused" && entry["action"] == "read_person"
        });
        assert!(tried, "{told}");
    }

    async fn json_that_speaks_of_a_forms_number_has_none(world: World) {
        let site = Site::open(&world);
        let officer = world.someone(Role::ProtectionOfficer, "Kenya", None).await;
        let token = world.token(&officer).await;
        let clinic = json!({
            "name": "Clinic", "kind": "health_facility", "services": ["basic_medical"], "review_days": 90,
            "contact_point": "desk at the gate &once=00000000000000000000000000&"
        });
        let post = || tokio::task::block_in_place(|| site.send("POST", "/api/v1/providers", Some(&token), Some(&clinic)));
        let (first, second) = (post(), post());
        assert_eq!((first.status, second.status), (201, 201), "{}", second.body);
        assert_ne!(first.body, second.body, "two deeds");
    }

    async fn a_deed_asked_for_twice_under_one_key_is_done_once(world: World) {
        let site = Site::open(&world);
        let officer = world.someone(Role::ProtectionOfficer, "Kenya", None).await;
        let colleague = world.someone(Role::ProtectionOfficer, "Kenya", None).await;
        let (hers, his) = (world.token(&officer).await, world.token(&colleague).await);
        let clinic = |name: &str| {
            json!({
                "name": name, "kind": "health_facility", "services": ["basic_medical"], "review_days": 90,
                "contact_point": "desk at the gate"
            })
        };
        let post = |token: &str, key: &str, body: &Value| {
            let headers = [("content-type", "application/json"), ("idempotency-key", key)];
            let body = body.to_string();
            tokio::task::block_in_place(|| {
                site.send_raw("POST", "/api/v1/providers", Some(token), &headers, Some(body.as_bytes()))
            })
        };
        let first = post(&hers, "desk-7-0001", &clinic("Clinic"));
        assert_eq!(first.status, 201, "{}", first.body);
        assert_eq!(post(&hers, "desk-7-0001", &clinic("Clinic")), first);
        let reused = post(&hers, "desk-7-0001", &clinic("Another"));
        assert_eq!((reused.status, reused.json()["code"].clone()), (409, json!("idempotency_key_reused")));
        let other_key = post(&hers, "desk-7-0002", &clinic("Clinic"));
        let other_person = post(&his, "desk-7-0001", &clinic("Clinic"));
        assert_eq!((other_key.status, other_person.status), (201, 201));
        assert!(other_key.body != first.body && other_person.body != first.body);
        assert_eq!(post(&hers, "short", &clinic("Clinic")).json()["problems"][0]["field"], "Idempotency-Key");
        world.pass(chrono::Duration::hours(25));
        let later = world.token(&officer).await;
        let next_day = post(&later, "desk-7-0001", &clinic("Clinic"));
        assert_eq!(next_day.status, 201, "a key is remembered for a day");
        assert_ne!(next_day.body, first.body);
    }
}
