//! What people see of a pair: the explanation in named rungs, and values only where the class is open to them and the
//! society that met the person let them.

use matcher::{Explanation, FieldName, PlaceRole, Profile};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::*;
use crate::kernel::{AccountId, ActionId, CandidateId, PersonId, RequestId, SocietyId, SoughtId, Timestamp};
use crate::people::{BirthView, OtherName, PersonView, Place, Sex};
use crate::policy::Class;
use crate::vault::Receipt;
use crate::web::Shown;

/// Which class a line of the explanation quotes.
pub fn class_of(field: FieldName) -> Class {
    match field {
        FieldName::GivenName
        | FieldName::FamilyName
        | FieldName::Father
        | FieldName::Mother
        | FieldName::Sex
        | FieldName::Birth
        | FieldName::Nationality
        | FieldName::Origin
        | FieldName::Relatives
        | FieldName::Household
        | FieldName::Rivals => Class::Identity,
        FieldName::Phone => Class::Contact,
        // Where somebody was met, and when, would lead to them.
        FieldName::Route | FieldName::Time => Class::Location,
    }
}

/// Why a pair scores as it does.
#[derive(Clone, Serialize, ToSchema)]
pub struct ExplanationView {
    /// What the lines say together, where that is more than their sum: `same_family_another_person`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<&'static str>,
    pub lines: Vec<LineView>,
}

/// The level of a line that the reader may not know.
pub const HIDDEN: &str = "hidden";

/// One piece of evidence.
#[derive(Clone, Serialize, ToSchema)]
pub struct LineView {
    /// The field compared, such as `given_name`.
    pub field: &'static str,
    /// Stable code of the rung reached, such as `given_name.same`; `hidden` where the class is not open to the reader.
    pub level: &'static str,
    /// The rung in plain English.
    pub label: &'static str,
    /// Bits for (positive) or against (negative) this being one person. Absent in the reduced view and where the line
    /// is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f32>,
    pub request_value: Shown<Option<String>>,
    pub found_value: Shown<Option<String>>,
}

/// What may be compared of somebody. The family's last place compared with service points, by anybody who may set it,
/// would find the point from the score alone, so what may not be shown does not count either: on the side of
/// the family where and when somebody was last heard of, on the other where and when they were met.
pub fn telling(profile: Profile, location: bool) -> Profile {
    if location {
        return profile;
    }
    let leads = |place: &matcher::Place| matches!(place.role, PlaceRole::LastKnown | PlaceRole::SeenAt);
    let places = profile.places.into_iter().filter(|place| !leads(place)).collect();
    Profile { places, last_contact: None, seen_on: None, ..profile }
}

/// Puts an explanation into an answer. The receipts decide which values are shown; `None` for the found person's side
/// is the reduced view, in which no receipt could open anything. A line of a class that is not open says that there is
/// such a line and nothing else: what is alike is as telling as the value.
pub fn explain(explanation: Explanation, request: &Receipt, found: Option<&Receipt>) -> ExplanationView {
    let shown = |receipt: Option<&Receipt>, field, value: Option<String>| match receipt {
        Some(receipt) if receipt.opens(class_of(field)) => Shown::value(value),
        _ => Shown::hidden(),
    };
    let lines = explanation.lines.into_iter().map(|line| match request.opens(class_of(line.field)) {
        true => LineView {
            field: line.field.as_str(),
            level: line.level,
            label: line.label,
            weight: found.map(|_| line.weight),
            request_value: shown(Some(request), line.field, line.request_value),
            found_value: shown(found, line.field, line.contact_value),
        },
        false => LineView {
            field: line.field.as_str(),
            level: HIDDEN,
            label: "hidden",
            weight: None,
            request_value: Shown::hidden(),
            found_value: Shown::hidden(),
        },
    });
    ExplanationView { verdict: explanation.verdict.map(|v| v.as_str()), lines: lines.collect() }
}

/// One hit of a search.
#[derive(Clone, Serialize, ToSchema)]
pub struct HitView {
    /// The found person's reference; ask the responsible society with it.
    pub reference: String,
    /// The society that met the person.
    pub society: String,
    /// Among the other hits, as the probability is.
    pub band: BandCode,
    /// That this is the person, the other hits considered: of several who fit alike, at most one is. Absent when another
    /// society met the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f32>,
    /// Whether this is the reduced view of another society's record.
    pub reduced: bool,
    pub explanation: ExplanationView,
}

