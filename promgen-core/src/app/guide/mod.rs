//! The way from an empty installation to an alert that somebody hears of: which steps are done, as
//! the data shows it, and what the next ones need to know.

mod begin;

use std::time::Duration;

pub use begin::{Begin, begin};

use super::policy::{Access, Act};
use super::users::EMAIL_DRIVER;
use super::{Actor, App, AppError, Right};
use crate::model::{ProjectId, Server, ServiceId, Shard};
use crate::store::{Milestones, Tx};
use crate::tree::USER_DRIVER;

/// A server that was not heard of for so long needs somebody to look at it again.
const LATELY: Duration = Duration::from_hours(1);

/// How far an installation has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guide {
    /// What there is.
    pub done: Milestones,
    /// Whether whoever asks has put the guide away.
    pub hidden: bool,
    /// The shard that was made first.
    pub shard: Option<Shard>,
    /// Its first server.
    pub server: Option<Server>,
    /// The service that was made first.
    pub service: Option<ServiceId>,
    /// The project that was made first.
    pub project: Option<ProjectId>,
}

impl Guide {
    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        let Milestones {
            shard,
            server,
            heard,
            service,
            project,
            host,
            exporter,
            rule,
            notifier,
            alert,
        } = self.done;
        let tree = shard && server && service && project && host && exporter && rule;
        tree && heard && notifier && alert
    }
}

/// How far the installation has come. For superusers.
///
/// # Errors
/// [`AppError::Unauthenticated`] for somebody unknown, [`AppError::Forbidden`] for whoever is no
/// superuser.
pub async fn look(app: &App, actor: &Actor) -> Result<Guide, AppError> {
    let tx = app.store().read_tx().await?;
    let access = Access::load(app, &tx, actor).await?;
    access.require(Act::Administer, app.settings())?;
    read(app, &tx, actor).await
}

/// As [`look`], for the home page: `None` for whoever is no superuser, has put the guide away, or
/// has nothing left to do.
///
/// # Errors
/// What the database says.
pub async fn glance(app: &App, actor: &Actor) -> Result<Option<Guide>, AppError> {
    if actor.require(Right::Administer, app.settings()).is_err() {
        return Ok(None);
    }
    let tx = app.store().read_tx().await?;
    let guide = read(app, &tx, actor).await?;
    Ok((!guide.hidden && !guide.is_done()).then_some(guide))
}

/// Puts the guide away for whoever asks, or takes it out again.
///
/// # Errors
/// As [`look`].
pub async fn hide(app: &App, actor: &Actor, hidden: bool) -> Result<(), AppError> {
    Access::without_roles(actor, app.settings()).require(Act::ChangeSelf, app.settings())?;
    let user = actor.user().ok_or(AppError::Unauthenticated)?;
    let tx = app.store().write_tx().await?;
    tx.hide_guide(user.id, hidden).await?;
    Ok(tx.commit().await?)
}

async fn read(app: &App, tx: &Tx, actor: &Actor) -> Result<Guide, AppError> {
    // A sender that cannot send is no notifier.
    let mut passed_over = vec![USER_DRIVER];
    if app.mailer().is_none() {
        passed_over.push(EMAIL_DRIVER);
    }
    let since = app.now().minus(LATELY);
    let done = tx.milestones(since, &passed_over).await?;
    let shard = tx.first_shard().await?;
    let server = match &shard {
        Some(shard) => tx.list_servers_of(shard.id).await?.into_iter().next(),
        None => None,
    };
    let hidden = match actor.user() {
        Some(user) => tx.is_guide_hidden(user.id).await?,
        None => false,
    };
    Ok(Guide {
        done,
        hidden,
        shard,
        server,
        service: tx.first_service().await?,
        project: tx.first_project().await?,
    })
}
