//! `promgen tree`

use std::path::{Path, PathBuf};

use promgen_core::app::tree::{self, ApplyOptions};
use promgen_core::app::{AppError, write_output};
use promgen_core::tree::ExportOptions;

use crate::args::{Args, Format, Tree};
use crate::error::{CommandError, told};
use crate::output::{self, complain};
use crate::session::{self, operator};
use crate::{input, progress};

pub(super) async fn run(args: &Args, command: &Tree) -> Result<(), CommandError> {
    match command {
        Tree::Export { file, secrets, ids } => {
            let options = ExportOptions {
                secrets: *secrets,
                ids: *ids,
            };
            export(args, file.as_deref(), &options).await
        }
        Tree::Apply {
            file,
            dry_run,
            prune,
            create_users,
            format,
        } => {
            let options = ApplyOptions {
                dry_run: *dry_run,
                prune: *prune,
                create_users: *create_users,
            };
            apply(args, file, options, *format).await
        }
    }
}

async fn export(
    args: &Args,
    file: Option<&Path>,
    options: &ExportOptions,
) -> Result<(), CommandError> {
    let app = session::open(args).await?;
    let text = tree::export(&app, &operator(), options).await?;
    match file {
        // With secrets in it, it is for its owner only.
        Some(path) => {
            let mode = if options.secrets { 0o600 } else { 0o644 };
            write_output(path, text.as_bytes(), mode).await?;
        }
        None => output::write(text.as_bytes())?,
    }
    app.close().await;
    Ok(())
}

async fn apply(
    args: &Args,
    file: &PathBuf,
    options: ApplyOptions,
    format: Format,
) -> Result<(), CommandError> {
    let text = input::read_text(file)?;
    let app = session::open(args).await?;
    let spinner = progress::spinner("applying the document");
    let applied = tree::apply(&app, &operator(), &text, options).await;
    spinner.finish_and_clear();
    let applied = applied.map_err(|error| match error {
        AppError::Invalid { problems } => CommandError::Problems {
            file: Some(file.clone()),
            problems,
        },
        error => CommandError::App(error),
    })?;
    for line in told(Some(file), &applied.warnings) {
        complain(&line);
    }
    output::result(format, &applied, || {
        let note = if options.dry_run {
            " (dry run: nothing was done)"
        } else {
            ""
        };
        format!("{}{note}", applied.summary)
    })?;
    app.close().await;
    Ok(())
}
