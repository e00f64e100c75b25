//! Asking a person's consents about a referral: what they cover before it leaves, and whether they still stand after.

use std::collections::{BTreeMap, BTreeSet};

use super::copy::lines;
use super::coverage::{FieldCoverage, Towards, coverage, kinds};
use super::fields::{DisclosedField, classes_of};
use super::model::{Receiver, Service};
use super::store::{self, ReceiverFacts, ReferralRow};
use crate::auth::Core;
use crate::consent::{self, Subject};
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, ConsentId, PersonId, Timestamp};
use crate::people::{self, PersonRow};
use crate::policy::{Class, ClassSet, May, SendReferral};
use crate::vault::{OwnerKey, Receipt, store as keys};

/// What is opened to judge consents: limits in the person's words, birth, and whether a carer is part of the danger.
const JUDGED: ClassSet = ClassSet::of(&[Class::Narrative, Class::Identity, Class::Protection]);

/// A person as found, before anything is opened.
pub struct Found {
    pub person: PersonRow,
    pub key: OwnerKey,
    answers: Vec<consent::History>,
    pub facts: ReceiverFacts,
}

/// What a referral asks of the registers: whom, to whom, for what.
#[derive(Clone, Copy)]
pub struct Question {
    pub person: PersonId,
    pub receiver: Receiver,
    pub service: Service,
}

/// Finds everything that judging needs, within the caller's reach.
///
/// # Errors
/// The person or the receiver is not found, or the database's.
pub fn find(
    conn: &mut Conn,
    core: &Core,
    may: &May<SendReferral>,
    question: Question,
) -> Result<Found, DbError> {
    let society = may.society().ok_or(DbError::NotFound)?;
    let person = people::find(conn, may, question.person)?;
    let key = keys::key_of(conn, &core.vault, question.person)?;
    let all = DisclosedField::ALL.iter().copied().collect();
    let asked = kinds(&all, question.receiver.kind(), question.service);
    let answers = consent::newest(conn, question.person, asked, core.clock.now())?;
    let facts = store::receiver(conn, society, question.receiver, core.clock.now().day())?;
    Ok(Found { person, key, answers, facts })
}

/// What judging found.
pub struct Judged {
    pub fields: Vec<FieldCoverage>,
    /// Under 18, or possibly so.
    pub minor: bool,
    /// The answers that were judged.
    pub answers: BTreeSet<ConsentId>,
}

/// Opens the consents' limits and judges each field.
///
/// # Errors
/// A value does not open.
pub fn judge(
    core: &Core,
    receipt: &Receipt,
    found: Found,
    fields: impl IntoIterator<Item = DisclosedField>,
    question: Question,
) -> Result<(Judged, PersonRow, OwnerKey), ApiError> {
    let Found { person, key, answers, facts } = found;
    let now = core.clock.now();
    let seat = core.vault.seat(&key, person.id.bytes(), person.version);
    let minor = seat.open(receipt, &person.birth_sealed)?.expose().0.is_minor_on(now.day());
    let caregiver_implicated = seat.open(receipt, &person.protection_sealed)?.expose().0.caregiver_implicated;
    let answers = consent::views(answers, &core.vault, &key, receipt)?;
    let subject = Subject { minor, caregiver_implicated };
    let towards = Towards { kind: question.receiver.kind(), name: &facts.name, country: &facts.country };
    let fields = coverage(fields, &answers, subject, &towards, question.service);
    let answers = answers.iter().map(|answer| answer.id).collect();
    Ok((Judged { fields, minor, answers }, person, key))
}

/// The classes to name in the leaf when these fields are judged, and opened too.
pub fn classes(fields: &BTreeSet<DisclosedField>) -> ClassSet {
    JUDGED.or(classes_of(fields))
}

/// Opens the fields as lines, with the need among them when it is to leave.
///
/// # Errors
/// A value does not open.
pub fn open_fields(
    core: &Core,
    receipt: &Receipt,
    row: &ReferralRow,
    person: &PersonRow,
    key: &OwnerKey,
) -> Result<BTreeMap<DisclosedField, Vec<String>>, ApiError> {
    let seat = core.vault.seat(key, person.id.bytes(), person.version);
    let own = core.vault.seat(key, row.id.bytes(), row.version);
    let mut opened = BTreeMap::new();
    for field in &row.fields {
        let lines = match field {
            DisclosedField::Need => vec![own.open(receipt, &row.need_sealed)?.expose().clone()],
            other => lines(*other, person, &seat, receipt)?,
        };
        opened.insert(*field, lines);
    }
    Ok(opened)
}

/// The person may still be kept: whoever agrees to that no longer is referred to nobody, not even without a word about
/// them.
///
/// # Errors
/// They agree no longer; or the database's.
pub fn still_kept(conn: &mut Conn, person: PersonId, now: Timestamp) -> Result<(), DbError> {
    if consent::let_go(conn, &[person], now)?.is_empty() {
        return Ok(());
    }
    Err(DbError::Refused(ApiError::Conflict(
        "kept_no_longer",
        "the person no longer agrees to be kept; ask them again, or have the record erased",
    )))
}

/// Whether the consents that a referral left under still stand, and no other has come since: see [`stand`].
///
/// # Errors
/// The database's.
pub fn still_stand(conn: &mut Conn, row: &ReferralRow, now: Timestamp) -> Result<bool, DbError> {
    let judged = match row.sent {
        Some(_) => Some(store::judged(conn, row.id)?),
        None => None,
    };
    stand(conn, row, judged.as_ref(), now)
}

/// Every kind of consent that the fields need is in force now, and its answer is one that was `judged`, if any was yet.
/// Withdrawn and expired act at once. A later yes may be narrower, or given by somebody else; what it covers is
/// judged only by who may open it, so the receiver loses sight of the copy until the sender has judged and sent again.
///
/// # Errors
/// The database's.
pub fn stand(
    conn: &mut Conn,
    row: &ReferralRow,
    judged: Option<&BTreeSet<ConsentId>>,
    now: Timestamp,
) -> Result<bool, DbError> {
    if !consent::let_go(conn, &[row.person], now)?.is_empty() {
        return Ok(false);
    }
    for kind in kinds(&row.fields, row.receiver.kind(), row.service) {
        let current = consent::current(conn, row.person, kind, now)?;
        let stands = |answer: consent::Current| {
            answer.in_force && judged.is_none_or(|judged| judged.contains(&answer.id))
        };
        if !current.is_some_and(stands) {
            return Ok(false);
        }
    }
    Ok(true)
}
