//! The table of deeds already done.

use diesel::prelude::*;
use migrations::schema::idempotency_keys;

use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, Timestamp};

/// How long a deed is remembered.
const KEPT: chrono::Duration = chrono::Duration::hours(24);

pub(super) fn find(
    tx: &mut Conn,
    account: AccountId,
    key: &[u8; 32],
    now: Timestamp,
) -> Result<Option<(Vec<u8>, String)>, DbError> {
    Ok(idempotency_keys::table
        .find((account, key.as_slice()))
        .filter(idempotency_keys::created_at.ge(now.minus(KEPT).micros()))
        .select((idempotency_keys::request_tag, idempotency_keys::answer))
        .first(tx)
        .optional()?)
}

/// Takes the key for this deed, and forgets what is old.
pub(super) fn claim(
    tx: &mut Conn,
    account: AccountId,
    key: &[u8; 32],
    tag: &[u8; 32],
    now: Timestamp,
) -> Result<(), DbError> {
    let old = idempotency_keys::table
        .filter(idempotency_keys::account_id.eq(account))
        .filter(idempotency_keys::created_at.lt(now.minus(KEPT).micros()));
    diesel::delete(old).execute(tx)?;
    diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::account_id.eq(account),
            idempotency_keys::key_hash.eq(key.as_slice()),
            idempotency_keys::request_tag.eq(tag.as_slice()),
            idempotency_keys::answer.eq(""),
            idempotency_keys::created_at.eq(now.micros()),
        ))
        .execute(tx)?;
    Ok(())
}

pub(super) fn keep(tx: &mut Conn, account: AccountId, key: &[u8; 32], answer: &str) -> Result<(), DbError> {
    diesel::update(idempotency_keys::table.find((account, key.as_slice())))
        .set(idempotency_keys::answer.eq(answer))
        .execute(tx)?;
    Ok(())
}
