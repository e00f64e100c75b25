//! The records of one side: their words, their facts, and for every word the records that bear it.

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use std::hash::BuildHasher;

use super::RecordKey;
use super::brief::{Brief, Countries, Posting};
use super::entry::{BirthDay, Borne, Entry};
use super::postings::{Cell, Plausible, Postings, forget};
use crate::vocabulary::WordId;

/// One in so many more records find room after a settled index was built.
const ROOM_SHARE: usize = 32;

/// Rarely recorded evidence, kept beside the entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Extra {
    pub(super) phones: Vec<u64>,
    pub(super) relatives: Vec<WordId>,
}

/// The records of one side.
#[derive(Default)]
pub(super) struct Shelf {
    hasher: DefaultHashBuilder,
    /// Slots by key; the keys themselves stand in `keys`.
    slots: HashTable<u32>,
    keys: Vec<RecordKey>,
    entries: Vec<Entry>,
    words: Vec<Borne>,
    unused_words: usize,
    free: Vec<u32>,
    postings: Postings,
    countries: Countries,
    by_birth: HashMap<BirthDay, Vec<u32>>,
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
        let same = |slot: &u32| self.keys.get(*slot as usize) == Some(&key);
        self.slots.find(self.hasher.hash_one(key.0), same).copied()
    }

    pub(super) fn key(&self, slot: u32) -> RecordKey {
        self.keys.get(slot as usize).copied().unwrap_or(RecordKey(0))
    }

    pub(super) fn entry(&self, slot: u32) -> Option<&Entry> {
        self.entries.get(slot as usize).filter(|entry| entry.is_live())
    }

    /// Every record with its slot.
    pub(super) fn records(&self) -> impl Iterator<Item = (u32, RecordKey, &Entry)> {
        let live = (0u32..).zip(&self.entries).filter(|(_, entry)| entry.is_live());
        live.map(|(slot, entry)| (slot, self.key(slot), entry))
    }

    pub(super) fn words(&self, entry: &Entry) -> &[Borne] {
        self.words.get(entry.range()).unwrap_or(&[])
    }

    pub(super) fn extra(&self, slot: u32) -> Option<&Extra> {
        self.extras.get(&slot)
    }

    /// Calls `read` with lists of records that bear a word, of a common word those where the person can be.
    pub(super) fn bearing<'a>(&'a self, id: WordId, plausible: &Plausible, read: impl FnMut(&'a [Posting])) {
        self.postings.read(id, plausible, read);
    }

    /// Countries by the numbers that briefs give them.
    pub(super) fn countries(&self) -> &Countries {
        &self.countries
    }

    /// Records of people born on a day.
    pub(super) fn born_on(&self, day: BirthDay) -> Vec<Posting> {
        self.by_birth.get(&day).map_or_else(Vec::new, |slots| self.postings_of(slots))
    }

    /// Records with a telephone number.
    pub(super) fn with_phone(&self, phone: u64) -> Vec<Posting> {
        self.by_phone.get(&phone).map_or_else(Vec::new, |slots| self.postings_of(slots))
    }

    fn postings_of(&self, slots: &[u32]) -> Vec<Posting> {
        let posting =
            |slot: &u32| Some(Posting { slot: *slot, brief: Brief::of(self.entry(*slot)?, &self.countries) });
        slots.iter().filter_map(posting).collect()
    }

    /// Adds a record whose key is not present.
    pub(super) fn add(&mut self, key: RecordKey, entry: Entry, words: &[Borne], extra: Extra) {
        let start = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        let entry = entry.holding(start, u8::try_from(words.len()).unwrap_or(u8::MAX));
        let slot = match self.free.pop() {
            Some(slot) => {
                if let (Some(place), Some(name)) =
                    (self.entries.get_mut(slot as usize), self.keys.get_mut(slot as usize))
                {
                    *place = entry;
                    *name = key;
                }
                slot
            }
            None => {
                self.keys.push(key);
                self.entries.push(entry);
                u32::try_from(self.entries.len() - 1).unwrap_or(u32::MAX)
            }
        };
        self.words.extend_from_slice(words);
        let entries = &self.entries;
        let cell_of = |slot: u32| Cell::of(entries.get(slot as usize).unwrap_or(&entry));
        self.countries.note(&entry);
        let posting = Posting { slot, brief: Brief::of(&entry, &self.countries) };
        for word in words {
            self.postings.add(word.id(), posting, cell_of);
        }
        if let Some(day) = entry.birth_day() {
            self.by_birth.entry(day).or_default().push(slot);
        }
        for phone in &extra.phones {
            self.by_phone.entry(*phone).or_default().push(slot);
        }
        if !(extra.phones.is_empty() && extra.relatives.is_empty()) {
            self.extras.insert(slot, extra);
        }
        let (keys, hasher) = (&self.keys, &self.hasher);
        let rehash = |slot: &u32| keys.get(*slot as usize).map_or(0, |key| hasher.hash_one(key.0));
        self.slots.insert_unique(hasher.hash_one(key.0), slot, rehash);
    }

    /// Takes a record out and gives back what it held.
    pub(super) fn remove(&mut self, key: RecordKey) -> Option<(Entry, Vec<Borne>)> {
        let slot = self.slot(key)?;
        if let Ok(place) = self.slots.find_entry(self.hasher.hash_one(key.0), |known| *known == slot) {
            place.remove();
        }
        let entry = *self.entry(slot)?;
        let words = self.words(&entry).to_vec();
        for word in &words {
            self.postings.remove(word.id(), slot, Cell::of(&entry));
        }
        if let Some(list) = entry.birth_day().and_then(|day| self.by_birth.get_mut(&day)) {
            forget(list, |known| *known == slot);
        }
        if let Some(extra) = self.extras.remove(&slot) {
            for phone in extra.phones {
                if let Some(list) = self.by_phone.get_mut(&phone) {
                    forget(list, |known| *known == slot);
                }
            }
        }
        if let Some(place) = self.entries.get_mut(slot as usize) {
            place.end();
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
        for entry in self.entries.iter_mut().filter(|entry| entry.is_live()) {
            let kept = self.words.get(entry.range()).unwrap_or(&[]);
            let start = u32::try_from(words.len()).unwrap_or(u32::MAX);
            words.extend_from_slice(kept);
            *entry = entry.holding(start, u8::try_from(kept.len()).unwrap_or(u8::MAX));
        }
        self.words = words;
        self.unused_words = 0;
    }

    /// Puts the records in the order of their cells and of what they state, so that a search reads neighbours, and gives
    /// back memory that growing tables hold in reserve. For after many were added; searches find the same before and after.
    pub(super) fn settle(&mut self) {
        let mut order: Vec<u32> =
            (0u32..).zip(&self.entries).filter(|(_, e)| e.is_live()).map(|(at, _)| at).collect();
        let cell_of = |slot: u32| self.entries.get(slot as usize).map(Cell::of).unwrap_or_default();
        let brief_of =
            |slot: u32| self.entries.get(slot as usize).map(|entry| Brief::of(entry, &self.countries));
        order.sort_by_cached_key(|slot| (cell_of(*slot), brief_of(*slot).map(Brief::order)));
        let mut moved = vec![u32::MAX; self.entries.len()];
        // Room for those who come after, or the first of them would wait until hundreds of megabytes have moved.
        let with_room = |length: usize| length + length / ROOM_SHARE;
        let mut words = Vec::with_capacity(with_room(self.words.len().saturating_sub(self.unused_words)));
        let mut entries = Vec::with_capacity(with_room(order.len()));
        let mut keys = Vec::with_capacity(with_room(order.len()));
        for (now, before) in (0u32..).zip(&order) {
            let Some(entry) = self.entry(*before) else { continue };
            let start = u32::try_from(words.len()).unwrap_or(u32::MAX);
            words.extend_from_slice(self.words(entry));
            entries.push(entry.holding(start, u8::try_from(entry.range().len()).unwrap_or(u8::MAX)));
            keys.push(self.key(*before));
            if let Some(place) = moved.get_mut(*before as usize) {
                *place = now;
            }
        }
        let move_slot = |slot: &mut u32| *slot = moved.get(*slot as usize).copied().unwrap_or(u32::MAX);
        self.postings.settle(move_slot, cell_of);
        self.by_phone.values_mut().flatten().for_each(move_slot);
        for list in self.by_birth.values_mut() {
            list.iter_mut().for_each(move_slot);
            list.shrink_to_fit();
        }
        let extras = std::mem::take(&mut self.extras);
        self.extras =
            extras.into_iter().map(|(mut slot, extra)| (move_slot(&mut slot), (slot, extra)).1).collect();
        self.slots.iter_mut().for_each(move_slot);
        (self.words, self.entries, self.keys) = (words, entries, keys);
        self.unused_words = 0;
        self.free = Vec::new();
        let (keys, hasher) = (&self.keys, &self.hasher);
        self.slots.shrink_to_fit(|slot| keys.get(*slot as usize).map_or(0, |key| hasher.hash_one(key.0)));
    }

    /// Bytes held, from capacities.
    pub(super) fn memory_bytes(&self) -> usize {
        let lists = |list: &Vec<u32>| list.capacity() * 4 + size_of::<(u64, Vec<u32>)>();
        let births: usize = self.by_birth.values().map(lists).sum();
        let phones: usize = self.by_phone.values().map(lists).sum();
        let extras: usize =
            self.extras.values().map(|e| (e.phones.capacity() * 8) + e.relatives.capacity() * 4).sum();
        births
            + phones
            + extras
            + self.postings.memory_bytes()
            + self.slots.allocation_size()
            + self.keys.capacity() * size_of::<RecordKey>()
            + self.entries.capacity() * size_of::<Entry>()
            + self.words.capacity() * size_of::<Borne>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::entry::NO_PLACE;
    use crate::person::Facts;

    #[test]
    fn who_comes_after_an_index_was_settled_finds_room() {
        let mut shelf = Shelf::default();
        let add = |shelf: &mut Shelf, key| {
            let entry = Entry::new(&Facts::default(), [NO_PLACE; 2], NO_PLACE);
            shelf.add(RecordKey(key), entry, &[], Extra::default());
        };
        (0..64).for_each(|key| add(&mut shelf, key));
        shelf.settle();
        let held = shelf.memory_bytes();
        add(&mut shelf, 64);
        assert_eq!(shelf.memory_bytes(), held, "tables moved");
    }
}
