//! The change feed: what the match index follows. A change is written in the transaction that makes it, so the index
//! can neither miss a committed change nor see one that was rolled back.

use std::sync::Arc;

use diesel::prelude::*;
use migrations::db::RawId;
use migrations::schema::{audit_head, change_head, changes};
use migrations::uuid::Uuid;
use tokio::sync::Notify;

use super::{Conn, DbError, insert_rows};
use crate::kernel::{Timestamp, codes};

codes! {
    /// Which side of the index a change touches.
    pub ChangeKind {
        /// A person met at a service point: anything matching uses, or a consent, has changed.
        Contact = "contact",
        /// A sought person: anything matching uses, or the request's state, has changed.
        Sought = "sought",
    }
}

/// Wakes the index as soon as a change is committed here; other nodes poll.
#[derive(Clone, Default)]
pub struct Changes(Arc<Notify>);

impl Changes {
    pub fn wake(&self) {
        self.0.notify_one();
    }
    pub async fn woken(&self) {
        self.0.notified().await;
    }
}

/// Appends to the feed. Numbers are taken under a lock held until commit, so they become visible in order.
///
/// # Errors
/// The database's.
pub fn note_change(tx: &mut Conn, kind: ChangeKind, record: Uuid, at: Timestamp) -> Result<(), DbError> {
    note_changes(tx, kind, &[record], at)
}

/// The same for many records at once, in the order given.
///
/// # Errors
/// The database's.
pub fn note_changes(tx: &mut Conn, kind: ChangeKind, records: &[Uuid], at: Timestamp) -> Result<(), DbError> {
    if records.is_empty() {
        return Ok(());
    }
    queue(tx)?;
    let added = i64::try_from(records.len()).map_err(|_| DbError::Broken("changes"))?;
    let last: i64 = diesel::update(change_head::table.find(1))
        .set(change_head::seq.eq(change_head::seq + added))
        .returning(change_head::seq)
        .get_result(tx)?;
    let row = |(seq, record): (i64, &Uuid)| ChangeRow {
        seq,
        kind: kind.code(),
        record_id: RawId(*record),
        at: at.micros(),
    };
    let rows: Vec<ChangeRow> = (last - added + 1..).zip(records).map(row).collect();
    insert_rows!(tx, changes::table, rows.iter().collect::<Vec<_>>());
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = changes, treat_none_as_default_value = false)]
struct ChangeRow {
    seq: i64,
    kind: &'static str,
    record_id: RawId,
    at: i64,
}

/// All writers queue at two rows, the head of the audit log and the head of this feed. Some deeds append to the log
/// first and some note a change first; so the log's head is always taken before the feed's, or two deeds could wait for
/// each other. SQLite has one writer at a time anyway.
fn queue(tx: &mut Conn) -> Result<(), DbError> {
    if let Conn::Postgres(conn) = tx {
        audit_head::table.select(audit_head::id).for_update().load::<i32>(conn)?;
    }
    Ok(())
}
