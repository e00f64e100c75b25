//! `relink demo`: an invented world in one folder, made through the same services as a real one, and served.
//!
//! ```text
//! folder (0700) ── INVENTED.txt · relink.toml · root.key · relink.sqlite · checkpoints/ · signins.txt
//! ```
//! Signing in takes no second factor here, and nowhere else: so this command serves nothing but its own file, and only
//! to this machine. The passwords are random, one set for each world.

mod cases;
mod decisions;
mod names;
mod people;
mod referring;
mod stage;
mod world;

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{CliError, migrate, open, serve};
use crate::config::{Config, SecondFactor};
use crate::kernel::Chance;

#[derive(Args)]
pub(super) struct DemoCommand {
    /// Where the invented world lies; an earlier one is served again.
    #[arg(long, value_name = "DIR", default_value = "relink-demo")]
    dir: PathBuf,
    /// The port to serve on [default: 8600, or the next free one]
    #[arg(long)]
    port: Option<u16>,
    /// Throw an earlier invented world away and make a new one.
    #[arg(long)]
    fresh: bool,
}

/// The ports that are tried when none is asked for.
const PORTS: std::ops::Range<u16> = 8600..8620;

const MARK: &str = "INVENTED.txt";
const CONFIG: &str = "relink.toml";
const SIGNINS: &str = "signins.txt";
/// Everything this command writes, beside the mark that it writes first and takes away never.
const FILES: [&str; 7] =
    [CONFIG, SIGNINS, "signins.new", "root.key", "relink.sqlite", "relink.sqlite-wal", "relink.sqlite-shm"];
const CHECKPOINTS: &str = "checkpoints";
/// The name of an invented world's log: no other log is served without a second factor.
const ORIGIN: &str = "relink.demo/audit";

const WORDS: &str = "`relink demo` made this folder. Everybody in it is invented, and everything may be deleted.\n\
                     Nothing real belongs here: whoever can read signins.txt can sign in.\n";

pub(super) fn run(command: &DemoCommand) -> Result<(), CliError> {
    let dir = &command.dir;
    let listener = listen(command.port)?;
    let port = listener.local_addr().map_err(|e| CliError::new(format!("no port to serve on: {e}")))?.port();
    // Held until the end: two programs in one world would both write its checkpoints.
    let _mark = enter(dir)?;
    let signins = dir.join(SIGNINS);
    if command.fresh || !signins.exists() {
        clear(dir)?;
        println!("Building an invented world in {} …", dir.display());
        make(dir)?;
    }
    let told = fs::read_to_string(&signins).map_err(failed(dir))?;
    let mut config = configuration(dir)?;
    let address = format!("http://localhost:{port}");
    config.server.listen = format!("127.0.0.1:{port}");
    config.server.public_url.clone_from(&address);
    config.server.tls_certificate = None;
    config.server.tls_key = None;
    let keeper = open::keeper(&config)?;
    serve::serve(config, listener, keeper, |_, _| {
        println!("\nServing at {address}");
        println!(
            "Everybody and everything in it is invented. Ctrl-C ends it; the same command goes on with it.\n"
        );
        println!("{told}");
    })
}

/// A port of this machine alone: the one asked for, or the first free one of ours, or any.
fn listen(asked: Option<u16>) -> Result<TcpListener, CliError> {
    if let Some(port) = asked {
        return TcpListener::bind(("127.0.0.1", port)).map_err(|e| {
            CliError::new(format!(
                "port {port} cannot be served on ({e}); choose another --port, or leave it out"
            ))
        });
    }
    let free = PORTS.chain([0]).find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok());
    free.ok_or_else(|| CliError::new("no port of 127.0.0.1 can be served on"))
}

fn failed(path: &Path) -> impl Fn(io::Error) -> CliError + '_ {
    move |e| CliError::new(format!("{} cannot be read or written: {e}", path.display()))
}

