//! Search: candidates by the words they share, the promising ones compared field by field.
//!
//! 1. Every word of the query, and every word near it, adds its weight to the records that bear it: once per word of
//!    the query, the closest likeness first.
//! 2. The records with most weight get what facts add without a vocabulary: sex, birth, time, nationality, origin.
//! 3. The best of those are aligned and scored exactly as an explanation would score them.

use std::cell::RefCell;
use std::sync::Arc;

use hashbrown::HashMap;

use super::shelf::{Borne, Entry, NO_PLACE, Shelf};
use super::{Hit, Index, Limit};
use crate::Side;
use crate::evidence::{self, Bearer, Evidence, Link};
use crate::explain::region_of;
use crate::fold::sound::Sound;
use crate::likeness::Likeness;
use crate::pair;
use crate::person::{Person, Roles, Word};
use crate::population::Rarity;
use crate::rung::{NameField, Rung};
use crate::vocabulary::{Near, Vocabulary, WordId};

/// Records that reach the second step.
const PROMISING: usize = 1200;
/// Records that are compared in full.
const COMPARED: usize = 120;

/// A word of the query with what the vocabulary knows of it.
struct Probe {
    own: Option<WordId>,
    near: Arc<[Near]>,
    rarity: Rarity,
}

fn probes(index: &Index, vocabulary: &Vocabulary, words: &[Word]) -> Vec<Probe> {
    let probe = |word: &Word| {
        let own = vocabulary.find(&word.folded);
        let near = own.map_or_else(|| vocabulary.near_of(word), |id| vocabulary.near(id));
        let bearers = vocabulary.bearers(own, &near);
        Probe { own, near, rarity: index.population.rarity(&index.model.numbers, &bearers) }
    };
    words.iter().map(probe).collect()
}

impl Probe {
    fn reached(&self) -> impl Iterator<Item = (WordId, Likeness)> {
        let near = self.near.iter().map(|near| (near.id(), near.likeness()));
        self.own.map(|id| (id, Likeness::Same)).into_iter().chain(near)
    }
}

/// Weights by slot, reused between searches of a thread.
#[derive(Default)]
struct Scratch {
    weight: Vec<f32>,
    /// The last probe that added to a slot, from 1.
    probe: Vec<u8>,
    touched: Vec<u32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Words of the query and of a place near which records may stand.
struct Query<'a> {
    index: &'a Index,
    side: Side,
    person: &'a Person,
    names: Vec<Probe>,
    origins: Vec<Probe>,
    stations: Vec<Probe>,
    name_links: HashMap<WordId, Vec<(u8, Likeness)>>,
}

pub(super) fn search(index: &Index, side: Side, person: &Person, limit: Limit) -> Vec<Hit> {
    if limit.k == 0 || index.len(side) == 0 {
        return Vec::new();
    }
    let names = probes(index, &index.population.names, &person.words);
    let mut name_links: HashMap<WordId, Vec<(u8, Likeness)>> = HashMap::new();
    for (at, probe) in names.iter().enumerate() {
        for (id, likeness) in probe.reached() {
            name_links.entry(id).or_default().push((at as u8, likeness));
        }
    }
    let query = Query {
        index,
        side,
        person,
        origins: probes(index, &index.population.places, &person.origins),
        stations: probes(index, &index.population.places, &person.stations),
        names,
        name_links,
    };
    let slots = SCRATCH.with_borrow_mut(|scratch| query.promising(scratch));
    let mut hits: Vec<Hit> = slots.into_iter().filter_map(|slot| query.hit(slot)).collect();
    hits.retain(|hit| hit.score.probability >= limit.min_probability);
    hits.sort_by(|a, b| b.score.weight.total_cmp(&a.score.weight).then(a.key.cmp(&b.key)));
    hits.truncate(limit.k);
    hits
}

