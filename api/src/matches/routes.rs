//! JSON for searches, candidates and decisions.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::desk::Desk;
use super::model::*;
use super::search as searching;
use super::service::{self, StatusView};
use super::view::*;
use crate::auth::Core;
use crate::kernel::{ApiError, CandidateId, MAX_PAGE, Page, RequestId, Wrong, codes, invalid};
use crate::policy::*;
use crate::requests::VersionForm;
use crate::web::{Body, Id, InputRefusals, Query, Refusals};

/// This part of the interface description.
#[derive(OpenApi)]
#[openapi(paths(
    search,
    search_again,
    of_request,
    show,
    history,
    review,
    propose,
    confirm,
    verify,
    reject,
    undo,
    release,
    waiting,
    ask,
    asked,
    answer,
    enquirer_status
))]
pub struct Api;

/// Asks the index. Neither the question nor the answer is kept; the audit log says who asked and whom the answer
/// named.
#[utoipa::path(post, path = "/api/v1/searches", tag = "matches", request_body = SearchForm,
    responses((status = 200, body = SearchView), InputRefusals))]
pub async fn search(
    may: May<SearchContacts>,
    body: Body<SearchForm>,
    core: Data<Core>,
    desk: Data<Desk>,
) -> Result<Json<SearchView>, ApiError> {
    Ok(Json(searching::search(&core, &desk.engine, &desk.throttle, may, &body.0).await?))
}

/// Compares everybody a request seeks with everybody met, once more. It happens by itself whenever either side
/// changes; the candidates appear within a second.
#[utoipa::path(post, path = "/api/v1/requests/{id}/search", tag = "matches", params(("id" = String, Path)),
    responses((status = 202), Refusals))]
pub async fn search_again(
    may: May<ReadCandidates>,
    id: Id<RequestId>,
    core: Data<Core>,
    desk: Data<Desk>,
) -> Result<HttpResponse, ApiError> {
    service::search_again(&core, &desk.again, may, id.0).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// A place in a list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageOf {
    /// What the page before gave as `next`.
    #[param(max_length = 40)]
    pub after: Option<String>,
    /// At most 50.
    #[param(minimum = 1, maximum = 50)]
    pub limit: Option<usize>,
}

impl PageOf {
    fn read(&self) -> Result<(Option<CandidateId>, usize), ApiError> {
        place(self.after.as_deref(), self.limit)
    }
}

fn place(after: Option<&str>, limit: Option<usize>) -> Result<(Option<CandidateId>, usize), ApiError> {
    let after = after.map(|text| text.parse().map_err(|_| invalid("after", "is not a place in this list")));
    let limit = limit.unwrap_or(10);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(invalid(
            "limit",
            Wrong::Count.says(format!("1 to {MAX_PAGE} is taken")).between(1, MAX_PAGE),
        ));
    }
    Ok((after.transpose()?, limit))
}

/// The candidates of a request, the likeliest first, each explained.
#[utoipa::path(get, path = "/api/v1/requests/{id}/candidates", tag = "matches",
    params(("id" = String, Path), PageOf), responses((status = 200, body = Page<CandidateView>), Refusals))]
pub async fn of_request(
    may: May<ReadCandidates>,
    id: Id<RequestId>,
    query: Query<PageOf>,
    core: Data<Core>,
    desk: Data<Desk>,
) -> Result<Json<Page<CandidateView>>, ApiError> {
    let (after, limit) = query.0.read()?;
    Ok(Json(service::of_request(&core, &desk.engine, may, id.0, after, limit).await?))
}

/// One candidate, both people side by side.
#[utoipa::path(get, path = "/api/v1/candidates/{id}", tag = "matches", params(("id" = String, Path)),
    responses((status = 200, body = PairView), Refusals))]
pub async fn show(
    may: May<ReadCandidates>,
    id: Id<CandidateId>,
    core: Data<Core>,
    desk: Data<Desk>,
) -> Result<Json<PairView>, ApiError> {
    Ok(Json(service::pair(&core, &desk.engine, may, id.0).await?))
}

/// What was decided about a candidate.
#[derive(Serialize, ToSchema)]
pub struct Events {
    /// Oldest first.
    pub items: Vec<EventView>,
}

