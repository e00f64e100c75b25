//! What has to be known of two people before anything is decided or told about them. In doubt somebody is a child
//! one record that says so is enough. The service opens it itself, and only once nothing else stands in the way:
//! a refusal must not answer questions about people of whom the caller may know nothing.

use super::decide::both;
use crate::auth::Core;
use crate::consent::{Current, Subject};
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
    /// What decides who may say yes for the person found.
    pub found: Subject,
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
        let mut found = Subject { minor: true, caregiver_implicated: true };
        for (person, key) in &people {
            let subject = people::subject(core, person, key).await?;
            minor |= subject.minor;
            caregiver_implicated |= subject.caregiver_implicated;
            if person.id == row.found_id {
                found = subject;
            }
        }
        let stranger_to_a_child = minor && !requests::sought_by_family(core, place.sought_person).await?;
        Ok(Self { request: place.request, minor, caregiver_implicated, stranger_to_a_child, found })
    }

    /// Whoever said this yes for the person found could say it for who they are known to be now.
    ///
    /// # Errors
    /// Somebody else has to be asked.
    pub fn suits(found: Subject, yes: &Current) -> Result<(), ApiError> {
        if found.accepts(yes.given_by, yes.assent) {
            return Ok(());
        }
        Err(ApiError::Conflict(
            "giver_unsuitable",
            "the yes that this would rest on was given by somebody who cannot give it for a child; a suitable adult is \
             asked with the child, or a protection officer records a best-interest decision",
        ))
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
