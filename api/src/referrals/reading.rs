//! Looking at referrals: one, a list, and what is late. A leaf stands in the log before anything is shown.

use std::collections::BTreeSet;

use super::consents::{self, Question};
use super::copy::Copy;
use super::fields::classes_of;
use super::pressing::LateAt;
use super::service::warnings;
use super::states::{Side, State, Step};
use super::store::{self, EventRow, ReferralRow};
use super::view::{BeforeSending, EventView, OwnView, ReferralItem, ReferralView};
use crate::auth::Core;
use crate::db::DbError;
use crate::kernel::{ApiError, Page, PageRequest, ReferralId};
use crate::policy::{AnswerReferral, ClassSet, May, ReadOverdueReferrals, ReadReferral, SendReferral};
use crate::vault::{OwnerKey, Receipt, VaultError, store as keys};
use crate::web::Shown;

/// One referral, as the caller's side sees it.
///
/// # Errors
/// Not found: unknown, foreign, no longer open to a receiver, or its consent is gone.
pub async fn show(core: &Core, may: May<ReadReferral>, id: ReferralId) -> Result<ReferralView, ApiError> {
    let (here, asked) = (core.clone(), may.clone());
    let (row, side, rest) = core
        .db
        .read(move |conn| {
            let (row, side) = store::find(conn, &asked, id)?;
            let stands = consents::still_stand(conn, &row, here.clock.now())?;
            if side == Side::Receiver && !stands {
                return Err(DbError::NotFound);
            }
            let rest = Rest {
                stands,
                opens_copy: side == Side::Sender || store::opens_copy(conn, &asked, id)?,
                names: store::names(conn, [&row])?,
                key: keys::key_of(conn, &here.vault, row.person)?,
                events: if side == Side::Sender { store::events(conn, id)? } else { Vec::new() },
            };
            Ok((row, side, rest))
        })
        .await?;
    let classes = if rest.opens_copy { classes_of(&row.fields) } else { ClassSet::NONE };
    let receipt = core.audit.look(&may, |event| event.about(row.person).on(id).opening(classes)).await?;
    let before = match (side, row.state) {
        (Side::Sender, State::Draft | State::ConsentRecorded) => Some(before(core, &may, &row).await?),
        _ => None,
    };
    let copy = copy(core, &receipt, &row, &rest)?;
    let own = match side {
        Side::Receiver => None,
        Side::Sender => {
            let seat = core.vault.seat(&rest.key, row.id.bytes(), row.version);
            let outcome = seat.show(&receipt, &row.outcome_sealed)?;
            Some(OwnView {
                person: row.person,
                fields: row.fields.iter().copied().collect(),
                need: seat.show(&receipt, &row.need_sealed)?.map(|need| need.expose().clone()).into(),
                outcome: outcome.map(|outcome| outcome.expose().0.clone()).into(),
                events: rest
                    .events
                    .iter()
                    .map(|event| event_view(core, &receipt, &rest.key, event))
                    .collect::<Result<_, _>>()?,
                before,
                consent_gone: row.state.is_open() && !rest.stands,
            })
        }
    };
    let item = ReferralItem::of(&row, &rest.names, core.clock.now());
    Ok(ReferralView { item, version: row.version, side, steps: steps(&may, &row, side), copy, own })
}

struct Rest {
    stands: bool,
    opens_copy: bool,
    names: store::Names,
    key: OwnerKey,
    events: Vec<EventRow>,
}

fn copy(
    core: &Core,
    receipt: &Receipt,
    row: &ReferralRow,
    rest: &Rest,
) -> Result<Option<Shown<Copy>>, ApiError> {
    let Some(sealed) = &row.copy_sealed else { return Ok(None) };
    let seat = core.vault.seat(&rest.key, row.id.bytes(), row.version);
    let text = if rest.opens_copy { seat.show(receipt, sealed)? } else { None };
    let Some(text) = text else { return Ok(Some(Shown::hidden())) };
    let copy = Copy::parse(text.expose()).ok_or(VaultError::DoesNotOpen)?;
    Ok(Some(Shown::value(copy)))
}

fn event_view(
    core: &Core,
    receipt: &Receipt,
    key: &OwnerKey,
    event: &EventRow,
) -> Result<EventView, ApiError> {
    let seat = core.vault.seat(key, event.id.bytes(), event.version);
    let said = seat.show(receipt, &event.note_sealed)?.map(|said| said.expose().0.clone());
    let (from, to, reason) = (event.from, event.to, event.reason);
    Ok(EventView { from, to, reason, at: event.at, by: event.by, said: said.into() })
}

