//! Passwords: Argon2id with a pepper that the database does not hold, a bound on how many run at once and who waits for
//! them ([`places`]), and a dummy for unknown logins, so that unknown and wrong take the same time. What may become a
//! password at all: [`guess`].

mod guess;
mod places;

use std::sync::Arc;
use std::time::{Duration, Instant};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

pub use guess::check_new;
pub(super) use places::Place;

use super::known::Standing;
use super::model::Password;
use crate::config::AccountsConfig;
use crate::kernel::{ApiError, Chance};
use crate::vault::Secret;
use places::Places;

/// Hashes and checks passwords. Shared by all threads.
pub struct Passwords {
    params: Params,
    pepper: Secret<[u8; 32]>,
    places: Places,
    at_once: usize,
    dummy: String,
    /// What hashing the dummy took on this machine.
    took: Duration,
}

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Wrong,
    Right,
    /// Right, and hashed with less than is asked for today.
    RightButWeak,
}

impl Passwords {
    pub(super) fn new(
        config: &AccountsConfig,
        pepper: Secret<[u8; 32]>,
        chance: &Chance,
    ) -> Result<Arc<Self>, ApiError> {
        let params = Params::new(config.argon2_memory_kib, config.argon2_passes, 1, None)
            .map_err(|_| ApiError::Unavailable)?;
        let at_once = config.argon2_at_once.max(1);
        let mut made = Self {
            params,
            pepper,
            places: Places::new(at_once),
            at_once,
            dummy: String::new(),
            took: Duration::ZERO,
        };
        let begun = Instant::now();
        made.dummy = made.hash_here(&Password::new("nobody signs in with this"), chance)?;
        made.took = begun.elapsed();
        Ok(Arc::new(made))
    }

    /// How often a stranger may sign in in the long run, on this machine.
    pub(super) fn one_stranger_per(&self) -> Duration {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        places::one_stranger_per(self.took, self.at_once, cores)
    }

    fn argon2(&self) -> Result<Argon2<'_>, ApiError> {
        Argon2::new_with_secret(
            self.pepper.expose(),
            Algorithm::Argon2id,
            Version::V0x13,
            self.params.clone(),
        )
        .map_err(|_| ApiError::Unavailable)
    }

    /// Hashes on this thread: for the command line and tests.
    ///
    /// # Errors
    /// The machine has not the memory.
    pub fn hash_here(&self, password: &Password, chance: &Chance) -> Result<String, ApiError> {
        let salt: [u8; 16] = chance.bytes();
        let hash: PasswordHash = self
            .argon2()?
            .hash_password_with_salt(password.bytes(), &salt)
            .map_err(|_| ApiError::Unavailable)?;
        Ok(hash.to_string())
    }

    fn check_here(&self, password: &Password, held: Option<&str>) -> Result<Verdict, ApiError> {
        let hash = PasswordHash::new(held.unwrap_or(&self.dummy)).map_err(|_| ApiError::Unavailable)?;
        let right = self.argon2()?.verify_password(password.bytes(), &hash).is_ok();
        let weak = Params::try_from(&hash).map_or(true, |params| {
            params.m_cost() < self.params.m_cost() || params.t_cost() < self.params.t_cost()
        });
        Ok(match (right && held.is_some(), weak) {
            (false, _) => Verdict::Wrong,
            (true, false) => Verdict::Right,
            (true, true) => Verdict::RightButWeak,
        })
    }

    /// A place in the queue of checks.
    ///
    /// # Errors
    /// Too many wait already: strangers are told so while there are places for those who are known.
    pub(super) fn place(&self, standing: Standing) -> Result<Place, ApiError> {
        self.places.take(standing).ok_or(ApiError::Unavailable)
    }

    /// Hashes off the async threads, within the bound. Whoever sets a password has a session or an enrolment code, and
    /// is no stranger.
    ///
    /// # Errors
    /// Too many wait already.
    pub async fn hash(self: &Arc<Self>, password: Password, chance: Arc<Chance>) -> Result<String, ApiError> {
        let place = self.place(Standing::Known)?;
        self.in_turn(place, move |passwords| passwords.hash_here(&password, &chance)).await
    }

    /// Checks off the async threads; without a held hash it works as long and says wrong.
    ///
    /// # Errors
    /// The machine has not the memory.
    pub(super) async fn check(
        self: &Arc<Self>,
        place: Place,
        password: Password,
        held: Option<String>,
    ) -> Result<Verdict, ApiError> {
        self.in_turn(place, move |passwords| passwords.check_here(&password, held.as_deref())).await
    }

    async fn in_turn<T: Send + 'static>(
        self: &Arc<Self>,
        place: Place,
        work: impl FnOnce(&Self) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let turn = self.places.turn(place).await.ok_or(ApiError::Unavailable)?;
        let this = self.clone();
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&this)
        })
        .await
        .map_err(|_| ApiError::Unavailable)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passwords(memory: u32) -> Arc<Passwords> {
        let config =
            AccountsConfig { argon2_memory_kib: memory, argon2_passes: 1, ..AccountsConfig::default() };
        Passwords::new(&config, Secret::new([7; 32]), &Chance::seeded(1)).unwrap()
    }

    #[tokio::test]
    async fn a_right_password_is_right_a_wrong_one_and_an_unknown_account_are_not() {
        let here = passwords(64);
        let hash = here.hash_here(&Password::new("tall heron over wet sand"), &Chance::seeded(2)).unwrap();
        let check = |text: &'static str, held| {
            let here = here.clone();
            async move {
                let place = here.place(Standing::Stranger).unwrap();
                here.check(place, Password::new(text), held).await.unwrap()
            }
        };
        assert_eq!(check("tall heron over wet sand", Some(hash.clone())).await, Verdict::Right);
        assert_eq!(check("tall heron over wet mud", Some(hash.clone())).await, Verdict::Wrong);
        assert_eq!(check("nobody signs in with this", None).await, Verdict::Wrong);
        let stricter = passwords(128);
        let place = stricter.place(Standing::Known).unwrap();
        let again =
            stricter.check(place, Password::new("tall heron over wet sand"), Some(hash)).await.unwrap();
        assert_eq!(again, Verdict::RightButWeak);
    }

    #[tokio::test]
    async fn without_the_pepper_a_stolen_hash_answers_nothing() {
        let hash =
            passwords(64).hash_here(&Password::new("tall heron over wet sand"), &Chance::seeded(2)).unwrap();
        let config = AccountsConfig { argon2_memory_kib: 64, argon2_passes: 1, ..AccountsConfig::default() };
        let elsewhere = Passwords::new(&config, Secret::new([8; 32]), &Chance::seeded(1)).unwrap();
        let place = elsewhere.place(Standing::Known).unwrap();
        let guessed =
            elsewhere.check(place, Password::new("tall heron over wet sand"), Some(hash)).await.unwrap();
        assert_eq!(guessed, Verdict::Wrong);
    }
}
