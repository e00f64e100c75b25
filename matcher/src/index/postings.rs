//! For every word the records that bear it. The list of a common word is kept in cells by region, sex and years of birth,
//! so that a search reads the part of it where its person can be: "Mohamed" is borne by one record in thirty, but by
//! few of one region and generation.

use std::ops::Range;

use rayon::prelude::*;

use super::brief::Posting;
use super::entry::Entry;
use crate::Sex;
use crate::birth::Born;
use crate::person::Facts;
use crate::region::{REGIONS, Region};
use crate::vocabulary::WordId;

/// Records a list may have before it is kept in cells.
const SHORT: usize = 2048;
/// The first year of the first band.
const FIRST_YEAR: i16 = 1916;
/// Years of one band.
const BAND_YEARS: i16 = 3;
/// Years an interval of birth may have to be kept in the band of its middle.
const INTERVAL_YEARS: i16 = 6;
/// Bands of years of birth; band 0 is for births not known, or known to within longer intervals.
const BANDS: usize = 41;
/// Female, male, and before them neither or not known.
const SEXES: usize = 3;
const CELLS: usize = REGIONS * SEXES * BANDS;
/// Records of a list in cells that may wait to be put in their cells; or one in [`WAITING_SHARE`], if that is more.
const WAITING: usize = 256;
const WAITING_SHARE: usize = 64;

enum List {
    Short(Vec<Posting>),
    Long(Box<Cells>),
}

/// A long list, cell after cell.
struct Cells {
    postings: Vec<Posting>,
    /// Where each cell starts, and where the last ends.
    starts: Vec<u32>,
    /// Those that came since, of any cell: every search reads them.
    waiting: Vec<Posting>,
}

/// The cell of a record: by region, then sex, then years of birth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell(usize);

impl Cell {
    pub(super) fn of(entry: &Entry) -> Self {
        let several = entry.packed_nationalities().iter().filter(|country| **country != 0).count() > 1;
        let region = if several { Region::UNKNOWN } else { entry.region() };
        let band = match entry.born() {
            Some(Born::On { year, .. }) => band(year),
            Some(Born::Years { first, last }) if last.saturating_sub(first) <= INTERVAL_YEARS => {
                band(first.saturating_add(last.saturating_sub(first) / 2))
            }
            _ => 0,
        };
        Self((region.number() * SEXES + usize::from(entry.sex_number()) % SEXES) * BANDS + band)
    }
}

/// The band of a year, from 1.
fn band(year: i16) -> usize {
    let at = year.saturating_sub(FIRST_YEAR).max(0) / BAND_YEARS + 1;
    usize::try_from(at).unwrap_or(1).min(BANDS - 1)
}

/// How far from a person's birth the bearers of a common name are looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// Years apart, at least: intervals and bands bring in a few more.
    years: i16,
    /// Years apart where the other sex is stated, if they are looked for at all.
    other_sex: Option<i16>,
}

impl Reach {
    /// Beyond it birth, or sex and birth together, weigh as much against a pair as another name does.
    pub(super) const WIDE: Self = Self { years: 7, other_sex: Some(2) };
    /// For another word that sounds alike; chosen, as the next, for losing hardly a record on sets of a
    /// million and more.
    pub(super) const NEAR: Self = Self { years: 5, other_sex: Some(0) };
    /// For what weighs little itself: a spelling that is only similar.
    pub(super) const CLOSE: Self = Self { years: 3, other_sex: None };
}

/// The cells where a person can be.
pub(super) struct Plausible {
    cells: Vec<Range<usize>>,
}

