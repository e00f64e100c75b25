//! What has to be known of two people before anything is decided or told about them. In doubt somebody is a child
//! one record that says so is enough. The service opens it itself, and only once nothing else stands in the way:
//! a refusal must not answer questions about people of whom the caller may know nothing.

use super::decide::both;
use crate::auth::Core;
use crate::db::DbError;
use crate::kernel::{ApiError, RequestId};
use crate::matches::store::{CandidateRow, Place};
use crate::people;
use crate::policy::{May, Permission};
use crate::requests;
use crate::vault::store::key_of;

pub(super) struct Safety {
    request: RequestId,
    pub minor: bool,
    /// Somebody noted that a carer may be the danger.
    pub caregiver_implicated: bool,
    /// Somebody who is not family asks for a child.
    pub stranger_to_a_child: bool,
}

impl Safety {
    /// Looks, and the log says so.
    ///
    /// # Errors
    /// The log is away, or a value does not open.
    pub async fn of<P: Permission>(
        core: &Core,
        may: &May<P>,
        row: &CandidateRow,
        place: Place,
    ) -> Result<Self, ApiError> {
        let (here, asked, ids) = (core.clone(), may.clone(), both(place, row));
        let people = core
            .db
            .read(move |conn| {
                let mut people = Vec::new();
                for person in people::of_record(conn, &asked, &ids)? {
                    let key = key_of(conn, &here.vault, person.id)?;
                    people.push((person, key));
                }
                Ok::<_, DbError>(people)
            })
            .await?;
        let (mut minor, mut caregiver_implicated) = (false, false);
        for (person, key) in &people {
            let subject = people::subject(core, person, key).await?;
            minor |= subject.minor;
            caregiver_implicated |= subject.caregiver_implicated;
        }
        let stranger_to_a_child = minor && !requests::sought_by_family(core, place.sought_person).await?;
        Ok(Self { request: place.request, minor, caregiver_implicated, stranger_to_a_child })
    }

    /// The request waits for a reviewer, unless one has looked already.
    ///
    /// # Errors
    /// The database's.
    pub async fn stop<P: Permission>(&self, core: &Core, may: &May<P>) -> Result<(), ApiError> {
        let (here, may, request) = (core.clone(), may.clone(), self.request);
        core.db.write(move |tx| requests::stop(tx, &here, &may, request)).await?;
        core.changes.wake();
        Ok(())
    }
}
