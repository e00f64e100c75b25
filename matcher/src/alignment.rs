//! How far apart two words sound: the cheapest way to turn the phonemes of one into the other's.
//!
//! Costs are bits of surprise, learned from pairs of spellings of one name (see [`crate::learn::edit_costs`]), and
//! live in `data/edit_costs.txt`: a substitution listeners make every day costs little, an unheard-of one much. Each
//! phoneme has a worth as well: the bits by which agreeing on it speaks for one name. The distance is what the
//! differences cost over what the words are worth, so that long names and rare sounds may differ by more. It is
//! symmetric, and zero for equal sounds.

mod many;

use std::sync::LazyLock;

use crate::fold::sound::{LETTERS, PHONEME_LIMIT, PHONEMES, Sound};

/// Costs are kept in sixteenths of a bit.
const SCALE: f32 = 16.0;
/// Twelve bits, for pairs nobody listed.
const UNLISTED: u16 = 192;
/// No cost is above sixteen bits, so that a sum over the longest words stays far from the largest number.
const DEAREST: f32 = 256.0;
/// Two neighbouring phonemes exchanged: nine bits.
const TRANSPOSED: u16 = 144;
/// An article joined to the word on one side only: two bits.
const ARTICLE: u16 = 32;
/// Ten bits any pair of words is worth beforehand: short words may then differ by what long ones may, nearly.
const SPARE: u16 = 160;
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
    /// The same with the first written with them.
    unwritten_turned: Table,
    /// What agreeing on a phoneme of a word written with its vowels is worth, half for either word.
    worth: [u16; SIDE],
    /// The same in a word without short vowels.
    unwritten_worth: [u16; SIDE],
}

impl Costs {
    /// The shipped costs.
    pub(crate) fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads `plain x y bits` (both ways) and `unwritten x y bits` (x in the script without short vowels), and
    /// `plain x bits` and `unwritten x bits` for what agreeing on x is worth.
    pub(crate) fn parse(text: &str) -> Self {
        let table = [[UNLISTED; SIDE]; SIDE];
        let mut costs = Self {
            plain: table,
            unwritten: table,
            unwritten_turned: table,
            worth: [0; SIDE],
            unwritten_worth: [0; SIDE],
        };
        for same in 0..PHONEMES {
            costs.plain[same & (SIDE - 1)][same & (SIDE - 1)] = 0;
            costs.unwritten[same & (SIDE - 1)][same & (SIDE - 1)] = 0;
            costs.unwritten_turned[same & (SIDE - 1)][same & (SIDE - 1)] = 0;
        }
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let parts: Vec<&str> = line.split_whitespace().collect();
            match parts.as_slice() {
                [kind, x, y, bits] => {
                    let (Some(x), Some(y), Some(cost)) = (number(x), number(y), units(bits)) else {
                        continue;
                    };
                    if *kind == "plain" {
                        costs.plain[x & (SIDE - 1)][y & (SIDE - 1)] = cost;
                        costs.plain[y & (SIDE - 1)][x & (SIDE - 1)] = cost;
                    } else {
                        costs.unwritten[x & (SIDE - 1)][y & (SIDE - 1)] = cost;
                        costs.unwritten_turned[y & (SIDE - 1)][x & (SIDE - 1)] = cost;
                    }
                }
                [kind, x, bits] => {
                    let (Some(x), Some(worth)) = (number(x), units(bits)) else { continue };
                    let of_kind =
                        if *kind == "plain" { &mut costs.worth } else { &mut costs.unwritten_worth };
                    of_kind[x & (SIDE - 1)] = worth;
                }
                _ => {}
            }
        }
        costs
    }

    /// What the differences cost over what the words are worth; `None` when above `limit`.
    pub(crate) fn distance(&self, a: &Sound, b: &Sound, limit: f32) -> Option<f32> {
        let best = self.aligned(a, b, 0, limit);
        let bare = match (a.without_article(), b.without_article()) {
            (Some(bare), None) => self.aligned(&bare, b, ARTICLE, limit),
            (None, Some(bare)) => self.aligned(a, &bare, ARTICLE, limit),
            _ => None,
        };
        match (best, bare) {
            (Some(best), Some(bare)) => Some(best.min(bare)),
            (best, bare) => best.or(bare),
        }
    }

    fn aligned(&self, a: &Sound, b: &Sound, extra: u16, limit: f32) -> Option<f32> {
        let worth = f32::from(self.worth(a) + self.worth(b) + SPARE);
        let bound = (limit * worth) as u16;
        let total = match (a.abjad, b.abjad) {
            (false, true) => aligned(&self.unwritten, b.phonemes(), a.phonemes(), bound),
            (true, false) => aligned(&self.unwritten, a.phonemes(), b.phonemes(), bound),
            _ => aligned(&self.plain, a.phonemes(), b.phonemes(), bound),
        }?;
        let total = total.saturating_add(extra);
        (total <= bound).then(|| f32::from(total) / worth)
    }

    /// What a word's phonemes are worth together.
    fn worth(&self, sound: &Sound) -> u16 {
        let worth = if sound.abjad { &self.unwritten_worth } else { &self.worth };
        sound.phonemes().iter().map(|phoneme| worth[usize::from(*phoneme) & (SIDE - 1)]).sum()
    }
}

