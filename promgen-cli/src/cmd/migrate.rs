//! `promgen migrate`

use promgen_core::app::AppError;
use promgen_core::store::{Create, Store};

use crate::args::Args;
use crate::error::CommandError;
use crate::output::say;
use crate::session;

pub(super) async fn run(args: &Args) -> Result<(), CommandError> {
    let loaded = session::settings(args)?;
    let opened = Store::open(&loaded.settings.database, Create::IfMissing).await;
    let store = opened.map_err(AppError::from)?;
    let applied = store.migrate().await.map_err(AppError::from)?;
    for step in &applied {
        say(&format!("applied {step}"));
    }
    say(match applied.len() {
        0 => "the database is up to date",
        _ => "the database is up to date now",
    });
    Ok(())
}
