//! Who waits for erasure: they are kept because they agreed to it, and agree no longer. Nothing is done with their record
//! any more, and it is the data protection officer's to erase, or the desk's to ask them anew.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::ConsentStatus;
use super::store::{self, WaitingRow};
use crate::auth::Core;
use crate::db::DbError;
use crate::kernel::{ApiError, Page, PageRequest, PersonId, Timestamp, codes};
use crate::policy::{May, ReadErasures};

codes! {
    /// What became of the yes to being kept.
    pub Why {
        Withdrawn = "withdrawn",
        /// It ran out on its day.
        Expired = "expired",
        Refused = "refused",
        /// Whoever said yes is a child: who can answer for them was not asked yet.
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
}

impl TryFrom<WaitingRow> for WaitingView {
    type Error = DbError;

    fn try_from((id, reference, status, answered, until): WaitingRow) -> Result<Self, DbError> {
        let status = ConsentStatus::parse(&status).ok_or(DbError::Broken("consent code"))?;
        let why = match status {
            ConsentStatus::Given => Why::Expired,
            ConsentStatus::Withdrawn => Why::Withdrawn,
            ConsentStatus::Refused => Why::Refused,
            ConsentStatus::NotPossible => Why::NotPossible,
            ConsentStatus::NotAsked => Why::NotAsked,
        };
        let since = match why {
            Why::Expired => until.unwrap_or(answered),
            _ => answered,
        };
        Ok(Self { id, reference, why, since: Timestamp::from_micros(since) })
    }
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
            rows.into_iter().map(WaitingView::try_from).collect::<Result<Vec<_>, DbError>>()
        })
        .await?;
    let page = Page::cut(rows, limit, |one| one.id.to_string());
    let subjects = page.items.iter().map(|one| one.id);
    core.audit.look(may, |e| e.about_all(subjects).detail("waiting_for_erasure")).await?;
    Ok(page)
}
