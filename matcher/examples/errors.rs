//! Counts by cause what the matcher gets wrong: `errors DIR`, CSV as `relink evaluate` reads it, unpacked.
//!
//! Looks at the ten contacts a request is told, among rivals, and counts false ones of more than one half and true ones
//! of less, over all and by group.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use matcher::{Explanation, FieldName, Index, Limit, Line, List, Profile, RecordKey, Side, records};
use rayon::prelude::*;

mod folder;
mod known;
mod weights;

/// Contacts a request is told, as `relink rank` does.
const TOLD: usize = 10;
/// Bits a line weighs at most where it contradicts.
const CONTRADICTS: f32 = -1.5;
/// Bits surname, parents and origin weigh together at least where a family agrees.
const FAMILY: f32 = 8.0;

/// Wrong pairs by cause and group.
type Wrong = BTreeMap<String, BTreeMap<String, usize>>;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path] = arguments.as_slice() else {
        return Err("usage: errors DIR".into());
    };
    let path = Path::new(path);
    let (contact_ids, contacts) = folder::read(&path.join("contacts.csv"), Side::Contacts)?;
    let (request_ids, requests) = folder::read(&path.join("requests.csv"), Side::Requests)?;
    let (truth, groups) = (known::truth(path)?, groups(path)?);
    let keyed = contacts.iter().cloned().zip(0u128..);
    let records = keyed.map(|(profile, key)| (Side::Contacts, RecordKey(key), profile));
    let index = Index::build(Arc::new(weights::model()?), records);
    let causes_of = |request: &str, profile: &Profile| -> Vec<String> {
        let mut causes = Vec::new();
        let hits = index.search(Side::Contacts, profile, Limit::LIST);
        let mut told: Vec<_> = hits.iter().zip(index.among_rivals(&hits, List::Whole)).collect();
        told.sort_by(|(_, a), (_, b)| b.score.probability.total_cmp(&a.score.probability));
        told.truncate(TOLD);
        let (mut recorded, mut met) = (truth.matches_of(request).count(), false);
        for (hit, among) in told {
            let at = hit.key.0 as usize;
            let (Some(id), Some(contact)) = (contact_ids.get(at), contacts.get(at)) else { continue };
            let is_true = truth.holds(request, id);
            (recorded, met) = (recorded.saturating_sub(usize::from(is_true)), met || is_true);
            if is_true != (among.score.probability > 0.5) {
                let explained = index.compare(profile, contact);
                causes.push(match is_true {
                    true => of_too_little(&explained),
                    false => {
                        of_too_much(&explained, truth.matches_of(request).next().is_some(), met).to_owned()
                    }
                });
            }
        }
        causes.extend((0..recorded).map(|_| "true, not told at all".to_owned()));
        causes
    };
    let asked: Vec<(&str, &Profile)> = request_ids.iter().map(|id| &**id).zip(&requests).collect();
    let wrong: Vec<(&str, Vec<String>)> =
        asked.into_par_iter().map(|(id, profile)| (id, causes_of(id, profile))).collect();
    let mut counted = Wrong::new();
    for (request, causes) in wrong {
        for cause in causes {
            let by_group = counted.entry(cause).or_default();
            let group = groups.get(request).map_or("(none)", String::as_str);
            ["all", group].into_iter().for_each(|group| *by_group.entry(group.to_owned()).or_default() += 1);
        }
    }
    print(&counted);
    Ok(())
}

/// Why a stranger has more than one half; `met` says whether the sought person stands above.
fn of_too_much(explained: &Explanation, recorded: bool, met: bool) -> &'static str {
    let of_family = |line: &&Line| {
        matches!(
            line.field,
            FieldName::FamilyName | FieldName::Father | FieldName::Mother | FieldName::Origin
        )
    };
    let family: f32 = explained.lines.iter().filter(of_family).map(|line| line.weight).sum();
    let another = |line: &Line| line.field == FieldName::GivenName && line.weight < 0.0;
    match (recorded, met) {
        _ if family >= FAMILY && explained.lines.iter().any(another) => {
            "false, of the same family by its names"
        }
        (false, _) => "false, nobody to be found was recorded",
        (true, true) => "false, below the person",
        (true, false) => "false, above the person",
    }
}

/// Why the sought person has less than one half.
fn of_too_little(explained: &Explanation) -> String {
    if explained.score.probability > 0.5 {
        return "true, more than half but for rivals".to_owned();
    }
    let about_person = |line: &&Line| line.field != FieldName::Household;
    let worst = explained.lines.iter().filter(about_person).min_by(|a, b| a.weight.total_cmp(&b.weight));
    if let Some(worst) = worst.filter(|line| line.weight <= CONTRADICTS) {
        return format!("true, contradicts most: {}", worst.field.as_str());
    }
    let known = [
        FieldName::GivenName,
        FieldName::FamilyName,
        FieldName::Father,
        FieldName::Mother,
        FieldName::Birth,
        FieldName::Sex,
        FieldName::Origin,
    ];
    let unrecorded = |line: &&Line| known.contains(&line.field) && line.level.ends_with(".not_recorded");
    match explained.lines.iter().filter(unrecorded).count() {
        0 | 1 => "true, little contradicts and little is missing".to_owned(),
        _ => "true, two or more of names, birth, sex, origin not recorded".to_owned(),
    }
}

fn groups(folder: &Path) -> Result<HashMap<String, String>, Box<dyn Error>> {
    let path = folder.join("groups.csv");
    let Ok(file) = File::open(&path) else { return Ok(HashMap::new()) };
    let entries = records::entries(&path.display().to_string(), file, ["request_id", "group"])?;
    Ok(entries.into_iter().map(|entry| entry.cells.into()).collect())
}

/// A line a cause, a column a group.
fn print(counted: &Wrong) {
    let mut groups: Vec<&str> =
        counted.values().flat_map(|groups| groups.keys()).map(String::as_str).collect();
    groups.sort_unstable_by_key(|group| (*group != "all", *group));
    groups.dedup();
    println!("{:60}{}", "", groups.iter().map(|group| format!("{group:>8}")).collect::<String>());
    for (cause, by_group) in counted {
        let of = |group: &&str| format!("{:>8}", by_group.get(*group).copied().unwrap_or(0));
        println!("{cause:60}{}", groups.iter().map(of).collect::<String>());
    }
}
