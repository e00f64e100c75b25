//! Pages: the shell every page stands in, and how a page, its errors and a redirect are answered.
//!
//! A page is an askama template that extends `shell.html` and has a field `t:` [`Shell`], which is also an extractor:
//!
//! ```ignore
//! #[derive(Template)]
//! #[template(path = "requests/show.html")]
//! struct Show { t: Shell, request: RequestView }
//!
//! pub async fn show(t: Shell, may: May<ReadRequest>, …) -> Result<HttpResponse, ApiError> {
//!     web::page(&Show { t, request })
//! }
//! ```
//! In templates: `{{ t.tr("key") }}`, `{{ t.tr_text("key", "name", value) }}`, `{{ t.tr_count("key", "count", 3) }}`;
//! every form that posts begins with `{% include "form.html" %}`, which carries its token. Errors need nothing: an
//! [`ApiError`] from a page's handler is shown as a page with the same status and code.

use std::future::{Ready, ready};
use std::sync::LazyLock;

use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT_LANGUAGE, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::words;
use crate::auth::{Core, Language, RequestNumber, Session};
use crate::config::SecondFactor;
use crate::kernel::{ApiError, Chance, Day, FieldProblem, IncidentId, SystemClock, Timestamp};
use crate::policy::{Action, Reach, Role, grants};

/// Remembers the language of somebody who has not signed in, or who wants another than their account's.
pub(super) const LANGUAGE_COOKIE: &str = "__Host-relink-language";
const STYLE: &str = include_str!("../../assets/relink.css");
const ICON: &str = include_str!("../../assets/icon.svg");
static STYLE_VERSION: LazyLock<String> = LazyLock::new(|| {
    let hash = crypto::derive::sha256(&[STYLE.as_bytes()]);
    URL_SAFE_NO_PAD.encode(hash.first_chunk::<9>().unwrap_or(&[0; 9]))
});

/// One link of the navigation: shown to the roles that may.
#[derive(Clone, Copy, Debug)]
pub struct NavLink {
    pub action: Action,
    pub path: &'static str,
    /// The key of its text.
    pub key: &'static str,
}

/// The navigation, handed in by the route table.
pub struct Navigation {
    pub links: &'static [NavLink],
    /// Every address that can be read, in the table's spelling.
    pub readable: Vec<&'static str>,
}

impl Navigation {
    /// The nearest address at or above `path` that can be read: a form that is refused is shown under the address it was
    /// sent to, at which nothing may be read, and whoever changes the language there would be led into an error.
    fn readable_from(&self, path: &str) -> String {
        let fits = |(pattern, part): (&str, &str)| pattern.starts_with('{') || pattern == part;
        let leads = |path: &str| {
            let parts = path.split('/').count();
            let mut alike = self.readable.iter().filter(|pattern| pattern.split('/').count() == parts);
            alike.any(|pattern| pattern.split('/').zip(path.split('/')).all(fits))
        };
        let mut above =
            std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(above, _)| above));
        above.find(|path| leads(path)).unwrap_or("/").to_owned()
    }
}

/// What every page needs: language, who is signed in, the token of its forms.
#[derive(Clone)]
pub struct Shell {
    language: Language,
    path: String,
    session: Option<Session>,
    links: &'static [NavLink],
    csrf: String,
    once: String,
    number: u64,
    invented: bool,
}

impl Shell {
    /// The shell of a request. Works for error pages too, whatever is missing.
    pub fn of(request: &HttpRequest) -> Self {
        let session = Session::of(request);
        let core = request.app_data::<web::Data<Core>>();
        let csrf = match (&session, core) {
            (Some(session), Some(core)) => csrf_token(core, session).unwrap_or_default(),
            _ => String::new(),
        };
        let navigation = request.app_data::<web::Data<Navigation>>();
        let links = navigation.map_or(&[][..], |navigation| navigation.links);
        let number = request.extensions().get::<RequestNumber>().map_or(0, |number| number.0);
        let once = core.map(|core| URL_SAFE_NO_PAD.encode(core.chance.bytes::<16>())).unwrap_or_default();
        let path = match navigation.filter(|_| request.method() != Method::GET) {
            Some(navigation) => navigation.readable_from(request.path()),
            None => request.path().to_owned(),
        };
        // Nothing else runs without a second factor.
        let invented =
            core.is_some_and(|core| core.config.accounts.second_factor == SecondFactor::DemoWithout);
        let language = language_of(request, session.as_ref());
        Self { language, path, session, links, csrf, once, number, invented }
    }

