//! What must hold for every name and every record, whoever writes them.

use std::collections::BTreeMap;
use std::sync::Arc;

use matcher::evaluate::spelling_distance;
use matcher::{
    Birth, FieldName, Index, Limit, Model, Name, NamePart, Place, PlaceRole, Profile, RecordKey, Sex, Side,
};
use proptest::prelude::*;

const ALL: Limit = Limit { k: 1000, min_probability: 0.0 };

const GIVEN: [&str; 12] = [
    "Amina",
    "Mohamed",
    "محمد",
    "José Luis",
    "Fatoumata",
    "Олександр",
    "Tesfaye",
    "সালমা",
    "Xasan",
    "Jean",
    "Maria",
    "Ayele",
];
const FAMILY: [&str; 12] = [
    "Diallo",
    "Al-Hasan",
    "García Gutiérrez",
    "Shevchuk",
    "Шевчук",
    "Gebre",
    "Baptiste",
    "Khan",
    "Cabdi",
    "Traoré",
    "Haile",
    "de la Cruz",
];
const PLACES: [&str; 6] = ["Kassala", "Conakry", "Dara", "درعا", "San Pedro Sula", "Kyiv"];
const STATIONS: [&str; 6] = ["Agadez", "Agades", "Tripoli", "Lampedusa", "Lajas Blancas", "a village"];
const DAYS: [&str; 4] = ["2023-03-01", "2023-03-03", "2023-11-20", "2025-01-05"];
const COUNTRIES: [&str; 6] = ["ERI", "GIN", "SYR", "HND", "UKR", "SOM"];

fn person() -> impl Strategy<Value = Profile> {
    let pick =
        |names: &'static [&'static str]| proptest::option::weighted(0.7, proptest::sample::select(names));
    let names = (proptest::sample::select(&GIVEN[..]), pick(&FAMILY), pick(&GIVEN), pick(&GIVEN));
    let facts = (
        proptest::option::of(any::<bool>()),
        proptest::option::of(1950i16..2015),
        pick(&COUNTRIES),
        pick(&PLACES),
        (pick(&STATIONS), pick(&DAYS)),
    );
    (names, facts).prop_map(|((given, family, father, mother), (sex, year, country, place, station))| {
        let mut profile = Profile { names: vec![Name::new(NamePart::Given, given)], ..Profile::default() };
        let others = [(NamePart::Family, family), (NamePart::Father, father), (NamePart::Mother, mother)];
        profile.names.extend(others.into_iter().filter_map(|(part, text)| Some(Name::new(part, text?))));
        profile.sex = sex.map(|female| if female { Sex::Female } else { Sex::Male });
        profile.birth = year.map(|year| Birth::Year { year, about: false });
        profile.nationalities = country.iter().filter_map(|code| code.parse().ok()).collect();
        profile.places.extend(place.map(origin));
        profile.places.extend(station.0.map(|name| Place { role: PlaceRole::SeenAt, ..origin(name) }));
        profile.seen_on = station.1.and_then(|day| day.parse().ok());
        profile
    })
}

fn origin(name: &str) -> Place {
    Place { role: PlaceRole::Origin, name: name.to_owned(), country: None }
}

fn is_name(field: FieldName) -> bool {
    matches!(field, FieldName::GivenName | FieldName::FamilyName | FieldName::Father | FieldName::Mother)
}

fn index_of(people: &[Profile]) -> Index {
    let records = people.iter().cloned().zip(1u128..);
    Index::build(
        Arc::new(Model::shipped()),
        records.map(|(profile, key)| (Side::Contacts, RecordKey(key), profile)),
    )
}

