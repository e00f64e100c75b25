//! The endings that take two people: a death or a detention is stated with its source, waits, and takes effect when
//! somebody else confirms it. While it waits, the request stands where it stood, and so does what the enquirer
//! may know.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroize;

use super::closing::{Closing, Outcome, Released, Told};
use crate::kernel::{ApiError, Invalid, Wrong, clean, codes, invalid};
use crate::vault::{Holds, Json, RequestEnding};

codes! {
    /// Where a stated ending stands.
    pub EndingState {
        /// For a reviewer who did not state it.
        Waiting = "waiting",
        Confirmed = "confirmed",
        /// With a reason, which stands in the log of what was done.
        SentBack = "sent_back",
    }
}

/// What was stated, as sealed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Zeroize)]
pub struct Stated {
    pub outcome: Closing,
    pub told: Closing,
    pub source: String,
}

impl Holds for RequestEnding {
    type Value = Json<Stated>;
}

impl Stated {
    /// What must have been released before it may be told as stated.
    pub fn rests_on(&self) -> Option<Released> {
        Told::parse(&self.told.code).and_then(Told::rests_on)
    }
}

/// A closing form, checked: it ends the request, or waits for a second person.
pub enum Ending {
    Now { outcome: Closing, told: Closing },
    ByTwo(Stated),
}

impl Ending {
    /// # Errors
    /// What the enquirer hears does not go with the outcome; the source is missing, or not asked for; a text is too long.
    pub fn parse(
        outcome: Outcome,
        told: Told,
        note: Option<&str>,
        source: Option<&str>,
    ) -> Result<Self, ApiError> {
        let mut problems = Invalid::default();
        let note = problems.take(clean("note", note.unwrap_or_default(), 1000)).flatten();
        let source = problems.take(clean("source", source.unwrap_or_default(), 1000)).flatten();
        problems.ok()?;
        if !outcome.may_tell().contains(&told) {
            let accepted: Vec<_> = outcome.may_tell().iter().map(|told| told.code()).collect();
            let problem = format!("does not go with this outcome; accepted: {}", accepted.join(", "));
            return Err(invalid("told", Wrong::NotAChoice.says(problem)));
        }
        let outcome_words = Closing { code: outcome.code().into(), note: note.unwrap_or_default() };
        let told = Closing { code: told.code().into(), note: String::new() };
        match (outcome.takes_two(), source) {
            (true, Some(source)) => Ok(Self::ByTwo(Stated { outcome: outcome_words, told, source })),
            (false, None) => Ok(Self::Now { outcome: outcome_words, told }),
            (true, None) => {
                let missing = "is missing; say who told of it, and how they know";
                Err(invalid("source", Wrong::Missing.says(missing)))
            }
            (false, Some(_)) => {
                let not_here = "is asked for a death or a detention only";
                Err(invalid("source", Wrong::NotHere.says(not_here)))
            }
        }
    }
}

/// A stated ending goes back to whoever works on the request.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendBackForm {
    /// The version of the request that was read.
    #[schema(minimum = 1)]
    pub version: i64,
    /// Why, for the file.
    #[schema(max_length = 1000)]
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(outcome: Outcome, told: Told, source: Option<&str>) -> Result<Ending, String> {
        Ending::parse(outcome, told, None, source).map_err(|error| match error {
            ApiError::Invalid(problems) => problems.0.into_iter().map(|problem| problem.field).collect(),
            other => other.code().into(),
        })
    }

    #[test]
    fn a_death_and_a_detention_take_two_and_a_source_and_nothing_else_does() {
        for outcome in Outcome::ALL {
            let told = Told::SearchContinues;
            let (alone, sourced) = (parse(*outcome, told, None), parse(*outcome, told, Some("a priest")));
            if matches!(outcome, Outcome::Deceased | Outcome::InDetention) {
                assert_eq!(alone.err().as_deref(), Some("source"), "{outcome}");
                assert!(matches!(sourced, Ok(Ending::ByTwo(_))), "{outcome}");
            } else {
                assert!(matches!(alone, Ok(Ending::Now { .. })), "{outcome}");
                assert_eq!(sourced.err().as_deref(), Some("source"), "{outcome}");
            }
        }
        assert_eq!(parse(Outcome::Deceased, Told::InPerson, Some("  ")).err().as_deref(), Some("source"));
    }

    #[test]
    fn only_a_detention_is_told_as_the_found_person_agreed() {
        for outcome in Outcome::ALL {
            let as_agreed = outcome.may_tell().iter().any(|told| told.rests_on().is_some());
            assert_eq!(as_agreed, *outcome == Outcome::InDetention, "{outcome}");
        }
        let stated = parse(Outcome::InDetention, Told::InPersonAsAgreed, Some("the delegate"));
        let Ok(Ending::ByTwo(stated)) = stated else { panic!("takes two") };
        assert_eq!(stated.rests_on(), Some(Released::Location));
    }
}
