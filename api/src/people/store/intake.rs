//! A contact on its way into the database: a visit, its services, the person, their consents and their group.
//!
//! ```text
//! NewContact ─ seal_contact (any thread, no database) ─► ReadyContact ─ write_contacts (many at once) ─► rows
//! ```
//! The desk writes one at a time ([`put_contact`]), an import a batch; both are sealed and written by the same lines.

use diesel::prelude::*;
use matcher::{PlaceRole, Profile};

use super::people::{Entry, PersonRow, ReadyPerson, refused, rewrite, seal_new, write_new};
use super::sealing::carry;
use crate::auth::Core;
use crate::consent::{self, Append, ReadyAnswer, Subject, Words};
use crate::db::schema::{contact_services, contacts, group_members, travel_groups};
use crate::db::{ChangeKind, Conn, DbError, insert_rows, note_changes, on_backend};
use crate::hsp::MeetingPlace;
use crate::kernel::{AccountId, ApiError, ContactId, GroupId, PersonId, PointId, SocietyId, Timestamp};
use crate::people::model::{
    Clues, Group, GroupRole, NewContact, NewPerson, PersonKind, Recorded, SealedProfile, Who,
};
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

/// A contact sealed for the database, with everything that belongs to it but its group.
pub struct ReadyContact {
    /// What will have become of it.
    pub recorded: Recorded,
    /// Somebody new.
    person: Option<ReadyPerson>,
    contact: ContactEntry,
    services: Vec<ServiceEntry>,
    answers: Vec<ReadyAnswer>,
    at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = contacts, treat_none_as_default_value = false)]
struct ContactEntry {
    id: ContactId,
    society_id: SocietyId,
    point_id: PointId,
    person_id: Option<PersonId>,
    kind: &'static str,
    contact_on: String,
    wants_contact: &'static str,
    recorded_at: i64,
    recorded_by: Option<AccountId>,
    version: i64,
    next_place_sealed: Option<Sealed<ContactNextPlace>>,
    companions_sealed: Option<Sealed<ContactCompanions>>,
    note_sealed: Option<Sealed<ContactNote>>,
}

#[derive(Insertable)]
#[diesel(table_name = contact_services, treat_none_as_default_value = false)]
struct ServiceEntry {
    contact_id: ContactId,
    service: &'static str,
}

/// Seals a contact. Asks no database, so any number may be sealed at once.
///
/// # Errors
/// [`ApiError::Invalid`] when a consent does not suit the person (R-27) or has no words; not found when a person
/// recorded before is not the one in `known`; or the society has no key.
pub fn seal_contact(
    core: &Core,
    contact: &NewContact,
    at: &At,
    known: Option<&Known>,
    words: &Words,
) -> Result<ReadyContact, ApiError> {
    let now = core.clock.now();
    let fresh = match &contact.who {
        Who::New(person, basis) => {
            let entry = Entry {
                kind: PersonKind::Contact,
                society: at.place.society,
                point: Some(at.point),
                legal_basis: *basis,
                clues: &clues(Clues::default(), contact, at),
            };
            Some((seal_new(core, person, entry, now)?, subject(person, now)))
        }
        Who::Nobody | Who::Known(_) => None,
    };
    let whom = match (&contact.who, &fresh, known) {
        (Who::New(..), Some((ready, subject)), _) => Some((ready.id(), &ready.key, *subject)),
        (Who::Known(id), _, Some(known)) if known.row.id == *id => Some((*id, &known.key, known.subject)),
        (Who::Nobody, ..) => None,
        _ => return Err(ApiError::NotFound),
    };
    let id = ContactId::new(core.clock.as_ref(), &core.chance);
    let seat = whom.map(|(_, key, _)| core.vault.seat(key, id.bytes(), 1));
    let seat = seat.as_ref();
    let entry = ContactEntry {
        id,
        society_id: at.place.society,
        point_id: at.point,
        person_id: whom.map(|(person, ..)| person),
        kind: contact.kind.code(),
        contact_on: contact.contact_on.to_string(),
        wants_contact: contact.wants_contact.code(),
        recorded_at: now.micros(),
        recorded_by: at.by,
        version: 1,
        next_place_sealed: seat.map(|seat| seat.seal(&Json(contact.next_place.clone()))),
        companions_sealed: seat.map(|seat| seat.seal(&Json(contact.companions.clone()))),
        note_sealed: seat.map(|seat| seat.seal(&contact.note)),
    };
    let answers = match whom {
        Some(whom) => answers(core, contact, at, whom, words)?,
        None => Vec::new(),
    };
    let service = |service: &crate::hsp::Service| ServiceEntry { contact_id: id, service: service.code() };
    let services = contact.services.iter().map(service).collect();
    let person = whom.map(|(person, ..)| person);
    let recorded = Recorded { contact: id, person, group: None, name_not_kept: contact.identity_refused };
    let person = fresh.map(|(ready, _)| ready);
    Ok(ReadyContact { recorded, person, contact: entry, services, answers, at: now })
}

