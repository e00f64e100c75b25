//! From references and sign-in names to ids, and from ids to the words beside an entry. No personal value is read.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use migrations::db::RawId;
use migrations::uuid::Uuid;

use super::model::{EntryView, Who, Whom};
use crate::audit::Entry;
use crate::db::schema::{accounts, assignments, people, societies, sought_persons, tracing_requests};
use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, Page, PersonId, RequestId, SocietyId};
use crate::policy::{May, ReadAudit, ReportAccess};

/// Ids in one query.
const IDS: usize = 500;

/// Whom a question is about. An id needs no record: entries outlive the person's data.
pub(super) fn whom(conn: &mut Conn, _may: &May<ReadAudit>, whom: &Whom) -> Result<Vec<PersonId>, DbError> {
    let reference = match whom {
        Whom::Person(person) => return Ok(vec![*person]),
        Whom::Reference(reference) => reference.as_str(),
    };
    let person: Option<PersonId> =
        people::table.filter(people::reference.eq(reference)).select(people::id).first(conn).optional()?;
    if let Some(person) = person {
        return Ok(vec![person]);
    }
    let (request, enquirer): (RequestId, PersonId) = tracing_requests::table
        .filter(tracing_requests::reference.eq(reference))
        .select((tracing_requests::id, tracing_requests::enquirer_id))
        .first(conn)?;
    let mut all: Vec<PersonId> = sought_persons::table
        .filter(sought_persons::request_id.eq(request))
        .select(sought_persons::person_id)
        .load(conn)?;
    all.push(enquirer);
    Ok(all)
}

pub(super) fn who(conn: &mut Conn, _may: &May<ReadAudit>, who: &Who) -> Result<AccountId, DbError> {
    match who {
        Who::Account(account) => Ok(*account),
        Who::Login(login) => {
            Ok(accounts::table.filter(accounts::login.eq(login)).select(accounts::id).first(conn)?)
        }
    }
}

/// The person of the own society whose file is asked about. A restricted person is there for the assigned team alone.
pub(super) fn own_person(conn: &mut Conn, may: &May<ReportAccess>, whom: &Whom) -> Result<PersonId, DbError> {
    let (Some(society), Some(account)) = (may.society(), may.account()) else {
        return Err(DbError::NotFound);
    };
    let mut query = people::table
        .filter(people::society_id.eq(society))
        .select((people::id, people::restricted))
        .into_boxed();
    query = match whom {
        Whom::Person(person) => query.filter(people::id.eq(person)),
        Whom::Reference(reference) => query.filter(people::reference.eq(reference.as_str())),
    };
    let (person, restricted): (PersonId, bool) = query.first(conn)?;
    if restricted {
        let _on_the_team: RawId = assignments::table
            .filter(assignments::subject_id.eq(RawId(person.uuid())))
            .filter(assignments::account_id.eq(account))
            .select(assignments::subject_id)
            .first(conn)?;
    }
    Ok(person)
}

/// Puts beside a page's entries what its ids are called: accounts by their sign-in name, societies by their name.
pub(super) fn dress(conn: &mut Conn, page: Page<Entry>) -> Result<Page<EntryView>, DbError> {
    let names = Names::of(conn, &page.items)?;
    Ok(page.map(|entry| names.dress(entry)))
}

pub(super) fn dress_one(conn: &mut Conn, entry: Entry) -> Result<EntryView, DbError> {
    let entries = [entry];
    let names = Names::of(conn, &entries)?;
    let [entry] = entries;
    Ok(names.dress(entry))
}

struct Names {
    accounts: HashMap<AccountId, String>,
    societies: HashMap<SocietyId, String>,
}

impl Names {
    fn of(conn: &mut Conn, entries: &[Entry]) -> Result<Self, DbError> {
        let leaves = || entries.iter().filter_map(|entry| entry.leaf.as_ref());
        let mut ids: HashSet<AccountId> = leaves().filter_map(|leaf| leaf.actor.parse().ok()).collect();
        // A subject is a person or somebody who signs in; the leaf does not say which.
        ids.extend(
            leaves().flat_map(|leaf| &leaf.subjects).filter_map(|id| uuid(id)).map(AccountId::from_uuid),
        );
        let mut named = HashMap::new();
        for ids in ids.into_iter().collect::<Vec<_>>().chunks(IDS) {
            let rows: Vec<(AccountId, String)> = accounts::table
                .filter(accounts::id.eq_any(ids))
                .select((accounts::id, accounts::login))
                .load(conn)?;
            named.extend(rows);
        }
        let ids: HashSet<SocietyId> =
            leaves().filter_map(|leaf| leaf.society.as_deref()?.parse().ok()).collect();
        let rows: Vec<(SocietyId, String)> = societies::table
            .filter(societies::id.eq_any(ids))
            .select((societies::id, societies::name))
            .load(conn)?;
        Ok(Self { accounts: named, societies: rows.into_iter().collect() })
    }

    fn dress(&self, entry: Entry) -> EntryView {
        let Some(leaf) = entry.leaf else {
            return EntryView { seq: entry.seq, at: entry.at, ..EntryView::default() };
        };
        let login = leaf.actor.parse().ok().and_then(|id: AccountId| self.accounts.get(&id).cloned());
        let society = leaf.society.as_deref().and_then(|id| id.parse().ok());
        let subjects = leaf.subjects.iter().filter_map(|id| uuid(id)).map(|id| {
            let account = AccountId::from_uuid(id);
            if self.accounts.contains_key(&account) {
                account.to_string()
            } else {
                PersonId::from_uuid(id).to_string()
            }
        });
        EntryView {
            seq: entry.seq,
            at: entry.at,
            intact: true,
            login,
            society_name: society.and_then(|id: SocietyId| self.societies.get(&id).cloned()),
            subjects: subjects.collect(),
            actor: leaf.actor,
            role: leaf.role,
            society: leaf.society,
            action: leaf.action,
            purpose: leaf.purpose,
            decision: leaf.decision,
            resource: leaf.resource,
            detail: leaf.detail,
            classes: leaf.classes,
            count: leaf.count,
            request: leaf.request,
        }
    }
}

fn uuid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok()
}
