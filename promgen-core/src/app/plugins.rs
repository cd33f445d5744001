//! The plugins of this program.

use super::{Actor, App, AppError, Right};
use crate::plugin::PluginReport;

/// All plugins, and whether they can work with the settings as they are.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser.
pub fn list(app: &App, actor: &Actor) -> Result<Vec<PluginReport>, AppError> {
    actor.require(Right::Administer, app.settings())?;
    Ok(app.registry().report(app.settings()))
}
