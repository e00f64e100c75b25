//! `May<P>` and [`Caller`] as handler arguments. The session middleware puts the caller into the request; without it
//! there is nothing to extract, so a route outside the middleware can only be a public one.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use crate::kernel::ApiError;
use crate::policy::{Caller, May, Permission, grant};

/// The caller of this request, whoever it is.
pub struct SignedIn(pub Caller);

impl FromRequest for SignedIn {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(caller(request).map(Self))
    }
}

impl<P: Permission> FromRequest for May<P> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(caller(request).and_then(|caller| grant(caller).map_err(ApiError::from)))
    }
}

fn caller(request: &HttpRequest) -> Result<Caller, ApiError> {
    request.extensions().get::<Caller>().cloned().ok_or(ApiError::SignedOut)
}
