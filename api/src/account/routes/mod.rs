//! JSON: sessions, the own account, enrolment.

pub mod manage;

use actix_web::HttpResponse;
use actix_web::web::Data;
use utoipa::OpenApi;

use crate::account::model::{
    ConductForm, ConfirmForm, EnrolForm, Me, PasswordForm, PhoneSetup, RecoveryCodes, RefreshForm,
    SignInForm, Tokens, password,
};
use crate::auth::accounts::{self, SessionView};
use crate::auth::sign_in::{self, Attempt, Begun};
use crate::auth::{Core, Session, SessionKind, TOKEN_SECONDS, enrol};
use crate::kernel::{ApiError, SessionId};
use crate::web::{Body, Id, InputRefusals, Origin, Refusals};

#[derive(OpenApi)]
#[openapi(paths(
    sign_in_program,
    refresh,
    sign_out,
    me,
    own_sessions,
    end_session,
    change_password,
    accept_conduct,
    begin_enrolment,
    confirm_enrolment
))]
pub struct Api;

fn tokens(begun: Begun) -> HttpResponse {
    HttpResponse::Ok().json(Tokens {
        access_token: begun.token.as_str().to_owned(),
        token_type: "Bearer",
        expires_in: TOKEN_SECONDS,
        refresh_token: begun.refresh.as_ref().map(|text| text.as_str().to_owned()).unwrap_or_default(),
    })
}

/// Sign in.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", security(()), request_body = SignInForm,
    responses((status = 200, body = Tokens), InputRefusals))]
pub async fn sign_in_program(
    origin: Origin,
    Body(form): Body<SignInForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let attempt = attempt(form, origin)?;
    Ok(tokens(sign_in::sign_in(&core, attempt, SessionKind::Program).await?))
}

pub(in crate::account) fn attempt(form: SignInForm, origin: Origin) -> Result<Attempt, ApiError> {
    let password = password("password", form.password)?;
    Ok(Attempt {
        login: form.login,
        password,
        code: form.code,
        source: origin.source,
        request: origin.request,
    })
}

/// The next access token.
#[utoipa::path(post, path = "/api/v1/session/refresh", tag = "session", security(()), request_body = RefreshForm,
    responses((status = 200, body = Tokens), InputRefusals))]
pub async fn refresh(
    origin: Origin,
    Body(form): Body<RefreshForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    Ok(tokens(sign_in::refresh(&core, &form.refresh_token, origin.source, origin.request).await?))
}

/// Sign out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session",
    responses((status = 204, description = "signed out"), Refusals))]
pub async fn sign_out(session: Session, core: Data<Core>) -> Result<HttpResponse, ApiError> {
    sign_in::end(&core, &session, session.id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who am I?
#[utoipa::path(get, path = "/api/v1/me", tag = "session", responses((status = 200, body = Me), Refusals))]
pub async fn me(session: Session) -> HttpResponse {
    let actor = &session.caller_for_log().actor;
    HttpResponse::Ok().json(Me {
        account: session.account.to_string(),
        session: session.id.to_string(),
        role: actor.role(),
        society: actor.society().map(|id| id.to_string()),
        point: actor.point().map(|id| id.to_string()),
        missing: session.missing.map(|_| "conduct_missing"),
    })
}

/// The own live sessions.
#[utoipa::path(get, path = "/api/v1/me/sessions", tag = "session",
    responses((status = 200, body = Vec<SessionView>), Refusals))]
pub async fn own_sessions(session: Session, core: Data<Core>) -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::Ok().json(accounts::own_sessions(&core, &session).await?))
}

/// End one of the own sessions.
#[utoipa::path(delete, path = "/api/v1/me/sessions/{id}", tag = "session",
    params(("id" = String, Path, pattern = "^ses_[0-9a-f]{32}$")),
    responses((status = 204, description = "ended"), Refusals))]
pub async fn end_session(
    session: Session,
    Id(which): Id<SessionId>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    sign_in::end(&core, &session, which).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Change the own password; every other session ends.
#[utoipa::path(post, path = "/api/v1/me/password", tag = "session", request_body = PasswordForm,
    responses((status = 204, description = "changed"), InputRefusals))]
pub async fn change_password(
    session: Session,
    Body(form): Body<PasswordForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (current, new) = (password("current", form.current)?, password("new", form.new)?);
    accounts::change_password(&core, &session, current, new).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Accept the code of conduct.
#[utoipa::path(post, path = "/api/v1/me/conduct", tag = "session", request_body = ConductForm,
    responses((status = 204, description = "accepted"), InputRefusals))]
pub async fn accept_conduct(
    session: Session,
    Body(form): Body<ConductForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    accounts::accept_conduct(&core, &session, &form.version).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Begin an enrolment: a password, and the secret for the phone.
#[utoipa::path(post, path = "/api/v1/enrolment", tag = "session", security(()), request_body = EnrolForm,
    responses((status = 200, body = PhoneSetup), InputRefusals))]
pub async fn begin_enrolment(
    origin: Origin,
    Body(form): Body<EnrolForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let password = password("password", form.password)?;
    let setup = enrol::begin(&core, &form.code, password, origin.source).await?;
    Ok(HttpResponse::Ok().json(PhoneSetup { secret: setup.text, address: setup.address }))
}

/// Confirm the phone: the account opens, and the recovery codes are shown once.
#[utoipa::path(post, path = "/api/v1/enrolment/confirm", tag = "session", security(()), request_body = ConfirmForm,
    responses((status = 200, body = RecoveryCodes), InputRefusals))]
pub async fn confirm_enrolment(
    origin: Origin,
    Body(form): Body<ConfirmForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let codes = enrol::confirm(&core, &form.code, &form.phone, origin.source).await?;
    let recovery_codes = codes.iter().map(ToString::to_string).collect();
    Ok(HttpResponse::Ok().json(RecoveryCodes { recovery_codes }))
}
