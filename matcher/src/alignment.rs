//! How far apart two words sound: the cheapest way to turn the phonemes of one into the other's.
//!
//! Costs are bits of surprise, learned from pairs of spellings of one name (see [`crate::learn::edit_costs`]), and
//! live in `data/edit_costs.txt`: a substitution listeners make every day costs little, an unheard-of one much. The
//! distance is symmetric, zero for equal sounds, and given per phoneme so that long and short names compare.

use std::sync::LazyLock;

use crate::fold::sound::{LETTERS, PHONEME_LIMIT, PHONEMES, Sound};

/// Costs are kept in sixteenths of a bit.
const SCALE: f32 = 16.0;
/// Six bits, for pairs nobody listed.
const UNLISTED: u16 = 96;
/// Two neighbouring phonemes exchanged: five bits.
const TRANSPOSED: u16 = 80;
/// Bits per phoneme for an article joined to the word on one side only.
const ARTICLE: f32 = 0.15;
/// Rows and columns of a table: the next power of two, so that a masked phoneme number is always inside.
const SIDE: usize = 64;

/// What the shipped file says.
static SHIPPED: LazyLock<Costs> = LazyLock::new(|| Costs::parse(include_str!("../data/edit_costs.txt")));

type Table = [[u16; SIDE]; SIDE];

/// Bits of surprise for every pair of phonemes; row and column 0 are the gap.
#[derive(Clone)]
pub(crate) struct Costs {
    /// Both words are written with their vowels, or both without.
    plain: Table,
    /// The first is written without short vowels, the second with them.
    unwritten: Table,
}

impl Costs {
    /// The shipped costs.
    pub(crate) fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads `plain x y bits` (both ways) and `unwritten x y bits` (x in the script without short vowels).
    pub(crate) fn parse(text: &str) -> Self {
        let mut costs = Self { plain: [[UNLISTED; SIDE]; SIDE], unwritten: [[UNLISTED; SIDE]; SIDE] };
        for same in 0..PHONEMES {
            costs.plain[same & (SIDE - 1)][same & (SIDE - 1)] = 0;
            costs.unwritten[same & (SIDE - 1)][same & (SIDE - 1)] = 0;
        }
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split_whitespace();
            let (Some(kind), Some(x), Some(y)) = (parts.next(), parts.next(), parts.next()) else { continue };
            let (Some(x), Some(y)) = (number(x), number(y)) else { continue };
            let Some(Ok(bits)) = parts.next().map(str::parse::<f32>) else { continue };
            let cost = (bits * SCALE).round().clamp(0.0, 400.0) as u16;
            if kind == "plain" {
                costs.plain[x & (SIDE - 1)][y & (SIDE - 1)] = cost;
                costs.plain[y & (SIDE - 1)][x & (SIDE - 1)] = cost;
            } else {
                costs.unwritten[x & (SIDE - 1)][y & (SIDE - 1)] = cost;
            }
        }
        costs
    }

    /// Distance in bits per phoneme of the longer word; `None` when above `limit`.
    pub(crate) fn distance(&self, a: &Sound, b: &Sound, limit: f32) -> Option<f32> {
        let best = self.aligned(a, b, limit);
        let bare = match (a.without_article(), b.without_article()) {
            (Some(bare), None) => self.aligned(&bare, b, limit),
            (None, Some(bare)) => self.aligned(a, &bare, limit),
            _ => None,
        };
        match (best, bare.map(|distance| distance + ARTICLE)) {
            (Some(best), Some(bare)) => Some(best.min(bare)),
            (best, bare) => best.or(bare).filter(|distance| *distance <= limit),
        }
    }

    fn aligned(&self, a: &Sound, b: &Sound, limit: f32) -> Option<f32> {
        match (a.abjad, b.abjad) {
            (false, true) => aligned(&self.unwritten, b.phonemes(), a.phonemes(), limit),
            (true, false) => aligned(&self.unwritten, a.phonemes(), b.phonemes(), limit),
            _ => aligned(&self.plain, a.phonemes(), b.phonemes(), limit),
        }
    }

    /// The cheapest alignment of two words as pairs of phonemes, 0 for a gap; what learning counts.
    pub(crate) fn alignment(&self, a: &Sound, b: &Sound) -> Vec<(u8, u8)> {
        let table = if a.abjad && !b.abjad { &self.unwritten } else { &self.plain };
        let (left, right) = (a.phonemes(), b.phonemes());
        let width = right.len() + 1;
        let mut total = vec![0u32; (left.len() + 1) * width];
        let at = |i: usize, j: usize| i * width + j;
        let cell = |total: &[u32], i: usize, j: usize| total.get(at(i, j)).copied().unwrap_or(u32::MAX / 2);
        let cost = |x: u8, y: u8| u32::from(table[usize::from(x) & (SIDE - 1)][usize::from(y) & (SIDE - 1)]);
        let phoneme = |word: &[u8], i: usize| word.get(i).copied().unwrap_or(0);
        for i in 0..=left.len() {
            for j in 0..=right.len() {
                let (x, y) =
                    (i.checked_sub(1).map(|i| phoneme(left, i)), j.checked_sub(1).map(|j| phoneme(right, j)));
                let best = match (x, y) {
                    (None, None) => 0,
                    (Some(x), None) => cell(&total, i - 1, j) + cost(x, 0),
                    (None, Some(y)) => cell(&total, i, j - 1) + cost(0, y),
                    (Some(x), Some(y)) => (cell(&total, i - 1, j - 1) + cost(x, y))
                        .min(cell(&total, i - 1, j) + cost(x, 0))
                        .min(cell(&total, i, j - 1) + cost(0, y)),
                };
                if let Some(place) = total.get_mut(at(i, j)) {
                    *place = best;
                }
            }
        }
        let (mut i, mut j) = (left.len(), right.len());
        let mut pairs = Vec::with_capacity(i + j);
        while i > 0 || j > 0 {
            let here = cell(&total, i, j);
            let (x, y) = (phoneme(left, i.wrapping_sub(1)), phoneme(right, j.wrapping_sub(1)));
            if i > 0 && j > 0 && here == cell(&total, i - 1, j - 1) + cost(x, y) {
                pairs.push((x, y));
                (i, j) = (i - 1, j - 1);
            } else if i > 0 && here == cell(&total, i - 1, j) + cost(x, 0) {
                pairs.push((x, 0));
                i -= 1;
            } else {
                pairs.push((0, y));
                j = j.saturating_sub(1);
                if j == 0 && i > 0 && here == u32::MAX / 2 {
                    break;
                }
            }
        }
        pairs
    }
}

