//! `relink evaluate`: how good the matcher is, told openly, where somebody knows what is true.

use std::path::{Path, PathBuf};

use clap::Args;
use matcher::evaluate::febrl::{self, Rightness};
use matcher::evaluate::pairs::{self, PairMetrics};
use matcher::evaluate::{Judged, Truth};
use matcher::records::{Entry, entries};

use super::CliError;
use super::folder::{self, Known, Lines, Linking};

/// Tell how good the ranking is where the truth is known, or how well spellings of names are recognised.
///
/// Ranks DIR/contacts.csv for every request of DIR/requests.csv as `relink rank` does, and compares with DIR/truth.csv
/// (request_id, contact_id; a person may have several contacts, or none). DIR/groups.csv (request_id, group) tells every
/// figure by group too; without it, all are told as one. Each file may be packed (.csv.gz).
///
/// The first ten contacts of a request count. hit@1 and hit@10: the share of requests with a true contact whose first,
/// whose first ten hold one. F1, precision, recall and calibration are of all pairs ranked, those of requests with nobody
/// to find included.
#[derive(Args)]
pub(super) struct EvaluateCommand {
    /// The folder of the files.
    #[arg(value_name = "DIR", required_unless_present_any = ["pairs", "febrl"])]
    folder: Option<PathBuf>,
    /// Instead of people, names: a file with two names a line and yes or no (1 or 0), separated by tabs.
    #[arg(long, value_name = "FILE", conflicts_with = "folder")]
    pairs: Option<PathBuf>,
    /// Instead of people on a route, two registers in the form of FEBRL, linked without labels and without soc_sec_id.
    #[arg(long, num_args = 2, value_names = ["A.csv", "B.csv"], conflicts_with_all = ["folder", "pairs"])]
    febrl: Option<Vec<PathBuf>>,
    /// Score with the parameters of this file instead of the program's own.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["pairs", "febrl"])]
    model: Option<PathBuf>,
}

pub(super) fn run(command: &EvaluateCommand) -> Result<(), CliError> {
    match (&command.folder, &command.pairs, command.febrl.as_deref()) {
        (_, _, Some([a, b])) => registers(a, b),
        (_, Some(file), _) => names(file),
        (Some(folder), ..) => people(folder, command.model.as_ref()),
        _ => Err(CliError::new("a folder, --pairs with a file, or --febrl with two, is needed")),
    }
}

fn registers(a: &Path, b: &Path) -> Result<(), CliError> {
    let read = |file: &Path| {
        let source = folder::open(file).map_err(|error| folder::unreadable(file, &error))?;
        Ok::<_, CliError>(febrl::read(&file.display().to_string(), source)?)
    };
    let (a, b) = (read(a)?, read(b)?);
    let links = febrl::link(&a, &b).map_err(|error| CliError::new(error.to_string()))?;
    println!("{} and {} records, {} links", a.len(), b.len(), links.len());
    println!("{}", Rightness::of(&links, &a, &b));
    if let Some(seconds) = processor_seconds() {
        println!("{seconds:.2} s of processor time, reading included");
    }
    Ok(())
}

/// What this program has used of the processors, where the system tells: hundredths of seconds, user and system, the
/// twelfth and thirteenth number after the program's name (proc(5)).
fn processor_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, after) = stat.rsplit_once(')')?;
    let ticks = after.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<f64>().ok());
    Some(ticks.sum::<Option<f64>>()? / 100.0)
}

fn names(file: &Path) -> Result<(), CliError> {
    let source = folder::open(file).map_err(|error| folder::unreadable(file, &error))?;
    let pairs = pairs::read(&file.display().to_string(), source)?;
    if !pairs.iter().any(|pair| pair.same) {
        return Err(CliError::new(format!(
            "{}: no line is a yes, so there is nothing to find",
            file.display()
        )));
    }
    print!("{}", PairMetrics::of(&pairs));
    Ok(())
}

fn people(folder: &Path, model: Option<&PathBuf>) -> Result<(), CliError> {
    let (truth_file, source) = folder::needed(folder, "truth.csv")?;
    let matches = entries(&truth_file, source, ["request_id", "contact_id"])?;
    let (groups_file, groups) = match folder::find(folder, "groups.csv")? {
        Some((file, source)) => (file.clone(), entries(&file, source, ["request_id", "group"])?),
        None => (String::new(), Vec::new()),
    };
    let mut truth = Truth::new();
    for Entry { cells: [request, contact], .. } in &matches {
        truth.add_match(request, contact);
    }
    for Entry { cells: [request, group], .. } in &groups {
        truth.add_group(request, group);
    }
    let (linking, known) = Linking::open(folder, folder::model(model)?)?;
    tell_unknown(&truth_file, &matches, &groups_file, &groups, &known);
    let mut judged = Judged::new(&truth);
    let told = linking.run(|request, ranking| {
        judged.add(request, ranking.iter().copied());
        Ok(())
    })?;
    print!("{}{told}", judged.measure());
    Ok(())
}

/// Whoever is named and in neither file counts as not found; that is told, or a wrong truth would pass for a bad ranking.
fn tell_unknown(truth: &str, matches: &[Entry], groups_file: &str, groups: &[Entry], known: &Known) {
    let tell = |file: &str, rows: &[Entry], cell: usize, column: &str, lines: &Lines, what: &str| {
        let unknown = |row: &&Entry| row.cells.get(cell).is_some_and(|id| !lines.contains_key(id.as_str()));
        let mut rows = rows.iter().filter(unknown);
        if let Some(first) = rows.next() {
            let count = 1 + rows.count();
            eprintln!("relink: {file}, line {}, column {column}: {what} ({count} such rows)", first.line);
        }
    };
    let unfound = "there is no such request; it counts as not found";
    tell(truth, matches, 0, "request_id", &known.requests, unfound);
    let unfound = "there is no such contact; it counts as not found";
    tell(truth, matches, 1, "contact_id", &known.contacts, unfound);
    tell(groups_file, groups, 0, "request_id", &known.requests, "there is no such request");
}
