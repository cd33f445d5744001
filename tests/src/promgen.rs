//! An installation of Promgen: a folder, a database, and the built program.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::process::Running;
use crate::wait::until;

/// What a command printed, and how it ended.
#[derive(Debug, Clone)]
pub struct Output {
    /// Exit code.
    pub code: i32,
    /// Its result.
    pub stdout: String,
    /// Its errors and notes.
    pub stderr: String,
}

/// A folder with `promgen.yml`, and a database.
#[derive(Debug)]
pub struct Installation {
    folder: TempDir,
    database: String,
    program: PathBuf,
}

/// A running `promgen web`.
#[derive(Debug)]
pub struct Web {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    /// Its process.
    pub process: Running,
}

/// Settings of a test: loopback may be reached, retries come quickly, giving up too.
pub const QUICK: &str = "egress: {allow: [127.0.0.0/8]}\n\
    delivery: {timeout: 2s, first_retry: 50ms, longest_retry: 200ms, give_up_after: 3s}\n";

impl Installation {
    /// A new one; without a database URL on `SQLite` in its folder.
    ///
    /// # Panics
    /// When the folder cannot be made.
    #[expect(
        clippy::expect_used,
        reason = "without a folder there is nothing to test"
    )]
    pub fn new(database: Option<String>, settings: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("promgen.db");
        let database = database.unwrap_or_else(|| format!("sqlite://{}", file.display()));
        let installation = Self {
            folder,
            database,
            program: program(),
        };
        installation.write("promgen.yml", settings);
        installation
    }

    /// The same folder and database with another program than `promgen`, see [`built`].
    #[must_use]
    pub fn with_program(mut self, name: &str) -> Self {
        self.program = built(name);
        self
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// URL of its database.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// Writes a file into the folder.
    ///
    /// # Panics
    /// When it cannot be written.
    #[expect(clippy::expect_used, reason = "a test folder can be written to")]
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder().join(name);
        std::fs::write(&path, text).expect("the test folder");
        path
    }

    /// A command of the program in the folder, with nothing but what it needs in its environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .current_dir(self.folder())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder())
            .env("USER", "tester")
            .env("DATABASE_URL", &self.database);
        command
    }

    /// Runs a command to its end.
    ///
    /// # Panics
    /// When the program cannot be started.
    #[expect(
        clippy::expect_used,
        reason = "without the program there is nothing to test"
    )]
    pub fn run(&self, arguments: &[&str]) -> Output {
        let done = self
            .command(arguments)
            .stdin(std::process::Stdio::null())
            .output();
        let done = done.expect("the program runs; tests/run builds it");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Output {
            code: done.status.code().unwrap_or(-1),
            stdout: text(done.stdout),
            stderr: text(done.stderr),
        }
    }

    /// Runs a command that must succeed; answers what it printed.
    ///
    /// # Panics
    /// When it fails.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.code, 0, "promgen {arguments:?}: {}", output.stderr);
        output.stdout
    }

    /// Runs a command that must be refused with exit code 1; answers its errors.
    ///
    /// # Panics
    /// When it succeeds.
    pub fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.code, 1, "promgen {arguments:?}: {}", output.stdout);
        output.stderr
    }

    /// Migrates, and applies a tree document; users are made as it names them.
    pub fn load(&self, document: &str) {
        self.ok(&["migrate"]);
        self.write("tree.yml", document);
        self.ok(&["tree", "apply", "tree.yml", "--create-users"]);
    }

    /// A token with scope `alerts` for a user.
    pub fn alerts_token(&self, user: &str) -> String {
        let made = self.ok(&["token", "create", "--user", user, "--scope", "alerts"]);
        made.trim().to_owned()
    }

    /// Starts `promgen web` on a free port.
    ///
    /// # Panics
    /// When it does not get ready.
    pub async fn web(&self, arguments: &[&str]) -> Web {
        let mut all = vec!["web", "--bind", "127.0.0.1:0"];
        all.extend(arguments);
        let log = self
            .folder()
            .join(format!("web-{}.log", crate::wait::free_port()));
        let process = Running::start(&mut self.command(&all), &log);
        let url = until("promgen web", async || {
            let log = process.log();
            let at = log.find("listening on ")?;
            let line = log.get(at..)?.lines().next()?;
            Some(
                line.trim_start_matches("listening on ")
                    .trim_end_matches('/')
                    .to_owned(),
            )
        })
        .await;
        Web { url, process }
    }

    /// Starts `promgen worker`.
    pub fn worker(&self, arguments: &[&str]) -> Running {
        let mut all = vec!["worker"];
        all.extend(arguments);
        let log = self
            .folder()
            .join(format!("worker-{}.log", crate::wait::free_port()));
        Running::start(&mut self.command(&all), &log)
    }
}

/// The built program: `PROMGEN_BIN`, else the one beside this test.
pub fn program() -> PathBuf {
    std::env::var_os("PROMGEN_BIN").map_or_else(|| built("promgen"), PathBuf::from)
}

/// A program that was built beside this test; `tests/run` builds all that tests start.
pub fn built(name: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    own.ancestors().nth(2).unwrap_or(Path::new(".")).join(name)
}
