//! When the log cannot be written nothing is shown and nothing is done; when it can again, everything goes on.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use api::auth::Core;
use api::db::schema::{accounts, audit_leaves};
use api::db::{Conn, DbError};
use api::kernel::{ApiError, Chance, Clock, Timestamp};
use api::policy::{Class, ClassSet, ManageAccounts, Role, UseOwnAccount};
use api::vault::{AccountTotp, Sealed};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use tests::both_databases;
use tests::world::World;

use super::{Cast, size, verified};

/// Lets every new leaf fail, as a full disk or a lost right would.
pub fn fill_the_disk(world: &World) {
    let mut conn = migrations::db::connect(&world.core.config.database.url).unwrap();
    let fail = match &conn {
        Conn::Sqlite(_) => {
            "CREATE TRIGGER no_room BEFORE INSERT ON audit_leaves BEGIN SELECT RAISE(ABORT, 'no room'); END;"
        }
        Conn::Postgres(_) => {
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'no room'; END $$; \
             CREATE TRIGGER no_room BEFORE INSERT ON audit_leaves FOR EACH ROW EXECUTE FUNCTION no_room();"
        }
    };
    conn.batch_execute(fail).unwrap();
}

/// Lets leaves be written again.
pub fn empty_the_disk(world: &World) {
    let mut conn = migrations::db::connect(&world.core.config.database.url).unwrap();
    let mend = match &conn {
        Conn::Sqlite(_) => "DROP TRIGGER no_room;",
        Conn::Postgres(_) => "DROP TRIGGER no_room ON audit_leaves;",
    };
    conn.batch_execute(mend).unwrap();
}

both_databases! {
    async fn without_a_leaf_no_value_is_opened_and_no_deed_is_done(world: World) {
        let cast = Cast::of(&world).await;
        cast.act(&world, 0).await;
        let officer = world.someone(Role::Administrator, "Kenya", None).await;
        let core = world.core.clone();
        let (key, _) = core.vault.new_data_key(officer.account, officer.society).unwrap();
        let seat = core.vault.seat(&key, officer.account.bytes(), 1);
        let sealed: Sealed<AccountTotp> = seat.seal(&b"a secret of twenty b".to_vec());
        let credential = ClassSet::of(&[Class::Credential]);
        let (may, manage) = (officer.may::<UseOwnAccount>(), officer.may::<ManageAccounts>());

        let before = size(&world).await;
        fill_the_disk(&world);
        for _ in 0..20 {
            let look = core.audit.look(&may, |e| e.about(officer.account).opening(credential)).await;
            assert!(matches!(look, Err(ApiError::Unavailable)));
        }
        let (audit, manage_now, id) = (core.audit.clone(), manage.clone(), officer.account);
        let deed = core
            .db
            .write(move |tx| {
                diesel::update(accounts::table.find(id)).set(accounts::state.eq("disabled")).execute(tx)?;
                audit.append(tx, &manage_now, |e| e.about(id).detail("disabled"))
            })
            .await;
        assert!(matches!(deed, Err(ApiError::Unavailable)));
        assert_eq!(core.vault.opened(), 0, "nothing was opened");
        let state: String = core
            .db
            .read(move |c| Ok::<_, DbError>(accounts::table.find(id).select(accounts::state).first(c)?))
            .await
            .unwrap();
        assert_eq!(state, "active", "the deed was rolled back with its leaf");

        empty_the_disk(&world);
        let receipt = core.audit.look(&may, |e| e.about(id).opening(credential)).await.unwrap();
        assert_eq!(receipt.leaf(), before, "failed attempts take no number");
        assert!(seat.open(&receipt, &sealed).is_ok());
        assert!(verified(&world).is_clean());
    }
}

/// A clock that moves a millisecond each time it is read, so that leaves of one commit show the same time.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.fetch_add(1000, Ordering::Relaxed))
    }
}

both_databases! {
    async fn many_looks_share_a_commit_and_no_number_is_skipped_beside_deeds(world: World) {
        let cast = Cast::of(&world).await;
        let keeper = crypto::FileKeeper::open(&world.core.config.keys.root_file, None).unwrap();
        let clock = Arc::new(Ticking(AtomicI64::new(1_772_355_600_000_000)));
        let config = (*world.core.config).clone();
        let core = Core::open(config, Box::new(keeper), clock, Arc::new(Chance::seeded(8))).unwrap();
        let before = size(&world).await;
        let mut tasks = Vec::new();
        for n in 0..240 {
            let (core, look, deed) =
                (core.clone(), cast.caseworker.may::<api::policy::ReadPerson>(), cast.caseworker.may::<api::policy::EditPerson>());
            let person = cast.people[n % cast.people.len()];
            tasks.push(tokio::spawn(async move {
                if n % 12 == 0 {
                    let audit = core.audit.clone();
                    core.db.write(move |tx| audit.append(tx, &deed, |e| e.about(person))).await.unwrap()
                } else {
                    core.audit.look(&look, |e| e.about(person)).await.unwrap().leaf()
                }
            }));
        }
        let mut numbers = BTreeSet::new();
        for task in tasks {
            assert!(numbers.insert(task.await.unwrap()), "a number was given twice");
        }
        assert_eq!(numbers, (before..before + 240).collect());
        let looks: Vec<i64> = core
            .db
            .read(|c| {
                let looks = audit_leaves::table.filter(audit_leaves::action.eq("read_person"));
                Ok::<_, DbError>(looks.select(audit_leaves::at).load(c)?)
            })
            .await
            .unwrap();
        let commits = looks.iter().collect::<BTreeSet<_>>().len();
        assert!(commits < looks.len() / 2, "{commits} commits for {} looks", looks.len());
        assert!(verified(&world).is_clean());
    }
}
