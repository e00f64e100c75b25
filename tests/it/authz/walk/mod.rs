//! Every route × every role × every ownership: JSON and pages, ids in paths and ids inside bodies, forms and queries. A
//! route that nobody thought of here fails the walk.

mod estate;
mod forms;
mod paths;
mod within;

use api::app::Route;
use api::kernel::*;
use api::policy::Role;
use serde_json::Value;
use tests::site::{Answer, Site};
use tests::world::World;

use estate::Estate;
pub use forms::{body, typed};

/// Whose record it is, seen from the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ownership {
    Own,
    OtherPoint,
    OtherSociety,
    Unknown,
    Malformed,
}

/// What kind of record a path is about: its longest known beginning decides.
const KINDS: &[(&str, &str)] = &[
    ("/api/v1/me/sessions/", SessionId::PREFIX),
    ("/api/v1/accounts/", AccountId::PREFIX),
    ("/api/v1/points/", PointId::PREFIX),
    ("/api/v1/routes/", RouteId::PREFIX),
    ("/api/v1/contacts/", ContactId::PREFIX),
    ("/api/v1/people/", PersonId::PREFIX),
    ("/api/v1/providers/", ProviderId::PREFIX),
    ("/api/v1/referrals/", ReferralId::PREFIX),
    // Entries are numbered; nobody owns one.
    ("/api/v1/audit/entries/", LEAF),
    ("/api/v1/requests/", RequestId::PREFIX),
    ("/api/v1/candidates/", CandidateId::PREFIX),
    ("/api/v1/access-requests/", CandidateId::PREFIX),
    ("/account/sessions/", SessionId::PREFIX),
    ("/accounts/", AccountId::PREFIX),
    ("/people/", PersonId::PREFIX),
    ("/requests/", RequestId::PREFIX),
    ("/candidates/", CandidateId::PREFIX),
    ("/access-requests/", CandidateId::PREFIX),
    ("/referrals/", ReferralId::PREFIX),
    ("/oversight/entries/", LEAF),
];

const LEAF: &str = "leaf";

/// Registers that everybody may read have no foreign records to hide.
const OPEN_TO_ALL: &[&str] = &[ProviderId::PREFIX, RouteId::PREFIX, LEAF];

fn kind_of(path: &str) -> &'static str {
    KINDS
        .iter()
        .filter(|(beginning, _)| path.starts_with(beginning))
        .max_by_key(|(beginning, _)| beginning.len())
        .unwrap_or_else(|| panic!("{path} names a record; say of which kind in tests/it/authz/walk/mod.rs"))
        .1
}

const ROLES: [Role; 7] = [
    Role::Intake,
    Role::Caseworker,
    Role::Reviewer,
    Role::ProtectionOfficer,
    Role::Auditor,
    Role::DataProtectionOfficer,
    Role::Administrator,
];

struct Walker {
    site: Site,
    tokens: Vec<(Role, String)>,
    estate: Estate,
}

impl Walker {
    async fn new(world: &World) -> Self {
        let mut tokens = Vec::new();
        let mut own = Vec::new();
        for role in ROLES {
            let who = world.someone(role, "Kenya", Some("Kakuma")).await;
            tokens.push((role, world.token(&who).await));
            own.push(who);
        }
        let site = Site::open(world);
        let mut estate = Estate::fill(world, &site, &tokens).await;
        // Somebody whose account the administrator looks after.
        if let Some(desk) = own.first() {
            estate.insert(AccountId::PREFIX, Ownership::Own, desk.account.to_string());
        }
        Self { site, tokens, estate }
    }

    fn token(&self, role: Role) -> &str {
        let found = self.tokens.iter().find(|(r, _)| *r == role);
        &found.unwrap_or_else(|| panic!("nobody works as {role}")).1
    }

    fn ask(&self, route: &Route, path: &str, token: Option<&str>) -> Answer {
        let method = route.method.as_str();
        if matches!(method, "GET" | "DELETE") {
            return self.site.send(method, path, token, None);
        }
        match is_json(route.path) {
            true => self.site.send(method, path, token, Some(&forms::body(method, route.path))),
            false => self.site.send_form(method, path, token, &forms::typed(route.path)),
        }
    }

    /// The id to put into a path or a body, where this ownership exists for its kind.
    fn id(&self, kind: &'static str, ownership: Ownership) -> Option<String> {
        match ownership {
            Ownership::Unknown => Some(format!("{kind}_0190a0b0c0d07000800000000000dead")),
            // As long as an id, so that a page that repeats its own address is as long as another.
            Ownership::Malformed => Some(format!("{kind}_{}", "z".repeat(32))),
            other => self.estate.get(kind, other),
        }
    }
}

fn is_json(path: &str) -> bool {
    path.starts_with("/api/v1/")
}

fn named(routes: &[Route]) -> impl Iterator<Item = &Route> {
    routes.iter().filter(|route| route.path.contains("{id}"))
}

const ONCE: &str = "name=\"once\" value=\"";

/// The answer without what is its own on every page: the request's number, the number of each form, and the id that was
/// asked for.
fn without_own(answer: Answer, id: &str) -> Answer {
    let mut body = answer.body.replace(id, "{id}");
    let mut from = 0;
    while let Some(at) = body.get(from..).and_then(|rest| rest.find(ONCE)) {
        let start = from + at + ONCE.len();
        body.replace_range(start..start + 22, "…");
        from = start;
    }
    if let Some(end) = body.find("</code></bdi></p>") {
        body.replace_range(end - 16..end, "…");
    }
    Answer { body, ..answer }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("an id, not {value}")).to_owned()
}
