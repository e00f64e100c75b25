//! Recording a contact at the desk: parsed whole, written whole, with its line in the log.

use super::{deciding, profile, reach, store, subject};
use crate::auth::Core;
use crate::consent::{ConsentStatus, Subject};

use crate::hsp;
use crate::kernel::{ApiError, Invalid, PointId, Wrong};
use crate::people::model::{ContactForm, NewContact, Recorded, Who};
use crate::people::store::{At, Known};
use crate::policy::{Class, May, Reach, RecordContact};
use crate::web::Idempotency;

/// Records a contact: with nobody named, with somebody new, or with somebody recorded here before.
///
/// # Errors
/// What is wrong with the input, each with its field; not found for a point, person or group out of reach; stale when
/// the person has changed meanwhile.
pub async fn record(
    core: &Core,
    may: May<RecordContact>,
    once: Idempotency,
    form: &ContactForm,
) -> Result<Recorded, ApiError> {
    let point = own_point(&may, form.point)?;
    let contact = form.parse(core.clock.now().day())?;
    only_what_the_desk_may_write(&may, &contact)?;
    only_whom_the_desk_may_hear(&may, &contact)?;
    let known = match &contact.who {
        Who::Known(id) => Some(known(core, &may, *id, &contact).await?),
        Who::New(..) | Who::Nobody => None,
    };
    let inside = core.clone();
    let recorded = core
        .db
        .write(move |tx| {
            let now = inside.clock.now();
            let asking = may.clone();
            once.run(tx, &asking, now, |tx| {
                let place = hsp::meeting_place(tx, point)?;
                if may.reach() != Reach::Everyone && may.society() != Some(place.society) {
                    return Err(crate::db::DbError::NotFound);
                }
                let at = At { point, place, by: may.account() };
                let (recorded, digest) = store::put_contact(tx, &inside, &contact, &at, known.as_ref())?;
                inside.audit.append(tx, &may, |e| {
                    let e = e.about_all(recorded.person).on(recorded.contact).detail("recorded").counting(1);
                    digest.into_iter().fold(e, |e, digest| e.digest(digest))
                })?;
                Ok(recorded)
            })
        })
        .await?;
    core.changes.wake();
    Ok(recorded)
}

/// A desk records for itself; another point does not exist for it. That the point is its society's own is asked where
/// the point is read.
fn own_point(may: &May<RecordContact>, named: Option<PointId>) -> Result<PointId, ApiError> {
    match (may.reach(), may.point(), named) {
        (Reach::Everyone, _, Some(point)) => Ok(point),
        (Reach::Everyone, _, None) => {
            Err(Invalid::at("point", Wrong::Missing.says("is missing; the id of a service point is needed"))
                .into())
        }
        (_, Some(own), None) => Ok(own),
        (_, Some(own), Some(named)) if own == named => Ok(own),
        _ => Err(ApiError::NotFound),
    }
}

/// The story behind a concern belongs to protection officers.
fn only_what_the_desk_may_write(may: &May<RecordContact>, contact: &NewContact) -> Result<(), ApiError> {
    let story = match &contact.who {
        Who::New(person, _) => person.protection.note.is_some(),
        Who::Nobody | Who::Known(_) => false,
    };
    if story && !may.opens(Class::Protection) {
        return Err(Invalid::at(
            "person.protection.note",
            Wrong::NotYours.says("is for protection officers; send concerns only"),
        )
        .into());
    }
    Ok(())
}

/// A desk hears people; what is decided in a child's best interest is somebody else's to record.
fn only_whom_the_desk_may_hear(may: &May<RecordContact>, contact: &NewContact) -> Result<(), Invalid> {
    let mut problems = Invalid::default();
    for (at, consent) in contact.consents.iter().enumerate() {
        let decision = deciding(may, consent.answer.given_by);
        problems.take(decision.map_err(|e| e.under(&format!("consents[{at}]"))));
    }
    problems.ok()
}

async fn known(
    core: &Core,
    may: &May<RecordContact>,
    id: crate::kernel::PersonId,
    contact: &NewContact,
) -> Result<Known, ApiError> {
    let (row, key) = reach(core, may, id).await?;
    let profile = profile(core, &row, &key).await?;
    let asked = contact.consents.iter().any(|c| c.answer.status == ConsentStatus::Given);
    // Only a yes asks who gave it.
    let subject = if asked {
        subject(core, &row, &key).await?
    } else {
        Subject { minor: true, caregiver_implicated: true }
    };
    Ok::<_, ApiError>(Known { row, key, profile, subject })
}
