//! What the enquirer's side sees of somebody found: nothing once consent ends, never where or when they were met, and
//! their record for as long as a release stands and no longer.

use api::policy::Role;
use diesel::RunQueryDsl;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::{Answer, Site};
use tests::world::World;

use super::{Desk, amina, id, settle, soon};
use crate::people::{met, record, says, visit_of};

fn path_of(candidate: &Value) -> String {
    format!("/api/v1/candidates/{}", id(candidate))
}

/// Everything that the enquirer's side is told of somebody.
fn told(candidate: &Value) -> [Value; 3] {
    ["band", "probability", "explanation"].map(|part| candidate[part].clone())
}

/// Three people at their desks, and somebody found whom two of them verified and whose place was released.
pub(super) struct Release<'a> {
    pub(super) intake: Desk<'a>,
    pub(super) caseworker: Desk<'a>,
    pub(super) reviewer: Desk<'a>,
    pub(super) request: String,
    candidate: Value,
    pub(super) person: String,
}

impl<'a> Release<'a> {
    pub(super) async fn of(world: &World, site: &'a Site) -> Self {
        let verified = Self::verified(world, site, says("share_location_with_enquirer", "given")).await;
        let answer = verified.releases();
        assert_eq!(answer.status, 204, "{}", answer.body);
        let seen = verified.caseworker.get(&verified.person).status;
        assert_eq!(seen, 200, "the place is there to be carried to the family");
        verified
    }

