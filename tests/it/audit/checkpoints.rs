//! Checkpoints: signed in time, kept outside, never for a log that shrank or was rewritten.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use api::audit::{Refusal, Signed};
use api::db::Conn;
use crypto::merkle::{leaf_hash, verify_consistency, verify_inclusion};
use crypto::note::{parse_verifier_key, verify_note};
use diesel::connection::SimpleConnection;
use tests::both_databases;
use tests::world::World;

use super::{Cast, size, verified};

/// Somebody with the database in their hands.
fn tamper(world: &World, sql: &str) {
    let mut conn = migrations::db::connect(&world.core.config.database.url).unwrap();
    let unlock = match &conn {
        Conn::Sqlite(_) => {
            "DROP TRIGGER audit_leaves_no_update; DROP TRIGGER audit_leaves_no_delete;
             DROP TRIGGER audit_nodes_no_update; DROP TRIGGER audit_nodes_no_delete;"
        }
        Conn::Postgres(_) => {
            "DROP TRIGGER audit_leaves_fixed ON audit_leaves; DROP TRIGGER audit_nodes_fixed ON audit_nodes;"
        }
    };
    conn.batch_execute(unlock).unwrap();
    conn.batch_execute(sql).unwrap();
}

both_databases! {
    async fn a_checkpoint_stands_in_the_folder_and_in_the_database_and_is_checked_with_the_key_line(world: World) {
        assert!(world.core.audit.checkpoint_now().unwrap().is_none(), "an empty log is not signed");
        let cast = Cast::of(&world).await;
        let before = size(&world).await;
        cast.act(&world, 0).await;
        let first = world.core.audit.checkpoint_now().unwrap().unwrap();
        cast.act(&world, 1).await;
        let second = world.core.audit.checkpoint_now().unwrap().unwrap();
        assert_eq!((first.checkpoint.size, second.checkpoint.size), (before + 4, before + 8));
        let (one, two) = (first.checkpoint.size.to_string(), second.checkpoint.size.to_string());

        let folder = world.folder().join("checkpoints");
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!((read(&one), read(&two), read("latest")), (first.note, second.note.clone(), second.note));
        let (name, key) = parse_verifier_key(read("verifier-key").trim_end()).unwrap();
        for (note, checkpoint) in [(read(&one), first.checkpoint), (read(&two), second.checkpoint)] {
            assert_eq!(verify_note(&note, &key, &name).unwrap(), checkpoint);
        }
        let report = verified(&world);
        assert!(report.is_clean(), "{:?}", report.findings);
        assert_eq!(report.leaves, before + 8);
        assert_eq!(report.checkpoints, 5, "two stored, two in the folder, and the latest");
    }

    async fn every_entry_can_be_proved_against_the_newest_checkpoint(world: World) {
        let cast = Cast::of(&world).await;
        for round in 0..5 {
            cast.act(&world, round).await;
        }
        let old = world.core.audit.checkpoint_now().unwrap().unwrap();
        cast.act(&world, 5).await;
        let new = world.core.audit.checkpoint_now().unwrap().unwrap();
        let auditor = world.someone(api::policy::Role::Auditor, "Kenya", None).await;
        let receipt =
            world.core.audit.look(&auditor.may::<api::policy::ReadAudit>(), |e| e).await.unwrap();
        let signed = new.clone();
        let (proofs, steps) = world.core.db.read(move |conn| {
            let proofs: Result<Vec<_>, _> = (0..signed.checkpoint.size)
                .map(|seq| api::audit::read::proof(conn, &receipt, seq, signed.clone()))
                .collect();
            Ok::<_, api::db::DbError>((proofs?, api::audit::read::consistency(conn, old.checkpoint.size, &signed)?))
        }).await.unwrap();
        let size = new.checkpoint.size;
        assert_eq!(proofs.len() as u64, size);
        for proof in proofs {
            let root = &proof.signed.checkpoint.root;
            assert_eq!(verify_inclusion(proof.seq, size, &leaf_hash(&proof.leaf), &proof.hashes, root), Ok(()));
            assert!(verify_inclusion(proof.seq ^ 1, size, &leaf_hash(&proof.leaf), &proof.hashes, root).is_err());
        }
        assert_eq!(verify_consistency(old.checkpoint.size, &old.checkpoint.root, size, &new.checkpoint.root, &steps), Ok(()));
    }

    async fn a_log_that_shrank_is_not_signed_and_the_service_says_so(world: World) {
        let cast = Cast::of(&world).await;
        cast.act(&world, 0).await;
        world.core.audit.checkpoint_now().unwrap();
        rewind(&world, 2).await;
        assert_eq!(world.core.audit.checkpoint_now().unwrap_err(), Refusal::Shrunk);
        assert_eq!(world.core.audit.refusal(), Some(Refusal::Shrunk));

        // Growing again past the old size does not help: the beginning is another.
        for round in 1..6 {
            cast.act(&world, round).await;
        }
        assert_eq!(world.core.audit.checkpoint_now().unwrap_err(), Refusal::Forked);
        assert!(!verified(&world).is_clean());
    }

    async fn a_log_rewritten_after_the_latest_checkpoint_was_lost_or_set_back_gets_no_signature(world: World) {
        let cast = Cast::of(&world).await;
        cast.act(&world, 0).await;
        let old = world.core.audit.checkpoint_now().unwrap().unwrap();
        cast.act(&world, 1).await;
        let new = world.core.audit.checkpoint_now().unwrap().unwrap();
        let folder = world.folder().join("checkpoints");
        let (latest, note) = (folder.join("latest"), folder.join(new.checkpoint.size.to_string()));
        // Losing it alone is no harm: what was signed stands elsewhere, and the log begins with it.
        fs::remove_file(&latest).unwrap();
        assert_eq!(world.another_node().core.audit.checkpoint_now().unwrap().unwrap().note, new.note);

        rewind(&world, old.checkpoint.size).await;
        for round in 2..5 {
            cast.act(&world, round).await;
        }
        let refused = |world: &World| world.core.audit.checkpoint_now().unwrap_err();
        fs::write(&latest, &old.note).unwrap();
        assert_eq!(refused(&world.another_node()), Refusal::Forked, "the folder's largest note remembers");
        fs::remove_file(&note).unwrap();
        assert_eq!(refused(&world.another_node()), Refusal::Forked, "the database remembers");
        fs::write(&note, &new.note).unwrap();
        forget(&world, &new);
        assert_eq!(refused(&world), Refusal::Forked, "the running service remembers");
        assert_eq!(fs::read_to_string(&latest).unwrap(), old.note, "nothing was signed");
    }

    async fn no_note_takes_the_place_of_another_of_the_same_size(world: World) {
        let cast = Cast::of(&world).await;
        cast.act(&world, 0).await;
        let old = world.core.audit.checkpoint_now().unwrap().unwrap();
        cast.act(&world, 1).await;
        let note = world.folder().join("checkpoints").join(size(&world).await.to_string());
        fs::write(&note, &old.note).unwrap();
        assert_eq!(world.core.audit.checkpoint_now().unwrap_err(), Refusal::Forked);
        assert_eq!(fs::read_to_string(&note).unwrap(), old.note, "the evidence is still there");
        assert_eq!(fs::read_to_string(note.with_file_name("latest")).unwrap(), old.note, "and nothing was signed");
    }

    async fn a_signer_with_another_key_signs_nothing_into_the_folder(world: World) {
        let cast = Cast::of(&world).await;
        cast.act(&world, 0).await;
        let folder = world.folder().join("checkpoints");
        let other = crypto::SigningKey::from_bytes(&[9; 32]);
        let line = crypto::note::verifier_key("relink.test/audit", &other.verifying_key()).unwrap();
        fs::write(folder.join("verifier-key"), line + "\n").unwrap();
        assert_eq!(world.core.audit.checkpoint_now().unwrap_err(), Refusal::OtherKey);
        assert!(!folder.join("latest").exists());
    }

    async fn a_kill_between_the_steps_of_publishing_is_mended_by_the_next_signing(world: World) {
        let cast = Cast::of(&world).await;
        cast.act(&world, 0).await;
        world.core.audit.checkpoint_now().unwrap();
        cast.act(&world, 1).await;
        let signed = world.core.audit.checkpoint_now().unwrap().unwrap();
        forget(&world, &signed);
        assert!(!verified(&world).is_clean());
        assert_eq!(world.core.audit.checkpoint_now().unwrap().unwrap().note, signed.note);
        assert!(verified(&world).is_clean());

        // Whoever starts again writes into the log before anything is signed.
        forget(&world, &signed);
        cast.act(&world, 2).await;
        assert_ne!(world.core.audit.checkpoint_now().unwrap().unwrap().note, signed.note);
        let report = verified(&world);
        assert!(report.is_clean(), "{:?}", report.findings);
    }
}

