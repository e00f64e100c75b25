//! How good a ranking is, told openly: hits, recall, precision, calibration, each by group.

pub mod febrl;
pub mod pairs;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use crate::person::{Roles, Word};
use crate::{fold, likeness};

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

    fn group_of(&self, request: &str) -> &str {
        self.groups.get(request).map_or(NO_GROUP, String::as_str)
    }
}

/// Where requests stand that no list of groups names.
const NO_GROUP: &str = "(none)";
/// Ranks that count.
const RANKS: usize = 10;

/// Rankings judged against the truth, one request after the other: of each, its first ten alone are kept.
pub struct Judged<'t> {
    truth: &'t Truth,
    groups: BTreeMap<&'t str, Counted>,
}

/// What a group came to so far.
#[derive(Default)]
struct Counted {
    requests: usize,
    /// Those that have a true contact, whose first is one, whose first ten hold one.
    matched: usize,
    first: usize,
    ten: usize,
    /// True pairs, and those among the first ten.
    pairs: usize,
    found: usize,
    /// Every pair of the first ten: its probability, and whether it is true.
    said: Vec<(f32, bool)>,
}

impl<'t> Judged<'t> {
    /// Nothing is judged yet; true pairs of requests that never come count as not found.
    #[must_use]
    pub fn new(truth: &'t Truth) -> Self {
        let mut groups: BTreeMap<&str, Counted> = BTreeMap::new();
        for (request, contacts) in &truth.matches {
            let counted = groups.entry(truth.group_of(request)).or_default();
            counted.matched += 1;
            counted.pairs += contacts.len();
        }
        Self { truth, groups }
    }

    /// Judges the ranking of a request, contacts with their probability, best first. A request whose person was never
    /// recorded must not be left out: it decides precision.
    pub fn add<'r>(&mut self, request: &str, ranking: impl IntoIterator<Item = (&'r str, f32)>) {
        let contacts = self.truth.matches.get(request);
        let counted = self.groups.entry(self.truth.group_of(request)).or_default();
        counted.requests += 1;
        let mut found = 0;
        for (rank, (contact, probability)) in ranking.into_iter().take(RANKS).enumerate() {
            let holds = contacts.is_some_and(|contacts| contacts.contains(contact));
            counted.said.push((probability, holds));
            counted.first += usize::from(holds && rank == 0);
            found += usize::from(holds);
        }
        counted.found += found;
        counted.ten += usize::from(found > 0);
    }

    /// What it all comes to.
    #[must_use]
    pub fn measure(self) -> Metrics {
        let mut all = Counted::default();
        let mut groups = BTreeMap::new();
        for (name, mut counted) in self.groups {
            if !self.truth.groups.is_empty() {
                groups.insert(name.to_owned(), counted.figures());
            }
            all.take(counted);
        }
        Metrics { all: all.figures(), groups }
    }
}

impl Counted {
    fn take(&mut self, other: Self) {
        self.requests += other.requests;
        self.matched += other.matched;
        self.first += other.first;
        self.ten += other.ten;
        self.pairs += other.pairs;
        self.found += other.found;
        self.said.extend(other.said);
    }

    fn figures(&mut self) -> Figures {
        self.said.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (best_f1, recall_at_precision) = thresholds(&self.said, self.pairs);
        Figures {
            requests: self.requests,
            matched: self.matched,
            at_1: share(self.first, self.matched),
            at_10: share(self.ten, self.matched),
            pair_recall: share(self.found, self.pairs),
            best_f1,
            recall_at_precision,
            calibration: calibration(&self.said),
        }
    }
}

/// How good the rankings of a group of requests are; the first ten of each count.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Requests ranked.
    pub requests: usize,
    /// Requests with at least one true contact.
    pub matched: usize,
    /// Share of these whose first is true.
    pub at_1: f64,
    /// Share of these whose first ten hold a true one.
    pub at_10: f64,
    /// Share of all true pairs among the first ten.
    pub pair_recall: f64,
    /// Best F1 over all thresholds, with the precision, recall and threshold it is reached at.
    pub best_f1: [f64; 4],
    /// Recall at a precision of at least 0.95 and 0.99.
    pub recall_at_precision: [f64; 2],
    /// Calibration by tenths of probability.
    pub calibration: [Tenth; 10],
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

/// All figures of a ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Metrics {
    /// Over all requests.
    pub all: Figures,
    /// By group; empty where no groups are known.
    pub groups: BTreeMap<String, Figures>,
}

