//! What a record states, in four bytes, beside its slot in every list of a word: a search weighs all bearers of a word
//! while it reads the list, without fetching one of them.
//!
//! ```text
//!  bits  31 ........ 21  20 .... 13  12 ...... 10  9 .... 2  1 0
//!        place of origin   country   years between   year    sex
//! ```
//! A brief says less than the record, and leaves open what suits best: years of birth are widened to the next length of
//! an interval, several countries or places stand for any, and places that share a number are taken for each other. What
//! it leaves out, days and times, is looked at where the record is fetched.

use super::entry::Entry;
use super::facts::FactBits;
use crate::vocabulary::WordId;

/// What a record states of sex, years of birth, nationality and origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Brief(u32);

/// A record in a list: its slot, and what it states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting {
    pub(super) slot: u32,
    pub(super) brief: Brief,
}

/// The first year that has a number of its own.
const FIRST_YEAR: i16 = 1880;
/// Numbers of years; 0 is for births not known.
const YEARS: usize = 256;
/// Years an interval is widened to.
const SPANS: [i16; 8] = [0, 1, 2, 4, 6, 10, 20, i16::MAX];
const BIRTHS: usize = YEARS * SPANS.len();
const SEXES: usize = 4;
const COUNTRIES: usize = 256;
/// Several countries, or one that came after all numbers were given.
const SEVERAL_COUNTRIES: u8 = 255;
const PLACES: usize = 1 << 11;
const SEVERAL_PLACES: u32 = 1;

/// Countries by number, from 1, in the order in which they came.
#[derive(Default)]
pub(super) struct Countries(Vec<u16>);

impl Countries {
    /// Gives a record's countries their numbers.
    pub(super) fn note(&mut self, entry: &Entry) {
        for country in entry.packed_nationalities() {
            let full = self.0.len() + 1 >= usize::from(SEVERAL_COUNTRIES);
            if country != 0 && !full && !self.0.contains(&country) {
                self.0.push(country);
            }
        }
    }

    fn number(&self, nationalities: [u16; 2]) -> u8 {
        match nationalities {
            [0, _] => 0,
            [only, 0] => {
                let at = self.0.iter().position(|known| *known == only);
                at.and_then(|at| u8::try_from(at + 1).ok()).unwrap_or(SEVERAL_COUNTRIES)
            }
            _ => SEVERAL_COUNTRIES,
        }
    }
}

impl Brief {
    pub(super) fn of(entry: &Entry, countries: &Countries) -> Self {
        let birth = entry.years().map_or(0, |(first, last)| number_of_years(first, last));
        let country = u32::from(countries.number(entry.packed_nationalities()));
        let mut origins = entry.origins();
        let origin = match (origins.next(), origins.next()) {
            (None, _) => 0,
            (Some(place), None) => number_of_place(place),
            _ => SEVERAL_PLACES,
        };
        Self(origin << 21 | country << 13 | birth << 2 | u32::from(entry.sex_number()))
    }

    /// Sex and years of birth as one number: what a search adds for both is looked up at once.
    fn sex_and_birth(self) -> usize {
        self.0 as usize & (SEXES * BIRTHS - 1)
    }

    /// By sex, birth, country and origin: those that weigh alike for a query stand side by side.
    pub(super) fn order(self) -> u32 {
        let (sex, birth) = (self.0 % SEXES as u32, self.0 / SEXES as u32 % BIRTHS as u32);
        sex << 30 | birth << 19 | (self.country() << 11 | self.origin()) as u32
    }

    fn country(self) -> usize {
        self.0 as usize >> 13 & (COUNTRIES - 1)
    }

    fn origin(self) -> usize {
        self.0 as usize >> 21 & (PLACES - 1)
    }
}

/// Of an interval of years: the first in the low eight bits, from 1, then which of [`SPANS`].
fn number_of_years(first: i16, last: i16) -> u32 {
    let year = first.saturating_sub(FIRST_YEAR).clamp(0, YEARS as i16 - 2) as u32 + 1;
    let span = last.saturating_sub(first);
    let widened = SPANS.iter().position(|most| span <= *most).unwrap_or(SPANS.len() - 1) as u32;
    widened << 8 | year
}

/// The years a number stands for, the first number for every earlier one as well and the last for every later one.
fn years_numbered(number: usize) -> Option<(i16, i16)> {
    let year = i16::try_from(number % YEARS).ok().filter(|year| *year > 0)?;
    let (first, span) = (FIRST_YEAR + year - 1, SPANS.get(number / YEARS)?);
    let last =
        if usize::from(year.unsigned_abs()) == YEARS - 1 { i16::MAX } else { first.saturating_add(*span) };
    Some((if year == 1 { i16::MIN } else { first }, last))
}

/// From 2; places share numbers where there are more than two thousand.
fn number_of_place(place: WordId) -> u32 {
    let spread = place.0.wrapping_mul(0x9E37_79B1) >> 8;
    spread % (PLACES as u32 - 2) + 2
}

/// What each statement adds for one query, in units.
pub(super) struct BriefUnits {
    sexes_and_births: Box<[i16; SEXES * BIRTHS]>,
    countries: [i16; COUNTRIES],
    places: Box<[i16; PLACES]>,
}

