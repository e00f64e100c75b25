//! Candidates of one request weighed against each other: of several strangers who fit alike, at most one is sought.
//!
//! A score is absolute: it says what two records say, whoever else was met. Where a whole list is at hand, more is
//! known: each other candidate who is not the same person may be the one instead, and how many nearly fit tells how
//! many strangers fit by accident, for this request and in this population.
//!
//! ```text
//!  odds of a candidate alone        2^b
//!  what comes near candidate i      n = Σ 2^(rival_exponent · bj) · (1 − chance that i and j are one person's records)
//!  what usually does                u = rival_usual · (people / 1,000,000)^rival_growth
//!  bits given or taken              log2(rival_floor + u) − log2(rival_floor + n)
//!                                   n being at least u in a part of a list, or where few people were met
//! ```
//!
//! Were all odds right and everybody counted, the exponent would be 1. It is less because odds are right on average
//! only: some requests have more strangers near them than their words are rare, and those who nearly fit, being many,
//! tell it best. A list in which as much comes near as usual leaves the odds as they are. Of more people more come near:
//! N strangers with odds of 1 / N each come to N · N^−rival_exponent. How much of that growth shows in a list was measured
//! (`rival_growth`).
//!
//! Two records are taken for one person's the more, the better they agree as records and the better the weaker of them
//! fits the request: contradictions between two records that both fit without doubt are the writers', not two people.
//!
//! Whoever reads a list adds up: where the probabilities of different people come to more than 1, a list that is shown
//! gives each its share. A whole list is left as it is: shares make the surest probabilities less sure than they proved.

use crate::model::Model;
use crate::pair;
use crate::rung::{NAMED, Rung};
use crate::{FieldName, Line, Score};

/// Probability below which a candidate counts as somebody else than every other.
const NEGLIGIBLE: f32 = 0.02;
/// Odds in bits beyond which nobody tells the difference.
const CERTAIN: f32 = 60.0;
/// Bits from which it is told that others who nearly fit took them.
const WORTH_TELLING: f32 = 0.5;
/// People of whom as much comes near as `rival_usual` says.
const MILLION: f32 = 1e6;
/// Bits by which another may fit less and still fits as well.
const AS_WELL: f32 = 1.0;

/// How much of what a search found a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// All of [`Limit::LIST`](crate::Limit::LIST): that nobody else comes near speaks for a candidate.
    Whole,
    /// Those who are shown. Who is left out may come as near, so nobody is raised for being alone in it; and whoever reads
    /// it sees that the probabilities of different people come to no more than 1.
    Part,
}

/// A candidate's score among the others of its list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Among {
    /// The score with the rivals' share given or taken; its band is never above the candidate's own.
    pub score: Score,
    /// Bits given (more than 0) or taken (less).
    pub rivals: f32,
    /// Whether somebody else of the list fits as well.
    pub others: bool,
}

