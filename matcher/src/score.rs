//! What a comparison comes to: a weight, a probability, a band.

use serde::{Deserialize, Serialize};

/// Which side of the search a record stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Sought persons of tracing requests.
    Requests,
    /// Persons met at service points.
    Contacts,
}

impl Side {
    /// The side a query against this side comes from.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Requests => Self::Contacts,
            Self::Contacts => Self::Requests,
        }
    }
}

/// How a pair compares. The same pair has the same score from both directions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Linkage weight: log2 of the Bayes factor of all evidence, in bits.
    pub weight: f32,
    /// Calibrated probability that both records are of one person, 0 to 1; absolute, so comparable across queries.
    pub probability: f32,
    /// What a reviewer should make of it.
    pub band: Band,
}

/// How a reviewer should read a candidate. Never a decision: nothing is merged or closed by a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Worth a look when there is nothing better.
    Weak,
    /// Worth a look.
    Possible,
    /// Look at this first. Names alone never reach it.
    Strong,
}

impl Band {
    /// One step down; weak stays weak.
    #[must_use]
    pub fn lowered(self) -> Self {
        match self {
            Self::Strong => Self::Possible,
            Self::Possible | Self::Weak => Self::Weak,
        }
    }

    /// The stable code: `strong`, `possible` or `weak`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Possible => "possible",
            Self::Weak => "weak",
        }
    }
}
