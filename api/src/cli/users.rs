//! `relink users`: the first accounts of a society, and those of people whose administrator is away. Nobody's password
//! passes here: an account begins with an enrolment code, and its owner does the rest.

use clap::Subcommand;

use super::{CliError, CodeList, ConfigFile, code, open};
use crate::auth::accounts::{self, Change, Invited};
use crate::auth::{AccountView, Core, Language, Login, NewAccount};
use crate::db::{Conn, DbError};
use crate::hsp;
use crate::policy::{ManageAccounts, May, Role, system};
use crate::vault::store::society_by_code;

#[derive(Subcommand)]
pub(super) enum UsersCommand {
    /// Make an account and print the code with which its owner enrols.
    Create {
        #[command(flatten)]
        file: ConfigFile,
        /// The code of the society.
        #[arg(long, value_name = "CODE")]
        society: String,
        /// intake, caseworker, reviewer, protection_officer, auditor, data_protection_officer or administrator. One
        /// account holds one role.
        #[arg(long, value_parser = code::<Role>)]
        role: Role,
        /// The word to sign in with: 3 to 64 of a-z, 0-9, dot, underscore, hyphen. A code name rather than a name.
        #[arg(long)]
        login: String,
        /// The code of the service point; intake needs one.
        #[arg(long, value_name = "CODE")]
        point: Option<String>,
        /// The language of the pages: en, es, fr, ar.
        #[arg(long, value_parser = code::<Language>, default_value = "en", value_name = "CODE")]
        language: Language,
    },
    /// List all accounts.
    List(ConfigFile),
    /// Close an account and end its sessions at once.
    Disable {
        #[command(flatten)]
        file: ConfigFile,
        login: String,
    },
    /// Take password and second factor away and print a new enrolment code: for somebody who lost them, or to bring
    /// back a disabled account.
    #[command(visible_alias = "enable")]
    Reset {
        #[command(flatten)]
        file: ConfigFile,
        login: String,
    },
}

impl CodeList for Role {
    fn of(text: &str) -> Option<Self> {
        Self::parse(text).filter(|role| *role != Self::System)
    }
    fn codes() -> &'static [&'static str] {
        Self::CODES.split_last().map_or(&[], |(_, accounts)| accounts)
    }
}

impl CodeList for Language {
    fn of(text: &str) -> Option<Self> {
        Self::parse(text)
    }
    fn codes() -> &'static [&'static str] {
        Self::CODES
    }
}

pub(super) fn run(command: UsersCommand) -> Result<(), CliError> {
    match command {
        UsersCommand::Create { file, society, role, login, point, language } => {
            let core = open::core(&file)?;
            let society = core
                .db
                .read_here(|conn| society_by_code(conn, &society))
                .map_err(|e| open::missing(e, || format!("there is no society with the code {society:?}")))?;
            let point = point.map(|code| point_by_code(&core, society, &code)).transpose()?;
            let login = Login::parse("the login", &login)?;
            let new = NewAccount { society, point, login, role, language };
            let invited = act(&core, |tx, may| accounts::create(tx, &core, may, &new))?;
            tell(&core, new.login.as_str(), &invited);
            Ok(())
        }
        UsersCommand::List(file) => list(&open::core(&file)?),
        UsersCommand::Disable { file, login } => {
            let core = open::core(&file)?;
            let account = find(&core, &login)?;
            act(&core, |tx, may| accounts::change(tx, &core, may, account.id, Change::Disable))?;
            println!("{login} is disabled, and signed out everywhere.");
            Ok(())
        }
        UsersCommand::Reset { file, login } => {
            let core = open::core(&file)?;
            let account = find(&core, &login)?;
            let invited = act(&core, |tx, may| accounts::reset(tx, &core, may, account.id))?;
            tell(&core, &login, &invited);
            Ok(())
        }
    }
}

fn act<T>(
    core: &Core,
    deed: impl FnOnce(&mut Conn, &May<ManageAccounts>) -> Result<T, DbError>,
) -> Result<T, CliError> {
    let may = system::<ManageAccounts>("users")?;
    Ok(core.db.write_here(|tx| deed(tx, &may))?)
}

fn tell(core: &Core, login: &str, invited: &Invited) {
    println!(
        "{login} enrols at {} with this code, good once and for three days:",
        core.config.server.public_url
    );
    println!();
    println!("    {}", invited.code);
    println!();
    println!("It is shown here only. Hand it over in person, or on another way than the login.");
}

fn point_by_code(
    core: &Core,
    society: crate::kernel::SocietyId,
    code: &str,
) -> Result<crate::kernel::PointId, CliError> {
    let point = core.db.read_here(|conn| {
        let point = hsp::point_by_code(conn, code)?;
        let own = hsp::meeting_place(conn, point)?.society == society;
        if own { Ok(point) } else { Err(DbError::NotFound) }
    });
    point.map_err(|e| open::missing(e, || format!("the society has no service point with the code {code:?}")))
}

/// Every account, in stretches.
fn each(core: &Core, mut visit: impl FnMut(AccountView) -> bool) -> Result<(), CliError> {
    const STRETCH: usize = 200;
    let may = system::<ManageAccounts>("users")?;
    let mut after = None;
    loop {
        let accounts = core.db.read_here(|conn| accounts::list(conn, &may, after, STRETCH))?;
        let last = accounts.last().map(|account| account.id);
        for account in accounts {
            if !visit(account) {
                return Ok(());
            }
        }
        match last {
            Some(last) if after != Some(last) => after = Some(last),
            _ => return Ok(()),
        }
    }
}

fn find(core: &Core, login: &str) -> Result<AccountView, CliError> {
    let mut found = None;
    each(core, |account| {
        let other = account.login != login;
        if !other {
            found = Some(account);
        }
        other
    })?;
    found.ok_or_else(|| CliError::new(format!("there is no account {login:?}")))
}

fn list(core: &Core) -> Result<(), CliError> {
    println!("{:<24} {:<24} {:<10} second factor", "login", "role", "state");
    each(core, |account| {
        let factor = if account.second_factor { "yes" } else { "no" };
        println!("{:<24} {:<24} {:<10} {factor}", account.login, account.role, account.state);
        true
    })
}
