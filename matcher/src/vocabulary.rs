//! Every distinct word of the index, once: its sound, its neighbours, how many people bear it in each region.
//!
//! Fuzzy work happens here, per distinct word and never per record: words that may be the same name are found by
//! shared keys, measured, and remembered; when words come later, only those are measured.

use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use rayon::prelude::*;

use crate::fold::Folded;
use crate::fold::sound::Sound;
use crate::forms;
use crate::likeness::{Likeness, NEAR_RUNGS};
use crate::person::{Roles, Word};
use crate::region::{REGIONS, Region};
use crate::remembered::Remembered;

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

/// Bearers of a name by region, those of no region known first.
pub(crate) type Bearers = [u32; REGIONS];

/// Bearers of a word and of its neighbours, summed up to each rung.
pub(crate) type Sums = [Bearers; NEAR_RUNGS];

/// Words of which neighbours are remembered.
const REMEMBERED_NEAR: usize = 65_536;
/// Words of which bearers are remembered: those of which it takes longest to sum them up.
const REMEMBERED_SUMS: usize = 8_192;
/// Neighbours from which a sum is worth remembering.
const MANY: usize = 64;

/// Every distinct word, its keys and its bearers.
pub(crate) struct Vocabulary {
    hasher: DefaultHashBuilder,
    ids: HashTable<u32>,
    texts: Texts,
    sounds: Vec<Sound>,
    bearers: Vec<Bearers>,
    /// The newest word of each key; older ones follow by `chains`.
    newest: HashMap<u32, u32, Identity>,
    chains: Vec<Chained>,
    /// Counts whoever came or went, and every new word.
    changes: usize,
    /// Neighbours, as of how many words there were.
    near: Remembered<Arc<[Near]>>,
    /// Bearers, as of how many changes there were.
    sums: Remembered<Sums>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self {
            hasher: DefaultHashBuilder::default(),
            ids: HashTable::default(),
            texts: Texts::default(),
            sounds: Vec::new(),
            bearers: Vec::new(),
            newest: HashMap::default(),
            chains: Vec::new(),
            changes: 0,
            near: Remembered::for_words(REMEMBERED_NEAR),
            sums: Remembered::for_words(REMEMBERED_SUMS),
        }
    }
}

/// A word under a key, and the next older entry of that key.
#[derive(Clone, Copy)]
struct Chained {
    word: u32,
    older: u32,
}

const END: u32 = u32::MAX;

impl Vocabulary {
    /// The id of a word that is known.
    pub(crate) fn find(&self, folded: &Folded) -> Option<WordId> {
        let same = |id: &u32| {
            let abjad = self.sounds.get(*id as usize).map(|sound| sound.abjad);
            self.texts.get(*id) == folded.text && abjad == Some(folded.abjad)
        };
        self.ids.find(self.hash(&folded.text), same).copied().map(WordId)
    }

    fn hash(&self, text: &str) -> u64 {
        self.hasher.hash_one(text)
    }

    /// The word behind an id.
    pub(crate) fn sound(&self, id: WordId) -> Option<&Sound> {
        self.sounds.get(id.0 as usize)
    }

    /// The word behind an id as it would be folded.
    pub(crate) fn word(&self, id: WordId) -> Option<Word> {
        let sound = self.sounds.get(id.0 as usize)?;
        let folded = Folded { text: self.texts.get(id.0).to_owned(), abjad: sound.abjad };
        Some(Word { folded, sound: *sound, roles: Roles::SPARE })
    }

    /// Adds a word unless it is known.
    pub(crate) fn add(&mut self, word: &Word) -> WordId {
        if let Some(id) = self.find(&word.folded) {
            return id;
        }
        let number = u32::try_from(self.sounds.len()).unwrap_or(WORD_IDS - 1);
        for key in word.sound.keys() {
            let entry = u32::try_from(self.chains.len()).unwrap_or(END);
            let older = self.newest.insert(short(key), entry).unwrap_or(END);
            self.chains.push(Chained { word: number, older });
        }
        let (hasher, texts) = (&self.hasher, &self.texts);
        let rehash = |id: &u32| hasher.hash_one(texts.get(*id));
        self.ids.insert_unique(self.hasher.hash_one(&*word.folded.text), number, rehash);
        self.texts.push(&word.folded.text);
        self.sounds.push(word.sound);
        self.bearers.push([0; REGIONS]);
        self.changes = self.changes.wrapping_add(1);
        WordId(number)
    }

    /// Words that may be the same name as a word that need not be known; the word itself left out.
    pub(crate) fn near_of(&self, word: &Word) -> Arc<[Near]> {
        self.near_since(word, None, 0).into()
    }

    /// The neighbours of a known word, measured once and remembered; words that came since are added.
    pub(crate) fn near(&self, id: WordId) -> Arc<[Near]> {
        let known = self.near.get(id);
        let size = self.sounds.len();
        match known {
            Some((measured, near)) if measured == size => near,
            known => {
                let Some(word) = self.word(id) else { return Arc::from([]) };
                let (since, mut near) = known.map_or((0, Vec::new()), |(since, near)| (since, near.to_vec()));
                near.extend(self.near_since(&word, Some(id), since));
                let near: Arc<[Near]> = near.into();
                self.near.put(id, size, Arc::clone(&near));
                near
            }
        }
    }

