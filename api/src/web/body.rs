//! Input from strangers: JSON bodies, path ids and query strings, each refused with the field that is wrong.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::de::DeserializeOwned;

use crate::kernel::{ApiError, Fault, Wrong, invalid};

/// The largest body taken, in bytes.
pub const MAX_BODY: usize = 256 * 1024;

/// The body as the guard read it, before any handler.
pub(super) struct RawBody(pub(super) Bytes);

pub(super) fn raw_body(request: &HttpRequest) -> Bytes {
    request.extensions().get::<RawBody>().map(|body| body.0.clone()).unwrap_or_default()
}

/// The content type without its parameters.
pub(super) fn media_type(request: &HttpRequest) -> String {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_owned()
}

/// Whether a page's form was sent.
pub(super) fn is_form(request: &HttpRequest) -> bool {
    media_type(request).eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// A JSON body. The type refuses unknown fields; the answer to a wrong one names it.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        const KIND: &str = "application/json";
        ready(if media_type(request).eq_ignore_ascii_case(KIND) {
            read_json(&raw_body(request)).map(Self)
        } else {
            Err(ApiError::UnsupportedType(KIND))
        })
    }
}

/// Reads strict JSON; the message says what was expected where, never what was sent.
///
/// # Errors
/// Not UTF-8, not JSON, or not of the shape `T`.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let text = std::str::from_utf8(bytes).map_err(|_| invalid("body", "is not UTF-8"))?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let path = e.path().to_string();
        let field = if path == "." { "body".to_owned() } else { path };
        let inner = e.inner();
        let syntax = inner.is_syntax() || inner.is_eof();
        invalid(field, if syntax { "is not JSON".into() } else { expectation(&inner.to_string()) })
    })?;
    reader.end().map_err(|_| invalid("body", "goes on after the end of the JSON value"))?;
    Ok(value)
}

/// serde's message quotes what was sent; a personal value must not travel into a log through it. A message is all that
/// serde hands on, so the kind of the problem is read from how it begins.
pub(super) fn expectation(message: &str) -> Fault {
    let text = message.split(" at line ").next().unwrap_or_default();
    if let Some(rest) = text.strip_prefix("missing field ") {
        return Wrong::Missing.says(format!("{rest} is missing"));
    }
    let wrong = match text {
        _ if text.starts_with("accepted: ") => Wrong::NotAChoice,
        _ if text.starts_with("expected an id ") => Wrong::NotAnId,
        _ if text.starts_with("expected a number") || text.starts_with("invalid value: integer") => {
            Wrong::NotANumber
        }
        _ => Wrong::Other,
    };
    if text.starts_with("accepted: ") || text.starts_with("expected ") {
        return wrong.says(format!("is not taken; {text}"));
    }
    match text.split_once(", expected ") {
        Some((_, accepted)) => wrong.says(format!("is not taken; expected {accepted}")),
        None => Wrong::NotHere.says("is not taken here"),
    }
}

/// The field that serde misses, by its message.
pub(super) fn missing_field(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.split('`').next()
}

/// A typed id from the path. Text that is no such id names no record, so the answer is the one for unknown records.
pub struct Id<T>(pub T);

impl<T: std::str::FromStr + 'static> FromRequest for Id<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = request.match_info().get("id").unwrap_or_default();
        ready(text.parse().map(Self).map_err(|_| ApiError::NotFound))
    }
}

/// A query string: paging and codes only, never a personal value.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = actix_web::web::Query::<T>::from_query(request.query_string());
        ready(match read {
            Ok(query) => Ok(Self(query.into_inner())),
            Err(_) => {
                Err(invalid("query", "holds an unknown or wrong parameter; see the interface description"))
            }
        })
    }
}
