//! The arguments of `promgen alerts`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::Format;

#[derive(Debug, Subcommand)]
pub(crate) enum Alerts {
    /// The newest alerts.
    List {
        /// How many.
        #[arg(long, default_value_t = 20)]
        limit: u64,
        /// How to print.
        #[arg(long, default_value = "table")]
        format: Format,
    },
    /// One alert with its decisions, deliveries and attempts.
    Show {
        /// Id of the alert.
        id: i64,
        /// How to print.
        #[arg(long, default_value = "table")]
        format: Format,
    },
    /// Who would hear about an alert at this moment, and why each other candidate would not.
    Explain {
        /// Id of a stored alert, or labels of one that might come: `service=shop severity=major`.
        #[arg(value_name = "ID | NAME=VALUE", required_unless_present = "file")]
        what: Vec<String>,
        /// Alertmanager message to explain, as JSON; - for standard input.
        #[arg(long, conflicts_with = "what")]
        file: Option<PathBuf>,
        /// How to print.
        #[arg(long, default_value = "table")]
        format: Format,
    },
    /// Remove old alerts; without --force, count them.
    Prune(Prune),
    /// Fill in the labels of alerts that are not found by them; without --force, list those.
    Index {
        /// Do it.
        #[arg(long)]
        force: bool,
    },
    /// Send a test alert to whoever hears about a service and project, and wait for what comes of it.
    Test(TestAlert),
    /// Send a dead delivery again.
    Retry {
        /// Id of the delivery; with --alert, of the alert, all of whose dead deliveries go again.
        id: i64,
        /// The id is an alert's.
        #[arg(long)]
        alert: bool,
    },
}

#[derive(Debug, Clone, Copy, ClapArgs)]
pub(crate) struct Prune {
    /// What is older than this many days goes.
    #[arg(long, default_value_t = 30)]
    pub(crate) days: u32,
    /// Do it.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct TestAlert {
    /// Shard of the project, if it has to be made.
    #[arg(long, default_value = "test-shard")]
    pub(crate) shard: String,
    /// Service; made if there is none of that name.
    #[arg(long, default_value = "test-service")]
    pub(crate) service: String,
    /// Project; made if there is none of that name.
    #[arg(long, default_value = "test-project")]
    pub(crate) project: String,
}
