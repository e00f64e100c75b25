//! From a configuration file to an open service.

use std::sync::Arc;

use migrations::db::ConnectError;
use tracing_subscriber::EnvFilter;

use super::{CliError, ConfigFile};
use crate::auth::Core;
use crate::config::Config;
use crate::kernel::{ApiError, Chance, SystemClock};

/// Structured lines to standard error; `RELINK_LOG` chooses how many, `usual` when it does not.
pub(super) fn logging(usual: &str) {
    let filter = EnvFilter::try_from_env("RELINK_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    // A second subscriber in one process (tests) keeps the first.
    let _ = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

pub(super) fn config(file: &ConfigFile) -> Result<Config, CliError> {
    Ok(Config::load(&file.config)?)
}

/// Opens the root key: with the passphrase from its file, or asked at the terminal when the key file wants one.
pub(super) fn keeper(config: &Config) -> Result<crypto::FileKeeper, CliError> {
    let given = passphrase(config)?;
    let root = &config.keys.root_file;
    let opened = match crypto::FileKeeper::open(root, given.as_ref().map(|p| p.as_str())) {
        Err(crypto::KeyError::PassphraseNeeded) => {
            let typed = ask_passphrase("Passphrase of the root key: ")?;
            crypto::FileKeeper::open(root, Some(&typed))
        }
        opened => opened,
    };
    opened.map_err(|error| of_root_file(root, &error))
}

/// The passphrase from its file, when one is configured.
pub(super) fn passphrase(config: &Config) -> Result<Option<zeroize::Zeroizing<String>>, CliError> {
    let Some(path) = &config.keys.passphrase_file else { return Ok(None) };
    let failed = |e| CliError::new(format!("keys.passphrase_file {} cannot be read: {e}", path.display()));
    let text = zeroize::Zeroizing::new(std::fs::read_to_string(path).map_err(failed)?);
    Ok(Some(zeroize::Zeroizing::new(text.trim_end_matches(['\n', '\r']).to_owned())))
}

/// What is wrong with the root key's file, and which file that is.
pub(super) fn of_root_file(root: &std::path::Path, error: &crypto::KeyError) -> CliError {
    CliError::new(format!("keys.root_file {}: {error}", root.display()))
}

pub(super) fn ask_passphrase(prompt: &str) -> Result<zeroize::Zeroizing<String>, CliError> {
    rpassword::prompt_password(prompt)
        .map(zeroize::Zeroizing::new)
        .map_err(|_| CliError::new("no passphrase was typed; set keys.passphrase_file for unattended starts"))
}

/// The whole service, ready to act.
pub(super) fn core(file: &ConfigFile) -> Result<Core, CliError> {
    let config = config(file)?;
    let keeper = keeper(&config)?;
    database(&config).map_err(|not| match not {
        NotOpen::Away(why) | NotOpen::Wrong(CliError(why)) => CliError(why),
    })?;
    core_with(config, keeper)
}

/// Why there is no database to work with.
pub(super) enum NotOpen {
    /// It may be there in a moment.
    Away(String),
    /// Somebody must do something first.
    Wrong(CliError),
}

/// Whether the database is there, and of this program's time.
pub(super) fn database(config: &Config) -> Result<(), NotOpen> {
    let sqlite = migrations::db::is_sqlite(&config.database.url);
    let mut connection = migrations::db::connect(&config.database.url).map_err(|error| match error {
        away @ ConnectError::Refused(_) if !sqlite => NotOpen::Away(CliError::from(away).0),
        wrong => NotOpen::Wrong(wrong.into()),
    })?;
    let pending = migrations::migrate::is_pending(&mut connection);
    if pending.map_err(|e| NotOpen::Wrong(e.into()))? {
        let old = "the database is older than this program; run: relink migrate";
        return Err(NotOpen::Wrong(CliError::new(old)));
    }
    Ok(())
}

/// The service from parts at hand.
pub(super) fn core_with(config: Config, keeper: crypto::FileKeeper) -> Result<Core, CliError> {
    checkpoints(&config)?;
    let core = Core::open(config, Box::new(keeper), Arc::new(SystemClock), Arc::new(Chance::system()));
    core.map_err(|error| match error {
        ApiError::NotFound => {
            CliError::new("the key in keys.root_file is not the one that this database was made with")
        }
        other => other.into(),
    })
}

/// A log whose checkpoints have nowhere to go is not begun: who starts the service hears of it, not who reads alarms.
fn checkpoints(config: &Config) -> Result<(), CliError> {
    let folder = &config.audit.checkpoints;
    // The file that signers lock; what it holds does not matter.
    let lock = || {
        std::fs::create_dir_all(folder)?;
        std::fs::File::options().create(true).truncate(false).write(true).open(folder.join(".lock"))
    };
    let failed =
        |e| CliError::new(format!("audit.checkpoints {} cannot be written to: {e}", folder.display()));
    lock().map(drop).map_err(failed)
}

/// What a record that does not exist is called here.
pub(super) fn missing(error: crate::db::DbError, sentence: impl FnOnce() -> String) -> CliError {
    match error {
        crate::db::DbError::NotFound => CliError::new(sentence()),
        other => other.into(),
    }
}
