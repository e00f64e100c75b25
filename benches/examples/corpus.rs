//! Writes a corpus of invented people as CSV: `corpus --seed 1 --contacts 200000 --requests 4000 DIR`.

use std::path::PathBuf;
use std::process::ExitCode;

use benches::corpus::write_csv;

const USAGE: &str = "usage: corpus [--seed N] [--contacts N] [--requests N] DIR
writes contacts.csv, requests.csv, truth.csv and groups.csv into DIR; the same numbers give the same files";

struct Wanted {
    seed: u64,
    contacts: usize,
    requests: usize,
    dir: PathBuf,
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Wanted, String> {
    let (mut seed, mut contacts, mut requests, mut dir) = (1, 20_000, 2_000, None);
    while let Some(word) = words.next() {
        let mut number = || {
            let value = words.next().unwrap_or_default();
            value.parse::<u64>().map_err(|_| format!("{word} needs a whole number, not \"{value}\""))
        };
        match word.as_str() {
            "--seed" => seed = number()?,
            "--contacts" => contacts = number()? as usize,
            "--requests" => requests = number()? as usize,
            _ if word.starts_with('-') || dir.is_some() => {
                return Err(format!("\"{word}\" is not understood"));
            }
            _ => dir = Some(PathBuf::from(word)),
        }
    }
    let dir = dir.ok_or("say which folder to write into")?;
    Ok(Wanted { seed, contacts, requests, dir })
}

fn main() -> ExitCode {
    let wanted = match parse(std::env::args().skip(1)) {
        Ok(wanted) => wanted,
        Err(problem) => {
            eprintln!("{problem}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match write_csv(wanted.seed, wanted.contacts, wanted.requests, &wanted.dir) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("cannot write into {}: {problem}", wanted.dir.display());
            ExitCode::FAILURE
        }
    }
}
