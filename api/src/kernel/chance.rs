//! Randomness, handed in. One generator for the process, seeded by the operating system; tests may seed it themselves.

use std::sync::{Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{CryptoRng, SeedableRng};

/// The source of nonces, keys, ids and handles.
pub struct Chance(Mutex<StdRng>);

impl Chance {
    /// Seeded by the operating system.
    pub fn system() -> Self {
        Self(Mutex::new(rand::make_rng()))
    }

    /// Repeatable: for tests and for nothing else.
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }

    /// Lends the generator.
    pub fn with<T>(&self, work: impl FnOnce(&mut dyn CryptoRng) -> T) -> T {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut *rng)
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.with(|rng| rng.fill_bytes(&mut out));
        out
    }
}
