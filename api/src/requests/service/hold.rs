//! Who holds a request: given to a colleague, taken away, and shown.

use super::change::{assign_all, everybody};
use crate::auth::Core;
use crate::db::DbError;
use crate::kernel::{AccountId, ApiError, RequestId, Wrong, invalid};
use crate::people;
use crate::policy::{AssignRequest, May, ReadRequest};
use crate::requests::model::*;
use crate::requests::store;
use crate::requests::view::Holder;

/// Gives a request to an account of the same society, or takes it away; everybody it is about goes with it, but for
/// those restricted.
///
/// # Errors
/// The account does not work on requests there; not found.
pub async fn assign(
    core: &Core,
    may: May<AssignRequest>,
    id: RequestId,
    form: AssignForm,
) -> Result<(), ApiError> {
    let here = core.clone();
    core.db
        .write(move |tx| {
            let row = store::find(tx, &may, id)?;
            if !form.remove && !store::can_work(tx, &may, form.account, row.society_id)? {
                return Err(DbError::Refused(invalid(
                    "account",
                    Wrong::NotAHolder.says("does not work on requests here; a live caseworker or reviewer of this society is taken"),
                )));
            }
            let people = everybody(tx, &row)?;
            if form.remove {
                people::unassign(tx, id.uuid(), form.account)?;
                people::unassign_people(tx, &people, form.account)?;
            } else {
                assign_all(tx, &here, id, &people, form.account)?;
            }
            let detail = if form.remove { "unassigned" } else { "assigned" };
            here.audit.append(tx, &may, |e| e.about_all(people).about(form.account).on(id).detail(detail))?;
            Ok(())
        })
        .await
}

/// Who holds a request, and who else may.
pub struct Holding {
    pub reference: String,
    pub holders: Vec<Holder>,
    /// Account, login and role of colleagues who may hold it and do not.
    pub able: Vec<(AccountId, String, String)>,
}

/// Who holds a request, without opening anything of it.
///
/// # Errors
/// Not found; the audit log is away.
pub async fn holding(core: &Core, may: &May<ReadRequest>, id: RequestId) -> Result<Holding, ApiError> {
    let asked = may.clone();
    let (row, people, holders, mut able) = core
        .db
        .read(move |conn| {
            let row = store::find(conn, &asked, id)?;
            let people = everybody(conn, &row)?;
            let able = store::workers(conn, &asked, row.society_id)?;
            Ok::<_, DbError>((row, people, store::holders(conn, &asked, id)?, able))
        })
        .await?;
    core.audit.look(may, |e| e.about_all(people).on(id).detail("holders")).await?;
    able.retain(|(account, ..)| holders.iter().all(|(holder, _)| holder != account));
    let holders = holders.into_iter().map(Holder::from).collect();
    Ok(Holding { reference: row.reference, holders, able })
}
