//! Opening a tracing request: the enquirer, everybody who is sought, and the case itself, all together or not at all.

use super::change::assign_all;
use super::clues::clues_of;
use crate::auth::Core;
use crate::consent::LegalBasis;
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, PersonId, PointId, RequestId, SocietyId};
use crate::people::{self, Clues, PersonKind, ReadyPerson};
use crate::policy::{May, OpenRequest, Permission};
use crate::requests::model::*;
use crate::requests::store::{self, ReadyRequest};
use crate::web::Idempotency;

/// Where a new request belongs.
#[derive(Clone, Copy, Debug)]
pub struct Home {
    pub society: SocietyId,
    pub point: Option<PointId>,
}

impl Home {
    /// The caller's own society and point.
    ///
    /// # Errors
    /// The caller belongs to none.
    pub fn of<P: Permission>(may: &May<P>) -> Result<Self, ApiError> {
        let society = may.society().ok_or(ApiError::Forbidden)?;
        Ok(Self { society, point: may.point() })
    }

    /// Somebody new here. Who is sought was not asked: public interest, and only for tracing.
    fn entry(self, kind: PersonKind, clues: &Clues) -> people::Entry<'_> {
        let legal_basis = match kind {
            PersonKind::Sought => LegalBasis::PublicInterest,
            PersonKind::Enquirer | PersonKind::Contact => LegalBasis::Consent,
        };
        people::Entry { kind, society: self.society, point: self.point, legal_basis, clues }
    }
}

/// Opens a request. Whoever opens it works on it.
///
/// # Errors
/// The database's, or the society has no key.
pub async fn open(
    core: &Core,
    may: May<OpenRequest>,
    once: Idempotency,
    form: NewRequest,
) -> Result<RequestId, ApiError> {
    put(core, may, once, form, seal_draft).await
}

/// Opens a request that was assessed while it was written down: it is searched at once, as far as R-12 allows.
///
/// # Errors
/// As [`open`].
pub async fn open_accepted(
    core: &Core,
    may: May<OpenRequest>,
    once: Idempotency,
    form: NewRequest,
) -> Result<RequestId, ApiError> {
    put(core, may, once, form, seal_accepted).await
}

type Seal = fn(&Core, &May<OpenRequest>, Home, &NewRequest) -> Result<ReadyRequest, ApiError>;

async fn put(
    core: &Core,
    may: May<OpenRequest>,
    once: Idempotency,
    form: NewRequest,
    seal: Seal,
) -> Result<RequestId, ApiError> {
    let home = Home::of(&may)?;
    let here = core.clone();
    let id = core
        .db
        .write(move |tx| {
            once.run(tx, &may, here.clock.now(), |tx| {
                let ready = seal(&here, &may, home, &form).map_err(DbError::Refused)?;
                write_all(tx, &here, &may, &[&ready])?;
                if let Some(account) = may.account() {
                    let everybody: Vec<PersonId> = ready.people().map(ReadyPerson::id).collect();
                    assign_all(tx, &here, ready.id, &everybody, account)?;
                }
                Ok(ready.id)
            })
        })
        .await?;
    core.changes.wake();
    Ok(id)
}

fn seal_draft(
    core: &Core,
    may: &May<OpenRequest>,
    home: Home,
    form: &NewRequest,
) -> Result<ReadyRequest, ApiError> {
    seal(core, may, home, form, &[])
}

/// Seals a request that another register has assessed already: it goes on to searching, unless a possible conflict of
/// interest keeps it in assessment. Asks no database, so any number may be sealed at once.
///
/// # Errors
/// The society has no key.
pub fn seal_accepted(
    core: &Core,
    may: &May<OpenRequest>,
    home: Home,
    form: &NewRequest,
) -> Result<ReadyRequest, ApiError> {
    use RequestState as S;
    let course = [(S::Draft, S::PreCase), (S::PreCase, S::Accepted), (S::Accepted, S::Searching)];
    let steps = if form.circumstances.concerns.is_empty() { course.len() } else { 1 };
    seal(core, may, home, form, course.get(..steps).unwrap_or_default())
}

fn seal(
    core: &Core,
    may: &May<OpenRequest>,
    home: Home,
    form: &NewRequest,
    course: &[(RequestState, RequestState)],
) -> Result<ReadyRequest, ApiError> {
    let now = core.clock.now();
    let none = Clues::default();
    let enquirer = people::seal_new(core, &form.enquirer, home.entry(PersonKind::Enquirer, &none), now)?;
    let sought = |sought: &NewSought| {
        people::seal_new(core, &sought.person, home.entry(PersonKind::Sought, &clues_of(sought)), now)
    };
    let sought = form.sought.iter().map(sought).collect::<Result<_, _>>()?;
    let Home { society, point } = home;
    let opening = store::Opening { society, point, by: may.account(), now, course };
    Ok(ReadyRequest::seal(core, form, enquirer, sought, &opening))
}

/// Writes sealed requests, each with leaves of its own that name everybody it is about: that it was opened, and each
/// move it had made before.
///
/// # Errors
/// The database's.
pub fn write_all(
    tx: &mut Conn,
    core: &Core,
    may: &May<OpenRequest>,
    ready: &[&ReadyRequest],
) -> Result<(), DbError> {
    store::write(tx, ready)?;
    let leaves = ready.iter().flat_map(|request| {
        let digests: Vec<&[u8]> = request.people().map(|person| person.digest.as_slice()).collect();
        let opened = ("opened", crypto::derive::sha256(&digests));
        let moved = request.course.iter().map(|(_, to)| (to.code(), request.digest));
        std::iter::once(opened).chain(moved).map(move |leaf| (request, leaf))
    });
    core.audit.append_each(tx, may, leaves, |e, (request, (detail, digest))| {
        e.about_all(request.people().map(ReadyPerson::id)).on(request.id).detail(detail).digest(digest)
    })?;
    Ok(())
}
