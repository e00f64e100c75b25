//! The match index of this node: both sides in memory, never stored, always catching up with what was committed.
//!
//! ```text
//! start:   every sealed profile that may be found ─ one audit leaf ─► opened on all cores ─► Index
//! commit ─► change feed ─► follow: open what changed ─► Index ─► pairs ─► candidates, withdrawals
//!                              (one leaf a batch names everybody)        (one leaf, one transaction)
//! ```
//! Candidates come of names and what goes with them. Where and when somebody was met counts for none of them: whoever
//! may set what the family remembers of it would find the place guess by guess (R-01).
//!
//! Every node follows the same feed, whose numbers are in order of commit, so each index converges. Pairs are written
//! by whichever node comes first; [`super::store`] keeps how far that has come, so that a killed node loses none.
//! A *sweep* compares every open request at once, beside them or while none runs.

mod follow;
mod load;
mod sweep;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use matcher::{Among, Folded, Hit, Index, Limit, List, Model, Profile, RecordKey, Side};

use super::model::{Met, Sought, may_pair};
use crate::kernel::{AccountId, ApiError, PersonId, SocietyId, Timestamp};

pub use load::start;
pub use sweep::{Looked, Opened, Sweep};

/// The index and what the rules need to know of everybody in it. Shared by all threads: searches read while changes
/// wait for a moment between them.
pub struct Engine {
    held: RwLock<Held>,
}

struct Held {
    index: Index,
    met: HashMap<PersonId, Met>,
    sought: HashMap<PersonId, Sought>,
    countries: HashMap<SocietyId, String>,
    /// The last change of the feed that the index shows.
    at: i64,
    /// Until when consents that ran out have been taken out.
    expired_until: Timestamp,
    /// Whether everybody is in it: before that, an empty answer would be a lie.
    loaded: bool,
}

/// Somebody found, and how well.
#[derive(Clone, Debug)]
pub struct Found {
    pub met: Met,
    pub score: matcher::Score,
}

/// How many hits are fetched for each one wanted, since some may not be shown to this society.
const SPARE: usize = 4;

impl Engine {
    /// An index of nobody, which answers no search before it is loaded.
    pub fn empty(now: Timestamp) -> Self {
        let held = Held {
            index: Index::new(Arc::new(Model::shipped())),
            met: HashMap::new(),
            sought: HashMap::new(),
            countries: HashMap::new(),
            at: 0,
            expired_until: now,
            loaded: false,
        };
        Self { held: RwLock::new(held) }
    }

    /// Whether everybody who may be found is in the index.
    pub fn is_loaded(&self) -> bool {
        self.read().loaded
    }

    fn read(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many people each side holds: sought, met.
    pub fn len(&self) -> (usize, usize) {
        let held = self.read();
        (held.index.len(Side::Requests), held.index.len(Side::Contacts))
    }

    /// Whether nobody is in the index.
    pub fn is_empty(&self) -> bool {
        self.len() == (0, 0)
    }

    /// The last change of the feed that a search here would see.
    pub fn at(&self) -> i64 {
        self.read().at
    }

    /// Whether somebody can be found here now.
    pub fn holds(&self, person: PersonId) -> bool {
        let held = self.read();
        held.met.contains_key(&person) || held.sought.contains_key(&person)
    }

    /// The version of the parameters that scores are made with.
    pub fn model_version(&self) -> String {
        self.read().index.model().version().to_owned()
    }

    /// People met who may be the one described, as far as this account of `society` may know of them; the likeliest
    /// first.
    ///
    /// # Errors
    /// The index is not loaded yet.
    pub fn search(
        &self,
        query: &Profile,
        (account, society): (AccountId, SocietyId),
        limit: Limit,
    ) -> Result<Vec<Found>, ApiError> {
        let held = self.read();
        if !held.loaded {
            return Err(ApiError::Unavailable);
        }
        let wide = Limit { k: limit.k.saturating_mul(SPARE), ..limit };
        let hits = held.index.search(Side::Contacts, query, wide);
        let found = hits.into_iter().filter_map(|hit| {
            let met = held.met.get(&person_of(hit))?;
            met.known_to(account, society).then(|| Found { met: met.clone(), score: hit.score })
        });
        Ok(found.take(limit.k).collect())
    }

    /// The people of one answer, each among the others: of several who fit alike, at most one is the one described. Nobody
    /// is raised: an answer leaves people out, and must not tell of them. Together different people come to no more than 1.
    pub fn among_rivals<'f>(&self, found: impl IntoIterator<Item = &'f Found>) -> Vec<Among> {
        let hit = |found: &Found| Hit { key: key_of(found.met.person), score: found.score };
        let hits: Vec<Hit> = found.into_iter().map(hit).collect();
        self.read().index.among_rivals(&hits, List::Part)
    }

    /// How a request's person and somebody met compare, line by line.
    pub fn compare(&self, request: &Profile, contact: &Profile) -> matcher::Explanation {
        self.read().index.compare(request, contact)
    }
}

impl Held {
    /// People met who may be `sought`; and whether the search saw everybody above the limit.
    fn met_like(&self, sought: &Sought, query: &Profile, limit: Limit) -> (Vec<Found>, bool) {
        let wide = Limit { k: limit.k.saturating_mul(SPARE), ..limit };
        let hits = self.index.search(Side::Contacts, query, wide);
        let complete = hits.len() < wide.k;
        let found = hits.into_iter().filter_map(|hit| {
            let met = self.met.get(&person_of(hit))?;
            may_pair(sought, met).then(|| Found { met: met.clone(), score: hit.score })
        });
        let found: Vec<_> = found.collect();
        let complete = complete && found.len() <= limit.k;
        (found.into_iter().take(limit.k).collect(), complete)
    }

    /// Sought persons whom somebody met may be; and whether the search saw everybody above the limit.
    fn sought_like(&self, met: &Met, query: &Profile, limit: Limit) -> (Vec<(Sought, matcher::Score)>, bool) {
        let wide = Limit { k: limit.k.saturating_mul(SPARE), ..limit };
        let hits = self.index.search(Side::Requests, query, wide);
        let complete = hits.len() < wide.k;
        let found = hits.into_iter().filter_map(|hit| {
            let sought = self.sought.get(&person_of(hit))?;
            may_pair(sought, met).then(|| (sought.clone(), hit.score))
        });
        (found.collect(), complete)
    }

    fn put_met(&mut self, met: Met, folded: &Folded) {
        self.index.insert_folded(Side::Contacts, key_of(met.person), folded);
        self.met.insert(met.person, met);
    }

    fn put_sought(&mut self, sought: Sought, folded: &Folded) {
        self.index.insert_folded(Side::Requests, key_of(sought.person), folded);
        self.sought.insert(sought.person, sought);
    }

    fn remove(&mut self, person: PersonId) {
        if self.met.remove(&person).is_some() {
            self.index.remove(Side::Contacts, key_of(person));
        }
        if self.sought.remove(&person).is_some() {
            self.index.remove(Side::Requests, key_of(person));
        }
    }
}

fn key_of(person: PersonId) -> RecordKey {
    RecordKey(person.uuid().as_u128())
}

fn person_of(hit: Hit) -> PersonId {
    PersonId::from_uuid(migrations::uuid::Uuid::from_u128(hit.key.0))
}
