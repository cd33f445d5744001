//! The site.

use super::change::{Change, Subject};
use super::input::{both, check_line};
use super::policy::{Access, Act};
use super::{Actor, App, AppError};
use crate::model::{AuditKind, Site};
use crate::store::Tx;

/// Most characters of the name.
const MOST_CHARS: usize = 50;

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

/// Gives the installation another domain and name. Links lead to the domain, and the group of the
/// site's rules is called so.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser, [`AppError::Invalid`] for what is no domain,
/// for one that a service is called by, and for what is no name.
pub async fn update(app: &App, actor: &Actor, domain: &str, name: &str) -> Result<Site, AppError> {
    let (mut change, _) = Change::open(app, actor, Act::ChangeSite).await?;
    let before = change.tx().load_site().await?;
    both(check_domain(change.tx(), domain).await, check_name(name))?;
    let after = Site {
        domain: domain.to_owned(),
        name: name.to_owned(),
        ..before.clone()
    };
    if after != before {
        change.tx().update_site(&after).await?;
        let subject = Subject::new(AuditKind::Site, 1, &after.domain);
        change.updated(subject, &before, &after);
    }
    change.commit().await?;
    Ok(after)
}

async fn check_domain(tx: &Tx, domain: &str) -> Result<(), AppError> {
    if !Site::is_domain(domain) {
        let remedy = "write a host, or a host and a port, of at most 100 characters";
        return Err(AppError::invalid("domain", "is not a host", remedy));
    }
    if tx.find_service(domain).await?.is_some() {
        let message = "is what a service is called, whose rule group has that name";
        return Err(AppError::invalid(
            "domain",
            message,
            "rename the service first",
        ));
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), AppError> {
    if name.trim().is_empty() {
        return Err(AppError::invalid("name", "is empty", "write a name"));
    }
    check_line("name", name, MOST_CHARS)
}
