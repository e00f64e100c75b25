//! Links two record sets in FEBRL's form without labels: `febrl A.csv B.csv`.
//!
//! Prints how right the links are, by the person each `rec_id` names, and the processor time of everything from reading
//! to linking.

use std::collections::HashMap;
use std::error::Error;

use matcher::evaluate::febrl::{Record, Rightness, link};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [a, b] = arguments.as_slice() else { return Err("usage: febrl A.csv B.csv".into()) };
    let (a, b) = (read(a)?, read(b)?);
    let links = link(&a, &b)?;
    println!("{} and {} records, {} links", a.len(), b.len(), links.len());
    println!("{}", Rightness::of(&links, &a, &b));
    if let Some(seconds) = processor_seconds() {
        println!("{seconds:.2} s of processor time");
    }
    Ok(())
}

fn read(path: &str) -> Result<Vec<Record>, Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_path(path)?;
    let columns: HashMap<String, usize> =
        reader.headers()?.iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
    let mut records = Vec::new();
    for row in reader.records() {
        let row = row?;
        records.push(Record::of(|name| columns.get(name).and_then(|at| row.get(*at))));
    }
    Ok(records)
}

/// What this program has used of the processors, where the system says so: hundredths of seconds, user and system, the
/// twelfth and thirteenth number after the program's name (proc(5)).
fn processor_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, after) = stat.rsplit_once(')')?;
    let ticks = after.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<f64>().ok());
    Some(ticks.sum::<Option<f64>>()? / 100.0)
}
