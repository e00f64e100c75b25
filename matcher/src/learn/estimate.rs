//! Weights of rungs without anybody's decisions: expectation maximisation (Dempster, Laird and Rubin 1977; for linkage
//! Winkler 1988) in the model's own terms.
//!
//! ```text
//!   random pairs ──────────────────────► how often strangers reach a rung (u), counted once and never moved
//!   requests × candidates ─ weigh each by its probability ─► how often one person reaches it (m), how many matches
//!                              ▲                                      │
//!                              └────── weight = log2(m / u) ◄─────────┘   until nothing moves
//! ```
//!
//! Left to itself this learns whatever splits pairs in two: the men from the women, the families from the strangers.
//! Four guards keep it on persons. Strangers are known from random pairs. A request is about at most one of the people
//! its candidates are. A weight is held near the one the model had, and leaves it only as far as counts carry it. And
//! too few pairs, too few matches or no end are errors, not weights.

use crate::FieldName;
use crate::evidence::Evidence;
use crate::learn::tally::{self, Share};
use crate::learn::{Gathered, is_new_version};
use crate::model::Model;
use crate::pair;
use crate::rung::{NAMED, Rung};

/// Everybody a request may be about: one list a person, with the evidence of each contact record that is taken to be
/// that person's. Records nobody has put together stand alone.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// The people, in any order.
    pub people: Vec<Vec<Gathered>>,
}

/// What was estimated.
#[derive(Clone, Debug)]
pub struct Estimate {
    /// The model, under its new version name.
    pub model: Model,
    /// Contacts of the sought person expected among the candidates, over all requests.
    pub matches: f64,
    /// Rounds until nothing moved.
    pub rounds: usize,
}

/// Why nothing was estimated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EstimateError {
    /// Scores of the new model could not be told from scores of the old one.
    #[error("a learned model needs a version name of one word, other than {present}")]
    Version {
        /// The version of the model that was learned from.
        present: String,
    },
    /// Shares of a handful of pairs follow chance.
    #[error(
        "{requests} requests with candidates and {random} random pairs are too few: {} and {} are needed",
        REQUESTS_NEEDED,
        RANDOM_NEEDED
    )]
    TooFew {
        /// Requests with at least one candidate.
        requests: usize,
        /// Random pairs.
        random: usize,
    },
    /// There is next to nobody to learn from.
    #[error("about {expected:.0} pairs seem to be of one person: {} are needed", MATCHES_NEEDED)]
    TooFewMatches {
        /// Pairs of one person expected in the end.
        expected: f64,
    },
    /// The weights kept moving: the pairs do not fall into persons and strangers in a way this can find.
    #[error("after {rounds} rounds a weight still moves by {moved:.3} bits")]
    Unsettled {
        /// Rounds taken.
        rounds: usize,
        /// How far the weight that moves most moved in the last round, in bits.
        moved: f64,
    },
}

/// Requests with candidates below which nothing is estimated.
const REQUESTS_NEEDED: usize = 200;
/// Random pairs below which nothing is estimated.
const RANDOM_NEEDED: usize = 5_000;
/// Expected matches below which nothing is estimated.
const MATCHES_NEEDED: f64 = 50.0;
const ROUNDS: usize = 200;
/// Bits a weight may still move by when the estimate is taken to have settled.
const SETTLED: f64 = 0.005;
/// Probability below which a pair adds nothing worth counting.
const NEGLIGIBLE: f64 = 1e-6;
/// Matches and siblings a request is taken to have at least.
const LEAST_PER_REQUEST: f64 = 0.01;
/// How far a weight may be expected to lie from the one the model had, in bits.
const SPREAD: f64 = 1.0;

/// A model whose weights, share of matches and share of siblings fit the candidates, under a new version name.
///
/// `random` are pairs of a request and a contact drawn without looking at either: evidence of strangers, but for a few.
/// Shares of rarity and the costs of mistakes stay as they are in `model`. Probabilities follow from the estimate
/// alone: the calibration of `model`, which belongs to its weights, is dropped.
///
/// # Errors
/// No version name of its own, too few requests, random pairs or matches, or weights that do not settle.
pub fn estimate(
    model: &Model,
    candidates: &[Candidates],
    random: &[Gathered],
    version: &str,
) -> Result<Estimate, EstimateError> {
    settle(model, candidates, random, version, ROUNDS)
}

fn settle(
    model: &Model,
    candidates: &[Candidates],
    random: &[Gathered],
    version: &str,
    rounds: usize,
) -> Result<Estimate, EstimateError> {
    if !is_new_version(model, version) {
        return Err(EstimateError::Version { present: model.version().to_owned() });
    }
    let requests = candidates.iter().filter(|request| !request.people.is_empty()).count();
    if requests < REQUESTS_NEEDED || random.len() < RANDOM_NEEDED {
        return Err(EstimateError::TooFew { requests, random: random.len() });
    }
    let mut fitted = model.clone().renamed(version);
    fitted.numbers.calibration_slope = 1.0;
    fitted.numbers.calibration_shift = 0.0;
    let strangers = strangers(&fitted, random);
    let mut moved = f64::INFINITY;
    for round in 1..=rounds {
        let expected = expect(&fitted, candidates);
        moved = maximise(&mut fitted, model, &expected, &strangers, requests as f64);
        if moved < SETTLED && expected.matches < MATCHES_NEEDED {
            return Err(EstimateError::TooFewMatches { expected: expected.matches });
        }
        if moved < SETTLED {
            return Ok(Estimate { model: fitted, matches: expected.matches, rounds: round });
        }
    }
    Err(EstimateError::Unsettled { rounds, moved })
}

