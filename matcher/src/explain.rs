//! Why a pair scores as it does, one line per piece of evidence, in words a reviewer can check.

use serde::Serialize;

use crate::Score;

/// A score with its reasons. The weights of the lines add up to the weight of the score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The score explained.
    pub score: Score,
    /// One line per field, fields that are not recorded included.
    pub lines: Vec<Line>,
    /// What the lines say together, where that is more than their sum.
    pub verdict: Option<Verdict>,
}

/// What the evidence says together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Surname, parents and origin agree while given name, age or sex do not: a useful lead to the family.
    SameFamilyAnotherPerson,
}

impl Verdict {
    /// The stable code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SameFamilyAnotherPerson => "same_family_another_person",
        }
    }

    /// Plain English.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::SameFamilyAnotherPerson => "same family, another person",
        }
    }
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The field compared.
    pub field: FieldName,
    /// Stable code of the rung reached, such as `given_name.same`.
    pub level: &'static str,
    /// The rung in plain English.
    pub label: &'static str,
    /// Bits for (positive) or against (negative) this being one person; 0 where nothing was recorded.
    pub weight: f32,
    /// What the tracing request says.
    pub request_value: Option<String>,
    /// What the contact record says.
    pub contact_value: Option<String>,
}

/// A field of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldName {
    /// Given names, nicknames included.
    GivenName,
    /// Family names.
    FamilyName,
    /// The father's name.
    Father,
    /// The mother's name.
    Mother,
    /// Sex.
    Sex,
    /// Birth or age.
    Birth,
    /// Nationality.
    Nationality,
    /// Place of origin or birth.
    Origin,
    /// Last known place against where the person was met.
    Route,
    /// Last contact against the day the person was met.
    Time,
    /// Telephone numbers.
    Phone,
    /// Relatives and companions.
    Relatives,
    /// Whether the agreement proves the person or only the family.
    Household,
}

impl FieldName {
    /// Every field, in the order an explanation lists them.
    pub const ALL: [Self; 13] = [
        Self::GivenName,
        Self::FamilyName,
        Self::Father,
        Self::Mother,
        Self::Sex,
        Self::Birth,
        Self::Nationality,
        Self::Origin,
        Self::Route,
        Self::Time,
        Self::Phone,
        Self::Relatives,
        Self::Household,
    ];

    /// The stable code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Father => "father",
            Self::Mother => "mother",
            Self::Sex => "sex",
            Self::Birth => "birth",
            Self::Nationality => "nationality",
            Self::Origin => "origin",
            Self::Route => "route",
            Self::Time => "time",
            Self::Phone => "phone",
            Self::Relatives => "relatives",
            Self::Household => "household",
        }
    }
}
