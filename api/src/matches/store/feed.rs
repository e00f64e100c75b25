//! What the index follows: the change feed, how far pairs have been written, and who is sought.

use std::collections::HashSet;

use diesel::prelude::*;
use migrations::db::RawId;
use migrations::schema::{
    assignments, candidates, change_head, changes, match_progress, people, request_circulation, societies,
    sought_persons, tracing_requests,
};

use crate::consent;
use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, CandidateId, PersonId, RequestId, SocietyId, SoughtId, Timestamp};
use crate::matches::model::Sought;
use crate::requests::{self, Circulation, Conflict, Entry, RecipientKind, RequestState, Rule, SoughtState};

/// One entry of the feed.
#[derive(Clone, Copy, Debug)]
pub struct FeedEntry {
    pub seq: i64,
    pub person: PersonId,
}

/// The newest number of the feed.
///
/// # Errors
/// The database's.
pub fn head(conn: &mut Conn) -> Result<i64, DbError> {
    Ok(change_head::table.find(1).select(change_head::seq).first(conn)?)
}

/// Entries after `after`, in order of commit.
///
/// # Errors
/// The database's.
pub fn changes_after(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<FeedEntry>, DbError> {
    let rows: Vec<(i64, RawId)> = changes::table
        .filter(changes::seq.gt(after))
        .order(changes::seq)
        .limit(limit)
        .select((changes::seq, changes::record_id))
        .load(conn)?;
    let entry = |(seq, record): (i64, RawId)| FeedEntry { seq, person: PersonId::from_uuid(record.0) };
    Ok(rows.into_iter().map(entry).collect())
}

/// The last change whose pairs are written down, by whichever node.
///
/// # Errors
/// The database's.
pub fn progress(conn: &mut Conn) -> Result<i64, DbError> {
    Ok(match_progress::table.find(1).select(match_progress::seq).first(conn)?)
}

/// Notes that the pairs of every change up to `seq` are written. Never goes back.
///
/// # Errors
/// The database's.
pub fn set_progress(tx: &mut Conn, seq: i64) -> Result<(), DbError> {
    diesel::update(match_progress::table.find(1))
        .filter(match_progress::seq.lt(seq))
        .set(match_progress::seq.eq(seq))
        .execute(tx)?;
    Ok(())
}

/// Has the requests of these candidates stand still until the transaction ends: see [`requests::hold`].
///
/// # Errors
/// The database's.
pub fn hold_requests(tx: &mut Conn, of: &[CandidateId]) -> Result<(), DbError> {
    let ids: Vec<RequestId> = candidates::table
        .inner_join(sought_persons::table)
        .filter(candidates::id.eq_any(of.to_vec()))
        .select(sought_persons::request_id)
        .distinct()
        .load(tx)?;
    requests::hold(tx, &ids)
}

/// How many people the index would hold at most.
///
/// # Errors
/// The database's.
pub fn count_people(conn: &mut Conn) -> Result<u64, DbError> {
    let count: i64 = people::table.count().get_result(conn)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// The country of every society.
///
/// # Errors
/// The database's.
pub fn countries(conn: &mut Conn) -> Result<Vec<(SocietyId, String)>, DbError> {
    Ok(societies::table.select((societies::id, societies::country)).load(conn)?)
}

/// Who is on the team of those of `persons` who are restricted.
///
/// # Errors
/// The database's.
pub fn teams(conn: &mut Conn, persons: &[PersonId]) -> Result<Vec<(PersonId, AccountId)>, DbError> {
    Ok(people::table
        .inner_join(assignments::table.on(assignments::subject_id.eq(people::id)))
        .filter(people::restricted)
        .filter(people::id.eq_any(persons.to_vec()))
        .select((people::id, assignments::account_id))
        .load(conn)?)
}

/// Whose place in the index time alone has changed between two moments: whose own yes ran out, and whoever is
/// sought by them.
///
/// # Errors
/// The database's.
pub fn expired_between(
    conn: &mut Conn,
    after: Timestamp,
    until: Timestamp,
) -> Result<Vec<PersonId>, DbError> {
    let mut expired = consent::expired_between(conn, after, until)?;
    if !expired.is_empty() {
        let sought: Vec<PersonId> = sought_persons::table
            .inner_join(tracing_requests::table)
            .filter(tracing_requests::enquirer_id.eq_any(expired.clone()))
            .select(sought_persons::person_id)
            .load(conn)?;
        expired.extend(sought);
    }
    Ok(expired)
}

/// Those of `persons` who are looked for now: sought by a request that is being searched, and not located. A request
/// under suspicion of a conflict of interest is searched by nobody, nor one of an enquirer who may not be kept.
///
/// # Errors
/// The database's.
pub fn sought_among(conn: &mut Conn, persons: &[PersonId], now: Timestamp) -> Result<Vec<Sought>, DbError> {
    let searched: Vec<&str> =
        RequestState::ALL.iter().filter(|state| state.is_searched()).map(|state| state.code()).collect();
    let rows: Vec<(PersonId, SoughtId, RequestId, SocietyId, i64, PersonId)> = sought_persons::table
        .inner_join(tracing_requests::table)
        .inner_join(people::table)
        .filter(sought_persons::person_id.eq_any(persons.to_vec()))
        .filter(sought_persons::state.eq(SoughtState::Sought.code()))
        .filter(tracing_requests::state.eq_any(searched))
        .filter(tracing_requests::conflict.ne(Conflict::Flagged.code()))
        .select((
            sought_persons::person_id,
            sought_persons::id,
            sought_persons::request_id,
            tracing_requests::society_id,
            people::profile_version,
            tracing_requests::enquirer_id,
        ))
        .load(conn)?;
    let mut enquirers: Vec<PersonId> = rows.iter().map(|(.., enquirer)| *enquirer).collect();
    enquirers.sort_unstable();
    enquirers.dedup();
    let let_go: HashSet<PersonId> = consent::let_go(conn, &enquirers, now)?.into_iter().collect();
    let mut sought: Vec<Sought> = rows
        .into_iter()
        .filter(|(.., enquirer)| !let_go.contains(enquirer))
        .map(|(person, sought, request, society, version, _)| Sought {
            person,
            sought,
            request,
            society,
            version,
            circulation: Circulation::default(),
        })
        .collect();
    let requests: Vec<RequestId> = sought.iter().map(|one| one.request).collect();
    let entries: Vec<(RequestId, String, String, String)> = request_circulation::table
        .filter(request_circulation::request_id.eq_any(requests))
        .select((
            request_circulation::request_id,
            request_circulation::recipient_kind,
            request_circulation::recipient,
            request_circulation::rule,
        ))
        .load(conn)?;
    for (request, kind, recipient, rule) in entries {
        let kind = RecipientKind::parse(&kind).ok_or(DbError::Broken("circulation"))?;
        let rule = Rule::parse(&rule).ok_or(DbError::Broken("circulation"))?;
        for one in sought.iter_mut().filter(|one| one.request == request) {
            one.circulation.0.push(Entry { kind, recipient: recipient.clone(), rule });
        }
    }
    Ok(sought)
}
