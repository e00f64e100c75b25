//! Who is asking. Accounts, sessions and tokens end here in one thing: a [`crate::policy::May`] in a handler's
//! arguments, which nobody gets without a live session, an accepted code of conduct and a role that includes the action.

mod core;
mod extract;
mod language;
mod problem;
mod session;

pub use core::Core;
pub use extract::{Asked, SignedIn};
pub use language::Language;
pub use problem::Problem;
pub use session::{RequestNumber, Session, SessionKind, Step};
