//! From the evidence of a pair to its score: the sum of named parts, the household's share, probability and band.

use crate::evidence::Evidence;
use crate::model::Model;
use crate::rung::{NAMED, Rung};
use crate::{Band, FieldName, Score, Verdict};

/// Bits the household term adds (never more than zero): when a family agrees as well as the person, a brother or
/// sister of the sought person explains the agreement too.
///
/// With R the odds that another record is of the same household, the alternative to "one person" is a mixture of a
/// stranger and a relative; `log2(1 + R · 2^household)` is what that mixture explains better than a stranger alone.
pub(crate) fn household_bits(model: &Model, household: f32, population: f32) -> f32 {
    let relative = (model.numbers.siblings_per_request / population).log2() + household;
    0.0 - soft_plus(relative)
}

/// `log2(1 + 2^x)`, to within a thousandth of a bit.
fn soft_plus(x: f32) -> f32 {
    match x {
        ..-12.0 => 0.0,
        12.0.. => x,
        _ => x.exp2().ln_1p() / std::f32::consts::LN_2,
    }
}

/// People the prior odds are taken against.
pub(crate) fn population(model: &Model, people: u32) -> f32 {
    (people as f32).max(model.numbers.smallest_population)
}

/// Odds of a weight in bits: prior odds of the population, then the calibration.
pub(crate) fn odds(model: &Model, weight: f32, population: f32) -> f32 {
    let odds = weight + (model.numbers.matches_per_request / population).log2();
    model.numbers.calibration_slope * odds + model.numbers.calibration_shift
}

/// Probability of a weight.
pub(crate) fn probability(model: &Model, weight: f32, population: f32) -> f32 {
    1.0 / (1.0 + (-odds(model, weight, population)).exp2())
}

/// The score of a pair's evidence.
pub(crate) fn score(model: &Model, evidence: &Evidence, people: u32) -> Score {
    let population = population(model, people);
    let (all, household) = evidence.bits(model);
    let weight = all + household_bits(model, household, population);
    let probability = probability(model, weight, population);
    Score { weight, probability, band: band(model, evidence, probability) }
}

/// The band of a probability, where no rule lowers it.
pub(crate) fn band_of(model: &Model, probability: f32) -> Band {
    match probability {
        p if p >= model.strong_from() => Band::Strong,
        p if p >= model.possible_from() => Band::Possible,
        _ => Band::Weak,
    }
}

/// The band by probability and by rule: names alone are never strong, a contradiction lowers.
fn band(model: &Model, evidence: &Evidence, probability: f32) -> Band {
    let by_probability = band_of(model, probability);
    let independent = |rung: Rung| {
        matches!(
            rung.field(),
            FieldName::Birth | FieldName::Origin | FieldName::Phone | FieldName::Relatives | FieldName::Route
        )
    };
    let beyond_names = evidence
        .reached
        .iter()
        .any(|reached| independent(reached.rung) && model.bits(reached.rung, reached.surprisal) > 0.5);
    let band = if beyond_names { by_probability } else { by_probability.min(Band::Possible) };
    if evidence.reached.iter().any(|reached| contradicts(reached.rung)) { band.lowered() } else { band }
}

/// Sex or age that cannot both be true. Having been met before the last contact is no contradiction: people call home
/// from a service point and are lost later.
fn contradicts(rung: Rung) -> bool {
    [NAMED.sex_different, NAMED.birth_many_years, NAMED.birth_another_age].contains(&rung)
}

/// "Same family, another person": what a family shares agrees strongly, what picks the person does not.
pub(crate) fn verdict(model: &Model, evidence: &Evidence) -> Option<Verdict> {
    let (all, household) = evidence.bits(model);
    let person = all - household;
    let shared = evidence.reached.iter().filter(|reached| {
        reached.rung.is_of_household()
            && reached.rung.field() != FieldName::Nationality
            && model.bits(reached.rung, reached.surprisal) > 1.0
    });
    let fields = shared.map(|reached| reached.rung.field()).collect::<std::collections::HashSet<_>>().len();
    let another = evidence.reached.iter().any(|reached| {
        matches!(reached.rung.field(), FieldName::GivenName | FieldName::Sex | FieldName::Birth)
            && model.bits(reached.rung, reached.surprisal) < -1.5
    });
    (household > 8.0 && fields >= 2 && person < 0.0 && another).then_some(Verdict::SameFamilyAnotherPerson)
}
