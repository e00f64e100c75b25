//! `May<P>` and [`SignedIn`] as handler arguments. The session middleware puts the [`Session`] into the request; without
//! it there is nothing to extract, so a route outside the middleware can only be a public one.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::Session;
use crate::kernel::ApiError;
use crate::policy::{Action, Caller, May, Permission, Purpose, grant};

/// The caller of this request, whoever it is.
pub struct SignedIn(pub Caller);

/// What the route asked of its caller: a refusal is written down under this action.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub action: Action,
    pub purpose: Purpose,
}

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
        let granted = caller(request).and_then(|caller| grant(caller).map_err(ApiError::from));
        let mut extensions = request.extensions_mut();
        // A route names its deed first; what it asks besides counts where that is what was refused.
        if granted.is_err() || !extensions.contains::<Asked>() {
            extensions.insert(Asked { action: P::ACTION, purpose: P::PURPOSE });
        }
        ready(granted)
    }
}

fn caller(request: &HttpRequest) -> Result<Caller, ApiError> {
    Session::of(request).ok_or(ApiError::SignedOut)?.caller()
}
