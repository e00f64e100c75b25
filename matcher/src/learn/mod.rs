//! Parameters from evidence: edit costs from pairs of spellings, weights of rungs from decided pairs.
//!
//! Learning never happens behind anybody's back: it turns examples into a text a person can read, compare and ship
//! as a new version.

mod costs;
mod weights;

pub use costs::{SpellingPair, edit_costs};
pub use weights::{Decided, Gathered, RefineError, refine};
