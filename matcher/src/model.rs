//! The parameters of the comparison: read from a versioned, readable file, shipped with the crate.
//!
//! Every rung has a weight in bits. A rung that rests on a name or place also has a share of the name's surprisal
//! (bits of rarity among the people of its region). A few named numbers describe the population; the bands follow from
//! what mistakes cost (`stakes.rs`).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::rung::Rung;
use crate::stakes::Stakes;

/// Why a parameter file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the model: {problem}")]
pub struct ModelError {
    /// Line number, from 1.
    pub line: usize,
    /// What is wrong and what is accepted.
    pub problem: String,
}

/// Parameters of one version. Scores of two versions must never be mixed: compare [`Model::version`] first.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    version: String,
    weights: Vec<f32>,
    rarity: Vec<f32>,
    agrees: Vec<bool>,
    pub(crate) numbers: Numbers,
    stakes: Stakes,
}

/// The version of a model that names none.
const NO_VERSION: &str = "none";

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident = $default:literal,)*) => {
        /// Named numbers of a model.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub(crate) struct Numbers { $($(#[$doc])* pub(crate) $name: f32,)* }

        impl Default for Numbers {
            fn default() -> Self { Self { $($name: $default,)* } }
        }

        impl Numbers {
            fn set(&mut self, name: &str, value: f32) -> bool {
                match name { $(stringify!($name) => self.$name = value,)* _ => return false }
                true
            }

            fn list(&self) -> Vec<(&'static str, f32)> {
                vec![$((stringify!($name), self.$name),)*]
            }
        }
    };
}

/// What usually comes near, at most: beyond it nobody would ever be raised or lowered.
const MOST_USUAL: f32 = 1000.0;

numbers! {
    /// True contacts expected per request in a whole population.
    matches_per_request = 1.05,
    /// Brothers' and sisters' contacts expected per request.
    siblings_per_request = 1.0,
    /// People a population is taken to have at least, so that the only contact of a small index is not raised for being
    /// alone.
    smallest_population = 10000.0,
    /// People the prior on unseen names counts for.
    prior_people = 500.0,
    /// Share of people who bear a name nobody has counted.
    prior_frequency = 0.0005,
    /// Weight of the whole population when a region's own counts are few, in people.
    region_shrinkage = 100.0,
    /// Power of their odds with which the others of a list come near a candidate; below 1, those who nearly fit tell of
    /// those who fit.
    rival_exponent = 0.55,
    /// Added to what comes near, so that an empty list gives a finite weight.
    rival_floor = 0.3,
    /// What comes near a candidate where its odds hold as they are, among a million people.
    rival_usual = 1.3,
    /// Power of the population with which that grows, 0 to 1: of more people more come near by accident. None in a file
    /// that does not name it, so that an older one keeps its meaning.
    rival_growth = 0.0,
    /// Bits by which two candidates of one request are likelier one person's records than two contacts at random.
    repeat_bits = 6.0,
    /// Slope of the calibration from bits to bits.
    calibration_slope = 1.0,
    /// Shift of the calibration, in bits.
    calibration_shift = 0.0,
}

impl Numbers {
    /// What is expected of a number, where a value would not keep what is worked out with it finite.
    fn refuses(name: &str, value: f32) -> Option<&'static str> {
        let (holds, expected) = match name {
            "smallest_population" | "rival_floor" | "calibration_slope" => {
                (value > 0.0, "a number above 0 is expected")
            }
            "rival_usual" => {
                (value > 0.0 && value <= MOST_USUAL, "a number above 0 and no more than 1000 is expected")
            }
            "rival_exponent" => {
                (value > 0.0 && value <= 1.0, "a number above 0 and no more than 1 is expected")
            }
            "rival_growth" => ((0.0..=1.0).contains(&value), "a number from 0 to 1 is expected"),
            _ => (true, ""),
        };
        (!holds).then_some(expected)
    }
}

impl Model {
    /// The parameters shipped with this crate.
    #[must_use]
    pub fn shipped() -> Self {
        Self::parse(include_str!("../data/model.txt")).unwrap_or_else(|_| Self::empty())
    }

    /// Round numbers that nobody learned: what learned weights are worth shows beside it, and learning without labels
    /// can start from it.
    #[must_use]
    pub fn untaught() -> Self {
        Self::parse(include_str!("../data/untaught.txt")).unwrap_or_else(|_| Self::empty())
    }

    /// A model that knows nothing: every weight zero.
    pub(crate) fn empty() -> Self {
        Self {
            version: NO_VERSION.to_owned(),
            weights: vec![0.0; Rung::count()],
            rarity: vec![0.0; Rung::count()],
            agrees: Rung::all().map(Rung::agrees).collect(),
            numbers: Numbers::default(),
            stakes: Stakes::default(),
        }
    }

