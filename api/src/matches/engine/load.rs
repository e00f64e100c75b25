//! Filling the index at the start, from sealed profiles, under one audit leaf that says how many.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use matcher::{Index, Model, Profile, RecordKey, Side};

use super::{Engine, Held, key_of};
use crate::auth::Core;
use crate::consent::{self, ConsentKind};
use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, ApiError, PersonId, SocietyId, Timestamp};
use crate::matches::model::{Met, Sought};
use crate::matches::store;
use crate::people::{self, IndexEntry, PersonKind};
use crate::policy::{FollowIndex, May, system};
use crate::requests::Recipient;
use crate::vault::Receipt;

/// Rows in one stretch.
const STRETCH: usize = 1000;

/// Loads the index and starts to follow the feed. When the database or the audit log is away, the service starts all
/// the same and loading is tried again until it works: until then searches are refused. The task ends when the last
/// handle to the engine is gone.
pub async fn start(core: &Core) -> Arc<Engine> {
    let engine = Arc::new(Engine::empty(core.clock.now()));
    if let Err(error) = engine.fill(core).await {
        tracing::warn!(code = error.code(), "the match index waits to load");
    }
    tokio::spawn(follow(Arc::downgrade(&engine), core.clone()));
    engine
}

async fn follow(engine: std::sync::Weak<Engine>, core: Core) {
    let pause = Duration::from_millis(core.config.matching.follow_millis.max(10));
    loop {
        {
            let Some(engine) = engine.upgrade() else { return };
            let turn = if engine.is_loaded() { engine.tick(&core).await } else { engine.fill(&core).await };
            match turn {
                Ok(0) => {}
                Ok(_) => continue,
                // Nothing was skipped: the same changes are asked for again.
                Err(error) => tracing::warn!(code = error.code(), "the match index waits"),
            }
        }
        tokio::select! {
            () = core.changes.woken() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

impl Engine {
    /// Loads everybody who may be found and catches up with what was committed meanwhile; says how many.
    pub(super) async fn fill(self: &Arc<Self>, core: &Core) -> Result<usize, ApiError> {
        self.load(core).await?;
        self.catch_up(core).await?;
        let (sought, met) = self.len();
        Ok(sought + met)
    }

    /// Reads the register, stretch by stretch. Whoever is recorded while it is read may be missing, so no search is
    /// answered and no pair judged before the index has caught up.
    ///
    /// # Errors
    /// The database or the audit log is away.
    pub async fn load(&self, core: &Core) -> Result<(), ApiError> {
        let inside = core.clone();
        let loaded = tokio::task::spawn_blocking(move || load(&inside)).await;
        *self.write() = loaded.map_err(|_| ApiError::Unavailable)??;
        Ok(())
    }

    /// Follows the feed to where it ended a moment ago, ends what no longer stands, and only then answers searches.
    ///
    /// # Errors
    /// As [`Engine::tick`].
    pub async fn catch_up(self: &Arc<Self>, core: &Core) -> Result<(), ApiError> {
        let head = core.db.read(store::head).await?;
        while self.at() < head && self.tick(core).await? > 0 {}
        while !self.reconcile(core).await? {
            self.tick(core).await?;
        }
        self.write().loaded = true;
        Ok(())
    }
}

fn load(core: &Core) -> Result<Held, ApiError> {
    let began = Instant::now();
    let may: May<FollowIndex> = system("match_index")?;
    let now = core.clock.now();
    // Read first: whatever is committed while loading is followed afterwards.
    let at = core.db.read_here(store::head)?;
    let count = core.db.read_here(store::count_people)?;
    let receipt = core.audit.load_index(&may, count)?;
    let countries = core.db.read_here(store::countries)?.into_iter().collect();
    let mut register = Register {
        core,
        receipt,
        now,
        countries,
        kinds: vec![PersonKind::Sought, PersonKind::Contact],
        after: None,
        ready: VecDeque::new(),
        met: HashMap::new(),
        sought: HashMap::new(),
        failed: None,
    };
    let index = Index::build(Arc::new(Model::shipped()), std::iter::from_fn(|| register.next()));
    if let Some(error) = register.failed {
        return Err(error);
    }
    let Register { met, sought, countries, .. } = register;
    let (persons, took_ms) = (met.len() + sought.len(), began.elapsed().as_millis() as u64);
    tracing::info!(persons, took_ms, "the match index is loaded");
    Ok(Held { index, met, sought, countries, at, expired_until: now, loaded: false })
}

/// The register, read stretch by stretch and opened on all cores, so that memory never holds two copies of it.
struct Register<'a> {
    core: &'a Core,
    receipt: Receipt,
    now: Timestamp,
    countries: HashMap<SocietyId, String>,
    /// What is still to be read, the next one last.
    kinds: Vec<PersonKind>,
    after: Option<PersonId>,
    ready: VecDeque<(Side, RecordKey, Profile)>,
    met: HashMap<PersonId, Met>,
    sought: HashMap<PersonId, Sought>,
    failed: Option<ApiError>,
}

impl Register<'_> {
    fn next(&mut self) -> Option<(Side, RecordKey, Profile)> {
        while self.ready.is_empty() {
            let kind = *self.kinds.last()?;
            if let Err(error) = self.stretch(kind) {
                self.failed = Some(error);
                return None;
            }
        }
        self.ready.pop_front()
    }

    fn stretch(&mut self, kind: PersonKind) -> Result<(), ApiError> {
        let (after, now) = (self.after, self.now);
        let (entries, next, slice) = self.core.db.read_here(|conn| {
            let page = people::profiles_for_index(conn, kind, after, STRETCH, now)?;
            let ids: Vec<PersonId> = page.entries.iter().map(|entry| entry.person).collect();
            let slice = Slice::read(conn, &ids, now)?;
            Ok::<_, DbError>((page.entries, page.next, slice))
        })?;
        self.after = next;
        if next.is_none() {
            self.kinds.pop();
        }
        for (entry, profile) in open_all(self.core, &self.receipt, entries) {
            match slice.who(&entry, &self.countries) {
                Some(Who::Met(met)) => {
                    self.ready.push_back((Side::Contacts, key_of(met.person), profile));
                    self.met.insert(met.person, met);
                }
                Some(Who::Sought(sought)) => {
                    self.ready.push_back((Side::Requests, key_of(sought.person), profile));
                    self.sought.insert(sought.person, sought);
                }
                None => {}
            }
        }
        Ok(())
    }
}

/// What the rules need to know of some people, beside their profiles.
pub(super) struct Slice {
    sought: HashMap<PersonId, Sought>,
    shared: HashSet<PersonId>,
    /// Of everybody restricted.
    teams: HashMap<PersonId, Vec<AccountId>>,
}

/// Which side somebody stands on.
pub(super) enum Who {
    Met(Met),
    Sought(Sought),
}

impl Slice {
    pub(super) fn read(conn: &mut Conn, ids: &[PersonId], now: Timestamp) -> Result<Self, DbError> {
        let sought = store::sought_among(conn, ids, now)?.into_iter().map(|one| (one.person, one)).collect();
        let shared = consent::agreed(conn, ConsentKind::ShareWithinNetwork, ids, now)?.into_iter().collect();
        let mut teams: HashMap<PersonId, Vec<AccountId>> = HashMap::new();
        for (person, account) in store::teams(conn, ids)? {
            teams.entry(person).or_default().push(account);
        }
        Ok(Self { sought, shared, teams })
    }

    /// `None` for a sought person whose request is not searched.
    pub(super) fn who(&self, entry: &IndexEntry, countries: &HashMap<SocietyId, String>) -> Option<Who> {
        match entry.kind {
            PersonKind::Contact => Some(Who::Met(Met {
                person: entry.person,
                home: Recipient {
                    society: entry.society,
                    country: countries.get(&entry.society).cloned().unwrap_or_default(),
                },
                version: entry.profile_version,
                shared: self.shared.contains(&entry.person),
                team: entry.restricted.then(|| self.teams.get(&entry.person).cloned().unwrap_or_default()),
            })),
            PersonKind::Sought => {
                let sought = self.sought.get(&entry.person)?.clone();
                Some(Who::Sought(Sought { version: entry.profile_version, ..sought }))
            }
            PersonKind::Enquirer => None,
        }
    }
}

/// Opens profiles on all cores. One that does not open is left out and told to the log: the others must be found.
pub(super) fn open_all(
    core: &Core,
    receipt: &Receipt,
    entries: Vec<IndexEntry>,
) -> Vec<(IndexEntry, Profile)> {
    const WORTH_A_THREAD: usize = 64;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = entries.len().div_ceil(threads).max(WORTH_A_THREAD);
    let open = |part: &[IndexEntry]| -> Vec<(IndexEntry, Profile)> {
        let opened =
            part.iter().filter_map(|entry| match people::open_profile(&core.vault, receipt, entry) {
                Ok(profile) => Some((entry.clone(), profile)),
                Err(error) => {
                    tracing::error!(person = %entry.person, %error, "a match profile does not open");
                    None
                }
            });
        opened.filter(|(_, profile)| profile.is_searchable()).collect()
    };
    std::thread::scope(|scope| {
        let parts: Vec<_> = entries.chunks(share).map(|part| scope.spawn(|| open(part))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
    })
}