fn people() -> impl Strategy<Value = Vec<Profile>> {
    proptest::collection::vec(person(), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_lines_add_up_to_the_weight(people in people(), request in person()) {
        let index = index_of(&people);
        for contact in &people {
            let explanation = index.compare(&request, contact);
            let sum: f32 = explanation.lines.iter().map(|line| line.weight).sum();
            prop_assert!((sum - explanation.score.weight).abs() < 1e-3);
        }
    }

    #[test]
    fn a_search_scores_as_an_explanation_does(people in people(), request in person()) {
        let index = index_of(&people);
        for hit in index.search(Side::Contacts, &request, ALL) {
            let contact = &people[hit.key.0 as usize - 1];
            let direct = index.compare(&request, contact).score;
            prop_assert!((hit.score.weight - direct.weight).abs() < 1e-2, "{:?} {:?}", hit.score, direct);
            prop_assert_eq!(hit.score.band, direct.band);
        }
    }

    #[test]
    fn a_search_finds_whoever_an_exhaustive_comparison_finds_likely_by_a_name_and_more(people in people(), request in person()) {
        let index = index_of(&people);
        let hits = index.search(Side::Contacts, &request, ALL);
        for (contact, key) in people.iter().zip(1u128..) {
            let explanation = index.compare(&request, contact);
            // A search reads the lists of names: whoever shares none is not promised, however much else agrees.
            let named = explanation.lines.iter().any(|line| is_name(line.field) && line.weight > 0.0);
            if named && explanation.score.probability > 0.05 {
                prop_assert!(hits.iter().any(|hit| hit.key == RecordKey(key)), "{request:?} {contact:?}");
            }
        }
    }

    #[test]
    fn a_pair_scores_alike_from_both_directions(people in people(), request in person()) {
        let mut index = index_of(&people);
        let key = RecordKey(99_999);
        index.insert(Side::Requests, key, &request);
        for hit in index.search(Side::Contacts, &request, ALL) {
            let contact = &people[hit.key.0 as usize - 1];
            let back = index.search(Side::Requests, contact, ALL);
            let same = back.iter().find(|back| back.key == key).expect("found from both sides");
            prop_assert!((same.score.weight - hit.score.weight).abs() < 1e-2);
        }
    }

    #[test]
    fn any_history_ends_like_a_fresh_build(
        steps in proptest::collection::vec((0u128..12, proptest::option::weighted(0.75, person())), 1..60),
        request in person(),
    ) {
        let mut index = Index::new(Arc::new(Model::shipped()));
        let mut present: BTreeMap<u128, Profile> = BTreeMap::new();
        for (key, profile) in steps {
            match profile {
                Some(profile) => {
                    index.insert(Side::Contacts, RecordKey(key), &profile);
                    present.insert(key, profile);
                }
                None => prop_assert_eq!(index.remove(Side::Contacts, RecordKey(key)), present.remove(&key).is_some()),
            }
            let _ = index.search(Side::Contacts, &request, ALL);
        }
        let records = present.into_iter().map(|(key, profile)| (Side::Contacts, RecordKey(key), profile));
        let fresh = Index::build(Arc::new(Model::shipped()), records);
        prop_assert_eq!(index.len(Side::Contacts), fresh.len(Side::Contacts));
        prop_assert_eq!(index.search(Side::Contacts, &request, ALL), fresh.search(Side::Contacts, &request, ALL));
    }

    #[test]
    fn a_snapshot_finds_what_the_index_finds(people in people(), requests in people(), cut in any::<proptest::sample::Index>()) {
        let mut index = index_of(&people);
        for (request, key) in requests.iter().zip(1u128..) {
            index.insert(Side::Requests, RecordKey(key), request);
        }
        index.remove(Side::Contacts, RecordKey(1));
        let mut bytes = Vec::new();
        index.write_snapshot(&mut bytes).unwrap();
        let again = Index::read_snapshot(Arc::new(Model::shipped()), &mut &bytes[..]).unwrap();
        for person in people.iter().chain(&requests) {
            for side in [Side::Contacts, Side::Requests] {
                prop_assert_eq!(index.search(side, person, ALL), again.search(side, person, ALL));
            }
        }
        let mut rewritten = Vec::new();
        again.write_snapshot(&mut rewritten).unwrap();
        prop_assert_eq!(rewritten.len(), bytes.len());
        let short = &bytes[..cut.index(bytes.len())];
        prop_assert!(Index::read_snapshot(Arc::new(Model::shipped()), &mut &short[..]).is_err());
    }

    #[test]
    fn a_snapshot_that_somebody_changed_is_survived(people in people(), at in any::<proptest::sample::Index>(), bit in 0u8..8) {
        let mut bytes = Vec::new();
        index_of(&people).write_snapshot(&mut bytes).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(index) = Index::read_snapshot(Arc::new(Model::shipped()), &mut &bytes[..]) {
            for person in &people {
                let _ = index.search(Side::Contacts, person, ALL);
            }
        }
    }

    #[test]
    fn agreeing_evidence_never_lowers(people in people(), person in person(), place in proptest::sample::select(&PLACES[..])) {
        let index = index_of(&people);
        let before = index.compare(&person, &person).score.weight;
        let mut richer = person.clone();
        richer.phones.push("251911000000".to_owned());
        prop_assert!(index.compare(&richer, &richer).score.weight >= before);
        if richer.places.is_empty() {
            richer.places.push(origin(place));
            prop_assert!(index.compare(&richer, &richer).score.weight >= before);
        }
        if richer.sex.is_none() {
            richer.sex = Some(Sex::Female);
            prop_assert!(index.compare(&richer, &richer).score.weight >= before);
        }
        if richer.birth.is_none() {
            richer.birth = Some(Birth::Year { year: 1990, about: false });
            prop_assert!(index.compare(&richer, &richer).score.weight >= before);
        }
    }

    #[test]
    fn order_case_and_marks_make_no_difference_to_equals(people in people(), family in proptest::sample::select(&FAMILY[..])) {
        let index = index_of(&people);
        let full = |text: String| Profile { names: vec![Name::new(NamePart::Full, text)], ..Profile::default() };
        let plain = full(format!("Amina Jose {family}"));
        let same = index.compare(&plain, &plain).score.weight;
        for other in [format!("{family} Jose Amina"), format!("AMINA JOSE {}", family.to_uppercase()), format!("Amína José {family}")] {
            let weight = index.compare(&plain, &full(other.clone())).score.weight;
            prop_assert!((weight - same).abs() < 1e-3, "{other}: {weight} against {same}");
        }
    }

    #[test]
    fn spellings_are_as_far_from_one_another_either_way_and_never_from_themselves(
        one in "[a-zçéšж-яء-ي]{1,30}",
        other in "[a-zçéšж-яء-ي]{1,30}",
    ) {
        let there = spelling_distance(&one, &other);
        prop_assert_eq!(there, spelling_distance(&other, &one));
        if let Some(distance) = there {
            prop_assert!(distance.is_finite() && distance >= 0.0);
            prop_assert_eq!(spelling_distance(&one, &one), Some(0.0));
        }
    }

    #[test]
    fn a_consonant_written_twice_sounds_the_same(
        word in "[bdfgklmnrst][aeiou][bdfgklmnrst][aeiou]",
        at in proptest::sample::select(vec![0usize, 2]),
    ) {
        let mut doubled = word.clone();
        doubled.insert(at, word.as_bytes()[at].into());
        prop_assert_eq!(spelling_distance(&word, &doubled), Some(0.0), "{} {}", word, doubled);
    }

    /// Only so many letters of a word are read, so that no word costs more than a long one.
    #[test]
    fn ten_thousand_letters_are_read_as_far_as_a_long_word_goes(part in "[bdfgklmnrst][aeiou]{1,2}[nrst]", many in 2_000usize..5_000) {
        let (long, longer) = (part.repeat(many), part.repeat(many) + "zzz");
        prop_assert_eq!(spelling_distance(&long, &longer), Some(0.0));
    }

    #[test]
    fn hostile_names_are_survived(text in "\\PC{0,200}", many in 1usize..10_000) {
        let names = vec![
            Name::new(NamePart::Full, text.clone()),
            Name::new(NamePart::Father, text.repeat(many % 50)),
            Name::new(NamePart::Family, "a ".repeat(many)),
            Name::new(NamePart::Given, "\u{300}".repeat(many)),
        ];
        let hostile = Profile { names, phones: vec![text], ..Profile::default() };
        let mut index = Index::new(Arc::new(Model::shipped()));
        index.insert(Side::Contacts, RecordKey(1), &hostile);
        let _ = index.search(Side::Contacts, &hostile, ALL);
        let _ = index.compare(&hostile, &hostile);
    }
}
