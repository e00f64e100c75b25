//! Who reaches whom: the grant's reach and the restriction, as part of every query.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use migrations::db::RawId;

use crate::auth::AccountState;
use crate::db::schema::{accounts, assignments, contacts, people};
use crate::db::{Conn, DbError, on_backend};
use crate::kernel::{AccountId, ApiError, PersonId, PointId, SocietyId, Timestamp};
use crate::people::model::PersonKind;
use crate::people::store::PersonRow;
use crate::policy::{May, Permission, Reach, Role};

type Backend = <Conn as diesel::Connection>::Backend;

/// A boxed query over people.
pub(super) type People<'a> =
    people::BoxedQuery<'a, Backend, diesel::dsl::SqlTypeOf<diesel::dsl::AsSelect<PersonRow, Backend>>>;

/// How far one caller's query goes.
pub(in crate::people) struct Within {
    bounds: Bounds,
    account: Option<AccountId>,
}

enum Bounds {
    /// Another record has given the reach already.
    Record,
    Assigned,
    Point(SocietyId, PointId),
    Society(SocietyId),
    Everyone,
}

impl Within {
    /// # Errors
    /// Not found, when the grant reaches a point or a society and the account has none.
    pub(in crate::people) fn of<P: Permission>(may: &May<P>) -> Result<Self, DbError> {
        let nowhere = || DbError::Refused(ApiError::NotFound);
        let bounds = match may.reach() {
            Reach::Nobody => return Err(nowhere()),
            Reach::Assigned => Bounds::Assigned,
            Reach::OwnPoint => {
                Bounds::Point(may.society().ok_or_else(nowhere)?, may.point().ok_or_else(nowhere)?)
            }
            Reach::OwnSociety => Bounds::Society(may.society().ok_or_else(nowhere)?),
            Reach::Everyone => Bounds::Everyone,
        };
        Ok(Self { bounds, account: may.account() })
    }

    pub(super) fn record<P: Permission>(may: &May<P>) -> Self {
        Self { bounds: Bounds::Record, account: may.account() }
    }

    /// Narrows a query over people. The service itself is on no team: it sees nobody restricted.
    pub(super) fn people<'a>(&self, query: People<'a>) -> People<'a> {
        let query = match (&self.bounds, self.account) {
            (Bounds::Everyone | Bounds::Record, _) => query,
            (Bounds::Society(society), _) => query.filter(people::society_id.eq(*society)),
            // Whoever is sought, and who seeks them, was not met at a desk: their file is the caseworkers'.
            (Bounds::Point(society, point), _) => query
                .filter(people::society_id.eq(*society))
                .filter(people::point_id.eq(*point))
                .filter(people::kind.eq(PersonKind::Contact.code())),
            (Bounds::Assigned, account) => {
                let mine = assignments::table
                    .filter(assignments::account_id.nullable().eq(account))
                    .select(assignments::subject_id);
                query.filter(people::id.eq_any(mine))
            }
        };
        query.filter(not(is_hidden(self.account)))
    }

    /// Narrows a query over contacts: the contact's own point and society count, and the person it was with.
    pub(super) fn contacts<'a, ST>(
        &self,
        query: contacts::BoxedQuery<'a, Backend, ST>,
    ) -> contacts::BoxedQuery<'a, Backend, ST> {
        let query = match (&self.bounds, self.account) {
            (Bounds::Everyone | Bounds::Record, _) => query,
            (Bounds::Society(society), _) => query.filter(contacts::society_id.eq(*society)),
            (Bounds::Point(society, point), _) => {
                query.filter(contacts::society_id.eq(*society)).filter(contacts::point_id.eq(*point))
            }
            (Bounds::Assigned, account) => {
                let mine = assignments::table
                    .filter(assignments::account_id.nullable().eq(account))
                    .filter(assignments::subject_id.nullable().eq(contacts::person_id));
                query.filter(exists(mine))
            }
        };
        let hidden = people::table
            .filter(people::id.nullable().eq(contacts::person_id))
            .filter(is_hidden(self.account));
        query.filter(not(exists(hidden)))
    }
}

/// Whether somebody is restricted to a team that the account is not on. The service itself is on no team.
#[diesel::dsl::auto_type]
pub fn is_hidden(account: Option<AccountId>) -> _ {
    let team = assignments::table
        .filter(assignments::subject_id.eq(people::id))
        .filter(assignments::account_id.nullable().eq(account));
    let orphaned: falls_to = falls_to(account);
    people::restricted.and(not(exists(team))).and(not(orphaned))
}

