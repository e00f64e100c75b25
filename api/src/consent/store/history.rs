//! A person's answers read again: page by page for people, the newest of each kind for judging.

use std::fmt;
use std::str::FromStr;

use diesel::prelude::*;

use super::code;
use super::standing::{in_force, is_kept_for};
use crate::consent::model::*;
use crate::db::schema::{consent_texts, consents};
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, ConsentId, ConsentTextId, InvalidId, PersonId, Timestamp};
use crate::vault::{ConsentRestrictions, OwnerKey, Receipt, Sealed, Vault};
use crate::web::Shown;

type HistoryRow = (
    (ConsentId, String, i64, String, String, String, String, String),
    (ConsentTextId, i32, String, bool, i64, Option<i64>, i64, i64),
    Sealed<ConsentRestrictions>,
);

macro_rules! rows {
    ($person:expr) => {
        consents::table.inner_join(consent_texts::table).filter(consents::person_id.eq($person)).select((
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
    };
}

/// One stored answer, and whether it counts now.
pub struct History {
    row: HistoryRow,
    kind: ConsentKind,
    in_force: bool,
}

impl History {
    /// Only the newest of its kind can count.
    fn of(
        conn: &mut Conn,
        person: PersonId,
        row: HistoryRow,
        is_newest: bool,
        now: Timestamp,
    ) -> Result<Self, DbError> {
        let ((_, kind, _, status, ..), (.., valid_from, valid_until, _, _), _) = &row;
        let kind = code(ConsentKind::parse(kind))?;
        let status = code(ConsentStatus::parse(status))?;
        let in_force = is_newest
            && in_force(status, *valid_from, *valid_until, now)
            && is_kept_for(conn, person, kind, now)?;
        Ok(Self { row, kind, in_force })
    }

    /// Where it stands in the person's history.
    pub fn place(&self) -> AnswerAt {
        AnswerAt { kind: self.kind, revision: self.row.0.2 }
    }
}

/// A place in the history of one person: an answer by its kind and number. Means nothing about anybody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerAt {
    kind: ConsentKind,
    revision: i64,
}

impl fmt::Display for AnswerAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.kind, self.revision)
    }
}

impl FromStr for AnswerAt {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let (kind, revision) = text.split_once('.').ok_or(InvalidId)?;
        if !revision.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidId);
        }
        let kind = ConsentKind::parse(kind).ok_or(InvalidId)?;
        Ok(Self { kind, revision: revision.parse().map_err(|_| InvalidId)? })
    }
}

impl<'de> serde::Deserialize<'de> for AnswerAt {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(|_| serde::de::Error::custom("expected the `next` of the page before"))
    }
}

/// The answers of one person, newest first within each kind, from a place on.
///
/// # Errors
/// The database's.
pub fn history(
    conn: &mut Conn,
    person: PersonId,
    after: Option<AnswerAt>,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<History>, DbError> {
    let mut query = rows!(person).into_boxed();
    if let Some(AnswerAt { kind, revision }) = after {
        let code = kind.code();
        query = query
            .filter(consents::kind.gt(code).or(consents::kind.eq(code).and(consents::revision.lt(revision))));
    }
    let rows: Vec<HistoryRow> = query
        .order((consents::kind.asc(), consents::revision.desc()))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .load(conn)?;
    let mut history = Vec::with_capacity(rows.len());
    let mut last = after.map(|place| place.kind.code().to_owned());
    for row in rows {
        let kind = row.0.1.clone();
        let is_newest = last.replace(kind.clone()) != Some(kind);
        history.push(History::of(conn, person, row, is_newest, now)?);
    }
    Ok(history)
}

/// The newest answer of each of these kinds: all that judging asks for, however often a mind was changed.
///
/// # Errors
/// The database's.
pub fn newest(
    conn: &mut Conn,
    person: PersonId,
    kinds: impl IntoIterator<Item = ConsentKind>,
    now: Timestamp,
) -> Result<Vec<History>, DbError> {
    let mut newest = Vec::new();
    for kind in kinds {
        let row: Option<HistoryRow> = rows!(person)
            .filter(consents::kind.eq(kind.code()))
            .order(consents::revision.desc())
            .first(conn)
            .optional()?;
        if let Some(row) = row {
            newest.push(History::of(conn, person, row, true, now)?);
        }
    }
    Ok(newest)
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
) -> Result<Vec<ConsentView>, ApiError> {
    let mut out = Vec::with_capacity(history.len());
    for History { row: (who, words, sealed), kind, in_force } in history {
        let (id, _, _, status, legal_basis, given_by, assent, method) = who;
        let (text, text_version, language, interpreter, valid_from, valid_until, recorded_at, version) =
            words;
        let seat = vault.seat(key, id.bytes(), version);
        let restrictions = seat.show::<ConsentRestrictions>(receipt, &sealed)?;
        out.push(ConsentView {
            id,
            kind,
            status: code(ConsentStatus::parse(&status))?,
            in_force,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_read_as_it_was_written_and_nothing_else_is_one() {
        for kind in ConsentKind::ALL {
            let place = AnswerAt { kind: *kind, revision: 7 };
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for text in ["", "tracing_search", "tracing_search.", "tracing_search.-1", "tracing_search.+1", "x.1"]
        {
            assert_eq!(text.parse::<AnswerAt>(), Err(InvalidId), "{text}");
        }
    }
}
