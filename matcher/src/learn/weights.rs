//! Weights of rungs from decided pairs: reviewers' confirmations and rejections, or a sample whose truth is known.
//!
//! Logistic regression in the model's own terms, from the present weights and held near them: with few decisions
//! little moves. The household term is part of what is fitted, so that siblings teach it and not the name weights.

use crate::evidence::Evidence;
use crate::learn::is_new_version;
use crate::model::Model;
use crate::pair;
use crate::rung::Rung;

/// The evidence of one pair, taken with [`crate::Index::gather`].
#[derive(Clone, Debug)]
pub struct Gathered {
    pub(crate) evidence: Evidence,
    pub(crate) people: u32,
}

/// A pair somebody decided.
#[derive(Clone, Debug)]
pub struct Decided {
    /// What was compared.
    pub gathered: Gathered,
    /// Whether both records are of one person.
    pub one_person: bool,
}

/// Why nothing was learned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefineError {
    /// Scores of the new model could not be told from scores of the old one.
    #[error("a learned model needs a version name of one word, other than {present}")]
    Version {
        /// The version of the model that was learned from.
        present: String,
    },
    /// Weights learned from a handful of decisions follow chance.
    #[error("{confirmed} confirmed and {rejected} rejected pairs are too few: {needed} of each are needed")]
    TooFew {
        /// Pairs confirmed.
        confirmed: usize,
        /// Pairs rejected.
        rejected: usize,
        /// Pairs needed of each kind.
        needed: usize,
    },
}

/// Pairs of each kind below which nothing is learned.
const NEEDED: usize = 200;
const ROUNDS: usize = 400;
const STEP: f64 = 0.05;
/// How many pairs' worth a weight holds on to its present value.
const INERTIA: f64 = 4.0;
/// Share of a name's surprisal a rung may rest on.
const LEAST_RARITY: f32 = 0.05;
const MOST_RARITY: f32 = 1.1;
const LN_2: f64 = std::f64::consts::LN_2;

/// A model refined by decided pairs, under a new version name.
///
/// # Errors
/// [`RefineError::TooFew`] with fewer than 200 pairs of either kind, [`RefineError::Version`] without a version name
/// of its own.
pub fn refine(model: &Model, decided: &[Decided], version: &str) -> Result<Model, RefineError> {
    if !is_new_version(model, version) {
        return Err(RefineError::Version { present: model.version().to_owned() });
    }
    let confirmed = decided.iter().filter(|pair| pair.one_person).count();
    let rejected = decided.len() - confirmed;
    if confirmed.min(rejected) < NEEDED {
        return Err(RefineError::TooFew { confirmed, rejected, needed: NEEDED });
    }
    let mut start = model.clone();
    start.numbers.calibration_slope = 1.0;
    let mut fit = Fit::start(&start);
    for _ in 0..ROUNDS {
        fit.round(model, decided);
    }
    Ok(fit.model.renamed(version))
}

/// The state of the fit: two numbers a rung, the siblings a request is expected to have, and the shift of all.
struct Fit {
    model: Model,
    values: Vec<f64>,
    start: Vec<f64>,
    mean: Vec<f64>,
    square: Vec<f64>,
    rounds: i32,
}

impl Fit {
    fn start(model: &Model) -> Self {
        let weights = Rung::all().map(|rung| f64::from(model.weight(rung)));
        let rarity = Rung::all().map(|rung| f64::from(model.rarity(rung)));
        let siblings = f64::from(model.numbers.siblings_per_request.log2());
        let shift = f64::from(model.numbers.calibration_shift);
        let values: Vec<f64> = weights.chain(rarity).chain([siblings, shift]).collect();
        let zero = vec![0.0; values.len()];
        Self {
            model: model.clone(),
            start: values.clone(),
            mean: zero.clone(),
            square: zero,
            values,
            rounds: 0,
        }
    }

