//! Who waits for erasure: they are kept because they agreed to it, and agree no longer. Nothing is done with their record
//! any more, and it is the data protection officer's to erase, or the desk's to ask them anew. Of somebody restricted, the
//! protection officers on their team know, and nobody else until they have put a data protection officer on it. The
//! same team sees who seeks somebody restricted and cannot be erased without them.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::ConsentStatus;
use super::store::{self, Restricted, WaitingRow};
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
        /// Nobody took it back: it was written down that nobody asked them again. The same holds.
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
    /// Whether everybody who would go with them is seen by a data protection officer: by the reader, if they are one. Else
    /// nobody can erase them before such an officer is on the team of whoever is restricted.
    pub erasable: bool,
    /// Who that is, for the protection officers on their team: one data protection officer is to be put on the team of
    /// each. Empty when there is nothing to do, and for everybody else.
    pub held_up_by: Vec<Guarded>,
}

/// Somebody who is restricted to a team of the reader.
#[derive(Clone, Serialize, ToSchema)]
pub struct Guarded {
    #[schema(value_type = String)]
    pub id: PersonId,
    pub reference: String,
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
        held_up: Option<Vec<Restricted>>,
    ) -> Result<Self, DbError> {
        let why = Why::of(&status)?;
        let since = match why {
            Why::Expired => until.unwrap_or(answered),
            _ => answered,
        };
        let erasable = held_up.is_none();
        let held_up_by = held_up.into_iter().flatten().map(|(id, reference)| Guarded { id, reference });
        let held_up_by = held_up_by.collect();
        Ok(Self { id, reference, why, since: Timestamp::from_micros(since), erasable, held_up_by })
    }
}

/// Why somebody waits for erasure; `None` when they do not.
///
/// # Errors
/// The database's.
pub fn why_let_go(conn: &mut Conn, person: PersonId, now: Timestamp) -> Result<Option<Why>, DbError> {
    let Some((_, newest)) = store::answers_let_go(conn, &[person], now)?.pop() else { return Ok(None) };
    let (status, ..) = counting(conn, person, (newest, 0, None), now)?;
    Why::of(&status).map(Some)
}

/// The answer that says what became of the yes, when it was given and until when it counted: the newest, unless nobody
/// answered then and they had said no before, or their yes has run out.
fn counting(
    conn: &mut Conn,
    person: PersonId,
    newest: (String, i64, Option<i64>),
    now: Timestamp,
) -> Result<(String, i64, Option<i64>), DbError> {
    match Why::of(&newest.0)? {
        Why::NotPossible | Why::NotAsked => Ok(store::said_last(conn, person, now)?.unwrap_or(newest)),
        Why::Withdrawn | Why::Expired | Why::Refused => Ok(newest),
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
            let persons: Vec<PersonId> = rows.iter().map(|row| row.0).collect();
            let mut held_up = store::held_up(conn, &asking, &persons)?;
            let views = rows.into_iter().map(|row| {
                let held_up = held_up.remove(&row.0);
                let (id, reference, status, answered, until) = row;
                let (status, answered, until) = counting(conn, id, (status, answered, until), now)?;
                WaitingView::of((id, reference, status, answered, until), held_up)
            });
            views.collect::<Result<Vec<_>, DbError>>()
        })
        .await?;
    let page = Page::cut(rows, limit, |one| one.id.to_string());
    let named = page.items.iter().flat_map(|one| &one.held_up_by).map(|one| one.id);
    let subjects: BTreeSet<PersonId> = page.items.iter().map(|one| one.id).chain(named).collect();
    core.audit.look(may, |e| e.about_all(subjects).detail("waiting_for_erasure")).await?;
    Ok(page)
}
