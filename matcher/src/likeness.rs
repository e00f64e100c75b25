//! How close two words of a name are: the rungs every name ladder shares.

use crate::alignment::Costs;
use crate::fold::Folded;
use crate::fold::sound::Sound;
use crate::forms;
use crate::person::Word;

/// How close two words came, closest first; the order is the order of the rungs of each name ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Likeness {
    /// The same letters.
    Same,
    /// The same sound, or so near that listeners write either.
    Alike,
    /// A spelling variant.
    Similar,
    /// Perhaps a variant.
    Loose,
    /// A short form or other form, from the list of forms.
    ShortForm,
    /// One word on one side, two on the other.
    Joined,
    /// One side wrote only the first letter.
    Initial,
}

/// How many rungs a neighbour in the vocabulary can stand on.
pub(crate) const NEAR_RUNGS: usize = 5;

/// Distances up to which words sound alike, are similar, are loosely similar: chosen so that a word has as many
/// neighbours on each rung as search can afford, about one, seven and thirty in a vocabulary of fourteen thousand.
const LIMITS: [(f32, Likeness); 3] =
    [(0.14, Likeness::Alike), (0.4, Likeness::Similar), (0.7, Likeness::Loose)];

/// How far two words are, however unlike: the distance of their sounds, and no more than a variant may be apart where
/// both are listed as forms of one name. `None` where either has no sound.
pub(crate) fn distance(a: &Word, b: &Word) -> Option<f32> {
    let sounds = Costs::shipped().distance(&a.sound, &b.sound, f32::from(u8::MAX))?;
    Some(if forms::related(&a.folded.text, &b.folded.text) { sounds.min(LIMITS[1].0) } else { sounds })
}

impl Likeness {
    /// How close two folded words are, when they share a key or a form; the measure of vocabulary and explanation.
    pub(crate) fn of_words(a: &Word, b: &Word) -> Option<Self> {
        if a.folded == b.folded {
            return Some(Self::Same);
        }
        Self::of_words_with(a, &a.sound.keys(), b, &b.sound.keys())
    }

    /// The same, the sorted keys of both at hand.
    pub(crate) fn of_words_with(a: &Word, keys: &[u64], b: &Word, others: &[u64]) -> Option<Self> {
        let meet = keys.iter().any(|key| others.binary_search(key).is_ok());
        Self::of(&a.folded, &a.sound, &b.folded, &b.sound, meet)
    }

    /// How close two words are, `meet` saying whether they share a key.
    pub(crate) fn of(a: &Folded, a_sound: &Sound, b: &Folded, b_sound: &Sound, meet: bool) -> Option<Self> {
        if a == b {
            return Some(Self::Same);
        }
        let found = if meet { Self::of_sounds(a_sound, b_sound) } else { None };
        match found {
            Some(found) if found <= Self::Similar => Some(found),
            _ if forms::related(&a.text, &b.text) => Some(Self::ShortForm),
            found => found,
        }
    }

    /// How close two sounds are, spelling aside.
    pub(crate) fn of_sounds(a: &Sound, b: &Sound) -> Option<Self> {
        let distance = Costs::shipped().distance(a, b, LIMITS[2].0)?;
        LIMITS.iter().find(|(limit, _)| distance <= *limit).map(|(_, likeness)| *likeness)
    }

    /// Calls `found` for each of many sounds that is close to one, with how close, in no order.
    pub(crate) fn of_many<'a, T: Copy>(
        sound: &Sound,
        others: impl Iterator<Item = (T, &'a Sound)>,
        mut found: impl FnMut(T, Self),
    ) {
        Costs::shipped().distances(sound, others, LIMITS[2].0, |name, distance| {
            if let Some((_, likeness)) = LIMITS.iter().find(|(limit, _)| distance <= *limit) {
                found(name, *likeness);
            }
        });
    }

    /// The rung with this number.
    pub(crate) fn from_number(number: u32) -> Self {
        match number {
            0 => Self::Same,
            1 => Self::Alike,
            2 => Self::Similar,
            3 => Self::Loose,
            4 => Self::ShortForm,
            5 => Self::Joined,
            _ => Self::Initial,
        }
    }
}
