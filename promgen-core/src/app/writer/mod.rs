//! The batch writer: one transaction for all that came in the meantime, posts that are to be stored
//! and attempts that are to be recorded.
//!
//! What a disk bears is a number of commits per second, so everything that comes while a commit is
//! under way shares the next one. A batch that fails is taken apart, so that neither a post nor an
//! attempt pays for another.
//!
//! A file has one writer at a time, so both share its transactions. A server works on several at once:
//! there attempts have their own, beside those of the posts, for whom somebody waits.

mod attempts;
mod mask;
mod posts;

use std::sync::OnceLock;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

pub(super) use self::attempts::Done;
pub(super) use self::mask::masked;
pub(super) use self::posts::{Post, Prepared};
use super::App;
use super::metrics::Attempted;
use crate::store::StoreError;

/// Most posts in one commit.
const BATCH_POSTS: usize = 256;

/// Most bytes of posts in one commit; a single larger post still goes, alone.
const BATCH_BYTES: usize = 16 * 1024 * 1024;

/// Most attempts in one commit.
const BATCH_ATTEMPTS: usize = 512;

/// How long posts wait for those that likely come with them. Timers of the runtime have no finer grain.
const GATHER_POSTS: Duration = Duration::from_millis(1);

/// How long attempts wait that have transactions of their own. Nobody waits for them.
const GATHER_ATTEMPTS: Duration = Duration::from_millis(4);

/// Time between two tries to record attempts while the database is away.
const TRY_EVERY: Duration = Duration::from_millis(200);

/// How often a batch is tried again that another writer was in the way of.
const TRIES: u32 = 3;

enum Work {
    Post(Box<Post>),
    Attempt(Done),
    Flush(oneshot::Sender<()>),
}

/// The way to the batch writer, which whoever needs it first starts.
#[derive(Default)]
pub(super) struct Writer(OnceLock<Queues>);

struct Queues {
    posts: mpsc::UnboundedSender<Work>,
    attempts: mpsc::UnboundedSender<Work>,
}

impl Writer {
    /// Stores a post soon, and answers it; `false` when the program is ending.
    pub(super) fn store(&self, app: &App, post: Post) -> bool {
        let queue = &self.queues(app).posts;
        queue.send(Work::Post(Box::new(post))).is_ok()
    }

    /// Records an attempt soon.
    pub(super) fn record(&self, app: &App, done: Done) {
        let queue = &self.queues(app).attempts;
        if queue.send(Work::Attempt(done)).is_err() {
            tracing::warn!("an attempt ended too late to be recorded; its lease ends by itself");
        }
    }

    /// Returns when everything that was handed in before is written.
    pub(super) async fn flush(&self, app: &App) {
        let Queues { posts, attempts } = self.queues(app);
        for queue in [posts, attempts] {
            let (flushed, waits) = oneshot::channel();
            if queue.send(Work::Flush(flushed)).is_ok() {
                waits.await.ok();
            }
        }
    }

    fn queues(&self, app: &App) -> &Queues {
        self.0.get_or_init(|| {
            let start = |gathers| {
                let (sender, queue) = mpsc::unbounded_channel();
                app.tasks().spawn(run(app.clone(), queue, gathers));
                sender
            };
            let posts = start(Gathers::Posts);
            let attempts = if app.store().writes_side_by_side() {
                start(Gathers::Attempts)
            } else {
                posts.clone()
            };
            Queues { posts, attempts }
        })
    }
}

/// What a batch waits for.
#[derive(Debug, Clone, Copy)]
enum Gathers {
    Posts,
    Attempts,
}

impl Gathers {
    fn count(self, batch: &Batch) -> usize {
        match self {
            Self::Posts => batch.posts.len(),
            Self::Attempts => batch.attempts.len(),
        }
    }

    fn patience(self) -> Duration {
        match self {
            Self::Posts => GATHER_POSTS,
            Self::Attempts => GATHER_ATTEMPTS,
        }
    }
}

/// What shares a transaction.
#[derive(Default)]
struct Batch {
    posts: Vec<Post>,
    bytes: usize,
    attempts: Vec<Done>,
    flushes: Vec<oneshot::Sender<()>>,
}

impl Batch {
    fn take(&mut self, work: Work) {
        match work {
            Work::Post(post) => {
                self.bytes += post.body.len();
                self.posts.push(*post);
            }
            Work::Attempt(done) => self.attempts.push(done),
            Work::Flush(flushed) => self.flushes.push(flushed),
        }
    }

    fn is_full(&self) -> bool {
        self.posts.len() >= BATCH_POSTS
            || self.bytes >= BATCH_BYTES
            || self.attempts.len() >= BATCH_ATTEMPTS
    }
}

