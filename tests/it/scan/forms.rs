//! Every form in which a value might stand where it should not: encodings, cases, escapes, romanised and by sound.

use std::collections::{BTreeSet, HashMap};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use unicode_normalization::UnicodeNormalization;

/// Shorter byte patterns would meet random ciphertext by chance; short values are found as parts of longer ones and in
/// their longer forms.
const SHORTEST: usize = 6;

/// The same for forms with fewer bits a byte, which meet random digests, ids and references. Every other byte of a word
/// in UTF-16 is that of its script: so regular that four letters of Arabic meet the tables of a database's own
/// compression.
fn shortest(form: &str) -> usize {
    match form {
        "utf-16 little" | "utf-16 big" => 2 * SHORTEST,
        "hex" => 16,
        "base64" | "base64 url" => 10,
        "sound" => 8,
        _ => SHORTEST,
    }
}

/// What one value is looked for as, each with the name of the form.
pub fn forms(value: &str) -> Vec<(&'static str, Vec<u8>)> {
    let romanised = any_ascii::any_ascii(value);
    let spellings: BTreeSet<String> = [
        value.to_owned(),
        value.to_lowercase(),
        value.to_uppercase(),
        value.nfd().collect(),
        romanised.to_lowercase(),
        romanised.to_uppercase(),
        romanised,
        value.split_whitespace().collect(),
    ]
    .into();
    let mut out = Vec::new();
    for text in &spellings {
        let bytes = text.as_bytes();
        out.push(("utf-8", bytes.to_vec()));
        out.push(("utf-16 little", text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
        out.push(("utf-16 big", text.encode_utf16().flat_map(u16::to_be_bytes).collect()));
        out.push(("hex", hex(bytes)));
        out.push(("hex", hex(bytes).to_ascii_uppercase()));
        for shift in 0..3 {
            out.push(("base64", aligned(bytes, shift, |b| STANDARD_NO_PAD.encode(b))));
            out.push(("base64 url", aligned(bytes, shift, |b| URL_SAFE_NO_PAD.encode(b))));
        }
        if !text.is_ascii() {
            out.push(("json", escaped(text, |unit| format!("\\u{unit:04x}"))));
            out.push(("json", escaped(text, |unit| format!("\\u{unit:04X}"))));
        }
        out.push(("url", percent(bytes, "%20")));
        out.push(("url", percent(bytes, "+")));
    }
    for code in by_sound(value) {
        out.push(("sound", code.to_uppercase().into_bytes()));
        out.push(("sound", code.into_bytes()));
    }
    out.retain(|(form, bytes)| bytes.len() >= shortest(form));
    out.sort();
    out.dedup_by(|a, b| a.1 == b.1);
    out
}

/// What a secret of random bytes is looked for as: as it is, and in every way in which it is written for people.
pub fn secret_forms(secret: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut out = vec![
        ("bytes", secret.to_vec()),
        ("hex", hex(secret)),
        ("hex", hex(secret).to_ascii_uppercase()),
        ("base32", base32(secret)),
        ("base32", base32(secret).to_ascii_lowercase()),
    ];
    for shift in 0..3 {
        out.push(("base64", aligned(secret, shift, |b| STANDARD_NO_PAD.encode(b))));
        out.push(("base64 url", aligned(secret, shift, |b| URL_SAFE_NO_PAD.encode(b))));
    }
    out
}

/// As authenticators take it: five bits a letter, the last ones filled up with zeros.
fn base32(bytes: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1)).collect();
    bits.chunks(5)
        .map(|five| LETTERS[(0..5).fold(0, |sum, at| sum * 2 + usize::from(*five.get(at).unwrap_or(&0)))])
        .collect()
}

fn hex(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
}

