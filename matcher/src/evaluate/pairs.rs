//! How well names written differently are told from different names: pairs of names with a yes or a no, measured by the
//! distance of their sounds, listed forms of one name aside, and by the rungs that a comparison of people reaches.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::io::{BufRead, BufReader, Read};

use rayon::prelude::*;

use super::{share, thresholds};
use crate::explain;
use crate::fold::{self, Folded};
use crate::likeness;
use crate::person::{Person, Roles, Word};
use crate::population::Population;
use crate::records::Problem;
use crate::rung::Rung;
use crate::{FieldName, Model, Name, NamePart, Profile};

/// Two names, and whether they are one name written twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// One name.
    pub one: String,
    /// The other.
    pub other: String,
    /// Whether they are one.
    pub same: bool,
}

/// Reads lines of two names and yes or no (1 or 0), separated by tabs. Without a third cell the answer is yes.
///
/// # Errors
/// What is wrong first.
pub fn read(file: &str, source: impl Read) -> Result<Vec<Pair>, Problem> {
    let mut source = BufReader::new(source);
    let (mut pairs, mut bytes) = (Vec::new(), Vec::new());
    for line in 1.. {
        let problem = |column: &str, reason: String| {
            Err(Problem { file: file.to_owned(), line, column: column.to_owned(), reason })
        };
        bytes.clear();
        match source.read_until(b'\n', &mut bytes) {
            Ok(0) => break,
            Ok(_) => {}
            Err(_) => return problem("", "cannot be read on; is the file whole?".to_owned()),
        }
        let Ok(text) = std::str::from_utf8(&bytes) else { return problem("", "is not UTF-8".to_owned()) };
        let text = text.trim_start_matches('\u{feff}').trim_end_matches(['\n', '\r']);
        if text.trim().is_empty() {
            continue;
        }
        let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
        let (one, other, answer) = match cells.as_slice() {
            [one, other] => (*one, *other, "yes"),
            [one, other, answer] => (*one, *other, *answer),
            cells => {
                return problem("", format!("has {} cells between tabs; two or three are read", cells.len()));
            }
        };
        let same = match answer.to_ascii_lowercase().as_str() {
            "yes" | "1" => true,
            "no" | "0" => false,
            _ => return problem("3", "is neither yes nor no, 1 nor 0".to_owned()),
        };
        for (column, name) in [("1", one), ("2", other)] {
            if name.is_empty() {
                return problem(column, "is empty".to_owned());
            }
        }
        pairs.push(Pair { one: one.to_owned(), other: other.to_owned(), same });
    }
    Ok(pairs)
}

/// Bits per phoneme of a word that only one side has: less than for a word that is another, more than for a variant.
const UNSAID: f32 = 1.5;
/// Random pairs each name is part of at least.
const AT_LEAST: usize = 20;
/// Random pairs measured at least, where there are as many: below, one in a thousand is a handful.
const STRANGERS: usize = 100_000;
/// The rates of random pairs at which recall is told.
const RATES: [f64; 2] = [1e-3, 1e-2];

/// A name as it is written and sounds, ready to be measured many times.
struct Heard {
    words: Vec<Word>,
    whole: Word,
}

impl Heard {
    fn of(name: &str) -> Self {
        let words = fold::name(name);
        let mut text: String = words.iter().map(|word| word.text.as_str()).collect();
        text.truncate(fold::LETTER_LIMIT);
        let abjad = words.iter().any(|word| word.abjad);
        let heard = |word: Folded| Word::new(word, Roles::SPARE);
        Self { whole: heard(Folded { text, abjad }), words: words.into_iter().map(heard).collect() }
    }

    /// Bits per phoneme: words one to one whatever their order, or all as one word, whichever is nearer. The most there
    /// is where a side has no word.
    fn distance(&self, other: &Self) -> f32 {
        if self.words.is_empty() || other.words.is_empty() {
            return f32::MAX;
        }
        let whole = measured(&self.whole, &other.whole);
        if self.words.len() + other.words.len() == 2 { whole } else { whole.min(self.by_words(other)) }
    }

