//! When a yes counts no longer though nobody took it back: the person may not be kept at all any more, or whoever gave it
//! turned out to be a child, or a danger to one. And who is still kept though nothing allows it.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::answers::{Append, seal_to, write};
use super::code;
use super::held::seekers_of_restricted;
use crate::consent::model::{Assent, ConsentKind, ConsentStatus, GivenBy, LegalBasis, NewConsent, Subject};
use crate::db::schema::{consents, people};
use crate::db::{Conn, DbError};
use crate::kernel::{ConsentId, ConsentTextId, Day, PersonId, Timestamp};
use crate::people::is_hidden;
use crate::policy::{May, Reach, ReadErasures};

diesel::alias!(consents as newer: Newer);

/// Another answer of the same person to the same question has come since.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn replaced() -> _ {
    exists(
        newer
            .filter(newer.field(consents::person_id).eq(consents::person_id))
            .filter(newer.field(consents::kind).eq(consents::kind))
            .filter(newer.field(consents::revision).gt(consents::revision)),
    )
}

/// A yes that has begun and not run out.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn stands(now: i64) -> _ {
    let given: &'static str = ConsentStatus::Given.code();
    let open = consents::valid_until.is_null().or(consents::valid_until.gt(now));
    consents::status.eq(given).and(consents::valid_from.le(now)).and(open)
}

/// Every answer that is no yes.
fn no_yes() -> Vec<&'static str> {
    let no = ConsentStatus::ALL.iter().filter(|status| **status != ConsentStatus::Given);
    no.map(|status| status.code()).collect()
}

/// Those of `persons` who are kept because they agreed to it, and agree no longer: taken back, or run out. Whatever else
/// they said yes to rests on that. Whoever never answered was recorded before anybody could ask.
///
/// # Errors
/// The database's.
pub fn let_go(conn: &mut Conn, persons: &[PersonId], now: Timestamp) -> Result<Vec<PersonId>, DbError> {
    Ok(answers_let_go(conn, persons, now)?.into_iter().map(|(person, _)| person).collect())
}

/// The same, with what each of them answered last.
///
/// # Errors
/// The database's.
pub fn answers_let_go(
    conn: &mut Conn,
    persons: &[PersonId],
    now: Timestamp,
) -> Result<Vec<(PersonId, String)>, DbError> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    Ok(consents::table
        .inner_join(people::table)
        .filter(consents::person_id.eq_any(persons.to_vec()))
        .filter(consents::kind.eq(ConsentKind::CollectAndStore.code()))
        .filter(people::legal_basis.eq(LegalBasis::Consent.code()))
        .filter(not(stands(now.micros())))
        .filter(not(replaced()))
        .select((consents::person_id, consents::status))
        .load(conn)?)
}

/// What somebody said last to being kept: their answer or, where nobody could or did ask them after it, the one before. That
/// nobody answered takes no no back, nor does it make one. `None` where they had said yes, and no day ended that.
///
/// # Errors
/// The database's.
pub fn said_last(
    conn: &mut Conn,
    person: PersonId,
    now: Timestamp,
) -> Result<Option<(String, i64, Option<i64>)>, DbError> {
    let said = [ConsentStatus::Given, ConsentStatus::Refused, ConsentStatus::Withdrawn];
    let last: Option<(String, i64, Option<i64>)> = consents::table
        .filter(consents::person_id.eq(person))
        .filter(consents::kind.eq(ConsentKind::CollectAndStore.code()))
        .filter(consents::status.eq_any(said.map(|status| status.code())))
        .order(consents::revision.desc())
        .select((consents::status, consents::recorded_at, consents::valid_until))
        .first(conn)
        .optional()?;
    let stands = |until: Option<i64>| until.is_none_or(|until| until > now.micros());
    Ok(last.filter(|(status, _, until)| status != ConsentStatus::Given.code() || !stands(*until)))
}

/// Somebody who waits for erasure: who, their reference, what they answered last, when, and until when it counted.
pub type WaitingRow = (PersonId, String, String, i64, Option<i64>);

