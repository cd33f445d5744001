//! The Prometheus servers and Alertmanagers: reachable, willing to reload, with a clock that agrees.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use super::Finding;
use crate::app::{App, AppError};
use crate::egress::Class;
use crate::plugin::HttpRequest;

/// A peer that takes longer than this to answer is not well.
const PATIENCE: Duration = Duration::from_secs(5);

/// Most of an answer that is read; the flags of a Prometheus are some kilobytes.
const ANSWER_BYTES: usize = 1024 * 1024;

/// Clocks that differ by more than this put alerts into the wrong order.
const CLOCK_SECONDS: f64 = 30.0;

pub(super) async fn run(app: &App) -> Result<Vec<Finding>, AppError> {
    let tx = app.store().read_tx().await?;
    let outline = tx.load_outline().await?;
    drop(tx);
    let servers = outline.servers.iter();
    let mut urls: BTreeSet<String> = servers
        .map(|server| format!("http://{}:{}", server.host, server.port))
        .collect();
    urls.extend(app.settings().prometheus.url.as_deref().map(trimmed));
    let mut findings = Vec::new();
    for url in urls {
        findings.extend(prometheus(app, &url).await);
    }
    for url in &app.settings().alertmanager.urls {
        findings.push(alertmanager(app, &trimmed(url)).await);
    }
    Ok(findings)
}

fn trimmed(url: &str) -> String {
    url.trim_end_matches('/').to_owned()
}

async fn prometheus(app: &App, url: &str) -> Vec<Finding> {
    let subject = format!("Prometheus {}", shown(url));
    let flags = match ask(app, &format!("{url}/api/v1/status/flags")).await {
        Ok(flags) => flags,
        Err(message) => {
            let remedy = "start it, or correct its address (prometheus.url, `promgen servers`)";
            return vec![Finding::error(subject, message, remedy)];
        }
    };
    let lifecycle = flags.pointer("/data/web.enable-lifecycle");
    let mut findings = vec![match lifecycle.and_then(Value::as_str) {
        Some("true") => Finding::ok(subject.clone(), "answers, and can be told to reload"),
        _ => Finding::warning(
            subject.clone(),
            "cannot be told to reload",
            "start it with --web.enable-lifecycle, or let it pull",
        ),
    }];
    if let Ok(answer) = ask(app, &format!("{url}/api/v1/query?query=time()")).await {
        findings.extend(clock(app, &subject, &answer));
    }
    findings
}

/// What Prometheus takes for the present against what we do.
fn clock(app: &App, subject: &str, answer: &Value) -> Option<Finding> {
    let text = answer.pointer("/data/result/1")?.as_str()?;
    let theirs: f64 = text.parse().ok()?;
    let ours = Duration::from_millis(u64::try_from(app.now().0).ok()?).as_secs_f64();
    let apart = (ours - theirs).abs();
    (apart > CLOCK_SECONDS).then(|| {
        Finding::warning(
            format!("clock against {subject}"),
            format!("{apart:.0} s apart"),
            "let both machines keep their time by NTP",
        )
    })
}

async fn alertmanager(app: &App, url: &str) -> Finding {
    let subject = format!("Alertmanager {}", shown(url));
    match ask(app, &format!("{url}/api/v2/status")).await {
        Ok(status) => {
            let version = status
                .pointer("/versionInfo/version")
                .and_then(Value::as_str);
            let version = version.unwrap_or("of an unknown version");
            Finding::ok(subject, format!("answers, {version}"))
        }
        Err(message) => Finding::error(subject, message, "start it, or correct alertmanager.url"),
    }
}

/// Asks for a JSON document.
async fn ask(app: &App, url: &str) -> Result<Value, String> {
    let asking =
        app.egress()
            .request_sized(Class::Infra, HttpRequest::get(url), PATIENCE, ANSWER_BYTES);
    let answer = asking.await.map_err(|error| error.to_string())?;
    if answer.status != 200 {
        return Err(format!("answers HTTP {}", answer.status));
    }
    serde_json::from_slice(&answer.body).map_err(|_| "answers something else than JSON".to_owned())
}

/// The address without what may be a password in it.
fn shown(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}://{host}")
}
