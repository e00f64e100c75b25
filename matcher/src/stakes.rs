//! What each mistake costs, and the bands that follow from it.
//!
//! A candidate of probability `p` is left out, shown, or put first. What that costs on average:
//!
//! ```text
//!                the person (p)   another person (1 − p)
//!  left out      missed_match     0                        weak
//!  shown         late_match       false_lead               possible
//!  put first     0                wrong_link               strong
//! ```
//!
//! Showing costs no more than leaving out when `p · (missed_match − late_match) ≥ (1 − p) · false_lead`; putting first
//! costs no more than showing when `p · late_match ≥ (1 − p) · (wrong_link − false_lead)`. Solved for `p`, these are
//! the two thresholds. Whoever finds a band wrong says which mistake is dearer than stated, not another threshold.

/// What a mistake costs, in looks at a candidate who turns out to be somebody else. Only ratios matter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stakes {
    /// A person who was met, and whom nobody is shown.
    missed_match: f32,
    /// A person who was met, and who stands below others to be looked at.
    late_match: f32,
    /// A look at a candidate who turns out to be somebody else.
    false_lead: f32,
    /// Somebody else put first: looked at by two people, and nearly told to a family.
    wrong_link: f32,
}

impl Default for Stakes {
    fn default() -> Self {
        Self { missed_match: 10.0, late_match: 1.0, false_lead: 1.0, wrong_link: 5.0 }
    }
}

impl Stakes {
    /// States one cost; whether there is one of this name.
    pub(crate) fn set(&mut self, name: &str, value: f32) -> bool {
        let place = match name {
            "missed_match" => &mut self.missed_match,
            "late_match" => &mut self.late_match,
            "false_lead" => &mut self.false_lead,
            "wrong_link" => &mut self.wrong_link,
            _ => return false,
        };
        *place = value;
        true
    }

    /// Every cost by name.
    pub(crate) fn list(&self) -> [(&'static str, f32); 4] {
        [
            ("missed_match", self.missed_match),
            ("late_match", self.late_match),
            ("false_lead", self.false_lead),
            ("wrong_link", self.wrong_link),
        ]
    }

    /// Why these costs give no bands, and the two costs at odds; `None` when they do.
    pub(crate) fn contradiction(&self) -> Option<(&'static str, [&'static str; 2])> {
        if self.missed_match <= self.late_match {
            return Some((
                "missing a match must cost more than finding it late",
                ["missed_match", "late_match"],
            ));
        }
        if self.wrong_link <= self.false_lead {
            return Some(("a wrong link must cost more than a false lead", ["wrong_link", "false_lead"]));
        }
        (self.possible_from() > self.strong_from()).then_some((
            "with these costs nothing is ever worth showing that is not worth putting first",
            ["missed_match", "wrong_link"],
        ))
    }

    /// Least probability at which showing a candidate costs no more than leaving it out.
    pub(crate) fn possible_from(&self) -> f32 {
        self.false_lead / (self.false_lead + self.missed_match - self.late_match)
    }

    /// Least probability at which putting a candidate first costs no more than showing it.
    pub(crate) fn strong_from(&self) -> f32 {
        let rashness = self.wrong_link - self.false_lead;
        rashness / (rashness + self.late_match)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What each way of treating a candidate costs on average: left out, shown, put first.
    fn losses(stakes: &Stakes, p: f32) -> [f32; 3] {
        [
            p * stakes.missed_match,
            p * stakes.late_match + (1.0 - p) * stakes.false_lead,
            (1.0 - p) * stakes.wrong_link,
        ]
    }

    fn stakes() -> impl Strategy<Value = Stakes> {
        (0.1f32..100.0, 0.1f32..100.0, 0.1f32..100.0, 0.1f32..100.0).prop_filter_map(
            "no bands follow from these costs",
            |(missed_match, late_match, false_lead, wrong_link)| {
                let stakes = Stakes { missed_match, late_match, false_lead, wrong_link };
                stakes.contradiction().is_none().then_some(stakes)
            },
        )
    }

    proptest! {
        /// The band of a probability is the treatment that costs least, whatever mistakes cost.
        #[test]
        fn a_band_is_the_cheapest_treatment(stakes in stakes(), p in 0.0f32..=1.0) {
            let treatment = match p {
                p if p >= stakes.strong_from() => 2,
                p if p >= stakes.possible_from() => 1,
                _ => 0,
            };
            let losses = losses(&stakes, p);
            let least = losses.iter().copied().fold(f32::INFINITY, f32::min);
            prop_assert!(losses[treatment] <= least * 1.0001 + 1e-4, "{losses:?} {treatment}");
        }
    }

    #[test]
    fn the_stated_costs_show_from_a_tenth_and_put_first_from_eight_tenths() {
        let stakes = Stakes::default();
        assert!((stakes.possible_from() - 0.1).abs() < 1e-6);
        assert!((stakes.strong_from() - 0.8).abs() < 1e-6);
    }

    #[test]
    fn every_cost_listed_can_be_stated() {
        let mut stakes = Stakes::default();
        for (name, value) in Stakes::default().list() {
            assert!(stakes.set(name, value + 1.0), "{name}");
        }
        assert!(!stakes.set("a_tea", 1.0));
        assert!(stakes.list().iter().zip(Stakes::default().list()).all(|(new, old)| new.1 == old.1 + 1.0));
    }
}
