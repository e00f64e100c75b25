//! Looking at candidates: the leaf first, naming both people of every pair, then the comparison.

use std::sync::Arc;

use matcher::{Explanation, Profile};

use super::decide::{both, one_place};
use crate::auth::Core;
use crate::consent::{self, ConsentKind};
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, CandidateId, MAX_PAGE, Page, PersonId, RequestId, Timestamp};
use crate::matches::engine::Engine;
use crate::matches::model::*;
use crate::matches::search::Throttle;
use crate::matches::store::{self, CandidateRow, Place, Shelf};
use crate::matches::view::*;
use crate::people::{self, IndexEntry};
use crate::policy::{
    Class, ClassSet, ConfirmMatch, May, Permission, ReadCandidates, ReadRequest, VerifyMatch,
};
use crate::requests;
use crate::vault::store::key_of;
use crate::vault::{CandidateNote, Receipt};
use crate::web::Shown;

/// The candidates of a request, the likeliest first.
///
/// # Errors
/// Not found; the audit log is away.
pub async fn of_request(
    core: &Core,
    engine: &Arc<Engine>,
    may: May<ReadCandidates>,
    request: RequestId,
    after: Option<CandidateId>,
    limit: usize,
) -> Result<Page<CandidateView>, ApiError> {
    let asked = may.clone();
    core.db.read(move |conn| requests::within_reach(conn, &asked, request)).await?;
    page(core, engine, may, Shelf::Request(request), after, limit).await
}

/// What waits for a second person, or for verification.
///
/// # Errors
/// The audit log is away.
pub async fn waiting(
    core: &Core,
    engine: &Arc<Engine>,
    may: May<ReadCandidates>,
    state: CandidateState,
    after: Option<CandidateId>,
    limit: usize,
) -> Result<Page<CandidateView>, ApiError> {
    // The queue is for those who decide.
    may.also::<ConfirmMatch>()?;
    may.also::<VerifyMatch>()?;
    page(core, engine, may, Shelf::State(state), after, limit).await
}

async fn page(
    core: &Core,
    engine: &Arc<Engine>,
    may: May<ReadCandidates>,
    shelf: Shelf,
    after: Option<CandidateId>,
    limit: usize,
) -> Result<Page<CandidateView>, ApiError> {
    let limit = limit.clamp(1, MAX_PAGE);
    let (asked, now) = (may.clone(), core.clock.now());
    let (rows, next, aside) = core
        .db
        .read(move |conn| {
            let rows = showable(conn, &asked, shelf, after, limit, now)?;
            let page = Page::cut(rows, limit, |row| row.id.to_string());
            let aside = Aside::read(conn, &page.items, now)?;
            Ok::<_, DbError>((page.items, page.next, aside))
        })
        .await?;
    // Another consent may have ended between the two readings.
    let rows: Vec<CandidateRow> = rows.into_iter().filter(|row| aside.may_show(row)).collect();
    let seen = aside.audit(core, &may, &rows, "candidates").await?;
    let items = aside.views(core, engine, &seen, &rows).await?;
    Ok(Page { items, next })
}

