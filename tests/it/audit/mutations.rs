//! Whatever is done to the log, verification finds it: thousands of seeded attempts, each on the real tables, each taken
//! back afterwards.

use std::fs;
use std::path::Path;

use api::audit::{Finding, Folder, Report, Trust, Whence, verify_view};
use api::db::schema::audit_leaves;
use api::db::{Conn, DbError};
use api::kernel::Chance;
use api::vault::store;
use crypto::SigningKey;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use migrations::db::{connect, write_tx};
use tests::world::World;

use super::Cast;
use super::tampering::{Log, Row, Scene, WAYS, Way, edit_entry_well, fork_with_key};

/// Checkpoints after these rounds of four entries; entries after the last one are not yet signed.
const SIGNED_AFTER: [usize; 5] = [2, 5, 8, 12, 15];
const ROUNDS: usize = 17;

/// A transaction always taken back, and what was seen in it.
enum Undone {
    Seen(Box<Report>),
    Failed(String),
}

impl From<diesel::result::Error> for Undone {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<DbError> for Undone {
    fn from(error: DbError) -> Self {
        Self::Failed(format!("{error:?}"))
    }
}

struct Bench {
    conn: Conn,
    log: Log,
    trust: Trust,
    /// The true folder, copied for every attempt.
    folder: tempfile::TempDir,
    witness: String,
    _worlds: [World; 2],
}

impl Bench {
    /// `address` gives the database to work on: one that the service does not write to meanwhile, or does not mind.
    async fn of(world: World, stranger: World, address: impl FnOnce(&World) -> String) -> Self {
        let mut sizes = Vec::new();
        // Both worlds begin with the same dice; this one rolls on.
        stranger.core.chance.bytes::<64>();
        let cast = Cast::of(&world).await;
        let other_cast = Cast::of(&stranger).await;
        for round in 0..ROUNDS {
            cast.act(&world, round).await;
            other_cast.act(&stranger, round).await;
            if SIGNED_AFTER.contains(&(round + 1)) {
                sizes.push(world.core.audit.checkpoint_now().unwrap().unwrap().checkpoint.size);
            }
        }
        let folder = tempfile::tempdir().unwrap();
        copy(&world.folder().join("checkpoints"), folder.path());
        let witness = fs::read_to_string(folder.path().join(sizes[1].to_string())).unwrap();
        let vault = world.core.vault.clone();
        let key = world
            .core
            .db
            .read(move |conn| store::held_secret(conn, &vault, "audit signing key"))
            .await
            .unwrap()
            .unwrap();
        let key = SigningKey::from_bytes(key.expose().as_slice().try_into().unwrap());
        let mut conn = connect(&address(&world)).unwrap();
        drop_triggers(&mut conn);
        let rows = leaves(&mut conn);
        let others = leaves(&mut connect(&stranger.core.config.database.url).unwrap());
        let trust = world.core.audit.trust();
        let log = Log {
            origin: trust.origin.clone(),
            key,
            rows,
            sizes,
            others: others.into_iter().map(|row| row.5).collect(),
        };
        Self { conn, log, trust, folder, witness, _worlds: [world, stranger] }
    }

    fn clean(&mut self) {
        let trust = Trust { folder: Some(Folder::at(self.folder.path())), ..self.trust.clone() };
        let report = verify_view(&mut self.conn, &trust, &mut |_| {}).unwrap();
        assert!(report.is_clean(), "{:?}", report.findings);
        assert_eq!(report.leaves as usize, self.log.rows.len());
    }

    /// One attempt with everything it can reach, seen by the verifier, and taken back.
    fn attempt(&mut self, number: usize) -> Report {
        let (_, way) = WAYS[number % WAYS.len()];
        let witnessed = vec![self.witness.clone()];
        self.attempt_with(way, number, witnessed)
    }

