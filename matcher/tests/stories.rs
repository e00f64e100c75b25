//! Matching told in the words of its users: what a caseworker must find, and what must not mislead them.

use std::sync::Arc;

use matcher::{
    Band, Birth, FieldName, Index, Limit, List, Model, Name, NamePart, Place, PlaceRole, Profile, RecordKey,
    Sex, Side, Verdict,
};

const TEN: Limit = Limit { k: 10, min_probability: 0.0 };

struct Written(Profile);

fn called(given: &str, family: &str) -> Written {
    let names = [(NamePart::Given, given), (NamePart::Family, family)];
    let names = names.into_iter().filter(|(_, text)| !text.is_empty());
    Written(Profile {
        names: names.map(|(part, text)| Name::new(part, text)).collect(),
        ..Profile::default()
    })
}

impl Written {
    fn name(mut self, part: NamePart, text: &str) -> Self {
        self.0.names.push(Name::new(part, text));
        self
    }

    fn born(mut self, year: i16) -> Self {
        self.0.birth = Some(Birth::Year { year, about: false });
        self
    }

    fn sex(mut self, sex: Sex) -> Self {
        self.0.sex = Some(sex);
        self
    }

    fn from(mut self, place: &str, country: &str) -> Self {
        self.0.places.push(Place { role: PlaceRole::Origin, name: place.to_owned(), country: None });
        self.0.nationalities.extend(country.parse::<matcher::Country>());
        self
    }
}

fn index(contacts: &[&Profile]) -> Index {
    let mut index = Index::new(Arc::new(Model::shipped()));
    for (profile, key) in contacts.iter().zip(1u128..) {
        index.insert(Side::Contacts, RecordKey(key), profile);
    }
    index
}

fn index_of(people: impl Iterator<Item = (u128, Written)>) -> Index {
    let records = people.map(|(key, person)| (Side::Contacts, RecordKey(key), person.0));
    Index::build(Arc::new(Model::shipped()), records)
}

fn finds(request: Written, contact: Written) {
    let stranger = called("Olha", "Petrenko").born(1980).0;
    let index = index(&[&contact.0, &stranger]);
    let hits = index.search(Side::Contacts, &request.0, TEN);
    assert_eq!(
        hits.first().map(|hit| hit.key),
        Some(RecordKey(1)),
        "{:?} {:?}",
        request.0.names,
        contact.0.names
    );
}

#[test]
fn a_family_finds_its_relative_across_scripts_and_spellings() {
    finds(called("Mohammed", "Al-Hasan"), called("محمد", "الحسن"));
    finds(called("Oleksandr", "Schewtschuk"), called("ОЛЕКСАНДР", "ШЕВЧУК"));
    finds(called("Suresh", "Kumar"), called("सुरेश", "कुमार"));
    finds(called("Iqbal", "Ahmed"), called("ইক্বাল", "অহ্মদ"));
    finds(called("Tesfaye", "Gebre"), called("ተስፋዬ", "ገብረ"));
    finds(called("Cawale", "Maxamed"), called("Auale", "Mahamed"));
    finds(called("Fatoumata", "Cissé"), called("FATOU", "KISSE"));
    finds(called("Abdul Karim", "Diallo"), called("Abdoulkarim", "Jallow"));
    finds(called("Jean Pierre", "Baptiste"), called("Jeanpierre", "Batiste"));
    finds(called("María de la Cruz", "García"), called("Garcia", "Cruz Maria"));
    finds(called("Mykola", "Bondar"), called("Nikolai", "Bondar"));
}

#[test]
fn names_alone_are_never_strong() {
    let request = called("Zebenay", "Woldegiorgis Kinfemichael").name(NamePart::Father, "Woldegiorgis").0;
    let index = index(&[&request]);
    let hit = index.search(Side::Contacts, &request, TEN)[0];
    assert_ne!(hit.score.band, Band::Strong);
}

