//! `promgen targets`, `rules`, `urls`

use promgen_core::app::{self, App, Selection, deploy, write_output};

use crate::args::{Args, Export};
use crate::error::CommandError;
use crate::output;
use crate::session::{self, operator};

/// Which output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Targets,
    Rules,
    Urls,
}

pub(super) async fn run(args: &Args, export: &Export, kind: Kind) -> Result<(), CommandError> {
    let app = session::open(args).await?;
    let outputs = app.outputs().await?;
    let rendered = match kind {
        Kind::Targets => outputs.targets(&Selection::All)?,
        Kind::Rules => outputs.rules(&Selection::All)?,
        Kind::Urls => outputs.urls(&Selection::All)?,
    };
    put(&app, export, &rendered.plain).await?;
    // The original ends JSON on stdout, and only there, with a line break.
    if export.out.is_none() && kind != Kind::Rules {
        output::say("");
    }
    app.close().await;
    Ok(())
}

/// The rules in the text format of Prometheus 1.x.
pub(super) async fn rules_v1(args: &Args, export: &Export) -> Result<(), CommandError> {
    let app = session::open(args).await?;
    let text = app::rules_v1(&app, &operator()).await?;
    put(&app, export, text.as_bytes()).await?;
    app.close().await;
    Ok(())
}

/// Writes an output to its file, or prints it.
async fn put(app: &App, export: &Export, bytes: &[u8]) -> Result<(), CommandError> {
    let Some(path) = &export.out else {
        return output::write(bytes);
    };
    write_output(path, bytes, export.mode).await?;
    if export.reload {
        deploy::reload(app).await?;
    }
    Ok(())
}
