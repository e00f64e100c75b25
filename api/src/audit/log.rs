//! The log as the rest of the service sees it: a deed's leaf in the deed's own transaction, a look's leaf through the
//! writer thread, checkpoints and verification in the background.

use std::sync::Arc;

use super::append::{append_all, ensure_head};
use super::background::{Checkpointer, Verification, Verifications};
use super::budget::Budgets;
use super::leaf::Event;
use super::signer::{Refusal, Signed, Signer};
use super::verify::{Trust, verify};
use super::writer::Writer;
use crate::config::{AuditConfig, BudgetsConfig};
use crate::db::{Conn, Db, DbError};
use crate::kernel::{ApiError, Chance, Clock};
use crate::policy::{Caller, May, Permission, VerifyAudit};
use crate::vault::{Receipt, ReceiptPress, Secret, Vault, store};

/// Under which the signing key is kept among the service's secrets.
const KEY_LABEL: &str = "audit signing key";

/// The log. Cheap to clone.
#[derive(Clone)]
pub struct Audit {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    chance: Arc<Chance>,
    press: ReceiptPress,
    writer: Writer,
    checkpointer: Checkpointer,
    verifications: Verifications,
}

impl Audit {
    /// Opens the log: makes the first head and the signing key if there are none, starts the writer and the
    /// checkpoints.
    ///
    /// # Errors
    /// The database's, or the checkpoint folder cannot be written.
    pub fn open(
        db: Db,
        vault: &Vault,
        press: ReceiptPress,
        clock: Arc<dyn Clock>,
        chance: Arc<Chance>,
        config: &AuditConfig,
        budgets: &BudgetsConfig,
    ) -> Result<Self, ApiError> {
        match db.write_here(ensure_head) {
            // Another node started at the same moment.
            Ok(()) | Err(DbError::Taken) => {}
            Err(error) => return Err(error.into()),
        }
        let seed = store::service_secret(&db, vault, KEY_LABEL, clock.now(), || {
            Secret::new(chance.bytes::<32>().to_vec())
        })?;
        let signer = Arc::new(Signer::open(config, signing_key(&seed)?)?);
        let writer = Writer::start(db.clone(), clock.clone(), chance.clone(), Budgets::new(budgets.clone()))?;
        let checkpointer = Checkpointer::start(db.clone(), signer)?;
        let verifications = Verifications::default();
        Ok(Self { inner: Arc::new(Inner { db, clock, chance, press, writer, checkpointer, verifications }) })
    }

    /// Writes a deed's leaf into the deed's transaction: both happen or neither.
    ///
    /// # Errors
    /// The database's: the deed must then be rolled back.
    pub fn append<P: Permission>(
        &self,
        tx: &mut Conn,
        may: &May<P>,
        fill: impl FnOnce(Event) -> Event,
    ) -> Result<u64, DbError> {
        let event = fill(Event::new(P::ACTION, P::PURPOSE));
        let one = [(may.caller().clone(), event)];
        append_all(tx, self.inner.clock.as_ref(), &self.inner.chance, &one)
    }

    /// The same for many deeds of one transaction, a leaf each, in order. Gives the number of the first.
    ///
    /// # Errors
    /// As [`Audit::append`].
    pub fn append_each<P: Permission, T>(
        &self,
        tx: &mut Conn,
        may: &May<P>,
        deeds: impl IntoIterator<Item = T>,
        mut fill: impl FnMut(Event, T) -> Event,
    ) -> Result<u64, DbError> {
        let event = |deed| (may.caller().clone(), fill(Event::new(P::ACTION, P::PURPOSE), deed));
        let events: Vec<_> = deeds.into_iter().map(event).collect();
        append_all(tx, self.inner.clock.as_ref(), &self.inner.chance, &events)
    }

    /// Writes a look's leaf, waits until it is durable, and gives the receipt that opens what the leaf names: the
    /// event's owners, and of its classes those that the grant includes.
    ///
    /// # Errors
    /// [`ApiError::Unavailable`] when the leaf cannot be written, [`ApiError::OverBudget`] when the account has looked at
    /// as much as it may: then nothing may be shown.
    pub async fn look<P: Permission>(
        &self,
        may: &May<P>,
        fill: impl FnOnce(Event) -> Event,
    ) -> Result<Receipt, ApiError> {
        let mut event = fill(Event::new(P::ACTION, P::PURPOSE));
        event.classes = event.classes.and(may.classes());
        let (owners, classes) = (event.subjects.clone(), event.classes);
        let leaf = self.inner.writer.write(may.caller().clone(), event).await?;
        Ok(self.inner.press.print(leaf, owners, classes))
    }

