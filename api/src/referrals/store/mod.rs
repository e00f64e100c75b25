//! Referrals in the database. Each query narrows first: to the society that sent, or to the one that receives and only
//! while the referral is open. A restricted person's referral is there for the team alone: the accounts
//! assigned to the person on the sending side, on the receiving side whoever acknowledged.

mod lists;
mod receivers;
mod write;

use std::collections::BTreeSet;

use diesel::dsl::exists;
use diesel::prelude::*;
use migrations::db::MultiBackend;

use super::fields::DisclosedField;
use super::model::{Due, Mode, Receiver, ReceiverKind, Service, Urgency};
use super::states::{Side, State};
use crate::db::schema::{assignments, people, referrals};
use crate::db::{Conn, DbError, Sealed};
use crate::kernel::{AccountId, PersonId, PointId, ProviderId, ReferralId, SocietyId, Timestamp};
use crate::policy::{AnswerReferral, May, Permission, Reach, ReadReferral, SendReferral};
use crate::vault::{ReferralCopy, ReferralNeed, ReferralOutcome};

pub use lists::{list, overdue};
pub use receivers::{Choice, Names, ReceiverFacts, choices, names, receiver};
pub use write::{Advance, Draft, EventRow, advance, assign, events, insert, insert_event, judged, rest_on};

type Boxed = referrals::BoxedQuery<'static, MultiBackend>;

#[derive(Queryable, Selectable)]
#[diesel(table_name = referrals)]
struct Columns {
    id: ReferralId,
    society_id: SocietyId,
    reference: String,
    person_id: PersonId,
    receiver_kind: String,
    receiver_society_id: Option<SocietyId>,
    receiver_point_id: Option<PointId>,
    receiver_provider_id: Option<ProviderId>,
    state: String,
    urgency: String,
    service: String,
    mode: String,
    escort_needed: bool,
    fields: String,
    created_at: i64,
    sent_at: Option<i64>,
    ack_due_at: Option<i64>,
    service_due_at: Option<i64>,
    follow_up_due_at: Option<i64>,
    version: i64,
    need_sealed: Sealed<ReferralNeed>,
    copy_sealed: Option<Sealed<ReferralCopy>>,
    outcome_sealed: Sealed<ReferralOutcome>,
}

/// One referral as stored.
pub struct ReferralRow {
    pub id: ReferralId,
    pub society: SocietyId,
    pub reference: String,
    pub person: PersonId,
    pub receiver: Receiver,
    /// The society that answers; none for a provider outside the network.
    pub answering: Option<SocietyId>,
    pub state: State,
    pub urgency: Urgency,
    pub service: Service,
    pub mode: Mode,
    pub escort_needed: bool,
    pub fields: BTreeSet<DisclosedField>,
    pub created_at: Timestamp,
    pub sent: Option<(Timestamp, Due)>,
    pub version: i64,
    pub need_sealed: Sealed<ReferralNeed>,
    pub copy_sealed: Option<Sealed<ReferralCopy>>,
    pub outcome_sealed: Sealed<ReferralOutcome>,
}

impl TryFrom<Columns> for ReferralRow {
    type Error = DbError;

    fn try_from(row: Columns) -> Result<Self, DbError> {
        Self::read(row).ok_or(DbError::Broken("referral"))
    }
}

impl ReferralRow {
    fn read(row: Columns) -> Option<Self> {
        let receiver = match ReceiverKind::parse(&row.receiver_kind)? {
            ReceiverKind::Society => Receiver::Society(row.receiver_society_id?),
            ReceiverKind::Point => Receiver::Point(row.receiver_point_id?),
            ReceiverKind::Provider => Receiver::Provider(row.receiver_provider_id?),
        };
        let at = |micros: Option<i64>| micros.map(Timestamp::from_micros);
        let sent = match at(row.sent_at) {
            None => None,
            Some(sent) => Some((
                sent,
                Due {
                    acknowledged: at(row.ack_due_at)?,
                    served: at(row.service_due_at)?,
                    followed_up: at(row.follow_up_due_at)?,
                },
            )),
        };
        Some(Self {
            id: row.id,
            society: row.society_id,
            reference: row.reference,
            person: row.person_id,
            receiver,
            answering: row.receiver_society_id,
            state: State::parse(&row.state)?,
            urgency: Urgency::parse(&row.urgency)?,
            service: Service::parse(&row.service)?,
            mode: Mode::parse(&row.mode)?,
            escort_needed: row.escort_needed,
            fields: row.fields.split_whitespace().map(DisclosedField::parse).collect::<Option<_>>()?,
            created_at: Timestamp::from_micros(row.created_at),
            sent,
            version: row.version,
            need_sealed: row.need_sealed,
            copy_sealed: row.copy_sealed,
            outcome_sealed: row.outcome_sealed,
        })
    }
}

