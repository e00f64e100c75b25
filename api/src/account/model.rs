//! Input and answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::{Language, Login, NewAccount, Password};
use crate::kernel::{ApiError, Invalid, PointId, SocietyId, Wrong};
use crate::policy::Role;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    #[schema(max_length = 64)]
    pub login: String,
    #[schema(max_length = 128)]
    pub password: String,
    /// From the phone (six digits), or a recovery code.
    #[schema(max_length = 64)]
    pub code: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshForm {
    pub refresh_token: String,
}

/// What a program needs to go on. Shown once.
#[derive(Serialize, ToSchema)]
pub struct Tokens {
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds until the access token ends.
    pub expires_in: i64,
    /// Good once, for the next access token; a second use ends the session.
    pub refresh_token: String,
}

/// The caller.
#[derive(Serialize, ToSchema)]
pub struct Me {
    pub account: String,
    pub session: String,
    pub role: Role,
    pub society: Option<String>,
    pub point: Option<String>,
    /// What must be done before any case, such as `conduct_missing`.
    pub missing: Option<&'static str>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordForm {
    #[schema(max_length = 128)]
    pub current: String,
    #[schema(min_length = 15, max_length = 128)]
    pub new: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConductForm {
    /// The version that was read.
    #[schema(max_length = 32)]
    pub version: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolForm {
    /// The code from the administrator.
    #[schema(max_length = 64)]
    pub code: String,
    #[schema(min_length = 15, max_length = 128)]
    pub password: String,
}

/// What the phone needs. Shown once.
#[derive(Serialize, ToSchema)]
pub struct PhoneSetup {
    /// To type by hand.
    pub secret: String,
    /// `otpauth://…`
    pub address: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmForm {
    #[schema(max_length = 64)]
    pub code: String,
    /// The six digits that the phone shows.
    #[schema(max_length = 16)]
    pub phone: String,
}

/// Codes for the day the phone is lost, each good once. Shown once.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    pub recovery_codes: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountForm {
    /// A code name, 3 to 64 of a-z, 0-9, dot, underscore and hyphen.
    #[schema(min_length = 3, max_length = 64, pattern = "^[a-z0-9._-]{3,64}$")]
    pub login: String,
    pub role: Role,
    /// The service point; intake needs one.
    #[schema(value_type = Option<String>, pattern = "^hsp_[0-9a-f]{32}$")]
    pub point: Option<PointId>,
    pub language: Option<Language>,
}

impl AccountForm {
    /// # Errors
    /// Names every field that is not taken.
    pub fn parse(self, society: SocietyId) -> Result<NewAccount, ApiError> {
        let mut problems = Invalid::default();
        let login = problems.take(Login::parse("login", &self.login));
        let language = self.language.unwrap_or(Language::English);
        if let Some(login) = login {
            let new = NewAccount { society, point: self.point, login, role: self.role, language };
            if problems.take(new.check()).is_some() {
                return Ok(new);
            }
        }
        Err(problems.into())
    }
}

/// An account made or reset, and the enrolment code for its owner. Shown once.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct InvitedAccount {
    pub id: String,
    pub enrolment_code: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleForm {
    pub role: Role,
    #[schema(value_type = Option<String>, pattern = "^hsp_[0-9a-f]{32}$")]
    pub point: Option<PointId>,
}

/// Refuses what no password can be before it is hashed.
pub(in crate::account) fn password(field: &str, text: String) -> Result<Password, ApiError> {
    if text.len() > 1024 {
        return Err(crate::kernel::invalid(
            field,
            Wrong::TooLong.says("too long; at most 128 characters are taken").most(128),
        ));
    }
    Ok(Password::new(text))
}
