//! How things stand in the database, looked at every few seconds at most.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::page::{Labels, Page, real};
use crate::app::servers::{self, ServerReport, ServerStatus};
use crate::app::worker::Seen;
use crate::app::{Actor, App, AppError};
use crate::model::{AlertId, Timestamp, Worker};
use crate::store::{Backlog, Census};

/// For how long a look holds, however often somebody asks.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Most time for a look; Prometheus gives up a scrape after ten seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// Keeps the last look.
#[derive(Debug, Default)]
pub(super) struct Watch(Mutex<Option<(Instant, Arc<Figures>)>>);

impl Watch {
    /// How things stand; `None` while the database does not answer in time.
    pub(super) async fn look(&self, app: &App) -> Option<Arc<Figures>> {
        let looking = async {
            let mut last = self.0.lock().await;
            if let Some((at, figures)) = &*last
                && at.elapsed() < LOOK_EVERY
            {
                return Ok(Arc::clone(figures));
            }
            let before = last.take().map(|(_, figures)| figures);
            let figures = Arc::new(Figures::load(app, before.as_deref()).await?);
            *last = Some((Instant::now(), Arc::clone(&figures)));
            Ok::<_, AppError>(figures)
        };
        match tokio::time::timeout(PATIENCE, looking).await {
            Ok(Ok(figures)) => Some(figures),
            Ok(Err(error)) => {
                tracing::debug!(%error, "metrics without the database");
                None
            }
            Err(_) => None,
        }
    }
}

/// One look.
#[derive(Debug)]
pub(super) struct Figures {
    revision: i64,
    census: Census,
    backlog: Backlog,
    newest: Option<AlertId>,
    workers: Vec<Worker>,
    servers: Vec<ServerReport>,
}

impl Figures {
    /// Counts the tree again only after it has changed.
    async fn load(app: &App, before: Option<&Self>) -> Result<Self, AppError> {
        let tx = app.store().read_tx().await?;
        let revision = tx.revision().await?;
        let census = match before {
            Some(before) if before.revision == revision => before.census.clone(),
            _ => tx.census().await?,
        };
        let (backlog, newest) = (tx.backlog(app.now()).await?, tx.newest_alert().await?);
        let workers = tx.list_workers().await?;
        drop(tx);
        Ok(Self {
            revision,
            census,
            backlog,
            newest,
            workers,
            servers: servers::list(app, &Actor::System).await?,
        })
    }

    pub(super) fn tell(&self, page: &mut Page, now: Timestamp) {
        page.gauge(
            "promgen_revision",
            "How many changes that may alter an output were committed.",
            signed(self.revision),
        );
        self.tell_census(page);
        self.tell_backlog(page, now);
        self.tell_workers(page, now);
        self.tell_servers(page);
    }

    fn tell_census(&self, page: &mut Page) {
        let census = &self.census;
        for (name, help, count) in [
            ("promgen_shards", "Shards.", census.shards),
            (
                "promgen_exporters",
                "Exporters of projects.",
                census.exporters,
            ),
            ("promgen_services", "Services.", census.services),
            ("promgen_projects", "Projects.", census.projects),
            ("promgen_rules", "Rules, of all owners.", census.rules),
            ("promgen_urls", "URLs of projects.", census.urls),
            ("promgen_hosts", "Hosts, by different names.", census.hosts),
        ] {
            page.gauge(name, help, real(count));
        }
        let senders = census.senders.iter().map(|(owner, driver, count)| {
            let labels = vec![("type", owner.clone()), ("sender", driver.clone())];
            (labels, real(*count))
        });
        page.gauges(
            "promgen_notifiers",
            "Senders, by the type of their owner and by driver.",
            senders,
        );
    }

    fn tell_backlog(&self, page: &mut Page, now: Timestamp) {
        let backlog = &self.backlog;
        page.counters(
            "promgen_alerts_processed",
            "Messages of Alertmanager that were ever stored.",
            self.newest.map(|id| (Labels::new(), signed(id.0))),
        );
        page.gauge(
            "promgen_alerts_pending",
            "Alerts that are still to be routed; 10000 stands for more as well.",
            real(backlog.alerts),
        );
        page.gauge(
            "promgen_alerts_oldest_pending_age_seconds",
            "Age of the alert that waits longest for being routed; 0 when none does.",
            age(backlog.oldest_alert, now),
        );
        let states = [
            ("due", backlog.due),
            ("leased", backlog.leased),
            ("waiting", backlog.waiting),
            ("dead", backlog.dead),
        ];
        page.gauges(
            "promgen_deliveries",
            "Deliveries that are due, being attempted, waiting for another attempt, or given up; \
             10000 stands for more as well.",
            states.map(|(state, count)| (vec![("state", state.to_owned())], real(count))),
        );
        page.gauge(
            "promgen_deliveries_oldest_due_age_seconds",
            "For how long the delivery that waits longest has been due; 0 when none is.",
            age(backlog.oldest_due, now),
        );
    }

    fn tell_workers(&self, page: &mut Page, now: Timestamp) {
        let seen = Seen::of(&self.workers, now);
        let queue = |name: &str| vec![("queue", name.to_owned())];
        page.gauges(
            "promgen_workers",
            "Workers that were heard within the last minute, by what they work on.",
            [
                (queue("alerts"), real(seen.alerts)),
                (queue("servers"), real(seen.servers)),
            ],
        );
    }

    fn tell_servers(&self, page: &mut Page) {
        let each = |value: fn(&ServerReport) -> Option<f64>| {
            let told = self.servers.iter();
            told.filter_map(move |report| Some((labels_of(report), value(report)?)))
        };
        page.gauges(
            "promgen_server_in_sync",
            "Whether a Prometheus server has the current revision.",
            each(|report| {
                let in_sync = report.status == ServerStatus::InSync;
                Some(if in_sync { 1.0 } else { 0.0 })
            }),
        );
        page.gauges(
            "promgen_server_applied_revision",
            "Revision that a Prometheus server has.",
            each(|report| report.state.applied_revision.map(signed)),
        );
        page.gauges(
            "promgen_server_applied_timestamp_seconds",
            "When a Prometheus server got its revision, in seconds since 1970.",
            each(|report| report.state.applied_at.map(seconds)),
        );
        page.gauges(
            "promgen_server_seen_timestamp_seconds",
            "When a worker last looked after a Prometheus server, or it last pulled.",
            each(|report| report.state.seen_at.map(seconds)),
        );
        page.gauges(
            "promgen_server_failed_timestamp_seconds",
            "When deploying to a Prometheus server last failed; gone once it succeeds.",
            each(|report| report.state.failed_at.map(seconds)),
        );
    }
}

fn labels_of(report: &ServerReport) -> Labels {
    let server = format!("{}:{}", report.server.host, report.server.port);
    vec![("shard", report.shard.to_string()), ("server", server)]
}

fn age(since: Option<Timestamp>, now: Timestamp) -> f64 {
    since.map_or(0.0, |since| now.since(since).as_secs_f64())
}

fn seconds(at: Timestamp) -> f64 {
    signed(at.0) / 1000.0
}

/// A number that is never below zero.
pub(super) fn signed(number: i64) -> f64 {
    real(u64::try_from(number).unwrap_or(0))
}
