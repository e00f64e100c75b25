//! A death and a detention: stated by one with how sure their source is, confirmed by another, and until then a search that
//! goes on. A detention is told only as far as the detained person let their place be told.

use api::db::DbError;
use api::db::schema::request_endings;
use api::kernel::{ActionId, PersonId, RequestId};
use api::policy::Role;
use api::requests::{Closing, Confidence, Stated};
use api::vault::store::key_of;
use api::vault::{Json, RequestEnding};
use diesel::prelude::*;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::{Answer, Site};
use tests::world::World;

use super::{Desk, Team, amina, checked, code, id};
use crate::people::{met, says};

const SOURCE: &str = "The register of the hospital, page 12";

fn of_death(told: &str) -> Value {
    json!({
        "outcome": "fate_clarified_deceased", "told": told, "source": SOURCE, "confidence": "official_document"
    })
}

fn of_detention(told: &str) -> Value {
    json!({
        "outcome": "located_in_detention", "told": told, "source": "The delegate saw her",
        "confidence": "seen_by_teller"
    })
}

/// Sends a form about a request in the version that stands now.
fn sends(who: &Desk<'_>, request: &str, deed: &str, mut form: Value) -> Answer {
    form["version"] = who.request(request)["version"].clone();
    who.post(&format!("/api/v1/requests/{request}/{deed}"), form)
}

fn confirms(who: &Desk<'_>, request: &str) -> Answer {
    sends(who, request, "ending-confirmed", json!({}))
}

/// What stands sealed in a file since before anybody was asked how sure the source is, or whom it is about.
fn stated_before(outcome: &str, told: &str) -> Stated {
    let closing = |code: &str| Closing { code: code.into(), note: String::new() };
    let (outcome, told) = (closing(outcome), closing(told));
    Stated { outcome, told, source: SOURCE.into(), confidence: None, about: None }
}

/// Puts this in the place of what was stated.
async fn seals(world: &World, enquirer: PersonId, request: RequestId, stated: Stated) {
    let vault = world.core.vault.clone();
    let seal = world.core.db.write(move |tx| {
        let of_request = request_endings::table.filter(request_endings::request_id.eq(request));
        let ending: ActionId = of_request.select(request_endings::id).first(tx)?;
        let key = key_of(tx, &vault, enquirer)?;
        let sealed = vault.seat(&key, ending.bytes(), 1).seal::<RequestEnding>(&Json(stated));
        diesel::update(request_endings::table.find(ending))
            .set(request_endings::stated_sealed.eq(sealed))
            .execute(tx)?;
        Ok::<_, DbError>(())
    });
    seal.await.unwrap();
}

