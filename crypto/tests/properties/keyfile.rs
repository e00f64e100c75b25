//! The root key's file, as an administrator meets it.

use std::{fs, path::PathBuf};

use crypto::{Cost, FileKeeper, KeyError, RootKeeper};
use rand::{SeedableRng, rngs::StdRng};
use tempfile::TempDir;

const PASSPHRASE: &str = "quiet river under stone";

/// Argon2id at its cheapest, so that tests spend their time on us and not on it.
fn cheap() -> Cost {
    Cost::new(8, 1, 1).unwrap()
}

fn new_path() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    (folder, path)
}

/// The error of opening, for a file whose owner alone may read it.
fn refusal_of(content: impl AsRef<[u8]>, passphrase: Option<&str>) -> KeyError {
    let (_folder, path) = new_path();
    FileKeeper::create(&path, None, &mut rng()).unwrap();
    fs::write(&path, content).unwrap();
    FileKeeper::open(&path, passphrase).unwrap_err()
}

fn sealed_file() -> String {
    let (_folder, path) = new_path();
    FileKeeper::create_with(&path, Some(PASSPHRASE), cheap(), &mut rng()).unwrap();
    fs::read_to_string(&path).unwrap()
}

fn rng() -> StdRng {
    StdRng::seed_from_u64(11)
}

/// Both keepers hold the same root key.
fn same_root(a: &FileKeeper, b: &FileKeeper) -> bool {
    a.derive("test").unwrap().ct_eq(b.derive("test").unwrap().expose())
}

#[test]
fn a_file_opens_with_its_passphrase_and_no_other() {
    let (_folder, path) = new_path();
    let made = FileKeeper::create_with(&path, Some(PASSPHRASE), cheap(), &mut rng()).unwrap();
    assert!(same_root(&made, &FileKeeper::open(&path, Some(PASSPHRASE)).unwrap()));
    for wrong in ["", "quiet river under stonE", "quiet river under stone ", "Quiet river under stone"] {
        assert_eq!(FileKeeper::open(&path, Some(wrong)).unwrap_err(), KeyError::WrongPassphrase);
    }
    assert_eq!(FileKeeper::open(&path, None).unwrap_err(), KeyError::PassphraseNeeded);
}

#[test]
fn the_same_accents_from_another_keyboard_open_it() {
    let (_folder, path) = new_path();
    let composed = "la rivi\u{e8}re sous la pierre";
    let decomposed = "la rivie\u{300}re sous la pierre";
    let made = FileKeeper::create_with(&path, Some(composed), cheap(), &mut rng()).unwrap();
    assert!(same_root(&made, &FileKeeper::open(&path, Some(decomposed)).unwrap()));
}

#[test]
fn a_bare_file_opens_in_both_spellings_and_says_when_a_passphrase_is_in_vain() {
    let (_folder, path) = new_path();
    let made = FileKeeper::create(&path, None, &mut rng()).unwrap();
    assert!(same_root(&made, &FileKeeper::open(&path, None).unwrap()));
    assert_eq!(FileKeeper::open(&path, Some(PASSPHRASE)).unwrap_err(), KeyError::PassphraseUnused);

    let content = fs::read_to_string(&path).unwrap();
    for respelled in [content.trim_end().as_bytes().to_vec(), base64(content.trim_end())] {
        fs::write(&path, respelled).unwrap();
        assert!(same_root(&made, &FileKeeper::open(&path, None).unwrap()));
    }
}

fn base64(text: &str) -> Vec<u8> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.decode(text).unwrap()
}

