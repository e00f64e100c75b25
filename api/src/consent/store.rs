//! The rows of consent: appended, never changed. The newest revision of a kind counts.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{
    Assent, ConsentKind, ConsentStatus, ConsentView, GivenBy, LegalBasis, Method, NewConsent, Restrictions,
};
use super::shipped::default_texts;
use crate::db::schema::{consent_texts, consents};
use crate::db::{Conn, DbError, insert_rows};
use crate::kernel::{
    AccountId, ApiError, Chance, Clock, ConsentId, ConsentTextId, Invalid, PersonId, SocietyId, Timestamp,
    Wrong,
};
use crate::vault::{ConsentRestrictions, Json, OwnerKey, Receipt, Sealed, Vault, VaultError};
use crate::web::Shown;

/// The answer that counts now for one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Current {
    pub id: ConsentId,
    pub status: ConsentStatus,
    pub valid_until: Option<Timestamp>,
    pub recorded_at: Timestamp,
    /// Given, begun and not expired: an expired yes acts like a no.
    pub in_force: bool,
}

/// What appending needs besides the answer.
pub struct Append<'a> {
    pub vault: &'a Vault,
    pub key: &'a OwnerKey,
    pub clock: &'a dyn Clock,
    pub chance: &'a Chance,
    pub by: Option<AccountId>,
}

/// The newest words of some kinds, looked up once for any number of answers.
#[derive(Default)]
pub struct Words(HashMap<(ConsentKind, String), ConsentTextId>);

impl Words {
    /// What the desks of a society read of every kind that has words in `language`.
    ///
    /// # Errors
    /// The database's.
    pub fn of_language(conn: &mut Conn, society: SocietyId, language: &str) -> Result<Self, DbError> {
        let mut words = Self::default();
        ConsentKind::ALL.iter().try_for_each(|kind| words.learn(conn, society, *kind, language))?;
        Ok(words)
    }

    /// The words that these answers were given to, at a desk of `society`.
    ///
    /// # Errors
    /// The database's.
    pub fn of_answers(conn: &mut Conn, society: SocietyId, answers: &[NewConsent]) -> Result<Self, DbError> {
        let mut words = Self::default();
        answers.iter().try_for_each(|answer| words.learn(conn, society, answer.kind, &answer.language))?;
        Ok(words)
    }

    fn learn(
        &mut self,
        conn: &mut Conn,
        society: SocietyId,
        kind: ConsentKind,
        language: &str,
    ) -> Result<(), DbError> {
        if let Some(text) = newest_text(conn, Some(society), kind, language)? {
            self.0.insert((kind, language.to_owned()), text);
        }
        Ok(())
    }

    /// Whether a kind has words in a language.
    pub fn know(&self, kind: ConsentKind, language: &str) -> bool {
        self.0.contains_key(&(kind, language.to_owned()))
    }

    fn text(&self, answer: &NewConsent) -> Result<ConsentTextId, ApiError> {
        let text = self.0.get(&(answer.kind, answer.language.clone())).copied();
        text.ok_or_else(|| {
            let problem = "has no words for this kind of consent; add them, or use another language";
            ApiError::Invalid(Invalid::at("language", Wrong::NotALanguage.says(problem)))
        })
    }
}

/// An answer sealed for the database: nothing is left but to write it.
#[derive(Insertable)]
#[diesel(table_name = consents, treat_none_as_default_value = false)]
pub struct ReadyAnswer {
    id: ConsentId,
    person_id: PersonId,
    kind: &'static str,
    revision: i64,
    status: &'static str,
    legal_basis: &'static str,
    given_by: &'static str,
    assent: &'static str,
    method: &'static str,
    text_id: ConsentTextId,
    interpreter: bool,
    valid_from: i64,
    valid_until: Option<i64>,
    recorded_at: i64,
    recorded_by: Option<AccountId>,
    version: i64,
    restrictions_sealed: Sealed<ConsentRestrictions>,
}

/// Seals an answer as the first of its kind. Asks no database, so any number may be sealed at once.
///
/// # Errors
/// The language has no words for this kind.
pub fn seal(
    with: &Append<'_>,
    person: PersonId,
    answer: &NewConsent,
    assent: Assent,
    words: &Words,
) -> Result<ReadyAnswer, ApiError> {
    let text_id = words.text(answer)?;
    let id = ConsentId::new(with.clock, with.chance);
    let now = with.clock.now();
    let restrictions = with.vault.seat(with.key, id.bytes(), 1).seal(&Json(answer.restrictions.clone()));
    Ok(ReadyAnswer {
        id,
        person_id: person,
        kind: answer.kind.code(),
        revision: 1,
        status: answer.answer.status.code(),
        legal_basis: answer.legal_basis.code(),
        given_by: answer.answer.given_by.code(),
        assent: assent.code(),
        method: answer.answer.method.code(),
        text_id,
        interpreter: answer.interpreter,
        valid_from: now.micros(),
        valid_until: answer.valid_until.map(Timestamp::micros),
        recorded_at: now.micros(),
        recorded_by: with.by,
        version: 1,
        restrictions_sealed: restrictions,
    })
}

