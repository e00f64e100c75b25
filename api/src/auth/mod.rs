//! Who is asking. Accounts, sessions and tokens end here in one thing: a [`crate::policy::May`] in a handler's
//! arguments, which nobody gets without a live session, an accepted code of conduct and a role that includes the action.
//!
//! ```text
//! enrolment ─► account ─► sign_in ─► session (database) ◄─ cookie or bearer token, on every request ─► Session ─► May
//! ```

pub mod accounts;
mod core;
pub mod enrol;
mod extract;
mod factor;
mod gate;
mod known;
mod language;
mod live;
mod model;
mod password;
mod problem;
mod session;
pub mod sign_in;
mod store;
mod throttle;
mod token;

pub use core::Core;
pub use extract::{Asked, SignedIn};
pub use factor::{Setup, code_at};
pub use gate::Gate;
pub use language::Language;
pub use live::{COOKIE, cookie, session};
pub use model::{AccountState, AccountView, Login, NewAccount, Password, SessionState};
pub use password::check_new;
pub use problem::Problem;
pub use session::{RequestNumber, Session, SessionKind, Step};
pub use token::LIFE as TOKEN_SECONDS;
