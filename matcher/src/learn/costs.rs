//! Edit costs from pairs of spellings of one name, by expectation maximisation: every alignment of a pair counts, by
//! its probability under the last round's costs.
//!
//! Two spellings of one name are taken to come about step by step: a phoneme for a phoneme, or one that only one side
//! wrote. With `P(x,y)` the probability of a step and `P(x)` that of a phoneme in any word, a step speaks for one name
//! by `s(x,y) = log2(P(x,y) / (P(x) P(y)))` bits. Agreeing on x is worth `s(x,x)`, half of it for either word; a
//! difference costs what it stays behind that: `(s(x,x) + s(y,y)) / 2 - s(x,y)`.

use std::fmt::Write as _;

use rayon::prelude::*;

use crate::fold;
use crate::fold::sound::{LETTERS, PHONEMES, Sound, alike, is_vowel};

/// Two spellings of one name, in any scripts.
#[derive(Clone, Debug, PartialEq)]
pub struct SpellingPair {
    /// One spelling.
    pub one: String,
    /// The other.
    pub other: String,
    /// How much the pair counts.
    pub weight: f32,
}

/// A number for every pair of phonemes, the gap included.
type Grid = Vec<[f64; PHONEMES]>;
/// How frequent each phoneme is.
type Frequencies = [f64; PHONEMES];

/// Rounds of counting; the costs settle in fewer.
const ROUNDS: usize = 8;
/// Bits no cost is above: an error of any kind must stay possible.
const DEAREST: f64 = 14.0;
/// Bits every pair that is not listed costs, so that listing it says nothing.
const UNLISTED: f64 = 12.0;
/// Bits no cost of a change is below.
const CHEAPEST: f64 = 0.05;
/// Bits by which an alignment must beat chance, or the pair is no pair whatever the list says.
const BEYOND_CHANCE: f64 = 3.0;
/// Occurrences a phoneme is taken to have had beforehand, so that none has the probability 0.
const UNSEEN: f64 = 0.5;

/// The text of an edit cost file learned from pairs; names of more than one word are passed over.
#[must_use]
pub fn edit_costs(pairs: &[SpellingPair]) -> String {
    let sounds: Vec<(Sound, Sound, f64)> = pairs.par_iter().filter_map(sounds).collect();
    let mut text = String::new();
    for kind in [Kind::Plain, Kind::Unwritten] {
        let of_kind: Vec<&(Sound, Sound, f64)> =
            sounds.iter().filter(|(a, b, _)| (a.abjad && !b.abjad) == (kind == Kind::Unwritten)).collect();
        let steps = Steps::learned(kind, &of_kind);
        steps.write(&mut text);
    }
    text
}

/// The sounds of a pair, the one without short vowels first.
fn sounds(pair: &SpellingPair) -> Option<(Sound, Sound, f64)> {
    let sound = |text: &str| match fold::name(text).as_slice() {
        [word] => Some(Sound::of(word)),
        _ => None,
    };
    let (a, b) = (sound(&pair.one)?, sound(&pair.other)?);
    let weight = f64::from(pair.weight);
    Some(if b.abjad && !a.abjad { (b, a, weight) } else { (a, b, weight) })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Both words with their vowels: either may be first.
    Plain,
    /// The first without short vowels.
    Unwritten,
}

/// How likely every step of an alignment is, and every phoneme on either side.
struct Steps {
    kind: Kind,
    probability: Grid,
    left: Frequencies,
    right: Frequencies,
}

impl Steps {
    fn learned(kind: Kind, pairs: &[&(Sound, Sound, f64)]) -> Self {
        let [mut left, mut right] = [[UNSEEN; PHONEMES]; 2];
        for (a, b, weight) in pairs {
            add_each(&mut left, a, *weight);
            add_each(&mut right, b, *weight);
        }
        if kind == Kind::Plain {
            let both: Frequencies = std::array::from_fn(|x| at(&left, x) + at(&right, x));
            (left, right) = (both, both);
        }
        [&mut left, &mut right].into_iter().for_each(normalise);
        let mut steps = Self::guessed(kind, left, right);
        for round in 0..ROUNDS {
            // The guess is too coarse to tell strangers by.
            let bar = if round == 0 { f64::NEG_INFINITY } else { BEYOND_CHANCE };
            let empty = || vec![[0.0; PHONEMES]; PHONEMES];
            let counts = pairs
                .par_iter()
                .fold(empty, |counts, pair| steps.count(counts, pair, bar))
                .reduce(empty, sum);
            steps.probability = steps.estimated(counts);
        }
        steps
    }

    /// Where learning starts: most phonemes stay, some become another of their class, vowels come and go.
    fn guessed(kind: Kind, left: Frequencies, right: Frequencies) -> Self {
        let mut probability: Grid = vec![[0.0; PHONEMES]; PHONEMES];
        each_step(&mut probability, |x, y| match (x, y) {
            (0, y) => gap_guess(y) * at(&right, y),
            (x, 0) => gap_guess(x) * at(&left, x),
            (x, y) if x == y => 0.6 * at(&left, x),
            (x, y) if alike(x as u8, y as u8) => 0.6 * at(&left, x) * at(&right, y),
            (x, y) => 0.1 * at(&left, x) * at(&right, y),
        });
        Self { kind, probability, left, right }
    }

