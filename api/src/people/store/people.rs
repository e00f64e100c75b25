//! The row of a person: made with its key, rewritten as a whole, found only within reach.

use diesel::prelude::*;

use super::reach::Within;
use super::sealing::seal;
use crate::auth::Core;
use crate::consent::LegalBasis;
use crate::db::schema::{accounts, people, sought_persons, tracing_requests};
use crate::db::{ChangeKind, Conn, DbError, insert_rows, note_change, note_changes};
use crate::kernel::{AccountId, ApiError, PersonId, PointId, Reference, SocietyId, Timestamp};
use crate::people::model::{Clues, NewPerson, PersonKind, SealedProfile, profile_of};
use crate::policy::{May, Permission};
use crate::vault::*;

/// A person as the table holds them: every personal value sealed for this id and version.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = people, treat_none_as_default_value = false)]
pub struct PersonRow {
    pub id: PersonId,
    pub society_id: SocietyId,
    pub point_id: Option<PointId>,
    pub reference: String,
    pub kind: String,
    pub legal_basis: String,
    pub restricted: bool,
    pub retention_until: String,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
    /// The version in which what matching compares last changed.
    pub profile_version: i64,
    pub given_names_sealed: Sealed<PersonGivenNames>,
    pub family_names_sealed: Sealed<PersonFamilyNames>,
    pub full_name_sealed: Sealed<PersonFullName>,
    pub original_script_name_sealed: Sealed<PersonOriginalScriptName>,
    pub other_names_sealed: Sealed<PersonOtherNames>,
    pub father_name_sealed: Sealed<PersonFatherName>,
    pub mother_name_sealed: Sealed<PersonMotherName>,
    pub grandfather_name_sealed: Sealed<PersonGrandfatherName>,
    pub spouse_name_sealed: Sealed<PersonSpouseName>,
    pub sex_sealed: Sealed<PersonSex>,
    pub birth_sealed: Sealed<PersonBirth>,
    pub nationalities_sealed: Sealed<PersonNationalities>,
    pub languages_sealed: Sealed<PersonLanguages>,
    pub description_sealed: Sealed<PersonDescription>,
    pub origin_sealed: Sealed<PersonOrigin>,
    pub phones_sealed: Sealed<PersonPhones>,
    pub reach_sealed: Sealed<PersonReach>,
    pub functioning_sealed: Sealed<PersonFunctioning>,
    pub protection_sealed: Sealed<PersonProtection>,
    pub profile_sealed: Sealed<PersonProfile>,
}

/// What a new person's row says in clear, and what matching learns beside the person's own record.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    pub kind: PersonKind,
    pub society: SocietyId,
    pub point: Option<PointId>,
    /// Everybody who is kept is kept for a reason.
    pub legal_basis: LegalBasis,
    pub clues: &'a Clues,
}

/// Somebody new, sealed for the database under a key of their own: nothing is left but to write it.
pub struct ReadyPerson {
    /// For what else is sealed about them before they are written.
    pub key: OwnerKey,
    /// Of the row, for the audit leaf.
    pub digest: [u8; 32],
    wrapped: WrappedDataKey,
    row: PersonRow,
}

impl ReadyPerson {
    pub fn id(&self) -> PersonId {
        self.row.id
    }
}

/// Seals somebody new: a data key of their own, every column under it, the match profile among them. Asks no database,
/// so any number may be sealed at once.
///
/// # Errors
/// The society has no key.
pub fn seal_new(
    core: &Core,
    person: &NewPerson,
    entry: Entry<'_>,
    now: Timestamp,
) -> Result<ReadyPerson, VaultError> {
    let id = PersonId::new(core.clock.as_ref(), &core.chance);
    let (key, wrapped) = core.vault.new_data_key(id, entry.society)?;
    let profile = SealedProfile(profile_of(person, entry.clues));
    let row = PersonRow {
        reference: Reference::new(&core.chance).as_str().to_owned(),
        society_id: entry.society,
        point_id: entry.point,
        kind: entry.kind.code().to_owned(),
        legal_basis: entry.legal_basis.code().to_owned(),
        restricted: false,
        retention_until: retention(entry.kind, now),
        created_at: now.micros(),
        updated_at: now.micros(),
        ..seal(&core.vault, &key, id, 1, person, &profile)
    };
    Ok(ReadyPerson { key, digest: super::digest(&row), wrapped, row })
}

