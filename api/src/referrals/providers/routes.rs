//! The directory of providers as JSON.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::model::{ProviderAdded, ProviderForm, ProviderView};
use super::service;
use crate::auth::Core;
use crate::kernel::{ApiError, MAX_PAGE, Page, PageRequest, ProviderId};
use crate::policy::{ManageProviders, May, ReadRegister};
use crate::web::{self, Body, Id, Idempotency, Query};

/// This part of the interface description.
#[derive(OpenApi)]
#[openapi(paths(list, show, add, change))]
pub struct Api;

/// Which page of the directory.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProviderPage {
    /// The `next` of the page before.
    #[param(value_type = Option<String>, pattern = "^prv_[0-9a-f]{32}$")]
    pub after: Option<ProviderId>,
}

/// A provider as it should stand, and the version it was read at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderChange {
    #[schema(minimum = 1)]
    pub version: i64,
    pub provider: ProviderForm,
}

/// The version after a change.
#[derive(Serialize, ToSchema)]
pub struct ProviderChanged {
    pub version: i64,
}

/// The own society's providers.
#[utoipa::path(get, path = "/api/v1/providers", tag = "referrals", params(ProviderPage), responses((status = 200, body = Page<ProviderView>), web::Refusals))]
pub async fn list(
    may: May<ReadRegister>,
    page: Query<ProviderPage>,
    core: Data<Core>,
) -> Result<Json<Page<ProviderView>>, ApiError> {
    let page = PageRequest { after: page.0.after, limit: MAX_PAGE };
    Ok(Json(service::list(&core, &may, page).await?))
}

/// One provider of the own society.
#[utoipa::path(get, path = "/api/v1/providers/{id}", tag = "referrals",
    params(("id" = String, Path, pattern = "^prv_[0-9a-f]{32}$")), responses((status = 200, body = ProviderView), web::Refusals))]
pub async fn show(
    may: May<ReadRegister>,
    id: Id<ProviderId>,
    core: Data<Core>,
) -> Result<Json<ProviderView>, ApiError> {
    Ok(Json(service::show(&core, &may, id.0).await?))
}

/// Adds a provider to the own society's directory.
#[utoipa::path(post, path = "/api/v1/providers", tag = "referrals", request_body = ProviderForm,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 201, body = ProviderAdded), web::InputRefusals))]
pub async fn add(
    may: May<ManageProviders>,
    once: Idempotency,
    body: Body<ProviderForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    Ok(web::created(service::add(&core, may, once, body.0).await?))
}

/// Replaces what the directory says of a provider; drafts to it are checked again when they are sent.
#[utoipa::path(put, path = "/api/v1/providers/{id}", tag = "referrals", request_body = ProviderChange,
    params(("id" = String, Path, pattern = "^prv_[0-9a-f]{32}$")), responses((status = 200, body = ProviderChanged), web::InputRefusals))]
pub async fn change(
    may: May<ManageProviders>,
    id: Id<ProviderId>,
    body: Body<ProviderChange>,
    core: Data<Core>,
) -> Result<Json<ProviderChanged>, ApiError> {
    let ProviderChange { version, provider } = body.0;
    let version = service::change(&core, may, id.0, version, provider).await?;
    Ok(Json(ProviderChanged { version }))
}
