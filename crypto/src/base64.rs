//! The one base64 we speak: standard alphabet, padded, and no second spelling of the same bytes.

use ::base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes. The engine refuses missing padding and stray low bits, so only what [`encode`] writes is read.
pub(crate) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    STANDARD.decode(text).ok().map(Zeroizing::new)
}
