//! The accept loop: who comes in, how many at a time, and how it ends.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use promgen_core::app::App;
use thiserror::Error;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::bind::Listener;
use super::connection::{self, Limits};
use super::router::{State, router};

/// How the server behaves.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Further routes, such as the demo's inbox.
    pub extra: Option<Router>,
    /// Most connections at a time; more wait to be accepted. Default 1024.
    pub max_connections: usize,
    /// How long a client may take for the first byte and the headers of a request. Default 10 s.
    pub header_timeout: Duration,
    /// How long a client may take to send a body. Default 30 s.
    pub body_timeout: Duration,
    /// How long requests under way may take to end when the server stops. Default 10 s.
    pub shutdown_timeout: Duration,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            extra: None,
            max_connections: 1024,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            shutdown_timeout: Duration::from_secs(10),
        }
    }
}

/// Why the server ended by itself.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The accept loop ended, which none does.
    #[error("the accept loop ended: {message}")]
    Ended {
        /// How.
        message: String,
    },
}

/// Serves until `stop` is cancelled, then lets requests under way finish.
///
/// # Errors
/// [`ServeError`] when an accept loop ended by itself.
pub async fn serve(
    app: App,
    listeners: Vec<Listener>,
    stop: CancellationToken,
    options: ServeOptions,
) -> Result<(), ServeError> {
    let tracker = TaskTracker::new();
    let state = State {
        app,
        tasks: tracker.clone(),
        body_timeout: options.body_timeout,
    };
    let router = router(state, options.extra);
    let limits = Limits {
        headers: options.header_timeout,
    };
    let room = Arc::new(Semaphore::new(options.max_connections));
    let mut loops = JoinSet::new();
    for listener in listeners {
        let door = Door {
            listener,
            router: router.clone(),
            room: Arc::clone(&room),
            stop: stop.clone(),
            tracker: tracker.clone(),
            limits,
        };
        loops.spawn(door.keep());
    }
    while let Some(ended) = loops.join_next().await {
        ended.map_err(|error| ServeError::Ended {
            message: error.to_string(),
        })?;
    }
    tracker.close();
    if tokio::time::timeout(options.shutdown_timeout, tracker.wait())
        .await
        .is_err()
    {
        tracing::warn!("requests were cut off: they took longer than the shutdown may");
    }
    Ok(())
}

struct Door {
    listener: Listener,
    router: Router,
    room: Arc<Semaphore>,
    stop: CancellationToken,
    tracker: TaskTracker,
    limits: Limits,
}

impl Door {
    async fn keep(self) {
        loop {
            let entering = tokio::select! {
                () = self.stop.cancelled() => return,
                entering = self.enter() => entering,
            };
            if let Err(error) = entering {
                // Out of files or memory: others must leave first. The loop goes on.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }

    async fn enter(&self) -> io::Result<()> {
        let Ok(permit) = Arc::clone(&self.room).acquire_owned().await else {
            return Ok(());
        };
        let (router, stop, limits) = (self.router.clone(), self.stop.clone(), self.limits);
        match &self.listener {
            Listener::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true).ok();
                self.tracker.spawn(async move {
                    connection::drive(stream, router, stop, limits).await;
                    drop(permit);
                });
            }
            Listener::Unix(listener) => {
                let (stream, _) = listener.accept().await?;
                self.tracker.spawn(async move {
                    connection::drive(stream, router, stop, limits).await;
                    drop(permit);
                });
            }
        }
        Ok(())
    }
}
