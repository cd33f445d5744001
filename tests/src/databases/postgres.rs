//! Starting a private `PostgreSQL`.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::guardian::{Guardian, Plan};
use super::server::{Durability, folder, is_root, run};
use crate::tls::Certificate;

/// The superuser of the cluster; from this machine it needs no password.
pub(super) const USER: &str = "promgen";

/// The system's user to run as when this is root, for `PostgreSQL` refuses that.
const SYSTEM_USER: &str = "postgres";

/// Folder of the newest installed version's programs.
pub(super) fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let number = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    versions
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("bin/postgres").exists())
        .max_by_key(|path| number(path))
        .map(|path| path.join("bin"))
}

pub(super) fn start(
    programs: &Path,
    port: u16,
    durability: Durability,
    tls: Option<&Certificate>,
) -> Result<Guardian, String> {
    let folder = folder()?;
    let cluster = make(programs, &folder)?;
    let mut server = as_system_user(&programs.join("postgres"));
    server.push(format!("-D{}", cluster.display()));
    server.extend(settings(port, durability));
    if let Some(certificate) = tls {
        require_tls(&cluster, certificate)?;
        server.extend(words(&["-c", "ssl=on"]));
    }
    Guardian::start(&Plan {
        folder: &folder,
        // The fast shutdown: it does not wait for clients.
        signal: "INT",
        pid_file: cluster.join("postmaster.pid"),
        ready: "ready to accept connections",
        command: server,
    })
}

/// Makes the data folder of a cluster in a folder.
pub(super) fn make(programs: &Path, folder: &Path) -> Result<PathBuf, String> {
    let cluster = folder.join("cluster");
    run(Command::new("mkdir").arg("-m").arg("700").arg(&cluster))?;
    if is_root() {
        run(Command::new("chown").arg(SYSTEM_USER).arg(&cluster))?;
    }
    let mut initdb = as_system_user(&programs.join("initdb"));
    initdb.extend(words(&[
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]));
    initdb.push(format!("--username={USER}"));
    initdb.push(format!("--pgdata={}", cluster.display()));
    let (program, arguments) = initdb.split_first().ok_or("no command")?;
    run(Command::new(program).args(arguments).current_dir(folder))?;
    Ok(cluster)
}

/// Puts a certificate where the server looks for one, and lets nobody in without TLS.
fn require_tls(cluster: &Path, certificate: &Certificate) -> Result<(), String> {
    for (from, name) in [
        (&certificate.chain, "server.crt"),
        (&certificate.key, "server.key"),
    ] {
        let to = cluster.join(name);
        std::fs::copy(from, &to).map_err(|error| error.to_string())?;
        run(Command::new("chmod").arg("600").arg(&to))?;
        // The key must belong to the server's user, and to nobody else.
        if is_root() {
            run(Command::new("chown").arg(SYSTEM_USER).arg(&to))?;
        }
    }
    let rule = "hostssl all all 127.0.0.1/32 trust\n";
    std::fs::write(cluster.join("pg_hba.conf"), rule).map_err(|error| error.to_string())
}

/// Options of the server.
pub(super) fn settings(port: u16, durability: Durability) -> Vec<String> {
    let mut settings = vec![
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        "max_connections=400".to_owned(),
        "logging_collector=off".to_owned(),
    ];
    if durability == Durability::Fast {
        settings.extend(words(&[
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
        ]));
    }
    settings
        .into_iter()
        .flat_map(|setting| ["-c".to_owned(), setting])
        .collect()
}

/// A command as a user who may run `PostgreSQL`.
pub(super) fn as_system_user(program: &Path) -> Vec<String> {
    let mut command = if is_root() {
        words(&["runuser", "-u", SYSTEM_USER, "--"])
    } else {
        Vec::new()
    };
    command.push(program.display().to_string());
    command
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
