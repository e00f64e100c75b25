//! The real program in a folder of its own: run to its end, served, asked over HTTP, killed.
//!
//! ```ignore
//! let place = Installation::on_sqlite(env!("CARGO_BIN_EXE_relink-under-test"));
//! place.ready();
//! let server = place.serve();
//! server.kill();                       // as a power cut would: no time to say goodbye
//! ```

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::postgres::Server;

/// A configuration file, a key without passphrase, a database: what an operator has before the first command.
#[derive(Debug)]
pub struct Installation {
    program: PathBuf,
    folder: Arc<TempDir>,
    url: String,
}

/// What a command that has ended leaves behind.
#[derive(Debug)]
pub struct Said {
    pub status: ExitStatus,
    pub out: String,
    pub err: String,
}

impl Said {
    /// # Panics
    /// The command failed; the message quotes it.
    pub fn well(self) -> String {
        assert!(self.status.success(), "{}\n{}{}", self.status, self.out, self.err);
        self.out
    }

    /// # Panics
    /// The command went well where it should not have.
    pub fn badly(self) -> String {
        assert!(!self.status.success(), "went well:\n{}", self.out);
        self.err
    }
}

impl Installation {
    /// With a SQLite file in its folder.
    #[must_use]
    pub fn on_sqlite(program: impl AsRef<Path>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("relink.sqlite").display());
        Self::at(program.as_ref(), folder, url)
    }

    /// With a fresh database of this server.
    #[must_use]
    pub fn on_postgres(program: impl AsRef<Path>, server: &Server) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::at(program.as_ref(), folder, server.fresh_database())
    }

    fn at(program: &Path, folder: TempDir, url: String) -> Self {
        let installation = Self { program: program.to_owned(), folder: Arc::new(folder), url };
        installation.configure("");
        installation
    }

    /// Writes `relink.toml` anew, with more lines for the server. A story under load reads more than an account may.
    pub fn configure(&self, more: &str) {
        let folder = self.folder();
        let text = format!(
            "[database]\nurl = \"{}\"\n[keys]\nroot_file = \"{}\"\n[audit]\ncheckpoints = \"{}\"\n\
             [server]\nlisten = \"127.0.0.1:0\"\n{more}\n\
             [budgets]\nsearches_an_hour = 100000\n\
             [budgets.persons_an_hour]\nintake = 100000\ncaseworker = 100000\n",
            self.url,
            folder.join("root.key").display(),
            folder.join("checkpoints").display(),
        );
        std::fs::write(folder.join("relink.toml"), text).expect("a configuration file");
    }

    /// Key, schema and one society, `here`.
    pub fn ready(&self) {
        self.run(&["keys", "create", "--without-passphrase"]).well();
        self.run(&["migrate"]).well();
        self.run(&["societies", "create", "here", "Here", "KEN"]).well();
    }

    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder for somebody who may need it longer than this value lives.
    pub(crate) fn shared_folder(&self) -> Arc<TempDir> {
        self.folder.clone()
    }

    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A command in the folder, with nothing of ours in its environment.
    pub fn command<S: AsRef<OsStr>>(&self, words: &[S]) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("RELINK_")) {
            command.env_remove(name);
        }
        command.args(words).current_dir(self.folder()).stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn run<S: AsRef<OsStr>>(&self, words: &[S]) -> Said {
        let output = self.command(words).output().expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program speaks UTF-8");
        Said { status: output.status, out: text(output.stdout), err: text(output.stderr) }
    }

    /// Starts a command that goes on.
    pub fn start<S: AsRef<OsStr>>(&self, words: &[S]) -> Running {
        self.start_command(self.command(words))
    }

    /// The same for a command made with [`Installation::command`].
    pub fn start_command(&self, mut command: Command) -> Running {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let out = lines(child.stdout.take().expect("a pipe"));
        let err = lines(child.stderr.take().expect("a pipe"));
        Running { child, out, err, heard: Vec::new(), address: String::new() }
    }

    /// Starts the service and waits until it answers.
    pub fn serve(&self) -> Running {
        let mut server = self.start(&["serve"]);
        server.wait_ready();
        server
    }
}

/// A program that goes on. It is killed when this value goes.
#[derive(Debug)]
pub struct Running {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
    heard: Vec<String>,
    address: String,
}

impl Running {
    /// Waits for a line that holds `words`, half a minute at most.
    ///
    /// # Panics
    /// It does not come; the message quotes what came instead.
    pub fn wait_for(&mut self, words: &str) -> String {
        self.wait_for_within(words, Duration::from_secs(30))
    }

    /// The same with another patience, for what takes longer.
    ///
    /// # Panics
    /// As [`Running::wait_for`].
    pub fn wait_for_within(&mut self, words: &str, patience: Duration) -> String {
        let until = Instant::now() + patience;
        loop {
            match self.out.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    self.heard.push(line.clone());
                    if line.contains(words) {
                        return line;
                    }
                }
                Err(_) => panic!("no {words:?}; it said:\n{}\n{}", self.heard.join("\n"), self.complaints()),
            }
        }
    }

    /// The address it prints, once it answers there.
    pub fn wait_ready(&mut self) -> String {
        let line = self.wait_for("http");
        let at = line.find("http").expect("just found");
        let address = line[at..].split_whitespace().next().expect("an address").to_owned();
        self.wait_until(|| get(&format!("{address}/health/ready")).0 == 204);
        self.address.clone_from(&address);
        address
    }

    /// Where it answers; known once [`Running::wait_ready`] has been called.
    #[must_use]
    pub fn address(&self) -> String {
        self.address.clone()
    }

    /// Waits for something, half a minute at most.
    ///
    /// # Panics
    /// It does not come; the message quotes what the program complained of.
    pub fn wait_until(&self, come: impl Fn() -> bool) {
        let until = Instant::now() + Duration::from_secs(30);
        while !come() {
            assert!(Instant::now() < until, "it never came: {}", self.complaints());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What stands on standard error so far.
    pub fn complaints(&self) -> String {
        std::thread::sleep(Duration::from_millis(50));
        self.err.try_iter().collect::<Vec<_>>().join("\n")
    }

    /// As a power cut would: no time to say goodbye.
    pub fn kill(mut self) {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it ends");
    }

    /// Asks it to end, as a service manager does, and waits.
    pub fn stop(self) -> ExitStatus {
        self.signal("-TERM")
    }

    /// Asks it to end, as Ctrl-C does, and waits.
    pub fn interrupt(self) -> ExitStatus {
        self.signal("-INT")
    }

    fn signal(mut self, signal: &str) -> ExitStatus {
        let asked = Command::new("kill").arg(signal).arg(self.child.id().to_string()).status();
        assert!(asked.expect("kill is there").success());
        self.child.wait().expect("it ends")
    }

    /// Waits until it ends by itself.
    pub fn end(mut self) -> ExitStatus {
        self.child.wait().expect("it ends")
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("its state").is_some()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads a pipe to its end on a thread of its own, so that the program never waits for us.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    receive
}

/// A plain GET: status and body; status 0 when nobody answers.
#[must_use]
pub fn get(url: &str) -> (u16, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(10)))
        .build()
        .into();
    match agent.get(url).call() {
        Ok(mut answer) => (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap_or_default()),
        Err(_) => (0, String::new()),
    }
}
