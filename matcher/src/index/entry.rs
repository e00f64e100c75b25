//! What a record holds besides its names, in thirty-two bytes: half a cache line, because a search reads tens of
//! thousands of them in no order.

use crate::birth::Born;
use crate::person::{Facts, Roles};
use crate::region::Region;
use crate::vocabulary::{WORD_IDS, WordId};
use crate::{Country, Sex};

/// A word of a record: which, and in which parts of the name. Four bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Borne(u32);

impl Borne {
    pub(super) fn new(id: WordId, roles: Roles) -> Self {
        Self(id.0 << 5 | u32::from(roles.bits()))
    }

    /// The four bytes as a number.
    pub(super) fn to_number(self) -> u32 {
        self.0
    }

    pub(super) fn from_number(number: u32) -> Self {
        Self(number)
    }

    pub(super) fn id(self) -> WordId {
        WordId(self.0 >> 5)
    }

    pub(super) fn roles(self) -> Roles {
        Roles::from_bits((self.0 & 31) as u8)
    }
}

/// A place that is not recorded.
pub(super) const NO_PLACE: WordId = WordId(WORD_IDS - 1);
/// A day that is not recorded.
const NO_DAY: i32 = i32::MIN;

/// Bytes of an entry in a snapshot.
pub(super) const ENTRY_BYTES: usize = 27;

/// What a record holds besides names, telephone numbers and relatives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    first_year: i16,
    last_year: i16,
    /// 0 where only years are known.
    month: u8,
    day: u8,
    /// Sex in the low two bits, then whether a birth is known, then whether the record is there.
    flags: u8,
    words: u8,
    on: i32,
    nationalities: [u16; 2],
    origins: [WordId; 2],
    /// The place above, the region in the low five bits.
    station_and_region: u32,
    start: u32,
}

/// A day of birth that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct BirthDay(u32);

impl BirthDay {
    pub(super) fn of(born: Option<Born>) -> Option<Self> {
        match born {
            Some(Born::On { year, month, day }) => {
                Some(Self(u32::from(year.unsigned_abs()) << 16 | u32::from(month) << 8 | u32::from(day)))
            }
            _ => None,
        }
    }
}

const SEX: u8 = 3;
const BORN: u8 = 4;
const LIVE: u8 = 8;

impl Entry {
    pub(super) fn new(facts: &Facts, origins: [WordId; 2], station: WordId) -> Self {
        let sex = match facts.sex {
            None => 0,
            Some(Sex::Female) => 1,
            Some(Sex::Male) => 2,
            Some(Sex::Other) => 3,
        };
        let (first_year, last_year, month, day) = match facts.born {
            Some(Born::On { year, month, day }) => (year, year, month, day),
            Some(Born::Years { first, last }) => (first, last, 0, 0),
            None => (0, 0, 0, 0),
        };
        Self {
            first_year,
            last_year,
            month,
            day,
            flags: sex | if facts.born.is_some() { BORN } else { 0 },
            words: 0,
            on: facts.day.unwrap_or(NO_DAY),
            nationalities: facts.nationalities.map(|country| country.map_or(0, Country::packed)),
            origins,
            station_and_region: station.0 << 5 | facts.region.number() as u32,
            start: 0,
        }
    }

    /// The same entry with its words at `start`.
    pub(super) fn holding(mut self, start: u32, words: u8) -> Self {
        self.start = start;
        self.words = words;
        self.flags |= LIVE;
        self
    }

    pub(super) fn end(&mut self) {
        self.flags &= !LIVE;
    }

    pub(super) fn is_live(&self) -> bool {
        self.flags & LIVE != 0
    }

    /// Where its words stand among the words of all.
    pub(super) fn range(&self) -> std::ops::Range<usize> {
        let start = self.start as usize;
        start..start + usize::from(self.words)
    }

    /// Sex as a number below four.
    pub(super) fn sex_number(&self) -> u8 {
        self.flags & SEX
    }

    /// The sex with such a number.
    pub(super) fn sex_numbered(number: u8) -> Option<Sex> {
        match number {
            1 => Some(Sex::Female),
            2 => Some(Sex::Male),
            3 => Some(Sex::Other),
            _ => None,
        }
    }

    /// Whether the day of birth is known.
    pub(super) fn knows_day(&self) -> bool {
        self.month != 0
    }

    /// The years of birth that are possible, first and last.
    pub(super) fn years(&self) -> Option<(i16, i16)> {
        (self.flags & BORN != 0).then_some((self.first_year, self.last_year))
    }

    pub(super) fn born(&self) -> Option<Born> {
        if self.flags & BORN == 0 {
            return None;
        }
        Some(match self.month {
            0 => Born::Years { first: self.first_year, last: self.last_year },
            month => Born::On { year: self.first_year, month, day: self.day },
        })
    }

    pub(super) fn birth_day(&self) -> Option<BirthDay> {
        BirthDay::of(self.born())
    }

