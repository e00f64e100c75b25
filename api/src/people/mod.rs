//! People: everybody something is kept about, and their contacts with service points.
//!
//! ```text
//! PersonForm ─ parse ─► NewPerson ─ insert ─► one data key · every column sealed · the match profile, sealed
//! ContactForm ─ parse ─► NewContact ─ put_contact ─► person? · consents · services · group · change noted
//! May<…> ─ find (reach, restriction) ─► row ─ Receipt ─► open ─► PersonView, hidden where the class is not granted
//! ```
//! A *contact* is one meeting at a service point; it may be anonymous, and then nothing about anybody is kept (R-14).
//! A *restricted* person exists only for the team assigned to them (R-10). A *profile* is what matching compares; it
//! leaves here only for people who may be found (R-16). Nothing is ever discarded as a double: two records of one
//! person are a nuisance, a lost one is a lost relative (R-54).

mod model;
pub mod pages;
pub mod routes;
mod service;
mod store;

pub use model::*;
pub use service::*;
pub use store::*;
