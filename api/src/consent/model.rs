//! The words of consent, and how an answer is taken in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroize;

use crate::kernel::{ConsentId, ConsentTextId, Country, Day, Invalid, Timestamp, Wrong, clean, codes};
use crate::vault::{ConsentRestrictions, Holds, Json};
use crate::web::Shown;

codes! {
    /// What may be done. Each is asked, answered and withdrawn on its own (R-15).
    pub ConsentKind {
        CollectAndStore = "collect_and_store",
        /// To be found: without it nobody enters the match index (R-16).
        TracingSearch = "tracing_search",
        ShareWithinNetwork = "share_within_network",
        ShareWithPartner = "share_with_partner",
        PublishPhoto = "publish_photo",
        ShareLocationWithEnquirer = "share_location_with_enquirer",
        /// A yes or no and a date, nothing else (R-03).
        ShareSafeAndWellOnly = "share_safe_and_well_only",
        ContactByPhone = "contact_by_phone",
        UseForStatistics = "use_for_statistics",
        Photograph = "photograph",
        ContinuityCard = "continuity_card",
        MedicalSharing = "medical_sharing",
    }
}

codes! {
    pub ConsentStatus {
        Given = "given",
        Refused = "refused",
        Withdrawn = "withdrawn",
        NotAsked = "not_asked",
        NotPossible = "not_possible",
    }
}

codes! {
    /// Who answered.
    pub GivenBy {
        Person = "person",
        Parent = "parent",
        LegalGuardian = "legal_guardian",
        Caregiver = "caregiver",
        /// Nobody who could answer for a child: recorded by a protection officer, for the child.
        BestInterestDecision = "best_interest_decision",
    }
}

codes! {
    /// The child's own word beside the giver's, or why it is missing.
    pub Assent {
        /// An adult answered for themselves.
        NotNeeded = "not_needed",
        Given = "given",
        /// The child said no: then nobody else's yes counts.
        Refused = "refused",
        TooYoung = "too_young",
        Unable = "unable",
        /// Asking would have put the child at risk.
        NotSafeToAsk = "not_safe_to_ask",
    }
}

codes! {
    /// How the answer was taken.
    pub Method {
        Written = "written",
        Thumbprint = "thumbprint",
        OralWitnessed = "oral_witnessed",
        Electronic = "electronic",
        /// Nobody was asked.
        None = "none",
    }
}

codes! {
    /// Why something may be kept (Handbook on Data Protection in Humanitarian Action). No immigration basis (R-22).
    pub LegalBasis {
        Consent = "consent",
        VitalInterest = "vital_interest",
        PublicInterest = "public_interest",
        LegitimateInterest = "legitimate_interest",
        Contract = "contract",
        LegalObligation = "legal_obligation",
    }
}

/// Limits a person put on a yes: "not to my uncle", "only in Mexico".
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ToSchema)]
pub struct Restrictions {
    /// In the person's own words.
    pub note: Option<String>,
    /// Only these countries, alpha-3; empty means no such limit.
    pub countries: Vec<String>,
    /// Only these named partners; empty means no such limit.
    pub partners: Vec<String>,
}

impl Holds for ConsentRestrictions {
    type Value = Json<Restrictions>;
}

/// [`Restrictions`] as they come in.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestrictionsForm {
    /// In the person's own words; at most 1000 characters.
    #[schema(max_length = 1000)]
    pub note: Option<String>,
    /// ISO 3166-1 alpha-3; at most 30.
    #[serde(default)]
    #[schema(max_items = 30)]
    pub countries: Vec<String>,
    /// At most 20 names of 200 characters.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub partners: Vec<String>,
}

impl RestrictionsForm {
    fn parse(&self) -> Result<Restrictions, Invalid> {
        let mut problems = Invalid::default();
        let note = problems.take(clean("note", self.note.as_deref().unwrap_or_default(), 1000)).flatten();
        if self.countries.len() > 30 {
            problems.note("countries", Wrong::TooMany.says("are too many; at most 30 are taken").most(30));
        }
        if self.partners.len() > 20 {
            problems.note("partners", Wrong::TooMany.says("are too many; at most 20 are taken").most(20));
        }
        let countries = self.countries.iter().take(30).enumerate();
        let countries =
            countries.filter_map(|(i, c)| problems.take(Country::parse(&format!("countries[{i}]"), c)));
        let countries = countries.map(|c| c.code().to_owned()).collect();
        let partners = self.partners.iter().take(20).enumerate();
        let partners = partners
            .filter_map(|(i, p)| problems.take(clean(&format!("partners[{i}]"), p, 200)).flatten())
            .collect();
        problems.ok()?;
        Ok(Restrictions { note, countries, partners })
    }
}

