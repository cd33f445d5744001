//! Deployment of one revision to the Prometheus of this host: check, write, reload, read back.
//!
//! Files are written only when their bytes change, and Prometheus is reloaded only then. A reload
//! that fails after our write puts the previous files back, so that a restart of Prometheus finds
//! what it had accepted; one that fails with the previous files as well is not of our making, and
//! then the files of this revision stay.

mod pending;
mod previous;
mod prometheus;

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;

use self::previous::Previous;
use super::feed::{Outputs, Selection};
use super::files::rewrite_output;
use super::{Actor, App, AppError, Right, promtool, write_output};

pub(in crate::app) use self::pending::changes;
pub use self::pending::{Compared, Comparison, DiffLine, FileChange, Mark, compared, pending};
pub use self::prometheus::{clean_tombstones, own_url, reload};

/// Mode of output files, as the original sets it.
const MODE: u32 = 0o644;

/// What is remembered from one deployment to the next.
#[derive(Debug, Default)]
pub(super) struct Deployment {
    /// The files were written, but Prometheus has not loaded them yet.
    unloaded: bool,
}

/// How much of the files of a host is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// What changed.
    AsNeeded,
    /// All, and Prometheus loads them, whether anything changed or not: for who does not trust what
    /// is there.
    Anew,
}

/// A file to be: its path and bytes.
struct Output {
    path: PathBuf,
    bytes: Bytes,
}

/// Has the workers of this process look at once whether their Prometheus is up to date. Those of
/// other processes look by themselves, several times a second.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to change the whole.
pub fn wake(app: &App, actor: &Actor) -> Result<(), AppError> {
    actor.require(Right::Change, app.settings())?;
    app.tree_changed().wake();
    Ok(())
}

/// Brings the files and the Prometheus of this host to the revision of `outputs`.
pub(super) async fn apply(
    app: &App,
    outputs: &Arc<Outputs>,
    deployment: &mut Deployment,
    how: How,
) -> Result<(), AppError> {
    let files = files(app, outputs)?;
    let rules = outputs.rules(&Selection::All)?;
    promtool::check(app, &rules.plain).await?;
    let previous = Previous::take(app, files.iter().map(|file| file.path.as_path())).await?;
    let mut changed = deployment.unloaded;
    for file in &files {
        changed |= match how {
            How::AsNeeded => write_output(&file.path, &file.bytes, MODE).await?,
            How::Anew => {
                rewrite_output(&file.path, &file.bytes, MODE).await?;
                true
            }
        };
    }
    if changed {
        return load_written(app, outputs, deployment, &files, previous).await;
    }
    if app.settings().prometheus.url.is_none() {
        return Ok(());
    }
    // Nothing was written: is what Prometheus has what we would write? If not, load it.
    if prometheus::check_rules(app, outputs).await.is_err() {
        load(app, outputs).await?;
    }
    Ok(())
}

/// Has Prometheus load what was written; puts the previous files back when it does not.
async fn load_written(
    app: &App,
    outputs: &Outputs,
    deployment: &mut Deployment,
    files: &[Output],
    previous: Previous,
) -> Result<(), AppError> {
    if app.settings().prometheus.url.is_none() {
        return Ok(());
    }
    deployment.unloaded = true;
    if let Err(error) = load(app, outputs).await {
        return Err(roll_back(app, files, previous, error).await);
    }
    deployment.unloaded = false;
    Ok(())
}

async fn load(app: &App, outputs: &Outputs) -> Result<(), AppError> {
    reload(app).await?;
    prometheus::check_rules(app, outputs).await
}

/// Puts the previous files back, and says in the error how that went.
async fn roll_back(app: &App, files: &[Output], previous: Previous, error: AppError) -> AppError {
    if let Err(failed) = previous.restore().await {
        let message = format!("{error}; the previous files could not be put back: {failed}");
        return AppError::Peer { message };
    }
    if reload(app).await.is_ok() {
        return AppError::Peer {
            message: format!("{error}; the previous files are back"),
        };
    }
    for file in files {
        if let Err(failed) = write_output(&file.path, &file.bytes, MODE).await {
            return failed;
        }
    }
    AppError::Peer {
        message: format!("{error}; it is the same with the previous files"),
    }
}

fn files(app: &App, outputs: &Outputs) -> Result<Vec<Output>, AppError> {
    let settings = &app.settings().prometheus;
    let wanted = [
        (&settings.rules, outputs.rules(&Selection::All)?),
        (&settings.targets, outputs.targets(&Selection::All)?),
        (&settings.blackbox, outputs.urls(&Selection::All)?),
    ];
    let files: Vec<Output> = wanted
        .into_iter()
        .filter_map(|(path, rendered)| {
            Some(Output {
                path: path.clone()?,
                bytes: rendered.plain.clone(),
            })
        })
        .collect();
    if files.is_empty() {
        let remedy = "set prometheus.rules, prometheus.targets and prometheus.blackbox, or let \
                      Prometheus pull with http_sd_configs";
        return Err(AppError::invalid(
            "prometheus",
            "names no output file",
            remedy,
        ));
    }
    Ok(files)
}
