//! A death on phones: one says who told of it and how sure that is, a colleague can only read it, and a reviewer confirms
//! it or sends it back with a reason. In real browsers without script; the reviewer's page is read in Arabic too.

use api::policy::Role;
use serde_json::{Value, json};
use tests::browser::{Browser, Screen};
use tests::site::Site;
use tests::world::{Someone, World};

use super::browser::{looked_at, signed_in, speaks};

/// Who holds which requests, prepared through the interface: what is told of here begins with the page.
struct Files<'a> {
    site: &'a Site,
    token: String,
}

impl Files<'_> {
    fn done(&self, path: &str, body: &Value) -> Value {
        let sent =
            tokio::task::block_in_place(|| self.site.send("POST", path, Some(&self.token), Some(body)));
        assert!((200..300).contains(&sent.status), "{path}: {} {}", sent.status, sent.body);
        if sent.body.is_empty() { Value::Null } else { sent.json() }
    }

    /// A request for daughters of these names that is searched.
    fn searched(&self, names: &[&str]) -> String {
        let sought = |name: &&str| json!({"relation": "daughter", "person": {"given_names": name, "family_names": "Warsame"}});
        let opened = self.done(
            "/api/v1/requests",
            &json!({
                "channel": "telephone", "interview_language": "so", "enquirer": {"given_names": "Halima"},
                "sought": names.iter().map(sought).collect::<Vec<_>>(),
            }),
        );
        let request = format!("/requests/{}", opened["id"].as_str().unwrap());
        for (version, to) in [(1, "pre_case"), (2, "accepted"), (3, "searching")] {
            self.done(&format!("/api/v1{request}/state"), &json!({"version": version, "to": to}));
        }
        request
    }
}

/// States a death on the page of steps, which is open, as somebody does who knows the form.
async fn states_a_death(phone: &Browser, source: &str, confidence: &str) {
    let outcome = phone.value("What is true, for the file").await.unwrap();
    assert!(
        ["", "fate_clarified_deceased"].contains(&outcome.as_str()),
        "nothing is true before somebody says so"
    );
    for (label, answer) in [
        ("What is true, for the file", "Has died"),
        ("Who says so, and how they know", source),
        ("How sure it is", confidence),
        ("What the enquirer hears", "Told in person"),
    ] {
        phone.fill(label, answer).await.unwrap();
    }
    phone.press("Close").await.unwrap();
}

/// Whether anything on the page judges what waits.
async fn can_judge(browser: &Browser) -> bool {
    let forms = "return document.querySelectorAll('form[action*=\"/ending-\"]').length > 0";
    browser.run(forms, Vec::new()).await.unwrap() == true
}

/// The reviewer comes from the list of what waits for them to what was stated in this request.
async fn finds(phone: &Browser, address: &str, request: &str) {
    phone.goto(&format!("{address}/review")).await.unwrap();
    phone.press("Deaths and detentions to confirm").await.unwrap();
    phone.sees("These requests wait for a second person to confirm a death or a detention.").await.unwrap();
    phone.sees("A death or detention waits to be confirmed").await.unwrap();
    let follow = "document.querySelector(`main a[href='${arguments[0]}']`).click()";
    phone.run(follow, vec![request.into()]).await.unwrap();
    phone.press("Read what was stated").await.unwrap();
    phone.sees("Confirm, and close the request").await.unwrap();
}

