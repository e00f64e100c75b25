//! How entries of the register are shown to the network.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::Service;
use crate::kernel::{PointId, RouteId, SiteId, SocietyId, Timestamp};
use crate::web::Shown;

#[derive(Clone, Serialize, ToSchema)]
pub struct SocietyView {
    #[schema(value_type = String)]
    pub id: SocietyId,
    pub code: String,
    pub name: String,
    pub country: String,
}

/// A service point as anybody in the network sees it.
#[derive(Clone, Serialize, ToSchema)]
pub struct PointView {
    #[schema(value_type = String)]
    pub id: PointId,
    #[schema(value_type = String)]
    pub society: SocietyId,
    pub code: String,
    pub name: String,
    pub kind: String,
    /// Hidden at a sensitive point, as are vessel and sites: only the contact point is shown.
    pub place_type: Shown<String>,
    pub country: String,
    pub vessel: Shown<Option<String>>,
    pub sensitive: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closes_on: Option<String>,
    /// The newest of the history.
    pub status: String,
    pub services: Vec<Service>,
    /// Filled when one point is shown: those that are there and those that were.
    pub sites: Shown<Vec<SiteView>>,
    /// Filled when one point is shown: newest first.
    pub history: Vec<StatusView>,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct SiteView {
    #[schema(value_type = String)]
    pub id: SiteId,
    pub name: String,
    pub kind: String,
    pub place: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timetable: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct StatusView {
    pub status: String,
    /// `YYYY-MM-DD`.
    pub since: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct RouteView {
    #[schema(value_type = String)]
    pub id: RouteId,
    #[schema(value_type = String)]
    pub society: SocietyId,
    pub code: String,
    pub name: String,
    /// In order.
    #[schema(value_type = Vec<String>)]
    pub points: Vec<PointId>,
}
