//! The states of a referral and the only moves between them.
//!
//! ```text
//! draft ─► consent_recorded ─► sent ─► acknowledged ─► accepted ─► service_started ─► completed ─► closed
//!   │             │             ├─ rejected ─► closed      │               │
//!   └─ cancelled ─┘             ├─ no_response ─► closed   └── revoked, expired, declined_by_person ──┘
//! ```
//! A move that is not in [`MOVES`] does not exist. Each has a side: only the sender sends, only the receiver accepts,
//! and what a move must be told (a reason, an outcome, a follow-up) stands in [`Step::asks`]. Safeguards that are to
//! guard a move, such as those for minors, become further rows and further things asked.

use crate::kernel::codes;

codes! {
    /// Where a referral stands.
    pub State {
        /// Being written; nothing has left.
        Draft = "draft",
        /// Every field that is to leave is covered by a consent.
        ConsentRecorded = "consent_recorded",
        Sent = "sent",
        Acknowledged = "acknowledged",
        Accepted = "accepted",
        ServiceStarted = "service_started",
        /// The receiver is done and said how it went.
        Completed = "completed",
        /// The sender has followed up with the person.
        Closed = "closed",
        Rejected = "rejected",
        NoResponse = "no_response",
        DeclinedByPerson = "declined_by_person",
        Cancelled = "cancelled",
        Revoked = "revoked",
        Expired = "expired",
    }
}

impl State {
    /// The receiver may see what was sent, now and only now (R-35).
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            Self::Sent | Self::Acknowledged | Self::Accepted | Self::ServiceStarted | Self::Completed
        )
    }

    /// As [`State::is_open`], for queries.
    pub const OPEN: [Self; 5] =
        [Self::Sent, Self::Acknowledged, Self::Accepted, Self::ServiceStarted, Self::Completed];
}

codes! {
    /// What somebody does to a referral.
    pub Step {
        RecordConsent = "record_consent",
        Send = "send",
        Acknowledge = "acknowledge",
        Accept = "accept",
        Start = "start",
        Complete = "complete",
        Close = "close",
        Reject = "reject",
        /// Nobody answered in time.
        NoResponse = "no_response",
        /// The person does not want it, or no longer.
        Decline = "decline",
        /// Nothing had left yet.
        Cancel = "cancel",
        /// Something had left: the receiver loses sight of it.
        Revoke = "revoke",
        /// Not served in time.
        Expire = "expire",
    }
}

codes! {
    /// Who takes a step. A provider outside the network has no account here, so the sender writes down its answers.
    pub Side {
        Sender = "sender",
        Receiver = "receiver",
    }
}

/// What a step must be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asks {
    pub reason: bool,
    pub outcome: bool,
    pub follow_up: bool,
}

impl Step {
    pub const fn side(self) -> Side {
        match self {
            Self::Acknowledge | Self::Accept | Self::Start | Self::Complete | Self::Reject => Side::Receiver,
            Self::RecordConsent
            | Self::Send
            | Self::Close
            | Self::NoResponse
            | Self::Decline
            | Self::Cancel
            | Self::Revoke
            | Self::Expire => Side::Sender,
        }
    }

    /// What this step asks when it leaves `from`. Closing asks for a follow-up with the person unless the receiver
    /// refused (R-58), and for an outcome unless completing has said it.
    pub const fn asks(self, from: State) -> Asks {
        let refused = matches!(from, State::Rejected);
        Asks {
            reason: matches!(self, Self::Reject | Self::Decline | Self::Cancel | Self::Revoke),
            outcome: matches!(self, Self::Complete)
                || (matches!(self, Self::Close) && !matches!(from, State::Completed)),
            follow_up: matches!(self, Self::Close) && !refused,
        }
    }

    /// The state this step leads to from `from`, or `None` when there is no such move.
    pub fn from(self, from: State) -> Option<State> {
        MOVES.iter().find(|(f, step, _)| (*f, *step) == (from, self)).map(|(_, _, to)| *to)
    }

    /// The steps that one side may take from `state`, for the buttons of a page.
    pub fn possible(state: State, side: Side) -> impl Iterator<Item = Self> {
        MOVES.iter().filter(move |(f, step, _)| *f == state && step.side() == side).map(|(_, step, _)| *step)
    }

    /// The word in the audit leaf.
    pub const fn leaf(self) -> &'static str {
        match self {
            Self::RecordConsent => "step:record_consent",
            Self::Send => "step:send",
            Self::Acknowledge => "step:acknowledge",
            Self::Accept => "step:accept",
            Self::Start => "step:start",
            Self::Complete => "step:complete",
            Self::Close => "step:close",
            Self::Reject => "step:reject",
            Self::NoResponse => "step:no_response",
            Self::Decline => "step:decline",
            Self::Cancel => "step:cancel",
            Self::Revoke => "step:revoke",
            Self::Expire => "step:expire",
        }
    }
}