impl Metrics {
    /// The group whose requests fare worst, by hits in the first ten.
    #[must_use]
    pub fn worst(&self) -> Option<(&str, f64)> {
        let with_match = self.groups.iter().filter(|(_, figures)| figures.matched > 0);
        let by_hits = with_match.map(|(name, figures)| (name.as_str(), figures.at_10));
        by_hits.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    fn each(&self) -> impl Iterator<Item = (&str, &Figures)> {
        let groups = self.groups.iter().map(|(name, figures)| (name.as_str(), figures));
        std::iter::once(("all", &self.all)).chain(groups)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The best F1 with precision, recall and threshold, and the recall at a precision of 0.95 and 0.99, of pairs in falling
/// order of what a threshold cuts. Equals are never parted.
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
        for (name, Figures { requests, matched, at_1, at_10, pair_recall, .. }) in self.each() {
            writeln!(
                f,
                "{name:10} requests {requests:6}, with a true contact n {matched:6}  hit@1 {at_1:.4}  \
                 hit@10 {at_10:.4}  pair recall@10 {pair_recall:.4}"
            )?;
        }
        if let Some((worst, at_10)) = self.worst() {
            writeln!(f, "worst group {worst} {at_10:.4}")?;
        }
        for (name, Figures { matched, best_f1, recall_at_precision, .. }) in self.each() {
            let ([f1, precision, recall, at], [at_95, at_99]) = (best_f1, recall_at_precision);
            writeln!(
                f,
                "{name:10} n {matched:6}  best F1 {f1:.4} (precision {precision:.4}, recall {recall:.4}, at \
                 probability {at:.4}); recall at precision 0.95 {at_95:.4}, at 0.99 {at_99:.4}"
            )?;
        }
        for (name, figures) in self.each() {
            for (at, tenth) in figures.calibration.iter().enumerate().filter(|(_, tenth)| tenth.pairs > 0) {
                let (from, to) = (at as f64 / 10.0, (at + 1) as f64 / 10.0);
                let Tenth { pairs, said, held } = tenth;
                writeln!(
                    f,
                    "{name:10} calibration {from:.1}-{to:.1}: {pairs:7} pairs, said {said:.3}, true {held:.3}"
                )?;
            }
        }
        Ok(())
    }
}

/// How far two spellings of a one-word name are: what their differences cost over what the words are worth, 0 for the
/// same sound, and no more than a variant may be apart where both are listed as forms of one name; `None` where either is
/// no word. Unlike a search, this measures every pair, however unlike.
#[must_use]
pub fn spelling_distance(one: &str, other: &str) -> Option<f32> {
    let word = |text: &str| Some(Word::new(fold::name(text).into_iter().next()?, Roles::SPARE));
    likeness::distance(&word(one)?, &word(other)?)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Three requests in two groups, one of them with nobody to find, and a fourth that was never ranked.
    fn truth() -> Truth {
        let mut truth = Truth::new();
        for (request, contact) in [("R1", "C1"), ("R1", "C2"), ("R2", "C3"), ("R4", "C9")] {
            truth.add_match(request, contact);
        }
        for (request, group) in [("R1", "east"), ("R2", "west"), ("R3", "west"), ("R4", "west")] {
            truth.add_group(request, group);
        }
        truth
    }

    fn metrics(truth: &Truth) -> Metrics {
        let mut judged = Judged::new(truth);
        judged.add("R1", [("C1", 0.95), ("C7", 0.55), ("C2", 0.5)]);
        judged.add("R2", [("C8", 0.9), ("C3", 0.5)]);
        judged.add("R3", [("C1", 0.05)]);
        judged.measure()
    }

    #[test]
    fn hits_and_recall_are_of_requests_with_somebody_to_find_ranked_or_not() {
        let Metrics { all, groups } = metrics(&truth());
        assert_eq!((all.requests, all.matched), (3, 3));
        assert_eq!((all.at_1, all.at_10, all.pair_recall), (1.0 / 3.0, 2.0 / 3.0, 3.0 / 4.0));
        let (east, west) = (&groups["east"], &groups["west"]);
        assert_eq!((east.matched, east.at_1, east.pair_recall), (1, 1.0, 1.0));
        assert_eq!((west.requests, west.matched, west.at_1, west.at_10), (2, 2, 0.0, 0.5));
        assert_eq!(metrics(&truth()).worst(), Some(("west", 0.5)));
    }

    #[test]
    fn a_threshold_never_parts_equals() {
        let Metrics { all, groups } = metrics(&truth());
        // All but the last pair: three of five are true, three of four are found. Between the two at 0.5 is no cut.
        assert_eq!(all.best_f1[1..], [0.6, 0.75, 0.5]);
        assert_eq!(all.recall_at_precision, [0.25, 0.25]);
        assert_eq!(groups["east"].best_f1[1..], [2.0 / 3.0, 1.0, 0.5]);
        assert_eq!(groups["west"].recall_at_precision, [0.0, 0.0]);
    }

    #[test]
    fn calibration_sets_what_was_said_beside_what_was_true() {
        let Metrics { all, groups } = metrics(&truth());
        let tenth = |pairs, said, held| Tenth { pairs, said, held };
        let near = |a: Tenth, b: Tenth| {
            assert_eq!((a.pairs, a.held), (b.pairs, b.held));
            assert!((a.said - b.said).abs() < 1e-6, "{a:?} {b:?}");
        };
        near(all.calibration[0], tenth(1, 0.05, 0.0));
        near(all.calibration[5], tenth(3, 1.55 / 3.0, 2.0 / 3.0));
        near(all.calibration[9], tenth(2, 0.925, 0.5));
        near(groups["west"].calibration[9], tenth(1, 0.9, 0.0));
        assert_eq!(all.calibration.iter().map(|tenth| tenth.pairs).sum::<usize>(), 6);
    }

    #[test]
    fn only_ten_ranks_count_and_without_groups_none_is_told() {
        let mut truth = Truth::new();
        truth.add_match("R1", "late");
        let mut judged = Judged::new(&truth);
        judged.add("R1", [("C1", 0.9); 10].into_iter().chain([("late", 0.1)]));
        let metrics = judged.measure();
        assert_eq!((metrics.all.at_10, metrics.all.pair_recall), (0.0, 0.0));
        assert!(metrics.groups.is_empty() && metrics.worst().is_none());
    }
}
