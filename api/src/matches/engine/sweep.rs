//! A sweep: every open request compared with everybody in the index, in batches, each one transaction together with how
//! far the sweep has come. It writes what the running service would write, through the same rules, and may run beside it.
//!
//! ```text
//! requests in order ─► a batch opened (one leaf) ─► linked on all cores ─► one transaction { sweep moved on, pairs, leaf }
//!        ▲                                                                        │ somebody changed meanwhile
//!        └────────── index catches up ◄───────────────── nothing written ◄────────┘
//! ```
//! Where it stands is a row in the database. The same command goes on there after a kill, under the same model and
//! limits; once it has ended, it does nothing again until the feed has moved. Requests behind it that change, and contacts
//! that come, are the service's: they are in the feed.

use std::sync::Arc;

use matcher::Profile;

use super::Engine;
use super::follow::{FRESH, Findings, limit};
use super::load::open_all;
use crate::auth::Core;
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, PersonId, Timestamp};
use crate::matches::store::{self, MatchRun};
use crate::matches::view::telling;
use crate::people::{self, IndexEntry, PersonKind};
use crate::policy::{FollowIndex, May, system};

/// Sought persons in one batch at most: a transaction of a second or so, during which others wait to write.
const BATCH: usize = 100;
/// What a refused batch says when somebody in it has changed since the index saw them.
const BEHIND: &str = "index_behind";

/// A sweep under way.
pub struct Sweep {
    core: Core,
    engine: Arc<Engine>,
    run: MatchRun,
}

/// What there is to do.
pub enum Opened {
    /// The last sweep saw everything there is.
    Before(MatchRun),
    Now(Sweep),
}

/// A batch that was compared, and not written down yet.
pub struct Looked {
    findings: Findings,
    next: MatchRun,
    /// What the index showed: the feed up to here, consents as of then.
    at: i64,
    as_of: Timestamp,
}

impl Sweep {
    /// Begins a sweep, or goes on with one that was killed; loads the index. With `again`, everything is compared even
    /// if nothing has changed since.
    ///
    /// # Errors
    /// The database or the audit log is away.
    pub async fn open(core: &Core, again: bool) -> Result<Opened, ApiError> {
        let may: May<FollowIndex> = system("match_all")?;
        let engine = Arc::new(Engine::empty(core.clock.now()));
        let limit = limit(core);
        let basis = format!("{} {} {}", engine.model_version(), limit.k, limit.min_probability);
        let (newest, head) =
            core.db.read(|conn| Ok::<_, DbError>((store::newest_run(conn)?, store::head(conn)?))).await?;
        let run = match newest {
            Some(run) if run.basis == basis && !run.finished => run,
            Some(run) if run.basis == basis && run.feed == head && !again => return Ok(Opened::Before(run)),
            _ => {
                let here = core.clone();
                core.db
                    .write(move |tx| {
                        let run = store::begin_run(tx, &may, &here, basis, head)?;
                        here.audit.append(tx, &may, |e| e.on(run.id).detail("match_begun"))?;
                        Ok::<_, DbError>(run)
                    })
                    .await?
            }
        };
        engine.fill(core).await?;
        Ok(Opened::Now(Self { core: core.clone(), engine, run }))
    }

    /// How far it has come.
    pub fn run(&self) -> &MatchRun {
        &self.run
    }

    /// Sought persons there are to compare, and people met to compare them with.
    pub fn size(&self) -> (usize, usize) {
        self.engine.len()
    }

    /// Compares the next batch and writes it down; says whether more is to come. An error means that nothing of the
    /// batch was written, and that it may be tried again.
    ///
    /// # Errors
    /// The database or the audit log is away; another process does the same sweep.
    pub async fn step(&mut self) -> Result<bool, ApiError> {
        loop {
            let looked = self.look().await?;
            if self.write(looked).await? {
                return Ok(!self.run.finished);
            }
        }
    }

