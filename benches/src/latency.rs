//! How long each of many calls took, told as the median and the 99th percentile: the slow tail is what people feel,
//! and a mean hides it.

use std::fmt;
use std::time::Duration;

/// Measured calls, and how long all of them took together.
pub struct Latency {
    sorted: Vec<Duration>,
    whole: Duration,
}

impl Latency {
    /// `whole` is the time from the first call to the last, with as many callers at once as there were.
    pub fn of(mut took: Vec<Duration>, whole: Duration) -> Self {
        took.sort();
        Self { sorted: took, whole }
    }

    /// The time that this share of the calls stayed below.
    pub fn at(&self, share: f64) -> Duration {
        let place = (self.sorted.len() as f64 * share) as usize;
        self.sorted.get(place).or(self.sorted.last()).copied().unwrap_or_default()
    }

    /// Calls in a second.
    pub fn rate(&self) -> f64 {
        self.sorted.len() as f64 / self.whole.as_secs_f64()
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p50 {:>9.2?}  p99 {:>9.2?}  {:>8.0}/s", self.at(0.50), self.at(0.99), self.rate())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slow_tail_shows_and_a_single_call_is_its_own_tail() {
        let took = (1..=100).rev().map(Duration::from_millis).collect();
        let many = Latency::of(took, Duration::from_secs(2));
        assert_eq!((many.at(0.5), many.at(0.99)), (Duration::from_millis(51), Duration::from_millis(100)));
        assert!((many.rate() - 50.0).abs() < 1e-9);
        let one = Latency::of(vec![Duration::from_millis(7)], Duration::from_millis(7));
        assert_eq!(one.at(0.99), Duration::from_millis(7));
    }
}
