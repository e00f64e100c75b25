//! For every word the records that bear it. The list of a common word is kept in cells by region and years of birth,
//! so that a search reads the part of it where its person can be: "Mohamed" is borne by one record in thirty, but by
//! few of one region and generation.

use rayon::prelude::*;

use super::brief::Posting;
use super::entry::Entry;
use crate::birth::Born;
use crate::person::Facts;
use crate::region::{REGIONS, Region};
use crate::vocabulary::WordId;

/// Records a list may have before it is kept in cells.
const SHORT: usize = 4096;
/// The first year of the first band.
const FIRST_YEAR: i16 = 1916;
/// Years of one band.
const BAND_YEARS: i16 = 6;
/// Bands of years of birth; band 0 is for births not known, or known to within more than a band.
const BANDS: usize = 21;
const CELLS: usize = REGIONS * BANDS;
/// Years apart beyond which a common name is not looked for: the rung after it weighs as much as another name.
const REACH_YEARS: i16 = 7;

enum List {
    Short(Vec<Posting>),
    Cells(Box<Cells>),
}

struct Cells {
    lists: Vec<Vec<Posting>>,
}

/// The cell of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell(usize);

impl Cell {
    pub(super) fn of(entry: &Entry) -> Self {
        let several = entry.packed_nationalities().iter().filter(|country| **country != 0).count() > 1;
        let region = if several { Region::UNKNOWN } else { entry.region() };
        let band = match entry.born() {
            Some(Born::On { year, .. }) => band(year),
            Some(Born::Years { first, last }) if last.saturating_sub(first) <= BAND_YEARS => {
                band(first.saturating_add(last.saturating_sub(first) / 2))
            }
            _ => 0,
        };
        Self(region.number() * BANDS + band)
    }
}

/// The band of a year, from 1.
fn band(year: i16) -> usize {
    let at = year.saturating_sub(FIRST_YEAR).max(0) / BAND_YEARS + 1;
    usize::try_from(at).unwrap_or(1).min(BANDS - 1)
}

/// The cells where a person can be.
pub(super) struct Plausible {
    regions: Vec<usize>,
    bands: std::ops::RangeInclusive<usize>,
}

impl Plausible {
    /// Where the other side's record of a person can be: the same region or none stated, a birth within seven years
    /// or none stated. What a person leaves open restricts nothing.
    pub(super) fn of(facts: &Facts) -> Self {
        let several = facts.nationalities.iter().flatten().count() > 1;
        let regions = match facts.region {
            region if region == Region::UNKNOWN || several => (0..REGIONS).collect(),
            region => vec![Region::UNKNOWN.number(), region.number()],
        };
        // A record may be off by half a band, where its own birth is an interval.
        let reach = REACH_YEARS + BAND_YEARS / 2;
        let around =
            |first: i16, last: i16| band(first.saturating_sub(reach))..=band(last.saturating_add(reach));
        let bands = match facts.born {
            Some(Born::On { year, .. }) => around(year, year),
            Some(Born::Years { first, last }) => around(first, last),
            None => 1..=BANDS - 1,
        };
        Self { regions, bands }
    }

    fn lists<'a>(&'a self, cells: &'a Cells) -> impl Iterator<Item = &'a [Posting]> {
        self.regions
            .iter()
            .flat_map(move |region| {
                let bands = std::iter::once(0).chain(self.bands.clone());
                bands.filter_map(move |band| cells.lists.get(region * BANDS + band))
            })
            .map(Vec::as_slice)
            .filter(|list| !list.is_empty())
    }
}

/// The lists of all words.
#[derive(Default)]
pub(super) struct Postings {
    lists: Vec<List>,
}

impl Postings {
    /// Calls `read` with every part of a word's list where the person can be.
    pub(super) fn read<'a>(
        &'a self,
        id: WordId,
        plausible: &'a Plausible,
        mut read: impl FnMut(&'a [Posting]),
    ) {
        match self.lists.get(id.0 as usize) {
            Some(List::Short(list)) => read(list),
            Some(List::Cells(cells)) => plausible.lists(cells).for_each(read),
            None => {}
        }
    }

    /// Adds a record; `cell_of` tells the cell of any record in the list.
    pub(super) fn add(&mut self, id: WordId, posting: Posting, cell_of: impl Fn(u32) -> Cell) {
        let at = id.0 as usize;
        if self.lists.len() <= at {
            self.lists.resize_with(at + 1, || List::Short(Vec::new()));
        }
        let Some(list) = self.lists.get_mut(at) else { return };
        match list {
            List::Short(short) if short.len() < SHORT => short.push(posting),
            List::Short(short) => {
                let mut cells = Cells { lists: vec![Vec::new(); CELLS] };
                short.iter().chain([&posting]).for_each(|posting| cells.add(*posting, cell_of(posting.slot)));
                *list = List::Cells(Box::new(cells));
            }
            List::Cells(cells) => cells.add(posting, cell_of(posting.slot)),
        }
    }

    /// Takes a record out.
    pub(super) fn remove(&mut self, id: WordId, slot: u32, cell: Cell) {
        match self.lists.get_mut(id.0 as usize) {
            Some(List::Short(list)) => forget(list, |posting| posting.slot == slot),
            Some(List::Cells(cells)) => {
                if let Some(list) = cells.lists.get_mut(cell.0) {
                    forget(list, |posting| posting.slot == slot);
                }
            }
            None => {}
        }
    }