/// Takes the log back to its first leaves, with tree and head as they were then.
async fn rewind(world: &World, size: u64) {
    use api::db::schema::{audit_head, audit_leaves};
    use diesel::prelude::*;
    let cut = format!(
        "DELETE FROM audit_leaves WHERE seq >= {size}; DELETE FROM audit_nodes WHERE ((position + 1) << level) > {size};"
    );
    tamper(world, &cut);
    let rewound = world.core.db.write(move |tx| {
        let hashes: Vec<Vec<u8>> =
            audit_leaves::table.order(audit_leaves::seq).select(audit_leaves::hash).load(tx)?;
        let mut frontier = crypto::merkle::Frontier::new();
        for hash in hashes {
            frontier.append(hash.try_into().unwrap());
        }
        let head = (audit_head::size.eq(size as i64), audit_head::frontier.eq(frontier.to_bytes()));
        diesel::update(audit_head::table).set(head).execute(tx)?;
        Ok::<_, api::db::DbError>(())
    });
    rewound.await.unwrap();
}

/// As if the last two steps of publishing had never happened.
fn forget(world: &World, signed: &Signed) {
    let size = signed.checkpoint.size;
    fs::remove_file(world.folder().join("checkpoints").join(size.to_string())).unwrap();
    let mut conn = migrations::db::connect(&world.core.config.database.url).unwrap();
    conn.batch_execute(match &conn {
        Conn::Sqlite(_) => "DROP TRIGGER IF EXISTS audit_checkpoints_no_delete;",
        Conn::Postgres(_) => "DROP TRIGGER IF EXISTS audit_checkpoints_fixed ON audit_checkpoints;",
    })
    .unwrap();
    conn.batch_execute(&format!("DELETE FROM audit_checkpoints WHERE size = {size}")).unwrap();
}
