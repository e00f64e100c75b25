//! How two records compare, field by field: a level of the same short ladder each.

use super::Record;
use crate::fold::sound::Sound;
use crate::fold::{Folded, LETTER_LIMIT};
use crate::likeness::Likeness;

/// Fields of a record.
pub(super) const FIELDS: usize = 9;
const GIVEN: usize = 0;
const SURNAME: usize = 1;
const STREET: usize = 3;
const ESTATE: usize = 4;
const SUBURB: usize = 5;

/// A level for every field.
pub(super) type Pattern = [Level; FIELDS];

/// How close the two sides of a field came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Same,
    /// Names only: the same sound.
    Alike,
    /// A slip of a pen or a key.
    Similar,
    /// Perhaps two slips.
    Loose,
    /// Stands in the neighbouring field of the other side.
    Exchanged,
    Different,
    NotRecorded,
}

/// Levels that say something.
pub(super) const LEVELS: usize = 6;

impl Level {
    pub(super) const ALL: [Self; LEVELS] =
        [Self::Same, Self::Alike, Self::Similar, Self::Loose, Self::Exchanged, Self::Different];

    /// The place of this level in a table of all; `None` where nothing is recorded.
    pub(super) fn of<T>(self, table: &[T; LEVELS]) -> Option<&T> {
        table.get(self as usize)
    }

    pub(super) fn of_mut<T>(self, table: &mut [T; LEVELS]) -> Option<&mut T> {
        table.get_mut(self as usize)
    }

    /// Round numbers to start from, in bits, the same for every field.
    pub(super) fn round_bits(self) -> f64 {
        match self {
            Self::Same => 6.0,
            Self::Alike => 5.0,
            Self::Similar | Self::Exchanged => 4.0,
            Self::Loose => 1.0,
            Self::Different => -3.0,
            Self::NotRecorded => 0.0,
        }
    }
}

/// A cell made ready.
#[derive(Clone, Debug)]
pub(super) struct Value {
    /// Letters and digits as written, spaces left out: the commonest slip moves one.
    pub(super) text: Box<str>,
    /// How a name sounds.
    pub(super) sound: Option<Sound>,
    /// Pairs of neighbouring letters of an address, sorted.
    pairs: Box<[u16]>,
}

impl Value {
    pub(super) fn of(field: usize, cell: &str) -> Self {
        let text: String =
            cell.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let letters: String = text.chars().filter(char::is_ascii_lowercase).take(LETTER_LIMIT).collect();
        let sound = matches!(field, GIVEN | SURNAME)
            .then(|| Sound::of(&Folded { text: letters, abjad: false }))
            .filter(|sound| !sound.phonemes().is_empty());
        let mut pairs: Vec<u16> = match field {
            STREET | ESTATE | SUBURB => text.as_bytes().windows(2).map(pair_of).collect(),
            _ => Vec::new(),
        };
        pairs.sort_unstable();
        Self { text: text.into(), sound, pairs: pairs.into() }
    }
}

fn pair_of(letters: &[u8]) -> u16 {
    letters.iter().fold(0, |pair, letter| pair << 8 | u16::from(*letter))
}

/// The level every field of two records reaches.
pub(super) fn compare(one: &Record, other: &Record) -> Pattern {
    let mut levels = [Level::NotRecorded; FIELDS];
    for ((field, level), (a, b)) in levels.iter_mut().enumerate().zip(one.values.iter().zip(&other.values)) {
        if let (Some(a), Some(b)) = (a, b) {
            *level = closeness(field, a, b);
        }
    }
    for (field, neighbour) in [(GIVEN, SURNAME), (STREET, ESTATE)] {
        exchange(&mut levels, one, other, field, neighbour);
    }
    levels
}

/// Whether at least as many fields agree as differ. Less than that is nobody's copy, however rare what agrees, and must
/// not teach what copies look like where two files have hardly anybody in common.
pub(super) fn agree_mostly(pattern: &Pattern) -> bool {
    let differing = |level: &&Level| matches!(level, Level::Loose | Level::Different);
    let recorded = pattern.iter().filter(|level| **level != Level::NotRecorded).count();
    2 * pattern.iter().filter(differing).count() <= recorded
}

/// Two neighbouring fields that agree crosswise, and do not as they stand, were exchanged.
fn exchange(levels: &mut Pattern, one: &Record, other: &Record, field: usize, neighbour: usize) {
    let is_far = |at: usize| levels.get(at).is_some_and(|level| *level >= Level::Loose);
    if !(is_far(field) && is_far(neighbour)) {
        return;
    }
    let across = |from: usize, to: usize| {
        let (a, b) = (one.values.get(from)?.as_ref()?, other.values.get(to)?.as_ref()?);
        Some(closeness(from, a, b))
    };
    let met = [(field, across(field, neighbour)), (neighbour, across(neighbour, field))];
    if met.iter().any(|(_, found)| found.is_some_and(|level| level <= Level::Similar)) {
        for (at, found) in met {
            if let Some(level) = levels.get_mut(at) {
                *level = match found {
                    Some(found) if found <= Level::Loose => Level::Exchanged,
                    Some(_) => Level::Different,
                    None => Level::NotRecorded,
                };
            }
        }
    }
}

