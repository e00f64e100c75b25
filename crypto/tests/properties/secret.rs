//! Secrets: gone when they go, and silent while they stay.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crypto::Secret;
use proptest::prelude::*;
use zeroize::Zeroize;

/// Counts how often it was zeroed.
struct Witness(Arc<AtomicUsize>);

impl Zeroize for Witness {
    fn zeroize(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn a_secret_is_zeroed_when_it_goes() {
    let zeroed = Arc::new(AtomicUsize::new(0));
    let secret = Secret::new(Witness(zeroed.clone()));
    assert_eq!(secret.expose().0.load(Ordering::Relaxed), 0);
    drop(secret);
    assert_eq!(zeroed.load(Ordering::Relaxed), 1);
}

#[test]
fn a_mapped_secret_leaves_no_original() {
    let zeroed = Arc::new(AtomicUsize::new(0));
    let length = Secret::new(Witness(zeroed.clone())).map(|_| 5_u8);
    assert_eq!(zeroed.load(Ordering::Relaxed), 1);
    assert_eq!(*length.expose(), 5);
}

proptest! {
    #[test]
    fn text_comes_back_only_from_text(bytes in prop::collection::vec(any::<u8>(), 0..40), text in ".{0,40}") {
        let back = Secret::new(text.clone().into_bytes()).into_text().unwrap();
        prop_assert_eq!(back.expose(), &text);
        let read = Secret::new(bytes.clone()).into_text();
        prop_assert_eq!(read.is_some(), std::str::from_utf8(&bytes).is_ok());
    }

    #[test]
    fn comparing_tells_equal_from_different(a in prop::collection::vec(any::<u8>(), 0..20), b in prop::collection::vec(any::<u8>(), 0..20)) {
        let secret = Secret::new(a.clone());
        prop_assert!(secret.ct_eq(&a));
        prop_assert_eq!(secret.ct_eq(&b), a == b);
        prop_assert_eq!(format!("{secret:?}"), "Secret(..)");
    }
}
