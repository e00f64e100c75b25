//! How a referral is shown: in full to the side that sent it, as the copy and nothing else to the side that received it.

use serde::Serialize;
use utoipa::ToSchema;

use super::copy::Copy;
use super::coverage::FieldCoverage;
use super::fields::DisclosedField;
use super::model::{Due, Late, Mode, ReceiverKind, Service, Urgency, late};
use super::service::Warning;
use super::states::{Side, State, Step};
use super::store::{Names, ReferralRow};
use super::told::{OutcomeForm, Reason, Said};
use crate::kernel::{AccountId, PersonId, ReferralId, SocietyId, Timestamp};
use crate::web::Shown;

/// Who receives, by name.
#[derive(Clone, Serialize, ToSchema)]
pub struct ReceiverView {
    pub kind: ReceiverKind,
    pub id: String,
    pub name: String,
}

/// Which society sent it.
#[derive(Clone, Serialize, ToSchema)]
pub struct SenderView {
    #[schema(value_type = String)]
    pub id: SocietyId,
    pub name: String,
}

/// When each part is due.
#[derive(Clone, Copy, Serialize, ToSchema)]
pub struct DueView {
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub acknowledgement: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub service: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub follow_up: Timestamp,
}

impl DueView {
    fn of((sent_at, due): (Timestamp, Due)) -> Self {
        Self { sent_at, acknowledgement: due.acknowledged, service: due.served, follow_up: due.followed_up }
    }
}

/// A referral in a list: nothing about the person.
#[derive(Clone, Serialize, ToSchema)]
pub struct ReferralItem {
    #[schema(value_type = String)]
    pub id: ReferralId,
    pub reference: String,
    pub state: State,
    pub urgency: Urgency,
    pub service: Service,
    pub mode: Mode,
    pub escort_needed: bool,
    pub sender: SenderView,
    pub receiver: ReceiverView,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<DueView>,
    /// What has passed its time.
    pub late: Vec<Late>,
    /// An emergency that is late: for whoever supervises.
    pub escalated: bool,
}

impl ReferralItem {
    pub fn of(row: &ReferralRow, names: &Names, now: Timestamp) -> Self {
        let name = |id: String| names.get(&id).cloned().unwrap_or_default();
        let late = row.sent.map(|(_, due)| late(row.state, &due, now)).unwrap_or_default();
        Self {
            id: row.id,
            reference: row.reference.clone(),
            state: row.state,
            urgency: row.urgency,
            service: row.service,
            mode: row.mode,
            escort_needed: row.escort_needed,
            sender: SenderView { id: row.society, name: name(row.society.to_string()) },
            receiver: ReceiverView {
                kind: row.receiver.kind(),
                id: row.receiver.to_string(),
                name: name(row.receiver.to_string()),
            },
            created_at: row.created_at,
            due: row.sent.map(DueView::of),
            escalated: row.urgency == Urgency::Emergency && !late.is_empty(),
            late,
        }
    }
}

/// One step that was taken.
#[derive(Serialize, ToSchema)]
#[schema(as = ReferralEventView)]
pub struct EventView {
    pub from: State,
    pub to: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub by: Option<AccountId>,
    pub said: Shown<Said>,
}

/// What to look at before sending.
#[derive(Serialize, ToSchema)]
pub struct BeforeSending {
    /// Under 18, or possibly so: somebody else must have said yes for them.
    pub minor: bool,
    pub coverage: Vec<FieldCoverage>,
    pub warnings: Vec<Warning>,
}

/// What only the sending side sees.
#[derive(Serialize, ToSchema)]
pub struct OwnView {
    #[schema(value_type = String)]
    pub person: PersonId,
    /// What is to leave, or has left.
    pub fields: Vec<DisclosedField>,
    pub need: Shown<String>,
    pub outcome: Shown<Option<OutcomeForm>>,
    pub events: Vec<EventView>,
    /// Before sending: whether each field may leave, and what to know of the receiver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<BeforeSending>,
    /// It is open, and the consent it stands on no longer does: the receiver sees nothing, and it is to be revoked.
    pub consent_gone: bool,
}

/// One referral.
#[derive(Serialize, ToSchema)]
pub struct ReferralView {
    #[serde(flatten)]
    pub item: ReferralItem,
    pub version: i64,
    /// `sender` or `receiver`: from where the reader sees it.
    pub side: Side,
    /// What the reader may do next.
    pub steps: Vec<Step>,
    /// Exactly what left. Hidden from a receiver who has not yet taken on a restricted person's referral.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy: Option<Shown<Copy>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own: Option<OwnView>,
}
