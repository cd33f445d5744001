//! `promgen import-rules`, `import-jobs`, `import-probe`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use promgen_core::app::import::{self, Mode, RulesFor, TargetsFor};
use promgen_core::app::{App, AppError};
use promgen_core::import::{ImportReport, MAX_BYTES};

use super::ask::Questions;
use crate::args::{Args, ImportJobs, ImportMode, ImportProbe, ImportRules};
use crate::error::{CommandError, told};
use crate::output::{self, complain};
use crate::session::{self, operator};
use crate::{input, progress};

/// What a terminal shows meanwhile.
const IMPORTING: &str = "importing";

pub(super) async fn rules(args: &Args, command: &ImportRules) -> Result<(), CommandError> {
    let text = input::read_text_of_at_most(&command.file, MAX_BYTES)?;
    let owner = match (&command.service, &command.project) {
        (_, Some(project)) => RulesFor::Project(project.clone()),
        (Some(service), None) => RulesFor::Service(service.clone()),
        (None, None) => RulesFor::Labels,
    };
    let app = session::open(args).await?;
    let spinner = progress::spinner(IMPORTING);
    let done = import::rules(&app, &operator(), &text, &owner, mode(command.how)).await;
    spinner.finish_and_clear();
    tell(&command.file, command.how, done)?;
    app.close().await;
    Ok(())
}

pub(super) async fn jobs(args: &Args, command: &ImportJobs) -> Result<(), CommandError> {
    let to = TargetsFor {
        shard: command.replace_shard.clone(),
        owner: command.owner.clone(),
    };
    let is_url = ["http://", "https://"]
        .iter()
        .any(|scheme| command.source.starts_with(scheme));
    let (file, read_first) = if is_url {
        (PathBuf::from(import::shown(&command.source)), None)
    } else {
        let file = PathBuf::from(&command.source);
        let text = input::read_text_of_at_most(&file, MAX_BYTES)?;
        (file, Some(text))
    };
    let app = session::open(args).await?;
    let text = if let Some(text) = read_first {
        text
    } else {
        let fetched = import::fetch(&app, &operator(), &command.source).await;
        fetched.map_err(|error| about(&file, error))?
    };
    let spinner = progress::spinner(IMPORTING);
    let done = import::targets(&app, &operator(), &text, &to, mode(command.how)).await;
    spinner.finish_and_clear();
    tell(&file, command.how, done)?;
    app.close().await;
    Ok(())
}

pub(super) async fn probes(args: &Args, command: &ImportProbe) -> Result<(), CommandError> {
    let text = input::read_text_of_at_most(&command.file, MAX_BYTES)?;
    let app = session::open(args).await?;
    let descriptions = if command.no_input || command.how.dry_run {
        BTreeMap::new()
    } else {
        ask(&app, &command.file, &text).await?
    };
    let mode = mode(command.how);
    let spinner = progress::spinner(IMPORTING);
    let done = import::probes(&app, &operator(), &text, &descriptions, mode).await;
    spinner.finish_and_clear();
    tell(&command.file, command.how, done)?;
    app.close().await;
    Ok(())
}

/// Asks for a description of every module that is no probe yet, until there is one.
async fn ask(app: &App, file: &Path, text: &str) -> Result<BTreeMap<String, String>, CommandError> {
    let new = import::new_probes(app, &operator(), text).await;
    let new = new.map_err(|error| about(file, error))?;
    if !new.is_empty() && (file == Path::new("-") || !input::is_interactive()) {
        let message = "there is no terminal to ask for descriptions on";
        let remedy = "take the names of the modules with --no-input";
        return Err(CommandError::other(message, remedy));
    }
    let mut descriptions = BTreeMap::new();
    if new.is_empty() {
        return Ok(descriptions);
    }
    let mut questions = Questions::begin();
    for module in new {
        let description = questions
            .ask(&format!("Description of probe {module}:"))
            .await?;
        descriptions.insert(module, description);
    }
    Ok(descriptions)
}

fn mode(how: ImportMode) -> Mode {
    if how.dry_run {
        Mode::DryRun
    } else {
        Mode::Import
    }
}

fn about(file: &Path, error: AppError) -> CommandError {
    match error {
        AppError::Invalid { problems } => CommandError::Problems {
            file: Some(file.to_owned()),
            problems,
        },
        error => CommandError::App(error),
    }
}

fn tell(
    file: &Path,
    how: ImportMode,
    done: Result<ImportReport, AppError>,
) -> Result<(), CommandError> {
    let report = done.map_err(|error| about(file, error))?;
    for line in told(Some(&file.to_owned()), &report.warnings) {
        complain(&line);
    }
    output::result(how.format, &report, || {
        let note = if how.dry_run {
            " (dry run: nothing was done)"
        } else {
            ""
        };
        format!("{report}{note}")
    })
}
