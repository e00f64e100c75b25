//! What counts now: the newest answer of a kind, as long as it is a yes in force and the person may be kept at all.

use std::collections::HashSet;

use diesel::dsl::not;
use diesel::prelude::*;

use super::code;
use super::lapse::{let_go, replaced, stands};
use crate::consent::model::{Assent, ConsentKind, ConsentStatus, GivenBy, Restrictions};
use crate::db::schema::consents;
use crate::db::{Conn, DbError};
use crate::kernel::{ConsentId, PersonId, Timestamp};
use crate::vault::{ConsentRestrictions, OwnerKey, Receipt, Sealed, Vault, VaultError};

/// The newest answer of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Current {
    pub id: ConsentId,
    pub status: ConsentStatus,
    /// Who answered, and what the child said beside them: a yes counts only from whoever suits the person.
    pub given_by: GivenBy,
    pub assent: Assent,
    /// Given, begun and not expired, by somebody who may still be kept: an expired yes acts like a no.
    pub in_force: bool,
}

/// What counts now for one kind; `None` when nobody has asked.
///
/// # Errors
/// The database's.
pub fn current(
    conn: &mut Conn,
    person: PersonId,
    kind: ConsentKind,
    now: Timestamp,
) -> Result<Option<Current>, DbError> {
    let newest: Option<(ConsentId, String, String, String, i64, Option<i64>)> = consents::table
        .filter(consents::person_id.eq(person))
        .filter(consents::kind.eq(kind.code()))
        .order(consents::revision.desc())
        .select((
            consents::id,
            consents::status,
            consents::given_by,
            consents::assent,
            consents::valid_from,
            consents::valid_until,
        ))
        .first(conn)
        .optional()?;
    let Some((id, status, given_by, assent, valid_from, valid_until)) = newest else { return Ok(None) };
    let status = code(ConsentStatus::parse(&status))?;
    let in_force = in_force(status, valid_from, valid_until, now) && is_kept_for(conn, person, kind, now)?;
    let (given_by, assent) = (code(GivenBy::parse(&given_by))?, code(Assent::parse(&assent))?);
    Ok(Some(Current { id, status, given_by, assent, in_force }))
}

/// Whether a person is kept at all, as far as that bears on a yes of this kind: the yes to being kept bears itself.
pub(super) fn is_kept_for(
    conn: &mut Conn,
    person: PersonId,
    kind: ConsentKind,
    now: Timestamp,
) -> Result<bool, DbError> {
    Ok(kind == ConsentKind::CollectAndStore || let_go(conn, &[person], now)?.is_empty())
}

/// Whether a person's yes of this kind is in force now.
///
/// # Errors
/// The database's.
pub fn allowed(
    conn: &mut Conn,
    person: PersonId,
    kind: ConsentKind,
    now: Timestamp,
) -> Result<bool, DbError> {
    Ok(current(conn, person, kind, now)?.is_some_and(|c| c.in_force))
}

/// A yes in force, with the limits the person put on it, sealed.
pub struct Limits {
    pub id: ConsentId,
    version: i64,
    sealed: Sealed<ConsentRestrictions>,
}

impl Limits {
    /// Whether the person put any limit on the answer.
    ///
    /// # Errors
    /// The receipt does not cover it, or it does not open.
    pub fn is_limited(&self, vault: &Vault, key: &OwnerKey, receipt: &Receipt) -> Result<bool, VaultError> {
        let opened = vault.seat(key, self.id.bytes(), self.version).open(receipt, &self.sealed)?;
        Ok(opened.expose().0 != Restrictions::default())
    }
}

/// The limits of a person's yes of this kind; `None` without a yes in force now.
///
/// # Errors
/// The database's.
pub fn limits(
    conn: &mut Conn,
    person: PersonId,
    kind: ConsentKind,
    now: Timestamp,
) -> Result<Option<Limits>, DbError> {
    let Some(current) = current(conn, person, kind, now)?.filter(|current| current.in_force) else {
        return Ok(None);
    };
    let (version, sealed) = consents::table
        .find(current.id)
        .select((consents::version, consents::restrictions_sealed))
        .first(conn)?;
    Ok(Some(Limits { id: current.id, version, sealed }))
}

pub(super) fn in_force(status: ConsentStatus, from: i64, until: Option<i64>, now: Timestamp) -> bool {
    status == ConsentStatus::Given && from <= now.micros() && until.is_none_or(|until| until > now.micros())
}

/// Those of `people` whose newest answer to `tracing_search` is a yes in force.
///
/// # Errors
/// The database's.
pub fn searchable(conn: &mut Conn, people: &[PersonId], now: Timestamp) -> Result<Vec<PersonId>, DbError> {
    agreed(conn, ConsentKind::TracingSearch, people, now)
}

/// Whether somebody lets themself be found now by a society: their own, or another one of the network.
///
/// # Errors
/// The database's.
pub fn lets_be_found(
    conn: &mut Conn,
    person: PersonId,
    own_society: bool,
    now: Timestamp,
) -> Result<bool, DbError> {
    Ok(allowed(conn, person, ConsentKind::TracingSearch, now)?
        && (own_society || allowed(conn, person, ConsentKind::ShareWithinNetwork, now)?))
}

/// Those of `people` whose newest answer to `kind` is a yes in force, and who may still be kept.
///
/// # Errors
/// The database's.
pub fn agreed(
    conn: &mut Conn,
    kind: ConsentKind,
    people: &[PersonId],
    now: Timestamp,
) -> Result<Vec<PersonId>, DbError> {
    let mut agreed: Vec<PersonId> = consents::table
        .filter(consents::person_id.eq_any(people.to_vec()))
        .filter(consents::kind.eq(kind.code()))
        .filter(stands(now.micros()))
        .filter(not(replaced()))
        .select(consents::person_id)
        .load(conn)?;
    if kind != ConsentKind::CollectAndStore && !agreed.is_empty() {
        let gone: HashSet<PersonId> = let_go(conn, &agreed, now)?.into_iter().collect();
        agreed.retain(|person| !gone.contains(person));
    }
    Ok(agreed)
}

/// The answers that the match index follows.
const INDEXED: [ConsentKind; 3] =
    [ConsentKind::CollectAndStore, ConsentKind::TracingSearch, ConsentKind::ShareWithinNetwork];

/// Whose yes to being kept, or to being found at home or from elsewhere in the network, ended between two moments: time
/// alone takes them out of the index, or out of other societies' sight.
///
/// # Errors
/// The database's.
pub fn expired_between(
    conn: &mut Conn,
    after: Timestamp,
    until: Timestamp,
) -> Result<Vec<PersonId>, DbError> {
    Ok(consents::table
        .filter(consents::kind.eq_any(INDEXED.map(ConsentKind::code)))
        .filter(consents::valid_until.gt(after.micros()))
        .filter(consents::valid_until.le(until.micros()))
        .select(consents::person_id)
        .distinct()
        .load(conn)?)
}
