//! From where accounts have signed in before: whoever comes that way again does not stand in the queue of strangers.
//!
//! That is all it gives. Password and second factor are asked for as of anybody, so a pair outlives a new password and a
//! closed account without opening anything: it is a place in the queue and nothing more.
//!
//! The table holds no login and no address. A pair is HMAC-SHA-256 over both, under a key from the root key, and beside
//! it stands the last day, written once a day in the transaction that begins a session. Sixty days later it is forgotten;
//! at most [`store::MOST`] are kept.
//!
//! Every node holds all of them in memory and asks once a minute for what the others have added. Asking for each pair
//! that is not in memory would cost a query for each guess of a flood, before anything has slowed it down, and the queue
//! of the database is everybody's. So a flood costs it nothing, and whoever is new at one node is a stranger at the
//! others for a minute.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::Duration;

use super::throttle::{AccountKey, one_source};
use super::{Core, store};
use crate::kernel::{Day, Timestamp};
use crate::vault::Secret;

/// How long a pair is remembered after its last sign-in.
const KEPT: Duration = Duration::days(60);
/// How often the other nodes' pairs are asked for.
const FOLLOW: Duration = Duration::seconds(60);

/// Whether an attempt comes from where its login has signed in before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It does; or a session or an enrolment code vouches for whoever asks.
    Known,
    Stranger,
}

/// A login and the network it came from, as this service alone can write them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Pair([u8; 32]);

impl Pair {
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// What this node knows. One for each running service.
pub struct Known {
    key: Secret<[u8; 32]>,
    held: Mutex<Held>,
}

struct Held {
    seen: HashMap<Pair, Day>,
    followed: Timestamp,
}

/// What was last seen on this day is forgotten now.
pub(super) fn forgotten_at(now: Timestamp) -> Day {
    now.minus(KEPT).day()
}

impl Known {
    pub(super) fn new(key: Secret<[u8; 32]>, rows: Vec<(Pair, Day)>, now: Timestamp) -> Self {
        let known = Self { key, held: Mutex::new(Held { seen: HashMap::new(), followed: now }) };
        known.learn(rows, now);
        known
    }