/// How often each rung was reached, of how often its ladder was climbed.
struct Counts {
    /// By rung: pairs, and pairs times their tilt.
    rungs: Vec<(f64, f64)>,
    /// By field: rungs reached of its ladder, and words that agreed.
    fields: [(f64, f64); FieldName::ALL.len()],
}

impl Counts {
    fn none() -> Self {
        Self { rungs: vec![(0.0, 0.0); Rung::count()], fields: Default::default() }
    }

    /// Counts a rung reached in `by` pairs, where it says `tilt` times what it says everywhere.
    fn add(&mut self, rung: Rung, by: f64, tilt: f64) {
        if let Some((seen, tilted)) = self.rungs.get_mut(rung.number()) {
            *seen += by;
            *tilted += by * tilt;
        }
        let Some((climbed, agreed)) = self.fields.get_mut(rung.field() as usize) else { return };
        // Relatives have one rung: what it is measured against are the pairs that do not reach it.
        let counts = !rung.is_silent() || rung.field() == FieldName::Relatives;
        if counts && !rung.is_beside() {
            *climbed += by;
            *agreed += if rung.agrees() { by } else { 0.0 };
        }
    }

    fn share(&self, rung: Rung) -> Share {
        let (seen, tilted) = self.rungs.get(rung.number()).copied().unwrap_or_default();
        let (climbed, agreed) = self.fields.get(rung.field() as usize).copied().unwrap_or_default();
        Share { seen, tilted, chances: if rung.is_beside() { agreed } else { climbed } }
    }
}

/// What strangers reach. Names and origins are counted among people of one region, since that is where their rarity
/// is judged; where no pair tells its regions, among all.
fn strangers(model: &Model, random: &[Gathered]) -> Counts {
    let of_region = |evidence: &Evidence| {
        let one = [NAMED.nationality_same, NAMED.nationality_same_region];
        evidence.reached.iter().any(|reached| one.contains(&reached.rung))
    };
    let told = random.iter().any(|pair| of_region(&pair.evidence));
    let mut counts = Counts::none();
    for pair in random {
        let evidence = &pair.evidence;
        // A few random pairs are of one person, and all that is rare among strangers would be theirs.
        let are_two = 1.0 / (1.0 + odds(model, pair));
        let comparable = !told || of_region(evidence);
        for reached in &evidence.reached {
            if comparable || !rests_on_region(reached.rung) {
                let tilt = f64::from(model.rarity(reached.rung) * reached.surprisal).exp2();
                counts.add(reached.rung, are_two, tilt);
            }
        }
    }
    counts
}

fn rests_on_region(rung: Rung) -> bool {
    use FieldName::{FamilyName, Father, GivenName, Mother, Origin};
    matches!(rung.field(), GivenName | FamilyName | Father | Mother | Origin)
}

/// What the candidates come to at the present weights.
struct Expected {
    counts: Counts,
    matches: f64,
    siblings: f64,
}

/// How probable each contact is the request's person, and what those who are reach.
fn expect(model: &Model, candidates: &[Candidates]) -> Expected {
    let mut expected = Expected { counts: Counts::none(), matches: 0.0, siblings: 0.0 };
    let mut people: Vec<f64> = Vec::new();
    for request in candidates {
        people.clear();
        people.extend(
            request
                .people
                .iter()
                .map(|person| person.iter().map(|pair| odds(model, pair)).fold(0.0, f64::max)),
        );
        tally::at_most_one(&mut people);
        for (person, probability) in request.people.iter().zip(&people) {
            for pair in person {
                let own = odds(model, pair);
                let is_one = probability * own / (1.0 + own);
                expected.matches += is_one;
                expected.siblings += (1.0 - is_one) * sibling(model, pair);
                if is_one > NEGLIGIBLE {
                    pair.evidence
                        .reached
                        .iter()
                        .for_each(|reached| expected.counts.add(reached.rung, is_one, 1.0));
                }
            }
        }
    }
    expected
}

/// Odds that a pair is of one person rather than of two.
fn odds(model: &Model, pair: &Gathered) -> f64 {
    let population = pair::population(model, pair.people);
    let (all, household) = pair.evidence.bits(model);
    let weight = all + pair::household_bits(model, household, population);
    f64::from(weight + (model.numbers.matches_per_request / population).log2()).exp2()
}

/// How probable two people are of one household rather than strangers.
fn sibling(model: &Model, pair: &Gathered) -> f64 {
    let population = pair::population(model, pair.people);
    let (_, household) = pair.evidence.bits(model);
    let odds = f64::from((model.numbers.siblings_per_request / population).log2() + household).exp2();
    odds / (1.0 + odds)
}

