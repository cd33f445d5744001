//! Starting a private `MariaDB`.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::guardian::{Guardian, Plan};
use super::server::{Durability, folder, installed, is_root, run};
use crate::tls::Certificate;

/// No waiting for the disk, and one file for all tables: a file each, made and synced, is most of
/// what making a schema costs.
const FAST: &[&str] = &[
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--innodb-doublewrite=0",
    "--innodb-file-per-table=0",
    "--sync-frm=0",
];

/// The server's program, when it and the one that makes its folder are installed.
pub(super) fn programs() -> Option<PathBuf> {
    installed("mariadb-install-db")?;
    installed("mariadbd")
}

pub(super) fn start(
    program: &Path,
    port: u16,
    durability: Durability,
    tls: Option<&Certificate>,
) -> Result<Guardian, String> {
    let folder = folder()?;
    let data = folder.join("data");
    let installer = installed("mariadb-install-db").ok_or("no mariadb-install-db")?;
    run(Command::new(installer)
        .args([
            "--no-defaults",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ])
        .args(as_root())
        .arg(format!("--datadir={}", data.display())))?;

    let mut server = vec![
        program.display().to_string(),
        "--no-defaults".to_owned(),
        format!("--datadir={}", data.display()),
        format!("--socket={}", folder.join("socket").display()),
        format!("--pid-file={}", folder.join("pid").display()),
        format!("--port={port}"),
        "--bind-address=127.0.0.1".to_owned(),
        "--max-connections=400".to_owned(),
        "--innodb-buffer-pool-size=64M".to_owned(),
    ];
    server.extend(as_root());
    if durability == Durability::Fast {
        server.extend(FAST.iter().map(|option| (*option).to_owned()));
    }
    if let Some(certificate) = tls {
        server.push("--require-secure-transport=on".to_owned());
        server.push(format!("--ssl-cert={}", certificate.chain.display()));
        server.push(format!("--ssl-key={}", certificate.key.display()));
    }
    Guardian::start(&Plan {
        folder: &folder,
        signal: "TERM",
        pid_file: folder.join("pid"),
        ready: "ready for connections",
        command: server,
    })
}

/// The superuser has to say that it means it.
fn as_root() -> Option<String> {
    is_root().then(|| "--user=root".to_owned())
}
