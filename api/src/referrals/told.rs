//! What a step is told: a reason, an outcome, a follow-up with the person. Forms in, domain out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroize;

use super::states::{Asks, Step};
use crate::kernel::{BoundedText, Day, Fault, Invalid, Wrong, codes};
use crate::vault::{Holds, Json, ReferralNote, ReferralOutcome};

codes! {
    /// Why a referral ends otherwise than by a service: codes only, no account of what happened.
    pub Reason {
        NoCapacity = "no_capacity",
        NotEligible = "not_eligible",
        ServiceNotAvailable = "service_not_available",
        WrongReceiver = "wrong_receiver",
        NotSafeHere = "not_safe_here",
        NeedMetElsewhere = "need_met_elsewhere",
        FearOfHarm = "fear_of_harm",
        WantsToTellThemself = "wants_to_tell_themself",
        DoesNotWantService = "does_not_want_service",
        ConsentWithdrawn = "consent_withdrawn",
        PersonLeft = "person_left",
        Mistake = "mistake",
        Other = "other",
    }
}

impl Reason {
    /// The reasons that fit a step; none where it asks for no reason.
    pub const fn accepted(step: Step) -> &'static [Self] {
        match step {
            Step::Reject => &[
                Self::NoCapacity,
                Self::NotEligible,
                Self::ServiceNotAvailable,
                Self::WrongReceiver,
                Self::NotSafeHere,
                Self::Other,
            ],
            Step::Decline => &[
                Self::FearOfHarm,
                Self::WantsToTellThemself,
                Self::DoesNotWantService,
                Self::NeedMetElsewhere,
                Self::Other,
            ],
            Step::Cancel | Step::Revoke => &[
                Self::ConsentWithdrawn,
                Self::NeedMetElsewhere,
                Self::PersonLeft,
                Self::NotSafeHere,
                Self::Mistake,
                Self::Other,
            ],
            _ => &[],
        }
    }
}

codes! {
    /// How the service ended.
    pub Outcome {
        ServiceProvided = "service_provided",
        ProvidedInPart = "provided_in_part",
        AlreadyReceivedElsewhere = "already_received_elsewhere",
        NotApplicable = "not_applicable",
        DeclinedByPerson = "declined_by_person",
        ServiceUnavailable = "service_unavailable",
        PersonNotReached = "person_not_reached",
    }
}

codes! {
    /// How the person was asked afterwards.
    pub FollowUpBy {
        Meeting = "meeting",
        Phone = "phone",
        Message = "message",
        /// Tried, and the person could not be found.
        NotReached = "not_reached",
    }
}

codes! {
    /// What the person says of it.
    pub NeedMet {
        Yes = "yes",
        Partly = "partly",
        No = "no",
        Unknown = "unknown",
    }
}

/// How the service ended, as a program says it.
#[derive(Clone, Serialize, Deserialize, Zeroize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeForm {
    #[zeroize(skip)]
    pub code: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// The talk with the person afterwards.
#[derive(Clone, Serialize, Deserialize, Zeroize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowUpForm {
    #[zeroize(skip)]
    pub by: FollowUpBy,
    /// `YYYY-MM-DD`, not in the future.
    #[schema(format = Date)]
    pub on: String,
    #[zeroize(skip)]
    pub need_met: NeedMet,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// What was said at one step, sealed as one value.
#[derive(Clone, Default, Serialize, Deserialize, Zeroize, ToSchema)]
pub struct Said {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<FollowUpForm>,
}

/// One step, as a program says it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepForm {
    pub step: Step,
    /// The version of the referral that was looked at.
    #[schema(minimum = 1)]
    pub version: i64,
    /// Asked for when rejecting, declining, cancelling or revoking.
    #[serde(default)]
    pub reason: Option<Reason>,
    /// For the sender's own file; never part of the copy.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    /// Asked for when completing, and when closing what was never completed.
    #[serde(default)]
    pub outcome: Option<OutcomeForm>,
    /// Asked for when closing, unless the receiver rejected.
    #[serde(default)]
    pub follow_up: Option<FollowUpForm>,
}

/// A note of at most two thousand characters.
type Note = BoundedText<2000>;

/// A parsed step.
pub struct Told {
    pub step: Step,
    pub version: i64,
    pub reason: Option<Reason>,
    pub outcome: Option<OutcomeForm>,
    pub said: Said,
}

