//! The one base64 we speak: standard alphabet, padded, and no second spelling of the same bytes.

use ::base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes, unless the text is malformed or not exactly what [`encode`] would write.
pub(crate) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
    (*Zeroizing::new(encode(&bytes)) == text).then_some(bytes)
}
