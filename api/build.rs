//! Translations are read at compile time; without this a new or changed file would go unnoticed.
fn main() {
    println!("cargo:rerun-if-changed=locales");
}
