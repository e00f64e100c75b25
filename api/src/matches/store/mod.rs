//! Candidates, decisions and releases in the database, and what the index follows.

mod feed;
mod read;
mod runs;
mod write;

use diesel::prelude::*;
use migrations::schema::{candidate_events, candidates};

use crate::kernel::{AccountId, ActionId, CandidateId, PersonId, SocietyId, SoughtId};
use crate::vault::{CandidateNote, Sealed};

pub use feed::*;
pub use read::*;
pub use runs::*;
pub use write::*;

/// A candidate as stored. Nothing in it is sealed: ids, codes and numbers.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = candidates)]
pub struct CandidateRow {
    pub id: CandidateId,
    pub sought_id: SoughtId,
    pub found_id: PersonId,
    pub request_society_id: SocietyId,
    pub found_society_id: SocietyId,
    pub state: String,
    pub access: String,
    pub band: String,
    pub weight: f64,
    pub model: String,
    pub cause: String,
    pub sought_version: i64,
    pub found_version: i64,
    pub generated_at: i64,
    pub proposed_by: Option<AccountId>,
    pub confirmed_by: Option<AccountId>,
    pub verified_by: Option<AccountId>,
    pub version: i64,
}

/// One decision in a candidate's history.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = candidate_events)]
pub struct EventRow {
    pub id: ActionId,
    pub from_state: String,
    pub to_state: String,
    pub reason: Option<String>,
    pub undo_of: Option<ActionId>,
    pub at: i64,
    pub by_account: Option<AccountId>,
    pub version: i64,
    pub note_sealed: Option<Sealed<CandidateNote>>,
}
