//! The words of the register.

use crate::kernel::{SocietyId, codes};

codes! {
    pub PointKind {
        Fixed = "fixed",
        Mobile = "mobile",
        SemiFixed = "semi_fixed",
        Temporary = "temporary",
        AtSea = "at_sea",
    }
}

codes! {
    pub PointStatus {
        Planned = "planned",
        Open = "open",
        Suspended = "suspended",
        Moved = "moved",
        Closed = "closed",
    }
}

codes! {
    /// What kind of place people meet the point at.
    pub PlaceType {
        BorderCrossing = "border_crossing",
        BusStation = "bus_station",
        TrainStation = "train_station",
        Port = "port",
        Airport = "airport",
        Shelter = "shelter",
        Camp = "camp",
        DetentionFacility = "detention_facility",
        HealthFacility = "health_facility",
        Town = "town",
        Roadside = "roadside",
        Ship = "ship",
        Other = "other",
    }
}

codes! {
    /// What a point offers and a visit receives.
    pub Service {
        FirstAid = "first_aid",
        BasicMedical = "basic_medical",
        MaternalInfant = "maternal_infant",
        Immunisation = "immunisation",
        Mhpss = "mhpss",
        Food = "food",
        Water = "water",
        NfiHygiene = "nfi_hygiene",
        Clothing = "clothing",
        WashFacility = "wash_facility",
        ShelterRest = "shelter_rest",
        SafeSpaceWomenChildren = "safe_space_women_children",
        CommunicationConnectivity = "communication_connectivity",
        PhoneCall = "phone_call",
        RflTracing = "rfl_tracing",
        RedCrossMessage = "rcm",
        InformationOrientation = "information_orientation",
        SelfProtectionMessage = "self_protection_message",
        LegalInformation = "legal_information",
        SafeReferral = "safe_referral",
        Accompaniment = "accompaniment",
        Cash = "cash",
        Voucher = "voucher",
        TransportReturn = "transport_return",
        Interpretation = "interpretation",
        FeedbackTaken = "feedback_taken",
        DeadAndMissingInformation = "dead_and_missing_information",
    }
}

/// Where people meet a point, as matching may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingPlace {
    pub society: SocietyId,
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: String,
    /// Only the contact point may be named.
    pub sensitive: bool,
}
