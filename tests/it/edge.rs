//! The outer edge: what everybody meets, signed in or not.

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
}
