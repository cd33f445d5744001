//! Logging in: from what somebody shows to a session of a user.
//!
//! The backends of the setting `login.backends` say who somebody is. What follows from that is
//! decided here: an account is found by issuer and subject and by nothing else (`link.rs`), groups
//! follow the claims (`groups.rs`), and guessing takes longer and longer (`throttle.rs`).

mod backends;
mod groups;
mod link;
mod local;
mod throttle;

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::sessions::{self, NewSession};
use super::{Actor, App, AppError, passwords};
use crate::egress::EgressLogin;
use crate::model::{Secret, Session, User};
use crate::plugin::{AuthBackend, AuthError, Begun, HeaderRequest, Identity};

pub(super) use backends::Backends;
pub use backends::{Choice, Way, choices, problems};
pub use link::{disconnect, identities};
pub(super) use link::{is_only_way_in, subject as linked_as};
pub(super) use throttle::{Attempt, Throttle};

/// Where a login comes from; told to its owner, and counted against guessing.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// Address of the person, where it is known.
    pub address: Option<IpAddr>,
    /// What their browser calls itself.
    pub agent: String,
}

/// Logs somebody in who types a user name and a password.
///
/// # Errors
/// [`AppError::SlowDown`] after too many failures; [`AppError::LoginRefused`] with the same words
/// for an unknown user, a wrong password and an inactive user.
pub async fn by_password(
    app: &App,
    username: &str,
    password: Secret<String>,
    origin: &Origin,
) -> Result<NewSession, AppError> {
    // Before anything else: a blank password must not reach a backend.
    if username.trim().is_empty() || !passwords::can_be_one(&password) {
        return Err(wrong());
    }
    let attempt = Attempt::Login(username);
    let admitted = app.throttle().begin(attempt, origin.address, app.now());
    admitted.map_err(|after| AppError::SlowDown { after })?;
    let refused = || {
        tracing::warn!(username, address = ?origin.address, "login refused");
        wrong()
    };
    let (key, entry) = checked(app, username, &password)
        .await?
        .ok_or_else(refused)?;
    let session = match entry {
        Entry::Local(user) if user.active => sessions::open(app, user, key, None, origin).await?,
        Entry::Local(_) => return Err(refused()),
        Entry::Elsewhere(identity) => enter(app, &Actor::Anonymous, key, identity, origin).await?,
    };
    app.throttle().succeeded(attempt, origin.address);
    Ok(session)
}

/// Whom a password let in.
enum Entry {
    Local(User),
    Elsewhere(Identity),
}

/// Asks the backends that take passwords, in order; the first that knows the person counts. One
/// that is out of reach does not keep others from being asked.
async fn checked(
    app: &App,
    username: &str,
    password: &Secret<String>,
) -> Result<Option<(&'static str, Entry)>, AppError> {
    let mut failure = None;
    for (key, backend) in app.backends().live() {
        let found = match backend {
            AuthBackend::Local => {
                let user = local::check(app, username, password).await?;
                user.map(Entry::Local)
            }
            AuthBackend::Password(driver) => {
                let context = context(app);
                match driver.check(&context, username, password).await {
                    Ok(identity) => identity.map(Entry::Elsewhere),
                    Err(error) => {
                        failure = Some(told(key, error));
                        None
                    }
                }
            }
            AuthBackend::Redirect(_) | AuthBackend::Header(_) => None,
        };
        if let Some(entry) = found {
            return Ok(Some((key, entry)));
        }
    }
    failure.map_or(Ok(None), Err)
}

/// Begins a login at another site, from where the browser comes back to `callback`.
///
/// # Errors
/// [`AppError::NotFound`] for a backend that is none of this kind, [`AppError::Peer`] when the other
/// site is out of reach.
pub async fn begin(app: &App, backend: &str, callback: &str) -> Result<Begun, AppError> {
    let (key, driver) = app.backends().redirect(backend)?;
    let begun = driver.begin(&context(app), callback).await;
    begun.map_err(|error| told(key, error))
}

