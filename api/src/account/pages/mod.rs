//! Pages before somebody is in: sign-in, enrolment, code of conduct; and the way out.

pub mod own;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use crate::account::model::{ConductForm, ConfirmForm, SignInForm, password};
use crate::account::routes::attempt;
use crate::auth::sign_in;
use crate::auth::{Core, Session, SessionKind, Setup, accounts, cookie, enrol};
use crate::config::SecondFactor;
use crate::kernel::{ApiError, Reference, Wrong, invalid};
use crate::web::{Filled, Form, Labels, Origin, Shell, page, page_again, page_with, see_other};

const SIGN_IN_LABELS: Labels =
    &[("login", "sign-in-login"), ("password", "sign-in-password"), ("code", "sign-in-code")];
const ENROL_LABELS: Labels =
    &[("code", "enrol-code"), ("password", "enrol-password"), ("again", "enrol-again")];
const PHONE_LABELS: Labels = &[("phone", "phone-code")];

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct SignInPage {
    t: Shell,
    form: Filled,
    refused: bool,
    /// The invented world asks for no code; its page says so.
    demo: bool,
}

fn is_demo(core: &Core) -> bool {
    core.config.accounts.second_factor == SecondFactor::DemoWithout
}

/// `GET /sign-in`.
pub async fn sign_in_form(
    t: Shell,
    request: HttpRequest,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    if Session::of(&request).is_some() {
        return Ok(see_other("/"));
    }
    page(&SignInPage { t, form: Filled::blank(), refused: false, demo: is_demo(&core) })
}

/// `POST /sign-in`: a new session, whatever session the browser had.
pub async fn sign_in(
    t: Shell,
    request: HttpRequest,
    origin: Origin,
    form: Form<SignInForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let demo = is_demo(&core);
    let begun = match input.and_then(|input| attempt(input, origin)) {
        Ok(attempt) => sign_in::sign_in(&core, attempt, SessionKind::Page).await,
        Err(error) => Err(error),
    };
    match begun {
        Ok(begun) => {
            if let Some(old) = Session::of(&request) {
                match sign_in::end(&core, &old, old.id).await {
                    // The new session took its place already.
                    Ok(()) | Err(ApiError::NotFound) => {}
                    Err(error) => return Err(error),
                }
            }
            let mut answer = see_other("/");
            answer.add_cookie(&cookie(Some(&begun.token))).map_err(|_| ApiError::Unavailable)?;
            Ok(answer)
        }
        Err(ApiError::SignInRefused) => {
            let page = SignInPage { t, form: filled, refused: true, demo };
            page_with(StatusCode::UNAUTHORIZED, &page)
        }
        Err(error) => {
            let form = filled.with(error)?.labelled(SIGN_IN_LABELS);
            page_again(&SignInPage { t, form, refused: false, demo })
        }
    }
}

/// `POST /sign-out`: ends the session and asks the browser to forget.
pub async fn sign_out(session: Session, core: Data<Core>) -> Result<HttpResponse, ApiError> {
    sign_in::end(&core, &session, session.id).await?;
    let mut answer = see_other("/sign-in");
    answer.add_cookie(&cookie(None)).map_err(|_| ApiError::Unavailable)?;
    let forget = actix_web::http::header::HeaderValue::from_static("\"cache\", \"storage\"");
    let name = actix_web::http::header::HeaderName::from_static("clear-site-data");
    answer.headers_mut().insert(name, forget);
    Ok(answer)
}

#[derive(Template)]
#[template(path = "account/enrol.html")]
struct EnrolPage {
    t: Shell,
    form: Filled,
}

/// `GET /enrol`.
pub async fn enrol_form(t: Shell) -> Result<HttpResponse, ApiError> {
    page(&EnrolPage { t, form: Filled::blank() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolPageForm {
    code: String,
    password: String,
    again: String,
}

#[derive(Template)]
#[template(path = "account/enrol_phone.html")]
struct PhonePage {
    t: Shell,
    form: Filled,
    code: String,
    setup: Option<Setup>,
}

/// `POST /enrol`: the password is set; the next page shows what the phone needs.
pub async fn enrol(
    t: Shell,
    origin: Origin,
    form: Form<EnrolPageForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let begun = match input {
        Ok(input) if input.password != input.again => {
            Err(invalid("again", Wrong::PasswordsDiffer.says("is not the same password")))
        }
        Ok(input) => match password("password", input.password) {
            Ok(password) => enrol::begin(&core, &input.code, password, origin.source)
                .await
                .map(|setup| (input.code, setup)),
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    match begun {
        Ok((code, setup)) => page(&PhonePage { t, form: Filled::blank(), code, setup: Some(setup) }),
        Err(error) => page_again(&EnrolPage { t, form: filled.with(error)?.labelled(ENROL_LABELS) }),
    }
}

#[derive(Template)]
#[template(path = "account/enrol_done.html")]
struct DonePage {
    t: Shell,
    codes: Vec<Reference>,
}

/// `POST /enrol/confirm`: the account opens.
pub async fn enrol_confirm(
    t: Shell,
    origin: Origin,
    form: Form<ConfirmForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let input = input?;
    match enrol::confirm(&core, &input.code, &input.phone, origin.source).await {
        Ok(codes) => page(&DonePage { t, codes }),
        Err(error) => {
            let form = filled.with(error)?.labelled(PHONE_LABELS);
            page_again(&PhonePage { t, form, code: input.code, setup: None })
        }
    }
}

#[derive(Template)]
#[template(path = "account/conduct.html")]
struct ConductPage {
    t: Shell,
    form: Filled,
    version: String,
}

/// `GET /conduct`.
pub async fn conduct_form(t: Shell, _session: Session, core: Data<Core>) -> Result<HttpResponse, ApiError> {
    let version = core.config.accounts.conduct_version.clone();
    page(&ConductPage { t, form: Filled::blank(), version })
}

/// `POST /conduct`.
pub async fn conduct(
    t: Shell,
    session: Session,
    form: Form<ConductForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let accepted = match input {
        Ok(input) => accounts::accept_conduct(&core, &session, &input.version).await,
        Err(error) => Err(error),
    };
    match accepted {
        Ok(()) => Ok(see_other("/")),
        Err(error) => {
            let version = core.config.accounts.conduct_version.clone();
            page_again(&ConductPage { t, form: filled.with(error)?, version })
        }
    }
}
