//! The states of a tracing request and the one table of moves between them. What is not in the table does not happen,
//! and the refusal says what would be possible instead.

use crate::kernel::{ApiError, Wrong, codes};

codes! {
    /// Where a tracing request stands.
    pub RequestState {
        /// Being written down.
        Draft = "draft",
        /// Under assessment: is it ours, is there enough to go on, is it safe to search?
        PreCase = "pre_case",
        Accepted = "accepted",
        Searching = "searching",
        /// Somebody proposed that a person met is the one sought.
        CandidateFound = "candidate_found",
        /// A second person confirmed; the relation is being checked with both sides.
        Verifying = "verifying",
        Located = "located",
        /// The found person is asked what may be told.
        ConsentPending = "consent_pending",
        ContactRestored = "contact_restored",
        Closed = "closed",
        NotAccepted = "not_accepted",
        Suspended = "suspended",
        Transferred = "transferred",
        Reopened = "reopened",
    }
}

use RequestState as S;

/// Every move that may happen.
pub const MOVES: &[(RequestState, &[RequestState])] = &[
    (S::Draft, &[S::PreCase, S::Closed]),
    (S::PreCase, &[S::Accepted, S::NotAccepted, S::Suspended, S::Transferred, S::Closed]),
    (S::Accepted, &[S::Searching, S::Suspended, S::Transferred, S::Closed]),
    (S::Searching, &[S::CandidateFound, S::Suspended, S::Transferred, S::Closed]),
    (S::CandidateFound, &[S::Verifying, S::Searching, S::Suspended, S::Transferred, S::Closed]),
    (S::Verifying, &[S::Located, S::Searching, S::Suspended, S::Closed]),
    (S::Located, &[S::ConsentPending, S::Searching, S::Suspended, S::Closed]),
    (S::ConsentPending, &[S::ContactRestored, S::Searching, S::Suspended, S::Closed]),
    (S::ContactRestored, &[S::Searching, S::Closed]),
    (S::Closed, &[S::Reopened]),
    (S::NotAccepted, &[S::Reopened]),
    (S::Suspended, &[S::Reopened, S::Closed]),
    (S::Transferred, &[S::Reopened, S::Closed]),
    (S::Reopened, &[S::PreCase, S::Searching, S::Suspended, S::Closed]),
];

impl RequestState {
    /// The states that may follow this one.
    pub fn next(self) -> &'static [RequestState] {
        MOVES.iter().find(|(from, _)| *from == self).map_or(&[], |(_, to)| to)
    }

    /// Whether sought persons of such a request are looked for.
    pub fn is_searched(self) -> bool {
        matches!(
            self,
            S::Searching
                | S::CandidateFound
                | S::Verifying
                | S::Located
                | S::ConsentPending
                | S::ContactRestored
        )
    }

    /// Whether the request has ended, for now or for good.
    pub fn is_over(self) -> bool {
        matches!(self, S::Closed | S::NotAccepted | S::Transferred)
    }

    /// Moves that must say why: they stop a search or set a decision aside.
    pub fn wants_reason(self, to: RequestState) -> bool {
        matches!(to, S::NotAccepted | S::Suspended | S::Transferred | S::Reopened)
            || (to == S::Searching && !matches!(self, S::Accepted | S::Reopened))
    }

    /// Moves that a step of its own makes: closing needs an outcome; a proposal, a confirmation and a verification
    /// are decisions about a candidate, never a press on a button.
    pub fn by_own_step(to: RequestState) -> bool {
        matches!(to, S::Closed | S::CandidateFound | S::Verifying | S::Located)
    }
}

/// Why somebody may not move a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveRefused {
    /// The table knows no such move.
    NotNext,
    /// Another step makes it: closing, or a decision about a candidate.
    OwnStep,
    /// A conflict of interest is suspected, and no reviewer has cleared it.
    Conflict,
    /// Whoever asks may be kept no longer.
    EnquirerNotKept,
    /// The move needs a reason.
    ReasonMissing,
}

