//! Candidates: the records that share a word or near word with the query, weighed by those words and by facts.
//!
//! 1. Every word of the query, and every word near it, adds its bits to the records that bear it: once per word of
//!    the query, the weightiest likeness first; so do telephone numbers and the day of birth. A list says of each of its
//!    records what it states of sex, birth, nationality and origin ([`super::brief`]), so that words and facts are
//!    weighed together and no record is fetched. Rare words come first. A record that is not there yet is left out
//!    once its facts and all words still to come could not bring it among the heaviest any more (Turtle and Flood
//!    1995, "MaxScore").
//! 2. The heaviest are fetched, and weighed anew by nearly all that they hold: by all of their words, aligned as an exact
//!    comparison aligns them, by days, time, second countries and places, and by a telephone number that is shared.
//! 3. The best of those are left, to be compared exactly.
//!
//! What can be missed, and only where words are common, of the query or near one of its words: a record of which no word
//! agrees more than loosely; a record that such words do not reach; and one that as many others outweigh as are fetched,
//! or as are compared. By a word that more than 2,048 records bear nobody
//! of another region is found, nor anybody too far away by birth:
//!
//! ```text
//!  the word                               years apart    of the other sex
//!  is the query's, or a form of it        7              2
//!  sounds alike                           5              the same year
//!  is similar                             3              nobody
//! ```
//! Such a record is found if another of its words reaches it, and then weighed by all of them.

use std::cell::RefCell;

use super::brief::{BriefUnits, Posting};
use super::entry::Entry;
use super::facts::FactBits;
use super::postings::{Plausible, Reach};
use super::probe::Probe;
use super::search::{Query, Room};
use super::shelf::Shelf;
use crate::likeness::{Likeness, NEAR_RUNGS};
use crate::pair;
use crate::person::Facts;
use crate::rung::{NameField, Rung};

/// Records a query's words reach before loosely similar words are left out.
const READ: usize = 20_000;
/// Records that are fetched, as long as their words and briefs do not weigh alike; or twice as many as are compared, if
/// that is more.
const FETCHED: usize = 800;
/// Records that are compared in full; or twice as many as are asked for, if that is more.
const COMPARED: usize = 64;
/// Weights are added up in sixteenths of a bit.
const UNITS: f32 = 16.0;
/// Bits of a shared telephone number here: more than any word.
const PHONE_BITS: f32 = 20.0;
/// The least a near word adds, however common.
const LEAST_BITS: f32 = 0.25;
/// So many times as many as are to be fetched are aligned at most, however many weigh alike.
const ALIKE: usize = 4;
/// Postings of a list that is read by itself; shorter ones are read together.
const JOINED: usize = 2048;
/// Postings, places and entries looked at together.
const AT_ONCE: usize = 64;
/// Sums of words and facts are counted in quarters of a bit.
const STEP: i32 = 4;
const STEPS: usize = 2048;
/// Where a sum of nothing is counted: facts may weigh against a record.
const NOTHING: i32 = 512;

/// A record that words have reached.
#[derive(Clone, Copy)]
struct Touched {
    slot: u32,
    /// What its brief adds, in units.
    facts: i16,
    /// What the words add together, in units.
    weight: u16,
    /// The last wave that added.
    wave: u16,
}

impl Touched {
    fn sum(&self) -> i32 {
        i32::from(self.weight) + i32::from(self.facts)
    }
}

/// The records a search has reached, reused between searches of a thread.
#[derive(Default)]
struct Scratch {
    touched: Vec<Touched>,
    /// A bit for every slot that is touched: an eighth of a byte a record, so that asking whether a record is there
    /// stays in the nearer memory, which four bytes for each of millions do not.
    there: Vec<u64>,
    /// Where among the touched a slot stands; means nothing for a slot that is not there.
    stands: Vec<u32>,
    /// Of touched records, how many there are of each sum.
    sums: Vec<u32>,
    /// The shorter lists of a tier, one after another.
    short: Vec<Posting>,
    /// How many are to be fetched.
    fetched: usize,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Where the bearers of common names are looked for.
struct Whereabouts {
    /// Of the word itself, and of other forms of the name.
    same: Plausible,
    /// Of words that sound alike.
    alike: Plausible,
    /// Of words that are only similar.
    similar: Plausible,
}

impl Whereabouts {
    fn of(facts: &Facts) -> Self {
        let within = |reach| Plausible::of(facts, &reach);
        Self { same: within(Reach::WIDE), alike: within(Reach::NEAR), similar: within(Reach::CLOSE) }
    }

