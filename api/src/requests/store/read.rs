//! Reading requests.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use migrations::db::MultiBackend;
use migrations::schema::{
    assignments, people, request_actions, request_circulation, request_endings, request_states, societies,
    sought_persons, tracing_requests,
};

use super::{ActionRow, ListRow, RequestRow, SoughtRow};
use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, PageRequest, PersonId, RequestId, SocietyId, SoughtId};
use crate::people::is_hidden;
use crate::policy::{May, Permission, Reach};
use crate::requests::model::*;

type Requests<'a> = tracing_requests::BoxedQuery<'a, MultiBackend>;

/// The requests `may` reaches, without those about restricted people outside the caller's team. Rows outside do not
/// exist for this caller: they are in no list, no count and no answer.
fn reachable<P: Permission>(may: &May<P>) -> Result<Requests<'static>, DbError> {
    let account = may.account();
    let query = tracing_requests::table.into_boxed();
    let query = match may.reach() {
        Reach::Everyone => query,
        Reach::OwnSociety => match may.society() {
            Some(society) => query.filter(tracing_requests::society_id.eq(society)),
            None => return Err(DbError::NotFound),
        },
        Reach::OwnPoint => match may.point() {
            Some(point) => query.filter(tracing_requests::point_id.eq(point)),
            None => return Err(DbError::NotFound),
        },
        Reach::Assigned => match account {
            Some(account) => query.filter(tracing_requests::id.eq_any(assigned_to(account))),
            None => return Err(DbError::NotFound),
        },
        Reach::Nobody => return Err(DbError::NotFound),
    };
    Ok(query.filter(not(about_hidden(account))))
}

diesel::alias!(sought_persons as beside: Beside);

