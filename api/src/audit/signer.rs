//! The signer: turns the log's state into a signed checkpoint, and refuses to sign away what it signed before.
//!
//! Before it signs, it asks the tree for a proof that the log still begins with what was signed before, wherever that is
//! remembered: in the folder's `latest` and its largest note, in the database, in this process. One of them lost, or
//! replaced by an older one, does not make the others forgotten. A log that has shrunk or was rewritten gets no signature,
//! no note is ever put in the place of another, and the service says so until somebody looks into it.

use std::cell::RefCell;
use std::io;
use std::sync::{Mutex, PoisonError};

use crypto::merkle::{Frontier, ProofError, consistency_proof, verify_consistency};
use crypto::note::{self, Checkpoint};
use crypto::{SigningKey, VerifyingKey};
use diesel::prelude::*;
use migrations::schema::{audit_checkpoints, audit_head};

use super::folder::Folder;
use super::tree::node;
use crate::config::AuditConfig;
use crate::db::{Conn, Db, DbError};
use crate::kernel::ApiError;

/// Why there is no newer checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the log is shorter than a checkpoint that was signed before")]
    Shrunk,
    #[error("the log no longer begins with what was signed before")]
    Forked,
    #[error("the checkpoint folder belongs to another key or another log")]
    OtherKey,
    #[error("the database holds another checkpoint of the same size")]
    OtherCheckpoint,
    #[error("the checkpoint folder cannot be read or written")]
    Folder,
    #[error("the database is away")]
    Database,
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        tracing::error!(kind = ?error.kind(), "the checkpoint folder");
        Self::Folder
    }
}

impl From<Refusal> for ApiError {
    fn from(_: Refusal) -> Self {
        Self::Unavailable
    }
}

/// A checkpoint and the note that says so.
#[derive(Clone, Debug)]
pub struct Signed {
    pub checkpoint: Checkpoint,
    pub note: String,
}

pub(super) struct Signer {
    key: SigningKey,
    public: VerifyingKey,
    origin: String,
    folder: Folder,
    /// The newest checkpoint that this process signed.
    newest: Mutex<Option<Checkpoint>>,
}

impl Signer {
    pub(super) fn open(config: &AuditConfig, key: SigningKey) -> Result<Self, Refusal> {
        let folder = Folder::make(&config.checkpoints)?;
        let signer = Self {
            public: key.verifying_key(),
            key,
            origin: config.origin.clone(),
            folder,
            newest: Mutex::default(),
        };
        let line = signer.verifier_key()?;
        let _held = signer.folder.lock()?;
        if signer.folder.verifier_key()?.is_none() {
            signer.folder.put_verifier_key(&line)?;
        }
        Ok(signer)
    }

