//! Appending: a deed's leaf in the deed's own transaction, a look's leaf through the writer thread.

use std::sync::Arc;

use diesel::prelude::*;
use migrations::db::RawId;
use migrations::schema::{audit_head, audit_leaves, audit_nodes, audit_subjects};

use super::leaf::{Event, Leaf};
use super::writer::Writer;
use crate::db::{Conn, Db, DbError};
use crate::kernel::{ApiError, Chance, Clock};
use crate::policy::{Caller, May, Permission};
use crate::vault::{Receipt, ReceiptPress};

/// The log. Cheap to clone.
#[derive(Clone)]
pub struct Audit {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) chance: Arc<Chance>,
    press: ReceiptPress,
    writer: Writer,
}

impl Audit {
    /// Opens the log: makes the first head if there is none, starts the writer.
    ///
    /// # Errors
    /// The database's.
    pub fn open(
        db: Db,
        press: ReceiptPress,
        clock: Arc<dyn Clock>,
        chance: Arc<Chance>,
    ) -> Result<Self, ApiError> {
        db.write_here(ensure_head)?;
        let writer = Writer::start(db.clone(), clock.clone(), chance.clone())?;
        Ok(Self { inner: Arc::new(Inner { db, clock, chance, press, writer }) })
    }

    /// Writes a deed's leaf into the deed's transaction: both happen or neither.
    ///
    /// # Errors
    /// The database's: the deed must then be rolled back.
    pub fn append<P: Permission>(
        &self,
        tx: &mut Conn,
        may: &May<P>,
        fill: impl FnOnce(Event) -> Event,
    ) -> Result<u64, DbError> {
        let event = fill(Event::new(P::ACTION, P::PURPOSE));
        let one = [(may.caller().clone(), event)];
        let first = append_all(tx, self.inner.clock.as_ref(), &self.inner.chance, &one)?;
        Ok(first)
    }

    /// Writes a look's leaf, waits until it is durable, and gives the receipt that opens what the leaf names: the
    /// event's owners, and of its classes those that the grant includes.
    ///
    /// # Errors
    /// [`ApiError::Unavailable`] when the leaf cannot be written: then nothing may be shown.
    pub async fn look<P: Permission>(
        &self,
        may: &May<P>,
        fill: impl FnOnce(Event) -> Event,
    ) -> Result<Receipt, ApiError> {
        let mut event = fill(Event::new(P::ACTION, P::PURPOSE));
        event.classes = event.classes.and(may.classes());
        let (owners, classes) = (event.subjects.clone(), event.classes);
        let leaf = self.inner.writer.write(may.caller().clone(), event).await?;
        Ok(self.inner.press.print(leaf, owners, classes))
    }

    /// Notes something that opens nothing: a refused attempt, a failed sign-in.
    ///
    /// # Errors
    /// [`ApiError::Unavailable`] when the leaf cannot be written.
    pub async fn note(&self, caller: Caller, event: Event) -> Result<u64, ApiError> {
        self.inner.writer.write(caller, event).await
    }

    /// The receipt under which the match index loads profiles: one leaf that says how many.
    ///
    /// # Errors
    /// [`ApiError::Unavailable`] when the leaf cannot be written.
    pub fn load_index(
        &self,
        may: &May<crate::policy::FollowIndex>,
        profiles: u64,
    ) -> Result<Receipt, ApiError> {
        let event = Event::new(may.action(), may.purpose())
            .opening(may.classes())
            .counting(profiles)
            .detail("index_loaded");
        let one = [(may.caller().clone(), event)];
        let inner = &self.inner;
        let leaf = inner.db.write_here(|tx| append_all(tx, inner.clock.as_ref(), &inner.chance, &one))?;
        Ok(inner.press.print_for_index(leaf))
    }
}

fn ensure_head(tx: &mut Conn) -> Result<(), DbError> {
    let there: i64 = audit_head::table.count().get_result(tx)?;
    if there == 0 {
        diesel::insert_into(audit_head::table)
            .values((
                audit_head::id.eq(1),
                audit_head::size.eq(0),
                audit_head::frontier.eq(crypto::merkle::Frontier::new().to_bytes()),
            ))
            .execute(tx)?;
    }
    Ok(())
}

/// Appends leaves in order, keeps the tree, and answers the first number. Taking the head row for update first is what
/// makes numbers gapless and ordered by commit on both databases.
pub(super) fn append_all(
    tx: &mut Conn,
    clock: &dyn Clock,
    chance: &Chance,
    events: &[(Caller, Event)],
) -> Result<u64, DbError> {
    let added = i64::try_from(events.len()).map_err(|_| DbError::Broken("audit"))?;
    let (size, frontier): (i64, Vec<u8>) = diesel::update(audit_head::table.find(1))
        .set(audit_head::size.eq(audit_head::size + added))
        .returning((audit_head::size, audit_head::frontier))
        .get_result(tx)?;
    let first = u64::try_from(size - added).map_err(|_| DbError::Broken("audit"))?;
    let mut frontier =
        crypto::merkle::Frontier::from_bytes(&frontier).map_err(|_| DbError::Broken("audit"))?;
    if frontier.size() != first {
        return Err(DbError::Broken("audit head"));
    }
    let now = clock.now();
    for (seq, (caller, event)) in (first..).zip(events) {
        let leaf = Leaf::new(seq, now, caller, event, chance.bytes());
        let bytes = leaf.to_bytes();
        let hash = crypto::merkle::leaf_hash(&bytes);
        let number = i64::try_from(seq).map_err(|_| DbError::Broken("audit"))?;
        diesel::insert_into(audit_leaves::table)
            .values((
                audit_leaves::seq.eq(number),
                audit_leaves::at.eq(now.micros()),
                audit_leaves::actor.eq(&leaf.actor),
                audit_leaves::action.eq(&leaf.action),
                audit_leaves::society_id.eq(caller.actor.society().map(|s| RawId(s.uuid()))),
                audit_leaves::bytes.eq(&bytes),
                audit_leaves::hash.eq(hash.as_slice()),
            ))
            .execute(tx)?;
        for subject in event.subjects.iter().collect::<std::collections::BTreeSet<_>>() {
            diesel::insert_into(audit_subjects::table)
                .values((audit_subjects::subject_id.eq(RawId(subject.0)), audit_subjects::seq.eq(number)))
                .execute(tx)?;
        }
        for (level, position, node) in frontier.append(hash) {
            // Level 0 is the leaf's own hash and stands beside it.
            if level > 0 {
                let position = i64::try_from(position).map_err(|_| DbError::Broken("audit"))?;
                diesel::insert_into(audit_nodes::table)
                    .values((
                        audit_nodes::level.eq(i32::from(level)),
                        audit_nodes::position.eq(position),
                        audit_nodes::hash.eq(node.as_slice()),
                    ))
                    .execute(tx)?;
            }
        }
    }
    diesel::update(audit_head::table.find(1))
        .set(audit_head::frontier.eq(frontier.to_bytes()))
        .execute(tx)?;
    Ok(first)
}
