//! A person as they come in: everything optional, every limit named, all problems told at once.

use serde::Deserialize;
use utoipa::ToSchema;

use super::codes::{Care, Concern, NameKind, PersonField, RiskLevel, Sex};
use super::values::{Birth, Functioning, Messaging, NewPerson, OtherName, Place, Protection, Reachable};
use crate::kernel::{Country, Day, Invalid, PartialDate, Wrong, clean, digit};

/// Longest name or other single line, in characters.
const LINE: usize = 200;
/// Longest free text, in characters.
const PROSE: usize = 2000;
/// Most entries in any list.
const LIST: usize = 10;

/// Somebody, as far as they are known. Leave out what is not; nothing here is ever required.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonForm {
    #[schema(max_length = 200)]
    pub given_names: Option<String>,
    /// One or two surnames.
    #[schema(max_length = 200)]
    pub family_names: Option<String>,
    /// The whole name as it was written down, in any order.
    #[schema(max_length = 200)]
    pub full_name: Option<String>,
    #[schema(max_length = 200)]
    pub original_script_name: Option<String>,
    #[schema(max_items = 10)]
    pub other_names: Option<Vec<OtherNameForm>>,
    #[schema(max_length = 200)]
    pub father_name: Option<String>,
    #[schema(max_length = 200)]
    pub mother_name: Option<String>,
    #[schema(max_length = 200)]
    pub grandfather_name: Option<String>,
    #[schema(max_length = 200)]
    pub spouse_name: Option<String>,
    pub sex: Option<Sex>,
    pub birth: Option<BirthForm>,
    /// ISO 3166-1 alpha-3.
    #[schema(max_items = 10)]
    pub nationalities: Option<Vec<String>>,
    /// ISO 639, two or three small letters.
    #[schema(max_items = 10)]
    pub languages: Option<Vec<String>>,
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    pub origin: Option<PlaceForm>,
    #[schema(max_items = 10)]
    pub phones: Option<Vec<String>>,
    pub reach: Option<ReachForm>,
    pub functioning: Option<Functioning>,
    pub protection: Option<ProtectionForm>,
}

#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherNameForm {
    pub kind: NameKind,
    #[schema(max_length = 200)]
    pub name: String,
}

/// A birth as people know it: a date, or an age on a day.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BirthForm {
    /// `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
    #[schema(max_length = 10)]
    pub date: Option<String>,
    /// The date is a guess.
    pub estimated: Option<bool>,
    /// Age in years, or the lower end of a range.
    #[schema(maximum = 125)]
    pub age: Option<u8>,
    /// The upper end of the range.
    #[schema(maximum = 125)]
    pub age_max: Option<u8>,
    /// The day the age was given, `YYYY-MM-DD`; today when left out.
    #[schema(max_length = 10)]
    pub age_on: Option<String>,
    /// The person may be under 18, whatever is known.
    pub possibly_under_18: Option<bool>,
}

#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceForm {
    #[schema(max_length = 200)]
    pub name: String,
    /// ISO 3166-1 alpha-3.
    #[schema(max_length = 3)]
    pub country: Option<String>,
}

/// How to reach somebody, telephone apart.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReachForm {
    #[schema(max_length = 2000)]
    pub address: Option<String>,
    #[schema(max_length = 200)]
    pub email: Option<String>,
    #[schema(max_items = 10)]
    pub messaging: Option<Vec<MessagingForm>>,
    /// When and how a message is safe.
    #[schema(max_length = 2000)]
    pub safe_use: Option<String>,
}

#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessagingForm {
    #[schema(max_length = 200)]
    pub service: String,
    #[schema(max_length = 200)]
    pub handle: String,
}

#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProtectionForm {
    #[serde(default)]
    #[schema(max_items = 26)]
    pub concerns: Vec<Concern>,
    pub care: Option<Care>,
    pub risk: Option<RiskLevel>,
    /// The adult with the child is part of the danger.
    #[serde(default)]
    pub caregiver_implicated: bool,
    /// For protection officers only: forms at the desk hold no story (R-60).
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

impl PersonForm {
    /// The parts this form speaks of.
    pub fn parts(&self) -> Vec<PersonField> {
        use PersonField as F;
        let said = [
            (F::GivenNames, self.given_names.is_some()),
            (F::FamilyNames, self.family_names.is_some()),
            (F::FullName, self.full_name.is_some()),
            (F::OriginalScriptName, self.original_script_name.is_some()),
            (F::OtherNames, self.other_names.is_some()),
            (F::FatherName, self.father_name.is_some()),
            (F::MotherName, self.mother_name.is_some()),
            (F::GrandfatherName, self.grandfather_name.is_some()),
            (F::SpouseName, self.spouse_name.is_some()),
            (F::Sex, self.sex.is_some()),
            (F::Birth, self.birth.is_some()),
            (F::Nationalities, self.nationalities.is_some()),
            (F::Languages, self.languages.is_some()),
            (F::Description, self.description.is_some()),
            (F::Origin, self.origin.is_some()),
            (F::Phones, self.phones.is_some()),
            (F::Reach, self.reach.is_some()),
            (F::Functioning, self.functioning.is_some()),
            (F::Protection, self.protection.is_some()),
        ];
        said.into_iter().filter_map(|(field, said)| said.then_some(field)).collect()
    }

