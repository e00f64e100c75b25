//! Drafting a referral and moving it on; each row is replaced as a whole for its next version.

use std::collections::BTreeSet;

use diesel::dsl::exists;
use diesel::prelude::*;
use migrations::db::RawId;

use super::viewer;
use crate::db::schema::{assignments, referral_consents, referral_events, referrals};
use crate::db::{Conn, DbError, Sealed};
use crate::kernel::{AccountId, ActionId, ConsentId, Reference, ReferralId, SocietyId, Timestamp};
use crate::policy::{May, SendReferral};
use crate::referrals::fields::DisclosedField;
use crate::referrals::model::{Due, NewReferral, Receiver};
use crate::referrals::states::State;
use crate::referrals::told::Reason;
use crate::vault::{ReferralCopy, ReferralNeed, ReferralNote, ReferralOutcome};

/// Stores a draft, assigned to whoever made it.
///
/// # Errors
/// The database's.
pub fn insert(
    tx: &mut Conn,
    may: &May<SendReferral>,
    id: ReferralId,
    draft: &Draft<'_>,
) -> Result<(), DbError> {
    let (society, account) = viewer(may)?;
    let new = draft.new;
    let (point, provider) = match new.receiver {
        Receiver::Society(_) => (None, None),
        Receiver::Point(point) => (Some(point), None),
        Receiver::Provider(provider) => (None, Some(provider)),
    };
    diesel::insert_into(referrals::table)
        .values((
            (
                referrals::id.eq(id),
                referrals::society_id.eq(society),
                referrals::point_id.eq(may.point()),
                referrals::reference.eq(draft.reference.as_str()),
                referrals::person_id.eq(new.person),
                referrals::receiver_kind.eq(new.receiver.kind().code()),
                referrals::receiver_society_id.eq(draft.answering),
                referrals::receiver_point_id.eq(point),
                referrals::receiver_provider_id.eq(provider),
                referrals::state.eq(State::Draft.code()),
            ),
            (
                referrals::urgency.eq(new.urgency.code()),
                referrals::service.eq(new.service.code()),
                referrals::mode.eq(new.mode.code()),
                referrals::escort_needed.eq(new.escort_needed),
                referrals::fields.eq(field_codes(&new.fields)),
                referrals::created_at.eq(draft.now.micros()),
                referrals::created_by.eq(account),
                referrals::updated_at.eq(draft.now.micros()),
                referrals::version.eq(1),
                referrals::need_sealed.eq(&draft.need_sealed),
                referrals::outcome_sealed.eq(&draft.outcome_sealed),
            ),
        ))
        .execute(tx)?;
    assign(tx, id, account, draft.now)
}

/// What a draft is stored with besides what was said.
pub struct Draft<'a> {
    pub new: &'a NewReferral,
    pub reference: Reference,
    pub answering: Option<SocietyId>,
    pub now: Timestamp,
    pub need_sealed: Sealed<ReferralNeed>,
    pub outcome_sealed: Sealed<ReferralOutcome>,
}

fn field_codes(fields: &BTreeSet<DisclosedField>) -> String {
    let codes: Vec<_> = fields.iter().map(|field| field.code()).collect();
    codes.join(" ")
}

/// Puts an account on the referral, once.
///
/// # Errors
/// The database's.
pub fn assign(tx: &mut Conn, id: ReferralId, account: AccountId, now: Timestamp) -> Result<(), DbError> {
    let subject = RawId(id.uuid());
    let there = assignments::table.find((subject, account));
    if !diesel::select(exists(there)).get_result::<bool>(tx)? {
        diesel::insert_into(assignments::table)
            .values((
                assignments::subject_id.eq(subject),
                assignments::account_id.eq(account),
                assignments::since.eq(now.micros()),
            ))
            .execute(tx)?;
    }
    Ok(())
}

/// A referral after a step, sealed for its next version.
pub struct Advance {
    pub state: State,
    pub sent: Option<(Timestamp, Due)>,
    pub need_sealed: Sealed<ReferralNeed>,
    pub copy_sealed: Option<Sealed<ReferralCopy>>,
    pub outcome_sealed: Sealed<ReferralOutcome>,
}

