//! The words of accounts: who signs in, and in what state.

use zeroize::Zeroizing;

use super::Language;
use crate::kernel::{AccountId, Invalid, PointId, SocietyId, Wrong, codes};
use crate::policy::Role;

codes! {
    /// How far an account has come.
    pub AccountState {
        /// Made, or reset: waits for its enrolment code.
        Invited = "invited",
        Active = "active",
        Disabled = "disabled",
    }
}

codes! {
    /// How a session stands or why it ended.
    pub SessionState {
        Live = "live",
        SignedOut = "signed_out",
        /// A newer session took its place.
        Replaced = "replaced",
        /// Ended by its owner from elsewhere, or by an administrator.
        Ended = "ended",
        /// A refresh token came back that had been used: somebody has a copy.
        TokenReused = "token_reused",
    }
}

/// The word somebody signs in with: a code name rather than a person's name, 3 to 64 of `a-z 0-9 . _ -`.
#[derive(Clone, PartialEq, Eq)]
pub struct Login(String);

impl Login {
    /// # Errors
    /// Anything else.
    pub fn parse(field: &str, text: &str) -> Result<Self, Invalid> {
        let taken = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
        if (3..=64).contains(&text.len()) && text.bytes().all(taken) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::at(
                field,
                Wrong::NotALogin.says("is not taken; 3 to 64 of a-z, 0-9, dot, underscore and hyphen are"),
            ))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A password as typed: silent, and zeroed on drop.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// An account to be made.
#[derive(Clone)]
pub struct NewAccount {
    pub society: SocietyId,
    pub point: Option<PointId>,
    pub login: Login,
    pub role: Role,
    pub language: Language,
}

impl NewAccount {
    /// # Errors
    /// The role no account may hold; or intake without a service point, whose reach is the point.
    pub fn check(&self) -> Result<(), Invalid> {
        if self.role == Role::System {
            return Err(Invalid::at("role", Wrong::NotYours.says("is held by the service alone")));
        }
        if self.role == Role::Intake && self.point.is_none() {
            return Err(Invalid::at(
                "point",
                Wrong::Missing.says("is missing; intake works at one service point"),
            ));
        }
        Ok(())
    }
}

/// What an administrator sees of an account.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct AccountView {
    #[schema(value_type = String)]
    pub id: AccountId,
    pub login: String,
    pub role: Role,
    pub state: AccountState,
    #[schema(value_type = Option<String>)]
    pub point: Option<PointId>,
    pub second_factor: bool,
    pub version: i64,
}
