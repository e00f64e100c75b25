//! One integration binary: stories told in roles, one file a feature, on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod audit;
mod auth;
mod auth_flood;
mod auth_manage;
mod auth_pages;
mod authz;
mod cli;
mod closed;
mod consent;
mod demo;
mod edge;
mod hsp;
mod import;
mod interface;
mod killed;
mod matches;
mod measured;
mod nodes;
mod pages;
mod parity;
mod people;
mod referrals;
mod repo;
mod scan;
mod tracing_pages;
mod vault;

/// The program, built together with these tests.
pub fn relink() -> &'static str {
    env!("CARGO_BIN_EXE_relink-under-test")
}
