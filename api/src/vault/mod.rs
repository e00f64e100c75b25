//! The only place that seals and opens personal values.
//!
//! ```text
//! root key (RootKeeper) ─► society key, versioned ─► data key, one a person ─► one subkey a field
//! ```
//! [`COLUMNS`] lists every sealed column with its access class; a test compares it with the schema. Opening takes a
//! [`Receipt`], and receipts come from the audit log alone: no line, no plaintext. Deleting a person's wrapped data key
//! ([`store::shred`]) makes everything held about them unreadable for good.

mod columns;
mod receipt;
mod seat;
pub mod store;
mod value;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use crypto::{DataKey, KeyError, RootKeeper, SocietyKey, WrappedKey};

use crate::kernel::{ApiError, Chance, SocietyId};

pub use columns::*;
pub use crypto::Secret;
pub use migrations::sealed::Sealed;
pub use receipt::{Receipt, ReceiptPress};
pub use seat::Seat;
pub use value::{Json, SealedValue};

/// Why a value was not opened or sealed. Says nothing about the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    #[error("the receipt does not cover this")]
    NotCovered,
    #[error("the value does not open in this place")]
    DoesNotOpen,
    #[error("the key is not there")]
    NoKey,
    #[error("the key keeper is away")]
    KeeperAway,
}

impl From<VaultError> for ApiError {
    fn from(error: VaultError) -> Self {
        match error {
            // Shredded and never there look alike.
            VaultError::NoKey => Self::NotFound,
            VaultError::KeeperAway => Self::Unavailable,
            VaultError::NotCovered | VaultError::DoesNotOpen => {
                tracing::error!(%error, "the vault refused");
                Self::Unavailable
            }
        }
    }
}

impl From<KeyError> for VaultError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Unavailable => Self::KeeperAway,
            _ => Self::NoKey,
        }
    }
}

/// Whose data key: a person's, or an account's for its second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner(pub migrations::uuid::Uuid);

impl From<crate::kernel::PersonId> for Owner {
    fn from(id: crate::kernel::PersonId) -> Self {
        Self(id.uuid())
    }
}

impl From<crate::kernel::AccountId> for Owner {
    fn from(id: crate::kernel::AccountId) -> Self {
        Self(id.uuid())
    }
}

/// An unwrapped data key, and whose it is.
pub struct OwnerKey {
    owner: Owner,
    society: SocietyId,
    key: DataKey,
}

impl OwnerKey {
    pub fn owner(&self) -> Owner {
        self.owner
    }
    pub fn society(&self) -> SocietyId {
        self.society
    }
}

/// A wrapped data key as the table `data_keys` holds it.
#[derive(Clone)]
pub struct WrappedDataKey {
    pub owner: Owner,
    pub society: SocietyId,
    pub version: i32,
    pub wrapped: Vec<u8>,
}

/// Admits what other nodes and commands have stored since this one started.
type Source = Box<dyn Fn(&Vault) + Send + Sync>;

/// Seals, opens, and keeps the society keys in memory. Shared by all threads.
pub struct Vault {
    keeper: Box<dyn RootKeeper>,
    societies: RwLock<HashMap<SocietyId, Vec<Arc<SocietyKey>>>>,
    /// Asked when a key is not in memory.
    source: OnceLock<Source>,
    chance: Arc<Chance>,
    opened: AtomicU64,
}

impl Vault {
    /// The vault, and the one press that makes receipts for it: it goes to the audit log and nowhere else.
    pub fn new(keeper: Box<dyn RootKeeper>, chance: Arc<Chance>) -> (Self, ReceiptPress) {
        let (societies, source, opened) = (RwLock::default(), OnceLock::new(), AtomicU64::new(0));
        let vault = Self { keeper, societies, source, chance, opened };
        (vault, ReceiptPress::new())
    }

    /// How many values were opened since the start: a test compares it with what the audit log names.
    pub fn opened(&self) -> u64 {
        self.opened.load(Ordering::Relaxed)
    }

    /// A fresh society key, wrapped under the root key, to be stored and then [`Vault::admit`]ted.
    ///
    /// # Errors
    /// The keeper is away.
    pub fn new_society_key(&self, society: SocietyId, version: i32) -> Result<Vec<u8>, VaultError> {
        let number = version_number(version)?;
        let wrapped = self.chance.with(|rng| {
            let key = SocietyKey::generate(society.bytes(), number, rng);
            self.keeper.wrap_society_key(society.bytes(), number, &key, rng)
        })?;
        Ok(wrapped.into_bytes())
    }

    /// Unwraps a stored society key into memory. The highest version admitted seals; the others open.
    ///
    /// # Errors
    /// The root key is another one, or the keeper is away.
    pub fn admit(&self, society: SocietyId, version: i32, wrapped: Vec<u8>) -> Result<(), VaultError> {
        let wrapped = WrappedKey::from_bytes(wrapped);
        let key = self.keeper.unwrap_society_key(society.bytes(), version_number(version)?, &wrapped)?;
        let mut societies = self.societies.write().unwrap_or_else(PoisonError::into_inner);
        let keys = societies.entry(society).or_default();
        keys.retain(|held| held.version() != key.version());
        keys.push(Arc::new(key));
        keys.sort_by_key(|held| held.version());
        Ok(())
    }

