//! Who may ask the log, what it answers, and that asking is written down first.

use std::collections::BTreeSet;
use std::fmt::Write;

use api::db::schema::{assignments, audit_leaves};
use api::db::{Conn, DbError};
use api::kernel::{PersonId, Reference, SocietyId};
use api::policy::{ReadPerson, Role};
use api::vault::COLUMNS;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crypto::merkle::{leaf_hash, verify_consistency, verify_inclusion};
use crypto::note::{parse_verifier_key, verify_note};
use diesel::prelude::*;
use migrations::db::RawId;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::{Answer, Site};
use tests::world::{Someone, World};

use super::failing::fill_the_disk;
use super::{Cast, size};

struct Asking {
    site: Site,
    token: String,
}

impl Asking {
    async fn of(world: &World, who: &Someone) -> Self {
        Self { site: Site::open(world), token: world.token(who).await }
    }
    fn post(&self, path: &str, body: Value) -> Answer {
        self.site.send("POST", path, Some(&self.token), Some(&body))
    }
    fn get(&self, path: &str) -> Answer {
        self.site.send("GET", path, Some(&self.token), None)
    }
    fn entries(&self, path: &str, body: Value) -> Vec<Value> {
        let answer = self.post(path, body);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["items"].as_array().unwrap().clone()
    }
}

/// Somebody on record, with nothing of them readable.
async fn person(world: &World, society: SocietyId, restricted: bool) -> (PersonId, Reference) {
    let id = PersonId::new(world.clock.as_ref(), &world.core.chance);
    let reference = Reference::new(&world.core.chance);
    let text = reference.clone();
    world
        .core
        .db
        .write(move |tx| {
            let blob = if matches!(tx, Conn::Sqlite(_)) { "x'00'" } else { "'\\x00'::bytea" };
            let (mut names, mut values) = (String::new(), String::new());
            for column in COLUMNS.iter().filter(|column| column.table == "people") {
                write!(names, ", {}", column.column).unwrap();
                write!(values, ", {blob}").unwrap();
            }
            diesel::sql_query(format!(
                "INSERT INTO people (id, society_id, reference, kind, legal_basis, restricted, retention_until, \
                 created_at, updated_at, version{names}) \
                 VALUES ($1, $2, $3, 'contact', 'consent', {restricted}, '2030-01-01', 0, 0, 1{values})"
            ))
            .bind::<migrations::db::Id, _>(RawId(id.uuid()))
            .bind::<migrations::db::Id, _>(RawId(society.uuid()))
            .bind::<diesel::sql_types::Text, _>(text.as_str().to_owned())
            .execute(tx)?;
            Ok::<_, DbError>(())
        })
        .await
        .unwrap();
    (id, reference)
}

fn numbers(entries: &[Value]) -> Vec<u64> {
    entries.iter().map(|entry| entry["seq"].as_u64().unwrap()).collect()
}

