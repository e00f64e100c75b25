//! Code lists about tracing requests.

use crate::kernel::codes;

codes! {
    /// How the enquirer came to us.
    pub Channel {
        InPerson = "in_person",
        Telephone = "telephone",
        OnlineForm = "online_form",
        Letter = "letter",
        OtherSociety = "other_society",
        ServicePoint = "service_point",
    }
}

codes! {
    /// How people lost each other.
    pub SeparationCause {
        Conflict = "conflict",
        PopulationMovement = "population_movement",
        Migration = "migration",
        NaturalDisaster = "natural_disaster",
        ArrestAndDetention = "arrest_and_detention",
        PhoneLostOrTaken = "phone_lost_or_taken",
        SeparatedFromCompanions = "separated_from_companions",
        InjuryOrIllness = "injury_or_illness",
        DangerOrTrafficking = "danger_or_trafficking",
        PossibleDeath = "possible_death",
        FearOfContact = "fear_of_contact",
        EntrustedToOthers = "entrusted_to_others",
        Poverty = "poverty",
        Repatriation = "repatriation",
        ArmedForceOrGroup = "armed_force_or_group",
        Other = "other",
    }
}

codes! {
    /// How the family last heard.
    pub LastContactMeans {
        InPerson = "in_person",
        PhoneCall = "phone_call",
        Text = "text",
        SocialMedia = "social_media",
        Letter = "letter_rcm",
        ThroughThirdParty = "through_third_party",
        SeenByWitness = "seen_by_witness",
    }
}

codes! {
    /// Who says so.
    pub InformationSource { Enquirer = "enquirer", Witness = "witness", ServicePoint = "hsp_record" }
}

codes! {
    /// What makes an interviewer stop and ask a reviewer.
    pub ConflictConcern {
        AllegedPerpetrator = "alleged_perpetrator",
        TraffickingOrSmuggling = "trafficking_or_smuggling",
        DomesticViolence = "domestic_violence",
        DebtOrPayment = "debt_or_payment",
        ArmedGroup = "armed_group",
        /// Noted by the service: somebody who is not family asks for a child.
        NotFamilyOfMinor = "not_family_of_minor",
        /// Noted by the service: the sought person's record says that a carer may be the danger.
        CaregiverImplicated = "caregiver_implicated",
        Other = "other",
    }
}

codes! {
    /// What was done to trace somebody.
    pub ActionKind {
        IndividualTracing = "individual_tracing",
        CaseByCaseTracing = "case_by_case_tracing",
        MassTracing = "mass_tracing",
        PhotoTracing = "photo_tracing",
        ListComparison = "list_comparison",
        VisitLastAddress = "visit_last_address",
        ContactRelatives = "contact_relatives",
        PublishedMedia = "published_media",
        ReferralToNgo = "referral_to_ngo",
        ReferralToIcrc = "referral_to_icrc",
        EnquirerContacted = "enquirer_contacted",
        /// Noted by the service: a death or a detention was stated, with its source.
        EndingStated = "ending_stated",
        /// Noted by the service: a second person agreed.
        EndingConfirmed = "ending_confirmed",
        /// Noted by the service: a second person did not agree, and said why.
        EndingSentBack = "ending_sent_back",
    }
}

impl ActionKind {
    /// Whether people write it down by hand; what is left is noted when it happens.
    pub fn is_for_people(self) -> bool {
        !matches!(self, Self::EndingStated | Self::EndingConfirmed | Self::EndingSentBack)
    }
}

codes! {
    pub ActionResult { Pending = "pending", Successful = "successful", Unsuccessful = "unsuccessful" }
}

codes! {
    /// Why a request was moved against the usual course. A code, since reasons stand in the clear beside the state.
    pub MoveReason {
        LegalOrInheritanceMatter = "legal_or_inheritance_matter",
        Genealogy = "genealogy",
        PoliceMatter = "police_matter",
        NotCloseFamily = "not_close_family",
        TooLittleInformation = "too_little_information",
        EnquirerAsked = "enquirer_asked",
        EnquirerUnreachable = "enquirer_unreachable",
        SafetyConcern = "safety_concern",
        NewInformation = "new_information",
        CandidateNotConfirmed = "candidate_not_confirmed",
        DecisionUndone = "decision_undone",
        AnotherSocietyCompetent = "another_society_competent",
        WaitingForOthers = "waiting_for_others",
        OpenedByMistake = "opened_by_mistake",
    }
}
