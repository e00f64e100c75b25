//! JSON for people, their contacts and their consents.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde::Deserialize;
use utoipa::{IntoParams, OpenApi};

use super::model::{ContactForm, Recorded};
use super::service::{self, *};
use crate::auth::Core;
use crate::consent::{AnswerAt, ConsentForm, ConsentView};
use crate::kernel::{ApiError, ContactId, MAX_PAGE, Page, PageRequest, PersonId};
use crate::policy::{
    EditPerson, ErasePerson, May, ReadConsent, ReadContact, ReadPerson, RecordConsent, RecordContact,
    RestrictPerson,
};
use crate::web::{self, Body, Id, Idempotency, InputRefusals, Query, Refusals};

/// This part of the interface description.
#[derive(OpenApi)]
#[openapi(paths(
    record,
    contacts,
    contact,
    people,
    person,
    edit,
    consents,
    answer,
    withdraw,
    restriction,
    restrict,
    erase
))]
pub struct Api;

/// Which page of the contacts.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContactPage {
    /// The `next` of the page before.
    #[param(value_type = Option<String>, pattern = "^con_[0-9a-f]{32}$")]
    pub after: Option<ContactId>,
}

/// Which page of the people.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PeoplePage {
    /// The `next` of the page before.
    #[param(value_type = Option<String>, pattern = "^per_[0-9a-f]{32}$")]
    pub after: Option<PersonId>,
}

/// Which page of a person's answers.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AnswersPage {
    /// The `next` of the page before.
    #[param(value_type = Option<String>, pattern = "^[a-z_]{1,40}[.][0-9]{1,18}$")]
    pub after: Option<AnswerAt>,
}

/// Records a contact: anonymous, with somebody new, or with somebody recorded here before.
#[utoipa::path(post, path = "/api/v1/contacts", tag = "people", request_body = ContactForm,
    params(("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{8,128}$")),
    responses((status = 201, body = Recorded), InputRefusals))]
pub async fn record(
    may: May<RecordContact>,
    once: Idempotency,
    body: Body<ContactForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    Ok(web::created(service::record(&core, may, once, &body.0).await?))
}

/// The contacts within reach, newest first.
#[utoipa::path(get, path = "/api/v1/contacts", tag = "people", params(ContactPage),
    responses((status = 200, body = Page<ContactLine>), Refusals))]
pub async fn contacts(
    may: May<ReadContact>,
    page: Query<ContactPage>,
    core: Data<Core>,
) -> Result<Json<Page<ContactLine>>, ApiError> {
    let page = PageRequest { after: page.0.after, limit: MAX_PAGE };
    Ok(Json(contacts_list(&core, &may, page).await?))
}

/// One contact.
#[utoipa::path(get, path = "/api/v1/contacts/{id}", tag = "people",
    params(("id" = String, Path, pattern = "^con_[0-9a-f]{32}$")),
    responses((status = 200, body = ContactView), Refusals))]
pub async fn contact(
    may: May<ReadContact>,
    id: Id<ContactId>,
    core: Data<Core>,
) -> Result<Json<ContactView>, ApiError> {
    Ok(Json(show_contact(&core, &may, id.0).await?))
}

/// The people within reach, newest first.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", params(PeoplePage),
    responses((status = 200, body = Page<PersonView>), Refusals))]
pub async fn people(
    may: May<ReadPerson>,
    page: Query<PeoplePage>,
    core: Data<Core>,
) -> Result<Json<Page<PersonView>>, ApiError> {
    let page = PageRequest { after: page.0.after, limit: MAX_PAGE };
    Ok(Json(people_list(&core, &may, page).await?))
}

/// One person, each value present or hidden.
#[utoipa::path(get, path = "/api/v1/people/{id}", tag = "people",
    params(("id" = String, Path, pattern = "^per_[0-9a-f]{32}$")),
    responses((status = 200, body = PersonView), Refusals))]
pub async fn person(
    may: May<ReadPerson>,
    id: Id<PersonId>,
    core: Data<Core>,
) -> Result<Json<PersonView>, ApiError> {
    Ok(Json(show_person(&core, &may, id.0).await?))
}

