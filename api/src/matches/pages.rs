//! The caseworker's and the reviewer's pages: my requests, who it may be and why, and the two decisions.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::desk::Desk;
use super::model::*;
use super::service;
use super::view::{CandidateView, LineView};
use crate::auth::Core;
use crate::kernel::{ApiError, CandidateId, MAX_PAGE, Page, PageRequest, RequestId};
use crate::policy::{
    Action, ConfirmMatch, May, ProposeMatch, ReadCandidates, ReadRequest, RejectMatch, Role,
};
use crate::requests::{self, RequestLine};
use crate::web::{self, Form, Id, Query, Shell};

#[derive(Template)]
#[template(path = "matches/requests.html")]
struct Requests {
    t: Shell,
    page: Page<RequestLine>,
}

/// Which page of a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After<K> {
    after: Option<K>,
}

/// `GET /requests`: the tracing requests within reach.
pub async fn requests(
    t: Shell,
    may: May<ReadRequest>,
    after: Query<After<RequestId>>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let page = PageRequest { after: after.0.after, limit: MAX_PAGE };
    let page = requests::list(&core, may, None, page).await?;
    web::page(&Requests { t, page })
}

#[derive(Template)]
#[template(path = "matches/candidates.html")]
struct Candidates {
    t: Shell,
    /// The page's title and its sentence when nobody is on it.
    key: &'static str,
    page: Page<CandidateView>,
}

impl Candidates {
    /// The decisions that are possible next and belong to the reader's role.
    fn deeds(&self, candidate: &CandidateView) -> Vec<Deed> {
        let mine = |deed: &&Deed| match deed {
            Deed::Propose => self.t.may(Action::ProposeMatch),
            Deed::Confirm => self.t.may(Action::ConfirmMatch),
            Deed::Reject => self.t.may(Action::RejectMatch),
            Deed::Review | Deed::Verify | Deed::Undo => false,
        };
        candidate.next.iter().filter(mine).copied().collect()
    }

    fn percent(&self, candidate: &CandidateView) -> Option<String> {
        candidate.probability.map(|p| format!("{:.0} %", p * 100.0))
    }

    fn weight(&self, line: &LineView) -> String {
        line.weight.map(|bits| format!("{bits:+.1}")).unwrap_or_default()
    }

    fn reasons(&self) -> Vec<Reason> {
        Reason::ALL.iter().copied().filter(|reason| reason.is_for_people()).collect()
    }

    fn needs_reason(&self, deed: &Deed) -> bool {
        *deed == Deed::Reject
    }
}

/// `GET /requests/{id}`: who it may be, side by side, with every reason.
pub async fn of_request(
    t: Shell,
    may: May<ReadCandidates>,
    id: Id<RequestId>,
    after: Query<After<CandidateId>>,
    core: Data<Core>,
    desk: Data<Desk>,
) -> Result<HttpResponse, ApiError> {
    let page = service::of_request(&core, &desk.engine, may, id.0, after.0.after, MAX_PAGE).await?;
    web::page(&Candidates { t, key: "match-candidates", page })
}

/// `GET /review`: what waits for a second person.
pub async fn waiting(
    t: Shell,
    may: May<ReadCandidates>,
    _deciding: May<ConfirmMatch>,
    after: Query<After<CandidateId>>,
    core: Data<Core>,
    desk: Data<Desk>,
) -> Result<HttpResponse, ApiError> {
    let state = CandidateState::Proposed;
    let page = service::waiting(&core, &desk.engine, may, state, after.0.after, MAX_PAGE).await?;
    web::page(&Candidates { t, key: "match-review", page })
}

/// `POST /candidates/{id}/propose`.
pub async fn propose(
    may: May<ProposeMatch>,
    id: Id<CandidateId>,
    form: Form<DecisionForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (decision, _) = form.split();
    service::propose(&core, may, id.0, decision?).await?;
    Ok(web::see_other("/requests"))
}

/// `POST /candidates/{id}/confirm`: refused to whoever proposed.
pub async fn confirm(
    may: May<ConfirmMatch>,
    id: Id<CandidateId>,
    form: Form<DecisionForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (decision, _) = form.split();
    service::confirm(&core, may, id.0, decision?).await?;
    Ok(web::see_other("/review"))
}

/// `POST /candidates/{id}/reject`: remembered until the evidence changes.
pub async fn reject(
    may: May<RejectMatch>,
    id: Id<CandidateId>,
    form: Form<ReasonedForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (decision, _) = form.split();
    let reviewer = may.actor().role() == Role::Reviewer;
    service::reject(&core, may, id.0, decision?).await?;
    Ok(web::see_other(if reviewer { "/review" } else { "/requests" }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Language;

    #[test]
    fn every_code_on_these_pages_has_its_word() {
        let fields = [
            "given_name",
            "family_name",
            "father",
            "mother",
            "sex",
            "birth",
            "nationality",
            "origin",
            "route",
            "time",
            "phone",
            "relatives",
            "household",
        ];
        let codes = [
            ("match-band-", BandCode::CODES.to_vec()),
            ("match-state-", CandidateState::CODES.to_vec()),
            ("match-reason-", Reason::ALL.iter().filter(|r| r.is_for_people()).map(|r| r.code()).collect()),
            ("match-deed-", vec!["propose", "confirm", "reject"]),
            ("match-field-", fields.to_vec()),
            ("request-state-", requests::RequestState::CODES.to_vec()),
        ];
        for (prefix, codes) in codes {
            for code in codes {
                let key = format!("{prefix}{code}").replace('_', "-");
                for language in Language::ALL {
                    assert!(web::find(*language, &key).is_some(), "{key} in {language}");
                }
            }
        }
    }
}
