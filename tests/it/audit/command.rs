//! `relink audit verify` as an auditor runs it: a sentence and exit status 0 for a sound log, what was done to it and 1
//! for any other, and 2 with what is missing when nothing can be said.

use std::fs;

use api::db::Conn;
use api::policy::Role;
use diesel::connection::SimpleConnection;
use tests::postgres;
use tests::program::{Installation, Said};
use tests::world::World;

use crate::relink;

/// Accounts and sign-ins, signed for when the service ends; and a checkpoint from halfway, to be kept elsewhere.
async fn somebody_works(place: &Installation) -> String {
    let world = World::beside(place);
    let mut halfway = None;
    for _ in 0..2 {
        halfway = world.core.audit.checkpoint_now().unwrap();
        for _ in 0..3 {
            let somebody = world.someone(Role::Auditor, "Here", None).await;
            world.token(&somebody).await;
        }
    }
    halfway.expect("something was done by then").note
}

/// Somebody with the database in their hands, who leaves a copy of the log beside it to put everything back from.
fn tamper(place: &Installation, sql: &str) {
    let mut conn = migrations::db::connect(place.url()).unwrap();
    conn.batch_execute(sql).unwrap();
}

fn unlock(place: &Installation) {
    let sqlite = matches!(migrations::db::connect(place.url()).unwrap(), Conn::Sqlite(_));
    let drop = if sqlite {
        "DROP TRIGGER audit_leaves_no_update; DROP TRIGGER audit_leaves_no_delete;
         DROP TRIGGER audit_nodes_no_update; DROP TRIGGER audit_nodes_no_delete;"
    } else {
        "DROP TRIGGER audit_leaves_fixed ON audit_leaves; DROP TRIGGER audit_nodes_fixed ON audit_nodes;"
    };
    tamper(place, drop);
    tamper(place, "CREATE TABLE kept AS SELECT * FROM audit_leaves;");
}

const PUT_BACK: &str = "DELETE FROM audit_leaves; INSERT INTO audit_leaves SELECT * FROM kept;";

fn verify(place: &Installation, words: &[&str]) -> Said {
    place.run(&[&["audit", "verify"], words].concat())
}

/// Exit status 1, and a line that says what was found.
fn finds(place: &Installation, words: &[&str], expected: &str) {
    let said = verify(place, words);
    assert_eq!(said.status.code(), Some(1), "{}{}", said.out, said.err);
    let found = said.out.lines().any(|line| line.starts_with("FOUND") && line.contains(expected));
    assert!(found, "{expected:?} is not among:\n{}", said.out);
    assert!(!said.out.contains("Nothing found"), "{}", said.out);
}

/// Exit status 2, and why nothing can be said about the log.
fn cannot(place: &Installation, words: &[&str], expected: &str) {
    let said = verify(place, words);
    assert_eq!(said.status.code(), Some(2), "{}{}", said.out, said.err);
    assert!(said.err.contains("could not be verified") && said.err.contains(expected), "{}", said.err);
}

fn clean(place: &Installation, words: &[&str]) -> String {
    let said = verify(place, words);
    assert_eq!(said.status.code(), Some(0), "{}{}", said.out, said.err);
    assert!(
        said.out.contains("Nothing found: every entry, the tree and every checkpoint agree."),
        "{}",
        said.out
    );
    said.out
}

async fn story(place: Installation) {
    place.ready();
    let halfway = somebody_works(&place).await;
    let folder = place.folder().join("checkpoints");
    let older = place.folder().join("older").display().to_string();
    fs::write(&older, halfway).unwrap();
    let alone = clean(&place, &[]);
    let beside = clean(&place, &["--against", &older]);
    let compared = |said: &str| said.split(' ').nth(2).unwrap().parse::<u32>().unwrap();
    assert_eq!(compared(&beside), compared(&alone) + 1, "the older checkpoint was compared too");

    unlock(&place);
    tamper(&place, "UPDATE audit_leaves SET actor = 'system:nobody' WHERE seq = 3;");
    finds(&place, &[], "entry 3: the column actor");
    tamper(&place, PUT_BACK);
    tamper(&place, "UPDATE audit_leaves SET bytes = (SELECT bytes FROM kept WHERE seq = 4) WHERE seq = 5;");
    finds(&place, &[], "entry 5 was moved or swapped: it says it is entry 4");
    tamper(&place, PUT_BACK);
    tamper(&place, "DELETE FROM audit_leaves WHERE seq IN (6, 7);");
    finds(&place, &["--against", &older], "entries 6 to 7 are missing");
    tamper(&place, PUT_BACK);
    clean(&place, &["--against", &older]);

    // Cut off at the end, with a head that knows of nothing else: only signed checkpoints remember.
    tamper(&place, "DELETE FROM audit_leaves WHERE seq >= 8;");
    finds(&place, &[], "knows more than the 8 entries there are: the end of the log was cut off");
    finds(&place, &["--without-folder", "--against", &older], "(witness) knows more than the 8 entries");
    tamper(&place, PUT_BACK);

    let elsewhere = place.folder().join("elsewhere");
    fs::rename(&folder, &elsewhere).unwrap();
    cannot(&place, &[], "audit.checkpoints) is missing");
    let key = fs::read_to_string(elsewhere.join("verifier-key")).unwrap();
    // An auditor with a copy of the database, a checkpoint and the public key needs neither folder nor root key.
    fs::rename(place.folder().join("root.key"), place.folder().join("away")).unwrap();
    clean(&place, &["--without-folder", "--against", &older, "--key", key.trim()]);
    cannot(&place, &["--without-folder"], "root.key");
    fs::rename(place.folder().join("away"), place.folder().join("root.key")).unwrap();
    fs::create_dir(&folder).unwrap();
    finds(&place, &[], "holds no checkpoint, but the database does");
    fs::remove_dir(&folder).unwrap();
    fs::rename(&elsewhere, &folder).unwrap();

    let note = fs::read_to_string(&older).unwrap();
    fs::write(&older, note.replacen("relink.local", "other.local", 1)).unwrap();
    finds(&place, &["--against", &older], "(witness) is not one that the trusted key signed");
    cannot(&place, &["--against", "nowhere.note"], "nowhere.note cannot be read");
    cannot(&place, &["--key", "nonsense"], "--key takes");
    clean(&place, &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_says_what_it_finds_on_sqlite() {
    let place = Installation::on_sqlite(relink());
    cannot(&place, &["--without-folder"], "no database");
    assert!(!place.folder().join("relink.sqlite").exists(), "it only reads");
    story(place).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; tests/run starts one"]
async fn the_command_says_what_it_finds_on_postgres() {
    story(Installation::on_postgres(relink(), postgres::server())).await;
}
