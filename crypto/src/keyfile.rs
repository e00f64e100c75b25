//! The root key in a file: sealed under a passphrase (Argon2id, RFC 9106), or bare for machines that start unattended
//! and keep the file on a mount of its own.
//!
//! A sealed file is four lines of text:
//! ```text
//! relink-root-key 1
//! argon2id m=262144 t=3 p=1        memory in KiB, passes, lanes
//! salt <base64 of 16 bytes>
//! sealed <base64 of an envelope, bound to the lines above it>
//! ```
//! A bare file is 32 raw bytes, or their base64 on one line.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    path::Path,
};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use rand::CryptoRng;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::{
    base64,
    envelope::{self, Binding},
    keyring::{KeyError, RootKeeper},
    keys::{RootKey, SocietyKey, WrappedKey},
    random,
    secret::Secret,
};

const SUITE: &str = "relink.root-file.1";
const TITLE: &str = "relink-root-key 1";
const MIN_PASSPHRASE: usize = 15;
/// No key file of ours comes near; a longer one is read no further and found malformed.
const MAX_FILE: u64 = 4096;

/// What Argon2id spends on a passphrase: the price of each guess for a thief of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// 256 MiB, three passes, one lane: about a second on a field laptop, once at each start.
    pub const STANDARD: Self = Self { memory_kib: 256 * 1024, passes: 3, lanes: 1 };

    /// Other costs, for machines that cannot spare the memory.
    ///
    /// # Errors
    /// [`KeyError::Cost`] outside 8 KiB per lane to 2 GiB, 1 to 64 passes, 1 to 16 lanes. The upper bounds keep a
    /// planted file from stalling the service.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, KeyError> {
        if !(1..=16).contains(&lanes) {
            return Err(KeyError::Cost("1 to 16 lanes"));
        }
        if !(1..=64).contains(&passes) {
            return Err(KeyError::Cost("1 to 64 passes"));
        }
        if !(8 * lanes..=2 * 1024 * 1024).contains(&memory_kib) {
            return Err(KeyError::Cost("8 KiB for each lane to 2 GiB of memory"));
        }
        Ok(Self { memory_kib, passes, lanes })
    }

    /// The key that `passphrase` gives with `salt`. The passphrase is taken in Unicode form NFC, so that the same
    /// accented letter typed on another keyboard gives the same key.
    fn stretch(self, passphrase: &str, salt: &[u8; 16]) -> Result<Secret<[u8; 32]>, KeyError> {
        let refused = |_| KeyError::Cost("Argon2id refused them");
        // NFC grows UTF-8 at most threefold; with that room the text never moves and leaves no copy behind.
        let mut text = Zeroizing::new(String::with_capacity(passphrase.len() * 3));
        text.extend(passphrase.nfc());
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(refused)?;
        // Our own memory for the passes, because the library frees its own without zeroing it.
        let mut memory = Zeroizing::new(Vec::new());
        memory
            .try_reserve_exact(params.block_count())
            .map_err(|_| KeyError::Cost("this machine has not the memory"))?;
        memory.resize(params.block_count(), Block::default());
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut outcome = Ok(());
        let key = Secret::filled(|key| {
            outcome = argon2
                .hash_password_into_with_memory(text.as_bytes(), salt, key, memory.as_mut_slice())
                .map_err(refused);
        });
        outcome.map(|()| key)
    }
}

/// Keeps the root key in memory, read from a key file.
#[derive(Debug)]
pub struct FileKeeper {
    root: RootKey,
}

impl FileKeeper {
    /// Makes a new root key and its file at `path`, sealed under `passphrase` if there is one. The file is readable
    /// by its owner only and reaches the disk before this returns.
    ///
    /// # Errors
    /// [`KeyError::Exists`] when anything stands at `path`, [`KeyError::PassphraseTooShort`] under 15 characters,
    /// [`KeyError::Io`] from the file system.
    ///
    /// # Security
    /// Losing the file or its passphrase loses every record. Without a passphrase, whoever copies the file and the
    /// database reads everything.
    pub fn create(path: &Path, passphrase: Option<&str>, rng: &mut dyn CryptoRng) -> Result<Self, KeyError> {
        Self::create_with(path, passphrase, Cost::STANDARD, rng)
    }

