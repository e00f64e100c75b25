//! Proofs and checkpoints as somebody checks them who has none of our code: RFC 6962 and C2SP signed notes, written
//! anew from those texts over SHA-256, Ed25519 and base 64 alone, and fed with what the service serves over HTTP.
//!
//! The verifier is held to other programs first: a certificate-transparency tree and a checkpoint of the Go checksum
//! database. So it can be wrong only where they are.

use api::policy::Role;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tests::both_databases;
use tests::site::Site;

use super::Cast;

type Hash = [u8; 32];

fn sha256(parts: &[&[u8]]) -> Hash {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().into()
}

/// RFC 6962, 2.1: a leaf's hash.
fn leaf(bytes: &[u8]) -> Hash {
    sha256(&[&[0], bytes])
}

/// RFC 6962, 2.1: a node's hash.
fn node(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// RFC 6962, 2.1: the tree's hash, as it is defined.
fn tree(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => sha256(&[]),
        [one] => *one,
        many => {
            let split = 1 << (usize::BITS - 1 - (many.len() - 1).leading_zeros());
            node(&tree(&many[..split]), &tree(&many[split..]))
        }
    }
}

/// RFC 9162, 2.1.3.2, which says in steps what RFC 6962 leaves to the reader.
fn included(index: u64, size: u64, hash: Hash, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut place, mut last, mut hash) = (index, size - 1, hash);
    for other in proof {
        if last == 0 {
            return false;
        }
        if place % 2 == 1 || place == last {
            hash = node(other, &hash);
            while place % 2 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, other);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// RFC 9162, 2.1.4.2.
fn consistent(old: u64, old_root: &Hash, new: u64, new_root: &Hash, proof: &[Hash]) -> bool {
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    if old == 0 || old > new || proof.is_empty() {
        return false;
    }
    let mut path = proof.to_vec();
    if old.is_power_of_two() {
        path.insert(0, *old_root);
    }
    let (mut place, mut last) = (old - 1, new - 1);
    while place % 2 == 1 {
        place >>= 1;
        last >>= 1;
    }
    let (mut before, mut after) = (path[0], path[0]);
    for other in &path[1..] {
        if last == 0 {
            return false;
        }
        if place % 2 == 1 || place == last {
            before = node(other, &before);
            after = node(other, &after);
            while place % 2 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            after = node(&after, other);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && before == *old_root && after == *new_root
}

/// A checkpoint as c2sp.org/tlog-checkpoint reads it.
#[derive(Debug, PartialEq, Eq)]
struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
}

/// c2sp.org/signed-note: what a note says, when one of its signatures is by this verifier key.
fn opened(note: &str, verifier_key: &str) -> Option<Checkpoint> {
    let (name, rest) = verifier_key.trim_end().split_once('+')?;
    let (announced, key) = rest.split_once('+')?;
    let key = STANDARD.decode(key).ok()?;
    let id = &sha256(&[name.as_bytes(), b"\n", &key])[..4];
    let spelled: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    if spelled != announced || key[0] != 1 {
        return None;
    }
    let verifier = VerifyingKey::from_bytes(key[1..].try_into().ok()?).ok()?;
    let at = note.rfind("\n\n")?;
    let (text, signatures) = (&note[..=at], &note[at + 2..]);
    let signed = signatures.lines().any(|line| {
        let Some((signer, signature)) = line.strip_prefix("— ").and_then(|line| line.split_once(' '))
        else {
            return false;
        };
        let Ok(signature) = STANDARD.decode(signature) else { return false };
        let Ok(bytes) = signature[4..].try_into() else { return false };
        signer == name
            && signature[..4] == *id
            && verifier.verify_strict(text.as_bytes(), &Signature::from_bytes(&bytes)).is_ok()
    });
    let mut lines = text.lines();
    let origin = lines.next()?.to_owned();
    let size = lines.next()?.parse().ok()?;
    let root = STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
    signed.then_some(Checkpoint { origin, size, root })
}

/// c2sp.org/tlog-proof: one leaf, its way up, and the checkpoint it leads to.
struct Proof {
    leaf: Vec<u8>,
    index: u64,
    hashes: Vec<Hash>,
    checkpoint: String,
}

impl Proof {
    fn read(file: &str) -> Option<Self> {
        let (head, checkpoint) = file.split_once("\n\n")?;
        let mut lines = head.lines();
        if lines.next()? != "c2sp.org/tlog-proof@v1" {
            return None;
        }
        let leaf = STANDARD.decode(lines.next()?.strip_prefix("extra ")?).ok()?;
        let index = lines.next()?.strip_prefix("index ")?.parse().ok()?;
        let hashes = lines.map(hash).collect::<Option<_>>()?;
        Some(Self { leaf, index, hashes, checkpoint: checkpoint.to_owned() })
    }

    /// The checkpoint, when the leaf stands under it.
    fn holds(&self, verifier_key: &str) -> Option<Checkpoint> {
        let checkpoint = opened(&self.checkpoint, verifier_key)?;
        let held = included(self.index, checkpoint.size, leaf(&self.leaf), &self.hashes, &checkpoint.root);
        held.then_some(checkpoint)
    }
}

fn hash(text: &str) -> Option<Hash> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

fn hex(text: &str) -> Hash {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..64).step_by(2).map(byte).collect::<Vec<_>>().try_into().unwrap()
}

#[test]
fn the_verifier_agrees_with_the_reference_tree_of_certificate_transparency() {
    let data: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let leaves = data.map(leaf);
    let eight = hex("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    let six = hex("76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef");
    assert_eq!((tree(&leaves), tree(&leaves[..6])), (eight, six));
    let way = [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    .map(hex);
    assert!(included(5, 8, leaves[5], &way, &eight));
    assert!(!included(4, 8, leaves[5], &way, &eight) && !included(5, 8, leaves[4], &way, &eight));
    let growth = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    .map(hex);
    assert!(consistent(6, &six, 8, &eight, &growth));
    assert!(!consistent(5, &six, 8, &eight, &growth) && !consistent(6, &eight, 8, &eight, &growth));
}

#[test]
fn the_verifier_opens_a_checkpoint_of_a_public_log() {
    let key = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
    let note = "go.sum database tree\n3935567\nSapHtgdNCeF00Cx8kqztePV24kgzNg++Xovae42HAMw=\n\n\
                — sum.golang.org Az3grsm7Wm4CVNR1RHq9BFnu9jzcRlU2uw7lr0gfUWgO6+rqPNjT+fUTl9gH0NRTgdwW9nItuQSMbhSaLCsk8YeYSAs=\n";
    assert_eq!(opened(note, key).unwrap().size, 3_935_567);
    assert_eq!(opened(&note.replace("3935567", "3935568"), key), None);
    assert_eq!(opened(note, &key.replace("033de0ae", "033de0af")), None);
}

both_databases! {
    async fn what_the_service_serves_is_proved_without_any_code_of_ours(world: World) {
        let cast = Cast::of(&world).await;
        for round in 0..4 {
            cast.act(&world, round).await;
        }
        let auditor = world.someone(Role::Auditor, "Kenya", None).await;
        let token = world.token(&auditor).await;
        let site = Site::open(&world);
        world.core.audit.checkpoint_now().unwrap();
        tokio::task::spawn_blocking(move || {
            let get = |path: &str| {
                let answer = site.send("GET", path, Some(&token), None);
                assert_eq!(answer.status, 200, "{path}: {}", answer.body);
                answer.body
            };
            let served = |since: u64| -> Value {
                serde_json::from_str(&get(&format!("/api/v1/audit/checkpoint?since={since}"))).unwrap()
            };
            let first = served(0);
            let key = first["verifier_key"].as_str().unwrap().to_owned();
            let first = opened(first["checkpoint"].as_str().unwrap(), &key).expect("a signed checkpoint");
            assert_eq!(first.origin, "relink.test/audit");

            // Every entry asked for adds one, so the log grows under the proofs.
            let mut leaves = Vec::new();
            for number in 0..first.size + 20 {
                let file = get(&format!("/api/v1/audit/entries/{number}/proof"));
                let proof = Proof::read(&file).expect("a proof file");
                assert_eq!(proof.index, number);
                let checkpoint = proof.holds(&key).unwrap_or_else(|| panic!("entry {number} is not proved: {file}"));
                assert!(checkpoint.size > number);
                leaves.push(leaf(&proof.leaf));
                forgeries_fail(&file, &key);
                let json: Value =
                    serde_json::from_str(&get(&format!("/api/v1/audit/entries/{number}"))).unwrap();
                let hashes: Vec<_> =
                    json["proof"]["hashes"].as_array().unwrap().iter().map(|h| hash(h.as_str().unwrap()).unwrap()).collect();
                let signed = opened(json["proof"]["checkpoint"].as_str().unwrap(), &key).unwrap();
                assert!(included(number, signed.size, *leaves.last().unwrap(), &hashes, &signed.root));
            }
            assert_eq!(tree(&leaves[..first.size as usize]), first.root, "the root is that of the leaves handed out");

            let newest = served(first.size);
            let steps: Vec<_> =
                newest["hashes"].as_array().unwrap().iter().map(|h| hash(h.as_str().unwrap()).unwrap()).collect();
            let last = opened(newest["checkpoint"].as_str().unwrap(), &key).unwrap();
            assert!(last.size > first.size);
            assert!(consistent(first.size, &first.root, last.size, &last.root, &steps), "the log only grew");
            assert!(!consistent(first.size, &last.root, last.size, &last.root, &steps));
        })
        .await
        .unwrap();
    }
}

/// Whatever is changed in a proof file, it proves nothing any more.
fn forgeries_fail(file: &str, key: &str) {
    let lines = file.lines().count();
    for changed in 1..lines {
        let forged: Vec<String> = file
            .lines()
            .enumerate()
            .map(|(at, line)| if at == changed { another(line) } else { line.to_owned() })
            .collect();
        let forged = forged.join("\n") + "\n";
        if forged != file {
            let proves = Proof::read(&forged).and_then(|proof| proof.holds(key)).is_some();
            assert!(!proves, "line {changed} of {file}");
        }
    }
}

/// The line with one letter of its last word exchanged, not at the end, where base 64 has bits that nobody reads.
fn another(line: &str) -> String {
    let at = line.rfind(' ').map_or(0, |space| space + 1);
    let mut bytes = line.as_bytes().to_vec();
    if let Some(byte) = bytes.get_mut(at) {
        *byte = if *byte == b'7' { b'8' } else { b'7' };
    }
    String::from_utf8(bytes).unwrap_or_default()
}
