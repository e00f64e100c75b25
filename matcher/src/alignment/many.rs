//! One word against many at once: sixteen words of one length side by side, a column of each to a step, so that a
//! processor works on all of them with one instruction. The same distances as [`Costs::distance`] one by one.

use super::{Costs, SIDE, TRANSPOSED, Table};
use crate::fold::sound::{PHONEME_LIMIT, Sound};

/// Words measured side by side.
const LANES: usize = 16;
type Lanes = [i16; LANES];
const NOBODY: Lanes = [0; LANES];
/// More than any sum of costs, and half of what a lane can hold.
const ABOVE_ALL: i16 = i16::MAX / 2;

/// Words of one length and one kind of script that wait until there are enough of them.
#[derive(Clone)]
struct Group<T> {
    /// By place in the word, then by lane: phoneme numbers.
    phonemes: [Lanes; PHONEME_LIMIT],
    length: usize,
    abjad: bool,
    waiting: Vec<(T, u16)>,
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
                self.measure(word, group, limit, &mut found);
            }
        }
        for group in groups.iter_mut().filter(|group| !group.waiting.is_empty()) {
            self.measure(word, group, limit, &mut found);
        }
    }

    fn measure<T: Copy>(
        &self,
        word: &Sound,
        group: &mut Group<T>,
        limit: f32,
        found: &mut impl FnMut(T, f32),
    ) {
        let table = match (word.abjad, group.abjad) {
            (false, true) => &self.unwritten_turned,
            (true, false) => &self.unwritten,
            _ => &self.plain,
        };
        let mut bounds = NOBODY;
        for (bound, (_, worth)) in bounds.iter_mut().zip(&group.waiting) {
            *bound = i16::try_from((limit * f32::from(*worth)) as u16).unwrap_or(i16::MAX);
        }
        let columns = group.phonemes.get(..group.length).unwrap_or(&[]);
        if let Some(totals) = totals(table, word.phonemes(), columns, &bounds) {
            for ((name, worth), (total, bound)) in group.waiting.iter().zip(totals.iter().zip(&bounds)) {
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
        Self { phonemes: [NOBODY; PHONEME_LIMIT], length, abjad, waiting: Vec::with_capacity(LANES) }
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
fn totals(table: &Table, left: &[u8], right: &[Lanes], bounds: &Lanes) -> Option<Lanes> {
    if left.is_empty() || right.is_empty() {
        return None;
    }
    let cost = |row: &[u16; SIDE], phonemes: &Lanes| {
        phonemes.map(|phoneme| row[phoneme as usize & (SIDE - 1)].cast_signed())
    };
    let mut gaps = [NOBODY; PHONEME_LIMIT];
    let mut rows = [[NOBODY; PHONEME_LIMIT + 1]; 3];
    let [twice, before, row] = &mut rows;
    let mut total = NOBODY;
    for ((gap, cell), phonemes) in gaps.iter_mut().zip(row.iter_mut().skip(1)).zip(right) {
        *gap = cost(&table[0], phonemes);
        total = each(&total, gap, |total, gap| total + gap);
        *cell = total;
    }
    let mut replaced = [NOBODY; PHONEME_LIMIT];
    let mut previous = 0i16;
    for x in left {
        std::mem::swap(twice, before);
        std::mem::swap(before, row);
        let costs = &table[usize::from(*x) & (SIDE - 1)];
        for (cell, phonemes) in replaced.iter_mut().zip(right) {
            *cell = cost(costs, phonemes);
        }
        let gap_x = costs[0].cast_signed();
        let x = i16::from(*x);
        let mut last = before[0].map(|above| above + gap_x);
        let mut smallest = last;
        row[0] = last;
        let mut previous_y = &NOBODY;
        let mut twice_before = &[ABOVE_ALL; LANES];
        let cells = right.iter().zip(&replaced).zip(&gaps).zip(before.windows(2)).zip(&*twice);
        for (((((y, replaced), gap), above), twice), cell) in cells.zip(row.iter_mut().skip(1)) {
            let [diagonal, above] = above else { continue };
            for lane in 0..LANES {
                let mut least =
                    (diagonal[lane] + replaced[lane]).min(above[lane] + gap_x).min(last[lane] + gap[lane]);
                let exchanged = (previous == y[lane]) & (previous_y[lane] == x) & (x != y[lane]);
                let turned = twice_before[lane] + TRANSPOSED.cast_signed();
                least = least.min(if exchanged { turned } else { ABOVE_ALL });
                cell[lane] = least;
                last[lane] = least;
                smallest[lane] = smallest[lane].min(least);
            }
            previous_y = y;
            twice_before = twice;
        }
        previous = x;
        let hopeless = smallest
            .iter()
            .zip(bounds)
            .all(|(smallest, bound)| *smallest > bound.saturating_add(TRANSPOSED.cast_signed()));
        if hopeless {
            return None;
        }
    }
    row.get(right.len()).copied()
}

fn each(a: &Lanes, b: &Lanes, with: impl Fn(i16, i16) -> i16) -> Lanes {
    std::array::from_fn(|lane| with(a[lane], b[lane]))
}
