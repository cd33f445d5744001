//! The intake of alerts: durable before anybody says yes.
//!
//! Posts that arrive while a commit is under way share the next one, so that the number of commits
//! per second, not the number of posts, is what the disk must bear.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::{Actor, App, AppError, Right};
use crate::alert::Message;
use crate::model::Timestamp;
use crate::store::{NewAlert, StoreError};

/// Most posts in one commit.
const BATCH_POSTS: usize = 256;

/// Most bytes in one commit; a single larger post still goes, alone.
const BATCH_BYTES: usize = 16 * 1024 * 1024;

/// Most posts that wait for a commit; more are told to come back.
const WAITING_POSTS: usize = 4096;

/// Most memory of the posts that wait, in KiB.
const WAITING_KIB: usize = 256 * 1024;

/// How long a post waits for its commit. Alertmanager gives up after about ten seconds.
const PATIENCE: Duration = Duration::from_secs(8);

/// How often a batch is tried again that another writer was in the way of.
const TRIES: u32 = 3;

struct Post {
    created: Timestamp,
    body: String,
    answer: oneshot::Sender<Result<(), AppError>>,
    _memory: OwnedSemaphorePermit,
}

/// The way into the batch writer, which the first post starts.
#[derive(Debug)]
pub(super) struct Intake {
    posts: OnceLock<mpsc::Sender<Post>>,
    memory: Arc<Semaphore>,
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            posts: OnceLock::new(),
            memory: Arc::new(Semaphore::new(WAITING_KIB)),
        }
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
    actor.require(Right::PostAlerts, app.settings())?;
    Message::parse(&body, app.settings().alerts.max_depth)?;
    // A body that was read as JSON is UTF-8.
    let body = String::from_utf8(body.into()).map_err(|error| AppError::Internal {
        message: format!("JSON that is not UTF-8: {error}"),
    })?;
    let answer = submit(app, body)?;
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(stored)) => stored,
        Ok(Err(_)) | Err(_) => Err(AppError::Overloaded),
    }
}

fn submit(app: &App, body: String) -> Result<oneshot::Receiver<Result<(), AppError>>, AppError> {
    let intake = app.intake();
    let kib = u32::try_from(body.len() / 1024 + 1).unwrap_or(u32::MAX);
    let memory = Arc::clone(&intake.memory).try_acquire_many_owned(kib);
    let memory = memory.map_err(|_| AppError::Overloaded)?;
    let (answer, answered) = oneshot::channel();
    let post = Post {
        created: app.now(),
        body,
        answer,
        _memory: memory,
    };
    let posts = intake.posts.get_or_init(|| {
        let (sender, receiver) = mpsc::channel(WAITING_POSTS);
        let app = app.clone();
        app.tasks()
            .clone()
            .spawn(async move { write_posts(app, receiver).await });
        sender
    });
    posts.try_send(post).map_err(|_| AppError::Overloaded)?;
    Ok(answered)
}

async fn write_posts(app: App, mut posts: mpsc::Receiver<Post>) {
    loop {
        let first = tokio::select! {
            biased;
            post = posts.recv() => post,
            () = app.stop().cancelled() => return,
        };
        let Some(first) = first else { return };
        let mut bytes = first.body.len();
        let mut batch = vec![first];
        while batch.len() < BATCH_POSTS && bytes < BATCH_BYTES {
            let Ok(post) = posts.try_recv() else { break };
            bytes += post.body.len();
            batch.push(post);
        }
        write_batch(&app, batch).await;
    }
}

async fn write_batch(app: &App, batch: Vec<Post>) {
    match store(app, &batch).await {
        Ok(()) => {
            app.alerts_waiting().wake();
            for post in batch {
                answer(post, Ok(()));
            }
        }
        // One body that the database refuses must not cost the others theirs.
        Err(error) if !error.is_transient() && batch.len() > 1 => {
            for post in batch {
                let stored = store(app, std::slice::from_ref(&post)).await;
                answer(post, stored.map_err(AppError::from));
            }
            app.alerts_waiting().wake();
        }
        Err(error) => {
            tracing::warn!(%error, posts = batch.len(), "alerts not stored; they were told to come back");
            for post in batch {
                answer(post, Err(AppError::Overloaded));
            }
        }
    }
}

fn answer(post: Post, stored: Result<(), AppError>) {
    // Whoever no longer waits was told to come back, and will.
    post.answer.send(stored).ok();
}

async fn store(app: &App, batch: &[Post]) -> Result<(), StoreError> {
    let mut tried = 1;
    loop {
        match store_once(app, batch).await {
            Err(StoreError::Busy | StoreError::Deadlock) if tried < TRIES => tried += 1,
            result => return result,
        }
    }
}

async fn store_once(app: &App, batch: &[Post]) -> Result<(), StoreError> {
    let alerts: Vec<NewAlert<'_>> = batch
        .iter()
        .map(|post| NewAlert {
            created: post.created,
            body: &post.body,
        })
        .collect();
    let tx = app.store().write_tx().await?;
    tx.insert_alerts(&alerts).await?;
    tx.commit().await
}