/// Rows of the classic dynamic programme, with exchanged neighbours, leaving off once every path is above the limit.
fn aligned(table: &Table, left: &[u8], right: &[u8], limit: f32) -> Option<f32> {
    let length = left.len().max(right.len());
    if left.is_empty() || right.is_empty() {
        return None;
    }
    let bound = (limit * length as f32 * SCALE) as u16;
    let gaps = &table[0];
    let mut rows = [[0u16; PHONEME_LIMIT + 1]; 3];
    let [twice, before, row] = &mut rows;
    let mut total = 0;
    for (cell, y) in row.iter_mut().skip(1).zip(right) {
        total += gaps[usize::from(*y) & (SIDE - 1)];
        *cell = total;
    }
    let mut previous = 0u8;
    for x in left {
        std::mem::swap(twice, before);
        std::mem::swap(before, row);
        let costs = &table[usize::from(*x) & (SIDE - 1)];
        let gap_x = costs[0];
        let mut last = before[0] + gap_x;
        let mut smallest = last;
        row[0] = last;
        let mut previous_y = 0u8;
        for (j, ((y, above), cell)) in
            right.iter().zip(before.windows(2)).zip(row.iter_mut().skip(1)).enumerate()
        {
            let [diagonal, above] = above else { continue };
            let y_at = usize::from(*y) & (SIDE - 1);
            let mut cost = (diagonal + costs[y_at]).min(above + gap_x).min(last + gaps[y_at]);
            if previous == *y && previous_y == *x && x != y {
                cost = cost
                    .min(j.checked_sub(1).and_then(|j| twice.get(j)).map_or(u16::MAX, |c| c + TRANSPOSED));
            }
            *cell = cost;
            last = cost;
            smallest = smallest.min(cost);
            previous_y = *y;
        }
        previous = *x;
        if smallest > bound.saturating_add(TRANSPOSED) {
            return None;
        }
    }
    let total = row.get(right.len()).copied().unwrap_or(u16::MAX);
    (total <= bound).then(|| f32::from(total) / (SCALE * length as f32))
}

