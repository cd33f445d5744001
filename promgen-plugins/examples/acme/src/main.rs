//! The whole of `promgen`, with Acme's plugins beside those that ship with it.

use std::process::ExitCode;

// Nothing of the library is named below: without this line the linker leaves the plugins out.
use promgen_acme as _;

fn main() -> ExitCode {
    promgen_cli::run(std::env::args_os())
}
