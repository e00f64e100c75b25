//! What people of each community are called, and where they come from and pass.
//!
//! Every list is written most frequent first, as `Latin=native` separated by white space; `_` stands for a space
//! inside a name. The lists are short and real; the long tail of rare surnames is put together from pieces, so
//! that a corpus of millions does not repeat a few hundred names.

use std::sync::LazyLock;

mod afghan;
mod arabic;
mod bengali;
mod haiti;
mod hindi;
mod horn;
mod latin_america;
mod somali;
mod ukraine;
mod west_africa;

use super::rng::Rng;

/// One name, place or piece of a name, in Latin letters and (where the community has one) in its own script.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Name {
    /// The usual Latin spelling.
    pub latin: String,
    /// The original script; empty where Latin letters are the original.
    pub native: String,
}

impl Name {
    pub(super) fn joined(&self, gap: &str, next: &Self) -> Self {
        let join = |a: &str, b: &str| {
            if a.is_empty() || b.is_empty() { String::new() } else { [a, gap, b].concat() }
        };
        Self { latin: [&self.latin, gap, &next.latin].concat(), native: join(&self.native, &next.native) }
    }
}

/// People who name themselves alike. Several communities may share one reporting group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Community {
    LatinAmerica,
    Arabic,
    WestAfrica,
    Afghan,
    Bengali,
    Hindi,
    Horn,
    Haiti,
    Ukraine,
    Somali,
}

impl Community {
    /// All communities with their share of the people, in thousandths.
    pub const SHARES: [(Self, u32); 10] = [
        (Self::LatinAmerica, 220),
        (Self::Arabic, 200),
        (Self::WestAfrica, 170),
        (Self::Afghan, 60),
        (Self::Bengali, 45),
        (Self::Hindi, 25),
        (Self::Horn, 90),
        (Self::Haiti, 70),
        (Self::Ukraine, 70),
        (Self::Somali, 50),
    ];

    /// The name culture that results are reported by.
    #[must_use]
    pub const fn group(self) -> &'static str {
        match self {
            Self::LatinAmerica => "latam",
            Self::Arabic => "arabic",
            Self::WestAfrica => "wafr",
            Self::Afghan | Self::Bengali | Self::Hindi => "sasia",
            Self::Horn => "horn",
            Self::Haiti => "haiti",
            Self::Ukraine => "ukr",
            Self::Somali => "somali",
        }
    }

    /// How many records in a thousand are written in the original script.
    pub(super) const fn native_share(self) -> u32 {
        match self {
            Self::Ukraine => 300,
            Self::Arabic => 150,
            Self::Afghan | Self::Bengali | Self::Hindi | Self::Horn => 100,
            Self::LatinAmerica | Self::WestAfrica | Self::Haiti | Self::Somali => 0,
        }
    }

    /// This community's lists.
    pub(super) fn lists(self) -> &'static Lists {
        static ALL: LazyLock<Vec<(Community, Lists)>> = LazyLock::new(|| {
            Community::SHARES.iter().map(|&(one, _)| (one, Lists::read(one.source()))).collect()
        });
        static NONE: LazyLock<Lists> = LazyLock::new(Lists::default);
        ALL.iter().find(|(one, _)| *one == self).map_or(&*NONE, |(_, lists)| lists)
    }

    const fn source(self) -> &'static Source {
        match self {
            Self::LatinAmerica => &latin_america::SOURCE,
            Self::Arabic => &arabic::SOURCE,
            Self::WestAfrica => &west_africa::SOURCE,
            Self::Afghan => &afghan::SOURCE,
            Self::Bengali => &bengali::SOURCE,
            Self::Hindi => &hindi::SOURCE,
            Self::Horn => &horn::SOURCE,
            Self::Haiti => &haiti::SOURCE,
            Self::Ukraine => &ukraine::SOURCE,
            Self::Somali => &somali::SOURCE,
        }
    }
}

/// How a family name is handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Descent {
    /// The father's first surname, then the mother's first surname.
    TwoSurnames,
    /// One surname for the household.
    Surname,
    /// One surname which women carry in their own form, and a patronymic as second given name.
    SurnameAndPatronymic,
    /// The father's given name, then the grandfather's.
    Chain,
    /// The father's given name, then a surname of the wider family.
    ChainAndSurname,
    /// A surname for some, nothing after the given name for others.
    OftenNone,
    /// Men and women of one household carry different second names.
    BySex,
}

