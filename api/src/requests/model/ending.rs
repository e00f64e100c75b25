//! The endings that take two people: a death or a detention is stated with its source and how sure that is, waits, and
//! takes effect when somebody else confirms it (R-05, R-06). While it waits, the request stands where it stood, and so
//! does what the enquirer may know.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroize;

use super::closing::{Closing, Released, Told};
use super::form::CloseForm;
use crate::kernel::{ApiError, Invalid, SoughtId, Wrong, clean, codes};
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

codes! {
    /// How sure the source of a death or a detention is, the surest first: what stands between the fact and whoever tells it.
    pub Confidence {
        /// A register, a certificate, a list of the detained: whoever wrote it answers for it.
        OfficialDocument = "official_document",
        SeenByTeller = "seen_by_teller",
        /// At second hand, from somebody who saw it.
        ToldByWitness = "told_by_witness",
        /// Nobody is known who saw it.
        Hearsay = "hearsay",
    }
}

/// What was stated, as sealed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Zeroize)]
pub struct Stated {
    pub outcome: Closing,
    pub told: Closing,
    pub source: String,
    /// Empty for what was stated before it was asked.
    #[serde(default)]
    #[zeroize(skip)]
    pub confidence: Option<Confidence>,
    /// Whom it is about; empty for what was stated before it was asked, of which nothing is told that rests on a release.
    #[serde(default)]
    #[zeroize(skip)]
    pub about: Option<SoughtId>,
}

impl Holds for RequestEnding {
    type Value = Json<Stated>;
}

impl Stated {
    /// Whether the enquirer would hear news.
    pub fn tells(&self) -> bool {
        self.told.tells()
    }

    /// What must have been released of whom it is about, before it may be told as stated.
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
    /// Whether the enquirer would hear news.
    pub fn tells(&self) -> bool {
        match self {
            Self::Now { told, .. } => told.tells(),
            Self::ByTwo(stated) => stated.tells(),
        }
    }

    /// `sought` are those whom the request seeks.
    ///
    /// # Errors
    /// What the enquirer hears does not go with the outcome; the source, how sure it is or whom it is about is missing, or
    /// not asked for; a text is too long.
    pub fn parse(form: CloseForm, sought: &[SoughtId]) -> Result<Self, ApiError> {
        let CloseForm { version: _, outcome, note, told, source, confidence, about } = form;
        let mut problems = Invalid::default();
        let note = problems.take(clean("note", &note.unwrap_or_default(), 1000)).flatten();
        let source = problems.take(clean("source", &source.unwrap_or_default(), 1000)).flatten();
        problems.ok()?;
        let mut problems = Invalid::default();
        if !outcome.may_tell().contains(&told) {
            let accepted: Vec<_> = outcome.may_tell().iter().map(|told| told.code()).collect();
            let problem = format!("does not go with this outcome; accepted: {}", accepted.join(", "));
            problems.note("told", Wrong::NotAChoice.says(problem));
        }
        let mut asked_of_two = |field, given, missing: String| match (outcome.takes_two(), given) {
            (true, false) => problems.note(field, Wrong::Missing.says(missing)),
            (false, true) => {
                problems.note(field, Wrong::NotHere.says("is asked for a death or a detention only"));
            }
            (true, true) | (false, false) => {}
        };
        asked_of_two("source", source.is_some(), "is missing; say who told of it, and how they know".into());
        let missing = format!("is missing; accepted: {}", Confidence::CODES.join(", "));
        asked_of_two("confidence", confidence.is_some(), missing);
        let only = if let [only] = sought { Some(*only) } else { None };
        let about = if outcome.takes_two() { about.or(only) } else { about };
        let missing = format!("is missing; say whom it is about: {}", listed(sought));
        asked_of_two("about", about.is_some(), missing);
        if about.is_some_and(|one| outcome.takes_two() && !sought.contains(&one)) {
            let problem = format!("is nobody whom this request seeks; accepted: {}", listed(sought));
            problems.note("about", Wrong::NotAChoice.says(problem));
        }
        problems.ok()?;
        let outcome = Closing { code: outcome.code().into(), note: note.unwrap_or_default() };
        let told = Closing { code: told.code().into(), note: String::new() };
        Ok(match source {
            Some(source) => Self::ByTwo(Stated { outcome, told, source, confidence, about }),
            None => Self::Now { outcome, told },
        })
    }
}

