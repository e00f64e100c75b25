//! The auditor's and the data protection officer's questions as JSON.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};

use super::model::*;
use super::service;
use crate::auth::Core;
use crate::kernel::{ApiError, Page};
use crate::policy::{May, ReadAudit, ReportAccess, VerifyAudit};
use crate::web::{Body, Id, InputRefusals, Query, Refusals};

#[derive(utoipa::OpenApi)]
#[openapi(paths(
    about_person,
    by_account,
    by_time,
    entry,
    proof,
    checkpoint,
    verify,
    verification,
    who_opened
))]
pub struct Api;

/// Everything that was done about a person, newest first.
#[utoipa::path(post, path = "/api/v1/audit/about-person", tag = "audit", request_body = PersonForm,
    responses((status = 200, body = Page<EntryView>), InputRefusals))]
pub async fn about_person(
    may: May<ReadAudit>,
    form: Body<PersonForm>,
    core: Data<Core>,
) -> Result<Json<Page<EntryView>>, ApiError> {
    Ok(Json(service::about_person(&core, may, form.0).await?))
}

/// Everything an account did and saw, newest first.
#[utoipa::path(post, path = "/api/v1/audit/by-account", tag = "audit", request_body = AccountForm,
    responses((status = 200, body = Page<EntryView>), InputRefusals))]
pub async fn by_account(
    may: May<ReadAudit>,
    form: Body<AccountForm>,
    core: Data<Core>,
) -> Result<Json<Page<EntryView>>, ApiError> {
    Ok(Json(service::by_account(&core, may, form.0).await?))
}

/// Everything in a span of time, newest first.
#[utoipa::path(post, path = "/api/v1/audit/by-time", tag = "audit", request_body = TimeForm,
    responses((status = 200, body = Page<EntryView>), InputRefusals))]
pub async fn by_time(
    may: May<ReadAudit>,
    form: Body<TimeForm>,
    core: Data<Core>,
) -> Result<Json<Page<EntryView>>, ApiError> {
    Ok(Json(service::by_time(&core, may, form.0).await?))
}

/// One entry with the proof that the log holds it.
#[utoipa::path(get, path = "/api/v1/audit/entries/{id}", tag = "audit",
    params(("id" = u64, Path, description = "The entry's number", maximum = 9_223_372_036_854_775_807_i64)),
    responses((status = 200, body = EntryWithProof), Refusals))]
pub async fn entry(
    may: May<ReadAudit>,
    id: Id<LeafNumber>,
    core: Data<Core>,
) -> Result<Json<EntryWithProof>, ApiError> {
    Ok(Json(service::entry(&core, may, id.0).await?))
}

/// The proof as one file, to be checked offline: c2sp.org/tlog-proof, the leaf's bytes in its extra line.
#[utoipa::path(get, path = "/api/v1/audit/entries/{id}/proof", tag = "audit",
    params(("id" = u64, Path, description = "The entry's number", maximum = 9_223_372_036_854_775_807_i64)),
    responses((status = 200, body = String, content_type = "text/plain"), Refusals))]
pub async fn proof(
    may: May<ReadAudit>,
    id: Id<LeafNumber>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let number = id.0;
    let found = service::entry(&core, may, number).await?;
    let file = found.proof.ok_or(ApiError::Unavailable)?.to_file();
    let name = format!("attachment; filename=\"entry-{}.tlog-proof\"", number.0);
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header(("Content-Disposition", name))
        .body(file))
}

/// The newest signed checkpoint, and the proof that it extends an older one.
#[utoipa::path(get, path = "/api/v1/audit/checkpoint", tag = "audit", params(Since),
    responses((status = 200, body = CheckpointView), Refusals))]
pub async fn checkpoint(
    may: May<ReadAudit>,
    since: Query<Since>,
    core: Data<Core>,
) -> Result<Json<CheckpointView>, ApiError> {
    Ok(Json(service::checkpoint(&core, may, since.0.since.unwrap_or_default()).await?))
}

/// Begins to verify the whole log, unless a verification runs already.
#[utoipa::path(post, path = "/api/v1/audit/verification", tag = "audit",
    responses((status = 202, body = VerificationView), Refusals))]
pub async fn verify(may: May<VerifyAudit>, core: Data<Core>) -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::Accepted().json(service::verify(&core, may).await?))
}

/// How the verification stands, and what it found.
#[utoipa::path(get, path = "/api/v1/audit/verification", tag = "audit",
    responses((status = 200, body = VerificationView), Refusals))]
pub async fn verification(may: May<VerifyAudit>, core: Data<Core>) -> Json<VerificationView> {
    Json(service::verification(&core, may))
}

/// Who opened the file of a person of the own society, so that the person can be told.
#[utoipa::path(post, path = "/api/v1/file-accesses", tag = "audit", request_body = PersonForm,
    responses((status = 200, body = Page<AccessView>), InputRefusals))]
pub async fn who_opened(
    may: May<ReportAccess>,
    form: Body<PersonForm>,
    core: Data<Core>,
) -> Result<Json<Page<AccessView>>, ApiError> {
    Ok(Json(service::who_opened(&core, may, form.0).await?))
}
