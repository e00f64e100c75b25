//! A small world for stories: one service on a database of its own, with societies, service points and people in
//! roles, and a clock that stands still until the story moves it.
//!
//! ```ignore
//! both_databases! {
//!     async fn intake_never_sees_another_point(world: World) {
//!         let here = world.point("Kenya", "Kakuma").await;
//!         let amina = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
//!         let may: May<RecordContact> = amina.may();
//!         …
//!     }
//! }
//! ```
#![expect(clippy::expect_used, reason = "a harness stops at the first surprise, and says which")]

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use api::auth::sign_in::{self, Attempt};
use api::auth::{self, Core, Language, Login, NewAccount, Password, SessionKind, accounts, enrol};
use api::config::{AccountsConfig, AuditConfig, Config, DatabaseConfig, KeysConfig, SecondFactor};
use api::consent;
use api::db::DbError;
use api::db::schema::{service_points, societies};
use api::kernel::{
    AccountId, Chance, Clock, FixedClock, PointId, SessionId, SocietyId, SystemClock, Timestamp,
};
use api::policy::{Actor, Caller, ManageAccounts, May, Permission, Role, grant, system};
use api::vault::store;
use chrono::Duration;
use diesel::prelude::*;
use tempfile::TempDir;

use crate::postgres;
use crate::program::Installation;

/// One service and everything it stands on. The last one that stands on them removes its files.
pub struct World {
    pub core: Core,
    pub clock: Arc<FixedClock>,
    logins: Arc<AtomicU32>,
    folder: Arc<TempDir>,
}

/// Somebody in a role, ready to act: below the edge by [`Someone::may`], over HTTP by [`World::token`].
#[derive(Clone)]
pub struct Someone {
    pub account: AccountId,
    pub society: SocietyId,
    pub caller: Caller,
    pub login: String,
    seed: Vec<u8>,
}

impl Someone {
    /// The proof the policy gives this person for `P`.
    ///
    /// # Panics
    /// When the role does not include the action.
    pub fn may<P: Permission>(&self) -> May<P> {
        grant(self.caller.clone()).expect("the role includes the action")
    }

    /// What this person's phone knows.
    pub fn seed(&self) -> &[u8] {
        &self.seed
    }
}

