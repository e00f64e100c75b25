//! The parameters of the comparison: read from a versioned, readable file, shipped with the crate.

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
#[derive(Clone, Debug)]
pub struct Model {
    version: String,
}

impl Model {
    /// The parameters shipped with this crate.
    #[must_use]
    pub fn shipped() -> Self {
        Self { version: "1".to_owned() }
    }

    /// The version of the parameters; part of every stored score.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }
}
