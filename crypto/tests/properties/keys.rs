//! Wrapped keys: each opens for the one person, society, version and use it was wrapped for.

use crypto::{
    DataKey, KeyError, OpenError, Pad, Place, RootKeeper, RootKey, SocietyKey, WrappedKey, open, seal,
};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

use crate::rng;

const PLACE: Place<'static> =
    Place { society: [1; 16], table: "people", column: "note", row: [2; 16], row_version: 1, key_version: 1 };

/// Whether both are the same key, seen from outside: what one seals, the other opens.
fn same_key(a: &DataKey, b: &DataKey) -> bool {
    let sealed = seal(a, &PLACE, b"Amani", Pad::Names, &mut StdRng::seed_from_u64(1));
    open(b, &PLACE, &sealed).is_ok()
}

proptest! {
    #[test]
    fn a_person_key_unwraps_for_that_person_only(
        mut rng in rng(), society in any::<[u8; 16]>(), version: u32, person in any::<[u8; 16]>(), other in any::<[u8; 16]>(),
    ) {
        prop_assume!(person != other);
        let society_key = SocietyKey::generate(society, version, &mut rng);
        let data_key = DataKey::generate(&mut rng);
        let wrapped = society_key.wrap_data_key(person, &data_key, &mut rng);
        prop_assert!(same_key(&data_key, &society_key.unwrap_data_key(person, &wrapped).unwrap()));
        prop_assert_eq!(society_key.unwrap_data_key(other, &wrapped).unwrap_err(), OpenError);
    }

    #[test]
    fn a_person_key_does_not_unwrap_under_another_society_key(mut rng in rng(), person in any::<[u8; 16]>()) {
        let ours = SocietyKey::generate([1; 16], 1, &mut rng);
        let wrapped = ours.wrap_data_key(person, &DataKey::generate(&mut rng), &mut rng);
        for stranger in [([1; 16], 1), ([1; 16], 2), ([2; 16], 1)] {
            let stranger = SocietyKey::generate(stranger.0, stranger.1, &mut rng);
            prop_assert_eq!(stranger.unwrap_data_key(person, &wrapped).unwrap_err(), OpenError);
        }
    }

    #[test]
    fn a_society_key_unwraps_for_its_society_and_version_only(
        mut rng in rng(), society in any::<[u8; 16]>(), version: u32, other in any::<[u8; 16]>(),
    ) {
        prop_assume!(society != other);
        let root = RootKey::generate(&mut rng);
        let key = SocietyKey::generate(society, version, &mut rng);
        let wrapped = root.wrap_society_key(society, version, &key, &mut rng).unwrap();
        let back = root.unwrap_society_key(society, version, &wrapped).unwrap();
        prop_assert_eq!((back.society(), back.version()), (society, version));
        let person = key.wrap_data_key([9; 16], &DataKey::generate(&mut rng), &mut rng);
        prop_assert!(back.unwrap_data_key([9; 16], &person).is_ok());

        let refused = |root: &RootKey, society, version| root.unwrap_society_key(society, version, &wrapped).unwrap_err();
        prop_assert_eq!(refused(&root, other, version), KeyError::Unopenable);
        prop_assert_eq!(refused(&root, society, version.wrapping_add(1)), KeyError::Unopenable);
        prop_assert_eq!(refused(&RootKey::generate(&mut rng), society, version), KeyError::Unopenable);
    }

    #[test]
    fn a_society_key_is_not_wrapped_under_another_name(mut rng in rng()) {
        let root = RootKey::generate(&mut rng);
        let key = SocietyKey::generate([1; 16], 1, &mut rng);
        for (society, version) in [([2; 16], 1), ([1; 16], 2)] {
            let refused = root.wrap_society_key(society, version, &key, &mut rng).unwrap_err();
            prop_assert_eq!(refused, KeyError::OtherSociety);
        }
    }

    #[test]
    fn a_secret_unwraps_under_its_label_only(
        mut rng in rng(), label in ".{0,20}", other in ".{0,20}", secret in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        prop_assume!(label != other);
        let root = RootKey::generate(&mut rng);
        let wrapped = root.wrap_secret(&label, &secret, &mut rng).unwrap();
        prop_assert!(root.unwrap_secret(&label, &wrapped).unwrap().ct_eq(&secret));
        prop_assert_eq!(root.unwrap_secret(&other, &wrapped).unwrap_err(), KeyError::Unopenable);
        prop_assert!(!root.derive(&label).unwrap().ct_eq(root.derive(&other).unwrap().expose()));
    }

    #[test]
    fn arbitrary_bytes_unwrap_as_nothing(mut rng in rng(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let root = RootKey::generate(&mut rng);
        let key = SocietyKey::generate([1; 16], 1, &mut rng);
        let wrapped = WrappedKey::from_bytes(bytes);
        prop_assert_eq!(key.unwrap_data_key([1; 16], &wrapped).unwrap_err(), OpenError);
        prop_assert_eq!(root.unwrap_society_key([1; 16], 1, &wrapped).unwrap_err(), KeyError::Unopenable);
        prop_assert_eq!(root.unwrap_secret("label", &wrapped).unwrap_err(), KeyError::Unopenable);
    }
}

#[test]
fn every_bit_of_a_wrapped_key_matters() {
    let mut rng = StdRng::seed_from_u64(2);
    let society = SocietyKey::generate([1; 16], 3, &mut rng);
    let wrapped = society.wrap_data_key([2; 16], &DataKey::generate(&mut rng), &mut rng).into_bytes();
    for bit in 0..wrapped.len() * 8 {
        let mut altered = wrapped.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        let refused = society.unwrap_data_key([2; 16], &WrappedKey::from_bytes(altered));
        assert_eq!(refused.unwrap_err(), OpenError, "bit {bit} can be flipped");
    }
}

#[test]
fn a_wrapped_key_of_one_kind_is_never_taken_for_another() {
    let mut rng = StdRng::seed_from_u64(3);
    let root = RootKey::generate(&mut rng);
    let society = SocietyKey::generate([1; 16], 1, &mut rng);
    let wrapped_society = root.wrap_society_key([1; 16], 1, &society, &mut rng).unwrap();
    let wrapped_secret = root.wrap_secret("", &[7; 32], &mut rng).unwrap();
    assert_eq!(root.unwrap_secret("", &wrapped_society).unwrap_err(), KeyError::Unopenable);
    assert_eq!(root.unwrap_society_key([1; 16], 1, &wrapped_secret).unwrap_err(), KeyError::Unopenable);
}

#[test]
fn a_person_gets_one_pseudonym_key_a_label_and_nobody_else_gets_it() {
    let mut rng = StdRng::seed_from_u64(6);
    let (a, b) = (DataKey::generate(&mut rng), DataKey::generate(&mut rng));
    assert!(a.derive("audit").ct_eq(a.derive("audit").expose()));
    assert!(!a.derive("audit").ct_eq(a.derive("other").expose()));
    assert!(!a.derive("audit").ct_eq(b.derive("audit").expose()));
}

#[test]
fn nothing_secret_is_printed() {
    let mut rng = StdRng::seed_from_u64(7);
    let shown = format!(
        "{:?} {:?} {:?} {:?} {:?}",
        DataKey::generate(&mut rng),
        SocietyKey::generate([0; 16], 1, &mut rng),
        RootKey::generate(&mut rng),
        crypto::SigningKey::generate(&mut rng),
        WrappedKey::from_bytes([1, 2, 3]),
    );
    assert_eq!(
        shown,
        "DataKey(Secret(..)) SocietyKey { society: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], version: 1, \
         key: Secret(..) } RootKey(Secret(..)) SigningKey(..) WrappedKey(3 bytes)"
    );
}
