//! The Merkle tree of the audit log, hashed as in RFC 6962 section 2.1 and RFC 9162 section 2.1, so that any
//! certificate-transparency tool can check our proofs.
//!
//! ```text
//! leaf hash = SHA-256(0x00 ‖ leaf)        node hash = SHA-256(0x01 ‖ left ‖ right)        empty tree = SHA-256("")
//! ```
//! *Level* 0 is the leaves; the node `(level, index)` covers leaves `index · 2^level` to
//! `(index + 1) · 2^level - 1` and exists once all of them do. Such nodes never change and may be stored.

mod frontier;
mod proof;

pub use frontier::{BadFrontier, Frontier};
pub use proof::{ProofError, consistency_proof, inclusion_proof, verify_consistency, verify_inclusion};

use crate::derive::sha256;

/// A SHA-256 hash: of a leaf, of a node, or the root.
pub type Hash = [u8; 32];

/// The hash of one leaf's bytes.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    sha256(&[&[0], leaf])
}

/// The hash of the node above `left` and `right`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// The root over all `leaves`, given as leaf hashes in order.
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => sha256(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&root(left), &root(right))
        }
    }
}