    /// Says nothing any more of any other part.
    pub fn keep(&mut self, parts: &[PersonField]) {
        use PersonField as F;
        for part in F::ALL.iter().filter(|part| !parts.contains(part)) {
            match part {
                F::GivenNames => self.given_names = None,
                F::FamilyNames => self.family_names = None,
                F::FullName => self.full_name = None,
                F::OriginalScriptName => self.original_script_name = None,
                F::OtherNames => self.other_names = None,
                F::FatherName => self.father_name = None,
                F::MotherName => self.mother_name = None,
                F::GrandfatherName => self.grandfather_name = None,
                F::SpouseName => self.spouse_name = None,
                F::Sex => self.sex = None,
                F::Birth => self.birth = None,
                F::Nationalities => self.nationalities = None,
                F::Languages => self.languages = None,
                F::Description => self.description = None,
                F::Origin => self.origin = None,
                F::Phones => self.phones = None,
                F::Reach => self.reach = None,
                F::Functioning => self.functioning = None,
                F::Protection => self.protection = None,
            }
        }
    }

    /// Checks everything and names every problem.
    ///
    /// # Errors
    /// All that is wrong, each with its field.
    pub fn parse(&self, today: Day) -> Result<NewPerson, Invalid> {
        let mut problems = Invalid::default();
        let mut person = NewPerson::default();
        for (field, text, place) in [
            ("given_names", &self.given_names, &mut person.given_names),
            ("family_names", &self.family_names, &mut person.family_names),
            ("full_name", &self.full_name, &mut person.full_name),
            ("original_script_name", &self.original_script_name, &mut person.original_script_name),
            ("father_name", &self.father_name, &mut person.father_name),
            ("mother_name", &self.mother_name, &mut person.mother_name),
            ("grandfather_name", &self.grandfather_name, &mut person.grandfather_name),
            ("spouse_name", &self.spouse_name, &mut person.spouse_name),
        ] {
            *place = line(&mut problems, field, text.as_deref());
        }
        person.other_names = list(&mut problems, "other_names", self.other_names.as_deref(), |at, other| {
            let name = needed(&format!("{at}.name"), &other.name)?;
            Ok(OtherName { kind: other.kind, name })
        });
        person.sex = self.sex;
        if let Some(birth) = &self.birth {
            let birth = birth.parse(today).map_err(|e| e.under("birth"));
            person.birth = problems.take(birth).unwrap_or_default();
        }
        person.nationalities =
            list(&mut problems, "nationalities", self.nationalities.as_deref(), |at, code| {
                Ok(Country::parse(at, code)?.code().to_owned())
            });
        person.languages = list(&mut problems, "languages", self.languages.as_deref(), |at, code| {
            let code = code.trim();
            let known = (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase());
            let wrong = "is not a language; a code of two or three small letters (ISO 639) is taken";
            if known { Ok(code.to_owned()) } else { Err(Invalid::at(at, Wrong::NotALanguage.says(wrong))) }
        });
        person.description = prose(&mut problems, "description", self.description.as_deref());
        person.origin = problems.take(self.origin.as_ref().map(|o| o.parse("origin")).transpose()).flatten();
        person.phones = list(&mut problems, "phones", self.phones.as_deref(), |at, number| phone(at, number));
        person.reach = self.reach.as_ref().map(|r| r.parse(&mut problems)).unwrap_or_default();
        person.functioning = self.functioning.unwrap_or_default();
        person.protection = self.protection.as_ref().map(|p| p.parse(&mut problems)).unwrap_or_default();
        problems.ok()?;
        Ok(person)
    }
}