    /// Probabilities from counts, on top of few that every step is taken to have been seen beforehand.
    fn estimated(&self, mut counts: Grid) -> Grid {
        if self.kind == Kind::Plain {
            let turned: Grid = (0..PHONEMES).map(|x| std::array::from_fn(|y| cell(&counts, y, x))).collect();
            counts = sum(counts, turned);
        }
        let mut probability = counts.clone();
        each_step(&mut probability, |x, y| cell(&counts, x, y) + self.seen_beforehand(x, y));
        let all: f64 = probability.iter().flatten().sum();
        probability.iter_mut().flatten().for_each(|seen| *seen /= all);
        probability
    }

    fn seen_beforehand(&self, x: usize, y: usize) -> f64 {
        match (x, y) {
            (0, _) | (_, 0) => 0.1,
            _ => {
                let both = (at(&self.left, x) * at(&self.right, y)).sqrt();
                if alike(x as u8, y as u8) { 4.0 * both } else { 0.4 * both }
            }
        }
    }

    /// Adds the expected steps of all alignments of a pair that beats chance by so many bits.
    fn count(&self, mut counts: Grid, (a, b, weight): &(Sound, Sound, f64), bar: f64) -> Grid {
        let (left, right) = (a.phonemes(), b.phonemes());
        let (rows, columns) = (left.len() + 1, right.len() + 1);
        let x_at = |i: usize| left.get(i).map_or(0, |x| usize::from(*x));
        let y_at = |j: usize| right.get(j).map_or(0, |y| usize::from(*y));
        let step = |x: usize, y: usize| cell(&self.probability, x, y);
        let place = |i: usize, j: usize| i * columns + j;
        let of = |grid: &[f64], i: usize, j: usize| grid.get(place(i, j)).copied().unwrap_or(0.0);
        let mut before = vec![0.0; rows * columns];
        let mut after = before.clone();
        for (i, j) in (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))) {
            let mut sum = if i + j == 0 { 1.0 } else { 0.0 };
            if i > 0 {
                sum += of(&before, i - 1, j) * step(x_at(i - 1), 0);
            }
            if j > 0 {
                sum += of(&before, i, j - 1) * step(0, y_at(j - 1));
            }
            if i > 0 && j > 0 {
                sum += of(&before, i - 1, j - 1) * step(x_at(i - 1), y_at(j - 1));
            }
            set(&mut before, place(i, j), sum);
        }
        let whole = of(&before, rows - 1, columns - 1);
        let by_chance: f64 = left.iter().map(|x| at(&self.left, usize::from(*x)).log2()).sum::<f64>()
            + right.iter().map(|y| at(&self.right, usize::from(*y)).log2()).sum::<f64>();
        if whole.log2() < by_chance + bar {
            return counts;
        }
        for (i, j) in (0..rows).rev().flat_map(|i| (0..columns).rev().map(move |j| (i, j))) {
            let mut sum = if (i, j) == (rows - 1, columns - 1) { 1.0 } else { 0.0 };
            let steps = [(1, 0, x_at(i), 0), (0, 1, 0, y_at(j)), (1, 1, x_at(i), y_at(j))];
            for (down, right, x, y) in steps {
                if i + down < rows && j + right < columns {
                    let through = step(x, y) * of(&after, i + down, j + right);
                    sum += through;
                    let share = of(&before, i, j) * through / whole;
                    if let Some(count) = counts.get_mut(x).and_then(|row| row.get_mut(y)) {
                        *count += weight * share;
                    }
                }
            }
            set(&mut after, place(i, j), sum);
        }
        counts
    }

    /// By how many bits a step speaks for one name.
    fn speaks(&self, x: usize, y: usize) -> f64 {
        let chance =
            if x == 0 { 1.0 } else { at(&self.left, x) } * if y == 0 { 1.0 } else { at(&self.right, y) };
        (cell(&self.probability, x, y) / chance).log2()
    }

    fn write(&self, text: &mut String) {
        let kind = if self.kind == Kind::Plain { "plain" } else { "unwritten" };
        let best = |bits: &mut dyn Iterator<Item = f64>| bits.fold(0.0, f64::max) / 2.0;
        let worth = |x: usize| match (x, self.kind) {
            (0, _) => 0.0,
            (x, Kind::Plain) => self.speaks(x, x).max(0.0) / 2.0,
            (x, Kind::Unwritten) => best(&mut (1..PHONEMES).map(|y| self.speaks(x, y))),
        };
        let other_worth = |y: usize| match (y, self.kind) {
            (0, _) => 0.0,
            (y, Kind::Plain) => worth(y),
            (y, Kind::Unwritten) => best(&mut (1..PHONEMES).map(|x| self.speaks(x, y))),
        };
        for (x, letter) in LETTERS.iter().enumerate().skip(1) {
            let _ = writeln!(text, "{kind} {} {:.2}", char::from(*letter), worth(x));
        }
        for (x, letter) in LETTERS.iter().enumerate() {
            for (y, other) in LETTERS.iter().enumerate() {
                if x == y || (self.kind == Kind::Plain && y < x) {
                    continue;
                }
                let bits: f64 = (worth(x) + other_worth(y) - self.speaks(x, y)).clamp(CHEAPEST, DEAREST);
                if bits < UNLISTED || x == 0 || y == 0 {
                    let _ = writeln!(text, "{kind} {} {} {bits:.2}", char::from(*letter), char::from(*other));
                }
            }
        }
    }
}