fn answers(
    core: &Core,
    contact: &NewContact,
    at: &At,
    (person, key, subject): (PersonId, &OwnerKey, Subject),
    words: &Words,
) -> Result<Vec<ReadyAnswer>, ApiError> {
    let with =
        Append { vault: &core.vault, key, clock: core.clock.as_ref(), chance: &core.chance, by: at.by };
    let seal = |(i, answer): (usize, &consent::NewConsent)| {
        let placed = |e: crate::kernel::Invalid| ApiError::Invalid(e.under(&format!("consents[{i}]")));
        let assent = answer.for_subject(subject).map_err(placed)?;
        consent::seal(&with, person, answer, assent, words)
    };
    contact.consents.iter().enumerate().map(seal).collect()
}

/// Writes sealed contacts and tells the index of the people in them. The audit leaf is the caller's: one for each
/// contact at a desk, one for a batch in an import.
///
/// # Errors
/// The database's.
pub fn write_contacts(tx: &mut Conn, ready: &[&ReadyContact]) -> Result<(), DbError> {
    let Some(now) = ready.iter().map(|one| one.at).max() else { return Ok(()) };
    let new: Vec<&ReadyPerson> = ready.iter().filter_map(|one| one.person.as_ref()).collect();
    write_new(tx, &new, now)?;
    let rows: Vec<&ContactEntry> = ready.iter().map(|one| &one.contact).collect();
    insert_rows!(tx, contacts::table, rows);
    let rows: Vec<&ServiceEntry> = ready.iter().flat_map(|one| &one.services).collect();
    insert_rows!(tx, contact_services::table, rows);
    let rows: Vec<&ReadyAnswer> = ready.iter().flat_map(|one| &one.answers).collect();
    consent::write(tx, &rows)?;
    let people: Vec<_> = ready.iter().filter_map(|one| Some(one.recorded.person?.uuid())).collect();
    note_changes(tx, ChangeKind::Contact, &people, now)
}

/// Seals and stores one contact, at a desk. Gives a digest of what was written about the person.
///
/// # Errors
/// As [`seal_contact`]; [`ApiError::Conflict`] when a known person has changed meanwhile; otherwise the database's.
pub fn put_contact(
    tx: &mut Conn,
    core: &Core,
    contact: &NewContact,
    at: &At,
    known: Option<&Known>,
) -> Result<(Recorded, Option<[u8; 32]>), DbError> {
    let words = Words::of_answers(tx, at.place.society, &contact.consents)?;
    let mut ready = seal_contact(core, contact, at, known, &words).map_err(DbError::Refused)?;
    let mut digest = ready.person.as_ref().map(|person| person.digest);
    if let (Who::Known(_), Some(known)) = (&contact.who, known) {
        digest = Some(add_clues(tx, core, known, &clues(Clues::of(&known.profile), contact, at), ready.at)?);
        ready.answers.iter_mut().try_for_each(|answer| answer.follow(tx))?;
    }
    write_contacts(tx, &[&ready])?;
    if let (Some(person), Some(group)) = (ready.recorded.person, contact.group) {
        ready.recorded.group = Some(join(tx, core, group, at, person, ready.at)?);
    }
    Ok((ready.recorded, digest))
}

fn subject(person: &NewPerson, now: Timestamp) -> Subject {
    Subject {
        minor: person.birth.is_minor_on(now.day()),
        caregiver_implicated: person.protection.caregiver_implicated,
    }
}

/// What matching learns from a contact. A sensitive point is not named, even there (R-69).
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
