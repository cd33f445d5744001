//! The site.

use super::policy::{Access, Act};
use super::{Actor, App, AppError};
use crate::model::Site;

/// What the installation is called, and where it is.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown.
pub async fn find(app: &App, actor: &Actor) -> Result<Site, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::SeeSite, app.settings())?;
    Ok(tx.load_site().await?)
}
