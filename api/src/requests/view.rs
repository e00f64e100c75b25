//! What people see of a tracing request.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::*;
use crate::kernel::{AccountId, ActionId, RequestId, SoughtId, Timestamp};
use crate::people::{PersonView, Place, Relation};
use crate::web::Shown;

/// One request in a list. Names stand in the request itself.
#[derive(Clone, Serialize, ToSchema)]
pub struct RequestLine {
    #[schema(value_type = String)]
    pub id: RequestId,
    pub reference: String,
    pub state: RequestState,
    pub conflict: Conflict,
    /// Whoever asks does not agree to be kept, or no longer does: until they agree, closing is all that is left.
    pub stands_still: bool,
    /// Whether what was stated about its end waits for a second person.
    pub ending_waits: bool,
    /// How many people it seeks.
    pub sought: usize,
    pub received_on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_contact_due: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    pub version: i64,
}

/// A tracing request, as far as the caller's classes reach.
#[derive(Serialize, ToSchema)]
pub struct RequestView {
    #[schema(value_type = String)]
    pub id: RequestId,
    pub reference: String,
    pub state: RequestState,
    /// Where it may be moved by hand.
    pub next_states: Vec<RequestState>,
    pub conflict: Conflict,
    /// Whoever asks does not agree to be kept, or no longer does: until they agree, closing is all that is left.
    pub stands_still: bool,
    pub channel: Channel,
    pub interview_language: String,
    pub interpreter: bool,
    pub received_on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_contact_due: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    pub version: i64,
    pub enquirer: PersonView,
    pub safe_contact: Shown<SafeContact>,
    pub circumstances: Shown<Circumstances>,
    /// The true outcome: for the file, never for the enquirer.
    #[schema(value_type = Shown<Option<String>>)]
    pub outcome: Shown<Option<Outcome>>,
    pub outcome_note: Shown<Option<String>>,
    /// What the enquirer was told at closing.
    #[schema(value_type = Shown<Option<String>>)]
    pub told: Shown<Option<Told>>,
    /// Deaths and detentions that were stated, newest first: one may wait for a second person.
    pub endings: Vec<EndingView>,
    pub sought: Vec<SoughtView>,
    pub circulation: Vec<EntryForm>,
    /// The accounts it is assigned to.
    pub held_by: Vec<Holder>,
    pub history: Vec<StepView>,
}

/// A death or a detention as somebody stated it, and what a second person made of it.
#[derive(Clone, Serialize, ToSchema)]
pub struct EndingView {
    pub state: EndingState,
    #[schema(value_type = Shown<Option<String>>)]
    pub outcome: Shown<Option<Outcome>>,
    /// What the enquirer is to hear once it is confirmed.
    #[schema(value_type = Shown<Option<String>>)]
    pub told: Shown<Option<Told>>,
    /// Who says so, and how they know.
    pub source: Shown<String>,
    /// How sure the source is; empty where it was stated before that was asked.
    #[schema(value_type = Shown<Option<String>>)]
    pub confidence: Shown<Option<Confidence>>,
    pub note: Shown<Option<String>>,
    /// Whom it is about, of those the request seeks; empty where it was stated before that was asked.
    #[schema(value_type = Shown<Option<String>>)]
    pub about: Shown<Option<SoughtId>>,
    #[schema(value_type = String, format = DateTime)]
    pub stated_at: Timestamp,
    #[schema(value_type = String)]
    pub stated_by: AccountId,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub decided_by: Option<AccountId>,
}

/// An account that a request is assigned to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Holder {
    #[schema(value_type = String)]
    pub account: AccountId,
    pub login: String,
}

impl RequestView {
    /// What waits for a second person.
    pub fn waiting_ending(&self) -> Option<&EndingView> {
        self.endings.iter().find(|ending| ending.state == EndingState::Waiting)
    }
}

impl From<(AccountId, String)> for Holder {
    fn from((account, login): (AccountId, String)) -> Self {
        Self { account, login }
    }
}

/// One sought person.
#[derive(Serialize, ToSchema)]
pub struct SoughtView {
    #[schema(value_type = String)]
    pub id: SoughtId,
    pub state: SoughtState,
    pub person: PersonView,
    pub relation: Shown<Relation>,
    pub last_contact: Shown<LastContact>,
    pub last_place: Shown<Option<Place>>,
    pub journey: Shown<Journey>,
}

/// One move.
#[derive(Clone, Serialize, ToSchema)]
pub struct StepView {
    pub from: RequestState,
    pub to: RequestState,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<MoveReason>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub by: Option<AccountId>,
}

/// Something that was done.
#[derive(Clone, Serialize, ToSchema)]
pub struct ActionView {
    #[schema(value_type = String)]
    pub id: ActionId,
    pub kind: ActionKind,
    pub result: ActionResult,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub by: Option<AccountId>,
    pub note: Shown<Option<String>>,
}
