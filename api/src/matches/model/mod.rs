//! Candidates as the service thinks of them: states and who may move them, what pairs may exist at all, and how
//! decisions come in.

mod codes;
mod forms;
mod pairing;
mod state;

pub use codes::*;
pub use forms::*;
pub use pairing::*;
pub use state::*;
