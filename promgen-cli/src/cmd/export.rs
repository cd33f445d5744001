//! `promgen targets`, `rules`, `urls`

use promgen_core::app::{Selection, deploy, write_output};

use crate::args::{Args, Export};
use crate::error::CommandError;
use crate::{output, session};

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
    if let Some(path) = &export.out {
        write_output(path, &rendered.plain, export.mode).await?;
        if export.reload {
            deploy::reload(&app).await?;
        }
    } else {
        output::write(&rendered.plain)?;
        // The original ends JSON on stdout, and only there, with a line break.
        if kind != Kind::Rules {
            output::say("");
        }
    }
    app.close().await;
    Ok(())
}
