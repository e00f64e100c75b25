//! The auditor: who saw somebody, what a user saw, an entry with its proof, the log as a whole, and their own questions
//! in it. No page of theirs shows anything about anybody.

use api::policy::Role;
use tests::site::Site;
use tests::world::World;

use super::Visitor;
use crate::referrals::{amina, yes};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium; tests/run installs one"]
async fn an_auditor_finds_who_saw_somebody_proves_it_and_finds_themself_in_the_log() {
    let world = World::on_sqlite().await;
    let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
    let auditor = world.someone(Role::Auditor, "Kenya", None).await;
    let person = amina(&world, &[yes("collect_and_store")]).await.to_string();
    let token = world.token(&desk).await;
    let site = Site::open(&world);
    let (site, seen) = tokio::task::spawn_blocking({
        let path = format!("/api/v1/people/{person}");
        move || {
            let answer = site.send("GET", &path, Some(&token), None);
            (site, answer)
        }
    })
    .await
    .unwrap();
    assert!(seen.status == 200 && seen.body.contains("Amina"), "{}", seen.body);

    let mut page = Visitor::at(&world, &site).await;
    page.signs_in(&auditor).await;
    page.opens("/oversight").await;
    page.looks("oversight-ask-en").await;
    page.fills(&[("Person", "somebody")]).await;
    press_in(&page, "person").await;
    page.sees("This is not a number or reference of that kind").await;
    assert!(!page.is_told_at("person").await.unwrap().is_empty());
    page.looks("oversight-wrong-en").await;

    // Who saw this person?
    page.fills(&[("Person", &person)]).await;
    press_in(&page, "person").await;
    page.sees(&desk.login).await;
    page.sees("read a person").await;
    page.looks("oversight-entries-en").await;
    nothing_about_amina(&page).await;
    assert!(!page.browser.url().await.unwrap().contains(&person), "the question stands in no address");

    // The entry and its proof.
    page.browser.run("document.querySelector('td a').click()", Vec::new()).await.unwrap();
    page.sees("The proof leads from this entry to a signed checkpoint").await;
    page.sees("Download the proof").await;
    page.looks("oversight-entry-en").await;
    nothing_about_amina(&page).await;

    // What did this user see? And in these days?
    page.opens("/oversight").await;
    page.fills(&[("User", &desk.login)]).await;
    press_in(&page, "account").await;
    page.sees("read a person").await;
    nothing_about_amina(&page).await;
    page.opens("/oversight").await;
    page.fills(&[("From", "2026-03-02"), ("Until", "2026-03-01")]).await;
    press_in(&page, "from").await;
    page.sees("The end lies before the beginning.").await;
    page.fills(&[("From", "2026-03-01"), ("Until", "2026-03-01")]).await;
    press_in(&page, "from").await;
    page.sees(&desk.login).await;

    // Nobody is above it: the auditor's own questions are entries too.
    page.opens("/oversight").await;
    page.fills(&[("User", &auditor.login)]).await;
    press_in(&page, "account").await;
    page.sees("ask the log").await;

    page.opens("/oversight/verification").await;
    page.presses("Verify now").await;
    for _ in 0..50 {
        page.opens("/oversight/verification").await;
        if page.shows().await.contains("Nothing found") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    page.sees("Nothing found: entries, tree and checkpoints agree").await;
    page.looks("oversight-verified-en").await;

    // The same in Arabic.
    page.speaks("العربية", "البداية").await;
    page.opens("/oversight").await;
    page.looks("oversight-ask-ar").await;
    page.browser
        .run("document.getElementById('person').value = arguments[0]", vec![person.into()])
        .await
        .unwrap();
    press_in(&page, "person").await;
    page.sees(&desk.login).await;
    page.sees("آذار/مارس").await;
    page.looks("oversight-entries-ar").await;
    nothing_about_amina(&page).await;
    page.browser.run("document.querySelector('td a').click()", Vec::new()).await.unwrap();
    page.sees("نقطة").await;
    page.looks("oversight-entry-ar").await;
    page.opens("/oversight/verification").await;
    page.looks("oversight-verified-ar").await;
    page.fits_in_every_language(&["/oversight", "/oversight/entries/7", "/oversight/verification"]).await;
}

/// Sends the form that holds this field: each of the three questions has a button of the same words.
async fn press_in(page: &Visitor<'_>, field: &str) {
    let press = "document.getElementById(arguments[0]).form.querySelector('button').click()";
    page.browser.run(press, vec![field.into()]).await.unwrap();
}

async fn nothing_about_amina(page: &Visitor<'_>) {
    let source = page.browser.run("return document.documentElement.outerHTML", Vec::new()).await.unwrap();
    for value in ["Amina", "Warsame", "254700000001", "older_person_alone"] {
        assert!(!source.to_string().contains(value), "{value} stands on an auditor's page");
    }
}
