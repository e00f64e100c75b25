//! Parameters from evidence: edit costs from pairs of spellings, weights of rungs from decided pairs or from pairs
//! nobody has decided.
//!
//! Learning never happens behind anybody's back: it turns examples into a text a person can read, compare and ship
//! as a new version.

mod costs;
mod estimate;
pub(crate) mod tally;
mod weights;

pub use costs::{SpellingPair, edit_costs};
pub use estimate::{Candidates, Estimate, EstimateError, estimate};
pub use weights::{Decided, Gathered, RefineError, refine};

/// Whether a learned model may bear this version name: one word, as its file is read, and not the name of the model it
/// came from, whose scores would pass for its own.
pub(crate) fn is_new_version(model: &crate::Model, version: &str) -> bool {
    let one_word = !version.is_empty() && !version.contains(|c: char| c.is_whitespace() || c == '#');
    one_word && version != model.version()
}
