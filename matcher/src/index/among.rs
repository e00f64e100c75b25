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
use crate::rivals::{self, Among, List};
use crate::vocabulary::{Bearers, Vocabulary, WordId};
use crate::{Score, Side};

/// A contact with how many people bear each of its words.
struct Counted {
    person: Person,
    names: Vec<Bearers>,
    origins: Vec<Bearers>,
}

/// How rare two contacts' agreements are: by how many people bear the two words that agree. Looking up every other word
/// as close would cost as much as a search does, for each of the contacts of every list.
struct OfBoth<'a> {
    numbers: &'a Numbers,
    population: &'a Population,
    one: &'a Counted,
    other: &'a Counted,
}

impl OfBoth<'_> {
    /// The same whichever of the two comes first.
    fn bits(&self, link: &Link, own: &[Bearers], others: &[Bearers]) -> f32 {
        let mut sum = own.get(usize::from(link.request)).copied().unwrap_or_default();
        if link.likeness != Likeness::Same {
            let more = others.get(usize::from(link.contact)).copied().unwrap_or_default();
            sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
        let regions = [self.one, self.other].map(|counted| counted.person.facts.region);
        let region = match regions {
            [one, other] if one == other || other == Region::UNKNOWN => one,
            [Region::UNKNOWN, other] => other,
            _ => Region::UNKNOWN,
        };
        self.population.surprisal(self.numbers, &sum, region)
    }
}

impl Surprisal for OfBoth<'_> {
    fn of_name(&self, link: &Link, _: Region) -> f32 {
        match link.likeness {
            Likeness::Initial => 0.0,
            _ => self.bits(link, &self.one.names, &self.other.names),
        }
    }

    fn of_origin(&self, link: &Link, _: Region) -> f32 {
        self.bits(link, &self.one.origins, &self.other.origins)
    }
}

impl Index {
    /// The contacts found for one request, each among the others: of several strangers who fit alike, at most one is the
    /// sought person. In the order of `hits`, whose own scores stay as they are. `list` says whether they are all that a
    /// search for [`Limit::LIST`](super::Limit::LIST) found; of a part nobody is raised, and the probabilities of different
    /// people come to no more than 1.
    ///
    /// A hit's own score is the same from either direction and does not change with whoever else was met. This one knows
    /// the list, so it is for showing a list or judging it, not for storing: somebody met and checked against all
    /// requests does not see the other candidates of each.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use matcher::{Index, Limit, List, Model, Name, NamePart, Profile, RecordKey, Side};
    /// let hasan = Profile { names: vec![Name::new(NamePart::Full, "Hasan Ali")], ..Profile::default() };
    /// let mut index = Index::new(Arc::new(Model::shipped()));
    /// index.insert(Side::Contacts, RecordKey(1), &hasan);
    /// let hits = index.search(Side::Contacts, &hasan, Limit { k: 10, min_probability: 0.0 });
    /// let among = index.among_rivals(&hits, List::Part);
    /// assert!(among[0].rivals <= 0.0);
    /// ```
    #[must_use]
    pub fn among_rivals(&self, hits: &[Hit], list: List) -> Vec<Among> {
        let scores: Vec<Score> = hits.iter().map(|hit| hit.score).collect();
        let likely = |hit: &Hit| rivals::is_likely(&hit.score).then(|| self.read_back(hit.key)).flatten();
        let people: Vec<Option<(RecordKey, Counted)>> =
            hits.iter().map(|hit| Some((hit.key, self.counted(likely(hit)?)))).collect();
        let alike = |one: usize, other: usize| match (people.get(one), people.get(other)) {
            (Some(Some((key, one))), Some(Some((other_key, other)))) => {
                // What a comparison lets one side decide does not depend on who stands above whom.
                if key <= other_key { self.alike(one, other) } else { self.alike(other, one) }
            }
            _ => 0.0,
        };
        rivals::among(&self.model, &scores, self.population.size(), list, alike)
    }

    /// Weight of two contacts as records of one person.
    fn alike(&self, one: &Counted, other: &Counted) -> f32 {
        let (numbers, population) = (&self.model.numbers, &self.population);
        let rarity = OfBoth { numbers, population, one, other };
        let mut evidence = explain::evidence_by(&self.model, population, &rarity, &one.person, &other.person);
        evidence.reached.retain(|reached| rivals::of_person(reached.rung));
        pair::score(&self.model, &evidence, population.size()).weight
    }