fn codes(states: &[State]) -> Vec<&'static str> {
    states.iter().map(|state| state.code()).collect()
}

/// Who looks: an account of a society. The system refers nobody.
fn viewer<P: Permission>(may: &May<P>) -> Result<(SocietyId, AccountId), DbError> {
    may.society().zip(may.account()).ok_or(DbError::NotFound)
}

#[diesel::dsl::auto_type]
fn unrestricted() -> _ {
    exists(people::table.filter(people::id.eq(referrals::person_id)).filter(people::restricted.eq(false)))
}

/// On the team of the person.
#[diesel::dsl::auto_type]
fn on_team(account: AccountId) -> _ {
    exists(
        assignments::table
            .filter(assignments::subject_id.eq(referrals::person_id))
            .filter(assignments::account_id.eq(account)),
    )
}

/// Made or took on this referral.
#[diesel::dsl::auto_type]
fn assigned(account: AccountId) -> _ {
    exists(
        assignments::table
            .filter(assignments::subject_id.eq(referrals::id))
            .filter(assignments::account_id.eq(account)),
    )
}

/// The rows that the caller's side sent.
fn sent_by<P: Permission>(may: &May<P>) -> Result<Boxed, DbError> {
    let (society, account) = viewer(may)?;
    let own = referrals::table
        .filter(referrals::society_id.eq(society))
        .filter(unrestricted().or(on_team(account)))
        .into_boxed();
    Ok(match may.reach() {
        Reach::Nobody => return Err(DbError::NotFound),
        Reach::Assigned => own.filter(assigned(account)),
        Reach::OwnPoint => own.filter(referrals::point_id.eq(may.point())),
        Reach::OwnSociety | Reach::Everyone => own,
    })
}

/// The open rows that the caller's side received. A restricted person's stands there until somebody takes it on.
fn received_by<P: Permission>(may: &May<P>) -> Result<Boxed, DbError> {
    let (society, account) = viewer(may)?;
    let waiting = referrals::state.eq(State::Sent.code());
    let open = referrals::table
        .filter(referrals::receiver_society_id.eq(society))
        .filter(referrals::society_id.ne(society))
        .filter(referrals::state.eq_any(codes(&State::OPEN)))
        .filter(unrestricted().or(waiting).or(assigned(account)))
        .into_boxed();
    Ok(match may.reach() {
        Reach::Nobody => return Err(DbError::NotFound),
        Reach::Assigned => open.filter(assigned(account)),
        Reach::OwnPoint => open.filter(referrals::receiver_point_id.eq(may.point())),
        Reach::OwnSociety | Reach::Everyone => open,
    })
}

fn one(conn: &mut Conn, query: Boxed, id: ReferralId) -> Result<ReferralRow, DbError> {
    let row: Columns = query.filter(referrals::id.eq(id)).select(Columns::as_select()).first(conn)?;
    row.try_into()
}

/// A referral, and from which side the caller sees it.
///
/// # Errors
/// Not found, or the database's.
pub fn find(
    conn: &mut Conn,
    may: &May<ReadReferral>,
    id: ReferralId,
) -> Result<(ReferralRow, Side), DbError> {
    match one(conn, sent_by(may)?, id) {
        Ok(row) => Ok((row, Side::Sender)),
        Err(DbError::NotFound) => Ok((one(conn, received_by(may)?, id)?, Side::Receiver)),
        Err(error) => Err(error),
    }
}

/// A referral that the caller's side sends.
///
/// # Errors
/// Not found, or the database's.
pub fn find_to_send(
    conn: &mut Conn,
    may: &May<SendReferral>,
    id: ReferralId,
) -> Result<ReferralRow, DbError> {
    one(conn, sent_by(may)?, id)
}

/// A referral that the caller answers: one received, or one to a receiver who cannot answer here (a provider, or a
/// point of the own society).
///
/// # Errors
/// Not found, or the database's.
pub fn find_to_answer(
    conn: &mut Conn,
    may: &May<AnswerReferral>,
    id: ReferralId,
) -> Result<ReferralRow, DbError> {
    let (society, _) = viewer(may)?;
    match one(conn, received_by(may)?, id) {
        Err(DbError::NotFound) => {
            let answered_here =
                referrals::receiver_society_id.is_null().or(referrals::receiver_society_id.eq(society));
            one(conn, sent_by(may)?.filter(answered_here), id)
        }
        found => found,
    }
}

/// May this account open what was sent? On the receiving side a restricted person's copy opens only to whoever took
/// the referral on.
///
/// # Errors
/// The database's.
pub fn opens_copy(conn: &mut Conn, may: &May<ReadReferral>, id: ReferralId) -> Result<bool, DbError> {
    let (_, account) = viewer(may)?;
    let row = referrals::table.filter(referrals::id.eq(id)).filter(unrestricted().or(assigned(account)));
    Ok(diesel::select(exists(row)).get_result(conn)?)
}
