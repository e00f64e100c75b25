//! One candidate on a page: both people side by side, how it came here, and the decisions that the reader's role and
//! the candidate's state allow. After a decision the page it was reached from comes back, with a word on what was done.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::Press;
use super::compare::{Card, Row, besides};
use crate::auth::Core;
use crate::kernel::{AccountId, ApiError, CandidateId, RequestId};
use crate::matches::desk::Desk;
use crate::matches::model::*;
use crate::matches::routes::Queue;
use crate::matches::service;
use crate::matches::view::{EventView, PairView};
use crate::policy::*;
use crate::requests::{Released, Said, VersionForm, as_asked};
use crate::web::{self, Filled, Form, Id, Query, Shell};

#[derive(Template)]
#[template(path = "matches/candidate.html")]
struct One {
    t: Shell,
    card: Card,
    besides: Vec<Row>,
    sought_reference: String,
    events: Vec<EventView>,
    /// What the found person agreed to have told, for whoever may release it.
    releasable: Vec<Released>,
    me: Option<AccountId>,
    from: From,
    done: Option<Press>,
    /// What was typed, under which button.
    form: Filled,
    pressed: Option<Press>,
}

impl One {
    async fn read(
        t: Shell,
        may: May<ReadCandidates>,
        id: CandidateId,
        at: &Place<'_>,
    ) -> Result<Self, ApiError> {
        let core = at.core;
        let me = may.account();
        let PairView { candidate, sought_person, found_person } =
            service::pair(core, &at.desk.engine, may.clone(), id).await?;
        let events = service::history(core, may.also()?, id).await?;
        let releasable = match may.also::<ReleaseNews>() {
            Ok(may) if candidate.state == CandidateState::Verified => {
                service::releasable(core, &may, id).await?
            }
            _ => Vec::new(),
        };
        let besides =
            found_person.as_ref().map(|found| besides(&t, &sought_person, found)).unwrap_or_default();
        Ok(Self {
            card: Card::of(&t, candidate),
            t,
            besides,
            sought_reference: sought_person.reference,
            events,
            releasable,
            me,
            from: From::default(),
            done: None,
            form: Filled::blank(),
            pressed: None,
        })
    }

    /// The presses that are possible next and belong to the reader: the role's, and never the second word on one's own
    /// first.
    fn presses(&self) -> Vec<Press> {
        let view = &self.card.view;
        let open = view.access.shows_values();
        let second = view.proposed_by != self.me;
        let next = |deed| view.next.contains(&deed);
        let may = |action| self.t.may(action);
        let possible = |press: &Press| match press {
            Press::Review => next(Deed::Review) && may(Action::ProposeMatch),
            Press::Propose => open && next(Deed::Propose) && may(Action::ProposeMatch),
            Press::Confirm => open && second && next(Deed::Confirm) && may(Action::ConfirmMatch),
            Press::Verify => open && second && next(Deed::Verify) && may(Action::VerifyMatch),
            Press::Reject => next(Deed::Reject) && may(Action::RejectMatch),
            Press::Undo => next(Deed::Undo) && may(Action::UndoMatch),
            Press::Ask => matches!(view.access, Access::Reduced | Access::Refused) && may(Action::AskAccess),
            Press::Release => !self.releasable.is_empty() && may(Action::ReleaseNews),
        };
        Press::ALL.iter().copied().filter(possible).collect()
    }

    /// Verified, and the found person has agreed to nothing being told.
    fn nothing_to_release(&self) -> bool {
        let verified = self.card.view.state == CandidateState::Verified;
        verified && self.t.may(Action::ReleaseNews) && self.releasable.is_empty()
    }

    /// What was typed under this button; a blank form under the others.
    fn typed(&self, press: &Press) -> Filled {
        if self.is_pressed(press) { self.form.clone() } else { Filled::blank() }
    }

    fn is_pressed(&self, press: &Press) -> bool {
        self.pressed == Some(*press)
    }

    /// The step the case waits for stands open; the others fold away.
    fn is_forward(&self, press: &Press) -> bool {
        matches!(press, Press::Propose | Press::Confirm | Press::Verify | Press::Ask | Press::Release)
    }

    fn asks_reason(&self, press: &Press) -> bool {
        matches!(press, Press::Reject | Press::Undo)
    }

    fn asks_note(&self, press: &Press) -> bool {
        !matches!(press, Press::Ask | Press::Release)
    }

    fn reasons(&self) -> Vec<Reason> {
        Reason::ALL.iter().copied().filter(|reason| reason.is_for_people()).collect()
    }

    fn checks(&self) -> [&'static str; 5] {
        [
            "enquirer_interviewed",
            "found_person_interviewed",
            "separate_facts_agree",
            "documents_checked",
            "best_interest_assessed",
        ]
    }

    fn check_name(&self, check: &str) -> String {
        format!("checks.{check}")
    }

    fn address(&self, press: &Press) -> String {
        let from = self.from.from.as_ref().map(|from| format!("?from={from}")).unwrap_or_default();
        format!("/candidates/{}/{press}{from}", self.card.view.id)
    }

    fn back(&self) -> String {
        match &self.from.from {
            Some(from) => from.list(),
            None => format!("/requests/{}", self.card.view.request),
        }
    }

