//! Record sets in the form of FEBRL, the generator of invented, damaged registers that linkage programs are compared
//! with (Christen and Pudjijono 2009): two files of names, addresses and dates, one original and one damaged record
//! a person.
//!
//! ```text
//!  A, B ─ keys (keys.rs) ─► a few candidates for each of A ─ ladders (ladder.rs) ─► patterns of levels
//!                                    random pairs ─ ladders ─► patterns of strangers      │
//!                 links ◄─ one to one, best first ◄─ weights ◄─ expectation maximisation ◄┘
//! ```
//!
//! The columns are not those of people who flee, so the search's own model has no weights for them: they are estimated
//! here without labels, as [`crate::learn::estimate`] does it. Names are compared with the crate's own likeness. The
//! column `soc_sec_id` is not read: with a number of their own, people need no linkage.

mod keys;
mod ladder;

use std::collections::HashSet;
use std::fmt;
use std::io::Read;

use crate::learn::tally::{self, Share};
use crate::records::Problem;
use crate::table::Table;
use ladder::{FIELDS, LEVELS, Level, Pattern, Value};

/// Columns compared, by their names in the file.
pub const COLUMNS: [&str; FIELDS] = [
    "given_name",
    "surname",
    "street_number",
    "address_1",
    "address_2",
    "suburb",
    "postcode",
    "state",
    "date_of_birth",
];

/// A record made ready for comparison.
#[derive(Clone, Debug)]
pub struct Record {
    id: String,
    values: [Option<Value>; FIELDS],
}

/// Reads a file with the columns `rec_id` and [`COLUMNS`].
///
/// # Errors
/// What is wrong first.
pub fn read(file: &str, source: impl Read) -> Result<Vec<Record>, Problem> {
    let needed: Vec<&str> = ["rec_id"].into_iter().chain(COLUMNS).collect();
    let mut table = Table::open(file, source, &needed)?;
    let mut records = Vec::new();
    while let Some(row) = table.next() {
        let row = row?;
        let cell = |name: &str| row.cell(name).map(str::trim).filter(|text| !text.is_empty());
        let value = |at: usize| COLUMNS.get(at).and_then(|name| Some(Value::of(at, cell(name)?)));
        records.push(Record { id: row.needed("rec_id")?.to_owned(), values: std::array::from_fn(value) });
    }
    Ok(records)
}

impl Record {
    /// The number of the person, which damaged and original record share: `1070` of `rec-1070-org`.
    fn person(&self) -> Option<&str> {
        self.id.split('-').nth(1)
    }
}

/// Two records that are taken to be one person's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// Place of the record in the first file, from 0.
    pub a: usize,
    /// Place of the record in the second file, from 0.
    pub b: usize,
    /// Probability that they are one person's.
    pub probability: f64,
}

/// Why two files were not linked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotLinked {
    /// Shares of a handful of pairs follow chance.
    #[error("{a} and {b} records are too few: {NEEDED} of each are needed")]
    TooFew {
        /// Records in the first file.
        a: usize,
        /// Records in the second file.
        b: usize,
    },
    /// There is next to nobody to learn from: the files may have nobody in common.
    #[error("about {expected:.0} pairs seem to be of one person: {MATCHES_NEEDED} are needed")]
    TooFewMatches {
        /// Pairs of one person expected in the end.
        expected: f64,
    },
    /// The weights kept moving.
    #[error("after {ROUNDS} rounds a weight still moves by {moved:.3} bits")]
    Unsettled {
        /// How far the weight that moves most moved in the last round, in bits.
        moved: f64,
    },
}

/// Records of each file below which nothing is estimated.
const NEEDED: usize = 100;
/// Random pairs for each record that show what strangers have in common.
const STRANGERS: usize = 20;
/// Expected matches below which there is nothing to learn from.
const MATCHES_NEEDED: f64 = 20.0;
const ROUNDS: usize = 100;
/// Bits a weight may still move by when the estimate is taken to have settled.
const SETTLED: f64 = 0.005;
/// How far a weight may be expected to lie from the round number it starts from, in bits.
const SPREAD: f64 = 3.0;
/// Probability from which a pair is linked.
const LINKED: f64 = 0.5;

/// Links two files: every record at most once, the surest pairs first.
///
/// # Errors
/// Fewer than 100 records in either file or than 20 expected matches, or weights that do not settle.
pub fn link(a: &[Record], b: &[Record]) -> Result<Vec<Link>, NotLinked> {
    if a.len().min(b.len()) < NEEDED {
        return Err(NotLinked::TooFew { a: a.len(), b: b.len() });
    }
    let candidates = keys::candidates(a, b);
    let compared: Vec<Vec<(usize, Pattern)>> = a
        .iter()
        .zip(&candidates)
        .map(|(one, others)| {
            let with = |at: &usize| Some((*at, ladder::compare(one, b.get(*at)?)));
            others.iter().filter_map(with).filter(|(_, pattern)| ladder::agree_mostly(pattern)).collect()
        })
        .collect();
    let weights = estimate(&compared, &strangers(a, b), b.len())?;
    Ok(one_to_one(&weights, &compared, b.len()))
}

/// Patterns of random pairs.
fn strangers(a: &[Record], b: &[Record]) -> Vec<Pattern> {
    // Strides of two large primes visit pairs in an order that has nothing to do with either file's.
    let pair = |at: usize| {
        let one = a.get(at.wrapping_mul(2_654_435_761) % a.len())?;
        Some(ladder::compare(one, b.get(at.wrapping_mul(805_459_861) % b.len())?))
    };
    (0..STRANGERS * a.len()).filter_map(pair).collect()
}

