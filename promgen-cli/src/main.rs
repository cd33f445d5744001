//! The `promgen` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    promgen_cli::run(std::env::args_os())
}
