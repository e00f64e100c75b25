//! The rows of the register.

mod points;
mod routes;
mod societies;

pub use points::{
    PointRow, insert_point, insert_point_as, insert_site, meeting_place, own, point, point_by_code, points,
    set_services, set_status, view, views,
};
pub use routes::{insert_route, next_after, route, routes};
pub use societies::{insert_society, societies, society_by_code};
