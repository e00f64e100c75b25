//! Signing in, staying in, signing out.
//!
//! ```text
//! known from here? ─► throttle ─► a place ─► account? ─► leaf "attempt" ─► Argon2id (a dummy when unknown)
//!                                                    ─► code, once ─► session + leaf, known from here
//! ```
//! Unknown login, wrong password, wrong code and closed account take the same way and get the same answer. Password and
//! code are judged together, so a guessed password alone is confirmed to nobody.

use std::net::IpAddr;

use chrono::Duration;
use zeroize::Zeroizing;

use super::known::{self, Pair, forgotten_at};
use super::live::{new_opaque, opaque_hash};
use super::model::{AccountState, Login, Password, SessionState};
use super::password::{Place, Verdict};
use super::session::{Session, SessionKind};
use super::store::{self, AccountRow};
use super::{Core, factor, throttle, token};
use crate::audit::Event;
use crate::config::SecondFactor;
use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, ApiError, SessionId, Timestamp};
use crate::policy::{Actor, Caller, Class, ClassSet, May, UseOwnAccount, grant, system};
use crate::vault::{self, OwnerKey};

/// What somebody typed to sign in.
pub struct Attempt {
    pub login: String,
    pub password: Password,
    /// From the phone, or from the paper.
    pub code: Option<String>,
    pub source: IpAddr,
    pub request: u64,
}

/// A session just begun. The secrets are shown once and kept nowhere.
pub struct Begun {
    pub session: SessionId,
    pub account: AccountId,
    /// The cookie's value, or the access token.
    pub token: Zeroizing<String>,
    /// For programs: gives the next access token, once.
    pub refresh: Option<Zeroizing<String>>,
}

/// Which proof of the second factor was given.
enum Factor {
    Step(i64),
    Paper([u8; 32]),
    /// The invented world only.
    NotAsked,
}

/// Begins a session.
///
/// # Errors
/// [`ApiError::SignInRefused`] for every reason alike; [`ApiError::TooMany`]; or the service cannot right now.
pub async fn sign_in(core: &Core, attempt: Attempt, kind: SessionKind) -> Result<Begun, ApiError> {
    let may = service()?;
    let (place, pair) = match let_in(core, &attempt).await {
        Ok(let_in) => let_in,
        Err(refusal) => {
            if core.gate.throttle.deserves_a_line() {
                let slowed = Event::new(may.action(), may.purpose()).refused().detail("sign_in_slowed_down");
                core.audit.note(may.caller().clone(), slowed).await?;
            }
            return Err(refusal);
        }
    };
    // What can be no login is known to nobody; a database need not be asked, and may choke on it.
    let login = Login::parse("login", &attempt.login).ok();
    let vault = core.vault.clone();
    let found = core
        .db
        .read(move |conn| {
            let row = match &login {
                Some(login) => store::account_by_login(conn, login)?,
                None => None,
            };
            row.map(|row| Ok::<_, DbError>((key_of(conn, &vault, row.id)?, row))).transpose()
        })
        .await?;
    // The same leaf and the same wait whether the login is known or not.
    let receipt = core
        .audit
        .look(&may, |e| {
            let e = e.detail("sign_in_attempt").opening(ClassSet::of(&[Class::Credential]));
            found.iter().fold(e, |e, (_, row)| e.about(row.id))
        })
        .await?;
    let held = found.as_ref().and_then(|(_, row)| row.password_hash.clone());
    let weak = held.clone();
    let verdict = core.gate.passwords.check(place, attempt.password.clone(), held).await?;
    let now = core.clock.now();
    let code = attempt.code.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let proof = found.as_ref().and_then(|(key, row)| {
        let active = row.state == AccountState::Active && verdict != Verdict::Wrong;
        if active { prove(core, key.as_ref(), row, &receipt, code, now) } else { None }
    });
    let account = found.map(|(_, row)| row);
    let (inner, request) = (core.clone(), attempt.request);
    let begun = core
        .db
        .write(move |tx| {
            if let (Some(row), Some(proof)) = (&account, proof)
                && take(tx, row, &proof, now)?
            {
                return begin(tx, &inner, row, pair, kind, request, now).map(Some);
            }
            inner.audit.append(tx, &may, |e| {
                let e = e.refused().detail("sign_in_refused");
                account.iter().fold(e, |e, row| e.about(row.id))
            })?;
            Ok::<_, DbError>(None)
        })
        .await?
        .ok_or(ApiError::SignInRefused)?;
    core.gate.known.saw(pair, now);
    if let (Verdict::RightButWeak, Some(held)) = (verdict, weak) {
        // The session has begun; an older hash does for another day.
        if let Err(error) = strengthen(core, begun.account, attempt.password, held).await {
            tracing::warn!(%error, "a password keeps its older hash until its owner signs in again");
        }
    }
    Ok(begun)
}

