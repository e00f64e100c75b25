//! The program as the tests start it: the same entry as `relink`, built together with the tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    api::cli::run()
}
