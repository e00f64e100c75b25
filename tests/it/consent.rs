//! Consent, told by those who ask and those who answer.

use api::auth::Core;
use api::consent::{ConsentForm, ConsentView, TextForm};
use api::kernel::{ApiError, PageRequest, PersonId};
use api::people::{WithdrawalForm, answer, consents, withdraw};
use api::policy::{ReadConsent, RecordConsent, Role};
use api::web::Idempotency;
use serde_json::{Value, json};
use tests::both_databases;
use tests::world::Someone;

use crate::people::{fields, met, record, says, try_record, visit_of, with_words};

async fn answers(core: &Core, who: &Someone, id: PersonId, form: Value) -> Result<(), ApiError> {
    let form: ConsentForm = serde_json::from_value(form).unwrap();
    answer(core, who.may::<RecordConsent>(), Idempotency::none(), id, &form).await.map(drop)
}

async fn takes_back(core: &Core, who: &Someone, id: PersonId, kind: &str) -> Result<(), ApiError> {
    let form = json!({"kind": kind, "method": "oral_witnessed", "language": "en"});
    let form: WithdrawalForm = serde_json::from_value(form).unwrap();
    withdraw(core, who.may::<RecordConsent>(), Idempotency::none(), id, &form).await.map(drop)
}

async fn history(core: &Core, who: &Someone, id: PersonId, kind: &str) -> Vec<ConsentView> {
    let all = consents(core, &who.may::<ReadConsent>(), id, PageRequest::first()).await.unwrap();
    all.items.into_iter().filter(|line| line.kind.code() == kind).collect()
}

