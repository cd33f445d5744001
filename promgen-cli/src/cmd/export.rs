//! `promgen targets`, `rules`, `urls`

use promgen_core::app::{self, App, deploy, write_output};

use crate::args::{Args, Export};
use crate::error::CommandError;
use crate::output;
use crate::session::{self, operator};

pub(super) async fn run(
    args: &Args,
    export: &Export,
    kind: app::Export,
) -> Result<(), CommandError> {
    let app = session::open(args).await?;
    let text = app::export(&app, &operator(), kind).await?;
    put(&app, export, text.as_bytes()).await?;
    // The original ends JSON on stdout, and only there, with a line break.
    if export.out.is_none() && matches!(kind, app::Export::Targets | app::Export::Urls) {
        output::say("");
    }
    app.close().await;
    Ok(())
}

/// Writes an output to its file, or prints it.
async fn put(app: &App, export: &Export, bytes: &[u8]) -> Result<(), CommandError> {
    let Some(path) = &export.out else {
        return output::write(bytes);
    };
    if export.reload {
        // Nothing is written where it is known that the rest cannot be done.
        deploy::own_url(app.settings())?;
    }
    write_output(path, bytes, export.mode).await?;
    if export.reload {
        deploy::reload(app).await?;
    }
    Ok(())
}
