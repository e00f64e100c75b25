//! Lists of referrals: one side's, and what has passed its time.

use diesel::prelude::*;

use super::{Columns, ReferralRow, codes, received_by, sent_by};
use crate::db::schema::referrals;
use crate::db::{Conn, DbError};
use crate::kernel::{ReferralId, Timestamp};
use crate::policy::{May, ReadOverdueReferrals, ReadReferral};
use crate::referrals::model::Late;
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

/// What one side has let pass its due time, the longest due first. The same three cases as [`crate::referrals::model::late`].
///
/// # Errors
/// The database's.
pub fn overdue(
    conn: &mut Conn,
    may: &May<ReadOverdueReferrals>,
    side: Side,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<ReferralRow>, DbError> {
    let query = match side {
        Side::Sender => sent_by(may)?,
        Side::Receiver => received_by(may)?,
    };
    let states = |part: Late| codes(part.states());
    let acknowledgement =
        referrals::state.eq_any(states(Late::Acknowledgement)).and(referrals::ack_due_at.lt(now.micros()));
    let service =
        referrals::state.eq_any(states(Late::Service)).and(referrals::service_due_at.lt(now.micros()));
    let follow_up =
        referrals::state.eq_any(states(Late::FollowUp)).and(referrals::follow_up_due_at.lt(now.micros()));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<Columns> = query
        .filter(acknowledgement.or(service).or(follow_up))
        .order((referrals::service_due_at.asc(), referrals::id.asc()))
        .limit(limit)
        .select(Columns::as_select())
        .load(conn)?;
    rows.into_iter().map(ReferralRow::try_from).collect()
}
