//! Service points: opened once; sites, status and services each keep their history.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::auth::Core;
use crate::db::schema::{point_services, point_sites, point_status, service_points};
use crate::db::{Conn, DbError};
use crate::hsp::forms::{NewPoint, NewSite};
use crate::hsp::model::{MeetingPlace, PointStatus, Service};
use crate::hsp::views::{PointView, SiteView, StatusView};
use crate::kernel::{AccountId, ActionId, ApiError, Day, Invalid, PointId, SiteId, SocietyId, Timestamp};
use crate::policy::{May, Permission, Reach};
use crate::web::Shown;

/// A point as its table holds it.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = service_points)]
pub struct PointRow {
    pub id: PointId,
    pub society_id: SocietyId,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub place_type: String,
    pub country: String,
    pub vessel: Option<String>,
    pub sensitive: bool,
    pub opens_on: Option<String>,
    pub closes_on: Option<String>,
}

/// Opens a point, with its sites, its first status and its services.
///
/// # Errors
/// The code is taken; or the database's.
pub fn insert_point(
    tx: &mut Conn,
    core: &Core,
    society: SocietyId,
    point: &NewPoint,
    by: Option<AccountId>,
) -> Result<PointId, DbError> {
    let id = PointId::new(core.clock.as_ref(), &core.chance);
    insert_point_as(tx, core, id, society, point, by)?;
    Ok(id)
}

/// The same under an id at hand: for an import, which speaks of a point before it stores it.
///
/// # Errors
/// As [`insert_point`].
pub fn insert_point_as(
    tx: &mut Conn,
    core: &Core,
    id: PointId,
    society: SocietyId,
    point: &NewPoint,
    by: Option<AccountId>,
) -> Result<(), DbError> {
    let now = core.clock.now();
    diesel::insert_into(service_points::table)
        .values((
            service_points::id.eq(id),
            service_points::society_id.eq(society),
            service_points::code.eq(&point.code),
            service_points::name.eq(&point.name),
            service_points::kind.eq(point.kind.code()),
            service_points::place_type.eq(point.place_type.code()),
            service_points::country.eq(point.country.code()),
            service_points::vessel.eq(&point.vessel),
            service_points::sensitive.eq(point.sensitive),
            service_points::opens_on.eq(point.opens_on.map(|day| day.to_string())),
            service_points::closes_on.eq(point.closes_on.map(|day| day.to_string())),
            service_points::created_at.eq(now.micros()),
            service_points::version.eq(1),
        ))
        .execute(tx)?;
    for site in &point.sites {
        insert_site(tx, core, id, site)?;
    }
    set_status(tx, core, id, (point.status, point.opens_on.unwrap_or(now.day()), None), by)?;
    set_services(tx, id, &point.services, now)
}

/// Adds a site; the one it replaces ends and stays in the history.
///
/// # Errors
/// The site to replace is not there any more; or the database's.
pub fn insert_site(tx: &mut Conn, core: &Core, point: PointId, site: &NewSite) -> Result<SiteId, DbError> {
    let id = SiteId::new(core.clock.as_ref(), &core.chance);
    let now = core.clock.now();
    if let Some(old) = site.replaces {
        let ended = diesel::update(point_sites::table)
            .filter(point_sites::id.eq(old).and(point_sites::point_id.eq(point)))
            .filter(point_sites::until.is_null())
            .set(point_sites::until.eq(now.micros()))
            .execute(tx)?;
        if ended == 0 {
            let problem = Invalid::at("replaces", "is not a site of this point that is still there");
            return Err(DbError::Refused(ApiError::Invalid(problem)));
        }
    }
    diesel::insert_into(point_sites::table)
        .values((
            point_sites::id.eq(id),
            point_sites::point_id.eq(point),
            point_sites::name.eq(&site.name),
            point_sites::kind.eq(site.kind.code()),
            point_sites::place.eq(&site.place),
            point_sites::coverage.eq(&site.coverage),
            point_sites::timetable.eq(&site.timetable),
            point_sites::since.eq(now.micros()),
            point_sites::reason.eq(&site.reason),
        ))
        .execute(tx)?;
    Ok(id)
}

