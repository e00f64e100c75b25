//! Endings that take two, in the database: stated by one account, judged by another. The table itself takes neither the
//! same account twice nor two that wait at once.

use diesel::prelude::*;
use migrations::schema::request_endings;

use super::RequestRow;
use crate::auth::Core;
use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, ActionId, RequestId};
use crate::requests::model::*;
use crate::vault::*;

/// A stated ending as stored.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = request_endings)]
pub struct EndingRow {
    pub id: ActionId,
    pub state: String,
    pub stated_at: i64,
    pub stated_by: AccountId,
    pub decided_at: Option<i64>,
    pub decided_by: Option<AccountId>,
    pub version: i64,
    pub stated_sealed: Sealed<RequestEnding>,
}

/// Writes down what was stated, sealed under the enquirer's key like the outcome it may become. It carries the id of the
/// line in the log of what was done. A digest of the ciphertext goes to the audit leaf.
///
/// # Errors
/// The database's or the vault's.
pub fn insert_ending(
    tx: &mut Conn,
    core: &Core,
    row: &RequestRow,
    id: ActionId,
    stated: Stated,
    by: AccountId,
) -> Result<[u8; 32], DbError> {
    let key = store::key_of(tx, &core.vault, row.enquirer_id)?;
    let sealed = core.vault.seat(&key, id.bytes(), 1).seal::<RequestEnding>(&Json(stated));
    let digest = crypto::derive::sha256(&[sealed.bytes()]);
    diesel::insert_into(request_endings::table)
        .values((
            request_endings::id.eq(id),
            request_endings::request_id.eq(row.id),
            request_endings::state.eq(EndingState::Waiting.code()),
            request_endings::stated_at.eq(core.clock.now().micros()),
            request_endings::stated_by.eq(by),
            request_endings::version.eq(1),
            request_endings::stated_sealed.eq(sealed),
        ))
        .execute(tx)?;
    Ok(digest)
}

/// The ending of a request that waits for a second person.
///
/// # Errors
/// The database's.
pub fn waiting_ending(conn: &mut Conn, request: RequestId) -> Result<Option<EndingRow>, DbError> {
    Ok(request_endings::table
        .filter(request_endings::request_id.eq(request))
        .filter(request_endings::state.eq(EndingState::Waiting.code()))
        .select(EndingRow::as_select())
        .first(conn)
        .optional()?)
}

/// The ending of a request that a second person confirmed last.
///
/// # Errors
/// The database's.
pub fn confirmed_ending(conn: &mut Conn, request: RequestId) -> Result<Option<EndingRow>, DbError> {
    Ok(request_endings::table
        .filter(request_endings::request_id.eq(request))
        .filter(request_endings::state.eq(EndingState::Confirmed.code()))
        .order((request_endings::decided_at.desc(), request_endings::id.desc()))
        .select(EndingRow::as_select())
        .first(conn)
        .optional()?)
}

/// Which of these requests have an ending that waits.
///
/// # Errors
/// The database's.
pub fn with_waiting_ending(conn: &mut Conn, requests: &[RequestId]) -> Result<Vec<RequestId>, DbError> {
    Ok(request_endings::table
        .filter(request_endings::request_id.eq_any(requests.to_vec()))
        .filter(request_endings::state.eq(EndingState::Waiting.code()))
        .select(request_endings::request_id)
        .load(conn)?)
}

/// What was stated about the end of a request, newest first.
///
/// # Errors
/// The database's.
pub fn endings_of(conn: &mut Conn, request: RequestId) -> Result<Vec<EndingRow>, DbError> {
    Ok(request_endings::table
        .filter(request_endings::request_id.eq(request))
        .order((request_endings::stated_at.desc(), request_endings::id.desc()))
        .limit(50)
        .select(EndingRow::as_select())
        .load(conn)?)
}

/// Writes down how a waiting ending was judged.
///
/// # Errors
/// Somebody was quicker; or the database's.
pub fn decide_ending(
    tx: &mut Conn,
    core: &Core,
    id: ActionId,
    to: EndingState,
    by: AccountId,
) -> Result<(), DbError> {
    let waiting = request_endings::id.eq(id).and(request_endings::state.eq(EndingState::Waiting.code()));
    let decided = diesel::update(request_endings::table)
        .filter(waiting)
        .set((
            request_endings::state.eq(to.code()),
            request_endings::decided_at.eq(core.clock.now().micros()),
            request_endings::decided_by.eq(by),
        ))
        .execute(tx)?;
    if decided == 1 { Ok(()) } else { Err(super::stale()) }
}
