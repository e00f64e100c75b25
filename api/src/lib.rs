//! The service: `parse → May<Permission> → store → Receipt → vault`.
//!
//! ```text
//! kernel ← config, db ← policy, vault ← audit ← auth ← web ← features ← app, cli
//! ```
//! Imports point to the left only; a test of the repository checks it.

pub mod account;
pub mod app;
pub mod audit;
pub mod auth;
pub mod cli;
pub mod config;
pub mod consent;
pub mod db;
pub mod hsp;
pub mod kernel;
pub mod matches;
pub mod oversight;
pub mod people;
pub mod policy;
pub mod referrals;
pub mod requests;
pub mod server;
pub mod vault;
pub mod web;

/// Folding names and answering searches ask for many small pieces of memory from many threads, which the system's own
/// allocator hands out more slowly. With guard pages and checked lists of what is free, as the system's has checks.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
