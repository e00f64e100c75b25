//! How a request ends, and what the enquirer is told: two separate things. What the enquirer hears is worked
//! out in one place, from what the found person agreed to; the true outcome has no way into it.

use zeroize::Zeroize;

use super::state::RequestState;
use crate::consent::ConsentKind;
use crate::kernel::{SoughtId, Timestamp, codes};

codes! {
    /// The true outcome, for the file. Sealed; never shown to the enquirer's side.
    pub Outcome {
        ContactRestored = "located_contact_restored",
        Reunited = "located_reunited",
        DeclinesContact = "located_declines_contact",
        SafeAndWellOnly = "located_safe_and_well_only",
        InDetention = "located_in_detention",
        Deceased = "fate_clarified_deceased",
        FoundByOwnMeans = "family_found_by_own_means",
        EnquirerWithdrew = "enquirer_withdrew",
        EnquirerUnreachable = "enquirer_unreachable",
        OutOfScope = "not_accepted_out_of_scope",
        InsufficientInformation = "insufficient_information",
        Duplicate = "duplicate",
        OtherSociety = "transferred_to_other_society",
        AllMeansExhausted = "all_means_exhausted",
        SafetyReason = "safety_reason",
    }
}

codes! {
    /// What the enquirer is told when the request is closed. Sealed.
    pub Told {
        /// The wording for everybody about whom nothing may be said.
        SearchContinues = "search_continues",
        SearchEnded = "search_ended",
        SafeAndWell = "safe_and_well",
        ContactRestored = "contact_restored",
        /// Somebody sits down with the family: a death.
        InPerson = "told_in_person",
        /// The same about a detention, as far as the detained person agreed to have told where they are.
        InPersonAsAgreed = "told_in_person_as_agreed",
    }
}

codes! {
    /// What the enquirer's side may know: the same words for a search that goes on, for somebody found who has not
    /// agreed, and for somebody found who declined.
    pub EnquirerStatus {
        Received = "received",
        NotAccepted = "not_accepted",
        SearchContinues = "search_continues",
        SafeAndWell = "safe_and_well",
        ContactRestored = "contact_restored",
        SearchEnded = "search_ended",
        InPerson = "told_in_person",
    }
}

codes! {
    /// What a found person agreed to have told, as recorded by a release.
    pub Released {
        /// A yes and a date.
        SafeAndWell = "share_safe_and_well_only",
        /// Where the found person is.
        Location = "share_location_with_enquirer",
    }
}

/// A piece of news that was released and still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    /// Of whom the request seeks.
    pub sought: SoughtId,
    pub kind: Released,
    pub at: Timestamp,
}

/// What was chosen to be told when a request was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub told: Told,
    /// Whom it is about, where that was stated.
    pub about: Option<SoughtId>,
}

impl Released {
    /// The consent without which it is not told.
    pub fn consent(self) -> ConsentKind {
        match self {
            Self::SafeAndWell => ConsentKind::ShareSafeAndWellOnly,
            Self::Location => ConsentKind::ShareLocationWithEnquirer,
        }
    }
}

impl Outcome {
    /// What may be said to the enquirer for this outcome. Wherever the found person has a say that was not given, the
    /// only wording is the one for a search that goes on.
    pub fn may_tell(self) -> &'static [Told] {
        match self {
            Self::ContactRestored | Self::Reunited => &[Told::ContactRestored, Told::SearchContinues],
            Self::SafeAndWellOnly => &[Told::SafeAndWell, Told::SearchContinues],
            Self::DeclinesContact | Self::SafetyReason => &[Told::SearchContinues],
            Self::Deceased => &[Told::InPerson, Told::SearchContinues],
            Self::InDetention => &[Told::InPersonAsAgreed, Told::SearchContinues],
            Self::FoundByOwnMeans
            | Self::EnquirerWithdrew
            | Self::EnquirerUnreachable
            | Self::OutOfScope
            | Self::InsufficientInformation
            | Self::Duplicate
            | Self::OtherSociety
            | Self::AllMeansExhausted => &[Told::SearchEnded, Told::SearchContinues],
        }
    }

    /// What nobody ends a search with alone: a death or a detention that is not true cannot be taken back from a family.
    pub fn takes_two(self) -> bool {
        matches!(self, Self::Deceased | Self::InDetention)
    }
}

impl Closing {
    /// Whether it says more to the enquirer than that the search goes on, or has ended.
    pub fn tells(&self) -> bool {
        Told::parse(&self.code).is_some_and(Told::tells)
    }
}

impl Told {
    /// Whether the enquirer hears more than that the search goes on, or has ended.
    fn tells(self) -> bool {
        !matches!(self, Self::SearchContinues | Self::SearchEnded)
    }

    /// What has to be released before it may be chosen.
    pub fn rests_on(self) -> Option<Released> {
        match self {
            Self::InPersonAsAgreed => Some(Released::Location),
            Self::SearchContinues
            | Self::SearchEnded
            | Self::SafeAndWell
            | Self::ContactRestored
            | Self::InPerson => None,
        }
    }
}

/// The closing of a request, as sealed. Both columns are written at every version, so that a closed request shows no
/// other size than an open one.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize, Zeroize)]
pub struct Closing {
    /// A code of [`Outcome`] or of [`Told`].
    pub code: String,
    pub note: String,
}

