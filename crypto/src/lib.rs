//! Sealing, keys, signatures and the hash tree of the audit log.
//!
//! ```text
//! root key ──wraps──► society key (versioned) ──wraps──► data key (one per person)
//!    │                                                        │ HKDF per table, column and nonce
//!    └─wraps─► signing keys and the like                      └─► sealed field ─ padded, committed, bound to its place
//!
//! audit leaf ──► Frontier ──► root ──► Checkpoint ──► signed note, kept outside the database too
//! ```
//!
//! This crate knows no database, clock or network, and draws no randomness of its own: callers hand in both
//! the bytes and the generator. What each format protects, and what it does not, stands in the README beside it.
#![warn(missing_docs)]

mod base64;
pub mod derive;
mod envelope;
pub mod keyfile;
pub mod keyring;
pub mod keys;
pub mod merkle;
pub mod note;
pub mod pad;
pub mod random;
pub mod sealed;
pub mod secret;
pub mod signing;

pub use keyfile::{Cost, FileKeeper};
pub use keyring::{KeyError, RootKeeper};
pub use keys::{DataKey, RootKey, SocietyKey, WrappedKey};
pub use pad::Pad;
pub use random::CryptoRng;
pub use sealed::{OpenError, Place, open, seal};
pub use secret::Secret;
pub use signing::{SigningKey, VerifyingKey};
