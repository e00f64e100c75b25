//! What a romanised token sounds like: its phonemes, its consonant skeleton, and the keys under which it is found.
//!
//! Latin letters sound differently in every language of the routes, and nobody says which language a writer had in
//! mind. So letters that have one sound everywhere become that phoneme, and letters that do not (c, x, j, ch, …) keep
//! a phoneme of their own: what they may stand for is learned, see `alignment`.

use super::Folded;

/// Phonemes of one token that are kept.
pub(crate) const PHONEME_LIMIT: usize = 20;
/// One readable letter per phoneme, in the order of their numbers; `-` is the gap of an alignment. `Z` is c before e
/// and i, `X` kh, `G` gh, `S` sh, `C` ch, `J` dj, `T` th, `D` dh, `N` ny.
pub(crate) const LETTERS: &[u8] = b"-aeioubpdtgkqcZxXGhfvwszSCJTDlrmnNyj";
/// How many phonemes there are, the gap included.
pub(crate) const PHONEMES: usize = LETTERS.len();

/// Letter groups with one sound, longest first; a group of vowels only where no vowel follows.
const GROUPS: [(&str, u8); 39] = [
    ("tsch", b'C'),
    ("shch", b'S'),
    ("sch", b'S'),
    ("tch", b'C'),
    ("chh", b'C'),
    ("dzh", b'J'),
    ("tsh", b'C'),
    ("eau", b'o'),
    ("sz", b'S'),
    ("cz", b'C'),
    ("ch", b'C'),
    ("sh", b'S'),
    ("kh", b'X'),
    ("gh", b'G'),
    ("th", b'T'),
    ("dh", b'D'),
    ("ph", b'f'),
    ("bh", b'b'),
    ("jh", b'J'),
    ("zh", b'J'),
    ("dj", b'J'),
    ("ts", b's'),
    ("tz", b's'),
    ("dz", b'z'),
    ("ck", b'k'),
    ("gn", b'N'),
    ("ny", b'N'),
    ("nh", b'N'),
    ("ai", b'e'),
    ("ay", b'e'),
    ("ei", b'e'),
    ("ey", b'e'),
    ("au", b'o'),
    ("aw", b'o'),
    ("ie", b'i'),
    ("ou", b'u'),
    ("oo", b'u'),
    ("ee", b'i'),
    ("ea", b'i'),
];

/// For every letter the groups that begin with it, as a set of places in [`GROUPS`]: asked for every letter of
/// everybody, most of which begin none.
const BEGUN: [u64; 26] = {
    let mut begun = [0; 26];
    let mut at = 0;
    while at < GROUPS.len() {
        begun[(GROUPS[at].0.as_bytes()[0] - b'a') as usize] |= 1 << at;
        at += 1;
    }
    begun
};

/// The groups that begin with a letter, longest first.
fn groups_of(letter: u8) -> impl Iterator<Item = (&'static str, u8)> {
    let begun = BEGUN.get(usize::from(letter.wrapping_sub(b'a'))).copied().unwrap_or(0);
    let mut left = begun;
    std::iter::from_fn(move || {
        let at = left.trailing_zeros() as usize;
        left &= left.wrapping_sub(1);
        GROUPS.get(at).copied()
    })
}

/// A token as it sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sound {
    phonemes: [u8; PHONEME_LIMIT],
    length: u8,
    /// Short vowels were not written.
    pub(crate) abjad: bool,
}

impl Sound {
    /// The sound of a folded token.
    pub(crate) fn of(folded: &Folded) -> Self {
        Self::of_text(&folded.text, folded.abjad)
    }

    /// The sound of romanised letters.
    pub(crate) fn of_text(text: &str, abjad: bool) -> Self {
        let mut sound = Self { phonemes: [0; PHONEME_LIMIT], length: 0, abjad };
        let mut rest = text;
        while let Some(first) = rest.bytes().next() {
            let at_start = rest.len() == text.len();
            let (phoneme, taken) = next_phoneme(rest, at_start, sound.phonemes().last().copied());
            let silent = first == b'h' && rest.len() == 1 && !at_start;
            if !silent {
                sound.push(phoneme);
            }
            rest = rest.get(taken..).unwrap_or("");
        }
        sound
    }

