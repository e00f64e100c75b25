//! What a caseworker waits for: one request ranked against everybody met.
//!
//! 20,000 contacts are one national society's year, 200,000 the first goal (99 of 100 searches under 50 ms); with
//! `RELINK_BENCH_LARGE=1` also 1,000,000, and with `RELINK_BENCH_LARGE=2` 4,700,000, the network. The baseline scans
//! every name with strsim's Jaro-Winkler, sorted words, any_ascii romanised: the plain way to do it, in the same run.
//! Recall stands beside time, because speed without recall is worth nothing.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use benches::corpus::{ContactRow, Corpus, RequestRow};
use matcher::evaluate::PlainName;
use matcher::{Index, Limit, Model, Profile, RecordKey, Side, records};

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SEED: u64 = 20;
const REQUESTS: usize = 1_000;
/// The baseline takes a second a request at 200,000: a few of them show it well enough.
const SCANNED: usize = 25;
const TEN: Limit = Limit { k: 10, min_probability: 0.0 };

fn main() {
    let large = std::env::var("RELINK_BENCH_LARGE").unwrap_or_default();
    let sizes: &[usize] = match large.as_str() {
        "2" => &[20_000, 200_000, 1_000_000, 4_700_000],
        "" | "0" => &[20_000, 200_000],
        _ => &[20_000, 200_000, 1_000_000],
    };
    for size in sizes {
        measure(*size);
    }
}

fn measure(size: usize) {
    let corpus = Corpus::generate(SEED, size, REQUESTS);
    let at: HashMap<&str, u128> =
        corpus.contacts.iter().map(|row| row.contact_id.as_str()).zip(0..).collect();
    let mut truth: HashMap<&str, HashSet<u128>> = HashMap::new();
    for pair in &corpus.truth {
        truth.entry(&pair.request_id).or_default().extend(at.get(pair.contact_id.as_str()));
    }
    println!("\n{size} contacts, {} requests", corpus.requests.len());

    let started = Instant::now();
    let contacts = corpus.contacts.iter().map(contact).zip(0u128..);
    let mut index = Index::build(
        Arc::new(Model::shipped()),
        contacts.map(|(profile, key)| (Side::Contacts, RecordKey(key), profile)),
    );
    println!(
        "  build {:.1} s, {:.0} bytes a contact, {} distinct words",
        started.elapsed().as_secs_f64(),
        index.memory_bytes() as f64 / size as f64,
        index.vocabulary_len()
    );

    let mut times = Vec::new();
    let mut hits = Hits::default();
    for row in &corpus.requests {
        let profile = request(row);
        let started = Instant::now();
        let found = index.search(Side::Contacts, &profile, TEN);
        times.push(started.elapsed());
        hits.count(truth.get(row.request_id.as_str()), found.iter().map(|hit| hit.key.0));
    }
    report("search", times, &hits);

    let mut times = Vec::new();
    let mut hits = Hits::default();
    let names: Vec<PlainName> = corpus.contacts.iter().map(|row| PlainName::of(&row.name)).collect();
    for row in corpus.requests.iter().filter(|row| truth.contains_key(row.request_id.as_str())).take(SCANNED)
    {
        let started = Instant::now();
        let name = PlainName::of(&row.name);
        let mut scored: Vec<(f64, u128)> =
            names.iter().zip(0u128..).map(|(other, key)| (name.likeness(other), key)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        times.push(started.elapsed());
        hits.count(truth.get(row.request_id.as_str()), scored.iter().take(10).map(|(_, key)| *key));
    }
    report("strsim scan", times, &hits);

    let mut times = Vec::new();
    for (row, key) in corpus.contacts.iter().take(1_000).zip(10_000_000u128..) {
        let profile = contact(row);
        let started = Instant::now();
        index.insert(Side::Contacts, RecordKey(key), &profile);
        times.push(started.elapsed());
    }
    report("add a contact", times, &Hits::default());
}

#[derive(Default)]
struct Hits {
    requests: usize,
    at_1: usize,
    at_10: usize,
}

impl Hits {
    fn count(&mut self, truth: Option<&HashSet<u128>>, found: impl Iterator<Item = u128>) {
        let Some(truth) = truth else { return };
        let found: Vec<bool> = found.map(|key| truth.contains(&key)).collect();
        self.requests += 1;
        self.at_1 += usize::from(found.first() == Some(&true));
        self.at_10 += usize::from(found.contains(&true));
    }
}

fn report(what: &str, mut times: Vec<Duration>, hits: &Hits) {
    times.sort();
    let at =
        |share: f64| times.get((times.len() as f64 * share) as usize).map_or(0.0, |t| t.as_secs_f64() * 1e3);
    print!("  {what:14} p50 {:9.3} ms   p99 {:9.3} ms", at(0.5), at(0.99));
    if hits.requests > 0 {
        let share = |count: usize| count as f64 / hits.requests as f64;
        print!("   hit@1 {:.3}   hit@10 {:.3}   (n {})", share(hits.at_1), share(hits.at_10), hits.requests);
    }
    println!();
}

fn contact(row: &ContactRow) -> Profile {
    records::profile(Side::Contacts, |column| {
        Some(match column {
            "name" => &row.name,
            "given_names" => &row.given_names,
            "family_names" => &row.family_names,
            "father_name" => &row.father_name,
            "mother_name" => &row.mother_name,
            "sex" => &row.sex,
            "birth_date" => &row.birth_date,
            "birth_year" => &row.birth_year,
            "nationality" => &row.nationality,
            "place_of_origin" => &row.place_of_origin,
            "service_point" => &row.service_point,
            "contact_date" => &row.contact_date,
            _ => return None,
        })
    })
}

fn request(row: &RequestRow) -> Profile {
    records::profile(Side::Requests, |column| {
        Some(match column {
            "name" => &row.name,
            "given_names" => &row.given_names,
            "family_names" => &row.family_names,
            "father_name" => &row.father_name,
            "mother_name" => &row.mother_name,
            "sex" => &row.sex,
            "birth_date" => &row.birth_date,
            "birth_year" => &row.birth_year,
            "nationality" => &row.nationality,
            "place_of_origin" => &row.place_of_origin,
            "last_known_place" => &row.last_known_place,
            "last_contact_date" => &row.last_contact_date,
            _ => return None,
        })
    })
}
