//! Is a new password one that somebody would guess? Length alone does not tell: `Passw0rd2024Passw0rd2024` is long.
//!
//! ```text
//! read ─ small letters, signs between words left out, digits read as the letters they stand for (three readings)
//!      ─ a repeated block counts once; digits put before or after do not count
//!      ─ take away: login and society, this service's words, common words, runs of keys, letters, digits
//!      ─ what is left must be something: eight characters, five of them different
//! ```
//! The strictest reading decides. Whatever characters somebody likes are fine (ASVS 6.2.5); nothing has to be there.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use zeroize::Zeroizing;

use crate::auth::model::Password;
use crate::kernel::{Invalid, Wrong};

const LEAST: usize = 15;
const MOST: usize = 128;

/// What must be left, and how many kinds of it.
const LEFT: usize = 8;
const KINDS: usize = 5;
/// Shorter words stand inside too many honest ones.
const WORD: usize = 4;
/// So many keys in a row are a run.
const RUN: usize = 4;
/// Digits at an end that do not count: a date at most.
const DATE: usize = 8;

/// Words an attacker tries first against this service.
const SERVICE: &[&str] = &[
    "relink",
    "redcross",
    "redcrescent",
    "croixrouge",
    "croissantrouge",
    "cruzroja",
    "medialunaroja",
    "medialuna",
    "icrc",
    "ifrc",
    "familylinks",
    "restoringfamilylinks",
    "restoring",
    "humanitarian",
    "tracing",
    "caseworker",
    "reviewer",
    "volunteer",
    "protectionofficer",
    "auditor",
    "intake",
    "الهلالالأحمر",
    "الصليبالأحمر",
];

/// What everybody tries, the longest first so that a longer word is not broken by a shorter one.
static COMMON: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    let lines = include_str!("common.txt").lines().filter(|line| !line.starts_with('#'));
    longest_first(lines.flat_map(str::split_whitespace))
});

/// Rows of keys and of letters, walked in either direction.
static ROWS: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    let rows = [
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertzuiopüasdfghjklöäyxcvbnm",
        "azertyuiopqsdfghjklmwxcvbn",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
        "qazwsxedcrfvtgbyhnujmikolp",
        "abcdefghijklmnopqrstuvwxyz",
        "01234567890",
        "!@#$%^&*()+",
        "йцукенгшщзхъфывапролджэячсмитьбю",
        "абвгдежзийклмнопрстуфхцчшщъыьэюя",
        "ضصثقفغعهخحجدشسيبلاتنمكط",
    ];
    let both = |row: &str| [row.chars().collect::<Vec<_>>(), row.chars().rev().collect()];
    rows.into_iter().flat_map(both).collect()
});

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    Repeats,
    Digits,
    Own,
    Common,
    Run,
}

impl Why {
    fn sentence(self) -> &'static str {
        match self {
            Self::Repeats => "is not taken: it repeats itself, and counts once only",
            Self::Digits => "is not taken: digits before and after a word are tried first",
            Self::Own => {
                "is not taken: it is made of your login, your society's name or words of this service"
            }
            Self::Common => "is not taken: it is made of words that everybody tries first",
            Self::Run => "is not taken: it is made of keys, letters or digits in a row",
        }
    }
}

const INSTEAD: &str = "; take four or more words that have nothing to do with you or this service";

/// Whether a new password is good enough. `own` is what an attacker knows of its owner: the login, the society.
///
/// # Errors
/// Says what is wrong with it and what would be accepted.
pub fn check_new(field: &str, password: &Password, own: &[&str]) -> Result<(), Invalid> {
    let text = password.as_str();
    if !(LEAST..=MOST).contains(&text.chars().count()) {
        let length = Wrong::Length.says(format!("is not taken; {LEAST} to {MOST} characters are"));
        return Err(Invalid::at(field, length.between(LEAST, MOST)));
    }
    let words = own.iter().flat_map(|name| {
        let parts = name.split(|c: char| !c.is_alphanumeric());
        parts.chain([*name]).map(|word| String::from_iter(plain(word).iter()))
    });
    let own = longest_first(words.chain(SERVICE.iter().map(|word| (*word).to_owned())));
    for read in [plain(text), decoded(text, 'i'), decoded(text, 'l')] {
        if let Some(why) = guessable(&read, &own) {
            let easy = Wrong::PasswordTooEasy.says(format!("{}{INSTEAD}", why.sentence()));
            return Err(Invalid::at(field, easy));
        }
    }
    Ok(())
}

