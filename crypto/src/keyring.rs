//! Who keeps the root key. The trait is shaped so that a hardware module can stand behind it: the root key is used
//! inside and never handed out.

use rand::CryptoRng;
use thiserror::Error;

use crate::{
    keys::{SocietyKey, WrappedKey},
    secret::Secret,
};

/// What can go wrong with keys. No message carries key material, a passphrase or file content.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// Nothing stands at the given path.
    #[error("there is no key file at this path")]
    Missing,
    /// Something stands there already; a key file is never overwritten.
    #[error("something stands at this path already, and key files are never overwritten")]
    Exists,
    /// Others than the owner may read or write the file.
    #[error("the key file is open to others than its owner; set its mode to 0600")]
    Permissions,
    /// The file is not one of ours, or is damaged.
    #[error("the key file is malformed: {0}")]
    Malformed(&'static str),
    /// The file is protected by a passphrase and none was given.
    #[error("the key file is protected by a passphrase, and none was given")]
    PassphraseNeeded,
    /// A passphrase was given for a file that has none: the operator believes in a protection that is not there.
    #[error("a passphrase was given, but the key file is not protected by one")]
    PassphraseUnused,
    /// The passphrase chosen for a new file is too short.
    #[error("the passphrase is too short; at least 15 characters are accepted")]
    PassphraseTooShort,
    /// The passphrase does not open the file.
    #[error("the passphrase does not fit, or the key file was altered")]
    WrongPassphrase,
    /// Argon2id cannot run with these costs, or we refuse to wait for them.
    #[error("the Argon2id costs are outside what is accepted: {0}")]
    Cost(&'static str),
    /// The wrapped key or secret does not open here.
    #[error("the wrapped key does not open under this root key for this use")]
    Unopenable,
    /// The society key belongs to another society or version than the caller says.
    #[error("the society key belongs to another society or version")]
    OtherSociety,
    /// The keeper itself, such as a hardware module, cannot be reached now.
    #[error("the keeper of the root key is not available")]
    Unavailable,
    /// The file system refused.
    #[error("the key file cannot be read or written: {0}")]
    Io(std::io::ErrorKind),
}

/// Keeps the root key and does with it what is needed; the key itself never comes out.
///
/// Implementations are shared between threads, hence `Send + Sync`, and the trait can be used as
/// `Box<dyn RootKeeper>`.
pub trait RootKeeper: Send + Sync {
    /// Wraps the key of `society` in its `version`, to be stored.
    ///
    /// # Errors
    /// [`KeyError::OtherSociety`] when `key` was made for another society or version;
    /// [`KeyError::Unavailable`] when the keeper cannot be reached.
    fn wrap_society_key(
        &self,
        society: [u8; 16],
        version: u32,
        key: &SocietyKey,
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, KeyError>;

    /// Unwraps the key of `society` in its `version`.
    ///
    /// # Errors
    /// [`KeyError::Unopenable`] when it was wrapped for another society, version or root, or altered;
    /// [`KeyError::Unavailable`] when the keeper cannot be reached.
    fn unwrap_society_key(
        &self,
        society: [u8; 16],
        version: u32,
        wrapped: &WrappedKey,
    ) -> Result<SocietyKey, KeyError>;

    /// Wraps a secret that is no society key, such as a signing key, under a `label` that names its use.
    ///
    /// # Errors
    /// [`KeyError::Unavailable`] when the keeper cannot be reached.
    fn wrap_secret(
        &self,
        label: &str,
        secret: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, KeyError>;

    /// Unwraps a secret wrapped under the same `label`.
    ///
    /// # Errors
    /// [`KeyError::Unopenable`] when it was wrapped under another label or root, or altered;
    /// [`KeyError::Unavailable`] when the keeper cannot be reached.
    fn unwrap_secret(&self, label: &str, wrapped: &WrappedKey) -> Result<Secret<Vec<u8>>, KeyError>;

    /// A key for the use that `label` names, always the same for the same root and label.
    ///
    /// # Errors
    /// [`KeyError::Unavailable`] when the keeper cannot be reached.
    fn derive(&self, label: &str) -> Result<Secret<[u8; 32]>, KeyError>;
}
