//! Accounts: what an administrator or the operator may do with them, and everybody with their own.
//!
//! An administrator never sets or sees a password: making or resetting an account gives an enrolment code, good once and
//! for three days, and the person does the rest.

use chrono::Duration;

use super::known::Standing;
use super::model::{AccountState, AccountView, NewAccount, Password};
use super::password::{Verdict, check_new};
use super::session::Session;
use super::sign_in::key_of;
use super::store::{self, AccountChange, AccountRow, NewPassword};
use super::{Core, factor};
use crate::db::{Conn, DbError};
use crate::kernel::{
    AccountId, ApiError, PointId, Reference, SessionId, SocietyId, Timestamp, Wrong, invalid,
};
use crate::policy::{ManageAccounts, May, Reach, Role};
use crate::vault;

/// How long an enrolment code is good.
const ENROLMENT: Duration = Duration::hours(72);

/// An account just made or reset, and the code its owner needs; shown once, kept nowhere.
pub struct Invited {
    pub account: AccountId,
    pub code: Reference,
}

/// Makes an account in the caller's transaction: row, data key, enrolment code, leaf.
///
/// # Errors
/// The login is taken; the role, society or point is not one the caller may give; or the database's.
pub fn create(
    tx: &mut Conn,
    core: &Core,
    may: &May<ManageAccounts>,
    new: &NewAccount,
) -> Result<Invited, DbError> {
    new.check().map_err(ApiError::from)?;
    if within(may).is_some_and(|society| society != new.society) {
        return Err(DbError::NotFound);
    }
    own_point(tx, new.point, new.society)?;
    let now = core.clock.now();
    let account = AccountId::new(core.clock.as_ref(), &core.chance);
    let (_, wrapped) = core.vault.new_data_key(account, new.society).map_err(ApiError::from)?;
    store::insert_account(tx, account, new, now).map_err(|error| match error {
        DbError::Taken => {
            DbError::Refused(ApiError::Conflict("login_taken", "this login is taken; choose another"))
        }
        other => other,
    })?;
    vault::store::insert(tx, &wrapped, now)?;
    let code = invite(tx, core, account, now)?;
    core.audit.append(tx, may, |e| e.about(account).on(account).detail("created"))?;
    Ok(Invited { account, code })
}

fn within(may: &May<ManageAccounts>) -> Option<SocietyId> {
    if may.reach() == Reach::Everyone { None } else { may.society() }
}

/// An account works at a point of its own society: the point opens its address and its people, so another society's is
/// as unknown as none.
fn own_point(tx: &mut Conn, point: Option<PointId>, society: SocietyId) -> Result<(), DbError> {
    match point {
        Some(point) if !store::is_point_of(tx, point, society)? => {
            Err(invalid("point", Wrong::Unknown.says("is not a service point of the account's society"))
                .into())
        }
        _ => Ok(()),
    }
}

fn invite(tx: &mut Conn, core: &Core, account: AccountId, now: Timestamp) -> Result<Reference, DbError> {
    let code = Reference::new(&core.chance);
    store::insert_enrolment(tx, account, &factor::paper_hash(code.as_str()), now.plus(ENROLMENT))?;
    Ok(code)
}

/// The accounts within reach, in the order they were made; one more than `limit` when there are more.
///
/// # Errors
/// The database's.
pub fn list(
    conn: &mut Conn,
    may: &May<ManageAccounts>,
    after: Option<AccountId>,
    limit: usize,
) -> Result<Vec<AccountView>, DbError> {
    store::list_accounts(conn, within(may), after, i64::try_from(limit).unwrap_or(i64::MAX))
}

/// What an administrator may change.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    Disable,
    /// A disabled account comes back only through a new enrolment.
    Role(Role, Option<PointId>),
    EndSessions,
}

/// Changes an account within reach.
///
/// # Errors
/// Outside reach or unknown; the caller's own account; a role no account may hold; a point of another society.
pub fn change(
    tx: &mut Conn,
    core: &Core,
    may: &May<ManageAccounts>,
    id: AccountId,
    change: Change,
) -> Result<(), DbError> {
    let row = store::account_within(tx, id, within(may))?;
    not_oneself(may, id)?;
    let now = core.clock.now();
    let mut next = AccountChange::of(&row);
    let detail = match change {
        Change::EndSessions => {
            store::end_sessions(tx, id, None, now)?;
            core.audit.append(tx, may, |e| e.about(id).on(id).detail("sessions_ended"))?;
            return Ok(());
        }
        Change::Disable => {
            next.state = AccountState::Disabled;
            store::end_sessions(tx, id, None, now)?;
            store::drop_enrolments(tx, id)?;
            "disabled"
        }
        Change::Role(role, point) => {
            if role == Role::System {
                return Err(invalid("role", Wrong::NotYours.says("is held by the service alone")).into());
            }
            if role == Role::Intake && point.is_none() {
                return Err(invalid(
                    "point",
                    Wrong::Missing.says("is missing; intake works at one service point"),
                )
                .into());
            }
            own_point(tx, point, row.society)?;
            (next.role, next.point) = (role, point);
            "role_changed"
        }
    };
    next.totp = carried(tx, core, &row)?;
    store::change_account(tx, &row, &next)?;
    core.audit.append(tx, may, |e| e.about(id).on(id).detail(detail))?;
    Ok(())
}

