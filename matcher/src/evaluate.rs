//! How good a ranking is, told openly: hits, recall, precision, calibration, each by group.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use crate::alignment::Costs;
use crate::fold::{self, sound::Sound};

/// A ranked pair of a request and a contact, by their names in the files.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// The contact.
    pub contact: String,
    /// Its probability, 0 to 1.
    pub probability: f32,
}

/// What is true: the contacts of each request's person, and the group each request is reported under.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    matches: BTreeMap<String, BTreeSet<String>>,
    groups: HashMap<String, String>,
}

impl Truth {
    /// Nothing is known to be true.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A contact is of the request's person.
    pub fn add_match(&mut self, request: &str, contact: &str) {
        self.matches.entry(request.to_owned()).or_default().insert(contact.to_owned());
    }

    /// A request is reported under a group.
    pub fn add_group(&mut self, request: &str, group: &str) {
        self.groups.insert(request.to_owned(), group.to_owned());
    }

    /// Whether a contact is of the request's person.
    #[must_use]
    pub fn holds(&self, request: &str, contact: &str) -> bool {
        self.matches.get(request).is_some_and(|contacts| contacts.contains(contact))
    }

    /// The contacts of a request's person.
    pub fn matches_of(&self, request: &str) -> impl Iterator<Item = &str> {
        self.matches.get(request).into_iter().flatten().map(String::as_str)
    }

    fn pairs(&self) -> usize {
        self.matches.values().map(BTreeSet::len).sum()
    }
}

/// Hits of the requests of a group that have at least one true contact.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hits {
    /// Requests with at least one true contact.
    pub requests: usize,
    /// Share whose first is true.
    pub at_1: f64,
    /// Share whose first ten hold a true one.
    pub at_10: f64,
    /// Share of all true pairs among the first ten.
    pub pair_recall: f64,
}

/// A tenth of the range of probability: what was said, what was true.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tenth {
    /// Pairs in this tenth.
    pub pairs: usize,
    /// Mean probability said.
    pub said: f64,
    /// Share that was true.
    pub held: f64,
}

/// All figures of a ranking; the first ten of each request count.
#[derive(Clone, Debug, PartialEq)]
pub struct Metrics {
    /// Over all requests.
    pub all: Hits,
    /// By group.
    pub groups: BTreeMap<String, Hits>,
    /// Best F1 over all thresholds, with the precision, recall and threshold it is reached at.
    pub best_f1: [f64; 4],
    /// Recall at a precision of at least 0.95 and 0.99.
    pub recall_at_precision: [f64; 2],
    /// Calibration by tenths of probability.
    pub calibration: [Tenth; 10],
}

/// Ranks that count.
const RANKS: usize = 10;

impl Metrics {
    /// Measures rankings, best first per request, against the truth.
    #[must_use]
    pub fn of(rankings: &HashMap<String, Vec<Ranked>>, truth: &Truth) -> Self {
        let empty = Vec::new();
        let mut counts: BTreeMap<String, [usize; 5]> = BTreeMap::new();
        for (request, contacts) in &truth.matches {
            let ranking = rankings.get(request).unwrap_or(&empty);
            let found: Vec<bool> =
                ranking.iter().take(RANKS).map(|r| contacts.contains(&r.contact)).collect();
            let hits = found.iter().filter(|hit| **hit).count();
            let first = usize::from(found.first() == Some(&true));
            let group = truth.groups.get(request).cloned().unwrap_or_default();
            for name in [String::new(), group] {
                let count = counts.entry(name).or_default();
                let more = [1, first, usize::from(hits > 0), hits, contacts.len()];
                count.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
            }
        }
        let hits = |[requests, first, ten, found, total]: [usize; 5]| Hits {
            requests,
            at_1: share(first, requests),
            at_10: share(ten, requests),
            pair_recall: share(found, total),
        };
        let mut pairs: Vec<(f32, bool)> = rankings
            .iter()
            .flat_map(|(request, ranking)| {
                ranking.iter().take(RANKS).map(|r| (r.probability, truth.holds(request, &r.contact)))
            })
            .collect();
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (best_f1, recall_at_precision) = thresholds(&pairs, truth.pairs());
        let all =
            counts.remove("").map(|count| if truth.groups.is_empty() { count.map(|c| c / 2) } else { count });
        Self {
            all: hits(all.unwrap_or_default()),
            groups: counts.into_iter().map(|(name, count)| (name, hits(count))).collect(),
            best_f1,
            recall_at_precision,
            calibration: calibration(&pairs),
        }
    }

