//! The words of consent: listed for whoever asks a person, edited by whoever answers for data protection.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{ConsentKind, is_language};
use super::store;
use crate::auth::Core;
use crate::db::DbError;
use crate::kernel::{ApiError, ConsentTextId, Invalid, Wrong, clean};
use crate::policy::{ManageConsentTexts, May, ReadRegister};

/// New words for a kind and language: always a new version, never a change of an old one.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextForm {
    pub kind: ConsentKind,
    /// Two or three small letters (ISO 639), perhaps with a region such as `pt-br`.
    #[schema(max_length = 12)]
    pub language: String,
    /// What is read to the person or handed over; at most 4000 characters.
    #[schema(max_length = 4000)]
    pub body: String,
}

/// One version of the words.
#[derive(Clone, Serialize, ToSchema)]
pub struct TextView {
    #[schema(value_type = String)]
    pub id: ConsentTextId,
    pub kind: ConsentKind,
    pub version: i32,
    pub language: String,
    pub body: String,
    /// Written by the own society, and read there instead of those that serve everybody.
    pub own: bool,
}

/// The words of one kind that count here or did: the newest in each language first.
///
/// # Errors
/// The service is unavailable.
pub async fn list(
    core: &Core,
    may: &May<ReadRegister>,
    kind: ConsentKind,
) -> Result<Vec<TextView>, ApiError> {
    let society = may.society();
    let rows = core.db.read(move |conn| store::texts(conn, society, kind)).await?;
    let view = |(id, version, language, body, society): store::TextRow| {
        let own = society.is_some();
        TextView { id, kind, version, language, body, own }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Adds a version for the own society: other societies' desks read to people what their own wrote, or what serves
/// everybody.
///
/// # Errors
/// What is wrong with the words, or the service is unavailable.
pub async fn add(
    core: &Core,
    may: May<ManageConsentTexts>,
    form: &TextForm,
) -> Result<ConsentTextId, ApiError> {
    let mut problems = Invalid::default();
    if !is_language(&form.language) {
        problems.note(
            "language",
            Wrong::NotALanguage
                .says("is not a language code; two or three small letters (ISO 639) are taken"),
        );
    }
    let body = problems.take(clean("body", &form.body, 4000)).flatten();
    if problems.0.is_empty() && body.is_none() {
        problems.note("body", Wrong::Missing.says("is empty; the words of the consent are needed"));
    }
    problems.ok()?;
    let body = body.unwrap_or_default();
    let society = may.society().ok_or(ApiError::Forbidden)?;
    let (kind, language, inside) = (form.kind, form.language.clone(), core.clone());
    core.db
        .write(move |tx| {
            let (clock, chance) = (inside.clock.as_ref(), &inside.chance);
            let words = (kind, language.as_str(), body.as_str());
            let id = store::insert_text(tx, clock, chance, Some(society), words)?;
            inside.audit.append(tx, &may, |e| e.on(id).detail("text_added"))?;
            Ok::<_, DbError>(id)
        })
        .await
}

/// The newest words of a kind in a language, to be read to somebody; in English where there are none.
///
/// # Errors
/// The service is unavailable.
pub async fn words(
    core: &Core,
    may: &May<ReadRegister>,
    kind: ConsentKind,
    language: &str,
) -> Result<String, ApiError> {
    let (society, language) = (may.society(), language.to_owned());
    core.db
        .read(move |conn| {
            for language in [language.as_str(), "en"] {
                if let Some((_, words)) = store::newest_words(conn, society, kind, language)? {
                    return Ok(words);
                }
            }
            Ok::<_, DbError>(String::new())
        })
        .await
}
