//! Keeping the directory: listed by everybody in the society, changed by its protection officers.

use super::model::{NewProvider, ProviderAdded, ProviderForm, ProviderView};
use super::store;
use crate::auth::Core;
use crate::db::DbError;
use crate::kernel::{ApiError, Page, PageRequest, ProviderId, SocietyId};
use crate::policy::{ManageProviders, May, Permission, ReadRegister};
use crate::web::Idempotency;

/// The system belongs to no society and keeps no directory of its own.
fn society<P: Permission>(may: &May<P>) -> Result<SocietyId, ApiError> {
    may.society().ok_or(ApiError::Forbidden)
}

/// # Errors
/// Input problems, or the service is not able to write.
pub async fn add(
    core: &Core,
    may: May<ManageProviders>,
    once: Idempotency,
    form: ProviderForm,
) -> Result<ProviderAdded, ApiError> {
    let new = NewProvider::parse(form, core.clock.now().day())?;
    let society = society(&may)?;
    let id = ProviderId::new(core.clock.as_ref(), &core.chance);
    let (audit, now) = (core.audit.clone(), core.clock.now());
    core.db
        .write(move |tx| {
            once.run(tx, &may, now, |tx| {
                store::insert(tx, &may, society, id, &new)?;
                audit.append(tx, &may, |event| event.on(id).detail("provider_added"))?;
                Ok(ProviderAdded { id })
            })
        })
        .await
}

/// # Errors
/// Input problems; not found; somebody else changed it meanwhile.
pub async fn change(
    core: &Core,
    may: May<ManageProviders>,
    id: ProviderId,
    version: i64,
    form: ProviderForm,
) -> Result<i64, ApiError> {
    let new = NewProvider::parse(form, core.clock.now().day())?;
    let society = society(&may)?;
    let audit = core.audit.clone();
    core.db
        .write(move |tx| {
            store::find(tx, society, id)?;
            if !store::replace(tx, &may, society, id, version, &new)? {
                return Err(DbError::Refused(ApiError::Conflict(
                    "stale",
                    "the record has changed since you looked; look again",
                )));
            }
            audit.append(tx, &may, |event| event.on(id).detail("provider_changed"))?;
            Ok::<_, DbError>(version + 1)
        })
        .await
}

/// # Errors
/// Not found, or the database is away.
pub async fn show(core: &Core, may: &May<ReadRegister>, id: ProviderId) -> Result<ProviderView, ApiError> {
    let society = society(may)?;
    let today = core.clock.now().day();
    let row = core.db.read(move |conn| store::find(conn, society, id)).await?;
    Ok(ProviderView::of(row, today))
}

/// # Errors
/// The database is away.
pub async fn list(
    core: &Core,
    may: &May<ReadRegister>,
    page: PageRequest<ProviderId>,
) -> Result<Page<ProviderView>, ApiError> {
    let society = society(may)?;
    let today = core.clock.now().day();
    let limit = page.limit;
    let rows = core.db.read(move |conn| store::list(conn, society, page.after, limit + 1)).await?;
    Ok(Page::cut(rows, limit, |row| row.id.to_string()).map(|row| ProviderView::of(row, today)))
}
