//! Search: candidates are gathered by words and facts, and the best of them aligned and scored exactly as an
//! explanation would score them.

use super::entry::{Borne, Entry};
use super::gather;
use super::probe::{Links, Probe};
use super::shelf::Shelf;
use super::{Hit, Index, Limit, RecordKey};
use crate::Side;
use crate::atlas::Spot;
use crate::evidence::{self, Bearer, Evidence, Link, Stations};
use crate::explain::region_of;
use crate::fold::sound::Sound;
use crate::likeness::Likeness;
use crate::pair;
use crate::person::{Person, Roles};
use crate::population::Rarity;
use crate::vocabulary::{Vocabulary, WordId};

/// A person looked for, with the words and places near which records may stand.
pub(super) struct Query<'a> {
    pub(super) index: &'a Index,
    pub(super) side: Side,
    pub(super) person: &'a Person,
    pub(super) names: Vec<Probe>,
    pub(super) origins: Vec<Probe>,
    name_links: Links,
    pub(super) origin_links: Links,
    station_links: Links,
    spot: Option<Spot>,
}

/// Room for the evidence of one pair, kept from pair to pair so that memory is asked for once.
#[derive(Default)]
pub(super) struct Room {
    links: Vec<Link>,
    evidence: Evidence,
}

pub(super) fn search(index: &Index, side: Side, person: &Person, limit: Limit) -> Vec<Hit> {
    if limit.k == 0 || index.len(side) == 0 {
        return Vec::new();
    }
    let query = Query::of(index, side, person);
    let mut hits = query.hits(gather::promising(&query, limit.k));
    hits.retain(|hit| hit.score.probability >= limit.min_probability);
    hits.sort_by(|a, b| b.score.weight.total_cmp(&a.score.weight).then(a.key.cmp(&b.key)));
    hits.truncate(limit.k);
    hits
}

impl<'a> Query<'a> {
    pub(super) fn of(index: &'a Index, side: Side, person: &'a Person) -> Self {
        let population = &index.population;
        let names = Probe::of_all(index, &population.names, &person.words);
        let origins = Probe::of_all(index, &population.places, &person.origins);
        let stations = Probe::of_all(index, &population.places, person.station.as_slice());
        Self {
            name_links: Links::of(&names),
            origin_links: Links::of(&origins),
            station_links: Links::of(&stations),
            spot: person.station.as_ref().and_then(Spot::of),
            index,
            side,
            person,
            names,
            origins,
        }
    }
}