/// Small letters, without what people put between words.
fn plain(text: &str) -> Zeroizing<Vec<char>> {
    let small = text.chars().flat_map(char::to_lowercase);
    Zeroizing::new(small.filter(|c| !c.is_whitespace() && !"-_.,;:'\"/\\|".contains(*c)).collect())
}

/// The same with digits and signs read as the letters they stand for.
fn decoded(text: &str, one: char) -> Zeroizing<Vec<char>> {
    let mut chars = plain(text);
    for c in chars.iter_mut() {
        *c = match *c {
            '0' => 'o',
            '1' | '!' => one,
            '3' | '€' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' | '+' => 't',
            '8' => 'b',
            '9' => 'g',
            other => other,
        };
    }
    chars
}

fn longest_first(words: impl Iterator<Item = impl AsRef<str>>) -> Vec<Vec<char>> {
    let words = words.map(|word| word.as_ref().chars().collect::<Vec<_>>());
    let mut words: Vec<_> = words.filter(|word| word.len() >= WORD).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

/// Why one reading is too easy; `None` when enough is left of it.
fn guessable(chars: &[char], own: &[Vec<char>]) -> Option<Why> {
    let mut taken: Vec<(Why, usize)> = Vec::new();
    let mut rest = chars;
    for _ in 0..2 {
        let once = block(rest);
        taken.push((Why::Repeats, rest.len() - once.len()));
        let bare = without_digits(once);
        taken.push((Why::Digits, once.len() - bare.len()));
        rest = bare;
    }
    // A place that something took holds nothing to compare with any more.
    let mut left: Zeroizing<Vec<char>> = Zeroizing::new(rest.to_vec());
    for (why, words) in [(Why::Own, own), (Why::Common, &COMMON)] {
        let took = words.iter().map(|word| take_word(&mut left, word)).sum();
        taken.push((why, took));
    }
    taken.push((Why::Run, take_runs(&mut left)));
    let kept = left.iter().filter(|c| **c != TAKEN);
    let kinds: BTreeSet<char> = kept.clone().copied().collect();
    if kept.count() >= LEFT && kinds.len() >= KINDS {
        return None;
    }
    let most = taken.into_iter().filter(|(_, took)| *took > 0).max_by_key(|(why, took)| (*took, *why));
    // Nothing was taken away: few kinds of characters, in no order we know.
    Some(most.map_or(Why::Repeats, |(why, _)| why))
}

/// Stands where something was taken away, so that what stood on both sides does not become a new word.
const TAKEN: char = '\0';

/// The shortest block that the text repeats, the last time perhaps cut short; the whole text when it repeats nothing.
fn block(chars: &[char]) -> &[char] {
    let repeats = |size: &usize| chars.iter().zip(chars.iter().skip(*size)).all(|(a, b)| a == b);
    let size = (1..=chars.len() / 2).find(repeats).unwrap_or(chars.len());
    chars.get(..size).unwrap_or(chars)
}

/// Without the digits that stand before and after; digits alone stay.
fn without_digits(chars: &[char]) -> &[char] {
    let is_digit = |c: &&char| c.is_numeric();
    if chars.iter().all(|c| c.is_numeric()) {
        return chars;
    }
    let before = chars.iter().take_while(is_digit).take(DATE).count();
    let after = chars.iter().rev().take_while(is_digit).take(DATE).count();
    chars.get(before..chars.len() - after).unwrap_or(chars)
}

/// Takes a word away wherever it stands; says how many characters went.
fn take_word(left: &mut [char], word: &[char]) -> usize {
    let mut took = 0;
    let mut at = 0;
    while let Some(place) = left.get_mut(at..at + word.len()) {
        if place == word {
            place.fill(TAKEN);
            took += word.len();
            at += word.len();
        } else {
            at += 1;
        }
    }
    took
}

/// Takes away every stretch of neighbours in a row, and of one character again and again.
fn take_runs(left: &mut [char]) -> usize {
    let mut took = 0;
    let mut at = 0;
    while at < left.len() {
        let here = left.get(at..).unwrap_or_default();
        let length = run_at(here);
        if length >= RUN {
            left.iter_mut().skip(at).take(length).for_each(|c| *c = TAKEN);
            took += length;
        }
        at += length.max(1);
    }
    took
}

/// How long the run is that begins here.
fn run_at(chars: &[char]) -> usize {
    let Some(first) = chars.first().filter(|c| **c != TAKEN) else { return 0 };
    let same = chars.iter().take_while(|c| *c == first).count();
    let along = |row: &Vec<char>| {
        let from = row.iter().position(|c| c == first)?;
        Some(chars.iter().zip(row.iter().skip(from)).take_while(|(a, b)| a == b).count())
    };
    let longest = ROWS.iter().filter_map(along).max().unwrap_or(0).max(same);
    if longest >= RUN { longest } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &[&str] = &["amina.d", "north-shore", "Society of the North Shore"];

    fn refusal(text: &str) -> Option<String> {
        check_new("password", &Password::new(text), OWN).err().map(|e| e.0[0].problem.clone())
    }

    #[test]
    fn what_everybody_would_guess_is_refused_and_told_why() {
        for (easy, why) in [
            ("short", "15 to 128"),
            (&"x".repeat(129)[..], "15 to 128"),
            ("passwordpassword", "everybody tries first"),
            ("aaaaaaaaaaaaaaaaaaa", "repeats itself"),
            ("kq7kq7kq7kq7kq7kq7", "repeats itself"),
            ("kestrel1kestrel1kestrel1", "repeats itself"),
            ("RedCross-Volunteer", "words of this service"),
            ("relink North Shore", "society's name"),
            ("amina.d.north.shore", "your login"),
            ("1234567890123456", "in a row"),
            ("987654321012345678", "in a row"),
            ("qwertyuiopasdfghjkl", "in a row"),
            ("1qaz2wsx3edc4rfv", "in a row"),
            ("!@#$%^&*()_+!@#", "in a row"),
            ("йцукенгшщзхъфыва", "in a row"),
            ("Welcome-Summer-2024", "everybody tries first"),
            ("P@ssw0rd!P@55word", "everybody tries first"),
            ("iL0veY0uF0rever!", "everybody tries first"),
            ("M0ham3dFootb@ll99", "everybody tries first"),
            ("Contraseña-Segura", "everybody tries first"),
            ("كلمة السر حبيبي محمد", "everybody tries first"),
            ("zoe19840712198407", "digits before and after"),
        ] {
            let told = refusal(easy).unwrap_or_else(|| panic!("{easy} was taken"));
            assert!(told.contains(why), "{easy}: {told}");
        }
    }

    #[test]
    fn what_nobody_would_guess_is_taken_whatever_it_is_written_with() {
        for good in [
            "tall heron over wet sand",
            "ሰላም ለሁሉም ሕዝብ ይሁን ዛሬ",
            "password but with nine more words",
            "839204758230495",
            "k7mq-x2vd-9trw-4hns",
            "vier Dachse tanzen leise",
            "la tetera azul silba tarde",
            "🐎🔋📎🧵🥄🚲🧊🌵🪁🎻🧭🫖🪵🧲🕯",
            "سبعة جمال تعبر الوادي ليلا",
        ] {
            assert_eq!(refusal(good), None, "{good}");
        }
    }

    #[test]
    fn a_few_good_characters_do_not_redeem_what_everybody_tries() {
        assert!(refusal("password qwerty zk").is_some());
        assert!(refusal("password qwerty zkvbtqwx8").is_none());
    }

    #[test]
    fn the_common_words_are_words_that_can_be_met() {
        for word in COMMON.iter() {
            let text = String::from_iter(word);
            assert_eq!(plain(&text).as_slice(), word.as_slice(), "{text} is never read like this");
            assert_eq!(decoded(&text, 'i').as_slice(), word.as_slice(), "{text} holds a digit");
        }
        assert!(COMMON.len() > 500, "{}", COMMON.len());
    }

    #[test]
    fn a_generated_password_is_taken_a_thousand_times_in_a_thousand() {
        let chance = crate::kernel::Chance::seeded(5);
        for _ in 0..1000 {
            let reference = crate::kernel::Reference::new(&chance);
            let password: String = reference.as_str().chars().take(23).collect();
            assert_eq!(refusal(&password), None, "{password}");
        }
    }
}
