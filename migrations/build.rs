//! The migrations are embedded by a macro that cargo cannot see into: this makes a changed SQL file rebuild the crate.
fn main() {
    println!("cargo:rerun-if-changed=sqlite");
    println!("cargo:rerun-if-changed=postgres");
}