/// Takes an account's password and second factor away and gives a new enrolment code: for somebody who lost them, and
/// for an account that comes back.
///
/// # Errors
/// As [`change`].
pub fn reset(
    tx: &mut Conn,
    core: &Core,
    may: &May<ManageAccounts>,
    id: AccountId,
) -> Result<Invited, DbError> {
    let row = store::account_within(tx, id, within(may))?;
    not_oneself(may, id)?;
    let now = core.clock.now();
    store::end_sessions(tx, id, None, now)?;
    store::replace_recovery_codes(tx, id, &[])?;
    let mut next = AccountChange::of(&row);
    (next.state, next.password, next.totp) = (AccountState::Invited, Some(NewPassword::Gone), None);
    store::change_account(tx, &row, &next)?;
    let code = invite(tx, core, id, now)?;
    core.audit.append(tx, may, |e| e.about(id).on(id).detail("reset"))?;
    Ok(Invited { account: id, code })
}

/// Nobody raises or ends their own account: that takes another administrator.
fn not_oneself(may: &May<ManageAccounts>, id: AccountId) -> Result<(), DbError> {
    if may.account() == Some(id) {
        let refusal = ApiError::Conflict("own_account", "another administrator must do this for you");
        return Err(DbError::Refused(refusal));
    }
    Ok(())
}

/// The sealed seed for the row's next version.
fn carried(
    tx: &mut Conn,
    core: &Core,
    row: &AccountRow,
) -> Result<Option<vault::Sealed<vault::AccountTotp>>, DbError> {
    let Some(sealed) = &row.totp else { return Ok(None) };
    let key = key_of(tx, &core.vault, row.id)?.ok_or(DbError::NotFound)?;
    let carried = core
        .vault
        .seat(&key, row.id.bytes(), row.version)
        .carry(sealed, row.version + 1)
        .map_err(ApiError::from)?;
    Ok(Some(carried))
}

/// Changes the own password: takes the present one, and ends every other session.
///
/// # Errors
/// The present one is wrong, or the new one too easy; too many tries, by whoever holds the session.
pub async fn change_password(
    core: &Core,
    session: &Session,
    present: Password,
    new: Password,
) -> Result<(), ApiError> {
    let may = session.own()?;
    let id = session.account;
    core.gate.throttle.own_password(id).map_err(ApiError::TooMany)?;
    let read = move |conn: &mut Conn| {
        let row = store::account(conn, id)?;
        let society = store::society_words(conn, row.society)?;
        Ok::<_, DbError>((row, society))
    };
    let (row, (code, name)) = core.db.read(read).await?;
    let place = core.gate.passwords.place(Standing::Known)?;
    let verdict = core.gate.passwords.check(place, present, row.password_hash).await?;
    if verdict == Verdict::Wrong {
        core.audit.note(session.caller_for_log().clone(), own_event("password_refused").refused()).await?;
        return Err(invalid("current", Wrong::PasswordWrong.says("is not your present password")));
    }
    check_new("new", &new, &[&row.login, &code, &name])?;
    let hash = core.gate.passwords.hash(new, core.chance.clone()).await?;
    let (inner, own) = (core.clone(), session.id);
    core.db
        .write(move |tx| {
            store::set_password(tx, id, &hash)?;
            store::end_sessions(tx, id, Some(own), inner.clock.now())?;
            inner.audit.append(tx, &may, |e| e.about(id).detail("password_changed"))?;
            Ok::<_, DbError>(())
        })
        .await
}

fn own_event(detail: &'static str) -> crate::audit::Event {
    use crate::policy::{Permission, UseOwnAccount};
    crate::audit::Event::new(UseOwnAccount::ACTION, UseOwnAccount::PURPOSE).detail(detail)
}

/// Accepts the code of conduct in its present version.
///
/// # Errors
/// Another version was read.
pub async fn accept_conduct(core: &Core, session: &Session, version: &str) -> Result<(), ApiError> {
    if version != core.config.accounts.conduct_version {
        return Err(ApiError::Conflict("conduct_changed", "the code of conduct has changed; read it again"));
    }
    let may = session.own()?;
    let (inner, id) = (core.clone(), session.account);
    core.db
        .write(move |tx| {
            store::accept_conduct(tx, id, &inner.config.accounts.conduct_version, inner.clock.now())?;
            inner.audit.append(tx, &may, |e| e.about(id).detail("conduct_accepted"))?;
            Ok::<_, DbError>(())
        })
        .await
}

/// One of the own live sessions.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct SessionView {
    #[schema(value_type = String)]
    pub id: SessionId,
    /// `page` or `program`.
    pub kind: String,
    #[schema(value_type = String)]
    pub since: Timestamp,
    /// The one that asks.
    pub this: bool,
}

/// The own live sessions, oldest first.
///
/// # Errors
/// The database's.
pub async fn own_sessions(core: &Core, session: &Session) -> Result<Vec<SessionView>, ApiError> {
    let (account, own) = (session.account, session.id);
    let rows = core.db.read(move |conn| store::live_sessions(conn, account)).await?;
    let view =
        |(id, kind, since)| SessionView { id, kind, since: Timestamp::from_micros(since), this: id == own };
    Ok(rows.into_iter().map(view).collect())
}
