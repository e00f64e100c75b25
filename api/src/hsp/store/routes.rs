//! Routes: points of any society in the order people pass them.

use diesel::prelude::*;

use super::points::newest_status;
use crate::auth::Core;
use crate::db::schema::{route_points, routes, service_points};
use crate::db::{Conn, DbError};
use crate::hsp::model::PointStatus;
use crate::hsp::views::RouteView;
use crate::kernel::{ApiError, Invalid, PointId, RouteId, SocietyId, Wrong};

/// # Errors
/// The code is taken; a point does not exist, and then the input names it; or the database's.
pub fn insert_route(
    tx: &mut Conn,
    core: &Core,
    society: SocietyId,
    (code, name): (&str, &str),
    points: &[PointId],
) -> Result<RouteId, DbError> {
    let known: Vec<PointId> = service_points::table
        .filter(service_points::id.eq_any(points.to_vec()))
        .select(service_points::id)
        .load(tx)?;
    if let Some(place) = points.iter().position(|point| !known.contains(point)) {
        let problem = Invalid::at(format!("points[{place}]"), Wrong::Unknown.says("is not a service point"));
        return Err(DbError::Refused(ApiError::Invalid(problem)));
    }
    let id = RouteId::new(core.clock.as_ref(), &core.chance);
    diesel::insert_into(routes::table)
        .values((
            routes::id.eq(id),
            routes::society_id.eq(society),
            routes::code.eq(code),
            routes::name.eq(name),
            routes::created_at.eq(core.clock.now().micros()),
            routes::version.eq(1),
        ))
        .execute(tx)?;
    for (position, point) in (0_i32..).zip(points) {
        diesel::insert_into(route_points::table)
            .values((
                route_points::route_id.eq(id),
                route_points::position.eq(position),
                route_points::point_id.eq(*point),
            ))
            .execute(tx)?;
    }
    Ok(id)
}

/// # Errors
/// Not found, or the database's.
pub fn route(conn: &mut Conn, id: RouteId) -> Result<RouteView, DbError> {
    let row: Row = routes::table
        .find(id)
        .select((routes::id, routes::society_id, routes::code, routes::name))
        .first(conn)?;
    with_points(conn, row)
}

type Row = (RouteId, SocietyId, String, String);

fn with_points(conn: &mut Conn, (id, society, code, name): Row) -> Result<RouteView, DbError> {
    let points = route_points::table
        .filter(route_points::route_id.eq(id))
        .order(route_points::position)
        .select(route_points::point_id)
        .load(conn)?;
    Ok(RouteView { id, society, code, name, points })
}

/// Routes by id, after one.
///
/// # Errors
/// The database's.
pub fn routes(conn: &mut Conn, after: Option<RouteId>, limit: i64) -> Result<Vec<RouteView>, DbError> {
    let after = after.unwrap_or(RouteId::from_uuid(migrations::uuid::Uuid::nil()));
    let rows: Vec<Row> = routes::table
        .filter(routes::id.gt(after))
        .order(routes::id)
        .limit(limit)
        .select((routes::id, routes::society_id, routes::code, routes::name))
        .load(conn)?;
    rows.into_iter().map(|row| with_points(conn, row)).collect()
}

/// For each route a point stands on, the next point that is open: where somebody may be helped next.
///
/// # Errors
/// The database's.
pub fn next_after(conn: &mut Conn, point: PointId) -> Result<Vec<(RouteId, PointId)>, DbError> {
    let here: Vec<(RouteId, i32)> = route_points::table
        .filter(route_points::point_id.eq(point))
        .select((route_points::route_id, route_points::position))
        .load(conn)?;
    let mut next = Vec::new();
    for (route, position) in here {
        let ahead: Vec<PointId> = route_points::table
            .filter(route_points::route_id.eq(route))
            .filter(route_points::position.gt(position))
            .order(route_points::position)
            .select(route_points::point_id)
            .load(conn)?;
        let status = newest_status(conn, &ahead)?;
        let open = |point: &&PointId| status.get(*point).is_some_and(|s| *s == PointStatus::Open.code());
        next.extend(ahead.iter().find(open).map(|point| (route, *point)));
    }
    Ok(next)
}
