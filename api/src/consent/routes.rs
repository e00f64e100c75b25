//! JSON for the words of consent, and for who waits for erasure. Answers belong to people: see [`crate::people`].

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::model::ConsentKind;
use super::service::{self, TextForm, TextView};
use super::waiting::{WaitingView, waiting};
use crate::auth::Core;
use crate::kernel::{ApiError, ConsentTextId, MAX_PAGE, Page, PageRequest, PersonId};
use crate::policy::{ManageConsentTexts, May, ReadErasures, ReadRegister};
use crate::web::{self, Body, InputRefusals, Query, Refusals};

/// This part of the interface description.
#[derive(OpenApi)]
#[openapi(paths(texts, add_text, erasures))]
pub struct Api;

/// Which words.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TextsOf {
    pub kind: ConsentKind,
}

/// Which page of those who wait for erasure.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WaitingPage {
    /// The `next` of the page before.
    #[param(value_type = Option<String>, pattern = "^per_[0-9a-f]{32}$")]
    pub after: Option<PersonId>,
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

/// Who is kept because they agreed to it and agrees no longer: the data protection officer's to erase, by reference only. A
/// protection officer is shown those restricted people on whose team they are.
#[utoipa::path(get, path = "/api/v1/erasures", tag = "consent", params(WaitingPage), responses(
    (status = 200, body = Page<WaitingView>),
    Refusals,
))]
pub async fn erasures(
    may: May<ReadErasures>,
    query: Query<WaitingPage>,
    core: Data<Core>,
) -> Result<Json<Page<WaitingView>>, ApiError> {
    let page = PageRequest { after: query.0.after, limit: MAX_PAGE };
    Ok(Json(waiting(&core, &may, page).await?))
}
