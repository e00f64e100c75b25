//! Randomness, handed in. One generator for the process, seeded by the operating system; tests may seed it themselves.

use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rand::rngs::StdRng;
use rand::{CryptoRng, Rng, SeedableRng, TryCryptoRng, TryRng};

/// The source of nonces, keys, ids and handles.
pub struct Chance {
    rng: Mutex<StdRng>,
    /// The millisecond in which the last id was made, and its tail.
    last: Mutex<(u64, u128)>,
}

/// Bits of an id that say nothing about when it was made.
const TAIL: u32 = 74;

impl Chance {
    /// Seeded by the operating system.
    pub fn system() -> Self {
        Self::of(rand::make_rng())
    }

    /// Repeatable: for tests and for nothing else.
    pub fn seeded(seed: u64) -> Self {
        Self::of(StdRng::seed_from_u64(seed))
    }

    fn of(rng: StdRng) -> Self {
        Self { rng: Mutex::new(rng), last: Mutex::new((0, 0)) }
    }

    /// The 74 random bits at the end of an id made in this millisecond. Those of one millisecond rise, so that records made
    /// one after the other sort so (RFC 9562, section 6.2, method 2): the steps between them are random too.
    pub fn tail(&self, millis: u64) -> u128 {
        let random = u128::from_be_bytes(self.bytes());
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let tail = match last.0 == millis {
            true => last.1.wrapping_add((random >> 88) + 1),
            // The first bit stays free, so that nothing of this millisecond runs over.
            false => random >> (u128::BITS - TAIL + 1),
        };
        *last = (millis, tail);
        tail
    }

    /// Lends the generator. It is held for each draw and let go between them, so threads that seal at once wait for
    /// bytes and not for each other's ciphers.
    pub fn with<T>(&self, work: impl FnOnce(&mut dyn CryptoRng) -> T) -> T {
        work(&mut Draws(self))
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.turn().fill_bytes(&mut out);
        out
    }

    fn turn(&self) -> MutexGuard<'_, StdRng> {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The generator as whoever draws from it sees it.
struct Draws<'a>(&'a Chance);

impl TryRng for Draws<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.0.turn().next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.turn().next_u64())
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.0.turn().fill_bytes(out);
        Ok(())
    }
}

impl TryCryptoRng for Draws<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lending_the_generator_draws_what_it_would_give_itself() {
        let (lent, own) = (Chance::seeded(7), Chance::seeded(7));
        let lent: [[u8; 24]; 3] = lent.with(|rng| {
            std::array::from_fn(|_| {
                let mut out = [0; 24];
                rng.fill_bytes(&mut out);
                out
            })
        });
        assert_eq!(lent, [own.bytes(), own.bytes(), own.bytes()]);
    }

    #[test]
    fn what_is_made_in_one_millisecond_rises_and_fits() {
        let chance = Chance::seeded(7);
        let tails: Vec<u128> = (0..10_000).map(|_| chance.tail(1)).collect();
        assert!(tails.is_sorted_by(|one, next| one < next));
        assert!(tails.iter().all(|tail| *tail < 1 << TAIL));
        assert!((2..100).any(|millis| chance.tail(millis) < tails[0]), "another millisecond begins anywhere");
    }

    #[test]
    fn two_threads_may_draw_within_each_other_and_never_the_same() {
        let chance = Chance::seeded(7);
        let inner = chance.with(|_| std::thread::scope(|s| s.spawn(|| chance.bytes::<24>()).join().ok()));
        assert!(inner.is_some_and(|inner| inner != chance.bytes()));
    }
}
