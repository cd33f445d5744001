//! The command line of Promgen: reads arguments and settings, calls one use case, prints.
//!
//! Exit codes: 0 done, 1 refused or failed, 2 wrong usage. Errors go to stderr, each with a remedy.
//! What a command prints with `--format json` is documented in `docs/CLI.md` and stays as it is.

mod args;
mod cmd;
#[cfg(feature = "web")]
mod demo;
mod error;
mod input;
mod logging;
mod output;
mod progress;
mod session;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use promgen_plugins as _;

use args::Args;

/// Runs the program with these arguments, the first of which is its name.
pub fn run<I, T>(arguments: I) -> ExitCode
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let args = match Args::try_parse_from(arguments) {
        Ok(args) => args,
        Err(usage) => {
            // Help and version are no failures; clap knows which stream each belongs to.
            let code = if usage.use_stderr() { 2 } else { 0 };
            usage.print().ok();
            return ExitCode::from(code);
        }
    };
    logging::start(&args);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            output::complain(&format!("error: the program cannot start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cmd::run(args)) {
        Ok(()) if output::is_whole() => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        Err(error) => {
            for line in error.lines() {
                output::complain(&line);
            }
            ExitCode::FAILURE
        }
    }
}
