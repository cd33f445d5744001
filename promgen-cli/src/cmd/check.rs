//! `promgen check`

use promgen_core::app::check;
use promgen_core::model::has_errors;

use crate::args::Args;
use crate::error::{CommandError, told};
use crate::output::{complain, say};
use crate::session;

pub(super) fn run(args: &Args) -> Result<(), CommandError> {
    let loaded = session::settings(args)?;
    match &loaded.path {
        Some(path) => say(&format!("settings: {}", path.display())),
        None => say("settings: none found, all defaults"),
    }
    let problems = check::run(&loaded.settings, &session::registry()?);
    if has_errors(&problems) {
        return Err(CommandError::Problems {
            file: loaded.path,
            problems,
        });
    }
    for line in told(loaded.path.as_ref(), &problems) {
        complain(&line);
    }
    say(&format!(
        "{} warnings, no errors",
        problems.len() + loaded.warnings.len()
    ));
    Ok(())
}
