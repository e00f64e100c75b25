//! How searches and decisions come in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroize;

use super::codes::Reason;
use crate::kernel::{Invalid, Wrong, clean};
use crate::people::PersonForm;
use crate::requests::Released;
use crate::vault::{CandidateNote, Holds, Json};

/// A question to the index: who somebody is, never where or when. Nothing of it is kept.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchForm {
    /// Whoever is looked for, as far as known; a name or a telephone number is needed.
    pub person: PersonForm,
}

/// A decision that needs no more words than its version.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionForm {
    /// The version that was read.
    #[schema(minimum = 1)]
    pub version: i64,
    /// For the file; sealed.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// A rejection or an undoing: both say why.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonedForm {
    #[schema(minimum = 1)]
    pub version: i64,
    pub reason: Reason,
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// The check of the relation, with both sides.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyForm {
    #[schema(minimum = 1)]
    pub version: i64,
    pub checks: Checks,
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// What was checked before a relation counts as verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Checks {
    #[serde(default)]
    pub enquirer_interviewed: bool,
    #[serde(default)]
    pub found_person_interviewed: bool,
    /// Facts asked of each side apart from the other agree.
    #[serde(default)]
    pub separate_facts_agree: bool,
    #[serde(default)]
    pub documents_checked: bool,
    /// For a minor: the best-interest assessment is recorded.
    #[serde(default)]
    pub best_interest_assessed: bool,
}

impl Checks {
    /// # Errors
    /// Which check is missing.
    pub fn suffice(&self) -> Result<(), Invalid> {
        let mut problems = Invalid::default();
        if !self.enquirer_interviewed {
            problems.note(
                "checks.enquirer_interviewed",
                Wrong::NotEnoughToVerify.says("is needed before a relation counts as verified"),
            );
        }
        if !self.found_person_interviewed {
            problems.note(
                "checks.found_person_interviewed",
                Wrong::NotEnoughToVerify.says("is needed before a relation counts as verified"),
            );
        }
        if !self.separate_facts_agree && !self.documents_checked {
            problems.note(
                "checks.separate_facts_agree",
                Wrong::NotEnoughToVerify
                    .says("is needed, or documents_checked, before a relation counts as verified"),
            );
        }
        problems.ok()
    }

    /// What a child's location additionally asks for: both interviews, facts, documents, and the assessment.
    pub fn suffice_for_a_child(&self) -> bool {
        self.enquirer_interviewed
            && self.found_person_interviewed
            && self.separate_facts_agree
            && self.documents_checked
            && self.best_interest_assessed
    }
}

/// What the enquirer's side is to learn.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseForm {
    #[schema(minimum = 1)]
    pub version: i64,
    pub kind: Released,
}

/// An answer to another society that asks to see more.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessForm {
    #[schema(minimum = 1)]
    pub version: i64,
    pub grant: bool,
}

/// A decision's words, as sealed.
#[derive(Clone, Default, Serialize, Deserialize, Zeroize)]
pub struct DecisionNote {
    pub text: Option<String>,
    pub checks: Option<Checks>,
}

impl Holds for CandidateNote {
    type Value = Json<DecisionNote>;
}

impl DecisionNote {
    /// # Errors
    /// The text is too long or holds control characters.
    pub fn parse(text: Option<&str>, checks: Option<Checks>) -> Result<Self, Invalid> {
        Ok(Self { text: clean("note", text.unwrap_or_default(), 2000)?, checks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relation_is_verified_with_both_sides_and_a_childs_place_asks_for_more() {
        assert!(Checks::default().suffice().is_err());
        let enough = Checks {
            enquirer_interviewed: true,
            found_person_interviewed: true,
            separate_facts_agree: true,
            ..Checks::default()
        };
        assert!(enough.suffice().is_ok());
        assert!(!enough.suffice_for_a_child());
        let all = Checks { documents_checked: true, best_interest_assessed: true, ..enough };
        assert!(all.suffice_for_a_child());
    }
}
