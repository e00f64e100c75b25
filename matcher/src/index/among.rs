//! The candidates of a list as records beside each other, read back from the index.

use super::{Hit, Index, RecordKey};
use crate::evidence::Link;
use crate::explain::{self, Surprisal};
use crate::likeness::Likeness;
use crate::model::Numbers;
use crate::pair;
use crate::person::{Person, Roles, Word};
use crate::population::Population;
use crate::region::Region;
use crate::rivals::{self, Among};
use crate::vocabulary::{Bearers, Vocabulary, WordId};
use crate::{Score, Side};

/// A contact read back, with how many people bear each of its words.
struct Read {
    person: Person,
    names: Vec<Bearers>,
    origins: Vec<Bearers>,
}

/// How rare two contacts' agreements are: by how many people bear the words that agree, of both contacts. Looking up
/// every other word as close would cost as much as a search does, for each of the contacts of every list.
struct OfBoth<'a> {
    numbers: &'a Numbers,
    population: &'a Population,
    one: &'a Read,
    other: &'a Read,
}

impl OfBoth<'_> {
    fn bits(&self, region: Region, own: Option<&Bearers>, others: impl Iterator<Item = Bearers>) -> f32 {
        let mut sum = own.copied().unwrap_or_default();
        others.for_each(|more| sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more));
        self.population.surprisal(region, self.numbers, &sum)
    }
}

/// Bearers of the other's words that are linked with a word, this close, and are not the same word.
fn linked(
    links: &[Link],
    at: usize,
    likeness: Likeness,
    others: &[Bearers],
) -> impl Iterator<Item = Bearers> {
    let near = links.iter().filter(move |link| {
        usize::from(link.request) == at && link.likeness != Likeness::Same && link.likeness <= likeness
    });
    near.filter_map(|link| others.get(usize::from(link.contact)).copied())
}

impl Surprisal for OfBoth<'_> {
    fn of_name(&self, at: usize, likeness: Likeness, region: Region, links: &[Link]) -> f32 {
        if likeness == Likeness::Initial {
            return 0.0;
        }
        let near = if likeness == Likeness::Joined { Likeness::Same } else { likeness };
        self.bits(region, self.one.names.get(at), linked(links, at, near, &self.other.names))
    }

    fn of_origin(&self, at: usize, likeness: Likeness, region: Region, links: &[Link]) -> f32 {
        self.bits(region, self.one.origins.get(at), linked(links, at, likeness, &self.other.origins))
    }
}

impl Index {
    /// The contacts found for one request, each among the others: of several strangers who fit alike, at most one is the
    /// sought person. In the order of `hits`; probabilities are lowered, never raised, and those of [`Hit`] stay as they
    /// are.
    ///
    /// A hit's own score is the same from either direction and does not change with whoever else was met. This one knows
    /// the list, so it is for showing a list or judging it, not for storing: somebody met and checked against all
    /// requests does not see the other candidates of each.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use matcher::{Index, Limit, Model, Name, NamePart, Profile, RecordKey, Side};
    /// let hasan = Profile { names: vec![Name::new(NamePart::Full, "Hasan Ali")], ..Profile::default() };
    /// let mut index = Index::new(Arc::new(Model::shipped()));
    /// index.insert(Side::Contacts, RecordKey(1), &hasan);
    /// let hits = index.search(Side::Contacts, &hasan, Limit { k: 10, min_probability: 0.0 });
    /// let among = index.among_rivals(&hits);
    /// assert!(among[0].score.probability <= hits[0].score.probability);
    /// ```
    #[must_use]
    pub fn among_rivals(&self, hits: &[Hit]) -> Vec<Among> {
        let scores: Vec<Score> = hits.iter().map(|hit| hit.score).collect();
        let read = |hit: &Hit| rivals::is_likely(&hit.score).then(|| self.read_back(hit.key)).flatten();
        let people: Vec<Option<Read>> =
            hits.iter().map(|hit| read(hit).map(|person| self.read(person))).collect();
        let alike = |one: usize, other: usize| match (people.get(one), people.get(other)) {
            (Some(Some(one)), Some(Some(other))) => self.alike(one, other),
            _ => 0.0,
        };
        rivals::among(&self.model, &scores, self.population.size(), alike)
    }

