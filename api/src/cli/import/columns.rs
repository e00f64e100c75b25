//! From columns to forms. A file goes through the same forms as a desk, so it can bring in nothing a desk could not;
//! what a form refuses is told under the name of the column it came from.

use super::reader::{LIST_MARK, Record};
use super::report::Problem;
use crate::kernel::Invalid;
use crate::people::{BirthForm, NameKind, OtherNameForm, PersonForm, PlaceForm, ReachForm, Sex};

/// What a file may say of a person. Cells that hold several values separate them with a semicolon.
pub(super) const PERSON: &[&str] = &[
    "name",
    "given_names",
    "family_names",
    "original_script_name",
    "nickname",
    "other_names",
    "father_name",
    "mother_name",
    "grandfather_name",
    "spouse_name",
    "sex",
    "birth_date",
    "birth_year",
    "birth_estimated",
    "age",
    "nationality",
    "languages",
    "place_of_origin",
    "phones",
    "description",
];

/// What a file may say of the relative who asks.
pub(super) const ENQUIRER: &[&str] = &[
    "enquirer_name",
    "enquirer_given_names",
    "enquirer_family_names",
    "enquirer_original_script_name",
    "enquirer_other_names",
    "enquirer_sex",
    "enquirer_birth_date",
    "enquirer_birth_year",
    "enquirer_birth_estimated",
    "enquirer_nationality",
    "enquirer_languages",
    "enquirer_phones",
    "enquirer_address",
    "enquirer_email",
];

/// A record's cells, taken one by one; whatever is wrong is noted under its column.
pub(super) struct Cells {
    record: Record,
    pub(super) problems: Invalid,
}

impl Cells {
    pub(super) fn of(record: Record) -> Self {
        Self { record, problems: Invalid::default() }
    }

