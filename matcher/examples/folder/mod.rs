//! Reads a folder of contacts, requests and, where known, the truth, in the shared CSV form.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

use matcher::evaluate::Truth;
use matcher::{Model, Profile, Side, records};

/// The shipped model, the untaught one, or the one in the file `MODEL` names.
pub(crate) fn model() -> Result<Model, Box<dyn Error>> {
    match std::env::var("MODEL") {
        Ok(name) if name == "untaught" => Ok(Model::untaught()),
        Ok(path) => Ok(Model::parse(&std::fs::read_to_string(path)?)?),
        Err(_) => Ok(Model::shipped()),
    }
}

pub(crate) fn read(path: &Path, side: Side, id: &str) -> Result<(Vec<String>, Vec<Profile>), Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path)?;
    let columns: HashMap<String, usize> =
        reader.headers()?.iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
    let mut read = (Vec::new(), Vec::new());
    for row in reader.records() {
        let row = row?;
        let cell = |name: &str| columns.get(name).and_then(|at| row.get(*at));
        read.0.push(cell(id).unwrap_or("").to_owned());
        read.1.push(records::profile(side, cell));
    }
    Ok(read)
}

#[allow(dead_code)] // one of the programs that read folders knows no truth
pub(crate) fn truth(folder: &Path) -> Result<Option<Truth>, Box<dyn Error>> {
    let (matches, groups) = (folder.join("truth.csv"), folder.join("groups.csv"));
    if !(matches.exists() && groups.exists()) {
        return Ok(None);
    }
    let mut truth = Truth::new();
    for row in csv::Reader::from_path(matches)?.records() {
        let row = row?;
        truth.add_match(row.get(0).unwrap_or(""), row.get(1).unwrap_or(""));
    }
    for row in csv::Reader::from_path(groups)?.records() {
        let row = row?;
        truth.add_group(row.get(0).unwrap_or(""), row.get(1).unwrap_or(""));
    }
    Ok(Some(truth))
}
