//! A holder for what must not linger: keys and opened values. It cannot be copied, compared, printed or serialised
//! by accident, and its memory is zeroed when it goes.

use std::fmt;

use rand::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// A secret value, zeroed on drop.
///
/// The value lives in one heap place, so moving the `Secret` leaves no copy behind. It has no `Clone`, no
/// `PartialEq`, no serialisation, and its `Debug` form is the constant `Secret(..)`.
///
/// ```compile_fail,E0599
/// crypto::Secret::new(vec![1u8]).clone();
/// ```
/// ```compile_fail,E0369
/// let _ = crypto::Secret::new(vec![1u8]) == crypto::Secret::new(vec![1u8]);
/// ```
/// ```compile_fail,E0277
/// println!("{}", crypto::Secret::new(String::from("Amani")));
/// ```
///
/// # Security
/// Whatever [`Secret::expose`] is copied into is outside this protection, and so are copies that the caller's own
/// stack held before [`Secret::new`]. Build fixed-size keys in place with [`Secret::filled`].
pub struct Secret<T: Zeroize>(Box<T>);

impl<T: Zeroize> Secret<T> {
    /// Takes `value` into custody.
    pub fn new(value: T) -> Self {
        Self(Box::new(value))
    }

    /// The value, for as long as the borrow lasts.
    ///
    /// # Security
    /// Never log, format or store the result.
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// Turns the secret into another one and zeroes the first.
    pub fn map<U: Zeroize>(self, f: impl FnOnce(&T) -> U) -> Secret<U> {
        Secret::new(f(&self.0))
    }
}

impl<const N: usize> Secret<[u8; N]> {
    /// Writes a fixed-size secret straight into its final place.
    pub fn filled(write: impl FnOnce(&mut [u8; N])) -> Self {
        let mut secret = Self(Box::new([0; N]));
        write(&mut secret.0);
        secret
    }

    /// `N` random bytes.
    pub fn random(rng: &mut dyn CryptoRng) -> Self {
        Self::filled(|bytes| rng.fill_bytes(bytes))
    }
}

impl<T: Zeroize + AsRef<[u8]>> Secret<T> {
    /// Whether the secret equals `other`, in time that depends on the lengths only.
    pub fn ct_eq(&self, other: &[u8]) -> bool {
        self.0.as_ref().as_ref().ct_eq(other).into()
    }
}

impl Secret<Vec<u8>> {
    /// The same bytes as text, without another copy in memory; `None` when they are not UTF-8.
    pub fn into_text(mut self) -> Option<Secret<String>> {
        match String::from_utf8(std::mem::take(&mut self.0)) {
            Ok(text) => Some(Secret::new(text)),
            Err(refused) => {
                drop(Zeroizing::new(refused.into_bytes()));
                None
            }
        }
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