    /// Renames every slot, puts lists in their order and gives back memory that they hold in reserve.
    pub(super) fn settle(&mut self, rename: impl Fn(&mut u32) + Sync) {
        let settle = |list: &mut Vec<Posting>| {
            list.iter_mut().for_each(|posting| rename(&mut posting.slot));
            list.sort_unstable();
            list.shrink_to_fit();
        };
        self.lists.par_iter_mut().for_each(|list| match list {
            List::Short(list) => settle(list),
            List::Cells(cells) => cells.lists.iter_mut().for_each(settle),
        });
        self.lists.shrink_to_fit();
    }

    /// Bytes held, from capacities.
    pub(super) fn memory_bytes(&self) -> usize {
        let of = |list: &List| match list {
            List::Short(list) => list.capacity() * size_of::<Posting>(),
            List::Cells(cells) => {
                let lists: usize =
                    cells.lists.iter().map(|list| list.capacity() * size_of::<Posting>()).sum();
                lists + size_of::<Cells>() + cells.lists.capacity() * size_of::<Vec<Posting>>()
            }
        };
        self.lists.iter().map(of).sum::<usize>() + self.lists.capacity() * size_of::<List>()
    }
}

impl Cells {
    fn add(&mut self, posting: Posting, cell: Cell) {
        if let Some(list) = self.lists.get_mut(cell.0) {
            list.push(posting);
        }
    }
}

/// Takes one out of a list, whose order means nothing.
pub(super) fn forget<T>(list: &mut Vec<T>, which: impl Fn(&T) -> bool) {
    if let Some(at) = list.iter().position(which) {
        list.swap_remove(at);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Country;
    use crate::index::entry::NO_PLACE;

    const WORD: WordId = WordId(3);

    fn entry(country: Option<&str>, born: Option<Born>) -> Entry {
        let country = country.map(|code| code.parse::<Country>().unwrap());
        let facts = Facts {
            born,
            nationalities: [country, None],
            region: country.map_or(Region::UNKNOWN, Region::of),
            ..Facts::default()
        };
        Entry::new(&facts, [NO_PLACE; 2], NO_PLACE)
    }

    fn read(postings: &Postings, plausible: &Plausible) -> Vec<u32> {
        let mut found = Vec::new();
        postings.read(WORD, plausible, |list| found.extend(list.iter().map(|posting| posting.slot)));
        found.sort_unstable();
        found
    }

    fn anybody() -> Plausible {
        Plausible::of(&Facts::default())
    }

    /// Seven thousand bearers of one name: two regions and none, births from 1940 to 2009.
    fn crowd() -> Vec<Entry> {
        let born = |slot: u32| {
            Some(Born::Years { first: 1940 + (slot % 70) as i16, last: 1940 + (slot % 70) as i16 })
        };
        let country =
            |slot: u32| [Some("SOM"), Some("GIN"), None].into_iter().cycle().nth(slot as usize % 3).flatten();
        (0..7000).map(|slot| entry(country(slot), born(slot))).collect()
    }

    fn filled(crowd: &[Entry]) -> Postings {
        let mut postings = Postings::default();
        for slot in 0..crowd.len() as u32 {
            postings
                .add(WORD, Posting { slot, ..Posting::default() }, |slot| Cell::of(&crowd[slot as usize]));
        }
        postings
    }

    #[test]
    fn of_a_common_name_those_are_read_who_can_be_the_person() {
        let crowd = crowd();
        let postings = filled(&crowd);
        assert_eq!(read(&postings, &anybody()), (0..7000).collect::<Vec<_>>());
        let sought = entry(Some("SOM"), Some(Born::Years { first: 1980, last: 1980 })).facts();
        let found = read(&postings, &Plausible::of(&sought));
        let can_be = |slot: &u32| slot % 3 != 1 && (slot % 70).abs_diff(40) <= 7;
        assert!((0..7000).filter(can_be).all(|slot| found.binary_search(&slot).is_ok()));
        assert!(found.len() < 2500, "{} of 7,000 were read", found.len());
    }

    #[test]
    fn who_is_taken_out_or_renamed_is_found_so() {
        let crowd = crowd();
        let mut postings = filled(&crowd);
        for slot in (0..7000).filter(|slot| slot % 2 == 0) {
            postings.remove(WORD, slot, Cell::of(&crowd[slot as usize]));
        }
        assert_eq!(read(&postings, &anybody()), (0..7000).filter(|slot| slot % 2 == 1).collect::<Vec<_>>());
        postings.settle(|slot| *slot /= 2);
        assert_eq!(read(&postings, &anybody()), (0..3500).collect::<Vec<_>>());
    }

    fn born() -> impl Strategy<Value = Option<Born>> {
        let on =
            (1900i16..2030, 1u8..=12, 1u8..=28).prop_map(|(year, month, day)| Born::On { year, month, day });
        let years =
            (1900i16..2030, 0i16..25).prop_map(|(first, span)| Born::Years { first, last: first + span });
        proptest::option::of(prop_oneof![on, years])
    }

    proptest! {
        /// Whoever is of the same region, or of none stated, and born within seven years is never passed over.
        #[test]
        fn nobody_plausible_is_passed_over(sought in born(), met in born(), stated in any::<[bool; 2]>()) {
            let country = |stated: bool| stated.then_some("SOM");
            let (sought, met) = (entry(country(stated[0]), sought), entry(country(stated[1]), met));
            let apart = match (sought.born(), met.born()) {
                (Some(a), Some(b)) => a.years_apart(b),
                _ => 0,
            };
            let mut lists = vec![Vec::new(); CELLS];
            lists[Cell::of(&met).0].push(Posting::default());
            let cells = Cells { lists };
            let read = Plausible::of(&sought.facts()).lists(&cells).count();
            prop_assert!(read == 1 || apart > REACH_YEARS, "{sought:?} {met:?}");
        }
    }
}
