//! Signing in as people do it: in a real browser, without script, on a phone and at a desk, from right to left too.

use api::auth::code_at;
use api::policy::Role;
use tests::browser::{Browser, Screen};
use tests::site::Site;
use tests::world::{PASSWORD, World};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium; tests/run installs one"]
async fn an_administrator_signs_in_on_a_phone_reads_arabic_and_signs_out() {
    let world = World::on_sqlite().await;
    let site = Site::open(&world);
    let chief = world.someone(Role::Administrator, "Kenya", None).await;
    // A cookie for __Host- needs a secure origin; browsers take localhost for one.
    let address = site.address().replace("127.0.0.1", "localhost");
    let mut browser = Browser::start().await.unwrap();
    browser.goto(&address).await.unwrap();
    browser.sees("Sign in").await.unwrap();
    browser.screenshot("sign-in-desk-en").await.unwrap();
    browser.resize(Screen::Phone).await.unwrap();
    browser.screenshot("sign-in-phone-en").await.unwrap();
    browser.accessible().await.unwrap();

    browser.fill("Login", &chief.login).await.unwrap();
    browser.fill("Password", PASSWORD).await.unwrap();
    browser.fill("Code", "000000").await.unwrap();
    browser.press("Sign in").await.unwrap();
    browser.sees("Login, password or code is not right.").await.unwrap();
    assert_eq!(browser.value("Login").await.unwrap(), chief.login, "what was typed is still there");
    assert_eq!(browser.value("Password").await.unwrap(), "", "except the password");
    browser.screenshot("sign-in-refused-phone-en").await.unwrap();

    world.pass(chrono::Duration::seconds(30));
    browser.fill("Password", PASSWORD).await.unwrap();
    browser.fill("Code", &code_at(chief.seed(), world.core.clock.now()).unwrap()).await.unwrap();
    browser.press("Sign in").await.unwrap();
    browser.sees("You work here as administrator.").await.unwrap();
    browser.sees("You are signed in once.").await.unwrap();
    browser.screenshot("home-phone-en").await.unwrap();
    browser.resize(Screen::Desktop).await.unwrap();
    browser.screenshot("home-desk-en").await.unwrap();

    browser.press("العربية").await.unwrap();
    browser.sees("البداية").await.unwrap();
    let direction =
        browser.run("return getComputedStyle(document.body).direction", Vec::new()).await.unwrap();
    assert_eq!(direction, "rtl");
    browser.screenshot("home-desk-ar").await.unwrap();
    browser.goto(&format!("{address}/accounts")).await.unwrap();
    browser.screenshot("accounts-desk-ar").await.unwrap();
    browser.resize(Screen::Phone).await.unwrap();
    browser.screenshot("accounts-phone-ar").await.unwrap();
    browser.accessible().await.unwrap();
    browser.goto(&address).await.unwrap();
    browser.screenshot("home-phone-ar").await.unwrap();

    browser.press("تسجيل الخروج").await.unwrap();
    browser.sees("تسجيل الدخول").await.unwrap();
    browser.screenshot("sign-in-phone-ar").await.unwrap();
    browser.goto(&format!("{address}/accounts")).await.unwrap();
    assert!(browser.url().await.unwrap().ends_with("/sign-in"));
}
