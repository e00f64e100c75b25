//! `relink migrate`: the schema, and the words of consent that come with the program.

use super::{CliError, ConfigFile, open};
use crate::config::Config;
use crate::consent;
use crate::kernel::{Chance, SystemClock};

pub(super) fn run(file: &ConfigFile) -> Result<(), CliError> {
    let done = bring_up(&open::config(file)?)?;
    if done.is_empty() {
        println!("The schema is up to date.");
    }
    for name in done {
        println!("applied {name}");
    }
    Ok(())
}

/// Brings a database up to date and names what was done.
pub(super) fn bring_up(config: &Config) -> Result<Vec<String>, CliError> {
    let mut connection = migrations::db::connect(&config.database.url)?;
    let mut done = migrations::migrate::run(&mut connection)?;
    let words = migrations::db::write_tx(&mut connection, |tx| {
        consent::seed_texts(tx, &SystemClock, &Chance::system())
    })?;
    if words > 0 {
        done.push(format!("the words of consent ({words} texts)"));
    }
    Ok(done)
}
