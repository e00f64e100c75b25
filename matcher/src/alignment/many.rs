//! One word against many at once: sixteen words of one length side by side, a column of each to a step, so that a
//! processor works on eight or sixteen of them with one instruction. Vectors are spelled out, because a compiler that is
//! left to find them may work through the lanes one by one. The same distances as [`Costs::distance`] one by one.

use wide::i16x16;

use super::{Costs, SIDE, TRANSPOSED, Table};
use crate::fold::sound::{PHONEME_LIMIT, Sound};

/// Words measured side by side.
const LANES: usize = 16;
type Lanes = i16x16;
/// More than any sum of costs, and half of what a lane can hold.
const ABOVE_ALL: Lanes = Lanes::splat(i16::MAX / 2);

/// Words of one length and one kind of script that wait until there are enough of them.
#[derive(Clone)]
struct Group<T> {
    /// By place in the word, then by lane: phoneme numbers.
    phonemes: [[i16; LANES]; PHONEME_LIMIT],
    length: usize,
    abjad: bool,
    waiting: Vec<(T, u16)>,
}

/// Where alignments are worked out, used again for every sixteen words. What the last ones left is written over before
/// it counts: two rows up is looked at in the first step, but nothing is exchanged with a first phoneme.
struct Rows {
    gaps: [Lanes; PHONEME_LIMIT],
    cells: [[Lanes; PHONEME_LIMIT + 1]; 3],
}

impl Rows {
    fn new() -> Self {
        Self { gaps: [Lanes::ZERO; PHONEME_LIMIT], cells: [[Lanes::ZERO; PHONEME_LIMIT + 1]; 3] }
    }
}

impl Costs {
    /// Calls `found` with the distance of every word that is no farther than `limit`, in no order.
    pub(crate) fn distances<'a, T: Copy>(
        &self,
        word: &Sound,
        others: impl Iterator<Item = (T, &'a Sound)>,
        limit: f32,
        mut found: impl FnMut(T, f32),
    ) {
        let bare = word.without_article();
        let worth = self.worth(word);
        let mut rows = Rows::new();
        let mut groups: Vec<Group<T>> = Vec::new();
        let mut place_of = [usize::MAX; 2 * (PHONEME_LIMIT + 1)];
        for (name, other) in others {
            // An article on one side only asks for two alignments.
            if bare.is_some() != other.without_article().is_some() {
                if let Some(distance) = self.distance(word, other, limit) {
                    found(name, distance);
                }
                continue;
            }
            let length = other.phonemes().len();
            let Some(place) = place_of.get_mut(length * 2 + usize::from(other.abjad)) else { continue };
            if *place == usize::MAX {
                *place = groups.len();
                groups.push(Group::of(length, other.abjad));
            }
            let Some(group) = groups.get_mut(*place) else { continue };
            group.add(name, other, worth + self.worth(other) + super::SPARE);
            if group.waiting.len() == LANES {
                self.measure(word, group, limit, &mut rows, &mut found);
            }
        }
        for group in groups.iter_mut().filter(|group| !group.waiting.is_empty()) {
            self.measure(word, group, limit, &mut rows, &mut found);
        }
    }

    fn measure<T: Copy>(
        &self,
        word: &Sound,
        group: &mut Group<T>,
        limit: f32,
        rows: &mut Rows,
        found: &mut impl FnMut(T, f32),
    ) {
        let table = match (word.abjad, group.abjad) {
            (false, true) => &self.unwritten_turned,
            (true, false) => &self.unwritten,
            _ => &self.plain,
        };
        // Lanes nobody waits in never hold up the rest.
        let mut bounds = [i16::MIN; LANES];
        for (bound, (_, worth)) in bounds.iter_mut().zip(&group.waiting) {
            *bound = i16::try_from((limit * f32::from(*worth)) as u16).unwrap_or(i16::MAX);
        }
        let columns = group.phonemes.get(..group.length).unwrap_or(&[]);
        if let Some(totals) = totals(table, word.phonemes(), columns, bounds.into(), rows) {
            for ((name, worth), (total, bound)) in
                group.waiting.iter().zip(totals.to_array().iter().zip(&bounds))
            {
                if total <= bound {
                    found(*name, f32::from(*total) / f32::from(*worth));
                }
            }
        }
        group.waiting.clear();
    }
}

impl<T> Group<T> {
    fn of(length: usize, abjad: bool) -> Self {
        Self { phonemes: [[0; LANES]; PHONEME_LIMIT], length, abjad, waiting: Vec::with_capacity(LANES) }
    }

    fn add(&mut self, name: T, sound: &Sound, worth: u16) {
        let lane = self.waiting.len();
        for (column, phoneme) in self.phonemes.iter_mut().zip(sound.phonemes()) {
            if let Some(place) = column.get_mut(lane) {
                *place = i16::from(*phoneme);
            }
        }
        self.waiting.push((name, worth));
    }
}

/// For every lane what `aligned` gives one pair, or more than the bound; `None` once no lane can stay within it.
fn totals(
    table: &Table,
    left: &[u8],
    right: &[[i16; LANES]],
    bounds: Lanes,
    rows: &mut Rows,
) -> Option<Lanes> {
    if left.is_empty() || right.is_empty() {
        return None;
    }
    let cost = |row: &[u16; SIDE], phonemes: &[i16; LANES]| -> Lanes {
        phonemes.map(|phoneme| row[phoneme as usize & (SIDE - 1)].cast_signed()).into()
    };
    let transposed = Lanes::splat(TRANSPOSED.cast_signed());
    let bounds = bounds.saturating_add(transposed);
    let Rows { gaps, cells: [twice, before, row] } = rows;
    let (mut twice, mut before, mut row) = (twice, before, row);
    let mut total = Lanes::ZERO;
    row[0] = total;
    for ((gap, cell), phonemes) in gaps.iter_mut().zip(row.iter_mut().skip(1)).zip(right) {
        *gap = cost(&table[0], phonemes);
        total += *gap;
        *cell = total;
    }
    let mut previous = Lanes::ZERO;
    for x in left {
        (twice, before, row) = (before, row, twice);
        let costs = &table[usize::from(*x) & (SIDE - 1)];
        let gap_x = Lanes::splat(costs[0].cast_signed());
        let x = Lanes::splat(i16::from(*x));
        let mut last = before[0] + gap_x;
        let mut smallest = last;
        row[0] = last;
        let mut previous_y = Lanes::ZERO;
        let mut twice_before = ABOVE_ALL;
        let cells = right.iter().zip(&*gaps).zip(before.windows(2)).zip(&*twice);
        for ((((phonemes, gap), above), twice), cell) in cells.zip(row.iter_mut().skip(1)) {
            let [diagonal, above] = above else { continue };
            let y = Lanes::from(*phonemes);
            let exchanged = previous.simd_eq(y) & previous_y.simd_eq(x);
            let turned = exchanged.select(twice_before + transposed, ABOVE_ALL);
            last = (*diagonal + cost(costs, phonemes)).min(*above + gap_x).min(last + *gap).min(turned);
            *cell = last;
            smallest = smallest.min(last);
            previous_y = y;
            twice_before = *twice;
        }
        previous = x;
        if smallest.simd_gt(bounds).all() {
            return None;
        }
    }
    row.get(right.len()).copied()
}
