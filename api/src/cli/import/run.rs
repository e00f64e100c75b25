//! The loop of every import: read, parse in parallel, store batch by batch, remember how far.
//!
//! ```text
//! file ─► units of records ─ rayon ─► sealed rows │ problems ─► one at a time:  problems to disk
//!                                     (at most three batches in memory)         one transaction { run moved on, rows, leaf }
//! ```
//! Reading, checking and sealing take most of the time and need no database, so the next batch is made on all cores
//! while one is written; a running service that waits for the database has its turns in between.
//!
//! A kill at any moment leaves a whole number of batches behind, and the run says how many.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;

use super::reader::{self, Reader, Record};
use super::report::{Problem, Report};
use super::store::{self, Run};
use crate::auth::Core;
use crate::cli::CliError;
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, SocietyId};
use crate::policy::{ImportRecords, May};
use crate::vault::Owner;

/// Records in one transaction, about. A group of records that belong together is never divided.
const BATCH: usize = 250;
/// How often a batch is tried while a running service holds the database.
const TRIES: u32 = 10;

/// What an import of one kind makes of its records.
pub(super) trait Intake: Sync {
    const KIND: &'static str;
    /// The word in the audit leaf.
    const DEED: &'static str;
    type Item: Send;

    fn columns(&self) -> Vec<&'static str>;

    /// Whether a record belongs to the one before it.
    fn joins(&self, before: &Record, next: &Record) -> bool;

    /// Parses and seals what belongs together. Called on several threads at once.
    ///
    /// # Errors
    /// Nothing of this file can be sealed, such as for want of a key.
    fn read(&self, unit: Vec<Record>) -> Result<Reading<Self::Item>, ApiError>;

    /// Writes a batch and names everybody it is about.
    ///
    /// # Errors
    /// The database's: then nothing of the batch is stored.
    fn store(&self, tx: &mut Conn, items: &[Self::Item]) -> Result<Vec<Owner>, DbError>;
}

/// What became of one unit of records.
pub(super) struct Reading<T> {
    pub(super) item: Option<T>,
    /// Records in the item.
    pub(super) taken: u64,
    pub(super) refused: u64,
    pub(super) problems: Vec<Problem>,
}

impl<T> Reading<T> {
    fn unreadable(refused: reader::Refused) -> Self {
        let problem = Problem { line: refused.line, column: String::new(), reason: refused.reason };
        Self { item: None, taken: 0, refused: 1, problems: vec![problem] }
    }
}

/// One file on its way into one society.
pub(super) struct Job<'a> {
    pub(super) core: &'a Core,
    pub(super) may: May<ImportRecords>,
    pub(super) society: SocietyId,
    pub(super) file: &'a Path,
    pub(super) report: Option<PathBuf>,
    pub(super) again: bool,
}

/// How a run ended.
pub(super) enum Ended {
    /// This file was imported before.
    Before(Run),
    Now {
        run: Run,
        resumed: bool,
        report: PathBuf,
    },
}

struct Batch<T> {
    items: Vec<T>,
    problems: Vec<Problem>,
    taken: u64,
    refused: u64,
    line: u64,
    bytes: u64,
    /// The file cannot be read beyond this batch.
    broken: bool,
}

/// Imports a file, or goes on where a killed import of it stopped.
pub(super) fn run<I: Intake>(job: &Job<'_>, intake: &I) -> Result<Ended, CliError> {
    let source = reader::survey(job.file)?;
    let mut run = match pick(job, I::KIND, &source.digest)? {
        run if run.finished => return Ok(Ended::Before(run)),
        run => run,
    };
    let resumed = run.lines > 0;
    let path = job.report.clone().unwrap_or_else(|| Report::beside(job.file));
    let (mut report, told) = Report::open(path, run.lines)?;
    if told < run.refused {
        eprintln!(
            "relink: the report of refused rows is gone; of those before line {} it names {told} of {}",
            run.lines, run.refused
        );
    }
    let reader = Reader::open(job.file, &intake.columns())?;
    let bar = progress(source.bytes, &run);
    let (send, receive) = sync_channel(1);
    let done = run.lines;
    std::thread::scope(|scope| {
        scope.spawn(move || produce(reader, intake, done, &send));
        for batch in receive {
            let batch = batch?;
            report.write(&batch.problems)?;
            let broken = batch.broken;
            run = put(job, intake, &run, batch)?;
            bar.set_position(run.bytes);
            bar.set_message(format!("{} taken, {} refused", run.taken, run.refused));
            if broken {
                return Err(CliError::new(format!(
                    "the file cannot be read after line {}; what came before is stored, and the same command goes on",
                    run.lines
                )));
            }
        }
        Ok(())
    })?;
    let finished = Run { finished: true, touched: job.core.clock.now(), ..run.clone() };
    commit(job, |tx| {
        job.core
            .audit
            .append(tx, &job.may, |e| e.on(run.id).detail("import_finished").counting(finished.taken))?;
        moved(store::advance(tx, &run, &finished)?)
    })?;
    bar.finish_and_clear();
    Ok(Ended::Now { run: finished, resumed, report: report.path().to_owned() })
}