    /// Notes something that opens nothing: a refused attempt, a failed sign-in.
    ///
    /// # Errors
    /// [`ApiError::Unavailable`] when the leaf cannot be written.
    pub async fn note(&self, caller: Caller, event: Event) -> Result<u64, ApiError> {
        self.inner.writer.write(caller, event).await
    }

    /// The receipt under which the match index loads profiles: one leaf that says how many.
    ///
    /// # Errors
    /// [`ApiError::Unavailable`] when the leaf cannot be written.
    pub fn load_index(
        &self,
        may: &May<crate::policy::FollowIndex>,
        profiles: u64,
    ) -> Result<Receipt, ApiError> {
        let event = Event::new(may.action(), may.purpose())
            .opening(may.classes())
            .counting(profiles)
            .detail("index_loaded");
        let one = [(may.caller().clone(), event)];
        let inner = &self.inner;
        let leaf = inner.db.write_here(|tx| append_all(tx, inner.clock.as_ref(), &inner.chance, &one))?;
        Ok(inner.press.print_for_index(leaf))
    }

    /// Signs and publishes a checkpoint of the log as it stands; nothing for an empty log. Blocks.
    ///
    /// # Errors
    /// The signer refuses, or folder or database are away.
    pub fn checkpoint_now(&self) -> Result<Option<Signed>, Refusal> {
        self.inner.checkpointer.sign()
    }

    /// Signs once more and ends signing by itself. A program calls it before it ends: other threads may hold the log
    /// longer than the program lives. Blocks.
    pub fn finish(&self) {
        self.inner.checkpointer.finish();
    }

    /// The newest checkpoint signed here.
    ///
    /// # Errors
    /// The folder cannot be read or is another log's.
    pub fn latest_checkpoint(&self) -> Result<Option<Signed>, Refusal> {
        self.inner.checkpointer.signer().latest()
    }

    /// Why the last attempt to sign failed: an alarm until somebody has looked into it.
    pub fn refusal(&self) -> Option<Refusal> {
        self.inner.checkpointer.refusal()
    }

    /// The line with which auditors' tools check the log's checkpoints.
    ///
    /// # Errors
    /// None once the log is open.
    pub fn verifier_key(&self) -> Result<String, Refusal> {
        self.inner.checkpointer.signer().verifier_key()
    }

    /// What this log is verified against: its own key and its own folder.
    pub fn trust(&self) -> Trust {
        let signer = self.inner.checkpointer.signer();
        Trust {
            key: signer.public(),
            origin: signer.origin().to_owned(),
            folder: Some(signer.folder().clone()),
            witnessed: Vec::new(),
        }
    }

    /// Begins to verify the whole log on a thread of its own, and writes down that it was asked for and how it ended.
    /// Says whether it began: one verification runs at a time.
    ///
    /// # Errors
    /// The first leaf cannot be written.
    pub async fn begin_verification(&self, may: &May<VerifyAudit>) -> Result<bool, ApiError> {
        let Some(turn) = self.inner.verifications.begin(self.inner.clock.now()) else { return Ok(false) };
        self.look(may, |e| e.detail("verification_begun")).await?;
        let (audit, trust, may) = (self.clone(), self.trust(), may.clone());
        std::thread::Builder::new()
            .name("audit-verification".into())
            .spawn(move || {
                let report = verify(&audit.inner.db, &trust, &mut |progress| turn.report_progress(progress));
                let detail = match &report {
                    Ok(report) if report.is_clean() => "verified_clean",
                    Ok(_) => "verified_with_findings",
                    Err(_) => "verification_failed",
                };
                let inner = &audit.inner;
                let written = inner.db.write_here(|tx| audit.append(tx, &may, |e| e.detail(detail)));
                if written.is_err() {
                    tracing::error!("the end of a verification could not be written down");
                }
                turn.finish(report.ok(), inner.clock.now());
            })
            .map_err(|_| ApiError::Unavailable)?;
        Ok(true)
    }

    /// The verification that runs, or the last that ran.
    pub fn verification(&self) -> Option<Verification> {
        self.inner.verifications.last()
    }
}

/// The public half of the key that signs this database's log.
///
/// # Errors
/// The database's, or the root key is another one; not found in a database in which no log was ever opened.
pub fn held_verifying_key(conn: &mut Conn, vault: &Vault) -> Result<crypto::VerifyingKey, DbError> {
    let seed = store::held_secret(conn, vault, KEY_LABEL)?.ok_or(DbError::NotFound)?;
    Ok(signing_key(&seed)?.verifying_key())
}

fn signing_key(seed: &Secret<Vec<u8>>) -> Result<crypto::SigningKey, DbError> {
    let seed = seed.expose().as_slice().try_into().map_err(|_| DbError::Broken("audit signing key"))?;
    Ok(crypto::SigningKey::from_bytes(seed))
}
