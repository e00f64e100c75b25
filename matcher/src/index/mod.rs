//! The index: every searchable record of both sides, in memory, never stored.
//!
//! ```text
//!  Index ── Population   words, neighbours, bearers by region (contacts are counted)
//!        ├─ Shelf        contacts: words and facts by slot, postings by word
//!        └─ Shelf        requests: the same
//! ```

mod among;
mod brief;
mod entry;
mod facts;
mod gather;
mod link;
mod postings;
mod probe;
mod search;
mod shelf;
mod snapshot;

use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::explain::{self, Explanation};
use crate::learn::Gathered;
use crate::person::Person;
use crate::population::Population;
use crate::vocabulary::WordId;
use crate::{Model, Profile, Score, Side};
use entry::{Borne, Entry, NO_PLACE};
use shelf::{Extra, Shelf};
pub use snapshot::SnapshotError;

/// The service's own name for a record; opaque here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordKey(pub u128);

/// What a search returns at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// At most this many hits. A search for many takes longer: twice as many are compared, and four times as many fetched.
    pub k: usize,
    /// Nothing below this probability.
    pub min_probability: f32,
}

impl Limit {
    /// As many hits as [`Index::among_rivals`] wants to see of a request, likely or not.
    pub const LIST: Self = Self { k: 30, min_probability: 0.0 };
}

/// A record found, with its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The record.
    pub key: RecordKey,
    /// How it compares with the query.
    pub score: Score,
}

/// A profile made ready for an index: its names folded, most of the work of inserting it, and work that needs no index.
pub struct Folded(Person);

impl Folded {
    /// Folds a profile.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        Self(Person::of(profile))
    }
}

/// Both sides of the search in memory, over one vocabulary, so that a pair scores alike from either direction.
pub struct Index {
    model: Arc<Model>,
    population: Population,
    requests: Shelf,
    contacts: Shelf,
}

impl Index {
    /// An empty index.
    #[must_use]
    pub fn new(model: Arc<Model>) -> Self {
        Self {
            model,
            population: Population::default(),
            requests: Shelf::default(),
            contacts: Shelf::default(),
        }
    }

    /// An index of many records at once; a key that comes twice keeps the last. Profiles are folded on all cores and
    /// inserted on one, while the calling thread takes the next from `records`.
    #[must_use]
    pub fn build(model: Arc<Model>, records: impl IntoIterator<Item = (Side, RecordKey, Profile)>) -> Self {
        const BATCH: usize = 4096;
        let mut index = Self::new(model);
        let mut records = records.into_iter().fuse();
        let (mut taken, mut folded) = (Vec::new(), Vec::new());
        let fold = |(side, key, profile)| (side, key, Person::of(&profile));
        loop {
            let (profiles, people) = (std::mem::take(&mut taken), std::mem::take(&mut folded));
            rayon::in_place_scope(|scope| {
                let put = |(side, key, person): (Side, RecordKey, Person)| index.put(side, key, &person);
                scope.spawn(move |_| people.into_iter().for_each(put));
                scope.spawn(|_| folded = profiles.into_par_iter().map(fold).collect());
                taken = records.by_ref().take(BATCH).collect();
            });
            if taken.is_empty() && folded.is_empty() {
                index.settle();
                return index;
            }
        }
    }

    /// The parameters the index scores with.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Adds a record, replacing one of the same side and key.
    pub fn insert(&mut self, side: Side, key: RecordKey, profile: &Profile) {
        self.put(side, key, &Person::of(profile));
    }

    /// The same for a profile that was folded before: for an index behind a lock, which others wait for.
    pub fn insert_folded(&mut self, side: Side, key: RecordKey, folded: &Folded) {
        self.put(side, key, &folded.0);
    }

