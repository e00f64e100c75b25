//! The register: societies' Humanitarian Service Points, their sites, status history and services, and the
//! routes that join them across societies.
//!
//! ```text
//! society ─┬─ point ─┬─ sites, each since … until …        moved, never overwritten
//!          │         ├─ status, one line a change          planned · open · suspended · moved · closed
//!          │         └─ services, each since … until …
//!          └─ route ── points in order, of any society ──► where to go next
//! ```
//! Nothing here is about a person. A *sensitive* point, such as a safe shelter, shows a contact point and no place to
//! anybody but itself and its administrators (R-69).

mod forms;
mod model;
pub mod routes;
mod service;
mod store;
mod views;

pub use forms::{NewPoint, NewSite, NewSociety, PointForm, RouteForm, SiteForm, SocietyForm, StatusForm};
pub use model::{MeetingPlace, PlaceType, PointKind, PointStatus, Service};
pub use service::found_society;
pub use store::{
    insert_point, insert_point_as, insert_route, insert_society, meeting_place, point_by_code, societies,
    society_by_code,
};
pub use views::{PointView, RouteView, SiteView, SocietyView, StatusView};
