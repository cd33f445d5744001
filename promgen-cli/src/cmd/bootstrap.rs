//! `promgen bootstrap`

use std::io::Write as _;
use std::path::{Path, PathBuf};

use promgen_core::config::Sources;

use crate::args::Args;
use crate::error::CommandError;
use crate::output::say;

/// What a new settings file holds: every line is a comment or what most installations want.
const TEMPLATE: &str = include_str!("bootstrap/promgen.yml");

/// Makes the folder of the settings and a file to start from; what is there stays as it is.
pub(super) fn run(args: &Args) -> Result<(), CommandError> {
    let file = place(args)?;
    let failed = |path: &Path, error: &std::io::Error| {
        let message = format!("{}: {error}", path.display());
        CommandError::other(
            message,
            "make the folder, or name another one with --config",
        )
    };
    let folder = file.parent().unwrap_or(Path::new("."));
    if folder.is_dir() {
        say(&format!("Found folder {}", folder.display()));
    } else {
        std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
        say(&format!("Created folder {}", folder.display()));
    }
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&file);
    match made.and_then(|mut made| made.write_all(TEMPLATE.as_bytes())) {
        Ok(()) => say(&format!("Created {}", file.display())),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            say(&format!("Found {}", file.display()));
        }
        Err(error) => return Err(failed(&file, &error)),
    }
    Ok(())
}

/// Where the settings are looked for first, or belong.
fn place(args: &Args) -> Result<PathBuf, CommandError> {
    let sources = Sources::of_process(args.config.clone(), None).map_err(|error| {
        let message = format!("the working folder cannot be used: {error}");
        CommandError::other(message, "start the program in a folder that exists")
    })?;
    sources.new_file().ok_or_else(|| {
        let message = "there is no home folder to put the settings in";
        CommandError::other(message, "name a file with --config")
    })
}
