//! Reading candidates. The request gives the reach; somebody restricted, found or part of the request, hides the pair
//! from everybody who is not on that person's team.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use migrations::db::MultiBackend;
use migrations::schema::{
    assignments, candidate_events, candidates, people, releases, societies, sought_persons, tracing_requests,
};

use super::{CandidateRow, EventRow};
use crate::consent;
use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, CandidateId, ConsentId, PersonId, RequestId, SocietyId, SoughtId, Timestamp};
use crate::matches::model::{Access, CandidateState};
use crate::people::is_hidden;
use crate::policy::{May, Permission, Reach};
use crate::requests::{self, News, Released, about_hidden};

type Rows<'a> = candidates::BoxedQuery<'a, MultiBackend>;

/// The candidates `may` reaches through their requests.
fn reachable<P: Permission>(may: &May<P>) -> Result<Rows<'static>, DbError> {
    let query = candidates::table.into_boxed();
    let query = match (may.reach(), may.account(), may.society()) {
        (Reach::Assigned, Some(account), _) => {
            let mine = sought_persons::table
                .filter(sought_persons::request_id.eq_any(assigned_to(account)))
                .select(sought_persons::id);
            query.filter(candidates::sought_id.eq_any(mine))
        }
        (Reach::OwnSociety, _, Some(society)) => query.filter(candidates::request_society_id.eq(society)),
        _ => return Err(DbError::NotFound),
    };
    Ok(without_hidden(query, may.account()))
}

