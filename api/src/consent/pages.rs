//! Who is still kept without agreeing to it, by reference only: the data protection officer's list, and that of protection
//! officers, who see their own teams' people and put a data protection officer on the team. Erasing is asked twice, and
//! says before what goes along.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::waiting::{WaitingView, Why, waiting};
use crate::auth::Core;
use crate::kernel::{ApiError, MAX_PAGE, Page, PageRequest, PersonId, codes};
use crate::people::{self, Going};
use crate::policy::{Action, ErasePerson, May, ReadErasures};
use crate::web::{Id, Idempotency, Query, Shell, page, see_other};

codes! {
    /// What was just done.
    pub Done { Erased = "erased" }
}

/// Which page of the list, and what was just done.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListPage {
    after: Option<PersonId>,
    done: Option<Done>,
}

#[derive(Template)]
#[template(path = "consent/waiting.html")]
struct Waiting {
    t: Shell,
    list: Page<WaitingView>,
    done: Option<Done>,
}

#[derive(Template)]
#[template(path = "consent/erase.html")]
struct Erase {
    t: Shell,
    going: Going,
}

impl Waiting {
    fn may_erase(&self) -> bool {
        self.t.may(Action::ErasePerson)
    }

    /// Why the reader cannot erase somebody from here, in words.
    fn held(&self, one: &WaitingView) -> Option<&'static str> {
        match one.why {
            Why::NotPossible | Why::NotAsked => Some("erasure-asked-first"),
            _ if !one.erasable && self.may_erase() => Some("erasure-held-up"),
            _ => None,
        }
    }

    /// Whether it is for the team of somebody else to act.
    fn held_by_others(&self, one: &WaitingView) -> bool {
        one.held_up_by.iter().any(|guarded| guarded.id != one.id)
    }
}

/// `GET /erasures`
pub async fn erasures(
    t: Shell,
    may: May<ReadErasures>,
    query: Query<ListPage>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let wanted = PageRequest { after: query.0.after, limit: MAX_PAGE };
    let list = waiting(&core, &may, wanted).await?;
    page(&Waiting { t, list, done: query.0.done })
}

/// `GET /people/{id}/erasure`: what goes, before it goes.
pub async fn confirm(
    t: Shell,
    may: May<ErasePerson>,
    id: Id<PersonId>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let going = people::going(&core, &may, id.0).await?;
    page(&Erase { t, going })
}

/// `POST /people/{id}/erasure`
pub async fn erase(
    may: May<ErasePerson>,
    id: Id<PersonId>,
    once: Idempotency,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    people::erase_waiting(&core, may, once, id.0).await?;
    Ok(see_other(&format!("/erasures?done={}", Done::Erased)))
}
