//! Enrolment: from a one-time code to an account that can sign in.
//!
//! ```text
//! code + password ─► seed shown once (picture and text) ─► a code from the phone ─► active; recovery codes shown once
//! ```
//! Stopping in between leaves the code good: the next try begins anew with another seed.

use super::Core;
use super::factor::{self, Setup};
use super::model::{AccountState, Password};
use super::password::check_new;
use super::sign_in::{key_of, service};
use super::store::{self, AccountChange, NewPassword};
use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, ApiError, Reference, Wrong, invalid};
use crate::policy::{Class, ClassSet, ManageAccounts, May};
use crate::vault::{AccountTotp, Sealed, Secret};

/// One answer for a wrong, used and expired code.
fn refused() -> ApiError {
    invalid(
        "code",
        Wrong::EnrolmentCode
            .says("is not an enrolment code that is still good; ask your administrator for a new one"),
    )
}

/// Sets the password and gives a fresh seed for the phone.
///
/// # Errors
/// The code is not good, or the password too easy.
pub async fn begin(
    core: &Core,
    code: &str,
    password: Password,
    source: std::net::IpAddr,
) -> Result<Setup, ApiError> {
    let hash = factor::paper_hash(code);
    core.gate.throttle.enrolment(&hash, source).map_err(ApiError::TooMany)?;
    let may = service()?;
    let now = core.clock.now();
    let vault = core.vault.clone();
    let found = core
        .db
        .read(move |conn| match store::enrolment(conn, &hash, now)? {
            Some(id) => {
                let row = store::account(conn, id)?;
                let society = store::society_words(conn, row.society)?;
                Ok::<_, DbError>(key_of(conn, &vault, id)?.map(|key| (row, key, society)))
            }
            None => Ok(None),
        })
        .await?;
    let (row, key, (code, name)) = found.ok_or_else(refused)?;
    check_new("password", &password, &[&row.login, &code, &name])?;
    let password_hash = core.gate.passwords.hash(password, core.chance.clone()).await?;
    let seed = factor::new_seed(&core.chance);
    let setup = Setup::of(seed.expose(), &row.login);
    let sealed: Sealed<AccountTotp> =
        core.vault.seat(&key, row.id.bytes(), row.version + 1).seal::<AccountTotp>(seed.expose());
    let inner = core.clone();
    core.db
        .write(move |tx| {
            let mut next = AccountChange::of(&row);
            (next.password, next.totp) = (Some(NewPassword::Hash(password_hash)), Some(sealed));
            store::change_account(tx, &row, &next)?;
            inner.audit.append(tx, &may, |e| e.about(row.id).detail("enrolment_begun"))?;
            Ok::<_, DbError>(())
        })
        .await?;
    Ok(setup)
}

/// Confirms the phone and opens the account. The recovery codes are shown once.
///
/// # Errors
/// The enrolment code is not good any more, or the code from the phone is not right.
pub async fn confirm(
    core: &Core,
    code: &str,
    phone: &str,
    source: std::net::IpAddr,
) -> Result<Vec<Reference>, ApiError> {
    let hash = factor::paper_hash(code);
    core.gate.throttle.enrolment(&hash, source).map_err(ApiError::TooMany)?;
    let may = service()?;
    let now = core.clock.now();
    let vault = core.vault.clone();
    let found = core
        .db
        .read(move |conn| match store::enrolment(conn, &hash, now)? {
            Some(id) => {
                let row = store::account(conn, id)?;
                Ok::<_, DbError>(key_of(conn, &vault, id)?.map(|key| (row, key)))
            }
            None => Ok(None),
        })
        .await?;
    let (row, key) = found.ok_or_else(refused)?;
    let sealed = row.totp.clone().filter(|_| row.password_hash.is_some()).ok_or_else(refused)?;
    let receipt = core
        .audit
        .look(&may, |e| e.about(row.id).opening(ClassSet::of(&[Class::Credential])).detail("enrolment"))
        .await?;
    let seat = core.vault.seat(&key, row.id.bytes(), row.version);
    let seed = seat.open(&receipt, &sealed)?;
    let step = factor::matching_step(seed.expose(), phone, now).ok_or_else(|| {
        invalid("phone", Wrong::PhoneCode.says("is not the code your phone shows now; six digits are taken"))
    })?;
    let carried = seat.carry(&sealed, row.version + 1)?;
    let codes = factor::new_recovery_codes(&core.chance);
    let hashes: Vec<_> = codes.iter().map(|code| factor::paper_hash(code.as_str())).collect();
    let inner = core.clone();
    core.db
        .write(move |tx| {
            if !store::use_enrolment(tx, &hash, now)? || !store::take_step(tx, row.id, step)? {
                return Err(DbError::Refused(refused()));
            }
            let mut next = AccountChange::of(&row);
            (next.state, next.totp) = (AccountState::Active, Some(carried));
            store::change_account(tx, &row, &next)?;
            store::replace_recovery_codes(tx, row.id, &hashes)?;
            inner.audit.append(tx, &may, |e| e.about(row.id).detail("enrolled"))?;
            Ok(())
        })
        .await?;
    Ok(codes)
}

/// Makes an account ready at once: password, second factor if wanted, code of conduct. For the invented world and for
/// tests, where there is no person to do it; gives the seed.
///
/// # Errors
/// Outside reach, or the database's.
pub fn ready(
    tx: &mut Conn,
    core: &Core,
    may: &May<ManageAccounts>,
    id: AccountId,
    password: &Password,
    second_factor: bool,
) -> Result<Option<Secret<Vec<u8>>>, DbError> {
    let row = store::account(tx, id)?;
    let now = core.clock.now();
    let key = key_of(tx, &core.vault, id)?.ok_or(DbError::NotFound)?;
    let seed = second_factor.then(|| factor::new_seed(&core.chance));
    let mut next = AccountChange::of(&row);
    next.state = AccountState::Active;
    next.password = Some(NewPassword::Hash(core.gate.passwords.hash_here(password, &core.chance)?));
    let seat = core.vault.seat(&key, id.bytes(), row.version + 1);
    next.totp = seed.as_ref().map(|seed| seat.seal::<AccountTotp>(seed.expose()));
    store::change_account(tx, &row, &next)?;
    store::accept_conduct(tx, id, &core.config.accounts.conduct_version, now)?;
    core.audit.append(tx, may, |e| e.about(id).on(id).detail("made_ready"))?;
    Ok(seed)
}

/// Acts as an account without a sign-in: only in an invented world, whose making is told in roles.
///
/// # Errors
/// In any other world; an unknown account; or the database's.
pub fn acting(conn: &mut Conn, core: &Core, id: AccountId) -> Result<crate::policy::Caller, DbError> {
    if core.config.accounts.second_factor != crate::config::SecondFactor::DemoWithout {
        return Err(DbError::Refused(ApiError::Forbidden));
    }
    let row = store::account(conn, id)?;
    let session = crate::kernel::SessionId::new(core.clock.as_ref(), &core.chance);
    let actor = crate::policy::Actor::authenticated(id, session, row.role, row.society, row.point);
    Ok(crate::policy::Caller { actor, request: 0 })
}