/// How a candidate came to its present state.
#[utoipa::path(get, path = "/api/v1/candidates/{id}/history", tag = "matches", params(("id" = String, Path)),
    responses((status = 200, body = Events), Refusals))]
pub async fn history(
    may: May<ReadRequest>,
    id: Id<CandidateId>,
    core: Data<Core>,
) -> Result<Json<Events>, ApiError> {
    Ok(Json(Events { items: service::history(&core, may, id.0).await? }))
}

/// The version a candidate has now.
#[derive(Serialize, ToSchema)]
pub struct CandidateChanged {
    pub version: i64,
}

fn changed(version: i64) -> Json<CandidateChanged> {
    Json(CandidateChanged { version: version + 1 })
}

/// A caseworker begins to look.
#[utoipa::path(post, path = "/api/v1/candidates/{id}/review", tag = "matches", params(("id" = String, Path)),
    request_body = DecisionForm, responses((status = 200, body = CandidateChanged), InputRefusals))]
pub async fn review(
    may: May<ProposeMatch>,
    id: Id<CandidateId>,
    body: Body<DecisionForm>,
    core: Data<Core>,
) -> Result<Json<CandidateChanged>, ApiError> {
    let version = body.0.version;
    service::review(&core, may, id.0, body.0).await?;
    Ok(changed(version))
}

/// The first decision: this is taken to be the person sought.
#[utoipa::path(post, path = "/api/v1/candidates/{id}/propose", tag = "matches", params(("id" = String, Path)),
    request_body = DecisionForm, responses((status = 200, body = CandidateChanged), InputRefusals))]
pub async fn propose(
    may: May<ProposeMatch>,
    id: Id<CandidateId>,
    body: Body<DecisionForm>,
    core: Data<Core>,
) -> Result<Json<CandidateChanged>, ApiError> {
    let version = body.0.version;
    service::propose(&core, may, id.0, body.0).await?;
    Ok(changed(version))
}

/// The second decision, by somebody other than the proposer. The family still learns nothing.
#[utoipa::path(post, path = "/api/v1/candidates/{id}/confirm", tag = "matches", params(("id" = String, Path)),
    request_body = DecisionForm, responses((status = 200, body = CandidateChanged), InputRefusals))]
pub async fn confirm(
    may: May<ConfirmMatch>,
    id: Id<CandidateId>,
    body: Body<DecisionForm>,
    core: Data<Core>,
) -> Result<Json<CandidateChanged>, ApiError> {
    let version = body.0.version;
    service::confirm(&core, may, id.0, body.0).await?;
    Ok(changed(version))
}

/// The relation was checked with both sides.
#[utoipa::path(post, path = "/api/v1/candidates/{id}/verify", tag = "matches", params(("id" = String, Path)),
    request_body = VerifyForm, responses((status = 200, body = CandidateChanged), InputRefusals))]
pub async fn verify(
    may: May<VerifyMatch>,
    id: Id<CandidateId>,
    body: Body<VerifyForm>,
    core: Data<Core>,
) -> Result<Json<CandidateChanged>, ApiError> {
    let version = body.0.version;
    service::verify(&core, may, id.0, body.0).await?;
    Ok(changed(version))
}

/// Not the same person. The pair stays rejected until its evidence changes.
#[utoipa::path(post, path = "/api/v1/candidates/{id}/reject", tag = "matches", params(("id" = String, Path)),
    request_body = ReasonedForm, responses((status = 200, body = CandidateChanged), InputRefusals))]
pub async fn reject(
    may: May<RejectMatch>,
    id: Id<CandidateId>,
    body: Body<ReasonedForm>,
    core: Data<Core>,
) -> Result<Json<CandidateChanged>, ApiError> {
    let version = body.0.version;
    service::reject(&core, may, id.0, body.0).await?;
    Ok(changed(version))
}

/// Takes the last decision back; both histories stay.
#[utoipa::path(post, path = "/api/v1/candidates/{id}/undo", tag = "matches", params(("id" = String, Path)),
    request_body = ReasonedForm, responses((status = 200, body = CandidateChanged), InputRefusals))]
pub async fn undo(
    may: May<UndoMatch>,
    id: Id<CandidateId>,
    body: Body<ReasonedForm>,
    core: Data<Core>,
) -> Result<Json<CandidateChanged>, ApiError> {
    let version = body.0.version;
    service::undo(&core, may, id.0, body.0).await?;
    Ok(changed(version))
}

