//! Overseeing: the auditor sees who looked at what, the data protection officer can tell a person who opened their
//! file. Neither sees a personal value here: only ids, roles, classes and times, because leaves hold nothing else.
//!
//! ```text
//! question ─► leaf "the auditor asks" ─► entries before that leaf ─► entry ─► proof ─► checked without us
//! ```
//! An entry names everybody whose record it touched; its proof leads to a signed checkpoint and can be checked offline
//! with any tool that knows RFC 6962 trees and C2SP signed notes. A restricted person's entries are shown like
//! everybody's: those are the looks that most need an auditor, and an id tells nobody who it is.

mod model;
pub mod pages;
pub mod routes;
pub mod service;
mod store;

pub use model::*;
pub use service::{about_person, who_opened};
