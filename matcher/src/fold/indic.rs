//! The scripts of South Asia that share one layout (Devanagari, Bengali, Gurmukhi, Gujarati, Odia, Tamil, Telugu,
//! Kannada, Malayalam): consonants carry an inherent vowel unless another is written or a virama takes it away.
//!
//! The inherent vowel at the end of a word is silent in most of these languages and is left out.

/// What a letter does, by its place in the 128 code points every one of these scripts uses alike.
enum Kind {
    Consonant(&'static str),
    Vowel(&'static str),
    Sign(&'static str),
    Virama,
    Nasal,
    Breath,
    Dot,
    Silent,
}

/// Lower-case Latin letters of a word in one of these scripts.
pub(super) fn romanise(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut inherent = false;
    for letter in word.chars() {
        let kind = kind(letter);
        if inherent && !matches!(kind, Kind::Sign(_) | Kind::Virama | Kind::Dot) {
            out.push('a');
        }
        match kind {
            Kind::Consonant(text) => {
                out.push_str(text);
                inherent = true;
                continue;
            }
            Kind::Vowel(text) | Kind::Sign(text) => out.push_str(text),
            Kind::Nasal => out.push('n'),
            Kind::Breath => out.push('h'),
            Kind::Dot => {
                dotted(&mut out);
                continue;
            }
            Kind::Virama | Kind::Silent => {}
        }
        inherent = false;
    }
    out
}

/// A dot below turns a borrowed letter into the sound it was borrowed for.
fn dotted(out: &mut String) {
    for (plain, sound) in [("ph", "f"), ("dh", "r"), ("j", "z"), ("d", "r"), ("k", "q")] {
        if out.ends_with(plain) {
            out.truncate(out.len() - plain.len());
            out.push_str(sound);
            return;
        }
    }
}

fn kind(letter: char) -> Kind {
    match letter {
        '\u{09F0}' => return Kind::Consonant("r"),
        '\u{09F1}' => return Kind::Consonant("w"),
        '\u{09CE}' => return Kind::Vowel("t"),
        _ => {}
    }
    match (letter as u32).wrapping_sub(0x0900) % 0x80 {
        0x01 | 0x02 => Kind::Nasal,
        0x03 => Kind::Breath,
        0x05 | 0x06 => Kind::Vowel("a"),
        0x07 | 0x08 => Kind::Vowel("i"),
        0x09 | 0x0A => Kind::Vowel("u"),
        0x0B => Kind::Vowel("ri"),
        0x0D..=0x0F => Kind::Vowel("e"),
        0x10 => Kind::Vowel("ai"),
        0x11..=0x13 => Kind::Vowel("o"),
        0x14 => Kind::Vowel("au"),
        0x15 => Kind::Consonant("k"),
        0x16 => Kind::Consonant("kh"),
        0x17 => Kind::Consonant("g"),
        0x18 => Kind::Consonant("gh"),
        0x19 | 0x1E | 0x23 | 0x28 | 0x29 => Kind::Consonant("n"),
        0x1A => Kind::Consonant("ch"),
        0x1B => Kind::Consonant("chh"),
        0x1C => Kind::Consonant("j"),
        0x1D => Kind::Consonant("jh"),
        0x1F | 0x24 => Kind::Consonant("t"),
        0x20 | 0x25 => Kind::Consonant("th"),
        0x21 | 0x26 => Kind::Consonant("d"),
        0x22 | 0x27 => Kind::Consonant("dh"),
        0x2A => Kind::Consonant("p"),
        0x2B => Kind::Consonant("ph"),
        0x2C => Kind::Consonant("b"),
        0x2D => Kind::Consonant("bh"),
        0x2E => Kind::Consonant("m"),
        0x2F => Kind::Consonant("y"),
        0x30 | 0x31 => Kind::Consonant("r"),
        0x32..=0x34 => Kind::Consonant("l"),
        0x35 => Kind::Consonant("v"),
        0x36 | 0x37 => Kind::Consonant("sh"),
        0x38 => Kind::Consonant("s"),
        0x39 => Kind::Consonant("h"),
        0x3C => Kind::Dot,
        0x3E => Kind::Sign("a"),
        0x3F | 0x40 => Kind::Sign("i"),
        0x41 | 0x42 => Kind::Sign("u"),
        0x43 | 0x44 => Kind::Sign("ri"),
        0x45..=0x47 => Kind::Sign("e"),
        0x48 => Kind::Sign("ai"),
        0x49..=0x4B => Kind::Sign("o"),
        0x4C => Kind::Sign("au"),
        0x4D => Kind::Virama,
        0x70 => Kind::Nasal,
        _ => Kind::Silent,
    }
}

#[cfg(test)]
mod tests {
    use super::romanise;

    #[test]
    fn inherent_vowels_are_sounded_except_at_the_end() {
        assert_eq!(romanise("सुरेश"), "suresh");
        assert_eq!(romanise("सावित्रि"), "savitri");
        assert_eq!(romanise("কবির"), "kabir");
        assert_eq!(romanise("চট্টগ্রাম"), "chattagram");
    }
}
