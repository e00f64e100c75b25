//! The rows of the register.

mod points;

pub use points::meeting_place;