impl Plausible {
    /// Where the other side's record of a person can be: the same region or none stated, the same sex or none stated,
    /// a birth within reach or none stated; or of the other sex, as far as that reaches. What a person leaves open
    /// restricts nothing.
    pub(super) fn of(facts: &Facts, reach: &Reach) -> Self {
        let several = facts.nationalities.iter().flatten().count() > 1;
        let regions = match facts.region {
            region if region == Region::UNKNOWN || several => (0..REGIONS).collect(),
            region => vec![Region::UNKNOWN.number(), region.number()],
        };
        let own = Some(reach.years);
        let reaches = match facts.sex {
            Some(Sex::Female) => [own, own, reach.other_sex],
            Some(Sex::Male) => [own, reach.other_sex, own],
            Some(Sex::Other) | None => [own; SEXES],
        };
        let mut plausible = Self { cells: Vec::new() };
        for region in regions {
            for (sex, years) in reaches.into_iter().enumerate() {
                let Some(years) = years else { continue };
                let row = (region * SEXES + sex) * BANDS;
                plausible.add(row..row + 1);
                let bands = Self::bands(facts.born, years);
                plausible.add(row + bands.start..row + bands.end);
            }
        }
        plausible
    }

    fn bands(born: Option<Born>, reach: i16) -> Range<usize> {
        // Where a record's own birth is an interval, its ends are half of it from the middle.
        let reach = reach + INTERVAL_YEARS / 2;
        let Some((first, last)) = born.map(Born::years) else { return 1..BANDS };
        band(first.saturating_sub(reach))..band(last.saturating_add(reach)) + 1
    }

    fn add(&mut self, cells: Range<usize>) {
        match self.cells.last_mut() {
            Some(last) if last.end == cells.start => last.end = cells.end,
            _ => self.cells.push(cells),
        }
    }
}

/// The lists of all words.
#[derive(Default)]
pub(super) struct Postings {
    lists: Vec<List>,
}

impl Postings {
    /// Calls `read` with every part of a word's list where the person can be.
    pub(super) fn read<'a>(&'a self, id: WordId, plausible: &Plausible, mut read: impl FnMut(&'a [Posting])) {
        match self.lists.get(id.0 as usize) {
            Some(List::Short(list)) => read(list),
            Some(List::Long(long)) => {
                plausible.cells.iter().for_each(|cells| read(long.of_cells(cells)));
                read(&long.waiting);
            }
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
            List::Short(short) => {
                short.push(posting);
                if short.len() > SHORT {
                    *list = List::Long(Box::new(Cells::of(std::mem::take(short), cell_of)));
                }
            }
            List::Long(long) => long.add(posting, cell_of),
        }
    }

    /// Takes a record out.
    pub(super) fn remove(&mut self, id: WordId, slot: u32, cell: Cell) {
        match self.lists.get_mut(id.0 as usize) {
            Some(List::Short(list)) => forget(list, |posting| posting.slot == slot),
            Some(List::Long(long)) => long.remove(slot, cell),
            None => {}
        }
    }

    /// Renames every slot, puts lists in their order and gives back memory that they hold in reserve. `cell_of` tells
    /// the cell of a record by its slot as it was.
    pub(super) fn settle(&mut self, rename: impl Fn(&mut u32) + Sync, cell_of: impl Fn(u32) -> Cell + Sync) {
        let settle = |list: &mut [Posting]| {
            list.iter_mut().for_each(|posting| rename(&mut posting.slot));
            list.sort_unstable();
        };
        self.lists.par_iter_mut().for_each(|list| match list {
            List::Short(list) => {
                settle(list);
                list.shrink_to_fit();
            }
            List::Long(long) => {
                long.put_in_cells(&cell_of);
                (0..CELLS).for_each(|cell| settle(long.of_cell_mut(cell)));
            }
        });
        self.lists.shrink_to_fit();
    }

    /// Bytes held, from capacities.
    pub(super) fn memory_bytes(&self) -> usize {
        let of = |list: &List| match list {
            List::Short(list) => list.capacity() * size_of::<Posting>(),
            List::Long(long) => {
                let postings = long.postings.capacity() + long.waiting.capacity();
                size_of::<Cells>()
                    + postings * size_of::<Posting>()
                    + long.starts.capacity() * size_of::<u32>()
            }
        };
        self.lists.iter().map(of).sum::<usize>() + self.lists.capacity() * size_of::<List>()
    }
}

