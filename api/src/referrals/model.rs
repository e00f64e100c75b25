//! A referral as it is written and as it ends: forms from outside are parsed here into what the store accepts. There
//! is no field for what happened to the person: who refers does not investigate.

use std::collections::BTreeSet;

use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroize;

use super::fields::DisclosedField;
use super::states::{Asks, State, Step};
use crate::kernel::{BoundedText, Day, Invalid, PersonId, PointId, ProviderId, SocietyId, Timestamp, codes};
use crate::vault::{Holds, Json, ReferralNeed, ReferralNote, ReferralOutcome};

codes! {
    /// How soon the person must be served.
    pub Urgency {
        Emergency = "emergency",
        Urgent = "urgent",
        Normal = "normal",
    }
}

/// When each part of a referral must have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub acknowledged: Timestamp,
    pub served: Timestamp,
    pub followed_up: Timestamp,
}

impl Urgency {
    /// Served within 24 hours, 72 hours or 14 days, as the inter-agency form has it. The answer is due early
    /// enough to ask somebody else; the follow-up leaves the service time to show.
    pub fn due(self, sent: Timestamp) -> Due {
        let (acknowledged, served, followed_up) = match self {
            Self::Emergency => (Duration::hours(2), Duration::hours(24), Duration::hours(72)),
            Self::Urgent => (Duration::hours(24), Duration::hours(72), Duration::days(7)),
            Self::Normal => (Duration::days(3), Duration::days(14), Duration::days(28)),
        };
        Due {
            acknowledged: sent.plus(acknowledged),
            served: sent.plus(served),
            followed_up: sent.plus(followed_up),
        }
    }
}

codes! {
    /// What has not happened in time.
    pub Late {
        Acknowledgement = "acknowledgement",
        Service = "service",
        FollowUp = "follow_up",
    }
}

impl Late {
    /// The states in which this part is still to come.
    pub const fn states(self) -> &'static [State] {
        match self {
            Self::Acknowledgement => &[State::Sent],
            Self::Service => &[State::Sent, State::Acknowledged, State::Accepted],
            Self::FollowUp => &[
                State::Sent,
                State::Acknowledged,
                State::Accepted,
                State::ServiceStarted,
                State::Completed,
                State::Rejected,
                State::NoResponse,
            ],
        }
    }
}

/// Everything about a referral that has passed its time.
pub fn late(state: State, due: &Due, now: Timestamp) -> Vec<Late> {
    let times = [
        (Late::Acknowledgement, due.acknowledged),
        (Late::Service, due.served),
        (Late::FollowUp, due.followed_up),
    ];
    let passed = times.into_iter().filter(|(part, at)| *at < now && part.states().contains(&state));
    passed.map(|(part, _)| part).collect()
}

codes! {
    /// How the person gets there and the word gets through.
    pub Mode {
        WarmHandover = "warm_handover",
        Accompanied = "accompanied",
        Phone = "phone",
        SecureMessage = "secure_message",
        Paper = "paper",
    }
}

codes! {
    /// What somebody is referred for.
    pub Service {
        FirstAid = "first_aid",
        BasicMedical = "basic_medical",
        MaternalInfant = "maternal_infant",
        Immunisation = "immunisation",
        Mhpss = "mhpss",
        Food = "food",
        Water = "water",
        NfiHygiene = "nfi_hygiene",
        Clothing = "clothing",
        ShelterRest = "shelter_rest",
        Safehouse = "safehouse",
        SafeSpaceWomenChildren = "safe_space_women_children",
        ChildProtection = "child_protection",
        DisabilitySupport = "disability_support",
        LegalAssistance = "legal_assistance",
        FamilyMediation = "family_mediation",
        FamilyReunification = "family_reunification",
        RflTracing = "rfl_tracing",
        Cash = "cash",
        Voucher = "voucher",
        Livelihoods = "livelihoods",
        Education = "education",
        TransportReturn = "transport_return",
        Interpretation = "interpretation",
        Accompaniment = "accompaniment",
        Other = "other",
    }
}

impl Service {
    /// Asking for it already says something about somebody's health.
    pub const fn is_medical(self) -> bool {
        matches!(
            self,
            Self::FirstAid | Self::BasicMedical | Self::MaternalInfant | Self::Immunisation | Self::Mhpss
        )
    }
}

codes! {
    /// Which of the three kinds a receiver is.
    pub ReceiverKind {
        /// Another society of the network.
        Society = "society",
        /// A service point, of this or another society.
        Point = "point",
        /// An organisation outside the network, from the society's own directory.
        Provider = "provider",
    }
}

/// Who is to receive a referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    Society(SocietyId),
    Point(PointId),
    Provider(ProviderId),
}

impl Receiver {
    pub fn kind(self) -> ReceiverKind {
        match self {
            Self::Society(_) => ReceiverKind::Society,
            Self::Point(_) => ReceiverKind::Point,
            Self::Provider(_) => ReceiverKind::Provider,
        }
    }

    /// # Errors
    /// The text is not an id of the kind.
    pub fn parse(kind: ReceiverKind, id: &str) -> Result<Self, Invalid> {
        let wrong =
            |prefix: &str| Invalid::at("receiver.id", format!("expected an id that starts with {prefix}_"));
        match kind {
            ReceiverKind::Society => id.parse().map(Self::Society).map_err(|_| wrong(SocietyId::PREFIX)),
            ReceiverKind::Point => id.parse().map(Self::Point).map_err(|_| wrong(PointId::PREFIX)),
            ReceiverKind::Provider => id.parse().map(Self::Provider).map_err(|_| wrong(ProviderId::PREFIX)),
        }
    }
}