/// Appends to the status history.
///
/// # Errors
/// The database's.
pub fn set_status(
    tx: &mut Conn,
    core: &Core,
    point: PointId,
    (status, since, reason): (PointStatus, Day, Option<String>),
    by: Option<AccountId>,
) -> Result<(), DbError> {
    hold(tx, point)?;
    // Ids made within one millisecond have no order, so the time of recording is what orders the history.
    let newest: Option<i64> = point_status::table
        .filter(point_status::point_id.eq(point))
        .select(diesel::dsl::max(point_status::recorded_at))
        .first(tx)?;
    let now = core.clock.now().micros().max(newest.map_or(i64::MIN, |newest| newest.saturating_add(1)));
    diesel::insert_into(point_status::table)
        .values((
            point_status::id
                .eq(migrations::db::RawId(ActionId::new(core.clock.as_ref(), &core.chance).uuid())),
            point_status::point_id.eq(point),
            point_status::status.eq(status.code()),
            point_status::since.eq(since.to_string()),
            point_status::reason.eq(reason),
            point_status::recorded_at.eq(now),
            point_status::recorded_by.eq(by),
        ))
        .execute(tx)?;
    Ok(())
}

/// Makes these the services offered from now on; what is no longer offered ends and stays in the history.
///
/// # Errors
/// The database's.
pub fn set_services(
    tx: &mut Conn,
    point: PointId,
    services: &[Service],
    now: Timestamp,
) -> Result<(), DbError> {
    hold(tx, point)?;
    let offered: Vec<String> = point_services::table
        .filter(point_services::point_id.eq(point))
        .filter(point_services::until.is_null())
        .select(point_services::service)
        .load(tx)?;
    let wanted: Vec<&str> = services.iter().map(|service| service.code()).collect();
    diesel::update(point_services::table)
        .filter(point_services::point_id.eq(point))
        .filter(point_services::until.is_null())
        .filter(point_services::service.ne_all(wanted.clone()))
        .set(point_services::until.eq(now.micros()))
        .execute(tx)?;
    for service in wanted.into_iter().filter(|service| !offered.iter().any(|held| held == service)) {
        // Ended and taken up again within one instant: the same stretch goes on.
        let again = diesel::update(point_services::table.find((point, service, now.micros())))
            .set(point_services::until.eq(None::<i64>))
            .execute(tx)?;
        if again == 0 {
            diesel::insert_into(point_services::table)
                .values((
                    point_services::point_id.eq(point),
                    point_services::service.eq(service),
                    point_services::since.eq(now.micros()),
                ))
                .execute(tx)?;
        }
    }
    Ok(())
}

/// Holds a point's row until the transaction ends: of two who change what belongs to it, the second reads what the first
/// has left. SQLite has one writer anyway.
fn hold(tx: &mut Conn, point: PointId) -> Result<(), DbError> {
    if let Conn::Postgres(conn) = tx {
        service_points::table.find(point).select(service_points::id).for_update().first::<PointId>(conn)?;
    }
    Ok(())
}

/// Where people meet this point: the place of its newest site that is still there, else its name.
///
/// # Errors
/// Not found, or the database's.
pub fn meeting_place(conn: &mut Conn, id: PointId) -> Result<MeetingPlace, DbError> {
    let row = point(conn, id)?;
    let site: Option<String> = point_sites::table
        .filter(point_sites::point_id.eq(id))
        .filter(point_sites::until.is_null())
        .order(point_sites::since.desc())
        .select(point_sites::place)
        .first(conn)
        .optional()?;
    let name = site.unwrap_or(row.name);
    Ok(MeetingPlace { society: row.society_id, name, country: row.country, sensitive: row.sensitive })
}

/// # Errors
/// Not found, or the database's.
pub fn point(conn: &mut Conn, id: PointId) -> Result<PointRow, DbError> {
    Ok(service_points::table.find(id).select(PointRow::as_select()).first(conn)?)
}

/// # Errors
/// Not found, or the database's.
pub fn point_by_code(conn: &mut Conn, code: &str) -> Result<PointId, DbError> {
    Ok(service_points::table.filter(service_points::code.eq(code)).select(service_points::id).first(conn)?)
}

/// A point the caller may manage; another society's does not exist for them.
///
/// # Errors
/// Not found, or the database's.
pub fn own<P: Permission>(conn: &mut Conn, may: &May<P>, id: PointId) -> Result<PointRow, DbError> {
    let row = point(conn, id)?;
    let within = match may.reach() {
        Reach::Everyone => true,
        Reach::OwnSociety => may.society() == Some(row.society_id),
        Reach::OwnPoint => may.point() == Some(row.id),
        Reach::Assigned | Reach::Nobody => false,
    };
    if within { Ok(row) } else { Err(DbError::NotFound) }
}

