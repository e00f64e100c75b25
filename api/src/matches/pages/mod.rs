//! The caseworker's and the reviewer's pages: a request with who it may be and why, one candidate with every decision,
//! what waits for a second person, a free search, and other societies' wishes to see more.

mod access;
mod candidate;
mod compare;
mod request;
mod search;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::desk::Desk;
use super::routes::Queue;
use super::service;
use crate::auth::Core;
use crate::kernel::{ApiError, CandidateId, Page, codes};
use crate::policy::{ConfirmMatch, May, ReadCandidates};
use crate::requests::Said;
use crate::web::{self, Query, Shell};
use compare::Card;

pub use access::{Answered, answer, wishes};
pub use candidate::{ask, confirm, one, propose, reject, release, review, undo, verify};
pub use request::{one as of_request, search_again};
pub use search::{blank as search_form, search};

codes! {
    /// What a button on a candidate's page does; also the last step of its address.
    pub Press {
        Review = "review",
        Propose = "propose",
        Confirm = "confirm",
        Verify = "verify",
        Reject = "reject",
        Undo = "undo",
        Ask = "access",
        Release = "release",
    }
}

/// The key of the notice after a press.
fn done_key(press: Press) -> &'static str {
    match press {
        Press::Review => "match-done-review",
        Press::Propose => "match-done-propose",
        Press::Confirm => "match-done-confirm",
        Press::Verify => "match-done-verify",
        Press::Reject => "match-done-reject",
        Press::Undo => "match-done-undo",
        Press::Ask => "match-done-access",
        Press::Release => "match-done-release",
    }
}

#[derive(Template)]
#[template(path = "matches/review.html")]
struct Review {
    t: Shell,
    queue: Queue,
    cards: Vec<Card>,
    next: Option<String>,
    done: Option<Press>,
}

impl Review {
    fn queues(&self) -> &'static [Queue] {
        Queue::ALL
    }

    /// Where a decision on a card leads back to.
    fn from(&self) -> String {
        self.queue.code().to_owned()
    }
}

/// Which queue, which page of it, and what was just done.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    queue: Option<Queue>,
    after: Option<CandidateId>,
    done: Option<Press>,
}

/// `GET /review`: what waits for a second person, or for the check of the relation.
pub async fn waiting(
    t: Shell,
    may: May<ReadCandidates>,
    _deciding: May<ConfirmMatch>,
    of: Query<Waiting>,
    core: Data<Core>,
    desk: Data<Desk>,
) -> Result<HttpResponse, ApiError> {
    const CARDS: usize = 10;
    let queue = of.0.queue.unwrap_or(Queue::Confirmation);
    let Page { items, next } =
        service::waiting(&core, &desk.engine, may, queue.state(), of.0.after, CARDS).await?;
    let cards = items.into_iter().map(|view| Card::of(&t, view)).collect();
    web::page(&Review { t, queue, cards, next, done: of.0.done })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Language;
    use crate::matches::model::*;
    use crate::requests::{EnquirerStatus, Released};

    #[test]
    fn every_code_on_these_pages_has_its_word_in_every_language() {
        let reasons: Vec<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        let lists = [
            ("match-band-", BandCode::CODES),
            ("match-state-", CandidateState::CODES),
            ("match-access-", Access::CODES),
            ("match-reason-", reasons.as_slice()),
            ("match-deed-", Press::CODES),
            ("match-done-", Press::CODES),
            ("match-answered-", Answered::CODES),
            ("match-queue-", Queue::CODES),
            ("match-release-", Released::CODES),
            ("match-status-", EnquirerStatus::CODES),
        ];
        for (prefix, codes) in lists {
            for code in codes {
                let key = format!("{prefix}{code}").replace('_', "-");
                for language in Language::ALL {
                    assert!(web::find(*language, &key).is_some(), "{key} in {language}");
                }
            }
        }
        for press in Press::ALL {
            assert_eq!(done_key(*press), format!("match-done-{press}"));
        }
    }
}
