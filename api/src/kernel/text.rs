//! Text from people: bounded, normalised at the edges, free of control characters. Zeroed on drop and silent in
//! `Debug`, since nearly all of it is about somebody.

use std::fmt;

use zeroize::Zeroize;

use super::{Invalid, Wrong};

/// Trims and checks text. `None` when nothing is left.
///
/// # Errors
/// Longer than `max` characters, or a control character other than a line break.
pub fn clean(field: &str, text: &str, max: usize) -> Result<Option<String>, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text.chars().count() > max {
        return Err(Invalid::at(
            field,
            Wrong::TooLong.says(format!("too long; at most {max} characters are taken")).most(max),
        ));
    }
    let forbidden =
        |c: char| (c.is_control() && c != '\n' && c != '\r' && c != '\t') || is_direction_override(c);
    if text.chars().any(forbidden) {
        return Err(Invalid::at(
            field,
            Wrong::PlainText.says("holds control characters; plain text is taken"),
        ));
    }
    Ok(Some(text.to_owned()))
}

/// Overrides of writing direction can make one name look like another on screen.
fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A digit of any script that people here write in, as 0 to 9.
pub fn digit(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        '০'..='৯' => '০',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(zero), 10)
}

/// Personal text of at most `MAX` characters, never empty.
#[derive(Clone, PartialEq, Eq)]
pub struct BoundedText<const MAX: usize>(String);

/// A name or other short value.
pub type Text = BoundedText<200>;

impl<const MAX: usize> BoundedText<MAX> {
    /// # Errors
    /// Empty, too long, or holding control characters.
    pub fn parse(field: &str, text: &str) -> Result<Self, Invalid> {
        Self::optional(field, Some(text))?
            .ok_or_else(|| Invalid::at(field, Wrong::Missing.says("is empty; text is needed")))
    }

    /// Absent and blank are the same.
    ///
    /// # Errors
    /// Too long, or holding control characters.
    pub fn optional(field: &str, text: Option<&str>) -> Result<Option<Self>, Invalid> {
        Ok(clean(field, text.unwrap_or_default(), MAX)?.map(Self))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Debug for BoundedText<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(..)")
    }
}

impl<const MAX: usize> Zeroize for BoundedText<MAX> {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

impl<const MAX: usize> Drop for BoundedText<MAX> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_are_digits() {
        for (written, meant) in [('7', '7'), ('٧', '7'), ('۷', '7'), ('७', '7'), ('৭', '7')] {
            assert_eq!(digit(written), Some(meant));
        }
        assert_eq!(digit('x'), None);
    }

    #[test]
    fn names_in_every_script_are_taken_and_hostile_text_is_not() {
        for name in ["Amina", "محمد", "Олена", "ሰላም", "রহিমা", "Jean-Baptiste d'Haïti", "A\u{200d}b"]
        {
            assert_eq!(Text::parse("name", name).unwrap().as_str(), name);
        }
        for hostile in ["", "   ", "a\u{0}b", "\u{202e}anima", &"x".repeat(201)] {
            assert!(Text::parse("name", hostile).is_err());
        }
    }
}
