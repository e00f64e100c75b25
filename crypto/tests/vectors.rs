//! Frozen bytes of our own formats. Data sealed years ago must open, so these never change; a new format gets a new
//! version number and new bytes beside these.
//!
//! The bytes were computed by a separate program written from the README's description alone, with another
//! language's cryptographic library, not by the code under test.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is how a promise is seen to be broken")]

use std::{convert::Infallible, fs};

use crypto::{
    Cost, DataKey, FileKeeper, Pad, Place, RootKeeper, RootKey, SigningKey, SocietyKey, WrappedKey,
    merkle::{Frontier, leaf_hash},
    note::{Checkpoint, parse_verifier_key, sign_note, verifier_key, verify_note},
    open, seal,
};

/// Gives 0, 1, 2 … 255, 0 …: the one generator under which sealing always gives the same bytes.
struct Counting(u8);

impl rand::TryRng for Counting {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }
    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        for byte in dst {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
        Ok(())
    }
}

impl rand::TryCryptoRng for Counting {}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

const SOCIETY: [u8; 16] = [0x11; 16];
const PERSON: [u8; 16] = [0x33; 16];

fn place(column: &str) -> Place<'_> {
    Place { society: SOCIETY, table: "people", column, row: [0x22; 16], row_version: 7, key_version: 3 }
}

const SEALED_NAME: &str = "01202122232425262728292a2b2c2d2e2f30313233343536372685b436d6a3c78e5acd7cf7f39914c4d2daa75c1d517e\
     7b56cff4a305277d27fc29ea049c88af4be8a1634b313c0ab8a186cf7494152a43c5f9e2d86fd7e05f4bddb389fc4cb7\
     2ccce195555407135d068ce7d53ed578a54871d9180d0d91827dc934928ec90958f8ed67069c74417e";
const SEALED_NOTHING: &str = "0138393a3b3c3d3e3f404142434445464748494a4b4c4d4e4fcc0a2f8470c2e1d6d628af9a6b74e280907c473259b7c0\
     07940ebc5c5eed81c2d90c1a057ba02c08568e781eb50c2bc18f070da5be12473964ded9e6f238fbac110b349f0a7524\
     9ee0518f9f91916b3a";

#[test]
fn sealed_fields() {
    let rng = &mut Counting(0);
    let key = DataKey::generate(rng);
    assert_eq!(hex(&seal(&key, &place("family_name"), b"Amani", Pad::Names, rng)), SEALED_NAME);
    assert_eq!(hex(&seal(&key, &place("sex"), b"", Pad::Short, rng)), SEALED_NOTHING);
    assert!(open(&key, &place("family_name"), &unhex(SEALED_NAME)).unwrap().ct_eq(b"Amani"));
    assert!(open(&key, &place("sex"), &unhex(SEALED_NOTHING)).unwrap().ct_eq(b""));
}

const WRAPPED_DATA_KEY: &str = "01404142434445464748494a4b4c4d4e4f50515253545556576425fbb4c6a13a0e1296a6a060d2188186874596f575c4\
     a04f43e7127513cb93c92b95e4c3d2f4a5b4a78ccfdc8f6cb37f2aa5bbef9e952fafeb8d23f431ca167ca126e625d8f9\
     b154ed88f82adb47e6";

#[test]
fn wrapped_data_key() {
    let rng = &mut Counting(0);
    let society = SocietyKey::generate(SOCIETY, 5, rng);
    let wrapped = society.wrap_data_key(PERSON, &DataKey::generate(rng), rng);
    assert_eq!(hex(wrapped.as_bytes()), WRAPPED_DATA_KEY);
    assert!(society.unwrap_data_key(PERSON, &WrappedKey::from_bytes(unhex(WRAPPED_DATA_KEY))).is_ok());
}

const WRAPPED_SOCIETY_KEY: &str = "01404142434445464748494a4b4c4d4e4f5051525354555657b1beed0d90b5a978896895d2a591101d30af13cb814006\
     0519751398c832ea1217f081d235a83eb31e4a85c81fad5db0f10dde51a3c64a18cadcd3ad03b169533ec3faf697fea9\
     e473d67a05d8c16de7";
const WRAPPED_SECRET: &str = "0158595a5b5c5d5e5f606162636465666768696a6b6c6d6e6fe0f154f13b3644d3aeea20f50c8c681b4d5344a50e3d79\
     93c50ea7382012c6d53745b2c0c901ed5d82f1266b0ce70442e7a75a81880192ed229aa5198b85373156117ce97e380a\
     a4656cf75127e1e663afbfb351409115dc0c2d81400d314e527136567a2f843962ec3dc5f7467ca1d9";

