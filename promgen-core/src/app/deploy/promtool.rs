//! A second opinion on rules, by the program that the operator names.

use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use crate::app::{App, AppError, random};

/// How long the program may take. A large file takes promtool about a second.
const PATIENCE: Duration = Duration::from_mins(1);

/// Runs `PROMTOOL check rules FILE` where `prometheus.promtool` is set.
///
/// # Errors
/// [`AppError::Invalid`] with the program's output when it refuses the rules,
/// [`AppError::File`] when it cannot be run.
pub(super) async fn check(app: &App, rules: &[u8]) -> Result<(), AppError> {
    let Some(program) = &app.settings().prometheus.promtool else {
        return Ok(());
    };
    let path = std::env::temp_dir().join(format!(
        "promgen-{}.rule.yml",
        hex::encode(random::bytes::<8>()?)
    ));
    let failed = |source| AppError::File {
        path: program.clone(),
        source,
    };
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)
        .and_then(|mut file| file.write_all(rules));
    written.map_err(|source| AppError::File {
        path: path.clone(),
        source,
    })?;
    let mut command = tokio::process::Command::new(program);
    command
        .args(["check", "rules"])
        .arg(&path)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let answered = tokio::time::timeout(PATIENCE, command.output()).await;
    // Best effort: the verdict is what matters.
    tokio::fs::remove_file(&path).await.ok();
    let output = answered
        .map_err(|_| AppError::Peer {
            message: format!("{} did not end", program.display()),
        })?
        .map_err(failed)?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    Err(AppError::invalid(
        "rules",
        said,
        "mend the rule that is named; nothing was written",
    ))
}