/// The newest run of this file, or a new one. The tag tells nothing about the file to whoever lacks the root key.
fn pick(job: &Job<'_>, kind: &str, digest: &[u8; 32]) -> Result<Run, CliError> {
    let core = job.core;
    let key = core.vault.derive("relink import source tag 1").map_err(ApiError::from)?;
    let tag = |time: u32| {
        let society = job.society.bytes();
        let parts = crypto::derive::frame(&[kind.as_bytes(), &society, digest, &time.to_be_bytes()]);
        crypto::derive::hmac_sha256(key.expose(), &parts)
    };
    let mut newest = None;
    let mut time = 0;
    while let Some(run) = core.db.read_here(|conn| store::find(conn, &tag(time)))? {
        newest = Some(run);
        time += 1;
    }
    match newest {
        Some(run) if !(run.finished && job.again) => Ok(run),
        _ => commit(job, |tx| {
            let run = store::begin(tx, core, &tag(time), job.society, kind)?;
            core.audit.append(tx, &job.may, |e| e.on(run.id).detail("import_begun"))?;
            Ok(run)
        }),
    }
}

fn produce<I: Intake>(
    mut reader: Reader,
    intake: &I,
    done: u64,
    send: &SyncSender<Result<Batch<I::Item>, ApiError>>,
) {
    let mut next = reader.next();
    loop {
        let mut units: Vec<Result<Vec<Record>, reader::Refused>> = Vec::new();
        let (mut records, mut line) = (0, 0);
        while let Some(read) = next.take() {
            let at = read.as_ref().map_or_else(|refused| refused.line, |record| record.line);
            if at > done {
                let joined = match (&read, units.last()) {
                    (Ok(record), Some(Ok(unit))) => {
                        unit.last().is_some_and(|before| intake.joins(before, record))
                    }
                    _ => false,
                };
                if records >= BATCH && !joined {
                    next = Some(read);
                    break;
                }
                (records, line) = (records + 1, at);
                match (read, units.last_mut()) {
                    (Ok(record), Some(Ok(unit))) if joined => unit.push(record),
                    (read, _) => units.push(read.map(|record| vec![record])),
                }
            }
            next = reader.next();
        }
        let broken = next.is_none() && reader.broken();
        if records == 0 && !broken {
            return;
        }
        let batch = gather(intake, units, line.max(done), reader.bytes(), broken);
        let failed = batch.is_err();
        // Nobody takes it any more: the import has failed and said so.
        if send.send(batch).is_err() || failed || next.is_none() {
            return;
        }
    }
}

fn gather<I: Intake>(
    intake: &I,
    units: Vec<Result<Vec<Record>, reader::Refused>>,
    line: u64,
    bytes: u64,
    broken: bool,
) -> Result<Batch<I::Item>, ApiError> {
    let readings: Vec<Reading<I::Item>> = units
        .into_par_iter()
        .map(|unit| match unit {
            Ok(records) => intake.read(records),
            Err(refused) => Ok(Reading::unreadable(refused)),
        })
        .collect::<Result<_, _>>()?;
    let mut batch =
        Batch { items: Vec::new(), problems: Vec::new(), taken: 0, refused: 0, line, bytes, broken };
    for reading in readings {
        batch.items.extend(reading.item);
        batch.problems.extend(reading.problems);
        batch.taken += reading.taken;
        batch.refused += reading.refused;
    }
    Ok(batch)
}

fn put<I: Intake>(job: &Job<'_>, intake: &I, held: &Run, batch: Batch<I::Item>) -> Result<Run, CliError> {
    let core = job.core;
    let next = Run {
        lines: batch.line,
        bytes: batch.bytes,
        taken: held.taken + batch.taken,
        refused: held.refused + batch.refused,
        touched: core.clock.now(),
        ..held.clone()
    };
    commit(job, |tx| {
        // First, so that a second import of the same file waits here and then stores nothing.
        moved(store::advance(tx, held, &next)?)?;
        if !batch.items.is_empty() {
            let subjects = intake.store(tx, &batch.items)?;
            core.audit.append(tx, &job.may, |e| {
                e.on(held.id).about_all(subjects).detail(I::DEED).counting(batch.taken)
            })?;
        }
        Ok(())
    })?;
    core.changes.wake();
    Ok(next)
}

fn moved(moved: bool) -> Result<(), DbError> {
    let other = "another import of this file is running; nothing of this batch was stored twice";
    if moved { Ok(()) } else { Err(DbError::Refused(ApiError::Conflict("import_running", other))) }
}

/// One write transaction, tried again while the database is busy with somebody else's.
fn commit<T>(job: &Job<'_>, work: impl Fn(&mut Conn) -> Result<T, DbError>) -> Result<T, CliError> {
    for _ in 1..TRIES {
        match job.core.db.write_here(&work) {
            Err(DbError::Unavailable) => std::thread::sleep(Duration::from_millis(500)),
            done => return Ok(done?),
        }
    }
    let outcome = job.core.db.write_here(&work);
    outcome.map_err(|e| match e {
        DbError::Unavailable => {
            CliError::new("the database is away or busy; the same command goes on where this one stopped")
        }
        other => other.into(),
    })
}

/// Hidden when nobody looks.
fn progress(bytes: u64, run: &Run) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}  {eta} left") {
        bar.set_style(style);
    }
    bar.set_position(run.bytes);
    bar
}
