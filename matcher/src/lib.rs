//! Links what a family remembers of a relative to what a service point wrote down.
//!
//! ```text
//!  Profile ─ fold ─► tokens ─ vocabulary ─► Index ─ candidates ─► compare ─► Score
//!  (either side)     (romanised, keyed)     (in memory)           (ladders)  └► Explanation
//! ```
//!
//! The crate is pure: no database, clock, key or network. The same records and the same query give the same ranking.
//! It never decides anything: it ranks, explains, and leaves the decision to two people.
#![warn(missing_docs)]

mod alignment;
mod atlas;
mod birth;
mod date;
pub mod evaluate;
mod evidence;
mod explain;
mod fold;
mod forms;
mod index;
pub mod learn;
mod likeness;
mod model;
mod pair;
mod person;
mod population;
mod profile;
pub mod records;
mod region;
mod remembered;
mod rivals;
mod rung;
mod score;
mod stakes;
mod table;
mod vocabulary;

pub use date::{Date, NotADate};
pub use explain::{Explanation, FieldName, Line, Verdict, levels};
pub use index::{Folded, Hit, Index, Limit, RecordKey, SnapshotError};
pub use model::{Model, ModelError};
pub use profile::{
    Birth, Country, Name, NamePart, NotACountry, PROFILE_FORMAT, Place, PlaceRole, Profile, Relative, Sex,
};
pub use rivals::{Among, List};
pub use score::{Band, Score, Side};

/// The example of the README, kept working.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
