//! Ranks the contacts of a folder for every request in it, from plain CSV and without a database.
//!
//! `cargo run --release -p matcher --example rank -- DIR OUT.csv` reads `DIR/contacts.csv` and `DIR/requests.csv`
//! (unpack `.gz` first) and writes `request_id,contact_id,probability`, ten a request, best first. With
//! `DIR/truth.csv` and `DIR/groups.csv` it prints how good the ranking is.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use matcher::evaluate::{Metrics, Ranked};
use matcher::{Index, Limit, RecordKey, Side};

mod folder;
use folder::{model, read, truth};

const TEN: Limit = Limit { k: 10, min_probability: 0.0 };

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, out] = arguments.as_slice() else { return Err("usage: rank DIR OUT.csv".into()) };
    let folder = Path::new(folder);
    let model = model()?;
    let (contact_ids, contacts) = read(&folder.join("contacts.csv"), Side::Contacts, "contact_id")?;
    let (request_ids, requests) = read(&folder.join("requests.csv"), Side::Requests, "request_id")?;
    let started = Instant::now();
    let keyed =
        contacts.into_iter().zip(0u128..).map(|(profile, key)| (Side::Contacts, RecordKey(key), profile));
    let index = Index::build(Arc::new(model), keyed);
    println!(
        "{} contacts, {} words, {:.0} bytes a contact, built in {:.1} s",
        index.len(Side::Contacts),
        index.vocabulary_len(),
        index.memory_bytes() as f64 / index.len(Side::Contacts).max(1) as f64,
        started.elapsed().as_secs_f64()
    );
    let mut writer = csv::Writer::from_path(out)?;
    writer.write_record(["request_id", "contact_id", "probability"])?;
    let mut rankings: HashMap<String, Vec<Ranked>> = HashMap::new();
    let mut times = Vec::with_capacity(requests.len());
    for (request, profile) in request_ids.iter().zip(&requests) {
        let started = Instant::now();
        let hits = index.search(Side::Contacts, profile, TEN);
        times.push(started.elapsed().as_secs_f64() * 1e3);
        for hit in hits {
            let contact = contact_ids.get(hit.key.0 as usize).ok_or("a hit nobody put in")?;
            writer.write_record([request, contact, &format!("{:.6}", hit.score.probability)])?;
            let ranked = Ranked { contact: contact.clone(), probability: hit.score.probability };
            rankings.entry(request.clone()).or_default().push(ranked);
        }
    }
    writer.flush()?;
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or(0.0);
    println!("{} searches: p50 {:.2} ms, p99 {:.2} ms", times.len(), at(0.5), at(0.99));
    if let Some(truth) = truth(folder)? {
        print!("{}", Metrics::of(&rankings, &truth));
    }
    Ok(())
}
