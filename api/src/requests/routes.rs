//! JSON for tracing requests.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::model::*;
use super::service;
use super::store::Which;
use super::view::*;
use crate::auth::Core;
use crate::kernel::{ActionId, ApiError, MAX_PAGE, Page, PageRequest, RequestId, Wrong, invalid};
use crate::policy::{
    AssignRequest, ClearConflict, CloseRequest, ConfirmEnding, EditRequest, May, OpenRequest, ReadRequest,
};
use crate::web::{self, Body, Id, Idempotency, InputRefusals, Query, Refusals};

/// This part of the interface description.
#[derive(OpenApi)]
#[openapi(paths(
    open,
    list,
    show,
    patch,
    advance,
    close,
    circulate,
    clear_conflict,
    confirm_ending,
    send_ending_back,
    assign,
    act,
    actions
))]
pub struct Api;

/// The id of what was made.
#[derive(Serialize, ToSchema)]
pub struct RequestOpened {
    #[schema(value_type = String)]
    pub id: RequestId,
}

/// The id of a deed written down.
#[derive(Serialize, ToSchema)]
pub struct ActionNoted {
    #[schema(value_type = String)]
    pub id: ActionId,
}

/// The version a request has now.
#[derive(Serialize, ToSchema)]
pub struct RequestChanged {
    pub version: i64,
}

fn changed(version: i64) -> Json<RequestChanged> {
    Json(RequestChanged { version: version + 1 })
}

/// Which requests.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RequestsOf {
    pub state: Option<RequestState>,
    /// Those of which a death or a detention was stated, and stands so.
    pub ending: Option<EndingState>,
    /// What the page before gave as `next`.
    #[param(max_length = 40)]
    pub after: Option<String>,
    /// At most 50.
    #[param(minimum = 1, maximum = 50)]
    pub limit: Option<usize>,
}

/// Opens a tracing request for one enquirer and everybody they seek. Whoever opens it is assigned to it.
#[utoipa::path(post, path = "/api/v1/requests", tag = "requests", request_body = RequestForm,
    params(("Idempotency-Key" = Option<String>, Header, description = "8 to 128 visible ASCII characters")),
    responses((status = 201, body = RequestOpened), InputRefusals))]
pub async fn open(
    may: May<OpenRequest>,
    once: Idempotency,
    body: Body<RequestForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let form = NewRequest::parse(body.0, core.clock.now().day())?;
    let id = service::open(&core, may, once, form).await?;
    Ok(web::created(RequestOpened { id }))
}

/// The requests within reach, newest first. Names stand in the request itself.
#[utoipa::path(get, path = "/api/v1/requests", tag = "requests", params(RequestsOf),
    responses((status = 200, body = Page<RequestLine>), Refusals))]
pub async fn list(
    may: May<ReadRequest>,
    query: Query<RequestsOf>,
    core: Data<Core>,
) -> Result<Json<Page<RequestLine>>, ApiError> {
    let page = page_of(query.0.after.as_deref(), query.0.limit)?;
    let which = Which { state: query.0.state, ending: query.0.ending };
    Ok(Json(service::list(&core, may, which, page).await?))
}

/// A place in a list, as the query names it.
pub(super) fn page_of<K: std::str::FromStr>(
    after: Option<&str>,
    limit: Option<usize>,
) -> Result<PageRequest<K>, ApiError> {
    let after = after.map(|text| text.parse().map_err(|_| invalid("after", "is not a place in this list")));
    let limit = limit.unwrap_or(20);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(invalid(
            "limit",
            Wrong::Count.says(format!("1 to {MAX_PAGE} is taken")).between(1, MAX_PAGE),
        ));
    }
    Ok(PageRequest { after: after.transpose()?, limit })
}

/// One request with everybody it is about, as far as the caller's classes reach.
#[utoipa::path(get, path = "/api/v1/requests/{id}", tag = "requests", params(("id" = String, Path)),
    responses((status = 200, body = RequestView), Refusals))]
pub async fn show(
    may: May<ReadRequest>,
    id: Id<RequestId>,
    core: Data<Core>,
) -> Result<Json<RequestView>, ApiError> {
    Ok(Json(service::show(&core, may, id.0).await?))
}

/// Changes what is known about the case itself. What is left out stays.
#[utoipa::path(patch, path = "/api/v1/requests/{id}", tag = "requests", params(("id" = String, Path)),
    request_body = RequestPatch, responses((status = 200, body = RequestChanged), InputRefusals))]
pub async fn patch(
    may: May<EditRequest>,
    id: Id<RequestId>,
    body: Body<RequestPatch>,
    core: Data<Core>,
) -> Result<Json<RequestChanged>, ApiError> {
    let version = body.0.version;
    service::patch(&core, may, id.0, body.0).await?;
    Ok(changed(version))
}

/// Moves a request to another state, as far as the table of moves allows.
#[utoipa::path(post, path = "/api/v1/requests/{id}/state", tag = "requests", params(("id" = String, Path)),
    request_body = MoveForm, responses((status = 200, body = RequestChanged), InputRefusals))]
