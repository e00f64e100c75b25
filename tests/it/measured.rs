//! The matcher measured in the open, as somebody without a database, keys or configuration does it: what `rank` writes,
//! what `evaluate` tells of it, and what both say of files that are not as they should be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use tests::program::Said;

use crate::relink;

/// A folder with nothing in it but what a story puts there.
struct Place(TempDir);

impl Place {
    fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// With two hundred invented people met and forty sought, and what is true of them.
    fn with_people() -> Self {
        let place = Self::empty();
        benches::corpus::write_csv(3, 200, 40, place.path()).unwrap();
        place
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Two who were met, one who is sought, and whom that is true of.
    fn with_three(&self) {
        self.write(
            "contacts.csv",
            "contact_id,name,birth_year\nC1,Amina Warsame,1999\nC2,Olena Kovalenko,\n",
        );
        self.write("requests.csv", "request_id,name\nR1,Aamina Warsame\n");
        self.write("truth.csv", "request_id,contact_id\nR1,C1\n");
    }

    fn run(&self, words: &[&str]) -> Said {
        let mut command = Command::new(relink());
        command.current_dir(self.path()).args(words).env_remove("RELINK_CONFIG");
        let output = command.output().expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program speaks UTF-8");
        Said { status: output.status, out: text(output.stdout), err: text(output.stderr) }
    }

    fn packs(&self, name: &str) {
        let packed = Command::new("gzip").arg(self.path().join(name)).status().expect("gzip is there");
        assert!(packed.success());
    }
}

type Rankings = BTreeMap<String, Vec<(String, f64)>>;

/// What `rank` wrote, by request.
fn rankings(text: &str) -> Rankings {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("request_id,contact_id,probability"));
    let mut read = Rankings::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let ranked = (cells[1].to_owned(), cells[2].parse().unwrap());
        read.entry(cells[0].to_owned()).or_default().push(ranked);
    }
    read
}

/// The number behind a word in a line.
fn number(line: &str, word: &str) -> f64 {
    let at = line.find(word).unwrap_or_else(|| panic!("no {word:?} in {line}"));
    let rest = line[at + word.len()..].trim_start();
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    rest[..end].trim_end_matches('.').parse().unwrap_or_else(|_| panic!("no number after {word:?} in {line}"))
}

fn near(told: f64, counted: f64) {
    assert!((told - counted).abs() < 5.1e-5, "told {told}, counted {counted}");
}

#[test]
fn a_ranking_holds_ten_contacts_a_request_the_likeliest_first_and_says_what_it_cost() {
    let place = Place::with_people();
    let said = place.run(&["rank", ".", "--out", "ranking.csv"]).well();
    for words in ["200 contacts read and indexed in", "40 searches in", "a second; one takes p50", "memory:"]
    {
        assert!(said.contains(words), "{words} is missing:\n{said}");
    }
    let ranking = place.read("ranking.csv");
    let read = rankings(&ranking);
    assert!(read.len() <= 40 && read.values().any(|ranked| ranked.len() > 1));
    for (request, ranked) in &read {
        assert!(ranked.len() <= 10, "{request}");
        assert!(ranked.windows(2).all(|two| two[0].1 >= two[1].1), "{request}: {ranked:?}");
        assert!(ranked.iter().all(|(_, probability)| (0.0..=1.0).contains(probability)));
        let different: BTreeSet<_> = ranked.iter().map(|(contact, _)| contact).collect();
        assert_eq!(different.len(), ranked.len(), "{request}");
    }
    // Packed, it is the same file; and the same people rank the same every time.
    place.packs("contacts.csv");
    place.packs("requests.csv");
    place.run(&["rank", ".", "--out", "again.csv"]).well();
    assert_eq!(place.read("again.csv"), ranking);
    assert!(!place.path().join("again.csv.new").exists());
}

