//! What the sealed columns of a tracing request hold.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroize;

use super::closing::Closing;
use super::codes::{ConflictConcern, InformationSource, LastContactMeans, SeparationCause};
use crate::people::{Companion, Place, Relation};
use crate::vault::*;

/// How the enquirer can be reached without danger to anybody: a third of all cases are closed because the enquirer
/// could no longer be reached.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ToSchema)]
pub struct SafeContact {
    pub times: Option<String>,
    /// Whether a message may be left with whoever answers.
    pub may_leave_message: bool,
    pub alternate: Option<Alternate>,
    pub note: Option<String>,
}

/// Somebody else who can pass a word on.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ToSchema)]
pub struct Alternate {
    pub name: String,
    #[zeroize(skip)]
    pub relation: Relation,
    pub phone: Option<String>,
}

/// What happened, and what made an interviewer hesitate.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ToSchema)]
pub struct Circumstances {
    #[zeroize(skip)]
    pub cause: Option<SeparationCause>,
    pub story: Option<String>,
    #[zeroize(skip)]
    pub concerns: Vec<ConflictConcern>,
}

/// When and how the family last heard of the sought person.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ToSchema)]
pub struct LastContact {
    /// `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
    pub on: Option<String>,
    #[zeroize(skip)]
    pub means: Option<LastContactMeans>,
    #[zeroize(skip)]
    pub source: Option<InformationSource>,
}

/// The way taken or planned. Restricted.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ToSchema)]
pub struct Journey {
    pub destination: Option<Place>,
    pub route: Vec<Place>,
    pub vessel_or_vehicle: Option<String>,
    pub group: Option<String>,
    pub documents: Option<String>,
    pub health: Option<String>,
    pub companions: Vec<Companion>,
}

/// What the sought person is to the enquirer.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SoughtRelationValue(pub Relation);

impl Zeroize for SoughtRelationValue {
    fn zeroize(&mut self) {
        self.0 = Relation::OtherNonFamily;
    }
}

impl Holds for RequestSafeContact {
    type Value = Json<SafeContact>;
}
impl Holds for RequestCircumstances {
    type Value = Json<Circumstances>;
}
impl Holds for RequestOutcome {
    type Value = Json<Closing>;
}
impl Holds for RequestTold {
    type Value = Json<Closing>;
}
impl Holds for SoughtRelation {
    type Value = Json<SoughtRelationValue>;
}
impl Holds for SoughtLastContact {
    type Value = Json<LastContact>;
}
impl Holds for SoughtLastPlace {
    type Value = Json<Option<Place>>;
}
impl Holds for SoughtJourney {
    type Value = Json<Journey>;
}
impl Holds for ActionNote {
    type Value = Option<String>;
}
