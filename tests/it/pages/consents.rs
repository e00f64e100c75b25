//! What one person agreed to, on a page: whoever may read it does, whoever may record it records it and takes a yes back
//! in two presses, and whoever is out of reach is answered like nobody at all.

use api::consent::ConsentKind;
use api::db::schema::audit_leaves;
use api::db::{Conn, DbError};
use api::policy::Role;
use diesel::{QueryDsl, RunQueryDsl};
use serde_json::{Value, json};
use tests::both_databases;
use tests::browser::Screen;
use tests::site::{Answer, Site};
use tests::world::{Someone, World};

use crate::people::{met, record, visit_of};
use crate::tracing_pages::browser::{looked_at, signed_in};

/// Somebody in front of the pages.
pub(super) struct Reader<'a> {
    site: &'a Site,
    pub(super) token: String,
}

impl<'a> Reader<'a> {
    pub(super) async fn at(world: &World, site: &'a Site, who: &Someone) -> Self {
        Self { site, token: world.token(who).await }
    }

    pub(super) async fn of(world: &World, site: &'a Site, role: Role) -> Self {
        let who = world.someone(role, "Kenya", Some("Market")).await;
        Self::at(world, site, &who).await
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        tokio::task::block_in_place(|| self.site.send("GET", path, Some(&self.token), None))
    }

    pub(super) fn page(&self, path: &str) -> String {
        let page = self.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        page.body
    }

    pub(super) fn post(&self, path: &str, typed: &str) -> Answer {
        tokio::task::block_in_place(|| self.site.send_form("POST", path, Some(&self.token), typed))
    }

    pub(super) fn goes(&self, path: &str, typed: &str) -> String {
        let answer = self.post(path, typed);
        assert_eq!(answer.status, 303, "{path} {typed}: {}", answer.body);
        answer.header("location").unwrap().to_owned()
    }

    fn reference(&self, person: impl std::fmt::Display) -> String {
        let path = format!("/api/v1/people/{person}");
        let reference = &self.get(&path).json()["reference"];
        reference.as_str().unwrap().to_owned()
    }
}

pub(super) fn amina() -> Value {
    json!({"given_names": "Amina", "family_names": "Warsame", "birth": {"date": "1999-04-12"}})
}