impl World {
    pub async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let url = format!("sqlite:{}", folder.path().join("relink.sqlite").display());
        Self::at(folder, url)
    }

    pub async fn on_postgres() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        Self::at(folder, postgres::server().fresh_database())
    }

    fn at(folder: TempDir, url: String) -> Self {
        let mut connection = migrations::db::connect(&url).expect("the test's database");
        migrations::migrate::run(&mut connection).expect("the schema");
        drop(connection);
        // 2026-03-01T09:00:00Z: a spring morning, far from any change of year.
        let clock = Arc::new(FixedClock::at(Timestamp::from_micros(1_772_355_600_000_000)));
        let chance = Arc::new(Chance::seeded(7));
        let root = folder.path().join("root.key");
        chance.with(|rng| crypto::FileKeeper::create(&root, None, rng)).expect("a root key");
        let core = open(config(folder.path(), url), clock.clone(), chance);
        let words = core.db.write_here(|tx| consent::seed_texts(tx, core.clock.as_ref(), &core.chance));
        words.expect("the words of consent");
        Self { core, clock, logins: Arc::new(AtomicU32::new(1)), folder: Arc::new(folder) }
    }

    /// Another node of the same service: the same database, keys, checkpoint folder and clock, and nothing else shared.
    pub fn another_node(&self) -> Self {
        let config = (*self.core.config).clone();
        let core = open(config, self.clock.clone(), Arc::new(Chance::system()));
        Self { core, clock: self.clock.clone(), logins: self.logins.clone(), folder: self.folder.clone() }
    }

    /// A node beside an installed program, to make accounts and tokens for it. Its clock stands a minute back, so that
    /// the program, which reads the machine's, takes them for fresh ones.
    pub fn beside(place: &Installation) -> Self {
        let now = SystemClock.now().minus(Duration::minutes(1));
        let clock = Arc::new(FixedClock::at(now));
        let config = Config::load(&place.folder().join("relink.toml")).expect("its configuration");
        let config = Config { accounts: accounts_config(), ..config };
        let core = open(config, clock.clone(), Arc::new(Chance::system()));
        Self { core, clock, logins: Arc::new(AtomicU32::new(1)), folder: place.shared_folder() }
    }

    /// Lets time pass.
    pub fn pass(&self, time: chrono::Duration) {
        self.clock.advance(time);
    }

    /// Where the world's files lie: database, keys, checkpoints.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The society of this name, founded when first named.
    pub async fn society(&self, name: &str) -> SocietyId {
        let (core, name) = (self.core.clone(), name.to_owned());
        let id = self
            .core
            .db
            .write(move |tx| {
                let held = societies::table
                    .filter(societies::name.eq(&name))
                    .select(societies::id)
                    .first::<SocietyId>(tx)
                    .optional()?;
                if let Some(id) = held {
                    return Ok(id);
                }
                let id = SocietyId::new(core.clock.as_ref(), &core.chance);
                let now = core.clock.now();
                diesel::insert_into(societies::table)
                    .values((
                        societies::id.eq(id),
                        societies::code.eq(name.to_lowercase()),
                        societies::name.eq(&name),
                        societies::country.eq("KEN"),
                        societies::created_at.eq(now.micros()),
                    ))
                    .execute(tx)?;
                store::add_society_key(tx, &core.vault, id, now)?;
                Ok::<_, DbError>(id)
            })
            .await
            .expect("a society");
        let vault = self.core.vault.clone();
        self.core.db.read(move |conn| store::admit_all(conn, &vault)).await.expect("its key");
        id
    }

    /// The service point of this name, opened when first named.
    pub async fn point(&self, society: &str, name: &str) -> PointId {
        let society = self.society(society).await;
        let (core, name) = (self.core.clone(), name.to_owned());
        self.core
            .db
            .write(move |tx| {
                let held = service_points::table
                    .filter(service_points::society_id.eq(society).and(service_points::name.eq(&name)))
                    .select(service_points::id)
                    .first::<PointId>(tx)
                    .optional()?;
                if let Some(id) = held {
                    return Ok(id);
                }
                let id = PointId::new(core.clock.as_ref(), &core.chance);
                diesel::insert_into(service_points::table)
                    .values((
                        service_points::id.eq(id),
                        service_points::society_id.eq(society),
                        service_points::code.eq(format!("{}-{}", society, name.to_lowercase())),
                        service_points::name.eq(&name),
                        service_points::kind.eq("fixed"),
                        service_points::place_type.eq("town"),
                        service_points::country.eq("KEN"),
                        service_points::sensitive.eq(false),
                        service_points::created_at.eq(core.clock.now().micros()),
                        service_points::version.eq(1),
                    ))
                    .execute(tx)?;
                Ok::<_, DbError>(id)
            })
            .await
            .expect("a service point")
    }

    /// Somebody new in this role, enrolled and with the code of conduct accepted.
    pub async fn someone(&self, role: Role, society: &str, point: Option<&str>) -> Someone {
        let point = match point {
            Some(name) => Some(self.point(society, name).await),
            None => None,
        };
        let society = self.society(society).await;
        let login =
            format!("{}-{}", role.code().replace('_', "-"), self.logins.fetch_add(1, Ordering::Relaxed));
        let new = NewAccount {
            society,
            point,
            login: Login::parse("login", &login).expect("a login"),
            role,
            language: Language::English,
        };
        let (core, may) =
            (self.core.clone(), system::<ManageAccounts>("test").expect("the system manages accounts"));
        let (account, seed) = self
            .core
            .db
            .write(move |tx| {
                let account = accounts::create(tx, &core, &may, &new)?.account;
                let seed = enrol::ready(tx, &core, &may, account, &Password::new(PASSWORD), true)?;
                Ok::<_, DbError>((account, seed.expect("a second factor").expose().clone()))
            })
            .await
            .expect("an account");
        let session = SessionId::new(self.core.clock.as_ref(), &self.core.chance);
        let actor = Actor::authenticated(account, session, role, society, point);
        Someone { account, society, login, seed, caller: Caller { actor, request: 1 } }
    }

    /// Signs somebody in as a program, with password and second factor, and gives the bearer token.
    pub async fn token(&self, who: &Someone) -> String {
        // A code is good once: the next sign-in waits for the next one.
        self.clock.advance(Duration::seconds(30));
        let attempt = Attempt {
            login: who.login.clone(),
            password: Password::new(PASSWORD),
            code: auth::code_at(&who.seed, self.core.clock.now()),
            source: IpAddr::from([127, 0, 0, 1]),
            request: 1,
        };
        let begun = sign_in::sign_in(&self.core, attempt, SessionKind::Program).await.expect("signed in");
        begun.token.to_string()
    }
}

/// The password of everybody in a test.
pub const PASSWORD: &str = "long enough for a test world";

fn open(config: Config, clock: Arc<FixedClock>, chance: Arc<Chance>) -> Core {
    let keeper = crypto::FileKeeper::open(&config.keys.root_file, None).expect("the root key");
    Core::open(config, Box::new(keeper), clock, chance).expect("the service starts")
}

/// The smallest configuration of a test: everything in one folder, cheap passwords.
fn config(folder: &Path, url: String) -> Config {
    Config {
        database: DatabaseConfig { url, connections: 4, waiting: 256 },
        keys: KeysConfig { root_file: folder.join("root.key"), passphrase_file: None },
        audit: AuditConfig { checkpoints: folder.join("checkpoints"), origin: "relink.test/audit".into() },
        server: Default::default(),
        accounts: accounts_config(),
        matching: Default::default(),
        budgets: Default::default(),
    }
}

fn accounts_config() -> AccountsConfig {
    AccountsConfig {
        second_factor: SecondFactor::Required,
        argon2_memory_kib: 64,
        argon2_passes: 1,
        ..Default::default()
    }
}

/// Tells each story on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: World) $body:block)*) => {
        $(
            mod $name {
                #[allow(unused_imports)]
                use super::*;

                $(#[$meta])*
                async fn story($world: $crate::world::World) $body

                #[tokio::test(flavor = "multi_thread")]
                async fn on_sqlite() {
                    story($crate::world::World::on_sqlite().await).await;
                }

                #[tokio::test(flavor = "multi_thread")]
                #[ignore = "needs PostgreSQL; tests/run starts one"]
                async fn on_postgres() {
                    story($crate::world::World::on_postgres().await).await;
                }
            }
        )*
    };
}
