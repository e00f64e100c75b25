//! How far apart two tokens sound: the cheapest way to turn the phonemes of one into the other's.
//!
//! Costs are bits of surprise, learned from pairs of spellings of one name (see `learn`), and live in
//! `data/edit_costs.txt`: a substitution listeners make every day costs little, an unheard-of one much. The distance
//! is symmetric, zero for equal sounds, and given per phoneme so that long and short names compare.

use std::sync::LazyLock;

use crate::fold::sound::{LETTERS, PHONEME_LIMIT, PHONEMES, Sound, is_vowel};

/// Costs are kept in sixteenths of a bit.
const SCALE: f32 = 16.0;

/// What the shipped file says.
static SHIPPED: LazyLock<Costs> = LazyLock::new(|| Costs::parse(include_str!("../data/edit_costs.txt")));

/// Bits of surprise for every pair of phonemes; row or column 0 is the gap.
#[derive(Clone)]
pub(crate) struct Costs {
    table: [[u16; PHONEMES]; PHONEMES],
    /// A vowel facing a gap where short vowels are not written.
    unwritten_vowel: u16,
}

impl Costs {
    /// The shipped costs.
    pub(crate) fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads `x y bits` lines; pairs that are not listed cost [`Self::DEFAULT`].
    pub(crate) fn parse(text: &str) -> Self {
        let mut costs = Self { table: [[Self::DEFAULT; PHONEMES]; PHONEMES], unwritten_vowel: 8 };
        (0..PHONEMES).for_each(|same| costs.set(same, same, 0));
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split_whitespace();
            let (Some(x), Some(y), Some(bits)) = (parts.next(), parts.next(), parts.next()) else { continue };
            let Ok(bits) = bits.parse::<f32>() else { continue };
            let cost = (bits * SCALE).round().clamp(0.0, 400.0) as u16;
            match (number(x), number(y)) {
                (Some(x), Some(y)) => costs.set(x, y, cost),
                _ if x == "unwritten" => costs.unwritten_vowel = cost,
                _ => {}
            }
        }
        costs
    }

    /// Six bits.
    const DEFAULT: u16 = 96;

    fn set(&mut self, x: usize, y: usize, cost: u16) {
        for (row, column) in [(x, y), (y, x)] {
            if let Some(place) = self.table.get_mut(row).and_then(|row| row.get_mut(column)) {
                *place = cost;
            }
        }
    }

    fn pair(&self, x: u8, y: u8) -> u16 {
        self.table
            .get(usize::from(x))
            .and_then(|row| row.get(usize::from(y)))
            .copied()
            .unwrap_or(Self::DEFAULT)
    }

    fn gap(&self, phoneme: u8, unwritten_vowels: bool) -> u16 {
        let cost = self.pair(phoneme, 0);
        if unwritten_vowels && is_vowel(phoneme) { cost.min(self.unwritten_vowel) } else { cost }
    }

    /// Distance in bits per phoneme of the longer token; `None` when above `limit`.
    pub(crate) fn distance(&self, a: &Sound, b: &Sound, limit: f32) -> Option<f32> {
        let best = self.aligned(a, b, limit);
        let bare = match (a.without_article(), b.without_article()) {
            (Some(bare), None) => self.aligned(&bare, b, limit),
            (None, Some(bare)) => self.aligned(a, &bare, limit),
            _ => None,
        };
        match (best, bare.map(|distance| distance + ARTICLE)) {
            (Some(best), Some(bare)) => Some(best.min(bare)),
            (best, bare) => best.or(bare),
        }
    }

    fn aligned(&self, a: &Sound, b: &Sound, limit: f32) -> Option<f32> {
        let (left, right) = (a.phonemes(), b.phonemes());
        let length = left.len().max(right.len());
        if left.is_empty() || right.is_empty() {
            return None;
        }
        let unwritten = a.abjad != b.abjad;
        let bound = (limit * length as f32 * SCALE) as u32;
        let mut row = [0u32; PHONEME_LIMIT + 1];
        let mut before = [0u32; PHONEME_LIMIT + 1];
        for (at, phoneme) in right.iter().enumerate() {
            let left_of = row.get(at).copied().unwrap_or(0);
            if let Some(cell) = row.get_mut(at + 1) {
                *cell = left_of + u32::from(self.gap(*phoneme, unwritten && a.abjad));
            }
        }
        let mut twice_before = before;
        for (i, x) in left.iter().enumerate() {
            std::mem::swap(&mut twice_before, &mut before);
            before = row;
            let gap_x = u32::from(self.gap(*x, unwritten && b.abjad));
            let mut last = before.first().copied().unwrap_or(0) + gap_x;
            let mut smallest = last;
            if let Some(cell) = row.first_mut() {
                *cell = last;
            }
            for (j, y) in right.iter().enumerate() {
                let [diagonal, above] =
                    [before.get(j), before.get(j + 1)].map(|cell| cell.copied().unwrap_or(0));
                let mut cost = (diagonal + u32::from(self.pair(*x, *y)))
                    .min(above + gap_x)
                    .min(last + u32::from(self.gap(*y, unwritten && a.abjad)));
                let crossed =
                    i > 0 && j > 0 && left.get(i - 1) == Some(y) && right.get(j - 1) == Some(x) && x != y;
                if crossed {
                    cost = cost.min(twice_before.get(j - 1).copied().unwrap_or(0) + TRANSPOSED);
                }
                if let Some(cell) = row.get_mut(j + 1) {
                    *cell = cost;
                }
                last = cost;
                smallest = smallest.min(cost);
            }
            if smallest > bound + TRANSPOSED {
                return None;
            }
        }
        let total = row.get(right.len()).copied().unwrap_or(u32::MAX);
        (total <= bound).then(|| total as f32 / (SCALE * length as f32))
    }
}

/// Bits per phoneme for a joined article.
const ARTICLE: f32 = 0.15;
/// Two neighbouring phonemes exchanged: five bits.
const TRANSPOSED: u32 = 80;

fn number(letter: &str) -> Option<usize> {
    let [letter] = letter.as_bytes() else { return None };
    LETTERS.iter().position(|known| known == letter)
}