/// One answer as it comes in.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentForm {
    pub kind: ConsentKind,
    pub status: ConsentStatus,
    /// Who answered; the person, when left out. A best-interest decision is taken from a protection officer only.
    pub given_by: Option<GivenBy>,
    /// For a minor: the child's own word, or why it is missing.
    pub assent: Option<Assent>,
    /// How the answer was taken; needed for a yes, a no and a withdrawal.
    pub method: Option<Method>,
    /// The language of the words: `en`, `es`, `fr`, `ar`, or another one the society has added.
    #[schema(max_length = 12)]
    pub language: String,
    #[serde(default)]
    pub interpreter: bool,
    /// The last day of a yes, `YYYY-MM-DD`; open-ended when left out.
    pub valid_until: Option<String>,
    /// Consent, when left out.
    pub legal_basis: Option<LegalBasis>,
    pub restrictions: Option<RestrictionsForm>,
}

/// One answer, checked as far as the answer alone allows.
#[derive(Clone)]
pub struct NewConsent {
    pub kind: ConsentKind,
    pub answer: Answer,
    pub language: String,
    pub interpreter: bool,
    /// Midnight UTC after the last day.
    pub valid_until: Option<Timestamp>,
    pub legal_basis: LegalBasis,
    pub restrictions: Restrictions,
}

/// Who said what, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: ConsentStatus,
    pub given_by: GivenBy,
    pub assent: Option<Assent>,
    pub method: Method,
}

/// What must be known of a person before somebody's yes for them counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Under 18, or possibly so (R-26).
    pub minor: bool,
    /// The adult with the child is part of the danger.
    pub caregiver_implicated: bool,
}

impl Subject {
    /// Whether a yes that somebody gave for this person counts now (R-26, R-27). A child's own does not, however old they
    /// were taken for when they gave it, nor that of a carer who is part of the danger. What was answered for a child stays
    /// what it was when they come of age, until they answer themselves.
    pub fn accepts(self, given_by: GivenBy, assent: Assent) -> bool {
        !self.minor || (self.suits(given_by) && assent.stands_beside_a_yes())
    }

    /// Whether somebody may be heard at all: an adult answers for themselves, or whoever the law names.
    pub(super) fn hears(self, given_by: GivenBy) -> bool {
        self.minor || matches!(given_by, GivenBy::Person | GivenBy::LegalGuardian)
    }

    /// Whether somebody may say yes for this child.
    fn suits(self, given_by: GivenBy) -> bool {
        match given_by {
            GivenBy::Person => false,
            GivenBy::Parent | GivenBy::LegalGuardian | GivenBy::Caregiver => !self.caregiver_implicated,
            GivenBy::BestInterestDecision => true,
        }
    }
}

impl Assent {
    /// Whether somebody's yes for a child counts with this: the child agreed, or there is a reason why their word is missing.
    fn stands_beside_a_yes(self) -> bool {
        match self {
            Self::Given | Self::TooYoung | Self::Unable | Self::NotSafeToAsk => true,
            Self::NotNeeded | Self::Refused => false,
        }
    }
}

