//! The list "who looked at this person" against what the leaves say. Every row that should be there is looked for;
//! when the table holds more rows than that, it is read through for the ones that should not.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use migrations::db::RawId;
use migrations::schema::{audit_leaves, audit_subjects};

use super::leaves::{Checked, names};
use super::{Finding, Report, Stop, of_table};
use crate::db::Conn;

/// Ids in one query.
const IDS: usize = 500;
/// Rows read at once when strays are looked for.
const ROWS: i64 = 2000;

#[derive(Default)]
pub(super) struct Subjects {
    found: i64,
}

impl Subjects {
    pub(super) fn compare(
        &mut self,
        conn: &mut Conn,
        leaves: &[Checked],
        report: &mut Report,
    ) -> Result<(), Stop> {
        let (Some(first), Some(last)) = (leaves.first(), leaves.last()) else { return Ok(()) };
        let mut missing: BTreeSet<(RawId, i64)> = leaves
            .iter()
            .flat_map(|leaf| leaf.subjects.iter().flatten().map(|subject| (*subject, leaf.seq)))
            .collect();
        let mut ids: Vec<RawId> = missing.iter().map(|(subject, _)| *subject).collect();
        ids.dedup();
        for ids in ids.chunks(IDS) {
            let rows: Vec<(RawId, i64)> = audit_subjects::table
                .filter(audit_subjects::subject_id.eq_any(ids))
                .filter(audit_subjects::seq.between(first.seq, last.seq))
                .load(conn)
                .map_err(of_table("audit_subjects"))?;
            for row in rows {
                // One that no leaf names is counted out here and found at the end.
                self.found += i64::from(missing.remove(&row));
            }
        }
        for (_, seq) in missing {
            report.find(Finding::SubjectMissing { seq });
        }
        Ok(())
    }

    pub(super) fn finish(self, conn: &mut Conn, report: &mut Report) -> Result<(), Stop> {
        let rows: i64 = audit_subjects::table.count().get_result(conn).map_err(of_table("audit_subjects"))?;
        if rows == self.found { Ok(()) } else { find_strays(conn, report) }
    }
}

fn find_strays(conn: &mut Conn, report: &mut Report) -> Result<(), Stop> {
    let mut after: Option<(RawId, i64)> = None;
    loop {
        let mut query = audit_subjects::table
            .order((audit_subjects::subject_id, audit_subjects::seq))
            .limit(ROWS)
            .into_boxed();
        if let Some((subject, seq)) = after {
            query = query.filter(
                audit_subjects::subject_id
                    .gt(subject)
                    .or(audit_subjects::subject_id.eq(subject).and(audit_subjects::seq.gt(seq))),
            );
        }
        let rows: Vec<(RawId, i64)> = query.load(conn).map_err(of_table("audit_subjects"))?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(*last);
        let mut seqs: Vec<i64> = rows.iter().map(|(_, seq)| *seq).collect();
        seqs.sort_unstable();
        seqs.dedup();
        let mut leaves = HashMap::new();
        for seqs in seqs.chunks(IDS) {
            let loaded: Vec<(i64, Vec<u8>)> = audit_leaves::table
                .filter(audit_leaves::seq.eq_any(seqs))
                .select((audit_leaves::seq, audit_leaves::bytes))
                .load(conn)
                .map_err(of_table("audit_leaves"))?;
            leaves.extend(loaded);
        }
        for (subject, seq) in rows {
            if !leaves.get(&seq).is_some_and(|bytes| names(bytes, subject)) {
                report.find(Finding::SubjectStray { seq });
            }
        }
    }
}