fn colleague_given(files: &Files<'_>, request: &str, colleague: &Someone) {
    let account = json!({"account": colleague.account.to_string()});
    files.done(&format!("/api/v1{request}/assignment"), &account);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium; tests/run installs one"]
async fn a_death_waits_on_one_phone_until_it_is_confirmed_or_sent_back_on_another() {
    let world = World::on_sqlite().await;
    let site = Site::open(&world);
    let address = site.address().replace("127.0.0.1", "localhost");
    let caseworker = world.someone(Role::Caseworker, "Kenya", Some("Market")).await;
    let colleague = world.someone(Role::Caseworker, "Kenya", Some("Market")).await;
    let reviewer = world.someone(Role::Reviewer, "Kenya", None).await;
    let of_caseworker = Files { site: &site, token: world.token(&caseworker).await };
    let of_reviewer = Files { site: &site, token: world.token(&reviewer).await };
    let (first, second) = (of_caseworker.searched(&["Amina"]), of_caseworker.searched(&["Hodan", "Idil"]));
    colleague_given(&of_reviewer, &first, &colleague);

    // Without how sure it is, nothing is stated, and what was typed stays.
    let mut phone = signed_in(&world, &address, &caseworker, Screen::Phone).await;
    phone.goto(&format!("{address}{first}")).await.unwrap();
    phone.press("Steps and file").await.unwrap();
    looked_at(&mut phone, "ending-ask", Screen::Phone).await;
    states_a_death(&phone, "The head nurse of the hospital in Garissa", "").await;
    phone.sees("Not everything could be taken.").await.unwrap();
    phone.sees("Please fill this in.").await.unwrap();
    phone.accessible().await.unwrap();
    let source = phone.value("Who says so, and how they know").await.unwrap();
    assert_eq!(source, "The head nurse of the hospital in Garissa");
    phone.screenshot("ending-refused-phone-en").await.unwrap();
    phone.fill("How sure it is", "They saw it themselves").await.unwrap();
    phone.press("Close").await.unwrap();
    phone.sees("It is stated. The request ends when a reviewer confirms it").await.unwrap();
    phone.sees("The search continues.").await.unwrap();
    looked_at(&mut phone, "ending-stated", Screen::Phone).await;
    phone.press("Read what was stated").await.unwrap();
    for words in ["Has died", "The head nurse of the hospital", "They saw it themselves"] {
        phone.sees(words).await.unwrap();
    }
    assert!(!can_judge(&phone).await, "nor does whoever stated it judge it");

    // A colleague on the same case reads it and can do no more.
    let mut theirs = signed_in(&world, &address, &colleague, Screen::Phone).await;
    theirs.goto(&format!("{address}{first}")).await.unwrap();
    theirs.press("Read what was stated").await.unwrap();
    theirs.sees("They saw it themselves").await.unwrap();
    assert!(!can_judge(&theirs).await);
    looked_at(&mut theirs, "ending-colleague", Screen::Phone).await;

    // The reviewer reads it in both languages and confirms it.
    let mut judge = signed_in(&world, &address, &reviewer, Screen::Phone).await;
    finds(&judge, &address, &first).await;
    judge.sees(&caseworker.login).await.unwrap();
    judge.sees("The head nurse of the hospital in Garissa").await.unwrap();
    judge.accessible().await.unwrap();
    looked_at(&mut judge, "ending-judge", Screen::Phone).await;
    let here = judge.url().await.unwrap();
    speaks(&judge, "العربية", "تسجيل الخروج").await;
    judge.goto(&here).await.unwrap();
    judge.accessible().await.unwrap();
    let direction = "return document.documentElement.dir";
    assert_eq!(judge.run(direction, Vec::new()).await.unwrap(), "rtl");
    for words in ["مدى اليقين", "رآه بعينه", "تأكيد وإغلاق الطلب"] {
        judge.sees(words).await.unwrap();
    }
    assert!(!judge.text().await.unwrap().contains("They saw it"), "no English word of the page is left");
    speaks(&judge, "English", "Sign out").await;
    judge.goto(&here).await.unwrap();
    judge.press("Confirm, and close the request").await.unwrap();
    judge.sees("It is confirmed, and the request is closed.").await.unwrap();
    phone.goto(&format!("{address}{first}")).await.unwrap();
    phone.sees("Closed").await.unwrap();
    looked_at(&mut phone, "ending-confirmed", Screen::Phone).await;

    // Another is only heard of: it goes back, and the caseworker reads why.
    phone.goto(&format!("{address}{second}/steps")).await.unwrap();
    looked_at(&mut phone, "ending-about", Screen::Phone).await;
    states_a_death(&phone, "A neighbour phoned", "Hearsay, no eyewitness known").await;
    phone.sees("Please fill this in.").await.unwrap();
    phone.accessible().await.unwrap();
    phone.fill("Whom it is about", "Idil Warsame").await.unwrap();
    phone.press("Close").await.unwrap();
    phone.sees("It is stated.").await.unwrap();
    world.pass(chrono::Duration::minutes(1));
    finds(&judge, &address, &second).await;
    judge.sees("Idil Warsame").await.unwrap();
    judge.press("Send it back").await.unwrap();
    judge.sees("Please fill this in.").await.unwrap();
    judge.fill("Why it goes back", "Which neighbour? Ask for somebody who saw it.").await.unwrap();
    judge.press("Send it back").await.unwrap();
    judge.sees("It is sent back, with your reason.").await.unwrap();
    phone.goto(&format!("{address}{second}")).await.unwrap();
    phone.sees("A reviewer sent back what was stated").await.unwrap();
    phone.sees("The search continues.").await.unwrap();
    looked_at(&mut phone, "ending-came-back", Screen::Phone).await;
    phone.press("Read why").await.unwrap();
    phone.sees("Which neighbour? Ask for somebody who saw it.").await.unwrap();
    phone.sees("Hearsay, no eyewitness known").await.unwrap();
    looked_at(&mut phone, "ending-why", Screen::Phone).await;
}
