//! The only route table. Each route says what it needs; tests walk the table for every role, and a route that is
//! missing here does not exist.

mod examples;
mod tracing;

use std::sync::LazyLock;

use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::Bytes;
use actix_web::{Handler, HttpResponse, Responder, web};
use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use crate::account;
use crate::consent;
use crate::hsp;
use crate::kernel::ApiError;
use crate::oversight;
use crate::people;
use crate::policy::Action;
use crate::referrals::{self, providers};
use crate::web as ours;
use crate::web::{NavLink, Navigation};
use crate::{matches, requests};

/// What a route asks of its caller before the handler runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Open to everybody: sign-in, health, the interface description, assets.
    Nothing,
    /// A session in any state, such as one that still lacks the code of conduct.
    Session,
    /// A full session whose role includes the action.
    May(Action),
}

/// One row of the route table.
pub struct Route {
    pub method: Method,
    /// In actix's spelling; the record's id is always `{id}`.
    pub path: &'static str,
    pub needs: Needs,
    make: Box<dyn Fn() -> actix_web::Route + Send + Sync>,
}

impl Route {
    pub fn new<H, Args>(method: Method, path: &'static str, needs: Needs, handler: H) -> Self
    where
        H: Handler<Args> + Send + Sync,
        Args: actix_web::FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        let verb = method.clone();
        let make = Box::new(move || web::method(verb.clone()).to(handler.clone()));
        Self { method, path, needs, make }
    }
}

