//! Where the making of an invented world happens: its societies and people in roles, and a clock that goes from forty
//! days ago to this moment, so that what is told in the log happened on different days.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Duration;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::auth::Core;
use crate::cli::CliError;
use crate::kernel::{Clock, Day, FixedClock, PointId, SocietyId, Timestamp};
use crate::policy::{Caller, May, Permission, Role, grant};

/// One of the three societies on the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum House {
    /// Where one account of every role works.
    North,
    East,
    South,
}

/// Somebody who acts.
pub(super) type Who = (House, Role);

pub(super) const INTAKE: Who = (House::North, Role::Intake);
pub(super) const CASEWORKER: Who = (House::North, Role::Caseworker);
pub(super) const REVIEWER: Who = (House::North, Role::Reviewer);
pub(super) const OFFICER: Who = (House::North, Role::ProtectionOfficer);
pub(super) const AUDITOR: Who = (House::North, Role::Auditor);
pub(super) const DATA_OFFICER: Who = (House::North, Role::DataProtectionOfficer);

/// The service points of the route, by number; the first is the desk of [`INTAKE`].
pub(super) const HARBOUR: usize = 0;
pub(super) const RESCUE: usize = 1;
pub(super) const GATE: usize = 2;
pub(super) const ROAD: usize = 4;

pub(super) struct Stage {
    pub(super) core: Core,
    pub(super) societies: BTreeMap<House, SocietyId>,
    pub(super) points: Vec<PointId>,
    pub(super) callers: BTreeMap<Who, Caller>,
    clock: Arc<FixedClock>,
    now: Timestamp,
}

impl Stage {
    /// `now` is this moment; the clock stands where the story begins.
    pub(super) fn new(core: Core, clock: Arc<FixedClock>, now: Timestamp) -> Self {
        let (societies, callers) = (BTreeMap::new(), BTreeMap::new());
        Self { core, societies, points: Vec::new(), callers, clock, now }
    }

    /// Lets time pass until so long before this moment. Time never goes back.
    pub(super) fn until(&self, ago: Duration) {
        self.go_to(self.now.minus(ago));
    }

    /// Lets time pass until an hour of a day so many days ago.
    pub(super) fn until_hour(&self, days_ago: i64, hour: i64, minute: i64) {
        let day = self.now.minus(Duration::days(days_ago)).day();
        self.go_to(day.start().plus(Duration::hours(hour)).plus(Duration::minutes(minute)));
    }

    pub(super) fn pass(&self, minutes: i64) {
        self.go_to(self.clock.now().plus(Duration::minutes(minutes)));
    }

    fn go_to(&self, time: Timestamp) {
        let ahead = time.min(self.now).micros() - self.clock.now().micros();
        self.clock.advance(Duration::microseconds(ahead.max(0)));
    }

    /// The day so many days before this moment's.
    pub(super) fn day(&self, days_ago: i64) -> Day {
        self.now.minus(Duration::days(days_ago)).day()
    }

    /// What the policy grants somebody of the cast.
    pub(super) fn may<P: Permission>(&self, who: Who) -> Result<May<P>, CliError> {
        let caller = self.callers.get(&who).cloned();
        Ok(grant(caller.ok_or_else(|| CliError::new(format!("nobody plays {who:?}")))?)?)
    }

    pub(super) fn society(&self, house: House) -> Result<SocietyId, CliError> {
        self.societies.get(&house).copied().ok_or_else(|| CliError::new(format!("no society {house:?}")))
    }

    pub(super) fn point(&self, number: usize) -> Result<PointId, CliError> {
        self.points.get(number).copied().ok_or_else(|| CliError::new(format!("no service point {number}")))
    }
}

/// A form from the words a program would send.
pub(super) fn form<T: DeserializeOwned>(value: Value) -> Result<T, CliError> {
    serde_json::from_value(value).map_err(|e| CliError::new(format!("the invented world: {e}")))
}
