//! The rows of contacts: a visit, its services, the person, their consents and their group, all in one transaction.

use diesel::prelude::*;
use matcher::{PlaceRole, Profile};

use super::people::{Entry, PersonRow, insert, refused, rewrite};
use super::reach::Within;
use super::sealing::carry;
use crate::auth::Core;
use crate::consent::{self, Append, Subject};
use crate::db::schema::{contact_services, contacts, group_members, travel_groups};
use crate::db::{ChangeKind, Conn, DbError, note_change, on_backend};
use crate::hsp::MeetingPlace;
use crate::kernel::{AccountId, ApiError, ContactId, GroupId, PersonId, PointId, SocietyId, Timestamp};
use crate::people::model::{
    Clues, Group, GroupRole, NewContact, NewPerson, PersonKind, Recorded, SealedProfile, Who,
};
use crate::policy::{May, Permission};
use crate::vault::*;

/// Where a contact took place and who wrote it down.
pub struct At {
    pub point: PointId,
    pub place: MeetingPlace,
    pub by: Option<AccountId>,
}

/// Somebody recorded before, reached and opened by the flow that calls.
pub struct Known {
    pub row: PersonRow,
    pub key: OwnerKey,
    /// The match profile as it stands, to which this contact adds.
    pub profile: Profile,
    pub subject: Subject,
}

/// Stores a contact with all that belongs to it. The audit leaf is the caller's: one for each contact at a desk, one
/// for a batch in an import. Gives a digest of what was written about the person.
///
/// # Errors
/// [`ApiError::Invalid`] when a consent does not suit the person; [`ApiError::Conflict`] when a known person
/// has changed meanwhile; otherwise the database's.
pub fn put_contact(
    tx: &mut Conn,
    core: &Core,
    contact: &NewContact,
    at: &At,
    known: Option<&Known>,
) -> Result<(Recorded, Option<[u8; 32]>), DbError> {
    let now = core.clock.now();
    let (person, fresh, digest) = match (&contact.who, known) {
        (Who::Nobody, _) => (None, None, None),
        (Who::New(person, basis), _) => {
            let entry = Entry {
                kind: PersonKind::Contact,
                society: at.place.society,
                point: Some(at.point),
                legal_basis: *basis,
                clues: &clues(Clues::default(), contact, at),
            };
            let (id, key, digest) = insert(tx, core, person, entry, now)?;
            (Some(id), Some((key, subject(person, now))), Some(digest))
        }
        (Who::Known(id), Some(known)) if known.row.id == *id => {
            let digest = add_clues(tx, core, known, &clues(Clues::of(&known.profile), contact, at), now)?;
            (Some(*id), None, Some(digest))
        }
        (Who::Known(_), _) => return Err(DbError::NotFound),
    };
    let key = fresh.as_ref().map(|(key, _)| key).or(known.map(|known| &known.key));
    let id = insert_contact(tx, core, contact, at, person, key, now)?;
    for service in &contact.services {
        diesel::insert_into(contact_services::table)
            .values((contact_services::contact_id.eq(id), contact_services::service.eq(service.code())))
            .execute(tx)?;
    }
    let mut group = None;
    if let (Some(person), Some(key)) = (person, key) {
        let append =
            Append { vault: &core.vault, key, clock: core.clock.as_ref(), chance: &core.chance, by: at.by };
        let subject = fresh.as_ref().map(|(_, subject)| *subject).or(known.map(|known| known.subject));
        for (i, answer) in contact.consents.iter().enumerate() {
            let place = format!("consents[{i}]");
            let placed = |e: crate::kernel::Invalid| DbError::Refused(ApiError::Invalid(e.under(&place)));
            let subject = subject.ok_or(DbError::Broken("consent subject"))?;
            let assent = answer.for_subject(subject).map_err(placed)?;
            if fresh.is_some() {
                consent::insert_first(tx, &append, person, answer, assent)?;
            } else {
                consent::insert(tx, &append, person, answer, assent)?;
            }
        }
        group = contact.group.map(|group| join(tx, core, group, at, person, now)).transpose()?;
        note_change(tx, ChangeKind::Contact, person.uuid(), now)?;
    }
    let recorded = Recorded { contact: id, person, group, name_not_kept: contact.identity_refused };
    Ok((recorded, digest))
}

fn insert_contact(
    tx: &mut Conn,
    core: &Core,
    contact: &NewContact,
    at: &At,
    person: Option<PersonId>,
    key: Option<&OwnerKey>,
    now: Timestamp,
) -> Result<ContactId, DbError> {
    let id = ContactId::new(core.clock.as_ref(), &core.chance);
    let seat = key.map(|key| core.vault.seat(key, id.bytes(), 1));
    let seat = seat.as_ref();
    let next_place: Option<Sealed<ContactNextPlace>> =
        seat.map(|seat| seat.seal(&Json(contact.next_place.clone())));
    let companions: Option<Sealed<ContactCompanions>> =
        seat.map(|seat| seat.seal(&Json(contact.companions.clone())));
    let note: Option<Sealed<ContactNote>> = seat.map(|seat| seat.seal(&contact.note));
    diesel::insert_into(contacts::table)
        .values((
            contacts::id.eq(id),
            contacts::society_id.eq(at.place.society),
            contacts::point_id.eq(at.point),
            contacts::person_id.eq(person),
            contacts::kind.eq(contact.kind.code()),
            contacts::contact_on.eq(contact.contact_on.to_string()),
            contacts::wants_contact.eq(contact.wants_contact.code()),
            contacts::recorded_at.eq(now.micros()),
            contacts::recorded_by.eq(at.by),
            contacts::version.eq(1),
            contacts::next_place_sealed.eq(next_place),
            contacts::companions_sealed.eq(companions),
            contacts::note_sealed.eq(note),
        ))
        .execute(tx)?;
    Ok(id)
}

