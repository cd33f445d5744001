//! The rules for Prometheus 1.x, for those who still have one.

use super::{Actor, App, AppError, Right};
use crate::render::{self, RuleOptions, Select};

/// All rules in the text format of Prometheus 1.x.
///
/// Rendered when asked for: unlike the outputs of [`feed`](super::feed), nobody pulls them.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to read exports.
pub async fn rules_v1(app: &App, actor: &Actor) -> Result<String, AppError> {
    actor.require(Right::ReadExports, app.settings())?;
    let tx = app.store().read_tx().await?;
    let tree = tx.load_outline().await?;
    let options = RuleOptions::from(app.settings());
    Ok(render::rules_v1(&tree, &Select::All, &options))
}
