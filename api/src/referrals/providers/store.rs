//! Providers in the database. A society sees its own directory and no other.

use diesel::prelude::*;
use migrations::schema::providers;

use super::model::{NewProvider, ProviderKind};
use crate::db::{Conn, DbError};
use crate::kernel::{Day, ProviderId, SocietyId};
use crate::policy::{ManageProviders, May};
use crate::referrals::model::Service;

/// One provider as stored.
pub struct ProviderRow {
    pub id: ProviderId,
    pub version: i64,
    pub name: String,
    pub kind: ProviderKind,
    pub services: Vec<Service>,
    pub contact_point: String,
    pub pathway_verified_on: Option<Day>,
    pub review_days: u16,
    pub active: bool,
}

type Columns = (ProviderId, i64, String, String, String, String, Option<String>, i32, bool);

const COLUMNS: (
    providers::id,
    providers::version,
    providers::name,
    providers::kind,
    providers::services,
    providers::contact_point,
    providers::pathway_verified_on,
    providers::review_days,
    providers::active,
) = (
    providers::id,
    providers::version,
    providers::name,
    providers::kind,
    providers::services,
    providers::contact_point,
    providers::pathway_verified_on,
    providers::review_days,
    providers::active,
);

fn from_columns(row: Columns) -> Result<ProviderRow, DbError> {
    let (id, version, name, kind, services, contact_point, verified_on, review_days, active) = row;
    let broken = DbError::Broken("provider");
    let services: Option<Vec<_>> = services.split_whitespace().map(Service::parse).collect();
    Ok(ProviderRow {
        id,
        version,
        name,
        kind: ProviderKind::parse(&kind).ok_or(DbError::Broken("provider"))?,
        services: services.ok_or(DbError::Broken("provider"))?,
        contact_point,
        pathway_verified_on: verified_on.as_deref().and_then(Day::parse),
        review_days: u16::try_from(review_days).map_err(|_| broken)?,
        active,
    })
}

/// A provider of the society; another society's is not found.
///
/// # Errors
/// Not found, or the database's.
pub fn find(conn: &mut Conn, society: SocietyId, id: ProviderId) -> Result<ProviderRow, DbError> {
    let row: Columns =
        providers::table.find(id).filter(providers::society_id.eq(society)).select(COLUMNS).first(conn)?;
    from_columns(row)
}

/// The society's providers after `after`, by id.
///
/// # Errors
/// The database's.
pub fn list(
    conn: &mut Conn,
    society: SocietyId,
    after: Option<ProviderId>,
    limit: usize,
) -> Result<Vec<ProviderRow>, DbError> {
    let mut query = providers::table.filter(providers::society_id.eq(society)).select(COLUMNS).into_boxed();
    if let Some(after) = after {
        query = query.filter(providers::id.gt(after));
    }
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<Columns> = query.order(providers::id).limit(limit).load(conn)?;
    rows.into_iter().map(from_columns).collect()
}

/// # Errors
/// The database's.
pub fn insert(
    tx: &mut Conn,
    _may: &May<ManageProviders>,
    society: SocietyId,
    id: ProviderId,
    new: &NewProvider,
) -> Result<(), DbError> {
    diesel::insert_into(providers::table)
        .values((
            providers::id.eq(id),
            providers::society_id.eq(society),
            providers::name.eq(&new.name),
            providers::kind.eq(new.kind.code()),
            providers::services.eq(services(new)),
            providers::contact_point.eq(&new.contact_point),
            providers::pathway_verified_on.eq(new.pathway_verified_on.map(|day| day.to_string())),
            providers::review_days.eq(i32::from(new.review_days)),
            providers::active.eq(new.active),
            providers::version.eq(1),
        ))
        .execute(tx)?;
    Ok(())
}

/// Replaces a provider of the society, if it still stands at `version`. Says whether it did.
///
/// # Errors
/// The database's.
pub fn replace(
    tx: &mut Conn,
    _may: &May<ManageProviders>,
    society: SocietyId,
    id: ProviderId,
    version: i64,
    new: &NewProvider,
) -> Result<bool, DbError> {
    let row = providers::table
        .filter(providers::id.eq(id))
        .filter(providers::society_id.eq(society))
        .filter(providers::version.eq(version));
    let changed = diesel::update(row)
        .set((
            providers::name.eq(&new.name),
            providers::kind.eq(new.kind.code()),
            providers::services.eq(services(new)),
            providers::contact_point.eq(&new.contact_point),
            providers::pathway_verified_on.eq(new.pathway_verified_on.map(|day| day.to_string())),
            providers::review_days.eq(i32::from(new.review_days)),
            providers::active.eq(new.active),
            providers::version.eq(providers::version + 1),
        ))
        .execute(tx)?;
    Ok(changed == 1)
}

fn services(new: &NewProvider) -> String {
    let codes: Vec<_> = new.services.iter().map(|service| service.code()).collect();
    codes.join(" ")
}
