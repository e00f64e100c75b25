//! What may be told about a person in a referral, field by field. The list is closed.
//! What is not in it cannot be referred: no tracing narrative, no place where somebody was seen, no document.

use std::collections::BTreeSet;

use crate::kernel::codes;
use crate::policy::{Class, ClassSet};

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

impl DisclosedField {
    /// The class of the column it is read from.
    pub const fn class(self) -> Class {
        match self {
            Self::Phones | Self::Reach => Class::Contact,
            Self::Functioning | Self::Protection | Self::Need => Class::Protection,
            Self::GivenNames
            | Self::FamilyNames
            | Self::FullName
            | Self::OriginalScriptName
            | Self::OtherNames
            | Self::FatherName
            | Self::MotherName
            | Self::GrandfatherName
            | Self::SpouseName
            | Self::Sex
            | Self::Birth
            | Self::Nationalities
            | Self::Languages
            | Self::Description
            | Self::Origin => Class::Identity,
        }
    }
}

/// The classes to name in a leaf when a referral with these fields is opened: what the copy holds, and the sealed
/// columns of the referral itself.
pub fn classes_of(fields: &BTreeSet<DisclosedField>) -> ClassSet {
    let own = ClassSet::of(&[Class::Protection]);
    fields.iter().fold(own, |all, field| all.or(ClassSet::of(&[field.class()])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::PersonField;

    #[test]
    fn the_list_is_every_part_of_a_person_and_the_need() {
        for field in DisclosedField::ALL {
            match PersonField::parse(field.code()) {
                Some(part) => assert_eq!(part.class(), field.class(), "{field}"),
                None => assert_eq!(*field, DisclosedField::Need),
            }
        }
        assert_eq!(DisclosedField::ALL.len(), PersonField::ALL.len() + 1);
    }
}