    fn by_words(&self, other: &Self) -> f32 {
        let mut links: Vec<(f32, usize, usize)> = Vec::with_capacity(self.words.len() * other.words.len());
        for (i, one) in self.words.iter().enumerate() {
            links.extend(other.words.iter().enumerate().map(|(j, two)| (measured(one, two), i, j)));
        }
        links.sort_by(|a, b| a.0.total_cmp(&b.0));
        let length =
            |words: &[Word], at: usize| words.get(at).map_or(0, |word| word.sound.phonemes().len()) as f32;
        let (mut left, mut right) = (BTreeSet::new(), BTreeSet::new());
        let (mut bits, mut phonemes) = (0.0, 0.0);
        for (distance, i, j) in links {
            if !left.contains(&i) && !right.contains(&j) {
                left.insert(i);
                right.insert(j);
                let longer = length(&self.words, i).max(length(&other.words, j));
                bits += distance * longer;
                phonemes += longer;
            }
        }
        for (words, met) in [(&self.words, &left), (&other.words, &right)] {
            for at in (0..words.len()).filter(|at| !met.contains(at)) {
                bits += UNSAID * length(words, at);
                phonemes += length(words, at);
            }
        }
        if phonemes == 0.0 { f32::MAX } else { bits / phonemes }
    }
}

fn measured(one: &Word, other: &Word) -> f32 {
    likeness::distance(one, other).unwrap_or(f32::MAX)
}

/// How far two names are, in bits per phoneme: 0 for the same sounds, whatever the order of the words; words listed as
/// forms of one name are as near as a variant may be.
#[must_use]
pub fn distance(one: &str, other: &str) -> f32 {
    Heard::of(one).distance(&Heard::of(other))
}

/// How many yes pairs are nearer than all but a few random pairs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AtRate {
    /// The share of random pairs that are as near.
    pub rate: f64,
    /// The distance below which they are.
    pub distance: f32,
    /// The share of yes pairs below it.
    pub recall: f64,
}

/// All figures of a list of pairs.
#[derive(Clone, Debug, PartialEq)]
pub struct PairMetrics {
    /// Pairs that are one name.
    pub yes: usize,
    /// Pairs that are two.
    pub no: usize,
    /// Random pairs measured beside them.
    pub strangers: usize,
    /// Recall at each rate of random pairs.
    pub at_rates: Vec<AtRate>,
    /// Best F1 over all thresholds on the yes and no pairs, with precision, recall and the distance up to which a pair
    /// is taken for one name. None without a no: a precision would mean nothing.
    pub best_f1: Option<[f64; 4]>,
    /// How many yes pairs stand on each rung, the closest first: the loosest of the rungs that their words reach in a
    /// comparison of two people of whom nothing else is known.
    pub rungs: Vec<(&'static str, usize)>,
}

impl PairMetrics {
    /// Measures pairs of names. Random pairs join a name of the left with one of the right, each counting once, and
    /// leave out what the list says is one name.
    #[must_use]
    pub fn of(pairs: &[Pair]) -> Self {
        let mut said: Vec<(f32, bool)> =
            pairs.par_iter().map(|pair| (-distance(&pair.one, &pair.other), pair.same)).collect();
        said.sort_by(|a, b| b.0.total_cmp(&a.0));
        let yes = pairs.iter().filter(|pair| pair.same).count();
        let strangers = strangers(pairs);
        let at_rates = RATES.map(|rate| {
            let cut = strangers.get((strangers.len() as f64 * rate) as usize).copied().unwrap_or(0.0);
            let found = said.iter().filter(|(nearness, same)| *same && -nearness < cut).count();
            AtRate { rate, distance: cut, recall: share(found, yes) }
        });
        let best_f1 = (yes < pairs.len()).then(|| {
            let ([f1, precision, recall, nearness], _) = thresholds(&said, yes);
            [f1, precision, recall, -nearness]
        });
        Self {
            yes,
            no: pairs.len() - yes,
            strangers: strangers.len(),
            at_rates: at_rates.to_vec(),
            best_f1,
            rungs: rungs(pairs),
        }
    }
}

/// Distances of names that are not said to be one, in rising order.
fn strangers(pairs: &[Pair]) -> Vec<f32> {
    let mut same: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for pair in pairs.iter().filter(|pair| pair.same) {
        same.entry(&pair.one).or_default().insert(&pair.other);
    }
    let heard = |names: BTreeSet<&'_ str>| -> Vec<(String, Heard)> {
        let names: Vec<&str> = names.into_iter().collect();
        names.into_par_iter().map(|name| (name.to_owned(), Heard::of(name))).collect()
    };
    let left = heard(pairs.iter().map(|pair| pair.one.as_str()).collect());
    let right = heard(pairs.iter().map(|pair| pair.other.as_str()).collect());
    let steps = STRANGERS.div_ceil(left.len().max(1)).max(AT_LEAST).min(right.len());
    let mut distances: Vec<f32> = left
        .par_iter()
        .enumerate()
        .flat_map_iter(|(at, (one, heard))| {
            let same = same.get(one.as_str());
            // Two primes scatter the other side, the same way every time.
            let others = (1..=steps).filter_map({
                let right = &right;
                move |step| right.get((at * 7_919 + step * 104_729) % right.len())
            });
            let strange =
                others.filter(move |(other, _)| !same.is_some_and(|same| same.contains(other.as_str())));
            strange.map(move |(_, other)| heard.distance(other))
        })
        .collect();
    distances.sort_by(f32::total_cmp);
    distances
}

