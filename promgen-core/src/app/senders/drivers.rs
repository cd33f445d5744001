//! The drivers that senders can have.

use crate::app::policy::{Access, Act};
use crate::app::{Actor, App, AppError};
use crate::plugin::NotifierDescription;

/// A driver of this program.
#[derive(Debug, Clone, Copy)]
pub struct DriverView {
    /// How it describes itself, its form included.
    pub description: &'static NotifierDescription,
    /// Whether it stands for all personal senders of a user.
    pub fans_out: bool,
    /// Whether it took its settings; else what it is given fails.
    pub available: bool,
}

/// The drivers, by key.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn drivers(app: &App, actor: &Actor) -> Result<Vec<DriverView>, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    drop(tx);
    access.require(Act::SeeSite, app.settings())?;
    let view = |description: &'static NotifierDescription| {
        let fans_out = super::is_fan_out(description);
        DriverView {
            description,
            fans_out,
            available: fans_out || app.driver(description.key).is_ok(),
        }
    };
    Ok(app.registry().notifiers().map(view).collect())
}
