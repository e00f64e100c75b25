//! The register as JSON.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::forms::*;
use super::model::Service;
use super::service;
use super::views::*;
use crate::auth::Core;
use crate::kernel::{ApiError, MAX_PAGE, Page, PageRequest, PointId, RouteId, SocietyId};
use crate::policy::{ManagePoints, May, ReadRegister};
use crate::web::{self, Body, Id, Idempotency, InputRefusals, Query, Refusals};

/// This part of the interface description.
#[derive(OpenApi)]
#[openapi(paths(
    societies,
    points,
    add_point,
    point,
    add_site,
    set_status,
    set_services,
    next,
    routes,
    add_route,
    route
))]
pub struct Api;

/// The id of what was made.
#[derive(Serialize, ToSchema)]
pub struct RegisterMade {
    pub id: String,
}

/// Which page of the societies.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SocietyPage {
    /// The `next` of the page before.
    #[param(value_type = Option<String>, pattern = "^soc_[0-9a-f]{32}$")]
    pub after: Option<SocietyId>,
}

/// Which points.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PointPage {
    /// The `next` of the page before.
    #[param(value_type = Option<String>, pattern = "^hsp_[0-9a-f]{32}$")]
    pub after: Option<PointId>,
    /// One society's only.
    #[param(value_type = Option<String>, pattern = "^soc_[0-9a-f]{32}$")]
    pub society: Option<SocietyId>,
}

/// Which page of the routes.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RoutePage {
    /// The `next` of the page before.
    #[param(value_type = Option<String>, pattern = "^route_[0-9a-f]{32}$")]
    pub after: Option<RouteId>,
}

/// What a point offers from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServicesForm {
    #[schema(max_items = 27)]
    pub services: Vec<Service>,
}

/// Where somebody may be helped next.
#[derive(Serialize, ToSchema)]
pub struct NextPoints {
    /// One for each route that goes on from here.
    pub items: Vec<NextPoint>,
}

#[derive(Serialize, ToSchema)]
pub struct NextPoint {
    #[schema(value_type = String)]
    pub route: RouteId,
    #[schema(value_type = String)]
    pub point: PointId,
}

/// The societies of the network.
#[utoipa::path(get, path = "/api/v1/societies", tag = "register", params(SocietyPage),
    responses((status = 200, body = Page<SocietyView>), Refusals))]
pub async fn societies(
    may: May<ReadRegister>,
    page: Query<SocietyPage>,
    core: Data<Core>,
) -> Result<Json<Page<SocietyView>>, ApiError> {
    let page = PageRequest { after: page.0.after, limit: MAX_PAGE };
    Ok(Json(service::societies(&core, &may, page).await?))
}

/// Service points, of one society or of all.
#[utoipa::path(get, path = "/api/v1/points", tag = "register", params(PointPage),
    responses((status = 200, body = Page<PointView>), Refusals))]
pub async fn points(
    may: May<ReadRegister>,
    page: Query<PointPage>,
    core: Data<Core>,
) -> Result<Json<Page<PointView>>, ApiError> {
    let PointPage { after, society } = page.0;
    let page = PageRequest { after, limit: MAX_PAGE };
    Ok(Json(service::points(&core, &may, society, page).await?))
}

/// Opens a point of the own society.
#[utoipa::path(post, path = "/api/v1/points", tag = "register", request_body = PointForm,
    params(("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{8,128}$")),
    responses((status = 201, body = RegisterMade), InputRefusals))]
pub async fn add_point(
    may: May<ManagePoints>,
    once: Idempotency,
    body: Body<PointForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    Ok(web::created(service::add_point(&core, may, once, &body.0).await?))
}

/// One point, with its sites and its status history.
#[utoipa::path(get, path = "/api/v1/points/{id}", tag = "register",
    params(("id" = String, Path, pattern = "^hsp_[0-9a-f]{32}$")),
    responses((status = 200, body = PointView), Refusals))]
