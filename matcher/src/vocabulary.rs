//! Every distinct word of the index, once: its sound, its neighbours, how many people bear it in each region.
//!
//! Fuzzy work happens here, once per distinct word and never per record: when a word enters, the words that may be
//! the same name are found by shared keys, measured, and remembered on both sides.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use crate::fold::Folded;
use crate::fold::sound::Sound;
use crate::forms;
use crate::likeness::{Likeness, NEAR_RUNGS};
use crate::person::Word;
use crate::region::{REGIONS, Region};

/// A word of the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct WordId(pub(crate) u32);

/// Words there may be at most: an id shares 32 bits with the roles of a word.
pub(crate) const WORD_IDS: u32 = 1 << 27;

/// A neighbour and how close it is, packed into four bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Near(u32);

impl Near {
    fn new(id: WordId, likeness: Likeness) -> Self {
        Self(id.0 << 3 | likeness as u32)
    }

    pub(crate) fn id(self) -> WordId {
        WordId(self.0 >> 3)
    }

    pub(crate) fn likeness(self) -> Likeness {
        Likeness::from_number(self.0 & 7)
    }
}

/// Bearers of a name in every region and in all.
pub(crate) type Bearers = [u32; REGIONS];

/// Every distinct word, its neighbours and its bearers.
#[derive(Clone, Default)]
pub(crate) struct Vocabulary {
    hasher: DefaultHashBuilder,
    ids: HashTable<u32>,
    words: Vec<(Folded, Sound)>,
    near: Vec<Vec<Near>>,
    bearers: Vec<Bearers>,
    by_key: HashMap<u64, Vec<u32>>,
}

impl Vocabulary {
    /// The id of a word that is known.
    pub(crate) fn find(&self, folded: &Folded) -> Option<WordId> {
        let same = |id: &u32| self.words.get(*id as usize).is_some_and(|(known, _)| known == folded);
        self.ids.find(self.hasher.hash_one(folded), same).copied().map(WordId)
    }

    /// The word behind an id.
    pub(crate) fn word(&self, id: WordId) -> Option<&(Folded, Sound)> {
        self.words.get(id.0 as usize)
    }

    /// Adds a word unless it is known, with `near` its neighbours if the caller measured them already.
    pub(crate) fn add(&mut self, word: &Word) -> WordId {
        if let Some(id) = self.find(&word.folded) {
            return id;
        }
        let near = self.near_of(word);
        let number = u32::try_from(self.words.len()).unwrap_or(WORD_IDS - 1);
        let id = WordId(number);
        for neighbour in &near {
            if let Some(list) = self.near.get_mut(neighbour.id().0 as usize) {
                list.push(Near::new(id, neighbour.likeness()));
            }
        }
        let mut keys = Vec::new();
        word.sound.keys(&mut keys);
        keys.iter().for_each(|key| self.by_key.entry(*key).or_default().push(number));
        let (hasher, words) = (&self.hasher, &self.words);
        let rehash = |id: &u32| words.get(*id as usize).map_or(0, |(folded, _)| hasher.hash_one(folded));
        self.ids.insert_unique(hasher.hash_one(&word.folded), number, rehash);
        self.words.push((word.folded.clone(), word.sound));
        self.near.push(near);
        self.bearers.push([0; REGIONS]);
        id
    }

    /// Words that may be the same name as a word that need not be known; the word itself left out.
    pub(crate) fn near_of(&self, word: &Word) -> Vec<Near> {
        let mut keys = Vec::new();
        word.sound.keys(&mut keys);
        let mut candidates: Vec<u32> =
            keys.iter().filter_map(|key| self.by_key.get(key)).flatten().copied().collect();
        candidates.sort_unstable();
        candidates.dedup();
        let measured = candidates.into_iter().filter_map(|number| {
            let (folded, sound) = self.words.get(number as usize)?;
            let likeness = Likeness::of(&word.folded, &word.sound, folded, sound, true)?;
            (likeness != Likeness::Same).then(|| Near::new(WordId(number), likeness))
        });
        let mut near: Vec<Near> = measured.collect();
        for form in forms::of(&word.folded.text) {
            for abjad in [false, true] {
                let folded = Folded { text: form.to_owned(), abjad };
                if let Some(id) = self.find(&folded)
                    && folded != word.folded
                    && near.iter().all(|known| known.id() != id)
                {
                    near.push(Near::new(id, Likeness::ShortForm));
                }
            }
        }
        near
    }

    /// The remembered neighbours of a known word.
    pub(crate) fn near(&self, id: WordId) -> &[Near] {
        self.near.get(id.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Counts one more (`true`) or one fewer bearer in a region.
    pub(crate) fn count(&mut self, id: WordId, region: Region, more: bool) {
        if let Some(count) = self.bearers.get_mut(id.0 as usize).and_then(|b| b.get_mut(region.number())) {
            *count = if more { count.saturating_add(1) } else { count.saturating_sub(1) };
        }
    }

    /// Bearers of a word and of its neighbours, summed up to each rung: what a random person's chance is to come this
    /// close by accident.
    pub(crate) fn bearers(&self, own: Option<WordId>, near: &[Near]) -> [Bearers; NEAR_RUNGS] {
        let mut sums = [[0; REGIONS]; NEAR_RUNGS];
        let own = own.map(|id| (id, Likeness::Same));
        for (id, likeness) in own.into_iter().chain(near.iter().map(|near| (near.id(), near.likeness()))) {
            let Some(bearers) = self.bearers.get(id.0 as usize) else { continue };
            // A short form is as rare as the form and its spellings, not as everything loosely similar.
            let from = if likeness == Likeness::ShortForm { NEAR_RUNGS - 1 } else { likeness as usize };
            for sum in sums.iter_mut().skip(from) {
                sum.iter_mut().zip(bearers).for_each(|(sum, more)| *sum += more);
            }
        }
        sums
    }

    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// Bytes held, from capacities.
    pub(crate) fn memory_bytes(&self) -> usize {
        let texts: usize = self.words.iter().map(|(folded, _)| folded.text.capacity()).sum();
        let near: usize = self.near.iter().map(|list| list.capacity() * size_of::<Near>()).sum();
        let keys: usize = self.by_key.values().map(|list| list.capacity() * 4).sum();
        texts
            + near
            + keys
            + self.words.capacity() * size_of::<(Folded, Sound)>()
            + self.near.capacity() * size_of::<Vec<Near>>()
            + self.bearers.capacity() * size_of::<Bearers>()
            + self.by_key.capacity() * (size_of::<(u64, Vec<u32>)>() + 1)
            + self.ids.capacity() * 5
    }
}
