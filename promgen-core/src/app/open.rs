//! The running program: database, drivers, clock, and the tasks that belong to it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::feed::Feed;
use super::hours::Hours;
use super::intake::Intake;
use super::login::{Backends, Throttle};
use super::metrics::Metrics;
use super::proxy::Memory;
use super::proxy::Reasons;
use super::remembered::Remembered;
use super::scrape::Gate;
use super::signal::Signal;
use super::silences::Recent;

use super::worker::Handoff;
use super::writer::Writer;
use super::{AppError, router};
use crate::config::Settings;
use crate::egress;
use crate::model::{Clock, Session, Timestamp, Token, User};
use crate::plugin::{
    Discovery, LiveMailer, Mailer, Notifier, NotifierKind, NotifyError, PluginError, Registry,
};
use crate::store::{Create, Schema, Store, StoreError};

/// What to do about a database whose schema is older than this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaPolicy {
    /// Bring it up to date, under the migration lock.
    Migrate,
    /// Refuse it.
    Require,
}

/// What an [`App`] is made of.
#[derive(Debug)]
pub struct Options {
    /// Everything that can be set.
    pub settings: Settings,
    /// The drivers.
    pub registry: Registry,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Whether a missing SQLite file is made.
    pub create: Create,
    /// What to do about an older schema.
    pub schema: SchemaPolicy,
}

pub(super) type Drivers = BTreeMap<&'static str, Result<Arc<dyn Notifier>, PluginError>>;

pub(super) type Sources = BTreeMap<&'static str, Result<Arc<dyn Discovery>, PluginError>>;

/// The running program. Clones share everything.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
    store: Store,
}

struct Inner {
    settings: Settings,
    registry: Registry,
    clock: Arc<dyn Clock>,
    egress: egress::Client,
    drivers: Drivers,
    sources: Sources,
    feed: Feed,
    intake: Intake,
    writer: Writer,
    proxy_memory: Memory,
    scrape_gate: Gate,
    remembered: Remembered<(Token, User)>,
    sessions: Remembered<(Session, User)>,
    backends: Backends,
    throttle: Throttle,
    mailer: LiveMailer,
    router: router::Kept,
    handoff: Handoff,
    metrics: Metrics,
    hours: Hours,
    recent: Recent,
    comparing: Arc<tokio::sync::Mutex<()>>,
    reasons: Reasons,
    alerts_waiting: Signal,
    deliveries_due: Signal,
    tree_changed: Signal,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl App {
    /// Opens the database and builds the drivers and discovery sources.
    ///
    /// # Errors
    /// [`AppError::Store`] when the database cannot be opened or has another schema than this
    /// program wants, [`AppError::Plugin`] when a driver refuses its settings.
    pub async fn open(options: Options) -> Result<Self, AppError> {
        let store = Store::open(&options.settings.database, options.create).await?;
        match options.schema {
            SchemaPolicy::Migrate => {
                store.migrate().await?;
            }
            SchemaPolicy::Require => require_schema(&store).await?,
        }
        let egress = egress::Client::new(&options.settings.egress)
            .map_err(|error| AppError::invalid("egress", error.to_string(), "write CIDRs"))?;
        let drivers = build_drivers(&options.registry, &options.settings);
        let sources = build_sources(&options.registry, &options.settings);
        let mailer = build_mailer(&options.registry, &options.settings);
        let backends = Backends::build(&options.registry, &options.settings);
        let inner = Inner {
            proxy_memory: Memory::new(options.settings.proxy.max_bytes),
            settings: options.settings,
            registry: options.registry,
            clock: options.clock,
            egress,
            drivers,
            sources,
            feed: Feed::default(),
            intake: Intake::default(),
            scrape_gate: Gate::default(),
            writer: Writer::default(),
            remembered: Remembered::default(),
            sessions: Remembered::default(),
            backends,
            throttle: Throttle::default(),
            mailer,
            router: router::Kept::default(),
            handoff: Handoff::default(),
            metrics: Metrics::default(),
            hours: Hours::default(),
            recent: Recent::default(),
            comparing: Arc::default(),
            reasons: Reasons::default(),
            alerts_waiting: Signal::default(),
            deliveries_due: Signal::default(),
            tree_changed: Signal::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        Ok(Self {
            inner: Arc::new(inner),
            store,
        })
    }

    /// Stops what runs in the background, waits for it, and closes the database.
    pub async fn close(&self) {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
        if let Err(error) = self.store.close().await {
            tracing::debug!(%error, "the database did not close cleanly");
        }
    }

    /// Everything that can be set.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The drivers.
    pub fn registry(&self) -> &Registry {
        &self.inner.registry
    }

    /// The database. For this module and for tests; everything else calls a use case.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The same program for a rehearsal: what is asked for is checked and refused as ever, and what is
    /// not refused does not happen.
    pub(super) fn rehearsal(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            store: self.store.rehearsal(),
        }
    }

    /// The clock.
    pub fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }

