//! Writing what is known of a sought person's way. A row is rewritten whole: each sealed column belongs to its version.

use diesel::prelude::*;
use migrations::schema::sought_persons;

use super::{SoughtRow, stale};
use crate::db::{Conn, DbError};
use crate::requests::model::*;
use crate::vault::*;

/// Writes the row's next version; what the change leaves out is carried. A digest of its ciphertexts goes to the leaf.
///
/// # Errors
/// The row has moved on; or the database's or the vault's.
pub fn rewrite_sought(
    tx: &mut Conn,
    vault: &Vault,
    key: &OwnerKey,
    row: &SoughtRow,
    change: SoughtChange,
) -> Result<[u8; 32], DbError> {
    let next = row.version + 1;
    let old = vault.seat(key, row.id.bytes(), row.version);
    let new = vault.seat(key, row.id.bytes(), next);
    let refused = |e: VaultError| DbError::Refused(e.into());
    let relation = old.carry(&row.relation_sealed, next).map_err(refused)?;
    let last_contact = match change.last_contact {
        Some(value) => new.seal::<SoughtLastContact>(&Json(value)),
        None => old.carry(&row.last_contact_sealed, next).map_err(refused)?,
    };
    let last_place = match change.last_place {
        Some(value) => new.seal::<SoughtLastPlace>(&Json(value)),
        None => old.carry(&row.last_place_sealed, next).map_err(refused)?,
    };
    let journey = match change.journey {
        Some(value) => new.seal::<SoughtJourney>(&Json(value)),
        None => old.carry(&row.journey_sealed, next).map_err(refused)?,
    };
    let parts = [relation.bytes(), last_contact.bytes(), last_place.bytes(), journey.bytes()];
    let digest = crypto::derive::sha256(&parts);
    let changed = diesel::update(sought_persons::table)
        .filter(sought_persons::id.eq(row.id).and(sought_persons::version.eq(row.version)))
        .set((
            sought_persons::version.eq(next),
            sought_persons::relation_sealed.eq(relation),
            sought_persons::last_contact_sealed.eq(last_contact),
            sought_persons::last_place_sealed.eq(last_place),
            sought_persons::journey_sealed.eq(journey),
        ))
        .execute(tx)?;
    if changed == 1 { Ok(digest) } else { Err(stale()) }
}
