//! Keys in the database: wrapped, always.

use diesel::prelude::*;
use migrations::db::RawId;
use migrations::schema::{data_keys, service_secrets, societies, society_keys};

use super::{Owner, OwnerKey, Vault, VaultError, WrappedDataKey};
use crate::db::{Conn, Db, DbError, insert_rows};
use crate::kernel::{ApiError, SocietyId, Timestamp};

type KeyRow = (RawId, SocietyId, i32, Vec<u8>);

fn from_row((owner, society, version, wrapped): KeyRow) -> WrappedDataKey {
    WrappedDataKey { owner: Owner(owner.0), society, version, wrapped }
}

/// Stores a fresh data key in the transaction that stores its owner's first row.
///
/// # Errors
/// The database's.
pub fn insert(tx: &mut Conn, key: &WrappedDataKey, now: Timestamp) -> Result<(), DbError> {
    insert_all(tx, &[key], now)
}

/// The same for many.
///
/// # Errors
/// The database's.
pub fn insert_all(tx: &mut Conn, keys: &[&WrappedDataKey], now: Timestamp) -> Result<(), DbError> {
    #[derive(Insertable)]
    #[diesel(table_name = data_keys, treat_none_as_default_value = false)]
    struct Row<'a> {
        owner_id: RawId,
        society_id: SocietyId,
        key_version: i32,
        wrapped: &'a [u8],
        created_at: i64,
    }
    impl<'a> Row<'a> {
        fn of(key: &'a WrappedDataKey, now: Timestamp) -> Self {
            let WrappedDataKey { owner, society, version, wrapped } = key;
            let owner_id = RawId(owner.0);
            Self { owner_id, society_id: *society, key_version: *version, wrapped, created_at: now.micros() }
        }
    }
    let rows: Vec<Row<'_>> = keys.iter().map(|key| Row::of(key, now)).collect();
    insert_rows!(tx, data_keys::table, rows.iter().collect::<Vec<_>>());
    Ok(())
}

/// One owner's key, unwrapped. A shredded or unknown owner is not found.
///
/// # Errors
/// Not found, or the database's, or the vault's.
pub fn key_of(conn: &mut Conn, vault: &Vault, owner: impl Into<Owner>) -> Result<OwnerKey, DbError> {
    let row: KeyRow = data_keys::table
        .find(RawId(owner.into().0))
        .select((data_keys::owner_id, data_keys::society_id, data_keys::key_version, data_keys::wrapped))
        .first(conn)?;
    unwrap(conn, vault, &from_row(row))
}

/// Unwraps a stored data key, taking up the society keys first when another process has rotated them meanwhile.
///
/// # Errors
/// The database's or the vault's.
pub fn unwrap(conn: &mut Conn, vault: &Vault, row: &WrappedDataKey) -> Result<OwnerKey, DbError> {
    match vault.unwrap(row) {
        Err(VaultError::NoKey) => {
            admit_all(conn, vault)?;
            vault.unwrap(row)
        }
        unwrapped => unwrapped,
    }
    .map_err(|e| DbError::Refused(ApiError::from(e)))
}

