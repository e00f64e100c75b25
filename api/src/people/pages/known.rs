//! Finding somebody known by the reference on their card, for whoever stands before them and no other page leads there.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use crate::auth::Core;
use crate::kernel::{ApiError, Reference, Wrong, invalid};
use crate::people::service;
use crate::policy::{May, ReadConsent};
use crate::web::{self, Filled, Form, Labels, Shell};

const LABELS: Labels = &[("reference", "known-reference")];

/// What the page asks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownForm {
    reference: String,
}

#[derive(Template)]
#[template(path = "people/known.html")]
struct Known {
    t: Shell,
    form: Filled,
}

/// `GET /people`
pub async fn ask(t: Shell, _: May<ReadConsent>) -> Result<HttpResponse, ApiError> {
    web::page(&Known { t, form: Filled::blank() })
}

/// `POST /people`: leads to what they agreed to. Unknown and out of reach are not told apart.
pub async fn find(
    t: Shell,
    may: May<ReadConsent>,
    form: Form<KnownForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let asked = input.and_then(|form| {
        let wrong = || invalid("reference", Wrong::NotAnId.says("is not taken; a printed reference is"));
        Reference::parse(form.reference.trim()).map_err(|_| wrong())
    });
    let found = match asked {
        Ok(card) => service::find_by_card(&core, &may, card).await,
        Err(error) => Err(error),
    };
    let error = match found {
        Ok(person) => return Ok(web::see_other(&format!("/people/{person}/consents"))),
        Err(ApiError::NotFound) => {
            invalid("reference", Wrong::Unknown.says("names nobody within your reach"))
        }
        Err(other) => other,
    };
    web::page_again(&Known { t, form: filled.with(error)?.labelled(LABELS) })
}
