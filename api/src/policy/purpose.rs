//! Why a value is opened: a closed list, written in every leaf.

use crate::kernel::codes;

codes! {
    /// Purpose limitation is a duty of the Family Links Network's code of conduct; so every look states one.
    pub Purpose {
        /// Receiving somebody at a service point.
        Intake = "intake",
        /// Looking for a missing relative.
        Tracing = "tracing",
        /// Deciding whether two records are one person.
        MatchReview = "match_review",
        /// Passing somebody to a service they need.
        Referral = "referral",
        /// Protecting somebody at risk.
        Protection = "protection",
        /// Checking who looked at what.
        Audit = "audit",
        /// Rights of the person: access, correction, objection, erasure.
        DataSubject = "data_subject",
        /// Running the service: accounts, keys, imports, index.
        Operation = "operation",
    }
}