    /// The same before anything is released: the person found has answered this.
    async fn verified(world: &World, site: &'a Site, answer: Value) -> Self {
        let intake = Desk::of(world, site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(world, site, Role::Caseworker, "Kenya").await;
        let reviewer = Desk::of(world, site, Role::Reviewer, "Kenya").await;
        let found = met(&world.core, &intake.who, amina()).await;
        let request = caseworker.seeks(amina());
        let candidate = caseworker.candidate(&request);
        intake.answers(found, answer);
        let checks = json!({
            "enquirer_interviewed": true, "found_person_interviewed": true, "separate_facts_agree": true
        });
        for (who, deed, more) in [
            (&caseworker, "propose", json!({})),
            (&reviewer, "confirm", json!({})),
            (&reviewer, "verify", json!({"checks": checks})),
        ] {
            let answer = who.decide(&candidate, deed, more);
            assert!(answer.status < 300, "{deed}: {}", answer.body);
        }
        let person = format!("/api/v1/people/{found}");
        Self { intake, caseworker, reviewer, request, candidate, person }
    }

    pub(super) fn releases(&self) -> Answer {
        self.caseworker.decide(&self.candidate, "release", json!({"kind": "share_location_with_enquirer"}))
    }

    pub(super) fn status(&self) -> Value {
        let path = format!("/api/v1/requests/{}/enquirer-status", self.request);
        self.caseworker.get(&path).json()["status"].clone()
    }

    pub(super) fn is_closed(&self) {
        assert_eq!(self.caseworker.get(&self.person).status, 404);
    }
}

both_databases! {
    async fn whoever_agrees_no_longer_is_in_no_candidate_whatever_became_of_it(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let found = met(&world.core, &intake.who, amina()).await;
        let open = caseworker.seeks(amina());
        let decided = caseworker.seeks(amina());
        let (kept, rejected) = (caseworker.candidate(&open), caseworker.candidate(&decided));
        let reason = json!({"reason": "different_person"});
        assert_eq!(caseworker.decide(&rejected, "reject", reason).status, 200);
        assert_eq!(caseworker.get(&path_of(&rejected)).status, 200);

        intake.withdraws(found, "tracing_search");
        settle();
        for candidate in [&kept, &rejected] {
            let shown = caseworker.get(&path_of(candidate));
            assert_eq!(shown.status, 404, "{}", shown.body);
            assert_eq!(caseworker.get(&format!("{}/history", path_of(candidate))).status, 404);
        }
        assert!(caseworker.candidates(&open).is_empty());
        assert!(caseworker.candidates(&decided).is_empty());
    }

    async fn a_consent_to_be_found_from_elsewhere_ends_on_its_day(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Uganda", Some("Border")).await;
        let mut caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let mut visit = visit_of(amina());
        let mut yes = says("share_within_network", "given");
        yes["valid_until"] = json!("2026-03-05");
        visit["consents"].as_array_mut().unwrap().push(yes);
        record(&world.core, &intake, visit).await;
        let request = caseworker.seeks(amina());
        let candidate = caseworker.candidate(&request);
        let question = json!({"person": {"given_names": "Amina", "family_names": "Warsame"}});
        let hits = |desk: &Desk<'_>| desk.done("/api/v1/searches", question.clone())["hits"].clone();
        assert_eq!(hits(&caseworker).as_array().unwrap().len(), 1);

        world.pass(chrono::Duration::days(6));
        caseworker.again(&world).await;
        assert_eq!(hits(&caseworker), json!([]), "at once");
        assert!(caseworker.candidates(&request).is_empty(), "at once");
        settle();
        assert_eq!(caseworker.get(&path_of(&candidate)).status, 404);
        let fresh = caseworker.seeks(amina());
        settle();
        assert!(caseworker.candidates(&fresh).is_empty(), "and nobody new finds her");
    }

    async fn what_another_society_let_be_seen_is_asked_for_again_after_a_withdrawal(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Uganda").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let theirs = Desk::of(&world, &site, Role::Reviewer, "Uganda").await;
        let mut visit = visit_of(amina());
        visit["consents"].as_array_mut().unwrap().push(says("share_within_network", "given"));
        let found = record(&world.core, &intake.who, visit).await.person.unwrap();
        let request = caseworker.seeks(amina());
        let candidate = caseworker.candidate(&request);
        let uganda = world.society("Uganda").await.to_string();
        let list = json!([{"kind": "society", "recipient": uganda, "rule": "allow"}]);
        let path = format!("/api/v1/requests/{request}/circulation");
        let listed = caseworker.send("PUT", &path, Some(json!({"version": 4, "circulation": list})));
        assert_eq!(listed.status, 200, "{}", listed.body);
        assert_eq!(caseworker.decide(&candidate, "access", json!({})).status, 200);
        let asked = theirs.get("/api/v1/access-requests").json()["items"][0].clone();
        let grant = json!({"version": asked["version"], "grant": true});
        theirs.done(&format!("/api/v1/access-requests/{}", id(&asked)), grant);
        assert_eq!(caseworker.candidate(&request)["access"], "granted");

        intake.withdraws(found, "tracing_search");
        soon("the withdrawal", || caseworker.candidates(&request).is_empty().then_some(()));
        settle();
        intake.answers(found, says("tracing_search", "given"));
        assert_eq!(caseworker.candidate(&request)["access"], "reduced");
    }

    async fn nothing_tells_where_or_when_somebody_was_met(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let mut person = amina();
        person["phones"] = json!(["+254700123456"]);
        met(&world.core, &intake, person.clone()).await;
        let there = caseworker.seeks_from(person.clone(), json!({"name": "Market", "country": "KEN"}));
        let elsewhere = caseworker.seeks_from(person, json!({"name": "Lampedusa", "country": "ITA"}));
        let (there, elsewhere) = (caseworker.candidate(&there), caseworker.candidate(&elsewhere));
        assert_eq!(told(&there), told(&elsewhere), "as if nobody had asked where");
        let lines = there["explanation"]["lines"].as_array().unwrap();
        for field in ["route", "time", "phone"] {
            let line = lines.iter().find(|line| line["field"] == field).unwrap();
            assert_eq!(line["level"], "hidden", "{line}");
            assert!(line.get("weight").is_none(), "{line}");
            assert_eq!(line["found_value"], json!({"hidden": true}));
        }
        let given = lines.iter().find(|line| line["field"] == "given_name").unwrap();
        assert_eq!(given["level"], "given_name.same");

        let who = json!({"given_names": "Amina", "family_names": "Warsame"});
        let found = caseworker.done("/api/v1/searches", json!({"person": who}));
        let lines = found["hits"][0]["explanation"]["lines"].as_array().unwrap();
        assert!(lines.iter().filter(|line| line["field"] == "route").all(|line| line["level"] == "hidden"));
        for (field, value) in [("last_place", "Market"), ("last_country", "KEN"), ("last_contact", "2026-01-01")] {
            let guess = caseworker.post("/api/v1/searches", json!({"person": who, field: value}));
            assert_eq!(guess.status, 422, "{field}: {}", guess.body);
        }
    }

    async fn a_released_place_is_open_while_the_release_stands_to_be_read_and_nothing_more(world: World) {
        let site = Site::open(&world);
        let told = Release::of(&world, &site).await;
        let edit = json!({"version": 1, "changes": {"given_names": "Somebody"}});
        assert_eq!(told.caseworker.send("PATCH", &told.person, Some(edit)).status, 404);
        let consents = format!("{}/consents", told.person);
        assert_eq!(told.caseworker.post(&consents, says("tracing_search", "given")).status, 404);
        let colleague = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        assert_eq!(colleague.get(&told.person).status, 404, "only whoever works on the request");

        let undo = json!({"reason": "different_person"});
        assert_eq!(told.reviewer.decide(&told.candidate, "undo", undo).status, 200);
        told.is_closed();
    }

    async fn a_released_place_tells_of_nobody_who_travels_along(world: World) {
        let site = Site::open(&world);
        let told = Release::of(&world, &site).await;
        let found = told.person.rsplit('/').next().unwrap();
        let again = json!({
            "kind": "service_visit", "person_id": found, "group": {"kind": "travelling", "role": "companion"}
        });
        let group = told.intake.done("/api/v1/contacts", again)["group"].clone();
        let mut companion = visit_of(json!({"given_names": "Hodan"}));
        companion["group"] = json!({"id": group, "role": "companion"});
        record(&world.core, &told.intake.who, companion).await;
        let members = told.intake.get(&told.person).json()["groups"][0]["members"].clone();
        assert_eq!(members.as_array().map(Vec::len), Some(2));
        let carried = told.caseworker.get(&told.person);
        assert_eq!(carried.status, 200);
        assert!(carried.json().get("groups").is_none(), "{}", carried.body);
    }

    async fn a_released_place_closes_with_the_consent(world: World) {
        let site = Site::open(&world);
        let told = Release::of(&world, &site).await;
        let found = told.person.rsplit('/').next().unwrap();
        told.intake.withdraws(found, "share_location_with_enquirer");
        told.is_closed();
    }

    async fn whoever_lets_themself_be_found_no_longer_is_told_of_no_longer(world: World) {
        let site = Site::open(&world);
        let told = Release::of(&world, &site).await;
        let found = told.person.rsplit('/').next().unwrap();
        assert_eq!(told.status(), "safe_and_well");
        told.intake.withdraws(found, "tracing_search");
        told.is_closed();
        assert_eq!(told.status(), "search_continues");
        told.intake.answers(found, says("tracing_search", "given"));
        assert_eq!(told.status(), "safe_and_well", "what they agreed to have told stands");
    }

    async fn whoever_is_restricted_after_a_release_is_told_of_by_nobody_outside_the_team(world: World) {
        let site = Site::open(&world);
        let told = Release::of(&world, &site).await;
        let officer = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let version = officer.get(&told.person).json()["version"].clone();
        let team = json!({"version": version, "restricted": true, "team": []});
        let restricted = officer.send("PUT", &format!("{}/restriction", told.person), Some(team));
        assert_eq!(restricted.status, 200, "{}", restricted.body);
        told.is_closed();
        assert_eq!(told.status(), "search_continues");
    }

    async fn a_search_goes_on_when_whoever_was_found_is_erased(world: World) {
        let site = Site::open(&world);
        let told = Release::of(&world, &site).await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let request = || told.caseworker.get(&format!("/api/v1/requests/{}", told.request)).json();
        assert_eq!((&request()["state"], &request()["sought"][0]["state"]), (&json!("located"), &json!("located")));
        assert_eq!(officer.send("DELETE", &told.person, None).status, 200);
        assert_eq!((&request()["state"], &request()["sought"][0]["state"]), (&json!("searching"), &json!("sought")));
        met(&world.core, &told.intake.who, amina()).await;
        told.caseworker.candidate(&told.request);
    }

    async fn a_request_tells_of_nobody_who_was_proposed_and_erased(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let found = met(&world.core, &intake.who, amina()).await;
        let request = caseworker.seeks(amina());
        assert_eq!(caseworker.decide(&caseworker.candidate(&request), "propose", json!({})).status, 200);
        assert_eq!(officer.send("DELETE", &format!("/api/v1/people/{found}"), None).status, 200);
        let read = caseworker.get(&format!("/api/v1/requests/{request}")).json();
        assert_eq!(read["state"], "searching");
    }

    async fn a_place_released_as_an_adults_closes_when_either_record_turns_out_to_be_a_childs(world: World) {
        let site = Site::open(&world);
        let told = Release::of(&world, &site).await;
        let (_, sought) = told.caseworker.people_of(&told.request);
        told.caseworker.edits(&sought, json!({"birth": {"date": "1998-04-12"}}));
        assert_eq!(told.caseworker.get(&told.person).status, 200, "another year of an adult changes nothing");
        told.caseworker.edits(&sought, json!({"birth": {"date": "2013-04-12"}}));
        told.is_closed();
        let again = told.releases();
        assert_eq!((again.status, &again.json()["code"]), (409, &json!("child_checks_missing")));
    }

    async fn a_released_place_closes_when_the_request_is_taken_away(world: World) {
        let site = Site::open(&world);
        let told = Release::of(&world, &site).await;
        let form = json!({"account": told.caseworker.account(), "remove": true});
        told.reviewer.done(&format!("/api/v1/requests/{}/assignment", told.request), form);
        told.is_closed();
    }

    async fn a_yes_with_limits_is_not_the_caseworkers_to_judge(world: World) {
        let site = Site::open(&world);
        let mut yes = says("share_location_with_enquirer", "given");
        yes["restrictions"] = json!({"note": "Not to my uncle"});
        let told = Release::verified(&world, &site, yes).await;
        let refused = told.releases();
        assert_eq!((refused.status, refused.json()["code"].as_str()), (409, Some("consent_limited")));
        assert!(!refused.body.contains("uncle"));
        told.is_closed();
        let found = told.person.rsplit('/').next().unwrap();
        told.intake.answers(found, says("share_location_with_enquirer", "given"));
        assert_eq!(told.releases().status, 204, "asked again, and nothing is left out");
    }

    async fn a_pair_that_may_not_be_shown_any_more_leaves_no_trace_in_the_state_of_the_request(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let found = met(&world.core, &intake.who, amina()).await;
        let request = caseworker.seeks(amina());
        let candidate = caseworker.candidate(&request);
        assert_eq!(caseworker.decide(&candidate, "propose", json!({})).status, 200);
        let path = format!("/api/v1/requests/{request}");
        assert_eq!(caseworker.get(&path).json()["state"], "candidate_found");
        intake.withdraws(found, "tracing_search");
        soon("the request is searched on", || {
            (caseworker.get(&path).json()["state"] == "searching").then_some(())
        });
    }

    async fn pressing_twice_releases_once(world: World) {
        let site = Site::open(&world);
        let told = Release::of(&world, &site).await;
        let version = told.caseworker.get(&path_of(&told.candidate)).json()["candidate"]["version"].clone();
        let form = json!({"version": version, "kind": "share_location_with_enquirer"});
        let path = format!("{}/release", path_of(&told.candidate));
        assert_eq!(told.caseworker.post(&path, form.clone()).status, 204);
        assert_eq!(told.caseworker.post(&path, form).status, 409);
    }

    async fn who_opened_the_enquirers_file_does_not_tell_that_somebody_was_found(world: World) {
        let site = Site::open(&world);
        let told = Release::of(&world, &site).await;
        let officer = Desk::of(&world, &site, Role::DataProtectionOfficer, "Kenya").await;
        let (enquirer, _) = told.caseworker.people_of(&told.request);
        // Something comes up about the person found, a reviewer looks at it, and the case ends.
        let protection = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let version = protection.get(&told.person).json()["version"].clone();
        let danger = json!({"version": version, "changes": {"protection": {"caregiver_implicated": true}}});
        assert_eq!(protection.send("PATCH", &told.person, Some(danger)).status, 200);
        assert_eq!(told.releases().json()["code"], "conflict_of_interest");
        let path = format!("/api/v1/requests/{}", told.request);
        let version = || told.caseworker.get(&path).json()["version"].clone();
        told.reviewer.done(&format!("{path}/conflict-cleared"), json!({"version": version()}));
        let ending = json!({
            "version": version(), "outcome": "located_declines_contact", "told": "search_continues"
        });
        told.caseworker.done(&format!("{path}/close"), ending);
        let report = officer.done("/api/v1/file-accesses", json!({"person": enquirer}));
        assert!(report.to_string().contains("open_request"), "{report}");
        for word in ["match", "candidate", "release", "verify", "conflict", "close"] {
            assert!(!report.to_string().contains(word), "{word}: {report}");
        }
    }

    async fn a_desk_reads_whom_it_met_and_nobody_of_a_tracing_file(world: World) {
        let site = Site::open(&world);
        let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let found = met(&world.core, &intake.who, amina()).await.to_string();
        let request = caseworker.seeks(amina());
        let (enquirer, sought) = caseworker.people_of(&request);
        for hidden in [&enquirer, &sought] {
            assert_eq!(intake.get(&format!("/api/v1/people/{hidden}")).status, 404);
        }
        let list = intake.get("/api/v1/people").json();
        let ids: Vec<&str> = list["items"].as_array().unwrap().iter().map(id).collect();
        assert_eq!(ids, [found.as_str()]);
    }

    async fn asking_again_and_again_has_a_brake(world: World) {
        let site = Site::open(&world);
        let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let request = caseworker.seeks(amina());
        let path = format!("/api/v1/requests/{request}/search");
        let answers: Vec<u16> = (0..21).map(|_| caseworker.send("POST", &path, None).status).collect();
        assert_eq!(answers[..20], [202; 20]);
        assert_eq!(answers[20], 429);
    }
}

/// SQLite has one writer, so nothing comes in between there.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; tests/run starts one"]
async fn a_decision_made_while_matching_writes_stands() {
    let world = World::on_postgres().await;
    let site = Site::open(&world);
    let intake = Desk::of(&world, &site, Role::Intake, "Kenya").await;
    let caseworker = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
    let found = met(&world.core, &intake.who, amina()).await;
    let request = caseworker.seeks(amina());
    caseworker.candidate(&request);
    let mut somebody = migrations::db::connect(&world.core.config.database.url).unwrap();
    let mut says = |words: &str| diesel::sql_query(words).execute(&mut somebody).unwrap();
    says("BEGIN");
    says("UPDATE candidates SET state = 'confirmed_by_first', version = version + 1");
    let change = json!({"version": 1, "changes": {"father_name": "Yusuf"}});
    let edited = intake.send("PATCH", &format!("/api/v1/people/{found}"), Some(change));
    assert_eq!(edited.status, 200, "{}", edited.body);
    // Matching has read the pair as it was, and waits for the row.
    settle();
    says("COMMIT");
    settle();
    assert_eq!(caseworker.candidate(&request)["state"], "confirmed_by_first");
}
