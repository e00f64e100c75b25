//! Little words that come and go between two writings of one name, and compounds written as one word or two.

use super::Folded;

/// Dropped wherever another word remains: articles, "son of", "of the".
const DROPPED: [&str; 44] = [
    "al", "el", "ul", "ibn", "bin", "ben", "bint", "bent", "wald", "weld", "ould", "wuld", "mint", "ag",
    "ait", "oglu", "de", "la", "las", "los", "del", "da", "do", "dos", "das", "di", "du", "le", "les", "y",
    "e", "van", "von", "der", "den", "ter", "mr", "mrs", "haj", "hajj", "hadji", "sr", "jr", "bte",
];
/// The article before a "sun letter", as in an-Nur and ash-Shami: dropped when that letter follows.
const SUN: [(&str, &str); 12] = [
    ("an", "n"),
    ("ar", "r"),
    ("as", "s"),
    ("ash", "sh"),
    ("ad", "d"),
    ("at", "t"),
    ("az", "z"),
    ("ech", "ch"),
    ("es", "s"),
    ("en", "n"),
    ("er", "r"),
    ("ed", "d"),
];
/// "Servant of", written as a word of its own before the name it belongs to.
/// Abdi is not among them: in Somali it is a name by itself.
const SERVANT: [&str; 11] =
    ["abd", "bd", "abdul", "abdel", "abdal", "abdoul", "abdol", "abde", "cabdul", "ebd", "abdur"];
/// Ways to shorten Muhammad.
const SHORT_MUHAMMAD: [&str; 7] = ["md", "mohd", "muhd", "mhd", "moh", "muh", "mohmd"];
/// Little words of place names.
const PLACE_WORDS: [&str; 12] = ["al", "el", "ul", "de", "la", "las", "los", "del", "les", "le", "of", "the"];

/// Drops particles, joins compounds, spells out abbreviations. Something always remains of a name that had a word.
pub(super) fn settle(words: Vec<Folded>) -> Vec<Folded> {
    let mut out: Vec<Folded> = Vec::with_capacity(words.len());
    let mut servant: Option<Folded> = None;
    let mut dropped: Option<Folded> = None;
    let mut words = words.into_iter().peekable();
    while let Some(folded) = words.next() {
        let next = words.peek();
        if is_particle(&folded.text, next) {
            dropped.get_or_insert(folded);
        } else if next.is_some() && SERVANT.contains(&folded.text.as_str()) {
            servant = Some(folded);
        } else {
            out.push(whole(folded, servant.take().is_some()));
        }
    }
    out.extend(servant);
    if out.is_empty() {
        out.extend(dropped);
    }
    out
}

/// The same for places: only articles go.
pub(super) fn settle_place(words: Vec<Folded>) -> Vec<Folded> {
    let keep = |word: &Folded| !PLACE_WORDS.contains(&word.text.as_str());
    let some = words.iter().any(keep);
    words.into_iter().filter(|word| !some || keep(word)).collect()
}

fn is_particle(text: &str, next: Option<&Folded>) -> bool {
    if DROPPED.contains(&text) {
        return true;
    }
    let before_sun = |(article, letter): &(&str, &str)| {
        *article == text && next.is_some_and(|n| n.text.starts_with(letter))
    };
    SUN.iter().any(before_sun)
}

fn whole(mut folded: Folded, servant: bool) -> Folded {
    if SHORT_MUHAMMAD.contains(&folded.text.as_str()) {
        "muhammad".clone_into(&mut folded.text);
        return folded;
    }
    if servant {
        folded.text.insert_str(0, "abd");
        folded.text.truncate(super::LETTER_LIMIT);
    } else if let Some(rest) = of_servant(&folded.text) {
        folded.text = format!("abd{rest}");
    }
    folded
}

/// The name inside a compound written as one word: abdulkarim, abderrahmane, cabdiraxmaan; not abdullah, abdi.
fn of_servant(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('c').unwrap_or(text);
    let rest = rest.strip_prefix("abd").or_else(|| rest.strip_prefix("ebd"))?;
    let rest =
        rest.strip_prefix("ou").or_else(|| rest.strip_prefix(['u', 'e', 'a', 'i', 'o'])).unwrap_or(rest);
    let rest = match rest.as_bytes() {
        [b'l', ..] if rest.len() < 5 || rest.starts_with("llah") => return None,
        [b'l', after, ..] if *after != b'l' => rest.strip_prefix('l')?,
        [a, b, ..] if a == b => rest.get(1..)?,
        _ => rest,
    };
    (rest.len() >= 4).then_some(rest)
}

#[cfg(test)]
mod tests {
    use crate::fold;

    fn check(text: &str, expected: &[&str]) {
        let tokens: Vec<String> = fold::name(text).into_iter().map(|token| token.text).collect();
        assert_eq!(tokens, expected, "{text}");
    }

    #[test]
    fn particles_come_and_go() {
        check("Al-Hasan", &["hasan"]);
        check("rami bin Isa al Tanani", &["rami", "isa", "tanani"]);
        check("María de la Cruz", &["maria", "cruz"]);
        check("ash-Shami", &["shami"]);
        check("el", &["el"]);
    }

    #[test]
    fn servant_names_are_one_word() {
        for text in ["Abdul Karim", "Abdulkarim", "Abd al-Karim", "Abdelkarim", "Cabdikarim"] {
            check(text, &["abdkarim"]);
        }
        check("Abdurrahman", &["abdrahman"]);
        check("Abdullah", &["abdullah"]);
        check("Abdullahi", &["abdullahi"]);
        check("عبد الرحمن", &["abdrhmn"]);
        check("Cabdi Xasan", &["cabdi", "xasan"]);
    }

    #[test]
    fn short_muhammad_is_spelled_out() {
        check("Md Salim", &["muhammad", "salim"]);
    }

    #[test]
    fn hostile_names_stay_small() {
        assert!(
            fold::name(&"x".repeat(10_000))
                .iter()
                .all(|token| token.text.len() <= super::super::LETTER_LIMIT)
        );
        assert!(fold::name(&"x ".repeat(10_000)).len() <= super::super::TOKEN_LIMIT);
        check("", &[]);
        check("-- ''", &[]);
    }
}
