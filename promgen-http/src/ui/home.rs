//! The page that says what runs here.

use axum::extract::State;
use axum::response::Html;

use crate::Server;

/// Answers with a page of plain HTML that loads nothing.
pub(crate) async fn home(State(server): State<Server>) -> Html<String> {
    let settings = server.app.settings();
    Html(page(
        settings.exports.anonymous,
        settings.alerts.anonymous,
        settings.metrics.anonymous,
    ))
}

fn access(open: bool, scope: &str) -> String {
    if open {
        "open to everybody".to_owned()
    } else {
        format!("with a token that has the scope <code>{scope}</code>")
    }
}

fn page(open_exports: bool, open_alerts: bool, open_metrics: bool) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let exports = access(open_exports, "read");
    let alerts = access(open_alerts, "alerts");
    let metrics = access(open_metrics, "read");
    format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Promgen</title>
</head>
<body>
<main>
<h1>Promgen</h1>
<p>Promgen {version} runs here. It keeps the targets and alerting rules of Prometheus servers, and
tells people about the alerts that concern them.</p>
<h2>For Prometheus</h2>
<p>Exports, {exports}:</p>
<ul>
<li><a href="/api/v1/targets">/api/v1/targets</a>: targets, for <code>http_sd_configs</code></li>
<li><a href="/api/v1/urls">/api/v1/urls</a>: URLs for the blackbox exporter</li>
<li><a href="/api/v1/rules">/api/v1/rules</a>: the rule file</li>
</ul>
<p>Add <code>?shard=NAME</code> for one shard. <code>/service/ID/targets</code> and
<code>/project/ID/targets</code> export a part, and so do <code>rules</code> and <code>urls</code>
in the place of <code>targets</code>.</p>
<h2>For Alertmanager</h2>
<p>A webhook receiver, {alerts}:</p>
<ul>
<li><code>POST /api/v1/alerts</code></li>
</ul>
<h2>Documentation</h2>
<p>The folder <code>docs</code> of the source, and <code>promgen --help</code> on this machine.
<a href="/healthz">/healthz</a> says whether the server answers, <a href="/readyz">/readyz</a> whether
Promgen can do its work, and <a href="/metrics">/metrics</a> how it does, {metrics}.</p>
</main>
</body>
</html>
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_who_may_read_and_who_may_post() {
        let page = page(true, false, false);
        assert!(page.contains("Exports, open to everybody:"));
        assert!(page.contains("receiver, with a token that has the scope <code>alerts</code>:"));
        assert!(page.contains(env!("CARGO_PKG_VERSION")));
    }

    #[test]
    fn the_page_loads_nothing() {
        for tag in ["<script", "<style", "<link", "<img", "style=", "onclick="] {
            assert!(!page(true, true, true).contains(tag), "{tag}");
        }
    }
}
