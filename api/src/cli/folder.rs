//! A folder of contacts and requests as plain CSV, and everybody in it linked in memory: what `rank` and `evaluate` share.
//!
//! ```text
//! requests.csv ─ read once: problems, how many ─┐
//! contacts.csv ─ read once ─► Index             ├─ requests.csv read again ─► linked on all cores ─► request by request
//! ```
//! The files are read as a stream; memory holds the index and what the files call people.

use std::collections::HashMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use matcher::records::{Problem, Reader};
use matcher::{Index, Limit, List, Model, RecordKey, Side};

use super::CliError;

/// Contacts told for a request.
const RANKED: usize = 10;

type Source = Box<dyn Read>;
/// What a file calls people, with the line of each.
pub(super) type Lines = HashMap<Arc<str>, u64>;

/// A file under this name, or packed under this name with `.gz`; and its whole name.
pub(super) fn find(folder: &Path, name: &str) -> Result<Option<(String, Source)>, CliError> {
    for name in [name.to_owned(), format!("{name}.gz")] {
        let path = folder.join(name);
        match open(&path) {
            Ok(source) => return Ok(Some((path.display().to_string(), source))),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(unreadable(&path, &error)),
        }
    }
    Ok(None)
}

/// The same for a file that must be there.
pub(super) fn needed(folder: &Path, name: &str) -> Result<(String, Source), CliError> {
    let missing =
        || CliError::new(format!("{} is missing (nor is there a {name}.gz)", folder.join(name).display()));
    find(folder, name)?.ok_or_else(missing)
}

/// Opens a file, unpacking it where its name ends in `.gz`.
pub(super) fn open(path: &Path) -> std::io::Result<Source> {
    let file = File::open(path)?;
    // A folder opens as a file does, and fails only when it is read.
    if file.metadata()?.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    let packed = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("gz"));
    Ok(if packed { Box::new(flate2::read::MultiGzDecoder::new(file)) } else { Box::new(file) })
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> CliError {
    CliError::new(format!("{} cannot be read: {error}", path.display()))
}

/// The parameters to score with: those of the program, or a file's.
pub(super) fn model(file: Option<&PathBuf>) -> Result<Model, CliError> {
    let Some(path) = file else { return Ok(Model::shipped()) };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    Model::parse(&text).map_err(|error| CliError::new(format!("{}: {error}", path.display())))
}

/// Everybody of a folder's contacts in an index, ready to be asked for each of its requests.
pub(super) struct Linking {
    folder: PathBuf,
    index: Index,
    /// Names of the contacts by their number in the file, which is their key in the index.
    contacts: Vec<Arc<str>>,
    requests: u64,
    built: Duration,
}

/// What the files call everybody.
pub(super) struct Known {
    pub(super) contacts: Lines,
    pub(super) requests: Lines,
}

impl Linking {
    /// Reads both files whole, so that whatever is wrong with them is told before anything is done.
    pub(super) fn open(folder: &Path, model: Model) -> Result<(Self, Known), CliError> {
        let mut requests = people(folder, "requests.csv", Side::Requests)?;
        requests.by_ref().try_for_each(|record| record.map(drop))?;
        tell_left_out(folder, "requests.csv", &requests);
        let requests = requests.into_lines();

        let began = Instant::now();
        let mut reader = people(folder, "contacts.csv", Side::Contacts)?;
        let bar = bar(None, "contacts read");
        let (mut contacts, mut problem) = (Vec::new(), None);
        let index = {
            let records = well(reader.by_ref(), &mut problem).zip(0u128..).map(|(record, key)| {
                bar.inc(1);
                contacts.push(record.id);
                (Side::Contacts, RecordKey(key), record.profile)
            });
            Index::build(Arc::new(model), records)
        };
        bar.finish_and_clear();
        if let Some(problem) = problem {
            return Err(problem.into());
        }
        tell_left_out(folder, "contacts.csv", &reader);
        let linking = Self {
            folder: folder.to_owned(),
            index,
            contacts,
            requests: requests.len() as u64,
            built: began.elapsed(),
        };
        Ok((linking, Known { contacts: reader.into_lines(), requests }))
    }

