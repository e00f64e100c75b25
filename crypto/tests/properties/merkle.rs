//! The tree: every proof for every size up to 300 is believed, and no altered one.

use std::{collections::HashMap, ops::Range};

use crypto::merkle::{
    Frontier, Hash, ProofError, consistency_proof, inclusion_proof, leaf_hash, node_hash, root,
    verify_consistency, verify_inclusion,
};
use proptest::prelude::*;

const SIZES: Range<u64> = 1..300;

/// A log that keeps every completed node, as the audit table does.
#[derive(Default)]
struct Log {
    frontier: Frontier,
    leaves: Vec<Hash>,
    nodes: HashMap<(u8, u64), Hash>,
    roots: Vec<Hash>,
}

impl Log {
    fn of(size: u64) -> Self {
        let mut log = Self { roots: vec![Frontier::new().root()], ..Self::default() };
        for leaf in 0..size {
            let leaf = leaf_hash(&leaf.to_be_bytes());
            log.leaves.push(leaf);
            for (level, index, hash) in log.frontier.append(leaf) {
                assert!(log.nodes.insert((level, index), hash).is_none(), "a node completes once");
            }
            log.roots.push(log.frontier.root());
        }
        log
    }

    fn node(&self, level: u8, index: u64) -> Result<Hash, ProofError> {
        self.nodes.get(&(level, index)).copied().ok_or(ProofError::OutOfRange)
    }

    fn inclusion(&self, index: u64, size: u64) -> Vec<Hash> {
        inclusion_proof(index, size, |level, index| self.node(level, index)).unwrap()
    }

    fn consistency(&self, old: u64, new: u64) -> Vec<Hash> {
        consistency_proof(old, new, |level, index| self.node(level, index)).unwrap()
    }

    fn root(&self, size: u64) -> &Hash {
        &self.roots[size as usize]
    }
}

/// Every proof that differs from `proof` in one way: a bit of one hash, one hash more, fewer, doubled or swapped.
fn alterations(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let mut all = vec![[proof, &[[0; 32]]].concat(), [&[[0; 32]], proof].concat()];
    for at in 0..proof.len() {
        let mut flipped = proof.to_vec();
        flipped[at][at % 32] ^= 1 << (at % 8);
        let mut dropped = proof.to_vec();
        let hash = dropped.remove(at);
        let mut doubled = proof.to_vec();
        doubled.insert(at, hash);
        all.extend([flipped, dropped, doubled]);
        if at > 0 {
            let mut swapped = proof.to_vec();
            swapped.swap(at - 1, at);
            all.push(swapped);
        }
    }
    all
}

#[test]
fn the_frontier_agrees_with_the_tree_built_at_once() {
    let log = Log::of(SIZES.end);
    for size in 0..=SIZES.end {
        assert_eq!(*log.root(size), root(&log.leaves[..size as usize]), "size {size}");
    }
}

#[test]
fn stored_nodes_are_the_hashes_of_their_children() {
    let log = Log::of(SIZES.end);
    for (&(level, index), hash) in &log.nodes {
        let expected = match level.checked_sub(1) {
            None => log.leaves[index as usize],
            Some(below) => node_hash(&log.nodes[&(below, 2 * index)], &log.nodes[&(below, 2 * index + 1)]),
        };
        assert_eq!(*hash, expected, "node {level}/{index}");
    }
}

#[test]
fn every_leaf_is_proved_in_every_size() {
    let log = Log::of(SIZES.end);
    for size in SIZES {
        for index in 0..size {
            let (leaf, proof) = (&log.leaves[index as usize], log.inclusion(index, size));
            assert_eq!(
                verify_inclusion(index, size, leaf, &proof, log.root(size)),
                Ok(()),
                "{index} in {size}"
            );
        }
    }
}

#[test]
fn no_altered_inclusion_proof_is_believed() {
    let log = Log::of(SIZES.end);
    for size in SIZES {
        // Every leaf of the small trees; first, middle, last and their neighbours of the large ones.
        let chosen = [0, 1, size / 2, size.saturating_sub(2), size - 1];
        for index in (0..size).filter(|index| size < 40 || chosen.contains(index)) {
            let (leaf, proof, root) =
                (&log.leaves[index as usize], log.inclusion(index, size), log.root(size));
            for altered in alterations(&proof) {
                assert!(verify_inclusion(index, size, leaf, &altered, root).is_err(), "{index} in {size}");
            }
            let (other_leaf, other_root) = (leaf_hash(b"other"), log.root(size + 1));
            assert!(verify_inclusion(index, size, &other_leaf, &proof, root).is_err());
            assert!(verify_inclusion(index, size, leaf, &proof, other_root).is_err());
            assert!(verify_inclusion(index ^ 1, size, leaf, &proof, root).is_err() || size == 1);
            assert!(verify_inclusion(size, size, leaf, &proof, root).is_err());
            assert!(verify_inclusion(index, 0, leaf, &proof, root).is_err());
        }
    }
}

#[test]
fn every_growth_is_proved() {
    let log = Log::of(SIZES.end);
    for new in SIZES {
        for old in 0..=new {
            let proof = log.consistency(old, new);
            let verdict = verify_consistency(old, log.root(old), new, log.root(new), &proof);
            assert_eq!(verdict, Ok(()), "{old} to {new}");
        }
    }
}

