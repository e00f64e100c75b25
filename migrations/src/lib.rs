//! The database schema in both dialects, and the one connection type that speaks to either.
//!
//! ```text
//! sqlite/<n>_<what>/up.sql ─┐                       ┌─ db::AnyConnection ── the rest of the service
//!                           ├─ migrate (embedded) ──┤
//! postgres/<n>_<what>/up.sql┘                       └─ schema (one set of tables for both)
//! ```
//! This crate knows no people, keys or rules: only tables, column types and how to open a connection.

// Keeps the bundled C libraries linked: nothing runs on a machine's own SQLite or libpq.
use libsqlite3_sys as _;
use pq_sys as _;

pub mod db;
pub mod migrate;
pub mod schema;
pub mod sealed;

pub use diesel;
pub use uuid;
