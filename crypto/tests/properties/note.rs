//! Signed checkpoints: one spelling each, and no other is believed.

use crypto::{
    SigningKey, VerifyingKey,
    note::{Checkpoint, NoteError, parse_verifier_key, sign_note, verifier_key, verify_note},
};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

use crate::rng;

const NAME: &str = "relink.example/audit";

fn checkpoint() -> impl Strategy<Value = Checkpoint> {
    ("[a-zé/. ]{1,30}", any::<u64>(), any::<[u8; 32]>()).prop_map(|(origin, size, root)| Checkpoint {
        origin,
        size,
        root,
    })
}

/// The auditor's answer to bytes that may not even be text.
fn accepts(bytes: &[u8], key: &VerifyingKey) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|note| verify_note(note, key, NAME).is_ok())
}

proptest! {
    #[test]
    fn a_checkpoint_reads_back_as_it_was_written(checkpoint in checkpoint()) {
        prop_assert_eq!(Checkpoint::parse(&checkpoint.to_text()).unwrap(), checkpoint);
    }

    #[test]
    fn a_signed_checkpoint_verifies_under_its_key_and_name_only(mut rng in rng(), checkpoint in checkpoint()) {
        let (ours, theirs) = (SigningKey::generate(&mut rng), SigningKey::generate(&mut rng));
        let note = sign_note(&checkpoint.to_text(), &ours, NAME).unwrap();
        prop_assert_eq!(verify_note(&note, &ours.verifying_key(), NAME).unwrap(), checkpoint);
        prop_assert_eq!(verify_note(&note, &theirs.verifying_key(), NAME), Err(NoteError::BadSignature));
        prop_assert_eq!(verify_note(&note, &ours.verifying_key(), "other"), Err(NoteError::BadSignature));
    }

    #[test]
    fn arbitrary_text_is_refused_and_never_a_panic(text in "(?s).{0,200}", mut rng in rng()) {
        let key = SigningKey::generate(&mut rng).verifying_key();
        prop_assert!(verify_note(&text, &key, NAME).is_err());
        prop_assert!(parse_verifier_key(&text).is_err());
    }

    #[test]
    fn a_verifier_key_reads_back(mut rng in rng(), name in "[a-z./]{1,20}") {
        let key = SigningKey::generate(&mut rng).verifying_key();
        prop_assert_eq!(parse_verifier_key(&verifier_key(&name, &key).unwrap()).unwrap(), (name, key));
    }
}

#[test]
fn every_change_of_one_byte_is_refused() {
    let signing = SigningKey::generate(&mut StdRng::seed_from_u64(1));
    let key = signing.verifying_key();
    let checkpoint = Checkpoint { origin: NAME.into(), size: 1024, root: [7; 32] };
    let note = sign_note(&checkpoint.to_text(), &signing, NAME).unwrap().into_bytes();
    assert!(accepts(&note, &key));
    for at in 0..note.len() {
        for byte in 0..=255 {
            let mut altered = note.clone();
            altered[at] = byte;
            assert_eq!(accepts(&altered, &key), altered == note, "byte {at} may become {byte}");
            let mut inserted = note.clone();
            inserted.insert(at, byte);
            assert!(!accepts(&inserted, &key), "{byte} may be inserted at {at}");
        }
        let mut cut = note.clone();
        cut.remove(at);
        assert!(!accepts(&cut, &key), "byte {at} may be dropped");
        assert!(!accepts(&note[..at], &key), "the note may end at {at}");
    }
    for tail in ["\n", " ", "x", "— other AAAA\n"] {
        assert!(!accepts(&[&note, tail.as_bytes()].concat(), &key), "{tail:?} may follow");
    }
}

#[test]
fn a_verifier_key_has_one_spelling() {
    let key = SigningKey::generate(&mut StdRng::seed_from_u64(2)).verifying_key();
    let line = verifier_key(NAME, &key).unwrap();
    for at in 0..line.len() {
        for byte in (0..128u8).filter(|&byte| byte != line.as_bytes()[at]) {
            let mut altered = line.clone().into_bytes();
            altered[at] = byte;
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(parse_verifier_key(&altered), Err(NoteError::BadVerifierKey), "{altered}");
        }
    }
}

#[test]
fn spellings_that_mean_the_same_are_refused() {
    let root = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    assert!(Checkpoint::parse(&format!("log\n5\n{root}\n")).is_ok());
    for text in [
        format!("log\n05\n{root}\n"),
        format!("log\n+5\n{root}\n"),
        format!("log\n5 \n{root}\n"),
        format!("log\r\n5\r\n{root}\r\n"),
        format!("log\n5\n{root}"),
        format!("log\n5\n{root}\nextension\n"),
        format!("log\n5\n{}\n", root.trim_end_matches('=')),
        format!("log\n5\n{}d=\n", &root[..42]),
        format!("\n5\n{root}\n"),
        format!("log\n18446744073709551616\n{root}\n"),
    ] {
        assert_eq!(Checkpoint::parse(&text), Err(NoteError::Malformed), "{text:?}");
    }
}

#[test]
fn the_log_key_signs_nothing_but_checkpoints() {
    let key = SigningKey::generate(&mut StdRng::seed_from_u64(3));
    let text = Checkpoint { origin: "log".into(), size: 0, root: [0; 32] }.to_text();
    assert_eq!(sign_note("pay 100\n", &key, NAME), Err(NoteError::Malformed));
    let forked_origin = Checkpoint { origin: "a\nb".into(), size: 0, root: [0; 32] }.to_text();
    assert_eq!(sign_note(&forked_origin, &key, NAME), Err(NoteError::Malformed));
    for name in ["", "two words", "a+b", "a\nb", "a\u{2003}b"] {
        assert_eq!(sign_note(&text, &key, name), Err(NoteError::BadName), "{name:?}");
    }
}
