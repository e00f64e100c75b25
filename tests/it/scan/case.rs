//! A case as two societies work it, through HTTP, with words of its own wherever somebody writes any: met, sought,
//! proposed, referred; and how it ends.

mod ending;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use api::policy::Role;
use benches::corpus::{Name, Person};
use serde_json::{Value, json};
use tests::site::{Answer, Site};
use tests::world::{PASSWORD, World};

/// Who works on the cases: everybody of Northland, and two of Southland.
pub struct Office<'a> {
    site: &'a Site,
    tokens: BTreeMap<&'static str, String>,
    seeds: BTreeMap<&'static str, Vec<u8>>,
    northland: String,
    southland: String,
}

impl<'a> Office<'a> {
    pub async fn open(world: &World, site: &'a Site) -> Self {
        let staff = [
            ("desk", Role::Intake, "Northland"),
            ("caseworker", Role::Caseworker, "Northland"),
            ("reviewer", Role::Reviewer, "Northland"),
            ("officer", Role::ProtectionOfficer, "Northland"),
            ("auditor", Role::Auditor, "Northland"),
            ("data protection", Role::DataProtectionOfficer, "Northland"),
            ("administrator", Role::Administrator, "Northland"),
            ("their officer", Role::ProtectionOfficer, "Southland"),
            ("their caseworker", Role::Caseworker, "Southland"),
        ];
        let (mut tokens, mut seeds) = (BTreeMap::new(), BTreeMap::new());
        for (name, role, society) in staff {
            let point = (society == "Northland").then_some("Pier Nine");
            let somebody = world.someone(role, society, point).await;
            tokens.insert(name, world.token(&somebody).await);
            seeds.insert(name, somebody.seed().to_vec());
        }
        let northland = world.society("Northland").await.to_string();
        let southland = world.society("Southland").await.to_string();
        Self { site, tokens, seeds, northland, southland }
    }

    /// What their phones know: with it they have signed in.
    pub fn seeds(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.seeds.iter().map(|(name, seed)| (*name, seed.as_slice()))
    }

    /// What opens the service to whoever says it.
    pub fn passwords_and_tokens(&self) -> impl Iterator<Item = &str> {
        self.tokens.values().map(String::as_str).chain([PASSWORD])
    }

    /// The other society's id.
    pub fn southland(&self) -> &str {
        &self.southland
    }

    /// Everybody of Northland, by name.
    pub fn northlanders(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let ours = self.tokens.iter().filter(|(name, _)| !name.starts_with("their"));
        ours.map(|(name, token)| (*name, token.as_str()))
    }

    pub fn send(&self, who: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
        tokio::task::block_in_place(|| self.site.send(method, path, Some(&self.tokens[who]), body))
    }

    pub fn get(&self, who: &str, path: &str) -> Value {
        let answer = self.send(who, "GET", path, None);
        assert_eq!(answer.status, 200, "{path} as {who}: {}", answer.body);
        answer.json()
    }

    fn done(&self, who: &str, method: &str, path: &str, body: Value) -> Value {
        let answer = self.send(who, method, path, Some(&body));
        assert!((200..300).contains(&answer.status), "{path} as {who}: {} {}", answer.status, answer.body);
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    fn post(&self, who: &str, path: &str, body: Value) -> Value {
        self.done(who, "POST", path, body)
    }

    /// Waits until the index has followed.
    fn candidate(&self, who: &str, request: &str) -> String {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let listed = self.get(who, &format!("/api/v1/requests/{request}/candidates"));
            if let Some(id) = listed["items"][0]["id"].as_str() {
                return id.to_owned();
            }
            assert!(Instant::now() < until, "no candidate appeared");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn decide(&self, who: &str, candidate: &str, deed: &str, mut form: Value) {
        let pair = self.get(who, &format!("/api/v1/candidates/{candidate}"));
        form["version"] = pair["candidate"]["version"].clone();
        self.post(who, &format!("/api/v1/candidates/{candidate}/{deed}"), form);
    }

    fn search(&self, who: &str, form: Value) -> String {
        let id = self.post(who, "/api/v1/requests", form)["id"].as_str().unwrap().to_owned();
        for (version, to) in [(1, "pre_case"), (2, "accepted"), (3, "searching")] {
            self.post(who, &format!("/api/v1/requests/{id}/state"), json!({"version": version, "to": to}));
        }
        id
    }
}

/// A name as the people themselves write it.
fn written(name: &Name) -> &str {
    if name.native.is_empty() { &name.latin } else { &name.native }
}

/// What was written down, by column.
pub type Words = BTreeMap<&'static str, Vec<String>>;

/// A case, and where its records are.
pub struct Case {
    pub words: Words,
    /// What was chosen from a list, as it is sealed. Pages show these words to everybody, as choices.
    pub codes: Words,
    /// By which names somebody was met and is sought.
    named: Value,
    pub person: String,
    pub contact: String,
    pub request: String,
    pub candidate: String,
    pub referral: String,
}

/// Makes words of a case's own, in the script of its people, and keeps them by column.
struct Pen<'p> {
    people: &'p [&'p Person],
    number: usize,
    words: Words,
    codes: Words,
}

