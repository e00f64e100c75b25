//! Errors on the wire: `application/problem+json` (RFC 9457) with a stable code. Pages render the same error as HTML.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};

use crate::kernel::{ApiError, FieldProblem};

/// A problem document.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// `urn:relink:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// A sentence for people.
    title: String,
    status: u16,
    /// Stable for programs; never changes its meaning.
    code: String,
    /// What is wrong with which field; present with the code `invalid_input`.
    #[serde(skip_serializing_if = "Option::is_none")]
    problems: Option<Vec<FieldProblem>>,
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        answer.content_type("application/problem+json").insert_header((CACHE_CONTROL, "no-store"));
        if self.status() == 401 {
            answer.insert_header((WWW_AUTHENTICATE, "Bearer"));
        }
        if let Self::TooMany(seconds) | Self::OverBudget(_, seconds) = self {
            answer.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        answer.json(Problem {
            kind: format!("urn:relink:problem:{}", self.code()),
            title: self.to_string(),
            status: self.status(),
            code: self.code().into(),
            problems: match self {
                Self::Invalid(invalid) => Some(invalid.0.clone()),
                _ => None,
            },
        })
    }
}
