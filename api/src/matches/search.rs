//! The caseworker's question to the index. Nothing of it is kept, and nothing of it reaches a log: the audit leaf says
//! who asked, when, and whom the answer named.

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use matcher::{Limit, Profile};

use super::engine::{Engine, Found};
use super::model::*;
use super::store;
use super::view::{HitView, SearchView, explain};
use crate::auth::Core;
use crate::consent::{self, ConsentKind};
use crate::db::DbError;
use crate::kernel::{AccountId, ApiError, Day, Invalid, PersonId, SocietyId, Wrong, invalid};
use crate::people::{self, Clues, IndexEntry, profile_of};
use crate::policy::{Class, ClassSet, May, SearchContacts};

/// Hits of one search at most: a list that goes on would be a register to leaf through.
const HITS: usize = 10;

/// How often one account may ask.
pub struct Throttle(DefaultKeyedRateLimiter<AccountId>);

impl Throttle {
    /// A burst of twenty, then one every six seconds.
    pub fn new() -> Self {
        const BURST: NonZeroU32 = NonZeroU32::new(20).unwrap();
        const A_MINUTE: NonZeroU32 = NonZeroU32::new(10).unwrap();
        Self(RateLimiter::keyed(Quota::per_minute(A_MINUTE).allow_burst(BURST)))
    }

    /// Lets one question pass, or says when to come back.
    ///
    /// # Errors
    /// Too many questions.
    pub fn admit(&self, account: AccountId) -> Result<(), ApiError> {
        self.0.check_key(&account).map_err(|_| ApiError::TooMany(6))
    }
}

impl Default for Throttle {
    fn default() -> Self {
        Self::new()
    }
}

/// Answers a search: first the leaf, then the answer.
///
/// # Errors
/// What is wrong with the question; too many questions; the audit log is away.
pub async fn search(
    core: &Core,
    engine: &Arc<Engine>,
    throttle: &Throttle,
    may: May<SearchContacts>,
    form: &SearchForm,
) -> Result<SearchView, ApiError> {
    let (Some(account), Some(society)) = (may.account(), may.society()) else {
        return Err(ApiError::Forbidden);
    };
    throttle.admit(account)?;
    let query = question(form, core.clock.now().day())?;
    let limit = Limit { k: HITS, min_probability: core.config.matching.least_probability };
    let (inside, asked) = (engine.clone(), query.clone());
    let found = tokio::task::spawn_blocking(move || inside.search(&asked, (account, society), limit));
    let found = found.await.map_err(|_| ApiError::Unavailable)??;
    let rows = read(core, &may, &found).await?;
    // Whoever may not be found at this very moment is left out, whatever the index still holds.
    let found: Vec<Found> = found.into_iter().filter(|f| rows.may_be_found(&f.met, society)).collect();
    let (own, foreign) = split(&found, society);
    let receipt = core
        .audit
        .look(&may, |e| {
            e.about_all(own.iter().copied())
                .opening(may.classes())
                .detail("search")
                .counting(own.len() as u64)
        })
        .await?;
    let reduced = match foreign.is_empty() {
        true => None,
        false => {
            let seen = ClassSet::of(&[Class::Match]);
            Some(
                core.audit
                    .look(&may, |e| e.about_all(foreign).opening(seen).detail("search_reduced"))
                    .await?,
            )
        }
    };
    let mut opened = Vec::with_capacity(found.len());
    for one in found {
        let Some(entry) = rows.entries.iter().find(|e| e.person == one.met.person) else { continue };
        let is_own = one.met.home.society == society;
        let Some(opening) = (if is_own { Some(&receipt) } else { reduced.as_ref() }) else { continue };
        let profile = people::open_profile(&core.vault, opening, entry)?;
        opened.push((one, is_own, profile));
    }
    let inside = engine.clone();
    // Weighed against each other are those who are shown: an answer must not tell of anybody it leaves out. Own records
    // are weighed against own ones alone: what others took would tell the probability that a reduced one leaves out.
    let compare = move || -> Vec<_> {
        let own = opened.iter().filter(|(_, is_own, _)| *is_own).map(|(one, ..)| one);
        let mut own = inside.among_rivals(own).into_iter();
        let among = inside.among_rivals(opened.iter().map(|(one, ..)| one));
        let compared = opened.into_iter().zip(among).map(|((one, is_own, profile), among)| {
            let among = if is_own { own.next().unwrap_or(among) } else { among };
            let explanation = inside.compare(&query, &profile).among_rivals(&among);
            (one, is_own, among.score, explanation)
        });
        let mut compared: Vec<_> = compared.collect();
        compared.sort_by(|(.., a, _), (.., b, _)| b.probability.total_cmp(&a.probability));
        compared
    };
    let compared = tokio::task::spawn_blocking(compare).await.map_err(|_| ApiError::Unavailable)?;
    let mut hits = Vec::with_capacity(compared.len());
    for (one, is_own, score, explanation) in compared {
        let Some((_, reference, name)) = rows.references.iter().find(|(id, ..)| *id == one.met.person) else {
            continue;
        };
        hits.push(HitView {
            reference: reference.clone(),
            society: name.clone(),
            band: score.band.into(),
            probability: is_own.then_some(score.probability),
            reduced: !is_own,
            explanation: explain(explanation, &receipt, is_own.then_some(&receipt)),
        });
    }
    Ok(SearchView { hits })
}

struct Rows {
    entries: Vec<IndexEntry>,
    /// Who agrees to be found from elsewhere.
    shared: Vec<PersonId>,
    references: Vec<(PersonId, String, String)>,
}

impl Rows {
    fn may_be_found(&self, met: &Met, society: SocietyId) -> bool {
        let own = met.home.society == society;
        self.entries.iter().any(|entry| entry.person == met.person)
            && (own || self.shared.contains(&met.person))
    }
}

async fn read(core: &Core, may: &May<SearchContacts>, found: &[Found]) -> Result<Rows, ApiError> {
    let ids: Vec<PersonId> = found.iter().map(|f| f.met.person).collect();
    let (asked, now) = (may.clone(), core.clock.now());
    core.db
        .read(move |conn| {
            let ids = people::not_hidden(conn, &asked, &ids)?;
            let entries = people::profiles_of(conn, &ids, now)?;
            let shared = consent::agreed(conn, ConsentKind::ShareWithinNetwork, &ids, now)?;
            Ok::<_, DbError>(Rows { entries, shared, references: store::references(conn, &ids)? })
        })
        .await
}

fn split(found: &[Found], society: SocietyId) -> (Vec<PersonId>, Vec<PersonId>) {
    let (own, foreign): (Vec<&Found>, Vec<&Found>) =
        found.iter().partition(|f| f.met.home.society == society);
    let ids = |part: Vec<&Found>| part.into_iter().map(|f| f.met.person).collect();
    (ids(own), ids(foreign))
}

/// The question as matching understands it. It asks who, never where or when: an answer to that would find the place
/// where somebody was met, guess by guess.
fn question(form: &SearchForm, today: Day) -> Result<Profile, ApiError> {
    let mut problems = Invalid::default();
    let person = problems.take(form.person.parse(today).map_err(|e| e.under("person")));
    problems.ok()?;
    let Some(person) = person else { return Err(ApiError::NotFound) };
    let query = profile_of(&person, &Clues::default());
    if !query.is_searchable() {
        return Err(invalid(
            "person",
            Wrong::NothingToSearch
                .says("cannot be looked for; at least one name or telephone number is needed"),
        ));
    }
    Ok(query)
}
