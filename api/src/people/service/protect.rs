//! Restricting somebody to a team, and erasing somebody.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{reach, store};
use crate::auth::Core;
use crate::consent::{self, Why};
use crate::db::DbError;
use crate::kernel::{AccountId, ApiError, Invalid, PersonId, Wrong};
use crate::people::store::PersonRow;
use crate::policy::{ErasePerson, May, ReadErasures, RestrictPerson};
use crate::requests;
use crate::web::Idempotency;

/// Most accounts on a team: who needs more needs no restriction.
pub(super) const TEAM: usize = 20;

/// Whether somebody exists for their team only, and who that is.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestrictionForm {
    /// The version that was read.
    #[schema(minimum = 1)]
    pub version: i64,
    pub restricted: bool,
    /// The whole team beside the caller, who is always on it. Whoever is left out loses the person from sight, whatever
    /// they were assigned to before.
    #[serde(default)]
    #[schema(max_items = 20, value_type = Vec<String>)]
    pub team: Vec<AccountId>,
}

/// A person's restriction.
#[derive(Clone, Serialize, ToSchema)]
pub struct RestrictionView {
    pub version: i64,
    pub restricted: bool,
    #[schema(value_type = Vec<String>)]
    pub team: Vec<AccountId>,
}

/// How many records went: the person's own, and those of the people sought in their requests.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct Erased {
    pub people: usize,
}

/// Whether somebody is restricted, and to whom.
///
/// # Errors
/// Not found, or the service is unavailable.
pub async fn restriction(
    core: &Core,
    may: &May<RestrictPerson>,
    id: PersonId,
) -> Result<RestrictionView, ApiError> {
    let asking = may.clone();
    let (row, team) = core
        .db
        .read(move |conn| Ok::<_, DbError>((store::find(conn, &asking, id)?, store::team(conn, id)?)))
        .await?;
    core.audit.look(may, |e| e.about(id).on(id).detail("team")).await?;
    Ok(RestrictionView { version: row.version, restricted: row.restricted, team })
}

/// Restricts somebody to a team, changes the team, or lifts the restriction.
///
/// # Errors
/// Accounts outside the society; not found; stale when somebody else was first.
pub async fn restrict(
    core: &Core,
    may: May<RestrictPerson>,
    id: PersonId,
    form: &RestrictionForm,
) -> Result<RestrictionView, ApiError> {
    if form.team.len() > TEAM {
        return Err(Invalid::at(
            "team",
            Wrong::TooMany.says(format!("is too large; at most {TEAM} accounts are taken")).most(TEAM),
        )
        .into());
    }
    let (row, key) = reach(core, &may, id).await?;
    if row.version != form.version {
        return Err(store::stale().into());
    }
    let mut team = form.team.clone();
    team.extend(may.account());
    team.sort_unstable();
    team.dedup();
    let (inside, restricted, named) = (core.clone(), form.restricted, form.team.clone());
    let view = core
        .db
        .write(move |tx| {
            let mut known = store::colleagues(tx, row.society_id, &team)?;
            // Whoever works with them stays if named, though their account waits to be opened anew.
            known.extend(store::team(tx, id)?);
            if let Some(place) = named.iter().position(|account| !known.contains(account)) {
                let problem = format!(
                    "holds an account that is neither active in this society nor on the team (number {place})"
                );
                return Err(DbError::Refused(Invalid::at("team", Wrong::Unknown.says(problem)).into()));
            }
            let now = inside.clock.now();
            let next = store::carry(&inside.vault, &key, &row).map_err(ApiError::from)?;
            let next = PersonRow { restricted, ..next };
            let version = next.version;
            let digest = store::rewrite(tx, &row, next, now)?;
            if restricted {
                store::set_team(tx, id, &team, now)?;
            }
            let detail = if restricted { "restricted" } else { "restriction_lifted" };
            inside.audit.append(tx, &may, |e| e.about(id).on(id).detail(detail).digest(digest))?;
            store::note_person_change(tx, &row, now)?;
            let team = store::team(tx, id)?;
            Ok::<_, DbError>(RestrictionView { version, restricted, team })
        })
        .await?;
    core.changes.wake();
    Ok(view)
}