/// One way of hearing or transcribing: where it stands (`^` at the start, `$` at the end of a word) and what may be
/// written instead.
pub(super) type Rule = (&'static str, &'static [&'static str]);

/// One community, as its file writes it down.
pub(super) struct Source {
    descent: Descent,
    men: &'static str,
    women: &'static str,
    /// Second given names; the first ones serve when empty.
    second_given: u32,
    surnames: &'static str,
    /// Surnames of women where they differ in kind (`BySex`).
    women_surnames: &'static str,
    /// Beginnings, middles and endings of rare surnames, and what joins them.
    made: [&'static str; 3],
    made_share: u32,
    /// Beginnings and endings of put-together given names of men.
    made_given: [&'static str; 2],
    made_given_share: u32,
    /// Calling names: `Formal=Calling`.
    nicknames: &'static str,
    places: &'static str,
    /// Humanitarian service points on the way.
    route: &'static str,
    nations: &'static str,
    ear: &'static [Rule],
    native_ear: &'static [Rule],
}

/// One community, read.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) descent: Option<Descent>,
    pub(super) men: Vec<Name>,
    pub(super) women: Vec<Name>,
    pub(super) second_given: u32,
    surnames: Vec<Name>,
    pub(super) women_surnames: Vec<Name>,
    made: [Vec<Name>; 3],
    made_share: u32,
    made_given: [Vec<Name>; 2],
    made_given_share: u32,
    pub(super) nicknames: Vec<Name>,
    pub(super) places: Vec<Name>,
    pub(super) route: Vec<Name>,
    pub(super) nations: Vec<Name>,
    pub(super) ear: &'static [Rule],
    pub(super) native_ear: &'static [Rule],
}

impl Lists {
    fn read(source: &'static Source) -> Self {
        Self {
            descent: Some(source.descent),
            men: read(source.men),
            women: read(source.women),
            second_given: source.second_given,
            surnames: read(source.surnames),
            women_surnames: read(source.women_surnames),
            made: source.made.map(read),
            made_share: source.made_share,
            made_given: source.made_given.map(read),
            made_given_share: source.made_given_share,
            nicknames: read(source.nicknames),
            places: read(source.places),
            route: read(source.route),
            nations: read(source.nations),
            ear: source.ear,
            native_ear: source.native_ear,
        }
    }

    /// A given name.
    pub(super) fn given(&self, female: bool, rng: &mut Rng) -> Name {
        if !female && rng.chance(self.made_given_share) {
            let [heads, tails] = &self.made_given;
            if let (Some(head), Some(tail)) =
                (heads.get(rng.rank(heads.len())), tails.get(rng.rank(tails.len())))
            {
                return head.joined("", tail);
            }
        }
        by_rank(if female { &self.women } else { &self.men }, rng)
    }

    /// A surname: a known one, or a rare one put together from pieces.
    pub(super) fn surname(&self, rng: &mut Rng) -> Name {
        if !rng.chance(self.made_share) {
            return by_rank(&self.surnames, rng);
        }
        let [heads, middles, tails] = &self.made;
        let mut name = rng.pick(heads).cloned().unwrap_or_default();
        if rng.chance(400)
            && let Some(middle) = rng.pick(middles)
        {
            name = name.joined("", middle);
        }
        match rng.pick(tails) {
            Some(tail) => name.joined("", tail),
            None => name,
        }
    }
}

/// A name by its rank in the list.
pub(super) fn by_rank(list: &[Name], rng: &mut Rng) -> Name {
    list.get(rng.rank(list.len())).cloned().unwrap_or_default()
}

/// The form of a surname that women carry.
pub(super) fn feminine(name: &Name) -> Name {
    ukraine::feminine(name)
}

/// The second given name made from the father's.
pub(super) fn patronymic(father: &Name, female: bool) -> Name {
    ukraine::patronymic(father, female)
}

fn read(list: &str) -> Vec<Name> {
    list.split_whitespace()
        .map(|entry| {
            let (latin, native) = entry.split_once('=').unwrap_or((entry, ""));
            Name { latin: latin.replace('_', " "), native: native.replace('_', " ") }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn shares_add_up_to_a_thousand() {
        assert_eq!(Community::SHARES.iter().map(|(_, share)| share).sum::<u32>(), 1000);
    }

    #[test]
    fn every_community_has_names_places_and_a_route() {
        for (community, _) in Community::SHARES {
            let lists = community.lists();
            assert!(lists.men.len() >= 25 && lists.women.len() >= 20, "{community:?}: too few given names");
            assert!(lists.places.len() >= 10 && lists.route.len() >= 5, "{community:?}: too few places");
            assert!(!lists.nations.is_empty() && !lists.ear.is_empty(), "{community:?}");
            assert!(
                lists.nations.iter().all(|nation| nation.latin.len() == 3),
                "{community:?}: alpha-3 codes"
            );
        }
    }

    #[test]
    fn a_community_with_a_script_of_its_own_writes_every_name_in_it() {
        for (community, _) in Community::SHARES {
            let lists = community.lists();
            let made = lists.made.iter().chain(&lists.made_given).flatten();
            for name in
                lists.men.iter().chain(&lists.women).chain(&lists.surnames).chain(&lists.places).chain(made)
            {
                let expected = community.native_share() > 0;
                assert_eq!(!name.native.is_empty(), expected, "{community:?}: {name:?}");
                assert!(name.native.chars().all(|c| !c.is_ascii_alphabetic()), "{community:?}: {name:?}");
            }
        }
    }

    #[test]
    fn no_list_names_the_same_thing_twice() {
        for (community, _) in Community::SHARES {
            let lists = community.lists();
            for list in [&lists.men, &lists.women, &lists.surnames, &lists.places, &lists.route] {
                let mut seen = BTreeSet::new();
                for name in list {
                    assert!(seen.insert(&name.latin), "{community:?}: {name:?} stands twice");
                }
            }
        }
    }
}