impl BirthForm {
    fn parse(&self, today: Day) -> Result<Birth, Invalid> {
        let possibly_under_18 = self.possibly_under_18.unwrap_or(false);
        let date = self.date.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let born = match (date, self.age) {
            (Some(_), Some(_)) => {
                return Err(Invalid::at(
                    "age",
                    Wrong::NotTogether.says("does not go with a date; send one of the two"),
                ));
            }
            (Some(text), None) => {
                Some(PartialDate::parse("date", text, self.estimated.unwrap_or(false), today)?)
            }
            (None, Some(age)) => {
                let on = match self.age_on.as_deref() {
                    None => today,
                    Some(text) => Day::parse(text).filter(|day| *day <= today).ok_or_else(|| {
                        Invalid::at(
                            "age_on",
                            Wrong::NotADayPast.says("is not a day up to today; YYYY-MM-DD is taken"),
                        )
                    })?,
                };
                Some(PartialDate::age("age", age, self.age_max.unwrap_or(age), on)?)
            }
            (None, None) if self.age_max.is_some() => {
                return Err(Invalid::at(
                    "age_max",
                    Wrong::Missing.says("needs age, the lower end of the range"),
                ));
            }
            (None, None) => None,
        };
        Ok(Birth { born, possibly_under_18 })
    }
}

impl PlaceForm {
    /// # Errors
    /// No name, or an unknown country.
    pub fn parse(&self, field: &str) -> Result<Place, Invalid> {
        let mut problems = Invalid::default();
        let name = problems.take(needed(&format!("{field}.name"), &self.name));
        let country = self.country.as_deref().map(|c| Country::parse(&format!("{field}.country"), c));
        let country = problems.take(country.transpose()).flatten();
        match name {
            Some(name) if problems.0.is_empty() => {
                Ok(Place { name, country: country.map(|c| c.code().to_owned()) })
            }
            _ => Err(problems),
        }
    }
}

impl ReachForm {
    fn parse(&self, problems: &mut Invalid) -> Reachable {
        let email = line(problems, "reach.email", self.email.as_deref());
        if email.as_deref().is_some_and(|e| !looks_like_email(e)) {
            problems.note(
                "reach.email",
                Wrong::NotAnEmail.says("is not an e-mail address; name@domain is taken"),
            );
        }
        let messaging = list(problems, "reach.messaging", self.messaging.as_deref(), |at, m| {
            Ok(Messaging {
                service: needed(&format!("{at}.service"), &m.service)?,
                handle: needed(&format!("{at}.handle"), &m.handle)?,
            })
        });
        Reachable {
            address: prose(problems, "reach.address", self.address.as_deref()),
            email,
            messaging,
            safe_use: prose(problems, "reach.safe_use", self.safe_use.as_deref()),
        }
    }
}

impl ProtectionForm {
    fn parse(&self, problems: &mut Invalid) -> Protection {
        if self.concerns.len() > Concern::ALL.len() {
            problems.note("protection.concerns", Wrong::Twice.says("are too many; each is taken once"));
        }
        let mut concerns = self.concerns.clone();
        concerns.sort_unstable();
        concerns.dedup();
        Protection {
            concerns,
            care: self.care,
            risk: self.risk,
            caregiver_implicated: self.caregiver_implicated,
            note: prose(problems, "protection.note", self.note.as_deref()),
        }
    }
}

fn looks_like_email(text: &str) -> bool {
    let plain = text.chars().all(|c| !c.is_whitespace() && c != '<' && c != '>' && c != ',');
    plain
        && text.split_once('@').is_some_and(|(name, domain)| {
            !name.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.contains('@')
        })
}

/// A telephone number as digits, with a plus sign before a country code. Digits of every script are taken.
fn phone(field: &str, text: &str) -> Result<String, Invalid> {
    let wrong = || {
        Invalid::at(
            field,
            Wrong::NotAPhone
                .says("is not a telephone number; 4 to 15 digits are taken, with + before a country code"),
        )
    };
    let mut out = String::new();
    for (i, c) in text.trim().chars().enumerate() {
        match digit(c) {
            Some(d) => out.push(d),
            None if c == '+' && i == 0 => out.push('+'),
            None if matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}') => {}
            None => return Err(wrong()),
        }
    }
    if let Some(rest) = out.strip_prefix("00") {
        out = format!("+{rest}");
    }
    let digits = out.trim_start_matches('+').len();
    if (4..=15).contains(&digits) { Ok(out) } else { Err(wrong()) }
}

/// A single line: no line breaks.
fn line(problems: &mut Invalid, field: &str, text: Option<&str>) -> Option<String> {
    problems.take(single(field, text.unwrap_or_default())).flatten()
}

fn single(field: &str, text: &str) -> Result<Option<String>, Invalid> {
    let cleaned = clean(field, text, LINE)?;
    if cleaned.as_deref().is_some_and(|t| t.chars().any(char::is_control)) {
        return Err(Invalid::at(field, Wrong::OneLine.says("holds a line break or tab; one line is taken")));
    }
    Ok(cleaned)
}