/// The rungs on which two words can meet, closest first, and the one of words that do not.
const RUNGS: [&str; 8] =
    ["same", "sounds_alike", "similar", "loosely_similar", "short_form", "joined", "initial", "different"];
/// One side, or both, holds no word.
const NO_WORD: &str = "not_recorded";

fn rungs(pairs: &[Pair]) -> Vec<(&'static str, usize)> {
    let (model, nobody) = (Model::shipped(), Population::default());
    let person = |name: &str| {
        let names = vec![Name::new(NamePart::Full, name)];
        Person::of(&Profile { names, ..Profile::default() })
    };
    let loosest = |pair: &Pair| {
        let evidence = explain::evidence_of(&model, &nobody, &person(&pair.one), &person(&pair.other));
        let of_names = |rung: &Rung| matches!(rung.field(), FieldName::GivenName | FieldName::FamilyName);
        let reached = evidence.reached.iter().map(|reached| reached.rung).filter(of_names);
        let steps = reached.filter_map(|rung| {
            let (_, step) = rung.code().split_once('.')?;
            RUNGS.iter().position(|known| *known == step)
        });
        steps.max().and_then(|step| RUNGS.get(step)).copied().unwrap_or(NO_WORD)
    };
    let yes: Vec<&Pair> = pairs.iter().filter(|pair| pair.same).collect();
    let reached: Vec<&'static str> = yes.into_par_iter().map(loosest).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for rung in reached {
        *counts.entry(rung).or_default() += 1;
    }
    RUNGS.into_iter().chain([NO_WORD]).map(|rung| (rung, counts.get(rung).copied().unwrap_or(0))).collect()
}

