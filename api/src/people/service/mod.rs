//! The flows about people: look, record, edit, answer, restrict, erase.

mod answers;
mod edit;
mod look;
mod protect;
mod record;
mod team;
mod view;

pub use answers::{Answered, Answers, WithdrawalForm, answer, answers, consents, withdraw};
pub use edit::{EditForm, Edited, edit};
pub use look::{contacts_list, find_by_card, people_list, show_contact, show_person, view};
pub use protect::{
    Erased, Going, RestrictionForm, RestrictionView, erase, erase_waiting, going, restrict, restriction,
};
pub use record::record;
pub use team::{Change, Colleague, Team, change_team, team_shown};
pub use view::*;

use matcher::Profile;

use super::model::SealedProfile;
use super::store::{self, IndexEntry, PersonRow};
use crate::auth::Core;
use crate::consent::{GivenBy, Subject};
use crate::db::DbError;
use crate::kernel::{ApiError, Invalid, PersonId, Wrong};
use crate::policy::{
    Class, ClassSet, DecideBestInterest, FollowIndex, May, Permission, RecordConsent, system,
};
use crate::vault::{OwnerKey, PersonBirth, PersonProtection};

/// A person within reach, and the key that opens them once there is a receipt.
///
/// # Errors
/// Not found, or the service is unavailable.
pub async fn reach<P: Permission>(
    core: &Core,
    may: &May<P>,
    id: PersonId,
) -> Result<(PersonRow, OwnerKey), ApiError> {
    let (vault, may) = (core.vault.clone(), may.clone());
    core.db
        .read(move |conn| {
            let row = store::find(conn, &may, id)?;
            let key = crate::vault::store::key_of(conn, &vault, id)?;
            Ok::<_, DbError>((row, key))
        })
        .await
}

/// A person's place in the match index now: `None` when they must not be found.
///
/// # Errors
/// The service is unavailable.
pub async fn index_state_of(core: &Core, person: PersonId) -> Result<Option<IndexEntry>, ApiError> {
    let now = core.clock.now();
    core.db.read(move |conn| store::index_state(conn, person, now)).await
}

/// A person's match profile, opened by the service itself so that it can be written again: whoever edits a person
/// need not see what matching compares. The log says so.
///
/// # Errors
/// The leaf cannot be written, or the profile does not open.
pub async fn profile(core: &Core, row: &PersonRow, key: &OwnerKey) -> Result<Profile, ApiError> {
    let may: May<FollowIndex> = system("profiles")?;
    let receipt = core
        .audit
        .look(&may, |e| e.about(row.id).on(row.id).opening(may.classes()).detail("rebuild"))
        .await?;
    let opened = core.vault.seat(key, row.id.bytes(), row.version).open(&receipt, &row.profile_sealed)?;
    let SealedProfile(profile) = opened.expose();
    Ok(profile.clone())
}

/// What decides who may say yes for a person: opened by the service itself, since whoever asks at the desk
/// may not see it. The log says so.
///
/// # Errors
/// The leaf cannot be written, or a value does not open.
pub async fn subject(core: &Core, row: &PersonRow, key: &OwnerKey) -> Result<Subject, ApiError> {
    let may: May<RecordConsent> = system("consent")?;
    let classes = ClassSet::of(&[Class::Identity, Class::Protection]);
    let receipt =
        core.audit.look(&may, |e| e.about(row.id).on(row.id).opening(classes).detail("giver_suits")).await?;
    let seat = core.vault.seat(key, row.id.bytes(), row.version);
    let birth = seat.open::<PersonBirth>(&receipt, &row.birth_sealed)?;
    let protection = seat.open::<PersonProtection>(&receipt, &row.protection_sealed)?;
    Ok(Subject {
        minor: birth.expose().0.is_minor_on(core.clock.now().day()),
        caregiver_implicated: protection.expose().0.caregiver_implicated,
    })
}

/// Leave to decide in a child's best interest, where an answer is such a decision. It is asked before anything of
/// the person is looked at, so that the refusal says nothing about them.
fn deciding<P: Permission>(
    may: &May<P>,
    given_by: GivenBy,
) -> Result<Option<May<DecideBestInterest>>, Invalid> {
    if given_by != GivenBy::BestInterestDecision {
        return Ok(None);
    }
    may.also().map(Some).map_err(|_| {
        Invalid::at(
            "given_by",
            Wrong::BestInterest.says(
                "is for a protection officer to record; person, parent, legal_guardian or caregiver is taken from you",
            ),
        )
    })
}
