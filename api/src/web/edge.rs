//! The outermost layer: every request gets a number, every answer its headers, every error its form, and every refusal
//! its line in the audit log before it leaves. The service log gets ids, the route's pattern, status and duration;
//! never a path, a query or a body.

use std::panic::AssertUnwindSafe;
use std::task::Poll;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, web};

use super::form::Verdict;
use super::page::{error_page, see_other};
use crate::audit::Event;
use crate::auth::{Asked, Core, RequestNumber, Session};
use crate::kernel::{ApiError, IncidentId, PersonId, is_id};

const MAX_ADDRESS: usize = 2048;
const MAX_HEADERS: usize = 16 * 1024;
const METHODS: [Method; 6] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// Sent with every answer. No script, no frame, no foreign source; forms go home only.
const ALWAYS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
         object-src 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ("x-robots-tag", "noindex"),
];

/// The middleware; stands outside all others.
///
/// # Errors
/// Those of the server itself; every refusal of ours is an answer.
pub async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let core = request.app_data::<web::Data<Core>>().cloned();
    let number = core.as_ref().map_or(0, |core| u64::from_be_bytes(core.chance.bytes()));
    request.extensions_mut().insert(RequestNumber(number));
    let method = request.method().clone();
    let mut answer = match limits(&request) {
        Ok(()) => next.call(request).await?.map_into_boxed_body(),
        Err(refusal) => request.error_response(refusal),
    };
    if let Some(core) = &core
        && let Err(unavailable) = note_refusal(core, &answer).await
    {
        answer = replace(answer, HttpResponse::from_error(unavailable));
    }
    answer = dress(answer);
    let strict = core.as_ref().is_some_and(|core| core.config.server.public_url.starts_with("https:"));
    headers(answer.headers_mut(), strict);
    let route = answer.request().match_pattern().unwrap_or_else(|| "unmatched".into());
    let account = Session::of(answer.request()).map(|session| session.account.to_string());
    tracing::info!(
        request = %format_args!("{number:016x}"),
        %method,
        route,
        account,
        status = answer.status().as_u16(),
        took_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
    Ok(answer)
}

fn limits(request: &ServiceRequest) -> Result<(), ApiError> {
    if !METHODS.contains(request.method()) {
        return Err(ApiError::MethodNotTaken);
    }
    if request.uri().to_string().len() > MAX_ADDRESS {
        return Err(ApiError::AddressTooLong(MAX_ADDRESS));
    }
    let size: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if size > MAX_HEADERS { Err(ApiError::HeadersTooLarge(MAX_HEADERS)) } else { Ok(()) }
}

/// Somebody signed in was told "no" or "not there", by their role, their reach or a rule: the log says so first.
async fn note_refusal(core: &Core, answer: &ServiceResponse<BoxBody>) -> Result<(), ApiError> {
    let request = answer.request();
    let ruled_out = match error_of(answer) {
        Some(error) => error.ruled_out(),
        None => Verdict::of(request),
    };
    if ruled_out.is_none() && ![StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&answer.status()) {
        return Ok(());
    }
    let asked = request.extensions().get::<Asked>().copied();
    let (Some(session), Some(asked)) = (Session::of(request), asked) else { return Ok(()) };
    let mut event = Event::new(asked.action, asked.purpose).refused();
    event.detail = ruled_out;
    // The path may hold anything somebody typed; only the shape of an id is written down.
    if let Some(id) = request.match_info().get("id").filter(|text| is_id(text)) {
        event = event.on(id);
        // Who tried to reach a person is part of what is told about that person.
        if let Ok(person) = id.parse::<PersonId>() {
            event = event.about(person);
        }
    }
    core.audit.note(session.caller_for_log().clone(), event).await.map(|_| ())
}

/// The refusal behind an answer, where it is one of ours.
fn error_of(answer: &ServiceResponse<BoxBody>) -> Option<&ApiError> {
    answer.response().error().and_then(|error| error.as_error::<ApiError>())
}

