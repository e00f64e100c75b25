//! What the vault promises, seen through the database.

use std::time::{Duration, Instant};

use api::db::{DbError, schema::accounts};
use api::kernel::AccountId;
use api::people::erase;
use api::policy::{Class, ClassSet, ErasePerson, ReadRegister, Role, UseOwnAccount};
use api::vault::{AccountTotp, COLUMNS, Sealed, VaultError, store};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde_json::json;
use tests::both_databases;
use tests::world::World;

use crate::people::met;

/// Puts a value into an account's sealed column, as version 1 of the row.
async fn hold(world: &World, id: AccountId, value: &'static [u8]) {
    let vault = world.core.vault.clone();
    world
        .core
        .db
        .write(move |tx| {
            let key = store::key_of(tx, &vault, id)?;
            let sealed: Sealed<AccountTotp> = vault.seat(&key, id.bytes(), 1).seal(&value.to_vec());
            diesel::update(accounts::table.find(id))
                .set(accounts::totp_sealed.eq(Some(sealed)))
                .execute(tx)?;
            Ok::<_, DbError>(())
        })
        .await
        .unwrap();
}

both_databases! {
    async fn a_value_opens_only_after_its_line_in_the_log_and_only_for_whom_the_line_names(world: World) {
        let officer = world.someone(Role::Administrator, "Kenya", None).await;
        let other = world.someone(Role::Administrator, "Kenya", None).await;
        let core = world.core.clone();
        let id = officer.account;
        hold(&world, id, b"a secret of twenty b").await;

        let vault = core.vault.clone();
        let (key, stored) = core
            .db
            .read(move |conn| {
                let stored: Option<Sealed<AccountTotp>> =
                    accounts::table.find(id).select(accounts::totp_sealed).first(conn)?;
                Ok::<_, DbError>((store::key_of(conn, &vault, id)?, stored.expect("just stored")))
            })
            .await
            .unwrap();
        let seat = core.vault.seat(&key, id.bytes(), 1);
        let credential = ClassSet::of(&[Class::Credential]);

        let may = officer.may::<UseOwnAccount>();
        let wrong_person = core.audit.look(&may, |e| e.about(other.account).opening(credential)).await.unwrap();
        assert_eq!(seat.open(&wrong_person, &stored).err(), Some(VaultError::NotCovered));

        let no_class = officer.may::<ReadRegister>();
        let wrong_class = core.audit.look(&no_class, |e| e.about(id).opening(credential)).await.unwrap();
        assert_eq!(seat.open(&wrong_class, &stored).err(), Some(VaultError::NotCovered));
        assert_eq!(core.vault.opened(), 0);

        let receipt = core.audit.look(&may, |e| e.about(id).opening(credential)).await.unwrap();
        assert_eq!(seat.open(&receipt, &stored).unwrap().expose(), b"a secret of twenty b");
        let newer = core.vault.seat(&key, id.bytes(), 2);
        assert_eq!(newer.open(&receipt, &stored).err(), Some(VaultError::DoesNotOpen));
    }

    async fn a_version_that_no_row_ever_had_opens_nothing_and_leads_nowhere(world: World) {
        let officer = world.someone(Role::Administrator, "Kenya", None).await;
        let core = world.core.clone();
        let id = officer.account;
        let (key, may) = {
            let vault = core.vault.clone();
            let key = core.db.read(move |conn| store::key_of(conn, &vault, id)).await.unwrap();
            (key, officer.may::<UseOwnAccount>())
        };
        let credential = ClassSet::of(&[Class::Credential]);
        let receipt = core.audit.look(&may, |e| e.about(id).opening(credential)).await.unwrap();
        for version in [0, -1, i64::MIN] {
            let seat = core.vault.seat(&key, id.bytes(), version);
            let sealed: Sealed<AccountTotp> = seat.seal(&b"older than any row".to_vec());
            assert_eq!(seat.open(&receipt, &sealed).err(), Some(VaultError::DoesNotOpen), "{version}");
            assert_eq!(seat.carry(&sealed, 1).err(), Some(VaultError::DoesNotOpen), "{version}");
        }
        let seat = core.vault.seat(&key, id.bytes(), 3);
        let sealed: Sealed<AccountTotp> = seat.seal(&b"as it is".to_vec());
        for back in [3, 2, -4] {
            assert_eq!(seat.carry(&sealed, back).err(), Some(VaultError::DoesNotOpen), "{back}");
        }
        assert!(seat.carry(&sealed, 4).is_ok());
    }

    async fn a_rotated_society_key_wraps_every_data_key_again_and_the_data_stays(world: World) {
        let officers = [
            world.someone(Role::Administrator, "Kenya", None).await,
            world.someone(Role::Administrator, "Kenya", None).await,
            world.someone(Role::Administrator, "Kenya", None).await,
        ];
        let core = world.core.clone();
        let (id, society) = (officers[0].account, officers[0].society);
        hold(&world, id, b"before").await;
        let (vault, now) = (core.vault.clone(), core.clock.now());
        let (key, stored) = core
            .db
            .write(move |tx| {
                assert_eq!(store::stale_keys(tx, society)?, 0);
                assert_eq!(store::add_society_key(tx, &vault, society, now)?, 2);
                store::admit_all(tx, &vault)?;
                assert_eq!(store::stale_keys(tx, society)?, 3);
                assert_eq!(store::rewrap_some(tx, &vault, society, 2)?, 2);
                assert_eq!(store::rewrap_some(tx, &vault, society, 2)?, 1);
                assert_eq!(store::rewrap_some(tx, &vault, society, 2)?, 0);
                let stored: Option<Sealed<AccountTotp>> =
                    accounts::table.find(id).select(accounts::totp_sealed).first(tx)?;
                Ok::<_, DbError>((store::key_of(tx, &vault, id)?, stored.expect("just stored")))
            })
            .await
            .unwrap();
        let may = officers[0].may::<UseOwnAccount>();
        let credential = ClassSet::of(&[Class::Credential]);
        let receipt = core.audit.look(&may, |e| e.about(id).opening(credential)).await.unwrap();
        let opened = core.vault.seat(&key, id.bytes(), 1).open(&receipt, &stored).unwrap();
        assert_eq!(opened.expose(), b"before");
    }

    async fn a_shredded_key_leaves_nothing_to_open(world: World) {
        let officer = world.someone(Role::Administrator, "Kenya", None).await;
        let core = world.core.clone();
        let (id, vault) = (officer.account, core.vault.clone());
        let gone = core
            .db
            .write(move |tx| {
                assert!(store::key_of(tx, &vault, id).is_ok());
                assert!(store::shred(tx, id)?);
                assert!(!store::shred(tx, id)?);
                Ok::<_, DbError>(store::key_of(tx, &vault, id).err())
            })
            .await
            .unwrap();
        assert!(matches!(gone, Some(DbError::NotFound)));
    }
}