both_databases! {
    async fn each_role_reads_by_reference_and_records_what_is_theirs_to_record(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let person = met(&world.core, &intake, amina()).await;
        let desk = Reader::at(&world, &site, &intake).await;
        let path = format!("/people/{person}/consents");
        let reference = desk.reference(person);
        for (role, records, decides) in [
            (Role::Intake, true, false),
            (Role::Reviewer, false, false),
            (Role::ProtectionOfficer, true, true),
            (Role::DataProtectionOfficer, true, false),
        ] {
            let reader = Reader::of(&world, &site, role).await;
            let page = reader.page(&path);
            assert!(page.contains(&reference), "{role}");
            assert!(!page.contains("Amina") && !page.contains("Warsame"), "{role} needs no name here");
            assert_eq!(page.matches("yes, in force").count(), 2, "{role}: {page}");
            for (part, offered) in [
                ("Record the answer", records),
                ("/withdrawals", records),
                ("value=\"best_interest_decision\"", decides),
            ] {
                assert_eq!(page.contains(part), offered, "{role}: {part}");
            }
            let to_read = if records { ConsentKind::ALL.len() } else { 0 };
            assert_eq!(page.matches("<blockquote>").count(), to_read, "{role}: the words of every kind");
            assert!(!page.contains("<blockquote></blockquote>"), "{role}: {page}");
            assert!(reader.page("/").contains("href=\"/people\""), "{role}: the way there");
            assert_eq!(reader.goes("/people", &format!("reference={}", reference.to_lowercase())), path);
        }
        for role in [Role::Auditor, Role::Administrator] {
            let outsider = Reader::of(&world, &site, role).await;
            assert_eq!(outsider.get(&path).status, 403, "{role}");
            assert!(!outsider.page("/").contains("href=\"/people\""), "{role}");
        }
        let reviewer = Reader::of(&world, &site, Role::Reviewer).await;
        let refused = reviewer.post(&path, "kind=tracing_search&status=refused&method=written&language=en");
        assert_eq!(refused.status, 403);
    }

    async fn a_yes_is_taken_back_and_the_history_keeps_it(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let person = met(&world.core, &intake, amina()).await;
        let desk = Reader::at(&world, &site, &intake).await;
        let path = format!("/people/{person}/consents");
        let back = format!("/people/{person}/withdrawals");
        let typed = "kind=tracing_search&language=en&given_by=person&method=oral_witnessed";
        let there = desk.goes(&back, typed);
        assert!(there.starts_with(&format!("{path}?done=withdrawn&answer=cns_")), "{there}");
        let page = desk.page(&there);
        for words in ["The yes is taken back.", "Earlier answers", "taken back", "out loud, before a witness"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert_eq!(page.matches("yes, in force").count(), 1);
        assert!(api::people::index_state_of(&world.core, person).await.unwrap().is_none(), "out of the index");
        let again = desk.post(&back, typed);
        assert_eq!(again.status, 422);
        assert!(again.body.contains("There is no consent of this kind to withdraw."));
        let from = "req_0190a0b0c0d07000800000000000dead";
        let there = desk.goes(&format!("{back}?from={from}"), &typed.replace("tracing_search", "collect_and_store"));
        assert!(desk.page(&there).contains(&format!("href=\"/requests/{from}\"")), "back to the request");
    }

    async fn a_press_on_an_old_page_never_says_that_a_newer_yes_is_taken_back(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let person = met(&world.core, &intake, amina()).await;
        let desk = Reader::at(&world, &site, &intake).await;
        let path = format!("/people/{person}/consents");
        let typed = "once=0123456789abcdef&kind=tracing_search&language=en&given_by=person&method=oral_witnessed";
        let back = format!("/people/{person}/withdrawals");
        let there = desk.goes(&back, typed);
        assert_eq!(desk.goes(&back, typed), there, "pressed twice, done once");
        assert!(desk.page(&there).contains("The yes is taken back."));
        let yes = "once=0123456789abcdef&kind=tracing_search&status=given&given_by=person&method=written&language=en";
        let answered = desk.goes(&path, yes);
        assert!(desk.page(&answered).contains("The answer is recorded."));
        for again in [there, desk.goes(&back, typed)] {
            let page = desk.page(&again);
            assert!(page.contains("Somebody has answered this anew since"), "{page}");
            assert!(!page.contains("The yes is taken back."), "{page}");
            assert_eq!(page.matches("yes, in force").count(), 2);
        }
    }

    async fn whoever_changes_the_language_after_a_refusal_stays_on_the_page(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let person = met(&world.core, &intake, amina()).await;
        let desk = Reader::at(&world, &site, &intake).await;
        let consents = format!("/people/{person}/consents");
        let back = format!("/people/{person}/withdrawals");
        let unasked = "kind=publish_photo&language=en&given_by=person&method=written";
        for (path, typed, page) in [(back.as_str(), unasked, consents.as_str()), ("/visits", "age=old", "/visits/new")] {
            let refused = desk.post(path, typed);
            assert_eq!(refused.status, 422, "{}", refused.body);
            let (_, to) = refused.body.split_once("name=\"back\" value=\"").unwrap();
            let to = to.split_once('"').unwrap().0;
            assert_eq!((to, desk.get(to).status), (page, 200));
        }
    }

    async fn who_looks_for_somebody_by_a_reference_is_written_down(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let elsewhere = world.someone(Role::Intake, "Kenya", Some("Harbour")).await;
        let person = met(&world.core, &intake, amina()).await;
        let desk = Reader::at(&world, &site, &intake).await;
        let outsider = Reader::at(&world, &site, &elsewhere).await;
        let reference = desk.reference(person);
        let looks = async || {
            let read = |conn: &mut Conn| Ok::<_, DbError>(audit_leaves::table.select(audit_leaves::bytes).load(conn)?);
            let leaves: Vec<Vec<u8>> = world.core.db.read(read).await.unwrap();
            let leaves = leaves.iter().map(|bytes| serde_json::from_slice::<Value>(bytes).unwrap());
            leaves.filter(|leaf| leaf["detail"] == "by_reference").collect::<Vec<_>>()
        };
        for typed in [reference.as_str(), "00000-00000-00000-00000-00000-0", "Amina"] {
            assert_eq!(outsider.post("/people", &format!("reference={typed}")).status, 422);
        }
        let refused = looks().await;
        assert_eq!(refused.len(), 2, "whoever types a name has asked for nobody: {refused:?}");
        for leaf in &refused {
            assert_eq!((&leaf["action"], &leaf["decision"]), (&json!("read_consent"), &json!("refused")));
            assert_eq!(leaf["actor"], elsewhere.account.to_string());
            assert!(!leaf.to_string().contains(&reference), "{leaf}");
        }
        desk.goes("/people", &format!("reference={reference}"));
        let found = looks().await.pop().unwrap();
        assert_eq!((&found["decision"], &found["resource"]), (&json!("allowed"), &json!(person.to_string())));
    }

    async fn what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let mut visit = visit_of(json!({"full_name": "Yusuf", "birth": {"age": 9}}));
        (visit["consents"], visit["legal_basis"]) = (json!([]), json!("vital_interest"));
        let child = record(&world.core, &intake, visit).await.person.unwrap();
        let desk = Reader::at(&world, &site, &intake).await;
        let officer = Reader::of(&world, &site, Role::ProtectionOfficer).await;
        let path = format!("/people/{child}/consents");
        assert!(desk.page(&path).contains("Nobody has asked this person anything yet."));
        let yes = "kind=tracing_search&status=given&given_by=person&assent=&method=written&language=en&valid_until=&note=";
        let refused = desk.post(&path, &yes.replace("note=", "note=not+to+my+uncle"));
        assert_eq!(refused.status, 422);
        for words in ["id=\"given_by-problem\"", "not to my uncle", "value=\"written\" selected", "value=\"tracing_search\" selected"] {
            assert!(refused.body.contains(words), "{words}: {}", refused.body);
        }
        let blank = desk.post(&path, "kind=&status=given&given_by=person&method=&language=en&note=");
        assert_eq!(blank.status, 422);
        assert!(blank.body.contains("id=\"kind-problem\""), "{}", blank.body);
        let wrong = desk.post(&path, "kind=tracing_search&status=given&given_by=parent&assent=given&method=\
            &language=English&valid_until=2020-01-01&note=%00");
        for field in ["method", "language", "valid_until", "note"] {
            assert!(wrong.body.contains(&format!("id=\"{field}-problem\"")), "{field}: {}", wrong.body);
        }
        let decided = yes.replace("given_by=person&assent=", "given_by=best_interest_decision&assent=too_young");
        let refused = desk.post(&path, &decided);
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("is for a protection officer to record"), "{}", refused.body);
        let decided = decided.replace("valid_until=", "valid_until=2026-12-31").replace("note=", "note=only+the+aunt");
        let there = officer.goes(&path, &decided);
        let page = officer.page(&there);
        for words in ["yes, in force", "decision in the child&#39;s best interest", "31 December 2026", "only the aunt"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        world.pass(chrono::Duration::days(400));
        let officer = Reader::of(&world, &site, Role::ProtectionOfficer).await;
        let page = officer.page(&path);
        assert!(page.contains("the yes has run out") && !page.contains("/withdrawals"), "{page}");
    }

    async fn whoever_is_out_of_reach_is_answered_like_nobody_at_all(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let elsewhere = world.someone(Role::Intake, "Kenya", Some("Harbour")).await;
        let abroad = world.someone(Role::ProtectionOfficer, "Uganda", None).await;
        let person = met(&world.core, &intake, amina()).await;
        let reference = Reader::at(&world, &site, &intake).await.reference(person);
        let nobody = "per_0190a0b0c0d07000800000000000dead";
        let without_number = |answer: Answer| {
            let (before, rest) = answer.body.split_once("name=\"once\" value=\"").unwrap();
            let (before, rest) = (before.to_owned(), rest.split_once('"').unwrap().1.to_owned());
            assert!(!before.contains(&reference) && !rest.contains("yes, in force"), "{}", answer.body);
            answer.status
        };
        for who in [&elsewhere, &abroad] {
            let outsider = Reader::at(&world, &site, who).await;
            for id in [person.to_string(), nobody.to_owned()] {
                assert_eq!(without_number(outsider.get(&format!("/people/{id}/consents"))), 404);
            }
            let said = |typed: &str| {
                let answer = outsider.post("/people", &format!("reference={typed}"));
                assert_eq!(answer.status, 422);
                assert!(answer.body.contains("id=\"reference-problem\""));
                answer.body.contains("Nothing with this number is known here.")
            };
            assert!(said(&reference) && said("00000-00000-00000-00000-00000-0"));
            assert!(!said("Amina"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium; tests/run installs one"]
async fn a_tired_volunteer_finds_somebody_by_their_card_and_takes_a_yes_back_in_two_presses() {
    let world = World::on_sqlite().await;
    let site = Site::open(&world);
    let address = site.address().replace("127.0.0.1", "localhost");
    let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
    let person = met(&world.core, &intake, amina()).await;
    let reference = Reader::at(&world, &site, &intake).await.reference(person);
    let mut phone = signed_in(&world, &address, &intake, Screen::Phone).await;
    phone.goto(&format!("{address}/people")).await.unwrap();
    looked_at(&mut phone, "known", Screen::Phone).await;
    phone.accessible().await.unwrap();
    phone.fill("Reference of the person", &reference).await.unwrap();
    phone.press("Show what they agreed to").await.unwrap();
    phone.sees("Being looked for and found by family").await.unwrap();
    assert!(!phone.text().await.unwrap().contains("Amina"));
    phone.accessible().await.unwrap();
    looked_at(&mut phone, "consents", Screen::Phone).await;
    let last = "[...document.querySelectorAll('.card summary')].at(-1).click()";
    phone.run(last, Vec::new()).await.unwrap();
    phone.screenshot("consents-back-phone-en").await.unwrap();
    phone.accessible().await.unwrap();
    phone.press("out loud, before a witness").await.unwrap();
    phone.sees("The yes is taken back.").await.unwrap();
    phone.fill("What was asked", "Telling the family where they are").await.unwrap();
    phone.fill("The answer", "yes").await.unwrap();
    phone.fill("Limits, in the person", "not to my uncle").await.unwrap();
    phone.press("Record the answer").await.unwrap();
    phone.sees("Not everything could be taken.").await.unwrap();
    phone.accessible().await.unwrap();
    assert_eq!(phone.value("Limits, in the person").await.unwrap(), "not to my uncle");
    phone.screenshot("consents-refused-phone-en").await.unwrap();
    phone.fill("How the answer was taken", "in writing").await.unwrap();
    phone.press("Record the answer").await.unwrap();
    phone.sees("The answer is recorded.").await.unwrap();
    phone.press("Earlier answers").await.unwrap();
    looked_at(&mut phone, "consents-recorded", Screen::Phone).await;
}
