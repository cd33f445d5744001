//! The outputs of the current revision, kept in memory.
//!
//! The whole outputs are rendered once per revision, away from the requests, and kept as bytes;
//! parts (a shard, a service, a project) are rendered when somebody first asks and kept for as long
//! as the revision lasts. While the database is away, the last good bytes are served.

use std::collections::{BTreeSet, HashMap};
use std::io::Write as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use super::{Actor, App, AppError, Right};
use crate::model::{ProjectId, ServiceId, Tree};
use crate::render::{self, RuleOptions, Select};

/// How often a node looks for a revision that another node made: it is a part of the time until a
/// change is seen, and takes a small fraction of a millisecond.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// Most parts of a revision that are kept before what single people see is made anew each time:
/// there may be as many as people, and each may be as large as the whole.
const MOST_PARTS: usize = 256;

/// Which part of an output is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Selection {
    /// Everything.
    All,
    /// What one shard scrapes, by the shard's name.
    Shard(String),
    /// One service.
    Service(ServiceId),
    /// One project.
    Project(ProjectId),
    /// What somebody sees who does not see everything: the rules of the site, these services with
    /// all their projects, and these projects.
    Seen {
        /// The services.
        services: BTreeSet<ServiceId>,
        /// The projects.
        projects: BTreeSet<ProjectId>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Targets,
    Rules,
    Urls,
}

/// The bytes of an output, with their entity tags (double quotes included).
#[derive(Debug, Clone)]
pub struct Rendered {
    /// As it is.
    pub plain: Bytes,
    /// Compressed.
    pub gzip: Bytes,
    /// Entity tag of the plain bytes: a hash of the content.
    pub etag_plain: String,
    /// Entity tag of the compressed bytes.
    pub etag_gzip: String,
}

impl Rendered {
    fn new(mut text: String) -> Result<Self, AppError> {
        // Kept for as long as the revision lasts; what it grew by while it was written is not needed.
        text.shrink_to_fit();
        let digest = hex::encode(Sha256::digest(&text));
        let tag = digest.get(..32).unwrap_or(&digest);
        let failed = |error: std::io::Error| AppError::Internal {
            message: error.to_string(),
        };
        // A fifth of the time of the default for a tenth more bytes: a change is to be seen soon.
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).map_err(failed)?;
        let mut gzip = encoder.finish().map_err(failed)?;
        gzip.shrink_to_fit();
        Ok(Self {
            etag_plain: format!("\"{tag}\""),
            etag_gzip: format!("\"{tag}-gzip\""),
            plain: text.into(),
            gzip: gzip.into(),
        })
    }
}

/// What a whole output took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fact {
    /// `targets`, `rules` or `urls`.
    pub(super) name: &'static str,
    /// Size of the plain bytes.
    pub(super) bytes: u64,
    /// Time for rendering and compressing it.
    pub(super) took: Duration,
}

/// All outputs of one revision.
pub struct Outputs {
    /// The revision.
    pub revision: i64,
    tree: Arc<Tree>,
    options: RuleOptions,
    /// Of the whole outputs.
    facts: Vec<Fact>,
    rendered: Mutex<HashMap<(Kind, Selection), Arc<Rendered>>>,
}

impl std::fmt::Debug for Outputs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outputs")
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}

impl Outputs {
    fn new(tree: Tree, options: RuleOptions) -> Result<Self, AppError> {
        let mut outputs = Self {
            revision: tree.revision,
            tree: Arc::new(tree),
            options,
            facts: Vec::new(),
            rendered: Mutex::default(),
        };
        // The targets are as large as both others together.
        outputs.facts = std::thread::scope(|scope| {
            let others = scope.spawn(|| {
                let rules = outputs.whole("rules", Kind::Rules)?;
                Ok::<_, AppError>([rules, outputs.whole("urls", Kind::Urls)?])
            });
            let targets = outputs.whole("targets", Kind::Targets)?;
            let [rules, urls] = others.join().map_err(|_| AppError::Internal {
                message: "rendering panicked".to_owned(),
            })??;
            Ok::<_, AppError>(vec![targets, rules, urls])
        })?;
        Ok(outputs)
    }

