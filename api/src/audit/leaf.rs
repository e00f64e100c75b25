//! One line of the log, in one canonical form: JSON with fixed fields in fixed order. A leaf that does not come out
//! byte for byte as it went in is not a leaf.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::kernel::{Timestamp, codes};
use crate::policy::{Action, Caller, ClassSet, Purpose};
use crate::vault::Owner;

codes! {
    /// What became of the attempt.
    pub Decision {
        Allowed = "allowed",
        Refused = "refused",
    }
}

/// What is to be written down, before the log adds who, when and where in the order.
#[derive(Clone, Debug)]
pub struct Event {
    pub action: Action,
    pub purpose: Purpose,
    pub decision: Decision,
    /// Everybody whose record is touched or shown; a list names every one.
    pub subjects: Vec<Owner>,
    /// The classes that are opened.
    pub classes: ClassSet,
    /// The record acted on, as its id reads; never a name.
    pub resource: Option<String>,
    /// A stable word for what exactly happened, such as `state:searching` or `signed_in`.
    pub detail: Option<&'static str>,
    /// How many records, where it is not the number of subjects.
    pub count: u64,
    /// SHA-256 over the ciphertexts written, so that a row put back as a whole shows too.
    pub digest: Option<[u8; 32]>,
}

impl Event {
    pub fn new(action: Action, purpose: Purpose) -> Self {
        Self {
            action,
            purpose,
            decision: Decision::Allowed,
            subjects: Vec::new(),
            classes: ClassSet::NONE,
            resource: None,
            detail: None,
            count: 0,
            digest: None,
        }
    }

    pub fn refused(mut self) -> Self {
        self.decision = Decision::Refused;
        self
    }
    pub fn about(mut self, subject: impl Into<Owner>) -> Self {
        self.subjects.push(subject.into());
        self
    }
    pub fn about_all(mut self, subjects: impl IntoIterator<Item = impl Into<Owner>>) -> Self {
        self.subjects.extend(subjects.into_iter().map(Into::into));
        self
    }
    pub fn opening(mut self, classes: ClassSet) -> Self {
        self.classes = classes;
        self
    }
    pub fn on(mut self, resource: impl std::fmt::Display) -> Self {
        self.resource = Some(resource.to_string());
        self
    }
    pub fn detail(mut self, detail: &'static str) -> Self {
        self.detail = Some(detail);
        self
    }
    pub fn counting(mut self, count: u64) -> Self {
        self.count = count;
        self
    }
    pub fn digest(mut self, digest: [u8; 32]) -> Self {
        self.digest = Some(digest);
        self
    }
}

/// Why bytes are not a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a leaf in canonical form")]
pub struct LeafError;

/// A leaf as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// Format version.
    pub v: u8,
    pub seq: u64,
    /// Milliseconds since 1970 in UTC.
    pub at: i64,
    /// `acc_…` or `system:part`.
    pub actor: String,
    pub role: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub session: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub society: Option<String>,
    pub action: String,
    pub purpose: String,
    pub decision: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub resource: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
    /// Ids of everybody touched or shown, in order, each once.
    pub subjects: Vec<String>,
    pub classes: Vec<String>,
    pub count: u64,
    /// Of the ciphertexts written, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub digest: Option<String>,
    /// The number on the caller's page and in the service log.
    pub request: String,
    /// 16 random bytes: a leaf hash shown alone must not let anybody guess the leaf.
    pub nonce: String,
}

impl Leaf {
    pub(super) fn new(seq: u64, at: Timestamp, caller: &Caller, event: &Event, nonce: [u8; 16]) -> Self {
        let actor = &caller.actor;
        let subjects: BTreeSet<String> = event.subjects.iter().map(|s| s.0.simple().to_string()).collect();
        Self {
            v: 1,
            seq,
            at: at.micros().div_euclid(1000),
            actor: actor.to_string(),
            role: actor.role().code().into(),
            session: actor.session().map(|s| hex(&crypto::derive::sha256(&[&s.bytes()]))),
            society: actor.society().map(|s| s.to_string()),
            action: event.action.code().into(),
            purpose: event.purpose.code().into(),
            decision: event.decision.code().into(),
            resource: event.resource.clone(),
            detail: event.detail.map(Into::into),
            count: if event.count > 0 { event.count } else { subjects.len() as u64 },
            subjects: subjects.into_iter().collect(),
            classes: event.classes.iter().map(|c| c.code().into()).collect(),
            digest: event.digest.map(|d| hex(&d)),
            request: format!("{:016x}", caller.request),
            nonce: hex(&nonce),
        }
    }

    /// The one form that is hashed and stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Text and numbers always serialise.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// # Errors
    /// Anything that [`Leaf::to_bytes`] would not write.
    pub fn parse(bytes: &[u8]) -> Result<Self, LeafError> {
        let leaf: Self = serde_json::from_slice(bytes).map_err(|_| LeafError)?;
        if leaf.v == 1 && leaf.to_bytes() == bytes { Ok(leaf) } else { Err(LeafError) }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