#[test]
fn a_contradiction_lowers_the_band() {
    let sought =
        || called("Zebenay", "Woldegiorgis Kinfemichael").born(1990).from("Keren", "ERI").sex(Sex::Male);
    let agreeing = sought().0;
    let another_age = sought().born(1950).0;
    let index = index(&[&agreeing, &another_age]);
    assert_eq!(index.compare(&agreeing, &agreeing).score.band, Band::Strong);
    assert!(index.compare(&agreeing, &another_age).score.band < Band::Strong);
}

#[test]
fn a_lone_candidate_is_not_raised_for_being_alone() {
    let request = called("Mohamed", "Ali").0;
    let contact = called("Mohamed", "Ahmed").0;
    let alone = index(&[&contact]).search(Side::Contacts, &request, TEN)[0].score.probability;
    assert!(alone < 0.1, "{alone}");
}

#[test]
fn of_two_strangers_who_fit_alike_neither_is_as_likely_as_one_alone() {
    let named_alike = || called("Mohamed", "Ali").from("Marka", "SOM").sex(Sex::Male);
    let request = named_alike().0;
    let one = named_alike().name(NamePart::Father, "Hasan").name(NamePart::Mother, "Halima").born(1985).0;
    let another = named_alike().name(NamePart::Father, "Yusuf").name(NamePart::Mother, "Sahra").born(1994).0;
    let others: Vec<Profile> = (0..50)
        .map(|n| called(["Mohamed", "Abdi", "Abdi"][n % 3], "Farah").from("Jowhar", "SOM").sex(Sex::Male).0)
        .collect();
    let among = |found: &[&Profile]| {
        let contacts: Vec<&Profile> = found.iter().copied().chain(&others).collect();
        let index = index(&contacts);
        let hits = index.search(Side::Contacts, &request, TEN);
        let why =
            index.compare(&request, contacts[0]).among_rivals(&index.among_rivals(&hits, List::Part)[0]);
        let sum: f32 = why.lines.iter().map(|line| line.weight).sum();
        assert!((sum - why.score.weight).abs() < 1e-3);
        (hits[0].score.probability, why)
    };
    let (absolute, alone) = among(&[&one]);
    assert!((alone.score.probability - absolute).abs() < 1e-2);
    assert_eq!(alone.lines.last().map(|line| line.level), Some("rivals.none"));
    let (absolute, beside) = among(&[&one, &another]);
    assert!(beside.score.probability < 0.9 * absolute, "{} of {absolute}", beside.score.probability);
    assert_eq!(beside.lines.last().map(|line| line.level), Some("rivals.others"));
}

#[test]
fn one_person_written_down_twice_is_nobodys_rival() {
    let sought =
        called("Semret", "Woldegiorgis").name(NamePart::Father, "Tesfay").born(1990).from("Keren", "ERI");
    let index = index(&[&sought.0, &sought.0]);
    let hits = index.search(Side::Contacts, &sought.0, TEN);
    for (hit, among) in hits.iter().zip(index.among_rivals(&hits, List::Part)) {
        assert!(hit.score.probability - among.score.probability < 0.01, "{among:?}");
    }
}

#[test]
fn somebody_met_shortly_before_the_last_call_fits_better_than_somebody_met_years_before() {
    let on = |day: &str| Profile { seen_on: day.parse().ok(), ..called("Semret", "Woldegiorgis").0 };
    let (months, years) = (on("2021-01-10"), on("2014-01-10"));
    let request = Profile { last_contact: "2021-06-01".parse().ok(), ..called("Semret", "Woldegiorgis").0 };
    let index = index(&[&months, &years]);
    let weight = |contact: &Profile| index.compare(&request, contact).score.weight;
    assert!(weight(&months) > weight(&years) + 1.0);
}