impl Query<'_> {
    pub(super) fn shelf(&self) -> &Shelf {
        self.index.shelf(self.side)
    }

    /// Every record compared.
    fn hits(&self, slots: Vec<u32>) -> Vec<Hit> {
        let (model, people) = (&self.index.model, self.index.population.size());
        let shelf = self.shelf();
        // All keys first, so that the memory answers many questions at once.
        let keys: Vec<RecordKey> = slots.iter().map(|slot| shelf.key(*slot)).collect();
        let mut room = Room::default();
        let mut hit = |(slot, key): (u32, RecordKey)| {
            let evidence = self.compare(slot, shelf.entry(slot)?, &mut room);
            Some(Hit { key, score: pair::score(model, evidence, people) })
        };
        slots.into_iter().zip(keys).filter_map(&mut hit).collect()
    }

    /// Bits of the names of a record, and of those that a family shares: as an exact comparison would have it, but
    /// always by how rare the query's words are, which are at hand.
    pub(super) fn weigh_names(&self, entry: &Entry, room: &mut Room) -> (f32, f32) {
        let record = self.start(entry, room);
        let (links, evidence) = (&mut room.links, &mut room.evidence);
        let (model, own) = (&*self.index.model, &*self.person.words);
        let region = match self.side {
            Side::Contacts => region_of(self.person.facts.region, entry.region()),
            Side::Requests => region_of(entry.region(), self.person.facts.region),
        };
        let rarity = |probe: u8, likeness| {
            self.names.get(usize::from(probe)).map_or(0.0, |probe| probe.rarity.bits(region, likeness))
        };
        match self.side {
            Side::Contacts => {
                let rarity = |link: &Link| rarity(link.request, link.likeness);
                evidence::names(model, own, &record, links, rarity, evidence);
            }
            Side::Requests => {
                let rarity = |link: &Link| rarity(link.contact, link.likeness);
                evidence::names(model, &record, own, links, rarity, evidence);
            }
        }
        evidence.bits(model)
    }

    /// Clears the room, and links the words of a record to those of the query.
    fn start(&self, entry: &Entry, room: &mut Room) -> Record<'_> {
        room.links.clear();
        room.evidence.reached.clear();
        let words = self.shelf().words(entry);
        for (at, word) in (0u8..64).zip(words) {
            for (probe, likeness) in self.name_links.to(word.id()) {
                room.links.push(self.directed(probe, at, likeness));
            }
        }
        Record { vocabulary: &self.index.population.names, words }
    }

    /// The evidence of the query and a record; the same as two profiles compared directly.
    fn compare<'r>(&self, slot: u32, entry: &Entry, room: &'r mut Room) -> &'r Evidence {
        let shelf = self.shelf();
        let record = self.start(entry, room);
        let words = record.words;
        let (links, evidence) = (&mut room.links, &mut room.evidence);
        let model = &*self.index.model;
        match self.side {
            Side::Contacts => {
                let region = region_of(self.person.facts.region, entry.region());
                let rarity = |link: &Link| {
                    let probe = self.names.get(usize::from(link.request));
                    probe.map_or(0.0, |probe| probe.rarity.bits(region, link.likeness))
                };
                evidence::names(model, &*self.person.words, &record, links, rarity, evidence);
            }
            Side::Requests => {
                let region = region_of(entry.region(), self.person.facts.region);
                let rarities: Vec<Rarity> = words.iter().map(|word| self.rarity_of(word.id())).collect();
                let rarity = |link: &Link| {
                    let rarity = rarities.get(usize::from(link.request));
                    rarity.map_or(0.0, |rarity| rarity.bits(region, link.likeness))
                };
                evidence::names(model, &record, &*self.person.words, links, rarity, evidence);
            }
        }
        self.facts(entry, evidence);
        let extra = shelf.extra(slot);
        let both = !self.person.phones.is_empty() && extra.is_some_and(|extra| !extra.phones.is_empty());
        evidence::phone(both, self.shares_phone(slot), evidence);
        evidence::relatives(self.relatives_agree(extra.map_or(&[], |extra| &extra.relatives)), evidence);
        evidence
    }

    /// Whether a record states a telephone number that the query states.
    pub(super) fn shares_phone(&self, slot: u32) -> bool {
        let own = &self.person.phones;
        !own.is_empty()
            && self
                .shelf()
                .extra(slot)
                .is_some_and(|extra| own.iter().any(|phone| extra.phones.contains(phone)))
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
            Side::Contacts => Link::new(query, record, likeness),
            Side::Requests => Link::new(record, query, likeness),
        }
    }

    fn rarity_of(&self, id: WordId) -> Rarity {
        let names = &self.index.population.names;
        self.index.population.rarity(&self.index.model.numbers, &names.known(id).1)
    }

    /// Everything but names, telephones and relatives.
    fn facts(&self, entry: &Entry, evidence: &mut Evidence) {
        let population = &self.index.population;
        let (own, stated) = (&self.person.facts, &entry.facts());
        let (request, contact) = match self.side {
            Side::Contacts => (own, stated),
            Side::Requests => (stated, own),
        };
        evidence::facts(request, contact, evidence);
        evidence::nationality(request, contact, population, evidence);
        let region = region_of(request.region, contact.region);
        let found = entry.origins().flat_map(|place| {
            self.origin_links.to(place).filter_map(move |(probe, likeness)| {
                let probe = self.origins.get(usize::from(probe))?;
                let bits = match self.side {
                    Side::Contacts => probe.rarity.bits(region, likeness),
                    Side::Requests => {
                        let places = &population.places;
                        let (_, bearers) = places.known(place);
                        population.rarity(&self.index.model.numbers, &bearers).bits(region, likeness)
                    }
                };
                Some((likeness, bits))
            })
        });
        let both = !self.origins.is_empty() && entry.origins().next().is_some();
        evidence::origin(&self.index.model, both, found, evidence);
        let stations = entry.station().filter(|_| self.person.station.is_some()).map(|place| Stations {
            same: self.station_links.to(place).any(|(_, likeness)| likeness <= Likeness::Similar),
            listed: self.spot.zip(population.spot(place)).map(|(own, stated)| match self.side {
                Side::Contacts => (own, stated),
                Side::Requests => (stated, own),
            }),
        });
        evidence::station(stations.as_ref(), request, contact, evidence);
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
