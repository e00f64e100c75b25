//! `relink keys`: the root key's file, and the societies' keys.

use clap::Subcommand;

use super::{CliError, ConfigFile, open};
use crate::kernel::{Chance, SocietyId};
use crate::policy::{ManageKeys, system};
use crate::vault::store;

#[derive(Subcommand)]
pub(super) enum KeysCommand {
    /// Make the root key and its file. Losing the file or its passphrase loses every record.
    Create {
        #[command(flatten)]
        file: ConfigFile,
        /// Protect the file by its mode alone, without a passphrase.
        #[arg(long)]
        without_passphrase: bool,
    },
    /// List the societies' keys and how many people each one wraps.
    List(ConfigFile),
    /// Give a society a new key and wrap every data key under it; goes on where it stopped.
    Rotate {
        #[command(flatten)]
        file: ConfigFile,
        /// The society's code.
        society: String,
        /// Only wrap again what an earlier rotation left under an older key.
        #[arg(long)]
        resume: bool,
    },
}

pub(super) fn run(command: KeysCommand) -> Result<(), CliError> {
    match command {
        KeysCommand::Create { file, without_passphrase } => create(&file, without_passphrase),
        KeysCommand::List(file) => list(&file),
        KeysCommand::Rotate { file, society, resume } => rotate(&file, &society, resume),
    }
}

fn create(file: &ConfigFile, without_passphrase: bool) -> Result<(), CliError> {
    let config = open::config(file)?;
    let passphrase = if without_passphrase {
        None
    } else if let Some(given) = open::passphrase(&config)? {
        Some(given)
    } else {
        let first = open::ask_passphrase("New passphrase for the root key: ")?;
        if open::ask_passphrase("Once more: ")? != first {
            return Err(CliError::new("the two passphrases differ; nothing was made"));
        }
        Some(first)
    };
    let root = &config.keys.root_file;
    Chance::system()
        .with(|rng| crypto::FileKeeper::create(root, passphrase.as_ref().map(|p| p.as_str()), rng))
        .map_err(|error| open::of_root_file(root, &error))?;
    println!("Made {}. Keep a copy where this machine's thief would not find it.", root.display());
    Ok(())
}

fn list(file: &ConfigFile) -> Result<(), CliError> {
    let core = open::core(file)?;
    for line in core.db.read_here(store::list_society_keys)? {
        println!(
            "{:<24} version {:<4} {:<10} {} data keys",
            line.society, line.version, line.state, line.wraps
        );
    }
    Ok(())
}

/// Data keys wrapped again in one transaction.
const BATCH: i64 = 500;

fn rotate(file: &ConfigFile, code: &str, resume: bool) -> Result<(), CliError> {
    let core = open::core(file)?;
    let may = system::<ManageKeys>("keys")?;
    let society: SocietyId = core
        .db
        .read_here(|conn| store::society_by_code(conn, code))
        .map_err(|e| open::missing(e, || format!("there is no society with the code {code:?}")))?;
    if !resume {
        let version = core.db.write_here(|tx| {
            let version = store::add_society_key(tx, &core.vault, society, core.clock.now())?;
            core.audit.append(tx, &may, |e| e.on(society).detail("society_key_added"))?;
            Ok::<_, crate::db::DbError>(version)
        })?;
        core.db.read_here(|conn| store::admit_all(conn, &core.vault))?;
        println!("{code} has key version {version}; running services take it up by themselves.");
    }
    let bar = indicatif::ProgressBar::new(core.db.read_here(|conn| store::stale_keys(conn, society))?);
    loop {
        let moved = core.db.write_here(|tx| {
            let moved = store::rewrap_some(tx, &core.vault, society, BATCH)?;
            if moved > 0 {
                core.audit
                    .append(tx, &may, |e| e.on(society).detail("data_keys_rewrapped").counting(moved))?;
            }
            Ok::<_, crate::db::DbError>(moved)
        })?;
        if moved == 0 {
            break;
        }
        bar.inc(moved);
    }
    bar.finish();
    println!("Every data key of {code} is wrapped under its newest key.");
    Ok(())
}