pub async fn advance(
    may: May<EditRequest>,
    id: Id<RequestId>,
    body: Body<MoveForm>,
    core: Data<Core>,
) -> Result<Json<RequestChanged>, ApiError> {
    let version = body.0.version;
    service::advance(&core, may, id.0, body.0).await?;
    Ok(changed(version))
}

/// Closes a request: the true outcome for the file, and what the enquirer hears, kept apart. A death or a detention is
/// stated with its source and closes the request when a reviewer confirms it.
#[utoipa::path(post, path = "/api/v1/requests/{id}/close", tag = "requests", params(("id" = String, Path)),
    request_body = CloseForm, responses((status = 200, body = RequestChanged), InputRefusals))]
pub async fn close(
    may: May<CloseRequest>,
    id: Id<RequestId>,
    body: Body<CloseForm>,
    core: Data<Core>,
) -> Result<Json<RequestChanged>, ApiError> {
    let version = body.0.version;
    service::close(&core, may, id.0, body.0).await?;
    Ok(changed(version))
}

/// Puts the circulation list anew.
#[utoipa::path(put, path = "/api/v1/requests/{id}/circulation", tag = "requests",
    params(("id" = String, Path)), request_body = CirculationForm,
    responses((status = 200, body = RequestChanged), InputRefusals))]
pub async fn circulate(
    may: May<EditRequest>,
    id: Id<RequestId>,
    body: Body<CirculationForm>,
    core: Data<Core>,
) -> Result<Json<RequestChanged>, ApiError> {
    let version = body.0.version;
    service::circulate(&core, may, id.0, body.0).await?;
    Ok(changed(version))
}

/// Lets a request go on that was stopped for a possible conflict of interest.
#[utoipa::path(post, path = "/api/v1/requests/{id}/conflict-cleared", tag = "requests",
    params(("id" = String, Path)), request_body = VersionForm,
    responses((status = 200, body = RequestChanged), InputRefusals))]
pub async fn clear_conflict(
    may: May<ClearConflict>,
    id: Id<RequestId>,
    body: Body<VersionForm>,
    core: Data<Core>,
) -> Result<Json<RequestChanged>, ApiError> {
    let version = body.0.version;
    service::clear_conflict(&core, may, id.0, version).await?;
    Ok(changed(version))
}

/// Confirms a death or a detention that somebody else stated: the request is closed as stated.
#[utoipa::path(post, path = "/api/v1/requests/{id}/ending-confirmed", tag = "requests",
    params(("id" = String, Path)), request_body = VersionForm,
    responses((status = 200, body = RequestChanged), InputRefusals))]
pub async fn confirm_ending(
    may: May<ConfirmEnding>,
    reading: May<ReadRequest>,
    id: Id<RequestId>,
    body: Body<VersionForm>,
    core: Data<Core>,
) -> Result<Json<RequestChanged>, ApiError> {
    let version = body.0.version;
    service::confirm_ending(&core, may, reading, id.0, version).await?;
    Ok(changed(version))
}

/// Sends a stated death or detention back, with the reason; the request goes on.
#[utoipa::path(post, path = "/api/v1/requests/{id}/ending-sent-back", tag = "requests",
    params(("id" = String, Path)), request_body = SendBackForm,
    responses((status = 200, body = RequestChanged), InputRefusals))]
pub async fn send_ending_back(
    may: May<ConfirmEnding>,
    id: Id<RequestId>,
    body: Body<SendBackForm>,
    core: Data<Core>,
) -> Result<Json<RequestChanged>, ApiError> {
    let version = body.0.version;
    service::send_ending_back(&core, may, id.0, body.0).await?;
    Ok(changed(version))
}

/// Gives a request to an account of the same society, or takes it away.
#[utoipa::path(post, path = "/api/v1/requests/{id}/assignment", tag = "requests",
    params(("id" = String, Path)), request_body = AssignForm, responses((status = 204), InputRefusals))]
pub async fn assign(
    may: May<AssignRequest>,
    id: Id<RequestId>,
    body: Body<AssignForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    service::assign(&core, may, id.0, body.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Writes down something that was done to trace somebody.
#[utoipa::path(post, path = "/api/v1/requests/{id}/actions", tag = "requests", params(("id" = String, Path)),
    request_body = ActionForm, responses((status = 201, body = ActionNoted), InputRefusals))]
pub async fn act(
    may: May<EditRequest>,
    id: Id<RequestId>,
    body: Body<ActionForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let id = service::act(&core, may, id.0, body.0).await?;
    Ok(web::created(ActionNoted { id }))
}

/// What was done.
#[derive(Serialize, ToSchema)]
pub struct Actions {
    /// Newest first, at most 200.
    pub items: Vec<ActionView>,
}

/// What was done for a request, newest first.
#[utoipa::path(get, path = "/api/v1/requests/{id}/actions", tag = "requests", params(("id" = String, Path)),
    responses((status = 200, body = Actions), Refusals))]
pub async fn actions(
    may: May<ReadRequest>,
    id: Id<RequestId>,
    core: Data<Core>,
) -> Result<Json<Actions>, ApiError> {
    Ok(Json(Actions { items: service::actions(&core, may, id.0).await? }))
}