    /// Several tokens read as one.
    pub(crate) fn joined(first: &Self, second: &Self) -> Self {
        let mut sound = Self { abjad: first.abjad || second.abjad, ..*first };
        second.phonemes().iter().for_each(|phoneme| sound.push_number(*phoneme));
        sound
    }

    /// The sound without its first phonemes.
    pub(crate) fn skipping(&self, count: usize) -> Self {
        let mut sound = Self { phonemes: [0; PHONEME_LIMIT], length: 0, abjad: self.abjad };
        self.phonemes().iter().skip(count).for_each(|phoneme| sound.push_number(*phoneme));
        sound
    }

    /// Phoneme numbers, each below [`PHONEMES`], none 0.
    pub(crate) fn phonemes(&self) -> &[u8] {
        self.phonemes.get(..usize::from(self.length)).unwrap_or(&[])
    }

    fn push(&mut self, letter: u8) {
        let number = LETTERS.iter().position(|known| *known == letter).unwrap_or(0);
        self.push_number(u8::try_from(number).unwrap_or(0));
    }

    fn push_number(&mut self, number: u8) {
        let doubled = self.phonemes().last() == Some(&number);
        if number != 0
            && !doubled
            && let Some(place) = self.phonemes.get_mut(usize::from(self.length))
        {
            *place = number;
            self.length += 1;
        }
    }

    /// The article, where a writer joined it to the name: al-, el-.
    fn starts_with_article(&self) -> bool {
        matches!(self.phonemes(), [1 | 2, l, next, _, _, ..] if letter(*l) == b'l' && !is_vowel(*next))
    }

    /// The sound without a joined article, when it may have one.
    pub(crate) fn without_article(&self) -> Option<Self> {
        self.starts_with_article().then(|| self.skipping(2))
    }

