//! Randomness is handed in, so that a test can choose it and a reader sees who needs it.
//!
//! Every function that draws takes `rng: &mut dyn CryptoRng`: any generator of the `rand` crate marked as
//! cryptographically secure fits, and so does a hardware source. In service, pass the operating system's generator
//! or one seeded from it. A generator that repeats itself breaks every promise of this crate.

pub use rand::CryptoRng;

/// `N` random bytes that are not secret, such as a nonce or a salt.
pub(crate) fn bytes<const N: usize>(rng: &mut dyn CryptoRng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}
