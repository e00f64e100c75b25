//! A request from the first word to the news, in two real browsers, without script: the caseworker on a phone, the
//! reviewer at a desk. Every page is looked at from right to left too, and nothing scrolls sideways on a phone.

use api::auth::code_at;
use api::db::schema::accounts;
use api::policy::Role;
use diesel::prelude::*;
use serde_json::json;
use tests::browser::{Browser, Screen};
use tests::site::Site;
use tests::world::{PASSWORD, Someone, World};

use crate::people::{met, says};

/// A browser without script in front of the service, signed in with a second factor and the code of conduct accepted.
pub(crate) async fn signed_in(world: &World, address: &str, who: &Someone, screen: Screen) -> Browser {
    // As if the words had changed since: they are accepted anew before any case is seen.
    let account = who.account;
    let outdated = move |tx: &mut api::db::Conn| {
        diesel::update(accounts::table.find(account))
            .set(accounts::conduct_version.eq("an older one"))
            .execute(tx)?;
        Ok::<_, api::db::DbError>(())
    };
    world.core.db.write(outdated).await.unwrap();
    let mut browser = Browser::start().await.unwrap();
    browser.without_script(true).await.unwrap();
    browser.resize(screen).await.unwrap();
    browser.goto(address).await.unwrap();
    world.pass(chrono::Duration::seconds(30));
    browser.fill("Login", &who.login).await.unwrap();
    browser.fill("Password", PASSWORD).await.unwrap();
    browser.fill("Code", &code_at(who.seed(), world.core.clock.now()).unwrap()).await.unwrap();
    browser.press("Sign in").await.unwrap();
    browser.sees("Code of conduct").await.unwrap();
    browser.press("I accept and keep to this").await.unwrap();
    browser.sees("You work here as").await.unwrap();
    browser
}

/// Pictures of the page on both screens and in both directions; on a phone nothing may be wider than the screen.
pub(crate) async fn looked_at(browser: &mut Browser, name: &str, screen: Screen) {
    let here = browser.url().await.unwrap();
    for language in ["en", "ar"] {
        if language == "ar" {
            speaks(browser, "العربية", "تسجيل الخروج").await;
        }
        browser.goto(&here).await.unwrap();
        for (device, screen) in [("desk", Screen::Desktop), ("phone", Screen::Phone)] {
            browser.resize(screen).await.unwrap();
            browser.screenshot(&format!("{name}-{device}-{language}")).await.unwrap();
        }
        let wider = "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
        let wider = browser.run(wider, Vec::new()).await.unwrap();
        assert_eq!(wider, false, "{name} scrolls sideways on a phone in {language}");
    }
    speaks(browser, "English", "Sign out").await;
    browser.resize(screen).await.unwrap();
    browser.goto(&here).await.unwrap();
}

/// Changes the language and waits for it: a button pressed and left too early would lead away from the next page.
pub(super) async fn speaks(browser: &Browser, button: &str, words: &str) {
    browser.press(button).await.unwrap();
    browser.sees(words).await.unwrap();
}

