//! The corpus keeps its promises: the same bytes for a seed, the shape it says, a truth that holds.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn rows(corpus: &Corpus) -> String {
    let contacts = corpus.contacts.iter().flat_map(ContactRow::cells);
    let requests = corpus.requests.iter().flat_map(RequestRow::cells);
    let truth = corpus.truth.iter().flat_map(|pair| [pair.request_id.as_str(), pair.contact_id.as_str()]);
    let groups = corpus.groups.iter().map(|group| group.group);
    contacts.chain(requests).chain(truth).chain(groups).collect::<Vec<_>>().join("|")
}

/// FNV-1a, 64 bits: enough to notice a changed byte.
fn digest(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn share(part: usize, whole: usize) -> usize {
    part * 1000 / whole.max(1)
}

#[test]
fn a_seed_gives_the_same_bytes_for_ever() {
    let corpus = Corpus::generate(1, 2_000, 300);
    assert_eq!(
        digest(&rows(&corpus)),
        DIGEST,
        "the corpus changed: measurements before and after do not compare"
    );
    assert_ne!(digest(&rows(&Corpus::generate(2, 2_000, 300))), DIGEST);
}

const DIGEST: u64 = 0x9f10_643c_f4c4_0278;

#[test]
fn parts_put_together_are_the_whole_and_any_size_is_exact() {
    for (contacts, requests) in [(0, 0), (1, 0), (0, 7), (1, 1), (3, 40), (70_000, 900)] {
        let whole = Corpus::generate(9, contacts, requests);
        assert_eq!((whole.contacts.len(), whole.requests.len()), (contacts, requests));
        assert_eq!(whole.groups.len(), requests);
        let ids: BTreeSet<_> = whole.contacts.iter().map(|one| &one.contact_id).collect();
        assert_eq!(ids.len(), contacts);
        let people: BTreeSet<_> = whole.people.iter().map(|one| one.number).collect();
        assert_eq!(people.len(), whole.people.len(), "every person has a number of their own");
        let largest = Corpus::parts(9, contacts, requests).map(|part| part.contacts.len()).max().unwrap_or(0);
        assert!(largest <= PART);
    }
}

#[test]
fn asking_for_more_requests_leaves_the_contacts_as_they_are() {
    assert_eq!(Corpus::generate(4, 500, 10).contacts, Corpus::generate(4, 500, 400).contacts);
}

#[test]
fn the_truth_names_exactly_the_contacts_of_the_sought_person() {
    let corpus = Corpus::generate(3, 5_000, 900);
    let mut expected = Vec::new();
    for request in &corpus.requests {
        for contact in corpus.contacts.iter().filter(|contact| contact.person == request.person) {
            expected.push(Truth {
                request_id: request.request_id.clone(),
                contact_id: contact.contact_id.clone(),
            });
        }
    }
    assert_eq!(corpus.truth, expected);
    let found: BTreeSet<_> = corpus.truth.iter().map(|pair| &pair.request_id).collect();
    let found = share(found.len(), corpus.requests.len());
    assert!((600..=730).contains(&found), "{found} of a thousand requests can be answered");
}

#[test]
fn missing_and_doubtful_values_come_at_their_rates() {
    let corpus = Corpus::generate(5, 20_000, 4_000);
    let contacts = |value: fn(&ContactRow) -> bool| {
        share(corpus.contacts.iter().filter(|row| value(row)).count(), 20_000)
    };
    let requests = |value: fn(&RequestRow) -> bool| {
        share(corpus.requests.iter().filter(|row| value(row)).count(), 4_000)
    };
    for (what, rate, low, high) in [
        ("no father", contacts(|row| row.father_name.is_empty()), 330, 370),
        ("no mother", contacts(|row| row.mother_name.is_empty()), 480, 520),
        ("no year", contacts(|row| row.birth_year.is_empty()), 130, 170),
        ("no date", contacts(|row| row.birth_date.is_empty()), 520, 580),
        ("1 January", contacts(|row| row.birth_date.ends_with("-01-01")), 90, 140),
        ("no origin", contacts(|row| row.place_of_origin.is_empty()), 200, 240),
        ("no sex", contacts(|row| row.sex.is_empty()), 10, 30),
        ("no name", contacts(|row| row.name.is_empty()), 0, 0),
        ("a family name missing", contacts(|row| row.family_names.is_empty()), 10, 80),
        ("capitals", contacts(|row| row.name.chars().all(|c| !c.is_lowercase())), 330, 420),
        ("another script", contacts(|row| row.name.chars().any(|c| c > '\u{370}')), 60, 100),
        ("no father remembered", requests(|row| row.father_name.is_empty()), 110, 150),
        ("no date remembered", requests(|row| row.birth_date.is_empty()), 690, 770),
    ] {
        assert!((low..=high).contains(&rate), "{what}: {rate} of a thousand, expected {low} to {high}");
    }
}

#[test]
fn every_group_is_there_in_its_share_and_writes_its_scripts() {
    let corpus = Corpus::generate(6, 30_000, 1_000);
    let by_number: BTreeMap<u64, &Person> = corpus.people.iter().map(|one| (one.number, one)).collect();
    let mut counts: BTreeMap<Community, usize> = BTreeMap::new();
    for contact in &corpus.contacts {
        *counts.entry(by_number[&contact.person].community).or_default() += 1;
    }
    for (community, expected) in Community::SHARES {
        let share = share(counts.get(&community).copied().unwrap_or(0), corpus.contacts.len());
        assert!(share.abs_diff(expected as usize) <= 15, "{community:?}: {share}, expected {expected}");
    }
    for (script, from, to) in [
        ("Cyrillic", '\u{400}', '\u{4ff}'),
        ("Arabic", '\u{600}', '\u{6ff}'),
        ("Devanagari", '\u{900}', '\u{97f}'),
        ("Bengali", '\u{980}', '\u{9ff}'),
        ("Ge'ez", '\u{1200}', '\u{137f}'),
    ] {
        let rows =
            corpus.contacts.iter().filter(|row| row.name.chars().any(|c| (from..=to).contains(&c))).count();
        assert!(rows > 30, "{script}: {rows} rows");
    }
}

#[test]
fn families_are_the_hard_part() {
    let corpus = Corpus::generate(7, 10_000, 1_000);
    let by_number: BTreeMap<u64, &Person> = corpus.people.iter().map(|one| (one.number, one)).collect();
    let mut recorded: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for contact in &corpus.contacts {
        recorded.entry(by_number[&contact.person].household).or_default().insert(contact.person);
    }
    let with_sibling = corpus
        .requests
        .iter()
        .filter(|request| {
            let household = recorded.get(&by_number[&request.person].household);
            household.is_some_and(|people| people.iter().any(|&one| one != request.person))
        })
        .count();
    let share = share(with_sibling, corpus.requests.len());
    assert!(share >= 350, "{share} of a thousand sought people have a recorded relative to be mistaken for");
}

#[test]
fn the_same_person_is_often_written_differently() {
    let corpus = Corpus::generate(8, 10_000, 1_500);
    let contacts: BTreeMap<_, _> = corpus.contacts.iter().map(|one| (&one.contact_id, one)).collect();
    let requests: BTreeMap<_, _> = corpus.requests.iter().map(|one| (&one.request_id, one)).collect();
    let same = corpus
        .truth
        .iter()
        .filter(|pair| {
            contacts[&pair.contact_id].name.to_lowercase() == requests[&pair.request_id].name.to_lowercase()
        })
        .count();
    let share = share(same, corpus.truth.len());
    assert!((20..=300).contains(&share), "{share} of a thousand true pairs agree letter by letter");
}

#[test]
fn the_files_hold_what_the_corpus_holds() {
    let dir = tempfile::tempdir().expect("a folder");
    let corpus = Corpus::generate(10, 400, 60);
    corpus.write_csv(dir.path()).expect("written");
    let streamed = tempfile::tempdir().expect("a folder");
    write_csv(10, 400, 60, streamed.path()).expect("written");
    for (file, rows) in
        [("contacts.csv", 400), ("requests.csv", 60), ("truth.csv", corpus.truth.len()), ("groups.csv", 60)]
    {
        let text = std::fs::read_to_string(dir.path().join(file)).expect(file);
        assert_eq!(text, std::fs::read_to_string(streamed.path().join(file)).expect(file));
        assert_eq!(text.lines().count(), rows + 1, "{file}");
    }
    let mut reader = csv::Reader::from_path(dir.path().join("contacts.csv")).expect("readable");
    let first = reader.records().next().expect("a row").expect("a record");
    assert_eq!(first.iter().collect::<Vec<_>>(), corpus.contacts[0].cells());
}
