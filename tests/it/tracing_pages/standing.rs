//! A request that stands still, on a phone without script: the file says why, offers nothing but closing, and goes on by
//! itself.

use api::policy::Role;
use tests::browser::Screen;
use tests::site::Site;
use tests::world::World;

use super::Reader;
use super::browser::{looked_at, signed_in};
use crate::people::says;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium; tests/run installs one"]
async fn a_caseworker_reads_on_a_phone_why_a_request_stands_still_and_closes_it() {
    let world = World::on_sqlite().await;
    let site = Site::open(&world);
    let address = site.address().replace("127.0.0.1", "localhost");
    let caseworker = world.someone(Role::Caseworker, "Kenya", Some("Market")).await;
    let files = Reader::at(&world, &site, &caseworker).await;
    let request = files.opens();
    let enquirer =
        files.get(&format!("/api/v1{request}")).json()["enquirer"]["id"].as_str().unwrap().to_owned();
    files.send("POST", &format!("/api/v1/people/{enquirer}/consents"), says("collect_and_store", "refused"));

    let mut phone = signed_in(&world, &address, &caseworker, Screen::Phone).await;
    phone.goto(&format!("{address}/requests")).await.unwrap();
    phone.sees("Stands still").await.unwrap();
    phone.accessible().await.unwrap();
    looked_at(&mut phone, "standing-list", Screen::Phone).await;
    phone.goto(&format!("{address}{request}")).await.unwrap();
    phone.sees("Whoever asks does not agree to be kept, or no longer does.").await.unwrap();
    assert!(!phone.text().await.unwrap().contains("The search continues"), "nothing is told");
    phone.accessible().await.unwrap();
    looked_at(&mut phone, "standing-request", Screen::Phone).await;
    phone.press("Steps and file").await.unwrap();
    phone.sees("Whoever asks does not agree to be kept, or no longer does.").await.unwrap();
    phone.accessible().await.unwrap();
    looked_at(&mut phone, "standing-steps", Screen::Phone).await;
    let moves = "return document.querySelectorAll('form[action$=\"/state\"]').length";
    assert_eq!(phone.run(moves, Vec::new()).await.unwrap(), 0, "nothing but closing");
    phone.fill("What is true, for the file", "The enquirer withdrew").await.unwrap();
    phone.fill("What the enquirer hears", "The search has ended").await.unwrap();
    phone.press("Close").await.unwrap();
    phone.sees("The request is closed.").await.unwrap();
}
