//! The loop that accepts connections and the end of it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use promgen_core::app::{App, login, metrics};
use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::net::{Stream, accept};
use crate::{Listener, Server, router};

/// Most bytes of a request's line and headers; above it hyper answers 431.
const MAX_HEADER_BYTES: usize = 64 * 1024;

/// Limits of the server. The defaults suit the open network.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Further routes, such as the demo's inbox; none by default. They get the same limits.
    pub extra: Option<Router>,
    /// Whether every page says that this is a demo.
    pub demo: bool,
    /// From the connection (or the end of the last answer) to the last header; default 30 s. It is
    /// also how long an idle connection is kept.
    pub header_timeout: Duration,
    /// For the whole body of a request; default 30 s.
    pub body_timeout: Duration,
    /// For answering a request once it is there; default 60 s.
    pub request_timeout: Duration,
    /// How long a peer may refuse to take a piece of the answer; default 30 s.
    pub write_timeout: Duration,
    /// Connections at once, over all listeners; default 4096. Further ones wait.
    pub max_connections: usize,
    /// Memory for the bodies that are being received, over all connections; default 256 MiB.
    pub body_memory_bytes: usize,
    /// For requests under way when the server is told to stop; default 10 s.
    pub shutdown_timeout: Duration,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            extra: None,
            demo: false,
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_mins(1),
            write_timeout: Duration::from_secs(30),
            max_connections: 4096,
            body_memory_bytes: 256 * 1024 * 1024,
            shutdown_timeout: Duration::from_secs(10),
        }
    }
}

/// Why the server could not run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServeError {
    /// There was no listener to serve on.
    #[error("there is no address to listen at")]
    NoListener,
    /// A task of the server ended by a panic; the others were stopped.
    #[error("a task of the server broke")]
    Broken {
        /// What the runtime says.
        #[from]
        source: tokio::task::JoinError,
    },
}

/// Answers requests on all listeners until `stop` is cancelled.
///
/// Then nothing more is accepted, requests under way get [`ServeOptions::shutdown_timeout`] to end, and what
/// was noted in the background is waited for. The app stays open.
///
/// # Errors
/// [`ServeError`]; no request and no error of a connection ends the server.
pub async fn serve(
    app: App,
    listeners: Vec<Listener>,
    stop: CancellationToken,
    options: ServeOptions,
) -> Result<(), ServeError> {
    if listeners.is_empty() {
        return Err(ServeError::NoListener);
    }
    metrics::keep(&app);
    for problem in login::problems(app.settings(), app.registry()) {
        tracing::error!(%problem, "a login backend cannot be used");
    }
    let server = Server::new(app, &options);
    let routes = router(server.clone(), options.extra.clone());
    let connections = Connections::new(routes, &options);
    let mut loops = JoinSet::new();
    for listener in listeners {
        loops.spawn(accept_all(listener, connections.clone(), stop.clone()));
    }
    let mut broken = None;
    while let Some(ended) = loops.join_next().await {
        if let Err(error) = ended {
            stop.cancel();
            broken = Some(error);
        }
    }
    connections.finish(options.shutdown_timeout).await;
    server.finish().await;
    broken.map_or(Ok(()), |error| Err(error.into()))
}

async fn accept_all(listener: Listener, connections: Connections, stop: CancellationToken) {
    // A connection is taken before there is room for it: a listener that nobody connects to must not
    // keep a slot from the others. It is answered, and the next one taken, once there is room.
    let next = async || {
        let stream = accept(&listener).await;
        (stream, connections.slot().await)
    };
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            (stream, slot) = next() => connections.spawn(stream, slot),
        }
    }
}

/// What is open, and what each connection is given.
#[derive(Clone)]
struct Connections {
    router: Router,
    http: http1::Builder,
    write_timeout: Duration,
    slots: Arc<Semaphore>,
    tasks: TaskTracker,
    graceful: Arc<GracefulShutdown>,
    abort: CancellationToken,
}

impl Connections {
    fn new(router: Router, options: &ServeOptions) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(options.header_timeout)
            .max_header_size(MAX_HEADER_BYTES);
        Self {
            router,
            http,
            write_timeout: options.write_timeout,
            slots: Arc::new(Semaphore::new(options.max_connections)),
            tasks: TaskTracker::new(),
            graceful: Arc::new(GracefulShutdown::new()),
            abort: CancellationToken::new(),
        }
    }

    async fn slot(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed; if it were, the limit would be gone, not the server.
        Arc::clone(&self.slots).acquire_owned().await.ok()
    }

    fn spawn(&self, stream: Stream, slot: Option<OwnedSemaphorePermit>) {
        let peer = stream.peer();
        let stream = TokioIo::new(stream.with_patience(self.write_timeout));
        let router = TowerToHyperService::new(self.router.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            router.call(request)
        });
        let connection = self.http.serve_connection(stream, service);
        let connection = self.graceful.watch(connection);
        let abort = self.abort.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                ended = connection => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a connection ended early");
                    }
                }
                () = abort.cancelled() => {}
            }
            drop(slot);
        });
    }

    /// Lets requests end in time, then cuts off those that do not.
    async fn finish(self, grace: Duration) {
        self.tasks.close();
        let Some(graceful) = Arc::into_inner(self.graceful) else {
            self.abort.cancel();
            return self.tasks.wait().await;
        };
        if tokio::time::timeout(grace, graceful.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("requests that took too long were cut off");
        }
        self.abort.cancel();
        self.tasks.wait().await;
    }
}
