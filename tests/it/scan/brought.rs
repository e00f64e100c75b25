//! Files that come in through the program, good rows and bad ones, and everything it leaves of them outside the rows:
//! the reports beside the files and its own words at the level that says most.

use std::collections::BTreeSet;
use std::fs;

use benches::corpus::{ContactRow, Corpus, RequestRow};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::program::Installation;

use super::places::{Heap, read};

/// The person of a row that no import takes: every refusal has a value of theirs in front of it.
const REFUSED: [&str; 3] = ["Zenobia Inconnue", "Ժանետ Անհայտ", "محبوبه ناشناس"];
/// Where and when everybody of the files was met: said openly of every contact.
const MET: [(&str, &str); 2] = [("service_point", "Harbour Gate"), ("contact_date", "2024-05-01")];

pub struct Brought {
    /// What the files say of people.
    pub values: BTreeSet<String>,
    /// What the program left of them.
    pub left: Vec<Heap>,
}

/// Imports contacts and requests into Northland.
pub fn bring(place: &Installation) -> Brought {
    let folder = tempfile::tempdir().unwrap();
    let corpus = Corpus::generate(2027, 60, 30);
    let mut values = BTreeSet::from(REFUSED.map(str::to_owned));
    let contacts: Vec<Value> =
        corpus.contacts.iter().enumerate().map(|(number, row)| contact(&row.cells(), number)).collect();
    values.extend(contacts.iter().flat_map(personal));
    let requests: Vec<Vec<String>> =
        corpus.requests.iter().enumerate().map(|(number, row)| sought(&row.cells(), number)).collect();
    values.extend(requests.iter().flat_map(|row| row.iter().skip(1)).cloned());
    values.retain(|value| !value.is_empty());

    let mut lines: Vec<String> = contacts.iter().map(Value::to_string).collect();
    let [latin, armenian, arabic] = REFUSED;
    // Not the sex: for it a report names every choice, and one of them is somebody's.
    for field in ["birth_date", "nationality", "phones", "consent", "languages"] {
        lines.push(json!({"service_point": "Harbour Gate", "name": arabic, field: latin}).to_string());
    }
    lines.push(json!({"service_point": "Harbour Gate", "name": latin, armenian: arabic}).to_string());
    lines.push(format!("{{\"name\": \"{armenian}\", \"sex\""));
    let refused = lines.len() - contacts.len();
    let words = ["--consent", "tracing_search", "--create-points"];
    let mut left = run(place, &folder, ("contacts.jsonl", &lines), &words, (contacts.len(), refused));

    let mut header = RequestRow::COLUMNS.map(str::to_owned).to_vec();
    header.extend(["enquirer_name", "enquirer_phones", "relation", "story"].map(str::to_owned));
    let mut lines: Vec<String> = [header].iter().chain(&requests).map(|cells| csv(cells)).collect();
    let bad = RequestRow::COLUMNS.map(|column| match column {
        "name" => armenian,
        "birth_date" => latin,
        _ => "",
    });
    lines.push(csv(&sought(&bad, 99)));
    lines.push(format!("{armenian},{arabic}"));
    left.extend(run(place, &folder, ("requests.csv", &lines), &[], (requests.len(), 2)));
    Brought { values, left }
}

/// Runs an import to its end, and gives all that it said and left beside the file.
fn run(
    place: &Installation,
    folder: &TempDir,
    (name, lines): (&str, &[String]),
    more: &[&str],
    (taken, refused): (usize, usize),
) -> Vec<Heap> {
    let path = folder.path().join(name);
    fs::write(&path, lines.join("\n")).unwrap();
    let kind = name.split('.').next().unwrap();
    let file = path.display().to_string();
    let words = [&["import", kind, &file, "--society", "northland"], more].concat();
    let said = place.command(&words).env("RELINK_LOG", "debug").output().unwrap();
    let out = String::from_utf8_lossy(&said.stdout).into_owned();
    let expected = format!("{taken} rows taken, {refused} refused");
    assert!(
        said.status.success() && out.contains(&expected),
        "{out}{}",
        String::from_utf8_lossy(&said.stderr)
    );
    fs::remove_file(&path).unwrap();
    let mut left = vec![(format!("{name}: output"), said.stdout), (format!("{name}: log"), said.stderr)];
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        left.push(read(&path));
        fs::remove_file(path).unwrap();
    }
    left
}

fn contact(cells: &[&str; 13], number: usize) -> Value {
    let mut row: serde_json::Map<String, Value> = ContactRow::COLUMNS
        .iter()
        .zip(cells)
        .map(|(column, cell)| ((*column).to_owned(), json!(cell)))
        .collect();
    row.extend(MET.map(|(column, value)| (column.to_owned(), json!(value))));
    for (column, value) in [
        ("nickname", format!("the tall one of barge {number}")),
        ("phones", format!("+2547{:08}", 55_000_000 + number * 41)),
        ("description", format!("lost a tooth on barge {number}")),
        ("destination", format!("the uncle on barge {number}")),
        ("note", format!("slept twice under barge {number}")),
    ] {
        row.insert(column.to_owned(), json!(value));
    }
    Value::Object(row)
}

/// What a row of contacts says of somebody, without what is open by design and what is a code.
fn personal(row: &Value) -> Vec<String> {
    let open = ["contact_id", "service_point", "contact_date", "sex", "nationality"];
    let fields = row.as_object().unwrap().iter().filter(|(column, _)| !open.contains(&column.as_str()));
    fields.map(|(_, value)| value.as_str().unwrap().to_owned()).collect()
}

fn sought(cells: &[&str; 13], number: usize) -> Vec<String> {
    let mut row: Vec<String> = cells.map(str::to_owned).to_vec();
    row.extend([
        format!("Aunt of the ferry {number}"),
        format!("+2547{:08}", 66_000_000 + number * 43),
        "niece".to_owned(),
        format!("\"He left,\" she said,\nfrom ferry {number}"),
    ]);
    row
}

/// A line of CSV with every cell quoted.
fn csv(cells: &[String]) -> String {
    let quoted: Vec<_> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
    quoted.join(",")
}