    /// Who decided, without a name: the reader, somebody else, or the service.
    fn by(&self, event: &EventView) -> String {
        self.t.tr(match event.by {
            None => "match-by-service",
            Some(_) if event.by == self.me => "match-by-you",
            Some(_) => "match-by-other",
        })
    }

    fn label(&self, field: &str) -> Option<String> {
        let key = match field.rsplit('.').next().unwrap_or_default() {
            "reason" => "match-reason",
            "note" => "match-note",
            "kind" => "match-release-kind",
            check if self.checks().contains(&check) => {
                return Some(self.t.tr_code("match-check-", check));
            }
            _ => return None,
        };
        Some(self.t.tr(key))
    }
}

/// The list a candidate was reached from: a request, or a queue of the reviewer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Request(RequestId),
    Queue(Queue),
}

impl Origin {
    fn list(&self) -> String {
        match self {
            Self::Request(id) => format!("/requests/{id}"),
            Self::Queue(queue) => format!("/review?queue={queue}"),
        }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Request(id) => id.fmt(f),
            Self::Queue(queue) => queue.fmt(f),
        }
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        let queue = Queue::parse(&text).map(Self::Queue);
        let request = || text.parse().ok().map(Self::Request);
        queue.or_else(request).ok_or_else(|| serde::de::Error::custom("expected a queue or a request"))
    }
}

/// Where the reader came from, and what was just done.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct From {
    from: Option<Origin>,
    done: Option<Press>,
}

impl From {
    /// Where a decision leads.
    fn after(self, id: CandidateId, press: Press) -> String {
        match self.from {
            Some(Origin::Request(request)) => format!("/requests/{request}?done={press}"),
            Some(Origin::Queue(queue)) => format!("/review?queue={queue}&done={press}"),
            None => format!("/candidates/{id}?done={press}"),
        }
    }
}

/// What a page is made with.
struct Place<'a> {
    core: &'a Core,
    desk: &'a Desk,
}

/// `GET /candidates/{id}`
pub async fn one(
    t: Shell,
    may: May<ReadCandidates>,
    id: Id<CandidateId>,
    from: Query<From>,
    core: Data<Core>,
    desk: Data<Desk>,
) -> Result<HttpResponse, ApiError> {
    let page = One::read(t, may, id.0, &Place { core: &core, desk: &desk }).await?;
    web::page(&One { from: from.0, done: from.0.done, ..page })
}

/// Back to the list, or to the form with what was typed and what is wrong with it.
async fn answer(
    decided: Result<(), ApiError>,
    press: Press,
    (t, may, form): (Shell, May<ReadCandidates>, Filled),
    (id, from): (CandidateId, From),
    place: Place<'_>,
) -> Result<HttpResponse, ApiError> {
    match decided {
        Ok(()) => Ok(web::see_other(&from.after(id, press))),
        Err(error) => {
            let form = form.with(as_asked(error, |_, at| at))?;
            let page = One::read(t, may, id, &place).await?;
            web::page_again(&One { form, pressed: Some(press), from, ..page })
        }
    }
}

/// The check of the relation as a page sends it: a box that is not ticked is not sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerifyPage {
    version: i64,
    #[serde(default)]
    checks: Checks,
    note: Option<String>,
}

impl std::convert::From<VerifyPage> for VerifyForm {
    fn from(page: VerifyPage) -> Self {
        Self { version: page.version, checks: page.checks, note: page.note }
    }
}

macro_rules! presses {
    ($($(#[$meta:meta])* $name:ident: $permission:ident, $form:ty, $press:ident, $deed:expr;)*) => {$(
        $(#[$meta])*
        pub async fn $name(
            t: Shell,
            may: May<$permission>,
            id: Id<CandidateId>,
            from: Query<From>,
            form: Form<$form>,
            core: Data<Core>,
            desk: Data<Desk>,
        ) -> Result<HttpResponse, ApiError> {
            let reading: May<ReadCandidates> = may.also()?;
            let (input, typed) = form.split();
            let decided = match input {
                Ok(input) => $deed(&core, may, id.0, input.into()).await,
                Err(error) => Err(error),
            };
            let place = Place { core: &core, desk: &desk };
            answer(decided, Press::$press, (t, reading, typed), (id.0, from.0), place).await
        }
    )*};
}

presses! {
    /// `POST /candidates/{id}/review`
    review: ProposeMatch, DecisionForm, Review, service::review;
    /// `POST /candidates/{id}/propose`
    propose: ProposeMatch, DecisionForm, Propose, service::propose;
    /// `POST /candidates/{id}/confirm`: refused to whoever proposed.
    confirm: ConfirmMatch, DecisionForm, Confirm, service::confirm;
    /// `POST /candidates/{id}/verify`
    verify: VerifyMatch, VerifyPage, Verify, service::verify;
    /// `POST /candidates/{id}/reject`: remembered until the evidence changes.
    reject: RejectMatch, ReasonedForm, Reject, service::reject;
    /// `POST /candidates/{id}/undo`
    undo: UndoMatch, ReasonedForm, Undo, service::undo;
    /// `POST /candidates/{id}/release`
    release: ReleaseNews, ReleaseForm, Release, service::release;
    /// `POST /candidates/{id}/access`
    ask: AskAccess, VersionForm, Ask, ask_for_access;
}

async fn ask_for_access(
    core: &Core,
    may: May<AskAccess>,
    id: CandidateId,
    form: VersionForm,
) -> Result<(), ApiError> {
    service::ask(core, may, id, form.version).await
}
