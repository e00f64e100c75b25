//! Forms: what was typed, read into the input type, and shown again with its problems when it was not taken.
//!
//! ```ignore
//! async fn create(may: May<OpenRequest>, t: Shell, form: Form<RequestForm>, core: Data<Core>) -> Result<HttpResponse, ApiError> {
//!     let (input, filled) = form.split();
//!     match service::open_form(&core, may, input).await {          // input: Result<RequestForm, ApiError>
//!         Ok(id) => Ok(web::see_other(&format!("/requests/{id}"))),
//!         Err(error) => web::page_again(&NewRequest { t, form: filled.with(error)? }),
//!     }
//! }
//! ```
//! In the template: `value="{{ form.one("names.given") }}"`, `{% if form.is("sex", "female") %}checked{% endif %}`, and
//! what is wrong, once above the form (`{% include "problems.html" %}`) and once at its field:
//!
//! ```html
//! <label for="age">…</label> <span class="hint" id="age-hint">…</span>
//! <input id="age" name="age" value="{{ form.one("age") }}"{{ form.aria("age", "age-hint")|safe }}>
//! {% let at = "age" %}{% include "problem.html" %}
//! ```
//! [`Filled::blank`] is the empty form of the GET; [`Filled::labelled`] says how the page calls its fields.

use std::fmt;
use std::future::{Ready, ready};
use std::sync::{Arc, OnceLock};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::de::DeserializeOwned;
use zeroize::Zeroize;

use super::body::{expectation, media_type, missing_field, raw_body};
use super::tree::Tree;
use crate::kernel::{ApiError, FieldProblem, invalid};

/// Fields at most.
const FIELDS: usize = 1000;
pub(super) const CSRF_FIELD: &str = "csrf";
pub(super) const ONCE_FIELD: &str = "once";

/// What somebody typed: name and value in the order of the form. Silent in `Debug`, zeroed on drop.
#[derive(Clone, Default)]
pub(super) struct Typed(Vec<(String, String)>);

impl Typed {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, ApiError> {
        let text = std::str::from_utf8(bytes).map_err(|_| invalid("body", "is not a form"))?;
        let pairs = actix_web::web::Query::<Vec<(String, String)>>::from_query(text)
            .map_err(|_| invalid("body", "is not a form"))?
            .into_inner();
        if pairs.len() > FIELDS {
            return Err(invalid("body", format!("has too many fields; at most {FIELDS} are taken")));
        }
        Ok(Self(pairs))
    }

    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let ours = |name: &str| name == CSRF_FIELD || name == ONCE_FIELD;
        self.0
            .iter()
            .filter(move |(name, _)| !ours(name))
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What stands at a name and below it, blank fields apart, in order.
    fn part(&self, part: &str) -> Vec<(&str, &str)> {
        let mut held: Vec<_> = self
            .fields()
            .filter_map(|(name, value)| Some((name.strip_prefix(part)?, value.trim())))
            .filter(|(rest, value)| (rest.is_empty() || rest.starts_with('.')) && !value.is_empty())
            .collect();
        held.sort_unstable();
        held
    }

    fn parse<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let tree = Tree::grow(self.fields()).map_err(|_| invalid("body", "is not a form of this page"))?;
        serde_path_to_error::deserialize(tree).map_err(|e| {
            let message = e.inner().to_string();
            let path = e.path().to_string().replace(['[', ']'], ".").replace("..", ".");
            // A form is told which of its own fields is empty, not which group misses something.
            let field = match (path.trim_matches('.'), missing_field(&message)) {
                ("", None) => "body".to_owned(),
                (group, None) => group.to_owned(),
                ("", Some(field)) => field.to_owned(),
                (group, Some(field)) => format!("{group}.{field}"),
            };
            invalid(field, expectation(&message))
        })
    }
}

impl Drop for Typed {
    fn drop(&mut self) {
        for (_, value) in &mut self.0 {
            value.zeroize();
        }
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typed(..)")
    }
}

/// Where the page of a form leaves word of a rule's refusal, which is no error any more once the page is shown again.
#[derive(Clone, Debug, Default)]
pub(super) struct Verdict(Arc<OnceLock<&'static str>>);

impl Verdict {
    /// The code of the rule that said no.
    pub(super) fn of(request: &HttpRequest) -> Option<&'static str> {
        request.extensions().get::<Self>().and_then(|verdict| verdict.0.get().copied())
    }

    fn leave(&self, error: &ApiError) {
        if let Some(code) = error.ruled_out() {
            // One form is judged once; whatever comes later changes nothing.
            let _ = self.0.set(code);
        }
    }
}

/// A submitted form. Extraction succeeds even when the input is not taken, so that the page can show it again.
pub struct Form<T> {
    input: Result<T, ApiError>,
    typed: Typed,
    verdict: Verdict,
}

impl<T> Form<T> {
    /// The input or what is wrong with it, and what was typed.
    pub fn split(self) -> (Result<T, ApiError>, Filled) {
        (self.input, Filled { typed: self.typed, verdict: self.verdict, ..Filled::default() })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        const KIND: &str = "application/x-www-form-urlencoded";
        ready((|| {
            if !media_type(request).eq_ignore_ascii_case(KIND) {
                return Err(ApiError::UnsupportedType(KIND));
            }
            let typed = Typed::read(&raw_body(request))?;
            let verdict = Verdict::default();
            request.extensions_mut().insert(verdict.clone());
            Ok(Self { input: typed.parse(), typed, verdict })
        })())
    }
}

/// A form as a page shows it: what was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    typed: Typed,
    problems: Vec<FieldProblem>,
    conflict: Option<&'static str>,
    verdict: Verdict,
    labels: Labels,
}