    /// A fresh data key for `owner`, unwrapped for sealing now and wrapped for `data_keys`.
    ///
    /// # Errors
    /// The society has no key.
    pub fn new_data_key(
        &self,
        owner: impl Into<Owner>,
        society: SocietyId,
    ) -> Result<(OwnerKey, WrappedDataKey), VaultError> {
        let owner = owner.into();
        let sealing = self.sealing_key(society)?;
        let (key, wrapped) = self.chance.with(|rng| {
            let key = DataKey::generate(rng);
            let wrapped = sealing.wrap_data_key(*owner.0.as_bytes(), &key, rng);
            (key, wrapped)
        });
        let version = i32::try_from(sealing.version()).map_err(|_| VaultError::NoKey)?;
        let row = WrappedDataKey { owner, society, version, wrapped: wrapped.into_bytes() };
        Ok((OwnerKey { owner, society, key }, row))
    }

    /// Unwraps a data key. Gives the key no voice of its own: opening still takes a receipt.
    ///
    /// # Errors
    /// The society key is not here, or the wrapped key was altered or moved.
    pub fn unwrap(&self, row: &WrappedDataKey) -> Result<OwnerKey, VaultError> {
        let version = version_number(row.version)?;
        let of_version = |keys: &[Arc<SocietyKey>]| keys.iter().find(|key| key.version() == version).cloned();
        let society_key = self.society_key(row.society, of_version)?;
        let wrapped = WrappedKey::from_bytes(row.wrapped.clone());
        let key = society_key
            .unwrap_data_key(*row.owner.0.as_bytes(), &wrapped)
            .map_err(|_| VaultError::DoesNotOpen)?;
        Ok(OwnerKey { owner: row.owner, society: row.society, key })
    }

    /// Wraps the same data key under the society's newest key: rotation rewrites keys, never data.
    ///
    /// # Errors
    /// As [`Vault::unwrap`].
    pub fn rewrap(&self, row: &WrappedDataKey) -> Result<WrappedDataKey, VaultError> {
        let key = self.unwrap(row)?;
        let sealing = self.sealing_key(row.society)?;
        let wrapped = self
            .chance
            .with(|rng| sealing.wrap_data_key(*row.owner.0.as_bytes(), &key.key, rng))
            .into_bytes();
        let version = i32::try_from(sealing.version()).map_err(|_| VaultError::NoKey)?;
        Ok(WrappedDataKey { wrapped, version, ..row.clone() })
    }

    /// Where one row's values are sealed and opened.
    pub fn seat<'a>(&'a self, key: &'a OwnerKey, row: [u8; 16], version: i64) -> Seat<'a> {
        Seat::new(self, key, row, version)
    }

    /// A secret of the service itself, such as a signing key, wrapped for the table `service_secrets`.
    ///
    /// # Errors
    /// The keeper is away.
    pub fn wrap_service_secret(&self, label: &str, secret: &[u8]) -> Result<Vec<u8>, VaultError> {
        Ok(self.chance.with(|rng| self.keeper.wrap_secret(label, secret, rng))?.into_bytes())
    }

    /// # Errors
    /// Another root key or label, or the keeper is away.
    pub fn unwrap_service_secret(
        &self,
        label: &str,
        wrapped: Vec<u8>,
    ) -> Result<Secret<Vec<u8>>, VaultError> {
        Ok(self.keeper.unwrap_secret(label, &WrappedKey::from_bytes(wrapped))?)
    }

    /// A key for one use inside the service, always the same for the same root key.
    ///
    /// # Errors
    /// The keeper is away.
    pub fn derive(&self, label: &str) -> Result<Secret<[u8; 32]>, VaultError> {
        Ok(self.keeper.derive(label)?)
    }

    fn sealing_key(&self, society: SocietyId) -> Result<Arc<SocietyKey>, VaultError> {
        self.society_key(society, |keys| keys.last().cloned())
    }

    /// One of a society's keys. When it is not in memory, another node or a command may have made it meanwhile.
    fn society_key(
        &self,
        society: SocietyId,
        choose: impl Fn(&[Arc<SocietyKey>]) -> Option<Arc<SocietyKey>>,
    ) -> Result<Arc<SocietyKey>, VaultError> {
        let held = || {
            let societies = self.societies.read().unwrap_or_else(PoisonError::into_inner);
            societies.get(&society).and_then(|keys| choose(keys))
        };
        if let Some(key) = held() {
            return Ok(key);
        }
        if let Some(source) = self.source.get() {
            source(self);
        }
        held().ok_or(VaultError::NoKey)
    }
}

fn version_number(version: i32) -> Result<u32, VaultError> {
    u32::try_from(version).map_err(|_| VaultError::NoKey)
}
