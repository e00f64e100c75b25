//! Does a consent cover each field? One field, one kind of consent: sharing within the network for societies and
//! points, sharing with a partner for providers, and medical sharing for what tells of somebody's health. A yes counts
//! only while it is in force, within the limits its giver put on it, and when its giver suits the person.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::fields::DisclosedField;
use super::model::{ReceiverKind, Service};
use crate::consent::{ConsentKind, ConsentStatus, ConsentView, Restrictions, Subject};
use crate::kernel::{Invalid, Wrong, codes};

impl DisclosedField {
    /// The kind of consent that covers this field.
    pub fn consent(self, receiver: ReceiverKind, service: Service) -> ConsentKind {
        let medical = self == Self::Functioning || (self == Self::Need && service.is_medical());
        match receiver {
            _ if medical => ConsentKind::MedicalSharing,
            ReceiverKind::Society | ReceiverKind::Point => ConsentKind::ShareWithinNetwork,
            ReceiverKind::Provider => ConsentKind::ShareWithPartner,
        }
    }
}

/// The kinds that a set of fields needs.
pub fn kinds(
    fields: &BTreeSet<DisclosedField>,
    receiver: ReceiverKind,
    service: Service,
) -> BTreeSet<ConsentKind> {
    fields.iter().map(|field| field.consent(receiver, service)).collect()
}

codes! {
    /// Whether a field may leave, and if not, why.
    pub Standing {
        Covered = "covered",
        NotAsked = "not_asked",
        /// Refused or not possible.
        NotGiven = "not_given",
        Withdrawn = "withdrawn",
        Expired = "expired",
        /// The person limited it to others.
        OtherReceiver = "other_receiver",
        /// For a minor, or somebody who may be one: whoever said yes cannot say it for them.
        GiverUnsuitable = "giver_unsuitable",
    }
}

/// One field and the consent that would cover it.
#[derive(Clone, Serialize, ToSchema)]
pub struct FieldCoverage {
    pub field: DisclosedField,
    pub consent: ConsentKind,
    pub standing: Standing,
    /// What the person said about limits, in their words: read it before sending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<String>,
}

/// Who would receive, as limits may name them.
pub struct Towards<'a> {
    pub kind: ReceiverKind,
    pub name: &'a str,
    pub country: &'a str,
}

/// Asks for each field what the newest answer of its kind says. `answers` holds the newest answer of each kind.
pub fn coverage(
    fields: impl IntoIterator<Item = DisclosedField>,
    answers: &[ConsentView],
    subject: Subject,
    towards: &Towards<'_>,
    service: Service,
) -> Vec<FieldCoverage> {
    let one = |field: DisclosedField| {
        let consent = field.consent(towards.kind, service);
        let newest = answers.iter().find(|answer| answer.kind == consent);
        let limits =
            newest.and_then(|answer| answer.restrictions.get()).and_then(|limits| limits.note.clone());
        FieldCoverage { field, consent, standing: standing(newest, subject, towards), limits }
    };
    fields.into_iter().map(one).collect()
}

fn standing(newest: Option<&ConsentView>, subject: Subject, towards: &Towards<'_>) -> Standing {
    let Some(answer) = newest else { return Standing::NotAsked };
    match answer.status {
        ConsentStatus::NotAsked => return Standing::NotAsked,
        ConsentStatus::Refused | ConsentStatus::NotPossible => return Standing::NotGiven,
        ConsentStatus::Withdrawn => return Standing::Withdrawn,
        ConsentStatus::Given if !answer.in_force => return Standing::Expired,
        ConsentStatus::Given => {}
    }
    // The person may have been taken for an adult when the answer was recorded; so it is asked again here.
    if !subject.accepts(answer.given_by, answer.assent) {
        return Standing::GiverUnsuitable;
    }
    // Limits that are hidden cannot be honoured, so they count as limits to somebody else.
    match answer.restrictions.get() {
        Some(limits) if allows(limits, towards) => Standing::Covered,
        _ => Standing::OtherReceiver,
    }
}

fn allows(limits: &Restrictions, towards: &Towards<'_>) -> bool {
    let same = |partner: &String| partner.trim().to_lowercase() == towards.name.trim().to_lowercase();
    let country = limits.countries.is_empty() || limits.countries.iter().any(|c| c == towards.country);
    let partner = limits.partners.is_empty() || limits.partners.iter().any(same);
    country && partner
}

/// Every field is covered.
///
/// # Errors
/// Names each field that is not, and the consent it needs.
pub fn all_covered(coverage: &[FieldCoverage]) -> Result<(), Invalid> {
    let mut problems = Invalid::default();
    for one in coverage.iter().filter(|one| one.standing != Standing::Covered) {
        let FieldCoverage { field, consent, standing, .. } = one;
        problems.note(
            format!("fields.{field}"),
            Wrong::ConsentNotGiven.says(format!("needs the consent {consent}, which is {standing}")),
        );
    }
    problems.ok()
}