impl Cells {
    fn of(postings: Vec<Posting>, cell_of: impl Fn(u32) -> Cell) -> Self {
        let mut cells = Self { postings: Vec::new(), starts: vec![0; CELLS + 1], waiting: postings };
        cells.put_in_cells(cell_of);
        cells
    }

    fn range(&self, cells: &Range<usize>) -> Range<usize> {
        let start = |cell: usize| self.starts.get(cell).map_or(0, |start| *start as usize);
        start(cells.start)..start(cells.end)
    }

    fn of_cells(&self, cells: &Range<usize>) -> &[Posting] {
        self.postings.get(self.range(cells)).unwrap_or(&[])
    }

    fn of_cell_mut(&mut self, cell: usize) -> &mut [Posting] {
        let range = self.range(&(cell..cell + 1));
        self.postings.get_mut(range).unwrap_or(&mut [])
    }

    fn add(&mut self, posting: Posting, cell_of: impl Fn(u32) -> Cell) {
        self.waiting.push(posting);
        if self.waiting.len() > WAITING.max(self.postings.len() / WAITING_SHARE) {
            self.put_in_cells(cell_of);
        }
    }

    /// Puts those that wait in their cells.
    fn put_in_cells(&mut self, cell_of: impl Fn(u32) -> Cell) {
        let mut waiting: Vec<(Cell, Posting)> =
            self.waiting.iter().map(|posting| (cell_of(posting.slot), *posting)).collect();
        waiting.sort_unstable();
        let mut waiting = waiting.into_iter().peekable();
        let mut postings = Vec::with_capacity(self.postings.len() + self.waiting.len());
        let mut starts = Vec::with_capacity(CELLS + 1);
        for cell in 0..CELLS {
            starts.push(u32::try_from(postings.len()).unwrap_or(u32::MAX));
            postings.extend_from_slice(self.of_cells(&(cell..cell + 1)));
            let arrived = std::iter::from_fn(|| waiting.next_if(|(of, _)| *of == Cell(cell)));
            postings.extend(arrived.map(|(_, posting)| posting));
        }
        starts.push(u32::try_from(postings.len()).unwrap_or(u32::MAX));
        *self = Self { postings, starts, waiting: Vec::new() };
    }

