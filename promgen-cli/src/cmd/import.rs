//! `promgen import-rules`, `import-jobs`, `import-probe`

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Read};
use std::path::{Path, PathBuf};

use promgen_core::app::import::{self, Mode, RulesFor, TargetsFor};
use promgen_core::app::{App, AppError};
use promgen_core::import::{ImportReport, MAX_BYTES};

use super::ask::Questions;
use crate::args::{Args, ImportJobs, ImportMode, ImportProbe, ImportRules};
use crate::error::{CommandError, told};
use crate::output::{self, complain};
use crate::session::{self, operator};

pub(super) async fn rules(args: &Args, command: &ImportRules) -> Result<(), CommandError> {
    let text = read(&command.file)?;
    let owner = match (&command.service, &command.project) {
        (_, Some(project)) => RulesFor::Project(project.clone()),
        (Some(service), None) => RulesFor::Service(service.clone()),
        (None, None) => RulesFor::Labels,
    };
    let app = session::open(args).await?;
    let done = import::rules(&app, &operator(), &text, &owner, mode(command.how)).await;
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
    let file = PathBuf::from(&command.source);
    let read_first = if is_url { None } else { Some(read(&file)?) };
    let app = session::open(args).await?;
    let text = match read_first {
        Some(text) => text,
        None => import::fetch(&app, &operator(), &command.source).await?,
    };
    let done = import::targets(&app, &operator(), &text, &to, mode(command.how)).await;
    tell(&file, command.how, done)?;
    app.close().await;
    Ok(())
}

pub(super) async fn probes(args: &Args, command: &ImportProbe) -> Result<(), CommandError> {
    let text = read(&command.file)?;
    let app = session::open(args).await?;
    let descriptions = if command.no_input || command.how.dry_run {
        BTreeMap::new()
    } else {
        ask(&app, &command.file, &text).await?
    };
    let mode = mode(command.how);
    let done = import::probes(&app, &operator(), &text, &descriptions, mode).await;
    tell(&command.file, command.how, done)?;
    app.close().await;
    Ok(())
}

/// Asks for a description of every module that is no probe yet, until there is one.
async fn ask(app: &App, file: &Path, text: &str) -> Result<BTreeMap<String, String>, CommandError> {
    let new = import::new_probes(app, &operator(), text).await;
    let new = new.map_err(|error| about(file, error))?;
    if !new.is_empty() && (file == Path::new("-") || !std::io::stdin().is_terminal()) {
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

/// Reads a file, or standard input for `-`; no more of it than an import may have.
fn read(file: &Path) -> Result<String, CommandError> {
    let unreadable = |error: std::io::Error| {
        let remedy = "check the path; the file must be UTF-8";
        CommandError::other(format!("{}: {error}", file.display()), remedy)
    };
    let source: Box<dyn Read> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(file).map_err(unreadable)?)
    };
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    // One byte more than may come shows that too much came.
    let mut source = source.take(most.saturating_add(1));
    source.read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > MAX_BYTES {
        let message = format!("{} has more than {MAX_BYTES} bytes", file.display());
        return Err(CommandError::other(message, "import it in parts"));
    }
    String::from_utf8(bytes).map_err(|_| {
        let remedy = "convert it, or check that it is the right file";
        CommandError::other(format!("{} is not UTF-8", file.display()), remedy)
    })
}
