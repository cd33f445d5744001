//! A `PostgreSQL` that a test may stop without warning and start again.

use std::path::PathBuf;
use std::process::Command;

use super::Kind;
use super::postgres::{USER, as_system_user, make, programs, settings};
use super::server::{Durability, absent, folder, free_port, run};
use crate::afterwards::Afterwards;

/// A cluster of a test's own, as durable as in production. It keeps its port and its data over
/// restarts; dropped, it is stopped and removed.
#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    _afterwards: Afterwards,
}

impl Cluster {
    /// Makes and starts one, or `None` when `PostgreSQL` is not installed.
    ///
    /// # Panics
    /// When it is not installed although `CI=true`, or does not start.
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            absent(Kind::Postgres);
            return None;
        };
        let folder = folder().expect("a folder");
        make(&programs, &folder).expect("a cluster");
        let stop = control(&programs, &folder, &["-m", "immediate", "stop"]);
        let mut cluster = Self {
            programs,
            port: 0,
            _afterwards: Afterwards::run(&stop, &folder),
            folder,
        };
        // Somebody else may take the free port before the server does.
        let started = (0..5).any(|_| {
            cluster.port = free_port();
            cluster.try_start().is_ok()
        });
        assert!(started, "PostgreSQL does not start: {}", cluster.log());
        Some(cluster)
    }

    /// Its address; the database is the one that every cluster has.
    pub fn url(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops it as a crash would: no client is told, nothing is written that was not.
    ///
    /// # Panics
    /// When it does not stop.
    pub fn crash(&self) {
        self.control(&["-m", "immediate", "stop"])
            .unwrap_or_else(|said| panic!("{said}"));
    }

    /// Starts it again, and waits until it has recovered.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&self) {
        self.try_start()
            .unwrap_or_else(|said| panic!("{said}: {}", self.log()));
    }

    fn try_start(&self) -> Result<(), String> {
        let options = settings(self.port, Durability::Safe).join(" ");
        let log = self.folder.join("cluster/log");
        let log = log.to_string_lossy();
        self.control(&["-w", "-t", "60", "-l", &log, "-o", &options, "start"])
    }

    fn control(&self, arguments: &[&str]) -> Result<(), String> {
        let command = control(&self.programs, &self.folder, arguments);
        let (program, arguments) = command.split_first().ok_or("no command")?;
        run(Command::new(program)
            .args(arguments)
            .current_dir(&self.folder))
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("cluster/log")).unwrap_or_default()
    }
}

fn control(
    programs: &std::path::Path,
    folder: &std::path::Path,
    arguments: &[&str],
) -> Vec<String> {
    let mut command = as_system_user(&programs.join("pg_ctl"));
    command.push(format!("-D{}", folder.join("cluster").display()));
    command.extend(arguments.iter().map(|argument| (*argument).to_owned()));
    command
}
