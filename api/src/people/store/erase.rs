//! Erasure: the key goes first, then every row about the person. The audit trail stays; it holds ids only.

use diesel::prelude::*;
use migrations::db::RawId;

use super::contacts::{ContactRow, services_of};
use crate::auth::Core;
use crate::db::schema::{assignments, contact_services, contacts, people, sought_persons, tracing_requests};
use crate::db::{ChangeKind, Conn, DbError, note_change};
use crate::kernel::{ContactId, PersonId, Timestamp};
use crate::vault::store::shred;

/// Shreds the person's key and deletes every row about them: contacts, consents, groups, candidates, referrals.
/// An enquirer's requests go too, with the people sought in them: they were told to us for this enquirer alone. What
/// services a point gave stays, as visits of nobody. Gives everybody who was erased.
///
/// # Errors
/// The database's.
pub fn erase_rows(
    tx: &mut Conn,
    core: &Core,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<PersonId>, DbError> {
    let sought: Vec<PersonId> = sought_persons::table
        .inner_join(tracing_requests::table)
        .filter(tracing_requests::enquirer_id.eq(person).or(sought_persons::person_id.eq(person)))
        .select(sought_persons::person_id)
        .load(tx)?;
    let mut erased = vec![person];
    for sought in sought {
        note_change(tx, ChangeKind::Sought, sought.uuid(), now)?;
        if !erased.contains(&sought) {
            erased.push(sought);
        }
    }
    for person in &erased {
        shred(tx, *person)?;
        keep_visits(tx, core, *person, now)?;
        diesel::delete(assignments::table)
            .filter(assignments::subject_id.eq(RawId(person.uuid())))
            .execute(tx)?;
        diesel::delete(people::table.find(*person)).execute(tx)?;
        note_change(tx, ChangeKind::Contact, person.uuid(), now)?;
    }
    Ok(erased)
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
