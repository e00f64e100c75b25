//! JSON for administrators: the accounts of their society. Giving somebody the role of auditor is one person's decision
//! here; two-person approval comes with the other approvals.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::{IntoParams, OpenApi};

use crate::account::model::{AccountForm, InvitedAccount, RoleForm};
use crate::auth::accounts::{self, Change, Invited};
use crate::auth::{AccountView, Core};
use crate::kernel::{AccountId, ApiError, MAX_PAGE, Page};
use crate::policy::{ManageAccounts, May};
use crate::web::{Body, Id, InputRefusals, Query, Refusals, created};

#[derive(OpenApi)]
#[openapi(paths(list, create, disable, reset, end_sessions, change_role))]
pub struct Api;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AccountPage {
    /// The `next` of the page before.
    #[param(value_type = Option<String>, pattern = "^acc_[0-9a-f]{32}$")]
    after: Option<AccountId>,
}

/// The accounts of the own society.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts", params(AccountPage),
    responses((status = 200, body = Page<AccountView>), Refusals))]
pub async fn list(
    may: May<ManageAccounts>,
    Query(page): Query<AccountPage>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::Ok().json(page_of(&core, &may, page.after).await?))
}

pub(in crate::account) async fn page_of(
    core: &Core,
    may: &May<ManageAccounts>,
    after: Option<AccountId>,
) -> Result<Page<AccountView>, ApiError> {
    let asked = may.clone();
    let rows = core.db.read(move |conn| accounts::list(conn, &asked, after, MAX_PAGE + 1)).await?;
    let page = Page::cut(rows, MAX_PAGE, |row| row.id.to_string());
    core.audit.look(may, |e| e.about_all(page.items.iter().map(|row| row.id)).detail("listed")).await?;
    Ok(page)
}

/// Make an account; its owner enrols with the code.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", request_body = AccountForm,
    responses((status = 201, body = InvitedAccount), InputRefusals))]
pub async fn create(
    may: May<ManageAccounts>,
    Body(form): Body<AccountForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    Ok(created(make(&core, may, form).await?))
}

/// A code shown once cannot be kept for a second answer, so this deed takes no idempotency key: the login is unique.
pub(in crate::account) async fn make(
    core: &Core,
    may: May<ManageAccounts>,
    form: AccountForm,
) -> Result<InvitedAccount, ApiError> {
    let society = may.society().ok_or(ApiError::Forbidden)?;
    let new = form.parse(society)?;
    let inner = core.clone();
    core.db.write(move |tx| accounts::create(tx, &inner, &may, &new)).await.map(invited)
}

fn invited(made: Invited) -> InvitedAccount {
    InvitedAccount { id: made.account.to_string(), enrolment_code: made.code.to_string() }
}

pub(in crate::account) async fn do_change(
    core: &Core,
    may: May<ManageAccounts>,
    id: AccountId,
    change: Change,
) -> Result<HttpResponse, ApiError> {
    let inner = core.clone();
    core.db.write(move |tx| accounts::change(tx, &inner, &may, id, change)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Close an account at once; its sessions end.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/disable", tag = "accounts",
    params(("id" = String, Path, pattern = "^acc_[0-9a-f]{32}$")),
    responses((status = 204, description = "disabled"), InputRefusals))]
pub async fn disable(
    may: May<ManageAccounts>,
    Id(id): Id<AccountId>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    do_change(&core, may, id, Change::Disable).await
}

/// End every session of an account.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/sessions/end", tag = "accounts",
    params(("id" = String, Path, pattern = "^acc_[0-9a-f]{32}$")),
    responses((status = 204, description = "ended"), InputRefusals))]
pub async fn end_sessions(
    may: May<ManageAccounts>,
    Id(id): Id<AccountId>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    do_change(&core, may, id, Change::EndSessions).await
}

/// Give an account another role or service point, from its next request on.
#[utoipa::path(put, path = "/api/v1/accounts/{id}/role", tag = "accounts", request_body = RoleForm,
    params(("id" = String, Path, pattern = "^acc_[0-9a-f]{32}$")),
    responses((status = 204, description = "changed"), InputRefusals))]
pub async fn change_role(
    may: May<ManageAccounts>,
    Id(id): Id<AccountId>,
    Body(form): Body<RoleForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    do_change(&core, may, id, Change::Role(form.role, form.point)).await
}

/// Take password and second factor away and give a new enrolment code: for a lost phone, and for an account that comes
/// back.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/reset", tag = "accounts",
    params(("id" = String, Path, pattern = "^acc_[0-9a-f]{32}$")),
    responses((status = 200, body = InvitedAccount), InputRefusals))]
pub async fn reset(
    may: May<ManageAccounts>,
    Id(id): Id<AccountId>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::Ok().json(do_reset(&core, may, id).await?))
}

pub(in crate::account) async fn do_reset(
    core: &Core,
    may: May<ManageAccounts>,
    id: AccountId,
) -> Result<InvitedAccount, ApiError> {
    let inner = core.clone();
    let made = core.db.write(move |tx| accounts::reset(tx, &inner, &may, id)).await?;
    Ok(invited(made))
}