impl Among {
    /// What an explanation says of it, in a line of its own.
    pub(crate) fn line(&self) -> Line {
        let rung = match self.others {
            true => NAMED.rivals_others,
            false if self.rivals < -WORTH_TELLING => NAMED.rivals_nearly,
            false => NAMED.rivals_none,
        };
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

/// Whether a candidate is likely enough that it matters whose records it and another are.
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
    list: List,
    alike: impl Fn(usize, usize) -> f32,
) -> Vec<Among> {
    let numbers = &model.numbers;
    let population = pair::population(model, people);
    let odds = |weight: f32| pair::odds(model, weight, population).clamp(-CERTAIN, CERTAIN);
    let alone: Vec<f32> = scores.iter().map(|score| odds(score.weight)).collect();
    let another = apart(scores, |at, other_at| {
        let weaker =
            alone.get(at).copied().unwrap_or(CERTAIN).min(alone.get(other_at).copied().unwrap_or(CERTAIN));
        1.0 / (1.0 + (weaker + odds(alike(at, other_at)) + numbers.repeat_bits).exp2())
    });
    let unseen = match list {
        List::Part => 1.0,
        // Of people who are taken to exist and were not met, as much comes near as usual.
        List::Whole => 1.0 - people as f32 / population,
    };
    let usual = usually_near(model, population);
    let least = usual * unseen;
    let weigh = |(own, another): (&f32, &Vec<f32>)| {
        let presses = |(other, another): (&f32, &f32)| (numbers.rival_exponent * other).exp2() * another;
        let near: f32 = alone.iter().zip(another).map(presses).sum();
        own + ((numbers.rival_floor + usual) / (numbers.rival_floor + near.max(least))).log2()
    };
    let mut beside: Vec<f32> = alone.iter().zip(&another).map(weigh).collect();
    if list == List::Part {
        beside = shared_out(&beside, &another);
    }
    let told =
        scores.iter().zip(alone.iter().zip(&another).zip(beside)).map(|(score, ((own, another), beside))| {
            let rivals = (beside - own) / numbers.calibration_slope;
            let weight = score.weight + rivals;
            let probability = pair::probability(model, weight, population);
            let band = score.band.min(pair::band_of(model, probability));
            let others =
                alone.iter().zip(another).any(|(other, another)| *another > 0.5 && *other >= own - AS_WELL);
            Among { score: Score { weight, probability, band }, rivals, others }
        });
    told.collect()
}

/// What comes near a candidate where its odds hold as they are.
fn usually_near(model: &Model, population: f32) -> f32 {
    model.numbers.rival_usual * (population / MILLION).powf(model.numbers.rival_growth)
}

/// For every two candidates the chance that they are two people; none with oneself. Of those too unlikely to be worth
/// comparing it is certain.
fn apart(scores: &[Score], two: impl Fn(usize, usize) -> f32) -> Vec<Vec<f32>> {
    let mut apart = vec![vec![1.0f32; scores.len()]; scores.len()];
    for (at, score) in scores.iter().enumerate() {
        for (other_at, other) in scores.iter().enumerate().take(at + 1) {
            let chance = match at == other_at {
                true => 0.0,
                false if is_likely(score) && is_likely(other) => two(other_at, at),
                false => continue,
            };
            for (row, column) in [(at, other_at), (other_at, at)] {
                if let Some(place) = apart.get_mut(row).and_then(|row| row.get_mut(column)) {
                    *place = chance;
                }
            }
        }
    }
    apart
}

/// Odds, in bits, of candidates of whom at most one person is sought: where the probabilities of different people come to
/// more than 1, each gets its share.
fn shared_out(odds: &[f32], another: &[Vec<f32>]) -> Vec<f32> {
    let probability = |odds: &f32| 1.0 / (1.0 + (-odds).exp2());
    let share = |(own, another): (&f32, &Vec<f32>)| {
        let others: f32 = odds.iter().zip(another).map(|(other, another)| probability(other) * another).sum();
        let (own_share, rest) = (probability(own), probability(&-own));
        // Of own / (own + others), if that is less than own: its odds are own to others.
        if others > rest { (own_share / others).log2() } else { *own }
    };
    odds.iter().zip(another).map(share).collect()
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

    const PEOPLE: u32 = 1_000_000;

    fn weighed(said: &[f32], list: List, alike: f32) -> Vec<Among> {
        let model = Model::shipped();
        let scores: Vec<Score> = said.iter().map(|said| score(&model, *said)).collect();
        among(&model, &scores, PEOPLE, list, |_, _| alike)
    }

    fn probabilities(said: &[f32], alike: f32) -> Vec<f32> {
        weighed(said, List::Part, alike).iter().map(|among| among.score.probability).collect()
    }

    #[test]
    fn a_lone_candidate_of_a_part_stays_what_it_is() {
        assert!((probabilities(&[0.7], -30.0)[0] - 0.7).abs() < 1e-3);
        let beside_nobody = probabilities(&[0.7, 0.01, 0.001], -30.0);
        assert!((beside_nobody[0] - 0.7).abs() < 1e-3, "{beside_nobody:?}");
    }

    #[test]
    fn where_nobody_else_comes_near_the_candidate_is_likelier() {
        let near = |others: usize| {
            let said: Vec<f32> = std::iter::once(0.7).chain(std::iter::repeat_n(0.05, others)).collect();
            weighed(&said, List::Whole, -30.0)[0].score.probability
        };
        assert!(near(0) > 0.85 && near(0) > near(2), "{} {}", near(0), near(2));
        assert!(near(12) < 0.7, "many who nearly fit tell of strangers who fit: {}", near(12));
    }

    #[test]
    fn the_probabilities_of_different_people_who_are_shown_come_to_one() {
        let sum = |said: &[f32]| probabilities(said, -30.0).iter().sum::<f32>();
        assert!((sum(&[0.9, 0.9]) - 1.0).abs() < 1e-3, "{}", sum(&[0.9, 0.9]));
        assert!((sum(&[0.99, 0.6, 0.3]) - 1.0).abs() < 0.02, "{}", sum(&[0.99, 0.6, 0.3]));
        assert!((sum(&[0.4, 0.2]) - 0.6).abs() < 1e-3, "what leaves room for nobody being the person stays");
    }

    #[test]
    fn it_is_told_whether_others_fit_as_well_or_nearly() {
        let told = |said: &[f32]| weighed(said, List::Part, -30.0)[0].line().level;
        assert_eq!(told(&[0.4, 0.35]), "rivals.others");
        assert_eq!(told(&[0.7, 0.05]), "rivals.none");
        assert_eq!(told(&[0.9, 0.8]), "rivals.nearly");
        assert_eq!(told(&[0.9; 1].iter().chain(&[0.1; 9]).copied().collect::<Vec<_>>()), "rivals.nearly");
    }

    #[test]
    fn of_more_people_more_may_come_near_before_it_tells_against_anybody() {
        let model = Model::shipped();
        let taken = |people: u32| {
            let odds = pair::odds(&model, 0.0, people as f32);
            let of = |weight: f32| Score { weight: weight - odds, probability: 0.5, band: Band::Possible };
            let scores: Vec<Score> = [0.0, -1.0, -2.0, -3.0].map(of).to_vec();
            among(&model, &scores, people, List::Whole, |_, _| -30.0)[0].rivals
        };
        assert!(taken(20_000) < taken(1_000_000) - 0.3, "{} {}", taken(20_000), taken(1_000_000));
        assert!(taken(1_000_000) < taken(5_000_000) - 0.1);
    }

    #[test]
    fn among_few_people_nobody_is_raised_for_being_alone() {
        let model = Model::shipped();
        let few = among(&model, &[score(&model, 0.7)], 10, List::Whole, |_, _| -30.0);
        assert!(few[0].rivals.abs() < 1e-2, "{few:?}");
    }

    #[test]
    fn strangers_who_fit_alike_share_what_one_would_have_alone() {
        let two = probabilities(&[0.9, 0.9], -30.0);
        assert!(two[0] < 0.85 && two[0] == two[1], "{two:?}");
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
        let among = weighed(&[0.85, 0.85], List::Part, -30.0);
        assert_eq!(among[0].score.band, Band::Possible);
        assert_eq!(among[0].line().level, "rivals.others");
    }

    proptest! {
        /// Of a part nobody is raised, of a whole list nobody beyond what an empty one gives; no band ever is; and the
        /// better of two different people stays the better.
        #[test]
        fn nothing_is_raised_beyond_what_a_list_can_tell(
            said in proptest::collection::vec(0.001f32..0.999, 1..10),
            list in proptest::sample::select(&[List::Whole, List::Part][..]),
            alike in -40f32..40.0,
        ) {
            let model = Model::shipped();
            let numbers = &model.numbers;
            let most = match list {
                List::Part => 0.0,
                List::Whole => (1.0 + usually_near(&model, PEOPLE as f32) / numbers.rival_floor).log2(),
            };
            for (said, one) in said.iter().zip(weighed(&said, list, alike)) {
                let own = score(&model, *said);
                prop_assert!(one.rivals <= most + 1e-4);
                prop_assert!(one.score.band <= own.band);
                prop_assert!((own.weight + one.rivals - one.score.weight).abs() < 1e-3);
            }
            let among = weighed(&said, list, -30.0);
            let mut by_own: Vec<(&f32, &Among)> = said.iter().zip(&among).collect();
            by_own.sort_by(|(a, _), (b, _)| a.total_cmp(b));
            prop_assert!(by_own.is_sorted_by(|(_, a), (_, b)| a.score.weight <= b.score.weight + 1e-3));
        }
    }
}
