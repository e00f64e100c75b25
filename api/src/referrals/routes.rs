//! Referrals as JSON.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::coverage::FieldCoverage;
use super::model::{ReceiverForm, ReferralForm, Service};
use super::pressing::LateAt;
use super::reading;
use super::service::{self, Drafted, Stepped};
use super::states::Side;
use super::told::StepForm;
use super::view::{ReferralItem, ReferralView};
use crate::auth::Core;
use crate::kernel::{ApiError, MAX_PAGE, Page, PageRequest, PersonId, ReferralId};
use crate::policy::{AnswerReferral, May, ReadOverdueReferrals, ReadReferral, SendReferral};
use crate::web::{self, Body, Id, Idempotency, Query};

/// This part of the interface description.
#[derive(OpenApi)]
#[openapi(paths(list, draft, check, overdue, show, step, answer))]
pub struct Api;

/// Which list, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListOf {
    /// `sender` for what the own society sent, `receiver` for what it received and is open.
    pub side: Side,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, pattern = "^ref_[0-9a-f]{32}$")]
    pub after: Option<ReferralId>,
}

/// From which side, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OverdueOf {
    pub side: Side,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, pattern = "^[0-9]{1,2}\\.[0-9]{1,16}\\.ref_[0-9a-f]{32}$")]
    pub after: Option<LateAt>,
}

/// Whose consents, towards whom, for what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckForm {
    #[schema(value_type = String, pattern = "^per_[0-9a-f]{32}$")]
    pub person: PersonId,
    pub receiver: ReceiverForm,
    pub service: Service,
}

/// What may leave.
#[derive(Serialize, ToSchema)]
pub struct Checked {
    /// Under 18, or possibly so: somebody else must have said yes for them.
    pub minor: bool,
    pub fields: Vec<FieldCoverage>,
}

/// Referrals sent or received, newest first, with nothing about the people in them.
#[utoipa::path(get, path = "/api/v1/referrals", tag = "referrals", params(ListOf),
    responses((status = 200, body = Page<ReferralItem>), web::Refusals))]
pub async fn list(
    may: May<ReadReferral>,
    query: Query<ListOf>,
    core: Data<Core>,
) -> Result<Json<Page<ReferralItem>>, ApiError> {
    let page = PageRequest { after: query.0.after, limit: MAX_PAGE };
    Ok(Json(reading::list(&core, may, query.0.side, page).await?))
}

/// Drafts a referral. Nothing leaves yet.
#[utoipa::path(post, path = "/api/v1/referrals", tag = "referrals", request_body = ReferralForm,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 201, body = Drafted), web::InputRefusals))]
pub async fn draft(
    may: May<SendReferral>,
    once: Idempotency,
    body: Body<ReferralForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    Ok(web::created(service::draft(&core, may, once, body.0).await?))
}

/// Says, field by field, what a person's consents would let leave to a receiver.
#[utoipa::path(post, path = "/api/v1/referrals/consent-check", tag = "referrals", request_body = CheckForm,
    responses((status = 200, body = Checked), web::InputRefusals))]
pub async fn check(
    may: May<SendReferral>,
    body: Body<CheckForm>,
    core: Data<Core>,
) -> Result<Json<Checked>, ApiError> {
    let CheckForm { person, receiver, service } = body.0;
    let judged = service::check(&core, may, person, &receiver, service).await?;
    Ok(Json(Checked { minor: judged.minor, fields: judged.fields }))
}

/// What has passed its time, without saying whom it is about: emergencies first, and whoever still waits to be helped
/// before what is only to be followed up.
#[utoipa::path(get, path = "/api/v1/referrals/overdue", tag = "referrals", params(OverdueOf),
    responses((status = 200, body = Page<ReferralItem>), web::Refusals))]
pub async fn overdue(
    may: May<ReadOverdueReferrals>,
    query: Query<OverdueOf>,
    core: Data<Core>,
) -> Result<Json<Page<ReferralItem>>, ApiError> {
    let page = PageRequest { after: query.0.after, limit: MAX_PAGE };
    Ok(Json(reading::overdue(&core, may, query.0.side, page).await?))
}

/// One referral: in full to the sending side, the copy alone to the receiving side and only while it is open.
#[utoipa::path(get, path = "/api/v1/referrals/{id}", tag = "referrals",
    params(("id" = String, Path, pattern = "^ref_[0-9a-f]{32}$")),
    responses((status = 200, body = ReferralView), web::Refusals))]
pub async fn show(
    may: May<ReadReferral>,
    id: Id<ReferralId>,
    core: Data<Core>,
) -> Result<Json<ReferralView>, ApiError> {
    Ok(Json(reading::show(&core, may, id.0).await?))
}

/// A step of the sending side. `send` freezes the copy; a field without consent refuses it by name.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/steps", tag = "referrals", request_body = StepForm,
    params(("id" = String, Path, pattern = "^ref_[0-9a-f]{32}$")),
    responses((status = 200, body = Stepped), web::InputRefusals))]
pub async fn step(
    may: May<SendReferral>,
    id: Id<ReferralId>,
    body: Body<StepForm>,
    core: Data<Core>,
) -> Result<Json<Stepped>, ApiError> {
    Ok(Json(service::step(&core, may, id.0, body.0).await?))
}

/// An answer of the receiving side, or of the sender for a provider, who has no account here.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/answers", tag = "referrals", request_body = StepForm,
    params(("id" = String, Path, pattern = "^ref_[0-9a-f]{32}$")),
    responses((status = 200, body = Stepped), web::InputRefusals))]
pub async fn answer(
    may: May<AnswerReferral>,
    id: Id<ReferralId>,
    body: Body<StepForm>,
    core: Data<Core>,
) -> Result<Json<Stepped>, ApiError> {
    Ok(Json(service::answer(&core, may, id.0, body.0).await?))
}
