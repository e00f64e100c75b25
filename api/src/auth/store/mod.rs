//! The tables of accounts and sessions, and of the places they are known from.

mod accounts;
mod known;
mod sessions;

pub(super) use accounts::*;
pub(super) use known::*;
pub(super) use sessions::*;
