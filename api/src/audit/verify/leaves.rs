//! One leaf: its bytes against everything that stands beside them.

use diesel::prelude::*;
use migrations::db::RawId;
use migrations::schema::audit_leaves;
use migrations::uuid::Uuid;

use super::super::leaf::Leaf;
use super::{Finding, Report, Stop, of_table};
use crate::db::Conn;
use crate::kernel::SocietyId;

#[derive(Queryable)]
pub(super) struct Row {
    pub seq: i64,
    at: i64,
    actor: String,
    action: String,
    society: Option<RawId>,
    pub bytes: Vec<u8>,
    hash: Vec<u8>,
}

/// Whom a leaf names; nobody knows when it is not a leaf.
pub(super) struct Checked {
    pub seq: i64,
    pub subjects: Option<Vec<RawId>>,
}

/// The next leaves in order, from the very first number a row can have.
pub(super) fn next(conn: &mut Conn, after: Option<i64>, limit: i64) -> Result<Vec<Row>, Stop> {
    let mut query = audit_leaves::table.order(audit_leaves::seq).limit(limit).into_boxed();
    if let Some(after) = after {
        query = query.filter(audit_leaves::seq.gt(after));
    }
    query.load(conn).map_err(of_table("audit_leaves"))
}

pub(super) fn check(row: &Row, report: &mut Report) -> Checked {
    let seq = row.seq;
    if crypto::merkle::leaf_hash(&row.bytes).as_slice() != row.hash {
        report.find(Finding::WrongHash { seq });
    }
    let named = Leaf::parse(&row.bytes).ok().and_then(|leaf| Some((named(&leaf)?, leaf)));
    let Some((subjects, leaf)) = named else {
        report.find(Finding::NotCanonical { seq });
        return Checked { seq, subjects: None };
    };
    if i64::try_from(leaf.seq) != Ok(seq) {
        report.find(Finding::Moved { seq, says: leaf.seq });
    }
    let society = row.society.map(|id| SocietyId::from_uuid(id.0).to_string());
    for (column, same) in [
        ("at", leaf.at.checked_mul(1000) == Some(row.at)),
        ("actor", leaf.actor == row.actor),
        ("action", leaf.action == row.action),
        ("society_id", leaf.society == society),
    ] {
        if !same {
            report.find(Finding::WrongColumn { seq, column });
        }
    }
    Checked { seq, subjects: Some(subjects) }
}

/// The ids a leaf names; `None` unless they stand in order, once each, in their one spelling.
fn named(leaf: &Leaf) -> Option<Vec<RawId>> {
    let ids: Option<Vec<Uuid>> = leaf
        .subjects
        .iter()
        .map(|text| Uuid::try_parse(text).ok().filter(|id| id.simple().to_string() == *text))
        .collect();
    let ids = ids?;
    ids.is_sorted_by(|a, b| a < b).then(|| ids.into_iter().map(RawId).collect())
}

/// Whether the leaf with these bytes names `subject`.
pub(super) fn names(bytes: &[u8], subject: RawId) -> bool {
    Leaf::parse(bytes).ok().and_then(|leaf| named(&leaf)).is_some_and(|ids| ids.contains(&subject))
}
