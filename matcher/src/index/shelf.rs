//! The records of one side: their words, their facts, and for every word the records that bear it.

use hashbrown::HashMap;

use super::RecordKey;
use crate::person::{Facts, Roles};
use crate::vocabulary::WordId;

/// A word of a record: which, and in which parts of the name. Four bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Borne(u32);

impl Borne {
    pub(super) fn new(id: WordId, roles: Roles) -> Self {
        Self(id.0 << 5 | u32::from(roles.bits()))
    }

    pub(super) fn id(self) -> WordId {
        WordId(self.0 >> 5)
    }

    pub(super) fn roles(self) -> Roles {
        Roles::from_bits((self.0 & 31) as u8)
    }
}

/// A place that is not recorded.
pub(super) const NO_PLACE: WordId = WordId(u32::MAX);

/// What a record holds besides names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) facts: Facts,
    pub(super) origins: [WordId; 2],
    pub(super) station: WordId,
    start: u32,
    words: u8,
    live: bool,
}

impl Entry {
    pub(super) fn new(facts: Facts, origins: [WordId; 2], station: WordId) -> Self {
        Self { facts, origins, station, start: 0, words: 0, live: false }
    }
}

/// Rarely recorded evidence, kept beside the entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Extra {
    pub(super) phones: Vec<u64>,
    pub(super) relatives: Vec<WordId>,
}

/// The records of one side.
#[derive(Default)]
pub(super) struct Shelf {
    slots: HashMap<RecordKey, u32>,
    keys: Vec<RecordKey>,
    entries: Vec<Entry>,
    words: Vec<Borne>,
    unused_words: usize,
    free: Vec<u32>,
    postings: Vec<Vec<u32>>,
    by_phone: HashMap<u64, Vec<u32>>,
    extras: HashMap<u32, Extra>,
}

impl Shelf {
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Slots in use or free: every slot number is below this.
    pub(super) fn slots(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn slot(&self, key: RecordKey) -> Option<u32> {
        self.slots.get(&key).copied()
    }

    pub(super) fn key(&self, slot: u32) -> RecordKey {
        self.keys.get(slot as usize).copied().unwrap_or(RecordKey(0))
    }

    pub(super) fn entry(&self, slot: u32) -> Option<&Entry> {
        self.entries.get(slot as usize).filter(|entry| entry.live)
    }

    pub(super) fn words(&self, entry: &Entry) -> &[Borne] {
        let start = entry.start as usize;
        self.words.get(start..start + usize::from(entry.words)).unwrap_or(&[])
    }

    pub(super) fn extra(&self, slot: u32) -> Option<&Extra> {
        self.extras.get(&slot)
    }

    /// Records that bear a word.
    pub(super) fn bearing(&self, id: WordId) -> &[u32] {
        self.postings.get(id.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Records with a telephone number.
    pub(super) fn with_phone(&self, phone: u64) -> &[u32] {
        self.by_phone.get(&phone).map_or(&[], Vec::as_slice)
    }

    /// Adds a record whose key is not present.
    pub(super) fn add(&mut self, key: RecordKey, mut entry: Entry, words: &[Borne], extra: Extra) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.keys.push(key);
            self.entries.push(entry);
            u32::try_from(self.entries.len() - 1).unwrap_or(u32::MAX)
        });
        entry.start = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        entry.words = u8::try_from(words.len()).unwrap_or(u8::MAX);
        entry.live = true;
        self.words.extend_from_slice(words);
        for word in words {
            let at = word.id().0 as usize;
            if self.postings.len() <= at {
                self.postings.resize_with(at + 1, Vec::new);
            }
            if let Some(list) = self.postings.get_mut(at) {
                list.push(slot);
            }
        }
        for phone in &extra.phones {
            self.by_phone.entry(*phone).or_default().push(slot);
        }
        if !(extra.phones.is_empty() && extra.relatives.is_empty()) {
            self.extras.insert(slot, extra);
        }
        if let (Some(place), Some(name)) =
            (self.entries.get_mut(slot as usize), self.keys.get_mut(slot as usize))
        {
            *place = entry;
            *name = key;
        }
        self.slots.insert(key, slot);
    }

    /// Takes a record out and gives back what it held.
    pub(super) fn remove(&mut self, key: RecordKey) -> Option<(Entry, Vec<Borne>)> {
        let slot = self.slots.remove(&key)?;
        let entry = *self.entry(slot)?;
        let words = self.words(&entry).to_vec();
        for word in &words {
            if let Some(list) = self.postings.get_mut(word.id().0 as usize) {
                forget(list, slot);
            }
        }
        if let Some(extra) = self.extras.remove(&slot) {
            for phone in extra.phones {
                if let Some(list) = self.by_phone.get_mut(&phone) {
                    forget(list, slot);
                }
            }
        }
        if let Some(place) = self.entries.get_mut(slot as usize) {
            place.live = false;
        }
        self.unused_words += words.len();
        self.free.push(slot);
        if self.unused_words > 1024 && self.unused_words > self.words.len() / 2 {
            self.compact();
        }
        Some((entry, words))
    }

    /// Drops the words of removed records.
    fn compact(&mut self) {
        let mut words = Vec::with_capacity(self.words.len() - self.unused_words);
        for entry in self.entries.iter_mut().filter(|entry| entry.live) {
            let start = entry.start as usize;
            let kept = self.words.get(start..start + usize::from(entry.words)).unwrap_or(&[]);
            entry.start = u32::try_from(words.len()).unwrap_or(u32::MAX);
            words.extend_from_slice(kept);
        }
        self.words = words;
        self.unused_words = 0;
    }

    /// Bytes held, from capacities.
    pub(super) fn memory_bytes(&self) -> usize {
        let lists: usize = self.postings.iter().map(|list| list.capacity() * 4).sum();
        let phones: usize = self.by_phone.values().map(|list| list.capacity() * 4 + 16).sum();
        let extras: usize =
            self.extras.values().map(|e| (e.phones.capacity() * 8) + e.relatives.capacity() * 4).sum();
        lists
            + phones
            + extras
            + self.slots.capacity() * (size_of::<(RecordKey, u32)>() + 1)
            + self.keys.capacity() * size_of::<RecordKey>()
            + self.entries.capacity() * size_of::<Entry>()
            + self.words.capacity() * size_of::<Borne>()
            + self.postings.capacity() * size_of::<Vec<u32>>()
    }
}

fn forget(list: &mut Vec<u32>, slot: u32) {
    if let Some(at) = list.iter().position(|known| *known == slot) {
        list.swap_remove(at);
    }
}
