//! What becomes of a search when whoever was found in it is erased: it goes on. A sought person who was located in a record
//! that is gone would be looked for by nobody, and a request that waits for a decision about nobody would tell of them.

use std::collections::BTreeSet;

use super::decide::search_on;
use crate::auth::Core;
use crate::db::{Conn, DbError};
use crate::kernel::{PersonId, SoughtId};
use crate::matches::model::CandidateState;
use crate::matches::store::{self, CandidateRow, Place};
use crate::policy::{ErasePerson, May};
use crate::requests::{self, SoughtState};

/// The decisions that stand about people who are to be erased, of requests that stay.
pub struct LeftBehind(Vec<(CandidateRow, Place)>);

impl LeftBehind {
    /// Reads them while they are still there. The caller holds the requests.
    ///
    /// # Errors
    /// The database's.
    pub fn by(conn: &mut Conn, erased: &[PersonId]) -> Result<Self, DbError> {
        let decided = store::decided_about(conn, erased)?;
        let stays = decided.into_iter().filter(|(.., sought)| !erased.contains(sought));
        let placed = stays.map(|(row, request, sought_person)| {
            let place = Place { sought: row.sought_id, sought_person, request };
            (row, place)
        });
        Ok(Self(placed.collect()))
    }

    /// Has the requests searched on, once the people are gone. Gives whoever is looked for again.
    ///
    /// # Errors
    /// The database's.
    pub fn search_on(
        self,
        tx: &mut Conn,
        core: &Core,
        may: &May<ErasePerson>,
    ) -> Result<Vec<PersonId>, DbError> {
        let located = |row: &CandidateRow| row.state == CandidateState::Verified.code();
        let mut again: BTreeSet<(SoughtId, PersonId)> = BTreeSet::new();
        for (_, place) in self.0.iter().filter(|(row, _)| located(row)) {
            if again.insert((place.sought, place.sought_person)) && !store::is_verified(tx, place.sought)? {
                requests::set_sought_state(tx, core, place.sought, SoughtState::Sought)?;
            }
        }
        for (row, place) in &self.0 {
            search_on(tx, core, may, row, *place)?;
        }
        Ok(again.into_iter().map(|(_, person)| person).collect())
    }
}
