//! What learning without labels counts: how often something is reached among pairs of one person and among strangers.
//!
//! Shared by the estimators that know no truth: a pair counts by the probability that it is one person's, and at most
//! one of several rivals can be the person.

/// How often something was reached, of how often it could have been.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Share {
    /// Pairs in which it was reached.
    pub(crate) seen: f64,
    /// The same, each pair times what it says there beside what it says everywhere: agreeing on a rare name says more.
    pub(crate) tilted: f64,
    /// Pairs in which it could have been reached.
    pub(crate) chances: f64,
}

impl Share {
    /// The share, half a case added: what was never seen is not impossible.
    fn rate(self) -> f64 {
        let tilt = if self.seen > 0.0 { self.tilted / self.seen } else { 1.0 };
        ((self.seen + 0.5) / (self.chances + 1.0)).min(1.0) * tilt
    }

    /// Variance, in bits squared, of the logarithm of the share.
    fn doubt(self) -> f64 {
        1.0 / (self.seen + 0.5) / std::f64::consts::LN_2.powi(2)
    }
}

/// Bits in which reaching something speaks for one person, held near `held`: where counts are so few that chance alone
/// moves them by `spread` bits, they are believed half, and where nothing was seen not at all.
pub(crate) fn bits(one_person: Share, strangers: Share, held: f64, spread: f64) -> f64 {
    if one_person.seen + strangers.seen < 1.0 || one_person.chances.min(strangers.chances) < 1.0 {
        return held;
    }
    let measured = (one_person.rate() / strangers.rate()).log2();
    let doubt = one_person.doubt() + strangers.doubt();
    let trust = spread * spread / (spread * spread + doubt);
    held + trust * (measured - held)
}

/// Turns the odds of rivals, each against a stranger, into probabilities of which at most one can be true.
pub(crate) fn at_most_one(odds: &mut [f64]) {
    let all: f64 = 1.0 + odds.iter().sum::<f64>();
    odds.iter_mut().for_each(|odds| *odds /= all);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(seen: f64, chances: f64) -> Share {
        Share { seen, tilted: seen, chances }
    }

    #[test]
    fn many_counts_are_believed_and_few_are_not() {
        let eight_times = |cases: f64| bits(share(cases * 0.8, cases), share(cases * 0.1, cases), 0.0, 1.0);
        assert!((eight_times(1e6) - 3.0).abs() < 0.01);
        assert!(eight_times(1.0).abs() < 0.8, "{}", eight_times(1.0));
        assert_eq!(bits(share(0.0, 0.0), share(9.0, 20.0), 2.5, 1.0), 2.5);
        assert_eq!(bits(share(0.0, 1e4), share(0.0, 1e4), 2.5, 1.0), 2.5);
    }

    #[test]
    fn what_agrees_on_rare_names_says_less_of_its_own() {
        let among_strangers = share(1000.0, 100_000.0);
        let rare = Share { tilted: 16_000.0, ..among_strangers };
        let plain = bits(share(900.0, 1000.0), among_strangers, 0.0, 10.0);
        let tilted = bits(share(900.0, 1000.0), rare, 0.0, 10.0);
        assert!((plain - tilted - 4.0).abs() < 0.01, "{plain} {tilted}");
    }

    #[test]
    fn rivals_share_what_certainty_there_is() {
        let mut odds = [9.0, 9.0, 1.0];
        at_most_one(&mut odds);
        assert_eq!(odds, [0.45, 0.45, 0.05]);
        let mut none: [f64; 0] = [];
        at_most_one(&mut none);
    }
}
