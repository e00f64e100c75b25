//! What the handlers of this feature share: the index and the brake on searches.

use std::sync::Arc;

use super::engine::{self, Engine};
use super::search::Throttle;
use crate::auth::Core;
use crate::kernel::ApiError;

/// Handed to the server at its start.
pub struct Desk {
    pub engine: Arc<Engine>,
    pub throttle: Throttle,
}

impl Desk {
    /// Loads the index and begins to follow.
    ///
    /// # Errors
    /// The database or the audit log is away.
    pub async fn open(core: &Core) -> Result<Self, ApiError> {
        Ok(Self { engine: engine::start(core).await?, throttle: Throttle::new() })
    }
}
