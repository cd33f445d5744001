//! From arguments to a running program: settings, database, actor.

use std::sync::Arc;

use promgen_core::app::{Actor, App, Options, SchemaPolicy, check};
use promgen_core::config::{self, Loaded, Sources};
use promgen_core::model::{Problem, Severity, SystemClock};
use promgen_core::plugin::Registry;
use promgen_core::store::Create;

use crate::args::Args;
use crate::error::{CommandError, told};
use crate::output;

/// Loads the settings and says what is worth saying about them.
pub(crate) fn settings(args: &Args) -> Result<Loaded, CommandError> {
    let sources = Sources::of_process(args.config.clone(), args.database.clone());
    let sources = sources.map_err(|error| {
        CommandError::other(
            format!("the working folder cannot be used: {error}"),
            "start the program in a folder that exists",
        )
    })?;
    let loaded = config::load(&sources).map_err(|problems| CommandError::Problems {
        file: None,
        problems,
    })?;
    for line in told(None, &loaded.warnings) {
        output::complain(&line);
    }
    Ok(loaded)
}

/// The drivers that are linked into this program.
pub(crate) fn registry() -> Result<Registry, CommandError> {
    Registry::linked().map_err(|error| {
        CommandError::other(error.to_string(), "build the program with only one of them")
    })
}

/// Opens a database that must be there and up to date.
pub(crate) async fn open(args: &Args) -> Result<App, CommandError> {
    open_with(settings(args)?, Create::Never, SchemaPolicy::Require).await
}

/// Opens a database; `create` and `schema` say what may be done to it.
pub(crate) async fn open_with(
    loaded: Loaded,
    create: Create,
    schema: SchemaPolicy,
) -> Result<App, CommandError> {
    let options = Options {
        settings: loaded.settings,
        registry: registry()?,
        clock: Arc::new(SystemClock),
        create,
        schema,
    };
    Ok(App::open(options).await?)
}

/// Logs which plugins cannot work with their settings: the program starts without them.
pub(crate) fn log_plugins(app: &App) {
    for problem in check::plugins(app.settings(), app.registry()) {
        let Problem {
            field,
            message,
            remedy,
            severity,
            ..
        } = problem;
        match severity {
            Severity::Error => tracing::error!(section = field, remedy, "{field}: {message}"),
            Severity::Warning => tracing::warn!(section = field, remedy, "{field}: {message}"),
        }
    }
}

/// Whoever runs the program.
pub(crate) fn operator() -> Actor {
    let name = ["SUDO_USER", "USER", "LOGNAME"]
        .iter()
        .find_map(|key| std::env::var(key).ok());
    Actor::operator(name.unwrap_or_else(|| "unknown".to_owned()))
}
