//! What the match index loads: one sealed value a person, and only of people who may be found. Somebody restricted is
//! among them and says so: the index keeps them for their team.

use diesel::prelude::*;
use matcher::Profile;

use crate::consent;
use crate::db::schema::{data_keys, people};
use crate::db::{Conn, DbError};
use crate::kernel::{PersonId, SocietyId, Timestamp};
use crate::people::model::PersonKind;
use crate::vault::{Owner, OwnerKey, PersonProfile, Receipt, Sealed, Vault, VaultError, WrappedDataKey};

/// One person's profile, sealed, with the key that opens it, wrapped.
#[derive(Clone)]
pub struct IndexEntry {
    pub person: PersonId,
    pub society: SocietyId,
    pub kind: PersonKind,
    /// Whether they may be found by their team only.
    pub restricted: bool,
    pub version: i64,
    /// The version in which what matching compares last changed.
    pub profile_version: i64,
    sealed: Sealed<PersonProfile>,
    key: WrappedDataKey,
}

/// A stretch of the register for the index.
pub struct IndexPage {
    pub entries: Vec<IndexEntry>,
    /// Where the next stretch begins; absent after the last. A stretch may hold nobody and still not be the last.
    pub next: Option<PersonId>,
}

/// Rows in one stretch at most.
const STRETCH: usize = 1000;

type Row = ((PersonId, SocietyId, String, bool, i64, i64), Sealed<PersonProfile>, (SocietyId, i32, Vec<u8>));

macro_rules! rows {
    () => {
        people::table.inner_join(data_keys::table.on(data_keys::owner_id.eq(people::id))).select((
            (
                people::id,
                people::society_id,
                people::kind,
                people::restricted,
                people::version,
                people::profile_version,
            ),
            people::profile_sealed,
            (data_keys::society_id, data_keys::key_version, data_keys::wrapped),
        ))
    };
}

fn entry(row: Row) -> Result<IndexEntry, DbError> {
    let ((person, society, kind, restricted, version, profile_version), sealed, key) = row;
    let (key_society, key_version, wrapped) = key;
    let kind = PersonKind::parse(&kind).ok_or(DbError::Broken("person kind"))?;
    let key =
        WrappedDataKey { owner: Owner::from(person), society: key_society, version: key_version, wrapped };
    Ok(IndexEntry { person, society, kind, restricted, version, profile_version, sealed, key })
}

/// The next stretch of one side. Somebody met at a service point is in it only with a `tracing_search` consent in
/// force; a sought person is there by the request that seeks them, whose state the caller knows.
///
/// # Errors
/// The database's.
pub fn profiles_for_index(
    conn: &mut Conn,
    kind: PersonKind,
    after: Option<PersonId>,
    limit: usize,
    now: Timestamp,
) -> Result<IndexPage, DbError> {
    let limit = limit.clamp(1, STRETCH);
    let after = after.unwrap_or(PersonId::from_uuid(migrations::uuid::Uuid::nil()));
    let rows: Vec<Row> = rows!()
        .filter(people::kind.eq(kind.code()))
        .filter(people::id.gt(after))
        .order(people::id.asc())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .load(conn)?;
    let next = if rows.len() == limit { rows.last().map(|row| row.0.0) } else { None };
    let entries = open_to_search(conn, rows.into_iter().map(entry).collect::<Result<_, _>>()?, now)?;
    Ok(IndexPage { entries, next })
}

/// The same for one person: `None` when they must not be in the index.
///
/// # Errors
/// The database's.
pub fn index_state(conn: &mut Conn, person: PersonId, now: Timestamp) -> Result<Option<IndexEntry>, DbError> {
    Ok(profiles_of(conn, &[person], now)?.pop())
}

/// The same for several; who must not be in the index is missing.
///
/// # Errors
/// The database's.
pub fn profiles_of(
    conn: &mut Conn,
    persons: &[PersonId],
    now: Timestamp,
) -> Result<Vec<IndexEntry>, DbError> {
    let rows: Vec<Row> = rows!().filter(people::id.eq_any(persons.to_vec())).load(conn)?;
    open_to_search(conn, rows.into_iter().map(entry).collect::<Result<_, _>>()?, now)
}

fn open_to_search(
    conn: &mut Conn,
    mut entries: Vec<IndexEntry>,
    now: Timestamp,
) -> Result<Vec<IndexEntry>, DbError> {
    let met = entries.iter().filter(|e| e.kind == PersonKind::Contact);
    let met: Vec<PersonId> = met.map(|e| e.person).collect();
    if !met.is_empty() {
        let mut agreed = consent::searchable(conn, &met, now)?;
        agreed.sort_unstable();
        entries.retain(|e| e.kind != PersonKind::Contact || agreed.binary_search(&e.person).is_ok());
    }
    entries.retain(|e| e.kind != PersonKind::Enquirer);
    Ok(entries)
}

/// Opens one entry under a receipt of class *match*.
///
/// # Errors
/// The receipt does not cover it, or it does not open.
pub fn open_profile(vault: &Vault, receipt: &Receipt, entry: &IndexEntry) -> Result<Profile, VaultError> {
    let key: OwnerKey = vault.unwrap(&entry.key)?;
    let seat = vault.seat(&key, entry.person.bytes(), entry.version);
    Ok(seat.open(receipt, &entry.sealed)?.expose().0.clone())
}