    /// Puts the words of each key side by side, so that finding a word's neighbours reads on where it is. For after many
    /// words came in; neighbours are the same before and after.
    pub(crate) fn settle(&mut self) {
        let mut chains: Vec<Chained> = Vec::with_capacity(self.chains.len());
        for newest in self.newest.values_mut() {
            let mut at = std::mem::replace(newest, u32::try_from(chains.len()).unwrap_or(END));
            while let Some(entry) = self.chains.get(at as usize) {
                let next = u32::try_from(chains.len() + 1).unwrap_or(END);
                chains.push(Chained { word: entry.word, older: if entry.older == END { END } else { next } });
                at = entry.older;
            }
        }
        self.chains = chains;
    }

    /// Measures the neighbours of the commonest words on all cores, so that the first searches need not.
    pub(crate) fn remember_common(&self) {
        const COMMON: usize = 16_384;
        let borne =
            |id: &u32| self.bearers.get(*id as usize).map_or(0, |bearers| bearers.iter().sum::<u32>());
        let mut words: Vec<u32> = (0u32..).take(self.sounds.len()).collect();
        if words.len() > COMMON {
            words.select_nth_unstable_by_key(COMMON, |id| std::cmp::Reverse(borne(id)));
            words.truncate(COMMON);
        }
        words.into_par_iter().for_each(|id| {
            self.near(WordId(id));
        });
    }

    /// Neighbours among the words numbered `since` and above, of a word that has this number or none.
    fn near_since(&self, word: &Word, own: Option<WordId>, since: usize) -> Vec<Near> {
        let mut candidates: Vec<u32> = Vec::new();
        for key in word.sound.keys() {
            let mut at = self.newest.get(&short(key)).copied().unwrap_or(END);
            while let Some(entry) = self.chains.get(at as usize).filter(|entry| entry.word as usize >= since)
            {
                candidates.push(entry.word);
                at = entry.older;
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        // Asked for all at once: the sounds of a large vocabulary lie in far memory.
        let asked = candidates.iter().filter_map(|number| self.sounds.get(*number as usize));
        std::hint::black_box(asked.fold(0, |sum, sound| sum ^ sound.phonemes().len()));
        let others = candidates.into_iter().filter(|number| own != Some(WordId(*number)));
        let others = others.filter_map(|number| Some((WordId(number), self.sounds.get(number as usize)?)));
        let mut near: Vec<Near> = Vec::new();
        Likeness::of_many(&word.sound, others, |id, likeness| near.push(Near::new(id, likeness)));
        near.sort_unstable_by_key(|near| near.id());
        for form in forms::of(&word.folded.text) {
            for abjad in [false, true] {
                let folded = Folded { text: form.to_owned(), abjad };
                let id = self.find(&folded).filter(|id| folded != word.folded && id.0 as usize >= since);
                let Some(id) = id else { continue };
                match near.iter_mut().find(|known| known.id() == id) {
                    Some(known) if known.likeness() <= Likeness::Similar => {}
                    Some(known) => *known = Near::new(id, Likeness::ShortForm),
                    None => near.push(Near::new(id, Likeness::ShortForm)),
                }
            }
        }
        near
    }

    /// Counts one more (`true`) or one fewer bearer in a region.
    pub(crate) fn count(&mut self, id: WordId, region: Region, more: bool) {
        self.changes = self.changes.wrapping_add(1);
        if let Some(count) = self.bearers.get_mut(id.0 as usize).and_then(|b| b.get_mut(region.number())) {
            *count = if more { count.saturating_add(1) } else { count.saturating_sub(1) };
        }
    }

    /// How many people bear exactly this word.
    pub(crate) fn bearers_of(&self, folded: &Folded) -> Bearers {
        let known = self.find(folded).and_then(|id| self.bearers.get(id.0 as usize));
        known.copied().unwrap_or_default()
    }

    /// The neighbours of a known word and how many bear them, both remembered.
    pub(crate) fn known(&self, id: WordId) -> (Arc<[Near]>, Sums) {
        let near = self.near(id);
        if near.len() < MANY {
            let sums = self.bearers(Some(id), &near);
            return (near, sums);
        }
        let sums = match self.sums.get(id) {
            Some((changes, sums)) if changes == self.changes => sums,
            _ => {
                let sums = self.bearers(Some(id), &near);
                self.sums.put(id, self.changes, sums);
                sums
            }
        };
        (near, sums)
    }

    /// The neighbours of a word that is not known, and how many bear them.
    pub(crate) fn unknown(&self, word: &Word) -> (Arc<[Near]>, Sums) {
        let near = self.near_of(word);
        let sums = self.bearers(None, &near);
        (near, sums)
    }

    /// Bearers of a word and of its neighbours, summed up to each rung: what a random person's chance is to come this
    /// close by accident.
    fn bearers(&self, own: Option<WordId>, near: &[Near]) -> Sums {
        let mut sums = [[0u32; REGIONS]; NEAR_RUNGS];
        let own = own.map(|id| (id, Likeness::Same));
        for (id, likeness) in own.into_iter().chain(near.iter().map(|near| (near.id(), near.likeness()))) {
            let Some(bearers) = self.bearers.get(id.0 as usize) else { continue };
            if let Some(sum) = sums.get_mut(likeness as usize) {
                sum.iter_mut().zip(bearers).for_each(|(sum, more)| *sum += more);
            }
        }
        let mut closer = [0; REGIONS];
        for sum in &mut sums {
            sum.iter_mut().zip(&mut closer).for_each(|(sum, closer)| {
                *sum += *closer;
                *closer = *sum;
            });
        }
        sums
    }

    /// Every word in the order of the ids: its letters, and whether short vowels were not written.
    pub(crate) fn words(&self) -> impl Iterator<Item = (&str, bool)> {
        (0u32..).zip(&self.sounds).map(|(id, sound)| (self.texts.get(id), sound.abjad))
    }

    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.sounds.len()
    }

    /// Bytes held, from capacities.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.texts.memory_bytes()
            + self.near.memory_bytes(|near| near.len() * size_of::<Near>() + 16)
            + self.sums.memory_bytes(|_| 0)
            + self.sounds.capacity() * size_of::<Sound>()
            + self.bearers.capacity() * size_of::<Bearers>()
            + self.newest.capacity() * 9
            + self.chains.capacity() * size_of::<Chained>()
            + self.ids.capacity() * 5
    }
}

