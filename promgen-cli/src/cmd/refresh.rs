//! `promgen farm refresh`: several farms in one round; one that fails does not stop the others.

use std::collections::BTreeSet;

use promgen_core::app::farms::{self, FarmReport, Refreshed, Round};
use promgen_core::app::{App, AppError};
use promgen_core::model::{FarmId, Name, Problem};
use serde::Serialize;

use super::farm::warn;
use crate::args::FarmRefresh;
use crate::error::CommandError;
use crate::output::{self, complain};
use crate::progress;
use crate::session::operator;

/// What became of one farm.
#[derive(Debug, Serialize)]
struct Outcome {
    id: FarmId,
    name: Name,
    source: String,
    added: Vec<String>,
    removed: Vec<String>,
    warnings: Vec<Problem>,
    error: Option<String>,
}

pub(super) async fn run(app: &App, wanted: &FarmRefresh) -> Result<(), CommandError> {
    let actor = operator();
    let round = Round::begin(app, &actor);
    let (added, removed) = if wanted.dry_run {
        ("to add", "to remove")
    } else {
        ("added", "removed")
    };
    let (mut outcomes, mut lines) = (Vec::new(), Vec::new());
    let farms = chosen(app, wanted).await?;
    let bar = progress::bar(
        "asking sources",
        u64::try_from(farms.len()).unwrap_or(u64::MAX),
    );
    for report in farms {
        let answer = if wanted.dry_run {
            round.preview(report.id).await
        } else {
            round.refresh(report.id).await
        };
        match &answer {
            Ok(refreshed) => {
                bar.suspend(|| warn(&refreshed.warnings));
                lines.push(text(refreshed, added, removed));
            }
            Err(_) => bar.suspend(|| complain(&format!("farm {} keeps its hosts:", report.name))),
        }
        outcomes.push(bar.suspend(|| outcome(report, answer)));
        bar.inc(1);
    }
    bar.finish_and_clear();
    output::result(wanted.format, &outcomes, || match lines.as_slice() {
        [] => "no farms were refreshed".to_owned(),
        lines => lines.join("\n"),
    })?;
    let failed = outcomes.iter().filter(|one| one.error.is_some()).count();
    if failed == 0 {
        return Ok(());
    }
    let message = format!("{failed} of {} farms not refreshed", outcomes.len());
    let remedy = "mend what is told above, and ask again";
    Err(CommandError::other(message, remedy))
}

fn outcome(report: FarmReport, answer: Result<Refreshed, AppError>) -> Outcome {
    let FarmReport {
        id, name, source, ..
    } = report;
    let mut outcome = Outcome {
        id,
        name,
        source,
        added: Vec::new(),
        removed: Vec::new(),
        warnings: Vec::new(),
        error: None,
    };
    match answer {
        Ok(refreshed) => {
            outcome.added = refreshed.added;
            outcome.removed = refreshed.removed;
            outcome.warnings = refreshed.warnings;
        }
        Err(error) => {
            outcome.error = Some(error.to_string());
            for line in CommandError::from(error).lines() {
                complain(&line);
            }
        }
    }
    outcome
}

/// The farms that are meant, each once, in the order of the list.
async fn chosen(app: &App, wanted: &FarmRefresh) -> Result<Vec<FarmReport>, CommandError> {
    let actor = operator();
    let mut reports = farms::list(app, &actor).await?;
    if wanted.all {
        reports.retain(|report| report.remote);
        return Ok(reports);
    }
    let mut ids: BTreeSet<FarmId> = wanted.ids.iter().copied().map(FarmId).collect();
    for name in &wanted.names {
        ids.insert(farms::find(app, &actor, name).await?.id);
    }
    let known: BTreeSet<FarmId> = reports.iter().map(|report| report.id).collect();
    if let Some(id) = ids.difference(&known).next() {
        return Err(AppError::not_found("farm", id).into());
    }
    reports.retain(|report| ids.contains(&report.id));
    Ok(reports)
}

/// A farm with the hosts that came and went, a line each.
pub(super) fn text(refreshed: &Refreshed, added: &str, removed: &str) -> String {
    let farm = &refreshed.farm;
    let (more, less) = (refreshed.added.len(), refreshed.removed.len());
    let mut lines = vec![match (more, less) {
        (0, 0) => format!("{} ({}): nothing changes", farm.name, farm.source),
        _ => format!(
            "{} ({}): {more} {added}, {less} {removed}",
            farm.name, farm.source
        ),
    }];
    lines.extend(refreshed.added.iter().map(|host| format!("  + {host}")));
    lines.extend(refreshed.removed.iter().map(|host| format!("  - {host}")));
    lines.join("\n")
}