    pub(super) fn pair(&self, account: &AccountKey, source: IpAddr) -> Pair {
        let network = match one_source(source) {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        Pair(crypto::derive::hmac_sha256(self.key.expose(), &crypto::derive::frame(&[account, &network])))
    }

    pub(super) fn standing(&self, pair: &Pair, now: Timestamp) -> Standing {
        match self.lock().seen.get(pair) {
            Some(day) if *day > forgotten_at(now) => Standing::Known,
            _ => Standing::Stranger,
        }
    }

    /// Whether today's sign-in is written down already.
    pub(super) fn is_of_today(&self, pair: &Pair, now: Timestamp) -> bool {
        self.lock().seen.get(pair).is_some_and(|day| *day >= now.day())
    }

    /// Remembers a sign-in that was committed.
    pub(super) fn saw(&self, pair: Pair, now: Timestamp) {
        self.lock().see(pair, now.day());
    }

    /// Once a minute: from which day on there may be news. The day before counts too, for clocks differ.
    fn due(&self, now: Timestamp) -> Option<Day> {
        let mut held = self.lock();
        let last = held.followed;
        if last <= now && now < last.plus(FOLLOW) {
            return None;
        }
        held.followed = now;
        Some(last.min(now).minus(Duration::days(1)).day())
    }

    fn learn(&self, rows: Vec<(Pair, Day)>, now: Timestamp) {
        let mut held = self.lock();
        for (pair, day) in rows {
            held.see(pair, day);
        }
        held.bound(forgotten_at(now), store::MOST);
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn see(&mut self, pair: Pair, day: Day) {
        let held = self.seen.entry(pair).or_insert(day);
        *held = day.max(*held);
    }

    /// Drops what is forgotten, and the oldest where there are too many.
    fn bound(&mut self, forgotten: Day, most: usize) {
        self.seen.retain(|_, day| *day > forgotten);
        let mut days: Vec<Day> = self.seen.values().copied().collect();
        days.sort_unstable_by(|a, b| b.cmp(a));
        if let Some(too_old) = days.get(most).copied() {
            let newer = days.partition_point(|day| *day > too_old);
            let mut room = most - newer;
            self.seen.retain(|_, day| {
                let fits = *day > too_old || (*day == too_old && room > 0);
                room -= usize::from(fits && *day == too_old);
                fits
            });
        }
    }
}

/// Takes up what the other nodes have seen, once a minute. Whoever comes first after it asks for all; the others go on
/// with what is in memory. A database that does not answer is asked again a minute later.
pub(super) async fn follow(core: &Core, now: Timestamp) {
    let Some(since) = core.gate.known.due(now) else { return };
    match core.db.read(move |conn| store::pairs_since(conn, since)).await {
        Ok(rows) => core.gate.known.learn(rows, now),
        Err(error) => tracing::warn!(%error, "what other nodes know of sign-ins was not taken up"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::throttle::account_key;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 7));

    fn spring() -> Timestamp {
        Day::parse("2026-03-01").unwrap().start()
    }

    fn known(rows: Vec<(Pair, Day)>) -> Known {
        Known::new(Secret::new([7; 32]), rows, spring())
    }

    fn pair(number: u32) -> Pair {
        Pair(crypto::derive::sha256(&[&number.to_be_bytes()]))
    }

    #[test]
    fn a_pair_is_one_login_from_one_network_under_one_key() {
        let here = known(Vec::new());
        let one = here.pair(&account_key("amina"), HOME);
        assert_eq!(one, here.pair(&account_key("amina"), "::ffff:198.51.100.7".parse().unwrap()));
        let network = |text: &str| here.pair(&account_key("amina"), text.parse().unwrap());
        assert_eq!(network("2001:db8:0:1::7"), network("2001:db8:0:1::8"));
        assert_ne!(network("2001:db8:0:1::7"), network("2001:db8:0:2::7"));
        assert_ne!(one, here.pair(&account_key("heron"), HOME));
        let elsewhere = Known::new(Secret::new([8; 32]), Vec::new(), spring());
        assert_ne!(one, elsewhere.pair(&account_key("amina"), HOME), "without the key nobody can make it");
    }

    #[test]
    fn a_pair_is_known_for_sixty_days_after_its_last_sign_in() {
        let here = known(Vec::new());
        let at = |day: i64| here.standing(&pair(1), spring().plus(Duration::days(day)));
        assert_eq!(at(0), Standing::Stranger);
        here.saw(pair(1), spring());
        assert_eq!([at(0), at(59), at(60)], [Standing::Known, Standing::Known, Standing::Stranger]);
        let later = spring().plus(Duration::days(10));
        assert!(!here.is_of_today(&pair(1), later));
        here.saw(pair(1), later);
        here.learn(vec![(pair(1), spring().day())], later);
        assert!(here.is_of_today(&pair(1), later), "an older day does not take the place of a newer one");
        assert_eq!([at(69), at(70)], [Standing::Known, Standing::Stranger]);
    }

    #[test]
    fn other_nodes_are_asked_once_a_minute_and_for_no_less_than_a_day() {
        let here = known(Vec::new());
        let after = |seconds: i64| spring().plus(Duration::seconds(seconds));
        let day = |text: &str| Day::parse(text);
        assert_eq!([here.due(after(0)), here.due(after(59))], [None, None]);
        assert_eq!([here.due(after(60)), here.due(after(61))], [day("2026-02-28"), None]);
        let week = 7 * 24 * 3600;
        assert_eq!(here.due(after(week)), day("2026-02-28"), "from the last time on");
        assert_eq!(here.due(after(week - 3600)), day("2026-03-06"), "a clock that was set back");
    }

    #[test]
    fn the_newest_stay_where_there_are_too_many() {
        let day = |number: u32| Day::parse(&format!("2026-02-{:02}", 10 + number)).unwrap();
        let here = known((0..10).map(|n| (pair(n), day(n / 3))).collect());
        here.lock().bound(day(0), 100);
        assert_eq!(here.lock().seen.len(), 7, "the first day is forgotten");
        here.lock().bound(day(0), 5);
        let mut left: Vec<Day> = here.lock().seen.values().copied().collect();
        left.sort_unstable();
        assert_eq!(left, [day(1), day(2), day(2), day(2), day(3)]);
    }
}
