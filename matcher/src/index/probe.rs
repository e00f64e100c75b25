//! What the vocabulary knows of a query's words: every near word with how near it is, and how rare both are.

use std::sync::Arc;

use super::Index;
use crate::likeness::Likeness;
use crate::person::Word;
use crate::population::Rarity;
use crate::vocabulary::{Near, Vocabulary, WordId};

/// A word of the query with what the vocabulary knows of it.
pub(super) struct Probe {
    own: Option<WordId>,
    near: Arc<[Near]>,
    pub(super) rarity: Rarity,
}

impl Probe {
    pub(super) fn of_all(index: &Index, vocabulary: &Vocabulary, words: &[Word]) -> Vec<Self> {
        let probe = |word: &Word| {
            let own = vocabulary.find(&word.folded);
            let (near, bearers) = own.map_or_else(|| vocabulary.unknown(word), |id| vocabulary.known(id));
            Self { own, near, rarity: index.population.rarity(&index.model.numbers, &bearers) }
        };
        words.iter().map(probe).collect()
    }

    /// The word itself, where it is known, and every near word.
    pub(super) fn reached(&self) -> impl Iterator<Item = (WordId, Likeness)> {
        let near = self.near.iter().map(|near| (near.id(), near.likeness()));
        self.own.map(|id| (id, Likeness::Same)).into_iter().chain(near)
    }
}

const END: u32 = u32::MAX;

/// A near word of a query's word, and the next one of the same place in the table.
#[derive(Clone, Copy)]
struct Link {
    word: WordId,
    probe: u8,
    likeness: Likeness,
    next: u32,
}

/// For every word of the vocabulary the query's words it is near to: a table as large as the query's near words, not
/// as the vocabulary, so that it stays in the fastest memory.
pub(super) struct Links {
    heads: Vec<u32>,
    links: Vec<Link>,
    shift: u32,
}

impl Links {
    pub(super) fn of(probes: &[Probe]) -> Self {
        let count: usize = probes.iter().map(|probe| probe.near.len() + 1).sum();
        let bits = (count * 2).next_power_of_two().trailing_zeros().max(4);
        let mut links =
            Self { heads: vec![END; 1 << bits], links: Vec::with_capacity(count), shift: 32 - bits };
        for (number, probe) in (0u8..).zip(probes) {
            for (word, likeness) in probe.reached() {
                let at = links.place(word);
                let link = u32::try_from(links.links.len()).unwrap_or(END);
                if let Some(head) = links.heads.get_mut(at) {
                    links.links.push(Link { word, probe: number, likeness, next: *head });
                    *head = link;
                }
            }
        }
        links
    }

    fn place(&self, word: WordId) -> usize {
        (word.0.wrapping_mul(0x9E37_79B1) >> self.shift) as usize
    }

    /// The query's words a word is near to, by number, each with how near.
    pub(super) fn to(&self, word: WordId) -> impl Iterator<Item = (u8, Likeness)> {
        let mut at = self.heads.get(self.place(word)).copied().unwrap_or(END);
        std::iter::from_fn(move || {
            while let Some(link) = self.links.get(at as usize) {
                at = link.next;
                if link.word == word {
                    return Some((link.probe, link.likeness));
                }
            }
            None
        })
    }
}
