//! Who can receive, by what the registers say, and their names for lists.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::ReferralRow;
use crate::db::schema::{providers, service_points, societies};
use crate::db::{Conn, DbError};
use crate::kernel::{Day, PointId, ProviderId, SocietyId};
use crate::referrals::model::{Receiver, Service};
use crate::referrals::providers::{self as directory, Pathway, ProviderKind};

/// What is known of a receiver.
pub struct ReceiverFacts {
    pub name: String,
    /// ISO 3166-1 alpha-3; a provider counts as being in its society's country.
    pub country: String,
    /// The society that answers; none for a provider.
    pub answering: Option<SocietyId>,
    pub provider: Option<ProviderFacts>,
}

/// What the directory says of a provider.
pub struct ProviderFacts {
    pub kind: ProviderKind,
    pub active: bool,
    pub pathway: Pathway,
    pub services: Vec<Service>,
}

/// Looks a receiver up for somebody of `society`. Providers are found in the own directory only.
///
/// # Errors
/// Not found, or the database's.
pub fn receiver(
    conn: &mut Conn,
    society: SocietyId,
    receiver: Receiver,
    today: Day,
) -> Result<ReceiverFacts, DbError> {
    match receiver {
        Receiver::Society(id) => {
            let (name, country) = society_of(conn, id)?;
            Ok(ReceiverFacts { name, country, answering: Some(id), provider: None })
        }
        Receiver::Point(id) => {
            let (name, country, owner): (String, String, SocietyId) = service_points::table
                .find(id)
                .select((service_points::name, service_points::country, service_points::society_id))
                .first(conn)?;
            Ok(ReceiverFacts { name, country, answering: Some(owner), provider: None })
        }
        Receiver::Provider(id) => {
            let row = directory::find(conn, society, id)?;
            let (_, country) = society_of(conn, society)?;
            let pathway = Pathway::on(today, row.pathway_verified_on, row.review_days);
            let provider =
                ProviderFacts { kind: row.kind, active: row.active, pathway, services: row.services };
            Ok(ReceiverFacts { name: row.name, country, answering: None, provider: Some(provider) })
        }
    }
}

fn society_of(conn: &mut Conn, id: SocietyId) -> Result<(String, String), DbError> {
    Ok(societies::table.find(id).select((societies::name, societies::country)).first(conn)?)
}

/// The names of senders and receivers, by their ids as they read.
pub type Names = BTreeMap<String, String>;

/// # Errors
/// The database's.
pub fn names<'a>(conn: &mut Conn, rows: impl IntoIterator<Item = &'a ReferralRow>) -> Result<Names, DbError> {
    let (mut society_ids, mut point_ids, mut provider_ids) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for row in rows {
        society_ids.insert(row.society);
        match row.receiver {
            Receiver::Society(id) => drop(society_ids.insert(id)),
            Receiver::Point(id) => drop(point_ids.insert(id)),
            Receiver::Provider(id) => drop(provider_ids.insert(id)),
        }
    }
    let mut names = Names::new();
    let found: Vec<(SocietyId, String)> = societies::table
        .filter(societies::id.eq_any(society_ids))
        .select((societies::id, societies::name))
        .load(conn)?;
    names.extend(found.into_iter().map(|(id, name)| (id.to_string(), name)));
    let found: Vec<(PointId, String)> = service_points::table
        .filter(service_points::id.eq_any(point_ids))
        .select((service_points::id, service_points::name))
        .load(conn)?;
    names.extend(found.into_iter().map(|(id, name)| (id.to_string(), name)));
    let found: Vec<(ProviderId, String)> = providers::table
        .filter(providers::id.eq_any(provider_ids))
        .select((providers::id, providers::name))
        .load(conn)?;
    names.extend(found.into_iter().map(|(id, name)| (id.to_string(), name)));
    Ok(names)
}

/// One receiver to choose from.
pub struct Choice {
    pub receiver: Receiver,
    pub name: String,
}

/// Most choices of each kind on one page.
const CHOICES: i64 = 200;

/// Who can be chosen by somebody of `society`: other societies, service points, and the own active providers.
///
/// # Errors
/// The database's.
pub fn choices(conn: &mut Conn, society: SocietyId) -> Result<[Vec<Choice>; 3], DbError> {
    let societies: Vec<(SocietyId, String)> = societies::table
        .filter(societies::id.ne(society))
        .order(societies::name)
        .limit(CHOICES)
        .select((societies::id, societies::name))
        .load(conn)?;
    let points: Vec<(PointId, String)> = service_points::table
        .order(service_points::name)
        .limit(CHOICES)
        .select((service_points::id, service_points::name))
        .load(conn)?;
    let providers: Vec<(ProviderId, String)> = providers::table
        .filter(providers::society_id.eq(society))
        .filter(providers::active.eq(true))
        .order(providers::name)
        .limit(CHOICES)
        .select((providers::id, providers::name))
        .load(conn)?;
    Ok([
        societies.into_iter().map(|(id, name)| Choice { receiver: Receiver::Society(id), name }).collect(),
        points.into_iter().map(|(id, name)| Choice { receiver: Receiver::Point(id), name }).collect(),
        providers.into_iter().map(|(id, name)| Choice { receiver: Receiver::Provider(id), name }).collect(),
    ])
}
