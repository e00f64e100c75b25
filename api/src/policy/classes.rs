//! Access classes: every sealed column belongs to one, and a grant names the classes it may open.

use crate::kernel::codes;

codes! {
    /// What kind of personal value a column holds.
    pub Class {
        /// Names, birth, sex, nationality, description.
        Identity = "identity",
        /// How to reach somebody.
        Contact = "contact",
        /// Free text about what happened, and outcomes.
        Narrative = "narrative",
        /// Protection concerns, functioning, referral needs.
        Protection = "protection",
        /// Where somebody was, is or means to go.
        Location = "location",
        /// What the matcher compares; never shown.
        Match = "match",
        /// Second-factor secrets of accounts; never shown.
        Credential = "credential",
    }
}

/// A set of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClassSet(u8);

impl ClassSet {
    pub const NONE: Self = Self(0);

    pub const fn of(classes: &[Class]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < classes.len() {
            bits |= 1 << classes[i] as u8;
            i += 1;
        }
        Self(bits)
    }

    pub const fn contains(self, class: Class) -> bool {
        self.0 & (1 << class as u8) != 0
    }

    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Class> {
        Class::ALL.iter().copied().filter(move |class| self.contains(*class))
    }
}
