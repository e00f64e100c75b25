//! The rows of import runs: how far each file was read, moved on in the transaction that stores what was read. And the
//! service points that files name.

use diesel::prelude::*;

use crate::auth::Core;
use crate::db::schema::{import_runs, service_points, societies};
use crate::db::{Conn, DbError};
use crate::kernel::{ImportId, PointId, SocietyId, Timestamp};

/// One run over one file.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) id: ImportId,
    /// The first line of the last record that was stored or refused for good.
    pub(super) lines: u64,
    /// How much of the file was read then, as it lies on the disk.
    pub(super) bytes: u64,
    pub(super) taken: u64,
    pub(super) refused: u64,
    pub(super) finished: bool,
    pub(super) touched: Timestamp,
}

const RUNNING: &str = "running";
const FINISHED: &str = "finished";

/// The run under this tag, if there is one.
///
/// # Errors
/// The database's.
pub(super) fn find(conn: &mut Conn, tag: &[u8; 32]) -> Result<Option<Run>, DbError> {
    type Row = (ImportId, i64, i64, i64, i64, String, i64);
    let row: Option<Row> = import_runs::table
        .filter(import_runs::source_tag.eq(tag.as_slice()))
        .select((
            import_runs::id,
            import_runs::lines_done,
            import_runs::bytes_done,
            import_runs::taken,
            import_runs::refused,
            import_runs::state,
            import_runs::updated_at,
        ))
        .first(conn)
        .optional()?;
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    Ok(row.map(|(id, lines, bytes, taken, refused, state, touched)| Run {
        id,
        lines: count(lines),
        bytes: count(bytes),
        taken: count(taken),
        refused: count(refused),
        finished: state == FINISHED,
        touched: Timestamp::from_micros(touched),
    }))
}

/// Begins a run.
///
/// # Errors
/// [`DbError::Taken`] when another process began the same one; otherwise the database's.
pub(super) fn begin(
    tx: &mut Conn,
    core: &Core,
    tag: &[u8; 32],
    society: SocietyId,
    kind: &str,
) -> Result<Run, DbError> {
    let id = ImportId::new(core.clock.as_ref(), &core.chance);
    let now = core.clock.now();
    diesel::insert_into(import_runs::table)
        .values((
            import_runs::id.eq(id),
            import_runs::society_id.eq(society),
            import_runs::kind.eq(kind),
            import_runs::source_tag.eq(tag.as_slice()),
            import_runs::lines_done.eq(0),
            import_runs::bytes_done.eq(0),
            import_runs::taken.eq(0),
            import_runs::refused.eq(0),
            import_runs::state.eq(RUNNING),
            import_runs::started_at.eq(now.micros()),
            import_runs::updated_at.eq(now.micros()),
        ))
        .execute(tx)?;
    Ok(Run { id, lines: 0, bytes: 0, taken: 0, refused: 0, finished: false, touched: now })
}

/// Moves a run on from `held` to `next`. Says no when another process has moved it meanwhile: then nothing of this
/// batch may be stored.
///
/// # Errors
/// The database's.
pub(super) fn advance(tx: &mut Conn, held: &Run, next: &Run) -> Result<bool, DbError> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let moved = diesel::update(import_runs::table)
        .filter(import_runs::id.eq(held.id))
        .filter(import_runs::state.eq(RUNNING))
        .filter(import_runs::lines_done.eq(number(held.lines)))
        .set((
            import_runs::lines_done.eq(number(next.lines)),
            import_runs::bytes_done.eq(number(next.bytes)),
            import_runs::taken.eq(number(next.taken)),
            import_runs::refused.eq(number(next.refused)),
            import_runs::state.eq(if next.finished { FINISHED } else { RUNNING }),
            import_runs::updated_at.eq(next.touched.micros()),
        ))
        .execute(tx)?;
    Ok(moved == 1)
}

/// The service points of a society: id, code, name.
///
/// # Errors
/// The database's.
pub(super) fn points_of(
    conn: &mut Conn,
    society: SocietyId,
) -> Result<Vec<(PointId, String, String)>, DbError> {
    Ok(service_points::table
        .filter(service_points::society_id.eq(society))
        .select((service_points::id, service_points::code, service_points::name))
        .load(conn)?)
}

/// The society's code and country.
///
/// # Errors
/// Not found, or the database's.
pub(super) fn society(conn: &mut Conn, id: SocietyId) -> Result<(String, String), DbError> {
    Ok(societies::table.find(id).select((societies::code, societies::country)).first(conn)?)
}
