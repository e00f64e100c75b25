//! The audit log: who did or saw what, when and why. Written before anything is read.
//!
//! ```text
//! deed:  one transaction { the deed, its leaf }                                    Audit::append
//! look:  queue ─► writer thread ─► one transaction for many leaves ─► Receipt      Audit::look
//! leaves ─► Merkle tree (RFC 6962) ─► signed checkpoints (C2SP), in the database and outside it
//! ```
//! Leaves carry ids, classes, purpose, decision and counts: never a value or a search term. If a leaf cannot be
//! written the answer is 503 and no plaintext leaves; past an account's budget it is 429, and the leaf says so. The signer refuses to sign a log that shrank or was rewritten, and
//! [`verify`] recomputes everything; reading the log needs the receipt of a leaf that says so.

mod append;
mod background;
mod budget;
mod folder;
mod leaf;
mod log;
pub mod read;
mod signer;
mod tree;
mod verify;
mod writer;

pub use background::Verification;
pub use folder::Folder;
pub use leaf::{Decision, Event, Leaf, LeafError};
pub use log::{Audit, held_verifying_key};
pub use read::{Entry, Proof, Span};
pub use signer::{Refusal, Signed};
pub use verify::{Finding, Progress, Report, Trust, Whence, verify, verify_view};