    /// As [`FileKeeper::create`], with other costs for the passphrase.
    ///
    /// # Errors
    /// As [`FileKeeper::create`].
    pub fn create_with(
        path: &Path,
        passphrase: Option<&str>,
        cost: Cost,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, KeyError> {
        let keeper = Self { root: RootKey::generate(rng) };
        keeper.write_to(path, passphrase, cost, rng)?;
        Ok(keeper)
    }

    /// Writes the same root key to a further file at `path`: a copy under another passphrase, or a new passphrase
    /// once the old file is removed.
    ///
    /// # Errors
    /// As [`FileKeeper::create`].
    pub fn write_to(
        &self,
        path: &Path,
        passphrase: Option<&str>,
        cost: Cost,
        rng: &mut dyn CryptoRng,
    ) -> Result<(), KeyError> {
        match passphrase {
            Some(passphrase) if passphrase.chars().count() < MIN_PASSPHRASE => {
                Err(KeyError::PassphraseTooShort)
            }
            Some(passphrase) => {
                let file = PassphraseFile::seal(&self.root, passphrase, cost, rng)?;
                write_new(path, &[file.to_text().as_bytes()])
            }
            None => {
                let line = Zeroizing::new(base64::encode(self.root.bytes()));
                write_new(path, &[line.as_bytes(), b"\n"])
            }
        }
    }

    /// Reads the root key from `path`.
    ///
    /// # Errors
    /// [`KeyError::Missing`], [`KeyError::Permissions`], [`KeyError::Malformed`], [`KeyError::WrongPassphrase`],
    /// [`KeyError::PassphraseNeeded`], [`KeyError::PassphraseUnused`] or [`KeyError::Io`], as each says.
    pub fn open(path: &Path, passphrase: Option<&str>) -> Result<Self, KeyError> {
        let content = read(path)?;
        let sealed = std::str::from_utf8(&content).ok().filter(|text| text.starts_with("relink-root-key"));
        let root = match (sealed, passphrase) {
            (Some(text), Some(passphrase)) => PassphraseFile::parse(text)?.open(passphrase)?,
            (Some(_), None) => return Err(KeyError::PassphraseNeeded),
            (None, passphrase) => {
                let root = bare(&content)?;
                if passphrase.is_some() {
                    return Err(KeyError::PassphraseUnused);
                }
                root
            }
        };
        Ok(Self { root })
    }
}

impl RootKeeper for FileKeeper {
    fn wrap_society_key(
        &self,
        society: [u8; 16],
        version: u32,
        key: &SocietyKey,
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, KeyError> {
        self.root.wrap_society_key(society, version, key, rng)
    }

    fn unwrap_society_key(
        &self,
        society: [u8; 16],
        version: u32,
        wrapped: &WrappedKey,
    ) -> Result<SocietyKey, KeyError> {
        self.root.unwrap_society_key(society, version, wrapped)
    }

    fn wrap_secret(
        &self,
        label: &str,
        secret: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, KeyError> {
        self.root.wrap_secret(label, secret, rng)
    }

    fn unwrap_secret(&self, label: &str, wrapped: &WrappedKey) -> Result<Secret<Vec<u8>>, KeyError> {
        self.root.unwrap_secret(label, wrapped)
    }

    fn derive(&self, label: &str) -> Result<Secret<[u8; 32]>, KeyError> {
        self.root.derive(label)
    }
}

/// The four lines of a sealed key file.
struct PassphraseFile {
    cost: Cost,
    salt: [u8; 16],
    sealed: Vec<u8>,
}

impl PassphraseFile {
    fn seal(root: &RootKey, passphrase: &str, cost: Cost, rng: &mut dyn CryptoRng) -> Result<Self, KeyError> {
        let mut file = Self { cost, salt: random::bytes(rng), sealed: Vec::new() };
        let key = cost.stretch(passphrase, &file.salt)?;
        let head = file.head();
        let binding = Binding { suite: SUITE, scope: &[], place: &[head.as_bytes()] };
        file.sealed = envelope::seal(key.expose(), &binding, root.bytes(), None, rng);
        Ok(file)
    }

    fn open(&self, passphrase: &str) -> Result<RootKey, KeyError> {
        let key = self.cost.stretch(passphrase, &self.salt)?;
        let head = self.head();
        let binding = Binding { suite: SUITE, scope: &[], place: &[head.as_bytes()] };
        let body =
            envelope::open(key.expose(), &binding, &self.sealed).map_err(|_| KeyError::WrongPassphrase)?;
        body.as_slice().try_into().map(RootKey::from_bytes).map_err(|_| KeyError::WrongPassphrase)
    }

    fn head(&self) -> String {
        let Cost { memory_kib, passes, lanes } = self.cost;
        let salt = base64::encode(&self.salt);
        format!("{TITLE}\nargon2id m={memory_kib} t={passes} p={lanes}\nsalt {salt}\n")
    }

    fn to_text(&self) -> String {
        format!("{}sealed {}\n", self.head(), base64::encode(&self.sealed))
    }

    fn parse(text: &str) -> Result<Self, KeyError> {
        let mut lines = text.lines();
        if lines.next() != Some(TITLE) {
            return Err(KeyError::Malformed("its first line names no version we know"));
        }
        let costs = lines.next().and_then(|line| {
            let mut words = line.strip_prefix("argon2id ")?.split(' ');
            let mut number = |key| words.next()?.strip_prefix(key)?.parse::<u32>().ok();
            Some((number("m=")?, number("t=")?, number("p=")?))
        });
        let (memory_kib, passes, lanes) =
            costs.ok_or(KeyError::Malformed("its second line is not `argon2id m=… t=… p=…`"))?;
        let cost = Cost::new(memory_kib, passes, lanes)?;
        let salt = lines.next().and_then(|line| base64::decode(line.strip_prefix("salt ")?));
        let salt = salt.and_then(|salt| salt.as_slice().try_into().ok());
        let salt = salt.ok_or(KeyError::Malformed("its third line is not `salt` and 16 bytes in base64"))?;
        let sealed = lines.next().and_then(|line| base64::decode(line.strip_prefix("sealed ")?));
        let sealed = sealed.ok_or(KeyError::Malformed("its fourth line is not `sealed` and base64"))?;
        let file = Self { cost, salt, sealed: sealed.to_vec() };
        if file.to_text() == text {
            Ok(file)
        } else {
            Err(KeyError::Malformed("it is not spelled as we write it"))
        }
    }
}

/// A bare key: 32 raw bytes, or their base64 on one line.
fn bare(content: &[u8]) -> Result<RootKey, KeyError> {
    if let Ok(raw) = content.try_into() {
        return Ok(RootKey::from_bytes(raw));
    }
    let malformed = KeyError::Malformed("it is neither a sealed key file, nor 32 bytes raw or in base64");
    let text = std::str::from_utf8(content).ok().map(|text| text.strip_suffix('\n').unwrap_or(text));
    let bytes = text.and_then(base64::decode).ok_or(malformed.clone())?;
    bytes.as_slice().try_into().map(RootKey::from_bytes).map_err(|_| malformed)
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let file = File::open(path).map_err(|error| io_error(&error))?;
    let metadata = file.metadata().map_err(|error| io_error(&error))?;
    if !metadata.is_file() {
        return Err(KeyError::Malformed("it is not a plain file"));
    }
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0 {
        return Err(KeyError::Permissions);
    }
    let mut content = Zeroizing::new(Vec::with_capacity(MAX_FILE as usize + 1));
    file.take(MAX_FILE).read_to_end(&mut content).map_err(|error| io_error(&error))?;
    Ok(content)
}

/// Writes a file that did not exist, readable by its owner only, through to the disk. On failure nothing is left.
fn write_new(path: &Path, parts: &[&[u8]]) -> Result<(), KeyError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| io_error(&error))?;
    let written = parts.iter().try_for_each(|part| file.write_all(part));
    written.and_then(|()| file.sync_all()).and_then(|()| sync_folder(path)).map_err(|error| {
        // Best effort: the first failure is the one worth telling.
        let _ = fs::remove_file(path);
        io_error(&error)
    })
}

/// Makes the new directory entry durable as well.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn io_error(error: &io::Error) -> KeyError {
    match error.kind() {
        ErrorKind::NotFound => KeyError::Missing,
        ErrorKind::AlreadyExists => KeyError::Exists,
        kind => KeyError::Io(kind),
    }
}