/// What the enquirer's side may know. `chosen` is what was chosen at closing; `news` is what the found persons of this
/// request agreed to, as releases record it.
///
/// Only releases can say that somebody was found. A word chosen at closing that no release carries falls back to the
/// wording for a search that goes on; one about somebody in particular is carried by theirs alone.
pub fn enquirer_status(state: RequestState, chosen: Option<Chosen>, news: &[News]) -> EnquirerStatus {
    use RequestState as S;
    let located = news.iter().any(|news| news.kind == Released::Location);
    let safe = located || news.iter().any(|news| news.kind == Released::SafeAndWell);
    let carried = |status: EnquirerStatus| match status {
        EnquirerStatus::ContactRestored if !located => EnquirerStatus::SearchContinues,
        EnquirerStatus::SafeAndWell if !safe => EnquirerStatus::SearchContinues,
        status => status,
    };
    match state {
        S::Draft | S::PreCase => EnquirerStatus::Received,
        S::NotAccepted => EnquirerStatus::NotAccepted,
        S::Closed => carried(match chosen.map(|chosen| chosen.told) {
            None | Some(Told::SearchContinues) => EnquirerStatus::SearchContinues,
            Some(Told::SearchEnded) => EnquirerStatus::SearchEnded,
            Some(Told::SafeAndWell) => EnquirerStatus::SafeAndWell,
            Some(Told::ContactRestored) => EnquirerStatus::ContactRestored,
            Some(Told::InPersonAsAgreed) if !stands(Released::Location, chosen, news) => {
                EnquirerStatus::SearchContinues
            }
            Some(Told::InPerson | Told::InPersonAsAgreed) => EnquirerStatus::InPerson,
        }),
        S::ContactRestored if located => EnquirerStatus::ContactRestored,
        _ if safe => EnquirerStatus::SafeAndWell,
        _ => EnquirerStatus::SearchContinues,
    }
}

/// Whether this was released of whom the choice is about. Nobody named is nobody released.
fn stands(kind: Released, chosen: Option<Chosen>, news: &[News]) -> bool {
    let about = chosen.and_then(|chosen| chosen.about);
    about.is_some_and(|about| news.iter().any(|news| news.kind == kind && news.sought == about))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody() -> SoughtId {
        SoughtId::from_uuid(migrations::uuid::Uuid::from_u128(1))
    }

    fn somebody_else() -> SoughtId {
        SoughtId::from_uuid(migrations::uuid::Uuid::from_u128(2))
    }

    fn news(sought: SoughtId, kind: Released) -> News {
        News { sought, kind, at: Timestamp::from_micros(0) }
    }

    fn chosen(told: Told) -> Option<Chosen> {
        Some(Chosen { told, about: Some(somebody()) })
    }

    #[test]
    fn without_a_release_nothing_tells_a_found_person_from_a_lost_one() {
        use RequestState as S;
        let searching = enquirer_status(S::Searching, None, &[]);
        for state in [
            S::Accepted,
            S::CandidateFound,
            S::Verifying,
            S::Located,
            S::ConsentPending,
            S::ContactRestored,
            S::Suspended,
            S::Transferred,
            S::Reopened,
        ] {
            assert_eq!(enquirer_status(state, None, &[]), searching, "{state}");
        }
        for told in [Told::SearchContinues, Told::SafeAndWell, Told::ContactRestored, Told::InPersonAsAgreed]
        {
            assert_eq!(enquirer_status(S::Closed, chosen(told), &[]), searching, "{told}");
        }
    }

    #[test]
    fn who_declined_is_never_spoken_of() {
        for outcome in [Outcome::DeclinesContact, Outcome::SafetyReason] {
            assert_eq!(outcome.may_tell(), [Told::SearchContinues]);
        }
        for outcome in Outcome::ALL {
            assert!(outcome.may_tell().contains(&Told::SearchContinues), "{outcome}");
        }
    }

    #[test]
    fn a_detention_is_told_while_the_detained_person_lets_their_place_be_told() {
        let told = chosen(Told::InPersonAsAgreed);
        let status = |sought, kind| enquirer_status(RequestState::Closed, told, &[news(sought, kind)]);
        assert_eq!(status(somebody(), Released::SafeAndWell), EnquirerStatus::SearchContinues);
        assert_eq!(status(somebody(), Released::Location), EnquirerStatus::InPerson);
        assert_eq!(status(somebody_else(), Released::Location), EnquirerStatus::SearchContinues);
        let of_nobody = Some(Chosen { told: Told::InPersonAsAgreed, about: None });
        let news = [news(somebody(), Released::Location)];
        assert_eq!(enquirer_status(RequestState::Closed, of_nobody, &news), EnquirerStatus::SearchContinues);
    }

    #[test]
    fn safe_and_well_releases_no_more_than_that() {
        use RequestState as S;
        let released = [news(somebody(), Released::SafeAndWell)];
        assert_eq!(enquirer_status(S::ContactRestored, None, &released), EnquirerStatus::SafeAndWell);
        assert_eq!(
            enquirer_status(S::Closed, chosen(Told::ContactRestored), &released),
            EnquirerStatus::SearchContinues
        );
    }
}
