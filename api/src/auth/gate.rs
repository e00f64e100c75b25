//! What signing in needs besides the database: password hashing, token keys, throttles.

use std::sync::Arc;

use super::password::Passwords;
use super::throttle::Throttle;
use super::token::Tokens;
use crate::config::AccountsConfig;
use crate::db::Db;
use crate::kernel::{ApiError, Chance, Timestamp};
use crate::vault::{Secret, Vault, store};

/// One for each running service.
pub struct Gate {
    pub passwords: Arc<Passwords>,
    pub tokens: Tokens,
    pub throttle: Throttle,
}

impl Gate {
    pub(super) fn open(
        config: &AccountsConfig,
        db: &Db,
        vault: &Vault,
        chance: &Chance,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let pepper = vault.derive("password pepper")?;
        let secret = store::service_secret(db, vault, "token_signing", now, || {
            Secret::new(chance.bytes::<32>().to_vec())
        })?;
        Ok(Self {
            passwords: Passwords::new(config, pepper, chance)?,
            tokens: Tokens::new(secret),
            throttle: Throttle::new(),
        })
    }
}