/// One row more than a page holds, if there are so many that may be shown: rows that may not are passed over, and
/// neither a short page nor a place in the list tells of them.
fn showable(
    conn: &mut Conn,
    may: &May<ReadCandidates>,
    shelf: Shelf,
    mut after: Option<CandidateId>,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<CandidateRow>, DbError> {
    let mut shown = Vec::new();
    loop {
        let rows = store::list(conn, may, shelf, after, limit)?;
        let is_last = rows.len() <= limit;
        after = rows.last().map(|row| row.id);
        let aside = Aside::read(conn, &rows, now)?;
        shown.extend(rows.into_iter().filter(|row| aside.may_show(row)));
        if is_last || shown.len() > limit {
            return Ok(shown);
        }
    }
}

/// Has everybody a request seeks compared once more.
///
/// # Errors
/// Too often; not found, or the database's.
pub async fn search_again(
    core: &Core,
    throttle: &Throttle,
    may: May<ReadCandidates>,
    id: RequestId,
) -> Result<(), ApiError> {
    throttle.admit(may.account().ok_or(ApiError::Forbidden)?)?;
    let here = core.clone();
    core.db
        .write(move |tx| {
            requests::within_reach(tx, &may, id)?;
            let sought = requests::note_sought_of(tx, id, here.clock.now())?;
            here.audit.append(tx, &may, |e| e.about_all(sought).on(id).detail("search_again"))?;
            Ok::<_, DbError>(())
        })
        .await?;
    core.changes.wake();
    Ok(())
}

/// One candidate, both people side by side.
///
/// # Errors
/// Not found; the audit log is away.
pub async fn pair(
    core: &Core,
    engine: &Arc<Engine>,
    may: May<ReadCandidates>,
    id: CandidateId,
) -> Result<PairView, ApiError> {
    let (asked, now, here) = (may.clone(), core.clock.now(), core.clone());
    let (row, aside, people) = core
        .db
        .read(move |conn| {
            let row = store::find(conn, &asked, id)?;
            let aside = Aside::read(conn, std::slice::from_ref(&row), now)?;
            let place = one_place(conn, &row)?;
            let mut people = Vec::new();
            for person in people::of_record(conn, &asked, &both(place, &row))? {
                let key = key_of(conn, &here.vault, person.id)?;
                people.push((person, key));
            }
            Ok::<_, DbError>((row, aside, people))
        })
        .await?;
    if !aside.may_show(&row) {
        return Err(ApiError::NotFound);
    }
    let seen = aside.audit(core, &may, std::slice::from_ref(&row), "candidate").await?;
    let mut views = aside.views(core, engine, &seen, std::slice::from_ref(&row)).await?;
    let candidate = views.pop().ok_or(ApiError::NotFound)?;
    let view_of = |id: PersonId| -> Result<Option<FaceView>, ApiError> {
        let Some((person, key)) = people.iter().find(|(person, _)| person.id == id) else { return Ok(None) };
        people::view(core, key, &seen.full, person).map(|view| Some(view.into()))
    };
    let place = aside.place(&row).ok_or(ApiError::NotFound)?;
    let sought_person = view_of(place.sought_person)?.ok_or(ApiError::NotFound)?;
    let found_person = if aside.shows_values(&row) { view_of(row.found_id)? } else { None };
    Ok(PairView { candidate, sought_person, found_person })
}

/// How a candidate came to its present state. The words of decisions are the request's narrative.
///
/// # Errors
/// Not found; the audit log is away.
pub async fn history(
    core: &Core,
    may: May<ReadRequest>,
    id: CandidateId,
) -> Result<Vec<EventView>, ApiError> {
    let (asked, here, now) = (may.clone(), core.clone(), core.clock.now());
    let (row, place, key, events) = core
        .db
        .read(move |conn| {
            let row = store::find(conn, &asked, id)?;
            if !Aside::read(conn, std::slice::from_ref(&row), now)?.may_show(&row) {
                return Err(DbError::NotFound);
            }
            let place = one_place(conn, &row)?;
            let key = key_of(conn, &here.vault, place.sought_person)?;
            let events = store::events(conn, id)?;
            Ok::<_, DbError>((row, place, key, events))
        })
        .await?;
    let receipt = core
        .audit
        .look(&may, |e| {
            e.about_all(both(place, &row)).on(id).opening(ClassSet::of(&[Class::Narrative])).detail("history")
        })
        .await?;
    events
        .into_iter()
        .map(|event| {
            let seat = core.vault.seat(&key, event.id.bytes(), event.version);
            let words = match &event.note_sealed {
                Some(sealed) => seat.show::<CandidateNote>(&receipt, sealed)?,
                None => None,
            };
            let words = words.map(|words| words.expose().0.clone());
            let code = |text: &str| CandidateState::parse(text).ok_or(ApiError::Unavailable);
            let checks = words.as_ref().and_then(|words| words.checks);
            Ok(EventView {
                id: event.id,
                from: code(&event.from_state)?,
                to: code(&event.to_state)?,
                reason: event.reason.as_deref().and_then(Reason::parse),
                undo_of: event.undo_of,
                at: Timestamp::from_micros(event.at),
                by: event.by_account,
                note: match event.note_sealed {
                    Some(_) => Shown::from(words.map(|words| words.text)),
                    None => Shown::value(None),
                },
                checks,
            })
        })
        .collect()
}

/// What stands beside the rows of candidates.
struct Aside {
    places: Vec<Place>,
    entries: Vec<IndexEntry>,
    /// Who of those found agrees to be found from elsewhere.
    shared: Vec<PersonId>,
    references: Vec<(PersonId, String, String)>,
    requests: Vec<(RequestId, String)>,
}

/// Receipts for what is about to be shown: everything the grant opens for people of the own society and those shared
/// with it; only the comparison for others.
struct Seen {
    full: Receipt,
    reduced: Option<Receipt>,
}

impl Aside {
    fn read(conn: &mut Conn, rows: &[CandidateRow], now: Timestamp) -> Result<Self, DbError> {
        let sought: Vec<_> = rows.iter().map(|row| row.sought_id).collect();
        let places = store::places(conn, &sought)?;
        let found: Vec<PersonId> = rows.iter().map(|row| row.found_id).collect();
        let everybody: Vec<PersonId> =
            places.iter().map(|place| place.sought_person).chain(found.iter().copied()).collect();
        let entries = people::profiles_of(conn, &everybody, now)?;
        let shared = consent::agreed(conn, ConsentKind::ShareWithinNetwork, &found, now)?;
        let references = store::references(conn, &found)?;
        let requests: Vec<RequestId> = places.iter().map(|place| place.request).collect();
        let requests = store::request_references(conn, &requests)?;
        Ok(Self { places, entries, shared, references, requests })
    }

    fn place(&self, row: &CandidateRow) -> Option<Place> {
        self.places.iter().copied().find(|place| place.sought == row.sought_id)
    }

    fn entry(&self, person: PersonId) -> Option<&IndexEntry> {
        self.entries.iter().find(|entry| entry.person == person)
    }

    /// Whether the person found lets themself be found by the society of the request at this very moment, whatever the
    /// index has written so far.
    fn is_found(&self, row: &CandidateRow) -> bool {
        let own = row.request_society_id == row.found_society_id;
        self.entry(row.found_id).is_some() && (own || self.shared.contains(&row.found_id))
    }

    /// A candidate is shown as long as the person found lets themself be found. What two people have verified stays in
    /// the file of the request, without the person.
    fn may_show(&self, row: &CandidateRow) -> bool {
        row.state == CandidateState::Verified.code() || self.is_found(row)
    }

    /// Whether who the person found is may be shown beside it.
    fn shows_values(&self, row: &CandidateRow) -> bool {
        self.is_found(row) && Access::parse(&row.access).is_some_and(Access::shows_values)
    }

    async fn audit<P: Permission>(
        &self,
        core: &Core,
        may: &May<P>,
        rows: &[CandidateRow],
        detail: &'static str,
    ) -> Result<Seen, ApiError> {
        let mut full = Vec::new();
        let mut reduced = Vec::new();
        for row in rows {
            full.extend(self.place(row).map(|place| place.sought_person));
            if self.shows_values(row) { full.push(row.found_id) } else { reduced.push(row.found_id) }
        }
        let full = core.audit.look(may, |e| e.about_all(full).opening(may.classes()).detail(detail)).await?;
        if reduced.is_empty() {
            return Ok(Seen { full, reduced: None });
        }
        let seen = ClassSet::of(&[Class::Match]);
        let reduced =
            core.audit.look(may, |e| e.about_all(reduced).opening(seen).detail("candidates_reduced")).await?;
        Ok(Seen { full, reduced: Some(reduced) })
    }

    /// Comparing waits for the index while it takes changes in, so it does not stand in the way of other requests.
    async fn views(
        &self,
        core: &Core,
        engine: &Arc<Engine>,
        seen: &Seen,
        rows: &[CandidateRow],
    ) -> Result<Vec<CandidateView>, ApiError> {
        let mut pairs = Vec::with_capacity(rows.len());
        for row in rows {
            pairs.push(self.profiles(core, seen, row)?);
        }
        let engine = engine.clone();
        let compare = move || -> Vec<Option<Explanation>> {
            let compared = pairs.iter().map(|pair| pair.as_ref().map(|(a, b)| engine.compare(a, b)));
            compared.collect()
        };
        let compared = tokio::task::spawn_blocking(compare).await.map_err(|_| ApiError::Unavailable)?;
        rows.iter().zip(compared).map(|(row, compared)| self.view(seen, row, compared)).collect()
    }

    /// What is compared, as far as the reader may know it: where and when somebody was met does not count.
    fn profiles(
        &self,
        core: &Core,
        seen: &Seen,
        row: &CandidateRow,
    ) -> Result<Option<(Profile, Profile)>, ApiError> {
        let place = self.place(row).ok_or(ApiError::NotFound)?;
        let opening = if self.shows_values(row) { Some(&seen.full) } else { seen.reduced.as_ref() };
        let found = self.entry(row.found_id).filter(|_| self.is_found(row));
        let (Some(sought), Some(found), Some(opening)) = (self.entry(place.sought_person), found, opening)
        else {
            return Ok(None);
        };
        let request = people::open_profile(&core.vault, &seen.full, sought)?;
        let contact = people::open_profile(&core.vault, opening, found)?;
        Ok(Some((telling(request, seen.full.opens(Class::Location)), contact)))
    }

    fn view(
        &self,
        seen: &Seen,
        row: &CandidateRow,
        compared: Option<Explanation>,
    ) -> Result<CandidateView, ApiError> {
        let place = self.place(row).ok_or(ApiError::NotFound)?;
        let shows = self.shows_values(row);
        let band = compared.as_ref().map(|compared| BandCode::from(compared.score.band));
        let probability = compared.as_ref().filter(|_| shows).map(|c| f64::from(c.score.probability));
        let explanation = compared.map(|compared| explain(compared, &seen.full, shows.then_some(&seen.full)));
        let (reference, society) = self
            .references
            .iter()
            .find(|(id, ..)| *id == row.found_id)
            .map(|(_, reference, society)| (reference.clone(), society.clone()))
            .ok_or(ApiError::NotFound)?;
        let request_reference = self.requests.iter().find(|(id, _)| *id == place.request);
        let code = || {
            tracing::error!(candidate = %row.id, "a candidate holds a code that no list knows");
            ApiError::Unavailable
        };
        let state = CandidateState::parse(&row.state).ok_or_else(code)?;
        Ok(CandidateView {
            id: row.id,
            request: place.request,
            request_reference: request_reference.map(|(_, text)| text.clone()).unwrap_or_default(),
            sought: row.sought_id,
            state,
            access: Access::parse(&row.access).ok_or_else(code)?,
            band: band.or(BandCode::parse(&row.band)).ok_or_else(code)?,
            probability,
            reference,
            society,
            society_id: row.found_society_id,
            cause: Cause::parse(&row.cause).ok_or_else(code)?,
            model: row.model.clone(),
            generated_at: Timestamp::from_micros(row.generated_at),
            next: state.deeds(),
            proposed_by: row.proposed_by,
            version: row.version,
            explanation,
        })
    }
}
