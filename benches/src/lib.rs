//! What the benches and the tests stand on: populations of invented people, the same on every machine.
//!
//! The benches themselves live in `benches/*.rs` beside this library and each says what it defends.

pub mod corpus;
pub mod latency;
