//! Time, handed in. Databases never supply "now", so a test can choose the day.

use std::fmt;
use std::sync::Mutex;

use chrono::{DateTime, Duration, NaiveDate, Utc};

/// Microseconds since 1970 in UTC: what both databases can store exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }
    pub const fn micros(self) -> i64 {
        self.0
    }
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration.num_microseconds().unwrap_or(i64::MAX)))
    }
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(duration.num_microseconds().unwrap_or(i64::MAX)))
    }
    /// The calendar day in UTC.
    pub fn day(self) -> Day {
        Day(self.datetime().date_naive())
    }
    pub fn datetime(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.datetime().format("%Y-%m-%dT%H:%M:%S%.3fZ"))
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// A calendar day, written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub NaiveDate);

impl Day {
    /// `None` unless the text is a real day between 1850 and 2150, written `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        let year = chrono::Datelike::year(&day);
        (text.len() == 10 && (1850..=2150).contains(&year)).then_some(Self(day))
    }
    pub fn plus_days(self, days: u64) -> Self {
        Self(self.0.checked_add_days(chrono::Days::new(days)).unwrap_or(NaiveDate::MAX))
    }
    /// Midnight UTC at the start of this day.
    pub fn start(self) -> Timestamp {
        Timestamp(self.0.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// Where "now" comes from.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    fn now(&self) -> Timestamp {
        Timestamp(Utc::now().timestamp_micros())
    }
}

/// A clock that stands still until a test moves it.
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    pub fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }
    pub fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now = now.plus(by);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
