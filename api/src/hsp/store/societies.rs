//! Societies: each is founded with a key of its own.

use diesel::prelude::*;

use crate::auth::Core;
use crate::db::schema::societies;
use crate::db::{Conn, DbError};
use crate::hsp::forms::NewSociety;
use crate::hsp::views::SocietyView;
use crate::kernel::SocietyId;
use crate::vault::store::add_society_key;

/// Founds a society with its first key. After the commit the caller lets the vault have the key
/// (`vault::store::admit_all`), or uses `hsp::found_society`, which does both.
///
/// # Errors
/// The code is taken, the key keeper is away, or the database's.
pub fn insert_society(tx: &mut Conn, core: &Core, society: &NewSociety) -> Result<SocietyId, DbError> {
    let id = SocietyId::new(core.clock.as_ref(), &core.chance);
    let now = core.clock.now();
    diesel::insert_into(societies::table)
        .values((
            societies::id.eq(id),
            societies::code.eq(&society.code),
            societies::name.eq(&society.name),
            societies::country.eq(society.country.code()),
            societies::created_at.eq(now.micros()),
        ))
        .execute(tx)?;
    add_society_key(tx, &core.vault, id, now)?;
    Ok(id)
}

/// # Errors
/// Not found, or the database's.
pub fn society_by_code(conn: &mut Conn, code: &str) -> Result<SocietyId, DbError> {
    Ok(societies::table.filter(societies::code.eq(code)).select(societies::id).first(conn)?)
}

/// Societies by id, after one.
///
/// # Errors
/// The database's.
pub fn societies(conn: &mut Conn, after: Option<SocietyId>, limit: i64) -> Result<Vec<SocietyView>, DbError> {
    let after = after.unwrap_or(SocietyId::from_uuid(migrations::uuid::Uuid::nil()));
    let rows: Vec<(SocietyId, String, String, String)> = societies::table
        .filter(societies::id.gt(after))
        .order(societies::id)
        .limit(limit)
        .select((societies::id, societies::code, societies::name, societies::country))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, code, name, country)| SocietyView { id, code, name, country }).collect())
}
