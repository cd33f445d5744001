//! Logins that are under way: opened, recognised, ended.
//!
//! A session is 256 random bits in a cookie, of which only the hash is stored. It ends by itself
//! after `login.session`, or when it is not used for `login.idle`; by a logout; and, with all others
//! of its user, when the user changes the password or is made inactive.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::change::Change;
use super::login::{Origin, still_named};
use super::policy::Act;
use super::tree::Saved as _;
use super::{Actor, App, AppError, Right, random};
use crate::model::{IdentityId, Members, Secret, Session, SessionId, Timestamp, User, UserId};
use crate::plugin::HeaderRequest;
use crate::store::{StoreError, Tx};

/// How exactly the last use is kept. Coarser than a request, so that looking at pages does not write
/// to the database each time.
const LAST_SEEN_EVERY: Duration = Duration::from_mins(1);

/// Longest description of a browser that is kept.
const AGENT_CHARS: usize = 255;

/// Sessions that are removed at once.
const BATCH: u64 = 500;

/// A session that was just opened.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// What is stored of it.
    pub session: Session,
    /// Who is logged in.
    pub user: User,
    /// What the browser shows from here on. It cannot be had again.
    pub text: Secret<String>,
}

/// Opens a session for somebody whom a backend let in: always a fresh one, so that nobody can know
/// it beforehand.
pub(super) async fn open(
    app: &App,
    user: User,
    backend: &str,
    identity: Option<IdentityId>,
    origin: &Origin,
) -> Result<NewSession, AppError> {
    let text = hex::encode(random::bytes::<32>()?);
    let now = app.now();
    let address = origin
        .address
        .map(|address| address.to_canonical().to_string());
    let mut session = Session {
        id: SessionId(0),
        user: user.id,
        backend: backend.to_owned(),
        created: now,
        last_seen: now,
        expires: now.plus(app.settings().login.session),
        address: address.unwrap_or_default(),
        agent: origin.agent.chars().take(AGENT_CHARS).collect(),
    };
    let tx = app.store().write_tx().await?;
    session.id = tx.insert_session(&session, &hash(&text)).await?;
    tx.touch_user(user.id, now).await?;
    if let Some(identity) = identity {
        tx.touch_identity(identity, now).await?;
    }
    tx.commit().await?;
    let (username, address) = (&user.username, &session.address);
    tracing::info!(username, backend, address, "logged in");
    Ok(NewSession {
        session,
        user,
        text: Secret::new(text),
    })
}

/// Who shows this text; `None` when it is no session, or one that has ended.
///
/// # Errors
/// What the database says.
pub async fn recognise(
    app: &App,
    text: &str,
    request: &dyn HeaderRequest,
) -> Result<Option<User>, AppError> {
    let (hash, now) = (hash(text), app.now());
    let found = match app.sessions().find(&hash) {
        Some(known) => Some(known),
        None => look_up(app, hash).await?,
    };
    let Some((session, user)) = found else {
        return Ok(None);
    };
    let idle = now.since(session.last_seen) >= app.settings().login.idle;
    if session.expires <= now || idle || !user.active {
        return Ok(None);
    }
    if !still_named(app, &session, request).await? {
        return Ok(None);
    }
    if now.since(session.last_seen) >= LAST_SEEN_EVERY {
        // When the note cannot be written, the request goes on all the same.
        match touch(app, session.id, now).await {
            Ok(()) => {
                let last_seen = now;
                let session = Session {
                    last_seen,
                    ..session
                };
                app.sessions().keep(hash, (session, user.clone()));
            }
            Err(error) => tracing::debug!(%error, "last use of a session not noted"),
        }
    }
    Ok(Some(user))
}

async fn look_up(app: &App, hash: [u8; 32]) -> Result<Option<(Session, User)>, AppError> {
    let tx = app.store().read_tx().await?;
    let found = tx.find_session(&hash).await?;
    if let Some(found) = &found {
        app.sessions().keep(hash, found.clone());
    }
    Ok(found)
}

async fn touch(app: &App, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
    let tx = app.store().write_tx().await?;
    tx.touch_session(id, at).await?;
    tx.commit().await
}

/// Ends the session of this text: a logout. One that has ended already is no mistake.
///
/// # Errors
/// What the database says.
pub async fn end(app: &App, text: &str) -> Result<(), AppError> {
    let tx = app.store().write_tx().await?;
    tx.delete_session(&hash(text)).await?;
    tx.commit().await?;
    app.sessions().forget();
    Ok(())
}

/// The sessions of whoever asks, the latest first; those that have ended are left out.
///
/// # Errors
/// [`AppError::Unauthenticated`] for anybody but a user.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Session>, AppError> {
    let user = own(app, actor, Right::Look)?;
    let tx = app.store().read_tx().await?;
    Ok(open_ones(app, &tx, user.id).await?)
}

