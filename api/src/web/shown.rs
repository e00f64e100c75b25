//! A value that may be hidden: absent and hidden are never the same (R-39).

use serde::Serialize;
use utoipa::ToSchema;

/// `{"value": …}` when the caller's grant opens the value's class, `{"hidden": true}` when it does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Shown<T> {
    Value { value: T },
    Hidden { hidden: bool },
}

impl<T> Shown<T> {
    pub fn value(value: T) -> Self {
        Self::Value { value }
    }

    pub fn hidden() -> Self {
        Self::Hidden { hidden: true }
    }

    /// The value, unless hidden.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Value { value } => Some(value),
            Self::Hidden { .. } => None,
        }
    }

    pub fn is_hidden(&self) -> bool {
        matches!(self, Self::Hidden { .. })
    }

    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Shown<U> {
        match self {
            Self::Value { value } => Shown::value(f(value)),
            Self::Hidden { .. } => Shown::hidden(),
        }
    }
}

/// `None` is what [`crate::vault::Seat::show`] gives for a class outside the grant.
impl<T> From<Option<T>> for Shown<T> {
    fn from(opened: Option<T>) -> Self {
        opened.map_or_else(Self::hidden, Self::value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_is_not_empty() {
        let text = |shown: &Shown<Option<&str>>| serde_json::to_string(shown).unwrap();
        assert_eq!(text(&Shown::hidden()), r#"{"hidden":true}"#);
        assert_eq!(text(&Shown::value(None)), r#"{"value":null}"#);
        assert_eq!(text(&Shown::value(Some("Amina"))), r#"{"value":"Amina"}"#);
    }
}
