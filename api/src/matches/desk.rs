//! What the handlers of this feature share: the index and the brake on searches.

use std::sync::Arc;

use super::engine::{self, Engine};
use super::search::Throttle;
use crate::auth::Core;

/// Handed to the server at its start.
pub struct Desk {
    pub engine: Arc<Engine>,
    pub throttle: Throttle,
}

impl Desk {
    /// Loads the index and begins to follow; see [`engine::start`].
    pub async fn open(core: &Core) -> Self {
        Self { engine: engine::start(core).await, throttle: Throttle::new() }
    }
}