/// The lines of a group, and hits, recall and the share of true pairs in a tenth counted by hand.
#[test]
fn what_is_told_of_a_ranking_is_what_anybody_counts_in_it() {
    let place = Place::with_people();
    place.run(&["rank", ".", "--out", "ranking.csv"]).well();
    let told = place.run(&["evaluate", "."]).well();
    let ranking = rankings(&place.read("ranking.csv"));
    let pairs_of = |name: &str| -> Vec<(String, String)> {
        let text = place.read(name);
        let cells = text.lines().skip(1).map(|line| line.split_once(',').unwrap());
        cells.map(|(one, other)| (one.to_owned(), other.to_owned())).collect()
    };
    let mut truth: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (request, contact) in pairs_of("truth.csv") {
        truth.entry(request).or_default().insert(contact);
    }
    let groups: BTreeMap<String, String> = pairs_of("groups.csv").into_iter().collect();
    let mut names: BTreeSet<&str> = groups.values().map(String::as_str).collect();
    names.insert("all");
    assert!(names.len() > 2, "one group shows nothing");
    for name in names {
        let within = |request: &str| name == "all" || groups[request] == name;
        let line = |word: &str| {
            let found =
                told.lines().find(|line| line.split_whitespace().next() == Some(name) && line.contains(word));
            found.unwrap_or_else(|| panic!("{name}: no {word}:\n{told}"))
        };
        let sought: Vec<_> = truth.iter().filter(|(request, _)| within(request)).collect();
        let hits = |count: usize| {
            let hit = |(request, contacts): &&(&String, &BTreeSet<String>)| {
                let ranked = ranking.get(*request).into_iter().flatten().take(count);
                ranked.into_iter().any(|(contact, _)| contacts.contains(contact))
            };
            sought.iter().filter(hit).count() as f64 / sought.len().max(1) as f64
        };
        let hit_line = line("hit@10");
        assert_eq!(number(hit_line, "true contact n") as usize, sought.len());
        near(number(hit_line, "hit@1 "), hits(1));
        near(number(hit_line, "hit@10"), hits(10));

        let mut said: Vec<(f64, bool)> = Vec::new();
        for (request, ranked) in ranking.iter().filter(|(request, _)| within(request)) {
            let holds = |contact| truth.get(request).is_some_and(|contacts| contacts.contains(contact));
            said.extend(ranked.iter().map(|(contact, probability)| (*probability, holds(contact))));
        }
        let total: usize = sought.iter().map(|(_, contacts)| contacts.len()).sum();
        let mut best = 0.0_f64;
        for (threshold, _) in &said {
            let above: Vec<_> = said.iter().filter(|(probability, _)| probability >= threshold).collect();
            let true_ones = above.iter().filter(|(_, holds)| *holds).count() as f64;
            best = best.max(2.0 * true_ones / (above.len() + total) as f64);
        }
        near(number(line("best F1"), "best F1"), best);
        let calibrated = told
            .lines()
            .filter(|line| line.split_whitespace().next() == Some(name) && line.contains("calibration"));
        let told_pairs: usize = calibrated.map(|line| number(line, ": ") as usize).sum();
        assert_eq!(told_pairs, said.len(), "{name}");
    }
    assert!(told.contains("worst group") && told.contains("searches in"), "{told}");
}

#[test]
fn without_groups_everything_is_told_as_one() {
    let place = Place::empty();
    place.with_three();
    let told = place.run(&["evaluate", "."]).well();
    let hits: Vec<_> = told.lines().filter(|line| line.contains("hit@10")).collect();
    assert_eq!(hits.len(), 1, "{told}");
    near(number(hits[0], "hit@1 "), 1.0);
    assert!(!told.contains("worst group"), "{told}");
}

#[test]
fn whatever_is_wrong_with_a_file_is_told_by_file_line_and_column_and_no_ranking_is_left() {
    for (file, text, told) in [
        ("contacts.csv", "contact_id,name\nC1,Amina\nC1,Ali\n", "contacts.csv, line 3, column contact_id"),
        ("contacts.csv", "contact_id,name\nC1,Amina,x\n", "contacts.csv, line 2: has 3 cells"),
        ("contacts.csv", "id,name\nC1,Amina\n", "contacts.csv, line 1, column contact_id: is missing"),
        ("requests.csv", "request_id,name\nR1,A\n ,B\n", "requests.csv, line 3, column request_id: is empty"),
        ("requests.csv", "", "requests.csv, line 1: is empty"),
        ("truth.csv", "request_id,contact_id\nR1\n", "truth.csv, line 2: has 1 cells"),
        ("groups.csv", "request_id,group\nR1,\n", "groups.csv, line 2, column group: is empty"),
    ] {
        let place = Place::empty();
        place.with_three();
        place.write(file, text);
        let err = place.run(&["evaluate", "."]).badly();
        assert!(err.contains(told), "{file}: {err}");
        assert!(!err.contains("Amina") && !err.contains("panicked"), "{err}");
        if !["truth.csv", "groups.csv"].contains(&file) {
            assert!(place.run(&["rank", ".", "--out", "r.csv"]).badly().contains(told), "{file}");
            assert!(!place.path().join("r.csv").exists() && !place.path().join("r.csv.new").exists());
        }
    }
    let place = Place::empty();
    for words in [&["rank", ".", "--out", "r.csv"][..], &["evaluate", "."]] {
        assert!(place.run(words).badly().contains("is missing (nor is there a"), "{words:?}");
    }
    place.with_three();
    fs::rename(place.path().join("contacts.csv"), place.path().join("contacts.csv.gz")).unwrap();
    let err = place.run(&["rank", ".", "--out", "r.csv"]).badly();
    assert!(err.contains("contacts.csv.gz, line 1: cannot be read on"), "{err}");
    let err = place.run(&["rank", ".", "--out", "no/such/folder.csv"]).badly();
    assert!(err.contains("no/such/folder.csv cannot be written"), "{err}");
    place.write("model.txt", "nonsense\n");
    let err = place.run(&["rank", ".", "--out", "r.csv", "--model", "model.txt"]).badly();
    assert!(err.contains("model.txt"), "{err}");
}

