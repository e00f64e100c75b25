//! Learns edit costs from spellings of names: `learn_costs (NAMES.tsv|DIR)...` prints the figures of
//! `matcher/data/edit_costs.txt`.
//!
//! NAMES.tsv is read as `spellings` reads it: every two Latin spellings of one native form are a pair, and every native
//! form with each of its spellings; of the half of the natives that `spellings` keeps to judge by, none. DIR is read as
//! `refine` reads it: the words two records of one person pair off into, each the nearest of the other's.

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::fs::File;
use std::path::Path;

use matcher::evaluate::spelling_distance;
use matcher::learn::{SpellingPair, edit_costs};
use matcher::{Profile, Side, records};

mod folder;
mod spelled;
use spelled::{Half, Names};

/// How much a pair of Latin spellings counts; the words of the same native once more when seen often.
const LATIN: f32 = 0.5;
/// How much a word of two records of one person counts.
const RECORDS: f32 = 1.0;

fn main() -> Result<(), Box<dyn Error>> {
    let mut pairs = Vec::new();
    for path in std::env::args().skip(1) {
        if Path::new(&path).is_dir() {
            of_records(Path::new(&path), &mut pairs)?;
        } else {
            of_names(&Names::read(&path)?, &mut pairs);
        }
        eprintln!("{} pairs with {path}", pairs.len());
    }
    print!("{}", edit_costs(&pairs));
    Ok(())
}

fn of_names(names: &Names, pairs: &mut Vec<SpellingPair>) {
    for seen in [1, 2] {
        let latin = names.variants(Half::Learn, seen).into_iter();
        pairs.extend(latin.map(|(one, other)| pair(one, other, LATIN)));
    }
    for (native, spelling, seen) in names.spelled(Half::Learn, 1) {
        let sure = 0.5 + 0.125 * seen.min(4) as f32;
        // Cyrillic is written with its vowels, as Latin is: those pairs are many and easy, and would drown the others.
        let cyrillic = native.chars().any(|letter| ('\u{0400}'..='\u{052F}').contains(&letter));
        pairs.push(pair(native, spelling, if cyrillic { 0.3 * sure } else { sure }));
    }
}

fn of_records(folder: &Path, pairs: &mut Vec<SpellingPair>) -> Result<(), Box<dyn Error>> {
    let (contact_ids, contacts) = folder::read(&folder.join("contacts.csv"), Side::Contacts)?;
    let (request_ids, requests) = folder::read(&folder.join("requests.csv"), Side::Requests)?;
    let contacts: HashMap<&str, &Profile> = contact_ids.iter().map(|id| &**id).zip(&contacts).collect();
    let requests: HashMap<&str, &Profile> = request_ids.iter().map(|id| &**id).zip(&requests).collect();
    let truth = folder.join("truth.csv");
    let columns = ["request_id", "contact_id"];
    let mut found = BTreeSet::new();
    for entry in records::entries(&truth.display().to_string(), File::open(&truth)?, columns)? {
        let [request, contact] = entry.cells;
        if let (Some(one), Some(other)) = (requests.get(&*request), contacts.get(&*contact)) {
            pair_off(one, other, &mut found);
        }
    }
    pairs.extend(found.iter().map(|(one, other)| pair(one, other, RECORDS)));
    Ok(())
}

/// The words of two records that are nearest to one another, both ways, and not the same.
fn pair_off(one: &Profile, other: &Profile, found: &mut BTreeSet<(String, String)>) {
    let (left, right) = (words(one), words(other));
    let nearest = |word: &str, among: &BTreeSet<String>| -> Option<String> {
        let measured = among.iter().filter_map(|other| Some((spelling_distance(word, other)?, other)));
        measured.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, other)| other.clone())
    };
    for word in &left {
        let Some(partner) = nearest(word, &right) else { continue };
        if partner != *word && nearest(&partner, &left).as_deref() == Some(word) {
            found.insert((word.clone(), partner));
        }
    }
}

fn words(profile: &Profile) -> BTreeSet<String> {
    let texts = profile.names.iter().flat_map(|name| name.text.split_whitespace());
    texts.map(|word| word.to_lowercase()).collect()
}

fn pair(one: &str, other: &str, weight: f32) -> SpellingPair {
    SpellingPair { one: one.to_owned(), other: other.to_owned(), weight }
}
