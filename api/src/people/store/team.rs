//! Who is on somebody's team, and who may be put on it, by sign-in name.

use diesel::prelude::*;

use crate::auth::AccountState;
use crate::db::schema::{accounts, assignments};
use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, PersonId, SocietyId};
use crate::policy::{May, RestrictPerson};

/// An account: who, their sign-in name, role and state.
pub type NamedAccount = (AccountId, String, String, String);

/// The accounts on a person's team, by sign-in name; a closed account stays on it until somebody takes it off.
///
/// # Errors
/// The database's.
pub fn team_named(
    conn: &mut Conn,
    _may: &May<RestrictPerson>,
    person: PersonId,
) -> Result<Vec<NamedAccount>, DbError> {
    let on = assignments::table
        .filter(assignments::subject_id.eq(migrations::db::RawId(person.uuid())))
        .select(assignments::account_id);
    Ok(accounts::table
        .filter(accounts::id.eq_any(on))
        .order(accounts::login)
        .select((accounts::id, accounts::login, accounts::role, accounts::state))
        .load(conn)?)
}

/// The open accounts of a society, by sign-in name: who may be put on a team there.
///
/// # Errors
/// The database's.
pub fn colleagues_named(
    conn: &mut Conn,
    _may: &May<RestrictPerson>,
    society: SocietyId,
) -> Result<Vec<NamedAccount>, DbError> {
    Ok(accounts::table
        .filter(accounts::society_id.eq(society))
        .filter(accounts::state.eq(AccountState::Active.code()))
        .order(accounts::login)
        .select((accounts::id, accounts::login, accounts::role, accounts::state))
        .load(conn)?)
}