fn subject(person: &NewPerson, now: Timestamp) -> Subject {
    Subject {
        minor: person.birth.is_minor_on(now.day()),
        caregiver_implicated: person.protection.caregiver_implicated,
    }
}

/// What matching learns from a contact. A sensitive point is not named, even there.
fn clues(mut clues: Clues, contact: &NewContact, at: &At) -> Clues {
    if !at.place.sensitive {
        clues.place(PlaceRole::SeenAt, &at.place.name, Some(&at.place.country));
    }
    if let Some(place) = &contact.next_place {
        clues.place(PlaceRole::Destination, &place.name, place.country.as_deref());
    }
    for companion in &contact.companions {
        clues.relative(companion.relation.code(), &companion.name);
    }
    clues.seen(contact.contact_on);
    clues
}

/// Seals a known person's profile again with what is new; everything else is carried.
fn add_clues(
    tx: &mut Conn,
    core: &Core,
    known: &Known,
    clues: &Clues,
    now: Timestamp,
) -> Result<[u8; 32], DbError> {
    let profile = with_clues(&known.profile, clues);
    put_profile(tx, core, (&known.row, &known.key), &known.profile, profile, now)
}

/// A profile with other clues; the person's own record in it stays.
pub fn with_clues(profile: &Profile, clues: &Clues) -> Profile {
    let own = profile.places.iter().filter(|place| place.role == PlaceRole::Origin);
    Profile {
        places: own.chain(&clues.places).cloned().collect(),
        relatives: clues.relatives.clone(),
        last_contact: clues.last_contact,
        seen_on: clues.seen_on,
        ..profile.clone()
    }
}

/// Puts a new profile into a person's row in the place of `held`, and carries everything else. Noting the change is the
/// caller's.
///
/// # Errors
/// [`ApiError::Conflict`] `stale` when the row has moved on; otherwise the database's.
pub fn put_profile(
    tx: &mut Conn,
    core: &Core,
    (row, key): (&PersonRow, &OwnerKey),
    held: &Profile,
    profile: Profile,
    now: Timestamp,
) -> Result<[u8; 32], DbError> {
    let mut next = carry(&core.vault, key, row).map_err(refused)?;
    let seat = core.vault.seat(key, next.id.bytes(), next.version);
    if *held != profile {
        next.profile_version = next.version;
    }
    next.profile_sealed = seat.seal(&SealedProfile(profile));
    rewrite(tx, row, next, now)
}

/// A group of this point and society; another one does not exist for the caller.
fn join(
    tx: &mut Conn,
    core: &Core,
    group: Group,
    at: &At,
    person: PersonId,
    now: Timestamp,
) -> Result<GroupId, DbError> {
    let (id, role) = match group {
        Group::New(kind, role) => {
            let id = GroupId::new(core.clock.as_ref(), &core.chance);
            diesel::insert_into(travel_groups::table)
                .values((
                    travel_groups::id.eq(id),
                    travel_groups::society_id.eq(at.place.society),
                    travel_groups::point_id.eq(at.point),
                    travel_groups::kind.eq(kind.code()),
                    travel_groups::created_at.eq(now.micros()),
                ))
                .execute(tx)?;
            (id, role)
        }
        Group::Known(id, role) => {
            let id = travel_groups::table
                .filter(travel_groups::id.eq(id))
                .filter(travel_groups::society_id.eq(at.place.society))
                .filter(travel_groups::point_id.eq(at.point))
                .select(travel_groups::id)
                .first(tx)?;
            (id, role)
        }
    };
    member(tx, id, person, role, now)?;
    Ok(id)
}

fn member(
    tx: &mut Conn,
    group: GroupId,
    person: PersonId,
    role: GroupRole,
    now: Timestamp,
) -> Result<(), DbError> {
    let row = (
        group_members::group_id.eq(group),
        group_members::person_id.eq(person),
        group_members::role.eq(role.code()),
        group_members::since.eq(now.micros()),
    );
    on_backend!(tx, |c| {
        diesel::insert_into(group_members::table).values(row).on_conflict_do_nothing().execute(c)?
    });
    Ok(())
}

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

/// Who is in the groups of a person whom the caller has reached. A restricted member is missing for everybody outside
/// their team.
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
    let seen = super::people::not_hidden(conn, may, &ids)?;
    members.retain(|member| seen.contains(&member.2));
    Ok(members)
}
