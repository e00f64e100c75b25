//! The states of a candidate. A caseworker proposes, another account confirms, the relation is verified: nothing here
//! moves by itself except out of reach, and every decision can be undone with both histories kept.

use crate::kernel::{AccountId, ApiError, codes};
use crate::policy::{ConfirmMatch, May, Permission, VerifyMatch};

codes! {
    pub CandidateState {
        New = "new",
        UnderReview = "under_review",
        /// A caseworker proposed it.
        Proposed = "confirmed_by_first",
        /// A second person confirmed it.
        Confirmed = "confirmed_by_second",
        /// The relation was checked with both sides.
        Verified = "verified",
        Rejected = "rejected",
        /// Consent ended, the request ended, or a restriction came: nobody decided.
        Withdrawn = "withdrawn",
    }
}

use CandidateState as S;

codes! {
    /// What a person may do to a candidate.
    pub Deed {
        Review = "review",
        Propose = "propose",
        Confirm = "confirm",
        Verify = "verify",
        Reject = "reject",
        Undo = "undo",
    }
}

impl Deed {
    /// Where the deed leads from a state; `None` where it is not possible.
    pub fn leads(self, from: CandidateState) -> Option<CandidateState> {
        match (self, from) {
            (Self::Review, S::New) => Some(S::UnderReview),
            (Self::Propose, S::New | S::UnderReview) => Some(S::Proposed),
            (Self::Confirm, S::Proposed) => Some(S::Confirmed),
            (Self::Verify, S::Confirmed) => Some(S::Verified),
            (Self::Reject, S::New | S::UnderReview | S::Proposed | S::Confirmed) => Some(S::Rejected),
            (Self::Undo, S::Proposed | S::Confirmed | S::Verified | S::Rejected) => Some(S::UnderReview),
            _ => None,
        }
    }

    /// The same, as a refusal.
    ///
    /// # Errors
    /// The candidate stands elsewhere.
    pub fn from(self, from: CandidateState) -> Result<CandidateState, ApiError> {
        self.leads(from).ok_or(ApiError::Conflict(
            "state_not_next",
            "this is not possible from the candidate's present state",
        ))
    }
}

impl CandidateState {
    /// States that the service itself ends when consent, request or circulation no longer allow the pair.
    pub const OPEN: &'static [CandidateState] = &[S::New, S::UnderReview, S::Proposed, S::Confirmed];

    /// What may be done next.
    pub fn deeds(self) -> Vec<Deed> {
        Deed::ALL.iter().copied().filter(|deed| deed.leads(self).is_some()).collect()
    }
}

/// Somebody who is not the one who proposed: without one, nothing can be confirmed or verified. There is no other way
/// to make it, and the database refuses the same account twice as well.
#[derive(Clone, Copy, Debug)]
pub struct SecondPerson(AccountId);

impl SecondPerson {
    /// # Errors
    /// Nobody has proposed, or the caller did.
    pub fn confirming(may: &May<ConfirmMatch>, proposer: Option<AccountId>) -> Result<Self, ApiError> {
        Self::apart_from(may, proposer)
    }

    /// # Errors
    /// As [`SecondPerson::confirming`].
    pub fn verifying(may: &May<VerifyMatch>, proposer: Option<AccountId>) -> Result<Self, ApiError> {
        Self::apart_from(may, proposer)
    }

    fn apart_from<P: Permission>(may: &May<P>, proposer: Option<AccountId>) -> Result<Self, ApiError> {
        match (may.account(), proposer) {
            (Some(second), Some(first)) if second != first => Ok(Self(second)),
            _ => Err(ApiError::Conflict("second_person", "somebody other than the proposer must do this")),
        }
    }

    pub fn account(self) -> AccountId {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Chance, FixedClock, SessionId, SocietyId, Timestamp};
    use crate::policy::{Actor, Caller, Role, grant};

    #[test]
    fn every_pair_of_state_and_deed_is_as_agreed() {
        let picture: Vec<String> = S::ALL
            .iter()
            .map(|state| {
                let deeds = state
                    .deeds()
                    .into_iter()
                    .map(|deed| format!("{deed}>{}", deed.leads(*state).map_or("-", CandidateState::code)));
                format!("{state}: {}", deeds.collect::<Vec<_>>().join(" "))
            })
            .collect();
        assert_eq!(
            picture,
            [
                "new: review>under_review propose>confirmed_by_first reject>rejected",
                "under_review: propose>confirmed_by_first reject>rejected",
                "confirmed_by_first: confirm>confirmed_by_second reject>rejected undo>under_review",
                "confirmed_by_second: verify>verified reject>rejected undo>under_review",
                "verified: undo>under_review",
                "rejected: undo>under_review",
                "withdrawn: ",
            ]
        );
    }

    #[test]
    fn nobody_is_their_own_second_person() {
        let chance = Chance::seeded(3);
        let clock = FixedClock::at(Timestamp::from_micros(1));
        let (one, two) = (AccountId::new(&clock, &chance), AccountId::new(&clock, &chance));
        let session = SessionId::new(&clock, &chance);
        let society = SocietyId::new(&clock, &chance);
        let actor = Actor::authenticated(one, session, Role::Reviewer, society, None);
        let may: May<ConfirmMatch> = grant(Caller { actor, request: 1 }).unwrap();
        assert!(SecondPerson::confirming(&may, Some(one)).is_err());
        assert!(SecondPerson::confirming(&may, None).is_err());
        assert_eq!(SecondPerson::confirming(&may, Some(two)).unwrap().account(), one);
    }
}
