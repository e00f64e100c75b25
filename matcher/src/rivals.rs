//! Candidates of one request weighed against each other: of several strangers who fit alike, at most one is sought.
//!
//! A score is absolute: it says what two records say, whoever else was met. Where a whole list is at hand, more is
//! known: each other candidate who is not the same person may be the one instead.
//!
//! ```text
//!  odds of a candidate alone        2^b
//!  odds of rivals j                 r = Σ 2^bj · (1 − chance that i and j are one person's records)
//!  bits taken off                   rival_share · log2(1 + r)
//! ```
//!
//! Two records are taken for one person's the more, the better they agree as records and the better the weaker of them
//! fits the request: contradictions between two records that both fit without doubt are the writers', not two people.
//! Were all odds right and everybody counted, the share would be 1. It is less because the odds of strangers already
//! hold, on average, what strangers of the same name take away.

use crate::model::Model;
use crate::pair;
use crate::rung::{NAMED, Rung};
use crate::{FieldName, Line, Score};

/// Probability below which a candidate neither rivals another nor is worth lowering.
const NEGLIGIBLE: f32 = 0.02;
/// Odds in bits beyond which nobody tells the difference.
const CERTAIN: f32 = 60.0;
/// Bits from which others fit well enough to be told of.
const WORTH_TELLING: f32 = 0.5;

/// A candidate's score among the others of its list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Among {
    /// The score with the rivals' share taken off; never above the candidate's own.
    pub score: Score,
    /// Bits taken off, 0 or less.
    pub rivals: f32,
}

impl Among {
    /// What an explanation says of it, in a line of its own.
    pub(crate) fn line(&self) -> Line {
        let rung = if self.rivals < -WORTH_TELLING { NAMED.rivals_others } else { NAMED.rivals_none };
        Line {
            field: FieldName::Rivals,
            level: rung.code(),
            label: rung.label(),
            weight: self.rivals,
            request_value: None,
            contact_value: None,
        }
    }
}

/// Whether a candidate is likely enough to rival others, or to be lowered by them.
pub(crate) fn is_likely(score: &Score) -> bool {
    score.probability >= NEGLIGIBLE
}

/// Whether a rung says who somebody is. When and where a request and a contact meet says nothing of two contacts.
pub(crate) fn of_person(rung: Rung) -> bool {
    !matches!(rung.field(), FieldName::Time | FieldName::Route)
}

/// Every candidate among the others. `alike` gives the weight, in bits, of two of them as records of one person.
pub(crate) fn among(
    model: &Model,
    scores: &[Score],
    people: u32,
    alike: impl Fn(usize, usize) -> f32,
) -> Vec<Among> {
    let population = pair::population(model, people);
    let odds = |weight: f32| pair::odds(model, weight, population).min(CERTAIN);
    let mut rivals = vec![0.0f32; scores.len()];
    let likely: Vec<(usize, &Score)> = scores.iter().enumerate().filter(|(_, s)| is_likely(s)).collect();
    for (number, &(at, one)) in likely.iter().enumerate() {
        for &(other_at, other) in likely.iter().skip(number + 1) {
            let (own, others) = (odds(one.weight), odds(other.weight));
            let same = own.min(others) + odds(alike(at, other_at)) + model.numbers.repeat_bits;
            let another = 1.0 / (1.0 + same.exp2());
            for (place, rival) in [(at, others), (other_at, own)] {
                if let Some(sum) = rivals.get_mut(place) {
                    *sum += rival.exp2() * another;
                }
            }
        }
    }
    let lowered = scores.iter().zip(rivals).map(|(score, rivals)| {
        let taken = model.numbers.rival_share * (1.0 + rivals).log2();
        let weight = score.weight - taken;
        let probability = pair::probability(model, weight, population).min(score.probability);
        let band = score.band.min(pair::band_of(model, probability));
        Among { score: Score { weight, probability, band }, rivals: -taken }
    });
    lowered.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Band;

    /// Scores in a population of a million.
    fn score(model: &Model, probability: f32) -> Score {
        let at = pair::odds(model, 0.0, 1e6);
        let weight = (probability / (1.0 - probability)).log2() - at;
        Score { weight, probability, band: Band::Strong }
    }

    fn probabilities(said: &[f32], alike: f32) -> Vec<f32> {
        let model = Model::shipped();
        let scores: Vec<Score> = said.iter().map(|said| score(&model, *said)).collect();
        let among = among(&model, &scores, 1_000_000, |_, _| alike);
        among.iter().map(|among| among.score.probability).collect()
    }

    #[test]
    fn a_lone_candidate_stays_what_it_is() {
        assert!((probabilities(&[0.7], -30.0)[0] - 0.7).abs() < 1e-3);
        let beside_nobody = probabilities(&[0.7, 0.01, 0.001], -30.0);
        assert!((beside_nobody[0] - 0.7).abs() < 1e-3, "{beside_nobody:?}");
    }

    #[test]
    fn strangers_who_fit_alike_share_what_one_would_have_alone() {
        let two = probabilities(&[0.9, 0.9], -30.0);
        assert!(two[0] < 0.8 && two[0] == two[1], "{two:?}");
        let three = probabilities(&[0.9, 0.9, 0.9], -30.0);
        assert!(three[0] < two[0], "{three:?}");
    }

    #[test]
    fn two_records_of_one_person_are_no_rivals() {
        let repeated = probabilities(&[0.9, 0.9], 30.0);
        assert!((repeated[0] - 0.9).abs() < 1e-3, "{repeated:?}");
    }

    #[test]
    fn what_nobody_would_put_first_any_more_is_not_strong() {
        let model = Model::shipped();
        let scores = [score(&model, 0.85), score(&model, 0.85)];
        let among = among(&model, &scores, 1_000_000, |_, _| -30.0);
        assert_eq!(among[0].score.band, Band::Possible);
        assert_eq!(among[0].line().level, "rivals.others");
    }

    proptest! {
        /// Rivals only ever lower, and the better of two candidates is not lowered below the other by them.
        #[test]
        fn nothing_is_raised(said in proptest::collection::vec(0.001f32..0.999, 1..10), alike in -40f32..40.0) {
            let model = Model::shipped();
            let scores: Vec<Score> = said.iter().map(|said| score(&model, *said)).collect();
            for (own, among) in scores.iter().zip(among(&model, &scores, 1_000_000, |_, _| alike)) {
                prop_assert!(among.score.probability <= own.probability && among.rivals <= 0.0);
                prop_assert!(among.score.band <= own.band);
                prop_assert!((own.weight + among.rivals - among.score.weight).abs() < 1e-3);
            }
        }
    }
}
