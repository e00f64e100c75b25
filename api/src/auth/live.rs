//! The session middleware: a cookie or a bearer token becomes a [`Session`], or nothing. State is read from the database
//! on every request.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use zeroize::Zeroizing;

use super::session::{RequestNumber, Session, SessionKind, Step};
use super::store::{self, LiveRow};
use super::{Core, token};
use crate::kernel::ApiError;
use crate::policy::{Actor, Caller};

/// The cookie that holds a page session.
pub const COOKIE: &str = "__Host-relink";
/// How often "last seen" is written down: not on every request, for a write costs a disk flush.
const SEEN_EVERY: Duration = Duration::seconds(60);

/// The middleware; stands inside the edge.
///
/// # Errors
/// Those of the inner service; a database that is away is an answer.
pub async fn session(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match find(&request).await {
        Ok(found) => {
            if let Some(session) = found {
                request.extensions_mut().insert(session);
            }
            Ok(next.call(request).await?.map_into_boxed_body())
        }
        Err(unavailable) => Ok(request.error_response(unavailable)),
    }
}

async fn find(request: &ServiceRequest) -> Result<Option<Session>, ApiError> {
    // A stylesheet is the same for everybody.
    if request.path().starts_with("/assets/") {
        return Ok(None);
    }
    let core = request.app_data::<web::Data<Core>>().ok_or(ApiError::Unavailable)?;
    let row = match request.headers().get(AUTHORIZATION) {
        Some(header) => {
            let token = header.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
            by_bearer(core, token.unwrap_or_default()).await?
        }
        None => match request.cookie(COOKIE) {
            Some(cookie) => by_cookie(core, cookie.value()).await?,
            None => None,
        },
    };
    let Some(row) = row else { return Ok(None) };
    let now = core.clock.now();
    let idle = Duration::minutes(core.config.accounts.idle_minutes);
    if now >= row.expires_at || now >= row.seen_at.plus(idle) {
        return Ok(None);
    }
    if now >= row.seen_at.plus(SEEN_EVERY) {
        let id = row.id;
        core.db.write(move |tx| store::touch(tx, id, now)).await?;
    }
    let number = request.extensions().get::<RequestNumber>().map_or(0, |number| number.0);
    Ok(Some(session_of(row, number, &core.config.accounts.conduct_version)))
}

fn session_of(row: LiveRow, request: u64, conduct: &str) -> Session {
    let missing =
        if row.conduct_version.as_deref() == Some(conduct) { None } else { Some(Step::AcceptConduct) };
    let actor = Actor::authenticated(row.account, row.id, row.role, row.society, row.point);
    Session::new(Caller { actor, request }, row.id, row.account, row.kind, row.language, missing)
}

async fn by_cookie(core: &Core, value: &str) -> Result<Option<LiveRow>, ApiError> {
    let Some(hash) = opaque_hash(value) else { return Ok(None) };
    let row = core.db.read(move |conn| store::live_by_token(conn, &hash)).await?;
    Ok(row.filter(|row| row.kind == SessionKind::Page))
}

async fn by_bearer(core: &Core, value: &str) -> Result<Option<LiveRow>, ApiError> {
    let Some(bearer) = core.gate.tokens.read(value, core.clock.now()) else { return Ok(None) };
    let id = bearer.session;
    let row = core.db.read(move |conn| store::live_by_id(conn, id)).await?;
    // Only the session's newest token is good: a refresh ends the one before.
    let newest = token::number_hash(&bearer.number);
    Ok(row.filter(|row| {
        row.kind == SessionKind::Program && row.account == bearer.account && row.token_hash == newest
    }))
}

/// A fresh secret of 256 bits as text, and the hash that is kept of it.
pub(super) fn new_opaque(core: &Core) -> (Zeroizing<String>, [u8; 32]) {
    let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(core.chance.bytes());
    (Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes)), crypto::derive::sha256(&[bytes.as_slice()]))
}

/// The hash of an opaque secret, if the text can be one.
pub(super) fn opaque_hash(text: &str) -> Option<[u8; 32]> {
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
    (bytes.len() == 32).then(|| crypto::derive::sha256(&[&bytes]))
}

/// The cookie of a new page session; without a value, the one that ends it.
pub fn cookie(value: Option<&str>) -> Cookie<'static> {
    let mut cookie = Cookie::build(COOKIE, value.unwrap_or_default().to_owned())
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict)
        .finish();
    if value.is_none() {
        cookie.make_removal();
    }
    cookie
}
