//! The one construction under every seal and every wrapped key: XChaCha20-Poly1305 with subkeys per message and a
//! key commitment.
//!
//! ```text
//! version (1) | nonce (24) | commitment (32) | ciphertext | tag (16)
//!
//! K_enc (32) ‖ K_com (32) = HKDF-SHA-256(ikm = key, salt = nonce, info = frame(suite, scope…))
//! associated data         = frame(version, suite, scope…, place…)
//! commitment              = HMAC-SHA-256(K_com, associated data)
//! ```
//!
//! XChaCha20-Poly1305 alone lets somebody build one ciphertext that opens under two keys; the commitment, checked
//! first and in constant time, makes a message belong to one key, one nonce and one place.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{AeadInOut, inout::InOutBuf},
};
use rand::CryptoRng;
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    derive::{frame, hmac_sha256, pair},
    pad::{self, Pad},
    random,
};

/// The first byte of everything sealed. Another construction gets another number and a reader of its own.
const VERSION: u8 = 1;
const NONCE: usize = 24;
const COMMITMENT: usize = 32;
const TAG: usize = 16;

/// Bytes that a seal adds to the padded value.
pub const OVERHEAD: usize = 1 + NONCE + COMMITMENT + TAG;

/// The value did not open. Unknown key, other place, cut, extended or changed bytes are deliberately one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the sealed value does not open")]
pub struct OpenError;

/// What a message is bound to. `scope` also separates the subkeys; `place` is authenticated only.
pub(crate) struct Binding<'a> {
    /// Names the construction and the purpose, so that no message of one kind is ever taken for another.
    pub(crate) suite: &'static str,
    pub(crate) scope: &'a [&'a [u8]],
    pub(crate) place: &'a [&'a [u8]],
}

impl Binding<'_> {
    fn subkeys(&self, key: &[u8; 32], nonce: &[u8; NONCE]) -> Zeroizing<[[u8; 32]; 2]> {
        let mut parts = vec![self.suite.as_bytes()];
        parts.extend_from_slice(self.scope);
        pair(key, nonce, &frame(&parts))
    }

    fn associated_data(&self) -> Vec<u8> {
        let mut parts: Vec<&[u8]> = vec![&[VERSION], self.suite.as_bytes()];
        parts.extend_from_slice(self.scope);
        parts.extend_from_slice(self.place);
        frame(&parts)
    }
}

/// Seals `plaintext`, padded to a bucket or, with `None`, as long as it is.
pub(crate) fn seal(
    key: &[u8; 32],
    binding: &Binding<'_>,
    plaintext: &[u8],
    pad: Option<Pad>,
    rng: &mut dyn CryptoRng,
) -> Vec<u8> {
    let nonce = random::bytes::<NONCE>(rng);
    let keys = binding.subkeys(key, &nonce);
    let [encrypting, committing] = &*keys;
    let associated = binding.associated_data();

    let body = pad.map_or(plaintext.len(), |pad| pad.bucket(plaintext.len()));
    let mut sealed = Vec::with_capacity(OVERHEAD + body);
    sealed.push(VERSION);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&hmac_sha256(committing, &associated));
    let head = sealed.len();
    match pad {
        Some(pad) => pad::append(&mut sealed, plaintext, pad),
        None => sealed.extend_from_slice(plaintext),
    }
    let (_, body) = sealed.split_at_mut(head);
    #[expect(
        clippy::expect_used,
        reason = "the cipher refuses only messages past 256 GiB, and padding stops at 1 GiB"
    )]
    let tag = XChaCha20Poly1305::new(encrypting.into())
        .encrypt_inout_detached(&XNonce::from(nonce), &associated, InOutBuf::from(body))
        .expect("the message is shorter than 256 GiB");
    sealed.extend_from_slice(&tag);
    sealed
}

/// Opens what [`seal`] made for the same key and binding, still padded.
pub(crate) fn open(
    key: &[u8; 32],
    binding: &Binding<'_>,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let (version, rest) = sealed.split_first().ok_or(OpenError)?;
    let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or(OpenError)?;
    let (commitment, rest) = rest.split_first_chunk::<COMMITMENT>().ok_or(OpenError)?;
    let (ciphertext, tag) = rest.split_last_chunk::<TAG>().ok_or(OpenError)?;
    if *version != VERSION {
        return Err(OpenError);
    }
    let keys = binding.subkeys(key, nonce);
    let [encrypting, committing] = &*keys;
    let associated = binding.associated_data();
    if !bool::from(hmac_sha256(committing, &associated).ct_eq(commitment)) {
        return Err(OpenError);
    }
    let mut body = Zeroizing::new(ciphertext.to_vec());
    XChaCha20Poly1305::new(encrypting.into())
        .decrypt_inout_detached(
            &XNonce::from(*nonce),
            &associated,
            InOutBuf::from(body.as_mut_slice()),
            tag.into(),
        )
        .map_err(|_| OpenError)?;
    Ok(body)
}