/// Makes the folder ours: it is new or empty, or bears our mark already. Gives the mark, locked.
fn enter(dir: &Path) -> Result<File, CliError> {
    let mark = dir.join(MARK);
    if !mark.exists() {
        if dir.exists() && fs::read_dir(dir).map_err(failed(dir))?.next().is_some() {
            let what = "holds something that is no invented world; choose another --dir";
            return Err(CliError::new(format!("{} {what}", dir.display())));
        }
        fs::create_dir_all(dir).map_err(failed(dir))?;
        owner_only(dir, 0o700)?;
        fs::write(&mark, WORDS).map_err(failed(dir))?;
    }
    let held = File::open(&mark).map_err(failed(&mark))?;
    match held.try_lock() {
        Ok(()) => Ok(held),
        Err(TryLockError::WouldBlock) => {
            let what = "is served by another `relink demo`; end that one, or choose another --dir";
            Err(CliError::new(format!("{} {what}", dir.display())))
        }
        Err(TryLockError::Error(e)) => Err(failed(&mark)(e)),
    }
}

/// Takes away what an earlier or an interrupted making left, and nothing else.
fn clear(dir: &Path) -> Result<(), CliError> {
    let gone = |done: io::Result<()>| match done {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(failed(dir)(e)),
        _ => Ok(()),
    };
    FILES.iter().try_for_each(|name| gone(fs::remove_file(dir.join(name))))?;
    gone(fs::remove_dir_all(dir.join(CHECKPOINTS)))
}

/// Everything but the passwords, which go to their file last: a world without that file is not whole.
fn make(dir: &Path) -> Result<(), CliError> {
    let text = format!(
        "[database]\nurl = {}\n[keys]\nroot_file = {}\n[audit]\ncheckpoints = {}\norigin = \"{ORIGIN}\"\n",
        quoted(&database_of(dir)?),
        quoted(&absolute(dir, "root.key")?),
        quoted(&absolute(dir, CHECKPOINTS)?),
    );
    write_private(&dir.join(CONFIG), &text)?;
    let config = configuration(dir)?;
    Chance::system().with(|rng| crypto::FileKeeper::create(&config.keys.root_file, None, rng))?;
    migrate::bring_up(&config)?;
    let told = world::build(config)?;
    let fresh = dir.join("signins.new");
    write_private(&fresh, &told)?;
    fs::rename(fresh, dir.join(SIGNINS)).map_err(failed(dir))
}

fn absolute(dir: &Path, name: &str) -> Result<String, CliError> {
    let path = dir.canonicalize().map_err(failed(dir))?.join(name);
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| {
        CliError::new(format!("{} is not written in Unicode; choose another --dir", dir.display()))
    })
}

fn database_of(dir: &Path) -> Result<String, CliError> {
    Ok(format!("sqlite:{}", absolute(dir, "relink.sqlite")?))
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The configuration of the world in this folder, and of no other: whatever the file or the environment says, nothing
/// but an invented world is opened without a second factor.
fn configuration(dir: &Path) -> Result<Config, CliError> {
    let mut config = Config::load(&dir.join(CONFIG))?;
    if config.database.url != database_of(dir)? || config.audit.origin != ORIGIN {
        let what = "relink demo serves its own invented world only, and the configuration leads elsewhere: look at \
                    RELINK_DATABASE__URL and RELINK_AUDIT__ORIGIN in the environment, and at relink.toml in";
        return Err(CliError::new(format!("{what} {}", dir.display())));
    }
    config.accounts.second_factor = SecondFactor::DemoWithout;
    Ok(config)
}

fn write_private(path: &Path, text: &str) -> Result<(), CliError> {
    let mut file = File::create(path).map_err(failed(path))?;
    owner_only(path, 0o600)?;
    file.write_all(text.as_bytes()).map_err(failed(path))
}

fn owner_only(path: &Path, mode: u32) -> Result<(), CliError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(failed(path))
}