pub async fn point(
    may: May<ReadRegister>,
    id: Id<PointId>,
    core: Data<Core>,
) -> Result<Json<PointView>, ApiError> {
    Ok(Json(service::point(&core, &may, id.0).await?))
}

/// Adds a site, or moves one: the site it replaces ends and stays in the history.
#[utoipa::path(post, path = "/api/v1/points/{id}/sites", tag = "register", request_body = SiteForm,
    params(("id" = String, Path, pattern = "^hsp_[0-9a-f]{32}$"),
        ("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{8,128}$")),
    responses((status = 201, body = RegisterMade), InputRefusals))]
pub async fn add_site(
    may: May<ManagePoints>,
    id: Id<PointId>,
    once: Idempotency,
    body: Body<SiteForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    Ok(web::created(service::add_site(&core, may, once, id.0, &body.0).await?))
}

/// Adds a line to the status history.
#[utoipa::path(post, path = "/api/v1/points/{id}/status", tag = "register", request_body = StatusForm,
    params(("id" = String, Path, pattern = "^hsp_[0-9a-f]{32}$")),
    responses((status = 204, description = "Written"), InputRefusals))]
pub async fn set_status(
    may: May<ManagePoints>,
    id: Id<PointId>,
    body: Body<StatusForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    service::set_status(&core, may, id.0, &body.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Says what a point offers from now on.
#[utoipa::path(put, path = "/api/v1/points/{id}/services", tag = "register", request_body = ServicesForm,
    params(("id" = String, Path, pattern = "^hsp_[0-9a-f]{32}$")),
    responses((status = 204, description = "Written"), InputRefusals))]
pub async fn set_services(
    may: May<ManagePoints>,
    id: Id<PointId>,
    body: Body<ServicesForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    service::set_services(&core, may, id.0, &body.0.services).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Where somebody at this point may be helped next: the next open point of each route.
#[utoipa::path(get, path = "/api/v1/points/{id}/next", tag = "register",
    params(("id" = String, Path, pattern = "^hsp_[0-9a-f]{32}$")),
    responses((status = 200, body = NextPoints), Refusals))]
pub async fn next(
    may: May<ReadRegister>,
    id: Id<PointId>,
    core: Data<Core>,
) -> Result<Json<NextPoints>, ApiError> {
    let items = service::next(&core, &may, id.0).await?;
    let items = items.into_iter().map(|(route, point)| NextPoint { route, point }).collect();
    Ok(Json(NextPoints { items }))
}

/// The routes.
#[utoipa::path(get, path = "/api/v1/routes", tag = "register", params(RoutePage),
    responses((status = 200, body = Page<RouteView>), Refusals))]
pub async fn routes(
    may: May<ReadRegister>,
    page: Query<RoutePage>,
    core: Data<Core>,
) -> Result<Json<Page<RouteView>>, ApiError> {
    let page = PageRequest { after: page.0.after, limit: MAX_PAGE };
    Ok(Json(service::routes(&core, &may, page).await?))
}

/// Adds a route; its points may be of any society.
#[utoipa::path(post, path = "/api/v1/routes", tag = "register", request_body = RouteForm,
    params(("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{8,128}$")),
    responses((status = 201, body = RegisterMade), InputRefusals))]
pub async fn add_route(
    may: May<ManagePoints>,
    once: Idempotency,
    body: Body<RouteForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    Ok(web::created(service::add_route(&core, may, once, &body.0).await?))
}

/// One route.
#[utoipa::path(get, path = "/api/v1/routes/{id}", tag = "register",
    params(("id" = String, Path, pattern = "^route_[0-9a-f]{32}$")),
    responses((status = 200, body = RouteView), Refusals))]
pub async fn route(
    may: May<ReadRegister>,
    id: Id<RouteId>,
    core: Data<Core>,
) -> Result<Json<RouteView>, ApiError> {
    Ok(Json(service::route(&core, &may, id.0).await?))
}
