//! The audit log: who did or saw what, when and why. Written before anything is read.
//!
//! ```text
//! deed:  one transaction { the deed, its leaf }                                    Audit::append
//! look:  queue ─► writer thread ─► one transaction for many leaves ─► Receipt      Audit::look
//! leaves ─► Merkle tree (RFC 6962) ─► signed checkpoints (C2SP), in the database and outside it
//! ```
//! Leaves carry ids, classes, purpose, decision and counts: never a value or a search term. If a leaf cannot be
//! written the answer is 503 and no plaintext leaves.

mod leaf;
mod log;
mod writer;

pub use leaf::{Decision, Event, Leaf, LeafError};
pub use log::Audit;
