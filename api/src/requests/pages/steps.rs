//! The steps of a request on a page: where it may go next, how it ends, what was done for it, and who else may know.
//! The true outcome and what the enquirer hears are asked apart.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::asked::{Asked, Kind, as_asked, filled_rows};
use super::facts::{Fact, Said, of_ending, of_those_sought};
use crate::auth::Core;
use crate::kernel::{ApiError, RequestId, SoughtId, codes};
use crate::policy::{Action, ClearConflict, CloseRequest, EditRequest, May, ReadRequest};
use crate::requests::model::*;
use crate::requests::service;
use crate::requests::view::{ActionView, EndingView, RequestView};
use crate::web::{self, Filled, Form, Id, Query, Shell};

codes! {
    /// What was just done, for the notice on the page that follows.
    pub Done {
        Opened = "opened",
        Moved = "moved",
        Closed = "closed",
        Noted = "noted",
        /// It ends when a second person agrees.
        Stated = "stated",
        Confirmed = "ending_confirmed",
        SentBack = "ending_sent_back",
        Cleared = "cleared",
        Circulated = "circulated",
        Changed = "changed",
        /// And whoever agreed could not: those consents ended with it.
        ConsentsEnded = "consents_ended",
        Unchanged = "unchanged",
        Assigned = "assigned",
        Unassigned = "unassigned",
        SearchedAgain = "searched_again",
    }
}

/// The forms of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Confirm,
    SendBack,
    Move,
    Close,
    Act,
    Circulate,
    Clear,
}

#[derive(Template)]
#[template(path = "requests/steps.html")]
struct Steps {
    t: Shell,
    request: RequestView,
    actions: Vec<ActionView>,
    societies: Vec<(String, String)>,
    done: Option<Done>,
    /// What was typed, in which form.
    form: Filled,
    part: Option<Part>,
}

impl Steps {
    async fn read(t: Shell, may: May<ReadRequest>, id: RequestId, core: &Core) -> Result<Self, ApiError> {
        let societies = service::recipients(core, &may).await?;
        let societies = societies.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
        let request = service::show(core, may.clone(), id).await?;
        let actions = service::actions(core, may, id).await?;
        Ok(Self { t, request, actions, societies, done: None, form: Filled::blank(), part: None })
    }

    /// The typed form if it is this one; a blank form otherwise.
    fn typed(&self, part: Part) -> Filled {
        if self.part == Some(part) { self.form.clone() } else { Filled::blank() }
    }

    fn moving(&self) -> Filled {
        self.typed(Part::Move)
    }
    fn closing(&self) -> Filled {
        self.typed(Part::Close)
    }
    fn acting(&self) -> Filled {
        self.typed(Part::Act)
    }
    fn clearing(&self) -> Filled {
        self.typed(Part::Clear)
    }
    /// The list as it stands, unless it was just typed anew.
    fn circulating(&self) -> Filled {
        if self.part == Some(Part::Circulate) {
            return self.form.clone();
        }
        let mut pairs = Vec::new();
        for (at, entry) in self.request.circulation.iter().enumerate() {
            pairs.push((format!("circulation.{at}.kind"), entry.kind.code().to_owned()));
            pairs.push((format!("circulation.{at}.recipient"), entry.recipient.clone()));
            pairs.push((format!("circulation.{at}.rule"), entry.rule.code().to_owned()));
        }
        Filled::from_pairs(pairs)
    }

    fn confirming(&self) -> Filled {
        self.typed(Part::Confirm)
    }
    fn sending_back(&self) -> Filled {
        self.typed(Part::SendBack)
    }

    /// What was stated about the end, as facts for the list.
    fn stated(&self, ending: &EndingView) -> Vec<Fact> {
        of_ending(&self.t, ending, &self.those_sought())
    }

    fn those_sought(&self) -> Vec<(SoughtId, String)> {
        of_those_sought(&self.t, &self.request)
    }

    /// Who stated it, for somebody who wants to ask: known as long as they hold the request.
    fn stated_by(&self, ending: &EndingView) -> Option<&str> {
        let holder = self.request.held_by.iter().find(|holder| holder.account == ending.stated_by);
        holder.map(|holder| holder.login.as_str())
    }

