//! Accounts, enrolment codes and recovery codes.

use diesel::prelude::*;
use migrations::schema::{accounts, enrolments, recovery_codes, service_points, societies};

use crate::auth::model::{AccountState, AccountView, Login, NewAccount};
use crate::db::{Conn, DbError, Sealed};
use crate::kernel::{AccountId, PointId, SocietyId, Timestamp};
use crate::policy::Role;
use crate::vault::AccountTotp;

/// One account as its row stands.
pub(in crate::auth) struct AccountRow {
    pub(in crate::auth) id: AccountId,
    pub(in crate::auth) society: SocietyId,
    pub(in crate::auth) point: Option<PointId>,
    pub(in crate::auth) login: String,
    pub(in crate::auth) role: Role,
    pub(in crate::auth) state: AccountState,
    pub(in crate::auth) password_hash: Option<String>,
    pub(in crate::auth) totp: Option<Sealed<AccountTotp>>,
    pub(in crate::auth) version: i64,
}

type Columns = (
    AccountId,
    SocietyId,
    Option<PointId>,
    String,
    String,
    String,
    Option<String>,
    Option<Sealed<AccountTotp>>,
    i64,
);

const COLUMNS: (
    accounts::id,
    accounts::society_id,
    accounts::point_id,
    accounts::login,
    accounts::role,
    accounts::state,
    accounts::password_hash,
    accounts::totp_sealed,
    accounts::version,
) = (
    accounts::id,
    accounts::society_id,
    accounts::point_id,
    accounts::login,
    accounts::role,
    accounts::state,
    accounts::password_hash,
    accounts::totp_sealed,
    accounts::version,
);

fn from_columns(row: Columns) -> Result<AccountRow, DbError> {
    let (id, society, point, login, role, state, password_hash, totp, version) = row;
    let role = Role::parse(&role).ok_or(DbError::Broken("account role"))?;
    let state = AccountState::parse(&state).ok_or(DbError::Broken("account state"))?;
    Ok(AccountRow { id, society, point, login, role, state, password_hash, totp, version })
}

pub(in crate::auth) fn insert_account(
    tx: &mut Conn,
    id: AccountId,
    new: &NewAccount,
    now: Timestamp,
) -> Result<(), DbError> {
    diesel::insert_into(accounts::table)
        .values((
            accounts::id.eq(id),
            accounts::society_id.eq(new.society),
            accounts::point_id.eq(new.point),
            accounts::login.eq(new.login.as_str()),
            accounts::role.eq(new.role.code()),
            accounts::state.eq(AccountState::Invited.code()),
            accounts::totp_step.eq(0),
            accounts::language.eq(new.language.code()),
            accounts::created_at.eq(now.micros()),
            accounts::version.eq(1),
        ))
        .execute(tx)?;
    Ok(())
}

pub(in crate::auth) fn account_by_login(
    conn: &mut Conn,
    login: &Login,
) -> Result<Option<AccountRow>, DbError> {
    let row: Option<Columns> =
        accounts::table.filter(accounts::login.eq(login.as_str())).select(COLUMNS).first(conn).optional()?;
    row.map(from_columns).transpose()
}

pub(in crate::auth) fn account(conn: &mut Conn, id: AccountId) -> Result<AccountRow, DbError> {
    from_columns(accounts::table.find(id).select(COLUMNS).first(conn)?)
}

/// Whether a service point is one of the society's own.
pub(in crate::auth) fn is_point_of(
    conn: &mut Conn,
    point: PointId,
    society: SocietyId,
) -> Result<bool, DbError> {
    let own = service_points::table.find(point).filter(service_points::society_id.eq(society));
    Ok(diesel::select(diesel::dsl::exists(own)).get_result(conn)?)
}

/// What a society is called: its code and its name.
pub(in crate::auth) fn society_words(conn: &mut Conn, id: SocietyId) -> Result<(String, String), DbError> {
    Ok(societies::table.find(id).select((societies::code, societies::name)).first(conn)?)
}