/// Bits of every level of every field, and the odds of a random pair.
struct Weights {
    bits: [[f64; LEVELS]; FIELDS],
    prior: f64,
}

impl Weights {
    fn start(records: usize) -> Self {
        Self { bits: [Level::ALL.map(Level::round_bits); FIELDS], prior: 1.0 / records as f64 }
    }

    fn odds(&self, pattern: &Pattern) -> f64 {
        let bits = self.bits.iter().zip(pattern).map(|(bits, level)| level.of(bits).copied().unwrap_or(0.0));
        self.prior * bits.sum::<f64>().exp2()
    }

    /// Odds of the candidates of one record as probabilities of which at most one is true.
    fn probabilities(&self, candidates: &[(usize, Pattern)]) -> Vec<f64> {
        let mut odds: Vec<f64> = candidates.iter().map(|(_, pattern)| self.odds(pattern)).collect();
        tally::at_most_one(&mut odds);
        odds
    }
}

/// How often each level was reached where both sides recorded the field.
#[derive(Default)]
struct Counts([[f64; LEVELS]; FIELDS]);

impl Counts {
    fn add(&mut self, pattern: &Pattern, by: f64) {
        for (counts, level) in self.0.iter_mut().zip(pattern) {
            if let Some(count) = level.of_mut(counts) {
                *count += by;
            }
        }
    }

    fn shares(&self) -> impl Iterator<Item = [Share; LEVELS]> {
        self.0.iter().map(|counts| {
            let chances = counts.iter().sum();
            counts.map(|seen| Share { seen, tilted: seen, chances })
        })
    }
}

/// Expectation maximisation: strangers counted once, less those who seem to be one person; matches until nothing moves.
fn estimate(
    compared: &[Vec<(usize, Pattern)>],
    random: &[Pattern],
    records: usize,
) -> Result<Weights, NotLinked> {
    let mut weights = Weights::start(records);
    let mut strangers = Counts::default();
    random.iter().for_each(|pattern| strangers.add(pattern, 1.0 / (1.0 + weights.odds(pattern))));
    let mut moved = f64::INFINITY;
    for _ in 0..ROUNDS {
        let mut matches = Counts::default();
        let mut expected = 0.0;
        for candidates in compared {
            for ((_, pattern), is_one) in candidates.iter().zip(weights.probabilities(candidates)) {
                matches.add(pattern, is_one);
                expected += is_one;
            }
        }
        moved = 0.0;
        let shares = matches.shares().zip(strangers.shares());
        for (bits, (one_person, stranger)) in weights.bits.iter_mut().zip(shares) {
            for (level, bits) in Level::ALL.into_iter().zip(bits) {
                let shares = level.of(&one_person).zip(level.of(&stranger));
                let Some((one_person, stranger)) = shares else { continue };
                let now = tally::bits(*one_person, *stranger, level.round_bits(), SPREAD);
                moved = f64::max(moved, (now - *bits).abs());
                *bits = now;
            }
        }
        weights.prior = (expected / compared.len() as f64).clamp(0.001, 1.0) / records as f64;
        if moved < SETTLED && expected < MATCHES_NEEDED {
            return Err(NotLinked::TooFewMatches { expected });
        }
        if moved < SETTLED {
            return Ok(weights);
        }
    }
    Err(NotLinked::Unsettled { moved })
}

/// Takes the surest pair whose records are both free, again and again, down to the probability of an even bet.
fn one_to_one(weights: &Weights, compared: &[Vec<(usize, Pattern)>], records: usize) -> Vec<Link> {
    let mut surest: Vec<(f64, usize, usize)> = Vec::new();
    for (a, candidates) in compared.iter().enumerate() {
        surest.extend(candidates.iter().map(|(b, pattern)| (weights.odds(pattern), a, *b)));
    }
    surest.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let (mut free_a, mut free_b) = (vec![true; compared.len()], vec![true; records]);
    let mut links = Vec::new();
    for (odds, a, b) in surest {
        let probability = odds / (1.0 + odds);
        let (Some(one), Some(other)) = (free_a.get_mut(a), free_b.get_mut(b)) else { continue };
        if probability >= LINKED && *one && *other {
            (*one, *other) = (false, false);
            links.push(Link { a, b, probability });
        }
    }
    links
}

/// How right a linkage is, by the person each `rec_id` names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rightness {
    /// Share of the links that are of one person.
    pub precision: f64,
    /// Share of the people in both files who were linked.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
}

impl Rightness {
    /// Measures links against the names of the records.
    #[must_use]
    pub fn of(links: &[Link], a: &[Record], b: &[Record]) -> Self {
        let in_b: HashSet<&str> = b.iter().filter_map(Record::person).collect();
        let total = a.iter().filter_map(Record::person).filter(|person| in_b.contains(person)).count();
        let right = links.iter().filter(|link| {
            let person = a.get(link.a).and_then(Record::person);
            person.is_some() && person == b.get(link.b).and_then(Record::person)
        });
        let right = right.count();
        let [precision, recall] = [links.len(), total].map(|of| super::share(right, of));
        let f1 = if right == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
        Self { precision, recall, f1 }
    }
}

impl fmt::Display for Rightness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "precision {:.4}  recall {:.4}  F1 {:.4}", self.precision, self.recall, self.f1)
    }
}
