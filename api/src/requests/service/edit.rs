//! Changing what is known about a request after it was opened. What the family says about a sought person's way is what
//! matching compares, so a change of it is matched again.

use matcher::Profile;

use super::change::{everybody, held};
use super::clues::clues_after;
use crate::auth::Core;
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, PersonId, RequestId, Wrong, invalid};
use crate::people::{self, PersonRow};
use crate::policy::{EditRequest, May};
use crate::requests::model::*;
use crate::requests::store::{self, Edit, SoughtRow};
use crate::vault::OwnerKey;
use crate::vault::store::key_of;

/// Changes what is known about the case and about the way of those it seeks. A concern that is named flags the request
/// again.
///
/// # Errors
/// What is wrong with the input; not found; stale.
pub async fn patch(
    core: &Core,
    may: May<EditRequest>,
    id: RequestId,
    form: RequestPatch,
) -> Result<(), ApiError> {
    let mut change = form.parse(core.clock.now().day())?;
    let version = change.version;
    let ways = std::mem::take(&mut change.sought);
    let (asked, here) = (may.clone(), core.clone());
    let found = core.db.read(move |conn| {
        held(conn, &asked, id, version)?;
        read_ways(conn, &here, &asked, id, ways)
    });
    let mut ways = Vec::new();
    for way in found.await? {
        let held = people::profile(core, &way.person, &way.key).await?;
        let profile = people::with_clues(&held, &clues_after(&held, &way.change));
        ways.push((way, held, profile));
    }
    let here = core.clone();
    core.db.write(move |tx| write_down(tx, &here, &may, id, change, ways)).await?;
    core.changes.wake();
    Ok(())
}

/// One sought person's way, and the record it belongs to.
struct Way {
    change: SoughtChange,
    row: SoughtRow,
    person: PersonRow,
    key: OwnerKey,
}

fn read_ways(
    conn: &mut Conn,
    core: &Core,
    may: &May<EditRequest>,
    id: RequestId,
    changes: Vec<SoughtChange>,
) -> Result<Vec<Way>, DbError> {
    let mut rows = store::sought_of(conn, id)?;
    let mut ways = Vec::with_capacity(changes.len());
    for (at, change) in changes.into_iter().enumerate() {
        let Some(place) = rows.iter().position(|row| row.id == change.id) else {
            let problem = "is nobody whom this request seeks; the id of one of its sought persons is taken";
            return Err(DbError::Refused(invalid(format!("sought[{at}].id"), Wrong::Unknown.says(problem))));
        };
        let row = rows.swap_remove(place);
        let person = people::of_record(conn, may, &[row.person_id])?.pop().ok_or(DbError::NotFound)?;
        let key = key_of(conn, &core.vault, row.person_id)?;
        ways.push(Way { change, row, person, key });
    }
    Ok(ways)
}

fn write_down(
    tx: &mut Conn,
    core: &Core,
    may: &May<EditRequest>,
    id: RequestId,
    change: RequestChange,
    ways: Vec<(Way, Profile, Profile)>,
) -> Result<(), DbError> {
    let now = core.clock.now();
    let row = held(tx, may, id, change.version)?;
    let flagged = change.circumstances.as_ref().is_some_and(|c| !c.concerns.is_empty());
    let edit = Edit {
        safe_contact: change.safe_contact,
        circumstances: change.circumstances,
        next_contact_due: change.next_contact_due.map(|day| Some(day.to_string())),
        conflict: flagged.then_some(Conflict::Flagged),
        ..Edit::default()
    };
    let mut digests = vec![store::rewrite(tx, &core.vault, &row, edit, now)?];
    let mut about: Vec<PersonId> = vec![row.enquirer_id];
    for (way, held, profile) in ways {
        digests.push(store::rewrite_sought(tx, &core.vault, &way.key, &way.row, way.change)?);
        digests.push(people::put_profile(tx, core, (&way.person, &way.key), &held, profile, now)?);
        about.push(way.person.id);
    }
    let touched = if flagged { everybody(tx, &row)? } else { about.clone() };
    store::note_sought(tx, touched.get(1..).unwrap_or_default(), now)?;
    let digests: Vec<&[u8]> = digests.iter().map(<[u8; 32]>::as_slice).collect();
    let digest = crypto::derive::sha256(&digests);
    core.audit.append(tx, may, |e| e.about_all(about).on(id).detail("changed").digest(digest))?;
    Ok(())
}
