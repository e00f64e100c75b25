//! From where accounts have signed in: codes that only the service can make, and the last day of each.
//!
//! Written behind the line in the audit log, whose head every writer holds until its commit: two sign-ins that refresh and
//! forget the same rows come one after the other, and never wait for each other.

use diesel::prelude::*;
use migrations::schema::known_sources;

use crate::auth::known::Pair;
use crate::db::{Conn, DbError, on_backend};
use crate::kernel::Day;

/// Pairs kept, the newest ones.
pub(in crate::auth) const MOST: usize = 100_000;
/// Pairs forgotten in one transaction: somebody waits for it to sign in.
const AT_ONCE: i64 = 100;

const NEWEST: i64 = MOST as i64;

/// The newest pairs seen on this day or later.
pub(in crate::auth) fn pairs_since(conn: &mut Conn, since: Day) -> Result<Vec<(Pair, Day)>, DbError> {
    let rows: Vec<(Vec<u8>, String)> = known_sources::table
        .filter(known_sources::seen_on.ge(since.to_string()))
        .order((known_sources::seen_on.desc(), known_sources::pair.desc()))
        .limit(NEWEST)
        .select((known_sources::pair, known_sources::seen_on))
        .load(conn)?;
    let broken = DbError::Broken("known source");
    let parsed = rows.into_iter().map(|(pair, day)| Some((Pair::parse(&pair)?, Day::parse(&day)?)));
    parsed.collect::<Option<_>>().ok_or(broken)
}

/// Writes down that somebody signed in this way today.
pub(in crate::auth) fn see_pair(tx: &mut Conn, pair: &Pair, today: Day) -> Result<(), DbError> {
    let day = today.to_string();
    let row = (known_sources::pair.eq(pair.bytes()), known_sources::seen_on.eq(&day));
    let new = on_backend!(tx, |c| {
        diesel::insert_into(known_sources::table).values(row).on_conflict_do_nothing().execute(c)?
    });
    if new == 0 {
        let earlier = known_sources::table.find(pair.bytes()).filter(known_sources::seen_on.lt(&day));
        diesel::update(earlier).set(known_sources::seen_on.eq(&day)).execute(tx)?;
    }
    Ok(())
}

/// Forgets some of what was seen last on `until` or earlier, and some of what is more than may be kept.
pub(in crate::auth) fn forget_pairs(tx: &mut Conn, until: Day) -> Result<(), DbError> {
    let old: Vec<Vec<u8>> = known_sources::table
        .filter(known_sources::seen_on.le(until.to_string()))
        .order((known_sources::seen_on, known_sources::pair))
        .limit(AT_ONCE)
        .select(known_sources::pair)
        .load(tx)?;
    let too_many: Vec<Vec<u8>> = known_sources::table
        .order((known_sources::seen_on.desc(), known_sources::pair.desc()))
        .offset(NEWEST)
        .limit(AT_ONCE)
        .select(known_sources::pair)
        .load(tx)?;
    for pairs in [old, too_many] {
        if !pairs.is_empty() {
            diesel::delete(known_sources::table.filter(known_sources::pair.eq_any(pairs))).execute(tx)?;
        }
    }
    Ok(())
}