    /// What was stated before; what waits stands above, where it is judged.
    fn judged(&self) -> Vec<&EndingView> {
        self.request.endings.iter().filter(|ending| ending.state != EndingState::Waiting).collect()
    }

    /// Whether the reader may judge what waits. Whoever stated it is told by the answer that somebody else must.
    fn may_judge(&self) -> bool {
        self.t.may(Action::ConfirmEnding) && self.request.waiting_ending().is_some()
    }

    fn may_edit(&self) -> bool {
        self.t.may(Action::EditRequest)
    }

    fn may_close(&self) -> bool {
        let is_next = self.request.state.next().contains(&RequestState::Closed);
        self.t.may(Action::CloseRequest) && is_next && self.request.waiting_ending().is_none()
    }

    fn may_clear(&self) -> bool {
        self.t.may(Action::ClearConflict) && self.request.conflict == Conflict::Flagged
    }

    /// Steps that take a press, and those that must say why.
    fn moves(&self, with_reason: bool) -> Vec<RequestState> {
        let state = self.request.state;
        let alike = |to: &&RequestState| state.wants_reason(**to) == with_reason;
        self.request.next_states.iter().filter(alike).copied().collect()
    }

    fn presses(&self) -> Vec<RequestState> {
        self.moves(false)
    }

    fn detours(&self) -> Vec<RequestState> {
        self.moves(true)
    }

    fn reasons(&self) -> &'static [MoveReason] {
        MoveReason::ALL
    }

    fn outcomes(&self) -> &'static [Outcome] {
        Outcome::ALL
    }

    fn confidences(&self) -> &'static [Confidence] {
        Confidence::ALL
    }

    fn wordings(&self) -> &'static [Told] {
        Told::ALL
    }

    fn kinds(&self) -> Vec<ActionKind> {
        ActionKind::ALL.iter().copied().filter(|kind| kind.is_for_people()).collect()
    }

    fn results(&self) -> &'static [ActionResult] {
        ActionResult::ALL
    }

    fn due(&self) -> Asked {
        Asked::new(&self.t, "next_contact_due", "request-next-contact", Kind::Code(10))
            .hint(&self.t, "ask-day-hint")
    }

    /// The rows of the circulation list: those that stand, and two more.
    fn rows(&self) -> usize {
        self.request.circulation.len() + 2
    }

    /// People count from one.
    fn number(&self, at: &usize) -> usize {
        at + 1
    }

    /// The names of a row's fields: kind, recipient, rule.
    fn row(&self, at: &usize) -> (String, String, String) {
        let name = |field| format!("circulation.{at}.{field}");
        (name("kind"), name("recipient"), name("rule"))
    }

    fn recipients(&self) -> &'static [RecipientKind] {
        RecipientKind::ALL
    }

    fn rules(&self) -> &'static [Rule] {
        Rule::ALL
    }

    /// What a recipient is called.
    fn recipient(&self, entry: &EntryForm) -> String {
        let society = self.societies.iter().find(|(id, _)| *id == entry.recipient);
        match society {
            Some((_, name)) => name.clone(),
            None if entry.kind == RecipientKind::Country => self.t.country(&entry.recipient),
            None => entry.recipient.clone(),
        }
    }

    /// What a field is called on this page.
    fn label(&self, field: &str) -> Option<String> {
        let key = match field.rsplit('.').next().unwrap_or_default() {
            "to" => "request-move-to",
            "reason" if self.part == Some(Part::SendBack) => "request-ending-reason",
            "reason" => "request-move-reason",
            "source" => "request-ending-source",
            "about" => "request-ending-about",
            "confidence" => "request-confidence",
            "outcome" => "request-outcome",
            "told" => "request-told",
            "note" => "match-note",
            "kind" if self.part == Some(Part::Act) => "request-action-kind",
            "result" => "request-action-result",
            "next_contact_due" => "request-next-contact",
            "recipient" => "request-recipient",
            "rule" => "request-rule",
            "kind" => "request-recipient-kind",
            _ => return None,
        };
        Some(self.t.tr(key))
    }
}

