//! What can be wrong with a field, as a closed list: each kind has a stable code for programs, an English sentence
//! where it is found, and words of its own in every language for pages (`wrong-…` in `api/locales/*/problems.ftl`).
//!
//! ```ignore
//! Invalid::at("until", Wrong::Order.says("lies before the beginning"))
//! Invalid::at("phones", Wrong::TooMany.says(format!("at most {MOST} are taken")).most(MOST))
//! ```
//! A bare sentence still is a problem, of the kind [`Wrong::Other`]: programs read it, pages ask to look again.

use super::codes;

codes! {
    /// The kinds of problems with one field. Codes never change their meaning.
    pub Wrong {
        /// Nothing more precise: the English sentence says it.
        Other = "other",
        Missing = "missing",
        NotAChoice = "not_a_choice",
        NotANumber = "not_a_number",
        OutOfRange = "out_of_range",
        NotADay = "not_a_day",
        /// A day that must not lie in the future.
        NotADayPast = "not_a_day_past",
        /// A day from today on.
        NotADayAhead = "not_a_day_ahead",
        NotABirthDate = "not_a_birth_date",
        NotAnAge = "not_an_age",
        /// The end before the beginning.
        Order = "order",
        TooLong = "too_long",
        Length = "length",
        TooMany = "too_many",
        Count = "count",
        Twice = "twice",
        OneLine = "one_line",
        PlainText = "plain_text",
        NotAnId = "not_an_id",
        /// Well formed, and names nothing we know.
        Unknown = "unknown",
        /// An account that cannot hold a request.
        NotAHolder = "not_a_holder",
        NotAPhone = "not_a_phone",
        NotAnEmail = "not_an_email",
        NotACountry = "not_a_country",
        NotALanguage = "not_a_language",
        NotALogin = "not_a_login",
        /// Two entries exclude each other.
        NotTogether = "not_together",
        /// Not taken in this place, or with this step.
        NotHere = "not_here",
        /// Not taken from the reader's role.
        NotYours = "not_yours",
        NeedsPerson = "needs_person",
        NeedsConsentAnswer = "needs_consent_answer",
        ConsentNotGiven = "consent_not_given",
        GiverForAdult = "giver_for_adult",
        GiverForMinor = "giver_for_minor",
        /// A decision in a child's best interest, from somebody who does not take it.
        BestInterest = "best_interest",
        AssentRefused = "assent_refused",
        OwnSociety = "own_society",
        InactiveProvider = "inactive_provider",
        /// R-21: nothing about a person goes to an authority.
        Authority = "authority",
        NotEnoughToVerify = "not_enough_to_verify",
        NothingToSearch = "nothing_to_search",
        PasswordTooEasy = "password_too_easy",
        PasswordsDiffer = "passwords_differ",
        PasswordWrong = "password_wrong",
        EnrolmentCode = "enrolment_code",
        PhoneCode = "phone_code",
    }
}

impl Wrong {
    /// This kind of problem, said in English for programs: what is wrong and what is taken, never the value.
    pub fn says(self, english: impl Into<String>) -> Fault {
        Fault { wrong: self, english: english.into(), least: None, most: None }
    }
}

/// One problem before it has its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub(super) wrong: Wrong,
    pub(super) english: String,
    pub(super) least: Option<u64>,
    pub(super) most: Option<u64>,
}

impl Fault {
    /// The most that is taken, for the words of pages.
    #[must_use]
    pub fn most(mut self, most: impl TryInto<u64>) -> Self {
        self.most = most.try_into().ok();
        self
    }

    /// The least and the most that is taken.
    #[must_use]
    pub fn between(mut self, least: impl TryInto<u64>, most: impl TryInto<u64>) -> Self {
        self.least = least.try_into().ok();
        self.most(most)
    }
}

impl From<String> for Fault {
    fn from(english: String) -> Self {
        Wrong::Other.says(english)
    }
}

impl From<&str> for Fault {
    fn from(english: &str) -> Self {
        Wrong::Other.says(english)
    }
}
