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

/// Whether somebody may change what concerns everybody: shards, probes, presets, rules of the site. It
/// decides which buttons they are shown; the use cases decide again.
pub fn may_change(app: &App, actor: &Actor) -> bool {
    require_change(app, actor).is_ok()
}

/// Refuses whoever may not change the site, before they are shown a form for it.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown, [`AppError::Forbidden`] without the right.
pub fn require_change(app: &App, actor: &Actor) -> Result<(), AppError> {
    let settings = app.settings();
    Access::without_roles(actor, settings).require(Act::ChangeSite, settings)
}
