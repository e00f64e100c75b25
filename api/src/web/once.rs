//! Doing a deed once, however often it is asked (`Idempotency-Key`).
//!
//! ```ignore
//! pub async fn record(may: May<RecordContact>, once: Idempotency, body: Body<ContactForm>, core: Data<Core>) -> … {
//!     let made = core.db.write(move |tx| once.run(tx, &may, core.clock.now(), |tx| {
//!         …store calls, audit.append…                    // the deed
//!         Ok(Created { id })                             // the answer: ids only, for it is kept
//!     })).await?;
//!     Ok(web::created(made))
//! }
//! ```
//! The key and what it stands for are kept for a day under the caller's account, in the deed's own transaction. Neither
//! stands there in clear: both are codes under a key that the database does not hold. Asked again with the same body,
//! the first answer is given again; with another body, 409. Without the header the deed is simply done. A form of a page
//! carries its own number, so a doubled click does no second deed.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::body::{is_form, raw_body};
use super::form::{ONCE_FIELD, Typed};
use super::store;
use crate::auth::Core;
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, Timestamp, invalid};
use crate::policy::{May, Permission};

const LEAST: usize = 8;
const MOST: usize = 128;

/// The key of this request, if it has one.
#[derive(Clone, Default)]
pub struct Idempotency(Option<Key>);

#[derive(Clone)]
struct Key {
    key: [u8; 32],
    tag: [u8; 32],
}

impl Idempotency {
    /// For a deed that nobody repeats: imports keep their own place, tests need none.
    pub fn none() -> Self {
        Self(None)
    }

    /// Does the deed, or gives the answer it gave before.
    ///
    /// # Errors
    /// Those of the deed; a conflict when the key was used for something else or is in use right now.
    pub fn run<T, P>(
        self,
        tx: &mut Conn,
        may: &May<P>,
        now: Timestamp,
        deed: impl FnOnce(&mut Conn) -> Result<T, DbError>,
    ) -> Result<T, DbError>
    where
        T: Serialize + DeserializeOwned,
        P: Permission,
    {
        let (Some(Key { key, tag }), Some(account)) = (self.0, may.account()) else { return deed(tx) };
        if let Some((held_tag, answer)) = store::find(tx, account, &key, now)? {
            if held_tag != tag {
                return Err(conflict(
                    "idempotency_key_reused",
                    "this Idempotency-Key was used for another request; take a new one",
                ));
            }
            return serde_json::from_str(&answer).map_err(|_| DbError::Broken("kept answer"));
        }
        store::claim(tx, account, &key, &tag, now).map_err(|error| match error {
            DbError::Taken => {
                conflict("idempotency_key_busy", "the same request is being done right now; ask again")
            }
            other => other,
        })?;
        let answer = deed(tx)?;
        let text = serde_json::to_string(&answer).map_err(|_| DbError::Broken("kept answer"))?;
        store::keep(tx, account, &key, &text)?;
        Ok(answer)
    }
}

fn conflict(code: &'static str, sentence: &'static str) -> DbError {
    DbError::Refused(ApiError::Conflict(code, sentence))
}

impl FromRequest for Idempotency {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request))
    }
}

fn read(request: &HttpRequest) -> Result<Idempotency, ApiError> {
    let body = raw_body(request);
    // JSON may hold anything, a form's field too.
    let form = is_form(request).then(|| Typed::read(&body).ok()).flatten();
    let form_number = form.and_then(|typed| typed.first(ONCE_FIELD).map(str::to_owned));
    let chosen = match (request.headers().get("idempotency-key"), form_number) {
        (Some(header), _) => {
            let text = header.to_str().unwrap_or_default();
            if !(LEAST..=MOST).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_graphic()) {
                let problem = format!("is not taken; {LEAST} to {MOST} visible ASCII characters are");
                return Err(invalid("Idempotency-Key", problem));
            }
            text.as_bytes().to_vec()
        }
        // The number and all that was typed: a form corrected and sent again is another deed.
        (None, Some(number)) => crypto::derive::frame(&[number.as_bytes(), &body]),
        (None, None) => return Ok(Idempotency(None)),
    };
    let core = request.app_data::<web::Data<Core>>().ok_or(ApiError::Unavailable)?;
    let secret = core.vault.derive("idempotency")?;
    let code = |parts: &[&[u8]]| crypto::derive::hmac_sha256(secret.expose(), &crypto::derive::frame(parts));
    Ok(Idempotency(Some(Key {
        key: code(&[b"key", &chosen]),
        tag: code(&[b"request", request.method().as_str().as_bytes(), request.path().as_bytes(), &body]),
    })))
}