both_databases! {
    async fn a_death_ends_a_search_when_somebody_else_confirms_it(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let (caseworker, reviewer) = (&team.caseworker, &team.reviewer);
        let request = caseworker.seeks(amina());
        let searching = caseworker.status(&request);

        let mut unsaid = of_death("told_in_person");
        unsaid.as_object_mut().unwrap().remove("source");
        let refused = sends(caseworker, &request, "close", unsaid);
        assert_eq!((refused.status, refused.body.contains("\"source\"")), (422, true), "{}", refused.body);
        assert_eq!(sends(caseworker, &request, "close", of_death("told_in_person")).status, 200);
        assert_eq!(caseworker.request(&request)["state"], "searching", "nothing has ended yet");
        assert_eq!(caseworker.status(&request), searching, "the family hears what it heard");
        let twice = sends(caseworker, &request, "close", of_death("search_continues"));
        assert_eq!(code(&twice), (409, "ending_waits".into()));
        assert_eq!(confirms(caseworker, &request).status, 403);

        let queue = reviewer.get("/api/v1/requests?ending=waiting").json()["items"].clone();
        assert_eq!(queue.as_array().unwrap().len(), 1, "{queue}");
        assert_eq!((id(&queue[0]), &queue[0]["ending_waits"]), (request.as_str(), &json!(true)));
        let stated = reviewer.request(&request)["endings"][0].clone();
        assert_eq!((&stated["state"], &stated["source"]["value"]), (&json!("waiting"), &json!(SOURCE)));
        let elsewhere = Desk::of(&world, &site, Role::Reviewer, "Uganda").await;
        let foreign = elsewhere.post(&format!("/api/v1/requests/{request}/ending-confirmed"), json!({"version": 1}));
        assert_eq!(foreign.status, 404);

        let stale = json!({"version": 1});
        let stale = reviewer.post(&format!("/api/v1/requests/{request}/ending-confirmed"), stale);
        assert_eq!(code(&stale), (409, "stale".into()));
        assert_eq!(confirms(reviewer, &request).status, 200);
        let closed = caseworker.request(&request);
        assert_eq!((&closed["state"], &closed["outcome"]["value"]), (&json!("closed"), &json!("fate_clarified_deceased")));
        assert_eq!(closed["endings"][0]["state"], "confirmed");
        assert_eq!(caseworker.status(&request).json()["status"], "told_in_person");
        assert_eq!(code(&confirms(reviewer, &request)), (409, "no_ending_waits".into()));
    }

    async fn how_sure_a_source_is_must_be_said_and_the_second_person_reads_it(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let (caseworker, reviewer) = (&team.caseworker, &team.reviewer);
        let request = caseworker.seeks(amina());
        let mut unsure = of_death("told_in_person");
        unsure.as_object_mut().unwrap().remove("confidence");
        let mut certain = of_death("told_in_person");
        certain["confidence"] = json!("certain");
        let unasked = json!({"outcome": "duplicate", "told": "search_ended", "confidence": "hearsay"});
        for (form, accepts) in [(unsure, true), (certain, true), (unasked, false)] {
            let refused = sends(caseworker, &request, "close", form);
            assert_eq!(refused.status, 422, "{}", refused.body);
            let problems = refused.json()["problems"].clone();
            assert_eq!((problems.as_array().unwrap().len(), &problems[0]["field"]), (1, &json!("confidence")));
            for degree in Confidence::CODES {
                assert_eq!(problems.to_string().contains(degree), accepts, "{degree}: {problems}");
            }
        }
        assert_eq!(caseworker.request(&request)["endings"], json!([]), "nothing was stated by any of it");

        for degree in Confidence::CODES {
            let mut form = of_death("told_in_person");
            form["confidence"] = json!(degree);
            assert_eq!(sends(caseworker, &request, "close", form).status, 200, "{degree}");
            let read = reviewer.request(&request)["endings"][0].clone();
            assert_eq!((&read["state"], &read["confidence"]), (&json!("waiting"), &json!({"value": degree})));
            let reason = json!({"reason": "Ask once more"});
            assert_eq!(sends(reviewer, &request, "ending-sent-back", reason).status, 200);
            world.pass(chrono::Duration::minutes(1));
        }
        let kept = caseworker.request(&request)["endings"].clone();
        let kept = kept.as_array().unwrap().iter().map(|ending| ending["confidence"]["value"].clone());
        assert!(kept.rev().eq(Confidence::CODES.iter().map(|degree| json!(degree))), "each stays in the file");
    }

    async fn what_was_stated_before_that_was_asked_says_so_and_may_be_confirmed(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let request = team.caseworker.seeks(amina());
        assert_eq!(sends(&team.caseworker, &request, "close", of_death("told_in_person")).status, 200);
        let enquirer = team.caseworker.request(&request)["enquirer"]["id"].clone();
        let before = stated_before("fate_clarified_deceased", "search_continues");
        seals(&world, enquirer.as_str().unwrap().parse().unwrap(), request.parse().unwrap(), before).await;
        let read = team.reviewer.request(&request)["endings"][0].clone();
        assert_eq!((&read["source"], &read["confidence"]), (&json!({"value": SOURCE}), &json!({"value": null})));
        let page = team.reviewer.get(&format!("/requests/{request}/steps")).body;
        assert!(page.contains("Not asked when this was stated"), "{page}");
        assert_eq!(confirms(&team.reviewer, &request).status, 200);
        assert_eq!(team.caseworker.request(&request)["endings"][0]["state"], "confirmed");
    }

    async fn whoever_stated_a_death_does_not_confirm_it_in_another_role(world: World) {
        let site = Site::open(&world);
        let mut team = Team::of(&world, &site).await;
        let request = team.caseworker.seeks(amina());
        assert_eq!(sends(&team.caseworker, &request, "close", of_death("told_in_person")).status, 200);
        let administrator = Desk::of(&world, &site, Role::Administrator, "Kenya").await;
        let role = format!("/api/v1/accounts/{}/role", team.caseworker.who.account);
        assert_eq!(administrator.send("PUT", &role, Some(json!({"role": "reviewer"}))).status, 204);
        team.caseworker.again(&world).await;
        assert_eq!(code(&confirms(&team.caseworker, &request)), (409, "second_person".into()));
        let back = sends(&team.caseworker, &request, "ending-sent-back", json!({"reason": "my mistake"}));
        assert_eq!(code(&back), (409, "second_person".into()));
        let auditor = Desk::of(&world, &site, Role::Auditor, "Kenya").await;
        let question = json!({"account": team.caseworker.who.account.to_string()});
        let entries = auditor.done("/api/v1/audit/by-account", question)["items"].clone();
        let refused = |one: &&Value| one["action"] == "confirm_ending" && one["decision"] == "refused";
        let tried = entries.as_array().unwrap().iter().filter(refused).count();
        assert_eq!(tried, 2, "both attempts are written down: {entries}");
        assert_eq!(confirms(&team.reviewer, &request).status, 200);
    }

    async fn a_death_sent_back_leaves_the_search_going_and_both_words_in_the_file(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let (caseworker, reviewer) = (&team.caseworker, &team.reviewer);
        let request = caseworker.seeks(amina());
        let searching = caseworker.status(&request);
        let mut form = of_death("told_in_person");
        form["note"] = json!("Two people said so");
        assert_eq!(sends(caseworker, &request, "close", form).status, 200);
        world.pass(chrono::Duration::minutes(1));
        assert_eq!(sends(reviewer, &request, "ending-sent-back", json!({"reason": " "})).status, 422);
        let reason = json!({"reason": "Another person of that name"});
        assert_eq!(sends(reviewer, &request, "ending-sent-back", reason).status, 200);

        let after = caseworker.request(&request);
        assert_eq!((&after["state"], &after["endings"][0]["state"]), (&json!("searching"), &json!("sent_back")));
        assert_eq!(caseworker.status(&request), searching);
        let log = caseworker.get(&format!("/api/v1/requests/{request}/actions")).json()["items"].clone();
        let line = |at: usize| (log[at]["kind"].clone(), log[at]["note"]["value"].clone());
        assert_eq!(line(0), (json!("ending_sent_back"), json!("Another person of that name")));
        assert_eq!(line(1), (json!("ending_stated"), json!("Two people said so")));
        let by_hand = json!({"kind": "ending_confirmed", "result": "successful"});
        assert_eq!(caseworker.post(&format!("/api/v1/requests/{request}/actions"), by_hand).status, 422);
        // Stated anew with a better source, it ends.
        assert_eq!(sends(caseworker, &request, "close", of_death("search_continues")).status, 200);
        assert_eq!(confirms(reviewer, &request).status, 200);
        assert_eq!(caseworker.request(&request)["endings"].as_array().unwrap().len(), 2);
        assert_eq!(caseworker.status(&request), searching, "closed, and the family hears no other word");
    }

    async fn nothing_of_it_stands_in_the_report_of_who_opened_the_enquirers_file(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let (caseworker, reviewer) = (&team.caseworker, &team.reviewer);
        let request = caseworker.seeks(amina());
        assert_eq!(sends(caseworker, &request, "close", of_death("told_in_person")).status, 200);
        assert_eq!(sends(reviewer, &request, "ending-sent-back", json!({"reason": "No paper"})).status, 200);
        assert_eq!(sends(caseworker, &request, "close", of_death("search_continues")).status, 200);
        assert_eq!(confirms(reviewer, &request).status, 200);
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let enquirer = caseworker.request(&request)["enquirer"]["id"].clone();
        let report = officer.done("/api/v1/file-accesses", json!({"person": enquirer})).to_string();
        assert!(report.contains("read_request"), "{report}");
        for word in ["ending", "close", "confirm"] {
            assert!(!report.contains(word), "{word}: {report}");
        }
    }

    async fn of_several_a_detention_is_told_on_the_word_of_whom_it_is_about_and_of_nobody_else(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let (caseworker, reviewer) = (&team.caseworker, &team.reviewer);
        let found = met(&world.core, &team.intake.who, amina()).await.to_string();
        let request = caseworker.seeks_all(&[amina(), json!({"given_names": "Idris", "family_names": "Tesfaye"})]);
        let searching = caseworker.status(&request);
        let sought = caseworker.request(&request)["sought"].clone();
        let (her, him) = (id(&sought[0]).to_owned(), id(&sought[1]).to_owned());
        let candidate = caseworker.in_time(&request, 1).remove(0);
        team.verify(&candidate, checked());
        team.intake.answers(&found, says("share_location_with_enquirer", "given"));
        assert_eq!(team.releases(&candidate, "share_location_with_enquirer").status, 204);
        let safe = caseworker.status(&request);

        let of = |about: Value| {
            let mut form = of_detention("told_in_person_as_agreed");
            form["about"] = about;
            form
        };
        let refused = sends(caseworker, &request, "close", of(json!(null)));
        assert_eq!(refused.status, 422, "{}", refused.body);
        let problem = refused.json()["problems"][0].clone();
        assert_eq!(problem["field"], "about");
        assert!(problem.to_string().contains(&her) && problem.to_string().contains(&him), "{problem}");
        let other = id(&caseworker.request(&caseworker.seeks(amina()))["sought"][0]).to_owned();
        assert_eq!(sends(caseworker, &request, "close", of(json!(other))).status, 422);
        let of_him = sends(caseworker, &request, "close", of(json!(him)));
        assert_eq!(code(&of_him), (409, "not_agreed".into()), "she agreed, he was never asked");

        assert_eq!(sends(caseworker, &request, "close", of(json!(her))).status, 200);
        let waits = reviewer.request(&request)["endings"][0]["about"].clone();
        assert_eq!(waits, json!({"value": her}));
        assert!(reviewer.get(&format!("/requests/{request}/steps")).body.contains("Whom it is about"));
        assert_eq!(caseworker.status(&request), safe);
        assert_eq!(confirms(reviewer, &request).status, 200);
        assert_eq!(caseworker.status(&request).json()["status"], "told_in_person");
        team.intake.withdraws(&found, "share_location_with_enquirer");
        assert_eq!(caseworker.status(&request), searching);
    }

    async fn a_detention_of_nobody_named_is_neither_confirmed_nor_told(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let found = met(&world.core, &team.intake.who, amina()).await.to_string();
        let request = team.caseworker.seeks(amina());
        let candidate = team.caseworker.in_time(&request, 1).remove(0);
        team.verify(&candidate, checked());
        team.intake.answers(&found, says("share_location_with_enquirer", "given"));
        assert_eq!(team.releases(&candidate, "share_location_with_enquirer").status, 204);
        let stated = of_detention("told_in_person_as_agreed");
        assert_eq!(sends(&team.caseworker, &request, "close", stated).status, 200);
        let enquirer = team.caseworker.request(&request)["enquirer"]["id"].clone();
        let before = stated_before("located_in_detention", "told_in_person_as_agreed");
        seals(&world, enquirer.as_str().unwrap().parse().unwrap(), request.parse().unwrap(), before).await;
        assert_eq!(code(&confirms(&team.reviewer, &request)), (409, "not_agreed".into()));
    }

    async fn a_detention_is_told_only_as_the_detained_person_agreed(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let (caseworker, reviewer) = (&team.caseworker, &team.reviewer);
        let found = met(&world.core, &team.intake.who, amina()).await.to_string();
        let request = caseworker.seeks(amina());
        let searching = caseworker.status(&request);
        let candidate = caseworker.in_time(&request, 1).remove(0);
        team.verify(&candidate, checked());
        let untold = sends(caseworker, &request, "close", of_detention("told_in_person"));
        assert_eq!(untold.status, 422, "a living person has a say");
        let as_agreed = of_detention("told_in_person_as_agreed");
        assert_eq!(code(&sends(caseworker, &request, "close", as_agreed.clone())), (409, "not_agreed".into()));
        team.intake.answers(&found, says("share_safe_and_well_only", "given"));
        assert_eq!(team.releases(&candidate, "share_safe_and_well_only").status, 204);
        let safe = sends(caseworker, &request, "close", as_agreed.clone());
        assert_eq!(code(&safe), (409, "not_agreed".into()), "safe and well is no word of where she is");

        team.intake.answers(&found, says("share_location_with_enquirer", "given"));
        assert_eq!(team.releases(&candidate, "share_location_with_enquirer").status, 204);
        assert_eq!(sends(caseworker, &request, "close", as_agreed).status, 200);
        team.intake.withdraws(&found, "share_location_with_enquirer");
        assert_eq!(code(&confirms(reviewer, &request)), (409, "not_agreed".into()), "taken back meanwhile");
        assert_eq!(caseworker.request(&request)["state"], "located");

        team.intake.answers(&found, says("share_location_with_enquirer", "given"));
        assert_eq!(team.releases(&candidate, "share_location_with_enquirer").status, 204);
        assert_eq!(confirms(reviewer, &request).status, 200);
        assert_eq!(caseworker.status(&request).json()["status"], "told_in_person");
        team.intake.withdraws(&found, "share_location_with_enquirer");
        assert_eq!(caseworker.status(&request), searching, "from now on nothing more is said");
    }
}
