//! Every sealed column: where it stands, under which class, padded how. A test compares this list with the schema of
//! both databases.

use crypto::Pad;

use super::SealedValue;
use crate::policy::Class;

/// One sealed column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub table: &'static str,
    pub column: &'static str,
    pub class: Class,
    pub pad: Pad,
}

/// A sealed column as a type.
pub trait Field: 'static {
    const COLUMN: Column;
}

/// What a sealed column holds. Said by the feature that owns the column, next to its model.
pub trait Holds: Field {
    type Value: SealedValue;
}

macro_rules! columns {
    ($($(#[$meta:meta])* $name:ident = $table:literal . $column:literal, $class:ident, $pad:ident;)*) => {
        $(
            $(#[$meta])*
            pub struct $name;

            impl Field for $name {
                const COLUMN: Column =
                    Column { table: $table, column: $column, class: Class::$class, pad: Pad::$pad };
            }
        )*

        /// All of them.
        pub const COLUMNS: &[Column] = &[$($name::COLUMN),*];
    };
}

columns! {
    AccountTotp = "accounts"."totp_sealed", Credential, Short;

    PersonGivenNames = "people"."given_names_sealed", Identity, Names;
    PersonFamilyNames = "people"."family_names_sealed", Identity, Names;
    PersonFullName = "people"."full_name_sealed", Identity, Names;
    PersonOriginalScriptName = "people"."original_script_name_sealed", Identity, Names;
    PersonOtherNames = "people"."other_names_sealed", Identity, Names;
    PersonFatherName = "people"."father_name_sealed", Identity, Names;
    PersonMotherName = "people"."mother_name_sealed", Identity, Names;
    PersonGrandfatherName = "people"."grandfather_name_sealed", Identity, Names;
    PersonSpouseName = "people"."spouse_name_sealed", Identity, Names;
    PersonSex = "people"."sex_sealed", Identity, Short;
    PersonBirth = "people"."birth_sealed", Identity, Names;
    /// Restricted, yet needed to tell people apart.
    PersonNationalities = "people"."nationalities_sealed", Identity, Short;
    PersonLanguages = "people"."languages_sealed", Identity, Names;
    PersonDescription = "people"."description_sealed", Identity, Text;
    PersonOrigin = "people"."origin_sealed", Identity, Names;
    PersonPhones = "people"."phones_sealed", Contact, Names;
    PersonReach = "people"."reach_sealed", Contact, Text;
    /// Washington Group answers.
    PersonFunctioning = "people"."functioning_sealed", Protection, Names;
    PersonProtection = "people"."protection_sealed", Protection, Text;
    /// What the index loads: one value a person.
    PersonProfile = "people"."profile_sealed", Match, Profile;

    ContactNextPlace = "contacts"."next_place_sealed", Location, Names;
    ContactCompanions = "contacts"."companions_sealed", Identity, Names;
    ContactNote = "contacts"."note_sealed", Narrative, Text;

    ConsentRestrictions = "consents"."restrictions_sealed", Narrative, Text;

    RequestSafeContact = "tracing_requests"."safe_contact_sealed", Contact, Text;
    RequestCircumstances = "tracing_requests"."circumstances_sealed", Narrative, Text;
    RequestOutcome = "tracing_requests"."outcome_sealed", Narrative, Names;
    RequestTold = "tracing_requests"."told_sealed", Narrative, Names;
    SoughtRelation = "sought_persons"."relation_sealed", Identity, Short;
    SoughtLastContact = "sought_persons"."last_contact_sealed", Narrative, Names;
    SoughtLastPlace = "sought_persons"."last_place_sealed", Location, Names;
    SoughtJourney = "sought_persons"."journey_sealed", Location, Text;
    ActionNote = "request_actions"."note_sealed", Narrative, Text;
    /// With its source, before a second person has looked.
    RequestEnding = "request_endings"."stated_sealed", Narrative, Text;

    CandidateNote = "candidate_events"."note_sealed", Narrative, Text;

    ReferralNeed = "referrals"."need_sealed", Protection, Text;
    ReferralCopy = "referrals"."copy_sealed", Protection, Text;
    ReferralOutcome = "referrals"."outcome_sealed", Protection, Text;
    ReferralNote = "referral_events"."note_sealed", Protection, Text;
}

impl Holds for AccountTotp {
    type Value = Vec<u8>;
}