    pub(super) fn public(&self) -> VerifyingKey {
        self.public
    }
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }
    pub(super) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The line that auditors' tools take.
    pub(super) fn verifier_key(&self) -> Result<String, Refusal> {
        // An origin that cannot be a key name was refused with the configuration.
        note::verifier_key(&self.origin, &self.public).map(|line| line + "\n").map_err(|_| Refusal::OtherKey)
    }

    /// The newest checkpoint signed here.
    pub(super) fn latest(&self) -> Result<Option<Signed>, Refusal> {
        let Some(note) = self.folder.latest()? else { return Ok(None) };
        Ok(Some(Signed { checkpoint: self.verified(&note)?, note }))
    }

    fn verified(&self, note: &str) -> Result<Checkpoint, Refusal> {
        note::verify_note(note, &self.public, &self.origin).map_err(|_| Refusal::OtherKey)
    }

    /// What this process signed last; before it has signed anything, the largest note in the folder.
    fn remembered(&self) -> Result<Option<Checkpoint>, Refusal> {
        let own = self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if own.is_some() {
            return Ok(own);
        }
        let Some(size) = self.folder.sizes()?.pop() else { return Ok(None) };
        self.folder.note(size)?.map(|note| self.verified(&note)).transpose()
    }

    fn remember(&self, checkpoint: &Checkpoint) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(checkpoint.clone());
    }

    /// Signs the log as it stands, durable leaves only, and publishes: folder first, then database. Nothing to sign
    /// in an empty log; nothing new to sign when nothing was added.
    pub(super) fn sign(&self, db: &Db) -> Result<Option<Signed>, Refusal> {
        let _held = self.folder.lock()?;
        if self.folder.verifier_key()? != Some(self.verifier_key()?) {
            return Err(Refusal::OtherKey);
        }
        let last = self.latest()?;
        let before = self.remembered()?.into_iter().chain(last.as_ref().map(|last| last.checkpoint.clone()));
        let Some(checkpoint) = self.next(db, before.collect())? else {
            return Ok(last);
        };
        if let Some(last) = &last {
            // A kill may have come between the steps of publishing it, and the log has grown since.
            self.publish(db, last)?;
        }
        let note =
            note::sign_note(&checkpoint.to_text(), &self.key, &self.origin).map_err(|_| Refusal::OtherKey)?;
        if last.is_some_and(|last| last.note == note) {
            self.remember(&checkpoint);
            return Ok(Some(Signed { checkpoint, note }));
        }
        let signed = Signed { checkpoint, note };
        self.stands(&signed)?;
        self.folder.put_latest(&signed.note)?;
        self.publish(db, &signed)?;
        self.remember(&signed.checkpoint);
        Ok(Some(signed))
    }

    /// Whether the folder holds this note under its size. Another one of the same size is evidence, and stays.
    fn stands(&self, signed: &Signed) -> Result<bool, Refusal> {
        match self.folder.note(signed.checkpoint.size)? {
            None => Ok(false),
            Some(held) if held == signed.note => Ok(true),
            Some(_) => Err(Refusal::Forked),
        }
    }

    /// What `latest` says, under its own name and in the database too.
    fn publish(&self, db: &Db, signed: &Signed) -> Result<(), Refusal> {
        let size = signed.checkpoint.size;
        if !self.stands(signed)? {
            self.folder.put_note(size, &signed.note)?;
        }
        publish(db, size, &signed.note)
    }

    /// The checkpoint of the log as it stands, if it extends what was signed before.
    fn next(&self, db: &Db, mut before: Vec<Checkpoint>) -> Result<Option<Checkpoint>, Refusal> {
        let read = db.read_here(|conn| {
            migrations::db::read_tx(conn, |conn| {
                let head: Option<Vec<u8>> =
                    audit_head::table.find(1).select(audit_head::frontier).first(conn).optional()?;
                let head = head
                    .map_or(Ok(Frontier::new()), |bytes| Frontier::from_bytes(&bytes))
                    .map_err(|_| DbError::Broken("audit head"))?;
                let largest: Option<String> = audit_checkpoints::table
                    .order(audit_checkpoints::size.desc())
                    .select(audit_checkpoints::note)
                    .first(conn)
                    .optional()?;
                let largest = largest.map(|note| self.verified(&note)).transpose();
                let extends = largest.and_then(|largest| {
                    before.extend(largest);
                    before.iter().try_for_each(|signed| extends(conn, signed, &head))
                });
                Ok::<_, DbError>((head.size(), head.root(), extends))
            })
        });
        let (size, root, extends) = read.map_err(|_| Refusal::Database)?;
        extends?;
        Ok((size > 0).then(|| Checkpoint { origin: self.origin.clone(), size, root }))
    }
}

/// Whether the tree begins with what was signed before.
fn extends(conn: &mut Conn, last: &Checkpoint, head: &Frontier) -> Result<(), Refusal> {
    if head.size() < last.size {
        return Err(Refusal::Shrunk);
    }
    let conn = RefCell::new(conn);
    let proof = consistency_proof(last.size, head.size(), |level, position| {
        node(&mut conn.borrow_mut(), level, position)
    })
    .map_err(|e| match e {
        DbError::Unavailable => Refusal::Database,
        _ => Refusal::Forked,
    })?;
    verify_consistency(last.size, &last.root, head.size(), &head.root(), &proof).map_err(|_| Refusal::Forked)
}

/// Another node may have signed the same size: then the notes are the same to the byte.
fn publish(db: &Db, size: u64, note: &str) -> Result<(), Refusal> {
    let number = i64::try_from(size).map_err(|_| Refusal::Database)?;
    let held = |conn: &mut Conn| {
        audit_checkpoints::table
            .find(number)
            .select(audit_checkpoints::note)
            .first::<String>(conn)
            .optional()
            .map_err(DbError::from)
    };
    let insert = |tx: &mut Conn| {
        if let Some(held) = held(tx)? {
            return Ok(held == note);
        }
        diesel::insert_into(audit_checkpoints::table)
            .values((audit_checkpoints::size.eq(number), audit_checkpoints::note.eq(note)))
            .execute(tx)?;
        Ok::<_, DbError>(true)
    };
    let same = match db.write_here(insert) {
        Err(DbError::Taken) => db.read_here(held).map(|held| held.as_deref() == Some(note)),
        other => other,
    };
    if same.map_err(|_| Refusal::Database)? { Ok(()) } else { Err(Refusal::OtherCheckpoint) }
}

impl From<ProofError> for DbError {
    fn from(_: ProofError) -> Self {
        Self::Broken("audit proof")
    }
}
