//! The command line: what an operator does. It passes the same policy as everybody, under the role *system*. What only
//! measures the matcher (`rank`, `evaluate`) reads files of invented or decided people, and no database.

mod audit;
mod demo;
mod evaluate;
mod folder;
mod import;
mod keys;
mod migrate;
mod open;
mod rank;
mod serve;
mod societies;
mod sweep;
mod users;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Finds missing relatives together: tracing requests, service point contacts, explained matches, safe referrals.
///
/// Personal values are sealed field by field; every look leaves a line in a log that can be verified.
#[derive(Parser)]
#[command(name = "relink", version, arg_required_else_help = true, after_help = FIRST_STEPS)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const FIRST_STEPS: &str = "To look around: relink demo
To set up: relink keys create, relink migrate, relink societies create, relink users create, relink serve";

/// Where the configuration lies.
#[derive(Args, Clone)]
pub struct ConfigFile {
    /// The configuration file (TOML); the environment overrules it, RELINK_DATABASE__URL its key database.url.
    #[arg(long, value_name = "FILE", default_value = "relink.toml", env = "RELINK_CONFIG")]
    config: PathBuf,
}

#[derive(Subcommand)]
enum Command {
    /// Build an invented world in a local folder, print who can sign in, and serve it.
    Demo(demo::DemoCommand),
    /// Make, list and rotate the keys that everything is sealed under.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Bring the database schema up to date.
    Migrate(ConfigFile),
    /// Take in societies, list them.
    #[command(subcommand)]
    Societies(societies::SocietiesCommand),
    /// Make, list, disable and reset accounts.
    #[command(subcommand)]
    Users(users::UsersCommand),
    /// Take over contacts or tracing requests from a file.
    #[command(subcommand)]
    Import(import::ImportCommand),
    Rank(rank::RankCommand),
    Evaluate(evaluate::EvaluateCommand),
    Match(sweep::MatchCommand),
    /// Serve pages and programs until told to stop.
    Serve(ConfigFile),
    /// Verify the log of who did and saw what.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
}

/// A code of one of our lists, for the command line.
fn code<T: CodeList>(text: &str) -> Result<T, String> {
    T::of(text).ok_or_else(|| format!("accepted: {}", T::codes().join(", ")))
}

trait CodeList: Sized {
    fn of(text: &str) -> Option<Self>;
    fn codes() -> &'static [&'static str];
}

/// Why a command stopped. One sentence for the operator; no personal value, no secret.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct CliError(String);

impl CliError {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

macro_rules! from_error {
    ($($kind:ty),*) => {
        $(impl From<$kind> for CliError {
            fn from(error: $kind) -> Self {
                Self(error.to_string())
            }
        })*
    };
}

from_error!(
    crate::config::ConfigError,
    crate::policy::Denied,
    crypto::KeyError,
    matcher::records::Problem,
    migrations::migrate::MigrateError
);

impl From<migrations::db::ConnectError> for CliError {
    fn from(error: migrations::db::ConnectError) -> Self {
        // A driver's text goes over several lines.
        let told = error.to_string();
        Self(format!("database.url: {}", told.split_whitespace().collect::<Vec<_>>().join(" ")))
    }
}

impl From<crate::kernel::Invalid> for CliError {
    fn from(problems: crate::kernel::Invalid) -> Self {
        let told: Vec<_> = problems.0.iter().map(|p| format!("{} {}", p.field, p.problem)).collect();
        Self(told.join("; "))
    }
}

impl From<crate::kernel::ApiError> for CliError {
    fn from(error: crate::kernel::ApiError) -> Self {
        match error {
            crate::kernel::ApiError::Invalid(problems) => problems.into(),
            other => Self(other.to_string()),
        }
    }
}

impl From<crate::db::DbError> for CliError {
    fn from(error: crate::db::DbError) -> Self {
        crate::kernel::ApiError::from(error).into()
    }
}

/// Runs the program.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    open::logging(if matches!(cli.command, Command::Serve(_)) { "info" } else { "warn" });
    let done = match cli.command {
        Command::Demo(command) => demo::run(&command),
        Command::Migrate(file) => migrate::run(&file),
        Command::Keys(command) => keys::run(command),
        Command::Audit(command) => return audit::run(command),
        Command::Serve(file) => serve::run(&file),
        Command::Users(command) => users::run(command),
        Command::Societies(command) => societies::run(command),
        Command::Import(command) => import::run(command),
        Command::Match(command) => sweep::run(&command),
        Command::Rank(command) => rank::run(&command),
        Command::Evaluate(command) => evaluate::run(&command),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("relink: {error}");
            ExitCode::FAILURE
        }
    }
}
