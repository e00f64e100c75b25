//! The tables of accounts and sessions.

mod accounts;
mod sessions;

pub(super) use accounts::*;
pub(super) use sessions::*;