/// Every route of the service.
pub fn routes() -> Vec<Route> {
    [
        public(),
        pages(),
        account(),
        accounts(),
        register(),
        people(),
        tracing::requests(),
        tracing::matches(),
        providers(),
        referring(),
        tracing::request_pages(),
        tracing::match_pages(),
        referral_pages(),
        audit(),
        oversight_pages(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn public() -> Vec<Route> {
    use Needs::Nothing;
    vec![
        Route::new(Method::GET, "/health/live", Nothing, ours::public::live),
        Route::new(Method::GET, "/health/ready", Nothing, ours::public::ready),
        Route::new(Method::GET, "/assets/relink.css", Nothing, ours::style),
        Route::new(Method::GET, "/assets/icon.svg", Nothing, ours::icon),
        Route::new(Method::POST, "/language", Nothing, ours::public::choose_language),
        Route::new(Method::GET, "/api/v1/openapi.json", Nothing, interface),
    ]
}

fn pages() -> Vec<Route> {
    use Needs::{Nothing, Session};
    use account::pages::{self, own as own_pages};
    const ACCOUNTS: Needs = Needs::May(Action::ManageAccounts);
    vec![
        Route::new(Method::GET, "/sign-in", Nothing, pages::sign_in_form),
        Route::new(Method::POST, "/sign-in", Nothing, pages::sign_in),
        Route::new(Method::POST, "/sign-out", Session, pages::sign_out),
        Route::new(Method::GET, "/enrol", Nothing, pages::enrol_form),
        Route::new(Method::POST, "/enrol", Nothing, pages::enrol),
        Route::new(Method::POST, "/enrol/confirm", Nothing, pages::enrol_confirm),
        Route::new(Method::GET, "/conduct", Session, pages::conduct_form),
        Route::new(Method::POST, "/conduct", Session, pages::conduct),
        Route::new(Method::GET, "/", Session, own_pages::home),
        Route::new(Method::GET, "/account", Session, own_pages::mine),
        Route::new(Method::POST, "/account/password", Session, own_pages::change_password),
        Route::new(Method::POST, "/account/sessions/{id}/end", Session, own_pages::end_session),
        Route::new(Method::GET, "/accounts", ACCOUNTS, own_pages::manage),
        Route::new(Method::POST, "/accounts", ACCOUNTS, own_pages::create),
        Route::new(Method::POST, "/accounts/{id}/disable", ACCOUNTS, own_pages::disable),
        Route::new(Method::POST, "/accounts/{id}/reset", ACCOUNTS, own_pages::reset),
    ]
}

fn account() -> Vec<Route> {
    use Needs::{Nothing, Session};
    use account::routes;
    vec![
        Route::new(Method::POST, "/api/v1/session", Nothing, routes::sign_in_program),
        Route::new(Method::DELETE, "/api/v1/session", Session, routes::sign_out),
        Route::new(Method::POST, "/api/v1/session/refresh", Nothing, routes::refresh),
        Route::new(Method::POST, "/api/v1/enrolment", Nothing, routes::begin_enrolment),
        Route::new(Method::POST, "/api/v1/enrolment/confirm", Nothing, routes::confirm_enrolment),
        Route::new(Method::GET, "/api/v1/me", Session, routes::me),
        Route::new(Method::GET, "/api/v1/me/sessions", Session, routes::own_sessions),
        Route::new(Method::DELETE, "/api/v1/me/sessions/{id}", Session, routes::end_session),
        Route::new(Method::POST, "/api/v1/me/password", Session, routes::change_password),
        Route::new(Method::POST, "/api/v1/me/conduct", Session, routes::accept_conduct),
    ]
}

fn accounts() -> Vec<Route> {
    use account::routes::manage;
    const NEEDS: Needs = Needs::May(Action::ManageAccounts);
    vec![
        Route::new(Method::GET, "/api/v1/accounts", NEEDS, manage::list),
        Route::new(Method::POST, "/api/v1/accounts", NEEDS, manage::create),
        Route::new(Method::POST, "/api/v1/accounts/{id}/disable", NEEDS, manage::disable),
        Route::new(Method::POST, "/api/v1/accounts/{id}/reset", NEEDS, manage::reset),
        Route::new(Method::POST, "/api/v1/accounts/{id}/sessions/end", NEEDS, manage::end_sessions),
        Route::new(Method::PUT, "/api/v1/accounts/{id}/role", NEEDS, manage::change_role),
    ]
}

fn register() -> Vec<Route> {
    use Needs::May;
    use hsp::routes as points;
    const POINT: &str = "/api/v1/points/{id}";
    vec![
        Route::new(Method::GET, "/api/v1/societies", May(Action::ReadRegister), points::societies),
        Route::new(Method::GET, "/api/v1/points", May(Action::ReadRegister), points::points),
        Route::new(Method::POST, "/api/v1/points", May(Action::ManagePoints), points::add_point),
        Route::new(Method::GET, POINT, May(Action::ReadRegister), points::point),
        Route::new(Method::POST, "/api/v1/points/{id}/sites", May(Action::ManagePoints), points::add_site),
        Route::new(Method::POST, "/api/v1/points/{id}/status", May(Action::ManagePoints), points::set_status),
        Route::new(
            Method::PUT,
            "/api/v1/points/{id}/services",
            May(Action::ManagePoints),
            points::set_services,
        ),
        Route::new(Method::GET, "/api/v1/points/{id}/next", May(Action::ReadRegister), points::next),
        Route::new(Method::GET, "/api/v1/routes", May(Action::ReadRegister), points::routes),
        Route::new(Method::POST, "/api/v1/routes", May(Action::ManagePoints), points::add_route),
        Route::new(Method::GET, "/api/v1/routes/{id}", May(Action::ReadRegister), points::route),
    ]
}

fn people() -> Vec<Route> {
    use Needs::May;
    use people::routes;
    const PERSON: &str = "/api/v1/people/{id}";
    const CONSENTS: &str = "/api/v1/people/{id}/consents";
    const RESTRICTION: &str = "/api/v1/people/{id}/restriction";
    const ERASURE: &str = "/people/{id}/erasure";
    const TEXTS: &str = "/api/v1/consent-texts";
    use people::pages::{self, consents, known, team};
    vec![
        Route::new(Method::GET, "/people", May(Action::ReadConsent), known::ask),
        Route::new(Method::POST, "/people", May(Action::ReadConsent), known::find),
        Route::new(Method::GET, "/people/{id}/consents", May(Action::ReadConsent), consents::show),
        Route::new(Method::POST, "/people/{id}/consents", May(Action::RecordConsent), consents::answer),
        Route::new(Method::POST, "/people/{id}/withdrawals", May(Action::RecordConsent), consents::withdraw),
        Route::new(Method::GET, "/people/{id}/team", May(Action::RestrictPerson), team::show),
        Route::new(Method::POST, "/people/{id}/team", May(Action::RestrictPerson), team::change),
        Route::new(Method::GET, "/visits/new", May(Action::RecordContact), pages::new),
        Route::new(Method::POST, "/visits", May(Action::RecordContact), pages::record),
        Route::new(Method::GET, "/api/v1/contacts", May(Action::ReadContact), routes::contacts),
        Route::new(Method::POST, "/api/v1/contacts", May(Action::RecordContact), routes::record),
        Route::new(Method::GET, "/api/v1/contacts/{id}", May(Action::ReadContact), routes::contact),
        Route::new(Method::GET, "/api/v1/people", May(Action::ReadPerson), routes::people),
        Route::new(Method::GET, PERSON, May(Action::ReadPerson), routes::person),
        Route::new(Method::PATCH, PERSON, May(Action::EditPerson), routes::edit),
        Route::new(Method::DELETE, PERSON, May(Action::ErasePerson), routes::erase),
        Route::new(Method::GET, CONSENTS, May(Action::ReadConsent), routes::consents),
        Route::new(Method::POST, CONSENTS, May(Action::RecordConsent), routes::answer),
        Route::new(
            Method::POST,
            "/api/v1/people/{id}/withdrawals",
            May(Action::RecordConsent),
            routes::withdraw,
        ),
        Route::new(Method::GET, RESTRICTION, May(Action::RestrictPerson), routes::restriction),
        Route::new(Method::PUT, RESTRICTION, May(Action::RestrictPerson), routes::restrict),
        Route::new(Method::GET, TEXTS, May(Action::ReadRegister), consent::routes::texts),
        Route::new(Method::POST, TEXTS, May(Action::ManageConsentTexts), consent::routes::add_text),
        Route::new(Method::GET, "/api/v1/erasures", May(Action::ReadErasures), consent::routes::erasures),
        Route::new(Method::GET, "/erasures", May(Action::ReadErasures), consent::pages::erasures),
        Route::new(Method::GET, ERASURE, May(Action::ErasePerson), consent::pages::confirm),
        Route::new(Method::POST, ERASURE, May(Action::ErasePerson), consent::pages::erase),
    ]
}

fn providers() -> Vec<Route> {
    use Needs::May;
    use providers::routes;
    const ALL: &str = "/api/v1/providers";
    const ONE: &str = "/api/v1/providers/{id}";
    vec![
        Route::new(Method::GET, ALL, May(Action::ReadRegister), routes::list),
        Route::new(Method::POST, ALL, May(Action::ManageProviders), routes::add),
        Route::new(Method::GET, ONE, May(Action::ReadRegister), routes::show),
        Route::new(Method::PUT, ONE, May(Action::ManageProviders), routes::change),
    ]
}

fn referring() -> Vec<Route> {
    use Needs::May;
    use referrals::routes;
    const ALL: &str = "/api/v1/referrals";
    // Before `{id}`, which would take the word for an id.
    const CHECK: &str = "/api/v1/referrals/consent-check";
    const OVERDUE: &str = "/api/v1/referrals/overdue";
    const ONE: &str = "/api/v1/referrals/{id}";
    vec![
        Route::new(Method::GET, ALL, May(Action::ReadReferral), routes::list),
        Route::new(Method::POST, ALL, May(Action::SendReferral), routes::draft),
        Route::new(Method::POST, CHECK, May(Action::SendReferral), routes::check),
        Route::new(Method::GET, OVERDUE, May(Action::ReadOverdueReferrals), routes::overdue),
        Route::new(Method::GET, ONE, May(Action::ReadReferral), routes::show),
        Route::new(Method::POST, "/api/v1/referrals/{id}/steps", May(Action::SendReferral), routes::step),
        Route::new(
            Method::POST,
            "/api/v1/referrals/{id}/answers",
            May(Action::AnswerReferral),
            routes::answer,
        ),
    ]
}

fn referral_pages() -> Vec<Route> {
    use Needs::May;
    use referrals::pages;
    vec![
        Route::new(Method::GET, "/referrals", May(Action::ReadReferral), pages::sent),
        Route::new(Method::POST, "/referrals", May(Action::SendReferral), pages::draft),
        Route::new(Method::GET, "/referrals/inbox", May(Action::ReadReferral), pages::inbox),
        Route::new(Method::GET, "/referrals/overdue", May(Action::ReadOverdueReferrals), pages::overdue),
        Route::new(Method::GET, "/referrals/new", May(Action::SendReferral), pages::new),
        Route::new(Method::POST, "/referrals/fields", May(Action::SendReferral), pages::fields),
        Route::new(Method::GET, "/referrals/{id}", May(Action::ReadReferral), pages::show),
        Route::new(Method::POST, "/referrals/{id}/steps", May(Action::SendReferral), pages::step),
        Route::new(Method::POST, "/referrals/{id}/answers", May(Action::AnswerReferral), pages::answer),
    ]
}

fn audit() -> Vec<Route> {
    use Needs::May;
    use oversight::routes;
    const VERIFICATION: &str = "/api/v1/audit/verification";
    vec![
        Route::new(Method::POST, "/api/v1/audit/about-person", May(Action::ReadAudit), routes::about_person),
        Route::new(Method::POST, "/api/v1/audit/by-account", May(Action::ReadAudit), routes::by_account),
        Route::new(Method::POST, "/api/v1/audit/by-time", May(Action::ReadAudit), routes::by_time),
        Route::new(Method::GET, "/api/v1/audit/entries/{id}", May(Action::ReadAudit), routes::entry),
        Route::new(Method::GET, "/api/v1/audit/entries/{id}/proof", May(Action::ReadAudit), routes::proof),
        Route::new(Method::GET, "/api/v1/audit/checkpoint", May(Action::ReadAudit), routes::checkpoint),
        Route::new(Method::GET, VERIFICATION, May(Action::VerifyAudit), routes::verification),
        Route::new(Method::POST, VERIFICATION, May(Action::VerifyAudit), routes::verify),
        Route::new(Method::POST, "/api/v1/file-accesses", May(Action::ReportAccess), routes::who_opened),
    ]
}

fn oversight_pages() -> Vec<Route> {
    use Needs::May;
    use oversight::pages;
    const VERIFICATION: &str = "/oversight/verification";
    const FILE: &str = "/oversight/file";
    vec![
        Route::new(Method::GET, "/oversight", May(Action::ReadAudit), pages::ask),
        Route::new(Method::POST, "/oversight/person", May(Action::ReadAudit), pages::person),
        Route::new(Method::POST, "/oversight/account", May(Action::ReadAudit), pages::account),
        Route::new(Method::POST, "/oversight/time", May(Action::ReadAudit), pages::time),
        Route::new(Method::GET, "/oversight/entries/{id}", May(Action::ReadAudit), pages::entry),
        Route::new(Method::GET, "/oversight/entries/{id}/proof", May(Action::ReadAudit), pages::proof),
        Route::new(Method::GET, VERIFICATION, May(Action::VerifyAudit), pages::verification),
        Route::new(Method::POST, VERIFICATION, May(Action::VerifyAudit), pages::verify),
        Route::new(Method::GET, FILE, May(Action::ReportAccess), pages::file),
        Route::new(Method::POST, FILE, May(Action::ReportAccess), pages::who_opened),
    ]
}

/// The navigation of the pages, in order: each link is shown to the roles that include its action. `about-` and the
/// rest of its key is the sentence under it on the start page.
const NAVIGATION: &[NavLink] = &[
    NavLink { action: Action::RecordContact, path: "/visits/new", key: "visit-title" },
    NavLink { action: Action::ReadConsent, path: "/people", key: "nav-known" },
    NavLink { action: Action::ReadRequest, path: "/requests", key: "request-list" },
    NavLink { action: Action::OpenRequest, path: "/requests/new", key: "request-new" },
    NavLink { action: Action::SearchContacts, path: "/search", key: "match-search" },
    NavLink { action: Action::ConfirmMatch, path: "/review", key: "match-review" },
    NavLink { action: Action::ReadReferral, path: "/referrals", key: "referral-title" },
    NavLink { action: Action::ReadOverdueReferrals, path: "/referrals/overdue", key: "referral-overdue" },
    NavLink { action: Action::ReadAudit, path: "/oversight", key: "nav-oversight" },
    NavLink { action: Action::ReportAccess, path: "/oversight/file", key: "nav-file-access" },
    NavLink { action: Action::ReadErasures, path: "/erasures", key: "nav-erasures" },
    NavLink { action: Action::ManageAccounts, path: "/accounts", key: "nav-accounts" },
    NavLink { action: Action::UseOwnAccount, path: "/account", key: "nav-account" },
];

/// What every feature's `routes.rs` says about itself: one line a feature.
const PARTS: &[fn() -> utoipa::openapi::OpenApi] = &[
    account::routes::Api::openapi,
    account::routes::manage::Api::openapi,
    hsp::routes::Api::openapi,
    consent::routes::Api::openapi,
    people::routes::Api::openapi,
    providers::routes::Api::openapi,
    referrals::routes::Api::openapi,
    oversight::routes::Api::openapi,
    requests::routes::Api::openapi,
    matches::routes::Api::openapi,
];

/// The interface description's own part.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "relink",
        description = "Restoring family links. Every look at a record is written down before it is answered; unknown \
                       records and records outside the caller's reach are answered alike."
    ),
    paths(ours::public::live, ours::public::ready, interface),
    components(schemas(ours::Problem)),
    security(("token" = []))
)]
struct Base;

