//! Learns weights from folders whose truth is known: `refine VERSION DIR...`, CSV as `relink evaluate` reads it,
//! unpacked.
//!
//! Prints the refined model.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use matcher::learn::{Decided, refine};
use matcher::{Index, Limit, Model, RecordKey, Side};

mod folder;
mod known;
mod weights;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [version, folders @ ..] = arguments.as_slice() else {
        return Err("usage: refine VERSION DIR...".into());
    };
    let model = weights::model()?;
    let mut decided = Vec::new();
    for folder in folders {
        decide(&model, Path::new(folder), &mut decided)?;
    }
    eprintln!(
        "{} pairs, {} of one person",
        decided.len(),
        decided.iter().filter(|pair| pair.one_person).count()
    );
    let refined = refine(&model, &decided, version).map_err(|refused| refused.to_string())?;
    print!("{}", refined.to_text());
    Ok(())
}

/// Every request's best fifty candidates and all its true contacts.
fn decide(model: &Model, path: &Path, decided: &mut Vec<Decided>) -> Result<(), Box<dyn Error>> {
    let (contact_ids, contacts) = folder::read(&path.join("contacts.csv"), Side::Contacts)?;
    let (request_ids, requests) = folder::read(&path.join("requests.csv"), Side::Requests)?;
    let truth = known::truth(path)?;
    let keyed = contacts.iter().cloned().zip(0u128..);
    let records = keyed.map(|(profile, key)| (Side::Contacts, RecordKey(key), profile));
    let index = Index::build(Arc::new(model.clone()), records);
    let at: HashMap<&str, usize> = contact_ids.iter().map(|id| &**id).zip(0..).collect();
    for (request, profile) in request_ids.iter().zip(&requests) {
        let hits = index.search(Side::Contacts, profile, Limit { k: 50, min_probability: 0.0 });
        let mut seen: Vec<usize> = hits.iter().map(|hit| hit.key.0 as usize).collect();
        seen.extend(truth.matches_of(request).filter_map(|contact| at.get(contact)).copied());
        seen.sort_unstable();
        seen.dedup();
        for contact in seen {
            let (Some(other), Some(id)) = (contacts.get(contact), contact_ids.get(contact)) else { continue };
            decided.push(Decided {
                gathered: index.gather(profile, other),
                one_person: truth.holds(request, id),
            });
        }
    }
    Ok(())
}