    /// The same where its page is read, of a form that is sent elsewhere than to its page or below it.
    #[must_use]
    pub fn at(self, path: impl Into<String>) -> Self {
        Self { path: path.into(), ..self }
    }

    pub fn language(&self) -> Language {
        self.language
    }
    pub fn lang(&self) -> &'static str {
        self.language.code()
    }
    pub fn dir(&self) -> &'static str {
        if self.language.is_right_to_left() { "rtl" } else { "ltr" }
    }
    pub fn languages(&self) -> &'static [Language] {
        Language::ALL
    }
    pub fn is_signed_in(&self) -> bool {
        self.session.is_some()
    }
    pub fn role(&self) -> Option<Role> {
        self.session.as_ref().map(|session| session.caller_for_log().actor.role())
    }
    /// Whether the role of the reader includes an action: for links and buttons, never instead of the check itself.
    pub fn may(&self, action: Action) -> bool {
        self.role().is_some_and(|role| grants(role, action).0 != Reach::Nobody)
    }
    pub fn links(&self) -> Vec<NavLink> {
        let ready = self.session.as_ref().is_some_and(|session| session.missing.is_none());
        self.links.iter().filter(|link| ready && self.may(link.action)).copied().collect()
    }
    pub fn is_here(&self, path: &str) -> bool {
        self.path == path
    }
    pub fn path(&self) -> &str {
        &self.path
    }
    /// The token of the forms of this session; see [`super::guard`].
    pub fn csrf(&self) -> &str {
        &self.csrf
    }
    /// A fresh number for a form: sent twice, it does its deed once.
    pub fn once(&self) -> &str {
        &self.once
    }
    /// Whether everybody here is invented: every page of a demo says so.
    pub fn is_invented(&self) -> bool {
        self.invented
    }
    pub fn style(&self) -> &'static str {
        &STYLE_VERSION
    }
    pub fn number(&self) -> String {
        format!("{:016x}", self.number)
    }

    /// A text by its key.
    pub fn tr(&self, key: &str) -> String {
        words::word(self.language, key)
    }
    /// A text with a word in it.
    pub fn tr_text(&self, key: &str, name: &'static str, value: impl std::fmt::Display) -> String {
        words::word_with(self.language, key, name, value.to_string().into())
    }
    /// A text with a number in it, in the plural forms of the language.
    pub fn tr_count(&self, key: &str, name: &'static str, value: impl TryInto<i64>) -> String {
        words::word_with(self.language, key, name, value.try_into().unwrap_or(i64::MAX).into())
    }
    /// A day, as the language writes it.
    pub fn day(&self, day: Day) -> String {
        words::day(self.language, day)
    }
    /// A day or a month that is held as text; other text stays as it is.
    pub fn day_text(&self, text: &str) -> String {
        words::day_text(self.language, text)
    }
    /// What a country is called.
    pub fn country(&self, code: &str) -> String {
        words::country(self.language, code)
    }
    /// What the country of a code is called, if there is such a country.
    pub fn country_of(&self, code: &str) -> Option<String> {
        let named = self.countries().iter().find(|(known, _)| *known == code);
        named.map(|(_, name)| name.clone())
    }
    /// Every country: code and name, sorted by name.
    pub fn countries(&self) -> &'static [(&'static str, String)] {
        words::countries(self.language)
    }
    /// A moment, as the language writes it.
    pub fn moment(&self, at: &Timestamp) -> String {
        words::moment(self.language, *at, false)
    }
    /// A moment to the second, for a log.
    pub fn moment_exact(&self, at: &Timestamp) -> String {
        words::moment(self.language, *at, true)
    }
    /// What is wrong with a field.
    pub fn say(&self, problem: &FieldProblem) -> String {
        words::problem(self.language, problem)
    }
    /// What stands against a step as a whole.
    pub fn say_conflict(&self, code: &str) -> String {
        self.tr_code("problem-", code)
    }
    /// The text of a code from a closed list: `tr_code("role-", role)`.
    pub fn tr_code(&self, prefix: &str, code: impl std::fmt::Display) -> String {
        self.tr(&format!("{prefix}{code}").replace('_', "-"))
    }
}

