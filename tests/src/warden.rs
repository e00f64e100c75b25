//! Runs a program that must not outlive this process, even when this process is killed with `kill -9`.
//!
//! A shell stands between: it starts the program and then reads from a pipe whose other end only we hold. When we
//! drop it or die, the kernel closes our end, the shell wakes, stops the program and everything in its process
//! group, and removes its folder. No signal handler, no `unsafe`, no trust in destructors.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The shell's part. `$1` folder to remove, `$2` signal that stops the program, then the program and its words.
const WATCH: &str = r#"
trap : TERM
folder=$1; signal=$2; shift 2
"$@" >"$folder/log" 2>&1 </dev/null &
program=$!
read -r _
kill -"$signal" "$program" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    kill -0 "$program" 2>/dev/null || break
    sleep 0.1
done
kill -TERM 0
sleep 0.2
rm -rf "$folder"
kill -KILL 0
"#;

/// Somebody to run a program as.
#[derive(Clone, Copy, Debug)]
pub struct User {
    pub uid: u32,
    pub gid: u32,
}

/// A program that stops when this value, or the process that holds it, is gone.
#[derive(Debug)]
pub struct Warden {
    shell: Child,
    folder: PathBuf,
}

impl Warden {
    /// Starts `program`. Its output goes to `folder/log`; `folder` must exist, be writable for `user`, and is
    /// removed at the end.
    ///
    /// # Errors
    /// A sentence that names the program, when the shell cannot be started.
    pub fn start<S: AsRef<OsStr>>(
        program: &Path,
        words: &[S],
        folder: &Path,
        signal: &str,
        user: Option<User>,
    ) -> Result<Self, String> {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(WATCH).arg("warden").arg(folder).arg(signal).arg(program).args(words);
        shell
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        if let Some(user) = user {
            shell.gid(user.gid).uid(user.uid);
        }
        let shell = shell.spawn().map_err(|error| format!("cannot run {}: {error}", program.display()))?;
        Ok(Self { shell, folder: folder.to_owned() })
    }

    /// What the program has said so far.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Waits until `ready` finds what it looks for in the program's words or files.
    ///
    /// # Errors
    /// The program's own words, when it says one of `failures` or nothing useful within half a minute.
    pub fn wait<T>(&self, failures: &[&str], mut ready: impl FnMut(&str) -> Option<T>) -> Result<T, String> {
        let start = Instant::now();
        loop {
            let log = self.log();
            if let Some(found) = ready(&log) {
                return Ok(found);
            }
            let failed = failures.iter().any(|failure| log.contains(failure));
            if failed || start.elapsed() > Duration::from_secs(30) {
                return Err(format!("not ready after {:.1?}; it said:\n{log}", start.elapsed()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Warden {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        // Reaped so that no zombie stays; the shell ends itself with its group, so the status tells nothing.
        let _ = self.shell.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program with a child of its own, which says the numbers of both.
    const SLEEPERS: [&str; 2] = ["-c", "sleep 300 & echo children: $$ $!; wait"];

    fn folder() -> PathBuf {
        tempfile::tempdir().expect("a folder").keep()
    }

    fn sleepers(log: &str) -> Option<Vec<u32>> {
        let numbers = log.strip_prefix("children: ")?.strip_suffix('\n')?;
        numbers.split(' ').map(|number| number.parse().ok()).collect()
    }

    /// Whether it runs; one that is dead and only waits to be looked at does not.
    fn runs(process: &u32) -> bool {
        fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
    }

    #[test]
    fn the_program_and_its_folder_go_when_the_warden_goes() {
        let folder = folder();
        let warden = Warden::start(Path::new("sh"), &SLEEPERS, &folder, "TERM", None).expect("started");
        let started = warden.wait(&[], sleepers).expect("the program speaks");
        assert!(started.iter().all(runs));
        drop(warden);
        assert!(!started.iter().any(runs), "{started:?} still run");
        assert!(!folder.exists());
    }

    #[test]
    fn nothing_outlives_a_test_process_that_is_killed() {
        // This test runs itself once more, as the process that will be killed.
        const ROLE: &str = "RELINK_TEST_WARDEN_FOLDER";
        if let Some(folder) = std::env::var_os(ROLE) {
            let _warden = Warden::start(Path::new("sh"), &SLEEPERS, Path::new(&folder), "TERM", None);
            std::thread::sleep(Duration::from_secs(60));
            return;
        }
        let folder = folder();
        let mut other = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "warden::tests::nothing_outlives_a_test_process_that_is_killed"])
            .env(ROLE, &folder)
            .stdout(Stdio::null())
            .spawn()
            .expect("started");
        let patience = Instant::now();
        let started = loop {
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            if let Some(started) = sleepers(&log) {
                break started;
            }
            assert!(patience.elapsed() < Duration::from_secs(30), "the program never spoke");
            std::thread::sleep(Duration::from_millis(20));
        };
        assert!(started.iter().all(runs));
        other.kill().expect("kill -9");
        other.wait().expect("gone");
        let patience = Instant::now();
        while started.iter().any(runs) || folder.exists() {
            assert!(patience.elapsed() < Duration::from_secs(30), "{started:?} outlived their test");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    #[test]
    fn a_program_that_fails_is_quoted() {
        let words = ["-c", "echo FATAL: the disk is full"];
        let warden = Warden::start(Path::new("sh"), &words, &folder(), "TERM", None).expect("started");
        let problem = warden.wait(&["FATAL"], |_| None::<()>).expect_err("it failed");
        assert!(problem.contains("the disk is full"), "{problem}");
    }
}
