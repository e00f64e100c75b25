//! The test harness: what tests share and no single story owns.
//!
//! [`postgres`] and [`browser`] start real programs; [`accessible`] says what every page owes its readers. Both run
//! under a [`warden`], so nothing a test started outlives the test process, however that ends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a harness that cannot go on fails its test"
)]

pub mod accessible;
pub mod browser;
pub mod postgres;
pub mod program;
pub mod site;
pub mod warden;
pub mod world;
