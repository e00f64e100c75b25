//! Following: what was committed reaches the index, and the pairs it makes or ends reach the candidates.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use matcher::{Folded, Limit, Profile};

use super::load::{Slice, Who, open_all};
use super::{Engine, Held};
use crate::auth::Core;
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, PersonId};
use crate::matches::model::{Cause, Reason, may_pair};
use crate::matches::service;
use crate::matches::store::{self, OpenPair, Pair, Put};
use crate::matches::view::telling;
use crate::people::{self, IndexEntry};
use crate::policy::{FollowIndex, May, system};

/// Changes that one turn brings into the index at most.
pub(super) const FRESH: i64 = 1000;
/// Changes whose pairs one turn writes at most: a long backlog must not keep fresh changes waiting.
const BACKLOG: i64 = 200;
/// People put into the index before searches get their turn again.
const AT_ONCE: usize = 32;
/// Requests that one person met is compared with at most.
const REQUESTS: usize = 20;

/// What one turn read.
struct Turn {
    /// The index is to show the feed up to here.
    at: i64,
    /// More waits in the feed than one turn takes: whoever is missing from the index may well be in it.
    behind: bool,
    /// Pairs are to be written up to here.
    progress: i64,
    /// Whose place in the index may have changed.
    touched: Vec<PersonId>,
    /// Whose pairs are to be written.
    paired: HashSet<PersonId>,
    entries: Vec<IndexEntry>,
    slice: Slice,
}

/// What a look at one person's pairs came to.
pub(super) struct Look {
    person: PersonId,
    pairs: Vec<Pair>,
    /// Whether it saw everybody above the limit: then a pair it did not make is none any more.
    complete: bool,
}

/// What the candidates are to become.
#[derive(Default)]
pub(super) struct Findings {
    pairs: Vec<Pair>,
    ended: Vec<(OpenPair, Reason)>,
}

impl Engine {
    /// One turn: brings what was committed since the last one into the index and, once that shows everything, writes
    /// the pairs it makes or ends. Says how many changes it took; an error means that the same turn is to be tried again.
    ///
    /// # Errors
    /// The database or the audit log is away.
    pub async fn tick(self: &Arc<Self>, core: &Core) -> Result<usize, ApiError> {
        self.turn(core, BACKLOG).await
    }

    /// Brings everything committed so far into the index and ends the pairs that may stand no longer, but writes none
    /// that wait for their turn: a sweep compares those requests itself, and the service the others.
    ///
    /// # Errors
    /// As [`Engine::tick`].
    pub(super) async fn keep_up(self: &Arc<Self>, core: &Core) -> Result<(), ApiError> {
        while self.turn(core, 0).await? > 0 {}
        Ok(())
    }

    async fn turn(self: &Arc<Self>, core: &Core, pairing: i64) -> Result<usize, ApiError> {
        let may: May<FollowIndex> = system("match_index")?;
        let now = core.clock.now();
        let (at, since) = {
            let held = self.read();
            (held.at, held.expired_until)
        };
        let turn = core
            .db
            .read(move |conn| {
                let fresh = store::changes_after(conn, at, FRESH)?;
                let behind = fresh.len() as i64 >= FRESH;
                let done = store::progress(conn)?;
                // No pair is written before the index has caught up: whoever waits for theirs waits for their place too.
                let backlog = store::changes_after(conn, done, if behind { 0 } else { pairing })?;
                let expired = store::expired_between(conn, since, now)?;
                if fresh.is_empty() && backlog.is_empty() && expired.is_empty() {
                    return Ok::<_, DbError>(None);
                }
                let paired: HashSet<PersonId> = backlog.iter().map(|change| change.person).collect();
                let touched: BTreeSet<PersonId> = fresh.iter().map(|change| change.person).collect();
                let touched: Vec<PersonId> =
                    touched.into_iter().chain(paired.iter().copied()).chain(expired).collect();
                let touched: Vec<PersonId> =
                    touched.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
                let entries = people::profiles_of(conn, &touched, now)?;
                let slice = Slice::read(conn, &touched, now)?;
                Ok(Some(Turn {
                    at: fresh.last().map_or(at, |change| change.seq),
                    behind,
                    progress: backlog.last().map_or(done, |change| change.seq),
                    touched,
                    paired,
                    entries,
                    slice,
                }))
            })
            .await?;
        let Some(turn) = turn else { return Ok(0) };
        let count = turn.touched.len();
        self.learn_countries(core, &turn).await?;
        let profiles = self.bring_in(core, &may, &turn).await?;
        if turn.behind {
            let mut held = self.write();
            held.at = held.at.max(turn.at);
            return Ok(count);
        }
        let open = {
            let touched = turn.touched.clone();
            core.db.read(move |conn| store::open_pairs(conn, Some(&touched))).await?
        };
        let engine = self.clone();
        let limit = limit(core);
        let paired = turn.paired;
        let findings = tokio::task::spawn_blocking(move || {
            let held = engine.read();
            let looks = paired.iter().filter_map(|person| held.look(*person, profiles.get(person)?, limit));
            held.findings(looks, open)
        });
        let findings = findings.await.map_err(|_| ApiError::Unavailable)?;
        let written = self.write_down(core, may, findings, turn.at, turn.progress).await?;
        let mut held = self.write();
        held.at = held.at.max(turn.at);
        // Whom time alone took out stands in no feed: the next turn must meet them again.
        if written {
            held.expired_until = now;
        }
        Ok(count)
    }

