//! The pages as the people at work use them: in a real browser, on a phone and at a desk, in English and in Arabic,
//! each page looked at for what it owes to everybody who reads it.

mod consents;
mod erasure;
mod oversight;
mod referral;
mod team;
mod visit;
mod ways;

use api::auth::code_at;
use chrono::Duration;
use tests::browser::{Browser, Outcome, Screen};
use tests::site::Site;
use tests::world::{PASSWORD, Someone, World};

/// Somebody's browser in front of a served world.
pub struct Visitor<'a> {
    world: &'a World,
    pub browser: Browser,
    address: String,
}

/// How keys of texts begin: one that is shown has no words.
const KEYS: &[&str] = &[
    "visit-",
    "referral-",
    "oversight-",
    "erasure-",
    "consent-",
    "known-",
    "team-",
    "copied-",
    "wrong-",
    "problem-",
    "month-",
    "date-",
];

impl<'a> Visitor<'a> {
    pub async fn at(world: &'a World, site: &Site) -> Self {
        // A cookie for __Host- needs a secure origin; browsers take localhost for one.
        let address = site.address().replace("127.0.0.1", "localhost");
        Self { world, browser: Browser::start().await.unwrap(), address }
    }

    pub async fn opens(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.address)).await.unwrap();
    }

    /// Signs in with password and second factor, after leaving whatever session there was; in English.
    pub async fn signs_in(&self, who: &Someone) {
        self.browser.run("document.querySelector('form.end button')?.click()", Vec::new()).await.unwrap();
        while self.browser.run("return !!document.querySelector('form.end')", Vec::new()).await
            != Ok(false.into())
        {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        self.speaks("English", "Sign in").await;
        // A code is good once: the next sign-in waits for the next one.
        self.world.pass(Duration::seconds(30));
        self.browser.fill("Login", &who.login).await.unwrap();
        self.browser.fill("Password", PASSWORD).await.unwrap();
        self.browser.fill("Code", &code_at(who.seed(), self.world.core.clock.now()).unwrap()).await.unwrap();
        self.browser.press("Sign in").await.unwrap();
        self.browser.sees("You work here as").await.unwrap();
    }

    /// Opens the start page in another language.
    pub async fn speaks(&self, language: &str, greeting: &str) {
        self.opens("/").await;
        self.browser.press(language).await.unwrap();
        self.browser.sees(greeting).await.unwrap();
    }

    /// Looks at the open page on a phone and at a desk: what it owes its readers, and a picture of each.
    pub async fn looks(&mut self, name: &str) {
        for (screen, device) in [(Screen::Desktop, "desk"), (Screen::Phone, "phone")] {
            self.browser.resize(screen).await.unwrap();
            self.browser.accessible().await.unwrap();
            self.browser.screenshot(&format!("{name}-{device}")).await.unwrap();
        }
    }

    /// Looks at pages on a phone in every language: words of another length must fit too, and none may be missing.
    pub async fn fits_in_every_language(&mut self, paths: &[&str]) {
        self.browser.resize(Screen::Phone).await.unwrap();
        for (code, name) in [("es", "Español"), ("fr", "Français"), ("ar", "العربية"), ("en", "English")]
        {
            self.opens("/").await;
            self.presses(name).await;
            let lang = || self.browser.run("return document.documentElement.lang", Vec::new());
            while lang().await != Ok(code.into()) {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            for path in paths {
                self.opens(path).await;
                self.browser.accessible().await.unwrap();
                let shown = self.shows().await;
                let bare = shown
                    .split_whitespace()
                    .find(|word| word.contains("-") && KEYS.iter().any(|key| word.starts_with(key)));
                assert_eq!(bare, None, "a text of {path} has no words in {name}");
            }
        }
    }

    pub async fn fills(&self, answers: &[(&str, &str)]) {
        for (label, value) in answers {
            self.browser.fill(label, value).await.unwrap();
        }
    }

    pub async fn presses(&self, words: &str) {
        self.browser.press(words).await.unwrap();
    }

    pub async fn sees(&self, words: &str) {
        self.browser.sees(words).await.unwrap();
    }

    pub async fn shows(&self) -> String {
        self.browser.text().await.unwrap()
    }

    /// Presses one of the page's own buttons by its words, which may stand elsewhere too, and waits for the next page.
    pub async fn takes(&self, words: &str) {
        let loaded = || self.browser.run("return performance.timeOrigin", Vec::new());
        let before = loaded().await.unwrap();
        let press = "const all = [...document.querySelectorAll('main button')];
            const one = all.find((b) => b.textContent.trim() === arguments[0]); one?.click(); return !!one;";
        let found = self.browser.run(press, vec![words.into()]).await.unwrap();
        assert_eq!(found, true, "no button says {words}: {}", self.shows().await);
        for _ in 0..200 {
            if loaded().await.is_ok_and(|now| now != before) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{words} leads nowhere: {}", self.shows().await);
    }

    /// Whether the field has the look of a problem and says why in words that are tied to it.
    pub async fn is_told_at(&self, field: &str) -> Outcome<String> {
        let read = "const e = document.getElementById(arguments[0]);
            const ids = (e?.getAttribute('aria-describedby') ?? '').split(' ');
            return ids.map((id) => document.getElementById(id)).find((t) => t?.className === 'problem')?.textContent ?? '';";
        let said = self.browser.run(read, vec![field.into()]).await?;
        Ok(said.as_str().unwrap_or_default().to_owned())
    }
}