impl ReadyAnswer {
    /// Numbers the answer after those the person has given to this kind.
    ///
    /// # Errors
    /// The database's.
    pub fn follow(&mut self, tx: &mut Conn) -> Result<(), DbError> {
        let newest: Option<i64> = consents::table
            .filter(consents::person_id.eq(self.person_id))
            .filter(consents::kind.eq(self.kind))
            .select(diesel::dsl::max(consents::revision))
            .first(tx)?;
        self.revision = newest.unwrap_or(0) + 1;
        Ok(())
    }
}

/// Writes sealed answers.
///
/// # Errors
/// The database's. Two answers at one moment: the later one is told [`DbError::Taken`].
pub fn write(tx: &mut Conn, answers: &[&ReadyAnswer]) -> Result<(), DbError> {
    insert_rows!(tx, consents::table, answers);
    Ok(())
}

/// Appends an answer as the next revision of its kind.
///
/// # Errors
/// The language has no words for this kind; or as [`write`].
pub fn insert(
    tx: &mut Conn,
    with: &Append<'_>,
    person: PersonId,
    answer: &NewConsent,
    assent: Assent,
) -> Result<ConsentId, DbError> {
    let words = Words::of_answers(tx, with.key.society(), std::slice::from_ref(answer))?;
    let mut ready = seal(with, person, answer, assent, &words)?;
    ready.follow(tx)?;
    write(tx, &[&ready])?;
    Ok(ready.id)
}

/// What counts now for one kind; `None` when nobody has asked.
///
/// # Errors
/// The database's.
pub fn current(
    conn: &mut Conn,
    person: PersonId,
    kind: ConsentKind,
    now: Timestamp,
) -> Result<Option<Current>, DbError> {
    let newest: Option<(ConsentId, String, i64, Option<i64>, i64)> = consents::table
        .filter(consents::person_id.eq(person))
        .filter(consents::kind.eq(kind.code()))
        .order(consents::revision.desc())
        .select((
            consents::id,
            consents::status,
            consents::valid_from,
            consents::valid_until,
            consents::recorded_at,
        ))
        .first(conn)
        .optional()?;
    newest
        .map(|(id, status, valid_from, valid_until, recorded_at)| {
            let recorded_at = Timestamp::from_micros(recorded_at);
            let status = code(ConsentStatus::parse(&status))?;
            let in_force = in_force(status, valid_from, valid_until, now);
            let valid_until = valid_until.map(Timestamp::from_micros);
            Ok(Current { id, status, valid_until, recorded_at, in_force })
        })
        .transpose()
}

/// Whether a person's yes of this kind is in force now.
///
/// # Errors
/// The database's.
pub fn allowed(
    conn: &mut Conn,
    person: PersonId,
    kind: ConsentKind,
    now: Timestamp,
) -> Result<bool, DbError> {
    Ok(current(conn, person, kind, now)?.is_some_and(|c| c.in_force))
}

/// A yes in force, with the limits the person put on it, sealed.
pub struct Limits {
    pub id: ConsentId,
    version: i64,
    sealed: Sealed<ConsentRestrictions>,
}

impl Limits {
    /// Whether the person put any limit on the answer.
    ///
    /// # Errors
    /// The receipt does not cover it, or it does not open.
    pub fn is_limited(&self, vault: &Vault, key: &OwnerKey, receipt: &Receipt) -> Result<bool, VaultError> {
        let opened = vault.seat(key, self.id.bytes(), self.version).open(receipt, &self.sealed)?;
        Ok(opened.expose().0 != Restrictions::default())
    }
}

/// The limits of a person's yes of this kind; `None` without a yes in force now.
///
/// # Errors
/// The database's.
pub fn limits(
    conn: &mut Conn,
    person: PersonId,
    kind: ConsentKind,
    now: Timestamp,
) -> Result<Option<Limits>, DbError> {
    let Some(current) = current(conn, person, kind, now)?.filter(|current| current.in_force) else {
        return Ok(None);
    };
    let (version, sealed) = consents::table
        .find(current.id)
        .select((consents::version, consents::restrictions_sealed))
        .first(conn)?;
    Ok(Some(Limits { id: current.id, version, sealed }))
}

fn in_force(status: ConsentStatus, from: i64, until: Option<i64>, now: Timestamp) -> bool {
    status == ConsentStatus::Given && from <= now.micros() && until.is_none_or(|until| until > now.micros())
}