/// Gives every error its form: a problem document for programs, a page for people. Signed out, people are led to the
/// sign-in page, and to the step that is missing.
fn dress(answer: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let status = answer.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let for_people =
        !answer.request().path().starts_with("/api/") && !answer.request().path().starts_with("/health/");
    let ours = error_of(&answer);
    let foreign;
    let error = match ours {
        Some(error) => error,
        None if is_page_again(&answer) => return answer,
        None => {
            foreign = from_status(status);
            &foreign
        }
    };
    let dressed = if for_people {
        match error {
            ApiError::SignedOut => Some(see_other("/sign-in")),
            ApiError::StepMissing("conduct_missing", _) => Some(see_other("/conduct")),
            _ => error_page(answer.request(), error),
        }
    } else {
        ours.is_none().then(|| actix_web::ResponseError::error_response(error))
    };
    match dressed {
        Some(mut page) => {
            for name in [ALLOW, HeaderName::from_static("retry-after")] {
                if let Some(value) = answer.headers().get(&name) {
                    page.headers_mut().insert(name, value.clone());
                }
            }
            replace(answer, page)
        }
        None => answer,
    }
}

/// A form shown again is an answer of its own.
fn is_page_again(answer: &ServiceResponse<BoxBody>) -> bool {
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/html") || kind.starts_with("application/problem+json")
}

/// What the server itself refused, in our words.
fn from_status(status: StatusCode) -> ApiError {
    match status {
        StatusCode::NOT_FOUND => ApiError::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ApiError::MethodNotTaken,
        StatusCode::REQUEST_TIMEOUT => ApiError::TooSlow,
        StatusCode::URI_TOO_LONG => ApiError::AddressTooLong(MAX_ADDRESS),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => ApiError::HeadersTooLarge(MAX_HEADERS),
        status if status.is_client_error() => crate::kernel::invalid("request", "is not one we understand"),
        _ => ApiError::Unavailable,
    }
}

fn replace(answer: ServiceResponse<BoxBody>, with: HttpResponse) -> ServiceResponse<BoxBody> {
    answer.into_response(with.map_into_boxed_body())
}

fn headers(headers: &mut HeaderMap, strict: bool) {
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if strict {
        let year = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(HeaderName::from_static("strict-transport-security"), year);
    }
    debug_assert!(headers.get(LOCATION).is_none_or(|to| to.as_bytes().starts_with(b"/")));
}

/// Stands round every handler: a panic becomes a 500 with an incident number, and the service lives on.
///
/// # Errors
/// Those of the inner service.
pub async fn catch_panics(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let kept: HttpRequest = request.request().clone();
    let mut work = Box::pin(next.call(request));
    let outcome = std::future::poll_fn(|cx| {
        match std::panic::catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(answer)) => Poll::Ready(Some(answer)),
            Err(_) => Poll::Ready(None),
        }
    })
    .await;
    match outcome {
        Some(answer) => Ok(answer?.map_into_boxed_body()),
        None => {
            let incident = match kept.app_data::<web::Data<Core>>() {
                Some(core) => IncidentId::new(core.clock.as_ref(), &core.chance),
                None => IncidentId(0),
            };
            tracing::error!(%incident, route = kept.match_pattern(), "a handler panicked");
            Ok(ServiceResponse::from_err(ApiError::Internal(incident), kept))
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::{App, test};

    use super::*;

    #[actix_web::test]
    async fn a_panic_is_an_answer_that_quotes_nothing_and_the_service_lives_on() {
        async fn clumsy() -> HttpResponse {
            panic!("Amina Hassan, born 2001")
        }
        let clumsy = web::resource("/api/v1/clumsy").route(web::get().to(clumsy));
        let fine = web::resource("/api/v1/fine").route(web::get().to(HttpResponse::NoContent));
        let app = App::new()
            .service(clumsy.wrap(from_fn(catch_panics)))
            .service(fine.wrap(from_fn(catch_panics)))
            .wrap(from_fn(edge));
        let app = test::init_service(app).await;
        let get = |path: &str| test::TestRequest::get().uri(path).to_request();
        let answer = test::call_service(&app, get("/api/v1/clumsy")).await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(answer.headers().contains_key("content-security-policy"));
        let body = test::read_body(answer).await;
        let body = String::from_utf8_lossy(&body);
        assert!(body.contains("\"code\":\"internal\"") && !body.contains("Amina"), "{body}");
        assert_eq!(test::call_service(&app, get("/api/v1/fine")).await.status(), StatusCode::NO_CONTENT);
    }
}
