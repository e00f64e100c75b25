//! How far a sweep over every open request has come: moved on in the transaction that writes its pairs, so that a killed
//! one goes on where it stopped, and two at once write nothing twice.

use diesel::prelude::*;
use migrations::schema::match_runs;

use crate::auth::Core;
use crate::db::{Conn, DbError};
use crate::kernel::{MatchRunId, PersonId};
use crate::policy::{FollowIndex, May};

/// One sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchRun {
    pub id: MatchRunId,
    /// What its pairs depend on besides the people: model and limits.
    pub basis: String,
    /// The newest change when it began.
    pub feed: i64,
    /// The last sought person it has compared.
    pub after: Option<PersonId>,
    /// Batches written down.
    pub steps: u64,
    /// Sought persons compared.
    pub looked: u64,
    /// Candidates that were not there before.
    pub made: u64,
    pub finished: bool,
}

const RUNNING: &str = "running";
const FINISHED: &str = "finished";

/// The sweep that began last.
///
/// # Errors
/// The database's.
pub fn newest_run(conn: &mut Conn) -> Result<Option<MatchRun>, DbError> {
    type Row = (MatchRunId, String, i64, Option<PersonId>, i64, i64, i64, String);
    let row: Option<Row> = match_runs::table
        .order((match_runs::started_at.desc(), match_runs::id.desc()))
        .select((
            match_runs::id,
            match_runs::basis,
            match_runs::feed,
            match_runs::after_person,
            match_runs::steps,
            match_runs::looked,
            match_runs::made,
            match_runs::state,
        ))
        .first(conn)
        .optional()?;
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    Ok(row.map(|(id, basis, feed, after, steps, looked, made, state)| MatchRun {
        id,
        basis,
        feed,
        after,
        steps: count(steps),
        looked: count(looked),
        made: count(made),
        finished: state == FINISHED,
    }))
}

/// Begins a sweep.
///
/// # Errors
/// The database's.
pub fn begin_run(
    tx: &mut Conn,
    _may: &May<FollowIndex>,
    core: &Core,
    basis: String,
    feed: i64,
) -> Result<MatchRun, DbError> {
    let id = MatchRunId::new(core.clock.as_ref(), &core.chance);
    let now = core.clock.now().micros();
    diesel::insert_into(match_runs::table)
        .values((
            match_runs::id.eq(id),
            match_runs::basis.eq(&basis),
            match_runs::feed.eq(feed),
            match_runs::steps.eq(0),
            match_runs::looked.eq(0),
            match_runs::made.eq(0),
            match_runs::state.eq(RUNNING),
            match_runs::started_at.eq(now),
            match_runs::updated_at.eq(now),
        ))
        .execute(tx)?;
    Ok(MatchRun { id, basis, feed, after: None, steps: 0, looked: 0, made: 0, finished: false })
}

/// Moves a sweep on from `held` to `next`. Says no when another process has moved it meanwhile: then nothing of this
/// batch may be written.
///
/// # Errors
/// The database's.
pub fn advance_run(
    tx: &mut Conn,
    _may: &May<FollowIndex>,
    core: &Core,
    held: &MatchRun,
    next: &MatchRun,
) -> Result<bool, DbError> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let as_read = match_runs::table
        .filter(match_runs::id.eq(held.id))
        .filter(match_runs::state.eq(RUNNING))
        .filter(match_runs::steps.eq(number(held.steps)));
    let moved = diesel::update(as_read)
        .set((
            match_runs::after_person.eq(next.after),
            match_runs::steps.eq(number(next.steps)),
            match_runs::looked.eq(number(next.looked)),
            match_runs::state.eq(if next.finished { FINISHED } else { RUNNING }),
            match_runs::updated_at.eq(core.clock.now().micros()),
        ))
        .execute(tx)?;
    Ok(moved == 1)
}

/// Notes how many candidates a sweep has made.
///
/// # Errors
/// The database's.
pub fn count_made(tx: &mut Conn, _may: &May<FollowIndex>, run: MatchRunId, made: u64) -> Result<(), DbError> {
    let made = i64::try_from(made).unwrap_or(i64::MAX);
    diesel::update(match_runs::table.find(run)).set(match_runs::made.eq(made)).execute(tx)?;
    Ok(())
}
