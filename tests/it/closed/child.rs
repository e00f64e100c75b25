//! Whose yes counts for a child: not their own, not that of a carer who is the danger, and what was answered for a child
//! outlasts childhood.

use api::db::DbError;
use api::db::schema::{audit_leaves, consents};
use api::kernel::PersonId;
use api::policy::Role;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::{Answer, Site};
use tests::world::World;

use super::found::Release;
use super::{Desk, amina, id, settle, soon};
use crate::people::{record, says, visit_of};

/// A yes for a child, with the child's own.
fn by(giver: &str, kind: &str) -> Value {
    let mut yes = says(kind, "given");
    (yes["given_by"], yes["assent"]) = (json!(giver), json!("given"));
    yes
}

/// Somebody born on this day, written down and to be found by the word of these.
async fn met_by(world: &World, intake: &Desk<'_>, born: &str, giver: &str) -> String {
    let mut visit = visit_of(child(born));
    visit["consents"] = json!([by(giver, "collect_and_store"), by(giver, "tracing_search")]);
    record(&world.core, &intake.who, visit).await.person.unwrap().to_string()
}

/// The officer decides in the child's interest that they are kept and found.
fn decides(officer: &Desk<'_>, found: &str) {
    for kind in ["collect_and_store", "tracing_search"] {
        officer.answers(found, by("best_interest_decision", kind));
    }
}

fn child(born: &str) -> Value {
    let mut child = amina();
    child["birth"] = json!({"date": born});
    child
}

