//! `promgen docker-compose-bootstrap`

use std::time::{Duration, Instant};

use promgen_core::app::{App, AppError, SchemaPolicy, registration};
use promgen_core::model::PromDuration;
use promgen_core::store::{Create, StoreError};

use super::register;
use crate::args::Args;
use crate::error::CommandError;
use crate::output::complain;
use crate::session::{self, operator};

/// Time between two tries to reach the database.
const TRY_EVERY: Duration = Duration::from_secs(1);

/// Variables of the original's container, with what they are when they are not set.
const SERVER: [(&str, &str); 3] = [
    ("PROMGEN_REGISTER_SHARD", "docker-demo"),
    ("PROMGEN_REGISTER_HOST", "prometheus"),
    ("PROMGEN_REGISTER_PORT", "9090"),
];

pub(super) async fn run(args: &Args, wait: &PromDuration) -> Result<(), CommandError> {
    let app = reach(args, Duration::from_millis(wait.millis())).await?;
    let [shard, host, port] = SERVER.map(|(name, default)| {
        let set = std::env::var(name).ok().filter(|value| !value.is_empty());
        set.unwrap_or_else(|| default.to_owned())
    });
    let port: u16 = port.parse().map_err(|_| {
        let message = format!("PROMGEN_REGISTER_PORT: {port:?} is no port");
        CommandError::other(message, "give a number from 1 to 65535")
    })?;
    let done = registration::register_server(&app, &operator(), &shard, &host, port).await?;
    register::tell_server(&done, &host, port);
    register::presets(&app).await?;
    app.close().await;
    Ok(())
}

/// Opens and migrates the database, as soon as it is there.
async fn reach(args: &Args, wait: Duration) -> Result<App, CommandError> {
    let end = Instant::now() + wait;
    loop {
        let loaded = session::settings(args)?;
        let opened = session::open_with(loaded, Create::IfMissing, SchemaPolicy::Migrate).await;
        match opened {
            Err(CommandError::App(error)) if may_come(&error) && Instant::now() < end => {
                complain(&format!("waiting for the database: {error}"));
                tokio::time::sleep(TRY_EVERY).await;
            }
            opened => return opened,
        }
    }
}

/// Whether the database may be there in a moment.
fn may_come(error: &AppError) -> bool {
    // A server that is still starting refuses in words of its own.
    let refused = |error: &StoreError| matches!(error, StoreError::Open { .. });
    match error {
        AppError::Unavailable { .. } => true,
        AppError::Store { source } => refused(source),
        _ => false,
    }
}