    /// The present.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(super) fn egress(&self) -> &egress::Client {
        &self.inner.egress
    }

    pub(super) fn drivers(&self) -> &Drivers {
        &self.inner.drivers
    }

    /// The live driver of a key.
    ///
    /// # Errors
    /// [`NotifyError::Permanent`] for one that is not part of this program or refused its settings.
    pub(super) fn driver(&self, key: &str) -> Result<&Arc<dyn Notifier>, NotifyError> {
        let message = match self.drivers().get(key) {
            Some(Ok(driver)) => return Ok(driver),
            Some(Err(error)) => error.to_string(),
            None => format!("driver {key} is not part of this program"),
        };
        Err(NotifyError::Permanent { message })
    }

    pub(super) fn sources(&self) -> &Sources {
        &self.inner.sources
    }

    pub(super) fn feed(&self) -> &Feed {
        &self.inner.feed
    }

    pub(super) fn intake(&self) -> &Intake {
        &self.inner.intake
    }

    /// The batch writer.
    pub(super) fn writer(&self) -> &Writer {
        &self.inner.writer
    }

    /// What the answers of shards may take, over all requests.
    pub(super) fn proxy_memory(&self) -> &Memory {
        &self.inner.proxy_memory
    }

    /// Whose exporters are being tried.
    pub(super) fn scrape_gate(&self) -> &Gate {
        &self.inner.scrape_gate
    }

    /// Tokens that were found good a moment ago.
    pub(super) fn remembered(&self) -> &Remembered<(Token, User)> {
        &self.inner.remembered
    }

    /// Sessions that were found good a moment ago.
    pub(super) fn sessions(&self) -> &Remembered<(Session, User)> {
        &self.inner.sessions
    }

    /// The login backends of the settings.
    pub(super) fn backends(&self) -> &Backends {
        &self.inner.backends
    }

    /// Logins that failed of late.
    pub(super) fn throttle(&self) -> &Throttle {
        &self.inner.throttle
    }

    /// What sends mails that are no alerts; `None` where the settings do not say how.
    pub(super) fn mailer(&self) -> Option<&Arc<dyn Mailer>> {
        self.inner.mailer.as_ref()
    }

    /// The router that was made last.
    pub(super) fn router(&self) -> &router::Kept {
        &self.inner.router
    }

    /// The way from the intake to the delivery loop.
    pub(super) fn handoff(&self) -> &Handoff {
        &self.inner.handoff
    }

    /// Where this process counts what it does.
    pub fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// What Alertmanager told a moment ago.
    pub(super) fn recent(&self) -> &Recent {
        &self.inner.recent
    }

    /// Held by whoever compares whole files.
    pub(super) fn comparing(&self) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(&self.inner.comparing)
    }

    /// Who asks shards why targets are down.
    pub(super) fn reasons(&self) -> &Reasons {
        &self.inner.reasons
    }

    /// Where this process counts what charts show.
    pub(super) fn hours(&self) -> &Hours {
        &self.inner.hours
    }

    /// Woken when this process stored an alert that is still to be routed.
    pub(super) fn alerts_waiting(&self) -> &Signal {
        &self.inner.alerts_waiting
    }

    /// Woken when this process made deliveries due, or made room for the next of their key.
    pub(super) fn deliveries_due(&self) -> &Signal {
        &self.inner.deliveries_due
    }

    /// Woken when this process committed a change of the tree.
    pub(super) fn tree_changed(&self) -> &Signal {
        &self.inner.tree_changed
    }

    /// Tasks that [`App::close`] waits for.
    pub(super) fn tasks(&self) -> &TaskTracker {
        &self.inner.tasks
    }

    /// Cancelled by [`App::close`].
    pub(super) fn stop(&self) -> &CancellationToken {
        &self.inner.stop
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("drivers", &self.inner.drivers.keys())
            .finish_non_exhaustive()
    }
}

async fn require_schema(store: &Store) -> Result<(), StoreError> {
    match store.schema().await? {
        Schema::Current => Ok(()),
        Schema::Empty => Err(StoreError::NotMigrated {
            pending: Vec::new(),
        }),
        Schema::Older { pending } => Err(StoreError::NotMigrated { pending }),
        Schema::Newer { unknown } => Err(StoreError::NewerSchema { unknown }),
        Schema::Original => Err(StoreError::OriginalDatabase),
    }
}

/// A driver that refuses its settings stops neither the program nor the other drivers: its
/// deliveries fail with what it said, and `promgen check` reports it.
fn build_drivers(registry: &Registry, settings: &Settings) -> Drivers {
    let live = registry
        .notifiers()
        .filter_map(|description| match description.kind {
            NotifierKind::Send(build) => Some((description.key, build(settings))),
            NotifierKind::FanOut => None,
        });
    live.collect()
}

/// A source that refuses its settings stops nothing either: its farms keep their hosts, and
/// `promgen check` and `promgen plugins` report it.
fn build_sources(registry: &Registry, settings: &Settings) -> Sources {
    let live = registry
        .discoveries()
        .map(|description| (description.key, (description.build)(settings)));
    live.collect()
}

/// A mailer that refuses its settings is none; the driver beside it says what is wrong with them.
fn build_mailer(registry: &Registry, settings: &Settings) -> LiveMailer {
    let built = (registry.mailer()?.build)(settings);
    built.unwrap_or_else(|error| {
        tracing::warn!(%error, "mails cannot be sent");
        None
    })
}
