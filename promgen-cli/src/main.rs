//! The `promgen` command.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// What is rendered on one thread and dropped on another leaves holes with the allocator of glibc:
/// half as much memory again at a million targets.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    promgen_cli::run(std::env::args_os())
}