/// The answer to a search.
#[derive(Clone, Serialize, ToSchema)]
pub struct SearchView {
    /// At most ten, the likeliest first.
    pub hits: Vec<HitView>,
}

/// One candidate.
#[derive(Clone, Serialize, ToSchema)]
pub struct CandidateView {
    #[schema(value_type = String)]
    pub id: CandidateId,
    #[schema(value_type = String)]
    pub request: RequestId,
    pub request_reference: String,
    #[schema(value_type = String)]
    pub sought: SoughtId,
    pub state: CandidateState,
    pub access: Access,
    /// As far as the explanation goes: what is hidden from the reader in place and time does not count.
    pub band: BandCode,
    /// The same. Absent in the reduced view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// The found person's reference.
    pub reference: String,
    /// The society that met the found person.
    pub society: String,
    #[schema(value_type = String)]
    pub society_id: SocietyId,
    /// Which side's change made the pair.
    pub cause: Cause,
    /// The version of the parameters it was scored with.
    pub model: String,
    #[schema(value_type = String, format = DateTime)]
    pub generated_at: Timestamp,
    /// What may be done next, by whoever may do it.
    pub next: Vec<Deed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub proposed_by: Option<AccountId>,
    pub version: i64,
    /// Absent when one side cannot be compared any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<ExplanationView>,
}

/// One candidate with both people beside each other.
#[derive(Serialize, ToSchema)]
pub struct PairView {
    pub candidate: CandidateView,
    pub sought_person: FaceView,
    /// Absent in the reduced view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found_person: Option<FaceView>,
}

/// Who somebody is, for telling people apart, and nothing that would lead to them: no service point, no day, no
/// telephone number.
#[derive(Clone, Serialize, ToSchema)]
pub struct FaceView {
    pub reference: String,
    pub given_names: Shown<Option<String>>,
    pub family_names: Shown<Option<String>>,
    pub full_name: Shown<Option<String>>,
    pub original_script_name: Shown<Option<String>>,
    pub other_names: Shown<Vec<OtherName>>,
    pub father_name: Shown<Option<String>>,
    pub mother_name: Shown<Option<String>>,
    pub grandfather_name: Shown<Option<String>>,
    pub spouse_name: Shown<Option<String>>,
    pub sex: Shown<Option<Sex>>,
    pub birth: Shown<BirthView>,
    pub nationalities: Shown<Vec<String>>,
    pub languages: Shown<Vec<String>>,
    pub description: Shown<Option<String>>,
    pub origin: Shown<Option<Place>>,
}

impl From<PersonView> for FaceView {
    fn from(person: PersonView) -> Self {
        // The day an age was given is the day of the meeting.
        let birth = person.birth.map(|birth| BirthView { age_on: None, ..birth });
        Self {
            birth,
            reference: person.reference,
            given_names: person.given_names,
            family_names: person.family_names,
            full_name: person.full_name,
            original_script_name: person.original_script_name,
            other_names: person.other_names,
            father_name: person.father_name,
            mother_name: person.mother_name,
            grandfather_name: person.grandfather_name,
            spouse_name: person.spouse_name,
            sex: person.sex,
            nationalities: person.nationalities,
            languages: person.languages,
            description: person.description,
            origin: person.origin,
        }
    }
}

/// One decision in the history of a candidate.
#[derive(Clone, Serialize, ToSchema)]
pub struct EventView {
    #[schema(value_type = String)]
    pub id: ActionId,
    pub from: CandidateState,
    pub to: CandidateState,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The decision that this one took back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub undo_of: Option<ActionId>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Absent when the service did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub by: Option<AccountId>,
    pub note: Shown<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks: Option<Checks>,
}

/// Another society's wish to see more of somebody we met. Says nothing of whom they look for.
#[derive(Clone, Serialize, ToSchema)]
pub struct AskedView {
    #[schema(value_type = String)]
    pub id: CandidateId,
    pub request_reference: String,
    pub asking_society: String,
    /// The reference of the person we met.
    pub reference: String,
    #[schema(value_type = String)]
    pub person: PersonId,
    pub band: BandCode,
    pub version: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_and_when_somebody_was_met_is_never_an_identity() {
        for field in FieldName::ALL {
            let leads = matches!(field, FieldName::Route | FieldName::Time | FieldName::Phone);
            assert_eq!(class_of(field) != Class::Identity, leads, "{}", field.as_str());
        }
    }
}