/// The interface description, put together from every feature's part.
pub fn description() -> utoipa::openapi::OpenApi {
    let mut whole = Base::openapi();
    for part in PARTS {
        whole.merge(part());
    }
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    if let Some(components) = whole.components.as_mut() {
        components.add_security_scheme("token", SecurityScheme::Http(token));
    }
    for (path, item) in &mut whole.paths.paths {
        let methods = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        methods.into_iter().flatten().for_each(|operation| complete(path, operation));
    }
    examples::attach(&mut whole);
    whole
}

/// What is the same for every operation: programs generated from the description name their functions after it, and
/// `list` alone would be many; a key against doing a deed twice means the same everywhere.
fn complete(path: &str, operation: &mut Operation) {
    let what = path.trim_start_matches("/api/v1").split('/').find(|part| !part.is_empty());
    if let (Some(what), Some(name)) = (what, &operation.operation_id) {
        operation.operation_id = Some(format!("{}_{name}", what.replace(['-', '.'], "_")));
    }
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && parameter.name == "Idempotency-Key"
        {
            let said = "A word of the caller's for this deed. Sent again within a day with the same body, it gives the \
                        answer of the first time and does nothing; with another body it is refused (409).";
            parameter.description = Some(said.to_owned());
        }
    }
}

/// Strangers may ask for it, so it is written out once.
static WRITTEN: LazyLock<Option<Bytes>> =
    LazyLock::new(|| serde_json::to_vec(&description()).ok().map(Bytes::from));