/// What somebody brings back from another site.
#[derive(Debug)]
pub struct Answer<'a> {
    /// The address that they were sent back to.
    pub callback: &'a str,
    /// The query that came with it.
    pub query: &'a BTreeMap<String, String>,
    /// What their browser kept since [`begin`].
    pub kept: &'a Secret<String>,
}

/// Completes a login at another site. Whoever is logged in already gets the identity linked to
/// their account.
///
/// # Errors
/// [`AppError::LoginRefused`] for anything but a proven identity that may come in,
/// [`AppError::Peer`] when the other site does not answer as it must.
pub async fn complete(
    app: &App,
    actor: &Actor,
    backend: &str,
    answer: &Answer<'_>,
    origin: &Origin,
) -> Result<NewSession, AppError> {
    let (key, driver) = app.backends().redirect(backend)?;
    let Answer {
        callback,
        query,
        kept,
    } = answer;
    let identity = driver.complete(&context(app), callback, query, kept).await;
    let identity = identity.map_err(|error| told(key, error))?;
    enter(app, actor, key, identity, origin).await
}

/// Logs in whom a trusted proxy names; `None` when it names nobody, or no backend believes it.
///
/// # Errors
/// [`AppError::LoginRefused`] when whoever is named may not come in.
pub async fn by_header(
    app: &App,
    request: &dyn HeaderRequest,
    origin: &Origin,
) -> Result<Option<NewSession>, AppError> {
    for (key, backend) in app.backends().live() {
        let AuthBackend::Header(driver) = backend else {
            continue;
        };
        let identity = driver.identify(request).map_err(|error| told(key, error))?;
        if let Some(identity) = identity {
            let session = enter(app, &Actor::Anonymous, key, identity, origin).await?;
            return Ok(Some(session));
        }
    }
    Ok(None)
}

/// Whether the proxy still names the person of a session that it began. A session of any other
/// backend does not depend on headers.
///
/// # Errors
/// What the database says.
pub(super) async fn still_named(
    app: &App,
    session: &Session,
    request: &dyn HeaderRequest,
) -> Result<bool, AppError> {
    let Some(driver) = app.backends().header(&session.backend) else {
        return Ok(true);
    };
    let Ok(Some(identity)) = driver.identify(request) else {
        return Ok(false);
    };
    let tx = app.store().read_tx().await?;
    let linked = tx
        .find_identity(&identity.issuer, &identity.subject)
        .await?;
    Ok(linked.is_some_and(|linked| linked.user == session.user))
}

/// From a proven identity to a session.
async fn enter(
    app: &App,
    actor: &Actor,
    backend: &'static str,
    identity: Identity,
    origin: &Origin,
) -> Result<NewSession, AppError> {
    let (user, linked) = link::user_of(app, actor, backend, &identity).await?;
    if !user.active {
        return Err(AppError::LoginRefused {
            message: format!("the account {} is not active", user.username),
        });
    }
    sessions::open(app, user, backend, Some(linked), origin).await
}

fn context(app: &App) -> EgressLogin {
    EgressLogin::new(app.egress().clone(), app.now())
}

/// What a backend says goes to the log; the person is told what they can act on.
fn told(backend: &str, error: AuthError) -> AppError {
    match error {
        AuthError::Refused { message } => {
            tracing::warn!(backend, message, "login refused");
            AppError::LoginRefused {
                message: format!("{backend} did not prove who you are"),
            }
        }
        AuthError::Failed { message } => {
            tracing::error!(backend, message, "a login backend does not work");
            AppError::Peer {
                message: format!("the login by {backend} does not work at the moment"),
            }
        }
    }
}

fn wrong() -> AppError {
    AppError::LoginRefused {
        message: "this user name and password do not belong together".to_owned(),
    }
}