impl Pen<'_> {
    /// A name that nobody has: the given name of one, the last name of another.
    fn name(&mut self, column: &'static str) -> String {
        let place = self.words.len() + self.number * 13;
        let one = self.people[place % self.people.len()];
        let other = self.people[(place * 7 + 3) % self.people.len()];
        let last = other.family.last().unwrap_or(&other.given[0]);
        let name = format!("{} {}", written(&one.given[0]), written(last));
        self.keep(column, name)
    }

    fn text(&mut self, column: &'static str, about: &str) -> String {
        let someone = written(&self.people[self.number % self.people.len()].given[0]);
        let number = self.number;
        self.keep(column, format!("{someone} {about} {number}"))
    }

    fn keep(&mut self, column: &'static str, word: String) -> String {
        self.words.entry(column).or_default().push(word.clone());
        word
    }

    /// Takes from a list; gives it back as it was.
    fn choose(&mut self, column: &'static str, sealed: &str, choice: Value) -> Value {
        self.codes.entry(column).or_default().push(sealed.to_owned());
        choice
    }
}

impl Case {
    /// From the visit to a proposal that waits for the second person, and a referral that waits for its answer.
    pub fn begin(office: &Office<'_>, people: &[&Person], number: usize) -> Self {
        let mut pen = Pen { people, number, words: Words::new(), codes: Words::new() };
        let sought = named(&mut pen);
        let visited = office.post("desk", "/api/v1/contacts", visit(&mut pen, &sought));
        let id = |value: &Value| value.as_str().unwrap().to_owned();
        let (person, contact) = (id(&visited["person"]), id(&visited["contact"]));
        let story = pen.text("people.protection_sealed", "was followed from the port");
        let change = json!({"version": 1, "changes": {
            "protection": {"concerns": ["older_person_alone"], "note": story}
        }});
        office.done("officer", "PATCH", &format!("/api/v1/people/{person}"), change);

        let request = office.search("caseworker", request(&mut pen, &sought));
        let note = pen.text("request_actions.note_sealed", "asked at the radio station");
        let action = json!({"kind": "mass_tracing", "result": "pending", "note": note});
        office.post("caseworker", &format!("/api/v1/requests/{request}/actions"), action);
        let candidate = office.candidate("caseworker", &request);
        let note = pen.text("candidate_events.note_sealed", "has the same scar as told");
        office.decide("caseworker", &candidate, "propose", json!({"note": note}));
        let referral = refer(office, &mut pen, &person);
        let Pen { words, codes, .. } = pen;
        Self { words, codes, named: sought, person, contact, request, candidate, referral }
    }
}

/// The names by which somebody is met and sought.
fn named(pen: &mut Pen<'_>) -> Value {
    json!({
        "given_names": pen.name("people.given_names_sealed"),
        "family_names": pen.name("people.family_names_sealed"),
        "father_name": pen.name("people.father_name_sealed"),
        "sex": pen.choose("people.sex_sealed", "female", json!("female")),
    })
}

fn yes(kind: &str) -> Value {
    json!({"kind": kind, "status": "given", "method": "oral_witnessed", "language": "en"})
}

