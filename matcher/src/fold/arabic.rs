//! Arabic script, with or without vowel marks, and the letters Persian, Pashto, Urdu and Sindhi add.
//!
//! Short vowels are mostly unwritten: the result keeps what is written and says that vowels may be missing.
//! Waw and ya are consonants at the start of a word and beside a vowel, vowels between consonants.

/// Lower-case letters, and whether short vowels may be missing (always, unless marks are written).
pub(super) fn romanise(word: &str) -> (String, bool) {
    let letters: Vec<char> = without_article(word).collect();
    let mut out = String::with_capacity(letters.len() * 2);
    let mut marked = false;
    for (at, letter) in letters.iter().copied().enumerate() {
        let before = at.checked_sub(1).and_then(|i| letters.get(i)).copied();
        let after = letters.get(at + 1).copied();
        match letter {
            'و' | 'ؤ' => out.push_str(if consonantal(before, after) { "w" } else { "u" }),
            'ي' | 'ی' | 'ئ' | 'ې' | 'ۍ' | 'ێ' => {
                out.push_str(if consonantal(before, after) { "y" } else { "i" })
            }
            'ھ' if before.is_some_and(is_stop) => out.push('h'),
            _ => {
                marked |= ('\u{064B}'..='\u{0650}').contains(&letter);
                out.push_str(plain(letter));
            }
        }
    }
    (out, !marked)
}

/// The article is a particle: الحسن and حسن are one name.
fn without_article(word: &str) -> impl Iterator<Item = char> {
    let count = word.chars().count();
    let article = word.starts_with("ال") && count >= 5;
    word.chars().skip(if article { 2 } else { 0 }).filter(|c| *c != '\u{0640}')
}

fn consonantal(before: Option<char>, after: Option<char>) -> bool {
    before.is_none_or(is_vowel) || after.is_some_and(is_long_a)
}

fn is_long_a(letter: char) -> bool {
    matches!(letter, 'ا' | 'آ' | 'ة' | 'ه' | 'ى' | '\u{064E}')
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'ا' | 'آ' | 'أ' | 'إ' | 'ى' | 'ٱ' | '\u{064E}' | '\u{064F}' | '\u{0650}')
}

fn is_stop(letter: char) -> bool {
    matches!(letter, 'ب' | 'پ' | 'ت' | 'ٹ' | 'د' | 'ڈ' | 'ک' | 'ك' | 'گ' | 'ج' | 'چ' | 'ڑ')
}

fn plain(letter: char) -> &'static str {
    match letter {
        'ا' | 'أ' | 'آ' | 'ى' | 'ٱ' | 'ة' | 'ۃ' | '\u{064E}' | '\u{0670}' => "a",
        'إ' | '\u{0650}' => "i",
        '\u{064F}' => "u",
        '\u{064B}' => "an",
        '\u{064C}' => "un",
        '\u{064D}' => "in",
        'ب' => "b",
        'پ' => "p",
        'ت' | 'ط' | 'ٹ' | 'ټ' => "t",
        'ث' => "th",
        'ج' => "j",
        'چ' => "ch",
        'ح' | 'ه' | 'ہ' | 'ھ' | 'ە' => "h",
        'خ' => "kh",
        'د' | 'ض' | 'ڈ' | 'ډ' => "d",
        'ذ' => "dh",
        'ر' | 'ڑ' | 'ړ' => "r",
        'ز' | 'ظ' => "z",
        'ژ' => "zh",
        'ږ' => "zh",
        'س' | 'ص' => "s",
        'ش' | 'ښ' => "sh",
        'څ' => "ts",
        'ځ' => "dz",
        'غ' => "gh",
        'ف' => "f",
        'ڤ' => "v",
        'ق' => "q",
        'ك' | 'ک' | 'ڪ' => "k",
        'گ' | 'ګ' => "g",
        'ل' => "l",
        'م' => "m",
        'ن' | 'ں' | 'ڼ' => "n",
        'ے' | 'ۓ' => "e",
        'ۇ' | 'ۆ' | 'ۈ' => "u",
        'ﷲ' => "allah",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::romanise;

    fn check(word: &str, expected: &str) {
        assert_eq!(romanise(word).0, expected, "{word}");
    }

    #[test]
    fn long_vowels_are_vowels_between_consonants() {
        check("لطيف", "ltif");
        check("سالم", "salm");
        check("ونيد", "wnid");
        check("يوسف", "yusf");
    }

    #[test]
    fn the_article_is_left_out_and_marks_fill_the_vowels() {
        check("الحسن", "hsn");
        check("حَسَن", "hasan");
    }

    #[test]
    fn persian_and_urdu_letters_are_read() {
        check("پرویز", "pruiz");
        check("چمن", "chmn");
        check("گل", "gl");
    }
}
