//! Ed25519 signatures (RFC 8032), for checkpoints of the audit log and for sign-in tokens.

use std::fmt;

use ed25519_dalek::Signer;
use rand::CryptoRng;
use thiserror::Error;

use crate::secret::Secret;

/// DER of a PKCS#8 (RFC 5958 version 1, RFC 8410) Ed25519 private key up to the 32 bytes of the seed.
const PKCS8_HEAD: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// The signature does not fit the message and key, or is not in the one accepted form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the signature does not verify")]
pub struct BadSignature;

/// The 32 bytes are not a usable Ed25519 public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a usable Ed25519 public key")]
pub struct BadKey;

/// An Ed25519 signing key, zeroed on drop. It cannot be copied or printed.
pub struct SigningKey(Box<ed25519_dalek::SigningKey>);

impl SigningKey {
    /// A new key from 32 random bytes.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        Self::from_bytes(Secret::<[u8; 32]>::random(rng).expose())
    }

    /// The key whose secret seed (RFC 8032, section 5.1.5) is `seed`.
    pub fn from_bytes(seed: &[u8; 32]) -> Self {
        Self(Box::new(ed25519_dalek::SigningKey::from_bytes(seed)))
    }

    /// The secret seed, to be wrapped by a [`RootKeeper`](crate::RootKeeper) and stored.
    pub fn to_secret_bytes(&self) -> Secret<[u8; 32]> {
        Secret::filled(|seed| seed.copy_from_slice(self.0.as_bytes()))
    }

    /// The key as PKCS#8 DER (RFC 8410, 48 bytes), the form JWT libraries read.
    pub fn to_pkcs8_der(&self) -> Secret<Vec<u8>> {
        let mut der = Vec::with_capacity(PKCS8_HEAD.len() + 32);
        der.extend_from_slice(&PKCS8_HEAD);
        der.extend_from_slice(self.0.as_bytes());
        Secret::new(der)
    }

    /// Signs `message`. Deterministic: the same key and message give the same signature.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    /// The public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}

/// An Ed25519 public key, for checking signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

impl VerifyingKey {
    /// Reads a public key.
    ///
    /// # Errors
    /// [`BadKey`] when the bytes are not a point in its one canonical form, or a point of small order, under which
    /// a signature would prove nothing.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, BadKey> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| BadKey)?;
        let canonical = key.to_edwards().compress().to_bytes() == *bytes;
        if canonical && !key.is_weak() { Ok(Self(key)) } else { Err(BadKey) }
    }

    /// The 32 bytes of the public key.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Checks `signature` over `message`, strictly: no second form of a signature is accepted, and no point of
    /// small order.
    ///
    /// # Errors
    /// [`BadSignature`] for every reason alike.
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), BadSignature> {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.0.verify_strict(message, &signature).map_err(|_| BadSignature)
    }
}
