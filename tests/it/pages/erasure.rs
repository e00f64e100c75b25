//! The data protection officer: who waits for erasure and why, by reference, in a browser and in four languages.

use api::policy::Role;
use serde_json::json;
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
    for why in ["taken back", "refused", "given by a child"] {
        page.sees(why).await;
    }
    assert!(!page.shows().await.contains("Amina"));
    page.looks("erasure-en").await;
    page.speaks("العربية", "البداية").await;
    page.opens("/erasures").await;
    page.looks("erasure-ar").await;
    page.fits_in_every_language(&["/erasures"]).await;
}