fn gap_guess(phoneme: usize) -> f64 {
    if is_vowel(phoneme as u8) { 0.2 } else { 0.04 }
}

fn add_each(frequencies: &mut Frequencies, sound: &Sound, weight: f64) {
    for phoneme in sound.phonemes() {
        if let Some(count) = frequencies.get_mut(usize::from(*phoneme)) {
            *count += weight;
        }
    }
}

fn normalise(frequencies: &mut Frequencies) {
    let all: f64 = frequencies.iter().skip(1).sum();
    frequencies.iter_mut().for_each(|count| *count /= all);
}

fn at(frequencies: &Frequencies, phoneme: usize) -> f64 {
    frequencies.get(phoneme).copied().unwrap_or(0.0)
}

fn cell(grid: &Grid, x: usize, y: usize) -> f64 {
    grid.get(x).and_then(|row| row.get(y)).copied().unwrap_or(0.0)
}

fn set(grid: &mut [f64], place: usize, value: f64) {
    if let Some(cell) = grid.get_mut(place) {
        *cell = value;
    }
}

/// Sets every step but the one from gap to gap.
fn each_step(grid: &mut Grid, mut value: impl FnMut(usize, usize) -> f64) {
    for (x, row) in grid.iter_mut().enumerate() {
        for (y, cell) in row.iter_mut().enumerate().filter(|(y, _)| x + y > 0) {
            *cell = value(x, y);
        }
    }
}

fn sum(mut a: Grid, b: Grid) -> Grid {
    for (row, more) in a.iter_mut().zip(b) {
        row.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alignment::Costs;

    fn pair(one: &str, other: &str) -> SpellingPair {
        SpellingPair { one: one.to_owned(), other: other.to_owned(), weight: 1.0 }
    }

    fn distance(costs: &Costs, one: &str, other: &str) -> f32 {
        let [one, other] = [one, other].map(|text| Sound::of_text(text, false));
        costs.distance(&one, &other, 9.0).unwrap_or(9.0)
    }

    #[test]
    fn a_habit_of_the_writers_becomes_cheap_and_nothing_else_does() {
        let swapped = ["vera", "iva", "slava", "pavlo", "vasil", "nova", "savka", "levko"];
        let pairs: Vec<SpellingPair> =
            swapped.iter().map(|name| pair(name, &name.replace('v', "b"))).collect();
        let costs = Costs::parse(&edit_costs(&pairs));
        let habit = distance(&costs, "vlad", "blad");
        for stranger in ["glad", "mlad", "klad"] {
            assert!(habit < distance(&costs, "vlad", stranger) / 2.0, "{habit} {stranger}");
        }
        assert_eq!(habit, distance(&costs, "blad", "vlad"));
    }

    #[test]
    fn vowels_a_script_leaves_out_cost_little_there_and_only_there() {
        let written =
            [("حسن", "hasan"), ("سلم", "salim"), ("عمر", "umar"), ("كرم", "karam"), ("بدر", "badr")];
        let pairs: Vec<SpellingPair> = written.iter().map(|(one, other)| pair(one, other)).collect();
        let costs = Costs::parse(&edit_costs(&pairs));
        let native = Sound::of_text("slm", true);
        let unwritten = costs.distance(&native, &Sound::of_text("salam", false), 9.0).unwrap_or(9.0);
        assert!(unwritten < distance(&costs, "slm", "salam") / 2.0, "{unwritten}");
    }

    #[test]
    fn pairs_that_are_no_spellings_of_one_name_teach_nothing() {
        let honest: Vec<SpellingPair> = ["salim", "karim", "nadir", "rashid"]
            .iter()
            .map(|name| pair(name, &name.replace('i', "ee")))
            .collect();
        let wrong: Vec<SpellingPair> =
            [("pamplona", "g"), ("morocco", "mt"), ("holy", "f")].iter().map(|(a, b)| pair(a, b)).collect();
        let both: Vec<SpellingPair> = honest.iter().chain(&wrong).cloned().collect();
        let [alone, mixed] = [&honest, &both].map(|pairs| Costs::parse(&edit_costs(pairs)));
        let moved = distance(&alone, "salim", "salem") - distance(&mixed, "salim", "salem");
        assert!(moved.abs() < 0.1, "{moved}");
    }

    #[test]
    fn without_pairs_there_are_still_costs() {
        let costs = Costs::parse(&edit_costs(&[]));
        assert!(distance(&costs, "salim", "salem") < distance(&costs, "salim", "fatima"));
        assert_eq!(distance(&costs, "salim", "salim"), 0.0);
    }
}
