//! What facts add to a record's weight, worked out once for a query: a few look-ups a record instead of a comparison.

use super::entry::{BirthDay, Entry};
use super::search::Query;
use crate::birth::{self, Born};
use crate::evidence;
use crate::likeness::{Likeness, NEAR_RUNGS};
use crate::region::Region;
use crate::rung::{NAMED, Named, Rung};
use crate::vocabulary::WordId;
use crate::{Country, Side};

/// Years apart that are told apart; more is another age.
const YEARS: usize = 14;

/// Bits of every fact a record can state: the sums an exact comparison comes to, but that places are as rare as they are
/// in the query's region.
pub(super) struct FactBits<'a> {
    query: &'a Query<'a>,
    sexes: [f32; 4],
    born: Option<Born>,
    years: (i16, i16),
    apart: [f32; YEARS],
    day: Option<i32>,
    days: [f32; DAYS.len()],
    countries: [(u16, f32); 2],
    nationality: Stated,
    region: Region,
    origins: Vec<[f32; NEAR_RUNGS]>,
    origin_different: f32,
    rungs: Vec<f32>,
    same_day_bits: f32,
}

/// Bits of a nationality that is not shared.
struct Stated {
    any: bool,
    same_region: f32,
    different: f32,
}

impl<'a> FactBits<'a> {
    pub(super) fn of(query: &'a Query<'a>) -> Self {
        let (model, population) = (&query.index.model, &query.index.population);
        let named: &Named = &NAMED;
        let own = &query.person.facts;
        let weight = |rung: Rung| model.bits(rung, 0.0);
        let mut countries = [(u16::MAX, 0.0); 2];
        for (place, country) in countries.iter_mut().zip(own.nationalities.iter().flatten()) {
            let surprisal = population.rarity_of_nationality(*country);
            *place = (country.packed(), model.bits(named.nationality_same, surprisal));
        }
        let origins: Vec<[f32; NEAR_RUNGS]> = query
            .origins
            .iter()
            .map(|probe| {
                let mut bits = [0.0; NEAR_RUNGS];
                for (number, bits) in (0u32..).zip(&mut bits) {
                    let likeness = Likeness::from_number(number);
                    *bits =
                        model.bits(evidence::origin_rung(likeness), probe.rarity.bits(own.region, likeness));
                }
                bits
            })
            .collect();
        let year = |year: i16| Some(Born::Years { first: year, last: year });
        let mut apart = [0.0; YEARS];
        for (years, bits) in (0i16..).zip(&mut apart) {
            *bits = weight(birth::compare(year(2000), year(2000 + years)));
        }
        let days = DAYS.map(|days| weight(evidence::time(Some(0), Some(days))));
        let sex = |number: u8| weight(evidence::sex(own.sex, Entry::sex_numbered(number)));
        Self {
            sexes: [sex(0), sex(1), sex(2), sex(3)],
            born: own.born,
            years: own.born.map_or((0, 0), Born::years),
            apart,
            day: own.day,
            days,
            countries,
            nationality: Stated {
                any: own.nationalities.iter().flatten().next().is_some(),
                same_region: weight(named.nationality_same_region),
                different: weight(named.nationality_different),
            },
            region: own.region,
            origins,
            origin_different: weight(named.origin_different),
            rungs: Rung::all().map(weight).collect(),
            same_day_bits: (weight(named.birth_same_day) - apart.first().copied().unwrap_or(0.0)).max(0.0),
            query,
        }
    }

    /// The day of birth looked for, with the bits it adds beyond those of its year.
    pub(super) fn same_day(&self) -> Option<(BirthDay, f32)> {
        Some((BirthDay::of(self.born)?, self.same_day_bits))
    }

    /// Bits of what an entry states of the person, and of what a family shares.
    pub(super) fn bits(&self, entry: &Entry) -> (f32, f32) {
        let person = self.of_sex(entry.sex_number()) + self.birth(entry) + self.time(entry);
        (person, self.nationality(entry) + self.origin(entry))
    }

    /// Bits of a sex by its number.
    pub(super) fn of_sex(&self, number: u8) -> f32 {
        self.sexes.get(usize::from(number)).copied().unwrap_or(0.0)
    }