    /// Keys under which tokens that may be one name meet: the consonant skeleton, a longer skeleton less any one
    /// consonant, and the whole sound in coarse classes, also less any one phoneme. Sorted.
    pub(crate) fn keys(&self) -> Vec<u64> {
        let mut keys = Vec::with_capacity(2 * PHONEME_LIMIT);
        self.own_keys(&mut keys);
        if let Some(bare) = self.without_article() {
            bare.own_keys(&mut keys);
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn own_keys(&self, keys: &mut Vec<u64>) {
        let mut skeleton = [0u8; PHONEME_LIMIT];
        let mut length = 0;
        for class in self.phonemes().iter().map(|phoneme| consonant_class(letter(*phoneme))) {
            let doubled = length > 0 && skeleton.get(length - 1) == Some(&class);
            if class != 0
                && !doubled
                && let Some(place) = skeleton.get_mut(length)
            {
                *place = class;
                length += 1;
            }
        }
        let skeleton = skeleton.get(..length).unwrap_or(&[]);
        let deletions = if length >= if self.abjad { 3 } else { 4 } { length } else { 0 };
        push_keys(keys, SKELETON, skeleton, deletions);
        let phonemes = self.phonemes();
        if !self.abjad {
            let mut whole = [0u8; PHONEME_LIMIT];
            whole
                .iter_mut()
                .zip(phonemes)
                .for_each(|(place, phoneme)| *place = coarse_class(letter(*phoneme)));
            let deletions = if phonemes.len() >= 3 { phonemes.len() } else { 0 };
            push_keys(keys, WHOLE, whole.get(..phonemes.len()).unwrap_or(&[]), deletions);
        }
    }
}

const SKELETON: u64 = 1;
const WHOLE: u64 = 2;

/// Packs classes four bits each; at most fourteen count.
fn push_keys(keys: &mut Vec<u64>, kind: u64, classes: &[u8], deletions: usize) {
    let pack = |without: Option<usize>| {
        let kept = classes.iter().enumerate().filter(|(at, _)| Some(*at) != without).take(14);
        kept.fold(kind, |key, (_, class)| key << 4 | u64::from(*class))
    };
    keys.push(pack(None));
    keys.extend((0..deletions.min(14)).map(|at| pack(Some(at))));
}

/// The readable letter of a phoneme number.
pub(crate) fn letter(phoneme: u8) -> u8 {
    LETTERS.get(usize::from(phoneme)).copied().unwrap_or(b'-')
}

/// Whether a phoneme number is a vowel.
pub(crate) fn is_vowel(phoneme: u8) -> bool {
    (1..=5).contains(&phoneme)
}

/// Whether two phonemes are both vowels, or consonants listeners confuse.
pub(crate) fn alike(one: u8, other: u8) -> bool {
    let [class, other_class] = [one, other].map(|phoneme| consonant_class(letter(phoneme)));
    (is_vowel(one) && is_vowel(other)) || (class != 0 && class == other_class)
}

/// Consonants listeners confuse share a class; vowels and consonants that come and go have none.
fn consonant_class(letter: u8) -> u8 {
    match letter {
        b'b' | b'p' => 1,
        b'f' | b'v' => 2,
        b'k' | b'g' | b'q' | b'c' | b'X' | b'G' => 3,
        b's' | b'z' | b'S' | b'C' | b'Z' => 4,
        b't' | b'd' | b'T' | b'D' => 5,
        b'm' => 6,
        b'n' | b'N' => 7,
        b'l' => 8,
        b'r' => 9,
        b'J' | b'j' => 10,
        _ => 0,
    }
}

fn coarse_class(letter: u8) -> u8 {
    match letter {
        b'a' => 11,
        b'e' | b'i' | b'y' => 12,
        b'o' | b'u' | b'w' => 13,
        b'h' | b'x' => 14,
        consonant => consonant_class(consonant),
    }
}

/// The phoneme at the start of `rest` and the letters it takes.
fn next_phoneme(rest: &str, at_start: bool, before: Option<u8>) -> (u8, usize) {
    let vowel_at =
        |at: usize| rest.as_bytes().get(at).is_some_and(|l| matches!(l, b'a' | b'e' | b'i' | b'o' | b'u'));
    for (group, phoneme) in groups_of(rest.as_bytes().first().copied().unwrap_or(b'-')) {
        if rest.starts_with(group) {
            let vowels = matches!(phoneme, b'a' | b'e' | b'i' | b'o' | b'u');
            match (vowels, vowel_at(group.len())) {
                (true, true) if group == "ou" => return (b'w', 2),
                (true, true) => break,
                _ => return (phoneme, group.len()),
            }
        }
    }
    let bytes = rest.as_bytes();
    let first = bytes.first().copied().unwrap_or(b'-');
    let second = bytes.get(1).copied();
    match first {
        b'y' if !vowel_at(1) && before.is_none_or(|phoneme| !is_vowel(phoneme)) => (b'i', 1),
        b'i' if at_start && matches!(second, Some(b'a' | b'o' | b'u' | b'e')) => (b'y', 1),
        b'q' if second == Some(b'u') && matches!(bytes.get(2), Some(b'i' | b'e')) => (b'k', 2),
        b'g' if second == Some(b'u') && matches!(bytes.get(2), Some(b'i' | b'e')) => (b'g', 2),
        b'c' if matches!(second, Some(b'e' | b'i' | b'y')) => (b'Z', 1),
        _ => (first, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spell(text: &str) -> String {
        Sound::of_text(text, false).phonemes().iter().map(|phoneme| char::from(letter(*phoneme))).collect()
    }

    #[test]
    fn letter_groups_become_one_phoneme() {
        assert_eq!(spell("schewtschuk"), "SewCuk");
        assert_eq!(spell("iousof"), spell("yusof"));
        assert_eq!(spell("faysal"), spell("feisal"));
        assert_eq!(spell("fatimah"), spell("fatima"));
        assert_eq!(spell("mohammed"), "mohamed");
    }

    #[test]
    fn variants_meet_under_a_key() {
        let meet = |a: &str, b: &str| {
            let (left, right) = (Sound::of_text(a, false).keys(), Sound::of_text(b, false).keys());
            left.iter().any(|key| right.contains(key))
        };
        for (a, b) in [
            ("michel", "nichel"),
            ("rony", "wony"),
            ("alhasan", "hasan"),
            ("maxamed", "mohammed"),
            ("isa", "ysa"),
        ] {
            assert!(meet(a, b), "{a} {b}");
        }
        assert!(!meet("fatima", "robert"));
    }
}
