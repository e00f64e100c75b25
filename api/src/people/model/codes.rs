//! Code lists about people and contacts. Immigration status is deliberately absent.

use crate::kernel::codes;
use crate::policy::Class;

codes! {
    /// Why somebody is in the register.
    pub PersonKind {
        /// Met at a service point.
        Contact = "contact",
        /// Asks for a relative.
        Enquirer = "enquirer",
        /// Is asked for.
        Sought = "sought",
    }
}

impl PersonKind {
    /// How long a record is kept when nothing happens to it, in days: contacts three years, a tracing request's
    /// people ten, since families go on looking.
    pub fn retention_days(self) -> u64 {
        match self {
            Self::Contact => 3 * 365,
            Self::Enquirer | Self::Sought => 10 * 365,
        }
    }
}

codes! {
    pub Sex {
        Female = "female",
        Male = "male",
        Other = "other",
        Unknown = "unknown",
        PrefersNotToSay = "prefers_not_to_say",
    }
}

codes! {
    /// What another name is.
    pub NameKind {
        Nickname = "nickname",
        Alias = "alias",
        Previous = "previous",
        OtherSpelling = "other_spelling",
    }
}

codes! {
    /// An answer to one question of the Washington Group Short Set.
    pub Difficulty {
        None = "no_difficulty",
        Some = "some",
        ALot = "a_lot",
        Cannot = "cannot_do_at_all",
    }
}

codes! {
    pub Care {
        /// With nobody who is responsible for them.
        Unaccompanied = "unaccompanied",
        /// Without parents or usual caregiver, perhaps with other relatives.
        Separated = "separated",
    }
}

codes! {
    pub RiskLevel { High = "high", Medium = "medium", Low = "low" }
}

codes! {
    /// Protection concerns: what to watch for, never the story behind it.
    pub Concern {
        Trafficking = "trafficking",
        KidnappingExtortion = "kidnapping_extortion",
        GenderBasedViolence = "gender_based_violence",
        SexualExploitation = "sexual_exploitation",
        DomesticViolence = "domestic_violence",
        Witness = "witness",
        PhysicalOrMentalAbuse = "physical_or_mental_abuse",
        PushbackViolence = "pushback_violence",
        ArrestedDetained = "arrested_detained",
        DetentionRelease = "detention_release",
        ShipwreckOrDesertRescue = "shipwreck_or_desert_rescue",
        ChildWithArmedGroup = "child_with_armed_group",
        ChildLabour = "child_labour",
        ChildMother = "child_mother",
        ChildHeadedHousehold = "child_headed_household",
        StreetChild = "street_child",
        PregnantOrLactating = "pregnant_or_lactating",
        OlderPersonAlone = "older_person_alone",
        SeriousHealthIssue = "serious_health_issue",
        MedicalUrgent = "medical_urgent",
        MentallyDistressed = "mentally_distressed",
        Disabled = "disabled",
        Statelessness = "statelessness",
        LivingWithVulnerablePerson = "living_with_vulnerable_person",
        FamilyOfMissing = "family_of_missing",
        Other = "other",
    }
}

codes! {
    /// How a contact came about.
    pub ContactKind {
        ServiceVisit = "service_visit",
        PhoneCall = "phone_call",
        RedCrossMessage = "rcm",
        ReferralIn = "referral_in",
        RescueAtSea = "rescue_at_sea",
        ReturnArrival = "return_arrival",
        Hotline = "hotline",
        ChildIdentified = "child_identified",
        DeceasedInformation = "deceased_information",
    }
}

codes! {
    /// Whether the person wants their family to be reached.
    pub WantsContact { Yes = "yes", No = "no", Later = "later", NotAsked = "not_asked" }
}

codes! {
    pub GroupKind { Family = "family", Travelling = "travelling" }
}

codes! {
    pub GroupRole {
        Head = "head",
        Partner = "partner",
        Parent = "parent",
        Child = "child",
        Sibling = "sibling",
        Grandparent = "grandparent",
        OtherRelative = "other_relative",
        Companion = "companion",
    }
}

codes! {
    /// How two people belong together.
    pub Relation {
        Mother = "mother",
        Father = "father",
        Son = "son",
        Daughter = "daughter",
        Brother = "brother",
        Sister = "sister",
        Husband = "husband",
        Wife = "wife",
        Partner = "partner",
        Grandmother = "grandmother",
        Grandfather = "grandfather",
        Grandchild = "grandchild",
        Aunt = "aunt",
        Uncle = "uncle",
        Niece = "niece",
        Nephew = "nephew",
        Cousin = "cousin",
        StepParent = "step_parent",
        HalfOrStepSibling = "half_or_step_sibling",
        ParentInLaw = "parent_in_law",
        SiblingInLaw = "sibling_in_law",
        Guardian = "guardian",
        FosterParent = "foster_parent",
        OtherFamily = "other_family",
        TravelCompanion = "travel_companion",
        Friend = "friend",
        Caseworker = "caseworker",
        OtherNonFamily = "other_nonfamily",
    }
}

codes! {
    /// One part of what is known of a person. A referral names the parts that leave; an edit names those it clears.
    pub PersonField {
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
    }
}

impl PersonField {
    /// The class of the column that holds it.
    pub fn class(self) -> Class {
        match self {
            Self::Phones | Self::Reach => Class::Contact,
            Self::Functioning | Self::Protection => Class::Protection,
            _ => Class::Identity,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::COLUMNS;

    #[test]
    fn every_part_of_a_person_has_its_column_and_its_class() {
        let columns: Vec<_> =
            COLUMNS.iter().filter(|c| c.table == "people" && c.class != Class::Match).collect();
        assert_eq!(columns.len(), PersonField::ALL.len());
        for field in PersonField::ALL {
            let column = columns.iter().find(|c| c.column == format!("{field}_sealed")).unwrap();
            assert_eq!(column.class, field.class(), "{field}");
        }
    }
}
