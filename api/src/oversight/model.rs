//! Questions in, entries out.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use crypto::merkle::{leaf_hash, verify_inclusion};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::{Proof, Span};
use crate::kernel::{AccountId, Day, Invalid, InvalidId, PersonId, Reference, Timestamp, Wrong};

/// Whose entries are wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonQuestion)]
pub struct PersonForm {
    /// A person's id (`per_…`), or the printed reference of a person or a tracing request: the request's enquirer and
    /// sought persons are then asked about together.
    #[schema(max_length = 64)]
    pub person: String,
    /// From the page before.
    #[schema(max_length = 20)]
    pub after: Option<String>,
}

/// Whose doings are wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccountQuestion)]
pub struct AccountForm {
    /// An account's id (`acc_…`), or the name it signs in with.
    #[schema(max_length = 200)]
    pub account: String,
    #[schema(max_length = 20)]
    pub after: Option<String>,
}

/// Which time is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeForm {
    /// A day (`YYYY-MM-DD`, in UTC) or a moment (RFC 3339).
    #[schema(max_length = 40)]
    pub from: String,
    /// The last day, or the moment before which to end.
    #[schema(max_length = 40)]
    pub until: String,
    #[schema(max_length = 20)]
    pub after: Option<String>,
}

/// Which older checkpoint the newest is to be compared with.
#[derive(Deserialize, ToSchema, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Since {
    /// The older checkpoint's size; 0 asks for no comparison.
    pub since: Option<u64>,
}

/// A person as an auditor may name one.
#[derive(Debug, PartialEq, Eq)]
pub enum Whom {
    Person(PersonId),
    Reference(Reference),
}

/// An account as an auditor may name one.
#[derive(Debug, PartialEq, Eq)]
pub enum Who {
    Account(AccountId),
    Login(String),
}

/// A question and where its page begins.
pub struct Question<T> {
    pub of: T,
    pub after: Option<u64>,
}

impl TryFrom<PersonForm> for Question<Whom> {
    type Error = Invalid;

    fn try_from(form: PersonForm) -> Result<Self, Invalid> {
        let text = form.person.trim();
        let whom = text.parse().map(Whom::Person).or_else(|_| Reference::parse(text).map(Whom::Reference));
        question(
            whom.map_err(|_| {
                Invalid::at(
                    "person",
                    Wrong::NotAnId
                        .says("is not taken; expected a person's id (per_…) or a printed reference"),
                )
            }),
            form.after,
        )
    }
}

impl TryFrom<AccountForm> for Question<Who> {
    type Error = Invalid;

    fn try_from(form: AccountForm) -> Result<Self, Invalid> {
        let text = form.account.trim();
        let who = match text.parse() {
            Ok(account) => Ok(Who::Account(account)),
            Err(InvalidId) if text.is_empty() || text.len() > 200 || text.contains(char::is_control) => {
                Err(Invalid::at(
                    "account",
                    Wrong::NotAnId.says("is not taken; expected an account's id (acc_…) or a sign-in name"),
                ))
            }
            Err(InvalidId) => Ok(Who::Login(text.to_owned())),
        };
        question(who, form.after)
    }
}

impl TryFrom<TimeForm> for Question<Span> {
    type Error = Invalid;

    fn try_from(form: TimeForm) -> Result<Self, Invalid> {
        let mut problems = Invalid::default();
        let from = problems.take(moment("from", &form.from, 0));
        let until = problems.take(moment("until", &form.until, 1));
        let after = problems.take(after(form.after));
        if let (Some(from), Some(until)) = (from, until)
            && from >= until
        {
            problems.note("until", Wrong::Order.says("lies before the beginning"));
        }
        match (from, until, after) {
            (Some(from), Some(until), Some(after)) if problems.0.is_empty() => {
                Ok(Self { of: Span { from, until }, after })
            }
            _ => Err(problems),
        }
    }
}