impl Shell {
    /// The sentence under a link on the start page, if there is one: `nav-x` and `x` are explained by `about-x`.
    pub fn about(&self, key: &str) -> Option<String> {
        words::find(self.language, &format!("about-{}", key.trim_start_matches("nav-")))
    }
}

impl FromRequest for Shell {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// The cookie decides, then the account, then the browser.
fn language_of(request: &HttpRequest, session: Option<&Session>) -> Language {
    let cookie = request.cookie(LANGUAGE_COOKIE).and_then(|cookie| Language::parse(cookie.value()));
    let wished = || {
        let header = request.headers().get(ACCEPT_LANGUAGE)?.to_str().ok()?;
        Language::wished(header)
    };
    cookie.or(session.map(|session| session.language)).or_else(wished).unwrap_or(Language::English)
}

/// Binds a form to the session it was made for.
pub(super) fn csrf_token(core: &Core, session: &Session) -> Result<String, ApiError> {
    let key = core.vault.derive("csrf")?;
    Ok(URL_SAFE_NO_PAD.encode(crypto::derive::hmac_sha256(key.expose(), &session.id.bytes())))
}

/// A page.
///
/// # Errors
/// The template fails, which is a fault of ours.
pub fn page(template: &impl Template) -> Result<HttpResponse, ApiError> {
    answer(StatusCode::OK, template)
}

/// The same page again because the input was not taken.
///
/// # Errors
/// As [`page`].
pub fn page_again(template: &impl Template) -> Result<HttpResponse, ApiError> {
    answer(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// A page with a status of its own.
///
/// # Errors
/// As [`page`].
pub fn page_with(status: StatusCode, template: &impl Template) -> Result<HttpResponse, ApiError> {
    answer(status, template)
}

fn answer(status: StatusCode, template: &impl Template) -> Result<HttpResponse, ApiError> {
    let html = template.render().map_err(|e| {
        let incident = IncidentId::new(&SystemClock, &Chance::system());
        tracing::error!(%incident, %e, "a page could not be made");
        ApiError::Internal(incident)
    })?;
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html))
}

/// After a deed: look there.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, path)).finish()
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    t: Shell,
    status: u16,
    title: String,
    code: &'a str,
    problems: &'a [FieldProblem],
}

/// An error as a page: same status, same code, the same words for everybody.
pub(super) fn error_page(request: &HttpRequest, error: &ApiError) -> Option<HttpResponse> {
    let t = Shell::of(request);
    let key = format!("problem-{}", error.code()).replace('_', "-");
    let title = match error {
        ApiError::OverBudget(_, seconds) => {
            let minutes = i64::try_from(seconds.div_ceil(60)).unwrap_or(i64::MAX);
            words::word_with(t.language, &key, "minutes", minutes.into())
        }
        _ => words::find(t.language, &key).unwrap_or_else(|| error.to_string()),
    };
    let problems = match error {
        ApiError::Invalid(invalid) => invalid.0.as_slice(),
        _ => &[],
    };
    let status = StatusCode::from_u16(error.status()).ok()?;
    answer(status, &ErrorPage { t, status: error.status(), title, code: error.code(), problems }).ok()
}

/// `GET /assets/relink.css`: its address carries its version, so browsers may keep it.
pub async fn style() -> HttpResponse {
    asset("text/css; charset=utf-8", STYLE)
}

/// `GET /assets/icon.svg`.
pub async fn icon() -> HttpResponse {
    asset("image/svg+xml", ICON)
}

fn asset(kind: &str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header(("Cache-Control", "public, max-age=31536000, immutable"))
        .body(text)
}