/// Whether these bytes stand in the database's file or in its write-ahead log. The log is read first: a checkpoint
/// between the two moves what it holds into the file, and never the other way.
fn stands_in_a_file(world: &World, bytes: &[u8]) -> bool {
    ["relink.sqlite-wal", "relink.sqlite"].iter().any(|name| {
        let file = std::fs::read(world.folder().join(name)).unwrap();
        file.windows(bytes.len()).any(|window| window == bytes)
    })
}

/// PostgreSQL's log is its server's to recycle.
#[tokio::test(flavor = "multi_thread")]
async fn an_erased_key_stands_in_no_file_any_more_even_when_a_reader_was_in_the_way() {
    let world = World::on_sqlite().await;
    let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
    let officer = world.someone(Role::DataProtectionOfficer, "Kenya", None).await;
    for reading in [false, true] {
        let person = met(&world.core, &desk, json!({"full_name": "Amina Warsame"})).await;
        let held = world.core.db.read(move |conn| store::wrapped_keys(conn, &[person.into()])).await.unwrap();
        let wrapped = held[0].wrapped.clone();
        assert!(stands_in_a_file(&world, &wrapped));
        let mut reader = migrations::db::connect(&world.core.config.database.url).unwrap();
        if reading {
            reader.batch_execute("BEGIN; SELECT count(*) FROM people").unwrap();
        }
        erase(&world.core, officer.may::<ErasePerson>(), person).await.unwrap();
        if reading {
            std::thread::sleep(Duration::from_millis(300));
            assert!(stands_in_a_file(&world, &wrapped), "as long as somebody reads what was there before");
            reader.batch_execute("COMMIT").unwrap();
        }
        let until = Instant::now() + Duration::from_secs(10);
        while stands_in_a_file(&world, &wrapped) {
            assert!(Instant::now() < until, "the key of somebody erased can still be read from the disk");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn every_sealed_column_of_the_schema_is_listed_and_nothing_else_is() {
    let mut connection = migrations::db::connect("sqlite::memory:").unwrap();
    migrations::migrate::run(&mut connection).unwrap();
    #[derive(diesel::QueryableByName)]
    struct Found {
        #[diesel(sql_type = diesel::sql_types::Text)]
        place: String,
    }
    let query = "SELECT t.name || '.' || c.name AS place FROM sqlite_schema t, pragma_table_info(t.name) c \
                 WHERE t.type = 'table' AND c.name LIKE '%\\_sealed' ESCAPE '\\' ORDER BY place";
    let found: Vec<Found> = diesel::sql_query(query).load(&mut connection).unwrap();
    let found: Vec<String> = found.into_iter().map(|f| f.place).collect();
    let mut listed: Vec<String> = COLUMNS.iter().map(|c| format!("{}.{}", c.table, c.column)).collect();
    listed.sort();
    assert_eq!(found, listed);
}
