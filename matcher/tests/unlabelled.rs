//! Learning without labels, told on an invented population: it must find what tells its people apart, and no more.

use std::sync::Arc;

use matcher::learn::{Candidates, EstimateError, estimate};
use matcher::{Birth, Index, Limit, Model, Name, NamePart, Place, PlaceRole, Profile, RecordKey, Sex, Side};

const GIVEN: [&str; 20] = [
    "Amina", "Bakary", "Celeste", "Dawit", "Ester", "Farid", "Gebre", "Hodan", "Ismail", "Jamila", "Kofi",
    "Lemlem", "Musa", "Nadia", "Oumar", "Petros", "Rahel", "Selam", "Tariku", "Yonas",
];
const FAMILY: [&str; 25] = [
    "Abebe", "Bekele", "Camara", "Diallo", "Elias", "Fofana", "Girma", "Haddad", "Idris", "Jallow", "Keita",
    "Lula", "Mamo", "Negash", "Osman", "Pinto", "Qasim", "Rossi", "Sesay", "Tesfaye", "Usman", "Vargas",
    "Worku", "Yusuf", "Zema",
];
const PLACES: [&str; 8] = ["Kassala", "Conakry", "Keren", "Agadez", "Sebha", "Gao", "Tindouf", "Massawa"];

/// Chance without a clock: the same numbers in every run (Knuth's MMIX multiplier).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn pick(&mut self, list: &[&'static str]) -> &'static str {
        list[self.below(list.len())]
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }
}

fn invented(chance: &mut Chance, sex: impl Fn(usize) -> Sex) -> Profile {
    let mut profile = Profile {
        sex: Some(sex(chance.below(2))),
        birth: Some(Birth::Year { year: 1950 + chance.below(60) as i16, about: false }),
        nationalities: "ERI".parse().into_iter().collect(),
        ..Profile::default()
    };
    let parts = [(NamePart::Given, &GIVEN[..]), (NamePart::Family, &FAMILY), (NamePart::Father, &GIVEN)];
    profile.names.extend(parts.map(|(part, list)| Name::new(part, chance.pick(list))));
    let name = chance.pick(&PLACES).to_owned();
    profile.places.push(Place { role: PlaceRole::Origin, name, country: None });
    profile
}

/// As a family remembers the person: a year is often off by one, a father's name sometimes another, sex never.
fn remembered(chance: &mut Chance, met: &Profile) -> Profile {
    let mut told = met.clone();
    if let Some(Birth::Year { year, .. }) = &mut told.birth
        && chance.one_in(2)
    {
        *year += 1;
    }
    if chance.one_in(8) {
        told.names[2] = Name::new(NamePart::Father, chance.pick(&GIVEN));
    }
    told
}

/// What was learned in a population where two of three sought people were met.
fn learned(sex: impl Fn(usize) -> Sex) -> Result<Model, EstimateError> {
    let mut chance = Chance(11);
    let contacts: Vec<Profile> = (0..400).map(|_| invented(&mut chance, &sex)).collect();
    let requests: Vec<Profile> =
        (0..210)
            .map(|at| {
                if at % 3 == 0 { invented(&mut chance, &sex) } else { remembered(&mut chance, &contacts[at]) }
            })
            .collect();
    let start = Model::untaught();
    let records = contacts.iter().cloned().zip(0u128..);
    let index = Index::build(
        Arc::new(start.clone()),
        records.map(|(profile, key)| (Side::Contacts, RecordKey(key), profile)),
    );
    let candidates: Vec<Candidates> = requests
        .iter()
        .map(|request| {
            let hits = index.search(Side::Contacts, request, Limit { k: 5, min_probability: 0.0 });
            let one = |hit: &matcher::Hit| vec![index.gather(request, &contacts[hit.key.0 as usize])];
            Candidates { people: hits.iter().map(one).collect() }
        })
        .collect();
    let random: Vec<_> = (0..5000)
        .map(|at| index.gather(&requests[at % requests.len()], &contacts[chance.below(contacts.len())]))
        .collect();
    let found = estimate(&start, &candidates, &random, "learned")?;
    assert!((90.0..170.0).contains(&found.matches), "140 were met, {} expected", found.matches);
    Ok(found.model)
}

/// The weight of a rung, as the readable file has it.
fn weight(model: &Model, code: &str) -> f32 {
    let text = model.to_text();
    let mut lines = text.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let line = lines.find(|words| words.get(1) == Some(&code));
    line.and_then(|words| words.get(2)?.parse().ok()).unwrap_or(f32::NAN)
}

#[test]
fn a_population_teaches_what_tells_its_people_apart() {
    let start = Model::untaught();
    let model = learned(|at| if at == 0 { Sex::Female } else { Sex::Male }).unwrap();
    assert!(weight(&model, "sex.different") < weight(&start, "sex.different"), "sex is never wrong here");
    assert!(
        weight(&model, "birth.one_year") > weight(&start, "birth.one_year"),
        "a year is often off by one"
    );
    assert!(weight(&model, "birth.two_years") < weight(&start, "birth.two_years"), "and never by two");
    assert!(
        weight(&model, "origin.different") < weight(&start, "origin.different"),
        "places are never wrong"
    );
    assert_eq!(weight(&model, "phone.same"), weight(&start, "phone.same"), "nobody has a telephone");
    assert_eq!(Model::parse(&model.to_text()).unwrap().version(), "learned");
}

#[test]
fn what_everybody_shares_is_no_sign_of_one_person() {
    let model = learned(|_| Sex::Male).unwrap();
    assert!(weight(&model, "sex.same").abs() < 0.1, "{}", weight(&model, "sex.same"));
    assert!(weight(&model, "nationality.same") < 0.1, "{}", weight(&model, "nationality.same"));
}