#[test]
fn the_way_from_where_somebody_was_last_heard_of_to_where_they_were_met_is_told() {
    let on = |day: &str, role: PlaceRole, place: &str| {
        let mut somebody = called("Semret", "Woldegiorgis").0;
        somebody.places.push(Place { role, name: place.to_owned(), country: None });
        match role {
            PlaceRole::LastKnown => somebody.last_contact = day.parse().ok(),
            _ => somebody.seen_on = day.parse().ok(),
        }
        somebody
    };
    let request = on("2023-03-01", PlaceRole::LastKnown, "Agadez");
    for (day, place, level) in [
        ("2023-09-01", "Agades", "route.same"),
        ("2023-09-01", "Tripoli", "route.in_order"),
        ("2022-12-01", "Niamey", "route.in_order"),
        ("2023-09-01", "Niamey", "route.backwards"),
        ("2023-03-02", "Calais", "route.too_far"),
        ("2023-09-01", "Tapachula", "route.different"),
        ("2023-09-01", "a village", "route.different"),
    ] {
        let met = on(day, PlaceRole::SeenAt, place);
        let lines = index(&[&met]).compare(&request, &met).lines;
        let line = lines.iter().find(|line| line.field == FieldName::Route).unwrap();
        assert_eq!(line.level, level, "{day} {place}");
        assert_eq!(line.contact_value.as_deref(), Some(place));
    }
}

#[test]
fn a_sister_is_shown_as_the_same_family() {
    let sought = called("Semret", "Woldegiorgis")
        .name(NamePart::Father, "Kinfemichael")
        .born(1990)
        .from("Keren", "ERI");
    let sister =
        called("Luam", "Woldegiorgis").name(NamePart::Father, "Kinfemichael").born(1994).from("Keren", "ERI");
    let explanation = index(&[&sister.0]).compare(&sought.0, &sister.0);
    assert_eq!(explanation.verdict, Some(Verdict::SameFamilyAnotherPerson));
    assert_ne!(explanation.score.band, Band::Strong);
}

#[test]
fn every_field_has_a_line_and_what_is_not_recorded_says_so_and_weighs_nothing() {
    let request = called("Amina", "Diallo").0;
    let explanation = index(&[&request]).compare(&request, &request);
    let fields: Vec<FieldName> = explanation.lines.iter().map(|line| line.field).collect();
    // Rivals have a line only where a list is at hand.
    let of_a_pair: Vec<FieldName> =
        FieldName::ALL.into_iter().filter(|field| *field != FieldName::Rivals).collect();
    assert_eq!(fields, of_a_pair);
    let silent: Vec<_> =
        explanation.lines.iter().filter(|line| line.level.ends_with("not_recorded")).collect();
    assert!(silent.len() >= 9, "{silent:?}");
    assert!(silent.iter().all(|line| line.weight == 0.0));
}

#[test]
fn a_telephone_number_finds_without_any_name() {
    let contact = Profile { phones: vec!["251911223344".to_owned()], ..Profile::default() };
    assert!(contact.is_searchable());
    assert_eq!(index(&[&contact]).search(Side::Contacts, &contact, TEN).len(), 1);
}

#[test]
fn whoever_gave_a_telephone_number_twice_is_found_once() {
    let mut contact = called("Amina", "Warsame").born(1990).0;
    contact.phones = vec!["251911223344".to_owned(), "+251 911 223344".to_owned()];
    let hits = index(&[&contact]).search(Side::Contacts, &contact, TEN);
    assert_eq!(hits.iter().map(|hit| hit.key).collect::<Vec<_>>(), [RecordKey(1)]);
}

#[test]
fn an_older_or_newer_profile_loads() {
    let sealed = r#"{"names":[{"part":"given","text":"Amina"}],"favourite_colour":"blue"}"#;
    let profile: Profile = serde_json::from_str(sealed).unwrap();
    assert_eq!(profile.names, [Name::new(NamePart::Given, "Amina")]);
    let again: Profile = serde_json::from_str(&serde_json::to_string(&profile).unwrap()).unwrap();
    assert_eq!(profile, again);
}