/// Moves a referral on, if it still stands at `version`. Says whether it did.
///
/// # Errors
/// The database's.
pub fn advance(
    tx: &mut Conn,
    id: ReferralId,
    version: i64,
    to: &Advance,
    now: Timestamp,
) -> Result<bool, DbError> {
    let due = |pick: fn(&Due) -> Timestamp| to.sent.as_ref().map(|(_, due)| pick(due).micros());
    let row = referrals::table.filter(referrals::id.eq(id)).filter(referrals::version.eq(version));
    let changed = diesel::update(row)
        .set((
            referrals::state.eq(to.state.code()),
            referrals::sent_at.eq(to.sent.as_ref().map(|(sent, _)| sent.micros())),
            referrals::ack_due_at.eq(due(|due| due.acknowledged)),
            referrals::service_due_at.eq(due(|due| due.served)),
            referrals::follow_up_due_at.eq(due(|due| due.followed_up)),
            referrals::updated_at.eq(now.micros()),
            referrals::version.eq(version + 1),
            referrals::need_sealed.eq(&to.need_sealed),
            referrals::copy_sealed.eq(&to.copy_sealed),
            referrals::outcome_sealed.eq(&to.outcome_sealed),
        ))
        .execute(tx)?;
    Ok(changed == 1)
}

/// Keeps the answers that were judged when a referral left, in place of those it left under before.
///
/// # Errors
/// The database's.
pub fn rest_on(tx: &mut Conn, id: ReferralId, answers: &BTreeSet<ConsentId>) -> Result<(), DbError> {
    diesel::delete(referral_consents::table).filter(referral_consents::referral_id.eq(id)).execute(tx)?;
    for answer in answers {
        diesel::insert_into(referral_consents::table)
            .values((referral_consents::referral_id.eq(id), referral_consents::consent_id.eq(answer)))
            .execute(tx)?;
    }
    Ok(())
}

/// The answers that were judged when a referral left.
///
/// # Errors
/// The database's.
pub fn judged(conn: &mut Conn, id: ReferralId) -> Result<BTreeSet<ConsentId>, DbError> {
    let answers = referral_consents::table.filter(referral_consents::referral_id.eq(id));
    let answers: Vec<ConsentId> = answers.select(referral_consents::consent_id).load(conn)?;
    Ok(answers.into_iter().collect())
}

/// One step that was taken.
pub struct EventRow {
    pub id: ActionId,
    pub from: State,
    pub to: State,
    pub reason: Option<Reason>,
    pub at: Timestamp,
    pub by: Option<AccountId>,
    /// The version of the referral that the step made: events are never changed, and this orders them.
    pub version: i64,
    pub note_sealed: Sealed<ReferralNote>,
}

/// # Errors
/// The database's.
pub fn insert_event(tx: &mut Conn, referral: ReferralId, event: &EventRow) -> Result<(), DbError> {
    diesel::insert_into(referral_events::table)
        .values((
            referral_events::id.eq(event.id),
            referral_events::referral_id.eq(referral),
            referral_events::from_state.eq(event.from.code()),
            referral_events::to_state.eq(event.to.code()),
            referral_events::reason.eq(event.reason.map(Reason::code)),
            referral_events::at.eq(event.at.micros()),
            referral_events::by_account.eq(event.by),
            referral_events::version.eq(event.version),
            referral_events::note_sealed.eq(&event.note_sealed),
        ))
        .execute(tx)?;
    Ok(())
}

type EventColumns =
    (ActionId, String, String, Option<String>, i64, Option<AccountId>, i64, Sealed<ReferralNote>);

/// The steps of a referral in order.
///
/// # Errors
/// The database's.
pub fn events(conn: &mut Conn, referral: ReferralId) -> Result<Vec<EventRow>, DbError> {
    let rows: Vec<EventColumns> = referral_events::table
        .filter(referral_events::referral_id.eq(referral))
        .order(referral_events::version.asc())
        .select((
            referral_events::id,
            referral_events::from_state,
            referral_events::to_state,
            referral_events::reason,
            referral_events::at,
            referral_events::by_account,
            referral_events::version,
            referral_events::note_sealed,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, from, to, reason, at, by, version, note_sealed)| {
            let broken = || DbError::Broken("referral event");
            Ok(EventRow {
                id,
                from: State::parse(&from).ok_or_else(broken)?,
                to: State::parse(&to).ok_or_else(broken)?,
                reason: reason.as_deref().map(|code| Reason::parse(code).ok_or_else(broken)).transpose()?,
                at: Timestamp::from_micros(at),
                by,
                version,
                note_sealed,
            })
        })
        .collect()
}