/// Rows of the classic dynamic programme, with exchanged neighbours, leaving off once every path is above the bound.
fn aligned(table: &Table, left: &[u8], right: &[u8], bound: u16) -> Option<u16> {
    if left.is_empty() || right.is_empty() {
        return None;
    }
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
    row.get(right.len()).copied().filter(|total| *total <= bound)
}

fn units(bits: &str) -> Option<u16> {
    let bits: f32 = bits.parse().ok()?;
    Some((bits * SCALE).round().clamp(0.0, DEAREST) as u16)
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
            assert!(distance(a, b) < 0.4, "{a} {b} {}", distance(a, b));
        }
        for (a, b) in [("mohammed", "salim"), ("fatima", "karima"), ("ravi", "anil")] {
            assert!(distance(a, b) > 0.6, "{a} {b} {}", distance(a, b));
        }
    }

    /// What the shipped costs say of well-known variants, so that a change of costs shows what it changes.
    #[test]
    fn the_shipped_costs_say_what_they_said() {
        let frozen = [
            ("youssef", "yusuf", 0.221),
            ("mohammed", "muhamad", 0.202),
            ("xasan", "hassan", 0.148),
            ("schneider", "shnayder", 0.0),
            ("tchaikovsky", "chaikovskii", 0.0),
            ("ousmane", "osman", 0.289),
            ("jamal", "gamal", 0.135),
            ("hodzic", "hodja", 0.586),
            ("wolodymyr", "volodimir", 0.022),
            ("fatima", "karima", 0.728),
            ("ravi", "anil", 1.253),
            ("mikhail", "michal", 0.197),
        ];
        let said: Vec<(&str, &str, f32)> =
            frozen.iter().map(|(a, b, _)| (*a, *b, (distance(a, b) * 1000.0).round() / 1000.0)).collect();
        assert_eq!(said, frozen);
    }

    /// A long name and a rare sound may differ by more before they count as another name.
    #[test]
    fn the_same_difference_weighs_less_in_a_longer_name() {
        let [short, long] =
            [("bilal", "bilel"), ("abdirahmanbilal", "abdirahmanbilel")].map(|(a, b)| distance(a, b));
        assert!(long < short, "{long} {short}");
    }

    fn sounds() -> impl Strategy<Value = Sound> {
        ("(al|el|)[a-z]{1,12}", any::<bool>()).prop_map(|(text, abjad)| Sound::of_text(&text, abjad))
    }

    proptest! {
        /// Many at once are measured as one by one.
        #[test]
        fn many_are_as_far_as_each(
            word in sounds(),
            others in proptest::collection::vec(sounds(), 0..120),
            limit in prop_oneof![Just(0.7f32), 0.0f32..2.0],
        ) {
            let costs = Costs::shipped();
            let mut many = vec![None; others.len()];
            costs.distances(&word, others.iter().enumerate(), limit, |at: usize, distance| {
                many[at] = Some(distance);
            });
            let each: Vec<_> = others.iter().map(|other| costs.distance(&word, other, limit)).collect();
            prop_assert_eq!(many, each);
        }
    }

    proptest! {
        /// Words of one length fill every lane, and the last of them stand among what the first left.
        #[test]
        fn as_many_as_there_are_lanes_and_more_are_as_far_as_each(
            word in "[bdlmr]{3,5}",
            others in proptest::collection::vec("[bdlmr][aeo][bdlmr][aeo]", 17..80),
        ) {
            let costs = Costs::shipped();
            let word = Sound::of_text(&word, false);
            let others: Vec<Sound> = others.iter().map(|other| Sound::of_text(other, false)).collect();
            let mut many = vec![None; others.len()];
            costs.distances(&word, others.iter().enumerate(), 0.9, |at: usize, distance| {
                many[at] = Some(distance);
            });
            let each: Vec<_> = others.iter().map(|other| costs.distance(&word, other, 0.9)).collect();
            prop_assert_eq!(many, each);
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
        Costs {
            plain: table,
            unwritten: table,
            unwritten_turned: table,
            worth: [16; SIDE],
            unwritten_worth: [16; SIDE],
        }
    }

    fn steps(units: u16, a: &[u8], b: &[u8]) -> usize {
        usize::from(aligned(&uniform(units).plain, a, b, u16::MAX).unwrap() / units)
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
    }
}