/// Changes the parts that are named and keeps the rest.
#[utoipa::path(patch, path = "/api/v1/people/{id}", tag = "people", request_body = EditForm,
    params(("id" = String, Path, pattern = "^per_[0-9a-f]{32}$")),
    responses((status = 200, body = Edited), InputRefusals))]
pub async fn edit(
    may: May<EditPerson>,
    id: Id<PersonId>,
    body: Body<EditForm>,
    core: Data<Core>,
) -> Result<Json<Edited>, ApiError> {
    Ok(Json(service::edit(&core, may, id.0, &body.0).await?))
}

/// What a person answered, by kind and newest first, and what counts now.
#[utoipa::path(get, path = "/api/v1/people/{id}/consents", tag = "consent",
    params(("id" = String, Path, pattern = "^per_[0-9a-f]{32}$"), AnswersPage),
    responses((status = 200, body = Page<ConsentView>), Refusals))]
pub async fn consents(
    may: May<ReadConsent>,
    id: Id<PersonId>,
    page: Query<AnswersPage>,
    core: Data<Core>,
) -> Result<Json<Page<ConsentView>>, ApiError> {
    let page = PageRequest { after: page.0.after, limit: MAX_PAGE };
    Ok(Json(service::consents(&core, &may, id.0, page).await?))
}

/// Records an answer; earlier ones stay.
#[utoipa::path(post, path = "/api/v1/people/{id}/consents", tag = "consent", request_body = ConsentForm,
    params(("id" = String, Path, pattern = "^per_[0-9a-f]{32}$"),
        ("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{8,128}$")),
    responses((status = 201, body = Answered), InputRefusals))]
pub async fn answer(
    may: May<RecordConsent>,
    id: Id<PersonId>,
    once: Idempotency,
    body: Body<ConsentForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    Ok(web::created(service::answer(&core, may, once, id.0, &body.0).await?))
}

/// Takes a yes back; from then on nobody may act on it.
#[utoipa::path(post, path = "/api/v1/people/{id}/withdrawals", tag = "consent", request_body = WithdrawalForm,
    params(("id" = String, Path, pattern = "^per_[0-9a-f]{32}$"),
        ("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{8,128}$")),
    responses((status = 201, body = Answered), InputRefusals))]
pub async fn withdraw(
    may: May<RecordConsent>,
    id: Id<PersonId>,
    once: Idempotency,
    body: Body<WithdrawalForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    Ok(web::created(service::withdraw(&core, may, once, id.0, &body.0).await?))
}

/// Whether somebody exists for a team only, and who that is.
#[utoipa::path(get, path = "/api/v1/people/{id}/restriction", tag = "people",
    params(("id" = String, Path, pattern = "^per_[0-9a-f]{32}$")),
    responses((status = 200, body = RestrictionView), Refusals))]
pub async fn restriction(
    may: May<RestrictPerson>,
    id: Id<PersonId>,
    core: Data<Core>,
) -> Result<Json<RestrictionView>, ApiError> {
    Ok(Json(service::restriction(&core, &may, id.0).await?))
}

/// Restricts somebody to a team, changes the team, or lifts the restriction.
#[utoipa::path(put, path = "/api/v1/people/{id}/restriction", tag = "people", request_body = RestrictionForm,
    params(("id" = String, Path, pattern = "^per_[0-9a-f]{32}$")),
    responses((status = 200, body = RestrictionView), InputRefusals))]
pub async fn restrict(
    may: May<RestrictPerson>,
    id: Id<PersonId>,
    body: Body<RestrictionForm>,
    core: Data<Core>,
) -> Result<Json<RestrictionView>, ApiError> {
    Ok(Json(service::restrict(&core, may, id.0, &body.0).await?))
}

/// Erases somebody for good: the key first, then every row. The audit trail stays.
#[utoipa::path(delete, path = "/api/v1/people/{id}", tag = "people",
    params(("id" = String, Path, pattern = "^per_[0-9a-f]{32}$")),
    responses((status = 200, body = Erased), Refusals))]
pub async fn erase(
    may: May<ErasePerson>,
    id: Id<PersonId>,
    core: Data<Core>,
) -> Result<Json<Erased>, ApiError> {
    Ok(Json(service::erase(&core, may, id.0).await?))
}
