//! The intake of alerts: durable before anybody says yes.
//!
//! A message is routed while it is stored, and its deliveries begin as soon as it is durable; the
//! batch writer does both.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::writer::{Post, Prepared};
use super::{Actor, App, AppError, Right};
use crate::alert::Message;
use crate::model::TokenId;

/// Largest body that is routed while it is stored. Routing it takes well under a millisecond; a
/// larger one must not hold up the posts beside it, and is left to the routing loop.
const ROUTED_BYTES: usize = 64 * 1024;

/// Most posts that wait for a commit; more are told to come back.
const WAITING_POSTS: usize = 4096;

/// Most memory of the posts that wait, in KiB.
const WAITING_KIB: usize = 256 * 1024;

/// How long a post waits for its commit. Alertmanager gives up after about ten seconds.
const PATIENCE: Duration = Duration::from_secs(8);

/// What may wait at once to be stored.
#[derive(Debug)]
pub(super) struct Intake {
    posts: Arc<Semaphore>,
    kib: Arc<Semaphore>,
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            posts: Arc::new(Semaphore::new(WAITING_POSTS)),
            kib: Arc::new(Semaphore::new(WAITING_KIB)),
        }
    }
}

impl Intake {
    /// Room for a body, as long as there is some.
    fn room(&self, bytes: usize) -> Option<[OwnedSemaphorePermit; 2]> {
        let kib = u32::try_from(bytes / 1024 + 1).unwrap_or(u32::MAX);
        let post = Arc::clone(&self.posts).try_acquire_owned().ok()?;
        let body = Arc::clone(&self.kib).try_acquire_many_owned(kib).ok()?;
        Some([post, body])
    }
}

/// Takes an Alertmanager message. When this returns, it survives a power cut.
///
/// # Errors
/// [`AppError::Unauthenticated`] or [`AppError::Forbidden`] without the right;
/// [`AppError::Message`] for a body that is no JSON object or nested too deep;
/// [`AppError::Overloaded`] and [`AppError::Unavailable`] when it could not be stored, in which
/// case nothing of it was.
pub async fn accept(app: &App, actor: &Actor, body: Bytes) -> Result<(), AppError> {
    let bytes = body.len();
    let stored = store(app, actor, body).await;
    match &stored {
        Ok(alerts) => app.metrics().accepted(*alerts, bytes),
        Err(error) => app.metrics().refused_for(error),
    }
    stored.map(drop)
}

/// Notes that a message was refused before its body was taken.
pub fn refused(app: &App, error: &AppError) {
    app.metrics().refused_for(error);
}

/// Answers how many alerts the message speaks of.
async fn store(app: &App, actor: &Actor, body: Bytes) -> Result<usize, AppError> {
    actor.require(Right::PostAlerts, app.settings())?;
    let message = Message::parse(&body, app.settings().alerts.max_depth)?;
    let alerts = message.alert_count();
    let routed = (body.len() <= ROUTED_BYTES).then(|| prepare(app, message));
    // A body that was read as JSON is UTF-8.
    let body = String::from_utf8(body.into()).map_err(|error| AppError::Internal {
        message: format!("JSON that is not UTF-8: {error}"),
    })?;
    let token = match actor {
        Actor::Token { token, .. } => Some(token.id),
        _ => None,
    };
    let answer = submit(app, token, body, routed)?;
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(stored)) => stored.map(|()| alerts),
        Ok(Err(_)) | Err(_) => Err(AppError::Overloaded),
    }
}

/// Decides with the router at hand, on the thread of the request; the writer decides again if the
/// tree has changed.
fn prepare(app: &App, message: Message) -> Prepared {
    let router = app.router().latest();
    let decided = router.map(|router| {
        let decided = router.decide(&message);
        (router, decided)
    });
    Prepared { message, decided }
}

type Answer = oneshot::Receiver<Result<(), AppError>>;

fn submit(
    app: &App,
    token: Option<TokenId>,
    body: String,
    routed: Option<Prepared>,
) -> Result<Answer, AppError> {
    let room = app.intake().room(body.len()).ok_or(AppError::Overloaded)?;
    let (answer, answered) = oneshot::channel();
    let post = Post {
        created: app.now(),
        token,
        is_refused: false,
        body,
        routed,
        answer,
        room,
    };
    if app.writer().store(app, post) {
        Ok(answered)
    } else {
        Err(AppError::Overloaded)
    }
}
