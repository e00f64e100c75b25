//! `relink societies`: who takes part. A society comes with its first key, so that it can keep people from the start.

use clap::Subcommand;

use super::{CliError, ConfigFile, open};
use crate::auth::Core;
use crate::db::DbError;
use crate::hsp::{self, SocietyForm};
use crate::kernel::SocietyId;
use crate::policy::{ManageSocieties, system};
use crate::vault;

#[derive(Subcommand)]
pub(super) enum SocietiesCommand {
    /// Take in a society, with its first key.
    Create {
        #[command(flatten)]
        file: ConfigFile,
        /// A short name for files and commands: small letters, digits, hyphens.
        code: String,
        /// What people call it.
        name: String,
        /// Its country, ISO 3166-1 alpha-3.
        country: String,
    },
    /// List the societies.
    List(ConfigFile),
}

pub(super) fn run(command: SocietiesCommand) -> Result<(), CliError> {
    match command {
        SocietiesCommand::Create { file, code, name, country } => {
            let core = open::core(&file)?;
            create(&core, &code, &name, &country)?;
            println!("{name} takes part under the code {code}, with key version 1.");
            Ok(())
        }
        SocietiesCommand::List(file) => {
            let core = open::core(&file)?;
            for society in core.db.read_here(|conn| hsp::societies(conn, None, i64::MAX))? {
                println!("{:<24} {}  {}", society.code, society.country, society.name);
            }
            Ok(())
        }
    }
}

/// Takes in a society.
pub(super) fn create(core: &Core, code: &str, name: &str, country: &str) -> Result<SocietyId, CliError> {
    let form = SocietyForm { code: code.into(), name: name.into(), country: country.into() };
    let society = form.parse()?;
    let may = system::<ManageSocieties>("societies")?;
    let founded = core.db.write_here(|tx| {
        let id = hsp::insert_society(tx, core, &society)?;
        core.audit.append(tx, &may, |e| e.on(id).detail("society_founded"))?;
        Ok::<_, DbError>(id)
    });
    let id = founded.map_err(|e| match e {
        DbError::Taken => CliError::new(format!("there is a society with the code {code:?} already")),
        other => other.into(),
    })?;
    core.db.read_here(|conn| vault::store::admit_all(conn, &core.vault))?;
    Ok(id)
}
