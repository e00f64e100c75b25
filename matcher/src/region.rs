//! Regions of naming: countries whose people share a stock of names, so that rarity can be judged among them.

use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::Country;

/// How many regions are counted apart, the unknown one (0) included.
pub(crate) const REGIONS: usize = 17;

/// A region by number; 0 is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Region(u8);

static BY_COUNTRY: LazyLock<HashMap<Country, Region>> = LazyLock::new(|| {
    let lines = include_str!("../data/regions.txt").lines().filter(|line| !line.starts_with('#'));
    let listed = lines.enumerate().flat_map(|(at, line)| {
        let region = Region(u8::try_from(at + 1).unwrap_or(ELSEWHERE.0));
        line.split_whitespace().skip(1).filter_map(move |code| Some((code.parse().ok()?, region)))
    });
    listed.collect()
});

/// Countries in no line of the file.
const ELSEWHERE: Region = Region(16);

impl Region {
    /// Not known.
    pub(crate) const UNKNOWN: Self = Self(0);

    /// The region of a country.
    pub(crate) fn of(country: Country) -> Self {
        BY_COUNTRY.get(&country).copied().unwrap_or(ELSEWHERE)
    }

    /// The region with a number, the unknown one for numbers there are none of.
    pub(crate) fn numbered(number: u8) -> Self {
        if usize::from(number) < REGIONS { Self(number) } else { Self::UNKNOWN }
    }

    /// Every region, the unknown one first.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..REGIONS).filter_map(|number| u8::try_from(number).ok()).map(Self)
    }

    /// The number, below [`REGIONS`].
    pub(crate) fn number(self) -> usize {
        usize::from(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_file_is_a_region_of_its_own() {
        let lines = include_str!("../data/regions.txt").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(lines + 2, REGIONS, "unknown and elsewhere stand in no line");
    }

    #[test]
    fn neighbours_share_a_region() {
        let region = |code: &str| Region::of(code.parse().unwrap());
        assert_eq!(region("ERI"), region("ETH"));
        assert_ne!(region("ERI"), region("SOM"));
        assert_eq!(region("XXX"), ELSEWHERE);
    }
}
