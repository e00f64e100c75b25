//! Latin letters without their marks. What a letter sounds like is left to [`super::sound`].

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower-case ASCII letters of a Latin word.
pub(super) fn romanise(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for letter in word.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' => out.push(letter),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' | 'ɔ' => out.push('o'),
            'đ' | 'ɖ' | 'ð' => out.push('d'),
            'ł' => out.push('l'),
            'ı' => out.push('i'),
            'ə' => out.push('a'),
            'ɛ' => out.push('e'),
            'þ' => out.push_str("th"),
            'ŋ' => out.push_str("ng"),
            'ɓ' => out.push('b'),
            'ɗ' => out.push('d'),
            'ƙ' => out.push('k'),
            'ƴ' => out.push('y'),
            'ħ' => out.push('h'),
            _ => out.extend(any_ascii::any_ascii_char(letter).chars().map(|c| c.to_ascii_lowercase())),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::romanise;

    #[test]
    fn marks_and_case_make_no_difference() {
        assert_eq!(romanise("GAMOMÓN"), "gamomon");
        assert_eq!(romanise("Gourouné"), romanise("GOUROUNÉ"));
        assert_eq!(romanise("Łukasz"), "lukasz");
        assert_eq!(romanise("Straße"), "strasse");
    }
}
