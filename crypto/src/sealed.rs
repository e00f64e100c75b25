//! Sealed fields: one personal value, padded, encrypted under its person's data key and bound to the place it
//! stands in. The layout of the bytes is in `envelope.rs` and, for other programs, in the README.

use rand::CryptoRng;

pub use crate::envelope::{OVERHEAD, OpenError};
use crate::{
    envelope::{self, Binding},
    keys::DataKey,
    pad::{self, Pad},
    secret::Secret,
};

/// XChaCha20-Poly1305, HKDF-SHA-256 subkeys, HMAC-SHA-256 commitment, padded.
const SUITE: &str = "relink.field.1";

/// Where a sealed value stands. A value opens in exactly this place and in no other.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The society that holds the record.
    pub society: [u8; 16],
    /// The table, by its name in the schema.
    pub table: &'a str,
    /// The column, by its name in the schema.
    pub column: &'a str,
    /// The id of the row.
    pub row: [u8; 16],
    /// The version of the row, raised by each write, so that an older value put back does not open.
    pub row_version: u64,
    /// The version of the *person's data key*. Not that of the society key: rewrapping a data key under a newer
    /// society key must leave its sealed fields as they are.
    pub key_version: u32,
}

/// Seals `plaintext` for `place` under a person's data key.
///
/// # Format
/// `version (1) | nonce (24) | commitment (32) | ciphertext | tag (16)`: [`OVERHEAD`] bytes more than
/// [`Pad::bucket`] says for the value's length.
///
/// # Panics
/// When `plaintext` is longer than [`pad::MAX_PLAINTEXT`] (1 GiB).
///
/// # Security
/// The result shows the size bucket and nothing else; equal values never look alike. Seal an absent value too
/// wherever its absence would tell something.
pub fn seal(
    key: &DataKey,
    place: &Place<'_>,
    plaintext: &[u8],
    pad: Pad,
    rng: &mut dyn CryptoRng,
) -> Vec<u8> {
    bound(place, |binding| envelope::seal(key.bytes(), binding, plaintext, Some(pad), rng))
}

/// Opens a value sealed for `place`.
///
/// # Errors
/// [`OpenError`], one opaque answer: other key, place, row version or key version, cut, extended or changed bytes
/// are not told apart.
///
/// # Security
/// Never log the result. Prefer passing it straight to the page or the matcher.
#[must_use = "an unopened value must not be treated as empty"]
pub fn open(key: &DataKey, place: &Place<'_>, sealed: &[u8]) -> Result<Secret<Vec<u8>>, OpenError> {
    let mut value = bound(place, |binding| envelope::open(key.bytes(), binding, sealed))
        .and_then(|padded| pad::strip(padded).ok_or(OpenError))?;
    Ok(Secret::new(std::mem::take(&mut *value)))
}

fn bound<R>(place: &Place<'_>, act: impl FnOnce(&Binding<'_>) -> R) -> R {
    act(&Binding {
        suite: SUITE,
        scope: &[place.table.as_bytes(), place.column.as_bytes()],
        place: &[
            &place.society,
            &place.row,
            &place.row_version.to_be_bytes(),
            &place.key_version.to_be_bytes(),
        ],
    })
}
