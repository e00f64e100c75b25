//! The right edge of a growing tree: what must be kept to append the next leaf and to know the root.

use thiserror::Error;

use super::{Hash, node_hash};
use crate::derive::sha256;

/// First byte of the stored form.
const VERSION: u8 = 1;

/// Larger trees than this are refused, so that counting leaves can never overflow.
const MAX_SIZE: u64 = 1 << 62;

/// The bytes are not a stored frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a stored frontier of the audit tree")]
pub struct BadFrontier;

/// The roots of the complete subtrees that make up a tree, largest first: one for every 1 in the binary form of its
/// size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The frontier of the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf by its hash and says which nodes this completed, as `(level, index, hash)`: the leaf itself at
    /// level 0 first, then upwards. Store them all, and any later proof can be built from stored nodes.
    pub fn append(&mut self, leaf: Hash) -> Vec<(u8, u64, Hash)> {
        let (mut level, mut index, mut hash) = (0, self.size, leaf);
        let mut completed = vec![(level, index, hash)];
        while let (1, Some(left)) = (index & 1, self.peaks.last()) {
            hash = node_hash(left, &hash);
            self.peaks.pop();
            level += 1;
            index >>= 1;
            completed.push((level, index, hash));
        }
        self.peaks.push(hash);
        self.size += 1;
        completed
    }

    /// The root of the tree as it stands.
    pub fn root(&self) -> Hash {
        let mut smallest_first = self.peaks.iter().rev();
        match smallest_first.next() {
            None => sha256(&[]),
            Some(last) => smallest_first.fold(*last, |right, left| node_hash(left, &right)),
        }
    }

    /// The stored form: `version (1) | size (8, big-endian) | one hash (32) for every 1 in the size`, largest
    /// subtree first. Every frontier has exactly one.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(9 + 32 * self.peaks.len());
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.size.to_be_bytes());
        bytes.extend(self.peaks.as_flattened());
        bytes
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`BadFrontier`] for an unknown version, a wrong length or a size past 2^62.
    ///
    /// # Security
    /// Nothing here proves the hashes right: compare [`Frontier::root`] with a signed checkpoint.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadFrontier> {
        let (version, rest) = bytes.split_first().ok_or(BadFrontier)?;
        let (size, hashes) = rest.split_first_chunk::<8>().ok_or(BadFrontier)?;
        let (peaks, rest) = hashes.as_chunks::<32>();
        let size = u64::from_be_bytes(*size);
        let fits = *version == VERSION
            && size <= MAX_SIZE
            && rest.is_empty()
            && peaks.len() as u64 == u64::from(size.count_ones());
        if fits { Ok(Self { size, peaks: peaks.to_vec() }) } else { Err(BadFrontier) }
    }
}
