//! Tracing requests as the service thinks of them: states and moves, who may learn of one, how one ends, and how one
//! comes in.

mod change;
mod circulation;
mod closing;
mod codes;
mod ending;
mod form;
mod state;
mod values;

pub use change::*;
pub use circulation::*;
pub use closing::*;
pub use codes::*;
pub use ending::*;
pub use form::*;
pub use state::*;
pub use values::*;