    /// Ends every open candidate whose two sides are not both in the index: consent may have run out while no node
    /// was running. Says whether it could: not while somebody concerned has changed since.
    pub(super) async fn reconcile(self: &Arc<Self>, core: &Core) -> Result<bool, ApiError> {
        let may: May<FollowIndex> = system("match_index")?;
        let at = self.at();
        let open = core.db.read(|conn| store::open_pairs(conn, None)).await?;
        let findings = self.read().findings(std::iter::empty(), open);
        if findings.ended.is_empty() { Ok(true) } else { self.write_down(core, may, findings, at, 0).await }
    }

    /// A society founded since the start has a country to learn.
    async fn learn_countries(&self, core: &Core, turn: &Turn) -> Result<(), ApiError> {
        let unknown = {
            let held = self.read();
            turn.entries.iter().any(|entry| !held.countries.contains_key(&entry.society))
        };
        if unknown {
            let countries = core.db.read(store::countries).await?;
            self.write().countries = countries.into_iter().collect();
        }
        Ok(())
    }

    /// Puts everybody touched into the index as they stand now, or takes them out.
    async fn bring_in(
        &self,
        core: &Core,
        may: &May<FollowIndex>,
        turn: &Turn,
    ) -> Result<HashMap<PersonId, Profile>, ApiError> {
        let known: Vec<IndexEntry> = {
            let held = self.read();
            turn.entries
                .iter()
                .filter(|entry| turn.slice.who(entry, &held.countries).is_some())
                .cloned()
                .collect()
        };
        let mut profiles = HashMap::new();
        let mut opened = Vec::new();
        if !known.is_empty() {
            let subjects: Vec<PersonId> = known.iter().map(|entry| entry.person).collect();
            let receipt = core
                .audit
                .look(may, |e| e.about_all(subjects).opening(may.classes()).detail("index_followed"))
                .await?;
            let inside = core.clone();
            let opening = tokio::task::spawn_blocking(move || open_all(&inside, &receipt, known));
            opened = opening.await.map_err(|_| ApiError::Unavailable)?;
        }
        let folding = tokio::task::spawn_blocking(move || -> Vec<_> {
            opened.into_iter().map(|(entry, profile)| (entry, Folded::of(&profile), profile)).collect()
        });
        let folded = folding.await.map_err(|_| ApiError::Unavailable)?;
        let mut folded: HashMap<PersonId, _> = folded
            .into_iter()
            .map(|(entry, folded, profile)| (entry.person, (entry, folded, profile)))
            .collect();
        for few in turn.touched.chunks(AT_ONCE) {
            let mut held = self.write();
            for person in few {
                held.remove(*person);
                let Some((entry, folded, profile)) = folded.remove(person) else { continue };
                match turn.slice.who(&entry, &held.countries) {
                    Some(Who::Met(met)) => held.put_met(met, &folded),
                    Some(Who::Sought(sought)) => held.put_sought(sought, &folded),
                    None => continue,
                }
                // Where and when somebody was met may not be found out guess by guess, not even by whether a pair is
                // there, comes back or stands before another: it does not count.
                profiles.insert(*person, telling(profile, false));
            }
        }
        Ok(profiles)
    }

    /// Writes what the index found when it showed the feed up to `at`. Nothing is written, and the answer is no, when
    /// somebody concerned has changed since: another node may know them already, and what it wrote must stand.
    async fn write_down(
        &self,
        core: &Core,
        may: May<FollowIndex>,
        findings: Findings,
        at: i64,
        progress: i64,
    ) -> Result<bool, ApiError> {
        let model = self.model_version();
        let here = core.clone();
        core.db
            .write(move |tx| {
                let newer = store::changes_after(tx, at, FRESH)?;
                if newer.len() as i64 >= FRESH || findings.concern(newer.into_iter().map(|c| c.person)) {
                    return Ok(false);
                }
                findings.put_down(tx, &here, &may, &model)?;
                store::set_progress(tx, progress)?;
                Ok::<_, DbError>(true)
            })
            .await
    }
}

