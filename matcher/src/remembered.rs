//! What was worked out for a word before, with the state of things it holds for: for as many words as fit. Filled by
//! searches, so behind locks.

use std::sync::{PoisonError, RwLock};

use hashbrown::HashMap;

use crate::vocabulary::WordId;

const SHARDS: usize = 16;

type Shard<T> = RwLock<HashMap<WordId, (usize, T)>>;

/// Values by word, each with the state it was worked out in.
pub(crate) struct Remembered<T> {
    shards: Vec<Shard<T>>,
    /// Words a shard remembers; a full shard starts anew.
    per_shard: usize,
}

impl<T: Clone> Remembered<T> {
    /// For about so many words.
    pub(crate) fn for_words(words: usize) -> Self {
        Self { shards: (0..SHARDS).map(|_| RwLock::default()).collect(), per_shard: words / SHARDS }
    }

    fn shard(&self, id: WordId) -> Option<&Shard<T>> {
        self.shards.get(id.0 as usize % SHARDS)
    }

    /// What is remembered of a word, and the state it holds for.
    pub(crate) fn get(&self, id: WordId) -> Option<(usize, T)> {
        let shard = self.shard(id)?.read().unwrap_or_else(PoisonError::into_inner);
        shard.get(&id).cloned()
    }

    pub(crate) fn put(&self, id: WordId, state: usize, value: T) {
        if let Some(shard) = self.shard(id) {
            let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
            if shard.len() >= self.per_shard {
                shard.clear();
            }
            shard.insert(id, (state, value));
        }
    }

    /// Bytes held, from capacities; `beside` tells what a value holds elsewhere.
    pub(crate) fn memory_bytes(&self, beside: impl Fn(&T) -> usize) -> usize {
        let bytes = |shard: &Shard<T>| {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            let elsewhere: usize = shard.values().map(|(_, value)| beside(value)).sum();
            elsewhere + shard.capacity() * (size_of::<(WordId, (usize, T))>() + 1)
        };
        self.shards.iter().map(bytes).sum()
    }
}
