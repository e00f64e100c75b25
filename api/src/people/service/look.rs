//! Looking: reach first, then the line in the log, then the value.

use std::collections::{BTreeSet, HashMap};

use super::view::{ContactLine, ContactView, GroupView, PersonView, services_in};
use super::{reach, store, subject};
use crate::audit::Event;
use crate::auth::Core;
use crate::db::DbError;
use crate::kernel::{ApiError, ContactId, Page, PageRequest, PersonId, Reference, Timestamp};
use crate::people::store::{ContactRow, PersonRow};
use crate::policy::{ClassSet, May, Permission, ReadContact, ReadPerson};
use crate::vault::{Owner, OwnerKey, Receipt, Seat};
use crate::web::Shown;

/// One person: within reach, or of whom a release lets the caller know more for now.
///
/// # Errors
/// Not found, or the service is unavailable.
pub async fn show_person(core: &Core, may: &May<ReadPerson>, id: PersonId) -> Result<PersonView, ApiError> {
    let (row, key, groups) = match reach(core, may, id).await {
        // What was released is the person's own place, and nobody who travels with them.
        Err(ApiError::NotFound) => {
            let (row, key) = reach_released(core, may, id).await?;
            (row, key, Vec::new())
        }
        reached => {
            let ((row, key), asking) = (reached?, may.clone());
            (row, key, core.db.read(move |conn| store::groups_of(conn, &asking, id)).await?)
        }
    };
    let with: BTreeSet<PersonId> = groups.iter().map(|member| member.2).filter(|p| *p != id).collect();
    if !with.is_empty() {
        // They are named, and nothing of theirs is opened: neither their file nor the reader's hour says otherwise.
        core.audit.look(may, |e| e.about_all(with).on(id).detail("group")).await?;
    }
    let receipt = core.audit.look(may, |e| e.about(id).on(id).opening(may.classes())).await?;
    let mut view = view(core, &key, &receipt, &row)?;
    view.groups = GroupView::gather(groups);
    Ok(view)
}

/// Whom the printed reference on a card names. The log has a line either way, which holds no reference.
///
/// # Errors
/// Not found, or the service is unavailable.
pub async fn find_by_card<P: Permission>(
    core: &Core,
    may: &May<P>,
    card: Reference,
) -> Result<PersonId, ApiError> {
    let asking = may.clone();
    match core.db.read(move |conn| store::by_reference(conn, &asking, &card)).await {
        Ok(row) => {
            core.audit.look(may, |e| e.about(row.id).on(row.id).detail("by_reference")).await?;
            Ok(row.id)
        }
        Err(ApiError::NotFound) => {
            // The page answers at its field, not with a 404, which the log would learn of by itself.
            let tried = Event::new(P::ACTION, P::PURPOSE).refused().detail("by_reference");
            core.audit.note(may.caller().clone(), tried).await?;
            Err(ApiError::NotFound)
        }
        Err(other) => Err(other),
    }
}

async fn reach_released(
    core: &Core,
    may: &May<ReadPerson>,
    id: PersonId,
) -> Result<(PersonRow, OwnerKey), ApiError> {
    let (vault, may, now) = (core.vault.clone(), may.clone(), core.clock.now());
    let (row, key, yes) = core
        .db
        .read(move |conn| {
            let (row, yes) = store::find_released(conn, &may, id, now)?;
            let key = crate::vault::store::key_of(conn, &vault, id)?;
            Ok::<_, DbError>((row, key, yes))
        })
        .await?;
    // What is known of a child may have changed since: a yes of somebody who cannot give it opens nothing.
    if subject(core, &row, &key).await?.accepts(yes.given_by, yes.assent) {
        Ok((row, key))
    } else {
        Err(ApiError::NotFound)
    }
}

/// Somebody whose row another record has reached, as far as the receipt opens them.
///
/// # Errors
/// A value does not open in its place.
pub fn view(core: &Core, key: &OwnerKey, receipt: &Receipt, row: &PersonRow) -> Result<PersonView, ApiError> {
    let person = store::open_all(&core.vault, key, receipt, row)?;
    Ok(PersonView::of(row, &person, receipt, core.clock.now().day()))
}