    /// Reads a parameter file: `version NAME`, `rung CODE BITS [SHARE OF RARITY]`, `number NAME VALUE`,
    /// `cost NAME VALUE`; `#` starts a comment. Rungs not named weigh nothing.
    ///
    /// # Errors
    /// A line that is none of these, a rung, number or cost nobody knows, a value that is not a number, a cost that is
    /// nothing, the line with which the costs come to contradict each other, or the last one where no version was named.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        let mut model = Self::empty();
        let mut stated: Vec<(&str, usize)> = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let words: Vec<&str> = line.split('#').next().unwrap_or("").split_whitespace().collect();
            let refuse = |problem: &str| ModelError { line: at + 1, problem: problem.to_owned() };
            let number = |word: &str| match word.parse::<f32>() {
                Ok(value) if value.is_finite() => Ok(value),
                _ => Err(refuse("a finite number is expected")),
            };
            match words.as_slice() {
                [] => {}
                ["version", version] => (*version).clone_into(&mut model.version),
                ["rung", code, bits, rest @ ..] => {
                    let rung = Rung::by_code(code).ok_or_else(|| refuse("no rung has this code"))?;
                    let share = rest.first().map_or(Ok(0.0), |word| number(word))?;
                    if rung.is_silent() {
                        return Err(refuse("missing is no evidence: this rung has no weight"));
                    }
                    model.set(rung, number(bits)?, share);
                }
                ["number", name, value] => {
                    let value = number(value)?;
                    if let Some(expected) = Numbers::refuses(name, value) {
                        return Err(refuse(expected));
                    }
                    if !model.numbers.set(name, value) {
                        return Err(refuse("no number has this name"));
                    }
                }
                ["cost", name, value] => {
                    let value = number(value)?;
                    if value <= 0.0 {
                        return Err(refuse("a mistake costs something: a number above 0 is expected"));
                    }
                    if !model.stakes.set(name, value) {
                        return Err(refuse("no cost has this name"));
                    }
                    stated.push((name, at + 1));
                }
                _ => return Err(refuse("`version`, `rung`, `number` or `cost` is expected")),
            }
        }
        match model.stakes.contradiction() {
            None if model.version == NO_VERSION => Err(ModelError {
                line: text.lines().count().max(1),
                problem: "the model ends without a `version` line, and scores of two models must not be taken for each other's"
                    .to_owned(),
            }),
            None => Ok(model),
            Some((problem, names)) => {
                let of_these = stated.iter().rev().find(|(name, _)| names.contains(name));
                let line = of_these.or(stated.last()).map_or(0, |(_, line)| *line);
                Err(ModelError { line, problem: problem.to_owned() })
            }
        }
    }

    /// Writes the parameters as [`Model::parse`] reads them.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("version {}\n", self.version);
        let mut by_field: BTreeMap<usize, Vec<Rung>> = BTreeMap::new();
        Rung::all().for_each(|rung| by_field.entry(rung.field() as usize).or_default().push(rung));
        for rung in by_field.into_values().flatten() {
            let (bits, share) = (self.weight(rung), self.rarity(rung));
            if !rung.is_silent() {
                let _ = writeln!(text, "rung {} {bits:.3} {share:.3}", rung.code());
            }
        }
        for (name, value) in self.numbers.list() {
            let _ = writeln!(text, "number {name} {value}");
        }
        for (name, value) in self.stakes.list() {
            let _ = writeln!(text, "cost {name} {value}");
        }
        text
    }

    /// The version of the parameters; part of every stored score.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The same parameters under another version name, for a refined model.
    #[must_use]
    pub fn renamed(mut self, version: &str) -> Self {
        version.clone_into(&mut self.version);
        self
    }

    /// Least probability at which a candidate is [`crate::Band::Possible`], from what mistakes are stated to cost.
    #[must_use]
    pub fn possible_from(&self) -> f32 {
        self.stakes.possible_from()
    }

    /// Least probability at which a candidate is [`crate::Band::Strong`], from what mistakes are stated to cost.
    #[must_use]
    pub fn strong_from(&self) -> f32 {
        self.stakes.strong_from()
    }

    fn agrees(&self, rung: Rung) -> bool {
        self.agrees.get(rung.number()).copied().unwrap_or(false)
    }

    pub(crate) fn weight(&self, rung: Rung) -> f32 {
        self.weights.get(rung.number()).copied().unwrap_or(0.0)
    }

    pub(crate) fn rarity(&self, rung: Rung) -> f32 {
        self.rarity.get(rung.number()).copied().unwrap_or(0.0)
    }

    pub(crate) fn set(&mut self, rung: Rung, bits: f32, share: f32) {
        if let Some(place) = self.weights.get_mut(rung.number()) {
            *place = bits;
        }
        if let Some(place) = self.rarity.get_mut(rung.number()) {
            *place = share;
        }
    }

    /// Bits of a rung reached with a name of this surprisal. Agreement never speaks against a pair, however common
    /// the name.
    pub(crate) fn bits(&self, rung: Rung, surprisal: f32) -> f32 {
        let bits = self.weight(rung) + self.rarity(rung) * surprisal;
        if self.agrees(rung) { bits.max(0.0) } else { bits }
    }

    /// Whether the bits of a rung follow its parameters, or are held at zero.
    pub(crate) fn moves(&self, rung: Rung, surprisal: f32) -> bool {
        !self.agrees(rung) || self.weight(rung) + self.rarity(rung) * surprisal > 0.0
    }
}

