//! Many queries at once: on all cores, answered in the order asked, in memory that does not grow with their number.

use rayon::prelude::*;

use super::Index;

/// Queries held at a time, with their answers: enough to keep many cores busy, few enough to be forgotten.
const STRETCH: usize = 256;

impl Index {
    /// Puts every query to the index, on all cores, and gives each with its answer, in the order of the queries.
    ///
    /// Queries are taken and answers held a stretch at a time, and only as the result is read. `search` says what is
    /// asked of the index, usually [`Index::search`], so that a caller can time it or ask either side. A query carries
    /// whatever its answer is to be known by.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use matcher::{Index, Limit, Model, Name, NamePart, Profile, RecordKey, Side};
    /// let named = |name: &str| Profile { names: vec![Name::new(NamePart::Full, name)], ..Profile::default() };
    /// let mut index = Index::new(Arc::new(Model::shipped()));
    /// index.insert(Side::Contacts, RecordKey(7), &named("Amina Warsame"));
    /// let ten = Limit { k: 10, min_probability: 0.0 };
    /// let requests = [("R1", named("Aamina Warsame")), ("R2", named("Olena Kovalenko"))];
    /// let found: Vec<_> = index
    ///     .link(requests, |index, (_, profile)| index.search(Side::Contacts, profile, ten))
    ///     .map(|((request, _), hits)| (request, hits.len()))
    ///     .collect();
    /// assert_eq!(found, [("R1", 1), ("R2", 0)]);
    /// ```
    pub fn link<T: Send, R: Send>(
        &self,
        queries: impl IntoIterator<Item = T>,
        search: impl Fn(&Self, &T) -> R + Sync,
    ) -> impl Iterator<Item = (T, R)> {
        let mut queries = queries.into_iter();
        let mut answered = Vec::new().into_iter();
        std::iter::from_fn(move || {
            if answered.len() == 0 {
                let stretch: Vec<T> = queries.by_ref().take(STRETCH).collect();
                // One by one: a query of common names takes many times as long as one of rare names.
                let answers = stretch.into_par_iter().with_max_len(1).map(|query| {
                    let answer = search(self, &query);
                    (query, answer)
                });
                answered = answers.collect::<Vec<_>>().into_iter();
            }
            answered.next()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::{Limit, Model, Name, NamePart, Profile, RecordKey, Side};

    fn named(name: &str) -> Profile {
        Profile { names: vec![Name::new(NamePart::Full, name)], ..Profile::default() }
    }

    #[test]
    fn answers_come_in_the_order_of_the_queries_and_are_those_of_a_search() {
        const NAMES: [&str; 5] =
            ["Amina Warsame", "محمد الحسن", "Olena Kovalenko", "Ali Ali", "Jean Baptiste"];
        let records = NAMES.iter().zip(1u128..);
        let records = records.map(|(name, key)| (Side::Contacts, RecordKey(key), named(name)));
        let index = Index::build(Arc::new(Model::shipped()), records);
        let limit = Limit { k: 3, min_probability: 0.0 };
        let queries: Vec<(usize, Profile)> =
            (0..3 * STRETCH + 1).map(|at| (at, named(NAMES[at % NAMES.len()]))).collect();
        let linked: Vec<_> = index
            .link(queries.clone(), |index, (_, profile)| index.search(Side::Contacts, profile, limit))
            .collect();
        assert_eq!(linked.len(), queries.len());
        for ((at, profile), ((answered, _), hits)) in queries.iter().zip(&linked) {
            assert_eq!(at, answered);
            assert_eq!(*hits, index.search(Side::Contacts, profile, limit));
            assert_eq!(hits[0].key, RecordKey((at % NAMES.len()) as u128 + 1));
        }
    }

    #[test]
    fn queries_are_taken_only_as_answers_are_read() {
        let index = Index::new(Arc::new(Model::shipped()));
        let taken = AtomicUsize::new(0);
        let endless = std::iter::repeat_with(|| taken.fetch_add(1, Ordering::Relaxed));
        let mut linked = index.link(endless, |_, at| *at);
        assert_eq!(linked.nth(2 * STRETCH), Some((2 * STRETCH, 2 * STRETCH)));
        assert_eq!(taken.load(Ordering::Relaxed), 3 * STRETCH);
    }
}
