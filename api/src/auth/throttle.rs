//! Slowing down those who guess: by source, by account and source together, by account, and strangers all together.
//!
//! | who | at once | then one in |
//! |---|--:|--:|
//! | one source | 60 | 2 s |
//! | one account from one source | 8 | 30 s |
//! | strangers at one account | 40 | 20 s |
//! | strangers at all accounts | 120 | twice one check of a password, over how many run at once; 50 ms to 2 s |
//! | enrolment codes | 120 | 50 ms |
//!
//! In that order: what one source may ask is taken from its own share first, so that a flood from one place never
//! empties what is shared. Strangers together get half of what this machine can check, measured at the start. Nobody can
//! lock somebody else out for good: whoever comes from where the account has signed in before ([`super::known`]) is held
//! by the limits of their own source only. The addresses of one IPv6 network of 64 bits are one source, for whoever has
//! one of them has them all.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{NotUntil, Quota, RateLimiter};

use super::known::Standing;
use crate::kernel::AccountId;

/// A login, or an enrolment code, as the limiter knows it: its hash.
pub(super) type AccountKey = [u8; 32];

type Keyed<K, C> = RateLimiter<K, DefaultKeyedStateStore<K>, C, NoOpMiddleware<<C as Clock>::Instant>>;
type Direct<C> = RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Old buckets are dropped once in so many attempts.
const SWEEP: u32 = 1024;

pub struct Throttle<C: Clock = DefaultClock> {
    clock: C,
    both: Keyed<(AccountKey, IpAddr), C>,
    account: Keyed<AccountKey, C>,
    source: Keyed<IpAddr, C>,
    strangers: Direct<C>,
    /// Apart from signing in: a guess at a code costs no check of a password, and a flood of one does not stop the other.
    codes: Direct<C>,
    /// Refresh tokens brought from one source: every program there brings one in ten minutes.
    refresh: Keyed<IpAddr, C>,
    /// Tries at the present password by whoever holds a session.
    own_password: Keyed<AccountId, C>,
    /// Lines in the audit log about being slowed down: a flood must not become a flood of lines.
    lines: Direct<C>,
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
fn enrolment_key(code_hash: &[u8; 32]) -> AccountKey {
    crypto::derive::sha256(&[b"enrolment", code_hash])
}

/// What counts as one source: an address, or a network of IPv6.
pub(super) fn one_source(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
    }
}

