//! Erasure: the key goes first, then every row about the person. The audit trail stays; it holds ids only.

use diesel::prelude::*;
use migrations::db::RawId;

use super::contacts::{ContactRow, services_of};
use super::people::{hold, not_hidden};
use crate::auth::Core;
use crate::db::schema::{assignments, contact_services, contacts, people, sought_persons, tracing_requests};
use crate::db::{ChangeKind, Conn, DbError, note_changes};
use crate::kernel::{ApiError, ContactId, PersonId, Timestamp};
use crate::matches::LeftBehind;
use crate::policy::{ErasePerson, May};
use crate::vault::store::shred;

/// Shreds the person's key and deletes every row about them: contacts, consents, groups, candidates, referrals.
/// An enquirer's requests go too, with the people sought in them: they were told to us for this enquirer alone. A search in
/// which they were found goes on. What services a point gave stays, as visits of nobody. The caller holds the requests and
/// the person, in this order. Gives everybody who was erased.
///
/// # Errors
/// Somebody who would go with the person is restricted to a team that the caller is not on: then nobody goes.
/// Otherwise the database's.
pub fn erase_rows(
    tx: &mut Conn,
    core: &Core,
    may: &May<ErasePerson>,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<PersonId>, DbError> {
    let sought = sought_with(tx, person)?;
    hold(tx, &sought)?;
    // Whom a colleague has just erased is gone, and in nobody's hands.
    let sought = sought_with(tx, person)?;
    let erased = everybody(person, &sought);
    none_hidden(tx, may, &erased)?;
    let left = LeftBehind::by(tx, &erased)?;
    for person in &erased {
        shred(tx, *person)?;
        keep_visits(tx, core, *person, now)?;
        diesel::delete(assignments::table)
            .filter(assignments::subject_id.eq(RawId(person.uuid())))
            .execute(tx)?;
        diesel::delete(people::table.find(*person)).execute(tx)?;
    }
    // Last, as in every other deed: whoever holds the log's head waits for nobody's row.
    let again = left.search_on(tx, core, may)?;
    let ids = |people: &[PersonId]| people.iter().map(|person| person.uuid()).collect::<Vec<_>>();
    note_changes(tx, ChangeKind::Sought, &ids(&sought), now)?;
    note_changes(tx, ChangeKind::Sought, &ids(&again), now)?;
    note_changes(tx, ChangeKind::Contact, &ids(&erased), now)?;
    Ok(erased)
}

/// What would go with somebody, by reference.
pub struct GoesWith {
    /// Everybody, the person first.
    pub people: Vec<PersonId>,
    /// Of the requests that they opened as the enquirer.
    pub requests: Vec<String>,
    /// Of those who are sought in these requests.
    pub sought: Vec<String>,
}

/// What [`erase_rows`] would erase with somebody.
///
/// # Errors
/// As there: somebody who would go is in other hands, and nothing is said of them.
pub fn goes_with(conn: &mut Conn, may: &May<ErasePerson>, person: PersonId) -> Result<GoesWith, DbError> {
    let sought = sought_with(conn, person)?;
    let everybody = everybody(person, &sought);
    none_hidden(conn, may, &everybody)?;
    let requests = tracing_requests::table
        .filter(tracing_requests::enquirer_id.eq(person))
        .order(tracing_requests::id)
        .select(tracing_requests::reference)
        .load(conn)?;
    let sought = people::table
        .filter(people::id.eq_any(sought))
        .filter(people::id.ne(person))
        .order(people::id)
        .select(people::reference)
        .load(conn)?;
    Ok(GoesWith { people: everybody, requests, sought })
}

/// Those who are sought by a person, and the person where they are sought themselves.
fn sought_with(conn: &mut Conn, person: PersonId) -> Result<Vec<PersonId>, DbError> {
    let mut sought: Vec<PersonId> = sought_persons::table
        .inner_join(tracing_requests::table)
        .filter(tracing_requests::enquirer_id.eq(person).or(sought_persons::person_id.eq(person)))
        .select(sought_persons::person_id)
        .order(sought_persons::person_id)
        .load(conn)?;
    sought.dedup();
    Ok(sought)
}

fn everybody(person: PersonId, sought: &[PersonId]) -> Vec<PersonId> {
    let others = sought.iter().copied().filter(|sought| *sought != person);
    std::iter::once(person).chain(others).collect()
}

fn none_hidden(conn: &mut Conn, may: &May<ErasePerson>, persons: &[PersonId]) -> Result<(), DbError> {
    if not_hidden(conn, may, persons)?.len() < persons.len() {
        let refused =
            "somebody who would go with this record is in other hands; they must be erased there first";
        return Err(DbError::Refused(ApiError::Conflict("in_other_hands", refused)));
    }
    Ok(())
}

/// The visits of somebody erased, again under new ids and with nobody in them: the count of services given stays true.
fn keep_visits(tx: &mut Conn, core: &Core, person: PersonId, now: Timestamp) -> Result<(), DbError> {
    let visits: Vec<ContactRow> =
        contacts::table.filter(contacts::person_id.eq(person)).select(ContactRow::as_select()).load(tx)?;
    let ids: Vec<ContactId> = visits.iter().map(|visit| visit.id).collect();
    let services = services_of(tx, &ids)?;
    for visit in visits {
        let id = ContactId::new(core.clock.as_ref(), &core.chance);
        diesel::insert_into(contacts::table)
            .values((
                contacts::id.eq(id),
                contacts::society_id.eq(visit.society_id),
                contacts::point_id.eq(visit.point_id),
                contacts::kind.eq(visit.kind),
                contacts::contact_on.eq(visit.contact_on),
                contacts::wants_contact.eq("not_asked"),
                contacts::recorded_at.eq(now.micros()),
                contacts::version.eq(1),
            ))
            .execute(tx)?;
        for (_, service) in services.iter().filter(|(of, _)| *of == visit.id) {
            diesel::insert_into(contact_services::table)
                .values((contact_services::contact_id.eq(id), contact_services::service.eq(service)))
                .execute(tx)?;
        }
    }
    Ok(())
}