    fn whole(&self, name: &'static str, kind: Kind) -> Result<Fact, AppError> {
        // The monotonic clock, for a duration only.
        let begun = Instant::now();
        let rendered = self.part(kind, &Selection::All)?;
        Ok(Fact {
            name,
            bytes: u64::try_from(rendered.plain.len()).unwrap_or(u64::MAX),
            took: begun.elapsed(),
        })
    }

    /// What the whole outputs took.
    pub(super) fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The targets, as `file_sd` and `http_sd` want them.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a shard, service or project that does not exist.
    pub fn targets(&self, selection: &Selection) -> Result<Arc<Rendered>, AppError> {
        self.part(Kind::Targets, selection)
    }

    /// The rules file.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a shard, service or project that does not exist.
    pub fn rules(&self, selection: &Selection) -> Result<Arc<Rendered>, AppError> {
        self.part(Kind::Rules, selection)
    }

    /// The URLs to probe, as `file_sd` and `http_sd` want them.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a shard, service or project that does not exist.
    pub fn urls(&self, selection: &Selection) -> Result<Arc<Rendered>, AppError> {
        self.part(Kind::Urls, selection)
    }

    /// The tree that the outputs were made from.
    pub fn tree(&self) -> &Arc<Tree> {
        &self.tree
    }

    fn part(&self, kind: Kind, selection: &Selection) -> Result<Arc<Rendered>, AppError> {
        let key = (kind, selection.clone());
        // A map of finished bytes is never half changed, whoever panicked beside it.
        let kept = || self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept().get(&key) {
            return Ok(Arc::clone(found));
        }
        let select = self.select(selection)?;
        let text = match kind {
            Kind::Targets => render::targets(&self.tree, &select),
            Kind::Rules => render::rules(&self.tree, &select, &self.options),
            Kind::Urls => render::urls(&self.tree, &select),
        };
        let rendered = Arc::new(Rendered::new(text)?);
        let mut kept = kept();
        if matches!(selection, Selection::Seen { .. }) && kept.len() >= MOST_PARTS {
            return Ok(rendered);
        }
        Ok(Arc::clone(kept.entry(key).or_insert(rendered)))
    }

    fn select(&self, selection: &Selection) -> Result<Select, AppError> {
        match selection {
            Selection::All => Ok(Select::All),
            Selection::Shard(name) => {
                let shard = self
                    .tree
                    .shards
                    .iter()
                    .find(|shard| shard.name == name.as_str());
                let shard = shard.ok_or_else(|| AppError::not_found("shard", name))?;
                Ok(Select::Shard(shard.id))
            }
            Selection::Service(id) => {
                self.tree
                    .service(*id)
                    .ok_or_else(|| AppError::not_found("service", &id))?;
                Ok(Select::Service(*id))
            }
            Selection::Project(id) => {
                self.tree
                    .project(*id)
                    .ok_or_else(|| AppError::not_found("project", &id))?;
                Ok(Select::Project(*id))
            }
            Selection::Seen { services, projects } => {
                let below = self.tree.projects.iter();
                let below = below.filter(|project| services.contains(&project.service));
                let below = below.map(|project| project.id);
                Ok(Select::Some {
                    services: services.clone(),
                    projects: projects.iter().copied().chain(below).collect(),
                })
            }
        }
    }
}

/// The current outputs, and whoever keeps them current.
#[derive(Debug)]
pub(super) struct Feed {
    current: watch::Sender<Option<Arc<Outputs>>>,
    loading: tokio::sync::Mutex<()>,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            current: watch::Sender::new(None),
            loading: tokio::sync::Mutex::new(()),
        }
    }
}

