//! What a thief of the machine learns: two thousand invented people in five scripts, two cases worked to their end and
//! two files go through the real services and the program; every sealed column holds something of them; and then the
//! files of the database, its journal, its rows, the log and what the program left are searched for every value in
//! every form.

mod brought;
pub mod case;
mod columns;
mod crowd;
mod forms;
pub mod places;

use std::collections::{BTreeMap, BTreeSet};

use api::db::DbError;
use api::vault::COLUMNS;
use benches::corpus::{Corpus, Person};
use case::{Case, Office, Words};
use diesel::prelude::*;
use forms::{Found, Patterns, sounds};
use places::{Copy, Log};
use tests::postgres;
use tests::program::Installation;
use tests::site::Site;
use tests::world::World;

use crate::relink;

const PEOPLE: usize = 2000;

/// What was found, and where.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord, Clone, Debug)]
struct Finding {
    place: String,
    value: String,
    form: &'static str,
}

/// What is looked for: values in every form, and the sounds of names as words of their own.
struct Search {
    patterns: Patterns,
    spoken: BTreeSet<String>,
}

impl Search {
    fn scan(&self, copy: &Copy) -> BTreeSet<Finding> {
        let mut findings = BTreeSet::new();
        let mut look = |place: &str, hay: &[u8]| {
            let mut found = Found::new();
            self.patterns.search(hay, &mut found);
            findings.extend(found.into_iter().map(|(value, form)| Finding {
                place: place.to_owned(),
                value,
                form,
            }));
        };
        for (name, bytes) in &copy.heaps {
            look(name, bytes);
        }
        for (table, lines) in &copy.rows {
            for line in lines {
                let (text, binary) = places::apart(line);
                look(table, text.as_bytes());
                look(table, &binary);
            }
        }
        let texts = copy.heaps.iter().filter(|(name, _)| name.ends_with("log") || name.ends_with("output"));
        let texts = texts.map(|(name, bytes)| (name.as_str(), String::from_utf8_lossy(bytes)));
        let lines = copy
            .rows
            .iter()
            .flat_map(|(table, lines)| lines.iter().map(move |line| (table.as_str(), line.as_str().into())));
        for (place, line) in lines.chain(texts) {
            for word in places::words(&line).filter(|word| self.spoken.contains(*word)) {
                findings.insert(Finding { place: place.to_owned(), value: word.to_owned(), form: "sound" });
            }
        }
        findings
    }
}

/// What two cases left in the columns, and what whoever worked on them signed in with.
#[derive(Default)]
struct Planted {
    words: Words,
    codes: Words,
    seeds: BTreeMap<&'static str, Vec<u8>>,
    keys: Vec<String>,
}

impl Planted {
    async fn work(world: &World, people: &[&Person]) -> Self {
        let mut planted = Self::default();
        let site = Site::open(world);
        let office = Office::open(world, &site).await;
        for number in 1..=2 {
            let case = Case::begin(&office, people, number).end(&office, people, number);
            for (held, new) in [(&mut planted.words, case.words), (&mut planted.codes, case.codes)] {
                new.into_iter().for_each(|(column, words)| held.entry(column).or_default().extend(words));
            }
        }
        planted.seeds = office.seeds().map(|(name, seed)| (name, seed.to_vec())).collect();
        planted.keys = office.passwords_and_tokens().map(str::to_owned).collect();
        planted
    }

    /// By column: each value in the spellings of which one must stand there.
    fn by_column(&self) -> BTreeMap<&str, Vec<Vec<Vec<u8>>>> {
        let seeds = self.seeds.values().map(|seed| vec![seed.clone()]).collect();
        let mut columns = BTreeMap::from([("accounts.totp_sealed", seeds)]);
        for (column, words) in self.words.iter().chain(&self.codes) {
            let bytes =
                |word: &String| columns::spellings(word).into_iter().map(String::into_bytes).collect();
            columns.entry(*column).or_insert_with(Vec::new).extend(words.iter().map(bytes));
        }
        columns
    }

