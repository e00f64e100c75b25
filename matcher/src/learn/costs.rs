//! Edit costs from pairs of spellings of one name: align, count, turn counts into bits, and again.

use std::fmt::Write as _;

use rayon::prelude::*;

use crate::alignment::Costs;
use crate::fold;
use crate::fold::sound::{LETTERS, PHONEMES, Sound};

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

type Counts = Vec<[f64; PHONEMES]>;

/// Rounds of aligning and counting; the costs settle in fewer.
const ROUNDS: usize = 6;
/// Bits no cost is above: an error of any kind must stay possible.
const DEAREST: f64 = 10.0;
/// Bits no cost of a change is below.
const CHEAPEST: f64 = 0.15;
/// What every pair of phonemes is taken to have been seen beforehand.
const PRIOR: f64 = 0.3;

/// The text of an edit cost file learned from pairs; names of more than one word are passed over.
///
/// A substitution of x and y costs `-log2(n(x,y) / sqrt(n(x) n(y)))`, a gap `-log2(n(x,gap) / n(x))`: the bits by which
/// a listener is surprised.
#[must_use]
pub fn edit_costs(pairs: &[SpellingPair]) -> String {
    let sounds: Vec<(Sound, Sound, f64)> = pairs.par_iter().filter_map(sounds).collect();
    let mut costs = Costs::shipped().clone();
    let mut text = String::new();
    for _ in 0..ROUNDS {
        let [plain, unwritten] = [false, true].map(|unwritten| {
            let of_kind = sounds.par_iter().filter(|(a, b, _)| (a.abjad && !b.abjad) == unwritten);
            let empty = || vec![[0.0; PHONEMES]; PHONEMES];
            of_kind.fold(empty, |counts, pair| count(&costs, counts, pair)).reduce(empty, sum)
        });
        text = written(&symmetric(plain), &unwritten);
        costs = Costs::parse(&text);
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

fn count(costs: &Costs, mut counts: Counts, (a, b, weight): &(Sound, Sound, f64)) -> Counts {
    let pairs = costs.alignment(a, b);
    let same = pairs.iter().filter(|(x, y)| x == y).count();
    if a.phonemes() == b.phonemes() {
        return counts;
    }
    // Two words that share less than a third are not spellings of one name, whatever the list says.
    if same * 3 < pairs.len() && !a.abjad {
        return counts;
    }
    for (x, y) in pairs {
        if let Some(place) = counts.get_mut(usize::from(x)).and_then(|row| row.get_mut(usize::from(y))) {
            *place += weight;
        }
    }
    counts
}

fn sum(mut a: Counts, b: Counts) -> Counts {
    for (row, more) in a.iter_mut().zip(b) {
        row.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
    }
    a
}

fn symmetric(counts: Counts) -> Counts {
    let transposed: Counts = (0..PHONEMES)
        .map(|x| std::array::from_fn(|y| counts.get(y).and_then(|row| row.get(x)).copied().unwrap_or(0.0)))
        .collect();
    sum(counts, transposed)
}

fn written(plain: &Counts, unwritten: &Counts) -> String {
    let mut text = String::new();
    for (kind, counts) in [("plain", plain), ("unwritten", unwritten)] {
        let row: Vec<f64> = counts.iter().map(|row| row.iter().sum::<f64>() + PRIOR).collect();
        let column: Vec<f64> =
            (0..PHONEMES).map(|y| counts.iter().filter_map(|row| row.get(y)).sum::<f64>() + PRIOR).collect();
        for (x, letter) in LETTERS.iter().enumerate() {
            for (y, other) in LETTERS.iter().enumerate() {
                if x == y || (kind == "plain" && y < x) {
                    continue;
                }
                let seen = counts.get(x).and_then(|row| row.get(y)).copied().unwrap_or(0.0) + PRIOR;
                let (all_x, all_y) =
                    (row.get(x).copied().unwrap_or(PRIOR), column.get(y).copied().unwrap_or(PRIOR));
                let expected = match (x, y) {
                    (0, _) => all_y,
                    (_, 0) => all_x,
                    _ => (all_x * all_y).sqrt(),
                };
                let bits = (-(seen / expected).log2()).clamp(CHEAPEST, DEAREST);
                if bits < 6.0 || x == 0 || y == 0 {
                    let _ = writeln!(text, "{kind} {} {} {bits:.2}", char::from(*letter), char::from(*other));
                }
            }
        }
    }
    text
}
