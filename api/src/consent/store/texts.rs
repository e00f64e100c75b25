//! The rows of the words: versions are added and stay.

use diesel::prelude::*;

use crate::consent::model::ConsentKind;
use crate::consent::shipped::default_texts;
use crate::db::schema::consent_texts;
use crate::db::{Conn, DbError};
use crate::kernel::{Chance, Clock, ConsentTextId, SocietyId};

/// The words of a kind in a language that a society reads to people: the newest of its own, else of those that serve
/// everybody.
///
/// # Errors
/// The database's.
pub(super) fn newest_text(
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
