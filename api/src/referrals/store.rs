//! Referrals in the database. Each query narrows first: to the society that sent, or to the one that receives and only
//! while the referral is open. A restricted person's referral is there for the team alone: the accounts
//! assigned to the person on the sending side, on the receiving side whoever acknowledged.

use std::collections::BTreeSet;

use diesel::dsl::exists;
use diesel::prelude::*;
use migrations::db::{MultiBackend, RawId};
use migrations::schema::{
    assignments, people, providers, referral_events, referrals, service_points, societies,
};

use super::fields::DisclosedField;
use super::model::{Due, Late, Mode, NewReferral, Reason, Receiver, ReceiverKind, Service, Urgency};
use super::states::{Side, State};
use crate::db::{Conn, DbError, Sealed};
use crate::kernel::{
    AccountId, ActionId, PersonId, PointId, ProviderId, Reference, ReferralId, SocietyId, Timestamp,
};
use crate::policy::{
    AnswerReferral, May, Permission, Reach, ReadOverdueReferrals, ReadReferral, SendReferral,
};
use crate::vault::{ReferralCopy, ReferralNeed, ReferralNote, ReferralOutcome};

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

/// One side's referrals after `after`, newest first; open ones only when received, whatever state when sent.
///
/// # Errors
/// The database's.
pub fn list(
    conn: &mut Conn,
    may: &May<ReadReferral>,
    side: Side,
    after: Option<ReferralId>,
    limit: usize,
) -> Result<Vec<ReferralRow>, DbError> {
    let mut query = match side {
        Side::Sender => sent_by(may)?,
        Side::Receiver => received_by(may)?,
    };
    if let Some(after) = after {
        query = query.filter(referrals::id.lt(after));
    }
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<Columns> =
        query.order(referrals::id.desc()).limit(limit).select(Columns::as_select()).load(conn)?;
    rows.into_iter().map(ReferralRow::try_from).collect()
}

/// What one side has let pass its due time, the longest due first. The same three cases as [`super::model::late`].
///
/// # Errors
/// The database's.
pub fn overdue(
    conn: &mut Conn,
    may: &May<ReadOverdueReferrals>,
    side: Side,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<ReferralRow>, DbError> {
    let query = match side {
        Side::Sender => sent_by(may)?,
        Side::Receiver => received_by(may)?,
    };
    let states = |part: Late| codes(part.states());
    let acknowledgement =
        referrals::state.eq_any(states(Late::Acknowledgement)).and(referrals::ack_due_at.lt(now.micros()));
    let service =
        referrals::state.eq_any(states(Late::Service)).and(referrals::service_due_at.lt(now.micros()));
    let follow_up =
        referrals::state.eq_any(states(Late::FollowUp)).and(referrals::follow_up_due_at.lt(now.micros()));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<Columns> = query
        .filter(acknowledgement.or(service).or(follow_up))
        .order((referrals::service_due_at.asc(), referrals::id.asc()))
        .limit(limit)
        .select(Columns::as_select())
        .load(conn)?;
    rows.into_iter().map(ReferralRow::try_from).collect()
}

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

/// One step that was taken.
pub struct EventRow {
    pub id: ActionId,
    pub from: State,
    pub to: State,
    pub reason: Option<Reason>,
    pub at: Timestamp,
    pub by: Option<AccountId>,
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
        .order((referral_events::at.asc(), referral_events::id.asc()))
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
