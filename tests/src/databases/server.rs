//! A database server of the tests' own.

use std::path::{Path, PathBuf};
use std::process::Command;

use tokio::sync::OnceCell;

use super::guardian::Guardian;
use super::{Kind, mariadb, postgres};
use crate::tls::Certificate;

/// Whether a commit is on the disk when the server says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// No: for tests that do not crash anything, and are many.
    Fast,
    /// Yes, as in production.
    Safe,
}

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct Server {
    kind: Kind,
    port: u16,
    _guardian: Guardian,
}

impl Server {
    /// Starts a server of its own, or `None` when it is not installed.
    ///
    /// # Panics
    /// When it is not installed although `CI=true`, or does not start.
    pub fn start(kind: Kind, durability: Durability) -> Option<Self> {
        Self::launch(kind, durability, None)
    }

    /// Starts one that speaks with nobody in plain text, or `None` when it is not installed.
    ///
    /// # Panics
    /// As [`Server::start`].
    pub fn start_with_tls(kind: Kind, certificate: &Certificate) -> Option<Self> {
        Self::launch(kind, Durability::Fast, Some(certificate))
    }

    fn launch(kind: Kind, durability: Durability, tls: Option<&Certificate>) -> Option<Self> {
        let programs = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => postgres::programs(),
            Kind::MariaDb => mariadb::programs(),
        };
        let Some(programs) = programs else {
            absent(kind);
            return None;
        };
        // Somebody else may take the free port before the server does.
        let mut said = String::new();
        for _ in 0..5 {
            let port = free_port();
            let started = match kind {
                Kind::MariaDb => mariadb::start(&programs, port, durability, tls),
                _ => postgres::start(&programs, port, durability, tls),
            };
            match started {
                Ok(guardian) => {
                    return Some(Self {
                        kind,
                        port,
                        _guardian: guardian,
                    });
                }
                Err(error) => said = error,
            }
        }
        panic!("{kind:?} does not start: {said}");
    }

    /// Which kind it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        let (scheme, user) = match self.kind {
            Kind::MariaDb => ("mysql", "root"),
            _ => ("postgres", postgres::USER),
        };
        format!("{scheme}://{user}@127.0.0.1:{}/{database}", self.port)
    }

    /// A database that is always there, to make others from.
    pub(super) fn maintenance_database(&self) -> &'static str {
        match self.kind {
            Kind::MariaDb => "mysql",
            _ => "postgres",
        }
    }
}

/// The server of a kind that all tests of this process share.
pub(super) async fn shared(kind: Kind) -> Option<&'static Server> {
    static POSTGRES: OnceCell<Option<Server>> = OnceCell::const_new();
    static MARIADB: OnceCell<Option<Server>> = OnceCell::const_new();
    let cell = match kind {
        Kind::MariaDb => &MARIADB,
        _ => &POSTGRES,
    };
    let start = || async move {
        let started = tokio::task::spawn_blocking(move || Server::start(kind, Durability::Fast));
        started.await.expect("the server starts")
    };
    cell.get_or_init(start).await.as_ref()
}

#[expect(
    clippy::print_stderr,
    reason = "a test that passes over something has to say so"
)]
pub(super) fn absent(kind: Kind) {
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{kind:?} is not installed, and CI=true"
    );
    eprintln!("skipped: {kind:?} is not installed");
}

pub(super) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// Makes the folder of a server. Others may walk through it, since the server may be another user.
pub(super) fn folder() -> Result<PathBuf, String> {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::Builder::new()
        .prefix("promgen-test-")
        .permissions(std::fs::Permissions::from_mode(0o755))
        .tempdir()
        .map_err(|error| error.to_string())?;
    Ok(folder.keep())
}

/// Runs a program to its end; the answer of a failure is what it printed.
pub(super) fn run(command: &mut Command) -> Result<(), String> {
    let output = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?}: {said}"))
}

/// Whether this is the superuser, whom `PostgreSQL` refuses to run as.
pub(super) fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The first of these files that exists.
pub(super) fn first_existing(paths: impl IntoIterator<Item = PathBuf>) -> Option<PathBuf> {
    paths.into_iter().find(|path| path.exists())
}

/// A program in one of the folders where programs are.
pub(super) fn installed(name: &str) -> Option<PathBuf> {
    let folders = ["/usr/sbin", "/usr/bin", "/usr/local/bin", "/usr/local/sbin"];
    first_existing(folders.iter().map(|folder| Path::new(folder).join(name)))
}
