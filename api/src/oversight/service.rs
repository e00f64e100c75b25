//! Asking the log. Each question is written down, with whom it is about, before anything is answered;
//! one that finds nobody is written down by the edge.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::model::*;
use super::store;
use crate::audit::{Signed, Span, Verification, read};
use crate::auth::Core;
use crate::db::DbError;
use crate::kernel::{ApiError, Page};
use crate::policy::{May, ReadAudit, ReportAccess, VerifyAudit};
use crate::vault::Owner;

/// Everything that was done about somebody, newest first.
///
/// # Errors
/// Bad input, an unknown reference, or the question cannot be written down.
pub async fn about_person(
    core: &Core,
    may: May<ReadAudit>,
    form: PersonForm,
) -> Result<Page<EntryView>, ApiError> {
    let Question { of, after } = form.try_into()?;
    let asker = may.clone();
    let people = core.db.read(move |conn| store::whom(conn, &asker, &of)).await?;
    let receipt = core.audit.look(&may, |e| e.about_all(people.iter().copied()).detail("by_person")).await?;
    let subjects: Vec<Owner> = people.into_iter().map(Owner::from).collect();
    core.db
        .read(move |conn| {
            let page = read::about(conn, &receipt, &subjects, after)?;
            store::dress(conn, page)
        })
        .await
}

/// Everything that an account did and saw, newest first.
///
/// # Errors
/// As [`about_person`].
pub async fn by_account(
    core: &Core,
    may: May<ReadAudit>,
    form: AccountForm,
) -> Result<Page<EntryView>, ApiError> {
    let Question { of, after } = form.try_into()?;
    let asker = may.clone();
    let account = core.db.read(move |conn| store::who(conn, &asker, &of)).await?;
    let receipt = core.audit.look(&may, |e| e.about(account).detail("by_account")).await?;
    core.db
        .read(move |conn| {
            let page = read::by(conn, &receipt, account, after)?;
            store::dress(conn, page)
        })
        .await
}

/// Everything in a span of time, newest first.
///
/// # Errors
/// As [`about_person`].
pub async fn by_time(core: &Core, may: May<ReadAudit>, form: TimeForm) -> Result<Page<EntryView>, ApiError> {
    let Question::<Span> { of, after } = form.try_into()?;
    let receipt = core.audit.look(&may, |e| e.detail("by_time")).await?;
    core.db
        .read(move |conn| {
            let page = read::during(conn, &receipt, of, after)?;
            store::dress(conn, page)
        })
        .await
}

/// One entry, and the proof that the log holds it. Naming everybody whom the entry names.
///
/// # Errors
/// No such entry, or the question cannot be written down.
pub async fn entry(core: &Core, may: May<ReadAudit>, number: LeafNumber) -> Result<EntryWithProof, ApiError> {
    let seq = number.0;
    let (entry, subjects) = core
        .db
        .read(move |conn| {
            let entry = read::one(conn, seq)?;
            let named = entry.leaf.iter().flat_map(|leaf| &leaf.subjects);
            let named: Vec<Owner> =
                named.filter_map(|id| migrations::uuid::Uuid::try_parse(id).ok()).map(Owner).collect();
            Ok::<_, DbError>((store::dress_one(conn, entry)?, named))
        })
        .await?;
    let receipt = core
        .audit
        .look(&may, |e| e.about_all(subjects).on(format_args!("leaf_{seq}")).detail("entry"))
        .await?;
    let Some(signed) = checkpoint_over(core, seq).await? else {
        return Ok(EntryWithProof { entry, proof: None });
    };
    let key = core.audit.verifier_key()?;
    let proof = core.db.read(move |conn| read::proof(conn, &receipt, seq, signed)).await?;
    Ok(EntryWithProof { entry, proof: Some(ProofView::new(proof, key)) })
}

