//! Many queries at once: on all cores, answered in the order asked, in memory that does not grow with their number.

use rayon::prelude::*;

use super::Index;
use crate::Profile;
use crate::person;

/// Queries answered at a time: enough that many of them read the same part of the index, few enough to be forgotten.
const STRETCH: usize = 16_384;

impl Index {
    /// Puts every query to the index, on all cores, and gives each with its answer, in the order of the queries.
    ///
    /// Queries are answered 16,384 at a time, and only as the result is read; meanwhile the next 16,384 are taken. `whom`
    /// says who is sought by a query: people of one region, sex and age are searched for one after another, since the
    /// index keeps such people side by side. `search` says what is asked of the index, usually [`Index::search`], so that
    /// a caller can time it or ask either side. A query carries whatever its answer is to be known by.
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
    ///     .link(requests, |(_, profile)| profile, |index, (_, profile)| index.search(Side::Contacts, profile, ten))
    ///     .map(|((request, _), hits)| (request, hits.len()))
    ///     .collect();
    /// assert_eq!(found, [("R1", 1), ("R2", 0)]);
    /// ```
    pub fn link<T: Send, R: Send>(
        &self,
        queries: impl IntoIterator<Item = T>,
        whom: impl Fn(&T) -> &Profile + Sync,
        search: impl Fn(&Self, &T) -> R + Sync,
    ) -> impl Iterator<Item = (T, R)> {
        let mut queries = queries.into_iter().fuse();
        let mut take = move || -> Vec<T> { queries.by_ref().take(STRETCH).collect() };
        let mut taken: Option<Vec<T>> = None;
        let mut answered = Vec::new().into_iter();
        std::iter::from_fn(move || {
            if answered.len() == 0 {
                let stretch = taken.take().unwrap_or_else(&mut take);
                let mut answers = Vec::new();
                rayon::in_place_scope(|scope| {
                    scope.spawn(|_| answers = self.answer(stretch, &whom, &search));
                    taken = Some(take());
                });
                answered = answers.into_iter();
            }
            answered.next()
        })
    }

    /// Every query with its answer, in the order of the queries.
    fn answer<T: Send, R: Send>(
        &self,
        queries: Vec<T>,
        whom: &(impl Fn(&T) -> &Profile + Sync),
        search: &(impl Fn(&Self, &T) -> R + Sync),
    ) -> Vec<(T, R)> {
        let order = |(at, query): (usize, T)| (neighbourhood(whom(&query)), at, query);
        let mut stretch: Vec<_> = queries.into_par_iter().enumerate().map(order).collect();
        stretch.sort_unstable_by(|(a, at, _), (b, other_at, _)| a.cmp(b).then(at.cmp(other_at)));
        // One by one: a query of common names takes many times as long as one of rare names.
        let answers = stretch.into_par_iter().with_max_len(1).map(|(_, at, query)| {
            let answer = search(self, &query);
            (at, (query, answer))
        });
        let mut answers: Vec<_> = answers.collect();
        answers.sort_unstable_by_key(|(at, _)| *at);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }
}

/// What the order of the index goes by: region, years of birth, and sex, by which common names are told apart.
fn neighbourhood(profile: &Profile) -> impl Ord + Send + use<> {
    let facts = person::facts(profile);
    (facts.region.number(), facts.born.map(|born| born.years()), facts.sex.map(|sex| sex as u8))
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
            .link(
                queries.clone(),
                |(_, profile)| profile,
                |index, (_, profile)| index.search(Side::Contacts, profile, limit),
            )
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
        let endless = std::iter::repeat_with(|| (taken.fetch_add(1, Ordering::Relaxed), Profile::default()));
        let mut linked = index.link(endless, |(_, profile)| profile, |_, (at, _)| *at);
        let ((query, _), answer) = linked.nth(2 * STRETCH).unwrap();
        assert_eq!((query, answer), (2 * STRETCH, 2 * STRETCH));
        assert_eq!(taken.load(Ordering::Relaxed), 4 * STRETCH);
    }
}
