//! What the handlers of this feature share: the index and the brakes on searches.

use std::sync::Arc;

use super::engine::{self, Engine};
use super::search::Throttle;
use crate::auth::Core;

/// Handed to the server at its start.
pub struct Desk {
    pub engine: Arc<Engine>,
    /// For questions to the index.
    pub throttle: Throttle,
    /// For having requests compared once more: each is work for every node.
    pub again: Throttle,
}

impl Desk {
    /// Loads the index and begins to follow; see [`engine::start`].
    pub async fn open(core: &Core) -> Self {
        Self { engine: engine::start(core).await, throttle: Throttle::new(), again: Throttle::new() }
    }
}