/// Writes people sealed before, with their keys.
///
/// # Errors
/// The database's.
pub fn write_new(tx: &mut Conn, new: &[&ReadyPerson], now: Timestamp) -> Result<(), DbError> {
    let keys: Vec<&WrappedDataKey> = new.iter().map(|person| &person.wrapped).collect();
    store::insert_all(tx, &keys, now)?;
    let rows: Vec<&PersonRow> = new.iter().map(|person| &person.row).collect();
    insert_rows!(tx, people::table, rows);
    Ok(())
}

/// Seals and stores somebody. Gives the key back, for what else is sealed about them in the same transaction, and a
/// digest of the row for the audit leaf.
///
/// # Errors
/// The database's, or the society has no key.
pub fn insert(
    tx: &mut Conn,
    core: &Core,
    person: &NewPerson,
    entry: Entry<'_>,
    now: Timestamp,
) -> Result<(PersonId, OwnerKey, [u8; 32]), DbError> {
    let ready = seal_new(core, person, entry, now).map_err(refused)?;
    write_new(tx, &[&ready], now)?;
    Ok((ready.id(), ready.key, ready.digest))
}

/// The day after which the retention job takes a record up, counted from its newest change.
fn retention(kind: PersonKind, now: Timestamp) -> String {
    now.day().plus_days(kind.retention_days()).to_string()
}

/// Stores a row sealed for the version after `held`. Somebody else's change in between is told apart.
///
/// # Errors
/// [`ApiError::Conflict`] `stale` when the row has moved on; otherwise the database's.
pub fn rewrite(
    tx: &mut Conn,
    held: &PersonRow,
    next: PersonRow,
    now: Timestamp,
) -> Result<[u8; 32], DbError> {
    let kind = PersonKind::parse(&held.kind).ok_or(DbError::Broken("person kind"))?;
    // Handling a record keeps it longer, never shorter.
    let retention_until = retention(kind, now).max(held.retention_until.clone());
    let next = PersonRow { updated_at: now.micros(), retention_until, ..next };
    let digest = super::digest(&next);
    let changed = diesel::update(people::table)
        .filter(people::id.eq(held.id).and(people::version.eq(held.version)))
        .set(next)
        .execute(tx)?;
    if changed == 1 { Ok(digest) } else { Err(stale()) }
}

pub(in crate::people) fn stale() -> DbError {
    DbError::Refused(ApiError::Conflict("stale", "the record has changed since you read it; read it again"))
}

pub(super) fn refused(error: VaultError) -> DbError {
    DbError::Refused(error.into())
}

/// The person, if the caller's grant reaches that far and nothing forbids it; otherwise they do not exist.
///
/// # Errors
/// Not found, or the database's.
pub fn find<P: Permission>(conn: &mut Conn, may: &May<P>, id: PersonId) -> Result<PersonRow, DbError> {
    let within = Within::of(may)?;
    let query = people::table.filter(people::id.eq(id)).select(PersonRow::as_select()).into_boxed();
    Ok(within.people(query).first(conn)?)
}

/// Holds people's rows until the transaction ends: whatever else would change or record something about them waits, so
/// that what was read of them still holds when it is acted on. SQLite has one writer anyway.
///
/// # Errors
/// The database's.
pub(in crate::people) fn hold(tx: &mut Conn, persons: &[PersonId]) -> Result<(), DbError> {
    if let Conn::Postgres(conn) = tx {
        let rows = people::table.filter(people::id.eq_any(persons.to_vec())).order(people::id);
        rows.select(people::id).for_update().load::<PersonId>(conn)?;
    }
    Ok(())
}

