//! Slowing down those who guess: by source, by account and source together, by account, and for the whole service.
//!
//! In that order: what one source may ask is taken from its own share first, so that a flood from one place never
//! empties what is shared. Nobody can lock somebody else out for good: a source from which an account has signed in
//! before is held by its own limits only. The addresses of one IPv6 network of 64 bits are one source, for whoever has
//! one of them has them all.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter};

use crate::kernel::AccountId;

/// A login, or an enrolment code, as the limiter knows it: its hash.
pub(super) type AccountKey = [u8; 32];

/// Sources remembered as having signed in, at most.
const KNOWN: usize = 100_000;
/// Old buckets are dropped once in so many attempts.
const SWEEP: u32 = 1024;

pub struct Throttle {
    clock: DefaultClock,
    both: DefaultKeyedRateLimiter<(AccountKey, IpAddr)>,
    account: DefaultKeyedRateLimiter<AccountKey>,
    source: DefaultKeyedRateLimiter<IpAddr>,
    all: DefaultDirectRateLimiter,
    /// Refresh tokens brought from one source: every program there brings one in ten minutes.
    refresh: DefaultKeyedRateLimiter<IpAddr>,
    /// Tries at the present password by whoever holds a session.
    own_password: DefaultKeyedRateLimiter<AccountId>,
    /// Lines in the audit log about being slowed down: a flood must not become a flood of lines.
    lines: DefaultDirectRateLimiter,
    known: Mutex<HashSet<(AccountKey, IpAddr)>>,
    attempts: AtomicU32,
}

fn quota(burst: u32, one_per: Duration) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(one_per).unwrap_or(Quota::per_second(NonZeroU32::MIN)).allow_burst(burst)
}

pub(super) fn account_key(login: &str) -> AccountKey {
    crypto::derive::sha256(&[b"throttle", login.as_bytes()])
}

/// Codes have buckets of their own, so that nobody is held up by guesses at another's.
pub(super) fn enrolment_key(code_hash: &[u8; 32]) -> AccountKey {
    crypto::derive::sha256(&[b"enrolment", code_hash])
}

fn one_source(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
    }
}

impl Throttle {
    pub(super) fn new() -> Self {
        Self {
            clock: DefaultClock::default(),
            both: RateLimiter::keyed(quota(8, Duration::from_secs(30))),
            account: RateLimiter::keyed(quota(40, Duration::from_secs(20))),
            source: RateLimiter::keyed(quota(60, Duration::from_secs(2))),
            all: RateLimiter::direct(quota(120, Duration::from_millis(50))),
            refresh: RateLimiter::keyed(quota(60, Duration::from_secs(1))),
            own_password: RateLimiter::keyed(quota(8, Duration::from_secs(30))),
            lines: RateLimiter::direct(quota(20, Duration::from_secs(1))),
            known: Mutex::default(),
            attempts: AtomicU32::new(0),
        }
    }

    /// Takes one attempt, or says how many seconds to wait.
    pub(super) fn attempt(&self, account: AccountKey, source: IpAddr) -> Result<(), u64> {
        self.sweep();
        let source = one_source(source);
        self.source.check_key(&source).map_err(|until| self.wait(&until))?;
        self.both.check_key(&(account, source)).map_err(|until| self.wait(&until))?;
        if !self.is_known(account, source) {
            self.account.check_key(&account).map_err(|until| self.wait(&until))?;
            self.all.check().map_err(|until| self.wait(&until))?;
        }
        Ok(())
    }

    /// Takes one refresh, or says how many seconds to wait.
    pub(super) fn refresh(&self, source: IpAddr) -> Result<(), u64> {
        self.sweep();
        self.refresh.check_key(&one_source(source)).map_err(|until| self.wait(&until))
    }

    /// Takes one try at the own present password, or says how many seconds to wait. Apart from signing in: a thief with
    /// a session does not keep its owner from signing in and ending it.
    pub(super) fn own_password(&self, account: AccountId) -> Result<(), u64> {
        self.sweep();
        self.own_password.check_key(&account).map_err(|until| self.wait(&until))
    }

    /// Whether this refusal gets a line of its own in the audit log.
    pub(super) fn deserves_a_line(&self) -> bool {
        self.lines.check().is_ok()
    }

    /// Remembers where an account signs in from.
    pub(super) fn succeeded(&self, account: AccountKey, source: IpAddr) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert((account, one_source(source)));
    }

    fn is_known(&self, account: AccountKey, source: IpAddr) -> bool {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).contains(&(account, source))
    }

    fn wait(&self, until: &NotUntil<governor::clock::QuantaInstant>) -> u64 {
        until.wait_time_from(self.clock.now()).as_secs() + 1
    }

    fn sweep(&self) {
        if self.attempts.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.both.retain_recent();
            self.account.retain_recent();
            self.source.retain_recent();
            self.refresh.retain_recent();
            self.own_password.retain_recent();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn a_guesser_is_stopped_and_told_how_long() {
        let throttle = Throttle::new();
        let account = account_key("amina");
        let waits: Vec<_> = (0..12).map(|_| throttle.attempt(account, source(1))).collect();
        assert!(waits.iter().take(8).all(Result::is_ok));
        assert!(matches!(waits.last(), Some(Err(1..=31))), "{waits:?}");
        assert!(throttle.attempt(account_key("other"), source(1)).is_ok());
    }

    #[test]
    fn many_sources_on_one_account_are_stopped_but_its_owner_is_not_locked_out() {
        let throttle = Throttle::new();
        let account = account_key("amina");
        assert!(throttle.attempt(account, source(1)).is_ok());
        throttle.succeeded(account, source(1));
        let stopped = (2..=100).filter(|last| throttle.attempt(account, source(*last)).is_err()).count();
        assert!(stopped >= 50, "{stopped}");
        assert!(throttle.attempt(account, source(1)).is_ok());
    }

    #[test]
    fn a_flood_from_one_place_leaves_the_shared_limit_to_others() {
        let throttle = Throttle::new();
        let flood = |i: u16| throttle.attempt(account_key(&format!("guess-{i}")), source(1));
        assert!((0..1000).filter(|i| flood(*i).is_err()).count() >= 900);
        assert!(throttle.attempt(account_key("heron"), source(2)).is_ok());
    }

    #[test]
    fn the_addresses_of_one_network_are_one_source() {
        let ip = |text: &str| one_source(text.parse().unwrap());
        assert_eq!(ip("2001:db8:0:1::7"), ip("2001:db8:0:1:ffff::"));
        assert_ne!(ip("2001:db8:0:1::7"), ip("2001:db8:0:2::7"));
        assert_eq!(ip("::ffff:192.0.2.1"), ip("192.0.2.1"));
    }
}
