//! The caseworker's pages about requests: the list, opening one, changing what it says, the steps that move one, and for
//! reviewers who holds it. The page of one request,
//! which also shows who the missing may be, stands with the candidates.

mod asked;
mod edit;
mod ending;
mod facts;
mod fields;
mod hold;
mod new;
mod person;
mod steps;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::model::{Conflict, EndingState, RequestState};
use super::service;
use super::store::Which;
use super::view::RequestLine;
use crate::auth::Core;
use crate::kernel::{ApiError, MAX_PAGE, Page, PageRequest, RequestId};
use crate::policy::{Action, May, ReadRequest};
use crate::web::{self, Query, Shell};

pub use asked::{Asked, Kind, as_asked};
pub use edit::{change, edit};
pub use ending::{confirm_ending, send_ending_back};
pub use facts::{Fact, Said, birth_text, of_case, of_person, of_sought, place_text};
pub use fields::{call, looked_for};
pub use hold::{assign, hold};
pub use new::{blank, longer, open};
pub use person::{change_person, edit_person};
pub use steps::{Done, act, advance, circulate, clear_conflict, close, steps};

#[derive(Template)]
#[template(path = "requests/list.html")]
struct List {
    t: Shell,
    which: Which,
    page: Page<RequestLine>,
}

impl List {
    fn states(&self) -> &'static [RequestState] {
        RequestState::ALL
    }

    fn is_chosen(&self, state: &RequestState) -> bool {
        self.which.state == Some(*state)
    }

    fn count(&self, line: &RequestLine) -> usize {
        line.sought
    }

    /// Where the list goes on.
    fn more(&self) -> Option<String> {
        let next = self.page.next.as_ref()?;
        let state = self.which.state.map(|state| format!("&state={state}")).unwrap_or_default();
        let ending = self.which.ending.map(|ending| format!("&ending={ending}")).unwrap_or_default();
        Some(format!("/requests?after={next}{state}{ending}"))
    }
}

/// Which requests, and which page of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    after: Option<RequestId>,
    state: Option<String>,
    ending: Option<EndingState>,
}

/// `GET /requests`: the tracing requests within reach.
pub async fn list(
    t: Shell,
    may: May<ReadRequest>,
    of: Query<Of>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let page = PageRequest { after: of.0.after, limit: MAX_PAGE };
    // The form's first choice is no state: all of them.
    let state = of.0.state.as_deref().and_then(RequestState::parse);
    let which = Which { state, ending: of.0.ending };
    let page = service::list(&core, may, which, page).await?;
    web::page(&List { t, which, page })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Language;
    use crate::people::{NameKind, Relation, Sex};
    use crate::requests::model::*;

    #[test]
    fn every_code_on_these_pages_has_its_word_in_every_language() {
        let lists = [
            ("request-state-", RequestState::CODES),
            ("request-conflict-", Conflict::CODES),
            ("request-channel-", Channel::CODES),
            ("request-cause-", SeparationCause::CODES),
            ("request-means-", LastContactMeans::CODES),
            ("request-source-", InformationSource::CODES),
            ("name-kind-", NameKind::CODES),
            ("request-concern-", ConflictConcern::CODES),
            ("request-rule-", Rule::CODES),
            ("request-recipient-", RecipientKind::CODES),
            ("request-action-", ActionKind::CODES),
            ("request-result-", ActionResult::CODES),
            ("request-move-reason-", MoveReason::CODES),
            ("request-outcome-", Outcome::CODES),
            ("request-told-", Told::CODES),
            ("request-ending-", EndingState::CODES),
            ("request-confidence-", Confidence::CODES),
            ("request-begin-", new::Begin::CODES),
            ("request-done-", steps::Done::CODES),
            ("relation-", Relation::CODES),
            ("ask-sex-", Sex::CODES),
        ];
        for (prefix, codes) in lists {
            for code in codes {
                let key = format!("{prefix}{code}").replace('_', "-");
                for language in Language::ALL {
                    assert!(web::find(*language, &key).is_some(), "{key} in {language}");
                }
            }
        }
    }
}