/// Moves the model to what was expected; how far the weight that moved most moved, in bits.
fn maximise(fitted: &mut Model, held: &Model, expected: &Expected, strangers: &Counts, requests: f64) -> f64 {
    let mut moved = 0.0f64;
    for rung in Rung::all().filter(|rung| !rung.is_silent()) {
        let (one_person, stranger) = (expected.counts.share(rung), strangers.share(rung));
        let bits = tally::bits(one_person, stranger, f64::from(held.weight(rung)), SPREAD);
        moved = moved.max((bits - f64::from(fitted.weight(rung))).abs());
        fitted.set(rung, bits as f32, held.rarity(rung));
    }
    let per_request = |count: f64| (count / requests).max(LEAST_PER_REQUEST) as f32;
    fitted.numbers.matches_per_request = per_request(expected.matches);
    fitted.numbers.siblings_per_request = per_request(expected.siblings);
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evidence of a pair who agree on a date of birth or differ in age, sex aside.
    fn pair(born: Rung, sex: Rung) -> Gathered {
        let mut evidence = Evidence::default();
        evidence.add(born);
        evidence.add(sex);
        Gathered { evidence, people: 20_000 }
    }

    /// A request that one candidate fits, in one case of ten a rival of another sex, and two strangers.
    fn request(at: usize) -> Candidates {
        let sex = |same: bool| if same { NAMED.sex_same } else { NAMED.sex_different };
        let mut people = vec![
            vec![pair(NAMED.birth_same_day, sex(!at.is_multiple_of(50)))],
            vec![pair(NAMED.birth_another_age, sex(at.is_multiple_of(2)))],
            vec![pair(NAMED.birth_few_years, sex(at.is_multiple_of(3)))],
        ];
        if at % 10 == 7 {
            people.push(vec![pair(NAMED.birth_same_day, NAMED.sex_different)]);
        }
        Candidates { people }
    }

    fn random() -> Vec<Gathered> {
        let sex = |at: usize| if at.is_multiple_of(2) { NAMED.sex_same } else { NAMED.sex_different };
        let born =
            |at: usize| if at.is_multiple_of(40) { NAMED.birth_few_years } else { NAMED.birth_another_age };
        (0..10_000).map(|at| pair(born(at), sex(at / 2))).collect()
    }

    fn model() -> Model {
        Model::parse(
            "version a\nrung birth.same_day 22\nrung birth.another_age -4\nrung sex.same 1\nrung sex.different -2",
        )
        .unwrap()
    }

    #[test]
    fn weights_are_what_one_person_reaches_more_often_than_strangers_do() {
        let requests: Vec<Candidates> = (0..1000).map(request).collect();
        let found = estimate(&model(), &requests, &random(), "learned").unwrap();
        assert_eq!(found.model.version(), "learned");
        assert!((900.0..1001.0).contains(&found.matches), "{}", found.matches);
        // One sought person in fifty is recorded with another sex: log2 of .02 against a half among strangers.
        let different = f64::from(found.model.weight(NAMED.sex_different));
        assert!((-5.0..-3.0).contains(&different), "{different}");
        assert!(found.model.weight(NAMED.sex_same) < 1.0);
        assert_eq!(found.model.weight(NAMED.phone_same), 0.0);
        assert_eq!(
            (found.model.possible_from(), found.model.strong_from()),
            (model().possible_from(), model().strong_from())
        );
    }

    #[test]
    fn too_little_is_refused_in_words() {
        let requests: Vec<Candidates> = (0..1000).map(request).collect();
        let refused = |requests: &[Candidates], random: &[Gathered], rounds| {
            settle(&model(), requests, random, "learned", rounds).unwrap_err().to_string()
        };
        assert_eq!(
            refused(requests.get(..199).unwrap(), &random(), ROUNDS),
            "199 requests with candidates and 10000 random pairs are too few: 200 and 5000 are needed"
        );
        assert!(refused(&requests, random().get(..4999).unwrap(), ROUNDS).contains("4999 random pairs"));
        let nobody =
            vec![Candidates { people: vec![vec![pair(NAMED.birth_another_age, NAMED.sex_same)]] }; 1000];
        assert_eq!(
            refused(&nobody, &random(), ROUNDS),
            "about 0 pairs seem to be of one person: 50 are needed"
        );
        let unnamed = estimate(&model(), &requests, &random(), model().version()).unwrap_err();
        assert_eq!(unnamed.to_string(), "a learned model needs a version name of one word, other than a");
        assert!(refused(&requests, &random(), 1).starts_with("after 1 rounds a weight still moves by"));
    }

    #[test]
    fn records_of_one_person_do_not_compete_and_people_do() {
        let same = || pair(NAMED.birth_same_day, NAMED.sex_same);
        let matches = |people: Vec<Vec<Gathered>>| expect(&model(), &[Candidates { people }]).matches;
        let alone = matches(vec![vec![same()]]);
        assert!((matches(vec![vec![same(), same()]]) - 2.0 * alone).abs() < 1e-9);
        assert!(matches(vec![vec![same()], vec![same()]]) <= 1.0);
    }
}