/// Nobody left on a team may choose it anew: their account was closed, or has another role. Then the person is every
/// protection officer's of the society, until one of them has named a team; else the record would be nobody's for ever.
#[diesel::dsl::auto_type]
fn falls_to(account: Option<AccountId>) -> _ {
    let guard: &'static str = Role::ProtectionOfficer.code();
    let closed: &'static str = AccountState::Disabled.code();
    let left = assignments::table
        .inner_join(accounts::table)
        .filter(assignments::subject_id.eq(people::id))
        .filter(accounts::role.eq(guard))
        .filter(accounts::state.ne(closed));
    let officer = accounts::table
        .filter(accounts::id.nullable().eq(account))
        .filter(accounts::society_id.eq(people::society_id))
        .filter(accounts::role.eq(guard));
    exists(officer).and(not(exists(left)))
}

/// Gives the people of a case to an account. Who is restricted is left out: their team is chosen person by person, by
/// whoever may restrict, and by nothing else.
///
/// # Errors
/// The database's.
pub fn assign_people(
    tx: &mut Conn,
    persons: &[PersonId],
    account: AccountId,
    now: Timestamp,
) -> Result<(), DbError> {
    unrestricted(tx, persons)?.into_iter().try_for_each(|person| assign(tx, person.uuid(), account, now))
}

/// Takes the people of a case away from an account, but nobody off the team of somebody restricted.
///
/// # Errors
/// The database's.
pub fn unassign_people(tx: &mut Conn, persons: &[PersonId], account: AccountId) -> Result<(), DbError> {
    for person in unrestricted(tx, persons)? {
        unassign(tx, person.uuid(), account)?;
    }
    Ok(())
}

/// Those who are not restricted, and are not until the transaction ends: PostgreSQL is asked to hold the rows, SQLite
/// has one writer.
fn unrestricted(tx: &mut Conn, persons: &[PersonId]) -> Result<Vec<PersonId>, DbError> {
    let rows = people::table
        .filter(people::id.eq_any(persons.to_vec()))
        .filter(not(people::restricted))
        .select(people::id);
    Ok(match tx {
        Conn::Postgres(c) => rows.for_share().load(c)?,
        Conn::Sqlite(c) => rows.load(c)?,
    })
}

/// Puts an account on a person's team, or on that of another subject. Again is the same as once.
///
/// # Errors
/// The account does not exist; or the database's.
pub fn assign(
    tx: &mut Conn,
    subject: migrations::uuid::Uuid,
    account: AccountId,
    now: Timestamp,
) -> Result<(), DbError> {
    let row = (
        assignments::subject_id.eq(RawId(subject)),
        assignments::account_id.eq(account),
        assignments::since.eq(now.micros()),
    );
    on_backend!(tx, |c| {
        diesel::insert_into(assignments::table).values(row).on_conflict_do_nothing().execute(c)?
    });
    Ok(())
}

/// Takes an account off a team. Says whether it was on it.
///
/// # Errors
/// The database's.
pub fn unassign(tx: &mut Conn, subject: migrations::uuid::Uuid, account: AccountId) -> Result<bool, DbError> {
    let gone = diesel::delete(assignments::table)
        .filter(assignments::subject_id.eq(RawId(subject)).and(assignments::account_id.eq(account)))
        .execute(tx)?;
    Ok(gone > 0)
}

/// The accounts on a person's team.
///
/// # Errors
/// The database's.
pub fn team(conn: &mut Conn, person: PersonId) -> Result<Vec<AccountId>, DbError> {
    Ok(assignments::table
        .filter(assignments::subject_id.eq(RawId(person.uuid())))
        .order(assignments::account_id)
        .select(assignments::account_id)
        .load(conn)?)
}

/// Makes exactly these accounts a person's team.
///
/// # Errors
/// The database's.
pub fn set_team(tx: &mut Conn, person: PersonId, team: &[AccountId], now: Timestamp) -> Result<(), DbError> {
    diesel::delete(assignments::table)
        .filter(assignments::subject_id.eq(RawId(person.uuid())))
        .filter(assignments::account_id.ne_all(team.to_vec()))
        .execute(tx)?;
    team.iter().try_for_each(|account| assign(tx, person.uuid(), *account, now))
}