    /// The group whose requests fare worst, by hits in the first ten.
    #[must_use]
    pub fn worst(&self) -> Option<(&str, f64)> {
        let by_hits = self.groups.iter().map(|(name, hits)| (name.as_str(), hits.at_10));
        by_hits.min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn thresholds(pairs: &[(f32, bool)], total: usize) -> ([f64; 4], [f64; 2]) {
    let (mut best, mut recalls, mut found) = ([0.0; 4], [0.0f64; 2], 0);
    for (at, (probability, holds)) in pairs.iter().enumerate() {
        found += usize::from(*holds);
        if pairs.get(at + 1).is_some_and(|next| next.0 == *probability) {
            continue;
        }
        let (precision, recall) = (share(found, at + 1), share(found, total));
        let f1 = if found == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
        if f1 > best[0] {
            best = [f1, precision, recall, f64::from(*probability)];
        }
        for (floor, kept) in [0.95, 0.99].into_iter().zip(&mut recalls) {
            if precision >= floor {
                *kept = kept.max(recall);
            }
        }
    }
    (best, recalls)
}

fn calibration(pairs: &[(f32, bool)]) -> [Tenth; 10] {
    let mut sums = [(0usize, 0.0f64, 0usize); 10];
    for (probability, holds) in pairs {
        let tenth = ((probability * 10.0) as usize).min(9);
        if let Some(sum) = sums.get_mut(tenth) {
            *sum = (sum.0 + 1, sum.1 + f64::from(*probability), sum.2 + usize::from(*holds));
        }
    }
    sums.map(|(pairs, said, held)| Tenth {
        pairs,
        said: if pairs == 0 { 0.0 } else { said / pairs as f64 },
        held: share(held, pairs),
    })
}

impl fmt::Display for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, hits) in std::iter::once((&"all".to_owned(), &self.all)).chain(&self.groups) {
            let Hits { requests, at_1, at_10, pair_recall } = hits;
            writeln!(
                f,
                "{name:10} n {requests:6}  hit@1 {at_1:.4}  hit@10 {at_10:.4}  pair recall@10 {pair_recall:.4}"
            )?;
        }
        let [f1, precision, recall, at] = self.best_f1;
        let [at_95, at_99] = self.recall_at_precision;
        writeln!(
            f,
            "best F1 {f1:.4} (precision {precision:.4}, recall {recall:.4}, at probability {at:.4})"
        )?;
        writeln!(f, "recall at precision 0.95 {at_95:.4}, at 0.99 {at_99:.4}")?;
        for (at, tenth) in self.calibration.iter().enumerate().filter(|(_, tenth)| tenth.pairs > 0) {
            let (from, to) = (at as f64 / 10.0, (at + 1) as f64 / 10.0);
            let Tenth { pairs, said, held } = tenth;
            writeln!(f, "calibration {from:.1}-{to:.1}: {pairs:7} pairs, said {said:.3}, true {held:.3}")?;
        }
        Ok(())
    }
}

/// How far two spellings of a one-word name are, in bits per phoneme, 0 for the same sound; `None` where either is
/// no word. Unlike a search, this measures every pair, however unlike.
#[must_use]
pub fn spelling_distance(one: &str, other: &str) -> Option<f32> {
    let sound = |text: &str| fold::name(text).first().map(Sound::of);
    Costs::shipped().distance(&sound(one)?, &sound(other)?, f32::from(u8::MAX))
}

/// A name made ready for the plain measure everybody has: romanised by `any_ascii`, small letters, words sorted. What a
/// ranking or a distance of ours is worth shows beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainName(String);

impl PlainName {
    /// Makes a name ready.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let romanised = any_ascii::any_ascii(name).to_lowercase();
        let mut words: Vec<&str> = romanised.split_whitespace().collect();
        words.sort_unstable();
        Self(words.join(" "))
    }

    /// Jaro-Winkler likeness, 0 to 1, as `strsim` has it.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> f64 {
        strsim::jaro_winkler(&self.0, &other.0)
    }
}
