//! The refusals of every route, for the interface description.
//!
//! ```ignore
//! #[utoipa::path(get, path = "/api/v1/contacts/{id}", responses((status = 200, body = ContactView), web::Refusals))]
//! #[utoipa::path(post, path = "/api/v1/contacts", request_body = ContactForm,
//!     responses((status = 201, body = Created), web::InputRefusals))]
//! ```

use std::collections::BTreeMap;

use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use crate::auth::Problem;

const ALWAYS: &[(&str, &str)] = &[
    ("401", "not signed in, or the token is not valid any more"),
    ("403", "the role does not include this, or a step is missing first"),
    ("404", "no such record, or it is outside the caller's reach: the two are not told apart"),
    ("408", "the request did not arrive in time"),
    ("414", "the address is too long"),
    ("422", "the input has problems; each is named with its field"),
    ("429", "too many requests; Retry-After says how long to wait"),
    ("431", "the headers are too large"),
    ("500", "a fault of ours, under an incident number"),
    ("503", "cannot be done safely right now; nothing was done"),
];

const WITH_INPUT: &[(&str, &str)] = &[
    ("409", "the record has moved on, or the step is not possible from its state"),
    ("413", "the body is too large; at most 262144 bytes are taken"),
    ("415", "the body is not application/json"),
];

/// What any route may refuse with.
pub struct Refusals;

/// What a route that takes a body may refuse with.
pub struct InputRefusals;

fn responses<'a>(list: impl Iterator<Item = &'a (&'a str, &'a str)>) -> BTreeMap<String, RefOr<Response>> {
    let problem = || ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    list.map(|(status, description)| {
        let response =
            ResponseBuilder::new().description(*description).content("application/problem+json", problem());
        ((*status).to_owned(), RefOr::T(response.build()))
    })
    .collect()
}

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(ALWAYS.iter())
    }
}

impl IntoResponses for InputRefusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(ALWAYS.iter().chain(WITH_INPUT))
    }
}
