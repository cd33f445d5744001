//! Logs: on stderr, pretty on a terminal, JSON otherwise.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::args::{Args, Command};

/// Starts logging. `PROMGEN_LOG` (a tracing filter) wins over `--verbosity`.
pub(crate) fn start(args: &Args) {
    let filter = EnvFilter::try_from_env("PROMGEN_LOG").unwrap_or_else(|_| filter(args));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // Only the first start in a process counts.
    if std::io::stderr().is_terminal() {
        builder.with_target(false).try_init().ok();
    } else {
        builder.json().try_init().ok();
    }
}

fn filter(args: &Args) -> EnvFilter {
    let level = match (args.verbosity, &args.command) {
        (Some(0), _) => "error",
        (Some(1), _) => "info",
        (Some(2), _) => "info,promgen_core=debug,promgen_http=debug,promgen_cli=debug",
        (Some(_), _) => "trace",
        (None, Command::Worker(worker)) => match &worker.loglevel {
            Some(level) => level.as_str(),
            None => "info",
        },
        #[cfg(feature = "web")]
        (None, Command::Web(_)) => "info",
        (None, _) => "warn",
    };
    EnvFilter::builder().parse_lossy(level)
}
