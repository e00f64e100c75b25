//! Appending leaves inside a transaction: numbers, rows, list of subjects, tree.

use std::collections::BTreeSet;

use crypto::merkle::{Frontier, Hash, leaf_hash};
use diesel::prelude::*;
use migrations::db::RawId;
use migrations::schema::{audit_head, audit_leaves, audit_nodes, audit_subjects};

use super::leaf::{Event, Leaf};
use crate::db::{Conn, DbError, on_backend};
use crate::kernel::{Chance, Clock, Timestamp};
use crate::policy::Caller;

/// Rows in one statement: far below what either database takes.
const ROWS: usize = 1000;

#[derive(Insertable)]
#[diesel(table_name = audit_leaves, treat_none_as_default_value = false)]
struct LeafRow {
    seq: i64,
    at: i64,
    actor: String,
    action: String,
    society_id: Option<RawId>,
    bytes: Vec<u8>,
    hash: Vec<u8>,
}

#[derive(Insertable)]
#[diesel(table_name = audit_subjects, treat_none_as_default_value = false)]
struct SubjectRow {
    subject_id: RawId,
    seq: i64,
}

#[derive(Insertable)]
#[diesel(table_name = audit_nodes, treat_none_as_default_value = false)]
struct NodeRow {
    level: i32,
    position: i64,
    hash: Vec<u8>,
}

/// A log without leaves has a head all the same: it is the lock that appending takes.
pub(super) fn ensure_head(tx: &mut Conn) -> Result<(), DbError> {
    let there: i64 = audit_head::table.count().get_result(tx)?;
    if there == 0 {
        diesel::insert_into(audit_head::table)
            .values((
                audit_head::id.eq(1),
                audit_head::size.eq(0),
                audit_head::frontier.eq(Frontier::new().to_bytes()),
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
    let added = number(events.len())?;
    let (size, frontier): (i64, Vec<u8>) = diesel::update(audit_head::table.find(1))
        .set(audit_head::size.eq(audit_head::size + added))
        .returning((audit_head::size, audit_head::frontier))
        .get_result(tx)?;
    let first = u64::try_from(size - added).map_err(|_| DbError::Broken("audit"))?;
    let mut frontier = Frontier::from_bytes(&frontier).map_err(|_| DbError::Broken("audit"))?;
    if frontier.size() != first {
        return Err(DbError::Broken("audit head"));
    }
    // Milliseconds are what the leaf says; a column beside it says no more.
    let now = Timestamp::from_micros(clock.now().micros().div_euclid(1000) * 1000);
    let (mut leaves, mut subjects, mut nodes) = (Vec::new(), Vec::new(), Vec::new());
    for (seq, (caller, event)) in (first..).zip(events) {
        let leaf = Leaf::new(seq, now, caller, event, chance.bytes());
        let bytes = leaf.to_bytes();
        let hash = leaf_hash(&bytes);
        let seq = number(seq)?;
        leaves.push(LeafRow {
            seq,
            at: now.micros(),
            actor: leaf.actor,
            action: leaf.action,
            society_id: caller.actor.society().map(|society| RawId(society.uuid())),
            bytes,
            hash: hash.to_vec(),
        });
        let named: BTreeSet<_> = event.subjects.iter().map(|subject| RawId(subject.0)).collect();
        subjects.extend(named.into_iter().map(|subject_id| SubjectRow { subject_id, seq }));
        complete(&mut frontier, hash, &mut nodes)?;
    }
    for rows in leaves.chunks(ROWS) {
        on_backend!(tx, |c| diesel::insert_into(audit_leaves::table).values(rows).execute(c))?;
    }
    for rows in subjects.chunks(ROWS) {
        on_backend!(tx, |c| diesel::insert_into(audit_subjects::table).values(rows).execute(c))?;
    }
    for rows in nodes.chunks(ROWS) {
        on_backend!(tx, |c| diesel::insert_into(audit_nodes::table).values(rows).execute(c))?;
    }
    diesel::update(audit_head::table.find(1))
        .set(audit_head::frontier.eq(frontier.to_bytes()))
        .execute(tx)?;
    Ok(first)
}

/// The nodes that a leaf completes. Level 0 is the leaf's own hash and stands beside it.
fn complete(frontier: &mut Frontier, hash: Hash, nodes: &mut Vec<NodeRow>) -> Result<(), DbError> {
    for (level, position, hash) in frontier.append(hash) {
        if level > 0 {
            let position = number(position)?;
            nodes.push(NodeRow { level: i32::from(level), position, hash: hash.to_vec() });
        }
    }
    Ok(())
}

fn number(n: impl TryInto<i64>) -> Result<i64, DbError> {
    n.try_into().map_err(|_| DbError::Broken("audit"))
}