impl Told {
    /// # Errors
    /// Notes that are not plain text, a day that does not exist or lies ahead, a reason that does not fit the step.
    pub fn parse(form: StepForm, today: Day) -> Result<Self, Invalid> {
        let mut problems = Invalid::default();
        let note = problems.take(note("note", form.note.as_deref())).flatten();
        let outcome = form.outcome.map(|outcome| OutcomeForm {
            code: outcome.code,
            note: problems.take(self::note("outcome.note", outcome.note.as_deref())).flatten(),
        });
        let follow_up = form.follow_up.map(|talk| {
            if Day::parse(&talk.on).is_none_or(|on| on > today) {
                problems.note(
                    "follow_up.on",
                    Wrong::NotADayPast.says("is not a day; YYYY-MM-DD is taken, not in the future"),
                );
            }
            FollowUpForm {
                note: problems.take(self::note("follow_up.note", talk.note.as_deref())).flatten(),
                ..talk
            }
        });
        if form.reason.is_some_and(|reason| !Reason::accepted(form.step).contains(&reason)) {
            problems.note("reason", accepted_reasons(form.step));
        }
        problems.ok()?;
        let said = Said { note, follow_up };
        Ok(Self { step: form.step, version: form.version, reason: form.reason, outcome, said })
    }

    /// Everything that is asked is there, and nothing else.
    ///
    /// # Errors
    /// Names each part that is missing or not taken.
    pub fn fits(&self, asks: Asks) -> Result<(), Invalid> {
        let mut problems = Invalid::default();
        let parts = [
            ("reason", asks.reason, self.reason.is_some()),
            ("outcome", asks.outcome, self.outcome.is_some()),
            ("follow_up", asks.follow_up, self.said.follow_up.is_some()),
        ];
        for (field, asked, given) in parts {
            match (asked, given) {
                (true, false) if field == "reason" => problems.note(field, accepted_reasons(self.step)),
                (true, false) => {
                    problems.note(field, Wrong::Missing.says("is missing; this step asks for it"))
                }
                (false, true) => problems.note(field, Wrong::NotHere.says("is not taken with this step")),
                _ => {}
            }
        }
        problems.ok()
    }
}

fn accepted_reasons(step: Step) -> Fault {
    let codes: Vec<_> = Reason::accepted(step).iter().map(|reason| reason.code()).collect();
    if codes.is_empty() {
        Wrong::NotHere.says("is not taken with this step")
    } else {
        Wrong::NotAChoice.says(format!("accepted: {}", codes.join(", ")))
    }
}

fn note(field: &str, text: Option<&str>) -> Result<Option<String>, Invalid> {
    Ok(Note::optional(field, text)?.map(|note| note.as_str().to_owned()))
}

impl Holds for ReferralOutcome {
    type Value = Json<Option<OutcomeForm>>;
}

impl Holds for ReferralNote {
    type Value = Json<Said>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referrals::states::{MOVES, State};

    fn today() -> Day {
        Day::parse("2026-06-15").unwrap()
    }

    fn form(step: Step) -> StepForm {
        StepForm { step, version: 1, reason: None, note: None, outcome: None, follow_up: None }
    }

    #[test]
    fn a_step_is_told_exactly_what_it_asks() {
        for (from, step, _) in MOVES {
            let asks = step.asks(*from);
            let bare = Told::parse(form(*step), today()).unwrap();
            assert_eq!(bare.fits(asks).is_ok(), !(asks.reason || asks.outcome || asks.follow_up));
            let full = StepForm {
                reason: asks.reason.then(|| Reason::accepted(*step)[0]),
                outcome: asks.outcome.then_some(OutcomeForm { code: Outcome::ServiceProvided, note: None }),
                follow_up: asks.follow_up.then(|| FollowUpForm {
                    by: FollowUpBy::Phone,
                    on: "2026-06-15".into(),
                    need_met: NeedMet::Yes,
                    note: None,
                }),
                ..form(*step)
            };
            assert!(Told::parse(full, today()).unwrap().fits(asks).is_ok(), "{step} from {from}");
        }
        let chatty = StepForm {
            outcome: Some(OutcomeForm { code: Outcome::ServiceProvided, note: None }),
            ..form(Step::Acknowledge)
        };
        let refused = Told::parse(chatty, today()).unwrap().fits(Step::Acknowledge.asks(State::Sent));
        assert_eq!(refused.unwrap_err().0[0].field, "outcome");
    }

    #[test]
    fn a_reason_must_fit_the_step_and_a_follow_up_has_happened() {
        let odd = StepForm { reason: Some(Reason::Mistake), ..form(Step::Reject) };
        assert!(Told::parse(odd, today()).err().unwrap().0[0].problem.contains("no_capacity"));
        let ahead = StepForm {
            follow_up: Some(FollowUpForm {
                by: FollowUpBy::Phone,
                on: "2026-06-16".into(),
                need_met: NeedMet::Yes,
                note: None,
            }),
            ..form(Step::Close)
        };
        assert_eq!(Told::parse(ahead, today()).err().unwrap().0[0].field, "follow_up.on");
    }

    #[test]
    fn every_reason_is_of_use_somewhere() {
        for reason in Reason::ALL {
            assert!(Step::ALL.iter().any(|step| Reason::accepted(*step).contains(reason)), "{reason}");
        }
    }
}
