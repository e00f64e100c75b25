//! Every checkpoint that anybody kept, against the tree at its size: database and folder are followed in step with the
//! leaves, so their number does not matter.

use std::collections::VecDeque;

use crypto::merkle::Frontier;
use crypto::note::{Checkpoint, verifier_key, verify_note};
use diesel::prelude::*;
use migrations::schema::audit_checkpoints;

use super::super::folder::Folder;
use super::{Finding, Report, Stop, Trust, Whence, of_table};
use crate::db::{Conn, DbError};

/// Checkpoints read from the database at once.
const ROWS: i64 = 500;

/// What stood in the folder when verification began.
#[derive(Default)]
pub(super) struct Outside {
    folder: Option<Folder>,
    verifier_key: Option<String>,
    latest: Option<String>,
    newest: Option<String>,
    sizes: VecDeque<i64>,
}

impl Outside {
    pub(super) fn read(folder: Option<&Folder>) -> Result<Self, DbError> {
        let Some(folder) = folder else { return Ok(Self::default()) };
        Self::read_folder(folder).map_err(|e| {
            tracing::error!(kind = ?e.kind(), "the checkpoint folder cannot be read");
            DbError::Unavailable
        })
    }

    fn read_folder(folder: &Folder) -> std::io::Result<Self> {
        let sizes = folder.sizes()?;
        Ok(Self {
            verifier_key: folder.verifier_key()?,
            latest: folder.latest()?,
            newest: sizes.last().map(|size| folder.note(*size)).transpose()?.flatten(),
            sizes: sizes.into_iter().map(|size| i64::try_from(size).unwrap_or(i64::MAX)).collect(),
            folder: Some(folder.clone()),
        })
    }

    /// Whether the newest checkpoint has arrived everywhere.
    pub(super) fn is_settled(&self, conn: &mut Conn) -> Result<bool, DbError> {
        let Some(size) = self.sizes.back() else { return Ok(self.latest.is_none()) };
        let held: i64 =
            audit_checkpoints::table.filter(audit_checkpoints::size.eq(size)).count().get_result(conn)?;
        Ok(self.latest == self.newest && held > 0)
    }
}

pub(super) struct Checkpoints<'a> {
    trust: &'a Trust,
    folder: Option<Folder>,
    files: VecDeque<i64>,
    rows: VecDeque<(i64, String)>,
    last_row: Option<i64>,
    /// `latest` and those brought along, by size.
    others: VecDeque<(Whence, Checkpoint)>,
}

impl<'a> Checkpoints<'a> {
    pub(super) fn open(
        conn: &mut Conn,
        trust: &'a Trust,
        outside: Outside,
        report: &mut Report,
    ) -> Result<Self, Stop> {
        let mut all = Self {
            trust,
            folder: outside.folder,
            files: outside.sizes,
            rows: VecDeque::new(),
            last_row: None,
            others: VecDeque::new(),
        };
        all.refill(conn)?;
        if all.folder.is_some() {
            let trusted = verifier_key(&trust.origin, &trust.key).map(|line| line + "\n").ok();
            if trusted.is_none() || outside.verifier_key != trusted {
                report.find(Finding::OtherVerifierKey);
            }
            if outside.latest.is_none() && all.files.is_empty() && !all.rows.is_empty() {
                report.find(Finding::NothingOutside);
            }
            if outside.latest != outside.newest {
                let size = all.files.back().copied().unwrap_or_default();
                report.find(Finding::LatestReplaced { size });
            }
        }
        let latest = outside.latest.map(|note| (Whence::Latest, note));
        let witnessed = trust.witnessed.iter().map(|note| (Whence::Witness, note.clone()));
        let mut others = Vec::new();
        for (whence, note) in latest.into_iter().chain(witnessed) {
            match verify_note(&note, &trust.key, &trust.origin) {
                Ok(checkpoint) => others.push((whence, checkpoint)),
                Err(_) => report.find(Finding::CheckpointInvalid { whence, size: 0 }),
            }
        }
        others.sort_by_key(|(_, checkpoint)| checkpoint.size);
        all.others = others.into();
        Ok(all)
    }

