//! The directory of providers: who outside the network can meet a need, and when that was last checked. A *pathway* is
//! the agreed way to one provider; past its review day it may be used only with a warning.
//!
//! The directory has no address. What it says of a place is its contact point, so a safe shelter cannot be given away
//! by it.

mod model;
pub mod routes;
pub mod service;
mod store;

pub use model::{NewProvider, Pathway, ProviderAdded, ProviderForm, ProviderKind, ProviderView};
pub use store::{ProviderRow, find};
