//! A referral as it is written: the form from outside is parsed here into what the store accepts. There is no field for
//! what happened to the person: who refers does not investigate.

use std::collections::BTreeSet;

use chrono::Duration;
use serde::Deserialize;
use utoipa::ToSchema;

use super::fields::DisclosedField;
use super::states::State;
use crate::kernel::{
    BoundedText, Invalid, PersonId, PointId, ProviderId, SocietyId, Timestamp, Wrong, codes,
};
use crate::vault::{Holds, ReferralNeed};

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
        let wrong = |prefix: &str| {
            Invalid::at(
                "receiver.id",
                Wrong::NotAnId.says(format!("expected an id that starts with {prefix}_")),
            )
        };
        match kind {
            ReceiverKind::Society => id.parse().map(Self::Society).map_err(|_| wrong(SocietyId::PREFIX)),
            ReceiverKind::Point => id.parse().map(Self::Point).map_err(|_| wrong(PointId::PREFIX)),
            ReceiverKind::Provider => id.parse().map(Self::Provider).map_err(|_| wrong(ProviderId::PREFIX)),
        }
    }
}

impl std::str::FromStr for Receiver {
    type Err = Invalid;

    /// By its prefix: a choice in a form is one id.
    fn from_str(id: &str) -> Result<Self, Invalid> {
        let kind = match id.split_once('_').map(|(prefix, _)| prefix) {
            Some(SocietyId::PREFIX) => ReceiverKind::Society,
            Some(PointId::PREFIX) => ReceiverKind::Point,
            Some(ProviderId::PREFIX) => ReceiverKind::Provider,
            _ => return Err(Invalid::at("receiver", Wrong::Missing.says("is missing; choose one"))),
        };
        Self::parse(kind, id)
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
            problems.note("fields", Wrong::Twice.says("names a field twice; each is listed once"));
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

impl Holds for ReferralNeed {
    type Value = String;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Day;

    fn today() -> Day {
        Day::parse("2026-06-15").unwrap()
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
    fn what_is_late_depends_on_how_far_it_has_come() {
        let sent = today().start();
        let due = Urgency::Emergency.due(sent);
        let after = |hours: i64| sent.plus(Duration::hours(hours));
        assert_eq!(late(State::Sent, &due, after(2)), []);
        assert_eq!(late(State::Sent, &due, after(3)), [Late::Acknowledgement]);
        assert_eq!(late(State::Acknowledged, &due, after(3)), []);
        assert_eq!(late(State::Accepted, &due, after(25)), [Late::Service]);
        assert_eq!(late(State::ServiceStarted, &due, after(25)), []);
        assert_eq!(late(State::Sent, &due, after(73)), Late::ALL);
        assert_eq!(late(State::Completed, &due, after(73)), [Late::FollowUp]);
        for over in
            State::ALL.iter().filter(|s| !s.is_open() && !matches!(s, State::Rejected | State::NoResponse))
        {
            assert_eq!(late(*over, &due, after(1000)), [], "{over}");
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