/// How a page calls its fields: the name of a field, which is its element's id too, and the key of its label.
pub type Labels = &'static [(&'static str, &'static str)];

impl Filled {
    /// Nothing typed yet.
    pub fn blank() -> Self {
        Self::default()
    }

    /// Filled from what is already known, for a form that edits.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let pairs = pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { typed: Typed(pairs), ..Self::default() }
    }

    /// The same form with what was wrong: problems with fields beside them, a conflict above them all.
    ///
    /// # Errors
    /// Hands back every error that is not about the input.
    pub fn with(mut self, error: ApiError) -> Result<Self, ApiError> {
        self.verdict.leave(&error);
        match error {
            ApiError::Invalid(problems) => self.problems = problems.0,
            ApiError::Conflict(code, _) => self.conflict = Some(code),
            other => return Err(other),
        }
        Ok(self)
    }

    /// The value of a field, or nothing.
    pub fn one(&self, name: &str) -> &str {
        self.typed.first(name).unwrap_or_default()
    }

    /// Whether a field holds this value, among others perhaps: for radio buttons, boxes and options.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.typed.fields().any(|(n, v)| n == name && v == value)
    }

    /// Whether a part of this form holds the same as a part of another: blank fields count for nothing, and neither does
    /// the way a browser sends line breaks.
    pub fn is_same(&self, part: &str, other: &Self, other_part: &str) -> bool {
        let (ours, theirs) = (self.typed.part(part), other.typed.part(other_part));
        let alike = |((name, value), (other, held)): (&(&str, &str), &(&str, &str))| {
            name == other && value.lines().eq(held.lines())
        };
        ours.len() == theirs.len() && ours.iter().zip(&theirs).all(alike)
    }

    /// The same form, whose page calls its fields so.
    #[must_use]
    pub fn labelled(mut self, labels: Labels) -> Self {
        self.labels = labels;
        self
    }

    /// What is wrong with a field.
    pub fn problem(&self, name: &str) -> Option<&FieldProblem> {
        self.problems.iter().find(|p| p.field == name)
    }

    /// Everything that is wrong with fields, for the summary above the form.
    pub fn problems(&self) -> &[FieldProblem] {
        &self.problems
    }

    /// The code of what stands against the whole: the record has moved on, or the step is not possible.
    pub fn conflict(&self) -> Option<&'static str> {
        self.conflict
    }

    /// The key of a field's label, where the page has said one: a problem can then lead to its field.
    pub fn label(&self, field: &str) -> Option<&'static str> {
        self.labels.iter().find(|(name, _)| *name == field).map(|(_, key)| *key)
    }

    /// The attributes that tie a field to its hint (an id, or nothing) and to what is wrong with it. Names are the
    /// template's own, so the attributes need no escaping.
    pub fn aria(&self, name: &'static str, hint: &'static str) -> String {
        let problem = self.problem(name).map(|_| format!("{name}-problem"));
        let described: Vec<&str> =
            problem.as_deref().into_iter().chain((!hint.is_empty()).then_some(hint)).collect();
        let invalid = if problem.is_some() { " aria-invalid=\"true\"" } else { "" };
        if described.is_empty() {
            return String::new();
        }
        format!("{invalid} aria-describedby=\"{}\"", described.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the reading is of interest")]
    struct Input {
        names: Names,
        #[serde(default)]
        sought: Vec<Names>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the reading is of interest")]
    struct Names {
        given: String,
        age: Option<u8>,
    }

    fn problem_of(body: &str) -> FieldProblem {
        match Typed::read(body.as_bytes()).unwrap().parse::<Input>() {
            Err(ApiError::Invalid(problems)) => problems.0.first().cloned().unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_wrong_field_is_named_as_the_form_names_it_and_its_value_is_not_repeated() {
        assert_eq!(problem_of("names.given=A&names.age=old").field, "names.age");
        assert_eq!(problem_of("names.given=A&sought.0.given=B&sought.0.age=-1").field, "sought.0.age");
        assert_eq!(problem_of("names.age=3").field, "names.given");
        assert_eq!(problem_of("names.given=A&colour=red").field, "colour");
        for body in ["names.given=A&names.age=old", "names.given=A&colour=red"] {
            let said = problem_of(body).problem;
            assert!(!said.contains("old") && !said.contains("red"), "{said}");
        }
    }

    #[test]
    fn a_part_is_the_same_whatever_the_browser_does_to_it() {
        let standing =
            Filled::from_pairs([("way.note", "one\ntwo"), ("way.name", "Agadez"), ("wayside", "x")]);
        let sent = [("ways.1.name", " Agadez "), ("ways.1.note", "one\r\ntwo"), ("ways.1.country", "")];
        assert!(Filled::from_pairs(sent).is_same("ways.1", &standing, "way"));
        for other in [
            vec![("ways.1.name", "Agadez")],
            vec![("ways.1.name", "Agadez"), ("ways.1.note", "one\r\n\r\ntwo")],
            vec![("ways.1.name", "Agadez"), ("ways.1.note", "one\ntwo"), ("ways.1.country", "NER")],
        ] {
            assert!(!Filled::from_pairs(other).is_same("ways.1", &standing, "way"));
        }
        assert!(Filled::blank().is_same("way", &Filled::from_pairs([("way.name", " ")]), "way"));
    }

    #[test]
    fn the_token_of_the_form_is_not_a_field() {
        let typed = Typed::read(b"csrf=x&once=y&names.given=A%20B").unwrap();
        assert!(typed.parse::<Input>().is_ok());
        let filled = Filled { typed, ..Filled::default() };
        assert_eq!(filled.one("names.given"), "A B");
        assert!(filled.is("names.given", "A B"));
        assert!(!format!("{filled:?}").contains("A B"));
    }
}