/// A day counts from its beginning; as an end it counts whole.
fn moment(field: &'static str, text: &str, whole_days: u64) -> Result<Timestamp, Invalid> {
    let text = text.trim();
    if let Some(day) = Day::parse(text) {
        return Ok(day.plus_days(whole_days).start());
    }
    DateTime::parse_from_rfc3339(text)
        .map(|moment| Timestamp::from_micros(moment.timestamp_micros()))
        .map_err(|_| {
            Invalid::at(
                field,
                Wrong::NotADay.says("is not taken; expected a day (YYYY-MM-DD) or a moment (RFC 3339)"),
            )
        })
}

fn question<T>(of: Result<T, Invalid>, page: Option<String>) -> Result<Question<T>, Invalid> {
    let mut problems = Invalid::default();
    match (problems.take(of), problems.take(after(page))) {
        (Some(of), Some(after)) => Ok(Question { of, after }),
        _ => Err(problems),
    }
}

/// Where a page begins, as the page before said it.
pub fn after(text: Option<String>) -> Result<Option<u64>, Invalid> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    match text.parse::<LeafNumber>() {
        Ok(number) => Ok(Some(number.0)),
        Err(InvalidId) => Err(Invalid::at("after", "is not taken; hand back `next` of the page before")),
    }
}

/// An entry's number in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeafNumber(pub u64);

impl FromStr for LeafNumber {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let number: u64 = text.parse().map_err(|_| InvalidId)?;
        let canonical = number.to_string() == text && i64::try_from(number).is_ok();
        if canonical { Ok(Self(number)) } else { Err(InvalidId) }
    }
}

/// One entry as it is shown.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct EntryView {
    pub seq: u64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// False when the stored bytes are no longer what the log wrote: verify the log.
    pub intact: bool,
    /// `acc_…` or `system:part`.
    pub actor: String,
    /// What the account signs in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    pub role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub society: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub society_name: Option<String>,
    pub action: String,
    pub purpose: String,
    pub decision: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Everybody touched or shown: `per_…`, or `acc_…` where it is somebody who signs in.
    pub subjects: Vec<String>,
    pub classes: Vec<String>,
    pub count: u64,
    pub request: String,
}

/// One access to a person's file, as the person may be told of it: not who by name, but in which role and society.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccessView {
    pub seq: u64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub actor: String,
    pub role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub society_name: Option<String>,
    pub action: String,
    pub purpose: String,
    pub decision: String,
    pub classes: Vec<String>,
}

impl From<EntryView> for AccessView {
    fn from(entry: EntryView) -> Self {
        Self {
            seq: entry.seq,
            at: entry.at,
            actor: entry.actor,
            role: entry.role,
            society_name: entry.society_name,
            action: entry.action,
            purpose: entry.purpose,
            decision: entry.decision,
            classes: entry.classes,
        }
    }
}

/// One entry and the proof that the log holds it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EntryWithProof {
    pub entry: EntryView,
    /// Absent while no checkpoint can be signed: see the verification's `alarm`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<ProofView>,
}

/// All that is needed to check without us that the log holds an entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProofView {
    /// The leaf's bytes in base 64: what is hashed.
    pub leaf: String,
    /// RFC 6962 leaf hash, in base 64.
    pub leaf_hash: String,
    /// The entry's place, counted from 0.
    pub index: u64,
    /// The checkpoint's size.
    pub size: u64,
    /// Inclusion proof in base 64, nearest the leaf first.
    pub hashes: Vec<String>,
    /// The signed note.
    pub checkpoint: String,
    /// The line that checks the note's signature.
    pub verifier_key: String,
    /// Whether the proof leads from the leaf to the checkpoint. Do not take our word for it.
    pub proves: bool,
}

impl ProofView {
    pub fn new(proof: Proof, verifier_key: String) -> Self {
        let signed = &proof.signed.checkpoint;
        let hash = leaf_hash(&proof.leaf);
        let proves = verify_inclusion(proof.seq, signed.size, &hash, &proof.hashes, &signed.root).is_ok();
        Self {
            leaf: STANDARD.encode(&proof.leaf),
            leaf_hash: STANDARD.encode(hash),
            index: proof.seq,
            size: signed.size,
            hashes: proof.hashes.iter().map(|hash| STANDARD.encode(hash)).collect(),
            checkpoint: proof.signed.note,
            verifier_key,
            proves,
        }
    }

