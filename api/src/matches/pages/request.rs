//! The page of one request: where it stands, whom it is about, what the enquirer may be told, and who the missing may be.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::compare::Card;
use super::{Press, done_key};
use crate::auth::Core;
use crate::kernel::{ApiError, CandidateId, MAX_PAGE, RequestId};
use crate::matches::desk::Desk;
use crate::matches::service::{self, StatusView};
use crate::policy::{Action, May, ReadCandidates, ReadRequest};
use crate::requests::{
    self, Conflict, Done, EndingState, Fact, RequestState, RequestView, Said, SoughtView, of_case, of_person,
    of_sought,
};
use crate::web::{self, Id, Query, Shell};

/// Cards of one page: each compares two people, and a phone is small.
const CARDS: usize = 10;

#[derive(Template)]
#[template(path = "matches/request.html")]
struct One {
    t: Shell,
    request: RequestView,
    status: StatusView,
    cards: Vec<Card>,
    next: Option<String>,
    done: Option<&'static str>,
}

impl One {
    fn enquirer(&self) -> Vec<Fact> {
        of_person(&self.t, &self.request.enquirer)
    }

    fn case(&self) -> Vec<Fact> {
        of_case(&self.t, &self.request)
    }

    fn sought(&self, sought: &SoughtView) -> Vec<Fact> {
        of_sought(&self.t, sought)
    }

    /// People count from one.
    fn number(&self, at: &usize) -> usize {
        at + 1
    }

    /// Where a decision on a card leads back to.
    fn from(&self) -> String {
        self.request.id.to_string()
    }

    /// The steps that take one press and no reason.
    fn presses(&self) -> Vec<RequestState> {
        let state = self.request.state;
        let plain = |to: &&RequestState| self.t.may(Action::EditRequest) && !state.wants_reason(**to);
        self.request.next_states.iter().filter(plain).copied().collect()
    }

    /// What a request that has ended says is changed by opening it again first.
    fn may_change(&self) -> bool {
        let may = |action| self.t.may(action);
        may(Action::EditRequest) && may(Action::EditPerson) && !self.request.state.is_over()
    }

    /// Whether a second person did not agree to what was last stated about the end, and nothing has ended since.
    fn came_back(&self) -> bool {
        let newest = self.request.endings.first();
        !self.request.state.is_over() && newest.is_some_and(|ending| ending.state == EndingState::SentBack)
    }

    fn is_searched(&self) -> bool {
        self.request.state.is_searched() && !self.request.stands_still
    }

    fn is_flagged(&self) -> bool {
        self.request.conflict == Conflict::Flagged
    }
}

/// Which page of candidates, and what was just done.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    after: Option<CandidateId>,
    done: Option<String>,
}

/// The words for what was just done: a step of the request, or a decision about a candidate.
fn done(code: Option<&str>) -> Option<&'static str> {
    let code = code?;
    match Done::parse(code) {
        Some(step) => Some(step_key(step)),
        None => Press::parse(code).map(done_key),
    }
}

fn step_key(done: Done) -> &'static str {
    match done {
        Done::Opened => "request-done-opened",
        Done::Moved => "request-done-moved",
        Done::Closed => "request-done-closed",
        Done::Stated => "request-done-stated",
        Done::Confirmed => "request-done-ending-confirmed",
        Done::SentBack => "request-done-ending-sent-back",
        Done::Noted => "request-done-noted",
        Done::Cleared => "request-done-cleared",
        Done::Circulated => "request-done-circulated",
        Done::Changed => "request-done-changed",
        Done::ConsentsEnded => "request-done-consents-ended",
        Done::Unchanged => "request-done-unchanged",
        Done::Assigned => "request-done-assigned",
        Done::Unassigned => "request-done-unassigned",
        Done::SearchedAgain => "request-done-searched-again",
    }
}

/// `GET /requests/{id}`
pub async fn one(
    t: Shell,
    may: May<ReadCandidates>,
    reading: May<ReadRequest>,
    id: Id<RequestId>,
    of: Query<Of>,
    core: Data<Core>,
    desk: Data<Desk>,
) -> Result<HttpResponse, ApiError> {
    let request = requests::show(&core, reading.clone(), id.0).await?;
    let status = service::enquirer_status(&core, reading, id.0).await?;
    let page = service::of_request(&core, &desk.engine, may, id.0, of.0.after, CARDS.min(MAX_PAGE)).await?;
    let cards = page.items.into_iter().map(|view| Card::of(&t, view)).collect();
    let done = done(of.0.done.as_deref());
    web::page(&One { t, request, status, cards, next: page.next, done })
}

/// `POST /requests/{id}/search`
pub async fn search_again(
    may: May<ReadCandidates>,
    id: Id<RequestId>,
    core: Data<Core>,
    desk: Data<Desk>,
) -> Result<HttpResponse, ApiError> {
    service::search_again(&core, &desk.again, may, id.0).await?;
    Ok(web::see_other(&format!("/requests/{}?done={}", id.0, Done::SearchedAgain)))
}
