//! The first superuser: whoever starts the program gets a link, once, with which to make one.
//!
//! The link is good for a day, and for as long as no superuser can come in; every start makes it
//! anew. There is no default password.

use std::time::Duration;

use super::change::{Change, Subject};
use super::links::{self, NewLink};
use super::login::Origin;
use super::sessions::{self, NewSession};
use super::users::{self, NewSuperuser};
use super::{Actor, App, AppError, Right};
use crate::config::PASSWORD;
use crate::model::{AuditKind, LinkKind, Secret, Site};
use crate::store::Tx;

/// For how long the link is good.
const GOOD_FOR: Duration = Duration::from_hours(24);

/// The domain that a fresh database has; nobody's links lead there on purpose.
const NO_DOMAIN: &str = "example.com";

/// The first superuser, as they type themselves in.
#[derive(Debug, Clone)]
pub struct First {
    /// Login name.
    pub username: String,
    /// Address, may be empty; it becomes their first personal sender.
    pub email: String,
    /// Password.
    pub password: Secret<String>,
    /// Host, with a port where one belongs to it, by which they reached this installation. A site
    /// that has no domain yet gets it, so that links in messages lead here.
    pub host: Option<String>,
}

/// Makes the link and answers the secret part of its address, `/setup/{…}/`; one that was made
/// before is good for nothing from here on. `None` when a superuser can come in, and where nobody comes
/// in by a password: whom the login backends name is made a superuser at the command line.
///
/// For whoever starts the program, and nobody else.
///
/// # Errors
/// What the database says.
pub async fn invite(app: &App) -> Result<Option<Secret<String>>, AppError> {
    let tx = app.store().write_tx().await?;
    tx.delete_links_for(LinkKind::Setup).await?;
    let wanted = takes_passwords(app) && !tx.has_superuser_with_a_way_in().await?;
    let text = if wanted {
        let link = NewLink {
            kind: LinkKind::Setup,
            user: None,
            state: None,
            good_for: GOOD_FOR,
        };
        Some(links::insert(app, &tx, link).await?)
    } else {
        None
    };
    tx.commit().await?;
    Ok(text)
}

/// Whether the link of this text is still good.
///
/// # Errors
/// [`AppError::LinkEnded`] when it is not, [`AppError::SlowDown`] for whoever tries too many.
pub async fn check(app: &App, text: &str, origin: &Origin) -> Result<(), AppError> {
    links::admit(app, origin)?;
    let tx = app.store().read_tx().await?;
    require(app, &tx, text).await?;
    links::was_good(app, origin);
    Ok(())
}

/// Makes the first superuser and logs them in. Of several who hold the link, one comes through.
///
/// # Errors
/// As [`check`]; [`AppError::Invalid`] for a user name that is taken or cannot be, a bad address, or
/// a weak password.
pub async fn finish(
    app: &App,
    text: &str,
    first: First,
    origin: &Origin,
) -> Result<NewSession, AppError> {
    // Before the password costs any work.
    check(app, text, origin).await?;
    let new = NewSuperuser::check(&first.username, &first.email, Some(first.password)).await?;
    let mut change = Change::begin(app, &Actor::System, Right::Administer).await?;
    change.lock().await?;
    require(app, change.tx(), text).await?;
    let link = links::find(app, change.tx(), LinkKind::Setup, text).await?;
    links::take(change.tx(), &link).await?;
    let user = users::insert_superuser(app, &mut change, new).await?;
    if let Some(host) = &first.host {
        name_site(&mut change, host).await?;
    }
    change.commit().await?;
    tracing::warn!(
        username = user.username,
        "the first superuser was made by the link"
    );
    sessions::open(app, user, PASSWORD, None, origin).await
}

async fn require(app: &App, tx: &Tx, text: &str) -> Result<(), AppError> {
    links::find(app, tx, LinkKind::Setup, text).await?;
    if !takes_passwords(app) || tx.has_superuser_with_a_way_in().await? {
        return Err(AppError::LinkEnded);
    }
    Ok(())
}

fn takes_passwords(app: &App) -> bool {
    app.settings().login.backends().contains(&PASSWORD)
}

/// Gives a site without a domain that by which it was reached.
async fn name_site(change: &mut Change<'_>, host: &str) -> Result<(), AppError> {
    let before = change.tx().load_site().await?;
    if before.domain != NO_DOMAIN || !Site::is_domain(host) {
        return Ok(());
    }
    let after = Site {
        domain: host.to_owned(),
        ..before.clone()
    };
    // The group of the site's rules is called so, and no other group may be.
    if change.tx().find_service(host).await?.is_some() {
        return Ok(());
    }
    change.tx().update_site(&after).await?;
    let subject = Subject::new(AuditKind::Site, 1, &after.domain);
    change.updated(subject, &before, &after);
    Ok(())
}
