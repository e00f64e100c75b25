//! The `relink` program.
fn main() {}
