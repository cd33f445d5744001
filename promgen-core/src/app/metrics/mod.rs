//! What Promgen tells of itself, for Prometheus.
//!
//! What happens is counted where it happens, through [`Metrics`], and kept for all processes
//! together (`ledger`). How things stand is asked when somebody wants to know (`site`), and not
//! more often than every few seconds. Everything is written out by `page`.
//!
//! Nothing here may slow down what it counts: counting touches memory only, and no query walks over
//! all alerts. No label ever holds a value of a sender, a token, or a text of a message.

mod counts;
mod family;
mod ledger;
mod page;
mod process;
mod record;
mod site;

use std::sync::OnceLock;

pub(super) use record::{Attempted, Ended};
pub use record::{InFlight, Metrics};

use self::page::{Page, real};
use super::{Actor, App, AppError, Right};

/// The page of metrics, in the text format of Prometheus.
///
/// It is written whether the database is there or not; what only the database knows is left out
/// while it is away.
///
/// # Errors
/// [`AppError::Unauthenticated`] or [`AppError::Forbidden`] without the right to read metrics.
pub async fn render(app: &App, actor: &Actor) -> Result<String, AppError> {
    actor.require(Right::ReadMetrics, app.settings())?;
    let metrics = app.metrics();
    let mut page = Page::default();
    about(app, &mut page);
    let figures = metrics.figures.look(app).await;
    page.gauge(
        "promgen_database_up",
        "Whether the database answered in time.",
        if figures.is_some() { 1.0 } else { 0.0 },
    );
    pools(app, &mut page);
    outputs(app, &mut page);
    if let Some(figures) = figures {
        figures.tell(&mut page, app.now());
    }
    if let Some(counts) = metrics.ledger.told(app).await {
        page.counts(&counts);
    }
    process::tell(&mut page);
    page.into_text().map_err(|error| AppError::Internal {
        message: format!("metrics not written: {error}"),
    })
}

/// Starts to write down for all processes what this one counts, until the program ends. Whoever
/// serves or works calls it; a second call changes nothing.
pub fn keep(app: &App) {
    app.metrics().ledger.keep(app);
    app.hours().keep(app);
}

fn about(app: &App, page: &mut Page) {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    page.gauges(
        "promgen_build_info",
        "The version that runs.",
        [(vec![("version", version)], 1.0)],
    );
    page.gauge(
        "promgen_requests_in_flight",
        "HTTP requests that are being answered by this process.",
        real(app.metrics().in_flight()),
    );
}

fn pools(app: &App, page: &mut Page) {
    let pools = app.store().pools();
    let pool = |name: &str| vec![("pool", name.to_owned())];
    let state =
        |name: &str, state: &str| vec![("pool", name.to_owned()), ("state", state.to_owned())];
    page.gauges(
        "promgen_database_connections",
        "Connections of this process to the database.",
        pools.iter().flat_map(|it| {
            let used = f64::from(it.open) - f64::from(it.idle);
            [
                (state(it.name, "idle"), f64::from(it.idle)),
                (state(it.name, "used"), used.max(0.0)),
            ]
        }),
    );
    page.gauges(
        "promgen_database_connections_limit",
        "Most connections of this process to the database.",
        pools.iter().map(|it| (pool(it.name), f64::from(it.limit))),
    );
    page.gauges(
        "promgen_database_transactions_waiting",
        "Transactions of this process that wait to begin.",
        pools.iter().map(|it| (pool(it.name), real(it.waiting))),
    );
    page.counters(
        "promgen_database_transactions",
        "Transactions that this process began or gave up waiting for.",
        pools.iter().map(|it| (pool(it.name), real(it.begun))),
    );
    page.counters(
        "promgen_database_statements",
        "Statements that this process made.",
        pools.iter().map(|it| (pool(it.name), real(it.statements))),
    );
    page.counters(
        "promgen_database_wait_seconds",
        "Time that transactions of this process waited to begin.",
        pools
            .iter()
            .map(|it| (pool(it.name), it.waited.as_secs_f64())),
    );
}

/// Those that are in memory; a process that nobody asked for outputs has none.
fn outputs(app: &App, page: &mut Page) {
    let Some(outputs) = app.kept_outputs() else {
        return;
    };
    let output = |name: &str| vec![("output", name.to_owned())];
    let facts = outputs.facts();
    page.gauge(
        "promgen_output_revision",
        "Revision of the outputs that this process serves.",
        site::signed(outputs.revision),
    );
    page.gauges(
        "promgen_output_bytes",
        "Size of a whole output.",
        facts
            .iter()
            .map(|fact| (output(fact.name), real(fact.bytes))),
    );
    page.gauges(
        "promgen_output_render_duration_seconds",
        "Time that rendering and compressing a whole output took.",
        facts
            .iter()
            .map(|fact| (output(fact.name), fact.took.as_secs_f64())),
    );
}

/// The name of this machine, as its metrics and its workers bear it; at most 128 characters.
pub(super) fn host_name() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let name = std::fs::read_to_string("/proc/sys/kernel/hostname")
            .or_else(|_| std::env::var("HOSTNAME").map_err(drop))
            .unwrap_or_default();
        let name: String = name.trim().chars().take(128).collect();
        if name.is_empty() {
            "localhost".to_owned()
        } else {
            name
        }
    })
}
