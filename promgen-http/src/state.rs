//! What every handler has at hand.

use std::sync::Arc;
use std::time::Duration;

use promgen_core::app::App;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::ServeOptions;

/// How many notes of pulls may be on their way to the database at once. Each takes the writer for
/// a moment, and a note that is left out is made up for by the next pull.
const PULLS_AT_ONCE: usize = 4;

/// The app with what belongs to this server alone. Clones share everything.
#[derive(Debug, Clone)]
pub struct Server {
    pub(crate) app: App,
    /// Whether every page says that this is a demo.
    pub(crate) demo: bool,
    /// Memory for bodies that are being received, in KiB.
    pub(crate) body_memory: Arc<Semaphore>,
    pub(crate) body_timeout: Duration,
    pub(crate) request_timeout: Duration,
    background: TaskTracker,
    pulls: Arc<Semaphore>,
}

impl Server {
    /// A server for an app.
    pub fn new(app: App, options: &ServeOptions) -> Self {
        Self {
            app,
            demo: options.demo,
            body_memory: Arc::new(Semaphore::new(options.body_memory_bytes / 1024)),
            body_timeout: options.body_timeout,
            request_timeout: options.request_timeout,
            background: TaskTracker::new(),
            pulls: Arc::new(Semaphore::new(PULLS_AT_ONCE)),
        }
    }

    /// Waits for what was begun in the background.
    pub async fn finish(&self) {
        self.background.close();
        self.background.wait().await;
    }

    /// Notes in the background that a Prometheus server pulled a revision.
    pub(crate) fn note_pull(&self, server: String, revision: i64) {
        let Ok(slot) = Arc::clone(&self.pulls).try_acquire_owned() else {
            return;
        };
        let app = self.app.clone();
        self.background.spawn(async move {
            let noted = promgen_core::app::feed::record_pull(&app, &server, revision).await;
            if let Err(error) = noted {
                tracing::debug!(%error, server, "pull not noted");
            }
            drop(slot);
        });
    }
}