    /// The proof as one file (c2sp.org/tlog-proof), the leaf's bytes as its extra line.
    pub fn to_file(&self) -> String {
        let mut file = format!("c2sp.org/tlog-proof@v1\nextra {}\nindex {}\n", self.leaf, self.index);
        for hash in &self.hashes {
            file.push_str(hash);
            file.push('\n');
        }
        file.push('\n');
        file.push_str(&self.checkpoint);
        file
    }
}

/// The newest checkpoint, and how it follows from an older one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CheckpointView {
    pub size: u64,
    /// The signed note.
    pub checkpoint: String,
    pub verifier_key: String,
    /// Consistency proof from `since`, in base 64.
    pub hashes: Vec<String>,
}

/// One thing verification found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FindingView {
    pub code: String,
    pub text: String,
}

/// A verification that runs or ran.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VerificationView {
    pub state: VerificationState,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub begun: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended: Option<Timestamp>,
    /// Entries checked.
    pub done: u64,
    pub of: u64,
    pub checkpoints: u64,
    pub findings: Vec<FindingView>,
    /// Findings past those listed.
    pub more: u64,
    /// Why no checkpoint is being signed, when none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alarm: Option<String>,
}

crate::kernel::codes! {
    /// How a verification stands.
    pub VerificationState {
        Never = "never",
        Running = "running",
        Clean = "clean",
        Findings = "findings",
        /// The database or the checkpoint folder went away: nothing is said about the log.
        Failed = "failed",
    }
}

impl VerificationState {
    pub fn is_running(self) -> bool {
        self == Self::Running
    }
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Findings | Self::Failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(from: &str, until: &str) -> Result<Span, Vec<String>> {
        let form = TimeForm { from: from.into(), until: until.into(), after: None };
        Question::try_from(form)
            .map(|question| question.of)
            .map_err(|problems| problems.0.into_iter().map(|p| p.field).collect())
    }

    #[test]
    fn every_code_a_leaf_can_hold_has_a_word_in_every_language() {
        use crate::policy::{Action, Class, Purpose, Role};
        let codes = [
            ("action-", Action::CODES),
            ("class-", Class::CODES),
            ("purpose-", Purpose::CODES),
            ("role-", Role::CODES),
            ("verification-", VerificationState::CODES),
        ];
        for (prefix, codes) in codes {
            for code in codes {
                let key = format!("{prefix}{code}").replace('_', "-");
                for language in crate::auth::Language::ALL {
                    assert!(crate::web::find(*language, &key).is_some(), "{key} in {language}");
                }
            }
        }
    }

    #[test]
    fn a_day_as_the_end_counts_whole() {
        let span = time("2026-03-01", "2026-03-01").unwrap();
        assert_eq!(span.until.micros() - span.from.micros(), 86_400_000_000);
        assert_eq!(time("2026-03-01T10:00:00Z", "2026-03-01").unwrap().from.micros() % 3_600_000_000, 0);
    }

    #[test]
    fn a_wrong_time_is_named() {
        assert_eq!(time("yesterday", "31.12.2026").unwrap_err(), ["from", "until"]);
        assert_eq!(time("2026-03-02", "2026-03-01").unwrap_err(), ["until"]);
    }

    #[test]
    fn a_person_is_named_by_id_or_reference_and_by_nothing_else() {
        let ask = |person: &str| {
            Question::<Whom>::try_from(PersonForm { person: person.into(), after: None }).map(|q| q.of)
        };
        assert!(matches!(ask("per_00000000000070008000000000000000"), Ok(Whom::Person(_))));
        assert!(matches!(ask(" abcde-fghjk-mnpqr-stvwx-yz012-3 "), Ok(Whom::Reference(_))));
        for wrong in ["", "Amina", "acc_00000000000070008000000000000000", "abcde-fghjk"] {
            assert_eq!(ask(wrong).unwrap_err().0[0].field, "person", "{wrong}");
        }
    }

    #[test]
    fn a_page_begins_where_the_last_one_said() {
        assert_eq!(after(None), Ok(None));
        assert_eq!(after(Some("17".into())), Ok(Some(17)));
        for wrong in ["017", "-1", "x", "18446744073709551615"] {
            assert!(after(Some(wrong.into())).is_err(), "{wrong}");
        }
    }
}
