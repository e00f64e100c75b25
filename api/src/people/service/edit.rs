//! Editing a person: the parts that were sent are sealed anew, the rest is carried, the match profile is rebuilt.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{profile, reach, store, subject};
use crate::auth::Core;
use crate::consent::{self, Append, ConsentKind, Subject};
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, ConsentId, Day, Invalid, PersonId, Wrong};
use crate::matches;
use crate::people::model::{
    Clues, NewPerson, PersonField, PersonForm, PersonKind, SealedProfile, profile_of,
};
use crate::people::store::PersonRow;
use crate::policy::{Class, EditPerson, May};
use crate::requests;
use crate::vault::OwnerKey;

/// A change of a person: parts to replace, parts to empty; what is not named stays.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditForm {
    /// The version that was read.
    #[schema(minimum = 1)]
    pub version: i64,
    #[serde(default)]
    pub changes: PersonForm,
    #[serde(default)]
    #[schema(max_items = 19)]
    pub clear: Vec<PersonField>,
}

/// What a change did.
#[derive(Clone, Serialize, ToSchema)]
pub struct Edited {
    /// The version after it.
    pub version: i64,
    /// What was agreed to by whoever could not, for who the person is now known to be. It counts no longer, also when the
    /// change is taken back: whoever may answer is to be asked anew.
    pub ended: Vec<ConsentKind>,
}

/// Changes a person. Where they turn out to be a child, or to have been none, or their carer to be the danger, every yes
/// ends that was given by whoever could not give it; and a child's place that was released as an adult's is closed, until
/// it is released with what that asks for.
///
/// # Errors
/// What is wrong with the input; not found; stale when somebody else was first.
pub async fn edit(
    core: &Core,
    may: May<EditPerson>,
    id: PersonId,
    form: &EditForm,
) -> Result<Edited, ApiError> {
    let parts = parts(&may, form)?;
    let today = core.clock.now().day();
    let changes = form.changes.parse(today).map_err(|e| e.under("changes"))?;
    let (row, key) = reach(core, &may, id).await?;
    if row.version != form.version {
        return Err(store::stale().into());
    }
    let receipt = core.audit.look(&may, |e| e.about(id).on(id).opening(may.classes()).detail("edit")).await?;
    let mut person = store::open_all(&core.vault, &key, &receipt, &row)?;
    let was = known_of(&person, today);
    person.take(&changes, &parts);
    let is = known_of(&person, today);
    let alarming = alarms(core, &row, was, is).await?;
    let turned_out_young = is.minor && !was.minor;
    let is = match is.minor && !may.opens(Class::Protection) {
        true => Subject { minor: true, ..subject(core, &row, &key).await? },
        false => is,
    };
    let held = profile(core, &row, &key).await?;
    let profile = profile_of(&person, &Clues::of(&held));
    let counts = profile != held;
    let profile = SealedProfile(profile);
    let inside = core.clone();
    let edited = core
        .db
        .write(move |tx| {
            let now = inside.clock.now();
            if alarming || turned_out_young {
                requests::hold_about(tx, &[id])?;
            }
            let mut next = store::carry(&inside.vault, &key, &row).map_err(ApiError::from)?;
            let fresh = store::seal(&inside.vault, &key, id, next.version, &person, &profile);
            store::overlay(&mut next, fresh, &parts);
            let version = next.version;
            if counts {
                next.profile_version = version;
            }
            let digest = store::rewrite(tx, &row, next, now)?;
            if turned_out_young {
                matches::end_places(tx, id, now)?;
            }
            if alarming {
                requests::stop_search(tx, &inside, &may, id)?;
            }
            let ended = end_unsuited_yeses(tx, &inside, &may, (id, is, &person), &key)?;
            inside.audit.append(tx, &may, |e| e.about(id).on(id).detail("edited").digest(digest))?;
            for (_, answer) in &ended {
                inside.audit.append(tx, &may, |e| e.about(id).on(*answer).detail("consent_not_possible"))?;
            }
            store::note_person_change(tx, &row, now)?;
            Ok::<_, DbError>(Edited { version, ended: ended.into_iter().map(|(kind, _)| kind).collect() })
        })
        .await?;
    core.changes.wake();
    Ok(edited)
}

/// A child's own yes does not count, nor that of a carer who is the danger, nor a carer's for somebody who was
/// grown all along, whenever it becomes known: it ends, as if it had been taken back, with all that rests on it, and who can
/// answer is asked anew.
fn end_unsuited_yeses(
    tx: &mut Conn,
    core: &Core,
    may: &May<EditPerson>,
    (id, is, person): (PersonId, Subject, &NewPerson),
    key: &OwnerKey,
) -> Result<Vec<(ConsentKind, ConsentId)>, DbError> {
    let append = Append {
        vault: &core.vault,
        key,
        clock: core.clock.as_ref(),
        chance: &core.chance,
        by: may.account(),
    };
    consent::end_unsuited_yeses(tx, &append, id, is, |day| person.birth.is_minor_on(day))
}

/// As far as the editor sees it: what is closed to them they cannot change.
fn known_of(person: &NewPerson, today: Day) -> Subject {
    Subject {
        minor: person.birth.is_minor_on(today),
        caregiver_implicated: person.protection.caregiver_implicated,
    }
}

/// Whether an edit makes of a search for an adult one for a child by people who are not family, or says that a carer may
/// be the danger: the search then waits for a reviewer, as one that was opened so.
async fn alarms(core: &Core, row: &PersonRow, was: Subject, is: Subject) -> Result<bool, ApiError> {
    if row.kind != PersonKind::Sought.code() {
        return Ok(false);
    }
    if is.caregiver_implicated && !was.caregiver_implicated {
        return Ok(true);
    }
    Ok(is.minor && !was.minor && !requests::sought_by_family(core, row.id).await?)
}

/// The parts an edit names. Nobody overwrites what they may not see.
fn parts(may: &May<EditPerson>, form: &EditForm) -> Result<Vec<PersonField>, ApiError> {
    let mut problems = Invalid::default();
    let mut parts = form.changes.parts();
    if form.clear.len() > PersonField::ALL.len() {
        problems.note("clear", Wrong::TooMany.says("names too many parts; each is taken once"));
    }
    for part in &form.clear {
        if form.changes.parts().contains(part) {
            problems.note(
                format!("changes.{part}"),
                Wrong::NotTogether.says("is changed and cleared at once; do one of the two"),
            );
        }
        if !parts.contains(part) {
            parts.push(*part);
        }
    }
    for part in parts.iter().filter(|part| !may.opens(part.class())) {
        problems.note(
            format!("changes.{part}"),
            Wrong::NotYours.says("is hidden from your role, so it is not yours to change"),
        );
    }
    if parts.is_empty() {
        problems.note(
            "changes",
            Wrong::Missing.says("are missing; name at least one part to change or to clear"),
        );
    }
    // The profile is built from names and numbers; who cannot see those cannot keep it true.
    if !(may.opens(Class::Identity) && may.opens(Class::Contact)) {
        return Err(ApiError::Forbidden);
    }
    problems.ok()?;
    Ok(parts)
}
