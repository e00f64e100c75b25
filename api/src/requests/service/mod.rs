//! The flow of tracing requests.

mod change;
mod look;

pub use change::*;
pub use look::*;