#[test]
fn no_altered_growth_is_believed() {
    let log = Log::of(SIZES.end);
    for new in SIZES {
        let chosen = [0, 1, new / 2, new.next_power_of_two() / 2, new.saturating_sub(1), new];
        for old in (0..=new).filter(|old| new < 40 || chosen.contains(old)) {
            let proof = log.consistency(old, new);
            let (old_root, new_root) = (log.root(old), log.root(new));
            for altered in alterations(&proof) {
                assert!(
                    verify_consistency(old, old_root, new, new_root, &altered).is_err(),
                    "{old} to {new}"
                );
            }
            let wrong = leaf_hash(b"forked");
            assert!(verify_consistency(old, &wrong, new, new_root, &proof).is_err(), "{old} to {new}");
            // The empty tree is the beginning of every log: it says nothing of the later root.
            assert!(
                verify_consistency(old, old_root, new, &wrong, &proof).is_err() || old == 0,
                "{old} to {new}"
            );
            if old < new {
                assert!(
                    verify_consistency(new, new_root, old, old_root, &proof).is_err(),
                    "a log may not shrink"
                );
            }
        }
    }
}

/// The hashes fit here; only the number of steps betrays the lie.
#[test]
fn a_node_is_not_taken_for_a_leaf_nor_a_tree_for_another_size() {
    let log = Log::of(300);
    for size in 2..300 {
        let (leaf, proof, root) = (&log.leaves[0], log.inclusion(0, size), log.root(size));
        assert_eq!(verify_inclusion(0, size, root, &[], root), Err(ProofError::WrongLength), "root as leaf");
        let parent = node_hash(leaf, &proof[0]);
        let verdict = verify_inclusion(0, size, &parent, &proof[1..], root);
        assert_eq!(verdict, Err(ProofError::WrongLength), "parent as leaf in {size}");
        assert_eq!(verify_inclusion(0, 1, leaf, &proof, root), Err(ProofError::WrongLength), "{size} as 1");

        let growth = log.consistency(1, size);
        let (old, wider) = (log.root(1), 2 * size.next_power_of_two());
        assert_eq!(verify_consistency(1, old, wider, root, &growth), Err(ProofError::WrongLength));
        if size > 2 {
            assert_eq!(verify_consistency(1, old, 2, root, &growth), Err(ProofError::WrongLength));
        }
    }
}

#[test]
fn what_lies_outside_the_tree_is_not_proved() {
    let log = Log::of(8);
    let node = |level, index| log.node(level, index);
    assert_eq!(inclusion_proof(8, 8, node), Err(ProofError::OutOfRange));
    assert_eq!(inclusion_proof(0, 0, node), Err(ProofError::OutOfRange));
    assert_eq!(consistency_proof(9, 8, node), Err(ProofError::OutOfRange));
    assert_eq!(inclusion_proof(0, 9, node), Err(ProofError::OutOfRange), "an unknown node stops the proof");
}

#[test]
fn enormous_sizes_do_no_harm() {
    let node = |level: u8, index: u64| {
        Ok::<_, ProofError>(leaf_hash(&[&[level][..], &index.to_be_bytes()].concat()))
    };
    for size in [u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) + 1] {
        for index in [0, size / 2, size - 1] {
            let proof = inclusion_proof(index, size, node).unwrap();
            assert!(proof.len() <= 64);
            assert_eq!(
                verify_inclusion(index, size, &leaf_hash(b""), &proof, &[0; 32]),
                Err(ProofError::Mismatch)
            );
            if index > 0 {
                let proof = consistency_proof(index, size, node).unwrap();
                assert_eq!(
                    verify_consistency(index, &[0; 32], size, &[1; 32], &proof),
                    Err(ProofError::Mismatch)
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn a_stored_frontier_goes_on_where_it_stopped(size in 0..2000u64, more in 1..20u64) {
        let mut kept = Log::of(size).frontier;
        let bytes = kept.to_bytes();
        let mut read = Frontier::from_bytes(&bytes).unwrap();
        prop_assert_eq!(read.to_bytes(), bytes);
        prop_assert_eq!((read.size(), read.root()), (size, kept.root()));
        for leaf in 0..more {
            let leaf = leaf_hash(&leaf.to_be_bytes());
            prop_assert_eq!(read.append(leaf), kept.append(leaf));
        }
        prop_assert_eq!(read, kept);
    }

    #[test]
    fn a_frontier_of_the_wrong_shape_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), size in 0..64u64) {
        let stored = Log::of(size).frontier.to_bytes();
        prop_assert!(Frontier::from_bytes(&stored[..stored.len() - 1]).is_err());
        prop_assert!(Frontier::from_bytes(&[&stored[..], &[0]].concat()).is_err());
        prop_assert!(Frontier::from_bytes(&[&stored[..], &[0; 32]].concat()).is_err());
        let overfull = [&[1][..], &u64::MAX.to_be_bytes(), &[0; 64 * 32]].concat();
        prop_assert!(Frontier::from_bytes(&overfull).is_err(), "no further leaf could be counted");
        if let Ok(read) = Frontier::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }
}
