//! The intake desk: a visit in a few fields, with or without a name, and what happens when somebody says no.

use api::db::schema;
use api::policy::Role;
use diesel::prelude::*;
use tests::site::Site;
use tests::world::World;

use super::Visitor;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium; tests/run installs one"]
async fn a_desk_records_visits_with_and_without_a_name_and_takes_no_for_an_answer() {
    let world = World::on_sqlite().await;
    let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
    let site = Site::open(&world);
    let mut page = Visitor::at(&world, &site).await;
    page.signs_in(&desk).await;

    // Six entries and one press: what a visit with a name and both answers takes.
    page.opens("/visits/new").await;
    page.sees("Nothing here is required").await;
    page.looks("visit-en").await;
    page.browser.key(fantoccini::key::Key::Tab).await.unwrap();
    let ring = "const s = getComputedStyle(document.activeElement); return s.outlineStyle";
    assert_eq!(page.browser.run(ring, Vec::new()).await.unwrap(), "solid", "where the keyboard is, is seen");
    page.fills(&[("Food", "yes"), ("Water", "yes"), ("Name,", "Amina Warsame"), ("Age in", "30")]).await;
    page.browser.run(PICK, vec!["keep".into(), "yes".into()]).await.unwrap();
    page.browser.run(PICK, vec!["search".into(), "yes".into()]).await.unwrap();
    page.presses("Record the visit").await;
    page.sees("The visit and the person are recorded.").await;
    page.sees("For the person’s card").await;
    page.looks("visit-done-en").await;
    assert!(!page.browser.url().await.unwrap().contains("Amina"), "no name in an address");

    // Nobody named: the services alone.
    page.fills(&[("First aid", "yes"), ("Phone call", "yes")]).await;
    page.presses("Record the visit").await;
    page.sees("The visit is recorded, with nobody named.").await;

    // Asked, and no: what was typed is not kept.
    page.fills(&[("Food", "yes"), ("Name,", "Yusuf Ali"), ("Age in", "41")]).await;
    page.browser.run(PICK, vec!["keep".into(), "no".into()]).await.unwrap();
    page.presses("Record the visit").await;
    page.sees("no name was kept").await;
    let count = |c: &mut api::db::Conn| {
        let people: i64 = schema::people::table.count().get_result(c)?;
        let contacts: i64 = schema::contacts::table.count().get_result(c)?;
        Ok::<_, api::db::DbError>((people, contacts))
    };
    assert_eq!(world.core.db.read(count).await.unwrap(), (1, 3));

    // What cannot be so is told at its field, in the language of the page, and nothing typed is lost.
    page.speaks("العربية", "البداية").await;
    page.opens("/visits/new").await;
    page.presses("إذا كانت الزيارة في يوم آخر").await;
    page.browser.run(TYPE, vec!["name".into(), "Hodan Farah".into()]).await.unwrap();
    page.browser.run(TYPE, vec!["age".into(), "old".into()]).await.unwrap();
    page.browser.run(TYPE, vec!["day".into(), "2026-03-02".into()]).await.unwrap();
    page.presses("تسجيل الزيارة").await;
    page.sees("يُرجى كتابة عدد صحيح بالأرقام").await;
    assert!(page.is_told_at("age").await.unwrap().contains("عدد صحيح"));
    page.looks("visit-wrong-age-ar").await;
    page.browser.run(TYPE, vec!["age".into(), "٣٠".into()]).await.unwrap();
    page.presses("تسجيل الزيارة").await;
    page.sees("يُرجى كتابة يوم لا يتجاوز اليوم").await;
    assert!(page.is_told_at("day").await.unwrap().contains("اليوم"));
    assert!(page.is_told_at("keep").await.unwrap().contains("نعم أو لا"));
    for (field, typed) in [("name", "Hodan Farah"), ("age", "٣٠"), ("day", "2026-03-02")] {
        let value =
            page.browser.run("return document.getElementById(arguments[0]).value", vec![field.into()]);
        assert_eq!(value.await.unwrap(), typed, "what was typed at {field} is kept");
    }
    let shown = page.shows().await;
    for english in ["please", "Please", "missing", "taken", "is not"] {
        assert!(!shown.contains(english), "{english} on an Arabic page: {shown}");
    }
    page.looks("visit-wrong-day-ar").await;
    assert_eq!(world.core.db.read(count).await.unwrap(), (1, 3), "nothing half-written");
    page.fits_in_every_language(&["/", "/visits/new", "/visits/new?done=no_name", "/account", "/nowhere"])
        .await;
}

/// Chooses an answer of a question by its field: yes and no stand under every question.
const PICK: &str = "document.querySelector(`input[name='${arguments[0]}'][value='${arguments[1]}']`).click()";

/// Types into a field by its id, whatever the language of its label.
const TYPE: &str = "document.getElementById(arguments[0]).value = arguments[1]";
