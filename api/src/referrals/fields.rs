//! What may be told about a person in a referral, field by field, and which consent each needs. The list is closed.
//! What is not in it cannot be referred: no tracing narrative, no place where somebody was seen, no document.

use super::model::{ReceiverKind, Service};
use crate::kernel::codes;

codes! {
    /// One thing that may leave.
    pub DisclosedField {
        GivenNames = "given_names",
        FamilyNames = "family_names",
        FullName = "full_name",
        OriginalScriptName = "original_script_name",
        OtherNames = "other_names",
        FatherName = "father_name",
        MotherName = "mother_name",
        GrandfatherName = "grandfather_name",
        SpouseName = "spouse_name",
        Sex = "sex",
        Birth = "birth",
        Nationalities = "nationalities",
        Languages = "languages",
        Description = "description",
        Origin = "origin",
        Phones = "phones",
        Reach = "reach",
        Functioning = "functioning",
        Protection = "protection",
        /// What was written as the need of this referral.
        Need = "need",
    }
}
