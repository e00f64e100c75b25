//! The page of the desk, without script, as a browser sends it.

use api::db::schema;
use api::policy::Role;
use diesel::prelude::*;
use tests::both_databases;
use tests::site::Site;

use super::with_words;

both_databases! {
    async fn the_desk_page_asks_in_plain_words_and_speaks_four_languages(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let auditor = world.someone(Role::Auditor, "Kenya", None).await;
        let (token, audits) = (world.token(&desk).await, world.token(&auditor).await);
        let site = Site::open(&world);
        tokio::task::spawn_blocking(move || {
            let page = site.send("GET", "/visits/new", Some(&token), None);
            assert_eq!(page.status, 200, "{}", page.body);
            assert!(page.body.contains("name=\"keep\"") && page.body.contains("Nobody learns where you are"));
            assert!(!page.body.contains("visit-"), "every text has its words");
            for (language, words) in [("ar", "تسجيل زيارة"), ("es", "Registrar una visita"), ("fr", "Enregistrer une visite")] {
                let cookie = format!("__Host-relink-language={language}");
                let page = site.send_raw("GET", "/visits/new", Some(&token), &[("cookie", &cookie)], None);
                assert!(page.body.contains(words), "{language}");
            }
            assert_eq!(site.send("GET", "/visits/new", Some(&audits), None).status, 403);

            let send = |typed: &str| {
                let kind = [("content-type", "application/x-www-form-urlencoded")];
                site.send_raw("POST", "/visits", Some(&token), &kind, Some(typed.as_bytes()))
            };
            for (typed, done) in [
                ("services=food&services=water&name=&age=&sex=&phone=", "visit"),
                ("services=food&name=Amina&age=30&keep=no&search=no", "no_name"),
                ("services=food&name=Amina+Ali&age=30&sex=female&keep=yes&search=yes", "person"),
            ] {
                let answer = send(typed);
                assert_eq!(answer.status, 303, "{typed}: {}", answer.body);
                let to = answer.header("location").unwrap();
                assert!(to.starts_with(&format!("/visits/new?done={done}")), "{to}");
                assert_eq!(to.contains("&card="), done == "person", "{to}");
            }
            // Programs get the kind as a code, and the sentence in English whatever the pages speak.
            let late = serde_json::json!({"kind": "service_visit", "contact_on": "2026-03-02"});
            let refused = site.send("POST", "/api/v1/contacts", Some(&token), Some(&late)).json();
            assert_eq!(refused["problems"][0]["field"], "contact_on", "{refused}");
            assert_eq!(refused["problems"][0]["code"], "not_a_day_past", "{refused}");
            assert!(refused["problems"][0]["problem"].as_str().unwrap().contains("up to today"), "{refused}");
            for (typed, asked) in [
                ("name=Amina&age=30", "keep"),
                ("name=Yusuf&age=9&keep=yes", "given_by"),
                ("name=Amina&age=old&keep=yes", "age"),
                ("name=Amina&age=30&keep=yes&day=2026-03-02", "day"),
            ] {
                let again = send(typed);
                assert_eq!(again.status, 422, "{typed}");
                assert!(again.body.contains(&format!("id=\"{asked}-problem\"")), "{asked}: {}", again.body);
                let name = typed.split(['=', '&']).nth(1).unwrap();
                assert!(again.body.contains(&format!("value=\"{name}\"")), "what was typed is kept");
            }
        })
        .await
        .unwrap();
        let people: i64 = core.db.read(|c| schema::people::table.count().get_result(c)).await.unwrap();
        assert_eq!(people, 1, "only who wished to be written down");
    }
}