impl From<MoveRefused> for ApiError {
    fn from(refused: MoveRefused) -> Self {
        match refused {
            MoveRefused::NotNext => {
                Self::Conflict("state_not_next", "the request cannot move there from its present state")
            }
            MoveRefused::OwnStep => Self::Conflict(
                "state_by_own_step",
                "the request reaches this state by closing it, or by a decision about a candidate",
            ),
            MoveRefused::Conflict => Self::Conflict(
                "conflict_of_interest",
                "the request waits until a reviewer has looked at a possible conflict of interest",
            ),
            MoveRefused::EnquirerNotKept => Self::Conflict(
                "enquirer_not_kept",
                "the request stands still: whoever asks does not agree to be kept, or no longer does; it goes on when they \
                 agree, and can be closed",
            ),
            MoveRefused::ReasonMissing => crate::kernel::invalid(
                "reason",
                Wrong::Missing.says("is missing; this move takes one of the reasons"),
            ),
        }
    }
}

codes! {
    /// The conflict-of-interest check: a person who may be the danger must not be helped to find somebody.
    pub Conflict {
        None = "none",
        /// Somebody flagged it, or the relation did: the request stays in assessment.
        Flagged = "flagged",
        /// A reviewer looked at it and let it go on.
        Cleared = "cleared",
    }
}

/// Whether a person may move a request by hand.
///
/// # Errors
/// Why not.
pub fn may_move(
    from: RequestState,
    to: RequestState,
    conflict: Conflict,
    has_reason: bool,
) -> Result<(), MoveRefused> {
    if !from.next().contains(&to) {
        return Err(MoveRefused::NotNext);
    }
    if RequestState::by_own_step(to) {
        return Err(MoveRefused::OwnStep);
    }
    if conflict == Conflict::Flagged && matches!(to, S::Accepted | S::Searching | S::Transferred) {
        return Err(MoveRefused::Conflict);
    }
    if from.wants_reason(to) && !has_reason {
        return Err(MoveRefused::ReasonMissing);
    }
    Ok(())
}

codes! {
    /// Where one sought person of a request stands.
    pub SoughtState {
        Sought = "sought",
        /// A candidate was verified.
        Located = "located",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_line_and_leads_somewhere() {
        for state in RequestState::ALL {
            assert_eq!(MOVES.iter().filter(|(from, _)| from == state).count(), 1, "{state}");
            assert!(!state.next().is_empty(), "{state}");
            assert!(!state.next().contains(state), "{state}");
        }
    }

    #[test]
    fn every_state_is_reached_from_a_draft() {
        let mut reached = vec![S::Draft];
        let mut at = 0;
        while let Some(state) = reached.get(at).copied() {
            let fresh: Vec<_> = state.next().iter().filter(|s| !reached.contains(s)).copied().collect();
            reached.extend(fresh);
            at += 1;
        }
        for state in RequestState::ALL {
            assert!(reached.contains(state), "{state}");
        }
    }

    #[test]
    fn the_whole_square_of_moves_answers_as_the_table_says() {
        for from in RequestState::ALL {
            for to in RequestState::ALL {
                let answer = may_move(*from, *to, Conflict::None, true);
                let expected = match (from.next().contains(to), RequestState::by_own_step(*to)) {
                    (false, _) => Err(MoveRefused::NotNext),
                    (true, true) => Err(MoveRefused::OwnStep),
                    (true, false) => Ok(()),
                };
                assert_eq!(answer, expected, "{from} to {to}");
            }
        }
    }

    #[test]
    fn a_flagged_request_is_neither_accepted_nor_searched_nor_passed_on() {
        for from in RequestState::ALL {
            for to in from.next().iter().filter(|to| !RequestState::by_own_step(**to)) {
                let held = may_move(*from, *to, Conflict::Flagged, true);
                let stops = matches!(to, S::Accepted | S::Searching | S::Transferred);
                assert_eq!(held == Err(MoveRefused::Conflict), stops, "{from} to {to}");
                assert_eq!(may_move(*from, *to, Conflict::Cleared, true), Ok(()));
            }
        }
    }

    #[test]
    fn stopping_a_search_wants_a_reason() {
        let stop = |to| may_move(S::Searching, to, Conflict::None, false);
        assert_eq!(stop(S::Suspended), Err(MoveRefused::ReasonMissing));
        assert_eq!(stop(S::Transferred), Err(MoveRefused::ReasonMissing));
        assert_eq!(may_move(S::Accepted, S::Searching, Conflict::None, false), Ok(()));
    }
}
