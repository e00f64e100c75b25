//! What every route shares: strict JSON bodies, ids in paths, answers; and for pages the shell, forms, translations.

mod body;

pub use body::{Body, Id, Query};