impl Query<'_> {
    fn shelf(&self) -> &Shelf {
        self.index.shelf(self.side)
    }

    /// Slots worth comparing.
    fn promising(&self, scratch: &mut Scratch) -> Vec<u32> {
        self.gather(scratch);
        let shelf = self.shelf();
        let weigh = |slot: &u32| scratch.weight.get(*slot as usize).copied().unwrap_or(0.0);
        let mut first: Vec<(f32, u32)> = scratch.touched.iter().map(|slot| (weigh(slot), *slot)).collect();
        keep_best(shelf, &mut first, PROMISING);
        for slot in scratch.touched.drain(..) {
            if let (Some(weight), Some(probe)) =
                (scratch.weight.get_mut(slot as usize), scratch.probe.get_mut(slot as usize))
            {
                *weight = 0.0;
                *probe = 0;
            }
        }
        if first.len() > COMPARED {
            let mut evidence = Evidence::default();
            for (weight, slot) in &mut first {
                if let Some(entry) = shelf.entry(*slot) {
                    evidence.reached.clear();
                    self.facts(entry, &mut evidence);
                    *weight += evidence.bits(&self.index.model).0;
                }
            }
            keep_best(shelf, &mut first, COMPARED);
        }
        first.into_iter().map(|(_, slot)| slot).collect()
    }

    /// Adds the weight of every word to the records that bear it or a near word.
    fn gather(&self, scratch: &mut Scratch) {
        let shelf = self.shelf();
        scratch.weight.resize(shelf.slots(), 0.0);
        scratch.probe.resize(shelf.slots(), 0);
        for (number, probe) in (1u8..).zip(&self.names) {
            let region = self.person.facts.region;
            let model = &self.index.model;
            let bits = |likeness: Likeness| {
                let rung = Rung::name(NameField::Family, likeness);
                model.bits(rung, probe.rarity.bits(region, likeness)).max(0.25)
            };
            let mut reached: Vec<(f32, WordId)> =
                probe.reached().map(|(id, likeness)| (bits(likeness), id)).collect();
            reached.sort_by(|a, b| b.0.total_cmp(&a.0));
            for (bits, id) in reached {
                scratch.add(shelf.bearing(id), number, bits);
            }
        }
        for phone in &self.person.phones {
            scratch.add(shelf.with_phone(*phone), u8::MAX, 20.0);
        }
    }

    fn hit(&self, slot: u32) -> Option<Hit> {
        let shelf = self.shelf();
        let entry = shelf.entry(slot)?;
        let evidence = self.evidence(slot, entry);
        let score = pair::score(&self.index.model, &evidence, self.index.population.size());
        Some(Hit { key: shelf.key(slot), score })
    }

    /// The evidence of the query and a record; the same as two profiles compared directly.
    fn evidence(&self, slot: u32, entry: &Entry) -> Evidence {
        let shelf = self.shelf();
        let mut evidence = Evidence::default();
        let words = shelf.words(entry);
        let mut links = Vec::new();
        for (at, word) in words.iter().enumerate() {
            for (probe, likeness) in self.name_links.get(&word.id()).into_iter().flatten() {
                links.push(self.directed(*probe, at as u8, *likeness));
            }
        }
        let record = Record { vocabulary: &self.index.population.names, words };
        let model = &*self.index.model;
        match self.side {
            Side::Contacts => {
                let region = region_of(self.person.facts.region, entry.facts.region);
                let rarity = |at: usize, likeness: Likeness| {
                    self.names.get(at).map_or(0.0, |probe| probe.rarity.bits(region, likeness))
                };
                evidence::names(model, &*self.person.words, &record, &mut links, rarity, &mut evidence);
            }
            Side::Requests => {
                let region = region_of(entry.facts.region, self.person.facts.region);
                let rarities: Vec<Rarity> = words.iter().map(|word| self.rarity_of(word.id())).collect();
                let rarity = |at: usize, likeness: Likeness| {
                    rarities.get(at).map_or(0.0, |rarity| rarity.bits(region, likeness))
                };
                evidence::names(model, &record, &*self.person.words, &mut links, rarity, &mut evidence);
            }
        }
        self.facts(entry, &mut evidence);
        let extra = shelf.extra(slot);
        let phones = extra.map_or(&[][..], |extra| &extra.phones);
        let shared = self.person.phones.iter().any(|phone| phones.contains(phone));
        evidence::phone(!phones.is_empty() && !self.person.phones.is_empty(), shared, &mut evidence);
        evidence::relatives(self.relatives_agree(extra.map_or(&[], |extra| &extra.relatives)), &mut evidence);
        evidence
    }

    fn relatives_agree(&self, others: &[WordId]) -> bool {
        let names = &self.index.population.names;
        self.person.relatives.iter().any(|word| {
            others.iter().filter_map(|id| names.word(*id)).any(|other| {
                Likeness::of_words(word, &other).is_some_and(|likeness| likeness <= Likeness::Alike)
            })
        })
    }

    fn directed(&self, query: u8, record: u8, likeness: Likeness) -> Link {
        match self.side {
            Side::Contacts => Link { request: query, contact: record, likeness },
            Side::Requests => Link { request: record, contact: query, likeness },
        }
    }

    fn rarity_of(&self, id: WordId) -> Rarity {
        let names = &self.index.population.names;
        self.index.population.rarity(&self.index.model.numbers, &names.bearers(Some(id), &names.near(id)))
    }

    /// Everything but names, telephones and relatives.
    fn facts(&self, entry: &Entry, evidence: &mut Evidence) {
        let population = &self.index.population;
        let own = &self.person.facts;
        let (request, contact) = match self.side {
            Side::Contacts => (own, &entry.facts),
            Side::Requests => (&entry.facts, own),
        };
        evidence::facts(request, contact, evidence);
        evidence::nationality(request, contact, population, evidence);
        let region = region_of(request.region, contact.region);
        let recorded = |place: &&WordId| **place != NO_PLACE;
        let found = entry.origins.iter().filter(recorded).flat_map(|place| {
            self.origins.iter().filter_map(move |probe| {
                let (_, likeness) = probe.reached().find(|(id, _)| id == place)?;
                let bits = match self.side {
                    Side::Contacts => probe.rarity.bits(region, likeness),
                    Side::Requests => {
                        let places = &population.places;
                        let bearers = places.bearers(Some(*place), &places.near(*place));
                        population.rarity(&self.index.model.numbers, &bearers).bits(region, likeness)
                    }
                };
                Some((likeness, bits))
            })
        });
        let both = !self.origins.is_empty() && entry.origins.iter().any(|place| *place != NO_PLACE);
        evidence::origin(&self.index.model, both, found, evidence);
        let near = |(id, likeness): (WordId, Likeness)| id == entry.station && likeness <= Likeness::Similar;
        let met = self.stations.iter().any(|probe| probe.reached().any(near));
        evidence::station(!self.stations.is_empty() && entry.station != NO_PLACE, met, evidence);
    }
}

