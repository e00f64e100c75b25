//! The ways to one person's consents and team: from wherever somebody stands before the person.

use api::policy::Role;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::Site;

use super::consents::{Reader, amina};
use crate::people::{met, says};

both_databases! {
    async fn a_page_that_asks_for_a_consent_or_a_team_leads_there(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let desk = Reader::at(&world, &site, &intake).await;
        let caseworker = Reader::of(&world, &site, Role::Caseworker).await;
        let guard = Reader::of(&world, &site, Role::ProtectionOfficer).await;
        let eraser = Reader::of(&world, &site, Role::DataProtectionOfficer).await;
        let niger = world.society("Niger").await.to_string();
        let sends = |who: &Reader<'_>, method: &str, path: &str, body: Value| {
            let answer = tokio::task::block_in_place(|| site.send(method, path, Some(&who.token), Some(&body)));
            assert!([200, 201].contains(&answer.status), "{path}: {}", answer.body);
            answer.json()
        };
        assert!(desk.page("/visits/new").contains("<a href=\"/people\">Somebody recorded before"));

        let opened = sends(&caseworker, "POST", "/api/v1/requests", json!({
            "channel": "in_person", "interview_language": "so", "enquirer": {"given_names": "Halima"},
            "sought": [{"relation": "daughter", "person": {"given_names": "Amina"}}],
        }));
        let request = opened["id"].as_str().unwrap();
        let file = caseworker.get(&format!("/api/v1/requests/{request}")).json();
        let enquirer = file["enquirer"]["id"].as_str().unwrap();
        let way = format!("href=\"/people/{enquirer}/consents?from={request}\"");
        let page = caseworker.page(&format!("/requests/{request}"));
        assert_eq!(page.matches(&way).count(), 1, "{page}");
        sends(&caseworker, "POST", &format!("/api/v1/people/{enquirer}/consents"), says("collect_and_store", "refused"));
        let page = caseworker.page(&format!("/requests/{request}"));
        assert_eq!(page.matches(&way).count(), 2, "beside the reason why it stands still: {page}");
        let there = caseworker.page(&format!("/people/{enquirer}/consents?from={request}"));
        assert!(there.contains(&format!("href=\"/requests/{request}\"")), "and back");
        assert!(!caseworker.page(&format!("/requests/{request}")).contains("/team\""), "not theirs to choose");

        let person = met(&world.core, &intake, amina()).await;
        let consents = format!("href=\"/people/{person}/consents\"");
        let team = format!("href=\"/people/{person}/team\"");
        let referral = sends(&guard, "POST", "/api/v1/referrals", json!({
            "person": person, "urgency": "normal", "service": "basic_medical", "mode": "phone",
            "receiver": {"kind": "society", "id": niger}, "fields": ["given_names"], "need": "somebody to talk to",
        }));
        let page = guard.page(&format!("/referrals/{}", referral["id"].as_str().unwrap()));
        assert!(page.contains(&consents) && page.contains(&team), "{page}");

        sends(&desk, "POST", &format!("/api/v1/people/{person}/consents"), says("collect_and_store", "withdrawn"));
        let list = eraser.page("/erasures");
        assert!(list.contains(&consents) && !list.contains(&team), "{list}");
        let version = guard.get(&format!("/api/v1/people/{person}/restriction")).json()["version"].clone();
        let restricted = json!({"version": version, "restricted": true, "team": []});
        sends(&guard, "PUT", &format!("/api/v1/people/{person}/restriction"), restricted);
        assert!(guard.page("/erasures").contains(&team));
    }
}