fn number(letter: &str) -> Option<usize> {
    let [letter] = letter.as_bytes() else { return None };
    LETTERS.iter().position(|known| known == letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn distance(a: &str, b: &str) -> f32 {
        let [a, b] = [a, b].map(|text| Sound::of_text(text, false));
        Costs::shipped().distance(&a, &b, 6.0).unwrap_or(6.0)
    }

    #[test]
    fn variants_are_nearer_than_strangers() {
        for (a, b) in
            [("mohammed", "muhamad"), ("cisse", "sise"), ("tesfaye", "tesfay"), ("shevchuk", "schewtschuk")]
        {
            assert!(distance(a, b) < 1.0, "{a} {b} {}", distance(a, b));
        }
        for (a, b) in [("mohammed", "salim"), ("fatima", "karima"), ("ravi", "anil")] {
            assert!(distance(a, b) > 1.2, "{a} {b} {}", distance(a, b));
        }
    }

    #[test]
    fn distance_is_symmetric_and_zero_for_equals() {
        for (a, b) in [("ousmane", "osman"), ("gebre", "gabr"), ("xasan", "hassan")] {
            assert_eq!(distance(a, b), distance(b, a));
            assert_eq!(distance(a, a), 0.0);
        }
    }

    /// Every substitution and gap costs the same, `units` sixteenths of a bit.
    fn uniform(units: u16) -> Costs {
        let mut table = [[units; SIDE]; SIDE];
        (0..SIDE).for_each(|same| table[same][same] = 0);
        Costs { plain: table, unwritten: table }
    }

    fn steps(units: u16, a: &[u8], b: &[u8]) -> usize {
        let per_phoneme = aligned(&uniform(units).plain, a, b, 100.0).unwrap();
        let total = per_phoneme * SCALE * a.len().max(b.len()) as f32;
        (total / f32::from(units)).round() as usize
    }

    fn letters(phonemes: &[u8]) -> String {
        phonemes.iter().map(|at| char::from(LETTERS[usize::from(*at)])).collect()
    }

    /// Few different phonemes, so that words are near one another.
    fn word() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(1u8..6, 1..=PHONEME_LIMIT)
    }

    proptest! {
        /// Where an exchange of neighbours costs more than two substitutions it is never taken.
        #[test]
        fn with_equal_costs_and_dear_exchanges_the_distance_is_levenshteins(a in word(), b in word()) {
            prop_assert_eq!(steps(16, &a, &b), strsim::levenshtein(&letters(&a), &letters(&b)));
        }

        /// Where it costs one step like everything else, the distance is the restricted Damerau-Levenshtein one.
        #[test]
        fn with_equal_costs_for_exchanges_too_it_is_the_optimal_string_alignment(a in word(), b in word()) {
            prop_assert_eq!(steps(TRANSPOSED, &a, &b), strsim::osa_distance(&letters(&a), &letters(&b)));
        }

        /// What learning counts has as many unequal pairs as there are steps, and spells both words.
        #[test]
        fn the_alignment_that_learning_counts_is_a_cheapest_one(a in word(), b in word()) {
            let [left, right] = [&a, &b].map(|word| Sound::of_phonemes(word));
            let (a, b) = (left.phonemes().to_vec(), right.phonemes().to_vec());
            let pairs = uniform(16).alignment(&left, &right);
            let unequal = pairs.iter().filter(|(x, y)| x != y).count();
            prop_assert_eq!(unequal, strsim::levenshtein(&letters(&a), &letters(&b)));
            let spelt = |pick: fn(&(u8, u8)) -> u8| -> Vec<u8> {
                pairs.iter().rev().map(pick).filter(|at| *at != 0).collect()
            };
            prop_assert_eq!((spelt(|p| p.0), spelt(|p| p.1)), (a, b));
        }
    }
}
