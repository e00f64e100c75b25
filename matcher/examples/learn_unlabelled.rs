//! Learns weights from folders without knowing any truth: `learn_unlabelled VERSION DIR...`, CSV as `relink rank` reads
//! it, unpacked.
//!
//! Prints the estimated model. `MODEL` names a file to start from instead of the shipped parameters; `untaught` starts
//! from round numbers that nobody learned.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use matcher::learn::{Candidates, Gathered, estimate};
use matcher::{Index, Limit, Profile, RecordKey, Side};
use rayon::prelude::*;

mod folder;
mod weights;

/// Candidates of a request that are weighed.
const FIFTY: Limit = Limit { k: 50, min_probability: 0.0 };
/// Contacts drawn for each request to see what strangers have in common.
const STRANGERS: usize = 100;
/// Probability from which two contacts of a request are taken to be one person's.
const ONE_PERSON: f32 = 0.5;
/// Probability below which a candidate is not worth putting together with others.
const WORTH_COMPARING: f32 = 0.001;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [version, folders @ ..] = arguments.as_slice() else {
        return Err("usage: learn_unlabelled VERSION DIR...".into());
    };
    let model = weights::model()?;
    let (mut candidates, mut random) = (Vec::new(), Vec::new());
    for folder in folders {
        let (_, contacts) = folder::read(&Path::new(folder).join("contacts.csv"), Side::Contacts)?;
        let (_, requests) = folder::read(&Path::new(folder).join("requests.csv"), Side::Requests)?;
        let records = contacts.iter().cloned().zip(0u128..);
        let records = records.map(|(profile, key)| (Side::Contacts, RecordKey(key), profile));
        let index = Index::build(Arc::new(model.clone()), records);
        candidates.par_extend(requests.par_iter().map(|request| weighed(&index, &contacts, request)));
        random.par_extend(requests.par_iter().enumerate().flat_map_iter(|(at, request)| {
            // Strides of a large prime visit contacts in an order that has nothing to do with requests.
            let drawn = (0..STRANGERS).filter_map(move |n| Some((n, at.checked_mul(STRANGERS)?)));
            let (index, contacts) = (&index, &contacts);
            drawn.filter_map(move |(n, from)| {
                let contact = contacts.get((from + n).wrapping_mul(2_654_435_761) % contacts.len().max(1))?;
                Some(index.gather(request, contact))
            })
        }));
    }
    let pairs: usize = candidates.iter().flat_map(|request| &request.people).map(Vec::len).sum();
    eprintln!("{} requests, {pairs} candidates, {} random pairs", candidates.len(), random.len());
    let estimate = estimate(&model, &candidates, &random, version).map_err(|refused| refused.to_string())?;
    eprintln!(
        "{:.0} pairs of one person expected, settled after {} rounds",
        estimate.matches, estimate.rounds
    );
    print!("{}", estimate.model.to_text());
    Ok(())
}

/// The best candidates of a request, those that look like one person put together.
fn weighed(index: &Index, contacts: &[Profile], request: &Profile) -> Candidates {
    let hits = index.search(Side::Contacts, request, FIFTY);
    let mut people: Vec<(&Profile, Vec<Gathered>)> = Vec::new();
    for hit in hits {
        let Some(contact) = contacts.get(hit.key.0 as usize) else { continue };
        let gathered = index.gather(request, contact);
        let is_one = |first: &Profile| index.compare(first, contact).score.probability >= ONE_PERSON;
        let together = hit.score.probability >= WORTH_COMPARING;
        match people.iter_mut().find(|(first, _)| together && is_one(first)) {
            Some((_, records)) => records.push(gathered),
            None => people.push((contact, vec![gathered])),
        }
    }
    Candidates { people: people.into_iter().map(|(_, records)| records).collect() }
}
