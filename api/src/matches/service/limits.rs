//! The limits that a found person put on a yes: "not to my uncle". Whether the enquirer is the uncle is not for the
//! enquirer's side to judge, so nothing is released under such a yes; the person is asked again about this family.

use crate::auth::Core;
use crate::consent::{self, ConsentKind};
use crate::db::DbError;
use crate::kernel::{ApiError, CandidateId, ConsentId};
use crate::matches::model::CandidateState;
use crate::matches::store;
use crate::policy::{Class, ClassSet, May, ReleaseNews};
use crate::requests::Released;
use crate::vault::store::key_of;

/// The found person's yes that a release would rest on, if it leaves nothing out; `None` without one. Looking is audited.
///
/// # Errors
/// The yes has limits; not found; the audit log is away.
pub(super) async fn without_limits(
    core: &Core,
    may: &May<ReleaseNews>,
    id: CandidateId,
    kind: Released,
) -> Result<Option<ConsentId>, ApiError> {
    let kind = match kind {
        Released::SafeAndWell => ConsentKind::ShareSafeAndWellOnly,
        Released::Location => ConsentKind::ShareLocationWithEnquirer,
    };
    let (here, asked, now) = (core.clone(), may.clone(), core.clock.now());
    let (found, key, limits) = core
        .db
        .read(move |conn| {
            let row = store::find(conn, &asked, id)?;
            let key = key_of(conn, &here.vault, row.found_id)?;
            // What somebody answered is told of nobody whom two people have not verified.
            let limits = match row.state == CandidateState::Verified.code() {
                true => consent::limits(conn, row.found_id, kind, now)?,
                false => None,
            };
            Ok::<_, DbError>((row.found_id, key, limits))
        })
        .await?;
    let Some(limits) = limits else { return Ok(None) };
    let narrative = ClassSet::of(&[Class::Narrative]);
    let receipt =
        core.audit.look(may, |e| e.about(found).on(id).opening(narrative).detail("release_limits")).await?;
    if limits.is_limited(&core.vault, &key, &receipt)? {
        return Err(ApiError::Conflict(
            "consent_limited",
            "the found person's yes leaves something out; ask them again, and record a yes to telling this family \
             exactly this",
        ));
    }
    Ok(Some(limits.id))
}