/// The part of a base64 text that depends on `bytes` alone when they stand `shift` bytes into a group of three.
fn aligned(bytes: &[u8], shift: usize, encode: impl Fn(&[u8]) -> String) -> Vec<u8> {
    let text = encode(&[&[0; 2][..shift], bytes].concat()).into_bytes();
    let first = (shift * 8).div_ceil(6);
    let last = (shift + bytes.len()) * 8 / 6;
    text[first..last].to_vec()
}

fn escaped(text: &str, unit: impl Fn(u16) -> String) -> Vec<u8> {
    let one = |c: char| {
        let mut units = [0; 2];
        if c.is_ascii() {
            c.to_string()
        } else {
            c.encode_utf16(&mut units).iter().map(|u| unit(*u)).collect()
        }
    };
    text.chars().map(one).collect::<String>().into_bytes()
}

fn percent(bytes: &[u8], space: &str) -> Vec<u8> {
    let one = |byte: &u8| match byte {
        b' ' => space.to_owned(),
        b if b.is_ascii_alphanumeric() => char::from(*b).to_string(),
        b => format!("%{b:02X}"),
    };
    bytes.iter().map(one).collect::<String>().into_bytes()
}

/// The whole value by sound, its words joined as an index would join them.
fn by_sound(value: &str) -> Vec<String> {
    let words: Vec<String> =
        value.split_whitespace().map(|word| any_ascii::any_ascii(word).to_ascii_lowercase()).collect();
    let mut out = Vec::new();
    for keyed in [soundex as fn(&str) -> String, skeleton] {
        let keys: Vec<String> = words.iter().map(|word| keyed(word)).filter(|key| !key.is_empty()).collect();
        if keys.len() > 1 {
            out.extend(["", " ", "|", ",", "-", "_"].map(|gap| keys.join(gap)));
        }
    }
    out
}

/// The sound of each word alone: too short to look for among random bytes, so looked for as a word of its own.
pub fn sounds(value: &str) -> BTreeSet<String> {
    let words = value.split_whitespace().map(|word| any_ascii::any_ascii(word).to_ascii_lowercase());
    let keys = words.flat_map(|word| [soundex(&word), skeleton(&word)]);
    keys.filter(|key| key.len() >= 4).collect()
}

/// American Soundex, as census offices use it.
fn soundex(word: &str) -> String {
    let code = |c: u8| match c {
        b'b' | b'f' | b'p' | b'v' => b'1',
        b'c' | b'g' | b'j' | b'k' | b'q' | b's' | b'x' | b'z' => b'2',
        b'd' | b't' => b'3',
        b'l' => b'4',
        b'm' | b'n' => b'5',
        b'r' => b'6',
        _ => b'0',
    };
    let letters: Vec<u8> = word.bytes().filter(u8::is_ascii_lowercase).collect();
    let Some((first, rest)) = letters.split_first() else { return String::new() };
    let (mut out, mut before) = (vec![first.to_ascii_uppercase()], code(*first));
    for letter in rest {
        let digit = code(*letter);
        if digit != b'0' && digit != before {
            out.push(digit);
        }
        if !matches!(letter, b'h' | b'w') {
            before = digit;
        }
    }
    out.resize(4, b'0');
    String::from_utf8(out).unwrap()
}

/// The consonants, doubled ones once: what most phonetic keys come down to.
fn skeleton(word: &str) -> String {
    let mut letters: Vec<u8> = word.bytes().filter(u8::is_ascii_lowercase).collect();
    letters.dedup();
    letters.retain(|letter| !b"aeiouyhw".contains(letter));
    String::from_utf8(letters).unwrap()
}

