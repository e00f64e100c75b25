//! Code lists about candidates.

use crate::kernel::codes;

codes! {
    /// How surely a pair is one person, as the matcher's band says. Never a decision.
    pub BandCode { Strong = "strong", Possible = "possible", Weak = "weak" }
}

impl From<matcher::Band> for BandCode {
    fn from(band: matcher::Band) -> Self {
        match band {
            matcher::Band::Strong => Self::Strong,
            matcher::Band::Possible => Self::Possible,
            matcher::Band::Weak => Self::Weak,
        }
    }
}

codes! {
    /// Which side's change made the pair.
    pub Cause {
        Request = "request",
        Contact = "contact",
    }
}

codes! {
    /// What the society of the request may see of somebody whom another society met.
    pub Access {
        /// Both records are of one society.
        Own = "own",
        /// Reference, band, responsible society and the rungs of the explanation, without any value.
        Reduced = "reduced",
        Asked = "asked",
        Granted = "granted",
        Refused = "refused",
    }
}

impl Access {
    /// Whether values of the found person may be shown to the society of the request.
    pub fn shows_values(self) -> bool {
        matches!(self, Self::Own | Self::Granted)
    }
}

codes! {
    /// Why a pair was rejected, or a decision undone, or withdrawn by the service.
    pub Reason {
        DifferentPerson = "different_person",
        ImpossibleAgeOrSex = "impossible_age_or_sex",
        ImpossibleTimeOrPlace = "impossible_time_or_place",
        SameFamilyAnotherPerson = "same_family_another_person",
        FamilySaysNo = "family_says_no",
        PersonSaysNo = "person_says_no",
        TooLittleToDecide = "too_little_to_decide",
        DecidedTooEarly = "decided_too_early",
        NewInformation = "new_information",
        WrongRecord = "wrong_record",
        /// By the service: consent ended, the record is closed to search, or the circulation list forbids it.
        NotAvailable = "not_available",
        /// By the service: the request is not searched any more.
        NotSearched = "not_searched",
        /// By the service: a field that matching uses has changed.
        EvidenceChanged = "evidence_changed",
    }
}

impl Reason {
    /// Whether a person may give this reason; the others are the service's own.
    pub fn is_for_people(self) -> bool {
        !matches!(self, Self::NotAvailable | Self::NotSearched | Self::EvidenceChanged)
    }
}
