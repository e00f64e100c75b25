//! The tree as it is stored, and the proofs it gives.

use std::cell::RefCell;

use crypto::merkle::{Hash, consistency_proof, inclusion_proof};
use diesel::prelude::*;
use migrations::schema::{audit_leaves, audit_nodes};

use crate::db::{Conn, DbError};

/// The stored hash of a complete node; level 0 stands with the leaves.
pub(super) fn node(conn: &mut Conn, level: u8, position: u64) -> Result<Hash, DbError> {
    let position = i64::try_from(position).map_err(|_| DbError::Broken("audit"))?;
    let hash: Vec<u8> = if level == 0 {
        audit_leaves::table.find(position).select(audit_leaves::hash).first(conn)?
    } else {
        audit_nodes::table.find((i32::from(level), position)).select(audit_nodes::hash).first(conn)?
    };
    hash.try_into().map_err(|_| DbError::Broken("audit node"))
}

/// The hashes from leaf `index` to the root of the first `size` leaves.
pub(super) fn inclusion(conn: &mut Conn, index: u64, size: u64) -> Result<Vec<Hash>, DbError> {
    let conn = RefCell::new(conn);
    inclusion_proof(index, size, |level, position| node(&mut conn.borrow_mut(), level, position))
}

/// The hashes that show that the first `new` leaves begin with the first `old`.
pub(super) fn consistency(conn: &mut Conn, old: u64, new: u64) -> Result<Vec<Hash>, DbError> {
    let conn = RefCell::new(conn);
    consistency_proof(old, new, |level, position| node(&mut conn.borrow_mut(), level, position))
}
