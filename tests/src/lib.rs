//! The test harness: what tests share and no single story owns.
//!
//! [`postgres`] and [`browser`] start real programs. Both run under a [`warden`], so nothing a test started
//! outlives the test process, however that ends.

pub mod browser;
pub mod postgres;
pub mod warden;
pub mod world;