/// The sessions of a user that have not ended, the latest first.
pub(super) async fn open_ones(
    app: &App,
    tx: &Tx,
    user: UserId,
) -> Result<Vec<Session>, StoreError> {
    let mut sessions = tx.list_sessions(user).await?;
    let (now, unused) = ends(app);
    sessions.retain(|session| session.expires > now && session.last_seen >= unused);
    Ok(sessions)
}

/// Ends one of the sessions of whoever asks.
///
/// # Errors
/// [`AppError::NotFound`] when they have no such session.
pub async fn revoke(app: &App, actor: &Actor, id: SessionId) -> Result<(), AppError> {
    let user = own(app, actor, Right::TakePart)?;
    let tx = app.store().write_tx().await?;
    if !tx.delete_session_of(user.id, id).await? {
        return Err(AppError::not_found("session", &id));
    }
    tx.commit().await?;
    app.sessions().forget();
    Ok(())
}

/// Which of the sessions of whoever asks this text is of; `None` when it is none of theirs.
///
/// # Errors
/// As [`list`].
pub async fn current(app: &App, actor: &Actor, text: &str) -> Result<Option<SessionId>, AppError> {
    let user = own(app, actor, Right::Look)?;
    let tx = app.store().read_tx().await?;
    let found = tx.find_session(&hash(text)).await?;
    let (session, _) = found.unzip();
    let session = session.filter(|session| session.user == user.id);
    Ok(session.map(|session| session.id))
}

/// Ends all sessions of whoever asks, but for that of this text; answers how many.
///
/// # Errors
/// [`AppError::Unauthenticated`] for anybody but a user.
pub async fn end_others(app: &App, actor: &Actor, text: &str) -> Result<u64, AppError> {
    let user = own(app, actor, Right::TakePart)?;
    let tx = app.store().write_tx().await?;
    let ended = tx.delete_other_sessions(user.id, &hash(text)).await?;
    tx.commit().await?;
    app.sessions().forget();
    Ok(ended)
}

/// Ends sessions of somebody else: one of them, or all.
///
/// # Errors
/// [`AppError::Forbidden`] for anybody but a superuser, [`AppError::NotFound`] for an unknown user
/// and when they have no such session.
pub async fn end_of(
    app: &App,
    actor: &Actor,
    id: UserId,
    one: Option<SessionId>,
) -> Result<(), AppError> {
    let (mut change, _) = Change::open(app, actor, Act::Administer).await?;
    let user = change.tx().load_user(id).await?;
    let user = user.ok_or_else(|| AppError::not_found("user", &id))?;
    let mut ended = change.tx().list_sessions(user.id).await?;
    match one {
        None => change.tx().delete_sessions_of(user.id).await?,
        Some(one) => {
            ended.retain(|session| session.id == one);
            if !change.tx().delete_session_of(user.id, one).await? {
                return Err(AppError::not_found("session", &one));
            }
        }
    }
    if !ended.is_empty() {
        change.removed(Members::Sessions, user.subject(), &ended);
    }
    change.commit().await
}

/// Whoever asks, as a user whose sessions they are.
fn own<'a>(app: &App, actor: &'a Actor, right: Right) -> Result<&'a User, AppError> {
    actor.require(right, app.settings())?;
    actor.user().ok_or(AppError::Unauthenticated)
}

/// Removes what has ended, in small batches.
pub(super) async fn prune(app: &App) -> Result<(), AppError> {
    let (now, unused) = ends(app);
    loop {
        let tx = app.store().write_tx().await?;
        let removed = tx.delete_ended_sessions(now, unused, BATCH).await?;
        tx.commit().await?;
        if removed < BATCH {
            return Ok(());
        }
    }
}

/// The present, and the last use before which a session has ended.
fn ends(app: &App) -> (Timestamp, Timestamp) {
    let now = app.now();
    (now, now.minus(app.settings().login.idle))
}

/// What a page of a session sends along with whatever it changes, in a form or a header. It follows
/// from the session, which scripts and other sites cannot see, and does not lead back to it.
pub fn form_token(session: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(b"promgen form token\0");
    digest.update(session);
    hex::encode(digest.finalize())
}

/// A form token for the login page, where there is no session yet.
///
/// # Errors
/// [`AppError::Internal`] when the system gives no random bytes.
pub fn fresh_form_token() -> Result<String, AppError> {
    Ok(hex::encode(random::bytes::<32>()?))
}

/// Whether a form token is the one that is wanted; how long that takes tells nothing about it.
pub fn is_form_token(shown: &str, wanted: &str) -> bool {
    !wanted.is_empty() && bool::from(shown.as_bytes().ct_eq(wanted.as_bytes()))
}

/// What is stored of a session, and looked up by: it has 256 random bits, so there is nothing to
/// guess.
fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}