impl BriefUnits {
    /// `units` turns bits into units.
    pub(super) fn of(facts: &FactBits<'_>, countries: &Countries, units: impl Fn(f32) -> i16) -> Self {
        let sexes = [0, 1, 2, 3].map(|sex| units(facts.of_sex(sex)));
        let mut sexes_and_births = Box::new([0; SEXES * BIRTHS]);
        for (number, bits) in sexes_and_births.chunks_exact_mut(SEXES).enumerate() {
            let birth = years_numbered(number).map_or(0, |(first, last)| units(facts.of_years(first, last)));
            bits.iter_mut().zip(sexes).for_each(|(bits, sex)| *bits = birth + sex);
        }
        let best = |bits: &mut dyn Iterator<Item = f32>| units(bits.fold(0.0, f32::max));
        let mut by_country = [0; COUNTRIES];
        for (place, country) in by_country.iter_mut().skip(1).zip(&countries.0) {
            *place = units(facts.of_country(*country));
        }
        if let Some(several) = by_country.get_mut(usize::from(SEVERAL_COUNTRIES)) {
            *several = best(&mut facts.of_own_countries());
        }
        let mut places = Box::new([units(facts.of_another_place()); PLACES]);
        for (word, bits) in facts.of_places() {
            if let Some(place) = places.get_mut(number_of_place(word) as usize) {
                *place = units(bits).max(*place);
            }
        }
        if let Some([none, several]) = places.first_chunk_mut() {
            (*none, *several) = (0, best(&mut facts.of_places().map(|(_, bits)| bits)));
        }
        Self { sexes_and_births, countries: by_country, places }
    }

    /// What a record's statements add together.
    pub(super) fn of_brief(&self, brief: Brief) -> i16 {
        let at = |list: &[i16], place: usize| list.get(place).copied().unwrap_or(0);
        at(&self.sexes_and_births[..], brief.sex_and_birth())
            + at(&self.countries, brief.country())
            + at(&self.places[..], brief.origin())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::birth::Born;
    use crate::index::entry::NO_PLACE;
    use crate::person::Facts;
    use crate::{Country, Sex};

    fn entry(countries: [Option<&str>; 2], origins: [u32; 2], born: Option<(i16, i16)>) -> Entry {
        let facts = Facts {
            sex: Some(Sex::Male),
            born: born.map(|(first, last)| Born::Years { first, last }),
            nationalities: countries.map(|code| code.map(|code| code.parse::<Country>().unwrap())),
            ..Facts::default()
        };
        Entry::new(&facts, origins.map(|place| if place == 0 { NO_PLACE } else { WordId(place) }), NO_PLACE)
    }

    #[test]
    fn a_posting_is_eight_bytes() {
        assert_eq!(size_of::<Posting>(), 8);
    }

    #[test]
    fn what_is_stated_once_has_a_number_of_its_own_and_several_have_one_together() {
        let mut countries = Countries::default();
        let brief = |countries: &mut Countries, entry: &Entry| {
            countries.note(entry);
            Brief::of(entry, countries)
        };
        let somali = brief(&mut countries, &entry([Some("SOM"), None], [7, 0], Some((1990, 1990))));
        let kenyan = brief(&mut countries, &entry([Some("KEN"), None], [8, 0], None));
        let both = brief(&mut countries, &entry([Some("SOM"), Some("KEN")], [7, 8], None));
        let neither = brief(&mut countries, &entry([None, None], [0, 0], None));
        assert_eq!((somali.country(), kenyan.country(), neither.country()), (1, 2, 0));
        assert_eq!(both.country(), usize::from(SEVERAL_COUNTRIES));
        assert_ne!(somali.origin(), kenyan.origin());
        assert_eq!((both.origin(), neither.origin()), (SEVERAL_PLACES as usize, 0));
        let birth = |brief: Brief| brief.sex_and_birth() / SEXES;
        assert_eq!((somali.sex_and_birth() % SEXES, years_numbered(birth(somali))), (2, Some((1990, 1990))));
        assert_eq!((birth(neither), years_numbered(0)), (0, None));
    }

    #[test]
    fn countries_beyond_the_last_number_count_as_several() {
        let mut countries = Countries::default();
        for first in 'A'..='Z' {
            for second in 'A'..='Z' {
                countries.note(&entry([Some(&format!("{first}{second}A")), None], [0, 0], None));
            }
        }
        let of = |code| Brief::of(&entry([Some(code), None], [0, 0], None), &countries).country();
        assert_eq!((of("AAA"), of("ABA")), (1, 2));
        assert_eq!(of("ZZA"), usize::from(SEVERAL_COUNTRIES));
        assert_eq!(countries.0.len(), usize::from(SEVERAL_COUNTRIES) - 1);
    }

    proptest! {
        /// No year that a record leaves possible is left out of its brief.
        #[test]
        fn a_brief_leaves_every_possible_year_open(first in any::<i16>(), span in 0i16..300) {
            let last = first.saturating_add(span);
            let stated = years_numbered(number_of_years(first, last) as usize);
            prop_assert!(stated.is_some_and(|(from, to)| from <= first && last <= to), "{first} {last} {stated:?}");
        }
    }
}
