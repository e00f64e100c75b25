//! Ge'ez script (Amharic, Tigrinya, Tigre): every letter is a consonant with one of seven vowels.

/// Consonants of the block U+1200 to U+1357, eight code points each.
const ROWS: [&str; 43] = [
    "h", "l", "h", "m", "s", "r", "s", "sh", "k", "k", "k", "k", "b", "v", "t", "ch", "h", "h", "n", "ny",
    "", "k", "k", "h", "h", "w", "", "z", "zh", "y", "d", "d", "j", "g", "g", "g", "t", "ch", "p", "ts",
    "ts", "f", "p",
];
/// The seven orders and the labialised eighth. The sixth is a short vowel or none.
const VOWELS: [&str; 8] = ["e", "u", "i", "a", "e", "", "o", "wa"];

/// Lower-case Latin letters of a Ge'ez word.
pub(super) fn romanise(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for letter in word.chars() {
        let Some(offset) = (letter as u32).checked_sub(0x1200) else { continue };
        let (row, order) = (offset as usize / 8, offset as usize % 8);
        let Some(consonant) = ROWS.get(row) else { continue };
        out.push_str(consonant);
        // The glottal rows carry a bare vowel, and their first order is read as a.
        let vowel =
            if consonant.is_empty() && order == 0 { "a" } else { VOWELS.get(order).copied().unwrap_or("") };
        out.push_str(vowel);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::romanise;

    #[test]
    fn syllables_are_read_by_row_and_order() {
        assert_eq!(romanise("ተስፋ"), "tesfa");
        assert_eq!(romanise("ሰላም"), "selam");
        assert_eq!(romanise("አበበ"), "abebe");
        assert_eq!(romanise("ዮናስ"), "yonas");
        assert_eq!(romanise("ጽጌ"), "tsge");
    }
}