/// The person with this printed reference, within reach as in [`find`].
///
/// # Errors
/// Not found, or the database's.
pub fn by_reference<P: Permission>(
    conn: &mut Conn,
    may: &May<P>,
    reference: &Reference,
) -> Result<PersonRow, DbError> {
    let within = Within::of(may)?;
    let query = people::table.filter(people::reference.eq(reference.as_str().to_owned()));
    Ok(within.people(query.select(PersonRow::as_select()).into_boxed()).first(conn)?)
}

/// The people of another record that the caller already reached, such as a tracing request or a candidate. That
/// record gives the reach; a restriction still holds, and whoever it hides is missing here.
///
/// # Errors
/// The database's.
pub fn of_record<P: Permission>(
    conn: &mut Conn,
    may: &May<P>,
    ids: &[PersonId],
) -> Result<Vec<PersonRow>, DbError> {
    let query = people::table.filter(people::id.eq_any(ids.to_vec()));
    let query = query.select(PersonRow::as_select()).into_boxed();
    Ok(Within::record(may).people(query).load(conn)?)
}

/// Within reach, newest first, before `before`.
///
/// # Errors
/// The database's.
pub fn page<P: Permission>(
    conn: &mut Conn,
    may: &May<P>,
    before: Option<PersonId>,
    limit: i64,
) -> Result<Vec<PersonRow>, DbError> {
    let mut query = people::table.select(PersonRow::as_select()).into_boxed();
    if let Some(before) = before {
        query = query.filter(people::id.lt(before));
    }
    Ok(Within::of(may)?.people(query).order(people::id.desc()).limit(limit).load(conn)?)
}

/// Those of `ids` whom no restriction hides from the caller.
///
/// # Errors
/// The database's.
pub fn not_hidden<P: Permission>(
    conn: &mut Conn,
    may: &May<P>,
    ids: &[PersonId],
) -> Result<Vec<PersonId>, DbError> {
    Ok(of_record(conn, may, ids)?.into_iter().map(|row| row.id).collect())
}

/// Those of `ids` whom the caller's own grant reaches.
///
/// # Errors
/// The database's.
pub(super) fn within_reach<P: Permission>(
    conn: &mut Conn,
    may: &May<P>,
    ids: &[PersonId],
) -> Result<Vec<PersonId>, DbError> {
    let query = people::table.filter(people::id.eq_any(ids.to_vec()));
    let rows = Within::of(may)?.people(query.select(PersonRow::as_select()).into_boxed()).load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Tells the match index that somebody has changed, met or sought. An enquirer is in no index, but whoever they seek is
/// looked for only as long as the enquirer may be kept.
///
/// # Errors
/// The database's.
pub fn note_person_change(tx: &mut Conn, row: &PersonRow, now: Timestamp) -> Result<(), DbError> {
    match PersonKind::parse(&row.kind) {
        Some(PersonKind::Contact) => note_change(tx, ChangeKind::Contact, row.id.uuid(), now),
        Some(PersonKind::Sought) => note_change(tx, ChangeKind::Sought, row.id.uuid(), now),
        Some(PersonKind::Enquirer) => {
            let sought: Vec<PersonId> = sought_persons::table
                .inner_join(tracing_requests::table)
                .filter(tracing_requests::enquirer_id.eq(row.id))
                .order(sought_persons::person_id)
                .select(sought_persons::person_id)
                .load(tx)?;
            let sought: Vec<_> = sought.iter().map(PersonId::uuid).collect();
            note_changes(tx, ChangeKind::Sought, &sought, now)
        }
        None => Ok(()),
    }
}

/// Those of `accounts` that are active in a society: who may be put on a team.
///
/// # Errors
/// The database's.
pub fn colleagues(conn: &mut Conn, society: SocietyId, ids: &[AccountId]) -> Result<Vec<AccountId>, DbError> {
    Ok(accounts::table
        .filter(accounts::society_id.eq(society))
        .filter(accounts::state.eq("active"))
        .filter(accounts::id.eq_any(ids.to_vec()))
        .select(accounts::id)
        .load(conn)?)
}