/// The same people of the caller's society, in the order in which they were first recorded, after `after`. Whoever is
/// restricted is their team's to know of: where the reach is that of a team, they alone are listed, and whoever seeks
/// them and so cannot be erased without them.
///
/// # Errors
/// The database's.
pub fn waiting(
    conn: &mut Conn,
    may: &May<ReadErasures>,
    after: Option<PersonId>,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<WaitingRow>, DbError> {
    let society = may.society().ok_or(DbError::NotFound)?;
    let of_teams = match of_teams(may)? {
        true => Some(seekers_of_restricted(conn, may, now)?),
        false => None,
    };
    let all = || {
        consents::table
            .inner_join(people::table)
            .filter(consents::kind.eq(ConsentKind::CollectAndStore.code()))
            .filter(people::legal_basis.eq(LegalBasis::Consent.code()))
            .filter(people::society_id.eq(society))
            .filter(not(replaced()))
            .filter(not(is_hidden(may.account())))
            .order(consents::person_id.asc())
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select((
                consents::person_id,
                people::reference,
                consents::status,
                consents::recorded_at,
                consents::valid_until,
            ))
            .into_boxed()
    };
    // Each part by its own index: one question about both would walk everybody who agrees.
    let mut rows: Vec<WaitingRow> = Vec::new();
    for part in [
        all().filter(consents::status.eq_any(no_yes())),
        all().filter(consents::valid_until.le(now.micros())),
    ] {
        let part = match after {
            Some(after) => part.filter(consents::person_id.gt(after)),
            None => part,
        };
        let part = match &of_teams {
            Some(seekers) => part.filter(people::restricted.or(people::id.eq_any(seekers.clone()))),
            None => part,
        };
        rows.extend(part.load::<WaitingRow>(conn)?);
    }
    rows.sort_unstable_by_key(|row| row.0);
    rows.truncate(limit);
    Ok(rows)
}

/// Whether the caller is shown who is restricted to their teams, instead of everybody of the society.
pub(super) fn of_teams(may: &May<ReadErasures>) -> Result<bool, DbError> {
    match may.reach() {
        Reach::OwnSociety => Ok(false),
        Reach::Assigned => Ok(true),
        Reach::Nobody | Reach::OwnPoint | Reach::Everyone => Err(DbError::NotFound),
    }
}

/// Ends every yes of somebody that was given by whoever cannot give it for who the person is now known to be: who can
/// answer for them is asked anew. Of somebody who was grown already when a carer spoke for them, that is they
/// themself. It names the words that the yes had been given to. Gives what had been agreed to, and the answer that stands
/// there now.
///
/// # Errors
/// The database's.
pub fn end_unsuited_yeses(
    tx: &mut Conn,
    with: &Append<'_>,
    person: PersonId,
    subject: Subject,
    minor_on: impl Fn(Day) -> bool,
) -> Result<Vec<(ConsentKind, ConsentId)>, DbError> {
    let standing: Vec<(String, String, ConsentTextId, String, String, i64)> = consents::table
        .filter(consents::person_id.eq(person))
        .filter(stands(with.clock.now().micros()))
        .filter(not(replaced()))
        .order(consents::kind)
        .select((
            consents::kind,
            consents::legal_basis,
            consents::text_id,
            consents::given_by,
            consents::assent,
            consents::recorded_at,
        ))
        .load(tx)?;
    let mut ended = Vec::new();
    for (kind, basis, text, giver, assent, at) in standing {
        let (giver, assent) = (code(GivenBy::parse(&giver))?, code(Assent::parse(&assent))?);
        let then = Subject { minor: minor_on(Timestamp::from_micros(at).day()), ..subject };
        if subject.accepts(giver, assent) && then.hears(giver) {
            continue;
        }
        let kind = code(ConsentKind::parse(&kind))?;
        let answer = NewConsent::not_possible(kind, code(LegalBasis::parse(&basis))?);
        let mut ready = seal_to(with, person, &answer, Assent::NotNeeded, text);
        ready.follow(tx)?;
        write(tx, &[&ready])?;
        ended.push((kind, ready.id()));
    }
    Ok(ended)
}