/// Writes down that one piece of news may be told, under the found person's consent.
#[utoipa::path(post, path = "/api/v1/candidates/{id}/release", tag = "matches", params(("id" = String, Path)),
    request_body = ReleaseForm, responses((status = 204), InputRefusals))]
pub async fn release(
    may: May<ReleaseNews>,
    id: Id<CandidateId>,
    body: Body<ReleaseForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    service::release(&core, may, id.0, body.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

codes! {
    /// What waits for whom.
    pub Queue {
        /// Proposed, waiting for a second person.
        Confirmation = "confirmation",
        /// Confirmed, waiting for the check of the relation.
        Verification = "verification",
    }
}

impl Queue {
    pub(in crate::matches) fn state(self) -> CandidateState {
        match self {
            Self::Confirmation => CandidateState::Proposed,
            Self::Verification => CandidateState::Confirmed,
        }
    }
}

/// Which queue.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WaitingIn {
    /// Confirmation, when left out.
    pub queue: Option<Queue>,
    #[param(max_length = 40)]
    pub after: Option<String>,
    /// At most 50.
    #[param(minimum = 1, maximum = 50)]
    pub limit: Option<usize>,
}

/// What waits for a second person or for verification, the likeliest first.
#[utoipa::path(get, path = "/api/v1/reviews", tag = "matches", params(WaitingIn),
    responses((status = 200, body = Page<CandidateView>), Refusals))]
pub async fn waiting(
    _: May<ConfirmMatch>,
    may: May<ReadCandidates>,
    query: Query<WaitingIn>,
    core: Data<Core>,
    desk: Data<Desk>,
) -> Result<Json<Page<CandidateView>>, ApiError> {
    let (after, limit) = place(query.0.after.as_deref(), query.0.limit)?;
    let state = query.0.queue.unwrap_or(Queue::Confirmation).state();
    Ok(Json(service::waiting(&core, &desk.engine, may, state, after, limit).await?))
}

/// Asks the society that met somebody to show more than a reference.
#[utoipa::path(post, path = "/api/v1/candidates/{id}/access", tag = "matches", params(("id" = String, Path)),
    request_body = VersionForm, responses((status = 200, body = CandidateChanged), InputRefusals))]
pub async fn ask(
    may: May<AskAccess>,
    id: Id<CandidateId>,
    body: Body<VersionForm>,
    core: Data<Core>,
) -> Result<Json<CandidateChanged>, ApiError> {
    let version = body.0.version;
    service::ask(&core, may, id.0, version).await?;
    Ok(changed(version))
}

/// Wishes of other societies.
#[derive(Serialize, ToSchema)]
pub struct Asked {
    /// At most 50, the oldest first.
    pub items: Vec<AskedView>,
}

/// Which societies ask to see more of people this society met.
#[utoipa::path(get, path = "/api/v1/access-requests", tag = "matches",
    responses((status = 200, body = Asked), Refusals))]
pub async fn asked(may: May<GrantAccess>, core: Data<Core>) -> Result<Json<Asked>, ApiError> {
    Ok(Json(Asked { items: service::asked(&core, may).await? }))
}

/// Answers such a wish.
#[utoipa::path(post, path = "/api/v1/access-requests/{id}", tag = "matches", params(("id" = String, Path)),
    request_body = AccessForm, responses((status = 200, body = CandidateChanged), InputRefusals))]
pub async fn answer(
    may: May<GrantAccess>,
    id: Id<CandidateId>,
    body: Body<AccessForm>,
    core: Data<Core>,
) -> Result<Json<CandidateChanged>, ApiError> {
    let version = body.0.version;
    service::answer(&core, may, id.0, body.0).await?;
    Ok(changed(version))
}

/// What may be said to the enquirer: the same bytes for everybody of whom nothing may be said.
#[utoipa::path(get, path = "/api/v1/requests/{id}/enquirer-status", tag = "matches",
    params(("id" = String, Path)), responses((status = 200, body = StatusView), Refusals))]
pub async fn enquirer_status(
    may: May<ReadRequest>,
    id: Id<RequestId>,
    core: Data<Core>,
) -> Result<Json<StatusView>, ApiError> {
    Ok(Json(service::enquirer_status(&core, may, id.0).await?))
}