#[test]
fn one_among_six_thousand_of_the_same_name_is_found_by_birth_and_place() {
    let somebody = |key: u128| {
        let year = 1940 + i16::try_from(key % 70).unwrap();
        let town = ["Marka", "Jowhar", "Baidoa"][usize::try_from(key % 3).unwrap()];
        called("Mohamed", "Ali").born(year).from(town, "SOM")
    };
    let mut index = index_of((0..6000).map(|key| (key, somebody(key))));
    let mut sought = somebody(4321).0;
    sought.names = vec![Name::new(NamePart::Full, "Maxamed Cali")];
    let best = |index: &Index| index.search(Side::Contacts, &sought, Limit { k: 40, min_probability: 0.0 });
    let alike = |key: u128| key % 70 == 4321 % 70 && key % 3 == 4321 % 3;
    let found: Vec<u128> = best(&index).iter().map(|hit| hit.key.0).collect();
    let expected = (0..6000).filter(|key| alike(*key)).count();
    assert!(found[..expected].iter().all(|key| alike(*key)), "{found:?}");
    (0..6000).filter(|key| alike(*key)).for_each(|key| assert!(index.remove(Side::Contacts, RecordKey(key))));
    assert!(best(&index).iter().all(|hit| !alike(hit.key.0)));
    index.insert(Side::Contacts, RecordKey(4321), &somebody(4321).0);
    assert_eq!(best(&index)[0].key, RecordKey(4321));
}

/// Whoever bears a common surname spelled another way, with one fact against them, is not read by that surname; the
/// given name finds them among hundreds, and then the surname counts.
#[test]
fn a_common_surname_counts_for_whoever_the_given_name_found() {
    const TARGET: u128 = 9_000;
    let others = (10_000..30_000).map(|key| (key, called("Olena", "Kovalenko").born(1950).sex(Sex::Female)));
    let crowd = (0..4_000).map(|key| (key, called("Faadumo", "Worsama").born(1950).sex(Sex::Male)));
    let namesakes = (5_000..5_250).map(|key| (key, called("Amina", "Kovalenko").born(1978).sex(Sex::Female)));
    let target = (TARGET, called("Amina", "Worsama").born(1980).sex(Sex::Male));
    let people = others.chain(crowd).chain(namesakes).chain([target]);
    let index = index_of(people);
    let sought = called("Amina", "Warsame").born(1980).sex(Sex::Female).0;
    let hits = index.search(Side::Contacts, &sought, TEN);
    assert_eq!(hits.first().map(|hit| hit.key.0), Some(TARGET));
}

/// The other sex written by mistake, or a birth some years off, hides nobody whose own common name agrees.
#[test]
fn a_common_name_that_agrees_finds_those_a_few_years_off_or_of_the_other_sex() {
    let crowd = (0..6_000).map(|key| {
        let year = 1940 + i16::try_from(key % 70).unwrap();
        (key, called("Mohamed", "Warsame").born(year).sex(Sex::Male).from("Marka", "SOM"))
    });
    let older = (6_000, called("Mohamed", "Kovalenko").born(1975).sex(Sex::Male).from("Dolisie", "COG"));
    let other = (6_001, called("Mohamed", "Kovalenko").born(1980).sex(Sex::Female).from("Dolisie", "COG"));
    let people = crowd.chain([older, other]);
    let index = index_of(people);
    let sought = called("Mohamed", "Petrenko").born(1982).sex(Sex::Male).from("Dolisie", "COG").0;
    let hits = index.search(Side::Contacts, &sought, TEN);
    let mut first: Vec<u128> = hits.iter().take(2).map(|hit| hit.key.0).collect();
    first.sort_unstable();
    assert_eq!(first, [6_000, 6_001]);
}

#[test]
fn as_many_are_found_as_were_asked_for() {
    let crowd = (0..2_000).map(|key| (key, called("Mohamed", "Ali").born(1980)));
    let index = index_of(crowd);
    for k in [1, 10, 80, 400, 1_500, 10_000] {
        let limit = Limit { k, min_probability: 0.0 };
        assert_eq!(index.search(Side::Contacts, &called("Mohamed", "Ali").0, limit).len(), k.min(2_000));
    }
}
