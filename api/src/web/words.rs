//! The words of the pages, in every language we speak. One folder a language under `api/locales`, one file a feature;
//! a test holds the languages to the same keys and arguments.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::Datelike;
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::auth::Language;
use crate::kernel::{Country, Day, FieldProblem, Timestamp, Wrong};

fluent_templates::static_loader! {
    static WORDS = {
        locales: "./locales",
        fallback_language: "en",
        // Isolation marks round arguments would stand in values, titles and tests alike; templates use <bdi>.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

fn identifier(language: Language) -> LanguageIdentifier {
    match language {
        Language::English => langid!("en"),
        Language::Spanish => langid!("es"),
        Language::French => langid!("fr"),
        Language::Arabic => langid!("ar"),
    }
}

/// A text by its key, or `None` when no language has it.
pub fn find(language: Language, key: &str) -> Option<String> {
    WORDS.try_lookup(&identifier(language), key)
}

/// A text by its key; a key that no language has is shown as it is.
pub fn word(language: Language, key: &str) -> String {
    find(language, key).unwrap_or_else(|| key.to_owned())
}

/// A text with one argument.
pub fn word_with(language: Language, key: &str, name: &'static str, value: FluentValue<'_>) -> String {
    word_of(language, key, [(name, value)])
}

/// A text with several arguments.
pub fn word_of<'a>(
    language: Language,
    key: &str,
    arguments: impl IntoIterator<Item = (&'static str, FluentValue<'a>)>,
) -> String {
    let arguments: HashMap<_, _> =
        arguments.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
    WORDS.try_lookup_with_args(&identifier(language), key, &arguments).unwrap_or_else(|| key.to_owned())
}

/// A day as the language writes it. Digits stay those that phones, papers and forms here use.
pub fn day(language: Language, day: Day) -> String {
    let Day(date) = day;
    let month = word(language, &format!("month-{}", date.month()));
    let parts = [
        ("day", FluentValue::from(date.day())),
        ("month", FluentValue::from(month)),
        // As text, so that no language groups its digits.
        ("year", FluentValue::from(date.year().to_string())),
    ];
    word_of(language, "date-day", parts)
}

/// A day that is held as text, perhaps as a month only, perhaps as a guess: `1999-04-12`, `1999-04`, `~1999`. What is
/// neither day nor month stays as it is.
pub fn day_text(language: Language, text: &str) -> String {
    let (about, plain) = text.strip_prefix('~').map_or(("", text), |plain| ("~", plain));
    let whole = Day::parse(plain).map(|found| day(language, found));
    let month = || {
        let Day(first) = Day::parse(&format!("{plain}-01")).filter(|_| plain.len() == 7)?;
        let parts = [
            ("month", FluentValue::from(word(language, &format!("month-{}", first.month())))),
            ("year", FluentValue::from(first.year().to_string())),
        ];
        Some(word_of(language, "date-month", parts))
    };
    whole.or_else(month).map_or_else(|| text.to_owned(), |said| format!("{about}{said}"))
}

/// What a country is called; a code that no country has stays as it is.
pub fn country(language: Language, code: &str) -> String {
    find(language, &format!("country-{code}")).unwrap_or_else(|| code.to_owned())
}

/// Every country by name, as the language sorts them: accents do not count.
pub fn countries(language: Language) -> &'static [(&'static str, String)] {
    static SORTED: LazyLock<HashMap<Language, Vec<(&'static str, String)>>> = LazyLock::new(|| {
        let sorted = |language: &Language| {
            let mut all: Vec<_> =
                Country::all().map(|one| (one.code(), country(*language, one.code()))).collect();
            all.sort_by_cached_key(|(_, name)| {
                name.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect::<String>()
            });
            (*language, all)
        };
        Language::ALL.iter().map(sorted).collect()
    });
    SORTED.get(&language).map_or(&[], Vec::as_slice)
}

/// A moment as the language writes it, in UTC as every record here; to the second where order matters.
pub fn moment(language: Language, at: Timestamp, exact: bool) -> String {
    let clock = if exact { "%H:%M:%S" } else { "%H:%M" };
    let parts = [
        ("day", FluentValue::from(day(language, at.day()))),
        ("time", FluentValue::from(at.datetime().format(clock).to_string())),
    ];
    word_of(language, "date-moment", parts)
}

