//! The parameters of the comparison: read from a versioned, readable file, shipped with the crate.
//!
//! Every rung has a weight in bits. A rung that rests on a name or place also has a share of the name's surprisal
//! (bits of rarity among the people of its region). A few named numbers describe the population and the bands.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::rung::Rung;

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
}

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

numbers! {
    /// True contacts expected per request in a whole population.
    matches_per_request = 1.05,
    /// Brothers' and sisters' contacts expected per request.
    siblings_per_request = 1.0,
    /// People a population is taken to have at least, so that a lone candidate is not raised for being alone.
    smallest_population = 10000.0,
    /// People the prior on unseen names counts for.
    prior_people = 500.0,
    /// Share of people who bear a name nobody has counted.
    prior_frequency = 0.0005,
    /// Weight of the whole population when a region's own counts are few, in people.
    region_shrinkage = 100.0,
    /// Slope of the calibration from bits to bits.
    calibration_slope = 1.0,
    /// Shift of the calibration, in bits.
    calibration_shift = 0.0,
    /// Least probability of band possible.
    possible_from = 0.1,
    /// Least probability of band strong.
    strong_from = 0.8,
}

impl Model {
    /// The parameters shipped with this crate.
    #[must_use]
    pub fn shipped() -> Self {
        Self::parse(include_str!("../data/model.txt")).unwrap_or_else(|_| Self::empty())
    }

    /// A model that knows nothing: every weight zero.
    pub(crate) fn empty() -> Self {
        Self {
            version: "none".to_owned(),
            weights: vec![0.0; Rung::count()],
            rarity: vec![0.0; Rung::count()],
            agrees: Rung::all().map(Rung::agrees).collect(),
            numbers: Numbers::default(),
        }
    }

    /// Reads a parameter file: `version NAME`, `rung CODE BITS [SHARE OF RARITY]`, `number NAME VALUE`; `#` starts a
    /// comment. Rungs not named weigh nothing.
    ///
    /// # Errors
    /// A line that is none of these, a rung or number nobody knows, a value that is not a number.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        let mut model = Self::empty();
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
                    if !model.numbers.set(name, number(value)?) {
                        return Err(refuse("no number has this name"));
                    }
                }
                _ => return Err(refuse("`version`, `rung` or `number` is expected")),
            }
        }
        Ok(model)
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