use State::{
    Accepted, Acknowledged, Cancelled, Closed, Completed, ConsentRecorded, DeclinedByPerson, Draft, Expired,
    NoResponse, Rejected, Revoked, Sent, ServiceStarted,
};

/// Every move there is.
pub const MOVES: &[(State, Step, State)] = &[
    (Draft, Step::RecordConsent, ConsentRecorded),
    (Draft, Step::Decline, DeclinedByPerson),
    (Draft, Step::Cancel, Cancelled),
    (ConsentRecorded, Step::Send, Sent),
    (ConsentRecorded, Step::Decline, DeclinedByPerson),
    (ConsentRecorded, Step::Cancel, Cancelled),
    (Sent, Step::Acknowledge, Acknowledged),
    (Sent, Step::Reject, Rejected),
    (Sent, Step::NoResponse, NoResponse),
    (Sent, Step::Decline, DeclinedByPerson),
    (Sent, Step::Revoke, Revoked),
    (Sent, Step::Expire, Expired),
    (Acknowledged, Step::Accept, Accepted),
    (Acknowledged, Step::Reject, Rejected),
    (Acknowledged, Step::Decline, DeclinedByPerson),
    (Acknowledged, Step::Revoke, Revoked),
    (Acknowledged, Step::Expire, Expired),
    (Accepted, Step::Start, ServiceStarted),
    (Accepted, Step::Decline, DeclinedByPerson),
    (Accepted, Step::Revoke, Revoked),
    (Accepted, Step::Expire, Expired),
    (ServiceStarted, Step::Complete, Completed),
    (ServiceStarted, Step::Decline, DeclinedByPerson),
    (ServiceStarted, Step::Revoke, Revoked),
    (Completed, Step::Close, Closed),
    (Rejected, Step::Close, Closed),
    (NoResponse, Step::Close, Closed),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_pair_of_state_and_step_leads_to_one_place() {
        let pairs: BTreeSet<_> = MOVES.iter().map(|(from, step, _)| (*from, *step)).collect();
        assert_eq!(pairs.len(), MOVES.len());
        for from in State::ALL {
            for step in Step::ALL {
                let listed = MOVES.iter().find(|(f, s, _)| (f, s) == (from, step)).map(|m| m.2);
                assert_eq!(step.from(*from), listed);
            }
        }
    }

    #[test]
    fn every_state_is_reached_and_every_step_leads_somewhere() {
        let mut reached = BTreeSet::from([Draft]);
        while let Some((_, _, to)) =
            MOVES.iter().find(|(f, _, t)| reached.contains(f) && !reached.contains(t))
        {
            reached.insert(*to);
        }
        assert_eq!(reached, State::ALL.iter().copied().collect());
        let used: BTreeSet<_> = MOVES.iter().map(|(_, step, _)| *step).collect();
        assert_eq!(used, Step::ALL.iter().copied().collect());
    }

    #[test]
    fn nothing_leaves_before_consent_stands() {
        for (from, _, to) in MOVES.iter().filter(|(_, _, to)| to.is_open()) {
            assert!(from.is_open() || *from == ConsentRecorded, "{from} to {to}");
        }
        let into_consent: Vec<_> = MOVES.iter().filter(|(_, _, to)| *to == ConsentRecorded).collect();
        assert_eq!(into_consent, [&(Draft, Step::RecordConsent, ConsentRecorded)]);
    }

    #[test]
    fn what_is_over_never_opens_again() {
        for (from, _, to) in MOVES {
            assert!(from.is_open() || !to.is_open() || *from == ConsentRecorded, "{from} to {to}");
        }
        for over in [Closed, DeclinedByPerson, Cancelled, Revoked, Expired] {
            assert!(MOVES.iter().all(|(from, _, _)| *from != over), "{over}");
        }
    }

    #[test]
    fn nothing_closes_without_an_outcome_and_only_a_refusal_needs_no_follow_up() {
        for (from, step, _) in MOVES.iter().filter(|(_, _, to)| *to == Closed) {
            let outcome_known = *from == Completed && Step::Complete.asks(ServiceStarted).outcome;
            assert!(outcome_known || step.asks(*from).outcome, "{from}");
            assert_eq!(step.asks(*from).follow_up, *from != Rejected, "{from}");
        }
    }

    #[test]
    fn the_open_states_are_told_the_same_way_to_queries() {
        for state in State::ALL {
            assert_eq!(state.is_open(), State::OPEN.contains(state), "{state}");
        }
    }

    #[test]
    fn each_side_can_always_end_what_is_open() {
        for state in State::OPEN.into_iter().filter(|s| *s != Completed) {
            assert!(Step::possible(state, Side::Sender).any(|s| s == Step::Revoke), "{state}");
        }
        assert!(Step::possible(Sent, Side::Receiver).any(|s| s == Step::Reject));
    }
}
