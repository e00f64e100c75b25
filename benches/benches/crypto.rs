//! What sealing costs, and so how many fields a page may open and how long a start may take.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{AeadInOut, inout::InOutBuf},
};
use crypto::{
    DataKey, Pad, Place, SigningKey, SocietyKey,
    merkle::{Frontier, leaf_hash},
    note::{Checkpoint, sign_note, verify_note},
    open, seal,
};
use divan::{Bencher, black_box};
use rand::{SeedableRng, rngs::StdRng};

const PLACE: Place<'static> = Place {
    society: [1; 16],
    table: "people",
    column: "family_name",
    row: [2; 16],
    row_version: 1,
    key_version: 1,
};

/// A full name as families give it, in bytes of UTF-8.
const NAME: [u8; 32] = [b'a'; 32];

fn main() {
    // Single calls are too short to be timed one by one.
    divan::Divan::from_args().sample_size(200).main();
}

fn rng() -> StdRng {
    StdRng::seed_from_u64(1)
}

/// Intake: a contact seals about ten such fields, and 1,000 contacts a second must be recorded, so a field may cost
/// 10 µs of the 1 ms each contact has.
#[divan::bench]
fn seal_name(bencher: Bencher) {
    let mut rng = rng();
    let key = DataKey::generate(&mut rng);
    bencher.bench_local(|| seal(black_box(&key), &PLACE, black_box(&NAME), Pad::Names, &mut rng));
}

/// Reading: a page of 50 records with eight fields opens 400 of these and must not be felt (10 ms).
#[divan::bench]
fn open_name(bencher: Bencher) {
    let mut rng = rng();
    let key = DataKey::generate(&mut rng);
    let sealed = seal(&key, &PLACE, &NAME, Pad::Names, &mut rng);
    bencher.bench_local(|| open(black_box(&key), &PLACE, black_box(&sealed)));
}

/// Baseline for both: the bare cipher on the padded name, bound to nothing and committed to nothing.
#[divan::bench]
fn baseline_bare_cipher(bencher: Bencher) {
    let cipher = XChaCha20Poly1305::new(&[7; 32].into());
    let nonce = XNonce::from([9; 24]);
    let mut padded = [0; 64];
    bencher.bench_local(|| {
        cipher.encrypt_inout_detached(&nonce, b"", InOutBuf::from(black_box(padded.as_mut_slice())))
    });
}

/// Start: the matching index opens one profile per person and unwraps one key; 400,000 people on one core must be
/// there within ten seconds, 25 µs for the two together.
#[divan::bench(args = [200, 500, 2000])]
fn open_profile(bencher: Bencher, bytes: usize) {
    let mut rng = rng();
    let key = DataKey::generate(&mut rng);
    let sealed = seal(&key, &PLACE, &vec![b'a'; bytes], Pad::Profile, &mut rng);
    bencher.bench_local(|| open(black_box(&key), &PLACE, black_box(&sealed)));
}

/// Start and every read: one person's key comes out of its wrapping first.
#[divan::bench]
fn unwrap_data_key(bencher: Bencher) {
    let mut rng = rng();
    let society = SocietyKey::generate([1; 16], 1, &mut rng);
    let wrapped = society.wrap_data_key([2; 16], &DataKey::generate(&mut rng), &mut rng);
    bencher.bench_local(|| society.unwrap_data_key([2; 16], black_box(&wrapped)));
}

/// Audit: every look appends a leaf before anything is shown, so this adds to every answer.
#[divan::bench]
fn append_leaf(bencher: Bencher) {
    let mut frontier = Frontier::new();
    bencher.bench_local(|| frontier.append(leaf_hash(black_box(&[7; 300]))));
}

/// Audit: a checkpoint is signed every few seconds; verifying a year of them must stay a matter of minutes.
#[divan::bench]
fn sign_checkpoint(bencher: Bencher) {
    let key = SigningKey::generate(&mut rng());
    let text = Checkpoint { origin: "relink.example/audit".into(), size: 1 << 20, root: [7; 32] }.to_text();
    bencher.bench_local(|| sign_note(black_box(&text), &key, "relink.example/audit"));
}

/// The auditor's side of the same.
#[divan::bench]
fn verify_checkpoint(bencher: Bencher) {
    let (key, name) = (SigningKey::generate(&mut rng()), "relink.example/audit");
    let text = Checkpoint { origin: name.into(), size: 1 << 20, root: [7; 32] }.to_text();
    let note = sign_note(&text, &key, name).unwrap_or_default();
    let key = key.verifying_key();
    assert!(verify_note(&note, &key, name).is_ok(), "the bench must measure a success");
    bencher.bench_local(|| verify_note(black_box(&note), &key, name));
}