    fn put(&mut self, side: Side, key: RecordKey, person: &Person) {
        self.remove(side, key);
        let words: Vec<Borne> =
            person.words.iter().map(|word| Borne::new(self.population.names.add(word), word.roles)).collect();
        let mut origins = [NO_PLACE; 2];
        for (place, word) in origins.iter_mut().zip(&person.origins) {
            *place = self.population.places.add(word);
        }
        let station = person.station.as_ref().map_or(NO_PLACE, |word| self.population.places.add(word));
        let extra = Extra {
            phones: person.phones.clone(),
            relatives: person.relatives.iter().map(|word| self.population.names.add(word)).collect(),
        };
        self.put_entry(side, key, Entry::new(&person.facts, origins, station), &words, extra);
    }

    fn put_entry(&mut self, side: Side, key: RecordKey, entry: Entry, words: &[Borne], extra: Extra) {
        if side == Side::Contacts {
            self.count(&entry, words, true);
        }
        entry.station().into_iter().for_each(|place| self.population.note_station(place));
        self.shelf_mut(side).add(key, entry, words, extra);
    }

    /// After many records came in: puts them in the order in which searches read them.
    fn settle(&mut self) {
        self.requests.settle();
        self.contacts.settle();
        for vocabulary in [&mut self.population.names, &mut self.population.places] {
            vocabulary.settle();
            vocabulary.remember_common();
        }
    }

    /// Takes a record out; whether it was there.
    pub fn remove(&mut self, side: Side, key: RecordKey) -> bool {
        let Some((entry, words)) = self.shelf_mut(side).remove(key) else { return false };
        if side == Side::Contacts {
            self.count(&entry, &words, false);
        }
        true
    }

    fn count(&mut self, entry: &Entry, words: &[Borne], more: bool) {
        let names: Vec<WordId> = words.iter().map(|word| word.id()).collect();
        let places: Vec<WordId> = entry.origins().collect();
        self.population.count(&entry.facts(), &names, &places, more);
    }

    /// Whether a record is present.
    #[must_use]
    pub fn contains(&self, side: Side, key: RecordKey) -> bool {
        self.shelf(side).slot(key).is_some()
    }

    /// How many records a side holds.
    #[must_use]
    pub fn len(&self, side: Side) -> usize {
        self.shelf(side).len()
    }

    /// Whether neither side holds a record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requests.len() + self.contacts.len() == 0
    }

    /// Bytes of memory held, counted from capacities.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.population.memory_bytes() + self.requests.memory_bytes() + self.contacts.memory_bytes()
    }

    /// How many distinct words of names the index knows.
    #[must_use]
    pub fn vocabulary_len(&self) -> usize {
        self.population.names.len()
    }

    /// Searches the records of `side` for `query`, a record of the other side; best first.
    ///
    /// Candidates are the records that share at least one word or near word of a name with the query, or a telephone
    /// number; the most promising of them are compared field by field.
    #[must_use]
    pub fn search(&self, side: Side, query: &Profile, limit: Limit) -> Vec<Hit> {
        search::search(self, side, &Person::of(query), limit)
    }

    /// Compares a request with a contact, neither of which need be in the index; rarity is the index's.
    #[must_use]
    pub fn compare(&self, request: &Profile, contact: &Profile) -> Explanation {
        explain::compare(&self.model, &self.population, request, contact)
    }

    /// The evidence of a request and a contact, for [`crate::learn::refine`].
    #[must_use]
    pub fn gather(&self, request: &Profile, contact: &Profile) -> Gathered {
        let (request, contact) = (Person::of(request), Person::of(contact));
        let evidence = explain::evidence_of(&self.model, &self.population, &request, &contact);
        Gathered { evidence, people: self.population.size() }
    }

    fn shelf(&self, side: Side) -> &Shelf {
        match side {
            Side::Requests => &self.requests,
            Side::Contacts => &self.contacts,
        }
    }

    fn shelf_mut(&mut self, side: Side) -> &mut Shelf {
        match side {
            Side::Requests => &mut self.requests,
            Side::Contacts => &mut self.contacts,
        }
    }
}
