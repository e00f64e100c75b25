//! Who may do what, and how far. Pure: no database, no request.
//!
//! *Reach* is how far an action goes, *class* is what kind of personal value it may open. One table says both; a pair
//! that is not in it reaches nobody. [`May<P>`] is the proof that the table was asked: every store function wants one.
//! Denials that depend on the record (a restricted person, withdrawn consent) stand in the stores and beat any grant.

mod actions;
mod actor;
mod classes;
mod may;
mod purpose;
mod table;

pub use actions::*;
pub use actor::{Actor, Caller, Origin};
pub use classes::{Class, ClassSet};
pub use may::{Denied, May, Permission, grant, system};
pub use purpose::Purpose;
pub use table::{Reach, Role, grants, render};
