//! What signing in needs besides the database: password hashing, token keys, throttles, and who is known from where.

use std::sync::Arc;

use super::known::{Known, forgotten_at};
use super::password::Passwords;
use super::store::pairs_since;
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
    pub known: Known,
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
        let passwords = Passwords::new(config, pepper, chance)?;
        let pairs = db.read_here(|conn| pairs_since(conn, forgotten_at(now)))?;
        Ok(Self {
            throttle: Throttle::new(passwords.one_stranger_per()),
            passwords,
            tokens: Tokens::new(secret),
            known: Known::new(vault.derive("known sources")?, pairs, now),
        })
    }
}