    /// Compares the next batch with everybody, as the index stands once it has caught up.
    ///
    /// # Errors
    /// The database or the audit log is away.
    pub async fn look(&self) -> Result<Looked, ApiError> {
        let may: May<FollowIndex> = system("match_all")?;
        self.engine.keep_up(&self.core).await?;
        let (at, as_of) = {
            let held = self.engine.read();
            (held.at, held.expired_until)
        };
        let (after, now) = (self.run.after, self.core.clock.now());
        let page = self
            .core
            .db
            .read(move |conn| people::profiles_for_index(conn, PersonKind::Sought, after, BATCH, now))
            .await?;
        let last = page.next.or_else(|| page.entries.last().map(|entry| entry.person)).or(after);
        let entries: Vec<IndexEntry> = {
            let held = self.engine.read();
            page.entries.into_iter().filter(|entry| held.sought.contains_key(&entry.person)).collect()
        };
        let persons: Vec<PersonId> = entries.iter().map(|entry| entry.person).collect();
        let next = MatchRun {
            after: last,
            steps: self.run.steps + 1,
            looked: self.run.looked + persons.len() as u64,
            finished: page.next.is_none(),
            ..self.run.clone()
        };
        let profiles = self.open_profiles(&may, entries).await?;
        let open = self.core.db.read(move |conn| store::open_pairs(conn, Some(&persons))).await?;
        let (engine, limit) = (self.engine.clone(), limit(&self.core));
        let findings = tokio::task::spawn_blocking(move || {
            let held = engine.read();
            let look = |(person, profile): &(PersonId, Profile)| held.look(*person, profile, limit);
            let looks = held.index.link(profiles, |(_, profile)| profile, |_, query| look(query));
            held.findings(looks.filter_map(|(_, look)| look), open)
        });
        let findings = findings.await.map_err(|_| ApiError::Unavailable)?;
        Ok(Looked { findings, next, at, as_of })
    }

    async fn open_profiles(
        &self,
        may: &May<FollowIndex>,
        entries: Vec<IndexEntry>,
    ) -> Result<Vec<(PersonId, Profile)>, ApiError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let subjects: Vec<PersonId> = entries.iter().map(|entry| entry.person).collect();
        let event = |e: crate::audit::Event| {
            e.on(self.run.id).about_all(subjects).opening(may.classes()).detail("match_all")
        };
        let receipt = self.core.audit.look(may, event).await?;
        let core = self.core.clone();
        let opening = tokio::task::spawn_blocking(move || open_all(&core, &receipt, entries));
        let opened = opening.await.map_err(|_| ApiError::Unavailable)?;
        // Where and when somebody was met counts for no candidate, here as when the service follows.
        Ok(opened.into_iter().map(|(entry, profile)| (entry.person, telling(profile, false))).collect())
    }

    /// Writes a batch down, if everybody in it still is as the index saw them. When somebody is not, nothing is written:
    /// the batch is to be looked at again, or a pair that was ended a moment ago would come back.
    ///
    /// # Errors
    /// The database or the audit log is away; another process does the same sweep.
    pub async fn write(&mut self, looked: Looked) -> Result<bool, ApiError> {
        let may: May<FollowIndex> = system("match_all")?;
        let (core, held, model) = (self.core.clone(), self.run.clone(), self.engine.model_version());
        let written = self
            .core
            .db
            .write(move |tx| {
                let Looked { findings, next, at, as_of } = looked;
                // First, so that a second sweep waits here and then writes nothing.
                if !store::advance_run(tx, &may, &core, &held, &next)? {
                    let other = "another process is comparing every request; nothing was written twice";
                    return Err(DbError::Refused(ApiError::Conflict("match_running", other)));
                }
                let made = held.made + findings.put_down(tx, &core, &may, &model)?;
                store::count_made(tx, &may, next.id, made)?;
                let detail = if next.finished { "match_finished" } else { "match_batch" };
                core.audit.append(tx, &may, |e| e.on(next.id).counting(made).detail(detail))?;
                // After a leaf: whoever holds the head of the log sees every change there is, and nobody makes another.
                if is_behind(tx, &findings, (at, as_of), core.clock.now())? {
                    return Err(DbError::Refused(ApiError::Conflict(
                        BEHIND,
                        "somebody has changed meanwhile",
                    )));
                }
                Ok(MatchRun { made, ..next })
            })
            .await;
        match written {
            Ok(run) => self.run = run,
            Err(ApiError::Conflict(BEHIND, _)) => return Ok(false),
            Err(error) => return Err(error),
        }
        Ok(true)
    }
}

/// Whether somebody concerned is not as the index saw them: changed in the feed, or by a consent that ran out.
fn is_behind(
    tx: &mut Conn,
    findings: &Findings,
    (at, as_of): (i64, Timestamp),
    now: Timestamp,
) -> Result<bool, DbError> {
    let newer = store::changes_after(tx, at, FRESH)?;
    if newer.len() as i64 >= FRESH {
        return Ok(true);
    }
    let expired = store::expired_between(tx, as_of, now)?;
    Ok(findings.concern(newer.into_iter().map(|change| change.person).chain(expired)))
}
