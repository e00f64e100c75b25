//! Referrals: passing somebody to the service they need, with the fewest fields and only while it is open.
//!
//! ```text
//! draft ─ consent for every field ─► send ─ the fields, frozen and sealed ─► receiver: sees the copy while it is open
//!                                                                               │ accept, serve, complete
//!                               close ◄─ follow up with the person ◄────────────┘
//! ```
//! A *receiver* is another society, a service point, or a *provider* outside the network. The *copy* is exactly what
//! left: later changes to the person do not touch it (R-19). An authority is told nothing about anybody (R-21), and
//! since no referral comes from one, no acknowledgement goes to one (R-23).

mod fields;
mod model;
pub mod providers;
mod states;
mod store;

pub use fields::DisclosedField;
pub use model::{
    Ending, FollowUpBy, FollowUpForm, Late, Mode, NeedMet, Outcome, OutcomeForm, Reason, ReceiverForm,
    ReceiverKind, ReferralForm, Service, StepForm, Urgency,
};
pub use states::{MOVES, Side, State, Step};
