//! Erased for good on SQLite. `secure_delete` writes zeros over what is deleted, but the pages as they were before stay
//! readable in the write-ahead log until somebody truncates it. After an erasure that is done at once, off the request,
//! and again until it succeeds: a reader in the middle of something is left to finish first.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use diesel::prelude::*;
use migrations::db::{AnyConnection, connect, is_sqlite};

/// Between two tries.
const AGAIN: Duration = Duration::from_secs(1);
/// Writers wait as long as one try does, so a try waits shortly for readers.
const PATIENCE: &str = "PRAGMA busy_timeout = 100";

/// Asks the thread that truncates. Nobody answers on PostgreSQL, whose log is the server's.
#[derive(Clone)]
pub(super) struct Wiper(Option<Sender<()>>);

impl Wiper {
    /// Starts the thread, which begins with what an earlier run may have left.
    pub(super) fn start(url: &str) -> std::io::Result<Self> {
        if !is_sqlite(url) {
            return Ok(Self(None));
        }
        let (wiper, asked) = channel();
        let url = url.to_owned();
        std::thread::Builder::new().name("wiping".into()).spawn(move || run(&url, &asked))?;
        Ok(Self(Some(wiper)))
    }

    pub(super) fn wake(&self) {
        if let Some(wiper) = &self.0 {
            // The thread ends after its last asker.
            let _ = wiper.send(());
        }
    }
}

fn run(url: &str, asked: &Receiver<()>) {
    let mut left = true;
    loop {
        left = left && !is_wiped(url);
        let next = if left {
            asked.recv_timeout(AGAIN)
        } else {
            asked.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match next {
            Ok(()) => left = true,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// What SQLite says of a checkpoint: `busy` when it was in somebody's way.
#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    busy: i32,
}

/// Tries once. A database that is away is asked again like one that is busy.
fn is_wiped(url: &str) -> bool {
    let Ok(AnyConnection::Sqlite(mut conn)) = connect(url) else { return false };
    let tried = diesel::sql_query(PATIENCE).execute(&mut conn).and_then(|_| {
        diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result::<Checkpoint>(&mut conn)
    });
    tried.is_ok_and(|checkpoint| checkpoint.busy == 0)
}
