//! Candidates: the records that share a word or near word with the query, weighed first by those words, then by facts.
//!
//! 1. Every word of the query, and every word near it, adds its bits to the records that bear it: once per word of
//!    the query, the weightiest likeness first; so does the day of birth. Rare words come first; once enough records
//!    weigh more than the words still to come could add up to, those add to records that are there and bring no new
//!    ones (Turtle and Flood 1995, "MaxScore").
//! 2. From the heaviest on, records get what facts add without a vocabulary: sex, birth, time, nationality, origin.
//!    This ends where even the best facts could not bring a record among the best any more.
//! 3. The best of those are left, to be compared exactly.
//!
//! What can be missed, and only where the query's words are common: a record of which no word agrees more than loosely;
//! a record of which only common words agree, of another region or a birth more than seven years away; and a record
//! whose words weigh less than those of twenty thousand others.

use std::cell::RefCell;

use super::facts::FactBits;
use super::postings::Plausible;
use super::probe::Probe;
use super::search::Query;
use super::shelf::Shelf;
use crate::likeness::{Likeness, NEAR_RUNGS};
use crate::rung::{NameField, Rung};

/// Records whose facts are looked at, as long as their words do not weigh alike.
const WEIGHED: usize = 20_000;
/// Records that are compared in full.
const COMPARED: usize = 160;
/// Weights are added up in sixteenths of a bit, twelve bits wide.
const UNITS: f32 = 16.0;
const WEIGHTS: usize = 1 << 12;
/// Bits of a shared telephone number here: more than any word.
const PHONE_BITS: f32 = 20.0;
/// Entries fetched at a time.
const FETCHED: usize = 64;

/// Weights by slot, reused between searches of a thread: units above, in the low four bits the last wave that added.
#[derive(Default)]
struct Scratch {
    weights: Vec<u16>,
    touched: Vec<u32>,
    /// Touched slots, the heaviest first.
    sorted: Vec<u32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// What one word of the query adds, and to whom.
#[derive(Default)]
struct Wave<'a> {
    most: u16,
    records: usize,
    lists: Vec<(&'a [u32], u16)>,
}

/// Slots worth comparing in full.
pub(super) fn promising(query: &Query<'_>) -> Vec<u32> {
    let shelf = query.shelf();
    let plausible = Plausible::of(&query.person.facts);
    let facts = FactBits::of(query);
    let waves = |loose| -> Vec<Wave> {
        query.names.iter().map(|probe| Wave::of(query, &plausible, probe, loose)).collect()
    };
    // Loosely similar words double the reading and bring one person in five hundred more: they are followed where
    // the others leave room.
    let mut waves =
        Some(waves(false)).filter(|waves| records(waves) >= WEIGHED).unwrap_or_else(|| waves(true));
    let phones = query.person.phones.iter().map(|phone| (shelf.with_phone(*phone), PHONE_BITS));
    waves.push(Wave::of_lists(phones));
    waves.push(Wave::of_lists(facts.same_day().map(|(day, bits)| (shelf.born_on(day), bits)).into_iter()));
    waves.sort_by_key(|wave| wave.records);
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.weights.resize(shelf.slots(), 0);
        scratch.gather(&waves);
        scratch.sort();
        let found = scratch.best(&facts, shelf);
        scratch.clear();
        found
    })
}