/// A place in the queue, for whoever is not slowed down. Nothing is read for them before, and no line is written: a flood
/// must stop here.
async fn let_in(core: &Core, attempt: &Attempt) -> Result<(Place, Pair), ApiError> {
    let now = core.clock.now();
    known::follow(core, now).await;
    let account = throttle::account_key(&attempt.login);
    let pair = core.gate.known.pair(&account, attempt.source);
    let standing = core.gate.known.standing(&pair, now);
    core.gate.throttle.attempt(account, attempt.source, standing).map_err(ApiError::TooMany)?;
    Ok((core.gate.passwords.place(standing)?, pair))
}

/// Hashes the password anew at the present cost. After the second factor was taken and not before: a wait that only a
/// right password has would confirm it to a guesser.
async fn strengthen(core: &Core, id: AccountId, password: Password, held: String) -> Result<(), ApiError> {
    let better = core.gate.passwords.hash(password, core.chance.clone()).await?;
    core.db.write(move |tx| store::replace_hash(tx, id, &held, &better)).await
}

/// The service's own authority over accounts, for what happens before anybody has signed in.
pub(super) fn service() -> Result<May<UseOwnAccount>, ApiError> {
    system("sign_in").map_err(ApiError::from)
}

pub(super) fn key_of(
    conn: &mut Conn,
    vault: &vault::Vault,
    account: AccountId,
) -> Result<Option<OwnerKey>, DbError> {
    match vault::store::key_of(conn, vault, account) {
        Ok(key) => Ok(Some(key)),
        Err(DbError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn prove(
    core: &Core,
    key: Option<&OwnerKey>,
    row: &AccountRow,
    receipt: &vault::Receipt,
    code: Option<&str>,
    now: Timestamp,
) -> Option<Factor> {
    let Some(sealed) = &row.totp else {
        let invented = core.config.accounts.second_factor == SecondFactor::DemoWithout;
        return invented.then_some(Factor::NotAsked);
    };
    let code = code?;
    if code.len() > 8 {
        return Some(Factor::Paper(factor::paper_hash(code)));
    }
    let seed = core.vault.seat(key?, row.id.bytes(), row.version).open(receipt, sealed).ok()?;
    factor::matching_step(seed.expose(), code, now).map(Factor::Step)
}

/// Uses the proof up. A step or a code comes once, even when two requests bring it together.
fn take(tx: &mut Conn, row: &AccountRow, proof: &Factor, now: Timestamp) -> Result<bool, DbError> {
    match proof {
        Factor::Step(step) => store::take_step(tx, row.id, *step),
        Factor::Paper(hash) => store::use_recovery_code(tx, row.id, hash, now),
        Factor::NotAsked => Ok(true),
    }
}

fn begin(
    tx: &mut Conn,
    core: &Core,
    row: &AccountRow,
    pair: Pair,
    kind: SessionKind,
    request: u64,
    now: Timestamp,
) -> Result<Begun, DbError> {
    let live = store::live_sessions(tx, row.id)?;
    let too_many = (live.len() + 1).saturating_sub(core.config.accounts.sessions_at_once.max(1));
    for (old, _, _) in live.into_iter().take(too_many) {
        store::end_session(tx, row.id, old, SessionState::Replaced, now)?;
    }
    let id = SessionId::new(core.clock.as_ref(), &core.chance);
    let expires = now.plus(Duration::hours(core.config.accounts.session_hours));
    let (token, hash, refresh) = match kind {
        SessionKind::Page => {
            let (token, hash) = new_opaque(core);
            (token, hash, None)
        }
        SessionKind::Program => {
            let (token, hash) = access(core, row.id, id, now)?;
            let (refresh, refresh_hash) = new_opaque(core);
            (token, hash, Some((refresh, refresh_hash)))
        }
    };
    store::insert_session(tx, id, row.id, kind, &hash, now, expires)?;
    let refresh = match refresh {
        Some((text, hash)) => {
            store::insert_refresh(tx, id, &hash, now, expires)?;
            Some(text)
        }
        None => None,
    };
    let actor = Actor::authenticated(row.id, id, row.role, row.society, row.point);
    let may: May<UseOwnAccount> =
        grant(Caller { actor, request }).map_err(|denied| DbError::Refused(denied.into()))?;
    core.audit.append(tx, &may, |e| e.about(row.id).on(id).detail("signed_in"))?;
    if !core.gate.known.is_of_today(&pair, now) {
        store::see_pair(tx, &pair, now.day())?;
        store::forget_pairs(tx, forgotten_at(now))?;
    }
    Ok(Begun { session: id, account: row.id, token, refresh })
}

fn access(
    core: &Core,
    account: AccountId,
    session: SessionId,
    now: Timestamp,
) -> Result<(Zeroizing<String>, [u8; 32]), DbError> {
    let number = format!("{:032x}", u128::from_be_bytes(core.chance.bytes()));
    let token = core.gate.tokens.sign(account, session, &number, now).map_err(DbError::Refused)?;
    Ok((Zeroizing::new(token), token::number_hash(&number)))
}

fn live_of_refresh(conn: &mut Conn, hash: &[u8; 32]) -> Result<Option<store::LiveRow>, DbError> {
    match store::session_of_refresh(conn, hash)? {
        Some(id) => store::live_by_id(conn, id),
        None => Ok(None),
    }
}

/// What a refresh token led to.
enum Refreshed {
    Begun(Begun),
    Refused,
}

/// The next access token for a refresh token. One that was used before ends the session and raises an alert.
///
/// # Errors
/// [`ApiError::SignedOut`] for every reason alike; [`ApiError::TooMany`].
pub async fn refresh(core: &Core, text: &str, source: IpAddr, request: u64) -> Result<Begun, ApiError> {
    let hash = opaque_hash(text).ok_or(ApiError::SignedOut)?;
    core.gate.throttle.refresh(source).map_err(ApiError::TooMany)?;
    // Writing takes turns; a text that is no token of a live session does not get one.
    if core.db.read(move |conn| live_of_refresh(conn, &hash)).await?.is_none() {
        return Err(ApiError::SignedOut);
    }
    let may = service()?;
    let inner = core.clone();
    let done = core
        .db
        .write(move |tx| {
            let now = inner.clock.now();
            let Some(live) = live_of_refresh(tx, &hash)? else {
                return Ok::<_, DbError>(Refreshed::Refused);
            };
            let idle = Duration::minutes(inner.config.accounts.idle_minutes);
            if now >= live.expires_at || now >= live.seen_at.plus(idle) {
                return Ok(Refreshed::Refused);
            }
            if !store::use_refresh(tx, &hash, now)? {
                store::end_session(tx, live.account, live.id, SessionState::TokenReused, now)?;
                inner.audit.append(tx, &may, |e| {
                    e.refused().about(live.account).on(live.id).detail("refresh_token_reused")
                })?;
                tracing::warn!(account = %live.account, request = %format_args!("{request:016x}"), "a refresh token came back; its session was ended");
                return Ok(Refreshed::Refused);
            }
            let (token, token_hash) = access(&inner, live.account, live.id, now)?;
            let (next, next_hash) = new_opaque(&inner);
            store::set_token(tx, live.id, &token_hash, now)?;
            store::insert_refresh(tx, live.id, &next_hash, now, live.expires_at)?;
            inner.audit.append(tx, &may, |e| e.about(live.account).on(live.id).detail("token_refreshed"))?;
            Ok(Refreshed::Begun(Begun {
                session: live.id,
                account: live.account,
                token,
                refresh: Some(next),
            }))
        })
        .await?;
    match done {
        Refreshed::Begun(begun) => Ok(begun),
        Refreshed::Refused => Err(ApiError::SignedOut),
    }
}

/// Ends a session: the next request with its cookie or token finds nothing.
///
/// # Errors
/// The session is not one of this account's, or has ended.
pub async fn end(core: &Core, session: &Session, which: SessionId) -> Result<(), ApiError> {
    let may = session.own()?;
    let own = which == session.id;
    let (inner, account) = (core.clone(), session.account);
    core.db
        .write(move |tx| {
            let how = if own { SessionState::SignedOut } else { SessionState::Ended };
            if !store::end_session(tx, account, which, how, inner.clock.now())? {
                return Err(DbError::NotFound);
            }
            let detail = if own { "signed_out" } else { "session_ended" };
            inner.audit.append(tx, &may, |e| e.about(account).on(which).detail(detail))?;
            Ok(())
        })
        .await
}