pub(super) fn needed(field: &str, text: &str) -> Result<String, Invalid> {
    single(field, text)?.ok_or_else(|| Invalid::at(field, Wrong::Missing.says("is empty; text is needed")))
}

pub(super) fn prose(problems: &mut Invalid, field: &str, text: Option<&str>) -> Option<String> {
    problems.take(clean(field, text.unwrap_or_default(), PROSE)).flatten()
}

/// Each entry parsed under its own place in the list.
pub(super) fn list<T, U>(
    problems: &mut Invalid,
    field: &str,
    entries: Option<&[T]>,
    parse: impl Fn(&str, &T) -> Result<U, Invalid>,
) -> Vec<U> {
    let entries = entries.unwrap_or_default();
    if entries.len() > LIST {
        problems
            .note(field, Wrong::TooMany.says(format!("are too many; at most {LIST} are taken")).most(LIST));
    }
    let numbered = entries.iter().take(LIST).enumerate();
    numbered.filter_map(|(i, entry)| problems.take(parse(&format!("{field}[{i}]"), entry))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Day {
        Day::parse("2026-03-01").unwrap()
    }

    fn read(json: &str) -> PersonForm {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn all_problems_are_told_at_once_and_each_names_its_field() {
        let form = read(
            r#"{"given_names":"a\u0000b","full_name":"a\nb","other_names":[{"kind":"alias","name":" "}],
               "birth":{"date":"2030"},"nationalities":["KEN","Kenya"],"languages":["English"],
               "origin":{"name":"","country":"XX"},"phones":["12","+254 700 000 000"],
               "reach":{"email":"nobody"},"protection":{"note":"x\u0001"}}"#,
        );
        let problems = form.parse(today()).err().unwrap();
        let fields: Vec<_> = problems.0.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "given_names",
                "full_name",
                "other_names[0].name",
                "birth.date",
                "nationalities[1]",
                "languages[0]",
                "origin.name",
                "origin.country",
                "phones[0]",
                "reach.email",
                "protection.note",
            ]
        );
    }

    #[test]
    fn immigration_status_is_not_a_field() {
        for name in ["immigration_status", "legal_status", "visa", "permit", "irregular_entry"] {
            let json = format!(r#"{{"{name}":"x"}}"#);
            assert!(serde_json::from_str::<PersonForm>(&json).is_err(), "{name}");
        }
    }

    #[test]
    fn numbers_are_kept_as_digits_whatever_script_they_came_in() {
        for (written, kept) in [
            ("+254 (700) 123-456", "+254700123456"),
            ("00 254 700123456", "+254700123456"),
            ("٠٧٠٠١٢٣٤", "07001234"),
            ("০১৭১১", "01711"),
        ] {
            assert_eq!(phone("p", written).ok().as_deref(), Some(kept));
        }
        for wrong in ["", "123", "call me", "+1234567890123456", "1+2345"] {
            assert!(phone("p", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_birth_is_a_date_or_an_age_and_doubt_makes_a_minor() {
        let minor = |json: &str| read(json).parse(today()).unwrap().birth.is_minor_on(today());
        assert!(minor(r#"{"birth":{"age":17}}"#));
        assert!(minor(r#"{"birth":{"age":16,"age_max":20}}"#));
        assert!(!minor(r#"{"birth":{"age":18}}"#));
        assert!(minor(r#"{"birth":{"date":"2008"}}"#));
        assert!(minor(r#"{"birth":{"possibly_under_18":true}}"#));
        assert!(minor(r#"{"birth":{"date":"1980","possibly_under_18":true}}"#));
        assert!(!minor(r#"{}"#));
        for wrong in [
            r#"{"birth":{"date":"1990","age":36}}"#,
            r#"{"birth":{"age":20,"age_max":10}}"#,
            r#"{"birth":{"age_max":10}}"#,
            r#"{"birth":{"age":10,"age_on":"2026-03-02"}}"#,
        ] {
            assert!(read(wrong).parse(today()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn parts_name_what_was_said_and_nothing_else() {
        assert!(read("{}").parts().is_empty());
        let said = read(r#"{"sex":"female","phones":[]}"#).parts();
        assert_eq!(said, [PersonField::Sex, PersonField::Phones]);
        let everything = r#"{"given_names":"a","family_names":"b","full_name":"c","original_script_name":"d",
            "other_names":[],"father_name":"e","mother_name":"f","grandfather_name":"g","spouse_name":"h",
            "sex":"male","birth":{},"nationalities":[],"languages":[],"description":"i","origin":{"name":"j"},
            "phones":[],"reach":{},"functioning":{},"protection":{}}"#;
        for part in PersonField::ALL {
            let mut form = read(everything);
            form.keep(&[*part]);
            assert_eq!(form.parts(), [*part]);
        }
    }
}
