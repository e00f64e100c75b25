//! Sealed fields: they open where they were sealed and nowhere else, and show a size bucket and nothing else.

use std::collections::HashSet;

use crypto::{CryptoRng, DataKey, OpenError, Pad, Place, open, seal, sealed::OVERHEAD};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

use crate::rng;

/// A place that owns its names, so that it can be generated.
#[derive(Debug, Clone, PartialEq)]
struct Spot {
    society: [u8; 16],
    table: String,
    column: String,
    row: [u8; 16],
    row_version: u64,
    key_version: u32,
}

impl Spot {
    fn place(&self) -> Place<'_> {
        let Self { society, table, column, row, row_version, key_version } = self;
        let (society, row, row_version, key_version) = (*society, *row, *row_version, *key_version);
        Place { society, table, column, row, row_version, key_version }
    }
}

fn spot() -> impl Strategy<Value = Spot> {
    (any::<[u8; 16]>(), "[a-z_]{0,12}", "[a-z_]{0,12}", any::<[u8; 16]>(), any::<u64>(), any::<u32>())
        .prop_map(|(society, table, column, row, row_version, key_version)| Spot {
            society,
            table,
            column,
            row,
            row_version,
            key_version,
        })
}

fn pad() -> impl Strategy<Value = Pad> {
    prop_oneof![Just(Pad::Names), Just(Pad::Text), Just(Pad::Profile), Just(Pad::Short)]
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..900)
}

/// Whether `sealed` is refused with the one opaque error.
fn refused(key: &DataKey, place: &Place<'_>, sealed: &[u8]) -> bool {
    matches!(open(key, place, sealed), Err(OpenError))
}

proptest! {
    #[test]
    fn what_is_sealed_opens_in_its_place(mut rng in rng(), spot in spot(), value in value(), pad in pad()) {
        let key = DataKey::generate(&mut rng);
        let sealed = seal(&key, &spot.place(), &value, pad, &mut rng);
        let opened = open(&key, &spot.place(), &sealed).unwrap();
        prop_assert!(opened.ct_eq(&value));
    }

    #[test]
    fn a_moved_value_does_not_open(mut rng in rng(), from in spot(), to in spot(), value in value(), which in 0..6) {
        let key = DataKey::generate(&mut rng);
        let sealed = seal(&key, &from.place(), &value, Pad::Names, &mut rng);
        let mut moved = from.clone();
        match which {
            0 => moved.society = to.society,
            1 => moved.table = to.table,
            2 => moved.column = to.column,
            3 => moved.row = to.row,
            4 => moved.row_version = to.row_version,
            _ => moved.key_version = to.key_version,
        }
        prop_assume!(moved != from);
        prop_assert!(refused(&key, &moved.place(), &sealed));
        prop_assert!(open(&key, &from.place(), &sealed).is_ok());
    }

    #[test]
    fn names_that_run_together_are_still_two_places(mut rng in rng(), letters in "[a-z_]{2,16}", cut in 0..16usize) {
        let key = DataKey::generate(&mut rng);
        let at = |cut: usize| Place {
            society: [1; 16], table: &letters[..cut], column: &letters[cut..],
            row: [2; 16], row_version: 1, key_version: 1,
        };
        let cut = cut % letters.len();
        let sealed = seal(&key, &at(cut), b"Amani", Pad::Names, &mut rng);
        prop_assert!(refused(&key, &at(cut + 1), &sealed));
    }

    #[test]
    fn neighbouring_row_versions_do_not_open(mut rng in rng(), mut spot in spot(), back in any::<bool>()) {
        let key = DataKey::generate(&mut rng);
        let sealed = seal(&key, &spot.place(), b"Amani", Pad::Names, &mut rng);
        let version = spot.row_version;
        spot.row_version = if back { version.wrapping_sub(1) } else { version.wrapping_add(1) };
        prop_assert!(refused(&key, &spot.place(), &sealed));
    }

    #[test]
    fn another_persons_key_does_not_open(mut rng in rng(), spot in spot(), value in value()) {
        let (ours, theirs) = (DataKey::generate(&mut rng), DataKey::generate(&mut rng));
        let sealed = seal(&ours, &spot.place(), &value, Pad::Text, &mut rng);
        prop_assert!(refused(&theirs, &spot.place(), &sealed));
    }

    #[test]
    fn cut_and_extended_values_do_not_open(
        mut rng in rng(), spot in spot(), value in value(), cut in any::<prop::sample::Index>(),
        tail in prop::collection::vec(any::<u8>(), 1..80),
    ) {
        let key = DataKey::generate(&mut rng);
        let sealed = seal(&key, &spot.place(), &value, Pad::Short, &mut rng);
        prop_assert!(refused(&key, &spot.place(), &sealed[..cut.index(sealed.len())]));
        prop_assert!(refused(&key, &spot.place(), &sealed[1 + cut.index(sealed.len())..]));
        prop_assert!(refused(&key, &spot.place(), &[sealed.as_slice(), &tail].concat()));
        prop_assert!(refused(&key, &spot.place(), &[tail.as_slice(), &sealed].concat()));
    }

    #[test]
    fn arbitrary_bytes_do_not_open(mut rng in rng(), spot in spot(), mut bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let key = DataKey::generate(&mut rng);
        prop_assert!(refused(&key, &spot.place(), &bytes));
        if let Some(first) = bytes.first_mut() {
            *first = 1;
        }
        prop_assert!(refused(&key, &spot.place(), &bytes));
    }

    #[test]
    fn parts_of_two_seals_of_one_place_do_not_mix(mut rng in rng(), spot in spot()) {
        let key = DataKey::generate(&mut rng);
        let a = seal(&key, &spot.place(), b"Amani", Pad::Names, &mut rng);
        let b = seal(&key, &spot.place(), b"Baraka", Pad::Names, &mut rng);
        for cut in [25, 57, a.len() - 16] {
            prop_assert!(refused(&key, &spot.place(), &[&a[..cut], &b[cut..]].concat()));
        }
    }

    #[test]
    fn a_sealed_value_shows_its_bucket_only(mut rng in rng(), spot in spot(), value in value(), pad in pad()) {
        let key = DataKey::generate(&mut rng);
        let sealed = seal(&key, &spot.place(), &value, pad, &mut rng);
        prop_assert_eq!(sealed.len(), OVERHEAD + pad.bucket(value.len()));
    }
}