impl fmt::Display for PairMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} pairs are one name, {} are two; {} random pairs", self.yes, self.no, self.strangers)?;
        for AtRate { rate, distance, recall } in &self.at_rates {
            writeln!(f, "random pairs {rate:.0e}: distance below {distance:.3}, recall {recall:.4}")?;
        }
        match self.best_f1 {
            Some([f1, precision, recall, at]) => writeln!(
                f,
                "best F1 {f1:.4} (precision {precision:.4}, recall {recall:.4}, at distance {at:.3})"
            )?,
            None => writeln!(f, "no pair is said to be two names: no precision and no F1")?,
        }
        for (rung, count) in &self.rungs {
            writeln!(f, "yes pairs on rung {rung:16} {:.4}  n {count}", share(*count, self.yes))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &[u8]) -> String {
        read("p.tsv", text).unwrap_err().to_string()
    }

    #[test]
    fn lines_are_two_names_and_an_answer() {
        let text = "محمد\tMohamed\t1\r\n\nAli\tOlena\tNo\nAmina\tAamina\n";
        let pairs = read("p.tsv", text.as_bytes()).unwrap();
        let same: Vec<bool> = pairs.iter().map(|pair| pair.same).collect();
        assert_eq!(same, [true, false, true]);
        assert_eq!(pairs[0].other, "Mohamed");
        assert_eq!(told(b"a\tb\n\na\n"), "p.tsv, line 3: has 1 cells between tabs; two or three are read");
        assert_eq!(told(b"a\tb\tmaybe\n"), "p.tsv, line 1, column 3: is neither yes nor no, 1 nor 0");
        assert_eq!(told(b"a\tb\n \tb\tyes\n"), "p.tsv, line 2, column 1: is empty");
        assert_eq!(told(b"a\tb\na\t\xff\n"), "p.tsv, line 2: is not UTF-8");
    }

    #[test]
    fn neither_the_order_of_words_nor_a_space_makes_a_name_another() {
        assert_eq!(distance("Amina Warsame", "WARSAME, Amina"), 0.0);
        assert_eq!(distance("Jean Baptiste", "Jeanbaptiste"), 0.0);
        let (variant, shorter, another) = (
            distance("Mohammed Ali", "Muhamed Aly"),
            distance("Mohammed Ali", "Mohammed"),
            distance("Mohammed Ali", "Olena Kovalenko"),
        );
        assert!(variant < shorter && shorter < another, "{variant} {shorter} {another}");
        assert_eq!(distance("Ali", "--"), f32::MAX);
    }

    #[test]
    fn a_listed_form_of_a_name_is_near_whatever_it_sounds_like() {
        assert!(distance("Binta", "Fatima") <= 0.4 && distance("Binta Diallo", "Diallo Fatima") <= 0.4);
        assert!(distance("Binta", "Olena") > 0.7);
    }

    #[test]
    fn one_word_names_are_as_far_as_their_spelling() {
        for (one, other) in [("Mohammed", "محمد"), ("Olena", "Elena"), ("Warsame", "Kovalenko")] {
            assert_eq!(Some(distance(one, other)), super::super::spelling_distance(one, other), "{one}");
        }
    }

    #[test]
    fn variants_are_found_and_strangers_are_not() {
        let names =
            ["Mohammed", "Warsame", "Kovalenko", "Baptiste", "Hernandez", "Tesfaye", "Traore", "Begum"];
        let pair = |one: &str, other: &str, same| Pair { one: one.into(), other: other.into(), same };
        let mut pairs: Vec<Pair> = names.iter().map(|name| pair(name, name, true)).collect();
        pairs.push(pair("Mohammed", "Muhamed", true));
        pairs.extend(names.iter().zip(names.iter().skip(1)).map(|(one, other)| pair(one, other, false)));
        let metrics = PairMetrics::of(&pairs);
        assert_eq!((metrics.yes, metrics.no), (9, 7));
        // Eight names on the left, nine on the right, without the nine pairs that are one name.
        assert_eq!(metrics.strangers, 8 * 9 - 9);
        assert!(metrics.at_rates.iter().all(|at| at.recall == 1.0), "{metrics}");
        assert_eq!(metrics.best_f1.map(|best| best[0]), Some(1.0));
        assert_eq!(metrics.rungs.iter().map(|(_, count)| count).sum::<usize>(), 9);
        assert_eq!(metrics.rungs[0], ("same", 8));
        pairs.retain(|pair| pair.same);
        assert_eq!(PairMetrics::of(&pairs).best_f1, None);
    }

    #[test]
    fn every_rung_that_is_told_is_one_of_the_ladder() {
        for rung in RUNGS.iter().chain([&NO_WORD]) {
            assert!(Rung::by_code(&format!("given_name.{rung}")).is_some(), "{rung}");
        }
    }
}