#[test]
fn a_key_file_is_never_overwritten() {
    let (_folder, path) = new_path();
    FileKeeper::create(&path, None, &mut rng()).unwrap();
    let before = fs::read(&path).unwrap();
    for passphrase in [None, Some(PASSPHRASE)] {
        let refused = FileKeeper::create_with(&path, passphrase, cheap(), &mut StdRng::seed_from_u64(99));
        assert_eq!(refused.unwrap_err(), KeyError::Exists);
    }
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_passphrase_is_changed_by_writing_the_key_anew() {
    let (folder, path) = new_path();
    let made = FileKeeper::create_with(&path, Some(PASSPHRASE), cheap(), &mut rng()).unwrap();
    let renewed = folder.path().join("renewed.key");
    made.write_to(&renewed, Some("another quiet river"), cheap(), &mut rng()).unwrap();
    assert!(same_root(&made, &FileKeeper::open(&renewed, Some("another quiet river")).unwrap()));
    assert_eq!(FileKeeper::open(&renewed, Some(PASSPHRASE)).unwrap_err(), KeyError::WrongPassphrase);
    let again = made.write_to(&renewed, Some(PASSPHRASE), cheap(), &mut rng());
    assert_eq!(again.unwrap_err(), KeyError::Exists);
}

#[test]
fn a_short_passphrase_makes_no_file() {
    let (_folder, path) = new_path();
    for short in ["", "fourteen chars"] {
        let refused = FileKeeper::create_with(&path, Some(short), cheap(), &mut rng());
        assert_eq!(refused.unwrap_err(), KeyError::PassphraseTooShort);
    }
    assert!(!path.exists());
}

#[test]
fn missing_files_and_folders_are_told_as_such() {
    let (folder, path) = new_path();
    assert_eq!(FileKeeper::open(&path, None).unwrap_err(), KeyError::Missing);
    assert_eq!(
        FileKeeper::create(&folder.path().join("no/such/root.key"), None, &mut rng()).unwrap_err(),
        KeyError::Missing
    );
    let folder_as_file = FileKeeper::open(folder.path(), None).unwrap_err();
    assert_eq!(folder_as_file, KeyError::Malformed("it is not a plain file"));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_a_key_file() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = new_path();
    FileKeeper::create(&path, None, &mut rng()).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    for mode in [0o640, 0o604, 0o620, 0o602, 0o644, 0o777] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(FileKeeper::open(&path, None).unwrap_err(), KeyError::Permissions, "{mode:o}");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    assert!(FileKeeper::open(&path, None).is_ok());
}

#[test]
fn damaged_bare_files_are_refused() {
    let key = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    for content in [
        String::new(),
        "\n".into(),
        key[..40].into(),
        format!("{key}\n\n"),
        format!(" {key}"),
        format!("{}d=", &key[..42]),
        format!("{key}{key}"),
        "x".repeat(31),
        "x".repeat(33),
        "x".repeat(5000),
    ] {
        assert!(matches!(refusal_of(&content, None), KeyError::Malformed(_)), "{content:?}");
    }
    assert!(matches!(refusal_of([0xff; 44], None), KeyError::Malformed(_)));
}

#[test]
fn no_single_byte_of_a_sealed_file_can_be_changed() {
    let content = sealed_file();
    let (_folder, path) = new_path();
    FileKeeper::create(&path, None, &mut rng()).unwrap();
    for at in 0..content.len() {
        for flip in [1, 2, 0x20] {
            let mut altered = content.clone().into_bytes();
            altered[at] ^= flip;
            fs::write(&path, &altered).unwrap();
            assert!(FileKeeper::open(&path, Some(PASSPHRASE)).is_err(), "byte {at} ^ {flip}");
        }
    }
}

#[test]
fn a_planted_file_cannot_stall_the_service() {
    let content = sealed_file();
    let with = |costs: &str| refusal_of(content.replace("m=8 t=1 p=1", costs), Some(PASSPHRASE));
    for costs in [
        "m=4294967295 t=1 p=1",
        "m=8 t=4294967295 p=1",
        "m=2097153 t=1 p=1",
        "m=2097152 t=1 p=17",
        "m=8 t=0 p=1",
        "m=7 t=1 p=1",
    ] {
        assert!(matches!(with(costs), KeyError::Cost(_)), "{costs}");
    }
    for costs in ["m=08 t=1 p=1", "m=8 t=1", "m=8 t=1 p=1 ", "m=-8 t=1 p=1", "m=99999999999 t=1 p=1"] {
        assert!(matches!(with(costs), KeyError::Malformed(_)), "{costs}");
    }
    assert_eq!(with("m=8 t=2 p=1"), KeyError::WrongPassphrase);
}

#[test]
fn an_unknown_version_is_told_as_such() {
    let newer = sealed_file().replace("relink-root-key 1", "relink-root-key 2");
    assert_eq!(
        refusal_of(newer, Some(PASSPHRASE)),
        KeyError::Malformed("its first line names no version we know")
    );
}
