//! What every handler and every background task stands on.

use std::sync::Arc;

use super::gate::Gate;
use crate::audit::Audit;
use crate::config::Config;
use crate::db::{Changes, Db};
use crate::kernel::{ApiError, Chance, Clock};
use crate::vault::{Vault, store};

/// The parts of the running service. Cheap to clone; holds no personal value.
#[derive(Clone)]
pub struct Core {
    pub db: Db,
    pub vault: Arc<Vault>,
    pub audit: Audit,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<Chance>,
    pub changes: Changes,
    pub config: Arc<Config>,
    pub gate: Arc<Gate>,
}

impl Core {
    /// Opens the database, admits the society keys and starts the audit log.
    ///
    /// # Errors
    /// The database is away or older than the code; or the root key is another one.
    pub fn open(
        config: Config,
        keeper: Box<dyn crypto::RootKeeper>,
        clock: Arc<dyn Clock>,
        chance: Arc<Chance>,
    ) -> Result<Self, ApiError> {
        let db = Db::open(&config.database).map_err(|e| {
            tracing::error!(%e, "the database cannot be opened");
            ApiError::Unavailable
        })?;
        let (vault, press) = Vault::new(keeper, chance.clone());
        db.read_here(|conn| store::admit_all(conn, &vault))?;
        store::follow_keys(&vault, db.clone());
        let budgets = &config.budgets;
        let audit =
            Audit::open(db.clone(), &vault, press, clock.clone(), chance.clone(), &config.audit, budgets)?;
        let gate = Gate::open(&config.accounts, &db, &vault, &chance, clock.now())?;
        Ok(Self {
            db,
            vault: Arc::new(vault),
            audit,
            clock,
            chance,
            changes: Changes::default(),
            config: Arc::new(config),
            gate: Arc::new(gate),
        })
    }
}
