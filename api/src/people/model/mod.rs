//! People and contacts as the service thinks of them: codes, what is known of somebody, and how it comes in.

mod codes;
mod contact;
mod form;
mod profile;
mod values;

pub use codes::*;
pub use contact::*;
pub use form::*;
pub use profile::{Clues, SealedProfile, profile_of};
pub use values::*;