    /// Ranks ten contacts for every request and hands each ranking on, in the order of the file.
    pub(super) fn run(
        &self,
        mut each: impl FnMut(&str, &[(&str, f32)]) -> Result<(), CliError>,
    ) -> Result<Told, CliError> {
        let bar = bar(Some(self.requests), "requests");
        let mut problem = None;
        let mut times = Vec::new();
        let began = Instant::now();
        let requests = well(people(&self.folder, "requests.csv", Side::Requests)?, &mut problem);
        let linked = self.index.link(
            requests,
            |request| &request.profile,
            |index, request| {
                let began = Instant::now();
                let hits = index.search(Side::Contacts, &request.profile, Limit::LIST);
                let among = index.among_rivals(&hits, List::Whole);
                let mut ranked: Vec<_> = hits.into_iter().map(|hit| hit.key).zip(among).collect();
                // Of equals the one that fits better alone stays first.
                ranked.sort_by(|(_, a), (_, b)| b.score.probability.total_cmp(&a.score.probability));
                ranked.truncate(RANKED);
                (ranked, began.elapsed())
            },
        );
        for (request, (ranked, took)) in linked {
            times.push(took);
            let named = ranked.iter().filter_map(|(key, among)| {
                let contact = usize::try_from(key.0).ok().and_then(|at| self.contacts.get(at))?;
                Some((&**contact, among.score.probability))
            });
            each(&request.id, &named.collect::<Vec<_>>())?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        match problem {
            Some(problem) => Err(problem.into()),
            None => Ok(self.told(began.elapsed(), times)),
        }
    }

    fn told(&self, took: Duration, mut times: Vec<Duration>) -> Told {
        times.sort_unstable();
        let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default();
        Told {
            model: self.index.model().version().to_owned(),
            contacts: self.index.len(Side::Contacts),
            words: self.index.vocabulary_len(),
            built: self.built,
            index_bytes: self.index.memory_bytes(),
            searches: times.len(),
            took,
            middle: at(0.5),
            slow: at(0.99),
        }
    }
}

/// How much was linked, and what it cost.
pub(super) struct Told {
    model: String,
    contacts: usize,
    words: usize,
    built: Duration,
    index_bytes: usize,
    searches: usize,
    took: Duration,
    middle: Duration,
    slow: Duration,
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        let megabytes = |bytes: usize| bytes as f64 / 1e6;
        writeln!(
            f,
            "{} contacts read and indexed in {:.1} s: {} words, {:.0} bytes a contact, model {}",
            self.contacts,
            self.built.as_secs_f64(),
            self.words,
            self.index_bytes as f64 / self.contacts.max(1) as f64,
            self.model,
        )?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        writeln!(
            f,
            "{} searches in {:.1} s on {cores} cores, {:.0} a second; one takes p50 {:.2} ms, p99 {:.2} ms",
            self.searches,
            self.took.as_secs_f64(),
            self.searches as f64 / self.took.as_secs_f64().max(1e-9),
            milliseconds(self.middle),
            milliseconds(self.slow),
        )?;
        write!(f, "memory: {:.1} MB the index", megabytes(self.index_bytes))?;
        match peak() {
            Some(peak) => writeln!(f, ", {:.1} MB the whole program at its peak", megabytes(peak)),
            None => writeln!(f),
        }
    }
}

/// The most memory this process has held, where the system tells (Linux).
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

fn people(folder: &Path, name: &str, side: Side) -> Result<Reader<Source>, CliError> {
    let (file, source) = needed(folder, name)?;
    Ok(Reader::open(&file, side, source)?)
}

/// What comes well, up to the first problem, which is kept.
fn well<T>(
    items: impl Iterator<Item = Result<T, Problem>>,
    problem: &mut Option<Problem>,
) -> impl Iterator<Item = T> {
    items.map_while(|item| item.map_err(|wrong| *problem = Some(wrong)).ok())
}

/// A ranking must not lose people for a value nobody can read; whoever made the file must hear of it.
fn tell_left_out(folder: &Path, name: &str, reader: &Reader<Source>) {
    for (column, left_out) in reader.left_out() {
        eprintln!(
            "relink: {}: {} values of {column} cannot be read and are left out, the first in line {}",
            folder.join(name).display(),
            left_out.count,
            left_out.first
        );
    }
}

/// Hidden when nobody looks.
fn bar(of: Option<u64>, what: &'static str) -> ProgressBar {
    let (bar, template) = match of {
        Some(of) => {
            (ProgressBar::new(of), "{bar:30} {human_pos} of {human_len} {msg}, {per_sec}, {eta} left")
        }
        None => (ProgressBar::no_length(), "{human_pos} {msg}, {per_sec}"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.with_message(what)
}
