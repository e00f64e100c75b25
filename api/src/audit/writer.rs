//! The writer thread: many looks, one durable commit. Nobody waits for company: whoever comes while a commit is under
//! way shares the next one, so a lone look is as fast as the disk and a crowd fills its batches by itself.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use tokio::sync::oneshot;

use super::append::append_all;
use super::budget::Budgets;
use super::leaf::Event;
use crate::db::{Db, DbError};
use crate::kernel::{ApiError, Chance, Clock};
use crate::policy::Caller;

/// Looks in one commit at most.
const BATCH: usize = 256;
/// Looks waiting at most; beyond that the answer is 503.
const QUEUE: usize = 1024;

struct Waiting {
    caller: Caller,
    event: Event,
    done: oneshot::Sender<Result<u64, ApiError>>,
}

pub(super) struct Writer(SyncSender<Waiting>);

impl Writer {
    pub(super) fn start(
        db: Db,
        clock: Arc<dyn Clock>,
        chance: Arc<Chance>,
        budgets: Budgets,
    ) -> Result<Self, ApiError> {
        let (send, receive) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name("audit-writer".into())
            .spawn(move || run(&db, clock.as_ref(), &chance, budgets, &receive))
            .map_err(|_| ApiError::Unavailable)?;
        Ok(Self(send))
    }

    pub(super) async fn write(&self, caller: Caller, event: Event) -> Result<u64, ApiError> {
        let (done, answer) = oneshot::channel();
        self.0.try_send(Waiting { caller, event, done }).map_err(|refused| match refused {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => ApiError::Unavailable,
        })?;
        answer.await.map_err(|_| ApiError::Unavailable)?
    }
}

/// Ends when the last handle to the log is gone.
fn run(db: &Db, clock: &dyn Clock, chance: &Chance, mut budgets: Budgets, receive: &Receiver<Waiting>) {
    while let Ok(first) = receive.recv() {
        let mut batch = vec![first];
        batch.extend(receive.try_iter().take(BATCH - 1));
        let (mut events, waiting): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|w| ((w.caller, w.event), w.done)).unzip();
        let written = db.write_here(|tx| {
            let refusals = budgets.judge(tx, clock.now(), &mut events)?;
            Ok::<_, DbError>((append_all(tx, clock, chance, &events)?, refusals))
        });
        match written {
            Ok((first, refusals)) => {
                for (leaf, (refusal, done)) in (first..).zip(refusals.into_iter().zip(waiting)) {
                    // A caller who has gone away needs no answer.
                    let _ = done.send(refusal.map_or(Ok(leaf), Err));
                }
            }
            Err(_) => {
                budgets.forget();
                tracing::error!(leaves = waiting.len(), "the audit log cannot be written; nothing was shown");
                for done in waiting {
                    let _ = done.send(Err(ApiError::Unavailable));
                }
            }
        }
    }
}
