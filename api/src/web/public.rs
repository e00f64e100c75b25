//! What everybody may ask for, signed in or not: is it alive, is it ready, and please in my language.

use actix_web::HttpResponse;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::web::Data;
use serde::Deserialize;

use super::form::Form;
use super::page::{LANGUAGE_COOKIE, see_other};
use crate::auth::{Core, Language};
use crate::kernel::ApiError;

/// The process answers.
#[utoipa::path(get, path = "/health/live", tag = "health", security(()), responses((status = 204, description = "alive")))]
pub async fn live() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// The database answers too. Says no more than yes or no.
#[utoipa::path(get, path = "/health/ready", tag = "health", security(()), responses(
    (status = 204, description = "ready to serve"),
    (status = 503, description = "not ready; try again shortly", body = super::Problem, content_type = "application/problem+json"),
))]
pub async fn ready(core: Data<Core>) -> Result<HttpResponse, ApiError> {
    core.db.ping().await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageForm {
    language: Language,
    back: String,
}

/// `POST /language`: remembers a language in this browser and goes back to the page.
pub async fn choose_language(form: Form<LanguageForm>) -> Result<HttpResponse, ApiError> {
    let chosen = form.split().0?;
    let cookie = Cookie::build(LANGUAGE_COOKIE, chosen.language.code())
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(Duration::days(365))
        .finish();
    let mut answer = see_other(local(&chosen.back));
    answer.add_cookie(&cookie).map_err(|_| ApiError::Unavailable)?;
    Ok(answer)
}

/// A path of ours, or the start: never an address elsewhere.
fn local(path: &str) -> &str {
    let plain = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_-.".contains(&b));
    if path.starts_with('/') && !path.starts_with("//") && plain && path.len() < 200 { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(local("/requests/req_01"), "/requests/req_01");
        for elsewhere in ["//evil.example", "https://evil.example", "/\\evil", "", "/a\r\nx: y", "evil"] {
            assert_eq!(local(elsewhere), "/");
        }
    }
}
