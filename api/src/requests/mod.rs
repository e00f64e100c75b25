//! Tracing requests: one enquirer, everybody they seek, what is done about it, and how it ends.
//!
//! ```text
//! draft ─► pre_case ─► accepted ─► searching ─► candidate_found ─► verifying ─► located ─► consent_pending
//!             │                        ▲                                                        │
//!             └► not_accepted          └── reopened ◄── suspended, transferred, closed ◄── contact_restored
//! ```
//! The *enquirer* asks, the *sought person* is missing. Both are people with a key of their own; what is said about a
//! sought person is sealed under theirs, what is said about the case under the enquirer's. The *outcome* is the truth
//! for the file; what the enquirer is *told* is another field, and what they may know is worked out from the found
//! person's consent alone (R-02). A death or a detention takes two people: stated with its source by one, it ends the
//! request when another confirms it (R-06). The *circulation list* says who else may learn of the request (R-11).

mod model;
pub mod pages;
pub mod routes;
mod service;
mod store;
mod view;

pub use model::*;
pub use pages::{
    Asked, Done, Fact, Kind, Said, as_asked, birth_text, call, looked_for, of_case, of_person, of_sought,
    place_text,
};
pub use service::*;
pub use store::{ReadyRequest, Which};
pub(crate) use store::{about_hidden, hold, hold_about};
pub use view::*;
