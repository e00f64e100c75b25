//! One error type at the edge. A stable code for programs, a sentence for people, no cause to strangers: the cause
//! goes to the log under an incident number, and no personal value stands in either.

use std::fmt;

use super::{Chance, Clock, Fault, Wrong};

/// What is wrong with one field, and what would be accepted.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    /// Where: a JSON path such as `names.given`.
    pub field: String,
    /// The kind of problem; stable for programs, and what pages put into words.
    pub code: Wrong,
    /// What is wrong and what would be accepted, never the value itself.
    pub problem: String,
    /// The least that is taken, where the kind speaks of it.
    #[serde(skip)]
    pub least: Option<u64>,
    /// The most that is taken.
    #[serde(skip)]
    pub most: Option<u64>,
}

impl FieldProblem {
    pub fn new(field: impl Into<String>, fault: impl Into<Fault>) -> Self {
        let Fault { wrong, english, least, most } = fault.into();
        Self { field: field.into(), code: wrong, problem: english, least, most }
    }
}

/// Everything that is wrong with one input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invalid(pub Vec<FieldProblem>);

impl Invalid {
    pub fn at(field: impl Into<String>, fault: impl Into<Fault>) -> Self {
        Self(vec![FieldProblem::new(field, fault)])
    }

    /// Notes a problem and goes on: a person should learn of all of them at once.
    pub fn note(&mut self, field: impl Into<String>, fault: impl Into<Fault>) {
        self.0.push(FieldProblem::new(field, fault));
    }

    /// Takes the value, or notes what is wrong with it.
    pub fn take<T>(&mut self, parsed: Result<T, Invalid>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(problems) => {
                self.0.extend(problems.0);
                None
            }
        }
    }

    pub fn ok(self) -> Result<(), Invalid> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }

    /// Puts a prefix before every field: the inner form does not know where it stands.
    pub fn under(mut self, prefix: &str) -> Self {
        for problem in &mut self.0 {
            problem.field = format!("{prefix}.{}", problem.field);
        }
        self
    }
}

/// Shorthand for one problem at one field.
pub fn invalid(field: impl Into<String>, fault: impl Into<Fault>) -> ApiError {
    ApiError::Invalid(Invalid::at(field, fault))
}

/// The number under which the log knows what went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IncidentId(pub u64);

impl IncidentId {
    pub fn new(clock: &dyn Clock, chance: &Chance) -> Self {
        Self((clock.now().micros() as u64) ^ u64::from_be_bytes(chance.bytes()))
    }
}

impl fmt::Display for IncidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// What one account may do so often within an hour, and not more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Opening the records of different people.
    Persons,
    Searches,
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Persons => "open the records of more people",
            Self::Searches => "search more often",
        })
    }
}

/// Every way a request can fail.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Unknown, or outside the caller's reach: the two are told apart by nobody.
    #[error("there is no such record, or it is outside your reach")]
    NotFound,
    #[error("sign in first")]
    SignedOut,
    /// One answer for an unknown login, a wrong password, a wrong code and a closed account.
    #[error("login, password or code is not right")]
    SignInRefused,
    /// The role never may, whatever the record: says nothing about any record.
    #[error("your role does not include this")]
    Forbidden,
    /// Something the caller must do first: change the password, accept the code of conduct, add a second factor.
    #[error("{1}")]
    StepMissing(&'static str, &'static str),
    #[error("the input has problems")]
    Invalid(Invalid),
    /// The record has moved on, or the step is not possible from its present state.
    #[error("{1}")]
    Conflict(&'static str, &'static str),
    #[error("the request body is too large; at most {0} bytes are taken")]
    TooLarge(usize),
    #[error("this content type is not taken here; use {0}")]
    UnsupportedType(&'static str),
    #[error("too many requests; wait {0} seconds")]
    TooMany(u64),
    /// The account has opened as many records, or searched as often, as one account may within an hour.
    #[error("one account may not {0} within an hour; go on in {1} seconds")]
    OverBudget(Budget, u64),
    /// A browser was led here by somebody else's page, or a form came without its token.
    #[error("this request did not come from a page of this service; open the page again and repeat it")]
    CrossSite,
    #[error("this method is not taken here")]
    MethodNotTaken,
    #[error("the address is too long; at most {0} bytes are taken")]
    AddressTooLong(usize),
    #[error("the headers are too large; at most {0} bytes are taken")]
    HeadersTooLarge(usize),
    #[error("the request did not arrive in time")]
    TooSlow,
    /// Shed load or a part that is down: nothing was done, and no plaintext left.
    #[error("the service cannot do this safely right now; try again shortly")]
    Unavailable,
    #[error("something went wrong on our side; quote {0}")]
    Internal(IncidentId),
}

/// The conflicts in which a rule says no, whatever the state of the record: two people for a decision, nobody for
/// themselves, nothing without consent, nothing past a suspicion.
pub const RULED_OUT: [&str; 12] = [
    "second_person",
    "own_account",
    "conflict_of_interest",
    "not_agreed",
    "consent_limited",
    "giver_unsuitable",
    "kept_no_longer",
    "consent_changed",
    "child_checks_missing",
    "access_needed",
    "circulation_needed",
    "in_other_hands",
];

impl ApiError {
    /// The code of a conflict in which a rule says no: that somebody tried is written down like any refusal.
    pub fn ruled_out(&self) -> Option<&'static str> {
        match self {
            Self::Conflict(code, _) => RULED_OUT.contains(code).then_some(*code),
            _ => None,
        }
    }

    /// Stable for programs; never changes its meaning.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::SignedOut => "signed_out",
            Self::SignInRefused => "sign_in_refused",
            Self::Forbidden => "forbidden",
            Self::StepMissing(code, _) | Self::Conflict(code, _) => code,
            Self::Invalid(_) => "invalid_input",
            Self::TooLarge(_) => "too_large",
            Self::UnsupportedType(_) => "unsupported_type",
            Self::TooMany(_) => "too_many_requests",
            Self::OverBudget(Budget::Persons, _) => "read_budget_spent",
            Self::OverBudget(Budget::Searches, _) => "search_budget_spent",
            Self::CrossSite => "cross_site_request",
            Self::MethodNotTaken => "method_not_taken",
            Self::AddressTooLong(_) => "address_too_long",
            Self::HeadersTooLarge(_) => "headers_too_large",
            Self::TooSlow => "too_slow",
            Self::Unavailable => "unavailable",
            Self::Internal(_) => "internal",
        }
    }

    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::SignedOut | Self::SignInRefused => 401,
            Self::Forbidden | Self::StepMissing(..) | Self::CrossSite => 403,
            Self::MethodNotTaken => 405,
            Self::TooSlow => 408,
            Self::AddressTooLong(_) => 414,
            Self::HeadersTooLarge(_) => 431,
            Self::Invalid(_) => 422,
            Self::Conflict(..) => 409,
            Self::TooLarge(_) => 413,
            Self::UnsupportedType(_) => 415,
            Self::TooMany(_) | Self::OverBudget(..) => 429,
            Self::Unavailable => 503,
            Self::Internal(_) => 500,
        }
    }
}

impl From<Invalid> for ApiError {
    fn from(problems: Invalid) -> Self {
        Self::Invalid(problems)
    }
}
