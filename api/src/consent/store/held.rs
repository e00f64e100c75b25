//! Whose erasure is held up: somebody who is sought in their requests would go along and is restricted to a team, and
//! nobody is erased by whoever does not see them.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::not;
use diesel::prelude::*;

use super::lapse::{let_go, of_teams};
use crate::auth::AccountState;
use crate::db::schema::{accounts, assignments, people, sought_persons, tracing_requests};
use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, PersonId, Timestamp};
use crate::people::is_hidden;
use crate::policy::{May, ReadErasures, Role};

/// Somebody restricted: who, and their reference.
pub type Restricted = (PersonId, String);

/// Those of `persons`, whom the caller sees, who cannot be erased: by a caller who erases, since somebody who would go
/// along is hidden from them; else by any data protection officer. For whoever chooses the teams, those of them who would
/// go stand beside, as a data protection officer must be put on the team of all of them. Whoever is hidden from the caller
/// is never named, and does not count for a caller who could not meet them in erasing.
///
/// # Errors
/// The database's.
pub fn held_up(
    conn: &mut Conn,
    may: &May<ReadErasures>,
    persons: &[PersonId],
) -> Result<BTreeMap<PersonId, Vec<Restricted>>, DbError> {
    let sought = sought_persons::table
        .inner_join(tracing_requests::table)
        .inner_join(people::table.on(people::id.eq(sought_persons::person_id)))
        .filter(tracing_requests::enquirer_id.eq_any(persons.to_vec()));
    if !of_teams(may)? {
        let held: Vec<PersonId> =
            sought.filter(is_hidden(may.account())).select(tracing_requests::enquirer_id).load(conn)?;
        return Ok(held.into_iter().map(|person| (person, Vec::new())).collect());
    }
    let along: Vec<(PersonId, PersonId, String)> = sought
        .filter(people::restricted)
        .filter(not(is_hidden(may.account())))
        .select((tracing_requests::enquirer_id, people::id, people::reference))
        .load(conn)?;
    let own: Vec<(PersonId, PersonId, String)> = people::table
        .filter(people::id.eq_any(persons.to_vec()))
        .filter(people::restricted)
        .select((people::id, people::id, people::reference))
        .load(conn)?;
    let mut going: BTreeMap<PersonId, BTreeSet<Restricted>> = BTreeMap::new();
    for (person, restricted, reference) in own.into_iter().chain(along) {
        going.entry(person).or_default().insert((restricted, reference));
    }
    let restricted = going.values().flatten().map(|(id, _)| *id).collect();
    let officers = officers_of(conn, restricted)?;
    let one_sees_all = |going: &BTreeSet<Restricted>| {
        officers.values().any(|sees| going.iter().all(|(restricted, _)| sees.contains(restricted)))
    };
    let held = going.into_iter().filter(|(_, going)| !one_sees_all(going));
    Ok(held.map(|(person, going)| (person, going.into_iter().collect())).collect())
}

/// Who waits for erasure and seeks somebody restricted whom the caller sees. The restricted are few.
///
/// # Errors
/// The database's.
pub(super) fn seekers_of_restricted(
    conn: &mut Conn,
    may: &May<ReadErasures>,
    now: Timestamp,
) -> Result<Vec<PersonId>, DbError> {
    let seekers: Vec<PersonId> = sought_persons::table
        .inner_join(tracing_requests::table)
        .inner_join(people::table.on(people::id.eq(sought_persons::person_id)))
        .filter(people::restricted)
        .filter(not(is_hidden(may.account())))
        .select(tracing_requests::enquirer_id)
        .distinct()
        .load(conn)?;
    let_go(conn, &seekers, now)
}

/// Each data protection officer on a team of these, with those whose team that is.
fn officers_of(
    conn: &mut Conn,
    restricted: BTreeSet<PersonId>,
) -> Result<BTreeMap<AccountId, BTreeSet<PersonId>>, DbError> {
    let on_teams: Vec<(AccountId, PersonId)> = accounts::table
        .inner_join(assignments::table)
        .inner_join(people::table.on(people::id.eq(assignments::subject_id)))
        .filter(people::id.eq_any(restricted))
        .filter(accounts::role.eq(Role::DataProtectionOfficer.code()))
        .filter(accounts::state.ne(AccountState::Disabled.code()))
        .select((accounts::id, people::id))
        .load(conn)?;
    let mut officers: BTreeMap<AccountId, BTreeSet<PersonId>> = BTreeMap::new();
    for (account, person) in on_teams {
        officers.entry(account).or_default().insert(person);
    }
    Ok(officers)
}
