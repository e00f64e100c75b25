//! What every route shares.
//!
//! ```text
//! edge (number, limits, headers, errors, refusals) ─► session (who) ─► guard (body, cross-site) ─► handler
//! ```
//! *Input*: [`Body`] reads strict JSON, [`Form`] reads a form into the same input types, [`Id`] an id in the path,
//! [`Query`] paging and codes. *Answers*: [`created`], [`Shown`] for values that may be hidden, [`page`], [`page_again`]
//! and [`see_other`] for people. *Pages* stand in a [`Shell`]; their words live in `api/locales/<language>/<feature>.ftl`.
//! *Deeds* that make something take an [`Idempotency`] and run inside it.
//!
//! The interface description: each feature's `routes.rs` has
//! `#[derive(utoipa::OpenApi)] #[openapi(paths(record, show, …))] pub struct Api;` and `app.rs` merges them; every path
//! begins with `/api/v1`. A test holds the description and the route table to the same paths and methods.

mod body;
mod edge;
mod form;
mod guard;
mod once;
mod origin;
mod page;
mod problems;
pub mod public;
mod shown;
mod store;
mod tree;
mod words;

use actix_web::HttpResponse;
use serde::Serialize;

pub use crate::auth::Problem;
pub use body::{Body, Id, MAX_BODY, Query};
pub use edge::{catch_panics, edge};
pub use form::{Filled, Form, Labels};
pub use guard::guard;
pub use once::Idempotency;
pub use origin::Origin;
pub use page::{NavLink, Navigation, Shell, icon, page, page_again, page_with, see_other, style};
pub use problems::{InputRefusals, Refusals};
pub use shown::Shown;
pub use words::{find, word, word_of, word_with};

/// 201 with ids: the answer to making something.
pub fn created(made: impl Serialize) -> HttpResponse {
    HttpResponse::Created().json(made)
}
