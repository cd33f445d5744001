//! What the next deployment changes: the files as they are, and as they would be.
//!
//! A process sees the files of its own host. Those of another are compared by the worker there, when
//! it is asked to. A Prometheus that pulls has its revision and the edit history.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use similar::{Algorithm, ChangeTag, TextDiff};

use super::{Output, files};
use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError};
use crate::model::{Server, ServerId, ServerTask, TaskKind};

/// Most time for comparing one file; what is found until then is a difference all the same, if not
/// the shortest.
const PATIENCE: Duration = Duration::from_millis(500);

/// Lines around a difference.
const AROUND: usize = 3;

/// Most lines of one file that are told: more than anybody reads.
const MOST_LINES: usize = 2000;

/// Most bytes of these lines.
const MOST_BYTES: usize = 200_000;

/// A file that the next deployment changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    /// The file.
    pub path: PathBuf,
    /// How many lines come.
    pub added: usize,
    /// How many lines go.
    pub removed: usize,
    /// The differences with what is around them, at most 2000 lines and 200 kB.
    pub lines: Vec<DiffLine>,
    /// Whether there are more.
    pub cut: bool,
}

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffLine {
    /// What becomes of it.
    pub mark: Mark,
    /// Its text.
    pub text: String,
}

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// It comes.
    Added,
    /// It goes.
    Removed,
    /// It stays.
    Same,
    /// Lines that stay are left out here.
    Gap,
}

/// What the next deployment changes on a host, and where it would bring it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The revision that was current.
    pub revision: i64,
    /// The files that are not as that revision has them.
    pub files: Vec<FileChange>,
}

/// What the worker of a server found when it was asked last.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The server.
    pub server: Server,
    /// The question; `None` when nobody asked yet.
    pub task: Option<ServerTask>,
    /// The answer; `None` as long as there is none.
    pub found: Option<Comparison>,
}

/// What the worker of a server found when it was asked to compare.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever does not see everything, [`AppError::NotFound`] for an
/// unknown server.
pub async fn compared(app: &App, actor: &Actor, id: ServerId) -> Result<Compared, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeAll, app.settings())?;
    let server = tx.load_server(id).await?;
    let server = server.ok_or_else(|| AppError::not_found("server", &id))?;
    let tasks = tx.list_server_tasks().await?;
    let asked = |task: &ServerTask| task.server == id && task.kind == TaskKind::Compare;
    let found = tx.find_server_comparison(id).await?;
    Ok(Compared {
        task: tasks.into_iter().find(asked),
        found: found.and_then(|text| serde_json::from_str(&text).ok()),
        server,
    })
}

/// The files of this host that the next deployment changes; `None` when the settings of this
/// process name no files, or none of them is there.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever does not see everything, [`AppError::File`] for a file that
/// cannot be read.
pub async fn pending(app: &App, actor: &Actor) -> Result<Option<Vec<FileChange>>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    drop(tx);
    access.require(Act::SeeAll, app.settings())?;
    Ok(changes(app).await?.map(|found| found.files))
}

/// The same for a worker.
pub(in crate::app) async fn changes(app: &App) -> Result<Option<Comparison>, AppError> {
    let prometheus = &app.settings().prometheus;
    let named = [&prometheus.rules, &prometheus.targets, &prometheus.blackbox];
    if named.iter().all(|path| path.is_none()) {
        return Ok(None);
    }
    // Whole files are held and compared: one look at a time, also when nobody waits for it any more.
    let turn = app.comparing().lock_owned().await;
    let outputs = app.fresh_outputs().await?;
    let revision = outputs.revision;
    let (mut pairs, mut known) = (Vec::new(), false);
    for file in files(app, &outputs)? {
        match tokio::fs::read(&file.path).await {
            Ok(there) => {
                known = true;
                pairs.push((file, there));
            }
            // One of several that is missing is made.
            Err(error) if error.kind() == io::ErrorKind::NotFound => pairs.push((file, Vec::new())),
            Err(source) => {
                let path = file.path;
                return Err(AppError::File { path, source });
            }
        }
    }
    if !known {
        return Ok(None);
    }
    let compared = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let changed = pairs.iter().filter(|(file, there)| file.bytes != *there);
        changed.map(|(file, there)| compare(file, there)).collect()
    });
    let files = compared.await.map_err(|error| AppError::Internal {
        message: error.to_string(),
    })?;
    Ok(Some(Comparison { revision, files }))
}

fn compare(file: &Output, there: &[u8]) -> FileChange {
    let before = String::from_utf8_lossy(there);
    let after = String::from_utf8_lossy(&file.bytes);
    let diff = TextDiff::configure()
        .algorithm(Algorithm::Myers)
        .timeout(PATIENCE)
        .diff_lines(before.as_ref(), after.as_ref());
    let count = |tag| diff.iter_all_changes().filter(|it| it.tag() == tag).count();
    let mut lines = Vec::new();
    for (number, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if number > 0 {
            lines.push(DiffLine {
                mark: Mark::Gap,
                text: String::new(),
            });
        }
        let changes = group.iter().flat_map(|op| diff.iter_changes(op));
        lines.extend(changes.map(|change| DiffLine {
            mark: match change.tag() {
                ChangeTag::Insert => Mark::Added,
                ChangeTag::Delete => Mark::Removed,
                ChangeTag::Equal => Mark::Same,
            },
            text: change.value().trim_end_matches('\n').to_owned(),
        }));
        if lines.len() > MOST_LINES {
            break;
        }
    }
    let mut bytes = 0;
    let few = lines.iter().take(MOST_LINES).take_while(|line| {
        bytes += line.text.len();
        bytes <= MOST_BYTES
    });
    let few = few.count();
    let cut = lines.len() > few;
    lines.truncate(few);
    FileChange {
        path: file.path.clone(),
        added: count(ChangeTag::Insert),
        removed: count(ChangeTag::Delete),
        lines,
        cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(before: &str, after: &str) -> FileChange {
        let output = Output {
            path: PathBuf::from("rules.yml"),
            bytes: after.to_owned().into(),
        };
        compare(&output, before.as_bytes())
    }

    #[test]
    fn differences_come_with_what_is_around_them() {
        let numbers: Vec<String> = (0..40).map(|number| number.to_string()).collect();
        let before = numbers.join("\n");
        let after = before.replace("\n5\n", "\nfive\n").replace("\n30\n", "\n");
        let change = compared(&before, &after);
        assert_eq!((change.added, change.removed, change.cut), (1, 2, false));
        let of = |mark| {
            let marked = change.lines.iter().filter(move |line| line.mark == mark);
            marked.map(|line| line.text.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(of(Mark::Added), ["five"]);
        assert_eq!(of(Mark::Removed), ["5", "30"]);
        assert_eq!(of(Mark::Gap).len(), 1);
        assert_eq!(of(Mark::Same).len(), 12);
    }

    #[test]
    fn what_nobody_reads_is_cut() {
        let lines: Vec<String> = (0..MOST_LINES * 2)
            .map(|number| number.to_string())
            .collect();
        let after = lines.join("\n");
        let change = compared("", &after);
        assert_eq!(
            (change.added, change.lines.len()),
            (MOST_LINES * 2, MOST_LINES)
        );
        assert!(change.cut);

        let long = format!("{}\n", "x".repeat(MOST_BYTES / 3)).repeat(5);
        let change = compared("", &long);
        assert_eq!((change.added, change.lines.len(), change.cut), (5, 3, true));
    }
}
