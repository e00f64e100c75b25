//! Names that somebody hostile, or a broken program, sends: folding and comparing them must end soon and never panic,
//! whatever their length and script. libFuzzer stops at the first that takes longer than `-timeout` seconds.

#![no_main]

use std::sync::{Arc, LazyLock, Mutex};

use libfuzzer_sys::fuzz_target;
use matcher::{Index, Limit, Model, Name, NamePart, Place, PlaceRole, Profile, RecordKey, Side};

/// What later names are compared with: a register that hostile records came into.
static INDEX: LazyLock<Mutex<Index>> = LazyLock::new(|| Mutex::new(Index::new(Arc::new(Model::shipped()))));
/// Records the register holds before the oldest is replaced.
const RECORDS: u128 = 512;

fuzz_target!(|input: (String, String, u64)| {
    let (mut name, other, number) = input;
    // libFuzzer's inputs are short: a long one is made of them.
    if number % 7 == 0 && !name.is_empty() {
        name = name.repeat(10_000 / name.len() + 1);
    }
    let profile = |full: &str, father: &str| Profile {
        names: vec![Name::new(NamePart::Full, full), Name::new(NamePart::Father, father)],
        places: vec![Place { role: PlaceRole::Origin, name: father.to_owned(), country: None }],
        phones: vec![full.to_owned()],
        ..Profile::default()
    };
    let (request, contact) = (profile(&name, &other), profile(&other, &name));
    let mut index = INDEX.lock().expect("no earlier input panicked");
    index.insert(Side::Contacts, RecordKey(u128::from(number) % RECORDS), &contact);
    let hits = index.search(Side::Contacts, &request, Limit { k: 10, min_probability: 0.0 });
    let explanation = index.compare(&request, &contact);
    let sum: f32 = explanation.lines.iter().map(|line| line.weight).sum();
    assert!((sum - explanation.score.weight).abs() < 1e-3);
    assert!(hits.iter().all(|hit| (0.0..=1.0).contains(&hit.score.probability)));
});
