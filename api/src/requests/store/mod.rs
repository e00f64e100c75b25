//! Tracing requests in the database. Every read narrows by reach first and hides requests about restricted people
//! from everybody who is not on those people's teams.

mod ending;
mod hold;
mod new;
mod read;
mod sought;
mod write;

use diesel::prelude::*;
use migrations::schema::{request_actions, sought_persons, tracing_requests};

use crate::kernel::{AccountId, ActionId, PersonId, RequestId, SocietyId, SoughtId};
use crate::vault::*;

pub use ending::*;
pub use hold::*;
pub use new::*;
pub use read::*;
pub use sought::*;
pub use write::*;

/// A tracing request as stored.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = tracing_requests)]
pub struct RequestRow {
    pub id: RequestId,
    pub society_id: SocietyId,
    pub reference: String,
    pub enquirer_id: PersonId,
    pub state: String,
    pub conflict: String,
    pub channel: String,
    pub interview_language: String,
    pub interpreter: bool,
    pub received_on: String,
    pub next_contact_due: Option<String>,
    pub created_at: i64,
    pub created_by: Option<AccountId>,
    pub updated_at: i64,
    pub version: i64,
    pub safe_contact_sealed: Sealed<RequestSafeContact>,
    pub circumstances_sealed: Sealed<RequestCircumstances>,
    pub outcome_sealed: Sealed<RequestOutcome>,
    pub told_sealed: Sealed<RequestTold>,
}

/// A sought person of a request as stored.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = sought_persons)]
pub struct SoughtRow {
    pub id: SoughtId,
    pub person_id: PersonId,
    pub state: String,
    pub version: i64,
    pub relation_sealed: Sealed<SoughtRelation>,
    pub last_contact_sealed: Sealed<SoughtLastContact>,
    pub last_place_sealed: Sealed<SoughtLastPlace>,
    pub journey_sealed: Sealed<SoughtJourney>,
}

/// Something that was done, as stored.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = request_actions)]
pub struct ActionRow {
    pub id: ActionId,
    pub kind: String,
    pub result: String,
    pub at: i64,
    pub by_account: Option<AccountId>,
    pub version: i64,
    pub note_sealed: Sealed<ActionNote>,
}

/// A request in a list: nothing sealed.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = tracing_requests)]
pub struct ListRow {
    pub id: RequestId,
    pub reference: String,
    pub enquirer_id: PersonId,
    pub state: String,
    pub conflict: String,
    pub received_on: String,
    pub next_contact_due: Option<String>,
    pub updated_at: i64,
    pub version: i64,
}