impl NewConsent {
    /// # Errors
    /// Everything that is wrong with the answer itself. Whether the giver suits the person is asked in
    /// [`NewConsent::for_subject`].
    pub fn parse(form: &ConsentForm, today: Day) -> Result<Self, Invalid> {
        let mut problems = Invalid::default();
        let language = form.language.trim().to_owned();
        if !is_language(&language) {
            problems.note(
                "language",
                Wrong::NotALanguage
                    .says("is not a language code; two or three small letters (ISO 639) are taken"),
            );
        }
        let answered =
            matches!(form.status, ConsentStatus::Given | ConsentStatus::Refused | ConsentStatus::Withdrawn);
        let method = match (answered, form.method) {
            (true, None | Some(Method::None)) => {
                problems.note(
                    "method",
                    Wrong::Missing
                        .says("is missing; written, thumbprint, oral_witnessed or electronic is taken"),
                );
                Method::None
            }
            (false, Some(method)) if method != Method::None => {
                problems.note(
                    "method",
                    Wrong::NotHere.says("does not fit: nobody was asked; leave it out or send none"),
                );
                Method::None
            }
            (_, method) => method.unwrap_or(Method::None),
        };
        let valid_until = match form.valid_until.as_deref().map(Day::parse) {
            None => None,
            Some(None) => {
                problems.note("valid_until", Wrong::NotADay.says("is not a day; YYYY-MM-DD is taken"));
                None
            }
            Some(Some(_)) if form.status != ConsentStatus::Given => {
                problems.note("valid_until", Wrong::NotHere.says("fits only a consent that is given"));
                None
            }
            Some(Some(day)) if day < today => {
                problems.note(
                    "valid_until",
                    Wrong::NotADayAhead.says("has passed; a day from today on is taken"),
                );
                None
            }
            Some(Some(day)) => Some(day.plus_days(1).start()),
        };
        let restrictions = form.restrictions.as_ref().map(RestrictionsForm::parse).transpose();
        let restrictions =
            problems.take(restrictions.map_err(|e| e.under("restrictions"))).flatten().unwrap_or_default();
        problems.ok()?;
        let answer = Answer {
            status: form.status,
            given_by: form.given_by.unwrap_or(GivenBy::Person),
            assent: form.assent,
            method,
        };
        let legal_basis = form.legal_basis.unwrap_or(LegalBasis::Consent);
        let (kind, interpreter) = (form.kind, form.interpreter);
        Ok(Self { kind, answer, language, interpreter, valid_until, legal_basis, restrictions })
    }

    /// In place of a yes that this person could not give: who can is asked anew. It is written in the words of that yes.
    pub(super) fn not_possible(kind: ConsentKind, legal_basis: LegalBasis) -> Self {
        let (status, given_by) = (ConsentStatus::NotPossible, GivenBy::Person);
        Self {
            kind,
            answer: Answer { status, given_by, assent: None, method: Method::None },
            language: String::new(),
            interpreter: false,
            valid_until: None,
            legal_basis,
            restrictions: Restrictions::default(),
        }
    }

    /// Whether this answer counts for this person (R-27). A no needs nobody's leave; a yes for a minor needs a
    /// suitable adult or a recorded decision, and the child's own word or the reason it is missing.
    ///
    /// # Errors
    /// Which part does not suit, and what would.
    pub fn for_subject(&self, subject: Subject) -> Result<Assent, Invalid> {
        let Answer { status, given_by, assent, .. } = self.answer;
        if status != ConsentStatus::Given {
            return Ok(assent.unwrap_or(Assent::NotNeeded));
        }
        if !subject.minor {
            return match subject.hears(given_by) {
                true => Ok(assent.unwrap_or(Assent::NotNeeded)),
                false => Err(Invalid::at(
                    "given_by",
                    Wrong::GiverForAdult.says(
                        "does not fit an adult; person is taken, or legal_guardian where the law names one",
                    ),
                )),
            };
        }
        match assent {
            Some(Assent::Refused) => Err(Invalid::at(
                "assent",
                Wrong::AssentRefused
                    .says("was refused by the child, so the consent is not given; record it as refused"),
            )),
            Some(word) if word.stands_beside_a_yes() && subject.suits(given_by) => Ok(word),
            // The adult may be reading along, and the desk may not know that the adult is part of the danger (R-39): so
            // there is one sentence for whatever is missing.
            _ => Err(Invalid::at(
                "given_by",
                Wrong::GiverForMinor.says(
                    "does not suffice for a minor, or an age that may be under 18; parent, legal_guardian or caregiver \
                     is taken with the child's own word in assent (given, too_young, unable or not_safe_to_ask); \
                     otherwise a protection officer is needed: best_interest_decision is taken, with assent too",
                ),
            )),
        }
    }
}

/// Two or three small letters, and perhaps a region: `ps`, `prs`, `pt-br`.
pub(super) fn is_language(text: &str) -> bool {
    let letters = |part: &str, least, most| {
        (least..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_lowercase())
    };
    match text.split_once('-') {
        None => letters(text, 2, 3),
        Some((language, region)) => letters(language, 2, 3) && letters(region, 2, 4),
    }
}

