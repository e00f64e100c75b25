//! What the sealed columns of a person and of a contact hold.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::codes::{Care, Concern, Difficulty, NameKind, PersonField, Relation, RiskLevel, Sex};
use super::profile::SealedProfile;
use crate::kernel::{Day, PartialDate};
use crate::vault::*;

/// Another name somebody goes by.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ToSchema)]
pub struct OtherName {
    #[zeroize(skip)]
    pub kind: NameKind,
    pub name: String,
}

/// What is known of a birth.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
pub struct Birth {
    pub born: Option<PartialDate>,
    /// Somebody who saw the person thinks they may be under 18.
    pub possibly_under_18: bool,
}

impl Birth {
    /// Under 18, or possibly so: doubt protects.
    pub fn is_minor_on(&self, day: Day) -> bool {
        self.possibly_under_18 || self.born.is_some_and(|born| born.youngest_on(day) < 18)
    }
}

/// A place by name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ToSchema)]
pub struct Place {
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
}

/// How to reach somebody, telephone apart.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ToSchema)]
pub struct Reachable {
    pub address: Option<String>,
    pub email: Option<String>,
    pub messaging: Vec<Messaging>,
    /// When and how a message is safe.
    pub safe_use: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ToSchema)]
pub struct Messaging {
    pub service: String,
    pub handle: String,
}

/// Answers to the Washington Group Short Set. Nobody is asked about "disability" in that word.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Functioning {
    pub seeing: Option<Difficulty>,
    pub hearing: Option<Difficulty>,
    pub walking: Option<Difficulty>,
    pub remembering: Option<Difficulty>,
    pub self_care: Option<Difficulty>,
    pub communicating: Option<Difficulty>,
}

impl Functioning {
    /// At least one "a lot" or "cannot do at all".
    pub fn has_disability(&self) -> bool {
        [self.seeing, self.hearing, self.walking, self.remembering, self.self_care, self.communicating]
            .into_iter()
            .flatten()
            .any(|answer| matches!(answer, Difficulty::ALot | Difficulty::Cannot))
    }
}

impl Zeroize for Functioning {
    fn zeroize(&mut self) {
        *self = Self::default();
    }
}

/// What protects somebody, and from what.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ToSchema)]
pub struct Protection {
    #[zeroize(skip)]
    pub concerns: Vec<Concern>,
    #[zeroize(skip)]
    pub care: Option<Care>,
    #[zeroize(skip)]
    pub risk: Option<RiskLevel>,
    /// The adult with the child is part of the danger: their word does not count for the child.
    pub caregiver_implicated: bool,
    pub note: Option<String>,
}

/// Somebody the person travels with, as they said.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ToSchema)]
pub struct Companion {
    #[zeroize(skip)]
    pub relation: Relation,
    pub name: String,
}

/// Everything known of a person, checked and ready to be sealed. Zeroed on drop.
#[derive(Clone, Default, Zeroize, ZeroizeOnDrop)]
pub struct NewPerson {
    pub given_names: Option<String>,
    pub family_names: Option<String>,
    /// The whole name as it was written down, in any order.
    pub full_name: Option<String>,
    pub original_script_name: Option<String>,
    pub other_names: Vec<OtherName>,
    pub father_name: Option<String>,
    pub mother_name: Option<String>,
    pub grandfather_name: Option<String>,
    pub spouse_name: Option<String>,
    #[zeroize(skip)]
    pub sex: Option<Sex>,
    pub birth: Birth,
    /// ISO 3166-1 alpha-3.
    pub nationalities: Vec<String>,
    /// ISO 639.
    pub languages: Vec<String>,
    pub description: Option<String>,
    pub origin: Option<Place>,
    /// Digits, with a plus sign before a country code.
    pub phones: Vec<String>,
    pub reach: Reachable,
    pub functioning: Functioning,
    pub protection: Protection,
}

impl NewPerson {
    /// Replaces the named parts by those of another: an edit.
    pub fn take(&mut self, from: &Self, parts: &[PersonField]) {
        for part in parts {
            match part {
                PersonField::GivenNames => self.given_names.clone_from(&from.given_names),
                PersonField::FamilyNames => self.family_names.clone_from(&from.family_names),
                PersonField::FullName => self.full_name.clone_from(&from.full_name),
                PersonField::OriginalScriptName => {
                    self.original_script_name.clone_from(&from.original_script_name);
                }
                PersonField::OtherNames => self.other_names.clone_from(&from.other_names),
                PersonField::FatherName => self.father_name.clone_from(&from.father_name),
                PersonField::MotherName => self.mother_name.clone_from(&from.mother_name),
                PersonField::GrandfatherName => self.grandfather_name.clone_from(&from.grandfather_name),
                PersonField::SpouseName => self.spouse_name.clone_from(&from.spouse_name),
                PersonField::Sex => self.sex = from.sex,
                PersonField::Birth => self.birth.clone_from(&from.birth),
                PersonField::Nationalities => self.nationalities.clone_from(&from.nationalities),
                PersonField::Languages => self.languages.clone_from(&from.languages),
                PersonField::Description => self.description.clone_from(&from.description),
                PersonField::Origin => self.origin.clone_from(&from.origin),
                PersonField::Phones => self.phones.clone_from(&from.phones),
                PersonField::Reach => self.reach.clone_from(&from.reach),
                PersonField::Functioning => self.functioning = from.functioning,
                PersonField::Protection => self.protection.clone_from(&from.protection),
            }
        }
    }
}

/// A code alone in its column.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SexRecorded(pub Option<Sex>);

impl Zeroize for SexRecorded {
    fn zeroize(&mut self) {
        self.0 = None;
    }
}

macro_rules! holds {
    ($($column:ident: $value:ty;)*) => { $(impl Holds for $column { type Value = $value; })* };
}

holds! {
    PersonGivenNames: Option<String>;
    PersonFamilyNames: Option<String>;
    PersonFullName: Option<String>;
    PersonOriginalScriptName: Option<String>;
    PersonOtherNames: Json<Vec<OtherName>>;
    PersonFatherName: Option<String>;
    PersonMotherName: Option<String>;
    PersonGrandfatherName: Option<String>;
    PersonSpouseName: Option<String>;
    PersonSex: Json<SexRecorded>;
    PersonBirth: Json<Birth>;
    PersonNationalities: Vec<String>;
    PersonLanguages: Vec<String>;
    PersonDescription: Option<String>;
    PersonOrigin: Json<Option<Place>>;
    PersonPhones: Vec<String>;
    PersonReach: Json<Reachable>;
    PersonFunctioning: Json<Functioning>;
    PersonProtection: Json<Protection>;
    PersonProfile: SealedProfile;
    ContactNextPlace: Json<Option<Place>>;
    ContactCompanions: Json<Vec<Companion>>;
    ContactNote: Option<String>;
}
