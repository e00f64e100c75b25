//! The `relink` program.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Folding names and answering searches ask for many small pieces of memory from many threads, which the system's own
/// allocator hands out more slowly.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    api::cli::run()
}
