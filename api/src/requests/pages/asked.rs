//! A field of a long form, and the rows of its lists: the same fields are drawn and named in the summary of problems.

use crate::kernel::ApiError;
use crate::people::Place;
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
    /// A country by its code, with the names of all of them at hand.
    Country,
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

/// What a form that changes something is filled with: what stands now, under the names of its fields.
#[derive(Default)]
pub struct Standing(Vec<(String, String)>);

impl Standing {
    pub fn put(&mut self, name: impl Into<String>, value: Option<&str>) {
        self.0.extend(value.map(|value| (name.into(), value.to_owned())));
    }

    /// A ticked box, or none.
    pub fn tick(&mut self, name: impl Into<String>, ticked: bool) {
        self.put(name, ticked.then_some("on"));
    }

    pub fn place(&mut self, name: &str, place: Option<&Place>) {
        self.put(format!("{name}.name"), place.map(|place| place.name.as_str()));
        self.put(format!("{name}.country"), place.and_then(|place| place.country.as_deref()));
    }

    pub fn filled(self) -> Filled {
        Filled::from_pairs(self.0)
    }
}

/// The codes of a list as choices, in the words of the reader.
pub fn choices(t: &Shell, prefix: &str, codes: &[&str]) -> Kind {
    Kind::Choice(codes.iter().map(|code| ((*code).to_owned(), t.tr_code(prefix, code))).collect())
}

/// The rows of a form that hold anything, in order: blank ones are not entries. Where a row is one field, it has no name
/// of its own.
pub fn filled_rows(form: &Filled, list: &str, most: usize, names: &[&str]) -> Vec<usize> {
    let field = |at: usize, name: &str| match name {
        "" => format!("{list}.{at}"),
        name => format!("{list}.{at}.{name}"),
    };
    let held = |at: &usize| names.iter().any(|name| !form.one(&field(*at, name)).trim().is_empty());
    (0..most).filter(held).collect()
}

/// How many rows a list shows: those up to the last that holds anything, and some to spare.
pub fn rows_shown(form: &Filled, list: &str, (spare, most): (usize, usize), names: &[&str]) -> usize {
    let held = filled_rows(form, list, most, names).last().map_or(0, |last| last + 1);
    (held + spare).min(most)
}

/// Names problems by the rows of the form. `entry` gives the place of an entry of a list among the rows, where blank rows
/// stand between; a list is named with all that stands before it, such as `sought.2.journey.route`.
pub fn by_rows(error: ApiError, entry: impl Fn(&str, usize) -> usize) -> ApiError {
    let ApiError::Invalid(mut problems) = error else { return error };
    for problem in &mut problems.0 {
        let plain = problem.field.replace('[', ".").replace(']', "");
        let mut steps: Vec<String> = Vec::new();
        for step in plain.split('.') {
            let place = step.parse().ok().map(|at| entry(&steps.join("."), at).to_string());
            steps.push(place.unwrap_or_else(|| step.to_owned()));
        }
        problem.field = steps.join(".");
    }
    ApiError::Invalid(problems)
}

/// Names problems as a form names its fields in which somebody has one other name, and no word for its kind.
pub fn as_asked(error: ApiError, entry: impl Fn(&str, usize) -> usize) -> ApiError {
    let error = by_rows(error, entry);
    let ApiError::Invalid(mut problems) = error else { return error };
    for problem in &mut problems.0 {
        let plain = std::mem::take(&mut problem.field);
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
        let rows = |list: &str, at| if list == "sought" { at + 2 } else { at };
        let named = |field: &str| match as_asked(invalid(field, "is wrong"), rows) {
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

    #[test]
    fn a_list_inside_an_entry_has_rows_of_its_own() {
        let rows = |list: &str, at| if list == "sought.1.journey.route" { at + 3 } else { at };
        let ApiError::Invalid(problems) =
            by_rows(invalid("sought[1].journey.route[0].country", "is wrong"), rows)
        else {
            panic!("a problem is still one")
        };
        let field = problems.0.first().map(|problem| problem.field.as_str());
        assert_eq!(field, Some("sought.1.journey.route.3.country"));
        let form = Filled::from_pairs([("route.0.name", " "), ("route.1.name", "Agadez")]);
        assert_eq!(rows_shown(&form, "route", (2, 12), &["name", "country"]), 4);
        assert_eq!(rows_shown(&form, "route", (2, 3), &["name", "country"]), 3);
        assert_eq!(rows_shown(&form, "companions", (2, 12), &["name"]), 2);
    }
}
