//! The flow of tracing requests.

mod change;
mod clues;
mod conflict;
mod edit;
mod ending;
mod hold;
mod look;
mod open;
mod standing;

pub use change::*;
pub use conflict::*;
pub use edit::*;
pub use ending::{confirm_ending, send_ending_back};
pub use hold::*;
pub use look::*;
pub use open::*;
pub use standing::{goes_on, stands_still, still_asks};