    /// Weight of two contacts as records of one person.
    fn alike(&self, one: &Read, other: &Read) -> f32 {
        let (numbers, population) = (&self.model.numbers, &self.population);
        let rarity = OfBoth { numbers, population, one, other };
        let mut evidence = explain::evidence_by(&self.model, population, &rarity, &one.person, &other.person);
        evidence.reached.retain(|reached| rivals::of_person(reached.rung));
        pair::score(&self.model, &evidence, population.size()).weight
    }

    fn read(&self, person: Person) -> Read {
        let (names, places) = (&self.population.names, &self.population.places);
        let bearers = |words: &Vocabulary, word: &Word| words.bearers_of(&word.folded);
        Read {
            names: person.words.iter().map(|word| bearers(names, word)).collect(),
            origins: person.origins.iter().map(|word| bearers(places, word)).collect(),
            person,
        }
    }

    /// A contact as it went in, but for where it was met.
    fn read_back(&self, key: RecordKey) -> Option<Person> {
        let shelf = self.shelf(Side::Contacts);
        let slot = shelf.slot(key)?;
        let entry = shelf.entry(slot)?;
        let word = |words: &Vocabulary, id: WordId, roles: Roles| Some(Word { roles, ..words.word(id)? });
        let (names, places) = (&self.population.names, &self.population.places);
        let extra = shelf.extra(slot);
        let relatives = extra.map_or(&[][..], |extra| &extra.relatives);
        Some(Person {
            words: shelf.words(entry).iter().filter_map(|w| word(names, w.id(), w.roles())).collect(),
            facts: entry.facts(),
            origins: entry.origins().filter_map(|id| word(places, id, Roles::default())).collect(),
            station: None,
            phones: extra.map_or_else(Vec::new, |extra| extra.phones.clone()),
            relatives: relatives.iter().filter_map(|id| word(names, *id, Roles::SPARE)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::{Birth, Limit, Model, Name, NamePart, Profile};

    const NAMES: [&str; 6] = ["Amina", "Aamina", "Warsame", "Mohamed", "محمد", "Ali"];

    fn person() -> impl Strategy<Value = Profile> {
        let name = || proptest::sample::select(&NAMES[..]);
        let known = (proptest::option::of(name()), proptest::option::of(1990i16..1994));
        (name(), name(), known).prop_map(|(given, family, (father, year))| {
            let parts = [
                (NamePart::Given, Some(given)),
                (NamePart::Family, Some(family)),
                (NamePart::Father, father),
            ];
            let names = parts.into_iter().filter_map(|(part, text)| Some(Name::new(part, text?)));
            Profile {
                names: names.collect(),
                birth: year.map(|year| Birth::Day { year, month: 5, day: 12, estimated: false }),
                phones: vec!["251911000000".to_owned()],
                ..Profile::default()
            }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// What the index keeps of two contacts compares as the contacts themselves do, so that a list from the index
        /// and one of everybody compared by hand come to the same.
        #[test]
        fn rivals_are_weighed_as_their_own_records_would_be(
            people in proptest::collection::vec(person(), 1..12),
            request in person(),
        ) {
            let records = people.iter().cloned().zip(0u128..);
            let records = records.map(|(profile, key)| (Side::Contacts, RecordKey(key), profile));
            let index = Index::build(Arc::new(Model::shipped()), records);
            let hits = index.search(Side::Contacts, &request, Limit { k: 10, min_probability: 0.0 });
            let by_hand: Vec<Read> =
                hits.iter().map(|hit| index.read(Person::of(&people[hit.key.0 as usize]))).collect();
            let scores: Vec<Score> = hits
                .iter()
                .map(|hit| index.compare(&request, &people[hit.key.0 as usize]).score)
                .collect();
            let alike = |a: usize, b: usize| index.alike(&by_hand[a], &by_hand[b]);
            let expected = rivals::among(&index.model, &scores, index.population.size(), alike);
            let among = index.among_rivals(&hits);
            prop_assert_eq!(among.len(), hits.len());
            for (among, expected) in among.iter().zip(expected) {
                prop_assert!((among.score.probability - expected.score.probability).abs() < 1e-2);
                prop_assert_eq!(among.rivals < -0.1, expected.rivals < -0.1);
            }
        }
    }
}
