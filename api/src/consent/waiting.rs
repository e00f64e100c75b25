//! Who waits for erasure: they are kept because they agreed to it, and agree no longer. Nothing is done with their record
//! any more, and it is the data protection officer's to erase, or the desk's to ask them anew. Of somebody restricted, the
//! protection officers on their team know, and nobody else until they have put a data protection officer on it.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::ConsentStatus;
use super::store::{self, WaitingRow};
use crate::auth::Core;
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, Page, PageRequest, PersonId, Timestamp, codes};
use crate::policy::{May, ReadErasures};

codes! {
    /// What became of the yes to being kept.
    pub Why {
        Withdrawn = "withdrawn",
        /// It ran out on its day.
        Expired = "expired",
        Refused = "refused",
        /// Nobody took it back: whoever gave it could not, and who can answer was not asked yet. They are not
        /// erased from the list until somebody who can has said no.
        NotPossible = "not_possible",
        NotAsked = "not_asked",
    }
}

/// Somebody who waits for erasure: the reference and nothing about the person.
#[derive(Clone, Serialize, ToSchema)]
pub struct WaitingView {
    #[schema(value_type = String)]
    pub id: PersonId,
    pub reference: String,
    pub why: Why,
    /// When the yes ended.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// Whether a data protection officer sees them. Else their team is to put one on it: nobody can erase them before.
    pub erasable: bool,
}

impl Why {
    fn of(status: &str) -> Result<Self, DbError> {
        let status = ConsentStatus::parse(status).ok_or(DbError::Broken("consent code"))?;
        Ok(match status {
            ConsentStatus::Given => Self::Expired,
            ConsentStatus::Withdrawn => Self::Withdrawn,
            ConsentStatus::Refused => Self::Refused,
            ConsentStatus::NotPossible => Self::NotPossible,
            ConsentStatus::NotAsked => Self::NotAsked,
        })
    }
}

impl WaitingView {
    fn of(
        (id, reference, status, answered, until): WaitingRow,
        erasable: &[PersonId],
    ) -> Result<Self, DbError> {
        let why = Why::of(&status)?;
        let since = match why {
            Why::Expired => until.unwrap_or(answered),
            _ => answered,
        };
        let erasable = erasable.contains(&id);
        Ok(Self { id, reference, why, since: Timestamp::from_micros(since), erasable })
    }
}

/// Why somebody waits for erasure; `None` when they do not.
///
/// # Errors
/// The database's.
pub fn why_let_go(conn: &mut Conn, person: PersonId, now: Timestamp) -> Result<Option<Why>, DbError> {
    let answers = store::answers_let_go(conn, &[person], now)?;
    answers.first().map(|(_, status)| Why::of(status)).transpose()
}

/// Who waits, in the order in which they were first recorded. One line in the log names everybody on the page.
///
/// # Errors
/// The audit log or the database is away.
pub async fn waiting(
    core: &Core,
    may: &May<ReadErasures>,
    page: PageRequest<PersonId>,
) -> Result<Page<WaitingView>, ApiError> {
    let (asking, now, limit) = (may.clone(), core.clock.now(), page.limit);
    let rows = core
        .db
        .read(move |conn| {
            let rows = store::waiting(conn, &asking, page.after, limit + 1, now)?;
            let persons: Vec<PersonId> = rows.iter().map(|row| row.0).collect();
            let erasable = store::seen_by_data_officers(conn, &persons)?;
            rows.into_iter().map(|row| WaitingView::of(row, &erasable)).collect::<Result<Vec<_>, DbError>>()
        })
        .await?;
    let page = Page::cut(rows, limit, |one| one.id.to_string());
    let subjects = page.items.iter().map(|one| one.id);
    core.audit.look(may, |e| e.about_all(subjects).detail("waiting_for_erasure")).await?;
    Ok(page)
}