/// Takes out pairs of which the account may not know: the person found is hidden from it, or the request is, because of
/// the enquirer or anybody it seeks.
fn without_hidden(query: Rows<'static>, account: Option<AccountId>) -> Rows<'static> {
    let found = people::table.filter(people::id.eq(candidates::found_id)).filter(is_hidden(account));
    let request = sought_persons::table
        .inner_join(tracing_requests::table)
        .filter(sought_persons::id.eq(candidates::sought_id))
        .filter(about_hidden(account));
    query.filter(not(exists(found))).filter(not(exists(request)))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn assigned_to(account: AccountId) -> _ {
    assignments::table.filter(assignments::account_id.eq(account)).select(assignments::subject_id)
}

/// A candidate within reach.
///
/// # Errors
/// Not found, or the database's.
pub fn find<P: Permission>(conn: &mut Conn, may: &May<P>, id: CandidateId) -> Result<CandidateRow, DbError> {
    Ok(reachable(may)?.filter(candidates::id.eq(id)).select(CandidateRow::as_select()).first(conn)?)
}

/// Which candidates a list shows.
#[derive(Clone, Copy, Debug)]
pub enum Shelf {
    /// All of a request but those withdrawn.
    Request(RequestId),
    /// Everything in reach in one state: what a reviewer works through.
    State(CandidateState),
}

/// A page within reach, the likeliest first. `after` is the last row of the page before.
///
/// # Errors
/// The database's.
pub fn list<P: Permission>(
    conn: &mut Conn,
    may: &May<P>,
    shelf: Shelf,
    after: Option<CandidateId>,
    limit: usize,
) -> Result<Vec<CandidateRow>, DbError> {
    let mut query = reachable(may)?;
    query = match shelf {
        Shelf::Request(request) => {
            let sought = sought_persons::table
                .filter(sought_persons::request_id.eq(request))
                .select(sought_persons::id);
            query
                .filter(candidates::sought_id.eq_any(sought))
                .filter(candidates::state.ne(CandidateState::Withdrawn.code()))
        }
        Shelf::State(state) => query.filter(candidates::state.eq(state.code())),
    };
    if let Some(after) = after {
        // A place in the list is a row of it: nobody learns of others by naming them.
        let place = reachable(may)?.filter(candidates::id.eq(after)).select(candidates::probability);
        let probability: Option<f64> = place.first(conn).optional()?;
        let Some(probability) = probability else { return Ok(Vec::new()) };
        query = query.filter(
            candidates::probability
                .lt(probability)
                .or(candidates::probability.eq(probability).and(candidates::id.lt(after))),
        );
    }
    Ok(query
        .order((candidates::probability.desc(), candidates::id.desc()))
        .limit(i64::try_from(limit + 1).unwrap_or(i64::MAX))
        .select(CandidateRow::as_select())
        .load(conn)?)
}

/// Where a candidate belongs: the sought person's own record and the request.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub sought: SoughtId,
    pub sought_person: PersonId,
    pub request: RequestId,
}

/// The places of several sought persons.
///
/// # Errors
/// The database's.
pub fn places(conn: &mut Conn, sought: &[SoughtId]) -> Result<Vec<Place>, DbError> {
    let rows: Vec<(SoughtId, PersonId, RequestId)> = sought_persons::table
        .filter(sought_persons::id.eq_any(sought.to_vec()))
        .select((sought_persons::id, sought_persons::person_id, sought_persons::request_id))
        .load(conn)?;
    let place = |(sought, sought_person, request)| Place { sought, sought_person, request };
    Ok(rows.into_iter().map(place).collect())
}

/// Reference and society of people, for the reduced view.
///
/// # Errors
/// The database's.
pub fn references(conn: &mut Conn, ids: &[PersonId]) -> Result<Vec<(PersonId, String, String)>, DbError> {
    Ok(people::table
        .inner_join(societies::table)
        .filter(people::id.eq_any(ids.to_vec()))
        .select((people::id, people::reference, societies::name))
        .load(conn)?)
}

/// What societies are called.
///
/// # Errors
/// The database's.
pub fn society_names(conn: &mut Conn) -> Result<Vec<(SocietyId, String)>, DbError> {
    Ok(societies::table.select((societies::id, societies::name)).load(conn)?)
}

/// The reference of a request.
///
/// # Errors
/// The database's.
pub fn request_references(conn: &mut Conn, ids: &[RequestId]) -> Result<Vec<(RequestId, String)>, DbError> {
    Ok(tracing_requests::table
        .filter(tracing_requests::id.eq_any(ids.to_vec()))
        .select((tracing_requests::id, tracing_requests::reference))
        .load(conn)?)
}

/// The decisions about a candidate, oldest first.
///
/// # Errors
/// The database's.
pub fn events(conn: &mut Conn, id: CandidateId) -> Result<Vec<EventRow>, DbError> {
    Ok(candidate_events::table
        .filter(candidate_events::candidate_id.eq(id))
        .order(candidate_events::seq)
        .limit(500)
        .select(EventRow::as_select())
        .load(conn)?)
}

/// What the found persons of a request agreed to have told, and still agree to now: a release counts as long as the
/// decision and the consent it rests on, and as long as they let themselves be found. Of whoever is hidden from the
/// account nothing is told.
///
/// # Errors
/// The database's, or a code that no list knows.
pub fn released(
    conn: &mut Conn,
    request: RequestId,
    account: Option<AccountId>,
    now: Timestamp,
) -> Result<Vec<News>, DbError> {
    type Row = ((String, i64, ConsentId), (PersonId, SoughtId), (SocietyId, SocietyId));
    let hidden = people::table.filter(people::id.eq(candidates::found_id)).filter(is_hidden(account));
    let rows: Vec<Row> = releases::table
        .inner_join(candidates::table.inner_join(sought_persons::table))
        .filter(sought_persons::request_id.eq(request))
        .filter(not(exists(hidden)))
        .filter(candidates::state.eq(CandidateState::Verified.code()))
        .filter(releases::ended_at.is_null())
        .order(releases::at)
        .select((
            (releases::kind, releases::at, releases::consent_id),
            (candidates::found_id, candidates::sought_id),
            (candidates::request_society_id, candidates::found_society_id),
        ))
        .load(conn)?;
    if rows.is_empty() || requests::stands_still(conn, request, now)? {
        return Ok(Vec::new());
    }
    let mut released = Vec::with_capacity(rows.len());
    for ((kind, at, rests_on), (found, sought), (asking, met_by)) in rows {
        let kind = Released::parse(&kind).ok_or(DbError::Broken("release"))?;
        let agreed = consent::current(conn, found, kind.consent(), now)?;
        if agreed.is_some_and(|agreed| agreed.in_force && agreed.id == rests_on)
            && consent::lets_be_found(conn, found, asking == met_by, now)?
        {
            released.push(News { sought, kind, at: Timestamp::from_micros(at) });
        }
    }
    Ok(released)
}

/// Whether somebody sought was found in a relation that still stands verified.
///
/// # Errors
/// The database's.
pub fn is_verified(conn: &mut Conn, sought: SoughtId) -> Result<bool, DbError> {
    let verified = candidates::table
        .filter(candidates::sought_id.eq(sought))
        .filter(candidates::state.eq(CandidateState::Verified.code()));
    Ok(diesel::select(exists(verified)).get_result(conn)?)
}

/// Pairs whose found person another society asks to see, for the society that met them.
///
/// # Errors
/// The database's.
pub fn asked_of(
    conn: &mut Conn,
    society: SocietyId,
    account: Option<AccountId>,
    only: Option<CandidateId>,
) -> Result<Vec<CandidateRow>, DbError> {
    let mut query = without_hidden(candidates::table.into_boxed(), account)
        .filter(candidates::found_society_id.eq(society))
        .filter(candidates::access.eq(Access::Asked.code()))
        .filter(candidates::state.ne(CandidateState::Withdrawn.code()));
    if let Some(id) = only {
        query = query.filter(candidates::id.eq(id));
    }
    Ok(query.order(candidates::id).limit(50).select(CandidateRow::as_select()).load(conn)?)
}