/// One line of a person's consent history.
#[derive(Clone, Serialize, ToSchema)]
pub struct ConsentView {
    #[schema(value_type = String)]
    pub id: ConsentId,
    pub kind: ConsentKind,
    pub status: ConsentStatus,
    /// Whether this is the answer that counts now: the newest of its kind, given, and still valid.
    pub in_force: bool,
    pub given_by: GivenBy,
    pub assent: Assent,
    pub method: Method,
    pub legal_basis: LegalBasis,
    #[schema(value_type = String)]
    pub text: ConsentTextId,
    pub text_version: i32,
    pub language: String,
    pub interpreter: bool,
    #[schema(value_type = String, format = DateTime)]
    pub valid_from: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_until: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
    pub restrictions: Shown<Restrictions>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yes() -> NewConsent {
        let answer = Answer {
            status: ConsentStatus::Given,
            given_by: GivenBy::Person,
            assent: None,
            method: Method::OralWitnessed,
        };
        NewConsent {
            kind: ConsentKind::TracingSearch,
            answer,
            language: "en".into(),
            interpreter: false,
            valid_until: None,
            legal_basis: LegalBasis::Consent,
            restrictions: Restrictions::default(),
        }
    }

    const ADULT: Subject = Subject { minor: false, caregiver_implicated: false };
    const CHILD: Subject = Subject { minor: true, caregiver_implicated: false };
    const CHILD_AT_RISK: Subject = Subject { minor: true, caregiver_implicated: true };

    /// The whole table: subject × giver × assent, so that no pair is decided by accident.
    #[test]
    fn a_yes_counts_only_from_somebody_who_may_say_it() {
        for subject in [ADULT, CHILD, CHILD_AT_RISK] {
            for given_by in GivenBy::ALL.iter().copied() {
                for assent in Assent::ALL.iter().copied().map(Some).chain([None]) {
                    let mut consent = yes();
                    consent.answer.given_by = given_by;
                    consent.answer.assent = assent;
                    let suits = if subject.minor {
                        let giver = match given_by {
                            GivenBy::Person => false,
                            GivenBy::BestInterestDecision => true,
                            _ => !subject.caregiver_implicated,
                        };
                        let word = matches!(
                            assent,
                            Some(Assent::Given | Assent::TooYoung | Assent::Unable | Assent::NotSafeToAsk)
                        );
                        giver && word
                    } else {
                        matches!(given_by, GivenBy::Person | GivenBy::LegalGuardian)
                    };
                    let decided = consent.for_subject(subject).is_ok();
                    assert_eq!(decided, suits, "{subject:?} {given_by} {assent:?}");
                }
            }
        }
    }

    #[test]
    fn what_counts_later_is_what_could_be_said_and_outlasts_childhood() {
        for subject in [ADULT, CHILD, CHILD_AT_RISK] {
            for given_by in GivenBy::ALL.iter().copied() {
                for assent in Assent::ALL.iter().copied() {
                    let mut consent = yes();
                    consent.answer.given_by = given_by;
                    consent.answer.assent = Some(assent);
                    let counts = subject.accepts(given_by, assent);
                    let expected = !subject.minor || consent.for_subject(subject).is_ok();
                    assert_eq!(counts, expected, "{subject:?} {given_by} {assent:?}");
                }
            }
        }
    }

    #[test]
    fn a_child_may_always_say_no() {
        for status in ConsentStatus::ALL.iter().copied().filter(|s| *s != ConsentStatus::Given) {
            let mut consent = yes();
            consent.answer.status = status;
            assert!(consent.for_subject(CHILD_AT_RISK).is_ok(), "{status}");
        }
    }

    #[test]
    fn every_problem_of_an_answer_is_named_at_once() {
        let form = ConsentForm {
            kind: ConsentKind::TracingSearch,
            status: ConsentStatus::Given,
            given_by: None,
            assent: None,
            method: None,
            language: "English".into(),
            interpreter: false,
            valid_until: Some("2020-01-01".into()),
            legal_basis: None,
            restrictions: Some(RestrictionsForm {
                note: Some("a\u{0}".into()),
                countries: vec!["KEN".into(), "Kenya".into()],
                partners: Vec::new(),
            }),
        };
        let today = Day::parse("2026-01-01").unwrap();
        let problems = NewConsent::parse(&form, today).err().unwrap();
        let fields: Vec<_> = problems.0.iter().map(|p| p.field.as_str()).collect();
        let expected =
            ["language", "method", "valid_until", "restrictions.note", "restrictions.countries[1]"];
        assert_eq!(fields, expected);
    }

    #[test]
    fn languages_are_codes() {
        for good in ["en", "prs", "pt-br"] {
            assert!(is_language(good), "{good}");
        }
        for bad in ["", "e", "EN", "english", "en_", "en-", "e1"] {
            assert!(!is_language(bad), "{bad}");
        }
    }
}