/// Records that waves reach, each as often as it is reached.
fn records(waves: &[Wave<'_>]) -> usize {
    waves.iter().map(|wave| wave.records).sum()
}

fn units(bits: f32) -> u16 {
    ((bits * UNITS) as u16).max(1)
}

impl<'a> Wave<'a> {
    fn of(query: &'a Query<'_>, plausible: &'a Plausible, probe: &'a Probe, loose: bool) -> Self {
        let region = query.person.facts.region;
        let model = &query.index.model;
        let bits = |likeness| {
            let rung = Rung::name(NameField::Family, likeness);
            model.bits(rung, probe.rarity.bits(region, likeness)).max(0.25)
        };
        let rungs = (0..NEAR_RUNGS as u32)
            .map(Likeness::from_number)
            .filter(|likeness| loose || *likeness != Likeness::Loose);
        let mut tiers: Vec<(f32, Likeness)> = rungs.map(|likeness| (bits(likeness), likeness)).collect();
        tiers.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut wave = Self::default();
        for (bits, tier) in tiers {
            for (id, _) in probe.reached().filter(|(_, likeness)| *likeness == tier) {
                query.shelf().bearing(id, plausible, |list| wave.add(list, bits));
            }
        }
        wave
    }

    fn of_lists(lists: impl Iterator<Item = (&'a [u32], f32)>) -> Self {
        let mut wave = Self::default();
        lists.for_each(|(list, bits)| wave.add(list, bits));
        wave
    }

    fn add(&mut self, list: &'a [u32], bits: f32) {
        if !list.is_empty() {
            self.records += list.len();
            self.most = self.most.max(units(bits));
            self.lists.push((list, units(bits)));
        }
    }
}

impl Scratch {
    fn gather(&mut self, waves: &[Wave<'_>]) {
        let mut to_come: u32 = waves.iter().map(|wave| u32::from(wave.most)).sum();
        let mut settled = false;
        for (wave, number) in waves.iter().zip((1u16..16).cycle()) {
            settled = settled || self.is_settled(to_come);
            for (list, units) in &wave.lists {
                self.add(list, number, *units, settled);
            }
            to_come -= u32::from(wave.most);
        }
    }

    /// Whether enough records weigh more than a record that is not there yet could.
    fn is_settled(&self, to_come: u32) -> bool {
        let above = |slot: &&u32| u32::from(self.weight(**slot)) >= to_come;
        self.touched.len() >= WEIGHED && self.touched.iter().filter(above).count() >= WEIGHED
    }

    fn weight(&self, slot: u32) -> u16 {
        self.weights.get(slot as usize).map_or(0, |weight| weight >> 4)
    }

    /// Adds weight to slots that this wave has not reached yet; to those that are there only, once `settled`.
    fn add(&mut self, slots: &[u32], wave: u16, units: u16, settled: bool) {
        for slot in slots {
            let Some(weight) = self.weights.get_mut(*slot as usize) else { continue };
            if *weight == 0 {
                if settled {
                    continue;
                }
                self.touched.push(*slot);
            }
            if *weight & 15 != wave {
                let more = (*weight >> 4).saturating_add(units).min(WEIGHTS as u16 - 1);
                *weight = more << 4 | wave;
            }
        }
    }

    fn clear(&mut self) {
        for slot in self.touched.drain(..) {
            if let Some(weight) = self.weights.get_mut(slot as usize) {
                *weight = 0;
            }
        }
    }

    /// Sorts touched slots by weight, heaviest first, leaving out those lighter than [`WEIGHED`] others.
    fn sort(&mut self) {
        let mut starts = vec![0u32; WEIGHTS];
        for slot in &self.touched {
            let weight = self.weights.get(*slot as usize).map_or(0, |weight| weight >> 4);
            if let Some(count) = starts.get_mut(usize::from(weight)) {
                *count += 1;
            }
        }
        let (mut above, mut least) = (0u32, 0);
        for (weight, count) in starts.iter_mut().enumerate().rev() {
            if above as usize >= WEIGHED && least == 0 {
                least = weight + 1;
            }
            above += std::mem::replace(count, above);
        }
        self.sorted.clear();
        self.sorted.resize(self.touched.len(), 0);
        for slot in &self.touched {
            let weight = self.weights.get(*slot as usize).map_or(0, |weight| weight >> 4);
            let place = starts.get_mut(usize::from(weight)).filter(|_| usize::from(weight) >= least);
            if let Some(place) = place {
                if let Some(sorted) = self.sorted.get_mut(*place as usize) {
                    *sorted = *slot;
                }
                *place += 1;
            }
        }
        let kept = least
            .checked_sub(1)
            .and_then(|lighter| starts.get(lighter))
            .map_or(self.touched.len(), |end| *end as usize);
        self.sorted.truncate(kept);
    }

    /// The best by words and facts.
    fn best(&self, facts: &FactBits<'_>, shelf: &Shelf) -> Vec<u32> {
        let mut best = Best::new(shelf);
        // Entries are fetched many at a time, so that the memory answers many questions at once.
        let mut entries = Vec::with_capacity(FETCHED);
        for chunk in self.sorted.chunks(FETCHED) {
            let heaviest = chunk.first().map_or(0, |slot| self.weight(*slot));
            if f32::from(heaviest) / UNITS + facts.most() < best.least {
                break;
            }
            entries.clear();
            entries.extend(chunk.iter().filter_map(|slot| Some((*slot, *shelf.entry(*slot)?))));
            for (slot, entry) in &entries {
                best.offer(f32::from(self.weight(*slot)) / UNITS + facts.bits(entry), *slot);
            }
        }
        best.slots()
    }
}

/// The best of a stream of weighed slots, ties by key.
struct Best<'a> {
    shelf: &'a Shelf,
    least: f32,
    kept: Vec<(f32, u32)>,
}

impl<'a> Best<'a> {
    fn new(shelf: &'a Shelf) -> Self {
        Self { shelf, least: f32::NEG_INFINITY, kept: Vec::with_capacity(COMPARED * 2) }
    }

    fn offer(&mut self, weight: f32, slot: u32) {
        if weight >= self.least {
            self.kept.push((weight, slot));
            if self.kept.len() >= COMPARED * 2 {
                self.cut();
            }
        }
    }

    fn cut(&mut self) {
        let shelf = self.shelf;
        if self.kept.len() > COMPARED {
            self.kept.select_nth_unstable_by(COMPARED - 1, |a, b| {
                b.0.total_cmp(&a.0).then_with(|| shelf.key(a.1).cmp(&shelf.key(b.1)))
            });
            self.kept.truncate(COMPARED);
            self.least = self.kept.last().map_or(self.least, |(weight, _)| *weight);
        }
    }

    fn slots(mut self) -> Vec<u32> {
        self.cut();
        self.kept.into_iter().map(|(_, slot)| slot).collect()
    }
}
