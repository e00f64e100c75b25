//! Those who keep on asking while the service dies under them: desks that write under idempotency keys until each deed
//! is acknowledged, readers who read everybody once, and the journal of all that they were told.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use serde_json::{Value, json};

use crate::people::{says, visit_of};

/// Desks that write, and readers beside them.
pub const WRITERS: usize = 24;
pub const READERS: usize = 8;

/// Something to be done once, however often it is asked.
#[derive(Clone, Debug)]
pub struct Deed {
    pub key: String,
    pub kind: Kind,
    path: String,
    body: Value,
}

impl Deed {
    /// Whom a visit was with.
    pub fn somebody(&self) -> Value {
        self.body["person"].clone()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Contact,
    Consent,
    Request,
}

/// A deed and the answer that said it was done.
#[derive(Clone, Debug)]
pub struct Done {
    pub deed: Deed,
    pub answer: Value,
}

/// One token for each side of the work.
pub struct Tokens {
    pub desk: String,
    pub caseworker: String,
}

/// Where the service is, what was acknowledged, and what must not happen.
pub struct Clients {
    tokens: Tokens,
    address: RwLock<String>,
    numbers: AtomicUsize,
    asking: AtomicUsize,
    /// No new deeds: those under way are asked for until they are acknowledged.
    ending: AtomicBool,
    /// Everybody goes home at once.
    abandoned: AtomicBool,
    done: Mutex<Vec<Done>>,
    /// People to be read, and people who may be asked for one more consent: each once.
    unread: Mutex<Vec<String>>,
    unasked: Mutex<Vec<String>>,
    read: Mutex<Vec<String>>,
    surprises: Mutex<Vec<String>>,
}

impl Clients {
    pub fn new(tokens: Tokens) -> Self {
        Self {
            tokens,
            address: RwLock::default(),
            numbers: AtomicUsize::new(0),
            asking: AtomicUsize::new(0),
            ending: AtomicBool::new(false),
            abandoned: AtomicBool::new(false),
            done: Mutex::default(),
            unread: Mutex::default(),
            unasked: Mutex::default(),
            read: Mutex::default(),
            surprises: Mutex::default(),
        }
    }

    /// Tells everybody where the service answers now.
    pub fn move_to(&self, address: String) {
        *self.address.write().unwrap_or_else(PoisonError::into_inner) = address;
    }

    /// Requests that wait for an answer at this moment.
    pub fn in_flight(&self) -> usize {
        self.asking.load(Ordering::SeqCst)
    }

    pub fn acknowledged(&self) -> Vec<Done> {
        held(&self.done).clone()
    }

    /// How many deeds, and how many looks, were acknowledged so far.
    pub fn counts(&self) -> (usize, usize) {
        (held(&self.done).len(), held(&self.read).len())
    }

    /// People whose file was shown.
    pub fn shown(&self) -> Vec<String> {
        held(&self.read).clone()
    }

    /// # Panics
    /// An answer came that no kill explains.
    pub fn check(&self) {
        let surprises = held(&self.surprises);
        assert!(surprises.is_empty(), "{} surprises, such as {}", surprises.len(), surprises[0]);
    }

    /// Lets everybody finish what they have begun.
    pub fn end(&self) {
        self.ending.store(true, Ordering::SeqCst);
    }

    /// Sends everybody home when the story ends, however it ends.
    pub fn guard(&self) -> Guard<'_> {
        Guard(self)
    }

    /// Writes deed after deed, each asked for again under its key until it is acknowledged.
    pub fn write(&self) {
        let mut line = Line::new();
        while !self.ending.load(Ordering::SeqCst) && !self.abandoned.load(Ordering::SeqCst) {
            let deed = self.next();
            while !self.abandoned.load(Ordering::SeqCst) {
                if let Some(answer) = self.ask(&mut line, &deed) {
                    self.acknowledge(deed, answer);
                    break;
                }
            }
        }
    }

    /// Reads everybody acknowledged, each once: so one answer has one leaf and no other can stand in for it.
    pub fn read(&self) {
        let mut line = Line::new();
        while !self.ending.load(Ordering::SeqCst) && !self.abandoned.load(Ordering::SeqCst) {
            let Some(person) = held(&self.unread).pop() else {
                std::thread::sleep(Duration::from_millis(1));
                continue;
            };
            let path = format!("/api/v1/people/{person}");
            match self.send(&mut line, "GET", &path, &self.tokens.desk, None, None) {
                Some((200, _)) => held(&self.read).push(person),
                None | Some((503, _)) => {}
                Some(other) => self.surprise(&path, other),
            }
        }
    }