    pub(super) fn on(&self) -> Option<i32> {
        (self.on != NO_DAY).then_some(self.on)
    }

    /// Nationalities as [`Country::packed`] numbers, 0 where there is none.
    pub(super) fn packed_nationalities(&self) -> [u16; 2] {
        self.nationalities
    }

    pub(super) fn region(&self) -> Region {
        Region::numbered((self.station_and_region & 31) as u8)
    }

    pub(super) fn origins(&self) -> impl Iterator<Item = WordId> {
        self.origins.into_iter().filter(|place| *place != NO_PLACE)
    }

    pub(super) fn station(&self) -> Option<WordId> {
        Some(WordId(self.station_and_region >> 5)).filter(|place| *place != NO_PLACE)
    }

    /// Everything but where its words stand and whether it is there.
    pub(super) fn to_bytes(self) -> [u8; ENTRY_BYTES] {
        let mut bytes = [0; ENTRY_BYTES];
        let parts: [&[u8]; 7] = [
            &self.first_year.to_le_bytes(),
            &self.last_year.to_le_bytes(),
            &[self.month, self.day, self.flags & (SEX | BORN)],
            &self.on.to_le_bytes(),
            &self.nationalities.map(u16::to_le_bytes).concat(),
            &self.origins.map(|place| place.0.to_le_bytes()).concat(),
            &self.station_and_region.to_le_bytes(),
        ];
        bytes.iter_mut().zip(parts.into_iter().flatten()).for_each(|(place, byte)| *place = *byte);
        bytes
    }

    /// Reads such bytes; `None` where they state what no record can.
    pub(super) fn from_bytes(bytes: &[u8; ENTRY_BYTES]) -> Option<Self> {
        let u16_at = |at: usize| bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes);
        let u32_at = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes);
        let [month, day, flags] = *bytes.get(4..7)?.first_chunk()?;
        let entry = Self {
            first_year: u16_at(0)?.cast_signed(),
            last_year: u16_at(2)?.cast_signed(),
            month,
            day,
            flags,
            words: 0,
            on: u32_at(7)?.cast_signed(),
            nationalities: [u16_at(11)?, u16_at(13)?],
            origins: [WordId(u32_at(15)?), WordId(u32_at(19)?)],
            station_and_region: u32_at(23)?,
            start: 0,
        };
        let sound =
            flags & !(SEX | BORN) == 0 && month <= 12 && day <= 31 && entry.first_year <= entry.last_year;
        sound.then_some(entry)
    }

    /// Everything a comparison needs, as a profile made ready gives it.
    pub(super) fn facts(&self) -> Facts {
        Facts {
            sex: Self::sex_numbered(self.sex_number()),
            born: self.born(),
            day: self.on(),
            nationalities: self.nationalities.map(Country::from_packed),
            region: self.region(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn facts() -> impl Strategy<Value = Facts> {
        let sex = proptest::option::of(proptest::sample::select(vec![Sex::Female, Sex::Male, Sex::Other]));
        let born = proptest::option::of(prop_oneof![
            (1000i16..9999, 1u8..=12, 1u8..=28).prop_map(|(year, month, day)| Born::On { year, month, day }),
            (1000i16..9999, 0i16..90).prop_map(|(first, span)| Born::Years { first, last: first + span }),
        ]);
        let country = proptest::option::of("[A-Z]{3}".prop_map(|code| code.parse::<Country>().unwrap()));
        (sex, born, proptest::option::of(-400_000i32..3_000_000), country.clone(), country).prop_map(
            |(sex, born, day, first, second)| Facts {
                sex,
                born,
                day,
                nationalities: [first, second],
                region: first.map_or(Region::UNKNOWN, Region::of),
            },
        )
    }

    proptest! {
        /// Packing loses nothing.
        #[test]
        fn an_entry_gives_back_what_went_in(facts in facts(), origin in 0u32..1000, station in 0u32..1000) {
            let entry = Entry::new(&facts, [WordId(origin), NO_PLACE], WordId(station)).holding(7, 3);
            prop_assert_eq!(entry.facts(), facts);
            prop_assert_eq!(entry.origins().collect::<Vec<_>>(), vec![WordId(origin)]);
            prop_assert_eq!(entry.station(), Some(WordId(station)));
            prop_assert_eq!(entry.range(), 7..10);
            prop_assert!(entry.is_live());
            let again = Entry::from_bytes(&entry.to_bytes()).map(|entry| entry.holding(7, 3));
            prop_assert_eq!(again.map(|entry| format!("{entry:?}")), Some(format!("{entry:?}")));
        }
    }

    #[test]
    fn an_entry_is_half_a_cache_line() {
        assert_eq!(size_of::<Entry>(), 32);
        let entry = Entry::new(&Facts::default(), [NO_PLACE; 2], NO_PLACE);
        assert_eq!((entry.station(), entry.origins().count(), entry.is_live()), (None, 0, false));
    }
}