/// Whether a request is about somebody restricted whose team the account is not on: the enquirer, or anybody sought.
/// Being given the request is not being on the team; the service itself is on none.
#[diesel::dsl::auto_type(no_type_alias)]
pub(crate) fn about_hidden(account: Option<AccountId>) -> _ {
    let sought = beside
        .filter(beside.field(sought_persons::request_id).eq(tracing_requests::id))
        .select(beside.field(sought_persons::person_id));
    let hidden: is_hidden = is_hidden(account);
    let sought_hidden = people::table.filter(people::id.eq_any(sought)).filter(hidden);
    let hidden: is_hidden = is_hidden(account);
    let enquirer_hidden = people::table.filter(people::id.eq(tracing_requests::enquirer_id)).filter(hidden);
    exists(sought_hidden).or(exists(enquirer_hidden))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn assigned_to(account: AccountId) -> _ {
    assignments::table.filter(assignments::account_id.eq(account)).select(assignments::subject_id)
}

/// The request, if it is within reach.
///
/// # Errors
/// Not found, or the database's.
pub fn find<P: Permission>(conn: &mut Conn, may: &May<P>, id: RequestId) -> Result<RequestRow, DbError> {
    Ok(reachable(may)?.filter(tracing_requests::id.eq(id)).select(RequestRow::as_select()).first(conn)?)
}

/// The request whatever the reach: for a decision that already reached it through a candidate.
///
/// # Errors
/// Not found, or the database's.
pub fn by_id(conn: &mut Conn, id: RequestId) -> Result<RequestRow, DbError> {
    Ok(tracing_requests::table.find(id).select(RequestRow::as_select()).first(conn)?)
}

/// Which requests a list shows; what is `None` leaves nothing out.
#[derive(Clone, Copy, Default)]
pub struct Which {
    pub state: Option<RequestState>,
    /// Those of which a death or a detention was stated, and stands so.
    pub ending: Option<EndingState>,
}

/// A page of requests within reach, newest first.
///
/// # Errors
/// As [`find`].
pub fn list<P: Permission>(
    conn: &mut Conn,
    may: &May<P>,
    which: Which,
    page: &PageRequest<RequestId>,
) -> Result<Vec<ListRow>, DbError> {
    let mut query = reachable(may)?;
    if let Some(state) = which.state {
        query = query.filter(tracing_requests::state.eq(state.code()));
    }
    if let Some(ending) = which.ending {
        let stated = request_endings::table.filter(request_endings::state.eq(ending.code()));
        query = query.filter(tracing_requests::id.eq_any(stated.select(request_endings::request_id)));
    }
    if let Some(after) = page.after {
        query = query.filter(tracing_requests::id.lt(after));
    }
    let limit = i64::try_from(page.limit + 1).unwrap_or(i64::MAX);
    Ok(query.order(tracing_requests::id.desc()).limit(limit).select(ListRow::as_select()).load(conn)?)
}

/// The sought persons of a request, in the order they were named.
///
/// # Errors
/// The database's.
pub fn sought_of(conn: &mut Conn, request: RequestId) -> Result<Vec<SoughtRow>, DbError> {
    Ok(sought_persons::table
        .filter(sought_persons::request_id.eq(request))
        .order(sought_persons::id)
        .select(SoughtRow::as_select())
        .load(conn)?)
}

/// One sought person's row.
///
/// # Errors
/// Not found, or the database's.
pub fn sought(conn: &mut Conn, id: SoughtId) -> Result<SoughtRow, DbError> {
    Ok(sought_persons::table.find(id).select(SoughtRow::as_select()).first(conn)?)
}

/// The requests that seek somebody, each with its row about them.
///
/// # Errors
/// The database's.
pub fn seeking(conn: &mut Conn, person: PersonId) -> Result<Vec<(RequestId, SoughtRow)>, DbError> {
    Ok(sought_persons::table
        .filter(sought_persons::person_id.eq(person))
        .order(sought_persons::id)
        .select((sought_persons::request_id, SoughtRow::as_select()))
        .load(conn)?)
}

/// Who is sought by each of these requests.
///
/// # Errors
/// The database's.
pub fn sought_people(conn: &mut Conn, requests: &[RequestId]) -> Result<Vec<(RequestId, PersonId)>, DbError> {
    Ok(sought_persons::table
        .filter(sought_persons::request_id.eq_any(requests.to_vec()))
        .order(sought_persons::id)
        .select((sought_persons::request_id, sought_persons::person_id))
        .load(conn)?)
}

/// The circulation list of a request.
///
/// # Errors
/// The database's, or a code that no list knows.
pub fn circulation_of(conn: &mut Conn, request: RequestId) -> Result<Circulation, DbError> {
    let rows: Vec<(String, String, String)> = request_circulation::table
        .filter(request_circulation::request_id.eq(request))
        .order((request_circulation::recipient_kind, request_circulation::recipient))
        .select((
            request_circulation::recipient_kind,
            request_circulation::recipient,
            request_circulation::rule,
        ))
        .load(conn)?;
    let entries = rows.into_iter().map(|(kind, recipient, rule)| {
        let kind = RecipientKind::parse(&kind).ok_or(DbError::Broken("circulation"))?;
        let rule = Rule::parse(&rule).ok_or(DbError::Broken("circulation"))?;
        Ok(Entry { kind, recipient, rule })
    });
    entries.collect::<Result<_, DbError>>().map(Circulation)
}

/// A society as a possible recipient.
///
/// # Errors
/// Not found, or the database's.
pub fn recipient(conn: &mut Conn, society: SocietyId) -> Result<Recipient, DbError> {
    let country = societies::table.find(society).select(societies::country).first(conn)?;
    Ok(Recipient { society, country })
}

/// Every society but one, by name.
///
/// # Errors
/// The database's.
pub fn other_societies(conn: &mut Conn, own: SocietyId) -> Result<Vec<(SocietyId, String)>, DbError> {
    let others = societies::table.filter(societies::id.ne(own)).order((societies::name, societies::id));
    Ok(others.select((societies::id, societies::name)).load(conn)?)
}

/// What was done for a request, newest first.
///
/// # Errors
/// The database's.
pub fn actions_of(conn: &mut Conn, request: RequestId) -> Result<Vec<ActionRow>, DbError> {
    Ok(request_actions::table
        .filter(request_actions::request_id.eq(request))
        .order((request_actions::at.desc(), request_actions::id.desc()))
        .limit(200)
        .select(ActionRow::as_select())
        .load(conn)?)
}

/// One move in the history of a request: from, to, reason, when, by whom.
pub type Step = (String, String, Option<String>, i64, Option<AccountId>);

/// How a request came to its present state, oldest first.
///
/// # Errors
/// The database's.
pub fn steps_of(conn: &mut Conn, request: RequestId) -> Result<Vec<Step>, DbError> {
    Ok(request_states::table
        .filter(request_states::request_id.eq(request))
        .order((request_states::at, request_states::id))
        .limit(500)
        .select((
            request_states::from_state,
            request_states::to_state,
            request_states::reason,
            request_states::at,
            request_states::by_account,
        ))
        .load(conn)?)
}

/// A stored code that no list knows is damage, not input.
pub fn code<T>(parsed: Option<T>) -> Result<T, DbError> {
    parsed.ok_or(DbError::Broken("request code"))
}