impl Throttle {
    /// With as much time between two strangers, in the long run, as is given.
    pub(super) fn new(one_stranger_per: Duration) -> Self {
        Self::with_clock(one_stranger_per, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Throttle<C> {
    fn with_clock(one_stranger_per: Duration, clock: C) -> Self {
        let direct = |quota| RateLimiter::direct_with_clock(quota, clock.clone());
        Self {
            both: RateLimiter::dashmap_with_clock(quota(8, Duration::from_secs(30)), clock.clone()),
            account: RateLimiter::dashmap_with_clock(quota(40, Duration::from_secs(20)), clock.clone()),
            source: RateLimiter::dashmap_with_clock(quota(60, Duration::from_secs(2)), clock.clone()),
            strangers: direct(quota(120, one_stranger_per)),
            codes: direct(quota(120, Duration::from_millis(50))),
            refresh: RateLimiter::dashmap_with_clock(quota(60, Duration::from_secs(1)), clock.clone()),
            own_password: RateLimiter::dashmap_with_clock(quota(8, Duration::from_secs(30)), clock.clone()),
            lines: direct(quota(20, Duration::from_secs(1))),
            attempts: AtomicU32::new(0),
            clock,
        }
    }

    /// Takes one attempt to sign in, or says how many seconds to wait.
    pub(super) fn attempt(&self, account: AccountKey, source: IpAddr, standing: Standing) -> Result<(), u64> {
        self.own_share(account, source)?;
        match standing {
            Standing::Known => Ok(()),
            Standing::Stranger => {
                self.account.check_key(&account).map_err(|until| self.wait(&until))?;
                self.strangers.check().map_err(|until| self.wait(&until))
            }
        }
    }

    /// Takes one use of an enrolment code, or says how many seconds to wait.
    pub(super) fn enrolment(&self, code_hash: &[u8; 32], source: IpAddr) -> Result<(), u64> {
        let code = enrolment_key(code_hash);
        self.own_share(code, source)?;
        self.account.check_key(&code).map_err(|until| self.wait(&until))?;
        self.codes.check().map_err(|until| self.wait(&until))
    }

    fn own_share(&self, account: AccountKey, source: IpAddr) -> Result<(), u64> {
        self.sweep();
        let source = one_source(source);
        self.source.check_key(&source).map_err(|until| self.wait(&until))?;
        self.both.check_key(&(account, source)).map_err(|until| self.wait(&until))
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

    fn wait(&self, until: &NotUntil<C::Instant>) -> u64 {
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
    use governor::clock::FakeRelativeClock;

    use super::*;

    /// Nine checks a second: half of them are for strangers.
    const PER: Duration = Duration::from_millis(220);

    fn throttle() -> (Throttle<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Throttle::with_clock(PER, clock.clone()), clock)
    }

    fn source(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    /// A login that nobody has, from an address that nobody has.
    fn stranger(throttle: &Throttle<FakeRelativeClock>, number: u32) -> bool {
        let source = Ipv6Addr::from_bits(u128::from(number) << 64);
        throttle.attempt(account_key(&format!("guess-{number}")), source.into(), Standing::Stranger).is_ok()
    }

    #[test]
    fn a_guesser_is_stopped_and_told_how_long() {
        for standing in [Standing::Stranger, Standing::Known] {
            let (throttle, clock) = throttle();
            let account = account_key("amina");
            let waits: Vec<_> = (0..9).map(|_| throttle.attempt(account, source(1), standing)).collect();
            assert!(waits.iter().take(8).all(Result::is_ok));
            assert_eq!(waits.last(), Some(&Err(31)));
            assert!(throttle.attempt(account_key("other"), source(1), standing).is_ok());
            clock.advance(Duration::from_secs(31));
            assert!(throttle.attempt(account, source(1), standing).is_ok());
        }
    }

    #[test]
    fn many_sources_on_one_account_are_stopped_but_its_owner_is_not_locked_out() {
        let (throttle, _) = throttle();
        let account = account_key("amina");
        let from = |last: u8| throttle.attempt(account, source(last), Standing::Stranger);
        assert_eq!((2..=100).filter(|last| from(*last).is_err()).count(), 59);
        assert!(throttle.attempt(account, source(1), Standing::Known).is_ok());
    }

    #[test]
    fn a_flood_from_one_place_leaves_half_of_what_is_shared_to_others() {
        let (throttle, _) = throttle();
        let flood = |i: u16| {
            throttle.attempt(account_key(&format!("guess-{i}")), source(1), Standing::Stranger).is_ok()
        };
        assert_eq!((0..1000).filter(|i| flood(*i)).count(), 60);
        assert_eq!((0..1000).filter(|i| stranger(&throttle, *i)).count(), 60);
    }

    #[test]
    fn a_flood_from_everywhere_is_let_in_no_faster_than_it_may_be_checked() {
        let (throttle, clock) = throttle();
        let mut let_in = 0;
        for number in 0..6000 {
            let_in += u32::from(stranger(&throttle, number));
            clock.advance(Duration::from_millis(10));
            if number % 1000 == 0 {
                let known = throttle.attempt(account_key("amina"), source(1), Standing::Known);
                assert_eq!(known, Ok(()), "whoever is known is not counted there");
            }
        }
        // A minute: what may come at once, and one for each 220 ms.
        assert!((391..=393).contains(&let_in), "{let_in}");
    }

    #[test]
    fn guesses_at_codes_and_guesses_at_passwords_do_not_stop_each_other() {
        let (throttle, _) = throttle();
        let code = |number: u32| {
            let source = Ipv6Addr::from_bits(u128::from(number) << 64);
            throttle.enrolment(&crypto::derive::sha256(&[&number.to_be_bytes()]), source.into()).is_ok()
        };
        assert_eq!((0..1000).filter(|i| stranger(&throttle, *i)).count(), 120);
        assert_eq!((1000..2000).filter(|i| code(*i)).count(), 120);
        assert!(!stranger(&throttle, 2000) && !code(2001));
    }

    #[test]
    fn the_addresses_of_one_network_are_one_source() {
        let ip = |text: &str| one_source(text.parse().unwrap());
        assert_eq!(ip("2001:db8:0:1::7"), ip("2001:db8:0:1:ffff::"));
        assert_ne!(ip("2001:db8:0:1::7"), ip("2001:db8:0:2::7"));
        assert_eq!(ip("::ffff:192.0.2.1"), ip("192.0.2.1"));
    }
}