diesel::alias!(consents as newer: Newer);

/// Those of `people` whose newest answer to `tracing_search` is a yes in force.
///
/// # Errors
/// The database's.
pub fn searchable(conn: &mut Conn, people: &[PersonId], now: Timestamp) -> Result<Vec<PersonId>, DbError> {
    agreed(conn, ConsentKind::TracingSearch, people, now)
}

/// Those of `people` whose newest answer to `kind` is a yes in force.
///
/// # Errors
/// The database's.
pub fn agreed(
    conn: &mut Conn,
    kind: ConsentKind,
    people: &[PersonId],
    now: Timestamp,
) -> Result<Vec<PersonId>, DbError> {
    let later = newer
        .filter(newer.field(consents::person_id).eq(consents::person_id))
        .filter(newer.field(consents::kind).eq(consents::kind))
        .filter(newer.field(consents::revision).gt(consents::revision));
    Ok(consents::table
        .filter(consents::person_id.eq_any(people.to_vec()))
        .filter(consents::kind.eq(kind.code()))
        .filter(consents::status.eq(ConsentStatus::Given.code()))
        .filter(consents::valid_from.le(now.micros()))
        .filter(consents::valid_until.is_null().or(consents::valid_until.gt(now.micros())))
        .filter(diesel::dsl::not(diesel::dsl::exists(later)))
        .select(consents::person_id)
        .load(conn)?)
}

/// The answers that the match index follows.
const INDEXED: [ConsentKind; 2] = [ConsentKind::TracingSearch, ConsentKind::ShareWithinNetwork];

/// Whose yes to being found, at home or from elsewhere in the network, ended between two moments: time alone takes them
/// out of the index, or out of other societies' sight.
///
/// # Errors
/// The database's.
pub fn expired_between(
    conn: &mut Conn,
    after: Timestamp,
    until: Timestamp,
) -> Result<Vec<PersonId>, DbError> {
    Ok(consents::table
        .filter(consents::kind.eq_any(INDEXED.map(ConsentKind::code)))
        .filter(consents::valid_until.gt(after.micros()))
        .filter(consents::valid_until.le(until.micros()))
        .select(consents::person_id)
        .distinct()
        .load(conn)?)
}

type HistoryRow = (
    (ConsentId, String, i64, String, String, String, String, String),
    (ConsentTextId, i32, String, bool, i64, Option<i64>, i64, i64),
    Sealed<ConsentRestrictions>,
);

/// One stored answer.
pub struct History(HistoryRow);

