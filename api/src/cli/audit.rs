//! `relink audit verify`: recomputes the whole log. Exit status 0 when nothing was found, 1 when something was, 2 when
//! the log could not be verified at all.
//!
//! It only reads, so that a copy can be verified too, and with `--key` it needs no root key: an auditor with a copy of
//! the database and a checkpoint of their own asks nobody for anything.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use super::{CliError, ConfigFile, open};
use crate::audit::{Folder, Report, Trust, held_verifying_key, verify};
use crate::config::Config;
use crate::db::Db;
use crate::kernel::Chance;
use crate::vault::Vault;

/// No checkpoint is longer.
const MAX_NOTE: u64 = 4096;

#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Recompute the whole log and compare it with every signed checkpoint.
    Verify(Verify),
}

#[derive(Args)]
pub(super) struct Verify {
    #[command(flatten)]
    file: ConfigFile,
    /// An older checkpoint kept elsewhere: also finds a history rewritten by somebody who holds the signing key.
    #[arg(long, value_name = "FILE")]
    against: Vec<PathBuf>,
    /// Trust this verifier key (the line in the checkpoint folder's `verifier-key`) instead of the one under the root
    /// key.
    #[arg(long, value_name = "VERIFIER-KEY")]
    key: Option<String>,
    /// Do without the checkpoint folder: for a copy of the database far from it. Bring a checkpoint with --against.
    #[arg(long)]
    without_folder: bool,
}

pub(super) fn run(command: AuditCommand) -> ExitCode {
    let AuditCommand::Verify(options) = command;
    match options.run() {
        Ok(report) => {
            show(&report);
            if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::from(1) }
        }
        Err(error) => {
            eprintln!("relink: the log could not be verified: {error}");
            ExitCode::from(2)
        }
    }
}

impl Verify {
    fn run(self) -> Result<Report, CliError> {
        let config = open::config(&self.file)?;
        let witnessed = self.against.iter().map(read_note).collect::<Result<_, _>>()?;
        let folder = if self.without_folder { None } else { Some(folder(&config)?) };
        there(&config)?;
        let db = Db::open(&config.database)?;
        let (origin, key) = match &self.key {
            Some(line) => crypto::note::parse_verifier_key(line.trim())
                .map_err(|_| CliError::new("--key takes the one line of a verifier-key file"))?,
            None => (config.audit.origin.clone(), own_key(&config, &db)?),
        };
        let trust = Trust { key, origin, folder, witnessed };
        let bar = ProgressBar::new(0);
        if let Ok(style) =
            ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} entries, {eta} left")
        {
            bar.set_style(style);
        }
        let report = verify(&db, &trust, &mut |progress| {
            bar.set_length(progress.of);
            bar.set_position(progress.done);
        });
        bar.finish_and_clear();
        Ok(report?)
    }
}

/// Without the folder, a log cut off or rewritten whole could pass for a sound one: that is said before anything else.
fn folder(config: &Config) -> Result<Folder, CliError> {
    let path = &config.audit.checkpoints;
    std::fs::read_dir(path).map_err(|_| {
        CliError::new(format!(
            "the checkpoint folder {} (audit.checkpoints) is missing or cannot be read; bring it back, or verify with \
             --without-folder --against FILE",
            path.display()
        ))
    })?;
    Ok(Folder::at(path))
}

/// A SQLite file that is not there would be made empty by opening it.
fn there(config: &Config) -> Result<(), CliError> {
    match config.database.url.strip_prefix("sqlite:") {
        Some(path) if !std::path::Path::new(path).is_file() => {
            Err(CliError::new(format!("there is no database at {path} (database.url)")))
        }
        _ => Ok(()),
    }
}

/// The key that signs this database's log, unwrapped with the root key.
fn own_key(config: &Config, db: &Db) -> Result<crypto::VerifyingKey, CliError> {
    let keeper = open::keeper(config)?;
    let (vault, _) = Vault::new(Box::new(keeper), Arc::new(Chance::system()));
    db.read_here(|conn| held_verifying_key(conn, &vault)).map_err(|_| {
        CliError::new(
            "the signing key is not in the database or not under this root key; give the trusted --key",
        )
    })
}

fn read_note(path: &PathBuf) -> Result<String, CliError> {
    use std::io::Read;
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_NOTE).read_to_string(&mut text))
        .map_err(|_| CliError::new(format!("the checkpoint {} cannot be read", path.display())))?;
    Ok(text)
}

fn show(report: &Report) {
    println!("{} entries, {} checkpoints compared", report.leaves, report.checkpoints);
    for finding in &report.findings {
        println!("FOUND  {finding}");
    }
    if report.more > 0 {
        println!("FOUND  and {} more", report.more);
    }
    if report.is_clean() {
        println!("Nothing found: every entry, the tree and every checkpoint agree.");
    }
}
