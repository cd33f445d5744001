//! What the database holds: queues, users, shards, senders, servers.

use std::time::Duration;

use super::Finding;
use crate::app::{App, AppError, health, servers};
use crate::model::{Sender, Timestamp, Tree};

/// An alert or delivery that waits for longer than this has nobody who works on it.
const WAITS: Duration = Duration::from_mins(5);

/// A server that no worker has looked at for longer than this has none.
const UNSEEN: Duration = Duration::from_mins(10);

pub(super) async fn run(app: &App) -> Result<Vec<Finding>, AppError> {
    let tx = app.store().read_tx().await?;
    let tree = tx.load_tree().await?;
    let depth = tx.queue_depth(app.now()).await?;
    drop(tx);
    let mut findings = vec![Finding::ok(
        "database",
        format!(
            "{}, revision {}",
            app.store().backend().name(),
            tree.revision
        ),
    )];
    findings.push(queue(
        depth.alerts,
        depth.deliveries,
        depth.oldest,
        app.now(),
    ));
    findings.push(workers(app).await?);
    findings.extend(beginnings(&tree));
    findings.extend(senders(app, &tree));
    findings.extend(deployments(app).await?);
    Ok(findings)
}

fn queue(alerts: u64, deliveries: u64, oldest: Option<Timestamp>, now: Timestamp) -> Finding {
    let message = format!("{alerts} alerts to route, {deliveries} deliveries due");
    match oldest.map(|oldest| now.since(oldest)) {
        Some(waits) if waits > WAITS => Finding::error(
            "queue",
            format!("{message}, the oldest for {} s", waits.as_secs()),
            "start a worker: `promgen worker`, or `promgen web` without --no-worker",
        ),
        _ => Finding::ok("queue", message),
    }
}

async fn workers(app: &App) -> Result<Finding, AppError> {
    let seen = health::workers(app).await?;
    Ok(match seen.alerts {
        0 => Finding::warning(
            "workers",
            "none that delivers alerts was heard within a minute",
            "start one: `promgen worker`, or `promgen web` without --no-worker",
        ),
        count => Finding::ok("workers", format!("{count} heard within a minute")),
    })
}

/// What a new installation lacks.
fn beginnings(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut missing = |missing: bool, subject: &str, message: &str, remedy: &str| {
        if missing {
            findings.push(Finding::warning(subject, message, remedy));
        }
    };
    missing(
        tree.users.is_empty(),
        "users",
        "there is none",
        "make one: `promgen createsuperuser --username NAME`",
    );
    missing(
        !tree.shards.iter().any(|shard| shard.enabled),
        "shards",
        "none is enabled, so that no project can be made",
        "make one: `promgen register-server SHARD HOST PORT`",
    );
    missing(
        !tree.shards.iter().any(|shard| shard.proxy),
        "shards",
        "none takes part in query proxying",
        "set `proxy: true` on a shard with `promgen tree apply`",
    );
    missing(
        tree.site.domain == "example.com",
        "site",
        "links lead to example.com",
        "set `site: {domain: …}` with `promgen tree apply`",
    );
    findings
}

/// Senders whose drivers are missing, refuse their settings, or have something to say, such as that
/// the service behind them is closed.
fn senders(app: &App, tree: &Tree) -> Vec<Finding> {
    let enabled = tree.senders.iter().filter(|sender| sender.enabled);
    let mut findings: Vec<Finding> = enabled.flat_map(|sender| ailments(app, sender)).collect();
    if findings.is_empty() {
        let count = tree.senders.len();
        findings.push(Finding::ok(
            "senders",
            format!("{count}, all with a driver"),
        ));
    }
    findings
}

fn ailments(app: &App, sender: &Sender) -> Vec<Finding> {
    let subject = format!("sender {} ({})", sender.id, sender.driver);
    if app.registry().notifier(&sender.driver).is_none() {
        let remedy =
            "run a program that has it, or remove the sender; `promgen plugins` lists drivers";
        let message = "its driver is not part of this program";
        return vec![Finding::error(subject, message, remedy)];
    }
    match app.drivers().get(sender.driver.as_str()) {
        Some(Ok(driver)) => {
            let problems = driver.problems().into_iter();
            problems
                .map(|problem| Finding::of(&subject, problem))
                .collect()
        }
        Some(Err(error)) => vec![Finding::error(subject, &error.message, &error.remedy)],
        // A subscription has nothing of its own.
        None => Vec::new(),
    }
}

async fn deployments(app: &App) -> Result<Vec<Finding>, AppError> {
    let reports = servers::list(app, &crate::app::Actor::System).await?;
    let findings = reports.iter().map(|report| {
        let subject = format!("server {}:{}", report.server.host, report.server.port);
        let host = &report.server.host;
        let remedy = format!("run `promgen worker --queues {host}` beside it, or let it pull");
        let seen = report.state.seen_at.map(|seen| app.now().since(seen));
        match (&report.state.error, seen) {
            (Some(error), _) => Finding::error(
                subject,
                error.replace('\n', " "),
                "mend what the error names; the worker tries again by itself",
            ),
            (None, None) => Finding::warning(subject, "nobody ever looked after it", remedy),
            (None, Some(seen)) if seen > UNSEEN => {
                let message = format!("nobody has looked after it for {} s", seen.as_secs());
                Finding::warning(subject, message, remedy)
            }
            (None, Some(_)) => Finding::ok(subject, report.status.words()),
        }
    });
    Ok(findings.collect())
}
