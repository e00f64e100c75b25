//! `relink rank`: contacts ranked for every request of a folder, written as CSV for whoever wants to judge them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use clap::Args;

use super::CliError;
use super::folder::{self, Linking};

/// Rank contacts for every request, from files alone: no database, no keys, no configuration.
///
/// Reads DIR/contacts.csv and DIR/requests.csv, each also packed (.csv.gz), and links them in memory.
///
/// Columns of contacts: contact_id, service_point, contact_date, name, given_names, family_names, father_name,
/// mother_name, sex, birth_date, birth_year, nationality, place_of_origin. Of requests: request_id and the same of the
/// person sought, with last_known_place and last_contact_date. An empty cell means not recorded, a column may be
/// missing, others are not read.
#[derive(Args)]
pub(super) struct RankCommand {
    /// The folder of the two files.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Where the ranking is written: request_id, contact_id, probability; ten a request, best first.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Score with the parameters of this file instead of the program's own.
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
}

pub(super) fn run(command: &RankCommand) -> Result<(), CliError> {
    let RankCommand { folder, out, model } = command;
    let unwritable = |error| CliError::new(format!("{} cannot be written: {error}", out.display()));
    // Moved into place at the end, so that half a ranking never passes for a whole one.
    let fresh = beside(out);
    let mut writer = csv::Writer::from_writer(File::create(&fresh).map_err(unwritable)?);
    let ranked = rank(folder, model.as_ref(), |cells| {
        writer.write_record(cells).map_err(|error| unwritable(error.into()))
    });
    let told = ranked
        .and_then(|told| {
            writer.flush().map_err(unwritable)?;
            fs::rename(&fresh, out).map_err(unwritable)?;
            Ok(told)
        })
        .inspect_err(|_| {
            // What is told is why it failed; a file left behind says no more.
            let _ = fs::remove_file(&fresh);
        })?;
    print!("{told}");
    Ok(())
}

fn rank(
    folder: &Path,
    model: Option<&PathBuf>,
    mut write: impl FnMut([&str; 3]) -> Result<(), CliError>,
) -> Result<folder::Told, CliError> {
    let (linking, _) = Linking::open(folder, folder::model(model)?)?;
    write(["request_id", "contact_id", "probability"])?;
    linking.run(|request, ranking| {
        // As many digits as tell one probability from the next: rounded ones would tie.
        ranking
            .iter()
            .try_for_each(|(contact, probability)| write([request, contact, &probability.to_string()]))
    })
}

fn beside(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}
