//! Sessions and refresh tokens. Tokens are 256 random bits; only their hashes stand here.

use diesel::prelude::*;
use migrations::schema::{accounts, refresh_tokens, sessions};

use crate::auth::model::{AccountState, SessionState};
use crate::auth::{Language, SessionKind};
use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, PointId, SessionId, SocietyId, Timestamp};
use crate::policy::Role;

/// A live session and its account, as one request needs them.
#[derive(Clone)]
pub(in crate::auth) struct LiveRow {
    pub(in crate::auth) id: SessionId,
    pub(in crate::auth) kind: SessionKind,
    pub(in crate::auth) seen_at: Timestamp,
    pub(in crate::auth) expires_at: Timestamp,
    pub(in crate::auth) token_hash: Vec<u8>,
    pub(in crate::auth) account: AccountId,
    pub(in crate::auth) society: SocietyId,
    pub(in crate::auth) point: Option<PointId>,
    pub(in crate::auth) role: Role,
    pub(in crate::auth) conduct_version: Option<String>,
    pub(in crate::auth) language: Language,
}

type Columns = (
    (SessionId, String, i64, i64, Vec<u8>),
    (AccountId, SocietyId, Option<PointId>, String, Option<String>, String),
);

fn from_columns((session, account): Columns) -> Result<LiveRow, DbError> {
    let (id, kind, seen_at, expires_at, token_hash) = session;
    let (account, society, point, role, conduct_version, language) = account;
    Ok(LiveRow {
        id,
        kind: SessionKind::parse(&kind).ok_or(DbError::Broken("session kind"))?,
        seen_at: Timestamp::from_micros(seen_at),
        expires_at: Timestamp::from_micros(expires_at),
        token_hash,
        account,
        society,
        point,
        role: Role::parse(&role).ok_or(DbError::Broken("account role"))?,
        conduct_version,
        language: Language::parse(&language).unwrap_or(Language::English),
    })
}

/// A session that has not ended, of an account that is active. Time is the caller's to check.
macro_rules! live {
    ($filter:expr, $conn:expr) => {{
        let row: Option<Columns> = sessions::table
            .inner_join(accounts::table)
            .filter($filter)
            .filter(sessions::state.eq(SessionState::Live.code()))
            .filter(accounts::state.eq(AccountState::Active.code()))
            .select((
                (sessions::id, sessions::kind, sessions::seen_at, sessions::expires_at, sessions::token_hash),
                (
                    accounts::id,
                    accounts::society_id,
                    accounts::point_id,
                    accounts::role,
                    accounts::conduct_version,
                    accounts::language,
                ),
            ))
            .first($conn)
            .optional()?;
        row.map(from_columns).transpose()
    }};
}

pub(in crate::auth) fn live_by_token(
    conn: &mut Conn,
    token_hash: &[u8; 32],
) -> Result<Option<LiveRow>, DbError> {
    live!(sessions::token_hash.eq(token_hash.as_slice()), conn)
}

pub(in crate::auth) fn live_by_id(conn: &mut Conn, id: SessionId) -> Result<Option<LiveRow>, DbError> {
    live!(sessions::id.eq(id), conn)
}

pub(in crate::auth) fn insert_session(
    tx: &mut Conn,
    id: SessionId,
    account: AccountId,
    kind: SessionKind,
    token_hash: &[u8; 32],
    now: Timestamp,
    expires: Timestamp,
) -> Result<(), DbError> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(id),
            sessions::account_id.eq(account),
            sessions::kind.eq(kind.code()),
            sessions::state.eq(SessionState::Live.code()),
            sessions::token_hash.eq(token_hash.as_slice()),
            sessions::created_at.eq(now.micros()),
            sessions::seen_at.eq(now.micros()),
            sessions::expires_at.eq(expires.micros()),
        ))
        .execute(tx)?;
    Ok(())
}

pub(in crate::auth) fn touch(tx: &mut Conn, id: SessionId, now: Timestamp) -> Result<(), DbError> {
    diesel::update(sessions::table.find(id)).set(sessions::seen_at.eq(now.micros())).execute(tx)?;
    Ok(())
}

pub(in crate::auth) fn set_token(
    tx: &mut Conn,
    id: SessionId,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> Result<(), DbError> {
    diesel::update(sessions::table.find(id))
        .set((sessions::token_hash.eq(token_hash.as_slice()), sessions::seen_at.eq(now.micros())))
        .execute(tx)?;
    Ok(())
}

/// Ends one live session of an account; `false` when it has none such.
pub(in crate::auth) fn end_session(
    tx: &mut Conn,
    account: AccountId,
    id: SessionId,
    how: SessionState,
    now: Timestamp,
) -> Result<bool, DbError> {
    let live = sessions::table
        .filter(sessions::id.eq(id))
        .filter(sessions::account_id.eq(account))
        .filter(sessions::state.eq(SessionState::Live.code()));
    let ended = diesel::update(live)
        .set((sessions::state.eq(how.code()), sessions::ended_at.eq(now.micros())))
        .execute(tx)?;
    Ok(ended == 1)
}

/// Ends every live session of an account, except one perhaps.
pub(in crate::auth) fn end_sessions(
    tx: &mut Conn,
    account: AccountId,
    except: Option<SessionId>,
    now: Timestamp,
) -> Result<usize, DbError> {
    let mut ended = 0;
    for (id, _, _) in live_sessions(tx, account)? {
        if Some(id) != except && end_session(tx, account, id, SessionState::Ended, now)? {
            ended += 1;
        }
    }
    Ok(ended)
}

/// Live sessions of an account, oldest first: id, kind, created.
pub(in crate::auth) fn live_sessions(
    conn: &mut Conn,
    account: AccountId,
) -> Result<Vec<(SessionId, String, i64)>, DbError> {
    Ok(sessions::table
        .filter(sessions::account_id.eq(account))
        .filter(sessions::state.eq(SessionState::Live.code()))
        .order(sessions::id)
        .select((sessions::id, sessions::kind, sessions::created_at))
        .load(conn)?)
}

pub(in crate::auth) fn insert_refresh(
    tx: &mut Conn,
    session: SessionId,
    hash: &[u8; 32],
    now: Timestamp,
    expires: Timestamp,
) -> Result<(), DbError> {
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::token_hash.eq(hash.as_slice()),
            refresh_tokens::session_id.eq(session),
            refresh_tokens::issued_at.eq(now.micros()),
            refresh_tokens::expires_at.eq(expires.micros()),
        ))
        .execute(tx)?;
    Ok(())
}

/// The session a refresh token belongs to, used or not.
pub(in crate::auth) fn session_of_refresh(
    conn: &mut Conn,
    hash: &[u8; 32],
) -> Result<Option<SessionId>, DbError> {
    Ok(refresh_tokens::table
        .find(hash.as_slice())
        .select(refresh_tokens::session_id)
        .first(conn)
        .optional()?)
}

/// Uses a refresh token up; `false` when it was used, or is too old.
pub(in crate::auth) fn use_refresh(tx: &mut Conn, hash: &[u8; 32], now: Timestamp) -> Result<bool, DbError> {
    let unused = refresh_tokens::table
        .filter(refresh_tokens::token_hash.eq(hash.as_slice()))
        .filter(refresh_tokens::used_at.is_null())
        .filter(refresh_tokens::expires_at.gt(now.micros()));
    Ok(diesel::update(unused).set(refresh_tokens::used_at.eq(now.micros())).execute(tx)? == 1)
}