    /// Bits of a birth in these years.
    pub(super) fn of_years(&self, first: i16, last: i16) -> f32 {
        if self.born.is_none() {
            return 0.0;
        }
        let apart = first.saturating_sub(self.years.1).max(self.years.0.saturating_sub(last)).max(0);
        let at = usize::try_from(apart).unwrap_or(0).min(YEARS - 1);
        self.apart.get(at).copied().unwrap_or(0.0)
    }

    /// Bits of one nationality, a [`Country::packed`] number.
    pub(super) fn of_country(&self, country: u16) -> f32 {
        let region = Country::from_packed(country).map_or(Region::UNKNOWN, Region::of);
        self.nationality_of([country, 0], region)
    }

    /// Bits of each nationality the query states.
    pub(super) fn of_own_countries(&self) -> impl Iterator<Item = f32> {
        self.countries.iter().map(|(_, bits)| *bits).chain([self.nationality.same_region])
    }

    /// Bits of every place near those the query states.
    pub(super) fn of_places(&self) -> impl Iterator<Item = (WordId, f32)> {
        let known = self.query.origins.iter().zip(&self.origins);
        known.flat_map(|(probe, bits)| {
            probe.reached().filter_map(|(word, likeness)| Some((word, *bits.get(likeness as usize)?)))
        })
    }

    /// Bits of a place that is near none the query states.
    pub(super) fn of_another_place(&self) -> f32 {
        if self.origins.is_empty() { 0.0 } else { self.origin_different }
    }

    fn birth(&self, entry: &Entry) -> f32 {
        let Some((first, last)) = entry.years().filter(|_| self.born.is_some()) else { return 0.0 };
        if let (true, Some(Born::On { .. })) = (entry.knows_day(), self.born) {
            let rung = birth::compare(self.born, entry.born());
            return self.rungs.get(rung.number()).copied().unwrap_or(0.0);
        }
        self.of_years(first, last)
    }

    fn time(&self, entry: &Entry) -> f32 {
        let (Some(own), Some(stated)) = (self.day, entry.on()) else { return 0.0 };
        let days = match self.query.side {
            Side::Contacts => stated.saturating_sub(own),
            Side::Requests => own.saturating_sub(stated),
        };
        let at = DAYS.iter().skip(1).filter(|from| days >= **from).count();
        self.days.get(at).copied().unwrap_or(0.0)
    }

    fn nationality(&self, entry: &Entry) -> f32 {
        self.nationality_of(entry.packed_nationalities(), entry.region())
    }

    fn nationality_of(&self, [first, second]: [u16; 2], region: Region) -> f32 {
        if !self.nationality.any || first == 0 {
            return 0.0;
        }
        let shared = self.countries.iter().find(|(country, _)| [first, second].contains(country));
        match shared {
            Some((_, bits)) => *bits,
            None if self.region == region => self.nationality.same_region,
            None => self.nationality.different,
        }
    }

    fn origin(&self, entry: &Entry) -> f32 {
        let mut stated = entry.origins().peekable();
        if self.origins.is_empty() || stated.peek().is_none() {
            return 0.0;
        }
        let found =
            stated.flat_map(|place| self.query.origin_links.to(place)).filter_map(|(probe, likeness)| {
                self.origins.get(usize::from(probe))?.get(likeness as usize).copied()
            });
        found.reduce(f32::max).unwrap_or(self.origin_different)
    }
}

/// The first day of each stretch of days that [`evidence::time`] tells apart, the open one first.
const DAYS: [i32; 9] = [i32::MIN / 2, -731, -365, -7, 91, 366, 732, 1097, 1462];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stretch_of_days_starts_where_the_rung_changes() {
        for from in &DAYS[1..] {
            assert_ne!(evidence::time(Some(0), Some(*from)), evidence::time(Some(0), Some(from - 1)));
        }
        let rungs: std::collections::BTreeSet<_> =
            (-1600..1600).map(|days| evidence::time(Some(0), Some(days)).code()).collect();
        assert_eq!(rungs.len(), DAYS.len());
    }

    #[test]
    fn years_beyond_the_last_told_apart_are_another_age() {
        let year = |first| Some(Born::Years { first, last: first });
        let last = i16::try_from(YEARS).unwrap() - 1;
        assert_eq!(birth::compare(year(1950), year(1950 + last)), NAMED.birth_another_age);
        assert_ne!(birth::compare(year(1950), year(1950 + last - 1)), NAMED.birth_another_age);
    }
}