#[test]
fn every_single_bit_matters() {
    let mut rng = StdRng::seed_from_u64(4);
    let key = DataKey::generate(&mut rng);
    let spot = Spot {
        society: [1; 16],
        table: "people".into(),
        column: "family_name".into(),
        row: [2; 16],
        row_version: 7,
        key_version: 1,
    };
    let sealed = seal(&key, &spot.place(), "አማኑኤል".as_bytes(), Pad::Names, &mut rng);
    for bit in 0..sealed.len() * 8 {
        let mut altered = sealed.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(refused(&key, &spot.place(), &altered), "bit {bit} can be flipped");
    }
}

#[test]
fn equal_values_never_look_alike() {
    let mut rng = StdRng::seed_from_u64(5);
    let key = DataKey::generate(&mut rng);
    let place =
        Place { society: [1; 16], table: "t", column: "c", row: [2; 16], row_version: 1, key_version: 1 };
    let mut seal_once = || seal(&key, &place, b"Amani", Pad::Names, &mut rng);
    let sealed: Vec<_> = (0..1000).map(|_| seal_once()).collect();
    for part in [1..25, 25..57, 57..121, 121..137] {
        let distinct: HashSet<_> = sealed.iter().map(|bytes| &bytes[part.clone()]).collect();
        assert_eq!(distinct.len(), sealed.len(), "bytes {part:?} repeat");
    }
}

#[test]
fn buckets_are_the_documented_ones_and_few() {
    let buckets = |pad: Pad, up_to: usize| {
        let mut seen: Vec<_> = (0..=up_to).map(|len| pad.bucket(len)).collect();
        seen.dedup();
        seen
    };
    assert_eq!(buckets(Pad::Names, 500), [64, 128, 256, 512]);
    assert_eq!(buckets(Pad::Short, 60), [32, 64]);
    assert_eq!(buckets(Pad::Profile, 2044), [512, 768, 1024, 1280, 1536, 1792, 2048]);
    assert_eq!(buckets(Pad::Text, 316), [256, 272, 288, 304, 320]);
    // Padmé's own published example: 9 needs 10, 1 MiB + 1 needs 1 MiB + 32 KiB.
    assert_eq!(Pad::Text.bucket((1 << 20) + 1 - 4), (1 << 20) + (1 << 15));
}

#[test]
fn a_bucket_always_holds_its_value_and_never_shrinks() {
    for pad in [Pad::Names, Pad::Text, Pad::Profile, Pad::Short] {
        let mut last = 0;
        for len in (0..70_000).chain([1 << 20, 1 << 24, crypto::pad::MAX_PLAINTEXT]) {
            let bucket = pad.bucket(len);
            assert!(bucket >= len + 4 && bucket >= last, "{pad:?} gives {bucket} for {len}");
            if matches!(pad, Pad::Text | Pad::Profile) && len > 4096 {
                assert!(bucket * 100 <= (len + 4) * 112, "{pad:?} adds over 12 % to {len}");
            }
            last = bucket;
        }
    }
}

/// A generator that always gives the same bytes, as a broken one might.
struct Stuck;

impl rand::TryRng for Stuck {
    type Error = std::convert::Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(0)
    }
    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(0)
    }
    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Self::Error> {
        dst.fill(0);
        Ok(())
    }
}
impl rand::TryCryptoRng for Stuck {}

#[test]
fn even_with_a_repeated_nonce_two_columns_share_no_key_stream() {
    let rng: &mut dyn CryptoRng = &mut Stuck;
    let key = DataKey::generate(rng);
    let place = |column| Place {
        society: [1; 16],
        table: "people",
        column,
        row: [2; 16],
        row_version: 1,
        key_version: 1,
    };
    let given = seal(&key, &place("given_name"), b"Amani", Pad::Names, rng);
    let family = seal(&key, &place("family_name"), b"Amani", Pad::Names, rng);
    let equal = given[57..].iter().zip(&family[57..]).filter(|(a, b)| a == b).count();
    assert!(equal < 8, "{equal} of 80 bytes coincide");
}
