//! The languages of the pages.

use crate::kernel::codes;

codes! {
    /// A language somebody reads the pages in.
    pub Language {
        English = "en",
        Spanish = "es",
        French = "fr",
        Arabic = "ar",
    }
}

impl Language {
    /// The language's own name for itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Español",
            Self::French => "Français",
            Self::Arabic => "العربية",
        }
    }

    pub fn is_right_to_left(self) -> bool {
        matches!(self, Self::Arabic)
    }

    /// The first of a browser's wishes (`Accept-Language`) that we speak.
    pub fn wished(header: &str) -> Option<Self> {
        header.split(',').take(20).find_map(|wish| {
            let tag = wish.split(';').next().unwrap_or_default().trim();
            Self::parse(tag.split('-').next().unwrap_or_default())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_we_speak_is_taken() {
        assert_eq!(Language::wished("pt-BR, ar-SY;q=0.9, en;q=0.1"), Some(Language::Arabic));
        assert_eq!(Language::wished("pt"), None);
        assert_eq!(Language::wished(""), None);
    }
}
