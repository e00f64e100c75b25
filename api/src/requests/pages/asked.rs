//! What a long form asks, field by field: the same list draws the fields and names them in the summary of problems.

use crate::kernel::ApiError;
use crate::people::{NameKind, OtherNameForm, PersonForm, Sex};
use crate::web::{Filled, Shell};

/// One field of a form.
pub struct Asked {
    /// As the form sends it, and as problems name it: `sought.0.person.birth.date`.
    pub name: String,
    pub label: String,
    pub hint: Option<String>,
    pub kind: Kind,
    pub needed: bool,
}

/// How a field is filled in.
pub enum Kind {
    /// One line of at most so many characters.
    Line(u16),
    /// A code or a date: one line, written from left to right in every language.
    Code(u16),
    Number,
    Phone,
    Email,
    /// Several lines.
    Prose(u16),
    Box,
    /// Value and word, in order.
    Choice(Vec<(String, String)>),
}

impl Asked {
    pub fn new(t: &Shell, name: impl Into<String>, key: &str, kind: Kind) -> Self {
        Self { name: name.into(), label: t.tr(key), hint: None, kind, needed: false }
    }

    /// Says more under the label.
    pub fn hint(mut self, t: &Shell, key: &str) -> Self {
        self.hint = Some(t.tr(key));
        self
    }

    /// Must be answered.
    pub fn needed(mut self) -> Self {
        self.needed = true;
        self
    }

    /// One of several alike, such as the second sought person: their number stands behind the label.
    pub fn numbered(mut self, number: usize) -> Self {
        if number > 1 {
            self.label = format!("{} ({number})", self.label);
        }
        self
    }
}

/// The codes of a list as choices, in the words of the reader.
pub fn choices(t: &Shell, prefix: &str, codes: &[&str]) -> Kind {
    Kind::Choice(codes.iter().map(|code| ((*code).to_owned(), t.tr_code(prefix, code))).collect())
}

/// What is asked of somebody who is looked for. `at` is where the form keeps them, such as `sought.0.`
pub fn looked_for(t: &Shell, at: &str) -> Vec<Asked> {
    let line = |name: &str, key: &str| Asked::new(t, format!("{at}{name}"), key, Kind::Line(200));
    let code = |name: &str, key: &str, most| Asked::new(t, format!("{at}{name}"), key, Kind::Code(most));
    let sex = choices(t, "ask-sex-", Sex::CODES);
    vec![
        line("person.given_names", "ask-given-names").hint(t, "ask-given-names-hint"),
        line("person.family_names", "ask-family-names"),
        line("person.original_script_name", "ask-original-script"),
        line("nickname", "ask-nickname").hint(t, "ask-nickname-hint"),
        line("person.father_name", "ask-father"),
        line("person.mother_name", "ask-mother"),
        Asked::new(t, format!("{at}person.sex"), "ask-sex", sex),
        code("person.birth.date", "ask-birth-date", 10).hint(t, "ask-partial-date-hint"),
        Asked::new(t, format!("{at}person.birth.age"), "ask-age", Kind::Number).hint(t, "ask-age-hint"),
        Asked::new(t, format!("{at}person.birth.possibly_under_18"), "ask-under-18", Kind::Box),
        code("person.nationalities.0", "ask-nationality", 3).hint(t, "ask-country-hint"),
        line("person.origin.name", "ask-origin"),
        code("person.origin.country", "ask-origin-country", 3),
        Asked::new(t, format!("{at}person.phones.0"), "ask-phone", Kind::Phone),
    ]
}

/// On a page somebody may be called otherwise too, without a word for what kind of name that is.
pub fn call(person: &mut PersonForm, nickname: Option<String>) {
    let name = |name| OtherNameForm { kind: NameKind::Nickname, name };
    person.other_names = nickname.map(|nickname| vec![name(nickname)]);
}

/// The rows of a form that hold anything, in order: blank ones are not entries.
pub fn filled_rows(form: &Filled, list: &str, most: usize, names: &[&str]) -> Vec<usize> {
    let held =
        |at: &usize| names.iter().any(|name| !form.one(&format!("{list}.{at}.{name}")).trim().is_empty());
    (0..most).filter(held).collect()
}

/// Names problems as the form names its fields. `entry` gives the place of an entry of a list among the rows of the
/// form, where blank rows stand between.
pub fn as_asked(error: ApiError, entry: impl Fn(&str, usize) -> usize) -> ApiError {
    let ApiError::Invalid(mut problems) = error else { return error };
    for problem in &mut problems.0 {
        let plain = problem.field.replace('[', ".").replace(']', "");
        let mut steps: Vec<String> = plain.split('.').map(str::to_owned).collect();
        if let [list, at, ..] = steps.as_mut_slice()
            && let Ok(number) = at.parse()
        {
            *at = entry(list, number).to_string();
        }
        let plain = steps.join(".");
        problem.field = match plain.strip_suffix("person.other_names.0.name") {
            Some(before) => format!("{before}nickname"),
            None if plain == "person" || plain.ends_with(".person") => format!("{plain}.given_names"),
            None => plain,
        };
    }
    ApiError::Invalid(problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::invalid;

    #[test]
    fn a_problem_is_named_as_the_form_names_its_field() {
        let named = |field: &str| match as_asked(invalid(field, "is wrong"), |_, at| at + 2) {
            ApiError::Invalid(problems) => problems.0.into_iter().map(|p| p.field).collect::<String>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(named("sought[0].person.birth.date"), "sought.2.person.birth.date");
        assert_eq!(named("sought[1].person.phones[0]"), "sought.3.person.phones.0");
        assert_eq!(named("sought[0].person.other_names[0].name"), "sought.2.nickname");
        assert_eq!(named("sought[0].person"), "sought.2.person.given_names");
        assert_eq!(named("sought.0.person.birth.age"), "sought.2.person.birth.age");
        assert_eq!(named("person.other_names[0].name"), "nickname");
        assert_eq!(named("enquirer.phones[0]"), "enquirer.phones.0");
        assert_eq!(named("received_on"), "received_on");
    }
}
