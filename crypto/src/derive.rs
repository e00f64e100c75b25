//! Keys from keys: HKDF-SHA-256 (RFC 5869), HMAC-SHA-256 (RFC 2104) and the one way we join several inputs into one.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use crate::secret::Secret;

/// More output was asked of HKDF-SHA-256 than the 8,160 bytes it can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("HKDF-SHA-256 gives at most 8160 bytes")]
pub struct TooLong;

/// Joins `parts` so that no two different lists give the same bytes: each part is preceded by its length as eight
/// big-endian bytes. Associated data and HKDF infos are built with it, so no separator can be smuggled in.
pub fn frame(parts: &[&[u8]]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(parts.iter().map(|part| 8 + part.len()).sum());
    for part in parts {
        framed.extend_from_slice(&(part.len() as u64).to_be_bytes());
        framed.extend_from_slice(part);
    }
    framed
}

/// SHA-256 of `parts`, one after another without framing.
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// HMAC-SHA-256 (RFC 2104) of `message` under `key`.
///
/// # Security
/// Compare a received code with [`hmac_sha256_matches`], never with `==`.
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    #[expect(
        clippy::expect_used,
        reason = "HMAC hashes a key of any length into its block; there is no wrong one"
    )]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// Whether `code` is the HMAC-SHA-256 of `message` under `key`, compared in constant time.
pub fn hmac_sha256_matches(key: &[u8], message: &[u8], code: &[u8; 32]) -> bool {
    hmac_sha256(key, message).ct_eq(code).into()
}

/// HKDF-SHA-256 (RFC 5869): extract from `ikm` with `salt`, expand with `info` until `out` is full.
///
/// # Errors
/// [`TooLong`] when `out` is longer than 8,160 bytes; `out` is then untouched.
pub fn hkdf_sha256(ikm: &[u8], salt: &[u8], info: &[u8], out: &mut [u8]) -> Result<(), TooLong> {
    let (mut prk, expander) = Hkdf::<Sha256>::extract(Some(salt), ikm);
    prk.as_mut_slice().zeroize();
    expander.expand(info, out).map_err(|_| TooLong)
}

/// A 32-byte key from a 32-byte key: HKDF-SHA-256 with a fixed salt and the framed `label` as info.
///
/// # Security
/// Different labels give unrelated keys. The salt differs in length from every nonce used as a salt when sealing,
/// so a derived key never meets a sealing subkey.
pub fn derive_key(key: &[u8; 32], label: &[&[u8]]) -> Secret<[u8; 32]> {
    Secret::filled(|out| *out = pair(key, b"relink derived key", &frame(label))[0])
}

/// Two independent keys from one, for encrypting and for committing.
pub(crate) fn pair(ikm: &[u8; 32], salt: &[u8], info: &[u8]) -> Zeroizing<[[u8; 32]; 2]> {
    let mut keys = Zeroizing::new([[0; 32]; 2]);
    #[expect(clippy::expect_used, reason = "64 bytes are far below the 8,160 that HKDF-SHA-256 gives")]
    hkdf_sha256(ikm, salt, info, keys.as_flattened_mut()).expect("HKDF gives 64 bytes");
    keys
}
