//! The one place that reads what a command is given: files, standard input, passwords.

use std::io::{IsTerminal as _, Read as _};
use std::path::Path;

use promgen_core::model::Secret;

use crate::error::CommandError;

/// The bytes of a file; `-` is standard input.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, CommandError> {
    let unreadable = |error: std::io::Error| {
        CommandError::other(format!("{}: {error}", file.display()), "check the path")
    };
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        let read = std::io::stdin().read_to_end(&mut bytes);
        return read.map(|_| bytes).map_err(unreadable);
    }
    std::fs::read(file).map_err(unreadable)
}

/// The text of a file; `-` is standard input.
pub(crate) fn read_text(file: &Path) -> Result<String, CommandError> {
    String::from_utf8(read(file)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let message = format!("{}: byte {at} is not UTF-8", file.display());
        CommandError::other(message, "save it as UTF-8")
    })
}

/// Whether somebody sits in front of it who can be asked.
pub(crate) fn is_interactive() -> bool {
    std::io::stdin().is_terminal()
}

/// A new password: the first line of standard input, or asked for twice on a terminal.
pub(crate) fn new_password(from_stdin: bool) -> Result<Secret<String>, CommandError> {
    let failed = |error: std::io::Error| {
        CommandError::other(format!("the password cannot be read: {error}"), "try again")
    };
    if from_stdin {
        let text = read_text(Path::new("-"))?;
        let line = text.lines().next().unwrap_or_default();
        return Ok(Secret::new(line.to_owned()));
    }
    if !is_interactive() {
        let message = "there is no terminal to ask for a password on";
        let remedy = "pipe it in with --password-stdin";
        return Err(CommandError::other(message, remedy));
    }
    let first = rpassword::prompt_password("Password: ").map_err(failed)?;
    let again = rpassword::prompt_password("Password (again): ").map_err(failed)?;
    if first != again {
        let message = "the two passwords differ";
        return Err(CommandError::other(message, "type the same one twice"));
    }
    Ok(Secret::new(first))
}
