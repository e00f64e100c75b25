//! The gate before every handler: reads the body within its limit, and lets no foreign page act in somebody's name.
//!
//! A request that may change something and rides on the session cookie must carry what another site cannot know or
//! send: the token of the session's forms in the field `csrf`, or the header `X-Relink: 1`, which a browser sends across
//! sites only after asking us, and we never agree. Programs with a bearer token have no cookie to abuse.

use std::pin::Pin;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_LENGTH, HOST, HeaderName, ORIGIN};
use actix_web::middleware::Next;
use actix_web::web::{self, BytesMut};
use actix_web::{Error, HttpMessage};
use futures_core::Stream;
use subtle::ConstantTimeEq;

use super::body::{MAX_BODY, RawBody, is_form};
use super::form::{CSRF_FIELD, Typed};
use super::page::csrf_token;
use crate::auth::{Core, Session, SessionKind};
use crate::kernel::{ApiError, invalid};

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(15);
const OWN_HEADER: HeaderName = HeaderName::from_static("x-relink");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The middleware; stands inside the session's.
///
/// # Errors
/// Those of the inner service; refusals are answers.
pub async fn guard(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match check(&mut request).await {
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(refusal) => Ok(request.error_response(refusal)),
    }
}

async fn check(request: &mut ServiceRequest) -> Result<(), ApiError> {
    if [Method::GET, Method::HEAD].contains(request.method()) {
        return Ok(());
    }
    let session = Session::of(request.request());
    let by_token = session.as_ref().is_some_and(|session| session.kind == SessionKind::Program);
    if !by_token && comes_from_elsewhere(request) {
        return Err(ApiError::CrossSite);
    }
    let body = read_body(request).await?;
    if let Some(session) = session.filter(|session| session.kind == SessionKind::Page) {
        let core = request.app_data::<web::Data<Core>>().ok_or(ApiError::Unavailable)?;
        let own_header = request.headers().get(OWN_HEADER).is_some_and(|value| value == "1");
        if !own_header && !carries_token(request, &body, &csrf_token(core, &session)?) {
            return Err(ApiError::CrossSite);
        }
    }
    request.extensions_mut().insert(RawBody(body));
    Ok(())
}

fn carries_token(request: &ServiceRequest, body: &[u8], token: &str) -> bool {
    let sent = if is_form(request.request()) { Typed::read(body).ok() } else { None };
    let sent = sent.as_ref().and_then(|typed| typed.first(CSRF_FIELD)).unwrap_or_default();
    sent.as_bytes().ct_eq(token.as_bytes()).into()
}

/// What a browser itself says about where a request was started.
fn comes_from_elsewhere(request: &ServiceRequest) -> bool {
    let header = |name: &HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    match header(&FETCH_SITE) {
        Some(site) => !matches!(site, "same-origin" | "none"),
        None => match header(&ORIGIN) {
            Some(origin) => origin.split_once("://").map(|(_, host)| host) != header(&HOST),
            // No browser of the last years leaves both out on such a request: this is a program.
            None => false,
        },
    }
}

async fn read_body(request: &mut ServiceRequest) -> Result<web::Bytes, ApiError> {
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > MAX_BODY as u64) {
        return Err(ApiError::TooLarge(MAX_BODY));
    }
    let mut payload = request.take_payload();
    tokio::time::timeout(BODY_TIME, collect(&mut payload)).await.map_err(|_| ApiError::TooSlow)?
}

async fn collect(payload: &mut Payload) -> Result<web::Bytes, ApiError> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = std::future::poll_fn(|cx| Pin::new(&mut *payload).poll_next(cx)).await {
        let chunk = chunk.map_err(|_| invalid("body", "was cut off or is not readable"))?;
        if bytes.len() + chunk.len() > MAX_BODY {
            return Err(ApiError::TooLarge(MAX_BODY));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}
