//! `relink import`: contacts and tracing requests from files, in batches, each batch one transaction together with how
//! far the file was read. A killed import goes on where it stopped: nothing lost, nothing doubled.
//!
//! ```text
//! reader (CSV, JSON Lines) ─► columns (the forms of the desk) ─► contacts │ requests ─► run (batches, progress)
//!                                        └─► report (FILE.refused.csv)
//! ```

mod columns;
mod contacts;
mod reader;
mod report;
mod requests;
mod run;
mod store;

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use clap::{Args, Subcommand};

use super::{CliError, CodeList, ConfigFile, code, open};
use crate::consent::{Assent, ConsentKind, GivenBy, LegalBasis, Method};
use crate::policy::{ImportRecords, system};
use crate::vault::store::society_by_code;
use contacts::{Contacts, Terms};
use requests::Requests;
use run::{Ended, Job};

#[derive(Subcommand)]
pub(super) enum ImportCommand {
    /// People met at service points.
    ///
    /// Columns: service_point (code or name), contact_date, name, given_names, family_names, father_name, mother_name,
    /// sex, birth_date or birth_year, nationality, place_of_origin; and if there are any: contact_id, contact_kind,
    /// original_script_name, nickname, other_names, grandfather_name, spouse_name, birth_estimated, age, languages,
    /// phones, description, destination, wants_contact, consent, note. Several values in one cell: separate them with ;
    Contacts {
        #[command(flatten)]
        file: ImportFile,
        /// Open a fixed service point for every name that the society does not have yet.
        #[arg(long)]
        create_points: bool,
        /// Consents that the source holds for everybody in the file, such as tracing_search. Without tracing_search,
        /// people are stored but never found. A column `consent` says otherwise for a record: kinds, or none.
        #[arg(long, value_delimiter = ',', value_parser = code::<ConsentKind>, value_name = "KIND,…")]
        consent: Vec<ConsentKind>,
        /// How these consents were taken.
        #[arg(long, value_parser = code::<Method>, default_value = "written", value_name = "METHOD")]
        consent_method: Method,
        /// The language of the words that people agreed to.
        #[arg(long, default_value = "en", value_name = "CODE")]
        consent_language: String,
        /// Who agreed for the minors in the file. Without it, no consent is taken over for anybody who may be under 18.
        #[arg(long, value_parser = code::<GivenBy>, requires = "minors_assent", value_name = "WHO")]
        minors_consent_by: Option<GivenBy>,
        /// The minors' own word, or why it is missing.
        #[arg(long, value_parser = code::<Assent>, requires = "minors_consent_by", value_name = "WORD")]
        minors_assent: Option<Assent>,
        /// Why the people may be kept.
        #[arg(long, value_parser = code::<LegalBasis>, default_value = "public_interest", value_name = "BASIS")]
        legal_basis: LegalBasis,
    },
    /// Tracing requests: one sought person a record.
    ///
    /// Columns: name, given_names, family_names, father_name, mother_name, sex, birth_date or birth_year, nationality,
    /// place_of_origin, last_known_place, last_contact_date; and if there are any: request_id, request_group (records
    /// beside each other with the same group are one request), relation, received_on, channel, destination, story,
    /// the other columns of a person, and enquirer_name, enquirer_phones and the like.
    Requests {
        #[command(flatten)]
        file: ImportFile,
        /// The language of the interviews.
        #[arg(long, default_value = "en", value_name = "CODE")]
        language: String,
    },
}

#[derive(Args)]
pub(super) struct ImportFile {
    #[command(flatten)]
    config: ConfigFile,
    /// CSV (.csv) with a header, or JSON Lines (.jsonl, .ndjson) with the same keys; each also packed (.gz).
    file: PathBuf,
    /// The code of the society that the records belong to.
    #[arg(long, value_name = "CODE")]
    society: String,
    /// Where refused rows are told, with line, column and reason. FILE.refused.csv when left out.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Import a file once more that was imported to its end before.
    #[arg(long)]
    again: bool,
}

macro_rules! code_lists {
    ($($name:ty),*) => {
        $(impl CodeList for $name {
            fn of(text: &str) -> Option<Self> {
                Self::parse(text)
            }
            fn codes() -> &'static [&'static str] {
                Self::CODES
            }
        })*
    };
}

code_lists!(ConsentKind, Method, GivenBy, Assent, LegalBasis);

pub(super) fn run(command: ImportCommand) -> Result<(), CliError> {
    match command {
        ImportCommand::Contacts {
            file,
            create_points,
            consent,
            consent_method,
            consent_language,
            minors_consent_by,
            minors_assent,
            legal_basis,
        } => {
            let terms = Terms {
                create_points,
                consents: consent,
                method: consent_method,
                language: consent_language,
                for_minors: minors_consent_by.zip(minors_assent),
                legal_basis,
            };
            contacts(&file, terms)
        }
        ImportCommand::Requests { file, language } => requests(&file, &language),
    }
}

fn contacts(file: &ImportFile, terms: Terms) -> Result<(), CliError> {
    let core = open::core(&file.config)?;
    let job = job(file, &core)?;
    let intake = Contacts::new(&core, job.society, terms)?;
    let ended = run::run(&job, &intake)?;
    summarise(file, &ended);
    let told = |count: u64, what: &str| {
        if count > 0 {
            println!("{count} {what}");
        }
    };
    told(intake.made_points.load(Ordering::Relaxed), "service points were opened.");
    told(
        intake.unsearchable.load(Ordering::Relaxed),
        "people were stored but cannot be found: no consent to be searched for (tracing_search) came with them.",
    );
    told(
        intake.minors_without.load(Ordering::Relaxed),
        "of these may be minors, for whom only an adult's consent counts (--minors-consent-by).",
    );
    Ok(())
}

fn requests(file: &ImportFile, language: &str) -> Result<(), CliError> {
    let core = open::core(&file.config)?;
    let job = job(file, &core)?;
    let intake = Requests::new(&core, job.society, language)?;
    let ended = run::run(&job, &intake)?;
    summarise(file, &ended);
    let flagged = intake.flagged.load(Ordering::Relaxed);
    if flagged > 0 {
        println!("{flagged} requests wait for a reviewer: a possible conflict of interest.");
    }
    Ok(())
}

fn job<'a>(file: &'a ImportFile, core: &'a crate::auth::Core) -> Result<Job<'a>, CliError> {
    let code = &file.society;
    let society = core.db.read_here(|conn| society_by_code(conn, code));
    Ok(Job {
        core,
        may: system::<ImportRecords>("import")?,
        society: society
            .map_err(|e| open::missing(e, || format!("there is no society with the code {code:?}")))?,
        file: &file.file,
        report: file.report.clone(),
        again: file.again,
    })
}

fn summarise(file: &ImportFile, ended: &Ended) {
    let name = file.file.display();
    match ended {
        Ended::Before(run) => println!(
            "{name} was imported before, by {}: {} rows taken, {} refused. Nothing was done; --again imports it once more.",
            run.touched, run.taken, run.refused
        ),
        Ended::Now { run, resumed, report } => {
            let how = if *resumed { " (going on where an earlier import stopped)" } else { "" };
            println!("{name}: {} rows taken, {} refused{how}.", run.taken, run.refused);
            if run.refused > 0 {
                println!("{} says which and why.", report.display());
            }
        }
    }
}
