//! Building and checking proofs: that a leaf is in the tree (inclusion), and that a later tree extends an earlier one
//! without touching it (consistency). RFC 9162 sections 2.1.3 and 2.1.4.

use thiserror::Error;

use super::{Hash, node_hash};
use crate::derive::sha256;

/// Why a proof was not built or not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProofError {
    /// The leaf is not in a tree of this size, or the later tree is the smaller one.
    #[error("the proof asks for something outside the tree")]
    OutOfRange,
    /// The proof has more or fewer hashes than the sizes call for.
    #[error("the proof has the wrong length")]
    WrongLength,
    /// The proof leads to another root.
    #[error("the proof leads to another root")]
    Mismatch,
}

/// The hashes that lead from leaf `index` to the root of the tree of the first `size` leaves, nearest the leaf
/// first. `node` supplies the stored hash of a complete node `(level, index)`.
///
/// # Errors
/// [`ProofError::OutOfRange`] unless `index < size`, and whatever `node` answers.
pub fn inclusion_proof<E: From<ProofError>>(
    index: u64,
    size: u64,
    node: impl Fn(u8, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    if index >= size {
        return Err(ProofError::OutOfRange.into());
    }
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            path.push(range_hash(middle, end, &node)?);
            end = middle;
        } else {
            path.push(range_hash(start, middle, &node)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The hashes that show that the tree of the first `new` leaves begins with the tree of the first `old` leaves.
/// `node` supplies the stored hash of a complete node `(level, index)`. Empty when `old` is 0 or equal to `new`.
///
/// # Errors
/// [`ProofError::OutOfRange`] when `old > new`, and whatever `node` answers.
pub fn consistency_proof<E: From<ProofError>>(
    old: u64,
    new: u64,
    node: impl Fn(u8, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    if old > new {
        return Err(ProofError::OutOfRange.into());
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let (mut start, mut end) = (0, new);
    let mut path = Vec::new();
    while end > old {
        let middle = start + split(end - start);
        if old <= middle {
            path.push(range_hash(middle, end, &node)?);
            end = middle;
        } else {
            path.push(range_hash(start, middle, &node)?);
            start = middle;
        }
    }
    if start > 0 {
        path.push(range_hash(start, end, &node)?);
    }
    path.reverse();
    Ok(path)
}

/// Checks that the leaf with `leaf_hash` stands at `index` in the tree of `size` leaves with `root`.
///
/// # Errors
/// [`ProofError`], when the proof does not show it.
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf_hash: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    let last = size.checked_sub(1).filter(|&last| index <= last).ok_or(ProofError::OutOfRange)?;
    let mut climb = Climb { node: index, last };
    let mut hash = *leaf_hash;
    for sibling in proof {
        hash = match climb.step()? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    climb.finish()?;
    if hash == *root { Ok(()) } else { Err(ProofError::Mismatch) }
}

/// Checks that the tree of `new_size` leaves with `new_root` extends the tree of `old_size` leaves with `old_root`.
///
/// # Errors
/// [`ProofError`], when the proof does not show it.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old_size > new_size {
        return Err(ProofError::OutOfRange);
    }
    if old_size == 0 || old_size == new_size {
        let expected = if old_size == 0 { &sha256(&[]) } else { new_root };
        return match proof {
            [] if old_root == expected => Ok(()),
            [] => Err(ProofError::Mismatch),
            _ => Err(ProofError::WrongLength),
        };
    }
    // An old tree that is one complete subtree is its own first hash, which the proof then leaves out.
    let (first, rest) = match proof {
        _ if old_size.is_power_of_two() => (old_root, proof),
        [first, rest @ ..] => (first, rest),
        [] => return Err(ProofError::WrongLength),
    };
    let mut climb = Climb { node: old_size - 1, last: new_size - 1 };
    climb.skip_right_edges();
    let (mut old, mut new) = (*first, *first);
    for sibling in rest {
        match climb.step()? {
            Side::Left => {
                old = node_hash(sibling, &old);
                new = node_hash(sibling, &new);
            }
            Side::Right => new = node_hash(&new, sibling),
        }
    }
    climb.finish()?;
    if old == *old_root && new == *new_root { Ok(()) } else { Err(ProofError::Mismatch) }
}

/// Where the next sibling stands.
enum Side {
    Left,
    Right,
}

/// The walk from a node up to the root, with `last` the last node of the same level.
struct Climb {
    node: u64,
    last: u64,
}

impl Climb {
    /// Goes up past the next sibling.
    fn step(&mut self) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::WrongLength);
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            // The last node of a level has no right sibling and rises until it is one itself.
            while self.node & 1 == 0 && self.node != 0 {
                self.up();
            }
            Side::Left
        } else {
            Side::Right
        };
        self.up();
        Ok(side)
    }

    /// Goes up while the node is a right child: its whole subtree is complete in both trees.
    fn skip_right_edges(&mut self) {
        while self.node & 1 == 1 {
            self.up();
        }
    }

    fn up(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }

    fn finish(&self) -> Result<(), ProofError> {
        if self.last == 0 { Ok(()) } else { Err(ProofError::WrongLength) }
    }
}

/// The largest power of two below `size`, which must be 2 or more.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// The hash over the leaves `start..end`, which must not be empty and must begin where a subtree of its size begins.
fn range_hash<E>(start: u64, end: u64, node: &impl Fn(u8, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    let size = end - start;
    if size.is_power_of_two() {
        let level = size.trailing_zeros();
        return node(level as u8, start >> level);
    }
    let middle = start + split(size);
    Ok(node_hash(&range_hash(start, middle, node)?, &range_hash(middle, end, node)?))
}