/// What was just done.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    done: Option<Done>,
}

/// `GET /requests/{id}/steps`
pub async fn steps(
    t: Shell,
    may: May<ReadRequest>,
    id: Id<RequestId>,
    after: Query<After>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let page = Steps::read(t, may, id.0, &core).await?;
    web::page(&Steps { done: after.0.done, ..page })
}

/// Where a step leads: to the request, or back to the form with what was typed.
pub(super) async fn answer(
    stepped: Result<(), ApiError>,
    (done, part): (Done, Part),
    (t, form): (Shell, Filled),
    (may, id, core): (May<ReadRequest>, RequestId, &Core),
) -> Result<HttpResponse, ApiError> {
    match stepped {
        Ok(()) if matches!(done, Done::Noted | Done::Circulated) => {
            Ok(web::see_other(&format!("/requests/{id}/steps?done={done}")))
        }
        Ok(()) => Ok(web::see_other(&format!("/requests/{id}?done={done}"))),
        Err(error) => {
            // Whatever is not about the input, such as a record out of reach, is no page of this record.
            let rows = filled_rows(&form, "circulation", MAX_ENTRIES, &["kind", "recipient", "rule"]);
            let form = form.with(as_asked(error, |_, at| rows.get(at).copied().unwrap_or(at)))?;
            let page = Steps::read(t, may, id, core).await?;
            web::page_again(&Steps { form, part: Some(part), ..page })
        }
    }
}

/// `POST /requests/{id}/state`
pub async fn advance(
    t: Shell,
    may: May<EditRequest>,
    reading: May<ReadRequest>,
    id: Id<RequestId>,
    form: Form<MoveForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let moved = match input {
        Ok(input) => service::advance(&core, may, id.0, input).await,
        Err(error) => Err(error),
    };
    answer(moved, (Done::Moved, Part::Move), (t, filled), (reading, id.0, &core)).await
}

/// `POST /requests/{id}/close`
pub async fn close(
    t: Shell,
    may: May<CloseRequest>,
    reading: May<ReadRequest>,
    id: Id<RequestId>,
    form: Form<CloseForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let closed = match input {
        Ok(input) => {
            let done = if input.outcome.takes_two() { Done::Stated } else { Done::Closed };
            service::close(&core, may, id.0, input).await.map(|()| done)
        }
        Err(error) => Err(error),
    };
    let done = closed.as_ref().copied().unwrap_or(Done::Closed);
    answer(closed.map(drop), (done, Part::Close), (t, filled), (reading, id.0, &core)).await
}

/// `POST /requests/{id}/actions`
pub async fn act(
    t: Shell,
    may: May<EditRequest>,
    reading: May<ReadRequest>,
    id: Id<RequestId>,
    form: Form<ActionForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let noted = match input {
        Ok(input) => service::act(&core, may, id.0, input).await.map(drop),
        Err(error) => Err(error),
    };
    answer(noted, (Done::Noted, Part::Act), (t, filled), (reading, id.0, &core)).await
}

/// `POST /requests/{id}/circulation`
pub async fn circulate(
    t: Shell,
    may: May<EditRequest>,
    reading: May<ReadRequest>,
    id: Id<RequestId>,
    form: Form<CirculationForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let put = match input {
        Ok(input) => service::circulate(&core, may, id.0, input).await,
        Err(error) => Err(error),
    };
    answer(put, (Done::Circulated, Part::Circulate), (t, filled), (reading, id.0, &core)).await
}

/// `POST /requests/{id}/conflict-cleared`
pub async fn clear_conflict(
    t: Shell,
    may: May<ClearConflict>,
    reading: May<ReadRequest>,
    id: Id<RequestId>,
    form: Form<VersionForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let cleared = match input {
        Ok(input) => service::clear_conflict(&core, may, id.0, input.version).await,
        Err(error) => Err(error),
    };
    answer(cleared, (Done::Cleared, Part::Clear), (t, filled), (reading, id.0, &core)).await
}
