//! What an answer shows of a person or a contact: each value present, or hidden from this role.

use serde::Serialize;
use utoipa::ToSchema;

use crate::hsp::Service;
use crate::kernel::{ContactId, Day, GroupId, PartialDate, PersonId, PointId, SocietyId, Timestamp};
use crate::people::model::*;
use crate::people::store::{ContactRow, PersonRow};
use crate::vault::Receipt;
use crate::web::Shown;

/// A person as far as the reader may see them.
#[derive(Clone, Serialize, ToSchema)]
pub struct PersonView {
    #[schema(value_type = String)]
    pub id: PersonId,
    /// May be told to strangers and printed: it says nothing.
    pub reference: String,
    pub kind: String,
    #[schema(value_type = String)]
    pub society: SocietyId,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub point: Option<PointId>,
    pub legal_basis: String,
    pub restricted: bool,
    /// `YYYY-MM-DD`.
    pub retention_until: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Hand this back with an edit.
    pub version: i64,
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
    pub phones: Shown<Vec<String>>,
    pub reach: Shown<Reachable>,
    pub functioning: Shown<Functioning>,
    pub protection: Shown<Protection>,
    /// Families and travelling groups; filled when one person is shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupView>,
}

/// A birth in the shape of its form.
#[derive(Clone, Default, Serialize, ToSchema)]
pub struct BirthView {
    /// `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_max: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_on: Option<String>,
    pub possibly_under_18: bool,
    /// Under 18, or possibly so.
    pub minor: bool,
}

impl BirthView {
    pub fn of(birth: &Birth, today: Day) -> Self {
        let base = Self {
            possibly_under_18: birth.possibly_under_18,
            minor: birth.is_minor_on(today),
            ..Self::default()
        };
        match birth.born {
            None => base,
            Some(PartialDate::Day { year, month, day, estimated }) => Self {
                date: Some(format!("{year:04}-{month:02}-{day:02}")),
                estimated: Some(estimated),
                ..base
            },
            Some(PartialDate::Month { year, month }) => {
                Self { date: Some(format!("{year:04}-{month:02}")), ..base }
            }
            Some(PartialDate::Year { year, about }) => {
                Self { date: Some(format!("{year:04}")), estimated: Some(about), ..base }
            }
            Some(PartialDate::AgeOn { min, max, on_year, on_month, on_day }) => Self {
                age: Some(min),
                age_max: Some(max),
                age_on: Some(format!("{on_year:04}-{on_month:02}-{on_day:02}")),
                ..base
            },
        }
    }
}

/// A family or travelling group, and who is in it.
#[derive(Clone, Serialize, ToSchema)]
pub struct GroupView {
    #[schema(value_type = String)]
    pub id: GroupId,
    pub kind: String,
    pub members: Vec<MemberView>,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct MemberView {
    #[schema(value_type = String)]
    pub person: PersonId,
    pub role: String,
}

impl GroupView {
    /// Rows come ordered by group.
    pub(super) fn gather(rows: Vec<(GroupId, String, PersonId, String)>) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for (id, kind, person, role) in rows {
            let member = MemberView { person, role };
            match groups.last_mut().filter(|group| group.id == id) {
                Some(group) => group.members.push(member),
                None => groups.push(Self { id, kind, members: vec![member] }),
            }
        }
        groups
    }
}

impl PersonView {
    /// `person` is what the receipt opened of `row`.
    pub fn of(row: &PersonRow, person: &NewPerson, receipt: &Receipt, today: Day) -> Self {
        /// Hidden where the receipt does not open the field's class.
        fn shown<T: Clone>(receipt: &Receipt, field: PersonField, value: &T) -> Shown<T> {
            if receipt.opens(field.class()) { Shown::value(value.clone()) } else { Shown::hidden() }
        }
        use PersonField as F;
        Self {
            id: row.id,
            reference: row.reference.clone(),
            kind: row.kind.clone(),
            society: row.society_id,
            point: row.point_id,
            legal_basis: row.legal_basis.clone(),
            restricted: row.restricted,
            retention_until: row.retention_until.clone(),
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            version: row.version,
            given_names: shown(receipt, F::GivenNames, &person.given_names),
            family_names: shown(receipt, F::FamilyNames, &person.family_names),
            full_name: shown(receipt, F::FullName, &person.full_name),
            original_script_name: shown(receipt, F::OriginalScriptName, &person.original_script_name),
            other_names: shown(receipt, F::OtherNames, &person.other_names),
            father_name: shown(receipt, F::FatherName, &person.father_name),
            mother_name: shown(receipt, F::MotherName, &person.mother_name),
            grandfather_name: shown(receipt, F::GrandfatherName, &person.grandfather_name),
            spouse_name: shown(receipt, F::SpouseName, &person.spouse_name),
            sex: shown(receipt, F::Sex, &person.sex),
            birth: shown(receipt, F::Birth, &BirthView::of(&person.birth, today)),
            nationalities: shown(receipt, F::Nationalities, &person.nationalities),
            languages: shown(receipt, F::Languages, &person.languages),
            description: shown(receipt, F::Description, &person.description),
            origin: shown(receipt, F::Origin, &person.origin),
            phones: shown(receipt, F::Phones, &person.phones),
            reach: shown(receipt, F::Reach, &person.reach),
            functioning: shown(receipt, F::Functioning, &person.functioning),
            protection: shown(receipt, F::Protection, &person.protection),
            groups: Vec::new(),
        }
    }
}

/// A contact as far as the reader may see it.
#[derive(Clone, Serialize, ToSchema)]
pub struct ContactView {
    #[schema(value_type = String)]
    pub id: ContactId,
    pub kind: String,
    /// `YYYY-MM-DD`.
    pub contact_on: String,
    #[schema(value_type = String)]
    pub point: PointId,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub person: Option<PersonId>,
    pub wants_contact: String,
    pub services: Vec<Service>,
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
    pub next_place: Shown<Option<Place>>,
    pub companions: Shown<Vec<Companion>>,
    pub note: Shown<Option<String>>,
}

/// One line of a list of contacts: nothing personal in it.
#[derive(Clone, Serialize, ToSchema)]
pub struct ContactLine {
    #[schema(value_type = String)]
    pub id: ContactId,
    pub kind: String,
    /// `YYYY-MM-DD`.
    pub contact_on: String,
    #[schema(value_type = String)]
    pub point: PointId,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub person: Option<PersonId>,
    pub services: Vec<Service>,
}

impl ContactLine {
    pub(super) fn of(row: &ContactRow, services: &[(ContactId, String)]) -> Self {
        Self {
            id: row.id,
            kind: row.kind.clone(),
            contact_on: row.contact_on.clone(),
            point: row.point_id,
            person: row.person_id,
            services: services_in(row.id, services),
        }
    }
}

pub(super) fn services_in(contact: ContactId, services: &[(ContactId, String)]) -> Vec<Service> {
    let own = services.iter().filter(|(id, _)| *id == contact);
    own.filter_map(|(_, code)| Service::parse(code)).collect()
}
