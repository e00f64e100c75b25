//! Everything that a thief of the machine would hold: the files of the database and those beside it, its rows, and the
//! log.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};

use diesel::prelude::*;
use diesel::sql_types::Text;
use migrations::db::AnyConnection;
use tests::world::World;
use tracing_subscriber::fmt::MakeWriter;

/// The service's log of this test process, at the level that says most.
#[derive(Clone, Copy)]
pub struct Log;

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

impl Log {
    /// Starts listening, once for the process.
    pub fn listen() -> Self {
        static STARTED: OnceLock<()> = OnceLock::new();
        STARTED.get_or_init(|| {
            let started = tracing_subscriber::fmt()
                .json()
                .with_max_level(tracing::Level::DEBUG)
                .with_writer(Self)
                .try_init();
            started.expect("nothing else listens to the log in this process");
        });
        Self
    }

    pub fn bytes(self) -> Vec<u8> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        *self
    }
}

/// A named heap of bytes.
pub type Heap = (String, Vec<u8>);

/// All of it at one moment.
pub struct Copy {
    pub heaps: Vec<Heap>,
    pub rows: Vec<(String, Vec<String>)>,
}

impl Copy {
    /// With more that was left elsewhere.
    pub fn of(world: &World, log: Log, more: &[Heap]) -> Self {
        let mut heaps = vec![("log".to_owned(), log.bytes())];
        heaps.extend_from_slice(more);
        heaps.extend(files(world));
        Self { heaps, rows: rows(world) }
    }
}

/// All files of the database and everything beside it.
fn files(world: &World) -> Vec<Heap> {
    // Copied by another process: one that closes a file of a SQLite database loses all its own locks on it, and then
    // the next program to come deletes the journal under it.
    let copy = tempfile::tempdir().expect("a folder");
    let copied = Command::new("cp").arg("-R").arg(world.folder()).arg(copy.path()).status();
    assert!(copied.expect("cp is there").success(), "the folder is copied");
    let mut heaps = Vec::new();
    let mut folders = vec![copy.path().to_owned()];
    folders.extend(server_folders(world));
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                heaps.push(read(&path));
            }
        }
    }
    heaps
}

pub fn read(path: &Path) -> Heap {
    // A server may take a file away between the listing and the reading.
    (path.display().to_string(), std::fs::read(path).unwrap_or_default())
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn ask(connection: &mut AnyConnection, question: &str) -> Vec<String> {
    let lines: Vec<Line> = diesel::sql_query(question).load(connection).expect("an answer");
    lines.into_iter().map(|line| line.line).collect()
}

fn open(world: &World) -> AnyConnection {
    migrations::db::connect(&world.core.config.database.url).expect("the test's database")
}

/// PostgreSQL's own files of this database, and the journal of the whole server.
fn server_folders(world: &World) -> Vec<PathBuf> {
    if migrations::db::is_sqlite(&world.core.config.database.url) {
        return Vec::new();
    }
    let mut connection = open(world);
    diesel::sql_query("CHECKPOINT").execute(&mut connection).expect("everything written to the files");
    let question = "SELECT current_setting('data_directory') AS line";
    let data = PathBuf::from(ask(&mut connection, question).remove(0));
    let question = "SELECT CAST(oid AS text) AS line FROM pg_database WHERE datname = current_database()";
    let number = ask(&mut connection, question).remove(0);
    vec![data.join("base").join(number), data.join("pg_wal")]
}

/// Every row of every table as text, with binary values in hexadecimal.
pub fn rows(world: &World) -> Vec<(String, Vec<String>)> {
    let mut connection = open(world);
    let sqlite = migrations::db::is_sqlite(&world.core.config.database.url);
    let tables = if sqlite {
        "SELECT name AS line FROM sqlite_master WHERE type = 'table' ORDER BY name"
    } else {
        "SELECT CAST(tablename AS text) AS line FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    };
    let tables = ask(&mut connection, tables);
    let mut all = Vec::new();
    for table in tables {
        let question = if sqlite {
            let columns = format!("SELECT name AS line FROM pragma_table_info('{table}')");
            let quoted: Vec<_> =
                ask(&mut connection, &columns).iter().map(|column| format!("quote({column})")).collect();
            format!("SELECT {} AS line FROM {table}", quoted.join(" || ' ' || "))
        } else {
            format!("SELECT CAST(t AS text) AS line FROM {table} t")
        };
        let lines = ask(&mut connection, &question);
        all.push((table, lines));
    }
    all
}

/// A row's text apart from its binary values, and those as bytes again: a server may keep them compressed in its
/// files, and their hexadecimal is no text of anybody.
pub fn apart(line: &str) -> (String, Vec<u8>) {
    let (mut text, mut binary) = (String::new(), Vec::new());
    for word in line.split_inclusive(|c: char| !c.is_ascii_hexdigit()) {
        let digits = word.trim_end_matches(|c: char| !c.is_ascii_hexdigit());
        if digits.len() < 24 {
            text.push_str(word);
            continue;
        }
        let pairs = digits.as_bytes().chunks_exact(2);
        binary.extend(pairs.filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()));
        binary.push(0);
        text.push(' ');
    }
    (text, binary)
}

/// The words of a row's text outside binary values.
pub fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric()).filter(|word| (4..12).contains(&word.len()))
}