    fn remove(&mut self, slot: u32, cell: Cell) {
        let range = self.range(&(cell.0..cell.0 + 1));
        let within = self.of_cells(&(cell.0..cell.0 + 1)).iter().position(|posting| posting.slot == slot);
        match within {
            Some(at) => {
                self.postings.remove(range.start + at);
                self.starts.iter_mut().skip(cell.0 + 1).for_each(|start| *start -= 1);
            }
            None => forget(&mut self.waiting, |posting| posting.slot == slot),
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
        of_sex(None, country, born)
    }

    fn of_sex(sex: Option<Sex>, country: Option<&str>, born: Option<Born>) -> Entry {
        let country = country.map(|code| code.parse::<Country>().unwrap());
        let facts = Facts {
            sex,
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
        Plausible::of(&Facts::default(), &Reach::WIDE)
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
        let found = read(&postings, &Plausible::of(&sought, &Reach::WIDE));
        let can_be = |slot: &u32| slot % 3 != 1 && (slot % 70).abs_diff(40) <= 7;
        assert!((0..7000).filter(can_be).all(|slot| found.binary_search(&slot).is_ok()));
        assert!(found.len() < 1800, "{} of 7,000 were read", found.len());
    }

    #[test]
    fn the_farther_a_spelling_is_the_fewer_of_its_bearers_are_read() {
        let born = |year: usize| Some(Born::Years { first: year as i16, last: year as i16 });
        let of = |slot: usize| {
            (if slot.is_multiple_of(2) { Sex::Female } else { Sex::Male }, 1940 + slot / 2 % 70)
        };
        let crowd: Vec<Entry> =
            (0..7000).map(|slot| of_sex(Some(of(slot).0), None, born(of(slot).1))).collect();
        let mut postings = filled(&crowd);
        postings.settle(|_| {}, |slot| Cell::of(&crowd[slot as usize]));
        let sought = of_sex(Some(Sex::Female), None, born(1981)).facts();
        let years = |reach: Reach, sex: Sex| -> Vec<usize> {
            let found = read(&postings, &Plausible::of(&sought, &reach));
            let of_sex = found.into_iter().map(|slot| of(slot as usize)).filter(|(found, _)| *found == sex);
            let mut years: Vec<usize> = of_sex.map(|(_, year)| year.abs_diff(1981)).collect();
            years.sort_unstable();
            years.dedup();
            years
        };
        let farthest = |reach, sex| years(reach, sex).last().copied();
        let of_own_sex = [Reach::WIDE, Reach::NEAR, Reach::CLOSE].map(|reach| farthest(reach, Sex::Female));
        assert_eq!(of_own_sex, [Some(12), Some(9), Some(8)]);
        let of_the_other = [Reach::WIDE, Reach::NEAR, Reach::CLOSE].map(|reach| farthest(reach, Sex::Male));
        assert_eq!(of_the_other, [Some(6), Some(5), None]);
    }

    #[test]
    fn who_is_taken_out_or_renamed_is_found_so() {
        let crowd = crowd();
        let mut postings = filled(&crowd);
        for slot in (0..7000).filter(|slot| slot % 2 == 0) {
            postings.remove(WORD, slot, Cell::of(&crowd[slot as usize]));
        }
        assert_eq!(read(&postings, &anybody()), (0..7000).filter(|slot| slot % 2 == 1).collect::<Vec<_>>());
        postings.settle(|slot| *slot /= 2, |slot| Cell::of(&crowd[slot as usize]));
        assert_eq!(read(&postings, &anybody()), (0..3500).collect::<Vec<_>>());
    }

    fn born() -> impl Strategy<Value = Option<Born>> {
        let on =
            (1900i16..2030, 1u8..=12, 1u8..=28).prop_map(|(year, month, day)| Born::On { year, month, day });
        let years =
            (1900i16..2030, 0i16..25).prop_map(|(first, span)| Born::Years { first, last: first + span });
        proptest::option::of(prop_oneof![on, years])
    }

    fn sex() -> impl Strategy<Value = Option<Sex>> {
        proptest::option::of(proptest::sample::select(vec![Sex::Female, Sex::Male, Sex::Other]))
    }

    proptest! {
        /// Whoever is of the same region, or of none stated, and born within reach is never passed over, unless of the
        /// other sex where that reaches less far or not at all.
        #[test]
        fn nobody_plausible_is_passed_over(
            births in [born(), born()], stated in any::<[bool; 2]>(), sexes in [sex(), sex()],
            reach in proptest::sample::select(vec![Reach::WIDE, Reach::NEAR, Reach::CLOSE]),
        ) {
            let side = |at: usize| of_sex(sexes[at], stated[at].then_some("SOM"), births[at]);
            let (sought, met) = (side(0), side(1));
            let apart = match births {
                [Some(a), Some(b)] => a.years_apart(b),
                _ => 0,
            };
            let years = match sexes {
                [Some(Sex::Female), Some(Sex::Male)] | [Some(Sex::Male), Some(Sex::Female)] => reach.other_sex,
                _ => Some(reach.years),
            };
            let cells = Cells::of(vec![Posting::default()], |_| Cell::of(&met));
            let plausible = Plausible::of(&sought.facts(), &reach);
            let read: usize = plausible.cells.iter().map(|cells_of| cells.of_cells(cells_of).len()).sum();
            prop_assert!(read == 1 || years.is_none_or(|years| apart > years), "{sought:?} {met:?}");
        }
    }
}
