//! Contacts read again: found within reach, with what each received and who travels with whom.

use diesel::prelude::*;

use super::reach::Within;
use crate::db::schema::{contact_services, contacts, group_members, travel_groups};
use crate::db::{Conn, DbError};
use crate::kernel::{ContactId, GroupId, PersonId, PointId, SocietyId};
use crate::policy::{May, Permission};
use crate::vault::*;

/// A contact as the table holds it.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = contacts)]
pub struct ContactRow {
    pub id: ContactId,
    pub society_id: SocietyId,
    pub point_id: PointId,
    pub person_id: Option<PersonId>,
    pub kind: String,
    pub contact_on: String,
    pub wants_contact: String,
    pub recorded_at: i64,
    pub version: i64,
    pub next_place_sealed: Option<Sealed<ContactNextPlace>>,
    pub companions_sealed: Option<Sealed<ContactCompanions>>,
    pub note_sealed: Option<Sealed<ContactNote>>,
}

/// One contact within reach.
///
/// # Errors
/// Not found, or the database's.
pub fn contact<P: Permission>(conn: &mut Conn, may: &May<P>, id: ContactId) -> Result<ContactRow, DbError> {
    let query = contacts::table.filter(contacts::id.eq(id)).select(ContactRow::as_select()).into_boxed();
    Ok(Within::of(may)?.contacts(query).first(conn)?)
}

/// Contacts within reach, newest first, before `before`.
///
/// # Errors
/// The database's.
pub fn contacts_page<P: Permission>(
    conn: &mut Conn,
    may: &May<P>,
    before: Option<ContactId>,
    limit: i64,
) -> Result<Vec<ContactRow>, DbError> {
    let mut query = contacts::table.select(ContactRow::as_select()).into_boxed();
    if let Some(before) = before {
        query = query.filter(contacts::id.lt(before));
    }
    Ok(Within::of(may)?.contacts(query).order(contacts::id.desc()).limit(limit).load(conn)?)
}

/// The contacts of one person whom the caller has reached, newest day first.
///
/// # Errors
/// The database's.
pub fn contacts_of(conn: &mut Conn, person: PersonId) -> Result<Vec<ContactRow>, DbError> {
    Ok(contacts::table
        .filter(contacts::person_id.eq(person))
        .order((contacts::contact_on.desc(), contacts::id.desc()))
        .limit(200)
        .select(ContactRow::as_select())
        .load(conn)?)
}

/// What each of some contacts received.
///
/// # Errors
/// The database's.
pub fn services_of(conn: &mut Conn, ids: &[ContactId]) -> Result<Vec<(ContactId, String)>, DbError> {
    Ok(contact_services::table
        .filter(contact_services::contact_id.eq_any(ids.to_vec()))
        .order((contact_services::contact_id, contact_services::service))
        .select((contact_services::contact_id, contact_services::service))
        .load(conn)?)
}

/// Who is in the groups of a person whom the caller has reached, as far as the caller's own reach goes to them too: one
/// file opens no other, and a restricted member is missing for everybody outside their team.
///
/// # Errors
/// The database's.
pub fn groups_of<P: Permission>(
    conn: &mut Conn,
    may: &May<P>,
    person: PersonId,
) -> Result<Vec<(GroupId, String, PersonId, String)>, DbError> {
    let own: Vec<GroupId> = group_members::table
        .filter(group_members::person_id.eq(person))
        .select(group_members::group_id)
        .load(conn)?;
    let mut members: Vec<(GroupId, String, PersonId, String)> = group_members::table
        .inner_join(travel_groups::table)
        .filter(group_members::group_id.eq_any(own))
        .order((group_members::group_id, group_members::person_id))
        .limit(200)
        .select((group_members::group_id, travel_groups::kind, group_members::person_id, group_members::role))
        .load(conn)?;
    let ids: Vec<PersonId> = members.iter().map(|member| member.2).collect();
    let seen = super::people::within_reach(conn, may, &ids)?;
    members.retain(|member| seen.contains(&member.2));
    Ok(members)
}
