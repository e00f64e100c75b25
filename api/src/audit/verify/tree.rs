//! The stored nodes and the head against the tree that the leaves make.

use std::collections::BTreeMap;

use crypto::merkle::{Frontier, Hash};
use diesel::prelude::*;
use migrations::schema::{audit_head, audit_nodes};

use super::{Finding, Report, Stop, of_table};
use crate::db::Conn;

/// No tree the log can hold is higher.
const MAX_LEVEL: i32 = 62;

pub(super) struct Head {
    pub size: i64,
    frontier: Vec<u8>,
}

/// The one head. Only a log without any leaf may have none.
pub(super) fn head(conn: &mut Conn, report: &mut Report) -> Result<Option<Head>, Stop> {
    let rows: Vec<(i32, i64, Vec<u8>)> =
        audit_head::table.order(audit_head::id).limit(16).load(conn).map_err(of_table("audit_head"))?;
    if rows.len() > 1 || rows.iter().any(|(id, _, _)| *id != 1) {
        report.find(Finding::HeadRows { rows: rows.len() });
    }
    Ok(rows.into_iter().find(|(id, _, _)| *id == 1).map(|(_, size, frontier)| Head { size, frontier }))
}

pub(super) fn compare_head(
    head: Option<Head>,
    leaves: i64,
    frontier: Option<&Frontier>,
    report: &mut Report,
) {
    let Some(head) = head else {
        if leaves > 0 {
            report.find(Finding::HeadRows { rows: 0 });
        }
        return;
    };
    if head.size != leaves {
        report.find(Finding::HeadSize { says: head.size, leaves });
    }
    if frontier.is_some_and(|frontier| frontier.to_bytes() != head.frontier) {
        report.find(Finding::HeadHashes);
    }
}

/// Compares stored nodes with computed ones, a batch of leaves at a time.
#[derive(Default)]
pub(super) struct Nodes {
    expected: BTreeMap<(u8, u64), Hash>,
    found: i64,
}

impl Nodes {
    /// Takes what one leaf completed; the leaf's own hash stands beside the leaf.
    pub(super) fn expect(&mut self, completed: Vec<(u8, u64, Hash)>) {
        let inner = completed.into_iter().filter(|(level, _, _)| *level > 0);
        self.expected.extend(inner.map(|(level, position, hash)| ((level, position), hash)));
    }

    /// Compares what the leaves `from..to` completed.
    pub(super) fn compare(
        &mut self,
        conn: &mut Conn,
        from: i64,
        to: i64,
        report: &mut Report,
    ) -> Result<(), Stop> {
        for level in 1..=MAX_LEVEL {
            let (low, high) = (from >> level, to >> level);
            if low == high {
                break;
            }
            let rows: Vec<(i64, Vec<u8>)> = audit_nodes::table
                .filter(audit_nodes::level.eq(level))
                .filter(audit_nodes::position.ge(low).and(audit_nodes::position.lt(high)))
                .select((audit_nodes::position, audit_nodes::hash))
                .load(conn)
                .map_err(of_table("audit_nodes"))?;
            for (position, hash) in rows {
                self.found += 1;
                let place = (level.unsigned_abs() as u8, position.unsigned_abs());
                let same = self.expected.remove(&place).is_some_and(|expected| hash == expected);
                if !same {
                    report.find(Finding::NodeWrong { level: place.0, position: place.1 });
                }
            }
        }
        for ((level, position), _) in std::mem::take(&mut self.expected) {
            report.find(Finding::NodeMissing { level, position });
        }
        Ok(())
    }

    pub(super) fn finish(
        self,
        conn: &mut Conn,
        leaves: i64,
        complete: bool,
        report: &mut Report,
    ) -> Result<(), Stop> {
        let rows: i64 = audit_nodes::table.count().get_result(conn).map_err(of_table("audit_nodes"))?;
        if !complete || rows == self.found {
            return Ok(());
        }
        let stray = |conn: &mut Conn, level: Option<i32>| -> Result<Vec<(i32, i64)>, Stop> {
            let mut query =
                audit_nodes::table.select((audit_nodes::level, audit_nodes::position)).limit(50).into_boxed();
            query = match level {
                None => query.filter(audit_nodes::level.lt(1).or(audit_nodes::level.gt(MAX_LEVEL))),
                Some(level) => query
                    .filter(audit_nodes::level.eq(level))
                    .filter(audit_nodes::position.lt(0).or(audit_nodes::position.ge(leaves >> level))),
            };
            query.load(conn).map_err(of_table("audit_nodes"))
        };
        for level in std::iter::once(None).chain((1..=MAX_LEVEL).map(Some)) {
            for (level, position) in stray(conn, level)? {
                report.find(Finding::NodeStray { level, position });
            }
        }
        Ok(())
    }
}
