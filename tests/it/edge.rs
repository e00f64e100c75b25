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
