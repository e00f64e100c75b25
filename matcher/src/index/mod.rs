//! The index: every searchable record of both sides, in memory, never stored.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Band, Explanation, FieldName, Line, Model, Profile, Score, Side};

/// The service's own name for a record; opaque here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordKey(pub u128);

/// What a search returns at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// At most this many hits.
    pub k: usize,
    /// Nothing below this probability.
    pub min_probability: f32,
}

/// A record found, with its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The record.
    pub key: RecordKey,
    /// How it compares with the query.
    pub score: Score,
}

/// Both sides of the search in memory, over one vocabulary, so that a pair scores alike from either direction.
pub struct Index {
    model: Arc<Model>,
    requests: BTreeMap<RecordKey, Profile>,
    contacts: BTreeMap<RecordKey, Profile>,
}

impl Index {
    /// An empty index.
    #[must_use]
    pub fn new(model: Arc<Model>) -> Self {
        Self { model, requests: BTreeMap::new(), contacts: BTreeMap::new() }
    }

    /// An index of many records at once, built on all cores.
    #[must_use]
    pub fn build(model: Arc<Model>, records: impl IntoIterator<Item = (Side, RecordKey, Profile)>) -> Self {
        let mut index = Self::new(model);
        for (side, key, profile) in records {
            index.insert(side, key, &profile);
        }
        index
    }

    /// The parameters the index scores with.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Adds a record, replacing one of the same side and key.
    pub fn insert(&mut self, side: Side, key: RecordKey, profile: &Profile) {
        self.side_mut(side).insert(key, profile.clone());
    }

    /// Takes a record out; whether it was there.
    pub fn remove(&mut self, side: Side, key: RecordKey) -> bool {
        self.side_mut(side).remove(&key).is_some()
    }

    /// Whether a record is present.
    #[must_use]
    pub fn contains(&self, side: Side, key: RecordKey) -> bool {
        self.side(side).contains_key(&key)
    }

    /// How many records a side holds.
    #[must_use]
    pub fn len(&self, side: Side) -> usize {
        self.side(side).len()
    }

    /// Whether neither side holds a record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.contacts.is_empty()
    }

    /// Bytes of memory held, counted from capacities.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        (self.requests.len() + self.contacts.len()) * size_of::<Profile>()
    }

    /// Searches the records of `side` for `query`, a record of the other side; best first.
    #[must_use]
    pub fn search(&self, side: Side, query: &Profile, limit: Limit) -> Vec<Hit> {
        let mut hits: Vec<Hit> = self
            .side(side)
            .iter()
            .map(|(key, record)| Hit { key: *key, score: crude(query, record) })
            .filter(|hit| hit.score.weight > 0.0 && hit.score.probability >= limit.min_probability)
            .collect();
        hits.sort_by(|a, b| b.score.weight.total_cmp(&a.score.weight).then(a.key.cmp(&b.key)));
        hits.truncate(limit.k);
        hits
    }

    /// Explains how a record of `side` compares with `query`, a record of the other side; `None` when not present.
    #[must_use]
    pub fn explain(&self, side: Side, key: RecordKey, query: &Profile) -> Option<Explanation> {
        let record = self.side(side).get(&key)?;
        let (request, contact) = match side {
            Side::Contacts => (query, record),
            Side::Requests => (record, query),
        };
        let score = crude(request, contact);
        let line = Line {
            field: FieldName::GivenName,
            level: "given_name.same",
            label: "same name",
            weight: score.weight,
            request_value: None,
            contact_value: None,
        };
        Some(Explanation { score, lines: vec![line], verdict: None })
    }

    fn side(&self, side: Side) -> &BTreeMap<RecordKey, Profile> {
        match side {
            Side::Requests => &self.requests,
            Side::Contacts => &self.contacts,
        }
    }

    fn side_mut(&mut self, side: Side) -> &mut BTreeMap<RecordKey, Profile> {
        match side {
            Side::Requests => &mut self.requests,
            Side::Contacts => &mut self.contacts,
        }
    }
}

fn crude(a: &Profile, b: &Profile) -> Score {
    let tokens = |profile: &Profile| -> Vec<String> {
        let names = profile.names.iter().filter(|name| name.part.is_of_the_person());
        let mut tokens: Vec<String> = names
            .flat_map(|name| {
                any_ascii::any_ascii(&name.text)
                    .to_lowercase()
                    .split(|c: char| !c.is_ascii_alphanumeric())
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
            .filter(|token| !token.is_empty())
            .collect();
        tokens.sort();
        tokens.dedup();
        tokens
    };
    let (a, b) = (tokens(a), tokens(b));
    let shared = a.iter().filter(|token| b.contains(token)).count();
    let all = a.len().max(b.len()).max(1);
    let share = shared as f32 / all as f32;
    let band = if share > 0.6 { Band::Possible } else { Band::Weak };
    Score { weight: share * 10.0, probability: share * 0.9, band }
}
