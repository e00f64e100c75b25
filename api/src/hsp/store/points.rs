//! Service points, their sites and their history.

use diesel::prelude::*;

use crate::db::schema::{point_sites, service_points};
use crate::db::{Conn, DbError};
use crate::hsp::model::MeetingPlace;
use crate::kernel::{PointId, SocietyId};

/// Where people meet this point: the place of its newest site that is still there, else its name.
///
/// # Errors
/// Not found, or the database's.
pub fn meeting_place(conn: &mut Conn, point: PointId) -> Result<MeetingPlace, DbError> {
    let (society, name, country, sensitive): (SocietyId, String, String, bool) = service_points::table
        .find(point)
        .select((
            service_points::society_id,
            service_points::name,
            service_points::country,
            service_points::sensitive,
        ))
        .first(conn)?;
    let site: Option<String> = point_sites::table
        .filter(point_sites::point_id.eq(point))
        .filter(point_sites::until.is_null())
        .order(point_sites::since.desc())
        .select(point_sites::place)
        .first(conn)
        .optional()?;
    Ok(MeetingPlace { society, name: site.unwrap_or(name), country, sensitive })
}