/// The wrapped keys of several owners, in no order; those shredded are missing.
///
/// # Errors
/// The database's.
pub fn wrapped_keys(conn: &mut Conn, owners: &[Owner]) -> Result<Vec<WrappedDataKey>, DbError> {
    let ids: Vec<RawId> = owners.iter().map(|owner| RawId(owner.0)).collect();
    let rows: Vec<KeyRow> = data_keys::table
        .filter(data_keys::owner_id.eq_any(ids))
        .select((data_keys::owner_id, data_keys::society_id, data_keys::key_version, data_keys::wrapped))
        .load(conn)?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// Deletes an owner's key: everything held about them is unreadable from the commit on. Says whether there was one.
///
/// # Errors
/// The database's.
pub fn shred(tx: &mut Conn, owner: impl Into<Owner>) -> Result<bool, DbError> {
    Ok(diesel::delete(data_keys::table.find(RawId(owner.into().0))).execute(tx)? > 0)
}

/// Makes and stores a society's key in its next version. The caller admits it after commit with [`admit_all`].
///
/// # Errors
/// The database's, or the keeper is away.
pub fn add_society_key(
    tx: &mut Conn,
    vault: &Vault,
    society: SocietyId,
    now: Timestamp,
) -> Result<i32, DbError> {
    let newest: Option<i32> = society_keys::table
        .filter(society_keys::society_id.eq(society))
        .select(diesel::dsl::max(society_keys::version))
        .first(tx)?;
    let version = newest.unwrap_or(0) + 1;
    let wrapped = vault.new_society_key(society, version).map_err(|e| DbError::Refused(e.into()))?;
    diesel::insert_into(society_keys::table)
        .values((
            society_keys::society_id.eq(society),
            society_keys::version.eq(version),
            society_keys::wrapped.eq(wrapped),
            society_keys::state.eq("active"),
            society_keys::created_at.eq(now.micros()),
        ))
        .execute(tx)?;
    Ok(version)
}

/// Admits every stored society key: at the start, and after one was added here or by another node.
///
/// # Errors
/// The database's, or the root key is another one.
pub fn admit_all(conn: &mut Conn, vault: &Vault) -> Result<usize, DbError> {
    let rows: Vec<(SocietyId, i32, Vec<u8>)> = society_keys::table
        .select((society_keys::society_id, society_keys::version, society_keys::wrapped))
        .load(conn)?;
    let count = rows.len();
    for (society, version, wrapped) in rows {
        vault.admit(society, version, wrapped).map_err(|e| DbError::Refused(e.into()))?;
    }
    Ok(count)
}

/// Lets the vault look for keys that it does not hold yet: societies are founded and keys rotated on other nodes and at
/// the command line while this one runs.
pub fn follow_keys(vault: &Vault, db: Db) {
    let admit = move |vault: &Vault| {
        if let Err(error) = db.read_here(|conn| admit_all(conn, vault)) {
            tracing::warn!(?error, "society keys cannot be read");
        }
    };
    // Set once, at the start.
    let _ = vault.source.set(Box::new(admit));
}

/// A service secret by its label, if it was ever made.
///
/// # Errors
/// The database's, or the root key is another one.
pub fn held_secret(
    conn: &mut Conn,
    vault: &Vault,
    label: &'static str,
) -> Result<Option<super::Secret<Vec<u8>>>, DbError> {
    let held: Option<Vec<u8>> =
        service_secrets::table.find(label).select(service_secrets::wrapped).first(conn).optional()?;
    held.map(|wrapped| vault.unwrap_service_secret(label, wrapped))
        .transpose()
        .map_err(|e| DbError::Refused(e.into()))
}

/// A service secret by its label, made with `make` the first time.
///
/// # Errors
/// The database's, or the root key is another one.
pub fn service_secret(
    db: &Db,
    vault: &Vault,
    label: &'static str,
    now: Timestamp,
    make: impl FnOnce() -> super::Secret<Vec<u8>>,
) -> Result<super::Secret<Vec<u8>>, DbError> {
    let refused = |e: super::VaultError| DbError::Refused(e.into());
    let made = db.write_here(|tx| {
        if let Some(held) = held_secret(tx, vault, label)? {
            return Ok::<_, DbError>(held);
        }
        let secret = make();
        let wrapped = vault.wrap_service_secret(label, secret.expose()).map_err(refused)?;
        diesel::insert_into(service_secrets::table)
            .values((
                service_secrets::label.eq(label),
                service_secrets::wrapped.eq(wrapped),
                service_secrets::created_at.eq(now.micros()),
            ))
            .execute(tx)?;
        Ok(secret)
    });
    match made {
        // Another node started at the same moment: its secret is everybody's.
        Err(DbError::Taken) => db.read_here(|conn| held_secret(conn, vault, label))?.ok_or(DbError::NotFound),
        made => made,
    }
}

/// One line of `relink keys list`.
pub struct SocietyKeyLine {
    pub society: String,
    pub version: i32,
    pub state: String,
    pub wraps: i64,
}

/// Every society key and how many data keys it wraps.
///
/// # Errors
/// The database's.
pub fn list_society_keys(conn: &mut Conn) -> Result<Vec<SocietyKeyLine>, DbError> {
    let keys: Vec<(SocietyId, i32, String)> = society_keys::table
        .order((society_keys::society_id, society_keys::version))
        .select((society_keys::society_id, society_keys::version, society_keys::state))
        .load(conn)?;
    keys.into_iter()
        .map(|(society, version, state)| {
            let wraps = data_keys::table
                .filter(data_keys::society_id.eq(society).and(data_keys::key_version.eq(version)))
                .count()
                .get_result(conn)?;
            let code = societies::table.find(society).select(societies::code).first(conn)?;
            Ok(SocietyKeyLine { society: code, version, state, wraps })
        })
        .collect()
}

/// # Errors
/// Not found, or the database's.
pub fn society_by_code(conn: &mut Conn, code: &str) -> Result<SocietyId, DbError> {
    Ok(societies::table.filter(societies::code.eq(code)).select(societies::id).first(conn)?)
}

fn newest_version(conn: &mut Conn, society: SocietyId) -> Result<i32, DbError> {
    let newest: Option<i32> = society_keys::table
        .filter(society_keys::society_id.eq(society))
        .select(diesel::dsl::max(society_keys::version))
        .first(conn)?;
    newest.ok_or(DbError::NotFound)
}

/// How many data keys still stand under an older society key.
///
/// # Errors
/// The database's.
pub fn stale_keys(conn: &mut Conn, society: SocietyId) -> Result<u64, DbError> {
    let newest = newest_version(conn, society)?;
    let count: i64 = data_keys::table
        .filter(data_keys::society_id.eq(society).and(data_keys::key_version.lt(newest)))
        .count()
        .get_result(conn)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// Wraps up to `limit` stale data keys under the newest society key, and says how many. The data itself stays as it is.
///
/// # Errors
/// The database's or the vault's.
pub fn rewrap_some(tx: &mut Conn, vault: &Vault, society: SocietyId, limit: i64) -> Result<u64, DbError> {
    let newest = newest_version(tx, society)?;
    let rows: Vec<KeyRow> = data_keys::table
        .filter(data_keys::society_id.eq(society).and(data_keys::key_version.lt(newest)))
        .limit(limit)
        .select((data_keys::owner_id, data_keys::society_id, data_keys::key_version, data_keys::wrapped))
        .load(tx)?;
    let count = rows.len() as u64;
    for row in rows {
        let old = from_row(row);
        let new = vault.rewrap(&old).map_err(|e| DbError::Refused(e.into()))?;
        diesel::update(data_keys::table.find(RawId(old.owner.0)))
            .set((data_keys::key_version.eq(new.version), data_keys::wrapped.eq(&new.wrapped)))
            .execute(tx)?;
    }
    Ok(count)
}
