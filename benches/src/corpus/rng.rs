//! The corpus's own source of chance: SplitMix64, because a corpus must be the same bytes in ten years and on
//! every machine, which general-purpose generators do not promise between versions.
//!
//! Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014; the constants are
//! the ones of the reference implementation. Only integers are used: floating point could round differently.

/// A stream of chance. Never for keys, nonces or anything an attacker may guess.
#[derive(Clone)]
pub struct Rng(u64);

impl Rng {
    /// The stream that belongs to `seed` and a path of numbers (such as a window and a household in it), so any
    /// part of a corpus can be made without making what stands before it.
    #[must_use]
    pub fn of(seed: u64, path: &[u64]) -> Self {
        let mut state = mix(seed);
        for &step in path {
            state = mix(state ^ mix(step.wrapping_add(GOLDEN)));
        }
        Self(state)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A number below `limit`; 0 when `limit` is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        let scaled = u128::from(self.bits()) * (limit as u128);
        (scaled >> 64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        low + self.below((high - low + 1).max(1) as usize) as i32
    }

    /// True in `per_mille` of a thousand cases.
    pub fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille as usize
    }

    /// One of `choices`, all alike; `None` when there are none.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        choices.get(self.below(choices.len()))
    }

    /// A place in a list of `length` by its rank: the first comes up most, the n-th about 1/(n + 2) as often, as
    /// names do.
    pub fn rank(&mut self, length: usize) -> usize {
        let weight = |rank: usize| 1_000_000 / (rank + 2);
        let mut left = self.below((0..length).map(weight).sum());
        for rank in 0..length {
            match left.checked_sub(weight(rank)) {
                Some(rest) => left = rest,
                None => return rank,
            }
        }
        0
    }

    /// An index into `weights`, in proportion to them.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().map(|&weight| weight as usize).sum());
        for (index, &weight) in weights.iter().enumerate() {
            match left.checked_sub(weight as usize) {
                Some(rest) => left = rest,
                None => return index,
            }
        }
        0
    }

    /// Fisher–Yates.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, self.below(index + 1));
        }
    }
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_splitmix64() {
        let mut rng = Rng(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| rng.bits()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn every_path_has_a_stream_of_its_own() {
        assert_ne!(Rng::of(1, &[1, 2]).bits(), Rng::of(1, &[2, 1]).bits());
        assert_ne!(Rng::of(1, &[0]).bits(), Rng::of(1, &[0, 0]).bits());
        assert_ne!(Rng::of(1, &[]).bits(), Rng::of(2, &[]).bits());
    }

    #[test]
    fn numbers_stay_in_their_range_and_ranks_fall() {
        let mut rng = Rng::of(7, &[]);
        let mut seen = [0_u32; 5];
        for _ in 0..5_000 {
            if let Some(count) = seen.get_mut(rng.rank(5)) {
                *count += 1;
            }
            assert!((3..=4).contains(&rng.between(3, 4)));
            assert_eq!(rng.below(0), 0);
        }
        assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
    }
}