    fn counted(&self, person: Person) -> Counted {
        let (names, places) = (&self.population.names, &self.population.places);
        let bearers = |words: &Vocabulary, word: &Word| words.bearers_of(&word.folded);
        Counted {
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

    /// Two people met under one name, in a crowd in which one name is common and one is borne by them alone.
    #[test]
    fn who_shares_a_rare_name_is_likelier_one_person_than_who_shares_a_common_one() {
        let named = |given: &str, family: &str| Profile {
            names: vec![Name::new(NamePart::Given, given), Name::new(NamePart::Family, family)],
            ..Profile::default()
        };
        let mut people = vec![named("Amina", "Ali"), named("Aamina", "Alii")];
        people.extend([named("Zebenjo", "Quaxote"), named("Zebenjoo", "Quaxotte")]);
        people.extend((0..300).map(|_| named("Amina", "Ali")));
        let records = people.iter().cloned().zip(0u128..);
        let records = records.map(|(profile, key)| (Side::Contacts, RecordKey(key), profile));
        let index = Index::build(Arc::new(Model::shipped()), records);
        let counted = |at: usize| index.counted(Person::of(&people[at]));
        let [common, common_too, rare, rare_too] = [0, 1, 2, 3].map(counted);
        assert!(index.alike(&rare, &rare_too) > index.alike(&common, &common_too) + 2.0);
        assert!((index.alike(&rare, &rare_too) - index.alike(&rare_too, &rare)).abs() < 1e-3);
        assert!(index.alike(&rare, &common) < index.alike(&common, &common_too));
    }

    /// Who is whose rival does not depend on who is named first.
    #[test]
    fn the_order_of_a_list_changes_nothing() {
        let named = |name: &str, country: &str| Profile {
            names: vec![Name::new(NamePart::Full, name)],
            nationalities: vec![country.parse().unwrap()],
            ..Profile::default()
        };
        let people = [
            named("Wolde Giorgis Tesfaye", "ETH"),
            named("Woldegiorgis Tesfay", "HTI"),
            named("Wolde Tesfaye", "ETH"),
        ];
        let records = people.iter().cloned().zip(0u128..);
        let records = records.map(|(profile, key)| (Side::Contacts, RecordKey(key), profile));
        let index = Index::build(Arc::new(Model::shipped()), records);
        let ten = Limit { k: 10, min_probability: 0.0 };
        let mut hits = index.search(Side::Contacts, &people[0], ten);
        // As likely as candidates are among whom somebody has to choose.
        hits.iter_mut().for_each(|hit| (hit.score.weight, hit.score.probability) = (14.0, 0.5));
        let forwards: Vec<f32> =
            index.among_rivals(&hits, List::Part).iter().map(|among| among.rivals).collect();
        hits.reverse();
        let mut backwards: Vec<f32> =
            index.among_rivals(&hits, List::Part).iter().map(|among| among.rivals).collect();
        backwards.reverse();
        assert_eq!(hits.len(), 3);
        assert!(forwards.iter().any(|rivals| *rivals < -0.1), "{forwards:?}");
        assert!(
            forwards.iter().zip(&backwards).all(|(a, b)| (a - b).abs() < 1e-4),
            "{forwards:?} {backwards:?}"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// What the index keeps of two contacts compares as the contacts themselves do, so that a list from the index
        /// and one of everybody compared by hand come to the same.
        #[test]
        fn rivals_are_weighed_as_their_own_records_would_be(
            people in proptest::collection::vec(person(), 1..12),
            request in person(),
            list in proptest::sample::select(&[List::Whole, List::Part][..]),
        ) {
            let records = people.iter().cloned().zip(0u128..);
            let records = records.map(|(profile, key)| (Side::Contacts, RecordKey(key), profile));
            let index = Index::build(Arc::new(Model::shipped()), records);
            let hits = index.search(Side::Contacts, &request, Limit { k: 10, min_probability: 0.0 });
            let by_hand: Vec<Counted> =
                hits.iter().map(|hit| index.counted(Person::of(&people[hit.key.0 as usize]))).collect();
            let scores: Vec<Score> = hits
                .iter()
                .map(|hit| index.compare(&request, &people[hit.key.0 as usize]).score)
                .collect();
            let alike = |a: usize, b: usize| {
                let (a, b) = if hits[a].key <= hits[b].key { (a, b) } else { (b, a) };
                index.alike(&by_hand[a], &by_hand[b])
            };
            let expected = rivals::among(&index.model, &scores, index.population.size(), list, alike);
            let among = index.among_rivals(&hits, list);
            prop_assert_eq!(among.len(), hits.len());
            for (among, expected) in among.iter().zip(expected) {
                prop_assert!((among.score.probability - expected.score.probability).abs() < 1e-2);
                prop_assert_eq!(among.rivals < -0.1, expected.rivals < -0.1);
            }
        }
    }
}