/// Many patterns in one pass: the first three bytes against a table of bits, the first six against a map, then the rest.
pub struct Patterns {
    starts: Vec<bool>,
    by_head: HashMap<[u8; SHORTEST], Vec<usize>>,
    all: Vec<(String, &'static str, Vec<u8>)>,
}

/// What was found: the value and the form it stood in.
pub type Found = BTreeSet<(String, &'static str)>;

impl Patterns {
    pub fn of(values: &BTreeSet<String>) -> Self {
        let mut patterns = Self { starts: vec![false; 1 << 24], by_head: HashMap::new(), all: Vec::new() };
        for value in values {
            for (form, bytes) in forms(value) {
                patterns.add(value, form, bytes);
            }
        }
        patterns
    }

    /// Adds a secret of random bytes, to be named in findings.
    pub fn add_secret(&mut self, name: &str, secret: &[u8]) {
        for (form, bytes) in secret_forms(secret) {
            self.add(name, form, bytes);
        }
    }

    fn add(&mut self, value: &str, form: &'static str, bytes: Vec<u8>) {
        let head = *bytes.first_chunk().unwrap();
        self.starts[start(&head)] = true;
        self.by_head.entry(head).or_default().push(self.all.len());
        self.all.push((value.to_owned(), form, bytes));
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Adds everything that stands in `hay` to `found`.
    pub fn search(&self, hay: &[u8], found: &mut Found) {
        for (at, window) in hay.windows(SHORTEST).enumerate() {
            if !self.starts[start(window)] {
                continue;
            }
            let head: &[u8; SHORTEST] = window.first_chunk().unwrap();
            for number in self.by_head.get(head).into_iter().flatten() {
                let (value, form, bytes) = &self.all[*number];
                if hay[at..].starts_with(bytes) {
                    found.insert((value.clone(), *form));
                }
            }
        }
    }
}

fn start(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 16 | usize::from(bytes[1]) << 8 | usize::from(bytes[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_in_each_of_its_forms_wherever_it_stands() {
        for value in ["Amina Warsame", "محمد الأحمد", "Олена Шевченко", "ሰላም ተስፋዬ", "রহিমা খাতুন"]
        {
            let patterns = Patterns::of(&BTreeSet::from([value.to_owned()]));
            let kinds: BTreeSet<_> = forms(value).into_iter().map(|(form, _)| form).collect();
            assert!(kinds.len() >= 8, "{kinds:?}");
            for (form, bytes) in forms(value) {
                for before in 0..4 {
                    let hay = [&[7; 4][..before], &bytes, &[9; 3]].concat();
                    let mut found = Found::new();
                    patterns.search(&hay, &mut found);
                    assert!(found.contains(&(value.to_owned(), form)), "{value} as {form}: {found:?}");
                }
            }
            // Base64 of a longer text, at every alignment.
            for before in 0..3 {
                let text = format!("{}{value} and so on", &"xyz"[..before]);
                let mut found = Found::new();
                patterns.search(STANDARD_NO_PAD.encode(text).as_bytes(), &mut found);
                assert!(found.iter().any(|(_, form)| form.starts_with("base64")), "{value} after {before}");
            }
            let mut found = Found::new();
            patterns.search(&[0x5a; 4096], &mut found);
            assert!(found.is_empty());
        }
    }

    #[test]
    fn a_secret_is_found_in_each_of_its_forms() {
        let secret: Vec<u8> = (0..20).map(|n| n * 13 + 7).collect();
        let mut patterns = Patterns::of(&BTreeSet::new());
        patterns.add_secret("of somebody", &secret);
        for (form, bytes) in secret_forms(&secret) {
            let mut found = Found::new();
            patterns.search(&[&[7; 3], bytes.as_slice(), &[9; 3]].concat(), &mut found);
            assert!(found.contains(&("of somebody".to_owned(), form)), "{form}: {found:?}");
        }
        // The examples of RFC 4648, which ends them with signs of equality.
        assert_eq!(base32(b"foobar"), b"MZXW6YTBOI");
        assert_eq!(base32(b"fooba"), b"MZXW6YTB");
    }

    #[test]
    fn sounds_are_the_known_ones() {
        assert_eq!(
            ["robert", "rupert", "ashcraft", "tymczak"].map(soundex),
            ["R163", "R163", "A261", "T522"]
        );
        assert_eq!(skeleton("muhammad"), "mmd");
    }
}