    /// The same deed once more: what the service answers now.
    pub fn again(&self, deed: &Deed) -> Option<(u16, Value)> {
        self.deed(&mut Line::new(), deed)
    }

    /// The reference under which the desk that recorded somebody sees them.
    pub fn reference(&self, person: &str) -> Option<(u16, Value)> {
        let path = format!("/api/v1/people/{person}");
        self.send(&mut Line::new(), "GET", &path, &self.tokens.desk, None, None)
    }

    /// What the index finds for a description.
    pub fn search(&self, person: Value) -> Option<(u16, Value)> {
        let body = json!({"person": person});
        self.send(&mut Line::new(), "POST", "/api/v1/searches", &self.tokens.caseworker, None, Some(&body))
    }

    fn deed(&self, line: &mut Line, deed: &Deed) -> Option<(u16, Value)> {
        let token = if deed.kind == Kind::Request { &self.tokens.caseworker } else { &self.tokens.desk };
        self.send(line, "POST", &deed.path, token, Some(&deed.key), Some(&deed.body))
    }

    fn ask(&self, line: &mut Line, deed: &Deed) -> Option<Value> {
        match self.deed(line, deed) {
            Some((201, answer)) => Some(answer),
            None | Some((503, _)) => None,
            // The killed service's own transaction is still being rolled back by the database.
            Some((409, answer)) if answer["code"] == "idempotency_key_busy" => None,
            Some(other) => {
                self.surprise(&deed.path, other);
                self.abandoned.store(true, Ordering::SeqCst);
                None
            }
        }
    }

    fn acknowledge(&self, deed: Deed, answer: Value) {
        if deed.kind == Kind::Contact {
            let person = answer["person"].as_str().unwrap_or_default().to_owned();
            held(&self.unread).push(person.clone());
            held(&self.unasked).push(person);
        }
        held(&self.done).push(Done { deed, answer });
    }

    fn next(&self) -> Deed {
        let number = self.numbers.fetch_add(1, Ordering::SeqCst);
        let key = format!("deed-{number:08}");
        if number % 8 == 7 {
            let body = json!({
                "channel": "in_person", "interview_language": "en", "enquirer": {"given_names": name(number + 7)},
                "sought": [{"relation": "brother", "person": somebody(number)}],
            });
            return Deed { key, kind: Kind::Request, path: "/api/v1/requests".into(), body };
        }
        let person = if number % 8 == 3 { held(&self.unasked).pop() } else { None };
        match person {
            Some(person) => {
                let path = format!("/api/v1/people/{person}/consents");
                Deed { key, kind: Kind::Consent, path, body: says("share_within_network", "given") }
            }
            None => {
                let body = visit_of(somebody(number));
                Deed { key, kind: Kind::Contact, path: "/api/v1/contacts".into(), body }
            }
        }
    }

    /// Status and body; nothing when the connection broke, before or after the deed was done.
    fn send(
        &self,
        line: &mut Line,
        method: &str,
        path: &str,
        token: &str,
        key: Option<&str>,
        body: Option<&Value>,
    ) -> Option<(u16, Value)> {
        let address = self.address.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{address}{path}"));
        request = request.header("authorization", format!("Bearer {token}"));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(body.map(Value::to_string).unwrap_or_default()).expect("a request");
        self.asking.fetch_add(1, Ordering::SeqCst);
        let answer = line.0.run(request);
        self.asking.fetch_sub(1, Ordering::SeqCst);
        let Ok(mut answer) = answer else {
            // Nobody is there: the next one may be starting.
            line.0 = agent();
            std::thread::sleep(Duration::from_millis(5));
            return None;
        };
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().ok()?;
        Some((status, serde_json::from_str(&text).ok()?))
    }

    fn surprise(&self, path: &str, (status, body): (u16, Value)) {
        held(&self.surprises).push(format!("{path}: {status} {body}"));
    }
}

/// See [`Clients::guard`].
pub struct Guard<'a>(&'a Clients);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.abandoned.store(true, Ordering::SeqCst);
    }
}

/// One client's connection.
struct Line(ureq::Agent);

impl Line {
    fn new() -> Self {
        Self(agent())
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .into()
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Nobody else is called this or has this telephone.
fn somebody(number: usize) -> Value {
    json!({
        "given_names": name(number), "family_names": name(number * 31 + 5), "sex": "female",
        "phones": [format!("+2547{:08}", 10_000_000 + number)],
    })
}

fn name(number: usize) -> String {
    const SYLLABLES: [&str; 16] =
        ["ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wu", "za"];
    (0..4).map(|place| SYLLABLES[number / 16_usize.pow(place) % 16]).collect()
}