    /// Every text of it that may stand nowhere.
    fn values(&self) -> BTreeSet<String> {
        let words = self.words.values().chain(self.codes.values()).flatten();
        words.flat_map(|word| columns::spellings(word)).chain(self.keys.iter().cloned()).collect()
    }
}

/// Never recorded by anybody: stands in the files only where this test puts it.
const PLANTED: &str = "Perpétua Quisquam";

mod a_copy_of_the_machine_holds_no_value_of_anybody {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn on_sqlite() {
        story(Installation::on_sqlite(relink())).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    #[ignore = "needs PostgreSQL; tests/run starts one"]
    async fn on_postgres() {
        // The log of a server is one for all its databases: what others write there is not ours to judge.
        story(Installation::on_postgres(relink(), postgres::durable_server())).await;
    }
}

async fn story(place: Installation) {
    tokio::task::block_in_place(|| place.ready());
    let world = World::beside(&place);
    let log = Log::listen();
    let corpus = Corpus::generate(2026, PEOPLE, 0);
    let visits = crowd::visits(&corpus);
    // What stands there before anybody came is the schema's and the pages' own vocabulary.
    world.point("Northland", "Pier Nine").await;
    world.society("Southland").await;
    let untouched = Copy::of(&world, log, &[]);

    let planted = Planted::work(&world, &corpus.people.iter().take(60).collect::<Vec<_>>()).await;
    columns::hold(&world, &planted.by_column());
    let brought = tokio::task::block_in_place(|| brought::bring(&place));
    crowd::comes(&world, &visits).await;
    let copy = Copy::of(&world, log, &brought.left);
    everything_is_there(&copy);

    let mut wanted = crowd::values(&visits);
    wanted.extend(brought.values);
    wanted.extend(planted.values());
    wanted.insert(PLANTED.to_owned());
    let scripts = wanted.iter().filter_map(|value| script(value)).collect::<BTreeSet<_>>();
    assert!(scripts.len() >= 5, "{scripts:?}");
    let spoken = wanted.iter().filter(|value| is_name(value)).flat_map(|value| sounds(value)).collect();
    let mut search = Search { patterns: Patterns::of(&wanted), spoken };
    for (name, seed) in &planted.seeds {
        search.patterns.add_secret(&format!("the second factor of {name}"), seed);
    }
    assert!(search.patterns.len() > 100_000, "{}", search.patterns.len());

    let own: BTreeSet<_> = search.scan(&untouched).into_iter().map(|f| (f.value, f.form)).collect();
    assert!(own.len() < 40, "{} values are words of the service itself: {own:?}", own.len());
    let hidden: Vec<_> = own.iter().filter(|(value, _)| planted.values().contains(value)).collect();
    assert!(hidden.is_empty(), "what a case plants must be told from the service's own words: {hidden:?}");
    let findings: Vec<_> = search
        .scan(&copy)
        .into_iter()
        .filter(|finding| !own.contains(&(finding.value.clone(), finding.form)))
        // The log is the process's: the story of the other database may have planted its value there.
        .filter(|finding| finding.value != PLANTED || finding.place != "log")
        .collect();
    assert!(
        findings.is_empty(),
        "{} findings, such as {:?}",
        findings.len(),
        &findings[..findings.len().min(12)]
    );
    finds(&world, log).await;
}

/// Nothing that a thief would look at first was left out.
fn everything_is_there(copy: &Copy) {
    let filled = copy.heaps.iter().filter(|(_, bytes)| !bytes.is_empty()).map(|(name, _)| name.as_str());
    let filled: Vec<&str> = filled.collect();
    let wanted = [
        "log",
        "wal",
        "/checkpoints/",
        "contacts.jsonl: output",
        "contacts.jsonl.refused.csv",
        "requests.csv: output",
        "requests.csv.refused.csv",
    ];
    let left_out: Vec<_> =
        wanted.iter().filter(|part| !filled.iter().any(|name| name.contains(*part))).collect();
    assert!(left_out.is_empty(), "{left_out:?} in {filled:?}");
    let rows =
        |wanted: &str| copy.rows.iter().find(|(table, _)| table == wanted).map_or(0, |(_, rows)| rows.len());
    for table in COLUMNS.iter().map(|column| column.table).chain(["audit_leaves", "audit_checkpoints"]) {
        assert!(rows(table) > 0, "{table}");
    }
    assert_eq!(rows("import_runs"), 2, "how far each file came");
    assert!(rows("people") > PEOPLE, "{}", rows("people"));
    let log = String::from_utf8_lossy(&copy.heaps[0].1);
    assert!(log.contains("/api/v1/contacts") && log.contains("/api/v1/candidates"), "the log was not heard");
}

/// The search can find: what is put in a row, in a binary value, in the log and beside the database is found there in
/// every form.
async fn finds(world: &World, log: Log) {
    plant(world).await;
    let patterns = Patterns::of(&BTreeSet::from([PLANTED.to_owned()]));
    let search = Search { patterns, spoken: BTreeSet::new() };
    let found = search.scan(&Copy::of(world, log, &[]));
    let places: BTreeSet<_> = found.iter().map(|finding| (finding.place.as_str(), finding.form)).collect();
    for expected in [("societies", "utf-8"), ("log", "base64"), ("log", "hex")] {
        assert!(places.contains(&expected), "{expected:?} in {places:?}");
    }
    for (form, _) in forms::forms(PLANTED) {
        assert!(places.contains(&("service_secrets", form)), "{form} in {places:?}");
        assert!(
            places.iter().any(|(place, f)| place.ends_with("left.txt") && *f == form),
            "{form}: {places:?}"
        );
    }
    assert!(places.iter().any(|(place, form)| place.contains("wal") && *form == "utf-8"), "{places:?}");
}

/// Puts one value where none may stand.
async fn plant(world: &World) {
    let forms = forms::forms(PLANTED);
    let all =
        forms.iter().flat_map(|(_, bytes)| [bytes.as_slice(), b"\n"]).flatten().copied().collect::<Vec<_>>();
    std::fs::write(world.folder().join("left.txt"), &all).unwrap();
    let planted = world.core.db.write(move |tx| {
        use api::db::schema::{service_secrets, societies};
        diesel::update(societies::table).set(societies::name.eq(PLANTED)).execute(tx)?;
        diesel::insert_into(service_secrets::table)
            .values((
                service_secrets::label.eq("planted"),
                service_secrets::wrapped.eq(all),
                service_secrets::created_at.eq(0),
            ))
            .execute(tx)?;
        Ok::<_, DbError>(())
    });
    planted.await.unwrap();
    for form in ["base64", "hex"] {
        let (_, coded) = forms.iter().find(|(name, _)| *name == form).unwrap();
        tracing::debug!(coded = %String::from_utf8_lossy(coded), "planted");
    }
}

/// Letters alone: what stands in prose has no sound of its own.
fn is_name(value: &str) -> bool {
    value.split_whitespace().count() < 6 && value.chars().all(|c| c.is_alphabetic() || c.is_whitespace())
}

/// The script of a value's first letter.
fn script(value: &str) -> Option<&'static str> {
    match value.chars().find(|c| c.is_alphabetic())? {
        '\u{41}'..='\u{24F}' => Some("latin"),
        '\u{400}'..='\u{4FF}' => Some("cyrillic"),
        '\u{600}'..='\u{6FF}' => Some("arabic"),
        '\u{900}'..='\u{97F}' => Some("devanagari"),
        '\u{980}'..='\u{9FF}' => Some("bengali"),
        '\u{1200}'..='\u{139F}' => Some("ethiopic"),
        _ => None,
    }
}