/// The people within reach, newest first. One line in the log names everybody on the page.
///
/// # Errors
/// The service is unavailable.
pub async fn people_list(
    core: &Core,
    may: &May<ReadPerson>,
    page: PageRequest<PersonId>,
) -> Result<Page<PersonView>, ApiError> {
    let limit = page.limit;
    let asking = may.clone();
    let (rows, keys) = core
        .db
        .read(move |conn| {
            let most = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            let rows = store::page(conn, &asking, page.after, most)?;
            let owners: Vec<Owner> = rows.iter().map(|row| row.id.into()).collect();
            let keys = crate::vault::store::wrapped_keys(conn, &owners)?;
            Ok::<_, DbError>((rows, keys))
        })
        .await?;
    let keys: HashMap<Owner, _> = keys.into_iter().map(|key| (key.owner, key)).collect();
    let rows = Page::cut(rows, limit, |row| row.id.to_string());
    let shown: Vec<PersonId> = rows.items.iter().map(|row| row.id).collect();
    let receipt = core.audit.look(may, |e| e.about_all(shown).opening(may.classes()).detail("list")).await?;
    let mut items = Vec::with_capacity(rows.items.len());
    for row in &rows.items {
        // Shredded between two statements: gone.
        let Some(wrapped) = keys.get(&Owner::from(row.id)) else { continue };
        items.push(view(core, &core.vault.unwrap(wrapped)?, &receipt, row)?);
    }
    Ok(Page { items, next: rows.next })
}

/// One contact.
///
/// # Errors
/// Not found, or the service is unavailable.
pub async fn show_contact(
    core: &Core,
    may: &May<ReadContact>,
    id: ContactId,
) -> Result<ContactView, ApiError> {
    let (asking, vault) = (may.clone(), core.vault.clone());
    let (row, services, key) = core
        .db
        .read(move |conn| {
            let row = store::contact(conn, &asking, id)?;
            let services = store::services_of(conn, &[id])?;
            let key = row.person_id.map(|person| crate::vault::store::key_of(conn, &vault, person));
            Ok::<_, DbError>((row, services, key.transpose()?))
        })
        .await?;
    let about = row.person_id;
    let receipt = core.audit.look(may, |e| e.about_all(about).on(id).opening(may.classes())).await?;
    contact_view(core, &receipt, &row, &services, key.as_ref())
}

fn contact_view(
    core: &Core,
    receipt: &Receipt,
    row: &ContactRow,
    services: &[(ContactId, String)],
    key: Option<&OwnerKey>,
) -> Result<ContactView, ApiError> {
    let seat = key.map(|key| core.vault.seat(key, row.id.bytes(), row.version));
    let (next_place, companions, note) = match &seat {
        Some(seat) => opened(seat, receipt, row)?,
        // Nobody was named, so there is nothing to hide.
        None => (Shown::value(None), Shown::value(Vec::new()), Shown::value(None)),
    };
    Ok(ContactView {
        id: row.id,
        kind: row.kind.clone(),
        contact_on: row.contact_on.clone(),
        point: row.point_id,
        person: row.person_id,
        wants_contact: row.wants_contact.clone(),
        services: services_in(row.id, services),
        recorded_at: Timestamp::from_micros(row.recorded_at),
        next_place,
        companions,
        note,
    })
}

type ContactParts = (
    Shown<Option<super::super::model::Place>>,
    Shown<Vec<super::super::model::Companion>>,
    Shown<Option<String>>,
);

fn opened(seat: &Seat<'_>, receipt: &Receipt, row: &ContactRow) -> Result<ContactParts, ApiError> {
    let next_place = match &row.next_place_sealed {
        Some(sealed) => seat.show(receipt, sealed)?.map(|s| s.expose().0.clone()).into(),
        None => Shown::value(None),
    };
    let companions = match &row.companions_sealed {
        Some(sealed) => seat.show(receipt, sealed)?.map(|s| s.expose().0.clone()).into(),
        None => Shown::value(Vec::new()),
    };
    let note = match &row.note_sealed {
        Some(sealed) => seat.show(receipt, sealed)?.map(|s| s.expose().clone()).into(),
        None => Shown::value(None),
    };
    Ok((next_place, companions, note))
}

/// The contacts within reach, newest first; nothing personal is opened.
///
/// # Errors
/// The service is unavailable.
pub async fn contacts_list(
    core: &Core,
    may: &May<ReadContact>,
    page: PageRequest<ContactId>,
) -> Result<Page<ContactLine>, ApiError> {
    let limit = page.limit;
    let asking = may.clone();
    let (rows, services) = core
        .db
        .read(move |conn| {
            let most = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            let rows = store::contacts_page(conn, &asking, page.after, most)?;
            let ids: Vec<ContactId> = rows.iter().map(|row| row.id).collect();
            let services = store::services_of(conn, &ids)?;
            Ok::<_, DbError>((rows, services))
        })
        .await?;
    let rows = Page::cut(rows, limit, |row| row.id.to_string());
    let shown: Vec<PersonId> = rows.items.iter().filter_map(|row| row.person_id).collect();
    let count = rows.items.len() as u64;
    core.audit
        .look(may, |e| e.about_all(shown).opening(ClassSet::NONE).counting(count).detail("list"))
        .await?;
    Ok(rows.map(|row| ContactLine::of(&row, &services)))
}
