//! `relink migrate`.

use super::{CliError, ConfigFile, open};

pub(super) fn run(file: &ConfigFile) -> Result<(), CliError> {
    let config = open::config(file)?;
    let mut connection = migrations::db::connect(&config.database.url)?;
    let done = migrations::migrate::run(&mut connection)?;
    if done.is_empty() {
        println!("The schema is up to date.");
    }
    for name in done {
        println!("applied {name}");
    }
    Ok(())
}
