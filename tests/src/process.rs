//! Programs that tests start, and stop by their process id.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::wait::until;

/// A program that runs until it is stopped or dropped. What it prints goes to a file.
#[derive(Debug)]
pub struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts a program; stdout and stderr go to `log`.
    ///
    /// # Panics
    /// When it cannot be started.
    #[expect(
        clippy::expect_used,
        reason = "without the program there is nothing to test"
    )]
    pub fn start(command: &mut Command, log: &Path) -> Self {
        let file = std::fs::File::create(log).expect("a log file");
        let same = file.try_clone().expect("the log file again");
        let started = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(same)
            .spawn();
        Self {
            child: started.expect("the program starts"),
            log: log.to_owned(),
        }
    }

    /// What it has printed so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The most memory that it ever had, in bytes.
    ///
    /// # Panics
    /// When the system does not tell.
    #[expect(clippy::expect_used, reason = "Linux tells it of every process")]
    pub fn peak_memory(&self) -> usize {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).expect("a process that runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
        kib.expect("a number of KiB") * 1024
    }

    /// Sends it a signal, such as `HUP`.
    ///
    /// # Panics
    /// When the signal cannot be sent.
    #[expect(
        clippy::expect_used,
        reason = "a process that cannot be signalled is a failed test"
    )]
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &id])
            .status();
        assert!(sent.expect("kill runs").success(), "SIG{name}");
    }

    /// Stops it in whatever it does (`SIGSTOP`), and waits until none of its threads goes on. `CONT`
    /// wakes it.
    ///
    /// # Panics
    /// When the signal cannot be sent.
    pub async fn pause(&self) {
        self.signal("STOP");
        let threads = format!("/proc/{}/task", self.child.id());
        until("a process to stand still", async || {
            let mut threads = std::fs::read_dir(&threads).ok()?;
            threads
                .all(|one| one.is_ok_and(|one| is_stopped(&one.path())))
                .then_some(())
        })
        .await;
    }

    /// Asks it to end (`SIGTERM`) and waits.
    ///
    /// # Panics
    /// When the signal cannot be sent.
    pub fn terminate(self) -> std::process::ExitStatus {
        self.signal("TERM");
        self.wait()
    }

    /// Waits until it has ended by itself.
    ///
    /// # Panics
    /// When the system does not tell.
    #[expect(
        clippy::expect_used,
        reason = "a process that cannot be waited for is a failed test"
    )]
    pub fn wait(mut self) -> std::process::ExitStatus {
        self.child.wait().expect("the program ends")
    }

    /// Ends it without warning (`SIGKILL`).
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Whether a thread stands still; the state is the first field after its name, which is in brackets
/// (`proc_pid_stat(5)`).
fn is_stopped(thread: &Path) -> bool {
    let stat = std::fs::read_to_string(thread.join("stat")).unwrap_or_default();
    stat.rsplit_once(") ")
        .is_some_and(|(_, rest)| rest.starts_with('T'))
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Where a program of the system is, if it is installed.
pub fn installed(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut found = names
        .iter()
        .flat_map(|name| folders.iter().map(move |f| f.join(name)));
    found.find(|candidate| candidate.is_file())
}

/// As [`installed`]; where it is missing, CI fails and others are told what is skipped.
///
/// # Panics
/// In CI, when none of the names is installed.
#[expect(clippy::print_stderr, reason = "a skipped test must say so")]
pub fn needed(names: &[&str]) -> Option<PathBuf> {
    let found = installed(names);
    if found.is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "{names:?} is missing; tests/run installs it"
        );
        eprintln!("skipped: {names:?} is not installed");
    }
    found
}

/// A command with arguments.
pub fn command(program: &Path, arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}
