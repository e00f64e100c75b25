//! What must hold for every key, value, place and tree, and not only for chosen examples.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is how a promise is seen to be broken")]

mod keyfile;
mod keys;
mod merkle;
mod note;
mod sealed;
mod secret;

use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

/// A generator that a failing case can be replayed with.
fn rng() -> impl Strategy<Value = StdRng> {
    any::<u64>().prop_map(StdRng::seed_from_u64)
}
