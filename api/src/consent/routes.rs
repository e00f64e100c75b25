//! JSON for the words of consent. Answers belong to people: see [`crate::people`].

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::model::ConsentKind;
use super::service::{self, TextForm, TextView};
use crate::auth::Core;
use crate::kernel::{ApiError, ConsentTextId};
use crate::policy::{ManageConsentTexts, May, ReadRegister};
use crate::web::{self, Body, InputRefusals, Query, Refusals};

/// This part of the interface description.
#[derive(OpenApi)]
#[openapi(paths(texts, add_text))]
pub struct Api;

/// Which words.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TextsOf {
    pub kind: ConsentKind,
}

/// The words of one kind.
#[derive(Serialize, ToSchema)]
pub struct Texts {
    /// The newest in each language first; the own society's are read instead of those that serve everybody.
    pub items: Vec<TextView>,
}

/// The id of a new version.
#[derive(Serialize, ToSchema)]
pub struct TextAdded {
    #[schema(value_type = String)]
    pub id: ConsentTextId,
}

/// The words of one kind of consent, of the own society and of those that serve everybody.
#[utoipa::path(get, path = "/api/v1/consent-texts", tag = "consent", params(TextsOf), responses(
    (status = 200, body = Texts),
    Refusals,
))]
pub async fn texts(
    may: May<ReadRegister>,
    query: Query<TextsOf>,
    core: Data<Core>,
) -> Result<Json<Texts>, ApiError> {
    Ok(Json(Texts { items: service::list(&core, &may, query.0.kind).await? }))
}

/// Adds a version of the words for the own society; earlier ones stay.
#[utoipa::path(post, path = "/api/v1/consent-texts", tag = "consent", request_body = TextForm, responses(
    (status = 201, body = TextAdded),
    InputRefusals,
))]
pub async fn add_text(
    may: May<ManageConsentTexts>,
    body: Body<TextForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let id = service::add(&core, may, &body.0).await?;
    Ok(web::created(TextAdded { id }))
}