    fn round(&mut self, origin: &Model, decided: &[Decided]) {
        let rungs = Rung::count();
        let mut slopes = vec![0.0; self.values.len()];
        for pair in decided {
            let evidence = &pair.gathered.evidence;
            let population = pair::population(origin, pair.gathered.people);
            let (all, household) = evidence.bits(&self.model);
            let weight = all + pair::household_bits(&self.model, household, population);
            let probability = f64::from(pair::probability(&self.model, weight, population));
            let error = (probability - f64::from(u8::from(pair.one_person))) * LN_2;
            let relative =
                f64::from((self.model.numbers.siblings_per_request / population).log2() + household);
            let family = 1.0 / (1.0 + (-relative).exp2());
            for reached in evidence.reached.iter().filter(|r| self.model.moves(r.rung, r.surprisal)) {
                let share = if reached.rung.is_of_household() { 1.0 - family } else { 1.0 };
                let at = reached.rung.number();
                for (place, by) in [(at, 1.0), (rungs + at, f64::from(reached.surprisal))] {
                    if let Some(slope) = slopes.get_mut(place) {
                        *slope += error * share * by;
                    }
                }
            }
            if let Some([siblings, shift]) = slopes.last_chunk_mut() {
                *siblings -= error * family;
                *shift += error;
            }
        }
        self.step(&slopes);
    }

    /// One step of Adam (Kingma and Ba 2015), pulled towards the values the fit started from.
    fn step(&mut self, slopes: &[f64]) {
        self.rounds += 1;
        let corrected = |value: f64, decay: f64| value / (1.0 - decay.powi(self.rounds));
        let all = self
            .values
            .iter_mut()
            .zip(&self.start)
            .zip(slopes)
            .zip(self.mean.iter_mut().zip(&mut self.square));
        for (((value, start), slope), (mean, square)) in all {
            let slope = slope + INERTIA * (*value - start);
            *mean = 0.9 * *mean + 0.1 * slope;
            *square = 0.999 * *square + 0.001 * slope * slope;
            *value -= STEP * corrected(*mean, 0.9) / (corrected(*square, 0.999).sqrt() + 1e-8);
        }
        let rungs = Rung::count();
        let value = |at: usize| self.values.get(at).copied().unwrap_or(0.0) as f32;
        for rung in Rung::all().filter(|rung| !rung.is_silent()) {
            let share = value(rungs + rung.number()).clamp(LEAST_RARITY, MOST_RARITY);
            let share = if self.model.rarity(rung) == 0.0 { 0.0 } else { share };
            self.model.set(rung, value(rung.number()), share);
        }
        self.model.numbers.siblings_per_request = value(2 * rungs).exp2();
        self.model.numbers.calibration_shift = value(2 * rungs + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rung::NAMED;

    /// Decisions in which sex decides nearly everything, as it never should.
    fn decided(confirmed: usize, rejected: usize) -> Vec<Decided> {
        let pair = |one_person: bool, sex: Rung| {
            let mut evidence = Evidence::default();
            evidence.add(sex);
            Decided { gathered: Gathered { evidence, people: 20_000 }, one_person }
        };
        let yes = (0..confirmed).map(|_| pair(true, NAMED.sex_same));
        let no = (0..rejected).map(|_| pair(false, NAMED.sex_different));
        yes.chain(no).collect()
    }

    #[test]
    fn fewer_than_two_hundred_of_either_kind_teach_nothing() {
        let refused = |confirmed, rejected| {
            refine(&Model::shipped(), &decided(confirmed, rejected), "mine").unwrap_err().to_string()
        };
        assert_eq!(
            refused(199, 5000),
            "199 confirmed and 5000 rejected pairs are too few: 200 of each are needed"
        );
        assert_eq!(
            refused(300, 20),
            "300 confirmed and 20 rejected pairs are too few: 200 of each are needed"
        );
    }

    #[test]
    fn what_was_decided_moves_weights_and_nothing_else() {
        let shipped = Model::shipped();
        let refined = refine(&shipped, &decided(200, 200), "mine").unwrap();
        assert_eq!(refined.version(), "mine");
        assert!(refined.weight(NAMED.sex_same) > shipped.weight(NAMED.sex_same));
        assert!(refined.weight(NAMED.sex_different) < shipped.weight(NAMED.sex_different));
        assert!((refined.weight(NAMED.birth_same_day) - shipped.weight(NAMED.birth_same_day)).abs() < 1e-3);
        assert_eq!(refined.possible_from(), shipped.possible_from());
    }

    #[test]
    fn a_refined_model_bears_a_name_of_its_own() {
        let shipped = Model::shipped();
        for version in [shipped.version(), "", "two words", "mine#1"] {
            let refused = refine(&shipped, &decided(200, 200), version);
            assert!(matches!(refused, Err(RefineError::Version { .. })), "{version}");
        }
    }
}
