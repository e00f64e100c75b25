//! A throwaway PostgreSQL for tests: one cluster for a test process, one empty database for each test.
//!
//! `tests/run` starts one server for the whole run and names it in `RELINK_TEST_POSTGRES`; without that, the first
//! test that asks starts one (about two seconds) on a free port of this machine. It listens on loopback only, trusts
//! whoever connects, keeps nothing, and is gone with the test process (see [`crate::warden`]).

use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use diesel::{Connection, PgConnection, RunQueryDsl};

use crate::warden::{User, Warden};

/// The variable that names a running server, such as `postgres://postgres@127.0.0.1:5433/postgres`.
pub const SERVER_VARIABLE: &str = "RELINK_TEST_POSTGRES";

/// Whether an acknowledged commit is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Fast, and lost when the machine stops: for every ordinary test.
    None,
    /// As a real installation: for tests about what survives.
    Full,
}

/// A running PostgreSQL.
#[derive(Debug)]
pub struct Server {
    /// Up to and without the database name.
    base: String,
    admin_database: String,
    _warden: Option<Warden>,
}

/// The server of this test process: the one named in [`SERVER_VARIABLE`], or one of our own.
///
/// # Panics
/// When there is none and none can be started; the message says what is missing.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let server = match std::env::var(SERVER_VARIABLE) {
            Ok(url) => Server::running(&url),
            Err(_) => Server::start(Durability::None),
        };
        or_fail(server)
    })
}

/// A server of our own that writes through to the disk, whatever [`SERVER_VARIABLE`] says.
///
/// # Panics
/// As [`server`].
pub fn durable_server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| or_fail(Server::start(Durability::Full)))
}

fn or_fail<T>(outcome: Result<T, String>) -> T {
    outcome.unwrap_or_else(|problem| panic!("PostgreSQL for tests: {problem}"))
}

impl Server {
    /// The URL of a new, empty database nobody else uses.
    ///
    /// # Panics
    /// When the server does not answer or refuses.
    #[must_use]
    pub fn fresh_database(&self) -> String {
        let name =
            format!("relink_{}_{:016x}", std::process::id(), RandomState::new().build_hasher().finish());
        let create = format!("CREATE DATABASE {name} TEMPLATE template0");
        or_fail(self.admin().and_then(|mut admin| {
            diesel::sql_query(create)
                .execute(&mut admin)
                .map_err(|error| format!("cannot create {name}: {error}"))
        }));
        format!("{}/{name}", self.base)
    }

    fn admin(&self) -> Result<PgConnection, String> {
        let url = format!("{}/{}", self.base, self.admin_database);
        PgConnection::establish(&url).map_err(|error| format!("cannot connect to {url}: {error}"))
    }

    /// A server somebody else keeps running.
    fn running(url: &str) -> Result<Self, String> {
        let accepted = "expected postgres://USER@HOST:PORT/DATABASE";
        let bad = || format!("{SERVER_VARIABLE} is \"{url}\"; {accepted}");
        let (scheme, rest) = url.split_once("://").ok_or_else(bad)?;
        let (host, database) = rest.split_once('/').ok_or_else(bad)?;
        if !["postgres", "postgresql"].contains(&scheme) || host.is_empty() || database.is_empty() {
            return Err(bad());
        }
        let base = format!("{scheme}://{host}");
        let server = Self { base, admin_database: database.to_owned(), _warden: None };
        server.admin()?;
        Ok(server)
    }

    /// Starts a cluster of its own on a free port.
    ///
    /// # Errors
    /// A sentence that says what is missing or what PostgreSQL answered.
    pub fn start(durability: Durability) -> Result<Self, String> {
        let programs = programs()?;
        let user = unprivileged()?;
        let mut outcome = Err(String::new());
        // Between asking for a free port and using it, somebody else may take it.
        for _ in 0..3 {
            outcome = launch(&programs, user, durability);
            if !outcome.as_ref().is_err_and(|problem| problem.contains("Address already in use")) {
                break;
            }
        }
        let (warden, port) = outcome?;
        Ok(Self {
            base: format!("postgres://postgres@127.0.0.1:{port}"),
            admin_database: "postgres".to_owned(),
            _warden: Some(warden),
        })
    }
}

fn launch(programs: &Path, user: Option<User>, durability: Durability) -> Result<(Warden, u16), String> {
    let folder = tempfile::Builder::new().prefix("relink-postgres-").tempdir();
    let folder = folder.map_err(|error| format!("cannot make a folder: {error}"))?;
    let data = folder.path().join("data");
    initialise(programs, folder.path(), &data, user)?;
    let port = free_port()?;
    let mut words = vec!["-D".to_owned(), data.display().to_string(), "-p".to_owned(), port.to_string()];
    let settings =
        ["listen_addresses=127.0.0.1", "unix_socket_directories=", "jit=off", "max_connections=200"];
    let careless = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
    let careless = careless.iter().filter(|_| durability == Durability::None);
    words
        .extend(settings.iter().chain(careless).flat_map(|setting| ["-c".to_owned(), (*setting).to_owned()]));
    let warden = Warden::start(&programs.join("postgres"), &words, &folder.keep(), "QUIT", user)?;
    let state = data.join("postmaster.pid");
    warden.wait(&["FATAL", "could not"], |_| {
        let state = fs::read_to_string(&state).ok()?;
        state.lines().nth(7).filter(|line| line.trim() == "ready").map(drop)
    })?;
    Ok((warden, port))
}