/// What erasing somebody would take along, by reference only.
pub struct Going {
    pub id: PersonId,
    pub reference: String,
    /// The tracing requests that they opened as the enquirer.
    pub requests: Vec<String>,
    /// Whoever is sought in these.
    pub sought: Vec<String>,
    /// Why they wait for erasure now, if they do.
    pub why: Option<Why>,
}

impl Going {
    /// Whether they may be erased from the list.
    pub fn may_go(&self) -> bool {
        refused_from_list(self.why).is_none()
    }

    /// Whether whoever can answer for them is asked first.
    pub fn asked_first(&self) -> bool {
        matches!(self.why, Some(Why::NotPossible | Why::NotAsked))
    }
}

/// What would go with somebody. The line in the log names everybody, as a look: nothing is erased yet.
///
/// # Errors
/// Not found; somebody who would go with them is hidden from the caller; or the service is unavailable.
pub async fn going(core: &Core, may: &May<ErasePerson>, id: PersonId) -> Result<Going, ApiError> {
    let look: May<ReadErasures> = may.also()?;
    let (asking, now) = (may.clone(), core.clock.now());
    let (row, goes, why) = core
        .db
        .read(move |conn| {
            let row = store::find(conn, &asking, id)?;
            let goes = store::goes_with(conn, &asking, id)?;
            Ok::<_, DbError>((row, goes, consent::why_let_go(conn, id, now)?))
        })
        .await?;
    let store::GoesWith { people, requests, sought } = goes;
    core.audit.look(&look, |e| e.about_all(people).on(id).detail("before_erasing")).await?;
    Ok(Going { id, reference: row.reference, requests, sought, why })
}

/// Why somebody is not erased from the list of who waits for it.
fn refused_from_list(why: Option<Why>) -> Option<ApiError> {
    match why {
        None => Some(ApiError::Conflict(
            "waits_no_longer",
            "they wait for erasure no longer, since somebody has answered anew; nothing was erased",
        )),
        Some(Why::NotPossible | Why::NotAsked) => Some(ApiError::Conflict(
            "nobody_said_no",
            "nobody took the yes back, so whoever can answer is asked first; nothing was erased",
        )),
        Some(Why::Withdrawn | Why::Expired | Why::Refused) => None,
    }
}

/// Erases somebody: key first, then every row. The audit trail stays; it holds ids only.
///
/// # Errors
/// Not found; somebody who would go with them is hidden from the caller; or the service is unavailable.
pub async fn erase(core: &Core, may: May<ErasePerson>, id: PersonId) -> Result<Erased, ApiError> {
    put_away(core, may, Idempotency::none(), id, Whom::Anybody).await
}

/// Erases somebody from the list of who waits for it: not if they have agreed again since the list was read, and not where
/// nobody took the yes back and whoever can answer was not asked yet.
///
/// # Errors
/// They wait no longer, or nobody said no; otherwise as [`erase`].
pub async fn erase_waiting(
    core: &Core,
    may: May<ErasePerson>,
    once: Idempotency,
    id: PersonId,
) -> Result<Erased, ApiError> {
    put_away(core, may, once, id, Whom::WhoeverWaits).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Whom {
    Anybody,
    WhoeverWaits,
}

async fn put_away(
    core: &Core,
    may: May<ErasePerson>,
    once: Idempotency,
    id: PersonId,
    whom: Whom,
) -> Result<Erased, ApiError> {
    let inside = core.clone();
    let erased = core
        .db
        .write(move |tx| {
            let now = inside.clock.now();
            let asking = may.clone();
            once.run(tx, &asking, now, |tx| {
                requests::hold_about(tx, &[id])?;
                store::hold(tx, &[id])?;
                store::find(tx, &may, id)?;
                if whom == Whom::WhoeverWaits {
                    let refused = refused_from_list(consent::why_let_go(tx, id, now)?);
                    refused.map_or(Ok(()), |refused| Err(DbError::Refused(refused)))?;
                }
                let erased = store::erase_rows(tx, &inside, &may, id, now)?;
                let people = erased.len();
                inside.audit.append(tx, &may, |e| e.about_all(erased).on(id).detail("erased"))?;
                Ok(Erased { people })
            })
        })
        .await?;
    core.changes.wake();
    core.db.wipe();
    Ok(erased)
}