#[test]
fn keys_wrapped_under_the_root() {
    let rng = &mut Counting(0);
    let root = RootKey::generate(rng);
    let wrapped = root.wrap_society_key(SOCIETY, 5, &SocietyKey::generate(SOCIETY, 5, rng), rng).unwrap();
    assert_eq!(hex(wrapped.as_bytes()), WRAPPED_SOCIETY_KEY);
    assert!(root.unwrap_society_key(SOCIETY, 5, &WrappedKey::from_bytes(unhex(WRAPPED_SOCIETY_KEY))).is_ok());

    assert_eq!(hex(root.wrap_secret("checkpoint", b"secret", rng).unwrap().as_bytes()), WRAPPED_SECRET);
    let stored = WrappedKey::from_bytes(unhex(WRAPPED_SECRET));
    assert!(root.unwrap_secret("checkpoint", &stored).unwrap().ct_eq(b"secret"));
}

#[test]
fn derived_keys() {
    let rng = &mut Counting(0);
    let handles = RootKey::generate(rng).derive("handles").unwrap();
    assert_eq!(hex(handles.expose()), "b3b7187480791030d15280f0d0294866c004cf6a7995f0caa15098cb0da4d323");
    let subject = DataKey::generate(&mut Counting(0)).derive("audit subject");
    assert_eq!(hex(subject.expose()), "8e1717d3daf859803e677666c7644bc032cd342eff7303f40cd8ced1f9246e6f");
}

/// Argon2id far below any sensible cost, so that the test is quick.
const SEALED_FILE: &str = "\
relink-root-key 1
argon2id m=64 t=2 p=1
salt ICEiIyQlJicoKSorLC0uLw==
sealed ATAxMjM0NTY3ODk6Ozw9Pj9AQUJDREVGRxMlFUlI4V4+O4cUXLrjwbtTaRreXyhzpXUY1+I8mXPiCE+0nK2gmBiUcBpSvde+Kj5ogsDjMz9PrjSKXvCHERu3ADbKl5ThCMkGDBG6nHPz
";
const BARE_FILE: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";

#[test]
fn root_key_files() {
    let folder = tempfile::tempdir().unwrap();
    let root = RootKey::generate(&mut Counting(0)).derive("handles").unwrap();
    let passphrase = "rivière sous la pierre";
    for (name, passphrase, frozen) in [("sealed", Some(passphrase), SEALED_FILE), ("bare", None, BARE_FILE)] {
        let path = folder.path().join(name);
        let cost = Cost::new(64, 2, 1).unwrap();
        FileKeeper::create_with(&path, passphrase, cost, &mut Counting(0)).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), frozen);
        let opened = FileKeeper::open(&path, passphrase).unwrap();
        assert!(opened.derive("handles").unwrap().ct_eq(root.expose()));
    }
}

const NOTE: &str = "\
relink.example/audit
7
WmH8K1T5z6cXdPJDIUPdQMbLKxGUf69lp9PaXLZRmcg=

— relink.example/audit \
ypdZp0MWzR0gD1dPZkqJXZZcOx4g5Iol7S2s4Alor374KIU6wUt5/XGmlyPCcC1BP1KMQQiMYOPwseXweNS9fv3Vyg8=
";
const VERIFIER_KEY: &str = "relink.example/audit+ca9759a7+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
const FRONTIER: &str = "0100000000000000074f631084a157c54f54fcfb23ff5eb8650c4ba160c295bb13a9832b109d52677e75ab928268c86f\
     44da5d4241188ed71e4aab2d4d77d6d50117dad94a842ede03fb7f869ce8b7b51fdf719fc8c21a4736c98cc160a82560\
     6a81f78a7f4d2261d9";

#[test]
fn signed_checkpoint_and_frontier() {
    let key = SigningKey::generate(&mut Counting(0));
    let mut frontier = Frontier::new();
    for leaf in 0..7 {
        frontier.append(leaf_hash(format!("leaf {leaf}").as_bytes()));
    }
    assert_eq!(hex(&frontier.to_bytes()), FRONTIER);
    assert_eq!(Frontier::from_bytes(&unhex(FRONTIER)).unwrap(), frontier);

    let name = "relink.example/audit";
    let checkpoint = Checkpoint { origin: name.into(), size: frontier.size(), root: frontier.root() };
    assert_eq!(sign_note(&checkpoint.to_text(), &key, name).unwrap(), NOTE);
    assert_eq!(verifier_key(name, &key.verifying_key()).unwrap(), VERIFIER_KEY);
    let (name, key) = parse_verifier_key(VERIFIER_KEY).unwrap();
    assert_eq!(verify_note(NOTE, &key, &name).unwrap(), checkpoint);
}

#[test]
fn signing_key_for_tokens() {
    let der = SigningKey::generate(&mut Counting(0)).to_pkcs8_der();
    assert_eq!(
        hex(der.expose()),
        "302e020100300506032b657004220420000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    );
}
