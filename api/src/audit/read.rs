//! Reading the log. Reading it is itself written down first: every question takes the receipt of the leaf that says who
//! asks, and sees the log as it stood before that leaf.

use diesel::prelude::*;
use migrations::db::RawId;
use migrations::schema::{audit_leaves, audit_subjects};

use super::leaf::Leaf;
use super::signer::Signed;
use super::tree;
use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, MAX_PAGE, Page, Timestamp};
use crate::vault::{Owner, Receipt};

/// A leaf as a question finds it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub seq: u64,
    /// When the log says it was; a place in time for paging.
    pub at: Timestamp,
    /// Absent when the stored bytes are not a leaf: then somebody has altered them.
    pub leaf: Option<Leaf>,
}

/// The span of a question.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: Timestamp,
    /// Not included.
    pub until: Timestamp,
}

/// A leaf, and all that anybody needs to check without us that the log holds it.
#[derive(Clone, Debug)]
pub struct Proof {
    pub seq: u64,
    pub leaf: Vec<u8>,
    pub hashes: Vec<crypto::merkle::Hash>,
    pub signed: Signed,
}

type Row = (i64, i64, Vec<u8>);

fn entry((seq, at, bytes): Row) -> Entry {
    let leaf = Leaf::parse(&bytes).ok().filter(|leaf| i64::try_from(leaf.seq) == Ok(seq));
    Entry { seq: seq.unsigned_abs(), at: Timestamp::from_micros(at), leaf }
}

fn page(rows: Vec<Row>) -> Page<Entry> {
    Page::cut(rows.into_iter().map(entry).collect(), MAX_PAGE, |entry: &Entry| entry.seq.to_string())
}

/// Rows to fetch for one page and to know whether there is another.
const FETCH: i64 = MAX_PAGE as i64 + 1;

/// The newest leaf a question may see: older than the leaf of the question, and than the page before.
fn bound(receipt: &Receipt, after: Option<u64>) -> i64 {
    let bound = after.map_or(receipt.leaf(), |after| after.min(receipt.leaf()));
    i64::try_from(bound).unwrap_or(i64::MAX)
}

/// Leaves that name any of these people, newest first.
///
/// # Errors
/// The database's.
pub fn about(
    conn: &mut Conn,
    receipt: &Receipt,
    subjects: &[Owner],
    after: Option<u64>,
) -> Result<Page<Entry>, DbError> {
    let mut seqs = Vec::new();
    // One walk along the index for each, so that nobody's history is sorted as a whole.
    for subject in subjects {
        let some: Vec<i64> = audit_subjects::table
            .filter(audit_subjects::subject_id.eq(RawId(subject.0)))
            .filter(audit_subjects::seq.lt(bound(receipt, after)))
            .order(audit_subjects::seq.desc())
            .limit(FETCH)
            .select(audit_subjects::seq)
            .load(conn)?;
        seqs.extend(some);
    }
    seqs.sort_unstable_by(|a, b| b.cmp(a));
    seqs.dedup();
    seqs.truncate(MAX_PAGE + 1);
    let rows: Vec<Row> = audit_leaves::table
        .filter(audit_leaves::seq.eq_any(seqs))
        .order(audit_leaves::seq.desc())
        .select((audit_leaves::seq, audit_leaves::at, audit_leaves::bytes))
        .load(conn)?;
    Ok(page(rows))
}

/// Leaves of what this account did and saw, newest first.
///
/// # Errors
/// The database's.
pub fn by(
    conn: &mut Conn,
    receipt: &Receipt,
    account: AccountId,
    after: Option<u64>,
) -> Result<Page<Entry>, DbError> {
    let rows: Vec<Row> = audit_leaves::table
        .filter(audit_leaves::actor.eq(account.to_string()))
        .filter(audit_leaves::seq.lt(bound(receipt, after)))
        .order(audit_leaves::seq.desc())
        .limit(FETCH)
        .select((audit_leaves::seq, audit_leaves::at, audit_leaves::bytes))
        .load(conn)?;
    Ok(page(rows))
}

/// Leaves of a span of time, newest first.
///
/// # Errors
/// The database's; not found for a page after a leaf that does not exist.
pub fn during(
    conn: &mut Conn,
    receipt: &Receipt,
    span: Span,
    after: Option<u64>,
) -> Result<Page<Entry>, DbError> {
    let mut query = audit_leaves::table
        .filter(audit_leaves::at.ge(span.from.micros()).and(audit_leaves::at.lt(span.until.micros())))
        .filter(audit_leaves::seq.lt(bound(receipt, None)))
        .order((audit_leaves::at.desc(), audit_leaves::seq.desc()))
        .limit(FETCH)
        .select((audit_leaves::seq, audit_leaves::at, audit_leaves::bytes))
        .into_boxed();
    if let Some(after) = after {
        let after = i64::try_from(after).map_err(|_| DbError::NotFound)?;
        let at: i64 = audit_leaves::table.find(after).select(audit_leaves::at).first(conn)?;
        query = query
            .filter(audit_leaves::at.le(at))
            .filter(audit_leaves::at.lt(at).or(audit_leaves::seq.lt(after)));
    }
    Ok(page(query.load(conn)?))
}

/// One leaf as it is stored.
///
/// # Errors
/// Not found, or the database's.
pub fn one(conn: &mut Conn, seq: u64) -> Result<Entry, DbError> {
    let seq = i64::try_from(seq).map_err(|_| DbError::NotFound)?;
    let row: Row = audit_leaves::table
        .find(seq)
        .select((audit_leaves::seq, audit_leaves::at, audit_leaves::bytes))
        .first(conn)?;
    Ok(entry(row))
}

/// One leaf's bytes with the way up to a checkpoint that covers it.
///
/// # Errors
/// Not found when there is no such leaf or the checkpoint is older; otherwise the database's.
pub fn proof(conn: &mut Conn, _asked: &Receipt, seq: u64, signed: Signed) -> Result<Proof, DbError> {
    let number = i64::try_from(seq).map_err(|_| DbError::NotFound)?;
    if seq >= signed.checkpoint.size {
        return Err(DbError::NotFound);
    }
    let leaf: Vec<u8> = audit_leaves::table.find(number).select(audit_leaves::bytes).first(conn)?;
    let hashes = tree::inclusion(conn, seq, signed.checkpoint.size)?;
    Ok(Proof { seq, leaf, hashes, signed })
}

/// The hashes that show that a checkpoint still begins with the first `old` leaves.
///
/// # Errors
/// Not found when `old` is larger than the checkpoint; otherwise the database's.
pub fn consistency(conn: &mut Conn, old: u64, signed: &Signed) -> Result<Vec<crypto::merkle::Hash>, DbError> {
    if old > signed.checkpoint.size {
        return Err(DbError::NotFound);
    }
    tree::consistency(conn, old, signed.checkpoint.size)
}
