//! The register: societies' Humanitarian Service Points, their sites, status history and services, and the
//! routes that join them across societies.

mod model;
mod store;

pub use model::{MeetingPlace, PlaceType, PointKind, PointStatus, Service};
pub use store::meeting_place;