/// How many pairs of a person are kept, and from what probability.
pub(super) fn limit(core: &Core) -> Limit {
    let matching = &core.config.matching;
    Limit { k: matching.candidates, min_probability: matching.least_probability }
}

impl Findings {
    /// Whether anybody of these is part of what was found.
    pub(super) fn concern(&self, people: impl Iterator<Item = PersonId>) -> bool {
        let people: HashSet<PersonId> = people.collect();
        let made = self.pairs.iter().flat_map(|pair| [pair.sought.person, pair.met.person]);
        let ended = self.ended.iter().flat_map(|(pair, _)| [pair.sought_person, pair.found]);
        !people.is_empty() && made.chain(ended).any(|person| people.contains(&person))
    }

    /// Writes candidates and their ends, and the leaf that says whom they are about when there are any. Says how many
    /// candidates were not there before.
    ///
    /// # Errors
    /// The database's.
    pub(super) fn put_down(
        &self,
        tx: &mut Conn,
        core: &Core,
        may: &May<FollowIndex>,
        model: &str,
    ) -> Result<u64, DbError> {
        let open: Vec<_> = self.ended.iter().map(|(pair, _)| pair.id).collect();
        store::hold_requests(tx, &open)?;
        let mut about = BTreeSet::new();
        let mut made = 0;
        for pair in &self.pairs {
            if store::put(tx, core, pair, model)? == Put::Fresh {
                about.extend([pair.sought.person, pair.met.person]);
                made += 1;
            }
        }
        // All of them first: whoever decides about a pair holds its row before the head of the log, and what follows
        // takes that head.
        let mut withdrawn = Vec::new();
        for (pair, reason) in &self.ended {
            if let Some(row) = store::withdraw(tx, core, pair.id, *reason)? {
                about.extend([pair.sought_person, pair.found]);
                withdrawn.push(row);
            }
        }
        for row in &withdrawn {
            service::after_withdrawal(tx, core, may, row)?;
        }
        let count = made + withdrawn.len() as u64;
        if count > 0 {
            core.audit.append(tx, may, |e| e.about_all(about).counting(count).detail("candidates"))?;
        }
        Ok(made)
    }
}

impl Held {
    /// The pairs that somebody in the index makes.
    pub(super) fn look(&self, person: PersonId, profile: &Profile, limit: Limit) -> Option<Look> {
        if let Some(sought) = self.sought.get(&person) {
            let (found, complete) = self.met_like(sought, profile, limit);
            let pairs = found.into_iter().map(|found| Pair {
                sought: sought.clone(),
                met: found.met,
                score: found.score,
                cause: Cause::Request,
            });
            return Some(Look { person, pairs: pairs.collect(), complete });
        }
        let met = self.met.get(&person)?;
        let (found, complete) = self.sought_like(met, profile, Limit { k: REQUESTS, ..limit });
        let pairs = found.into_iter().map(|(sought, score)| Pair {
            sought,
            met: met.clone(),
            score,
            cause: Cause::Contact,
        });
        Some(Look { person, pairs: pairs.collect(), complete })
    }

    /// The pairs that were seen, and the open candidates that may stand no longer.
    pub(super) fn findings(&self, looks: impl Iterator<Item = Look>, open: Vec<OpenPair>) -> Findings {
        let mut findings = Findings::default();
        let mut seen_whole = HashSet::new();
        for look in looks {
            findings.pairs.extend(look.pairs);
            if look.complete {
                seen_whole.insert(look.person);
            }
        }
        let made: HashSet<(PersonId, PersonId)> =
            findings.pairs.iter().map(|pair| (pair.sought.person, pair.met.person)).collect();
        for pair in open {
            let reason = match (self.sought.get(&pair.sought_person), self.met.get(&pair.found)) {
                (None, _) => Some(Reason::NotSearched),
                (_, None) => Some(Reason::NotAvailable),
                (Some(sought), Some(met)) if !may_pair(sought, met) => Some(Reason::NotAvailable),
                _ => {
                    let looked = seen_whole.contains(&pair.sought_person) || seen_whole.contains(&pair.found);
                    let unlike = looked && !made.contains(&(pair.sought_person, pair.found));
                    (pair.is_new && unlike).then_some(Reason::EvidenceChanged)
                }
            };
            findings.ended.extend(reason.map(|reason| (pair, reason)));
        }
        findings
    }
}
