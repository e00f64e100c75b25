//! With the log failing, the service is silent: every route of the table, for every role, with records that the role
//! reaches. Nothing is opened, nothing that anybody wrote is in any answer, and not one row changes.

use std::collections::BTreeMap;

use api::app::{Route, routes};
use benches::corpus::{Corpus, Person};
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::{Answer, Site};
use tests::world::World;

use super::failing::{empty_the_disk, fill_the_disk};
use crate::authz::{body, typed};
use crate::scan::case::{Case, Office};
use crate::scan::places;

/// What one answer was asked of.
type Asked = (String, &'static str);

struct Walk<'a> {
    site: &'a Site,
    office: &'a Office<'a>,
    case: &'a Case,
}

impl Walk<'_> {
    /// The case's own record of the kind that a path is about; where it has none, one that does not exist.
    fn id(&self, path: &str) -> String {
        let kinds = [
            ("/people/", self.case.person.as_str()),
            ("/contacts/", &self.case.contact),
            ("/access-requests/", &self.case.candidate),
            ("/candidates/", &self.case.candidate),
            ("/requests/", &self.case.request),
            ("/referrals/", &self.case.referral),
            ("/entries/", "3"),
        ];
        let own = kinds.iter().find(|(part, _)| path.contains(part));
        own.map_or("acc_0190a0b0c0d07000800000000000dead", |(_, id)| id).to_owned()
    }

    /// Questions that are right in form: those that name somebody name the case's own people.
    fn question(&self, route: &Route) -> Value {
        let person = json!({"given_names": self.case.words["people.given_names_sealed"][0]});
        match route.path {
            "/api/v1/searches" => json!({"person": person}),
            "/api/v1/audit/about-person"
            | "/api/v1/file-accesses"
            | "/oversight/person"
            | "/oversight/file" => {
                json!({"person": self.case.person})
            }
            "/api/v1/audit/by-account" | "/oversight/account" => json!({"account": "desk-1"}),
            "/api/v1/audit/by-time" | "/oversight/time" => {
                json!({"from": "2026-01-01", "until": "2026-12-31"})
            }
            "/api/v1/referrals/consent-check" => json!({
                "person": self.case.person, "service": "cash", "receiver": {"kind": "society", "id": self.office.southland()}
            }),
            "/referrals/fields" => {
                json!({"person": self.case.person, "service": "cash", "receiver": self.office.southland()})
            }
            _ => body(route.method.as_str(), route.path),
        }
    }

    fn ask(&self, route: &Route, token: &str) -> Answer {
        let path = route.path.replace("{id}", &self.id(route.path));
        let question = self.question(route);
        let wants_body = !matches!(route.method.as_str(), "GET" | "DELETE");
        match (wants_body, route.path.starts_with("/api/")) {
            (false, _) => self.site.send(route.method.as_str(), &path, Some(token), None),
            (true, true) => self.site.send(route.method.as_str(), &path, Some(token), Some(&question)),
            (true, false) => {
                let asked = question.as_object().into_iter().flatten().map(|(name, value)| {
                    format!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                });
                let form = match typed(route.path) {
                    form if form.is_empty() => asked.collect::<Vec<_>>().join("&"),
                    form => form,
                };
                let kind = [("content-type", "application/x-www-form-urlencoded")];
                self.site.send_raw(route.method.as_str(), &path, Some(token), &kind, Some(form.as_bytes()))
            }
        }
    }

    fn all(&self, wanted: impl Fn(&Route) -> bool) -> BTreeMap<Asked, Answer> {
        let mut answers = BTreeMap::new();
        for route in routes().iter().filter(|route| wanted(route)) {
            for (role, token) in self.office.northlanders() {
                answers.insert((format!("{} {}", route.method, route.path), role), self.ask(route, token));
            }
        }
        answers
    }

    /// The first word of the case that an answer holds.
    fn shows(&self, answer: &Answer) -> Option<&str> {
        let words = self.case.words.iter().filter(|(column, _)| **column != "people.birth_sealed");
        words.flat_map(|(_, words)| words).map(String::as_str).find(|word| answer.body.contains(word))
    }
}

/// Everything but what the service writes by itself while it is asked nothing.
fn rows(world: &World) -> BTreeMap<String, Vec<String>> {
    let own = ["audit_checkpoints"];
    places::rows(world)
        .into_iter()
        .filter(|(table, _)| !own.contains(&table.as_str()))
        .map(|(table, mut rows)| {
            rows.sort();
            (table, rows)
        })
        .collect()
}

/// Asking changes nothing, so it may be asked again to see what a sound log would have let out.
fn only_asks(route: &Route) -> bool {
    const QUESTIONS: [&str; 8] = [
        "/api/v1/searches",
        "/api/v1/audit/",
        "/api/v1/file-accesses",
        "/api/v1/referrals/consent-check",
        "/oversight/person",
        "/oversight/account",
        "/oversight/time",
        "/oversight/file",
    ];
    route.method == "GET"
        || QUESTIONS.iter().any(|path| route.path.starts_with(path))
        || route.path == "/referrals/fields"
}

both_databases! {
    async fn with_the_log_failing_no_route_opens_shows_or_changes_anything(world: World) {
        let corpus = Corpus::generate(11, 40, 0);
        let people: Vec<&Person> = corpus.people.iter().collect();
        let site = Site::open(&world);
        let office = Office::open(&world, &site).await;
        let case = Case::begin(&office, &people, 1);
        // The index has followed once nothing more is written.
        let mut settled = rows(&world);
        loop {
            std::thread::sleep(std::time::Duration::from_millis(600));
            let now = rows(&world);
            if now == settled { break; }
            settled = now;
        }
        let walk = Walk { site: &site, office: &office, case: &case };
        tokio::task::block_in_place(|| {
            for (role, token) in office.northlanders() {
                // From here on "last seen" stands still with the clock.
                assert_eq!(site.send("GET", "/api/v1/me", Some(token), None).status, 200, "{role}");
            }
            fill_the_disk(&world);
            let (before, opened) = (rows(&world), world.core.vault.opened());
            let silent = walk.all(|_| true);
            assert!(silent.len() > 500, "{}", silent.len());
            for (asked, answer) in &silent {
                assert_eq!(walk.shows(answer), None, "{asked:?}: {}", answer.status);
            }
            assert_eq!(world.core.vault.opened(), opened, "nothing was opened");
            for (table, rows) in rows(&world) {
                assert!(before.get(&table) == Some(&rows), "{table} has changed");
            }

            // The same questions with a sound log: what was held back.
            empty_the_disk(&world);
            let told = walk.all(only_asks);
            assert!(world.core.vault.opened() > opened, "they open something");
            let shown: Vec<&Asked> = told.iter().filter(|(_, answer)| walk.shows(answer).is_some()).map(|(asked, _)| asked).collect();
            assert!(shown.len() >= 15, "{shown:?}");
            for asked in shown {
                assert_eq!(silent[asked].status, 503, "{asked:?}: {}", silent[asked].body);
            }
        });
    }
}
