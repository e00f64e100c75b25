//! Consent: what a person allowed, to whom, in which words, for how long (R-13 to R-18). Kinds are kept apart:
//! agreeing to a service is not agreeing to be searched for.
//!
//! ```text
//! answer ─ parse ─► suitable giver? (R-27) ─► one more revision of (person, kind) ─► history, never overwritten
//!                                                  the newest one counts, and only while it is valid (R-17)
//! ```
//! A *giver* is who answered for the person; an *assent* is the child's own yes beside a guardian's. The words
//! people hear are versioned: an edit is a new version, and each answer names the version it was given to (R-18).
//! Whose answer may be recorded or read is decided in [`crate::people`], which knows the person.

mod model;
pub mod pages;
pub mod routes;
mod service;
mod shipped;
mod store;
mod waiting;

pub use model::{
    Answer, Assent, ConsentForm, ConsentKind, ConsentStatus, ConsentView, GivenBy, LegalBasis, Method,
    NewConsent, Restrictions, RestrictionsForm, Subject,
};
pub use service::{TextForm, TextView, add as add_words, list as list_words, words};
pub use shipped::{DefaultText, default_texts};
pub use store::{
    AnswerAt, Append, Current, History, ReadyAnswer, Words, agreed, allowed, current, end_unsuited_yeses,
    expired_between, history, insert, insert_text, let_go, lets_be_found, limits, newest, seal, searchable,
    seed_texts, views, write,
};
pub use waiting::{Guarded, WaitingView, Why, waiting, why_let_go};
