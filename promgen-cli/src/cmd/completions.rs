//! `promgen completions`

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::Args;
use crate::error::CommandError;
use crate::output;

/// Prints the script for a shell, under the name that this program was installed as.
pub(super) fn run(shell: Shell) -> Result<(), CommandError> {
    let program = std::env::current_exe().unwrap_or_default();
    let name = program.file_name().and_then(|name| name.to_str());
    output::write(&script(shell, name.unwrap_or("promgen")))
}

fn script(shell: Shell, name: &str) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), name, &mut script);
    script
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn every_shell_gets_every_command() {
        for shell in Shell::value_variants() {
            let script = String::from_utf8(script(*shell, "promgen-acme")).unwrap();
            assert!(script.contains("promgen-acme"), "{shell}");
            for command in Args::command().get_subcommands() {
                let name = command.get_name();
                assert!(script.contains(name), "{shell}: {name}");
            }
        }
    }
}