both_databases! {
    async fn the_auditor_learns_who_saw_somebody_and_the_question_is_in_the_next_answer(world: World) {
        let cast = Cast::of(&world).await;
        let (amina, reference) = person(&world, cast.caseworker.society, true).await;
        let may = cast.caseworker.may::<ReadPerson>();
        let seen = world.core.audit.look(&may, |e| e.about(amina).on(amina).opening(may.classes())).await.unwrap();
        cast.act(&world, 0).await;
        let auditor = world.someone(Role::Auditor, "Kenya", None).await;
        let asking = Asking::of(&world, &auditor).await;

        let found = asking.entries("/api/v1/audit/about-person", json!({"person": amina.to_string()}));
        assert_eq!(numbers(&found), [seen.leaf()]);
        let entry = &found[0];
        assert_eq!(entry["actor"], cast.caseworker.account.to_string());
        assert_eq!(entry["society_name"], "Kenya");
        assert_eq!(entry["subjects"], json!([amina.to_string()]));
        assert_eq!(entry["classes"], json!(["identity", "contact", "narrative", "location"]));
        assert_eq!(entry["intact"], true);

        let again = asking.entries("/api/v1/audit/about-person", json!({"person": reference.as_str().to_lowercase()}));
        assert_eq!(again.len(), 2, "the first question is an entry about her too");
        assert_eq!(again[0]["actor"], auditor.account.to_string());
        assert_eq!(again[0]["action"], "read_audit");

        let unknown = asking.post("/api/v1/audit/about-person", json!({"person": Reference::new(&world.core.chance).as_str()}));
        assert_eq!(unknown.status, 404);
        let own = asking.entries("/api/v1/audit/by-account", json!({"account": auditor.account.to_string()}));
        assert_eq!(own[0]["decision"], "refused", "the attempt that found nobody is there");
        assert_eq!(own.iter().filter(|entry| entry["action"] == "read_audit").count(), 3);
    }

    async fn a_user_and_a_time_are_read_page_by_page_without_a_gap_or_a_repeat(world: World) {
        let cast = Cast::of(&world).await;
        world.pass(chrono::Duration::minutes(1));
        let (start, before) = (world.core.clock.now(), size(&world).await);
        for round in 0..40 {
            cast.act(&world, round).await;
        }
        let end = world.core.clock.now().plus(chrono::Duration::milliseconds(1));
        let auditor = world.someone(Role::Auditor, "Kenya", None).await;
        let asking = Asking::of(&world, &auditor).await;
        let pages = |path: &str, question: Value| {
            let mut all = Vec::new();
            let mut next = Value::Null;
            loop {
                let mut body = question.clone();
                if !next.is_null() {
                    body["after"] = next;
                }
                let answer = asking.post(path, body).json();
                let items = answer["items"].as_array().unwrap().clone();
                assert!(items.len() <= 50);
                all.extend(items);
                next = answer["next"].clone();
                if next.is_null() {
                    return all;
                }
            }
        };
        let account = cast.caseworker.account.to_string();
        let done = pages("/api/v1/audit/by-account", json!({"account": account}));
        assert_eq!(done.len(), 120);
        assert!(done.iter().all(|entry| entry["actor"] == account));
        assert!(numbers(&done).is_sorted_by(|a, b| a > b));
        let login = done[0]["login"].as_str().unwrap();
        assert_eq!(pages("/api/v1/audit/by-account", json!({"account": login})).len(), 120);

        let span = json!({"from": start.to_string(), "until": end.to_string()});
        let during = pages("/api/v1/audit/by-time", span);
        let story: BTreeSet<u64> = numbers(&during).into_iter().filter(|seq| *seq < before + 160).collect();
        assert_eq!(story, (before..before + 160).collect(), "every entry of the story, each once");
        assert_eq!(numbers(&during).len(), numbers(&during).iter().collect::<BTreeSet<_>>().len());
    }

    async fn a_proof_is_checked_with_nothing_but_its_file_and_the_key_line(world: World) {
        let cast = Cast::of(&world).await;
        for round in 0..3 {
            cast.act(&world, round).await;
        }
        let auditor = world.someone(Role::Auditor, "Kenya", None).await;
        let asking = Asking::of(&world, &auditor).await;
        let old = world.core.audit.checkpoint_now().unwrap().unwrap().checkpoint;
        for seq in [0, 5, 11] {
            let shown = asking.get(&format!("/api/v1/audit/entries/{seq}")).json();
            assert_eq!(shown["proof"]["proves"], true);
            let (name, key) = parse_verifier_key(shown["proof"]["verifier_key"].as_str().unwrap().trim_end()).unwrap();
            let file = asking.get(&format!("/api/v1/audit/entries/{seq}/proof")).body;
            let (head, note) = file.split_once("\n\n").unwrap();
            let mut lines = head.lines();
            assert_eq!(lines.next(), Some("c2sp.org/tlog-proof@v1"));
            let leaf = STANDARD.decode(lines.next().unwrap().strip_prefix("extra ").unwrap()).unwrap();
            assert_eq!(lines.next(), Some(format!("index {seq}").as_str()));
            let hashes: Vec<[u8; 32]> =
                lines.map(|line| STANDARD.decode(line).unwrap().try_into().unwrap()).collect();
            let checkpoint = verify_note(note, &key, &name).unwrap();
            assert_eq!(verify_inclusion(seq, checkpoint.size, &leaf_hash(&leaf), &hashes, &checkpoint.root), Ok(()));
            assert!(String::from_utf8(leaf).unwrap().contains(&format!("\"seq\":{seq},")));
        }
        // The questions themselves are proved as soon as somebody asks about them.
        let newest = asking.get("/api/v1/audit/entries/12").json();
        assert_eq!(newest["proof"]["proves"], true);
        let now = asking.get(&format!("/api/v1/audit/checkpoint?since={}", old.size)).json();
        let hashes: Vec<[u8; 32]> = now["hashes"].as_array().unwrap().iter()
            .map(|hash| STANDARD.decode(hash.as_str().unwrap()).unwrap().try_into().unwrap()).collect();
        let trust = world.core.audit.trust();
        let new = verify_note(now["checkpoint"].as_str().unwrap(), &trust.key, &trust.origin).unwrap();
        assert_eq!(verify_consistency(old.size, &old.root, new.size, &new.root, &hashes), Ok(()));
        for missing in ["/api/v1/audit/entries/100000", "/api/v1/audit/entries/007", "/api/v1/audit/entries/x"] {
            assert_eq!(asking.get(missing).status, 404, "{missing}");
        }
        assert_eq!(asking.get("/api/v1/audit/checkpoint?since=100000").status, 404);
    }

    async fn a_verification_runs_beside_the_service_and_is_written_down(world: World) {
        let cast = Cast::of(&world).await;
        cast.act(&world, 0).await;
        let auditor = world.someone(Role::Auditor, "Kenya", None).await;
        let asking = Asking::of(&world, &auditor).await;
        assert_eq!(asking.get("/api/v1/audit/verification").json()["state"], "never");
        let begun = asking.site.send("POST", "/api/v1/audit/verification", Some(&asking.token), None);
        assert_eq!(begun.status, 202);
        let ended = loop {
            let now = asking.get("/api/v1/audit/verification").json();
            if now["state"] != "running" {
                break now;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        };
        assert_eq!(ended["state"], "clean", "{ended}");
        let own = asking.entries("/api/v1/audit/by-account", json!({"account": auditor.account.to_string()}));
        let details: Vec<_> = own.iter().map(|entry| entry["detail"].as_str().unwrap_or_default()).collect();
        assert!(details.starts_with(&["verified_clean", "verification_begun"]), "{details:?}");
    }

    async fn only_the_officer_of_the_own_society_can_tell_a_person_who_opened_their_file(world: World) {
        let cast = Cast::of(&world).await;
        let (ours, _) = person(&world, cast.caseworker.society, false).await;
        let (theirs, _) = person(&world, cast.reviewer.society, false).await;
        let (hidden, _) = person(&world, cast.caseworker.society, true).await;
        let may = cast.caseworker.may::<ReadPerson>();
        world.core.audit.look(&may, |e| e.about_all([ours, hidden]).opening(may.classes())).await.unwrap();
        let officer = world.someone(Role::DataProtectionOfficer, "Kenya", None).await;
        let asking = Asking::of(&world, &officer).await;
        let path = "/api/v1/file-accesses";

        let told = asking.entries(path, json!({"person": ours.to_string()}));
        assert_eq!((told.len(), &told[0]["role"]), (1, &json!("caseworker")));
        assert!(told[0].get("login").is_none() && told[0].get("subjects").is_none());
        let nobody = PersonId::new(world.clock.as_ref(), &world.core.chance);
        let unknown = asking.post(path, json!({"person": nobody.to_string()}));
        assert_eq!(unknown.status, 404);
        for other in [theirs, hidden] {
            let answer = asking.post(path, json!({"person": other.to_string()}));
            assert_eq!((answer.status, answer.body), (unknown.status, unknown.body.clone()));
        }
        let account = officer.account;
        world.core.db.write(move |tx| {
            diesel::insert_into(assignments::table)
                .values((assignments::subject_id.eq(RawId(hidden.uuid())), assignments::account_id.eq(account), assignments::since.eq(0)))
                .execute(tx)?;
            Ok::<_, DbError>(())
        }).await.unwrap();
        assert_eq!(asking.entries(path, json!({"person": hidden.to_string()})).len(), 1);
    }

    async fn nobody_else_reads_the_log_and_bad_questions_name_what_is_wrong(world: World) {
        for role in [Role::Intake, Role::Caseworker, Role::Reviewer, Role::ProtectionOfficer, Role::DataProtectionOfficer, Role::Administrator] {
            let point = (role == Role::Intake).then_some("Kakuma");
            let asking = Asking::of(&world, &world.someone(role, "Kenya", point).await).await;
            assert_eq!(asking.get("/api/v1/audit/entries/0").status, 403, "{role}");
            assert_eq!(asking.post("/api/v1/audit/by-time", json!({})).status, 403, "{role}");
            assert_eq!(asking.get("/api/v1/audit/verification").status, 403, "{role}");
        }
        let asking = Asking::of(&world, &world.someone(Role::Auditor, "Kenya", None).await).await;
        for (path, body, field) in [
            ("about-person", json!({"person": "Amina"}), "person"),
            ("about-person", json!({"person": "per_00000000000070008000000000000000", "after": "x"}), "after"),
            ("about-person", json!({"name": "Amina"}), "name"),
            ("by-account", json!({"account": ""}), "account"),
            ("by-account", json!({"account": "a\u{0}b"}), "account"),
            ("by-time", json!({"from": "2026-13-01", "until": "2026-01-01"}), "from"),
            ("by-time", json!({"from": "2026-02-01", "until": "2026-01-01"}), "until"),
        ] {
            let answer = asking.post(&format!("/api/v1/audit/{path}"), body);
            assert_eq!(answer.status, 422, "{}", answer.body);
            assert_eq!(answer.json()["problems"][0]["field"], field, "{}", answer.body);
        }
    }

    async fn when_the_log_cannot_be_written_it_is_not_read_either(world: World) {
        let cast = Cast::of(&world).await;
        cast.act(&world, 0).await;
        let asking = Asking::of(&world, &world.someone(Role::Auditor, "Kenya", None).await).await;
        fill_the_disk(&world);
        let account = cast.caseworker.account.to_string();
        for answer in [
            asking.post("/api/v1/audit/by-account", json!({"account": account})),
            asking.post("/api/v1/audit/about-person", json!({"person": cast.people[0].to_string()})),
            asking.post("/api/v1/audit/by-time", json!({"from": "2026-01-01", "until": "2026-12-31"})),
            asking.get("/api/v1/audit/entries/0"),
            asking.get("/api/v1/audit/entries/0/proof"),
            asking.site.send("POST", "/api/v1/audit/verification", Some(&asking.token), None),
        ] {
            assert_eq!(answer.status, 503, "{}", answer.body);
            assert!(!answer.body.contains("acc_"), "{}", answer.body);
        }
        assert_eq!(asking.get("/api/v1/audit/verification").json()["state"], "never");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_entry_is_shown_as_altered() {
    let world = World::on_sqlite().await;
    let cast = Cast::of(&world).await;
    cast.act(&world, 0).await;
    world
        .core
        .db
        .write(|tx| {
            diesel::sql_query("DROP TRIGGER audit_leaves_no_update").execute(tx)?;
            diesel::update(audit_leaves::table.find(0))
                .set(audit_leaves::bytes.eq(b"{}".to_vec()))
                .execute(tx)?;
            Ok::<_, DbError>(())
        })
        .await
        .unwrap();
    let asking = Asking::of(&world, &world.someone(Role::Auditor, "Kenya", None).await).await;
    let shown = asking.get("/api/v1/audit/entries/0").json();
    assert_eq!((&shown["entry"]["intact"], &shown["proof"]["proves"]), (&json!(false), &json!(false)));
}
