//! The team of somebody restricted as a page shows it: by sign-in name, and changed by one colleague at a time.

use super::protect::TEAM;
use super::{reach, store};
use crate::auth::{AccountState, Core};
use crate::db::DbError;
use crate::kernel::{AccountId, ApiError, Invalid, PersonId, Wrong};
use crate::policy::{May, RestrictPerson, Role};

/// A colleague as a page names them.
#[derive(Clone)]
pub struct Colleague {
    pub account: AccountId,
    pub login: String,
    pub role: Role,
    /// Whether they can sign in: an account closed or not yet opened may still stand on a team.
    pub open: bool,
}

impl Colleague {
    fn of((account, login, role, state): store::NamedAccount) -> Result<Self, DbError> {
        let role = Role::parse(&role).ok_or(DbError::Broken("role"))?;
        let state = AccountState::parse(&state).ok_or(DbError::Broken("account state"))?;
        Ok(Self { account, login, role, open: state == AccountState::Active })
    }
}

/// Whether somebody exists for their team only, who is on it, and who else may be put on it. Of somebody not restricted the
/// team is whoever works with them now.
pub struct Team {
    pub reference: String,
    pub version: i64,
    pub restricted: bool,
    pub members: Vec<Colleague>,
    /// Open accounts of the society that are not on it.
    pub able: Vec<Colleague>,
}

/// The team, without opening anything of the person.
///
/// # Errors
/// Not found, or the service is unavailable.
pub async fn team_shown(core: &Core, may: &May<RestrictPerson>, id: PersonId) -> Result<Team, ApiError> {
    let asking = may.clone();
    let (row, members, able) = core
        .db
        .read(move |conn| {
            let row = store::find(conn, &asking, id)?;
            let members = store::team_named(conn, &asking, id)?;
            let able = store::colleagues_named(conn, &asking, row.society_id)?;
            Ok::<_, DbError>((row, members, able))
        })
        .await?;
    core.audit.look(may, |e| e.about(id).on(id).detail("team")).await?;
    let named = |all: Vec<store::NamedAccount>| {
        all.into_iter().map(Colleague::of).collect::<Result<Vec<_>, DbError>>()
    };
    let (members, mut able) = (named(members)?, named(able)?);
    able.retain(|one| members.iter().all(|member| member.account != one.account));
    Ok(Team { reference: row.reference, version: row.version, restricted: row.restricted, members, able })
}

/// One change of a team.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Change {
    PutOn(AccountId),
    TakeOff(AccountId),
}

/// Puts one colleague on the team of somebody restricted, or takes one off; the others stay, whatever became of their
/// accounts. Nobody takes themself off: whoever restricts stays to answer for it.
///
/// # Errors
/// Nobody is restricted here; the account is not active in the society, or the caller's own; the team is full; not
/// found; stale when somebody else was first.
pub async fn change_team(
    core: &Core,
    may: May<RestrictPerson>,
    id: PersonId,
    version: i64,
    change: Change,
) -> Result<(), ApiError> {
    let (row, key) = reach(core, &may, id).await?;
    if row.version != version {
        return Err(store::stale().into());
    }
    if !row.restricted {
        return Err(ApiError::Conflict("not_restricted", "the person is not restricted to a team"));
    }
    if matches!(change, Change::TakeOff(account) if Some(account) == may.account()) {
        return Err(ApiError::Conflict(
            "stays_on_team",
            "another protection officer must take you off the team",
        ));
    }
    let inside = core.clone();
    core.db
        .write(move |tx| {
            let now = inside.clock.now();
            let refused = |fault| DbError::Refused(Invalid::at("account", fault).into());
            let next = store::carry(&inside.vault, &key, &row).map_err(ApiError::from)?;
            let digest = store::rewrite(tx, &row, next, now)?;
            let (account, detail) = match change {
                Change::PutOn(account) => {
                    if store::colleagues(tx, row.society_id, &[account])?.is_empty() {
                        let problem = "is not an active account of this society";
                        return Err(refused(Wrong::Unknown.says(problem)));
                    }
                    store::assign(tx, id.uuid(), account, now)?;
                    if store::team(tx, id)?.len() > TEAM {
                        let problem = format!("is one too many; at most {TEAM} accounts are taken");
                        return Err(refused(Wrong::TooMany.says(problem).most(TEAM)));
                    }
                    (account, "put_on_team")
                }
                Change::TakeOff(account) => {
                    store::unassign(tx, id.uuid(), account)?;
                    (account, "taken_off_team")
                }
            };
            // Whoever fell to this officer because their guard was gone has one again.
            if let Some(own) = may.account() {
                store::assign(tx, id.uuid(), own, now)?;
            }
            inside
                .audit
                .append(tx, &may, |e| e.about(id).about(account).on(id).detail(detail).digest(digest))?;
            store::note_person_change(tx, &row, now)?;
            Ok::<_, DbError>(())
        })
        .await?;
    core.changes.wake();
    Ok(())
}
