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

mod consents;
mod copy;
mod coverage;
mod fields;
mod model;
pub mod pages;
mod pressing;
pub mod providers;
mod reading;
pub mod routes;
mod service;
mod states;
mod store;
mod told;
mod view;

pub use copy::Copy;
pub use coverage::{FieldCoverage, Standing};
pub use fields::DisclosedField;
pub use model::{Late, Mode, ReceiverForm, ReceiverKind, ReferralForm, Service, Urgency};
pub use reading::{list, overdue, show};
pub use service::{Drafted, Stepped, Warning, answer, check, draft, step};
pub use states::{MOVES, Side, State, Step};
pub use told::{FollowUpBy, FollowUpForm, NeedMet, Outcome, OutcomeForm, Reason, Said, StepForm};
pub use view::{ReferralItem, ReferralView};
