//! The checkpoint folder: signed checkpoints outside the database, as plain files that any tool can read.
//!
//! ```text
//! verifier-key   the line auditors' tools check signatures with; written once
//! latest         the newest checkpoint, and what the signer believes it signed last
//! 256, 512, …    every checkpoint, named by its size
//! .lock          held while writing: nodes and commands that share the folder take turns
//! ```
//! Every file appears whole or not at all: written beside, synced, renamed, and the folder synced.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

const LATEST: &str = "latest";
const VERIFIER_KEY: &str = "verifier-key";
/// No checkpoint or key line is longer; a larger file is not one of ours.
const MAX_FILE: u64 = 4096;

/// The folder that `audit.checkpoints` names.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder as it is: for reading.
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Makes the folder, for its owner alone.
    pub(super) fn make(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
        }
        Ok(Self(path.to_owned()))
    }

    /// Waits for other signers; the lock ends with the file.
    pub(super) fn lock(&self) -> io::Result<File> {
        let file = File::options().create(true).truncate(false).write(true).open(self.0.join(".lock"))?;
        file.lock()?;
        Ok(file)
    }

    /// The newest checkpoint, if one was ever signed here.
    pub fn latest(&self) -> io::Result<Option<String>> {
        self.read(LATEST)
    }

    /// The checkpoint of this size.
    pub fn note(&self, size: u64) -> io::Result<Option<String>> {
        self.read(&size.to_string())
    }

    pub fn verifier_key(&self) -> io::Result<Option<String>> {
        self.read(VERIFIER_KEY)
    }

    /// The sizes of all checkpoints, smallest first. Files with other names are not ours.
    pub fn sizes(&self) -> io::Result<Vec<u64>> {
        let mut sizes = Vec::new();
        for entry in fs::read_dir(&self.0)? {
            let name = entry?.file_name();
            let size =
                name.to_str().and_then(|name| name.parse().ok().filter(|n: &u64| n.to_string() == name));
            sizes.extend(size);
        }
        sizes.sort_unstable();
        Ok(sizes)
    }

    pub(super) fn put_latest(&self, note: &str) -> io::Result<()> {
        self.put(LATEST, note)
    }
    pub(super) fn put_note(&self, size: u64, note: &str) -> io::Result<()> {
        self.put(&size.to_string(), note)
    }
    pub(super) fn put_verifier_key(&self, line: &str) -> io::Result<()> {
        self.put(VERIFIER_KEY, line)
    }

    fn read(&self, name: &str) -> io::Result<Option<String>> {
        let file = match File::open(self.0.join(name)) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e),
        };
        let mut bytes = Vec::new();
        file.take(MAX_FILE).read_to_end(&mut bytes)?;
        // Whatever is not text is no checkpoint either; the reader of the note says so.
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn put(&self, name: &str, text: &str) -> io::Result<()> {
        let beside = self.0.join(format!(".{name}.new"));
        let mut file = File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, self.0.join(name))?;
        File::open(&self.0)?.sync_all()
    }
}
