//! Verification: everything recomputed from the leaves' bytes, in bounded memory, and compared with all that is stored
//! beside them and signed about them.
//!
//! ```text
//! leaves ─ canonical? in order? ─► columns, subjects ─► tree ─► nodes, head
//!                                                         └──► every checkpoint: database, folder, witness
//! ```
//! What it cannot see: leaves cut off after the newest checkpoint that anybody kept (ten seconds at most), and a
//! history rewritten whole by somebody who holds the signing key, unless a checkpoint from before is brought along.

mod checkpoints;
mod finding;
mod leaves;
mod subjects;
mod tree;

use std::time::Duration;

use crypto::VerifyingKey;
use crypto::merkle::{Frontier, Hash};

use super::folder::Folder;
use crate::db::{Conn, Db, DbError};
use checkpoints::Checkpoints;

pub use finding::{Finding, Whence};

/// Findings listed in one report; the rest are counted.
const MOST_FINDINGS: usize = 200;
/// Leaves read at once.
const BATCH: i64 = 512;

/// What is trusted, and what is brought along to compare with.
#[derive(Clone, Debug)]
pub struct Trust {
    pub key: VerifyingKey,
    /// The log's name, which is also the name of its key.
    pub origin: String,
    pub folder: Option<Folder>,
    /// Older checkpoints kept elsewhere, as text.
    pub witnessed: Vec<String>,
}

/// What was looked at and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub leaves: u64,
    /// Over all leaves; absent when leaves are missing.
    pub root: Option<Hash>,
    pub checkpoints: u64,
    pub findings: Vec<Finding>,
    /// Findings past those listed.
    pub more: u64,
}

impl Report {
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    fn find(&mut self, finding: Finding) {
        if self.findings.len() < MOST_FINDINGS { self.findings.push(finding) } else { self.more += 1 }
    }
}

/// How far verification has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Progress {
    pub done: u64,
    pub of: u64,
}

/// Verifies a log that may be in use meanwhile.
///
/// # Errors
/// The database's, or the checkpoint folder cannot be read: then nothing is said about the log.
pub fn verify(db: &Db, trust: &Trust, progress: &mut dyn FnMut(Progress)) -> Result<Report, DbError> {
    // Checkpoints first, then one view of the log: so no checkpoint can be newer than the view.
    let outside = settle(db, trust)?;
    db.read_here(|conn| migrations::db::read_tx(conn, |conn| run(conn, trust, outside, progress)))
}

/// Verifies what one connection sees, inside a transaction of the caller's.
///
/// # Errors
/// As [`verify`].
pub fn verify_view(
    conn: &mut Conn,
    trust: &Trust,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, DbError> {
    let outside = checkpoints::Outside::read(trust.folder.as_ref())?;
    run(conn, trust, outside, progress)
}

/// A running signer publishes in three steps; between them its newest checkpoint must not look like a fault.
fn settle(db: &Db, trust: &Trust) -> Result<checkpoints::Outside, DbError> {
    for _ in 0..15 {
        let outside = checkpoints::Outside::read(trust.folder.as_ref())?;
        if db.read_here(|conn| outside.is_settled(conn))? {
            return Ok(outside);
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    checkpoints::Outside::read(trust.folder.as_ref())
}

fn run(
    conn: &mut Conn,
    trust: &Trust,
    outside: checkpoints::Outside,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, DbError> {
    let mut report = Report::default();
    let result = walk(conn, trust, outside, progress, &mut report);
    match result {
        // A row that is not what the schema says was not written by the log.
        Err(Stop::Unreadable(table)) => {
            report.find(Finding::Unreadable { table });
            Ok(report)
        }
        Err(Stop::Failed(error)) => Err(error),
        Ok(()) => Ok(report),
    }
}

/// Why the walk ended early.
enum Stop {
    Unreadable(&'static str),
    Failed(DbError),
}

/// Names the table in which a row could not be read.
fn of_table(table: &'static str) -> impl Fn(diesel::result::Error) -> Stop {
    move |error| match error {
        diesel::result::Error::DeserializationError(_) => Stop::Unreadable(table),
        other => Stop::Failed(other.into()),
    }
}

fn walk(
    conn: &mut Conn,
    trust: &Trust,
    outside: checkpoints::Outside,
    progress: &mut dyn FnMut(Progress),
    report: &mut Report,
) -> Result<(), Stop> {
    let head = tree::head(conn, report)?;
    let of = head.as_ref().and_then(|head| u64::try_from(head.size).ok()).unwrap_or_default();
    let mut checkpoints = Checkpoints::open(conn, trust, outside, report)?;
    let (mut nodes, mut subjects) = (tree::Nodes::default(), subjects::Subjects::default());
    // None from the first gap on: without a leaf there is no tree above it.
    let mut frontier = Some(Frontier::new());
    let (mut after, mut expected) = (None, 0_i64);
    checkpoints.compare(conn, 0, frontier.as_ref(), report)?;
    loop {
        let batch = leaves::next(conn, after, BATCH)?;
        let Some(last) = batch.last() else { break };
        after = Some(last.seq);
        let mut checked = Vec::with_capacity(batch.len());
        let first = expected;
        for row in batch {
            if row.seq < expected {
                report.find(Finding::Stray { seq: row.seq });
                continue;
            }
            if row.seq > expected {
                report.find(Finding::Missing { from: expected, to: row.seq });
                frontier = None;
            }
            expected = row.seq.saturating_add(1);
            report.leaves += 1;
            checked.push(leaves::check(&row, report));
            if let Some(tree) = &mut frontier {
                nodes.expect(tree.append(crypto::merkle::leaf_hash(&row.bytes)));
                checkpoints.compare(conn, expected, Some(tree), report)?;
            }
        }
        subjects.compare(conn, &checked, report)?;
        if frontier.is_some() {
            nodes.compare(conn, first, expected, report)?;
        }
        progress(Progress { done: report.leaves, of: of.max(report.leaves) });
    }
    report.root = frontier.as_ref().map(Frontier::root);
    subjects.finish(conn, report)?;
    nodes.finish(conn, expected, frontier.is_some(), report)?;
    tree::compare_head(head, expected, frontier.as_ref(), report);
    checkpoints.finish(conn, expected, report)
}