    pub(super) fn text(&mut self, column: &str) -> Option<String> {
        self.record.take(column).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    pub(super) fn list(&mut self, column: &str) -> Option<Vec<String>> {
        let entries = self.text(column)?;
        let entries = entries.split(LIST_MARK).map(str::trim).filter(|entry| !entry.is_empty());
        Some(entries.map(str::to_owned).collect())
    }

    /// One of a code list.
    pub(super) fn code<T>(
        &mut self,
        column: &str,
        parse: impl Fn(&str) -> Option<T>,
        codes: &[&str],
    ) -> Option<T> {
        let text = self.text(column)?.to_lowercase();
        let found = parse(&text);
        if found.is_none() {
            self.problems.note(column, format!("is not taken; accepted: {}", codes.join(", ")));
        }
        found
    }

    fn yes_or_no(&mut self, column: &str) -> Option<bool> {
        let parse = |text: &str| match text {
            "yes" | "true" | "1" => Some(true),
            "no" | "false" | "0" => Some(false),
            _ => None,
        };
        self.code(column, parse, &["yes", "no"])
    }

    /// Everything about a person whose columns begin with `prefix`.
    pub(super) fn person(&mut self, prefix: &str) -> PersonForm {
        let at = |column: &str| format!("{prefix}{column}");
        let nickname = self.text(&at("nickname"));
        let nickname = nickname.map(|name| OtherNameForm { kind: NameKind::Nickname, name });
        let spellings = self.list(&at("other_names")).unwrap_or_default();
        let spellings =
            spellings.into_iter().map(|name| OtherNameForm { kind: NameKind::OtherSpelling, name });
        let (address, email) = (self.text(&at("address")), self.text(&at("email")));
        let reach = (address.is_some() || email.is_some()).then(|| ReachForm {
            address,
            email,
            ..ReachForm::default()
        });
        PersonForm {
            full_name: self.text(&at("name")),
            given_names: self.text(&at("given_names")),
            family_names: self.text(&at("family_names")),
            original_script_name: self.text(&at("original_script_name")),
            other_names: Some(nickname.into_iter().chain(spellings).collect()),
            father_name: self.text(&at("father_name")),
            mother_name: self.text(&at("mother_name")),
            grandfather_name: self.text(&at("grandfather_name")),
            spouse_name: self.text(&at("spouse_name")),
            sex: self.sex(&at("sex")),
            birth: self.birth(prefix),
            nationalities: self.list(&at("nationality")),
            languages: self.list(&at("languages")),
            origin: self.place(&at("place_of_origin")),
            phones: self.list(&at("phones")),
            description: self.text(&at("description")),
            reach,
            ..PersonForm::default()
        }
    }

    fn sex(&mut self, column: &str) -> Option<Sex> {
        let parse = |text: &str| match text {
            "f" => Some(Sex::Female),
            "m" => Some(Sex::Male),
            other => Sex::parse(other),
        };
        self.code(column, parse, Sex::CODES)
    }

    /// A date when there is one, else a year, which is a guess unless the file says it is not.
    fn birth(&mut self, prefix: &str) -> Option<BirthForm> {
        let at = |column: &str| format!("{prefix}{column}");
        let (date, year) = (self.text(&at("birth_date")), self.text(&at("birth_year")));
        let estimated = self.yes_or_no(&at("birth_estimated"));
        let age = self.text(&at("age"));
        let form = match (date, year, age) {
            (Some(date), _, _) => BirthForm {
                date: Some(date),
                estimated: Some(estimated.unwrap_or(false)),
                ..BirthForm::default()
            },
            (None, Some(year), _) => {
                if year.contains('-') {
                    self.problems.note(at("birth_year"), "is not a year; four digits are taken");
                    return None;
                }
                BirthForm {
                    date: Some(year),
                    estimated: Some(estimated.unwrap_or(true)),
                    ..BirthForm::default()
                }
            }
            (None, None, Some(age)) => {
                let Ok(age) = age.parse() else {
                    self.problems.note(at("age"), "is not an age; whole years from 0 to 125 are taken");
                    return None;
                };
                BirthForm { age: Some(age), ..BirthForm::default() }
            }
            (None, None, None) => return None,
        };
        Some(form)
    }

    pub(super) fn place(&mut self, column: &str) -> Option<PlaceForm> {
        self.text(column).map(|name| PlaceForm { name, country: None })
    }

    /// Ends with the problems, when there are any. A cell that nobody took has a name that no column has.
    pub(super) fn end(mut self) -> (u64, Result<(), Vec<Problem>>) {
        let line = self.record.line;
        for unknown in self.record.cells.keys() {
            // The name of an unknown key may be anything, even a value: only its length is told.
            let problem = format!("has an unknown key of {} characters", unknown.chars().count());
            self.problems.note("", problem);
        }
        (line, self.problems.ok().map_err(|problems| told(line, problems)))
    }
}

/// Problems of a form under the columns its fields came from.
pub(super) fn told(line: u64, problems: Invalid) -> Vec<Problem> {
    let tell =
        |p: crate::kernel::FieldProblem| Problem { line, column: column_of(&p.field), reason: p.problem };
    problems.0.into_iter().map(tell).collect()
}

fn column_of(field: &str) -> String {
    let (prefix, field) = match field.strip_prefix("enquirer.") {
        Some(rest) => ("enquirer_", rest),
        None => ("", field),
    };
    // `sought[0].person.birth.date` and `person.birth.date` speak of the same column.
    let field = match field.strip_prefix("sought[") {
        Some(rest) => rest.split_once("].").map_or(field, |(_, rest)| rest),
        None => field,
    };
    let field = field.strip_prefix("person.").unwrap_or(field);
    let whole = field.split(['.', '[']).next().unwrap_or(field);
    let column = match (whole, field) {
        ("full_name", _) => "name",
        ("nationalities", _) => "nationality",
        ("origin", _) => "place_of_origin",
        ("birth", "birth.age") => "age",
        ("birth", _) => "birth_date",
        ("reach", "reach.email") => "email",
        ("reach", _) => "address",
        ("contact_on", _) => "contact_date",
        ("last_contact", _) => "last_contact_date",
        ("last_place", _) => "last_known_place",
        ("next_place" | "journey", _) => "destination",
        ("circumstances", _) => "story",
        ("interview_language", _) => "language",
        (other, _) => other,
    };
    format!("{prefix}{column}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Day;

    fn cells(pairs: &[(&str, &str)]) -> Cells {
        let cells = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Cells::of(Record { line: 7, cells })
    }

    fn today() -> Day {
        Day::parse("2026-03-01").unwrap()
    }

    #[test]
    fn every_column_of_a_person_reaches_the_person() {
        let all: Vec<(&str, &str)> = PERSON
            .iter()
            .map(|column| {
                let value = match *column {
                    "sex" => "F",
                    "birth_date" => "1990-05-01",
                    "birth_year" => "1990",
                    "birth_estimated" => "yes",
                    "age" => "36",
                    "nationality" => "HTI; CHL",
                    "languages" => "ht;es",
                    "phones" => "+509 3400 0000",
                    other => other,
                };
                (*column, value)
            })
            .collect();
        let mut cells = cells(&all);
        let form = cells.person("");
        let (line, outcome) = cells.end();
        assert_eq!((line, outcome), (7, Ok(())), "no cell is left over");
        let person = form.parse(today()).ok().unwrap();
        assert_eq!(person.full_name.as_deref(), Some("name"));
        assert_eq!(person.other_names.len(), 2);
        assert_eq!(person.nationalities, ["HTI", "CHL"]);
        assert_eq!(person.languages, ["ht", "es"]);
        assert!(person.sex.is_some() && person.birth.born.is_some() && person.origin.is_some());
    }

    #[test]
    fn a_year_is_a_guess_unless_the_file_says_otherwise() {
        use crate::kernel::PartialDate;
        let born = |pairs: &[(&str, &str)]| cells(pairs).person("").parse(today()).ok().unwrap().birth.born;
        assert_eq!(born(&[("birth_year", "1990")]), Some(PartialDate::Year { year: 1990, about: true }));
        let sure = [("birth_year", "1990"), ("birth_estimated", "no")];
        assert_eq!(born(&sure), Some(PartialDate::Year { year: 1990, about: false }));
        let both = [("birth_date", "1990-05-01"), ("birth_year", "1990")];
        let day = PartialDate::Day { year: 1990, month: 5, day: 1, estimated: false };
        assert_eq!(born(&both), Some(day));
    }

    #[test]
    fn problems_are_told_by_column_and_never_quote() {
        let mut cells = cells(&[
            ("sex", "woman"),
            ("birth_year", "19-90"),
            ("nationality", "Haiti"),
            ("name", "a\u{0}b"),
            ("passport", "AB123"),
        ]);
        let form = cells.person("");
        let mut problems = cells.end().1.unwrap_err();
        problems.extend(told(7, form.parse(today()).err().unwrap()));
        let columns: Vec<_> = problems.iter().map(|p| p.column.as_str()).collect();
        assert_eq!(columns, ["sex", "birth_year", "", "name", "nationality"]);
        for problem in &problems {
            for value in ["woman", "19-90", "Haiti", "AB123", "passport"] {
                assert!(!problem.reason.contains(value), "{}", problem.reason);
            }
        }
    }

    #[test]
    fn fields_of_forms_are_columns_of_files() {
        for (field, column) in [
            ("person.full_name", "name"),
            ("enquirer.full_name", "enquirer_name"),
            ("enquirer.reach.email", "enquirer_email"),
            ("sought[2].person.birth.date", "birth_date"),
            ("sought[0].last_contact.on", "last_contact_date"),
            ("person.nationalities[1]", "nationality"),
        ] {
            assert_eq!(column_of(field), column);
        }
    }
}