both_databases! {
    async fn a_withdrawal_counts_at_once_and_overwrites_nothing(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let person = met(&core, &desk, json!({"full_name": "Amina"})).await;
        assert!(api::people::index_state_of(&core, person).await.unwrap().is_some());
        takes_back(&core, &desk, person, "tracing_search").await.unwrap();
        assert!(api::people::index_state_of(&core, person).await.unwrap().is_none(), "out of the index");
        let lines = history(&core, &desk, person, "tracing_search").await;
        let said: Vec<_> = lines.iter().map(|l| (l.status.code(), l.in_force)).collect();
        assert_eq!(said, [("withdrawn", false), ("given", false)]);
        let again = takes_back(&core, &desk, person, "tracing_search").await;
        assert!(matches!(again, Err(ApiError::Conflict("nothing_to_withdraw", _))));
        let never = takes_back(&core, &desk, person, "publish_photo").await;
        assert!(matches!(never, Err(ApiError::Conflict("nothing_to_withdraw", _))));
        // Kinds are kept apart: the others stand.
        let stored = history(&core, &desk, person, "collect_and_store").await;
        assert!(stored.iter().any(|line| line.in_force));
        answers(&core, &desk, person, says("tracing_search", "given")).await.unwrap();
        assert!(api::people::index_state_of(&core, person).await.unwrap().is_some(), "a mind may change twice");
    }

    async fn only_a_suitable_adult_says_yes_for_a_child(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let child = json!({"full_name": "Yusuf", "birth": {"age": 12}});
        let alone = try_record(&core, &desk, visit_of(child.clone())).await;
        assert_eq!(fields(alone), ["consents[0].given_by"]);
        let by_mother = |kind: &str| {
            let mut says = says(kind, "given");
            says["given_by"] = json!("parent");
            says["assent"] = json!("given");
            says
        };
        let mut visit = visit_of(child);
        visit["consents"] = json!([by_mother("collect_and_store")]);
        let child = record(&core, &desk, visit).await.person.unwrap();
        let own = answers(&core, &desk, child, says("tracing_search", "given")).await;
        assert_eq!(fields(own), ["given_by"]);
        let mut unwilling = by_mother("tracing_search");
        unwilling["assent"] = json!("refused");
        assert_eq!(fields(answers(&core, &desk, child, unwilling).await), ["assent"]);
        answers(&core, &desk, child, by_mother("tracing_search")).await.unwrap();
        answers(&core, &desk, child, says("publish_photo", "refused")).await.unwrap();
        takes_back(&core, &desk, child, "tracing_search").await.unwrap();
    }

    async fn doubt_about_age_protects_and_an_implicated_carer_does_not_speak(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let visit = |person: Value| json!({"kind": "child_identified", "legal_basis": "vital_interest", "person": person});
        let doubtful = visit(json!({"full_name": "Ali", "birth": {"possibly_under_18": true}}));
        let doubtful = record(&core, &desk, doubtful).await.person.unwrap();
        let own = answers(&core, &desk, doubtful, says("tracing_search", "given")).await;
        assert_eq!(fields(own), ["given_by"]);
        let at_risk = visit(json!({"full_name": "Hodan", "birth": {"age": 9},
            "protection": {"concerns": ["domestic_violence"], "caregiver_implicated": true}}));
        let at_risk = record(&core, &desk, at_risk).await.person.unwrap();
        for giver in ["parent", "legal_guardian", "caregiver"] {
            let mut yes = says("tracing_search", "given");
            yes["given_by"] = json!(giver);
            yes["assent"] = json!("too_young");
            assert_eq!(fields(answers(&core, &desk, at_risk, yes).await), ["given_by"], "{giver}");
        }
        let mut decided = says("tracing_search", "given");
        decided["given_by"] = json!("best_interest_decision");
        decided["assent"] = json!("too_young");
        let officer = world.someone(Role::ProtectionOfficer, "Kenya", None).await;
        answers(&core, &officer, at_risk, decided).await.unwrap();
    }

    async fn only_a_protection_officer_decides_in_a_childs_best_interest(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let caseworker = world.someone(Role::Caseworker, "Kenya", None).await;
        let data_officer = world.someone(Role::DataProtectionOfficer, "Kenya", None).await;
        let officer = world.someone(Role::ProtectionOfficer, "Kenya", None).await;
        let decided = |kind: &str, status: &str| {
            let mut says = says(kind, status);
            (says["given_by"], says["assent"]) = (json!("best_interest_decision"), json!("too_young"));
            says
        };
        let mut visit = visit_of(json!({"full_name": "Samrawit", "birth": {"age": 6}}));
        visit["consents"] = json!([decided("collect_and_store", "given"), decided("tracing_search", "given")]);
        let told = match try_record(&core, &desk, visit.clone()).await.err() {
            Some(ApiError::Invalid(problems)) => problems.0,
            other => panic!("{other:?}"),
        };
        let at: Vec<_> = told.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(at, ["consents[0].given_by", "consents[1].given_by"]);
        for words in ["protection officer", "person, parent, legal_guardian or caregiver"] {
            assert!(told[0].problem.contains(words), "{}", told[0].problem);
        }
        visit["consents"] = json!([]);
        visit["legal_basis"] = json!("vital_interest");
        let child = record(&core, &desk, visit).await.person.unwrap();
        let mut again = json!({"kind": "service_visit", "services": ["food"], "person_id": child.to_string()});
        again["consents"] = json!([decided("tracing_search", "given")]);
        assert_eq!(fields(try_record(&core, &desk, again).await), ["consents[0].given_by"]);
        let unknown = "per_00000000000070008000000000000000".parse().unwrap();
        for status in ["given", "refused", "withdrawn"] {
            for who in [&desk, &caseworker, &data_officer] {
                // Whoever it is about, and whether they are within reach, the refusal is the same.
                for person in [child, unknown] {
                    let refused = answers(&core, who, person, decided("tracing_search", status)).await;
                    assert_eq!(fields(refused), ["given_by"], "{status}");
                }
            }
        }
        for status in ["given", "withdrawn"] {
            answers(&core, &officer, child, decided("tracing_search", status)).await.unwrap();
        }
        let may = officer.may::<ReadConsent>();
        let history = consents(&core, &may, child, PageRequest::first()).await.unwrap();
        assert!(history.items.iter().all(|line| line.given_by.code() == "best_interest_decision"));
        assert_eq!(history.items.len(), 2);
    }

    async fn the_desk_is_told_the_same_whoever_the_danger_is(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let child = |implicated: bool| json!({"kind": "child_identified", "legal_basis": "vital_interest",
            "person": {"full_name": "Hodan", "birth": {"age": 9}, "protection": {"caregiver_implicated": implicated}}});
        let safe = record(&core, &desk, child(false)).await.person.unwrap();
        let at_risk = record(&core, &desk, child(true)).await.person.unwrap();
        let said = |given_by: &str, assent: Option<&str>| {
            let mut yes = says("tracing_search", "given");
            yes["given_by"] = json!(given_by);
            yes["assent"] = json!(assent);
            yes
        };
        let told = |outcome: Result<(), ApiError>| match outcome.err() {
            Some(ApiError::Invalid(problems)) => serde_json::to_value(&problems.0).unwrap(),
            other => panic!("{other:?}"),
        };
        let of_the_adult = told(answers(&core, &desk, at_risk, said("parent", Some("too_young"))).await);
        for (child, yes) in [
            (safe, said("parent", None)),
            (safe, said("person", Some("given"))),
            (at_risk, said("parent", None)),
            (at_risk, said("person", Some("given"))),
        ] {
            assert_eq!(told(answers(&core, &desk, child, yes).await), of_the_adult);
        }
        let refused = |child| answers(&core, &desk, child, said("parent", Some("refused")));
        assert_eq!(told(refused(safe).await), told(refused(at_risk).await));
    }

    async fn a_society_writes_words_for_itself_only(world: World) {
        let core = with_words(&world).await;
        let words_at = async |desk: &Someone| {
            api::consent::words(&core, &desk.may(), api::consent::ConsentKind::TracingSearch, "en").await.unwrap()
        };
        let listed_at = async |desk: &Someone| {
            api::consent::list_words(&core, &desk.may(), api::consent::ConsentKind::TracingSearch).await.unwrap()
        };
        let here = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let there = world.someone(Role::Intake, "Italy", Some("Como")).await;
        let shipped = words_at(&here).await;
        let data = world.someone(Role::DataProtectionOfficer, "Italy", None).await;
        let add = async |language: String| {
            let form = json!({"kind": "tracing_search", "language": language, "body": "Possiamo cercare?"});
            let form: TextForm = serde_json::from_value(form).unwrap();
            api::consent::add_words(&core, data.may(), &form).await.unwrap();
        };
        add("en".into()).await;
        assert_eq!(words_at(&there).await, "Possiamo cercare?");
        assert_eq!(words_at(&here).await, shipped, "other desks read what they read before");
        let person = met(&core, &here, json!({"full_name": "Amina"})).await;
        let given_to = history(&core, &here, person, "tracing_search").await[0].text;
        let foreign = met(&core, &there, json!({"full_name": "Amina"})).await;
        assert_ne!(history(&core, &there, foreign, "tracing_search").await[0].text, given_to);
        let listed = listed_at(&here).await;
        assert!(listed.iter().all(|text| text.body != "Possiamo cercare?"));

        // However many versions one language has, the words of another are still found.
        for _ in 0..205 {
            add("aa".into()).await;
        }
        assert_eq!(words_at(&there).await, "Possiamo cercare?");
        let listed = listed_at(&there).await;
        assert!(listed.iter().any(|text| text.language == "fr"));
    }

    async fn an_answer_names_the_words_it_was_given_to(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let person = met(&core, &desk, json!({"full_name": "Amina"})).await;
        let data = world.someone(Role::DataProtectionOfficer, "Kenya", None).await;
        let words: TextForm = serde_json::from_value(
            json!({"kind": "tracing_search", "language": "en", "body": "May we look for your family with you?"}),
        )
        .unwrap();
        api::consent::add_words(&core, data.may(), &words).await.unwrap();
        answers(&core, &desk, person, says("tracing_search", "given")).await.unwrap();
        let lines = history(&core, &desk, person, "tracing_search").await;
        let versions: Vec<_> = lines.iter().map(|line| line.text_version).collect();
        assert_eq!(versions, [2, 1]);
        assert_ne!(lines[0].text, lines[1].text);
        let mut unknown = says("tracing_search", "given");
        unknown["language"] = json!("ti");
        assert_eq!(fields(answers(&core, &desk, person, unknown).await), ["language"]);
    }

    async fn restrictions_come_back_to_whoever_acts_on_the_consent(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let person = met(&core, &desk, json!({"full_name": "Amina"})).await;
        let mut yes = says("share_within_network", "given");
        yes["restrictions"] = json!({"note": "not to my uncle", "countries": ["ken", "ITA"]});
        answers(&core, &desk, person, yes).await.unwrap();
        let reviewer = world.someone(Role::Reviewer, "Kenya", None).await;
        for reader in [&desk, &reviewer] {
            let line = serde_json::to_value(&history(&core, reader, person, "share_within_network").await[0]).unwrap();
            assert_eq!(line["restrictions"]["value"]["note"], "not to my uncle");
            assert_eq!(line["restrictions"]["value"]["countries"], json!(["KEN", "ITA"]));
        }
    }

    async fn a_history_is_read_page_after_page_and_only_the_newest_of_a_kind_counts(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let person = met(&core, &desk, json!({"full_name": "Amina"})).await;
        for _ in 0..4 {
            takes_back(&core, &desk, person, "tracing_search").await.unwrap();
            answers(&core, &desk, person, says("tracing_search", "given")).await.unwrap();
        }
        let read = async |limit| {
            let (mut lines, mut wanted) = (Vec::new(), PageRequest { after: None, limit });
            loop {
                let page = consents(&core, &desk.may::<ReadConsent>(), person, wanted).await.unwrap();
                assert!(page.items.len() <= limit);
                lines.extend(page.items.iter().map(|line| (line.kind.code(), line.status.code(), line.in_force)));
                let Some(next) = page.next else { return lines };
                wanted = PageRequest { after: Some(next.parse().unwrap()), limit };
            }
        };
        let whole = read(50).await;
        assert_eq!(whole.len(), 10);
        let counting: Vec<_> = whole.iter().filter(|(.., in_force)| *in_force).map(|(kind, ..)| *kind).collect();
        assert_eq!(counting, ["collect_and_store", "tracing_search"]);
        for limit in [1, 2, 3] {
            assert_eq!(read(limit).await, whole, "in pages of {limit}");
        }
    }

    async fn a_question_is_answered_so_often_a_day_and_a_yes_can_always_be_taken_back(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let person = met(&core, &desk, json!({"full_name": "Amina"})).await;
        for _ in 1..20 {
            answers(&core, &desk, person, says("tracing_search", "given")).await.unwrap();
        }
        let too_often = |outcome: Result<(), ApiError>| {
            assert!(matches!(outcome, Err(ApiError::Conflict("answered_too_often", _))), "{outcome:?}");
        };
        too_often(answers(&core, &desk, person, says("tracing_search", "given")).await);
        let again = json!({
            "kind": "hotline", "person_id": person, "consents": [says("tracing_search", "given")]
        });
        too_often(try_record(&core, &desk, again).await.map(drop));
        takes_back(&core, &desk, person, "tracing_search").await.unwrap();
        too_often(answers(&core, &desk, person, says("tracing_search", "given")).await);
        too_often(answers(&core, &desk, person, says("tracing_search", "refused")).await);
        answers(&core, &desk, person, says("publish_photo", "refused")).await.unwrap();
        world.pass(chrono::Duration::days(1));
        answers(&core, &desk, person, says("tracing_search", "given")).await.unwrap();
        assert!(api::people::index_state_of(&core, person).await.unwrap().is_some());
    }
}