/// What each field's consent says and what to know of the receiver, before sending.
async fn before(core: &Core, may: &May<ReadReferral>, row: &ReferralRow) -> Result<BeforeSending, ApiError> {
    let may = may.also::<SendReferral>()?;
    let question = Question { person: row.person, receiver: row.receiver, service: row.service };
    let (here, asked) = (core.clone(), may.clone());
    let found = core.db.read(move |conn| consents::find(conn, &here, &asked, question)).await?;
    let warnings = warnings(&found.facts, row.service);
    let classes = consents::classes(&BTreeSet::new());
    let receipt = core.audit.look(&may, |event| event.about(row.person).on(row.id).opening(classes)).await?;
    let (judged, ..) = consents::judge(core, &receipt, found, row.fields.iter().copied(), question)?;
    Ok(BeforeSending { minor: judged.minor, coverage: judged.fields, warnings })
}

/// The buttons: the own side's steps, and the receiver's where the receiver cannot answer here.
fn steps(may: &May<ReadReferral>, row: &ReferralRow, side: Side) -> Vec<Step> {
    let answers_here = side == Side::Receiver || row.answering.is_none() || row.answering == may.society();
    let sends = side == Side::Sender && may.also::<SendReferral>().is_ok();
    let answers = answers_here && may.also::<AnswerReferral>().is_ok();
    let of = |side: Side, allowed: bool| Step::possible(row.state, side).filter(move |_| allowed);
    of(Side::Receiver, answers).chain(of(Side::Sender, sends)).collect()
}

/// One side's referrals, newest first, with nothing about the people in them.
///
/// # Errors
/// The database or the audit log is away.
pub async fn list(
    core: &Core,
    may: May<ReadReferral>,
    side: Side,
    page: PageRequest<ReferralId>,
) -> Result<Page<ReferralItem>, ApiError> {
    let (asked, now, limit) = (may.clone(), core.clock.now(), page.limit);
    let (rows, names) = core
        .db
        .read(move |conn| {
            let rows = store::list(conn, &asked, side, page.after, limit + 1)?;
            let names = store::names(conn, &rows)?;
            let mut standing = Vec::with_capacity(rows.len());
            for row in rows {
                let shown = side == Side::Sender || consents::still_stand(conn, &row, now)?;
                standing.push((row, shown));
            }
            Ok::<_, DbError>((standing, names))
        })
        .await?;
    let cut = Page::cut(rows, limit, |(row, _)| row.id.to_string());
    let shown: Vec<_> = cut.items.iter().filter(|(_, shown)| *shown).map(|(row, _)| row).collect();
    let people = shown.iter().map(|row| row.person);
    core.audit.look(&may, |event| event.about_all(people).detail("listed")).await?;
    let items = shown.iter().map(|row| ReferralItem::of(row, &names, now)).collect();
    Ok(Page { items, next: cut.next })
}

/// What one side has let pass its time, most pressing first, without saying whom it is about.
///
/// # Errors
/// The database or the audit log is away.
pub async fn overdue(
    core: &Core,
    may: May<ReadOverdueReferrals>,
    side: Side,
    page: PageRequest<LateAt>,
) -> Result<Page<ReferralItem>, ApiError> {
    let (asked, now, limit) = (may.clone(), core.clock.now(), page.limit);
    let (rows, names) = core
        .db
        .read(move |conn| {
            let (mut rows, mut after) = (Vec::new(), page.after);
            // Whom a receiver may not see any more takes nobody's place on the page.
            while rows.len() <= limit {
                let some = store::overdue(conn, &asked, side, now, after, limit + 1)?;
                let is_all = some.len() <= limit;
                for (place, row) in some {
                    after = Some(place);
                    if side == Side::Sender || consents::still_stand(conn, &row, now)? {
                        rows.push((place, row));
                    }
                }
                if is_all {
                    break;
                }
            }
            let names = store::names(conn, rows.iter().map(|(_, row)| row))?;
            Ok::<_, DbError>((rows, names))
        })
        .await?;
    let cut = Page::cut(rows, limit, |(place, _)| place.to_string());
    let people = cut.items.iter().map(|(_, row)| row.person);
    core.audit.look(&may, |event| event.about_all(people).detail("overdue")).await?;
    Ok(cut.map(|(_, row)| ReferralItem::of(&row, &names, now)))
}

/// Whether the caller's side sent it: a receiver who ended a referral no longer sees it.
///
/// # Errors
/// The database is away.
pub async fn is_ours(core: &Core, may: &May<ReadReferral>, id: ReferralId) -> Result<bool, ApiError> {
    let asked = may.clone();
    core.db
        .read(move |conn| match store::find(conn, &asked, id) {
            Ok((_, side)) => Ok(side == Side::Sender),
            Err(DbError::NotFound) => Ok(false),
            Err(error) => Err(error),
        })
        .await
}