    fn attempt_with(&mut self, way: Way, number: usize, witnessed: Vec<String>) -> Report {
        let folder = tempfile::tempdir().unwrap();
        copy(self.folder.path(), folder.path());
        let trust = Trust { folder: Some(Folder::at(folder.path())), witnessed, ..self.trust.clone() };
        let log = &self.log;
        let undone = write_tx(&mut self.conn, |conn| {
            let dice = Chance::seeded(number as u64);
            way(&mut Scene { conn: &mut *conn, folder: folder.path(), dice, log });
            let report = verify_view(conn, &trust, &mut |_| {})?;
            Err::<(), _>(Undone::Seen(Box::new(report)))
        });
        match undone {
            Err(Undone::Seen(report)) => *report,
            Err(Undone::Failed(why)) => panic!("attempt {number}: {why}"),
            Ok(()) => unreachable!("every attempt is taken back"),
        }
    }

    fn find_all(mut self, attempts: usize) {
        self.clean();
        let mut missed = Vec::new();
        for number in 0..attempts {
            if self.attempt(number).is_clean() {
                missed.push(format!("{number}: {}", WAYS[number % WAYS.len()].0));
            }
            if number % 250 == 249 {
                self.clean();
            }
        }
        self.clean();
        assert!(missed.is_empty(), "{} of {attempts} not found:\n{}", missed.len(), missed.join("\n"));
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

fn leaves(conn: &mut Conn) -> Vec<Row> {
    audit_leaves::table.order(audit_leaves::seq).load(conn).unwrap()
}

/// Whoever owns the database owns its triggers.
fn drop_triggers(conn: &mut Conn) {
    for table in ["leaves", "nodes", "subjects", "checkpoints"] {
        let sql = match &conn {
            Conn::Sqlite(_) => {
                format!("DROP TRIGGER audit_{table}_no_update; DROP TRIGGER audit_{table}_no_delete;")
            }
            Conn::Postgres(_) => format!("DROP TRIGGER audit_{table}_fixed ON audit_{table};"),
        };
        conn.batch_execute(&sql).unwrap();
    }
}

async fn on_a_stolen_copy() -> Bench {
    let (world, stranger) = (World::on_sqlite().await, World::on_sqlite().await);
    Bench::of(world, stranger, |world| {
        let copy = world.folder().join("stolen.sqlite");
        let mut conn = connect(&world.core.config.database.url).unwrap();
        conn.batch_execute(&format!("VACUUM INTO '{}'", copy.display())).unwrap();
        format!("sqlite:{}", copy.display())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_one_of_2100_mutations_is_found_on_sqlite() {
    let bench = on_a_stolen_copy().await;
    tokio::task::spawn_blocking(move || bench.find_all(2100)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thorough_thief_is_found_for_the_right_reason() {
    let mut bench = on_a_stolen_copy().await;
    let (witness, size) = (bench.witness.clone(), i64::try_from(bench.log.sizes[1]).unwrap());
    for number in 0..40 {
        // The entry fits all that stands beside it: only the tree above it tells.
        let edited = bench.attempt_with(edit_entry_well, number, Vec::new());
        let above = |finding: &Finding| {
            matches!(
                finding,
                Finding::NodeWrong { .. } | Finding::HeadHashes | Finding::CheckpointForked { .. }
            )
        };
        assert!(edited.findings.iter().all(above), "{:?}", edited.findings);

        // Who holds the key can write a history in perfect order: only an older checkpoint kept elsewhere tells.
        let perfect = bench.attempt_with(fork_with_key, number, Vec::new());
        assert!(perfect.is_clean(), "{:?}", perfect.findings);
        let witnessed = bench.attempt_with(fork_with_key, number, vec![witness.clone()]);
        assert_eq!(witnessed.findings, [Finding::CheckpointForked { whence: Whence::Witness, size }]);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; tests/run starts one"]
async fn every_one_of_300_mutations_is_found_on_postgres() {
    let (world, stranger) = (World::on_postgres().await, World::on_sqlite().await);
    let bench = Bench::of(world, stranger, |world| world.core.config.database.url.clone()).await;
    tokio::task::spawn_blocking(move || bench.find_all(300)).await.unwrap();
}
