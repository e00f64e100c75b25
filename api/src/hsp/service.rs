//! Keeping the register: read by everybody in the network, changed by administrators of the own society.

use super::forms::*;
use super::model::Service;
use super::store::{self, PointRow};
use super::views::*;
use crate::auth::Core;
use crate::db::DbError;
use crate::kernel::{ApiError, Page, PageRequest, PointId, RouteId, SiteId, SocietyId};
use crate::policy::{ManagePoints, ManageSocieties, May, ReadRegister};
use crate::web::Idempotency;

/// Founds a society and lets the vault have its first key.
///
/// # Errors
/// The code is taken, or the key keeper or the database is away.
pub async fn found_society(
    core: &Core,
    may: May<ManageSocieties>,
    society: NewSociety,
) -> Result<SocietyId, ApiError> {
    let inside = core.clone();
    let id = core
        .db
        .write(move |tx| {
            let id = store::insert_society(tx, &inside, &society)?;
            inside.audit.append(tx, &may, |e| e.on(id).detail("society_founded"))?;
            Ok::<_, DbError>(id)
        })
        .await?;
    let vault = core.vault.clone();
    core.db.read(move |conn| crate::vault::store::admit_all(conn, &vault)).await?;
    Ok(id)
}

/// Whether the reader may know where a sensitive point is: its own staff, and who manages it.
fn near(may: &May<ReadRegister>) -> impl Fn(&PointRow) -> bool + Send + 'static {
    let (point, society) = (may.point(), may.society());
    let manages = may.also::<ManagePoints>().is_ok();
    move |row: &PointRow| society == Some(row.society_id) && (manages || point == Some(row.id))
}

pub(super) async fn societies(
    core: &Core,
    _: &May<ReadRegister>,
    page: PageRequest<SocietyId>,
) -> Result<Page<SocietyView>, ApiError> {
    let (limit, most) = (page.limit, one_more(page.limit));
    let rows = core.db.read(move |conn| store::societies(conn, page.after, most)).await?;
    Ok(Page::cut(rows, limit, |row| row.id.to_string()))
}

pub(super) async fn points(
    core: &Core,
    may: &May<ReadRegister>,
    society: Option<SocietyId>,
    page: PageRequest<PointId>,
) -> Result<Page<PointView>, ApiError> {
    let near = near(may);
    core.db
        .read(move |conn| {
            let rows = store::points(conn, society, page.after, one_more(page.limit))?;
            let rows = Page::cut(rows, page.limit, |row| row.id.to_string());
            Ok::<_, DbError>(Page { items: store::views(conn, rows.items, near)?, next: rows.next })
        })
        .await
}

pub(super) async fn point(core: &Core, may: &May<ReadRegister>, id: PointId) -> Result<PointView, ApiError> {
    let near = near(may);
    core.db
        .read(move |conn| {
            let row = store::point(conn, id)?;
            store::view(conn, row, near)
        })
        .await
}

pub(super) async fn add_point(
    core: &Core,
    may: May<ManagePoints>,
    once: Idempotency,
    form: &PointForm,
) -> Result<Made<PointId>, ApiError> {
    let society = may.society().ok_or(ApiError::Forbidden)?;
    let point = form.parse()?;
    let inside = core.clone();
    core.db
        .write(move |tx| {
            once.run(tx, &may.clone(), inside.clock.now(), |tx| {
                let id = store::insert_point(tx, &inside, society, &point, may.account())?;
                inside.audit.append(tx, &may, |e| e.on(id).detail("point_added"))?;
                Ok(Made { id })
            })
        })
        .await
}

pub(super) async fn add_site(
    core: &Core,
    may: May<ManagePoints>,
    once: Idempotency,
    id: PointId,
    form: &SiteForm,
) -> Result<Made<SiteId>, ApiError> {
    let site = form.parse()?;
    let inside = core.clone();
    core.db
        .write(move |tx| {
            once.run(tx, &may.clone(), inside.clock.now(), |tx| {
                store::own(tx, &may, id)?;
                let made = store::insert_site(tx, &inside, id, &site)?;
                inside.audit.append(tx, &may, |e| e.on(id).detail("site_added"))?;
                Ok(Made { id: made })
            })
        })
        .await
}

pub(super) async fn set_status(
    core: &Core,
    may: May<ManagePoints>,
    id: PointId,
    form: &StatusForm,
) -> Result<(), ApiError> {
    let change = form.parse(core.clock.now().day())?;
    let inside = core.clone();
    core.db
        .write(move |tx| {
            store::own(tx, &may, id)?;
            let detail = change.0.code();
            store::set_status(tx, &inside, id, change, may.account())?;
            inside.audit.append(tx, &may, |e| e.on(id).detail(detail))?;
            Ok::<_, DbError>(())
        })
        .await
}

pub(super) async fn set_services(
    core: &Core,
    may: May<ManagePoints>,
    id: PointId,
    services: &[Service],
) -> Result<(), ApiError> {
    let services = super::forms::services(services)?;
    let inside = core.clone();
    core.db
        .write(move |tx| {
            store::own(tx, &may, id)?;
            store::set_services(tx, id, &services, inside.clock.now())?;
            inside.audit.append(tx, &may, |e| e.on(id).detail("services_set"))?;
            Ok::<_, DbError>(())
        })
        .await
}

pub(super) async fn routes(
    core: &Core,
    _: &May<ReadRegister>,
    page: PageRequest<RouteId>,
) -> Result<Page<RouteView>, ApiError> {
    let (limit, most) = (page.limit, one_more(page.limit));
    let rows = core.db.read(move |conn| store::routes(conn, page.after, most)).await?;
    Ok(Page::cut(rows, limit, |row| row.id.to_string()))
}

pub(super) async fn route(core: &Core, _: &May<ReadRegister>, id: RouteId) -> Result<RouteView, ApiError> {
    core.db.read(move |conn| store::route(conn, id)).await
}

pub(super) async fn add_route(
    core: &Core,
    may: May<ManagePoints>,
    once: Idempotency,
    form: &RouteForm,
) -> Result<Made<RouteId>, ApiError> {
    let society = may.society().ok_or(ApiError::Forbidden)?;
    let (code, name) = form.parse()?;
    let (inside, points) = (core.clone(), form.points.clone());
    core.db
        .write(move |tx| {
            once.run(tx, &may.clone(), inside.clock.now(), |tx| {
                let id = store::insert_route(tx, &inside, society, (&code, &name), &points)?;
                inside.audit.append(tx, &may, |e| e.on(id).detail("route_added"))?;
                Ok(Made { id })
            })
        })
        .await
}

pub(super) async fn next(
    core: &Core,
    _: &May<ReadRegister>,
    id: PointId,
) -> Result<Vec<(RouteId, PointId)>, ApiError> {
    core.db
        .read(move |conn| {
            store::point(conn, id)?;
            store::next_after(conn, id)
        })
        .await
}

fn one_more(limit: usize) -> i64 {
    i64::try_from(limit + 1).unwrap_or(i64::MAX)
}

/// The id of what was made.
#[derive(Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(super) struct Made<T> {
    pub id: T,
}