impl App {
    /// The outputs of the current revision. The first call renders them and starts to keep them
    /// current; each later one takes what is in memory, which lags behind a commit by little more
    /// than the time of reading and rendering.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database is away and there are no earlier outputs.
    pub async fn outputs(&self) -> Result<Arc<Outputs>, AppError> {
        if let Some(outputs) = self.feed().current.borrow().clone() {
            return Ok(outputs);
        }
        let _loading = self.feed().loading.lock().await;
        if let Some(outputs) = self.feed().current.borrow().clone() {
            return Ok(outputs);
        }
        let outputs = self.render_outputs().await?;
        self.feed().current.send_replace(Some(Arc::clone(&outputs)));
        let app = self.clone();
        self.tasks().spawn(keep(app));
        Ok(outputs)
    }

    /// The outputs that are in memory, if anybody asked for any.
    pub(super) fn kept_outputs(&self) -> Option<Arc<Outputs>> {
        self.feed().current.borrow().clone()
    }

    /// The outputs of the revision that is in the database at this moment.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database is away.
    pub async fn fresh_outputs(&self) -> Result<Arc<Outputs>, AppError> {
        let outputs = self.outputs().await?;
        let _loading = self.feed().loading.lock().await;
        if self.store().revision().await? == outputs.revision {
            return Ok(outputs);
        }
        let outputs = self.render_outputs().await?;
        self.feed().current.send_replace(Some(Arc::clone(&outputs)));
        Ok(outputs)
    }

    async fn render_outputs(&self) -> Result<Arc<Outputs>, AppError> {
        let tx = self.store().read_tx().await?;
        let tree = tx.load_tree().await?;
        drop(tx);
        let options = RuleOptions::from(self.settings());
        let rendering = tokio::task::spawn_blocking(move || Outputs::new(tree, options));
        let outputs = rendering.await.map_err(|error| AppError::Internal {
            message: error.to_string(),
        })??;
        Ok(Arc::new(outputs))
    }
}

/// Keeps the outputs current until the program ends.
///
/// Boxed, for the task is started by [`App::outputs`], which it calls in turn.
fn keep(app: App) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        let mut away = false;
        let mut changes = app.tree_changed().listen();
        loop {
            tokio::select! {
                () = app.stop().cancelled() => return,
                () = changes.heard() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            match (app.fresh_outputs().await, away) {
                (Ok(_), true) => {
                    away = false;
                    tracing::info!("outputs are current again");
                }
                (Err(error), false) => {
                    away = true;
                    tracing::warn!(%error, "outputs stay as they are until the database is back");
                }
                _ => {}
            }
        }
    })
}

/// The outputs, for somebody who may read them.
///
/// # Errors
/// [`AppError::Unauthenticated`] or [`AppError::Forbidden`] where exports are closed, else as
/// [`App::outputs`].
pub async fn read(app: &App, actor: &Actor) -> Result<Arc<Outputs>, AppError> {
    actor.require(Right::ReadExports, app.settings())?;
    app.outputs().await
}

/// Notes that a server pulled its targets over HTTP. An unknown server is passed over.
///
/// # Errors
/// [`AppError::Unavailable`] when the database is away.
pub async fn record_pull(app: &App, server: &str, revision: i64) -> Result<(), AppError> {
    let Some((host, port)) = server.rsplit_once(':') else {
        return Ok(());
    };
    let Ok(port) = port.parse() else {
        return Ok(());
    };
    let now = app.now();
    let tx = app.store().write_tx().await?;
    let Some(server) = tx.find_server(host, port).await? else {
        return Ok(());
    };
    let states = tx.list_server_states().await?;
    let known = states.into_iter().find(|(id, _)| *id == server.id);
    let mut state = known.map(|(_, state)| state).unwrap_or_default();
    state.pulled_at = Some(now);
    state.seen_at = Some(now);
    if state.applied_revision != Some(revision) {
        state.applied_revision = Some(revision);
        state.applied_at = Some(now);
    }
    tx.save_server_state(server.id, &state).await?;
    tx.commit().await?;
    Ok(())
}
