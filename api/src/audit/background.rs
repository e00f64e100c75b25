//! What the log does by itself: checkpoints in time, and the verification somebody asked for.

use std::convert::Infallible;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use migrations::schema::audit_head;

use super::signer::{Refusal, Signed, Signer};
use super::verify::{Progress, Report};
use crate::db::{Db, DbError};
use crate::kernel::{ApiError, Timestamp};

/// How often the log's size is asked for.
const PULSE: Duration = Duration::from_secs(1);
/// So many new leaves call for a checkpoint at once,
const LEAVES: u64 = 256;
/// and a single one after this long.
const AGE: Duration = Duration::from_secs(10);
/// A refusal is said again and again, but not every second.
const REMINDER: Duration = Duration::from_secs(60);

/// Signs in time, and once more at the end: a service that was stopped in order leaves no unsigned leaf.
pub(super) struct Checkpointer {
    db: Db,
    signer: Arc<Signer>,
    refusal: Arc<Mutex<Option<Refusal>>>,
    running: Mutex<Option<Running>>,
}

struct Running {
    /// Dropped to stop the thread; nothing is ever sent.
    until: Sender<Infallible>,
    thread: JoinHandle<()>,
}

impl Checkpointer {
    pub(super) fn start(db: Db, signer: Arc<Signer>) -> Result<Self, ApiError> {
        let (running, stopped) = channel();
        let refusal = Arc::new(Mutex::new(None));
        let thread = {
            let (db, signer, refusal) = (db.clone(), signer.clone(), refusal.clone());
            std::thread::Builder::new()
                .name("audit-checkpoints".into())
                .spawn(move || run(&db, &signer, &refusal, &stopped))
                .map_err(|_| ApiError::Unavailable)?
        };
        let running = Mutex::new(Some(Running { until: running, thread }));
        Ok(Self { db, signer, refusal, running })
    }

    pub(super) fn signer(&self) -> &Signer {
        &self.signer
    }

    pub(super) fn sign(&self) -> Result<Option<Signed>, Refusal> {
        attempt(&self.db, &self.signer, &self.refusal)
    }

    pub(super) fn refusal(&self) -> Option<Refusal> {
        *held(&self.refusal)
    }

    /// Lets the thread sign once more, and waits for it.
    pub(super) fn finish(&self) {
        let running = held(&self.running).take();
        if let Some(Running { until, thread }) = running {
            drop(until);
            // A panic there has been reported by the thread itself.
            let _ = thread.join();
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        // The last holder may be a transaction that ends here, and the thread would wait for its turn to write while
        // we wait for the thread: then it signs once more without being waited for.
        if self.db.is_writing() {
            held(&self.running).take();
        } else {
            self.finish();
        }
    }
}

fn attempt(db: &Db, signer: &Signer, refusal: &Mutex<Option<Refusal>>) -> Result<Option<Signed>, Refusal> {
    let signed = signer.sign(db);
    *held(refusal) = signed.as_ref().err().copied();
    signed
}

fn run(db: &Db, signer: &Signer, refusal: &Mutex<Option<Refusal>>, stopped: &Receiver<Infallible>) {
    let mut signed = signer.latest().ok().flatten().map_or(0, |signed| signed.checkpoint.size);
    if signed > 0 {
        // Finishes what a kill interrupted, and notices at once a log that was exchanged while nobody watched.
        match attempt(db, signer, refusal) {
            Ok(now) => signed = now.map_or(0, |now| now.checkpoint.size),
            Err(why) => tracing::error!(%why, "no checkpoint was signed"),
        }
    }
    let mut waiting: Option<Instant> = None;
    let mut reminded: Option<Instant> = None;
    loop {
        let last_round = stopped.recv_timeout(PULSE) == Err(RecvTimeoutError::Disconnected);
        // A database that is away is noticed by whoever writes; here it is only asked again.
        if let Ok(size) = db.read_here(head_size)
            && size != signed
        {
            let since = *waiting.get_or_insert_with(Instant::now);
            if last_round || size.abs_diff(signed) >= LEAVES || since.elapsed() >= AGE {
                match attempt(db, signer, refusal) {
                    Ok(now) => {
                        signed = now.map_or(0, |now| now.checkpoint.size);
                        waiting = None;
                    }
                    Err(why) if reminded.is_none_or(|at| at.elapsed() >= REMINDER) => {
                        tracing::error!(%why, "no checkpoint was signed");
                        reminded = Some(Instant::now());
                    }
                    Err(_) => {}
                }
            }
        }
        if last_round {
            return;
        }
    }
}

fn head_size(conn: &mut crate::db::Conn) -> Result<u64, DbError> {
    let size: Option<i64> = audit_head::table.find(1).select(audit_head::size).first(conn).optional()?;
    Ok(size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default())
}

/// One verification: running while it has no end.
#[derive(Clone, Debug)]
pub struct Verification {
    pub begun: Timestamp,
    pub progress: Progress,
    /// When it ended, and what it found; nothing when the database went away meanwhile.
    pub ended: Option<(Timestamp, Option<Report>)>,
}

/// At most one runs at a time; the last one is remembered.
#[derive(Clone, Default)]
pub(super) struct Verifications(Arc<Mutex<Option<Verification>>>);

impl Verifications {
    pub(super) fn last(&self) -> Option<Verification> {
        held(&self.0).clone()
    }

    pub(super) fn begin(&self, now: Timestamp) -> Option<Turn> {
        let mut last = held(&self.0);
        if last.as_ref().is_some_and(|last| last.ended.is_none()) {
            return None;
        }
        let before = last.replace(Verification { begun: now, progress: Progress::default(), ended: None });
        Some(Turn { of: self.clone(), before })
    }
}

/// The right to be the one that runs. Given up unfinished, it leaves things as they were before.
pub(super) struct Turn {
    of: Verifications,
    before: Option<Verification>,
}

impl Turn {
    pub(super) fn report_progress(&self, progress: Progress) {
        if let Some(running) = held(&self.of.0).as_mut() {
            running.progress = progress;
        }
    }

    pub(super) fn finish(self, report: Option<Report>, now: Timestamp) {
        if let Some(running) = held(&self.of.0).as_mut() {
            running.ended = Some((now, report));
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut last = held(&self.of.0);
        if last.as_ref().is_some_and(|last| last.ended.is_none()) {
            *last = self.before.take();
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