/// All answers of one person, newest first within each kind.
///
/// # Errors
/// The database's.
pub fn history(conn: &mut Conn, person: PersonId) -> Result<Vec<History>, DbError> {
    let rows: Vec<HistoryRow> = consents::table
        .inner_join(consent_texts::table)
        .filter(consents::person_id.eq(person))
        .order((consents::kind.asc(), consents::revision.desc()))
        .select((
            (
                consents::id,
                consents::kind,
                consents::revision,
                consents::status,
                consents::legal_basis,
                consents::given_by,
                consents::assent,
                consents::method,
            ),
            (
                consents::text_id,
                consent_texts::version,
                consent_texts::language,
                consents::interpreter,
                consents::valid_from,
                consents::valid_until,
                consents::recorded_at,
                consents::version,
            ),
            consents::restrictions_sealed,
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(History).collect())
}

/// Opens a history for showing.
///
/// # Errors
/// A restriction does not open.
pub fn views(
    history: Vec<History>,
    vault: &Vault,
    key: &OwnerKey,
    receipt: &Receipt,
    now: Timestamp,
) -> Result<Vec<ConsentView>, ApiError> {
    let mut last = None;
    let mut out = Vec::with_capacity(history.len());
    for History((who, words, sealed)) in history {
        let (id, kind, _, status, legal_basis, given_by, assent, method) = who;
        let (text, text_version, language, interpreter, valid_from, valid_until, recorded_at, version) =
            words;
        let newest = last.as_ref() != Some(&kind);
        last = Some(kind.clone());
        let status = code(ConsentStatus::parse(&status))?;
        let seat = vault.seat(key, id.bytes(), version);
        let restrictions = seat.show::<ConsentRestrictions>(receipt, &sealed)?;
        out.push(ConsentView {
            id,
            kind: code(ConsentKind::parse(&kind))?,
            status,
            in_force: newest && in_force(status, valid_from, valid_until, now),
            given_by: code(GivenBy::parse(&given_by))?,
            assent: code(Assent::parse(&assent))?,
            method: code(Method::parse(&method))?,
            legal_basis: code(LegalBasis::parse(&legal_basis))?,
            text,
            text_version,
            language,
            interpreter,
            valid_from: Timestamp::from_micros(valid_from),
            valid_until: valid_until.map(Timestamp::from_micros),
            recorded_at: Timestamp::from_micros(recorded_at),
            restrictions: Shown::from(restrictions.map(|r| r.expose().0.clone())),
        });
    }
    Ok(out)
}

/// A stored code that no list knows is damage, not input.
fn code<T>(parsed: Option<T>) -> Result<T, DbError> {
    parsed.ok_or(DbError::Broken("consent code"))
}

/// The words of a kind in a language that a society reads to people: the newest of its own, else of those that serve
/// everybody.
///
/// # Errors
/// The database's.
fn newest_text(
    conn: &mut Conn,
    society: Option<SocietyId>,
    kind: ConsentKind,
    language: &str,
) -> Result<Option<ConsentTextId>, DbError> {
    Ok(newest_words(conn, society, kind, language)?.map(|(id, _)| id))
}

/// The same with the words themselves.
///
/// # Errors
/// The database's.
pub fn newest_words(
    conn: &mut Conn,
    society: Option<SocietyId>,
    kind: ConsentKind,
    language: &str,
) -> Result<Option<(ConsentTextId, String)>, DbError> {
    Ok(consent_texts::table
        .filter(consent_texts::kind.eq(kind.code()))
        .filter(consent_texts::language.eq(language))
        .filter(consent_texts::society_id.is_null().or(consent_texts::society_id.eq(society)))
        .order((consent_texts::society_id.is_null().asc(), consent_texts::version.desc()))
        .select((consent_texts::id, consent_texts::body))
        .first(conn)
        .optional()?)
}

/// Stores new words as the next version of their kind and language, for one society or for everybody; earlier ones stay
/// as they are. Versions are counted over all societies, so that a number names one text.
///
/// # Errors
/// The database's.
pub fn insert_text(
    tx: &mut Conn,
    clock: &dyn Clock,
    chance: &Chance,
    society: Option<SocietyId>,
    (kind, language, body): (ConsentKind, &str, &str),
) -> Result<ConsentTextId, DbError> {
    let newest: Option<i32> = consent_texts::table
        .filter(consent_texts::kind.eq(kind.code()))
        .filter(consent_texts::language.eq(language))
        .select(diesel::dsl::max(consent_texts::version))
        .first(tx)?;
    let id = ConsentTextId::new(clock, chance);
    diesel::insert_into(consent_texts::table)
        .values((
            consent_texts::id.eq(id),
            consent_texts::kind.eq(kind.code()),
            consent_texts::version.eq(newest.unwrap_or(0) + 1),
            consent_texts::language.eq(language),
            consent_texts::body.eq(body),
            consent_texts::created_at.eq(clock.now().micros()),
            consent_texts::society_id.eq(society),
        ))
        .execute(tx)?;
    Ok(id)
}

/// Puts the shipped words where a kind has none in a language yet. Says how many were added.
///
/// # Errors
/// The database's.
pub fn seed_texts(tx: &mut Conn, clock: &dyn Clock, chance: &Chance) -> Result<usize, DbError> {
    let mut added = 0;
    for text in default_texts() {
        let language = text.language.code();
        if newest_text(tx, None, text.kind, language)?.is_none() {
            insert_text(tx, clock, chance, None, (text.kind, language, text.body))?;
            added += 1;
        }
    }
    Ok(added)
}

/// One version of the words, and whose they are.
pub type TextRow = (ConsentTextId, i32, String, String, Option<SocietyId>);

diesel::alias!(consent_texts as later_words: LaterWords);

/// The words of one kind that a society may read: the newest in each language first, then what was read before.
///
/// # Errors
/// The database's.
pub fn texts(
    conn: &mut Conn,
    society: Option<SocietyId>,
    kind: ConsentKind,
) -> Result<Vec<TextRow>, DbError> {
    let owner = later_words.field(consent_texts::society_id);
    let same_owner =
        owner.eq(consent_texts::society_id).or(owner.is_null().and(consent_texts::society_id.is_null()));
    let replaced = diesel::dsl::exists(
        later_words
            .filter(later_words.field(consent_texts::kind).eq(consent_texts::kind))
            .filter(later_words.field(consent_texts::language).eq(consent_texts::language))
            .filter(later_words.field(consent_texts::version).gt(consent_texts::version))
            .filter(same_owner),
    );
    Ok(consent_texts::table
        .filter(consent_texts::kind.eq(kind.code()))
        .filter(consent_texts::society_id.is_null().or(consent_texts::society_id.eq(society)))
        .order((replaced, consent_texts::language.asc(), consent_texts::version.desc()))
        .limit(200)
        .select((
            consent_texts::id,
            consent_texts::version,
            consent_texts::language,
            consent_texts::body,
            consent_texts::society_id,
        ))
        .load(conn)?)
}
