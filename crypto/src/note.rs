//! Checkpoints of the audit log as C2SP signed notes (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), so that
//! auditors can check them with public tools.
//!
//! ```text
//! relink.example/audit                              origin: which log
//! 7                                                 size: leaves so far
//! WmH8K1T5z6cXdPJDIUPdQMbLKxGUf69lp9PaXLZRmcg=      root hash
//!
//! — relink.example/audit ypdZp0MWzR0gD1dPZkqJX…     key name, base64(key hash (4) ‖ signature (64))
//!
//! key hash = first 4 bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key)
//! ```
//! The general format allows further text and further signers; ours has neither, and every note has exactly one
//! spelling, so a copy that differs in a single bit is refused.

use thiserror::Error;

use crate::{
    base64,
    derive::sha256,
    merkle::Hash,
    signing::{SigningKey, VerifyingKey},
};

/// The signature algorithm byte of Ed25519 in key hashes and verifier keys.
const ED25519: u8 = 1;

/// Why a note, checkpoint or verifier key was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoteError {
    /// The text is not a checkpoint in its one canonical form.
    #[error("not a checkpoint in canonical form")]
    Malformed,
    /// A key name must be non-empty, without spaces, control characters or `+`.
    #[error("not a usable key name")]
    BadName,
    /// The verifier key line is not in canonical form or its hash does not fit.
    #[error("not a verifier key")]
    BadVerifierKey,
    /// The note is not signed by this key under this name.
    #[error("the note is not signed by this key")]
    BadSignature,
}

/// The state of the log at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log this is; unique for ever, such as a host and path.
    pub origin: String,
    /// How many leaves the log has.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The three lines to be signed.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, base64::encode(&self.root))
    }

    /// Reads the three lines back.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] for anything that [`Checkpoint::to_text`] would not write: leading zeros, other
    /// base64, further lines, an empty origin or one with control characters.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        Self::read(text).filter(|checkpoint| checkpoint.to_text() == text).ok_or(NoteError::Malformed)
    }

    fn read(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let origin = lines.next().filter(|line| !line.is_empty() && !line.contains(char::is_control))?;
        let size = lines.next()?.parse().ok()?;
        let root = base64::decode(lines.next()?)?.as_slice().try_into().ok()?;
        lines.next().is_none().then(|| Self { origin: origin.to_owned(), size, root })
    }
}

/// Signs the text of a checkpoint as `name` and returns the whole note.
///
/// # Errors
/// [`NoteError::Malformed`] unless `text` is a canonical checkpoint, so that the log's key never signs anything
/// else; [`NoteError::BadName`] for an unusable `name`.
///
/// # Security
/// Sign only after the leaves are durable, and never a checkpoint inconsistent with an earlier one.
pub fn sign_note(text: &str, key: &SigningKey, name: &str) -> Result<String, NoteError> {
    Checkpoint::parse(text)?;
    check_name(name)?;
    Ok(assemble(text, name, &key.verifying_key(), &key.sign(text.as_bytes())))
}

/// Checks that `note` is a checkpoint signed by `key` as `name`, and returns it.
///
/// # Errors
/// [`NoteError::Malformed`] when it is no such note at all; [`NoteError::BadSignature`] when another key or name
/// signed it, it was changed, or it is spelled in any other way than [`sign_note`] spells it.
pub fn verify_note(note: &str, key: &VerifyingKey, name: &str) -> Result<Checkpoint, NoteError> {
    check_name(name)?;
    let (body, line) = note.split_once("\n\n").ok_or(NoteError::Malformed)?;
    let text = format!("{body}\n");
    let checkpoint = Checkpoint::parse(&text)?;
    let blob = line.trim_end().rsplit(' ').next().and_then(base64::decode).ok_or(NoteError::Malformed)?;
    let signature = blob.last_chunk::<64>().ok_or(NoteError::Malformed)?;
    key.verify(text.as_bytes(), signature).map_err(|_| NoteError::BadSignature)?;
    // Whatever was read leniently above is settled here: name, key hash and every byte must be the expected ones.
    if assemble(&text, name, key, signature) == note { Ok(checkpoint) } else { Err(NoteError::BadSignature) }
}

/// The verifier key line that auditors' tools read: `name+hash+base64(0x01 ‖ public key)`, the hash in hexadecimal.
///
/// # Errors
/// [`NoteError::BadName`] for an unusable `name`.
pub fn verifier_key(name: &str, key: &VerifyingKey) -> Result<String, NoteError> {
    check_name(name)?;
    let hash = u32::from_be_bytes(key_hash(name, key));
    Ok(format!("{name}+{hash:08x}+{}", base64::encode(&typed_key(key))))
}

/// Reads a verifier key line into its name and key.
///
/// # Errors
/// [`NoteError::BadVerifierKey`] unless it is exactly what [`verifier_key`] writes.
pub fn parse_verifier_key(line: &str) -> Result<(String, VerifyingKey), NoteError> {
    let mut parts = line.splitn(3, '+');
    let (name, _hash, typed) =
        (|| Some((parts.next()?, parts.next()?, parts.next()?)))().ok_or(NoteError::BadVerifierKey)?;
    let typed = base64::decode(typed).ok_or(NoteError::BadVerifierKey)?;
    let bytes = match typed.split_first() {
        Some((&ED25519, bytes)) => bytes.try_into().map_err(|_| NoteError::BadVerifierKey)?,
        _ => return Err(NoteError::BadVerifierKey),
    };
    let key = VerifyingKey::from_bytes(bytes).map_err(|_| NoteError::BadVerifierKey)?;
    if verifier_key(name, &key).as_deref() == Ok(line) {
        Ok((name.to_owned(), key))
    } else {
        Err(NoteError::BadVerifierKey)
    }
}

fn assemble(text: &str, name: &str, key: &VerifyingKey, signature: &[u8; 64]) -> String {
    let mut blob = key_hash(name, key).to_vec();
    blob.extend_from_slice(signature);
    format!("{text}\n— {name} {}\n", base64::encode(&blob))
}

fn key_hash(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let [a, b, c, d, ..] = sha256(&[name.as_bytes(), b"\n", &typed_key(key)]);
    [a, b, c, d]
}

fn typed_key(key: &VerifyingKey) -> Vec<u8> {
    [&[ED25519][..], &key.to_bytes()].concat()
}

fn check_name(name: &str) -> Result<(), NoteError> {
    let usable =
        !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+');
    if usable { Ok(()) } else { Err(NoteError::BadName) }
}
