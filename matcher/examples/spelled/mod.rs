//! Native forms of names and how they are spelled in Latin letters, from `native<TAB>Latin<TAB>how often seen`.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::str::FromStr;

/// Which natives count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    Learn,
    Hold,
    All,
}

impl FromStr for Half {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "learn" => Ok(Self::Learn),
            "hold" => Ok(Self::Hold),
            "all" => Ok(Self::All),
            _ => Err("the half is learn, hold or all"),
        }
    }
}

impl Half {
    pub(crate) fn holds(self, native: &str) -> bool {
        // FNV-1a: the same halves on every machine.
        let hash = native.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        match self {
            Self::All => true,
            Self::Learn => hash >> 40 & 1 == 0,
            Self::Hold => hash >> 40 & 1 == 1,
        }
    }
}

/// Every native form with its Latin spellings.
pub(crate) struct Names {
    pub(crate) forms: BTreeMap<String, BTreeMap<String, u32>>,
}

impl Names {
    pub(crate) fn read(path: &str) -> Result<Self, Box<dyn Error>> {
        let mut forms: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
        for line in std::fs::read_to_string(path)?.lines() {
            let mut cells = line.split('\t');
            let (Some(native), Some(latin), Some(Ok(seen))) =
                (cells.next(), cells.next(), cells.next().map(str::parse::<u32>))
            else {
                continue;
            };
            *forms.entry(native.to_owned()).or_default().entry(latin.to_owned()).or_default() += seen;
        }
        Ok(Self { forms })
    }

    /// Pairs of Latin spellings of one native form, each seen so often or more; a pair with natives in both halves is in the learning half alone.
    pub(crate) fn variants(&self, half: Half, often: u32) -> Vec<(&str, &str)> {
        let of = |half: Half| {
            let mut pairs = BTreeSet::new();
            for (_, spellings) in self.forms.iter().filter(|(native, _)| half.holds(native)) {
                let kept: Vec<&str> =
                    spellings.iter().filter(|(_, seen)| **seen >= often).map(|(s, _)| s.as_str()).collect();
                for (at, one) in kept.iter().enumerate() {
                    pairs.extend(kept.iter().skip(at + 1).map(|other| (*one, *other)));
                }
            }
            pairs
        };
        let learned = if half == Half::Hold { of(Half::Learn) } else { BTreeSet::new() };
        of(half).into_iter().filter(|pair| !learned.contains(pair)).collect()
    }

    /// Native forms beside each of their spellings seen so often or more, and how often.
    pub(crate) fn spelled(&self, half: Half, often: u32) -> Vec<(&str, &str, u32)> {
        let natives = self.forms.iter().filter(|(native, _)| half.holds(native));
        natives
            .flat_map(|(native, spellings)| {
                let spellings = spellings.iter().filter(|(_, seen)| **seen >= often);
                spellings.map(|(spelling, seen)| (native.as_str(), spelling.as_str(), *seen))
            })
            .collect()
    }
}