#[test]
fn a_value_nobody_can_read_loses_nobody_and_is_told() {
    let place = Place::empty();
    place.with_three();
    place.write(
        "contacts.csv",
        "contact_id,name,birth_date\nC1,Amina Warsame,12/04/1999\nC2,Olena,1990-13-01\n",
    );
    let said = place.run(&["rank", ".", "--out", "r.csv"]);
    assert!(said.err.contains("2 values of birth_date cannot be read and are left out, the first in line 2"));
    assert!(!said.err.contains("1999"), "{}", said.err);
    said.well();
    assert_eq!(rankings(&place.read("r.csv"))["R1"][0].0, "C1");
}

#[test]
fn a_truth_that_names_nobody_is_told_and_counts_as_not_found() {
    let place = Place::empty();
    place.with_three();
    place.write("truth.csv", "request_id,contact_id\nR1,C1\nR9,C2\nR1,C8\nR1,C9\n");
    place.write("groups.csv", "request_id,group\nR1,east\nR7,west\n");
    let said = place.run(&["evaluate", "."]);
    for told in [
        "truth.csv, line 3, column request_id: there is no such request; it counts as not found (1 such rows)",
        "truth.csv, line 4, column contact_id: there is no such contact; it counts as not found (2 such rows)",
        "groups.csv, line 3, column request_id: there is no such request (1 such rows)",
    ] {
        assert!(said.err.contains(told), "{told}:\n{}", said.err);
    }
    let out = said.well();
    let line = out.lines().find(|line| line.contains("hit@10")).unwrap();
    near(number(line, "hit@10"), 0.5);
    near(number(line, "pair recall@10"), 0.25);
}

#[test]
fn pairs_of_names_are_told_by_recall_f1_and_rung() {
    let place = Place::empty();
    let names = "Mohammed\tMuhamed\tyes\nWarsame\tWarsama\t1\nAmina\tAmina\tyes\nAmina\tKovalenko\tno\nAli\tHernandez\t0\n";
    place.write("pairs.tsv", names);
    let told = place.run(&["evaluate", "--pairs", "pairs.tsv"]).well();
    assert!(told.starts_with("3 pairs are one name, 2 are two;"), "{told}");
    let rates: Vec<_> = told.lines().filter(|line| line.starts_with("random pairs")).collect();
    assert!(rates.len() == 2 && rates[0].contains("1e-3") && rates[1].contains("1e-2"), "{told}");
    near(number(told.lines().find(|line| line.starts_with("best F1")).unwrap(), "best F1"), 1.0);
    let rungs: Vec<_> = told.lines().filter(|line| line.contains("on rung")).collect();
    assert_eq!(rungs.iter().map(|line| number(line, "  n ") as usize).sum::<usize>(), 3, "{told}");

    place.write("pairs.tsv", "a\tb\tyes\na\tb\tperhaps\n");
    let err = place.run(&["evaluate", "--pairs", "pairs.tsv"]).badly();
    assert!(err.contains("pairs.tsv, line 2, column 3: is neither yes nor no"), "{err}");
    place.write("pairs.tsv", "a\tb\tno\n");
    assert!(place.run(&["evaluate", "--pairs", "pairs.tsv"]).badly().contains("no line is a yes"));
    assert!(place.run(&["evaluate", "--pairs", "nowhere.tsv"]).badly().contains("nowhere.tsv"));
    assert_eq!(place.run(&["evaluate"]).status.code(), Some(2), "something must be named");
}

#[test]
fn two_registers_in_the_form_of_febrl_are_linked_and_told() {
    let place = Place::empty();
    let header = "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth";
    let register = |kind: &str, slip: &str| {
        let row = |n: usize| {
            let (street, code, day) = (n % 90 + 1, 2000 + n * 37 % 900, 19_500_101 + n * 7919 % 400_000);
            format!(
                "rec-{n}-{kind}, given{}, sur{n}{slip}, {street}, road {n}, , town {}, {code}, ost, {day}\n",
                n % 7,
                n % 11
            )
        };
        format!("{header}\n{}", (0..150).map(row).collect::<String>())
    };
    place.write("a.csv", &register("org", ""));
    place.write("b.csv", &register("dup-0", "e"));
    let told = place.run(&["evaluate", "--febrl", "a.csv", "b.csv"]).well();
    assert!(told.starts_with("150 and 150 records, "), "{told}");
    assert!(number(&told, "precision") > 0.98 && number(&told, "recall") > 0.98, "{told}");

    place.write("c.csv", header);
    assert!(
        place
            .run(&["evaluate", "--febrl", "a.csv", "c.csv"])
            .badly()
            .contains("150 and 0 records are too few")
    );
    place.write("c.csv", "rec_id, surname\n");
    assert!(
        place
            .run(&["evaluate", "--febrl", "a.csv", "c.csv"])
            .badly()
            .contains("column given_name: is missing")
    );
    assert_eq!(place.run(&["evaluate", "--febrl", "a.csv"]).status.code(), Some(2), "there must be two");
}