fn listed(sought: &[SoughtId]) -> String {
    sought.iter().map(SoughtId::to_string).collect::<Vec<_>>().join(", ")
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
    use super::super::closing::Outcome;
    use super::*;

    fn form(outcome: Outcome, told: Told) -> CloseForm {
        CloseForm { version: 1, outcome, note: None, told, source: None, confidence: None, about: None }
    }

    fn one() -> SoughtId {
        SoughtId::from_uuid(migrations::uuid::Uuid::from_u128(1))
    }

    fn other() -> SoughtId {
        SoughtId::from_uuid(migrations::uuid::Uuid::from_u128(2))
    }

    /// The fields that are refused in a request that seeks one person.
    fn refused(form: CloseForm) -> Vec<String> {
        refused_of(form, &[one()])
    }

    fn refused_of(form: CloseForm, sought: &[SoughtId]) -> Vec<String> {
        match Ending::parse(form, sought) {
            Ok(_) => Vec::new(),
            Err(ApiError::Invalid(problems)) => problems.0.into_iter().map(|problem| problem.field).collect(),
            Err(other) => vec![other.code().into()],
        }
    }

    #[test]
    fn a_death_and_a_detention_take_two_and_what_is_known_of_them_and_nothing_else_does() {
        for outcome in Outcome::ALL {
            let alone = form(*outcome, Told::SearchContinues);
            let sourced = CloseForm { source: Some("a priest".into()), ..alone.clone() };
            let weighed = CloseForm { confidence: Some(Confidence::Hearsay), ..alone.clone() };
            let both = CloseForm { confidence: Some(Confidence::Hearsay), ..sourced.clone() };
            let by_two = matches!(Ending::parse(both.clone(), &[one()]), Ok(Ending::ByTwo(_)));
            let now = matches!(Ending::parse(alone.clone(), &[one()]), Ok(Ending::Now { .. }));
            let told = [alone, sourced, weighed, both].map(refused);
            let none: [&str; 0] = [];
            if matches!(outcome, Outcome::Deceased | Outcome::InDetention) {
                assert_eq!((by_two, now), (true, false), "{outcome}");
                assert_eq!(told[0], ["source", "confidence"], "{outcome}");
                assert_eq!(
                    (&told[1][..], &told[2][..]),
                    (&["confidence".into()][..], &["source".into()][..])
                );
                assert_eq!(told[3], none, "{outcome}");
            } else {
                assert_eq!((by_two, now), (false, true), "{outcome}");
                assert_eq!(told[0], none, "{outcome}");
                assert_eq!(
                    (&told[1][..], &told[2][..]),
                    (&["source".into()][..], &["confidence".into()][..])
                );
                assert_eq!(told[3], ["source", "confidence"], "{outcome}");
            }
        }
        let blank = CloseForm { source: Some("  ".into()), ..form(Outcome::Deceased, Told::InPerson) };
        assert_eq!(refused(blank), ["source", "confidence"]);
    }

    #[test]
    fn of_several_whom_it_is_about_is_said_and_of_one_it_is_known() {
        let of = |about| CloseForm {
            source: Some("a priest".into()),
            confidence: Some(Confidence::Hearsay),
            about,
            ..form(Outcome::Deceased, Told::InPerson)
        };
        let about = |form, sought: &[SoughtId]| match Ending::parse(form, sought) {
            Ok(Ending::ByTwo(stated)) => stated.about,
            _ => None,
        };
        let none: [&str; 0] = [];
        assert_eq!(about(of(None), &[one()]), Some(one()));
        assert_eq!(refused_of(of(None), &[one(), other()]), ["about"]);
        assert_eq!(refused_of(of(None), &[]), ["about"]);
        assert_eq!(refused(of(Some(other()))), ["about"]);
        assert_eq!(refused_of(of(Some(other())), &[one(), other()]), none);
        assert_eq!(about(of(Some(other())), &[one(), other()]), Some(other()));
        let unasked = CloseForm { about: Some(one()), ..form(Outcome::Duplicate, Told::SearchEnded) };
        assert_eq!(refused(unasked), ["about"]);
    }

    #[test]
    fn what_was_stated_before_it_was_asked_is_read_as_not_asked() {
        let before = r#"{"outcome":{"code":"fate_clarified_deceased","note":""},
            "told":{"code":"told_in_person","note":""},"source":"a priest"}"#;
        let stated: Stated = serde_json::from_str(before).unwrap();
        assert_eq!((stated.source.as_str(), stated.confidence, stated.about), ("a priest", None, None));
    }

    #[test]
    fn only_a_detention_is_told_as_the_found_person_agreed() {
        for outcome in Outcome::ALL {
            let as_agreed = outcome.may_tell().iter().any(|told| told.rests_on().is_some());
            assert_eq!(as_agreed, *outcome == Outcome::InDetention, "{outcome}");
        }
        let stated = CloseForm {
            source: Some("the delegate".into()),
            confidence: Some(Confidence::SeenByTeller),
            ..form(Outcome::InDetention, Told::InPersonAsAgreed)
        };
        let Ok(Ending::ByTwo(stated)) = Ending::parse(stated, &[one()]) else { panic!("takes two") };
        assert_eq!(stated.rests_on(), Some(Released::Location));
    }
}