fn visit(pen: &mut Pen<'_>, named: &Value) -> Value {
    let mut person = named.clone();
    let day = pen.keep("people.birth_sealed", format!("19{:02}-04-12", 50 + pen.number % 40));
    let phone = pen.keep("people.phones_sealed", format!("+2547{:08}", 91_000_000 + pen.number * 37));
    let profile = pen.words["people.given_names_sealed"][0].clone();
    pen.keep("people.profile_sealed", profile);
    for (field, value) in [
        ("full_name", json!(pen.name("people.full_name_sealed"))),
        ("original_script_name", json!(pen.name("people.original_script_name_sealed"))),
        ("other_names", json!([{"kind": "nickname", "name": pen.name("people.other_names_sealed")}])),
        ("mother_name", json!(pen.name("people.mother_name_sealed"))),
        ("grandfather_name", json!(pen.name("people.grandfather_name_sealed"))),
        ("spouse_name", json!(pen.name("people.spouse_name_sealed"))),
        ("birth", json!({"date": day})),
        (
            "nationalities",
            pen.choose("people.nationalities_sealed", r#""SOM","ERI","ETH""#, json!(["SOM", "ERI", "ETH"])),
        ),
        ("languages", pen.choose("people.languages_sealed", r#""so","ti","am""#, json!(["so", "ti", "am"]))),
        ("description", json!(pen.text("people.description_sealed", "walks with a carved stick"))),
        ("origin", json!({"name": pen.name("people.origin_sealed")})),
        ("phones", json!([phone])),
        ("reach", json!({"address": pen.text("people.reach_sealed", "sleeps above the bakery")})),
        (
            "functioning",
            pen.choose("people.functioning_sealed", r#""walking":"a_lot""#, json!({"walking": "a_lot"})),
        ),
        ("protection", json!({"concerns": ["older_person_alone"]})),
    ] {
        person[field] = value;
    }
    let mut sharing = yes("share_within_network");
    sharing["restrictions"] =
        json!({"note": pen.text("consents.restrictions_sealed", "fears the brother in law")});
    json!({
        "kind": "service_visit", "services": ["food"], "person": person,
        "consents": [yes("collect_and_store"), yes("tracing_search"), sharing],
        "companions": [{"relation": "sister", "name": pen.name("contacts.companions_sealed")}],
        "next_place": {"name": pen.name("contacts.next_place_sealed")},
        "note": pen.text("contacts.note_sealed", "asked for a pair of shoes"),
    })
}

fn request(pen: &mut Pen<'_>, named: &Value) -> Value {
    const JOURNEY: &str = "sought_persons.journey_sealed";
    const SAFE: &str = "tracing_requests.safe_contact_sealed";
    let day = pen.keep("sought_persons.last_contact_sealed", format!("2011-07-{:02}", 1 + pen.number % 28));
    json!({
        "channel": "in_person", "interview_language": "so",
        "enquirer": {
            "given_names": pen.name("people.given_names_sealed"),
            "reach": {"address": pen.text("people.reach_sealed", "lives by the old cinema")},
        },
        "safe_contact": {
            "times": pen.text(SAFE, "is alone after the evening prayer"),
            "alternate": {"name": pen.name(SAFE), "relation": "cousin", "phone": "+254700999000"},
            "note": pen.text(SAFE, "never when the uncle answers"),
        },
        "circumstances": {
            "cause": "migration",
            "story": pen.text("tracing_requests.circumstances_sealed", "left before dawn with two bags"),
        },
        "sought": [{
            "relation": pen.choose("sought_persons.relation_sealed", "daughter", json!("daughter")),
            "person": named,
            "last_contact": {"on": day, "means": "text", "source": "enquirer"},
            "last_place": {"name": pen.name("sought_persons.last_place_sealed")},
            "journey": {
                "destination": {"name": pen.name(JOURNEY)}, "route": [{"name": pen.name(JOURNEY)}],
                "vessel_or_vehicle": pen.text(JOURNEY, "in a white van"),
                "group": pen.text(JOURNEY, "with nine from the village"),
                "documents": pen.text(JOURNEY, "carried a school card"),
                "health": pen.text(JOURNEY, "coughed since the winter"),
                "companions": [{"relation": "cousin", "name": pen.name(JOURNEY)}],
            },
        }],
    })
}

/// Sent to the other society, and acknowledged there.
fn refer(office: &Office<'_>, pen: &mut Pen<'_>, person: &str) -> String {
    let need = pen.text("referrals.need_sealed", "needs the rent of a widow");
    pen.keep("referrals.copy_sealed", need.clone());
    let form = json!({
        "person": person, "receiver": {"kind": "society", "id": office.southland}, "urgency": "normal",
        "service": "cash", "mode": "phone", "fields": ["given_names", "phones", "need"], "need": need,
    });
    let id = office.post("officer", "/api/v1/referrals", form)["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/referrals/{id}");
    for (version, step, remark) in
        [(1, "record_consent", "nodded and signed"), (2, "send", "was told by telephone")]
    {
        let note = pen.text("referral_events.note_sealed", remark);
        office.post(
            "officer",
            &format!("{path}/steps"),
            json!({"step": step, "version": version, "note": note}),
        );
    }
    office.post("their officer", &format!("{path}/answers"), json!({"step": "acknowledge", "version": 3}));
    id
}