/// The account, if it belongs to the society; `None` is any society.
pub(in crate::auth) fn account_within(
    conn: &mut Conn,
    id: AccountId,
    society: Option<SocietyId>,
) -> Result<AccountRow, DbError> {
    let row = account(conn, id)?;
    if society.is_none_or(|society| society == row.society) { Ok(row) } else { Err(DbError::NotFound) }
}

type ListColumns = (AccountId, String, String, String, Option<PointId>, Option<Sealed<AccountTotp>>, i64);

pub(in crate::auth) fn list_accounts(
    conn: &mut Conn,
    society: Option<SocietyId>,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<AccountView>, DbError> {
    let mut query = accounts::table
        .select((
            accounts::id,
            accounts::login,
            accounts::role,
            accounts::state,
            accounts::point_id,
            accounts::totp_sealed,
            accounts::version,
        ))
        .order(accounts::id)
        .limit(limit)
        .into_boxed();
    if let Some(society) = society {
        query = query.filter(accounts::society_id.eq(society));
    }
    if let Some(after) = after {
        query = query.filter(accounts::id.gt(after));
    }
    let rows: Vec<ListColumns> = query.load(conn)?;
    rows.into_iter()
        .map(|(id, login, role, state, point, totp, version)| {
            Ok(AccountView {
                id,
                login,
                role: Role::parse(&role).ok_or(DbError::Broken("account role"))?,
                state: AccountState::parse(&state).ok_or(DbError::Broken("account state"))?,
                point,
                second_factor: totp.is_some(),
                version,
            })
        })
        .collect()
}

/// Takes a step of the second factor; `false` when it, or a later one, was taken before.
pub(in crate::auth) fn take_step(tx: &mut Conn, id: AccountId, step: i64) -> Result<bool, DbError> {
    let free = accounts::table.filter(accounts::id.eq(id)).filter(accounts::totp_step.lt(step));
    Ok(diesel::update(free).set(accounts::totp_step.eq(step)).execute(tx)? == 1)
}

pub(in crate::auth) fn set_password(tx: &mut Conn, id: AccountId, hash: &str) -> Result<(), DbError> {
    diesel::update(accounts::table.find(id)).set(accounts::password_hash.eq(hash)).execute(tx)?;
    Ok(())
}

/// Puts a better hash of the same password in the place of the one that was checked; a password changed meanwhile stays.
pub(in crate::auth) fn replace_hash(
    tx: &mut Conn,
    id: AccountId,
    held: &str,
    better: &str,
) -> Result<(), DbError> {
    let unchanged = accounts::table.filter(accounts::id.eq(id)).filter(accounts::password_hash.eq(held));
    diesel::update(unchanged).set(accounts::password_hash.eq(better)).execute(tx)?;
    Ok(())
}

pub(in crate::auth) fn accept_conduct(
    tx: &mut Conn,
    id: AccountId,
    version: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    diesel::update(accounts::table.find(id))
        .set((accounts::conduct_version.eq(version), accounts::conduct_at.eq(now.micros())))
        .execute(tx)?;
    Ok(())
}

/// Everything of an account that an enrolment or an administrator changes, as the row's next version.
pub(in crate::auth) struct AccountChange {
    pub(in crate::auth) role: Role,
    pub(in crate::auth) point: Option<PointId>,
    pub(in crate::auth) state: AccountState,
    /// `None` leaves the password as it stands in the row, which its owner may be changing at this moment.
    pub(in crate::auth) password: Option<NewPassword>,
    pub(in crate::auth) totp: Option<Sealed<AccountTotp>>,
}

/// What becomes of a password.
pub(in crate::auth) enum NewPassword {
    Hash(String),
    Gone,
}

impl NewPassword {
    fn hash(&self) -> Option<&str> {
        match self {
            Self::Hash(hash) => Some(hash),
            Self::Gone => None,
        }
    }
}

impl AccountChange {
    /// Nothing changed yet, except that the sealed seed must be carried to the next version by the caller.
    pub(in crate::auth) fn of(row: &AccountRow) -> Self {
        Self { role: row.role, point: row.point, state: row.state, password: None, totp: row.totp.clone() }
    }
}

/// Writes the next version of the row; a stale one is a conflict.
pub(in crate::auth) fn change_account(
    tx: &mut Conn,
    row: &AccountRow,
    change: &AccountChange,
) -> Result<(), DbError> {
    let current = accounts::table.filter(accounts::id.eq(row.id)).filter(accounts::version.eq(row.version));
    let changed = diesel::update(current)
        .set((
            accounts::role.eq(change.role.code()),
            accounts::point_id.eq(change.point),
            accounts::state.eq(change.state.code()),
            change.password.as_ref().map(|password| accounts::password_hash.eq(password.hash())),
            accounts::totp_sealed.eq(change.totp.as_ref()),
            accounts::version.eq(row.version + 1),
        ))
        .execute(tx)?;
    if changed == 1 {
        return Ok(());
    }
    let refusal =
        crate::kernel::ApiError::Conflict("stale", "the account was changed meanwhile; read it again");
    Err(DbError::Refused(refusal))
}

pub(in crate::auth) fn insert_enrolment(
    tx: &mut Conn,
    account: AccountId,
    hash: &[u8; 32],
    expires: Timestamp,
) -> Result<(), DbError> {
    drop_enrolments(tx, account)?;
    diesel::insert_into(enrolments::table)
        .values((
            enrolments::token_hash.eq(hash.as_slice()),
            enrolments::account_id.eq(account),
            enrolments::expires_at.eq(expires.micros()),
        ))
        .execute(tx)?;
    Ok(())
}

/// The account that waits for this code: unused, not expired, and the account still invited. One that was closed
/// meanwhile waits for nothing.
pub(in crate::auth) fn enrolment(
    conn: &mut Conn,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<AccountId>, DbError> {
    let invited =
        accounts::table.filter(accounts::state.eq(AccountState::Invited.code())).select(accounts::id);
    Ok(enrolments::table
        .find(hash.as_slice())
        .filter(enrolments::used_at.is_null())
        .filter(enrolments::expires_at.gt(now.micros()))
        .filter(enrolments::account_id.eq_any(invited))
        .select(enrolments::account_id)
        .first(conn)
        .optional()?)
}

/// Takes every enrolment code of an account back.
pub(in crate::auth) fn drop_enrolments(tx: &mut Conn, account: AccountId) -> Result<(), DbError> {
    diesel::delete(enrolments::table.filter(enrolments::account_id.eq(account))).execute(tx)?;
    Ok(())
}

/// Uses an enrolment code up; `false` when somebody was faster.
pub(in crate::auth) fn use_enrolment(
    tx: &mut Conn,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<bool, DbError> {
    let unused = enrolments::table
        .filter(enrolments::token_hash.eq(hash.as_slice()))
        .filter(enrolments::used_at.is_null());
    Ok(diesel::update(unused).set(enrolments::used_at.eq(now.micros())).execute(tx)? == 1)
}

pub(in crate::auth) fn replace_recovery_codes(
    tx: &mut Conn,
    account: AccountId,
    hashes: &[[u8; 32]],
) -> Result<(), DbError> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(account))).execute(tx)?;
    for hash in hashes {
        diesel::insert_into(recovery_codes::table)
            .values((recovery_codes::code_hash.eq(hash.as_slice()), recovery_codes::account_id.eq(account)))
            .execute(tx)?;
    }
    Ok(())
}

/// Uses a recovery code up; `false` when it is none of this account's, or used.
pub(in crate::auth) fn use_recovery_code(
    tx: &mut Conn,
    account: AccountId,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<bool, DbError> {
    let unused = recovery_codes::table
        .filter(recovery_codes::code_hash.eq(hash.as_slice()))
        .filter(recovery_codes::account_id.eq(account))
        .filter(recovery_codes::used_at.is_null());
    Ok(diesel::update(unused).set(recovery_codes::used_at.eq(now.micros())).execute(tx)? == 1)
}