/// Points by id, after one, of one society or of all.
///
/// # Errors
/// The database's.
pub fn points(
    conn: &mut Conn,
    society: Option<SocietyId>,
    after: Option<PointId>,
    limit: i64,
) -> Result<Vec<PointRow>, DbError> {
    let after = after.unwrap_or(PointId::from_uuid(migrations::uuid::Uuid::nil()));
    let mut query =
        service_points::table.filter(service_points::id.gt(after)).select(PointRow::as_select()).into_boxed();
    if let Some(society) = society {
        query = query.filter(service_points::society_id.eq(society));
    }
    Ok(query.order(service_points::id).limit(limit).load(conn)?)
}

/// The newest status of each point.
pub(super) fn newest_status(
    conn: &mut Conn,
    points: &[PointId],
) -> Result<HashMap<PointId, String>, DbError> {
    let rows: Vec<(PointId, String)> = point_status::table
        .filter(point_status::point_id.eq_any(points.to_vec()))
        .order(point_status::recorded_at.asc())
        .select((point_status::point_id, point_status::status))
        .load(conn)?;
    // Later lines replace earlier ones.
    Ok(rows.into_iter().collect())
}

/// Points for a list: without sites and history. `near` says for which the reader may know the place.
///
/// # Errors
/// The database's.
pub fn views(
    conn: &mut Conn,
    rows: Vec<PointRow>,
    near: impl Fn(&PointRow) -> bool,
) -> Result<Vec<PointView>, DbError> {
    let ids: Vec<PointId> = rows.iter().map(|row| row.id).collect();
    let mut status = newest_status(conn, &ids)?;
    let offered: Vec<(PointId, String)> = point_services::table
        .filter(point_services::point_id.eq_any(ids))
        .filter(point_services::until.is_null())
        .order((point_services::point_id, point_services::service))
        .select((point_services::point_id, point_services::service))
        .load(conn)?;
    let view = |row: PointRow| {
        let open = !row.sensitive || near(&row);
        let own = offered.iter().filter(|(point, _)| *point == row.id);
        PointView {
            id: row.id,
            society: row.society_id,
            code: row.code,
            name: row.name,
            kind: row.kind,
            place_type: if open { Shown::value(row.place_type) } else { Shown::hidden() },
            country: row.country,
            vessel: if open { Shown::value(row.vessel) } else { Shown::hidden() },
            sensitive: row.sensitive,
            opens_on: row.opens_on,
            closes_on: row.closes_on,
            status: status.remove(&row.id).unwrap_or_else(|| PointStatus::Open.code().to_owned()),
            services: own.filter_map(|(_, code)| Service::parse(code)).collect(),
            sites: if open { Shown::value(Vec::new()) } else { Shown::hidden() },
            history: Vec::new(),
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

type SiteRow =
    (SiteId, String, String, String, Option<String>, Option<String>, i64, Option<i64>, Option<String>);

/// One point with its sites and its history.
///
/// # Errors
/// The database's.
pub fn view(conn: &mut Conn, row: PointRow, near: impl Fn(&PointRow) -> bool) -> Result<PointView, DbError> {
    let id = row.id;
    let mut view = views(conn, vec![row], near)?.pop().ok_or(DbError::NotFound)?;
    let sites: Vec<SiteRow> = point_sites::table
        .filter(point_sites::point_id.eq(id))
        .order((point_sites::since.desc(), point_sites::id.desc()))
        .limit(200)
        .select((
            point_sites::id,
            point_sites::name,
            point_sites::kind,
            point_sites::place,
            point_sites::coverage,
            point_sites::timetable,
            point_sites::since,
            point_sites::until,
            point_sites::reason,
        ))
        .load(conn)?;
    let site = |(id, name, kind, place, coverage, timetable, since, until, reason): SiteRow| SiteView {
        id,
        name,
        kind,
        place,
        coverage,
        timetable,
        since: Timestamp::from_micros(since),
        until: until.map(Timestamp::from_micros),
        reason,
    };
    view.sites = view.sites.map(|_| sites.into_iter().map(site).collect());
    let history: Vec<(String, String, Option<String>)> = point_status::table
        .filter(point_status::point_id.eq(id))
        .order(point_status::recorded_at.desc())
        .limit(200)
        .select((point_status::status, point_status::since, point_status::reason))
        .load(conn)?;
    // A reason may name the place.
    let open = !view.sites.is_hidden();
    let line = |(status, since, reason): (String, String, Option<String>)| {
        let reason = reason.filter(|_| open);
        StatusView { status, since, reason }
    };
    view.history = history.into_iter().map(line).collect();
    Ok(view)
}