impl std::fmt::Display for Receiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Society(id) => id.fmt(f),
            Self::Point(id) => id.fmt(f),
            Self::Provider(id) => id.fmt(f),
        }
    }
}

/// Who is to receive it, as a program says it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiverForm {
    pub kind: ReceiverKind,
    /// `soc_…`, `hsp_…` or `prv_…`, by the kind.
    #[schema(min_length = 36, max_length = 36)]
    pub id: String,
}

/// A referral to be drafted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferralForm {
    #[schema(value_type = String, pattern = "^per_[0-9a-f]{32}$")]
    pub person: PersonId,
    pub receiver: ReceiverForm,
    pub urgency: Urgency,
    pub service: Service,
    pub mode: Mode,
    #[serde(default)]
    pub escort_needed: bool,
    /// Exactly what is to leave; each field needs a consent that covers it.
    #[schema(max_items = 20)]
    pub fields: Vec<DisclosedField>,
    /// What the person needs, in a few words; leaves only if `need` is among the fields.
    #[schema(min_length = 1, max_length = 2000)]
    pub need: String,
}

/// What a person needs, as written down.
pub type Need = BoundedText<2000>;

/// A parsed draft.
pub struct NewReferral {
    pub person: PersonId,
    pub receiver: Receiver,
    pub urgency: Urgency,
    pub service: Service,
    pub mode: Mode,
    pub escort_needed: bool,
    pub fields: BTreeSet<DisclosedField>,
    pub need: Need,
}

impl TryFrom<ReferralForm> for NewReferral {
    type Error = Invalid;

    fn try_from(form: ReferralForm) -> Result<Self, Invalid> {
        let mut problems = Invalid::default();
        let receiver = problems.take(Receiver::parse(form.receiver.kind, &form.receiver.id));
        let need = problems.take(Need::parse("need", &form.need));
        let fields: BTreeSet<_> = form.fields.iter().copied().collect();
        if fields.len() != form.fields.len() {
            problems.note("fields", "names a field twice; each is listed once");
        }
        let (Some(receiver), Some(need)) = (receiver, need) else { return Err(problems) };
        problems.ok()?;
        Ok(Self {
            person: form.person,
            receiver,
            urgency: form.urgency,
            service: form.service,
            mode: form.mode,
            escort_needed: form.escort_needed,
            fields,
            need,
        })
    }
}

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

/// How it ended, sealed as one value.
#[derive(Clone, Default, Serialize, Deserialize, Zeroize, ToSchema)]
pub struct Ending {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<OutcomeForm>,
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
    pub note: Option<String>,
    pub ending: Ending,
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
                problems.note("follow_up.on", "is not a day; YYYY-MM-DD is taken, not in the future");
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
        let ending = Ending { outcome, follow_up };
        Ok(Self { step: form.step, version: form.version, reason: form.reason, note, ending })
    }

    /// Everything that is asked is there, and nothing else.
    ///
    /// # Errors
    /// Names each part that is missing or not taken.
    pub fn fits(&self, asks: Asks) -> Result<(), Invalid> {
        let mut problems = Invalid::default();
        let parts = [
            ("reason", asks.reason, self.reason.is_some()),
            ("outcome", asks.outcome, self.ending.outcome.is_some()),
            ("follow_up", asks.follow_up, self.ending.follow_up.is_some()),
        ];
        for (field, asked, given) in parts {
            match (asked, given) {
                (true, false) if field == "reason" => problems.note(field, accepted_reasons(self.step)),
                (true, false) => problems.note(field, "is missing; this step asks for it"),
                (false, true) => problems.note(field, "is not taken with this step"),
                _ => {}
            }
        }
        problems.ok()
    }
}

fn accepted_reasons(step: Step) -> String {
    let codes: Vec<_> = Reason::accepted(step).iter().map(|reason| reason.code()).collect();
    if codes.is_empty() {
        "is not taken with this step".into()
    } else {
        format!("accepted: {}", codes.join(", "))
    }
}

fn note(field: &str, text: Option<&str>) -> Result<Option<String>, Invalid> {
    Ok(Note::optional(field, text)?.map(|note| note.as_str().to_owned()))
}

impl Holds for ReferralNeed {
    type Value = String;
}

impl Holds for ReferralOutcome {
    type Value = Json<Ending>;
}

impl Holds for ReferralNote {
    type Value = Option<String>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referrals::states::MOVES;

    fn today() -> Day {
        Day::parse("2026-06-15").unwrap()
    }

    fn form(step: Step) -> StepForm {
        StepForm { step, version: 1, reason: None, note: None, outcome: None, follow_up: None }
    }

    #[test]
    fn service_is_due_within_a_day_three_days_or_two_weeks() {
        let sent = today().start();
        let hours = |urgency: Urgency| (urgency.due(sent).served.micros() - sent.micros()) / 3_600_000_000;
        assert_eq!(Urgency::ALL.iter().map(|u| hours(*u)).collect::<Vec<_>>(), [24, 72, 14 * 24]);
        for urgency in Urgency::ALL {
            let due = urgency.due(sent);
            assert!(sent < due.acknowledged && due.acknowledged < due.served && due.served < due.followed_up);
        }
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

    #[test]
    fn a_receiver_is_named_by_an_id_of_its_kind() {
        let id = "soc_0190b5a8c0007abc8def0123456789ab";
        assert!(Receiver::parse(ReceiverKind::Society, id).is_ok());
        for kind in [ReceiverKind::Point, ReceiverKind::Provider] {
            assert_eq!(Receiver::parse(kind, id).unwrap_err().0[0].field, "receiver.id");
        }
    }
}