    fn refill(&mut self, conn: &mut Conn) -> Result<(), Stop> {
        let mut query = audit_checkpoints::table.order(audit_checkpoints::size).limit(ROWS).into_boxed();
        if let Some(last) = self.last_row {
            query = query.filter(audit_checkpoints::size.gt(last));
        }
        let rows: Vec<(i64, String)> = query.load(conn).map_err(of_table("audit_checkpoints"))?;
        self.last_row = rows.last().map(|(size, _)| *size).or(self.last_row);
        self.rows = rows.into();
        Ok(())
    }

    fn next_row(&mut self, conn: &mut Conn, up_to: i64) -> Result<Option<(i64, String)>, Stop> {
        let row = take_if(&mut self.rows, |(size, _)| *size <= up_to);
        if row.is_some() && self.rows.is_empty() {
            self.refill(conn)?;
        }
        Ok(row)
    }

    /// Compares every checkpoint of this size.
    pub(super) fn compare(
        &mut self,
        conn: &mut Conn,
        size: i64,
        tree: Option<&Frontier>,
        report: &mut Report,
    ) -> Result<(), Stop> {
        let mut stored = false;
        while let Some((at, note)) = self.next_row(conn, size)? {
            stored |= at == size;
            self.check_note(Whence::Database, at, &note, size, tree, report);
        }
        while take_if(&mut self.files, |file| *file <= size).is_some() {
            self.check_file(size, size, tree, report);
            if !stored {
                report.find(Finding::CheckpointRemoved { size });
            }
        }
        let reached = |(_, other): &(Whence, Checkpoint)| i64::try_from(other.size).is_ok_and(|s| s <= size);
        while let Some((whence, checkpoint)) = take_if(&mut self.others, reached) {
            self.check(whence, size, &checkpoint, size, tree, report);
        }
        Ok(())
    }

    /// What is left knows more than the log, or cannot be compared because the log has gaps.
    pub(super) fn finish(mut self, conn: &mut Conn, leaves: i64, report: &mut Report) -> Result<(), Stop> {
        while let Some((at, note)) = self.next_row(conn, i64::MAX)? {
            self.check_note(Whence::Database, at, &note, leaves, None, report);
        }
        while let Some(at) = self.files.pop_front() {
            self.check_file(at, leaves, None, report);
        }
        while let Some((whence, checkpoint)) = self.others.pop_front() {
            let at = i64::try_from(checkpoint.size).unwrap_or(i64::MAX);
            self.check(whence, at, &checkpoint, leaves, None, report);
        }
        Ok(())
    }

    fn check_file(&self, at: i64, leaves: i64, tree: Option<&Frontier>, report: &mut Report) {
        let read = self.folder.as_ref().and_then(|folder| folder.note(at.unsigned_abs()).ok().flatten());
        self.check_note(Whence::Folder, at, &read.unwrap_or_default(), leaves, tree, report);
    }

    fn check_note(
        &self,
        whence: Whence,
        at: i64,
        note: &str,
        leaves: i64,
        tree: Option<&Frontier>,
        report: &mut Report,
    ) {
        match verify_note(note, &self.trust.key, &self.trust.origin) {
            // The log never signs an empty tree.
            Ok(checkpoint) if checkpoint.size > 0 => {
                self.check(whence, at, &checkpoint, leaves, tree, report)
            }
            _ => report.find(Finding::CheckpointInvalid { whence, size: at }),
        }
    }

    fn check(
        &self,
        whence: Whence,
        at: i64,
        checkpoint: &Checkpoint,
        leaves: i64,
        tree: Option<&Frontier>,
        report: &mut Report,
    ) {
        report.checkpoints += 1;
        if i64::try_from(checkpoint.size) != Ok(at) {
            report.find(Finding::CheckpointMoved { whence, size: at, says: checkpoint.size });
        } else if at > leaves {
            report.find(Finding::CheckpointBeyond { whence, size: at, leaves });
        } else {
            match tree {
                None => report.find(Finding::CheckpointUnprovable { whence, size: at }),
                Some(tree) if tree.root() != checkpoint.root => {
                    report.find(Finding::CheckpointForked { whence, size: at });
                }
                Some(_) => {}
            }
        }
    }
}

fn take_if<T>(queue: &mut VecDeque<T>, wanted: impl Fn(&T) -> bool) -> Option<T> {
    if queue.front().is_some_and(wanted) { queue.pop_front() } else { None }
}
