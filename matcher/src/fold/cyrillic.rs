//! Cyrillic, by language: letters only Ukrainian uses decide how the shared ones sound.

/// Lower-case Latin letters of a Cyrillic word.
pub(super) fn romanise(word: &str) -> String {
    let lower: String = word.chars().flat_map(char::to_lowercase).collect();
    let ukrainian = lower.chars().any(|c| matches!(c, 'і' | 'ї' | 'є' | 'ґ'));
    let mut out = String::with_capacity(lower.len());
    for letter in lower.chars() {
        out.push_str(match letter {
            'г' if ukrainian => "h",
            'и' if ukrainian => "y",
            _ => plain(letter),
        });
    }
    out
}

fn plain(letter: char) -> &'static str {
    match letter {
        'а' | 'ә' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' | 'ғ' | 'ѓ' => "g",
        'д' => "d",
        'е' | 'э' | 'ё' => "e",
        'є' => "ie",
        'ж' => "zh",
        'з' => "z",
        'и' | 'і' | 'ѝ' => "i",
        'ї' => "yi",
        'й' => "y",
        'ј' => "y",
        'к' | 'қ' | 'ќ' => "k",
        'л' => "l",
        'љ' => "li",
        'м' => "m",
        'н' | 'ң' => "n",
        'њ' => "ni",
        'о' | 'ө' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'ћ' | 'ч' | 'ҷ' => "ch",
        'ђ' | 'џ' => "dj",
        'у' | 'ұ' | 'ү' => "u",
        'ў' => "w",
        'ф' => "f",
        'х' => "kh",
        'һ' | 'ҳ' => "h",
        'ц' => "ts",
        'ш' => "sh",
        'щ' => "shch",
        'ы' => "y",
        'ю' => "iu",
        'я' => "ia",
        'ѕ' => "dz",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::romanise;

    #[test]
    fn ukrainian_letters_decide_the_shared_ones() {
        assert_eq!(romanise("Сергій"), "serhiy");
        assert_eq!(romanise("Сергей"), "sergey");
        assert_eq!(romanise("ШЕВЧУК"), "shevchuk");
    }
}