/// This description, as OpenAPI 3.1.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "interface", security(()), responses((status = 200, description = "OpenAPI 3.1")))]
async fn interface() -> Result<HttpResponse, ApiError> {
    let written = WRITTEN.clone().ok_or(ApiError::Unavailable)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(written))
}

/// Puts the routes into an actix application: one resource a path, so that a wrong method is answered 405.
pub fn configure(config: &mut web::ServiceConfig) {
    let routes = routes();
    let readable = routes.iter().filter(|route| route.method == Method::GET).map(|route| route.path);
    config.app_data(web::Data::new(Navigation { links: NAVIGATION, readable: readable.collect() }));
    let mut by_path: Vec<(&'static str, Vec<Route>)> = Vec::new();
    for route in routes {
        match by_path.iter_mut().find(|(path, _)| *path == route.path) {
            Some((_, routes)) => routes.push(route),
            None => by_path.push((route.path, vec![route])),
        }
    }
    for (path, routes) in by_path {
        let resource =
            routes.iter().fold(web::resource(path), |resource, route| resource.route((route.make)()));
        config.service(resource.wrap(from_fn(ours::catch_panics)));
    }
    config.default_service(web::to(|| async { Err::<HttpResponse, _>(ApiError::NotFound) }));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_interface_description_names_the_very_routes_we_serve() {
        let served: BTreeSet<_> = routes()
            .iter()
            .filter(|route| route.path.starts_with("/api/") || route.path.starts_with("/health/"))
            .map(|route| format!("{} {}", route.method, route.path))
            .collect();
        let description = serde_json::to_value(description()).unwrap();
        let mut described = BTreeSet::new();
        for (path, operations) in description["paths"].as_object().unwrap() {
            for method in operations.as_object().unwrap().keys().filter(|key| key.len() <= 6) {
                described.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
        assert_eq!(served, described);
    }

    #[test]
    fn no_two_schemas_of_the_interface_share_a_name() {
        let mut seen = std::collections::BTreeMap::new();
        for part in PARTS {
            let part = serde_json::to_value(part()).unwrap();
            for (name, schema) in part["components"]["schemas"].as_object().into_iter().flatten() {
                let other = seen.entry(name.clone()).or_insert_with(|| schema.clone());
                assert_eq!(other, schema, "two schemas are called {name}");
            }
        }
    }

    #[test]
    fn every_link_of_the_navigation_leads_to_a_page_and_has_its_word() {
        for link in NAVIGATION {
            assert!(routes().iter().any(|r| r.method == Method::GET && r.path == link.path), "{}", link.path);
            assert!(ours::find(crate::auth::Language::English, link.key).is_some(), "{}", link.key);
        }
    }
}