fn initialise(programs: &Path, folder: &Path, data: &Path, user: Option<User>) -> Result<(), String> {
    if let Some(user) = user {
        chown(folder, Some(user.uid), Some(user.gid))
            .map_err(|error| format!("chown {}: {error}", folder.display()))?;
    }
    let mut initdb = Command::new(programs.join("initdb"));
    initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D"]).arg(data);
    initdb.current_dir("/");
    if let Some(user) = user {
        use std::os::unix::process::CommandExt;
        initdb.gid(user.gid).uid(user.uid);
    }
    let output = initdb.output().map_err(|error| format!("cannot run initdb: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("initdb failed: {}", String::from_utf8_lossy(&output.stderr)))
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(|error| format!("no free port: {error}"))
}

/// The folder of `initdb` and `postgres`. Debian keeps them off the path.
fn programs() -> Result<PathBuf, String> {
    let asked = Command::new("pg_config").arg("--bindir").output().ok();
    let asked = asked.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let mut installed: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    installed.sort_by_key(|bin| std::cmp::Reverse(version_of(bin)));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).collect::<Vec<_>>();
    asked
        .into_iter()
        .chain(installed)
        .chain(on_path)
        .find(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file())
        .ok_or_else(|| {
            format!("initdb and postgres not found; install PostgreSQL, or name a running server in {SERVER_VARIABLE}")
        })
}

/// The major version in a path such as `/usr/lib/postgresql/15/bin`.
fn version_of(bin: &Path) -> u32 {
    let version = bin.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    version.and_then(|version| version.parse().ok()).unwrap_or(0)
}

/// Whom PostgreSQL runs as: itself it refuses to run as root. `None` when we are not root.
fn unprivileged() -> Result<Option<User>, String> {
    let id = |words: &[&str]| {
        let output = Command::new("id").args(words).output().ok()?;
        String::from_utf8_lossy(&output.stdout).trim().parse::<u32>().ok()
    };
    if id(&["-u"]) != Some(0) {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let (Some(uid), Some(gid)) = (id(&["-u", name]), id(&["-g", name])) {
            return Ok(Some(User { uid, gid }));
        }
    }
    Err("running as root, and there is neither a user postgres nor nobody to run PostgreSQL as".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(diesel::QueryableByName)]
    struct Setting {
        #[diesel(sql_type = diesel::sql_types::Text)]
        fsync: String,
    }

    fn fsync(url: &str) -> String {
        let mut connection = PgConnection::establish(url).expect("a connection");
        let rows =
            diesel::sql_query("SELECT current_setting('fsync') AS fsync").load::<Setting>(&mut connection);
        rows.expect("an answer").remove(0).fsync
    }

    #[test]
    #[ignore = "needs PostgreSQL"]
    fn every_test_gets_an_empty_database_of_its_own() {
        let (one, other) = (server().fresh_database(), server().fresh_database());
        assert_ne!(one, other);
        let mut connection = PgConnection::establish(&one).expect("a connection");
        diesel::sql_query("CREATE TABLE t (id BIGINT)").execute(&mut connection).expect("created");
        let mut connection = PgConnection::establish(&other).expect("a connection");
        let seen = diesel::sql_query("SELECT id FROM t").execute(&mut connection);
        assert!(seen.is_err(), "the other database is empty");
    }

    #[test]
    #[ignore = "needs PostgreSQL"]
    fn a_durable_server_writes_through_and_stops_when_dropped() {
        let server = Server::start(Durability::Full).expect("started");
        let url = server.fresh_database();
        assert_eq!(fsync(&url), "on");
        drop(server);
        assert!(PgConnection::establish(&url).is_err());
    }

    #[test]
    fn a_wrong_server_url_is_explained() {
        for url in ["", "127.0.0.1:5432", "mysql://u@h/d", "postgres://host", "postgres:///d"] {
            let problem = Server::running(url).expect_err("not a server");
            assert!(
                problem.contains(SERVER_VARIABLE) && problem.contains("postgres://USER@HOST"),
                "{problem}"
            );
        }
        let closed = Server::running("postgres://u@127.0.0.1:1/d").expect_err("nobody listens there");
        assert!(closed.contains("cannot connect"), "{closed}");
    }

    #[test]
    fn the_newest_installed_version_comes_first() {
        assert!(
            version_of(Path::new("/usr/lib/postgresql/15/bin"))
                > version_of(Path::new("/usr/lib/postgresql/9.6/bin"))
        );
    }
}
