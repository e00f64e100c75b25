//! The flow of tracing requests.

mod change;
mod clues;
mod conflict;
mod edit;
mod hold;
mod look;
mod open;

pub use change::*;
pub use conflict::*;
pub use edit::*;
pub use hold::*;
pub use look::*;
pub use open::*;