/// What is wrong with a field, for people: by its kind. Only English readers see a sentence that has no kind.
pub fn problem(language: Language, problem: &FieldProblem) -> String {
    if problem.code == Wrong::Other && language == Language::English {
        return problem.problem.clone();
    }
    let bounds = [("least", problem.least), ("most", problem.most)];
    let bounds = bounds.into_iter().filter_map(|(name, bound)| Some((name, FluentValue::from(bound?))));
    word_of(language, &format!("wrong-{}", problem.code).replace('_', "-"), bounds)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::kernel::{ApiError, Budget, Fault, Invalid, RULED_OUT};

    /// Of one language: key → the arguments it uses.
    fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language.code());
        let mut found = BTreeMap::new();
        for file in fs::read_dir(folder).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            let mut current = String::new();
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                if let Some((key, _)) = line.split_once(" =").filter(|_| !line.starts_with([' ', '\t', '}']))
                {
                    current = key.to_owned();
                    assert!(found.insert(current.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
                }
                for piece in line.split('$').skip(1) {
                    let name: String =
                        piece.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
                    found.entry(current.clone()).or_default().insert(name);
                }
            }
        }
        found
    }

    #[test]
    fn every_language_has_every_text_with_the_same_arguments() {
        let english = keys(Language::English);
        assert!(english.len() > 50, "the texts were not found");
        for language in Language::ALL {
            let theirs = keys(*language);
            for (key, arguments) in &english {
                let there = theirs.get(key);
                assert!(there.is_some(), "{key} is missing in {language}");
                assert_eq!(there, Some(arguments), "{key} in {language} has other arguments");
                if arguments.is_empty() {
                    assert!(find(*language, key).is_some(), "{key} does not resolve in {language}");
                }
            }
            for key in theirs.keys() {
                assert!(english.contains_key(key), "{key} stands in {language} and not in English");
            }
        }
    }

    #[test]
    fn every_key_named_in_a_template_exists() {
        let english = keys(Language::English);
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")];
        let mut named = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = fs::read_to_string(&path).unwrap();
                for call in ["tr(\"", "tr_text(\"", "tr_count(\""] {
                    for piece in text.split(call).skip(1) {
                        let key = piece.split('"').next().unwrap();
                        // A key that is completed in the template ends in a dash.
                        let there = english.contains_key(key)
                            || (key.ends_with('-') && english.keys().any(|k| k.starts_with(key)));
                        assert!(there, "{} names {key}", path.display());
                        named += 1;
                    }
                }
            }
        }
        assert!(named > 40, "no templates were found");
    }

    /// Every code that stands against a step as a whole, as the sources name it.
    fn conflict_codes() -> BTreeSet<String> {
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut codes = BTreeSet::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = fs::read_to_string(path).unwrap();
                for call in ["Conflict(", "conflict(", "StepMissing("] {
                    for piece in text.split(call).skip(1) {
                        let Some(rest) = piece.trim_start().strip_prefix('"') else { continue };
                        let code = rest.split('"').next().unwrap();
                        if !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
                            codes.insert(code.to_owned());
                        }
                    }
                }
            }
        }
        codes
    }

    #[test]
    fn every_refusal_has_its_words_in_every_language() {
        let conflicts = conflict_codes();
        assert!(conflicts.contains("stale") && conflicts.len() > 15, "{conflicts:?}");
        for code in RULED_OUT {
            assert!(conflicts.contains(code), "nothing is refused as {code}");
        }
        let others = [
            ApiError::NotFound,
            ApiError::SignedOut,
            ApiError::SignInRefused,
            ApiError::Forbidden,
            ApiError::Invalid(Invalid::default()),
            ApiError::TooLarge(1),
            ApiError::UnsupportedType("x"),
            ApiError::TooMany(1),
            ApiError::OverBudget(Budget::Persons, 1),
            ApiError::OverBudget(Budget::Searches, 1),
            ApiError::CrossSite,
            ApiError::MethodNotTaken,
            ApiError::AddressTooLong(1),
            ApiError::HeadersTooLarge(1),
            ApiError::TooSlow,
            ApiError::Unavailable,
            ApiError::Internal(crate::kernel::IncidentId(1)),
        ];
        let kinds = Wrong::CODES.iter().map(|code| format!("wrong-{code}"));
        let refusals = others.iter().map(|error| error.code().to_owned()).chain(conflicts);
        let refusals = refusals.map(|code| format!("problem-{code}"));
        for key in kinds.chain(refusals) {
            let key = key.replace('_', "-");
            for language in Language::ALL {
                assert!(keys(*language).contains_key(&key), "{key} in {language}");
            }
        }
    }

    #[test]
    fn a_problem_is_said_in_the_language_of_the_reader_with_its_bounds() {
        let field = |fault: Fault| FieldProblem::new("name", fault);
        let long = field(Wrong::TooLong.says("too long; at most 200 characters are taken").most(200));
        assert_eq!(problem(Language::English, &long), "This is too long: at most 200 characters.");
        let unsorted = field("is odd; even is taken".into());
        assert_eq!(problem(Language::English, &unsorted), "is odd; even is taken");
        for language in [Language::Spanish, Language::French, Language::Arabic] {
            assert!(problem(language, &long).contains("200"), "{language}");
            assert!(!problem(language, &unsorted).contains("even"), "{language}");
        }
        for language in Language::ALL {
            for wrong in Wrong::ALL {
                let words = problem(*language, &field(wrong.says("English").between(2, 7)));
                assert!(!words.contains(['$', '{']) && !words.starts_with("wrong-"), "{language}: {words}");
            }
        }
    }

    #[test]
    fn days_and_moments_are_written_as_the_language_writes_them() {
        // 2026-03-01T09:05:00Z
        let at = Timestamp::from_micros(1_772_355_900_000_000);
        assert_eq!(moment(Language::English, at, false), "1 March 2026, 09:05 UTC");
        assert!(moment(Language::Arabic, at, true).contains("09:05:00"));
        assert_eq!(day(Language::Spanish, at.day()), "1 de marzo de 2026");
        assert_eq!(day(Language::French, at.day()), "1er mars 2026");
        assert_eq!(day(Language::French, at.day().plus_days(1)), "2 mars 2026");
        assert_eq!(day(Language::Arabic, at.day()), "1 آذار/مارس 2026");
        for language in Language::ALL {
            for month in 0..12 {
                let text = day(*language, at.day().plus_days(month * 30));
                assert!(!text.contains("month-") && !text.contains('$'), "{language}: {text}");
            }
        }
    }

    #[test]
    fn a_day_held_as_text_is_written_as_far_as_it_is_known() {
        let said = |text| day_text(Language::English, text);
        assert_eq!(said("1999-04-12"), "12 April 1999");
        assert_eq!(said("~1999-04-12"), "~12 April 1999");
        assert_eq!(said("1999-04"), "April 1999");
        for plain in ["1999", "~1999", "1991–1996", "1999-13", "", "Kismayo"] {
            assert_eq!(said(plain), plain);
        }
        assert_eq!(day_text(Language::Spanish, "1999-04"), "abril de 1999");
    }

    #[test]
    fn every_country_has_its_name_in_every_language_and_stands_where_readers_look_for_it() {
        for language in Language::ALL {
            let all = countries(*language);
            assert_eq!(all.len(), Country::all().count());
            for (code, name) in all {
                assert!(name != code, "{code} has no name in {language}");
            }
            let named: BTreeSet<_> = all.iter().map(|(_, name)| name).collect();
            assert_eq!(named.len(), all.len(), "two countries are called alike in {language}");
        }
        let french: Vec<_> = countries(Language::French).iter().map(|(code, _)| *code).collect();
        let place = |code| french.iter().position(|one| *one == code);
        assert!(place("DNK") < place("EGY") && place("EGY") < place("FIN"), "{french:?}");
        assert_eq!(country(Language::Arabic, "SOM"), "الصومال");
        assert_eq!(country(Language::English, "Puntland"), "Puntland");
    }

    #[test]
    fn plurals_follow_the_language() {
        let count = |language, n: u32| word_with(language, "home-sessions", "count", FluentValue::from(n));
        assert_ne!(count(Language::English, 1), count(Language::English, 2));
        assert_ne!(count(Language::Arabic, 2), count(Language::Arabic, 3));
        assert_ne!(count(Language::Arabic, 3), count(Language::Arabic, 11));
    }
}