/// The letters of all words, one after another.
#[derive(Default)]
struct Texts {
    letters: String,
    ends: Vec<u32>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.letters.push_str(text);
        self.ends.push(u32::try_from(self.letters.len()).unwrap_or(u32::MAX));
    }

    fn get(&self, id: u32) -> &str {
        let end = |id: u32| self.ends.get(id as usize).map_or(0, |end| *end as usize);
        let start = id.checked_sub(1).map_or(0, end);
        self.letters.get(start..end(id)).unwrap_or("")
    }

    fn memory_bytes(&self) -> usize {
        self.letters.capacity() + self.ends.capacity() * size_of::<u32>()
    }
}

/// A key in 32 bits; two keys that collide only cost a measurement more.
fn short(key: u64) -> u32 {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

/// Short keys are hashes already.
#[derive(Clone, Copy, Default)]
struct Identity;

impl BuildHasher for Identity {
    type Hasher = IdentityHasher;

    fn build_hasher(&self) -> IdentityHasher {
        IdentityHasher(0)
    }
}

struct IdentityHasher(u64);

impl Hasher for IdentityHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0 << 8 | u64::from(*byte));
    }

    fn write_u32(&mut self, key: u32) {
        self.0 = u64::from(key).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fold;

    fn word(text: &str) -> Word {
        Word::new(fold::name(text).remove(0), Roles::SPARE)
    }

    /// Spellings of one name, enough of them for their sum to be remembered.
    fn spellings() -> Vec<Word> {
        let vowels = ["a", "e", "i", "o", "u", "aa", "ee"];
        let pairs = vowels.iter().flat_map(|one| vowels.iter().map(move |other| (one, other)));
        pairs.flat_map(|(one, other)| ["", "h"].map(|end| word(&format!("M{one}rk{other}t{end}")))).collect()
    }

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Comes(usize),
        Goes(usize),
        New(usize),
    }

    proptest! {
        /// Whoever comes, goes, or brings a new spelling is in what is remembered of all that are near.
        #[test]
        fn what_is_remembered_of_bearers_is_what_a_count_comes_to(
            steps in proptest::collection::vec(
                prop_oneof![(0usize..80).prop_map(Step::Comes), (0usize..80).prop_map(Step::Goes), (80usize..98).prop_map(Step::New)],
                1..30,
            ),
        ) {
            let spellings = spellings();
            let mut vocabulary = Vocabulary::default();
            let ids: Vec<WordId> = spellings.iter().take(80).map(|word| vocabulary.add(word)).collect();
            prop_assert!(ids.iter().any(|id| vocabulary.near(*id).len() >= MANY));
            for step in steps {
                match step {
                    Step::Comes(at) => vocabulary.count(ids[at], Region::UNKNOWN, true),
                    Step::Goes(at) => vocabulary.count(ids[at], Region::UNKNOWN, false),
                    Step::New(at) => {
                        let id = vocabulary.add(&spellings[at]);
                        vocabulary.count(id, Region::UNKNOWN, true);
                    }
                }
                for id in [ids[0], ids[7]] {
                    let (near, sums) = vocabulary.known(id);
                    prop_assert_eq!(sums, vocabulary.bearers(Some(id), &near));
                    prop_assert_eq!(sums, vocabulary.known(id).1);
                }
            }
        }
    }
}