fn code(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

fn unsuitable() -> (u16, String) {
    (409, "giver_unsuitable".into())
}

/// Confirmed and verified by the second person, with everything that a child's place asks for.
fn verified_by(reviewer: &Desk<'_>, candidate: &Value) {
    let checks = json!({"checks": {
        "enquirer_interviewed": true, "found_person_interviewed": true, "separate_facts_agree": true,
        "documents_checked": true, "best_interest_assessed": true
    }});
    for (deed, more) in [("confirm", json!({})), ("verify", checks)] {
        let answer = reviewer.decide(candidate, deed, more);
        assert_eq!(answer.status, 200, "{deed}: {}", answer.body);
    }
}

/// What may stand in a file since before it was asked who may say yes for a child.
async fn was_answered_by_themself(world: &World, person: PersonId) {
    let answered = world.core.db.write(move |tx| {
        let of_person = consents::table.filter(consents::person_id.eq(person));
        diesel::update(of_person).set(consents::given_by.eq("person")).execute(tx)?;
        Ok::<_, DbError>(())
    });
    answered.await.unwrap();
}

async fn leaves_that_say(world: &World, detail: &str) -> usize {
    let leaves: Vec<Vec<u8>> = world
        .core
        .db
        .read(|conn| Ok::<_, DbError>(audit_leaves::table.select(audit_leaves::bytes).load(conn)?))
        .await
        .unwrap();
    let leaves = leaves.iter().map(|bytes| serde_json::from_slice::<Value>(bytes).unwrap());
    leaves.filter(|leaf| leaf["detail"] == detail).count()
}

both_databases! {
    async fn what_somebody_agreed_to_for_themselves_ends_when_they_turn_out_to_be_a_child(world: World) {
        let site = Site::open(&world);
        let told = Release::of(&world, &site).await;
        let found = told.person.rsplit('/').next().unwrap();
        assert_eq!(told.caseworker.finds(&amina()), 1);
        told.intake.edits(found, json!({"birth": {"date": "1998-04-12"}}));
        assert_eq!(told.caseworker.get(&told.person).status, 200, "another year of an adult changes nothing");

        told.intake.edits(found, json!({"birth": {"date": "2011-04-12"}}));
        told.is_closed();
        settle();
        assert_eq!(told.caseworker.finds(&amina()), 0);
        let answers = told.intake.get(&format!("{}/consents", told.person)).json();
        let answers = answers["items"].as_array().unwrap();
        assert!(answers.iter().all(|answer| answer["in_force"] == false), "{answers:?}");
        let ended = answers.iter().filter(|answer| answer["status"] == "not_possible").count();
        assert_eq!((ended, leaves_that_say(&world, "consent_not_possible").await), (3, 3));

        // Once is enough, whatever else is learned of the child.
        told.intake.edits(found, json!({"father_name": "Yusuf"}));
        assert_eq!(leaves_that_say(&world, "consent_not_possible").await, 3);
        for kind in ["collect_and_store", "tracing_search"] {
            told.intake.answers(found, by("parent", kind));
        }
        soon("found by the mother's word", || (told.caseworker.finds(&amina()) == 1).then_some(()));
    }

    async fn what_a_guardian_agreed_to_for_an_adult_ends_too(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let guardian = |kind| {
            let mut yes = says(kind, "given");
            yes["given_by"] = json!("legal_guardian");
            yes
        };
        let mut visit = visit_of(amina());
        visit["consents"] = json!([guardian("collect_and_store"), guardian("tracing_search")]);
        let found = record(&world.core, &intake.who, visit).await.person.unwrap();
        soon("found", || (caseworker.finds(&amina()) == 1).then_some(()));
        intake.edits(found, json!({"birth": {"date": "2013-04-12"}}));
        assert_eq!(leaves_that_say(&world, "consent_not_possible").await, 2, "nobody asked the child");
        settle();
        assert_eq!(caseworker.finds(&amina()), 0);
    }

    async fn whoever_mistypes_a_birth_date_is_told_which_consents_that_ended(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let found = met_by(&world, &intake, "1999-04-12", "person").await;
        let ended = |born: &str| intake.edits(&found, json!({"birth": {"date": born}}))["ended"].clone();
        assert_eq!(ended("1999-04-13"), json!([]));
        assert_eq!(ended("2019-04-13"), json!(["collect_and_store", "tracing_search"]));
        assert_eq!(ended("1999-04-13"), json!([]), "nothing is left to end, and nothing comes back");
        let answers = intake.get(&format!("/api/v1/people/{found}/consents")).json();
        assert!(answers["items"].as_array().unwrap().iter().all(|answer| answer["in_force"] == false));
    }

    async fn doubt_about_an_age_ends_them_too(world: World) {
        let site = Site::open(&world);
        let told = Release::of(&world, &site).await;
        let found = told.person.rsplit('/').next().unwrap();
        told.intake.edits(found, json!({"birth": {"date": "1999-04-12", "possibly_under_18": true}}));
        told.is_closed();
    }

    async fn nobody_is_proposed_on_the_word_of_a_carer_who_is_the_danger(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let found = met_by(&world, &intake, "2014-05-02", "parent").await;
        let candidate = caseworker.candidate(&caseworker.seeks(child("2014-05-02")));
        officer.edits(&found, json!({"protection": {"caregiver_implicated": true}}));
        let path = format!("/api/v1/candidates/{}/propose", id(&candidate));
        let at_once = caseworker.post(&path, json!({"version": candidate["version"]}));
        assert!([404, 409].contains(&at_once.status), "{}", at_once.body);
        settle();
        assert_eq!(caseworker.finds(&amina()), 0);
        decides(&officer, &found);
        let candidate = caseworker.candidate(&caseworker.seeks(child("2014-05-02")));
        let proposed = caseworker.decide(&candidate, "propose", json!({}));
        assert_eq!(proposed.status, 200, "{}", proposed.body);
    }

    async fn a_yes_from_before_givers_were_judged_leads_to_nothing(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let found = met_by(&world, &intake, "2014-05-02", "parent").await;
        let candidate = caseworker.candidate(&caseworker.seeks(child("2014-05-02")));
        was_answered_by_themself(&world, found.parse().unwrap()).await;
        assert_eq!(code(&caseworker.decide(&candidate, "propose", json!({}))), unsuitable());
        assert_eq!(leaves_that_say(&world, "giver_unsuitable").await, 1, "held back by a rule, which the log says");
    }

    async fn whatever_a_carer_agreed_to_ends_when_they_turn_out_to_be_the_danger(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let reviewer = Desk::of(&world, &site, Role::Reviewer, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let found = met_by(&world, &intake, "2014-05-02", "parent").await;
        decides(&officer, &found);
        intake.answers(&found, by("parent", "share_location_with_enquirer"));
        let request = caseworker.seeks(child("2014-05-02"));
        let path = format!("/api/v1/requests/{request}");
        let status = || caseworker.get(&format!("{path}/enquirer-status")).body;
        let searching = status();
        let candidate = caseworker.candidate(&request);
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).status, 200);
        verified_by(&reviewer, &candidate);
        let place = json!({"kind": "share_location_with_enquirer"});
        assert_eq!(caseworker.decide(&candidate, "release", place).status, 204);
        assert_ne!(status(), searching);
        let version = || caseworker.get(&path).json()["version"].clone();
        caseworker.done(&format!("{path}/close"), json!({
            "version": version(), "outcome": "located_in_detention", "told": "told_in_person_as_agreed",
            "source": "The delegate saw her", "confidence": "seen_by_teller",
        }));

        officer.edits(&found, json!({"protection": {"caregiver_implicated": true}}));
        assert_eq!(status(), searching, "at once");
        let confirmed = reviewer.post(&format!("{path}/ending-confirmed"), json!({"version": version()}));
        assert_eq!(code(&confirmed), (409, "not_agreed".into()));
        assert_eq!(leaves_that_say(&world, "consent_not_possible").await, 1, "what was decided for the child stands");
        settle();
        assert_eq!(caseworker.finds(&amina()), 1, "and so the child is still found");
    }

    async fn another_society_sees_no_child_on_the_word_of_a_carer_who_is_the_danger(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Uganda").await;
        let theirs = Desk::of(&world, &site, Role::Reviewer, "Uganda").await;
        let officer = Desk::of(&world, &site, Role::ProtectionOfficer, "Uganda").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let found = met_by(&world, &intake, "2014-05-02", "parent").await;
        decides(&officer, &found);
        intake.answers(&found, by("parent", "share_within_network"));
        let request = caseworker.seeks(child("2014-05-02"));
        let candidate = caseworker.candidate(&request);
        let uganda = world.society("Uganda").await.to_string();
        let list = json!([{"kind": "society", "recipient": uganda, "rule": "allow"}]);
        let path = format!("/api/v1/requests/{request}/circulation");
        let listed = caseworker.send("PUT", &path, Some(json!({"version": 4, "circulation": list})));
        assert_eq!(listed.status, 200, "{}", listed.body);
        assert_eq!(caseworker.decide(&candidate, "access", json!({})).status, 200);
        let asked = theirs.get("/api/v1/access-requests").json()["items"][0].clone();
        officer.edits(&found, json!({"protection": {"caregiver_implicated": true}}));
        let grant = json!({"version": asked["version"], "grant": true});
        let granted = theirs.post(&format!("/api/v1/access-requests/{}", id(&asked)), grant);
        assert!([404, 409].contains(&granted.status), "{}", granted.body);
        soon("out of sight", || caseworker.candidates(&request).is_empty().then_some(()));
    }

    async fn a_desk_that_may_not_know_of_the_danger_ends_the_yes_all_the_same(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let found = met_by(&world, &intake, "2014-05-02", "legal_guardian").await;
        let taken_for_grown = json!({"birth": {"date": "1990"}, "protection": {"caregiver_implicated": true}});
        officer.edits(&found, taken_for_grown);
        assert_eq!(leaves_that_say(&world, "consent_not_possible").await, 0);
        intake.edits(&found, json!({"birth": {"date": "2014-05-02"}}));
        assert_eq!(leaves_that_say(&world, "consent_not_possible").await, 2);
    }

    async fn nothing_is_told_on_the_word_of_a_carer_who_is_the_danger(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let reviewer = Desk::of(&world, &site, Role::Reviewer, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let found = met_by(&world, &intake, "2014-05-02", "parent").await;
        decides(&officer, &found);
        intake.answers(&found, by("parent", "share_safe_and_well_only"));
        let request = caseworker.seeks(child("2014-05-02"));
        let candidate = caseworker.candidate(&request);
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).status, 200);
        verified_by(&reviewer, &candidate);
        officer.edits(&found, json!({"protection": {"caregiver_implicated": true}}));

        let news = || caseworker.decide(&candidate, "release", json!({"kind": "share_safe_and_well_only"}));
        assert_eq!(code(&news()), (409, "not_agreed".into()));
        officer.answers(&found, by("best_interest_decision", "share_safe_and_well_only"));
        assert_eq!(code(&news()), (409, "conflict_of_interest".into()), "a reviewer looks first");
        let path = format!("/api/v1/requests/{request}");
        let version = caseworker.get(&path).json()["version"].clone();
        reviewer.done(&format!("{path}/conflict-cleared"), json!({"version": version}));
        assert_eq!(news().status, 204);
    }

    async fn a_released_place_closes_when_whoever_agreed_turns_out_to_be_the_danger(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let reviewer = Desk::of(&world, &site, Role::Reviewer, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let found = met_by(&world, &intake, "2014-05-02", "parent").await;
        decides(&officer, &found);
        intake.answers(&found, by("parent", "share_location_with_enquirer"));
        let candidate = caseworker.candidate(&caseworker.seeks(child("2014-05-02")));
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).status, 200);
        verified_by(&reviewer, &candidate);
        let place = json!({"kind": "share_location_with_enquirer"});
        assert_eq!(caseworker.decide(&candidate, "release", place).status, 204);
        let person = format!("/api/v1/people/{found}");
        assert_eq!(caseworker.get(&person).status, 200);
        officer.edits(&found, json!({"protection": {"caregiver_implicated": true}}));
        assert_eq!(caseworker.get(&person).status, 404);
    }

    async fn what_a_carer_agreed_to_ends_when_the_child_was_grown_all_along(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let found = met_by(&world, &intake, "2009-04-12", "caregiver").await;
        soon("found by the carer's word", || (caseworker.finds(&amina()) == 1).then_some(()));
        let ended = |born: &str| intake.edits(&found, json!({"birth": {"date": born}}))["ended"].clone();
        assert_eq!(ended("2010-04-12"), json!([]));
        assert_eq!(ended("2006-04-12"), json!(["collect_and_store", "tracing_search"]), "she speaks for herself");
        settle();
        assert_eq!(caseworker.finds(&amina()), 0);
        assert_eq!(officer.get("/api/v1/erasures").json()["items"][0]["why"], "not_possible");
        for kind in ["collect_and_store", "tracing_search"] {
            intake.answers(&found, says(kind, "given"));
        }
        soon("found by her own word", || (caseworker.finds(&amina()) == 1).then_some(()));
        assert_eq!(ended("2006-04-13"), json!([]));
    }

    async fn what_a_parent_answered_stands_when_the_child_comes_of_age(world: World) {
        let site = Site::open(&world);
        let mut intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let mut caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let mut reviewer = Desk::of(&world, &site, Role::Reviewer, "Kenya").await;
        let found = met_by(&world, &intake, "2008-09-01", "parent").await;
        intake.answers(&found, by("parent", "share_safe_and_well_only"));
        world.pass(chrono::Duration::days(200));
        for desk in [&mut intake, &mut caseworker, &mut reviewer] {
            desk.again(&world).await;
        }
        intake.edits(&found, json!({"father_name": "Abdi Yusuf"}));
        let candidate = caseworker.candidate(&caseworker.seeks(child("2008-09-01")));
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).status, 200);
        verified_by(&reviewer, &candidate);
        let news = json!({"kind": "share_safe_and_well_only"});
        let told = caseworker.decide(&candidate, "release", news.clone());
        assert_eq!(told.status, 204, "{}", told.body);
        // Grown up, it is theirs to take back.
        intake.withdraws(&found, "share_safe_and_well_only");
        assert_eq!(code(&caseworker.decide(&candidate, "release", news)), (409, "not_agreed".into()));
    }
}
