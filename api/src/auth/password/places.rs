//! Who waits for Argon2, and in which order.
//!
//! ```text
//! stranger ─► one of n + 24 places ─► one of n lanes ─┐
//!                                                     ├─► one of n turns, in the order of coming
//! known ────► one of 2n + 32 places ──────────────────┘      (n checks run at once, two unless configured)
//! ```
//! Strangers stand in 24 places of the queue at most, and one for each check that runs; n + 8 are left to those who are
//! known, whatever a flood does. A place is taken before anything else is done for an attempt, so that the surplus of a
//! flood costs no query and no line in the audit log.
//!
//! Strangers wait for one another in their lanes, and only one for each lane waits for a turn: whoever is known waits
//! for one check of a stranger to end, and not for all who came before.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::auth::known::Standing;

/// Strangers that may wait for their turn, besides those whose check runs.
const STRANGERS: usize = 24;
/// Places that no stranger takes, besides one for each check that may run.
const KEPT: usize = 8;

/// Between two strangers in the long run: what was measured is bound to these, so that a machine that was busy or idle
/// for the one moment does not shut strangers out, nor let a flood in.
const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(2);

/// The places of one service.
pub(super) struct Places {
    all: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    lanes: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

/// A place in the queue.
pub(in crate::auth) struct Place {
    _all: OwnedSemaphorePermit,
    stranger: Option<OwnedSemaphorePermit>,
}

/// Nobody else's: Argon2 may run.
pub(super) struct Turn {
    _place: Place,
    _lane: Option<OwnedSemaphorePermit>,
    _turn: OwnedSemaphorePermit,
}

impl Places {
    pub(super) fn new(at_once: usize) -> Self {
        let of = |permits: usize| Arc::new(Semaphore::new(permits));
        Self {
            all: of(at_once + STRANGERS + at_once + KEPT),
            strangers: of(at_once + STRANGERS),
            lanes: of(at_once),
            turns: of(at_once),
        }
    }

    /// A place, if there is one left for this standing.
    pub(super) fn take(&self, standing: Standing) -> Option<Place> {
        let stranger = match standing {
            Standing::Known => None,
            Standing::Stranger => Some(self.strangers.clone().try_acquire_owned().ok()?),
        };
        Some(Place { _all: self.all.clone().try_acquire_owned().ok()?, stranger })
    }

    /// Waits for a turn.
    pub(super) async fn turn(&self, place: Place) -> Option<Turn> {
        let lane = match place.stranger {
            Some(_) => Some(self.lanes.clone().acquire_owned().await.ok()?),
            None => None,
        };
        let turn = self.turns.clone().acquire_owned().await.ok()?;
        Some(Turn { _place: place, _lane: lane, _turn: turn })
    }
}

/// How often a stranger may come in the long run: half of what this machine can check, when one check took `check`.
pub(super) fn one_stranger_per(check: Duration, at_once: usize, cores: usize) -> Duration {
    let truly = u32::try_from(at_once.min(cores).max(1)).unwrap_or(u32::MAX);
    (check.saturating_mul(2) / truly).clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    const AT_ONCE: usize = 2;

    fn take(places: &Places, standing: Standing, wanted: usize) -> Vec<Place> {
        (0..wanted).filter_map(|_| places.take(standing)).collect()
    }

    #[test]
    fn of_a_burst_of_strangers_some_wait_and_places_are_left_for_whoever_is_known() {
        let places = Places::new(AT_ONCE);
        let strangers = take(&places, Standing::Stranger, 120);
        assert_eq!(strangers.len(), AT_ONCE + 24);
        let known = take(&places, Standing::Known, 120);
        assert_eq!(known.len(), AT_ONCE + 8);
        drop(strangers);
        assert_eq!(take(&places, Standing::Stranger, 120).len(), AT_ONCE + 24);
        drop(known);
        assert_eq!(take(&places, Standing::Known, 120).len(), 2 * AT_ONCE + 32, "when no stranger waits");
    }

    #[tokio::test]
    async fn whoever_is_known_is_next_however_many_strangers_came_before() {
        let places = Arc::new(Places::new(1));
        let order = Arc::new(Mutex::new(Vec::new()));
        let busy = places.turns.clone().acquire_owned().await.unwrap();
        let comes = |standing, name| {
            let (places, order) = (places.clone(), order.clone());
            let place = places.take(standing).unwrap();
            tokio::spawn(async move {
                let _turn = places.turn(place).await.unwrap();
                order.lock().unwrap().push(name);
            })
        };
        let mut all: Vec<_> = (0..20).map(|_| comes(Standing::Stranger, "stranger")).collect();
        tokio::task::yield_now().await;
        all.push(comes(Standing::Known, "known"));
        tokio::task::yield_now().await;
        drop(busy);
        for one in all {
            one.await.unwrap();
        }
        let order = order.lock().unwrap();
        let before = order.iter().position(|name| *name == "known");
        assert_eq!((order.len(), before), (21, Some(1)), "after the one who stood at the turn already");
    }

    #[test]
    fn strangers_get_half_of_what_the_machine_can_check() {
        let per = |millis, at_once, cores| one_stranger_per(Duration::from_millis(millis), at_once, cores);
        // Two at once, 220 ms each: nine a second, so four and a half.
        assert_eq!(per(220, 2, 8), Duration::from_millis(220));
        assert_eq!(per(220, 4, 8), Duration::from_millis(110));
        assert_eq!(
            per(220, 4, 1),
            Duration::from_millis(440),
            "four at once on one core are no faster than one"
        );
        assert_eq!(per(0, 2, 2), SHORTEST);
        assert_eq!(per(60_000, 0, 0), LONGEST);
    }
}
