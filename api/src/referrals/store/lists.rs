//! Lists of referrals: one side's, and what has passed its time.

use diesel::dsl::not;
use diesel::prelude::*;

use super::{Columns, ReferralRow, codes, received_by, sent_by};
use crate::db::schema::referrals;
use crate::db::{Conn, DbError};
use crate::kernel::{ReferralId, Timestamp};
use crate::policy::{May, ReadOverdueReferrals, ReadReferral};
use crate::referrals::model::Late;
use crate::referrals::pressing::{LateAt, Rank};
use crate::referrals::states::Side;

/// One side's referrals after `after`, newest first; open ones only when received, whatever state when sent.
///
/// # Errors
/// The database's.
pub fn list(
    conn: &mut Conn,
    may: &May<ReadReferral>,
    side: Side,
    after: Option<ReferralId>,
    limit: usize,
) -> Result<Vec<ReferralRow>, DbError> {
    let mut query = match side {
        Side::Sender => sent_by(may)?,
        Side::Receiver => received_by(may)?,
    };
    if let Some(after) = after {
        query = query.filter(referrals::id.lt(after));
    }
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<Columns> =
        query.order(referrals::id.desc()).limit(limit).select(Columns::as_select()).load(conn)?;
    rows.into_iter().map(ReferralRow::try_from).collect()
}

/// What one side has let pass its due time, most pressing first, after `after`. The same three cases as
/// [`crate::referrals::model::late`].
///
/// # Errors
/// The database's.
pub fn overdue(
    conn: &mut Conn,
    may: &May<ReadOverdueReferrals>,
    side: Side,
    now: Timestamp,
    after: Option<LateAt>,
    limit: usize,
) -> Result<Vec<(LateAt, ReferralRow)>, DbError> {
    let mut rows = Vec::new();
    for rank in Rank::all().skip_while(|rank| after.is_some_and(|after| after.rank != *rank)) {
        let after = after.filter(|after| after.rank == rank);
        let left = i64::try_from(limit - rows.len()).unwrap_or(i64::MAX);
        for row in of_rank(conn, may, side, now, (rank, after), left)? {
            let due = row.service_due_at.ok_or(DbError::Broken("referral"))?;
            rows.push((LateAt { rank, due, id: row.id }, row.try_into()?));
        }
        if rows.len() >= limit {
            break;
        }
    }
    Ok(rows)
}

fn of_rank(
    conn: &mut Conn,
    may: &May<ReadOverdueReferrals>,
    side: Side,
    now: Timestamp,
    (rank, after): (Rank, Option<LateAt>),
    limit: i64,
) -> Result<Vec<Columns>, DbError> {
    let query = match side {
        Side::Sender => sent_by(may)?,
        Side::Receiver => received_by(may)?,
    };
    let mut query = query.filter(referrals::urgency.eq(rank.urgency.code()));
    let states = |part: Late| codes(part.states());
    let acknowledgement =
        referrals::state.eq_any(states(Late::Acknowledgement)).and(referrals::ack_due_at.lt(now.micros()));
    let service =
        referrals::state.eq_any(states(Late::Service)).and(referrals::service_due_at.lt(now.micros()));
    let waiting = acknowledgement.or(service);
    query = if rank.is_served {
        let follow_up =
            referrals::state.eq_any(states(Late::FollowUp)).and(referrals::follow_up_due_at.lt(now.micros()));
        query.filter(follow_up).filter(not(waiting))
    } else {
        query.filter(waiting)
    };
    if let Some(LateAt { due, id, .. }) = after {
        let later = referrals::service_due_at.eq(due).and(referrals::id.gt(id));
        query = query.filter(referrals::service_due_at.gt(due).or(later));
    }
    let order = (referrals::service_due_at.asc(), referrals::id.asc());
    Ok(query.order(order).limit(limit).select(Columns::as_select()).load(conn)?)
}
