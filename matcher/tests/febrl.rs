//! Record sets in FEBRL's form, told on invented registers that the test writes and damages itself.

use std::collections::HashSet;

use matcher::evaluate::febrl::{COLUMNS, Link, NotLinked, Record, Rightness, link, read};

const GIVEN: [&str; 16] = [
    "hanna",
    "tobias",
    "miriam",
    "jasmin",
    "olaf",
    "petra",
    "quentin",
    "rosa",
    "samuel",
    "tamara",
    "ulrich",
    "vera",
    "wilma",
    "xaver",
    "yvonne",
    "zacharias",
];
const SYLLABLES: [&str; 12] =
    ["ber", "kan", "del", "fos", "gar", "hol", "lin", "mar", "nor", "pel", "rud", "sten"];

/// Chance without a clock: the same numbers in every run (Knuth's MMIX multiplier).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn word(&mut self) -> String {
        (0..2).map(|_| SYLLABLES[self.below(SYLLABLES.len())]).collect()
    }
}

/// A row: `rec_id`, the columns compared, and the number that must not be read.
#[derive(Clone)]
struct Row {
    id: String,
    cells: [String; COLUMNS.len()],
    number: String,
}

impl Row {
    fn invented(chance: &mut Chance, person: usize) -> Self {
        let cells = [
            GIVEN[chance.below(GIVEN.len())].to_owned(),
            chance.word(),
            (1 + chance.below(200)).to_string(),
            format!("{} street", chance.word()),
            chance.word(),
            format!("{} {}", chance.word(), SYLLABLES[chance.below(4)]),
            (2000 + chance.below(600)).to_string(),
            ["nord", "sud", "ost"][chance.below(3)].to_owned(),
            format!("19{:02}{:02}{:02}", chance.below(90), 1 + chance.below(12), 1 + chance.below(28)),
        ];
        Self { id: format!("rec-{person}-org"), cells, number: person.to_string() }
    }

    /// As somebody copied it in a hurry: up to three cells lost, mistyped, or written into the neighbour's place.
    fn damaged(&self, chance: &mut Chance, person: usize) -> Self {
        let mut copy = Self { id: format!("rec-{person}-dup-0"), ..self.clone() };
        for _ in 0..chance.below(4) {
            let at = chance.below(COLUMNS.len());
            match chance.below(4) {
                0 => copy.cells[at].clear(),
                1 => copy.cells.swap(0, 1),
                _ => {
                    let cell = &mut copy.cells[at];
                    let place = chance.below(cell.len().max(1));
                    if let Some(letter) = cell.get(place..=place).map(str::to_owned) {
                        cell.insert_str(place, &letter);
                    }
                }
            }
        }
        copy
    }

    fn line(&self) -> String {
        format!("{}, {}, {}\n", self.id, self.cells.join(", "), self.number)
    }
}

/// Two registers of 400 people each, of whom 300 stand in both.
fn registers() -> (Vec<Row>, Vec<Row>) {
    let mut chance = Chance(3);
    let a: Vec<Row> = (0..400).map(|person| Row::invented(&mut chance, person)).collect();
    let mut b: Vec<Row> = (0..300).map(|person| a[person].damaged(&mut chance, person)).collect();
    b.extend((400..500).map(|person| Row::invented(&mut chance, person)));
    b.reverse();
    (a, b)
}

/// The rows as a file in FEBRL's form, read.
fn records(rows: &[Row]) -> Vec<Record> {
    let lines: String = rows.iter().map(Row::line).collect();
    let text = format!("rec_id, {}, soc_sec_id\n{lines}", COLUMNS.join(", "));
    read("register.csv", text.as_bytes()).unwrap_or_default()
}

#[test]
fn people_in_both_registers_are_linked_and_others_are_not() {
    let (a, b) = registers();
    let (a, b) = (records(&a), records(&b));
    let links = link(&a, &b).unwrap();
    let rightness = Rightness::of(&links, &a, &b);
    assert!(rightness.precision > 0.98 && rightness.recall > 0.98, "{rightness}");
    let (in_a, in_b): (HashSet<_>, HashSet<_>) = links.iter().map(|link| (link.a, link.b)).unzip();
    assert_eq!((in_a.len(), in_b.len()), (links.len(), links.len()), "no record is linked twice");
    assert!(links.iter().all(|link| (0.5..=1.0).contains(&link.probability)));
}

#[test]
fn a_number_of_ones_own_is_not_read() {
    let (a, mut b) = registers();
    let links = link(&records(&a), &records(&b)).unwrap();
    let mut numbers: Vec<String> = b.iter().map(|row| row.number.clone()).collect();
    numbers.rotate_left(1);
    b.iter_mut().zip(numbers).for_each(|(row, number)| row.number = number);
    assert_eq!(link(&records(&a), &records(&b)).unwrap(), links);
}

#[test]
fn registers_that_have_nobody_in_common_are_not_linked() {
    let mut chance = Chance(5);
    let mut register = |from: usize| -> Vec<Row> {
        (from..from + 300).map(|person| Row::invented(&mut chance, person)).collect()
    };
    let (a, mut empty, b) = (records(&register(0)), register(300), records(&register(600)));
    empty.iter_mut().for_each(|row| row.cells = Default::default());
    let nothing = records(&empty);
    assert_eq!(nothing.len(), 300);
    for other in [b, nothing] {
        let refused = link(&a, &other).unwrap_err();
        assert!(refused.to_string().ends_with("pairs seem to be of one person: 20 are needed"), "{refused}");
    }
}

#[test]
fn a_handful_of_records_is_refused() {
    let (a, b) = registers();
    let refused = link(&records(&a), &records(&b[..99])).unwrap_err();
    assert_eq!(refused, NotLinked::TooFew { a: 400, b: 99 });
    assert_eq!(refused.to_string(), "400 and 99 records are too few: 100 of each are needed");
}

#[test]
fn rightness_counts_links_by_the_person_a_record_names() {
    let named = |ids: [&str; 4]| {
        records(&ids.map(|id| Row { id: id.to_owned(), cells: Default::default(), number: String::new() }))
    };
    let a = named(["rec-1-org", "rec-2-org", "rec-3-org", "rec-9-org"]);
    let b = named(["rec-2-dup-0", "rec-1-dup-0", "rec-3-dup-0", "rec-8-dup-0"]);
    let pair = |a, b| Link { a, b, probability: 0.9 };
    let rightness = Rightness::of(&[pair(0, 1), pair(1, 0), pair(2, 3), pair(3, 2)], &a, &b);
    assert_eq!((rightness.precision, rightness.recall), (0.5, 2.0 / 3.0));
    assert!((rightness.f1 - 4.0 / 7.0).abs() < 1e-9);
    assert_eq!(Rightness::of(&[], &a, &b).f1, 0.0);
}

#[test]
fn what_is_wrong_with_a_file_is_told_by_line() {
    let header = format!("rec_id, {}", COLUMNS.join(", "));
    let told = |text: &str| read("a.csv", text.as_bytes()).unwrap_err().to_string();
    assert_eq!(told("rec_id,given_name\n"), "a.csv, line 1, column surname: is missing");
    assert_eq!(
        told(&format!("{header}\nrec-1-org,,,,,,,,,\n ,,,,,,,,,\n")),
        "a.csv, line 3, column rec_id: is empty"
    );
    assert_eq!(
        told(&format!("{header}\nrec-1-org,hanna\n")),
        "a.csv, line 2: has 2 cells, the header has 10"
    );
}