async fn run(app: App, mut queue: mpsc::UnboundedReceiver<Work>, gathers: Gathers) {
    // Attempts that could not be recorded yet.
    let mut late: Vec<Done> = Vec::new();
    // What the last batch had of what it had waited for.
    let mut last = 0_usize;
    loop {
        let waiting = !queue.is_empty();
        let mut batch = Batch {
            attempts: std::mem::take(&mut late),
            ..Batch::default()
        };
        let waits = !batch.attempts.is_empty();
        let stopping = tokio::select! {
            biased;
            work = queue.recv() => match work {
                Some(work) => { batch.take(work); false }
                None => return,
            },
            () = app.stop().cancelled() => true,
            () = tokio::time::sleep(TRY_EVERY), if waits => false,
        };
        drain(&mut batch, &mut queue);
        let others = if waiting { batch.posts.len() } else { 0 };
        gather(&mut batch, &mut queue, gathers, last.saturating_add(others)).await;
        last = gathers.count(&batch);
        let idle = batch.posts.is_empty() && batch.attempts.is_empty();
        let flushes = std::mem::take(&mut batch.flushes);
        late = write(&app, batch).await;
        for flushed in flushes {
            flushed.send(()).ok();
        }
        if stopping && idle {
            return;
        }
        if stopping && !late.is_empty() {
            tokio::time::sleep(TRY_EVERY).await;
        }
    }
}

fn drain(batch: &mut Batch, queue: &mut mpsc::UnboundedReceiver<Work>) {
    while !batch.is_full() {
        let Ok(work) = queue.try_recv() else { break };
        batch.take(work);
    }
}

/// Under load, whoever was just answered posts again at once. Without waiting for them, two halves of
/// the senders would take turns, and each commit would bear half of what it could; and attempts, which
/// nobody waits for, would have commits of their own, or small ones. Waits, for a moment at most, until
/// as many have come as the last batch had, besides posts that waited meanwhile.
async fn gather(
    batch: &mut Batch,
    queue: &mut mpsc::UnboundedReceiver<Work>,
    gathers: Gathers,
    wanted: usize,
) {
    if gathers.count(batch) >= wanted || !batch.flushes.is_empty() {
        return;
    }
    let come = async {
        while gathers.count(batch) < wanted && batch.flushes.is_empty() && !batch.is_full() {
            let Some(work) = queue.recv().await else {
                break;
            };
            batch.take(work);
        }
    };
    // What has come until then is enough.
    tokio::time::timeout(gathers.patience(), come).await.ok();
}

/// Writes a batch; the answer is which attempts are to be recorded later.
async fn write(app: &App, mut batch: Batch) -> Vec<Done> {
    if batch.posts.is_empty() && batch.attempts.is_empty() {
        return Vec::new();
    }
    let mut tried = 1;
    let failed = loop {
        match write_once(app, &mut batch).await {
            Ok(Some((stored, counted))) => {
                for post in batch.posts {
                    post.answer(Ok(()));
                }
                posts::begin(app, stored);
                attempts::recorded(app, &counted);
                return Vec::new();
            }
            // A lease was lost.
            Ok(None) => break None,
            Err(StoreError::Busy | StoreError::Deadlock) if tried < TRIES => tried += 1,
            Err(error) => break Some(error),
        }
    };
    apart(app, batch, failed).await
}

/// Everything in one transaction; `None` when an attempt must not be recorded, and nothing was
/// written.
async fn write_once(
    app: &App,
    batch: &mut Batch,
) -> Result<Option<(posts::Stored, Vec<Attempted>)>, StoreError> {
    let tx = app.store().batch_tx().await?;
    // First, for a message must not be told to wait for one of its group that has ended.
    let Some(counted) = attempts::record(app, &tx, &batch.attempts).await? else {
        tx.rollback().await?;
        return Ok(None);
    };
    let stored = posts::store(app, &tx, &mut batch.posts).await?;
    tx.commit().await?;
    Ok(Some((stored, counted)))
}

/// Writes what is left of a batch that failed, each for itself where that can help.
async fn apart(app: &App, batch: Batch, failed: Option<StoreError>) -> Vec<Done> {
    match failed {
        Some(error) if error.is_transient() => {
            posts::refuse(batch.posts, &error);
            attempts::late(app, batch.attempts, &error)
        }
        // The only one of its batch, and the database does not want it.
        Some(error) if batch.posts.len() == 1 && batch.attempts.is_empty() => {
            posts::refuse(batch.posts, &error);
            Vec::new()
        }
        _ => {
            posts::store_each(app, batch.posts).await;
            attempts::record_each(app, batch.attempts).await
        }
    }
}
