//! The flow of candidates: looked at, decided by two people, released with the found person's leave.

mod access;
mod decide;
mod erased;
mod limits;
mod look;
mod release;
mod safety;

pub use access::*;
pub use decide::*;
pub use erased::LeftBehind;
pub use look::*;
pub use release::*;
