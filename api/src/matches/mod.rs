//! Finding and deciding matches. A *candidate* is a scored pair of a sought person and somebody met at a service
//! point; a *match* is a candidate that two people decided.
//!
//! ```text
//! change feed ─► engine (index in memory) ─► pairs ─► candidates ◄─ pairs ─ sweep (every open request at once)
//!                                                        │ caseworker proposes
//!                    enquirer ◄── release ◄── verified ◄─┤ somebody else confirms, the relation is checked
//!                   (with the found person's consent)    └ or: rejected, undone, withdrawn
//! ```
//! Two people, because telling a family something false cannot be taken back. Nothing is merged, closed or told by the
//! service itself (R-48). Records of other societies show a reference, a band and the rungs of the explanation until
//! the society that met the person lets more be seen (R-09).

mod desk;
mod engine;
mod model;
pub mod pages;
pub mod routes;
mod search;
mod service;
mod store;
mod view;

pub use desk::Desk;
pub use engine::{Engine, Looked, Opened, Sweep};
pub use model::*;
pub use search::{Throttle, search};
pub use service::*;
pub(crate) use store::{end_places, released};
pub use view::*;
