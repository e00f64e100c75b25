//! From a configuration file to an open service.

use std::sync::Arc;

use tracing_subscriber::EnvFilter;

use super::{CliError, ConfigFile};
use crate::auth::Core;
use crate::config::Config;
use crate::kernel::{Chance, SystemClock};

/// Structured lines to standard error; `RELINK_LOG` chooses how many.
pub(super) fn logging() {
    let filter = EnvFilter::try_from_env("RELINK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // A second subscriber in one process (tests) keeps the first.
    let _ = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

pub(super) fn config(file: &ConfigFile) -> Result<Config, CliError> {
    Ok(Config::load(&file.config)?)
}

/// Opens the root key: with the passphrase from its file, or asked at the terminal when the key file wants one.
pub(super) fn keeper(config: &Config) -> Result<crypto::FileKeeper, CliError> {
    let given = match &config.keys.passphrase_file {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|_| CliError::new("keys.passphrase_file cannot be read"))?;
            Some(zeroize::Zeroizing::new(text.trim_end_matches(['\n', '\r']).to_owned()))
        }
        None => None,
    };
    let root = &config.keys.root_file;
    match crypto::FileKeeper::open(root, given.as_ref().map(|p| p.as_str())) {
        Err(crypto::KeyError::PassphraseNeeded) => {
            let typed = ask_passphrase("Passphrase of the root key: ")?;
            Ok(crypto::FileKeeper::open(root, Some(&typed))?)
        }
        opened => Ok(opened?),
    }
}

pub(super) fn ask_passphrase(prompt: &str) -> Result<zeroize::Zeroizing<String>, CliError> {
    rpassword::prompt_password(prompt)
        .map(zeroize::Zeroizing::new)
        .map_err(|_| CliError::new("no passphrase was typed; set keys.passphrase_file for unattended starts"))
}

/// The whole service, ready to act.
pub(super) fn core(file: &ConfigFile) -> Result<Core, CliError> {
    let config = config(file)?;
    let mut connection = migrations::db::connect(&config.database.url)?;
    if migrations::migrate::is_pending(&mut connection)? {
        return Err(CliError::new("the database is older than this program; run: relink migrate"));
    }
    drop(connection);
    let keeper = keeper(&config)?;
    Ok(Core::open(config, Box::new(keeper), Arc::new(SystemClock), Arc::new(Chance::system()))?)
}
