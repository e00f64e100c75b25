//! Who holds a request, and who may: the accounts of the society that work on requests.

use diesel::prelude::*;
use migrations::db::MultiBackend;
use migrations::schema::{accounts, assignments};

use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, RequestId, SocietyId};
use crate::policy::{AssignRequest, May, Permission, ReadRequest, Role};

/// Live accounts of a society that may work on requests: its caseworkers and reviewers.
fn able(society: SocietyId) -> accounts::BoxedQuery<'static, MultiBackend> {
    accounts::table
        .filter(accounts::society_id.eq(society))
        .filter(accounts::state.eq("active"))
        .filter(accounts::role.eq_any([Role::Caseworker.code(), Role::Reviewer.code()]))
        .into_boxed()
}

/// Whether an account may hold requests of this society.
///
/// # Errors
/// The database's.
pub fn can_work(
    conn: &mut Conn,
    _may: &May<AssignRequest>,
    account: AccountId,
    society: SocietyId,
) -> Result<bool, DbError> {
    let found = able(society).filter(accounts::id.eq(account)).select(accounts::id);
    Ok(found.first::<AccountId>(conn).optional()?.is_some())
}

/// Everybody who may hold requests of this society: account, login and role, by login.
///
/// # Errors
/// The database's.
pub fn workers(
    conn: &mut Conn,
    _may: &May<ReadRequest>,
    society: SocietyId,
) -> Result<Vec<(AccountId, String, String)>, DbError> {
    let named = able(society).order(accounts::login);
    Ok(named.select((accounts::id, accounts::login, accounts::role)).load(conn)?)
}

/// The accounts that hold a request, by login; a closed account holds it until somebody takes it away.
///
/// # Errors
/// The database's.
pub fn holders<P: Permission>(
    conn: &mut Conn,
    _may: &May<P>,
    request: RequestId,
) -> Result<Vec<(AccountId, String)>, DbError> {
    let holding =
        assignments::table.filter(assignments::subject_id.eq(request)).select(assignments::account_id);
    Ok(accounts::table
        .filter(accounts::id.eq_any(holding))
        .order(accounts::login)
        .select((accounts::id, accounts::login))
        .load(conn)?)
}