/// Opens the page again until the words are there: the index follows within a second.
async fn reloads_until(browser: &Browser, address: &str, words: &str) {
    for _ in 0..40 {
        browser.goto(address).await.unwrap();
        if browser.text().await.is_ok_and(|text| text.contains(words)) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    browser.sees(words).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium; tests/run installs one"]
async fn a_family_asks_two_people_decide_and_the_news_is_what_was_agreed() {
    let world = World::on_sqlite().await;
    let site = Site::open(&world);
    // A cookie for __Host- needs a secure origin; browsers take localhost for one.
    let address = site.address().replace("127.0.0.1", "localhost");
    let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
    let caseworker = world.someone(Role::Caseworker, "Kenya", Some("Market")).await;
    let reviewer = world.someone(Role::Reviewer, "Kenya", None).await;
    world.society("Uganda").await;
    let found = met(
        &world.core,
        &intake,
        json!({
            "given_names": "Aamina", "family_names": "Warsame", "father_name": "Cabdi", "sex": "female",
            "birth": {"age": 26, "age_on": "2026-02-20"}, "original_script_name": "أمينة ورسمة",
            "nationalities": ["SOM"], "languages": ["so", "ar"], "origin": {"name": "Kismayo", "country": "SOM"},
        }),
    )
    .await;

    let mut phone = signed_in(&world, &address, &caseworker, Screen::Phone).await;
    phone.goto(&format!("{address}/search")).await.unwrap();
    phone.press("New request").await.unwrap();
    phone.fill("How they came to us", "By telephone").await.unwrap();
    phone.fill("Enquirer’s given names", "Halima").await.unwrap();
    phone.fill("Enquirer’s telephone", "+254700111222").await.unwrap();
    phone.fill("Safe times", "after 18:00").await.unwrap();
    phone.fill("A message may be left", "yes").await.unwrap();
    phone.fill("Who the sought person is to the enquirer", "daughter").await.unwrap();
    phone.fill("Given names", "Amina").await.unwrap();
    phone.fill("Family names", "Warsame").await.unwrap();
    phone.fill("Name in its own script", "أمينة ورسمة").await.unwrap();
    phone.fill("Father’s name", "Abdi").await.unwrap();
    phone.fill("Sex", "female").await.unwrap();
    phone.fill("Born", "1999-02-31").await.unwrap();
    phone.fill("Nationality", "SOM").await.unwrap();
    phone.fill("Place of origin", "Kismaayo").await.unwrap();
    phone.press("Add another sought person").await.unwrap();
    assert_eq!(phone.value("Given names").await.unwrap(), "Amina", "what was typed is still there");
    phone.fill("Who the sought person is to the enquirer (2)", "son").await.unwrap();
    phone.fill("Given names (2)", "Yusuf").await.unwrap();
    phone.press("Open the request").await.unwrap();
    phone.sees("Not everything could be taken.").await.unwrap();
    phone.sees("Please give a date of birth up to today").await.unwrap();
    for (label, typed) in [
        ("Born", "1999-02-31"),
        ("Given names", "Amina"),
        ("Name in its own script", "أمينة ورسمة"),
        ("Given names (2)", "Yusuf"),
        ("Enquirer’s telephone", "+254700111222"),
        ("How they came to us", "telephone"),
    ] {
        assert_eq!(phone.value(label).await.unwrap(), typed, "{label}");
    }
    phone.screenshot("request-refused-phone-en").await.unwrap();
    phone.fill("Born", "1999-02").await.unwrap();
    phone.press("Open the request").await.unwrap();
    phone.sees("The request is open.").await.unwrap();
    let request = phone.url().await.unwrap().replace("?done=opened", "");
    reloads_until(&phone, &request, "Compare and decide").await;
    looked_at(&mut phone, "request", Screen::Phone).await;
    phone.press("Compare and decide").await.unwrap();
    for words in ["Side by side", "The family says", "Written down at a service point", "sounds the same"] {
        phone.sees(words).await.unwrap();
    }
    looked_at(&mut phone, "candidate", Screen::Phone).await;
    phone.press("Propose this person").await.unwrap();
    phone.sees("Proposed. It now waits for a second person.").await.unwrap();
    assert!(phone.url().await.unwrap().starts_with(&request), "back on the request");

    let mut desk = signed_in(&world, &address, &reviewer, Screen::Desktop).await;
    desk.goto(&format!("{address}/review")).await.unwrap();
    desk.press("Compare and decide").await.unwrap();
    desk.press("Confirm this person").await.unwrap();
    desk.sees("Confirmed. It now waits for the check of the relation.").await.unwrap();
    desk.press("To verify").await.unwrap();
    looked_at(&mut desk, "review", Screen::Desktop).await;
    desk.press("Compare and decide").await.unwrap();
    let candidate = desk.url().await.unwrap();
    desk.press("Mark as verified").await.unwrap();
    desk.sees("This is needed before a relation counts as verified.").await.unwrap();
    desk.screenshot("verify-refused-desk-en").await.unwrap();
    desk.fill("The enquirer was interviewed", "yes").await.unwrap();
    desk.fill("The found person was interviewed", "yes").await.unwrap();
    desk.fill("Facts asked of each apart agree", "yes").await.unwrap();
    desk.press("Mark as verified").await.unwrap();
    desk.sees("Verified. What may be told depends on the found person.").await.unwrap();

    phone.goto(&request).await.unwrap();
    phone.sees("Verified").await.unwrap();
    phone.sees("The search continues.").await.unwrap();
    phone.press("Compare and decide").await.unwrap();
    phone.sees("The found person has not agreed to have anything told.").await.unwrap();
    let token = world.token(&intake).await;
    let consents = format!("/api/v1/people/{found}/consents");
    let yes = says("share_safe_and_well_only", "given");
    let said = tokio::task::block_in_place(|| site.send("POST", &consents, Some(&token), Some(&yes)));
    assert_eq!(said.status, 201, "{}", said.body);
    let here = phone.url().await.unwrap();
    phone.goto(&here).await.unwrap();
    phone.sees("Safe and well, with the day").await.unwrap();
    assert!(!phone.text().await.unwrap().contains("Where the found person is"), "that was not agreed to");
    looked_at(&mut phone, "release", Screen::Phone).await;
    phone.press("Release").await.unwrap();
    phone.sees("Your relative has let you know: safe and well.").await.unwrap();

    desk.goto(&candidate).await.unwrap();
    desk.press("Take the last decision back").await.unwrap();
    desk.fill("Reason", "New information").await.unwrap();
    desk.press("Undo").await.unwrap();
    desk.sees("Taken back. The candidate is open again.").await.unwrap();
    desk.goto(&candidate).await.unwrap();
    desk.sees("taken back").await.unwrap();
    desk.sees("Under review").await.unwrap();

    phone.press("Steps and file").await.unwrap();
    looked_at(&mut phone, "steps", Screen::Phone).await;
    phone.goto(&format!("{address}/requests/new")).await.unwrap();
    looked_at(&mut phone, "request-new", Screen::Phone).await;
    phone.goto(&format!("{address}/search")).await.unwrap();
    phone.fill("Given names", "Amina").await.unwrap();
    phone.fill("Family names", "Warsame").await.unwrap();
    phone.press("Find who it may be").await.unwrap();
    phone.sees("1 person who may fit").await.unwrap();
    assert!(!phone.url().await.unwrap().contains("Amina"), "no name stands in an address");
    phone.screenshot("search-phone-en").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium; tests/run installs one"]
async fn a_reviewer_hands_a_request_on_and_the_colleague_mends_what_was_misheard() {
    let world = World::on_sqlite().await;
    let site = Site::open(&world);
    let address = site.address().replace("127.0.0.1", "localhost");
    let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
    let opener = world.someone(Role::Caseworker, "Kenya", Some("Market")).await;
    let colleague = world.someone(Role::Caseworker, "Kenya", Some("Market")).await;
    let reviewer = world.someone(Role::Reviewer, "Kenya", None).await;
    met(
        &world.core,
        &intake,
        json!({"given_names": "Aamina", "family_names": "Warsame", "birth": {"date": "1999-04-12"}}),
    )
    .await;
    let token = world.token(&opener).await;
    let opening = json!({
        "channel": "telephone", "interview_language": "so", "enquirer": {"given_names": "Halima"},
        "sought": [{"relation": "daughter", "person": {
            "given_names": "Tekle", "family_names": "Gebremedhin", "nationalities": ["ERI"],
        }}],
    });
    let opened = tokio::task::block_in_place(|| {
        let opened = site.send("POST", "/api/v1/requests", Some(&token), Some(&opening)).json();
        let id = opened["id"].as_str().unwrap().to_owned();
        for (version, to) in [(1, "pre_case"), (2, "accepted"), (3, "searching")] {
            let path = format!("/api/v1/requests/{id}/state");
            let moved = json!({"version": version, "to": to});
            assert_eq!(site.send("POST", &path, Some(&token), Some(&moved)).status, 200);
        }
        id
    });
    let request = format!("{address}/requests/{opened}");

    let mut desk = signed_in(&world, &address, &reviewer, Screen::Desktop).await;
    desk.goto(&request).await.unwrap();
    desk.press("Who holds this request").await.unwrap();
    desk.accessible().await.unwrap();
    looked_at(&mut desk, "assignment", Screen::Desktop).await;
    desk.press("Give it to them").await.unwrap();
    desk.sees("Please fill this in.").await.unwrap();
    desk.accessible().await.unwrap();
    desk.fill("Colleague", &format!("{} (caseworker)", colleague.login)).await.unwrap();
    desk.press("Give it to them").await.unwrap();
    desk.sees("The request has been given to a colleague.").await.unwrap();
    desk.sees(&colleague.login).await.unwrap();

    let mut phone = signed_in(&world, &address, &colleague, Screen::Phone).await;
    phone.goto(&request).await.unwrap();
    phone.press("Sought person 1").await.unwrap();
    phone.sees("Eritrea").await.unwrap();
    phone.press("Change who they are").await.unwrap();
    assert_eq!(phone.value("Given names").await.unwrap(), "Tekle");
    looked_at(&mut phone, "person-edit", Screen::Phone).await;
    phone.accessible().await.unwrap();
    phone.fill("Given names", "Amina").await.unwrap();
    phone.fill("Family names", "Warsame").await.unwrap();
    phone.fill("Nationality", "XYZ").await.unwrap();
    phone.press("Save the changes").await.unwrap();
    phone.sees("Not everything could be taken.").await.unwrap();
    phone.sees("Please give the country’s code of three letters").await.unwrap();
    phone.accessible().await.unwrap();
    assert_eq!(phone.value("Given names").await.unwrap(), "Amina", "what was typed is still there");
    phone.screenshot("person-refused-phone-en").await.unwrap();
    phone.fill("Nationality", "SOM").await.unwrap();
    phone.press("Save the changes").await.unwrap();
    phone.sees("The change is saved.").await.unwrap();
    reloads_until(&phone, &request, "Compare and decide").await;

    phone.press("Change what the family says").await.unwrap();
    looked_at(&mut phone, "request-edit", Screen::Phone).await;
    phone.accessible().await.unwrap();
    phone.fill("Last known place", "Agadez").await.unwrap();
    phone.fill("Country of the last known place", "NER").await.unwrap();
    phone.fill("Last news of them on", "2025-11").await.unwrap();
    phone.press("More about the way").await.unwrap();
    phone.fill("Companion’s name", "Yusuf Warsame").await.unwrap();
    phone.fill("What the companion is to them", "brother").await.unwrap();
    phone.press("Save the changes").await.unwrap();
    phone.sees("The change is saved.").await.unwrap();
    phone.press("Sought person 1").await.unwrap();
    phone.sees("Agadez, Niger").await.unwrap();
    phone.sees("Yusuf Warsame (brother)").await.unwrap();
    looked_at(&mut phone, "request-changed", Screen::Phone).await;
}