/// A checkpoint that covers the entry: the newest, or one made now. None while the signer refuses.
async fn checkpoint_over(core: &Core, seq: u64) -> Result<Option<Signed>, ApiError> {
    let audit = core.audit.clone();
    let signed = tokio::task::spawn_blocking(move || {
        let covers = |signed: &Signed| signed.checkpoint.size > seq;
        match audit.latest_checkpoint() {
            Ok(Some(signed)) if covers(&signed) => Some(signed),
            _ => audit.checkpoint_now().ok().flatten().filter(covers),
        }
    });
    signed.await.map_err(|_| ApiError::Unavailable)
}

/// The newest checkpoint, and the proof that it extends an older one: what somebody who watches the log keeps asking.
/// Says nothing about anybody, so it leaves no entry.
///
/// # Errors
/// There is no checkpoint yet, or the older one is newer.
pub async fn checkpoint(core: &Core, _may: May<ReadAudit>, since: u64) -> Result<CheckpointView, ApiError> {
    let audit = core.audit.clone();
    let latest = tokio::task::spawn_blocking(move || audit.latest_checkpoint());
    let signed = latest.await.map_err(|_| ApiError::Unavailable)??.ok_or(ApiError::NotFound)?;
    let verifier_key = core.audit.verifier_key()?;
    core.db
        .read(move |conn| {
            let hashes = read::consistency(conn, since, &signed)?;
            Ok::<_, DbError>(CheckpointView {
                size: signed.checkpoint.size,
                checkpoint: signed.note,
                verifier_key,
                hashes: hashes.iter().map(|hash| STANDARD.encode(hash)).collect(),
            })
        })
        .await
}

/// Begins to verify the log; nothing new begins while one verification runs.
///
/// # Errors
/// The beginning cannot be written down.
pub async fn verify(core: &Core, may: May<VerifyAudit>) -> Result<VerificationView, ApiError> {
    core.audit.begin_verification(&may).await?;
    Ok(verification(core, may))
}

/// How the verification stands.
pub fn verification(core: &Core, _may: May<VerifyAudit>) -> VerificationView {
    let alarm = core.audit.refusal().map(|refusal| refusal.to_string());
    let none = VerificationView {
        state: VerificationState::Never,
        begun: None,
        ended: None,
        done: 0,
        of: 0,
        checkpoints: 0,
        findings: Vec::new(),
        more: 0,
        alarm,
    };
    let Some(Verification { begun, progress, ended }) = core.audit.verification() else { return none };
    let begun = VerificationView { begun: Some(begun), done: progress.done, of: progress.of, ..none };
    let Some((at, report)) = ended else {
        return VerificationView { state: VerificationState::Running, ..begun };
    };
    let Some(report) = report else {
        return VerificationView { state: VerificationState::Failed, ended: Some(at), ..begun };
    };
    let state = if report.is_clean() { VerificationState::Clean } else { VerificationState::Findings };
    let finding = |f: &crate::audit::Finding| FindingView { code: f.code().into(), text: f.to_string() };
    VerificationView {
        state,
        ended: Some(at),
        done: report.leaves,
        checkpoints: report.checkpoints,
        findings: report.findings.iter().map(finding).collect(),
        more: report.more,
        ..begun
    }
}

/// Who opened a person's file, for that person to be told.
///
/// # Errors
/// Unknown, of another society, or restricted to a team the asker is not of: all alike.
pub async fn who_opened(
    core: &Core,
    may: May<ReportAccess>,
    form: PersonForm,
) -> Result<Page<AccessView>, ApiError> {
    let Question { of, after } = form.try_into()?;
    let asker = may.clone();
    let person = core.db.read(move |conn| store::own_person(conn, &asker, &of)).await?;
    let receipt = core.audit.look(&may, |e| e.about(person).on(person).detail("who_opened")).await?;
    let page = core
        .db
        .read(move |conn| {
            let page = read::about(conn, &receipt, &[person.into()], after)?;
            store::dress(conn, page)
        })
        .await?;
    Ok(page.map(AccessView::from))
}
