//! The three kinds of key, and how the lower two are wrapped. No key can be read out: it is used, or wrapped.
//!
//! A wrapped key has the layout of `envelope.rs` and is bound to whom it serves, so the wrapped key of one person,
//! society or version does not open as that of another.

use std::fmt;

use rand::CryptoRng;

use crate::{
    derive::derive_key,
    envelope::{self, Binding, OpenError},
    keyring::{KeyError, RootKeeper},
    pad::{self, Pad},
    secret::Secret,
};

const DATA_KEY: &str = "relink.data-key.1";
const SOCIETY_KEY: &str = "relink.society-key.1";
const SECRET: &str = "relink.secret.1";

/// The key of one person, under which every value about them is sealed. Forgetting its wrapped form everywhere
/// makes all those values unreadable.
#[derive(Debug)]
pub struct DataKey(Secret<[u8; 32]>);

impl DataKey {
    /// A new key of 32 random bytes.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        Self(Secret::random(rng))
    }

    /// An independent key for another use tied to this person, such as the pseudonym under which audit leaves name
    /// them: forgetting the data key forgets it too.
    pub fn derive(&self, label: &str) -> Secret<[u8; 32]> {
        derive_key(self.bytes(), &[b"data key", label.as_bytes()])
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.0.expose()
    }
}

/// The key of one society, in one of its versions, under which the data keys of its people are wrapped.
#[derive(Debug)]
pub struct SocietyKey {
    society: [u8; 16],
    version: u32,
    key: Secret<[u8; 32]>,
}

impl SocietyKey {
    /// A new random key for `society`, to be known as its `version`.
    pub fn generate(society: [u8; 16], version: u32, rng: &mut dyn CryptoRng) -> Self {
        Self { society, version, key: Secret::random(rng) }
    }

    /// The society the key belongs to.
    pub fn society(&self) -> [u8; 16] {
        self.society
    }

    /// Which of the society's keys this is.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Wraps the data key of `person`, to be stored beside the version of this society key.
    pub fn wrap_data_key(&self, person: [u8; 16], key: &DataKey, rng: &mut dyn CryptoRng) -> WrappedKey {
        self.bound(&person, |binding| {
            WrappedKey(envelope::seal(self.key.expose(), binding, key.bytes(), None, rng))
        })
    }

    /// Unwraps the data key of `person`.
    ///
    /// # Errors
    /// [`OpenError`] when it was wrapped for another person, society or version, or was altered.
    pub fn unwrap_data_key(&self, person: [u8; 16], wrapped: &WrappedKey) -> Result<DataKey, OpenError> {
        self.bound(&person, |binding| open_key(self.key.expose(), binding, wrapped)).map(DataKey)
    }

    fn bound<R>(&self, person: &[u8; 16], act: impl FnOnce(&Binding<'_>) -> R) -> R {
        act(&Binding {
            suite: DATA_KEY,
            scope: &[],
            place: &[&self.society, &self.version.to_be_bytes(), person],
        })
    }
}

/// The key above all others. It wraps society keys and signing keys and never meets a personal value.
///
/// Held in memory, it is a [`RootKeeper`] itself; [`FileKeeper`](crate::FileKeeper) keeps it in a file.
#[derive(Debug)]
pub struct RootKey(Secret<[u8; 32]>);

impl RootKey {
    /// A new key of 32 random bytes.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        Self(Secret::random(rng))
    }

    /// The key read from its file.
    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Secret::filled(|key| key.copy_from_slice(bytes)))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.0.expose()
    }
}

impl RootKeeper for RootKey {
    fn wrap_society_key(
        &self,
        society: [u8; 16],
        version: u32,
        key: &SocietyKey,
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, KeyError> {
        if (key.society, key.version) != (society, version) {
            return Err(KeyError::OtherSociety);
        }
        let place: [&[u8]; 2] = [&society, &version.to_be_bytes()];
        let binding = Binding { suite: SOCIETY_KEY, scope: &[], place: &place };
        Ok(WrappedKey(envelope::seal(self.bytes(), &binding, key.key.expose(), None, rng)))
    }

    fn unwrap_society_key(
        &self,
        society: [u8; 16],
        version: u32,
        wrapped: &WrappedKey,
    ) -> Result<SocietyKey, KeyError> {
        let place: [&[u8]; 2] = [&society, &version.to_be_bytes()];
        let binding = Binding { suite: SOCIETY_KEY, scope: &[], place: &place };
        let key = open_key(self.bytes(), &binding, wrapped).map_err(|OpenError| KeyError::Unopenable)?;
        Ok(SocietyKey { society, version, key })
    }

    fn wrap_secret(
        &self,
        label: &str,
        secret: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, KeyError> {
        let binding = Binding { suite: SECRET, scope: &[label.as_bytes()], place: &[] };
        Ok(WrappedKey(envelope::seal(self.bytes(), &binding, secret, Some(Pad::Names), rng)))
    }

    fn unwrap_secret(&self, label: &str, wrapped: &WrappedKey) -> Result<Secret<Vec<u8>>, KeyError> {
        let binding = Binding { suite: SECRET, scope: &[label.as_bytes()], place: &[] };
        let padded =
            envelope::open(self.bytes(), &binding, &wrapped.0).map_err(|OpenError| KeyError::Unopenable)?;
        let mut secret = pad::strip(padded).ok_or(KeyError::Unopenable)?;
        Ok(Secret::new(std::mem::take(&mut *secret)))
    }

    fn derive(&self, label: &str) -> Result<Secret<[u8; 32]>, KeyError> {
        Ok(derive_key(self.bytes(), &[b"root key", label.as_bytes()]))
    }
}

/// Opens an envelope that holds exactly one 32-byte key.
fn open_key(
    key: &[u8; 32],
    binding: &Binding<'_>,
    wrapped: &WrappedKey,
) -> Result<Secret<[u8; 32]>, OpenError> {
    let body = envelope::open(key, binding, &wrapped.0)?;
    let bytes: &[u8; 32] = body.as_slice().try_into().map_err(|_| OpenError)?;
    Ok(Secret::filled(|key| key.copy_from_slice(bytes)))
}

/// A key as it is stored: sealed under the key above it. Not a secret by itself.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedKey(Vec<u8>);

impl WrappedKey {
    /// Takes stored bytes back. Whether they are sound shows when they are unwrapped.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes to store, without a copy.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrappedKey({} bytes)", self.0.len())
    }
}
