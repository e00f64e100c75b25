//! What a released location opens: the found person's record, to be read by whoever carries the news, for as long as
//! everything that the release rests on stands. Nothing is stored for it, so nothing has to be taken back.

use diesel::dsl::not;
use diesel::prelude::*;

use super::people::PersonRow;
use super::reach::Within;
use crate::consent::{self, ConsentKind, Current};
use crate::db::schema::{assignments, candidates, people, releases, sought_persons, tracing_requests};
use crate::db::{Conn, DbError};
use crate::kernel::{ConsentId, PersonId, SocietyId, Timestamp};
use crate::matches::CandidateState;
use crate::policy::{May, ReadPerson};
use crate::requests::{Conflict, Released, RequestState, about_hidden};

/// A person whose place was released to the request that the caller works on: the relation is still verified, the very
/// consent still in force and they let themselves be found by that society, the request neither ended nor stopped nor
/// standing still, and nobody in it hidden from the caller. With it the yes it rests on: whether its giver suits is asked of
/// whoever may open what decides that.
///
/// # Errors
/// Not found, or the database's.
pub fn find_released(
    conn: &mut Conn,
    may: &May<ReadPerson>,
    id: PersonId,
    now: Timestamp,
) -> Result<(PersonRow, Current), DbError> {
    let account = may.account().ok_or(DbError::NotFound)?;
    let ended: Vec<&str> =
        RequestState::ALL.iter().filter(|state| state.is_over()).map(|state| state.code()).collect();
    let worked_on =
        assignments::table.filter(assignments::account_id.eq(account)).select(assignments::subject_id);
    let released: Vec<(ConsentId, PersonId, SocietyId, SocietyId)> = releases::table
        .inner_join(candidates::table.inner_join(sought_persons::table.inner_join(tracing_requests::table)))
        .filter(releases::kind.eq(Released::Location.code()))
        .filter(releases::ended_at.is_null())
        .filter(candidates::found_id.eq(id))
        .filter(candidates::state.eq(CandidateState::Verified.code()))
        .filter(tracing_requests::id.eq_any(worked_on))
        .filter(tracing_requests::state.ne_all(ended))
        .filter(tracing_requests::conflict.ne(Conflict::Flagged.code()))
        .filter(not(about_hidden(Some(account))))
        .select((
            releases::consent_id,
            tracing_requests::enquirer_id,
            candidates::request_society_id,
            candidates::found_society_id,
        ))
        .load(conn)?;
    let enquirers: Vec<PersonId> = released.iter().map(|(_, enquirer, ..)| *enquirer).collect();
    let let_go = consent::let_go(conn, &enquirers, now)?;
    let mut open = Vec::new();
    for (rests_on, enquirer, asking, met_by) in released {
        if !let_go.contains(&enquirer) && consent::lets_be_found(conn, id, asking == met_by, now)? {
            open.push(rests_on);
        }
    }
    let agreed = consent::current(conn, id, ConsentKind::ShareLocationWithEnquirer, now)?;
    let agreed = agreed.filter(|agreed| agreed.in_force && open.contains(&agreed.id));
    let agreed = agreed.ok_or(DbError::NotFound)?;
    let query = people::table.filter(people::id.eq(id)).select(PersonRow::as_select()).into_boxed();
    Ok((Within::record(may).people(query).first(conn)?, agreed))
}
