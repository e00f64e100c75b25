//! The protection officers of two societies: one refers somebody, the other helps, and what is late is seen.

use api::policy::Role;
use chrono::Duration;
use tests::site::Site;
use tests::world::{Someone, World};

use super::Visitor;
use crate::referrals::{amina, provider, yes};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium; tests/run installs one"]
async fn an_officer_refers_somebody_the_other_side_helps_and_what_is_late_is_seen() {
    let world = World::on_sqlite().await;
    let here = world.someone(Role::ProtectionOfficer, "Kenya", None).await;
    let there = world.someone(Role::ProtectionOfficer, "Uganda", None).await;
    let person = amina(&world, &[yes("share_within_network")]).await.to_string();
    provider(&world, &here, "Border Police", "authority", None).await;
    let site = Site::open(&world);
    let mut page = Visitor::at(&world, &site).await;

    page.signs_in(&here).await;
    page.opens("/referrals/new").await;
    page.looks("referral-new-en").await;

    // An authority is told nothing, and the officer learns it before anything is ticked.
    begins(&page, &person, "Border Police").await;
    page.sees("Nothing about a person is told to an authority.").await;
    assert!(page.is_told_at("receiver").await.unwrap().contains("authority"));
    assert_eq!(page.browser.value("Person").await.unwrap(), person, "what was typed is kept");
    page.looks("referral-authority-en").await;

    // A wrong number is told at its field.
    begins(&page, "per_123", "Uganda").await;
    page.sees("This is not a number or reference of that kind").await;
    begins(&page, &person, "Uganda").await;
    page.sees("Tick only what the receiver needs").await;
    page.sees("Uganda").await;
    page.looks("referral-fields-en").await;
    page.fills(&[("Given names", "yes"), ("Sex", "yes"), ("Birth or age", "yes"), ("The need as", "yes")])
        .await;
    page.fills(&[("What the person needs", "Papers for the journey")]).await;
    page.presses("Save the draft").await;
    page.sees("What leaves").await;
    page.looks("referral-draft-en").await;
    page.presses("Check every consent").await;
    page.sees("consent checked").await;
    page.presses("Send").await;
    page.sees("The copy that was sent").await;
    page.sees("1 March 2026").await;
    let shown = page.shows().await;
    assert!(!shown.contains("Nobody answered") && !shown.contains("Not served"), "too early for both");
    page.looks("referral-sent-en").await;
    let referral = page.browser.url().await.unwrap();
    let referral = referral[referral.find("/referrals/").unwrap()..].to_owned();

    // The other side reads in Arabic: exactly what was ticked, in words, and one step after the other.
    page.signs_in(&there).await;
    page.speaks("العربية", "البداية").await;
    page.opens("/referrals/inbox").await;
    page.looks("referral-inbox-ar").await;
    page.opens(&referral).await;
    for step in ["تأكيد الاستلام", "قبول", "بدء الخدمة"] {
        page.takes(step).await;
    }
    let shown = page.shows().await;
    assert!(shown.contains("Amina") && shown.contains("أنثى"), "{shown}");
    assert!(!shown.contains("Warsame") && !shown.contains(&person) && !shown.contains("female"), "{shown}");
    page.looks("referral-started-ar").await;
    page.browser.run(CHOOSE, vec!["complete-outcome".into(), "service_provided".into()]).await.unwrap();
    page.takes("إكمال").await;
    page.sees("مكتملة").await;

    // Back at home: the outcome, and the talk with the person; a day to come is told, the rest stays typed.
    page.signs_in(&here).await;
    page.opens(&referral).await;
    page.sees("service provided").await;
    page.looks("referral-completed-en").await;
    page.fills(&[("Day", "2026-03-20"), ("How", "by phone"), ("Was the need met?", "yes")]).await;
    page.takes("Close").await;
    page.sees("Please give a day up to today").await;
    assert!(page.is_told_at("follow_up.on").await.unwrap().contains("up to today"));
    assert_eq!(page.browser.value("How").await.unwrap(), "phone", "what was chosen is kept");
    page.looks("referral-close-again-en").await;
    page.fills(&[("Day", "2026-03-01")]).await;
    page.takes("Close").await;
    page.sees("closed").await;
    page.looks("referral-closed-en").await;
    page.signs_in(&there).await;
    page.opens(&referral).await;
    page.sees("There is no such page or record").await;
    assert!(!page.shows().await.contains("Amina"), "what is over is not seen any more");

    page.signs_in(&here).await;
    late(&mut page, &world, &here, &person).await;
}

/// A second referral that nobody answers.
async fn late(page: &mut Visitor<'_>, world: &World, here: &Someone, person: &str) {
    page.opens("/referrals/overdue").await;
    page.sees("Nothing is late.").await;
    page.opens("/referrals/new").await;
    begins(page, person, "Uganda").await;
    page.fills(&[("Given names", "yes"), ("What the person needs", "A bed for the night")]).await;
    page.presses("Save the draft").await;
    page.presses("Check every consent").await;
    page.presses("Send").await;
    page.sees("The copy that was sent").await;
    world.pass(Duration::hours(73));
    page.signs_in(here).await;
    page.opens("/referrals/overdue").await;
    page.sees("service late").await;
    page.looks("referral-overdue-en").await;
    page.presses("Legal assistance").await;
    page.sees("Nobody answered").await;
    page.sees("Not served in time").await;
    page.speaks("العربية", "البداية").await;
    page.opens("/referrals/overdue").await;
    page.looks("referral-overdue-ar").await;
    assert!(!page.shows().await.contains("Amina"), "the list says nothing about anybody");
    page.opens("/referrals/new").await;
    page.looks("referral-new-ar").await;
    page.fits_in_every_language(&["/referrals", "/referrals/inbox", "/referrals/overdue", "/referrals/new"])
        .await;
}

async fn begins(page: &Visitor<'_>, person: &str, receiver: &str) {
    page.fills(&[("Person", person), ("Receiver", receiver), ("What it is for", "Legal assistance")]).await;
    page.fills(&[("urgent:", "yes"), ("accompanied", "yes")]).await;
    page.presses("See what may be told").await;
}

const CHOOSE: &str = "document.getElementById(arguments[0]).value = arguments[1]";
