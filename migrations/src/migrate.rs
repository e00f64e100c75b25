//! The embedded migrations: one folder per dialect, applied in order, each in its own transaction.

use diesel::migration::MigrationVersion;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::db::AnyConnection;

const SQLITE: EmbeddedMigrations = embed_migrations!("sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("postgres");

/// Why the schema could not be brought up to date.
#[derive(Debug)]
pub struct MigrateError(String);

impl std::fmt::Display for MigrateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the schema could not be brought up to date: {}", self.0)
    }
}

impl std::error::Error for MigrateError {}

/// Applies what is missing and names what it applied; nothing the second time.
pub fn run(connection: &mut AnyConnection) -> Result<Vec<String>, MigrateError> {
    let names = |done: Vec<MigrationVersion<'_>>| done.iter().map(ToString::to_string).collect();
    match connection {
        AnyConnection::Sqlite(c) => c.run_pending_migrations(SQLITE).map(names),
        AnyConnection::Postgres(c) => c.run_pending_migrations(POSTGRES).map(names),
    }
    .map_err(|e| MigrateError(e.to_string()))
}

/// Whether migrations are waiting: a service must not run on an older schema than its code.
pub fn is_pending(connection: &mut AnyConnection) -> Result<bool, MigrateError> {
    match connection {
        AnyConnection::Sqlite(c) => c.has_pending_migration(SQLITE),
        AnyConnection::Postgres(c) => c.has_pending_migration(POSTGRES),
    }
    .map_err(|e| MigrateError(e.to_string()))
}
