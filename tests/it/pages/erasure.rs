//! The data protection officer: who waits for erasure and why, by reference, and erasing them after being told what goes; and
//! the protection officer, who sees that somebody on their team waits. In a browser and in four languages.

use api::policy::Role;
use serde_json::{Value, json};
use tests::site::Site;
use tests::world::World;

use super::Visitor;
use crate::people::{record, says, visit_of};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium; tests/run installs one"]
async fn a_data_protection_officer_reads_who_waits_for_erasure_by_reference_only() {
    let world = World::on_sqlite().await;
    let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
    let officer = world.someone(Role::DataProtectionOfficer, "Kenya", None).await;
    let token = world.token(&desk).await;
    let site = Site::open(&world);
    let mut page = Visitor::at(&world, &site).await;
    page.signs_in(&officer).await;
    page.opens("/erasures").await;
    page.sees("Nobody is waiting.").await;
    page.looks("erasure-none-en").await;

    for answer in ["withdrawn", "refused", "not_possible"] {
        let visit = visit_of(json!({"given_names": "Amina", "family_names": "Warsame"}));
        let person = record(&world.core, &desk, visit).await.person.unwrap();
        let mut says = says("collect_and_store", answer);
        if answer == "not_possible" {
            says["method"] = json!("none");
        }
        let path = format!("/api/v1/people/{person}/consents");
        let answered = tokio::task::block_in_place(|| site.send("POST", &path, Some(&token), Some(&says)));
        assert_eq!(answered.status, 201, "{}", answered.body);
    }
    page.opens("/erasures").await;
    for why in ["taken back", "refused", "taken back by nobody"] {
        page.sees(why).await;
    }
    assert!(!page.shows().await.contains("Amina"));
    page.looks("erasure-en").await;
    page.speaks("العربية", "البداية").await;
    page.opens("/erasures").await;
    page.looks("erasure-ar").await;
    page.fits_in_every_language(&["/erasures"]).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium; tests/run installs one"]
async fn a_data_protection_officer_is_told_what_goes_erases_it_and_is_told_that_it_is_gone() {
    let world = World::on_sqlite().await;
    let caseworker = world.someone(Role::Caseworker, "Kenya", None).await;
    let officer = world.someone(Role::DataProtectionOfficer, "Kenya", None).await;
    let token = world.token(&caseworker).await;
    let site = Site::open(&world);
    let posts = |path: &str, body: Value| {
        let answer = tokio::task::block_in_place(|| site.send("POST", path, Some(&token), Some(&body)));
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.json()["id"].as_str().unwrap().to_owned()
    };
    let request = posts(
        "/api/v1/requests",
        json!({
            "channel": "in_person", "interview_language": "so", "enquirer": {"given_names": "Halima"},
            "sought": [
                {"relation": "daughter", "person": {"given_names": "Amina"}},
                {"relation": "son", "person": {"given_names": "Yusuf"}},
            ],
        }),
    );
    let path = format!("/api/v1/requests/{request}");
    let file = tokio::task::block_in_place(|| site.send("GET", &path, Some(&token), None)).json();
    let enquirer = file["enquirer"]["id"].as_str().unwrap().to_owned();
    posts(&format!("/api/v1/people/{enquirer}/consents"), says("collect_and_store", "refused"));

    let mut page = Visitor::at(&world, &site).await;
    page.signs_in(&officer).await;
    page.opens("/erasures").await;
    page.looks("erasure-list-en").await;
    let link = "const all = [...document.querySelectorAll('main td a')]; all[0].click(); return all.length";
    assert_eq!(page.browser.run(link, Vec::new()).await.unwrap(), 2, "erase, or ask anew");
    page.sees("This cannot be undone.").await;
    for goes in [&file, &file["sought"][0]["person"], &file["sought"][1]["person"]] {
        page.sees(goes["reference"].as_str().unwrap()).await;
    }
    page.looks("erasure-asked-en").await;
    page.fits_in_every_language(&["/erasures", &format!("/people/{enquirer}/erasure")]).await;
    page.speaks("العربية", "البداية").await;
    page.opens(&format!("/people/{enquirer}/erasure")).await;
    page.looks("erasure-asked-ar").await;
    page.takes("محو نهائي").await;
    page.sees("مُحي السجل").await;
    page.looks("erasure-done-ar").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium; tests/run installs one"]
async fn a_protection_officer_reads_that_somebody_on_their_team_waits() {
    let world = World::on_sqlite().await;
    let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
    let guard = world.someone(Role::ProtectionOfficer, "Kenya", None).await;
    let token = world.token(&guard).await;
    let site = Site::open(&world);
    let sends = |method: &str, path: &str, body: Value| {
        let answer = tokio::task::block_in_place(|| site.send(method, path, Some(&token), Some(&body)));
        assert!([200, 201].contains(&answer.status), "{}", answer.body);
    };
    let visit = visit_of(json!({"given_names": "Amina", "family_names": "Warsame"}));
    let person = record(&world.core, &desk, visit).await.person.unwrap();
    sends("POST", &format!("/api/v1/people/{person}/consents"), says("collect_and_store", "withdrawn"));
    let restricted = json!({"version": 1, "restricted": true, "team": []});
    sends("PUT", &format!("/api/v1/people/{person}/restriction"), restricted);
    let mut page = Visitor::at(&world, &site).await;
    page.signs_in(&guard).await;
    page.opens("/erasures").await;
    page.sees("Nobody yet. Put a data protection officer on the team.").await;
    page.looks("erasure-team-en").await;
    page.speaks("العربية", "البداية").await;
    page.opens("/erasures").await;
    page.looks("erasure-team-ar").await;
    page.fits_in_every_language(&["/erasures"]).await;
}