impl Default for Model {
    fn default() -> Self {
        Self::shipped()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (usize, String) {
        let error = Model::parse(text).unwrap_err();
        (error.line, error.problem)
    }

    #[test]
    fn the_files_are_read_and_the_shipped_one_is_written_back() {
        Model::parse(include_str!("../data/untaught.txt")).unwrap();
        let shipped = Model::parse(include_str!("../data/model.txt")).unwrap();
        assert_eq!(shipped, Model::shipped());
        assert_eq!(Model::parse(&shipped.to_text()).unwrap(), shipped);
        assert!((shipped.possible_from() - 0.1).abs() < 0.02, "{}", shipped.possible_from());
        assert!((shipped.strong_from() - 0.8).abs() < 0.02, "{}", shipped.strong_from());
    }

    #[test]
    fn dearer_mistakes_move_the_bands() {
        let model = |costs: &str| Model::parse(&format!("version a\n{costs}")).unwrap();
        let shipped = model("");
        let patient = model("cost missed_match 100");
        assert!(patient.possible_from() < shipped.possible_from());
        assert_eq!(patient.strong_from(), shipped.strong_from());
        let careful = model("cost wrong_link 50");
        assert!(careful.strong_from() > shipped.strong_from());
        assert_eq!(careful.possible_from(), shipped.possible_from());
    }

    #[test]
    fn a_wrong_line_is_named() {
        assert_eq!(refused("version a\n\nrung given_name.sane 1").0, 3);
        assert_eq!(refused("number possible_from 0.1"), (1, "no number has this name".to_owned()));
        for (wrong, expected) in [
            ("rival_floor 0", "a number above 0 is expected"),
            ("calibration_slope -1", "a number above 0 is expected"),
            ("rival_usual 1e30", "a number above 0 and no more than 1000 is expected"),
            ("rival_exponent 1.5", "a number above 0 and no more than 1 is expected"),
            ("rival_growth -1", "a number from 0 to 1 is expected"),
            ("rival_growth 1.5", "a number from 0 to 1 is expected"),
        ] {
            assert_eq!(refused(&format!("number {wrong}")).1, expected, "{wrong}");
        }
        assert!(Model::parse("version a\nnumber rival_growth 0").is_ok());
        assert_eq!(refused("# costs\ncost a_tea 1"), (2, "no cost has this name".to_owned()));
        assert_eq!(refused("cost false_lead 0").1, "a mistake costs something: a number above 0 is expected");
        assert_eq!(refused("version a\ncost false_lead inf"), (2, "a finite number is expected".to_owned()));
        assert_eq!(refused("cost late_match").1, "`version`, `rung`, `number` or `cost` is expected");
    }

    #[test]
    fn a_model_without_a_version_is_refused() {
        let problem = |text: &str| refused(text).1;
        assert!(problem("").contains("without a `version` line"));
        assert!(problem("version none").contains("without a `version` line"));
        assert_eq!(refused("rung sex.same 1\n# the end").0, 2);
    }

    #[test]
    fn costs_that_contradict_each_other_are_refused_at_the_later_of_them() {
        let late = "cost missed_match 2\ncost late_match 3\nnumber prior_people 500";
        assert_eq!(refused(late), (2, "missing a match must cost more than finding it late".to_owned()));
        let wrong = "version a\ncost wrong_link 1\ncost false_lead 1";
        assert_eq!(refused(wrong), (3, "a wrong link must cost more than a false lead".to_owned()));
        let nothing_between = "cost missed_match 1.5\ncost wrong_link 1.5\ncost late_match 1";
        assert_eq!(refused(nothing_between).0, 2);
    }
}