impl Scratch {
    /// Adds weight to slots this probe has not reached yet.
    fn add(&mut self, slots: &[u32], probe: u8, bits: f32) {
        for slot in slots {
            let at = *slot as usize;
            if let (Some(last), Some(weight)) = (self.probe.get_mut(at), self.weight.get_mut(at))
                && *last != probe
            {
                if *last == 0 {
                    self.touched.push(*slot);
                }
                *last = probe;
                *weight += bits;
            }
        }
    }
}

/// Keeps the heaviest, ties by key, in no order.
fn keep_best(shelf: &Shelf, weighed: &mut Vec<(f32, u32)>, count: usize) {
    if weighed.len() > count {
        weighed.select_nth_unstable_by(count, |a, b| {
            b.0.total_cmp(&a.0).then_with(|| shelf.key(a.1).cmp(&shelf.key(b.1)))
        });
        weighed.truncate(count);
    }
}

/// A record's words as the alignment reads them.
struct Record<'a> {
    vocabulary: &'a Vocabulary,
    words: &'a [Borne],
}

impl Bearer for Record<'_> {
    fn count(&self) -> usize {
        self.words.len()
    }

    fn roles(&self, at: usize) -> Roles {
        self.words.get(at).map(|word| word.roles()).unwrap_or_default()
    }

    fn sound(&self, at: usize) -> Option<Sound> {
        let word = self.words.get(at)?;
        self.vocabulary.sound(word.id()).copied()
    }
}
