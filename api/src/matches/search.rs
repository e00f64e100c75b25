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
use crate::db::DbError;
use crate::kernel::{AccountId, ApiError, Country, Day, Invalid, PersonId, SocietyId, Wrong, clean, invalid};
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

    fn admit(&self, account: AccountId) -> Result<(), ApiError> {
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
    let found = tokio::task::spawn_blocking(move || inside.search(&asked, society, limit));
    let found = found.await.map_err(|_| ApiError::Unavailable)??;
    let rows = read(core, &found).await?;
    // Whoever may not be found at this very moment is left out, whatever the index still holds.
    let found: Vec<Found> =
        found.into_iter().filter(|f| rows.entries.iter().any(|e| e.person == f.met.person)).collect();
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
    let mut hits = Vec::with_capacity(found.len());
    for one in found {
        let Some(entry) = rows.entries.iter().find(|e| e.person == one.met.person) else { continue };
        let Some((_, reference, name)) = rows.references.iter().find(|(id, ..)| *id == one.met.person) else {
            continue;
        };
        let is_own = one.met.home.society == society;
        let Some(opening) = (if is_own { Some(&receipt) } else { reduced.as_ref() }) else { continue };
        let profile = people::open_profile(&core.vault, opening, entry)?;
        let explanation = engine.compare(&query, &profile);
        hits.push(HitView {
            reference: reference.clone(),
            society: name.clone(),
            band: one.score.band.into(),
            probability: is_own.then_some(one.score.probability),
            reduced: !is_own,
            explanation: explain(explanation, &receipt, is_own.then_some(&receipt)),
        });
    }
    Ok(SearchView { hits })
}

struct Rows {
    entries: Vec<IndexEntry>,
    references: Vec<(PersonId, String, String)>,
}

async fn read(core: &Core, found: &[Found]) -> Result<Rows, ApiError> {
    let ids: Vec<PersonId> = found.iter().map(|f| f.met.person).collect();
    let now = core.clock.now();
    core.db
        .read(move |conn| {
            let entries = people::profiles_of(conn, &ids, now)?;
            Ok::<_, DbError>(Rows { entries, references: store::references(conn, &ids)? })
        })
        .await
}

fn split(found: &[Found], society: SocietyId) -> (Vec<PersonId>, Vec<PersonId>) {
    let (own, foreign): (Vec<&Found>, Vec<&Found>) =
        found.iter().partition(|f| f.met.home.society == society);
    let ids = |part: Vec<&Found>| part.into_iter().map(|f| f.met.person).collect();
    (ids(own), ids(foreign))
}

/// The question as matching understands it.
fn question(form: &SearchForm, today: Day) -> Result<Profile, ApiError> {
    let mut problems = Invalid::default();
    let person = problems.take(form.person.parse(today).map_err(|e| e.under("person")));
    let last_contact = match form.last_contact.as_deref() {
        None => None,
        Some(text) => match Day::parse(text) {
            Some(day) if day <= today => day.to_string().parse().ok(),
            _ => {
                problems.note(
                    "last_contact",
                    Wrong::NotADayPast.says("is not a day up to today; YYYY-MM-DD is taken"),
                );
                None
            }
        },
    };
    let place = clean("last_place", form.last_place.as_deref().unwrap_or_default(), 200);
    let place = problems.take(place).flatten();
    let country = match form.last_country.as_deref() {
        None => None,
        Some(code) => problems.take(Country::parse("last_country", code)),
    };
    problems.ok()?;
    let mut clues = Clues { last_contact, ..Clues::default() };
    if place.is_some() || country.is_some() {
        let name = place.unwrap_or_default();
        clues.place(matcher::PlaceRole::LastKnown, &name, country.map(Country::code));
    }
    let Some(person) = person else { return Err(ApiError::NotFound) };
    let query = profile_of(&person, &clues);
    if !query.is_searchable() {
        return Err(invalid(
            "person",
            Wrong::NothingToSearch
                .says("cannot be looked for; at least one name or telephone number is needed"),
        ));
    }
    Ok(query)
}
