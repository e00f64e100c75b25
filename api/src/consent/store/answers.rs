//! Answers on their way into the database: sealed, numbered after those before them, appended, never changed.

use std::collections::HashMap;

use diesel::prelude::*;

use super::texts::newest_text;
use crate::consent::model::{Assent, ConsentKind, ConsentStatus, NewConsent};
use crate::db::schema::consents;
use crate::db::{Conn, DbError, insert_rows};
use crate::kernel::{
    AccountId, ApiError, Chance, Clock, ConsentId, ConsentTextId, Invalid, PersonId, SocietyId, Timestamp,
    Wrong,
};
use crate::vault::{ConsentRestrictions, Json, OwnerKey, Sealed, Vault};

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
    Ok(seal_to(with, person, answer, assent, words.text(answer)?))
}

/// The same with the very words it is an answer to.
pub(super) fn seal_to(
    with: &Append<'_>,
    person: PersonId,
    answer: &NewConsent,
    assent: Assent,
    text_id: ConsentTextId,
) -> ReadyAnswer {
    let id = ConsentId::new(with.clock, with.chance);
    let now = with.clock.now();
    let restrictions = with.vault.seat(with.key, id.bytes(), 1).seal(&Json(answer.restrictions.clone()));
    ReadyAnswer {
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
    }
}

/// Answers of one kind that one person may give in a day: whoever changes their mind more often is asked again tomorrow.
const A_DAY: i64 = 20;

impl ReadyAnswer {
    pub(super) fn id(&self) -> ConsentId {
        self.id
    }

    /// Numbers the answer after those the person has given to this kind.
    ///
    /// # Errors
    /// The day has seen too many of them already, though an answer that ends a yes is always taken; or the database's.
    pub fn follow(&mut self, tx: &mut Conn) -> Result<(), DbError> {
        let newest: Vec<(i64, String, i64)> = consents::table
            .filter(consents::person_id.eq(self.person_id))
            .filter(consents::kind.eq(self.kind))
            .order(consents::revision.desc())
            .limit(A_DAY)
            .select((consents::revision, consents::status, consents::recorded_at))
            .load(tx)?;
        let given = ConsentStatus::Given.code();
        let ends_a_yes = self.status != given && newest.first().is_some_and(|(_, held, _)| held == given);
        let day = Timestamp::from_micros(self.recorded_at).day();
        let today = newest.iter().filter(|(.., at)| Timestamp::from_micros(*at).day() == day).count();
        if today >= usize::try_from(A_DAY).unwrap_or(usize::MAX) && !ends_a_yes {
            return Err(DbError::Refused(ApiError::Conflict(
                "answered_too_often",
                "this question was answered 20 times today, which is as often as one day takes; what was answered last \
                 stands, a yes can still be taken back, and tomorrow it can be asked again",
            )));
        }
        self.revision = newest.first().map_or(0, |(revision, ..)| *revision) + 1;
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