    fn by(&self, likeness: Likeness) -> &Plausible {
        match likeness {
            Likeness::Similar | Likeness::Loose => &self.similar,
            Likeness::Alike => &self.alike,
            _ => &self.same,
        }
    }
}

/// What one word of the query adds, and to whom.
#[derive(Default)]
struct Wave<'a> {
    most: u16,
    records: usize,
    lists: Vec<(&'a [Posting], u16)>,
}

/// Slots worth comparing in full where this many are asked for.
pub(super) fn promising(query: &Query<'_>, asked_for: usize) -> Vec<u32> {
    let compared = asked_for.saturating_mul(2).max(COMPARED);
    let shelf = query.shelf();
    let whereabouts = Whereabouts::of(&query.person.facts);
    let facts = FactBits::of(query);
    let briefs = BriefUnits::of(&facts, shelf.countries(), |bits| (bits * UNITS).round() as i16);
    let waves = |loose| -> Vec<Wave> {
        query.names.iter().map(|probe| Wave::of(query, &whereabouts, probe, loose)).collect()
    };
    // Loosely similar words double the reading and bring one person in five hundred more: they are followed where
    // the others leave room.
    let mut waves = Some(waves(false)).filter(|waves| records(waves) >= READ).unwrap_or_else(|| waves(true));
    let phones: Vec<_> = query.person.phones.iter().map(|phone| shelf.with_phone(*phone)).collect();
    waves.push(Wave::of_lists(phones.iter().map(|list| (list.as_slice(), PHONE_BITS))));
    let same_day = facts.same_day().map(|(day, bits)| (shelf.born_on(day), bits));
    waves.push(Wave::of_lists(same_day.iter().map(|(list, bits)| (list.as_slice(), *bits))));
    waves.sort_by_key(|wave| wave.records);
    SCRATCH.with_borrow_mut(|scratch| {
        let slots = shelf.slots();
        scratch.stands.resize(slots.max(scratch.stands.len()), 0);
        scratch.there.resize(slots.div_ceil(64).max(scratch.there.len()), 0);
        scratch.sums.clear();
        scratch.sums.resize(STEPS, 0);
        scratch.fetched = compared.saturating_mul(2).max(FETCHED);
        scratch.gather(&waves, &briefs);
        let heaviest = scratch.heaviest(&facts, shelf);
        scratch.clear();
        best(query, &heaviest, compared, &facts)
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
    fn of(query: &'a Query<'_>, whereabouts: &Whereabouts, probe: &'a Probe, loose: bool) -> Self {
        let region = query.person.facts.region;
        let model = &query.index.model;
        let bits = |likeness| {
            let rung = Rung::name(NameField::Family, likeness);
            model.bits(rung, probe.rarity.bits(region, likeness)).max(LEAST_BITS)
        };
        let rungs = (0..NEAR_RUNGS as u32)
            .map(Likeness::from_number)
            .filter(|likeness| loose || *likeness != Likeness::Loose);
        let mut tiers: Vec<(f32, Likeness)> = rungs.map(|likeness| (bits(likeness), likeness)).collect();
        tiers.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut wave = Self::default();
        for (bits, tier) in tiers {
            for (id, _) in probe.reached().filter(|(_, likeness)| *likeness == tier) {
                query.shelf().bearing(id, whereabouts.by(tier), |list| wave.add(list, bits));
            }
        }
        wave
    }

    fn of_lists(lists: impl Iterator<Item = (&'a [Posting], f32)>) -> Self {
        let mut wave = Self::default();
        lists.for_each(|(list, bits)| wave.add(list, bits));
        wave
    }

    fn add(&mut self, list: &'a [Posting], bits: f32) {
        if !list.is_empty() {
            self.records += list.len();
            self.most = self.most.max(units(bits));
            self.lists.push((list, units(bits)));
        }
    }
}

/// Reads a little of every part of some lists and makes nothing of it: the memory is asked for all of them at once, where
/// reading one after another would wait for each.
fn call_up(lists: &[(&[Posting], u16)]) {
    const LINE: usize = 64 / size_of::<Posting>();
    let lines = lists.iter().flat_map(|(list, _)| list.iter().step_by(LINE));
    std::hint::black_box(lines.fold(0, |sum, posting| sum ^ posting.slot));
}

/// Where a sum of words and facts is counted.
fn step(sum: i32) -> usize {
    usize::try_from(sum.div_euclid(STEP) + NOTHING).unwrap_or(0).min(STEPS - 1)
}

impl Scratch {
    fn gather(&mut self, waves: &[Wave<'_>], briefs: &BriefUnits) {
        let mut to_come: i32 = waves.iter().map(|wave| i32::from(wave.most)).sum();
        for (wave, number) in waves.iter().zip(1u16..) {
            to_come -= i32::from(wave.most);
            for tier in wave.lists.chunk_by(|(_, a), (_, b)| a == b) {
                let units = tier.first().map_or(0, |(_, units)| *units);
                let needed = self.least_of_heaviest() - to_come - i32::from(units);
                call_up(tier);
                self.add_tier(tier, number, units, needed, briefs);
            }
        }
    }

    /// The sum that as many touched records reach as are to be fetched, at most what the last of them has.
    fn least_of_heaviest(&self) -> i32 {
        let mut heavier = 0;
        let last = self.sums.iter().rposition(|count| {
            heavier += *count as usize;
            heavier >= self.fetched
        });
        last.and_then(|at| i32::try_from(at).ok()).map_or(i32::MIN / 2, |at| (at - NOTHING) * STEP)
    }

    /// Adds the lists of words that are equally near, the shorter ones as if they were one: hundreds of them hold a few
    /// records each.
    fn add_tier(
        &mut self,
        tier: &[(&[Posting], u16)],
        wave: u16,
        units: u16,
        needed: i32,
        briefs: &BriefUnits,
    ) {
        let mut together = std::mem::take(&mut self.short);
        for (list, _) in tier {
            if list.len() < JOINED {
                together.extend_from_slice(list);
            } else {
                self.add(list, wave, units, needed, briefs);
            }
        }
        self.add(&together, wave, units, needed, briefs);
        together.clear();
        self.short = together;
    }

    /// Adds weight to records that this wave has not reached yet; to those of which facts give less than `needed` only
    /// where they are there already.
    fn add(&mut self, list: &[Posting], wave: u16, units: u16, needed: i32, briefs: &BriefUnits) {
        // Many at a time, so that the memory answers many questions at once; and without asking anything of those that
        // go no further, who are most, in no order that a processor could guess.
        let mut further = [(0u32, 0i16); AT_ONCE];
        for chunk in list.chunks(AT_ONCE) {
            let mut count = 0;
            for posting in chunk {
                let facts = briefs.of_brief(posting.brief);
                if let Some(place) = further.get_mut(count) {
                    *place = (posting.slot, facts);
                }
                count += usize::from(self.is_there(posting.slot) | (i32::from(facts) >= needed));
            }
            let further = further.iter().take(count);
            let asked = further.clone().filter_map(|(slot, _)| self.stands.get(*slot as usize));
            std::hint::black_box(asked.fold(0, |sum, at| sum ^ at));
            further.for_each(|(slot, facts)| self.weigh(*slot, *facts, wave, units));
        }
    }

    fn is_there(&self, slot: u32) -> bool {
        self.there.get(slot as usize / 64).is_some_and(|bits| bits >> (slot % 64) & 1 != 0)
    }

    /// Adds weight to one record, once a wave: a list may hold somebody twice, such as whoever gave one telephone number
    /// twice.
    fn weigh(&mut self, slot: u32, facts: i16, wave: u16, units: u16) {
        let Some(place) = self.stands.get(slot as usize).copied() else { return };
        let known = if self.is_there(slot) { self.touched.get_mut(place as usize) } else { None };
        let sum = match known {
            Some(known) if known.wave == wave => return,
            Some(known) => {
                if let Some(count) = self.sums.get_mut(step(known.sum())) {
                    *count -= 1;
                }
                (known.weight, known.wave) = (known.weight.saturating_add(units), wave);
                known.sum()
            }
            None => {
                let touched = Touched { slot, facts, weight: units, wave };
                if let Some(place) = self.stands.get_mut(slot as usize) {
                    *place = u32::try_from(self.touched.len()).unwrap_or(u32::MAX);
                }
                if let Some(bits) = self.there.get_mut(slot as usize / 64) {
                    *bits |= 1 << (slot % 64);
                }
                self.touched.push(touched);
                touched.sum()
            }
        };
        if let Some(count) = self.sums.get_mut(step(sum)) {
            *count += 1;
        }
    }

    fn clear(&mut self) {
        for touched in self.touched.drain(..) {
            if let Some(bits) = self.there.get_mut(touched.slot as usize / 64) {
                *bits = 0;
            }
        }
    }

    /// The touched records that weigh most by words and briefs; where very many weigh alike, those that days and times
    /// speak for.
    fn heaviest(&self, facts: &FactBits<'_>, shelf: &Shelf) -> Vec<u32> {
        let least = self.least_of_heaviest();
        let heaviest = self.touched.iter().filter(|touched| touched.sum() >= least);
        let mut best = Best::new(shelf, self.fetched.saturating_mul(ALIKE));
        if heaviest.clone().count() <= best.most {
            return heaviest.map(|touched| touched.slot).collect();
        }
        for touched in heaviest {
            let Some(entry) = shelf.entry(touched.slot) else { continue };
            let (person, family) = facts.bits(entry);
            best.offer(f32::from(touched.weight) / UNITS + person + family, touched.slot);
        }
        best.slots()
    }
}

/// The best by all that their entries hold.
fn best(query: &Query<'_>, heaviest: &[u32], compared: usize, facts: &FactBits<'_>) -> Vec<u32> {
    let shelf = query.shelf();
    let mut best = Best::new(shelf, compared);
    let mut room = Room::default();
    // Records are fetched many at a time, so that the memory answers many questions at once.
    let mut entries = Vec::with_capacity(AT_ONCE);
    for chunk in heaviest.chunks(AT_ONCE) {
        entries.clear();
        entries.extend(chunk.iter().filter_map(|slot| Some((*slot, *shelf.entry(*slot)?))));
        let asked = entries.iter().filter_map(|(_, entry)| shelf.words(entry).first());
        std::hint::black_box(asked.fold(0, |sum, word| sum ^ word.to_number()));
        for (slot, entry) in &entries {
            let phone = if query.shares_phone(*slot) { PHONE_BITS } else { 0.0 };
            best.offer(weight(query, entry, facts, &mut room) + phone, *slot);
        }
    }
    best.slots()
}

/// What an exact comparison comes to without telephones, relatives and places on the way.
fn weight(query: &Query<'_>, entry: &Entry, facts: &FactBits<'_>, room: &mut Room) -> f32 {
    let (names, of_family) = query.weigh_names(entry, room);
    let (facts, shared) = facts.bits(entry);
    let (model, people) = (&query.index.model, query.index.population.size());
    let household = pair::household_bits(model, of_family + shared, pair::population(model, people));
    names + facts + shared + household
}

/// The best of a stream of weighed slots, ties by key.
struct Best<'a> {
    shelf: &'a Shelf,
    most: usize,
    least: f32,
    kept: Vec<(f32, u32)>,
}

impl<'a> Best<'a> {
    fn new(shelf: &'a Shelf, most: usize) -> Self {
        Self { shelf, most, least: f32::NEG_INFINITY, kept: Vec::new() }
    }

    fn offer(&mut self, weight: f32, slot: u32) {
        if weight >= self.least {
            self.kept.push((weight, slot));
            if self.kept.len() / 2 >= self.most {
                self.cut();
            }
        }
    }

    fn cut(&mut self) {
        let shelf = self.shelf;
        if self.kept.len() > self.most {
            self.kept.select_nth_unstable_by(self.most - 1, |a, b| {
                b.0.total_cmp(&a.0).then_with(|| shelf.key(a.1).cmp(&shelf.key(b.1)))
            });
            self.kept.truncate(self.most);
            self.least = self.kept.last().map_or(self.least, |(weight, _)| *weight);
        }
    }

    fn slots(mut self) -> Vec<u32> {
        self.cut();
        self.kept.into_iter().map(|(_, slot)| slot).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::index::Index;
    use crate::person::Person;
    use crate::{Birth, Model, Name, NamePart, Profile, RecordKey, Side};

    const NAMES: [&str; 10] = [
        "Amina",
        "Aamina",
        "Warsame",
        "Worsama",
        "Mohamed",
        "A",
        "Kovalenko",
        "Yusuf",
        "Abdulrahman",
        "Abdul Rahman",
    ];

    fn person() -> impl Strategy<Value = Profile> {
        let name = || proptest::sample::select(&NAMES[..]);
        let known = (proptest::option::of(name()), proptest::option::of(1990i16..2000), any::<[bool; 2]>());
        (name(), name(), known).prop_map(|(given, family, (father, year, [somali, other]))| {
            let father = father.map(|father| (NamePart::Father, father));
            let parts = [(NamePart::Given, given), (NamePart::Family, family)].into_iter().chain(father);
            let countries = [(somali, "SOM"), (other, "UKR")].into_iter().filter(|(stated, _)| *stated);
            Profile {
                names: parts.map(|(part, text)| Name::new(part, text)).collect(),
                birth: year.map(|year| Birth::Day { year, month: 5, day: 12, estimated: false }),
                nationalities: countries.map(|(_, code)| code.parse().unwrap()).collect(),
                ..Profile::default()
            }
        })
    }

    proptest! {
        /// Who is left is decided by what the comparison would say, initials, words written as one and names exchanged included.
        #[test]
        fn what_is_fetched_is_weighed_as_it_is_compared(
            people in proptest::collection::vec(person(), 1..20), sought in person(),
        ) {
            let records = people.iter().cloned().zip(0u128..);
            let records = records.map(|(profile, key)| (Side::Contacts, RecordKey(key), profile));
            let index = Index::build(Arc::new(Model::shipped()), records);
            let person = Person::of(&sought);
            let query = Query::of(&index, Side::Contacts, &person);
            let facts = FactBits::of(&query);
            for (_, key, entry) in query.shelf().records() {
                let exact = index.compare(&sought, &people[key.0 as usize]).score.weight;
                let near = weight(&query, entry, &facts, &mut Room::default());
                prop_assert!((exact - near).abs() < 1e-3, "{exact} {near} {sought:?} {:?}", people[key.0 as usize]);
            }
        }
    }
}
