//! The one place that reads what a command is given: files, standard input, passwords.

use std::io::{IsTerminal as _, Read};
use std::path::Path;

use promgen_core::model::Secret;

use crate::error::CommandError;

/// The bytes of a file; `-` is standard input.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, CommandError> {
    let unreadable = |error| unreadable(file, &error);
    let mut bytes = Vec::new();
    open(file)
        .and_then(|mut source| source.read_to_end(&mut bytes))
        .map_err(unreadable)?;
    Ok(bytes)
}

/// The text of a file; `-` is standard input.
pub(crate) fn read_text(file: &Path) -> Result<String, CommandError> {
    text(file, read(file)?)
}

/// The text of a file that must not be larger than this.
pub(crate) fn read_text_of_at_most(file: &Path, most: usize) -> Result<String, CommandError> {
    let unreadable = |error| unreadable(file, &error);
    // One byte more than may come shows that too much came.
    let end = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    open(file)
        .and_then(|source| source.take(end).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() > most {
        let message = format!("{} has more than {most} bytes", file.display());
        return Err(CommandError::other(message, "hand it in in parts"));
    }
    text(file, bytes)
}

fn open(file: &Path) -> std::io::Result<Box<dyn Read>> {
    if file == Path::new("-") {
        return Ok(Box::new(std::io::stdin()));
    }
    Ok(Box::new(std::fs::File::open(file)?))
}

fn unreadable(file: &Path, error: &std::io::Error) -> CommandError {
    CommandError::other(format!("{}: {error}", file.display()), "check the path")
}

fn text(file: &Path, bytes: Vec<u8>) -> Result<String, CommandError> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let message = format!("{} is not UTF-8: byte {at}", file.display());
        CommandError::other(
            message,
            "save it as UTF-8, or check that it is the right file",
        )
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
