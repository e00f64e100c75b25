//! From a name as written, in any script and order, to tokens that can be compared.
//!
//! ```text
//!  text ─ split at spaces, hyphens … ─ romanise by script ─ particles and compounds ─► Folded
//!          (arabic · cyrillic · geez · indic · latin · everything else by any_ascii)      └ sound ─► Sound, keys
//! ```
//!
//! Folding is total: hostile input gives few or no tokens, never an error and never unbounded work.

mod arabic;
mod cyrillic;
mod geez;
mod indic;
mod latin;
mod particles;
pub(crate) mod sound;

use unicode_normalization::UnicodeNormalization;

/// Characters of one text that are read; the rest is ignored.
const TEXT_LIMIT: usize = 400;
/// Tokens of one text that are kept.
const TOKEN_LIMIT: usize = 16;
/// Letters of one token that are kept.
pub(crate) const LETTER_LIMIT: usize = 24;

/// A token of a name: lower-case ASCII letters, and what is known of how they were written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Folded {
    /// Romanised letters `a` to `z`, at most [`LETTER_LIMIT`], never empty.
    pub(crate) text: String,
    /// The script leaves short vowels unwritten, so a missing vowel says nothing.
    pub(crate) abjad: bool,
}

/// How a word was written, which decides how it is romanised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Arabic,
    Cyrillic,
    Geez,
    Indic,
    Other,
}

fn script_of(letter: char) -> Script {
    match letter as u32 {
        0x0041..=0x024F | 0x1E00..=0x1EFF => Script::Latin,
        0x0600..=0x06FF | 0x0750..=0x077F | 0x08A0..=0x08FF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFF => {
            Script::Arabic
        }
        0x0400..=0x052F => Script::Cyrillic,
        0x1200..=0x139F | 0x2D80..=0x2DDF | 0xAB00..=0xAB2F => Script::Geez,
        0x0900..=0x0DFF => Script::Indic,
        _ => Script::Other,
    }
}

/// The tokens of a name, in the order written, particles left out and compounds joined.
pub(crate) fn name(text: &str) -> Vec<Folded> {
    particles::settle(words(text))
}

/// The tokens of a place name.
pub(crate) fn place(text: &str) -> Vec<Folded> {
    particles::settle_place(words(text))
}

fn words(text: &str) -> Vec<Folded> {
    let mut words = Vec::new();
    let mut word = String::new();
    for letter in text.nfkc().take(TEXT_LIMIT) {
        if belongs_to_word(letter) {
            word.push(letter);
        } else {
            push_word(&mut words, &mut word);
        }
        if words.len() >= TOKEN_LIMIT {
            return words;
        }
    }
    push_word(&mut words, &mut word);
    words
}

/// Letters and marks make words; apostrophes and the joiners of Indic scripts stay inside them.
fn belongs_to_word(letter: char) -> bool {
    letter.is_alphanumeric()
        || unicode_normalization::char::is_combining_mark(letter)
        || matches!(letter, '\'' | '`' | '´' | '‘' | '’' | 'ʼ' | 'ʻ' | 'ʿ' | 'ʾ' | '\u{200C}' | '\u{200D}')
}

fn push_word(words: &mut Vec<Folded>, word: &mut String) {
    words.extend(romanise(word));
    word.clear();
}

fn romanise(word: &str) -> Option<Folded> {
    let script = word.chars().map(script_of).find(|script| *script != Script::Other);
    let script = match script {
        Some(script) => script,
        None if word.chars().any(char::is_alphabetic) => Script::Other,
        None => return None,
    };
    let (mut text, abjad) = match script {
        Script::Latin => (latin::romanise(word), false),
        Script::Arabic => arabic::romanise(word),
        Script::Cyrillic => (cyrillic::romanise(word), false),
        Script::Geez => (geez::romanise(word), false),
        Script::Indic => (indic::romanise(word), false),
        Script::Other => (any_ascii::any_ascii(word).to_ascii_lowercase(), false),
    };
    text.retain(|letter| letter.is_ascii_lowercase());
    text.truncate(LETTER_LIMIT);
    (!text.is_empty()).then_some(Folded { text, abjad })
}