fn closeness(field: usize, a: &Value, b: &Value) -> Level {
    if a.text == b.text {
        return Level::Same;
    }
    match field {
        GIVEN | SURNAME => sounding(a, b),
        STREET | ESTATE | SUBURB => spelling(&a.pairs, &b.pairs),
        _ => typing(a.text.as_bytes(), b.text.as_bytes()),
    }
}

/// Names by the crate's own likeness; what sounds otherwise may still be a slip of the hand.
fn sounding(a: &Value, b: &Value) -> Level {
    let likeness = a.sound.zip(b.sound).and_then(|(a, b)| Likeness::of_sounds(&a, &b));
    match likeness {
        Some(Likeness::Same | Likeness::Alike) => Level::Alike,
        Some(Likeness::Similar) => Level::Similar,
        Some(_) => Level::Loose,
        None => typing(a.text.as_bytes(), b.text.as_bytes()).max(Level::Loose),
    }
}

/// Addresses by the share of neighbouring letters they have in common (Dice's coefficient).
fn spelling(a: &[u16], b: &[u16]) -> Level {
    let (mut common, mut rest) = (0usize, b);
    for pair in a {
        let from = rest.partition_point(|other| other < pair);
        rest = rest.get(from..).unwrap_or(&[]);
        if rest.first() == Some(pair) {
            common += 1;
            rest = rest.get(1..).unwrap_or(&[]);
        }
    }
    let all = a.len() + b.len();
    match 2 * common * 100 / all.max(1) {
        70.. => Level::Similar,
        45.. => Level::Loose,
        _ => Level::Different,
    }
}

/// Codes by what is left between the beginning and the end they share.
fn typing(a: &[u8], b: &[u8]) -> Level {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(start..).unwrap_or(&[]), b.get(start..).unwrap_or(&[]));
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(..a.len() - end).unwrap_or(&[]), b.get(..b.len() - end).unwrap_or(&[]));
    let in_common = start + end > 0;
    match (a, b) {
        ([x, y], [v, w]) if (x, y) == (w, v) => Level::Similar,
        ([_], [_]) | ([_], []) | ([], [_]) if in_common => Level::Similar,
        _ if in_common && a.len().max(b.len()) <= 2 => Level::Loose,
        _ => Level::Different,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(field: usize, a: &str, b: &str) -> Level {
        closeness(field, &Value::of(field, a), &Value::of(field, b))
    }

    #[test]
    fn slips_are_told_from_strangers() {
        assert_eq!(level(GIVEN, "jo hanna", "johanna"), Level::Same);
        assert!(level(SURNAME, "keller", "keeler") <= Level::Similar);
        assert!(level(SURNAME, "keller", "brandt") >= Level::Loose);
        assert_eq!(level(STREET, "long meadow road", "long meadwo road"), Level::Similar);
        assert_eq!(level(SUBURB, "north end", "old harbour"), Level::Different);
        assert_eq!(level(8, "19480225", "19482025"), Level::Similar);
        assert_eq!(level(8, "19480225", "19480227"), Level::Similar);
        assert_eq!(level(8, "19480225", "19480300"), Level::Different);
        assert_eq!(level(6, "4560", "456"), Level::Similar);
        assert_eq!(level(2, "3", "4"), Level::Different);
    }

    #[test]
    fn neighbours_that_changed_places_are_noticed() {
        let record = |given: &str, surname: &str| {
            let header = ["rec_id"].into_iter().chain(super::super::COLUMNS).collect::<Vec<_>>().join(",");
            let text = format!("{header}\nrec-1-org,{given},{surname},,,,,,,\n");
            super::super::read("a.csv", text.as_bytes()).unwrap().remove(0)
        };
        let levels = compare(&record("hannah", "mikkel"), &record("mikkel", "hannsh"));
        assert_eq!(levels.get(..2), Some(&[Level::Exchanged, Level::Exchanged][..]));
        let levels = compare(&record("hannah", "mikkel"), &record("mikkel", ""));
        assert_eq!(levels.get(..2), Some(&[Level::NotRecorded, Level::Exchanged][..]));
        let levels = compare(&record("hannah", "mikkel"), &record("hannah", "hannah"));
        assert_eq!(levels.first(), Some(&Level::Same));
    }
}
