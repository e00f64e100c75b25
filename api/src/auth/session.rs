//! A signed-in session as one request sees it: read from the database for this request, so that log-out, disabling and
//! a change of role act at once.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::Language;
use crate::kernel::{AccountId, ApiError, SessionId, codes};
use crate::policy::{Caller, May, UseOwnAccount, grant};

codes! {
    /// What holds the session.
    pub SessionKind {
        /// A browser, by cookie.
        Page = "page",
        /// A program, by bearer token.
        Program = "program",
    }
}

/// Something the account must do before any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    AcceptConduct,
}

impl From<Step> for ApiError {
    fn from(step: Step) -> Self {
        match step {
            Step::AcceptConduct => Self::StepMissing("conduct_missing", "accept the code of conduct first"),
        }
    }
}

/// The number of this request in the log, on the error page and in audit leaves.
#[derive(Clone, Copy, Debug)]
pub struct RequestNumber(pub u64);

/// A live session, perhaps with a step still missing.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub account: AccountId,
    pub kind: SessionKind,
    pub language: Language,
    pub missing: Option<Step>,
    caller: Caller,
}

impl Session {
    pub(super) fn new(
        caller: Caller,
        id: SessionId,
        account: AccountId,
        kind: SessionKind,
        language: Language,
        missing: Option<Step>,
    ) -> Self {
        Self { id, account, kind, language, missing, caller }
    }

    /// Who this is, once nothing is missing.
    ///
    /// # Errors
    /// [`ApiError::StepMissing`].
    pub fn caller(&self) -> Result<Caller, ApiError> {
        match self.missing {
            None => Ok(self.caller.clone()),
            Some(step) => Err(step.into()),
        }
    }

    /// Who this is for the log, whatever is missing.
    pub fn caller_for_log(&self) -> &Caller {
        &self.caller
    }

    /// The one thing everybody may do in any state: use the own account.
    ///
    /// # Errors
    /// The role has no account of its own.
    pub fn own(&self) -> Result<May<UseOwnAccount>, ApiError> {
        grant(self.caller.clone()).map_err(ApiError::from)
    }

    /// The session of a request, if it has one.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }
}

impl FromRequest for Session {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request).ok_or(ApiError::SignedOut))
    }
}
