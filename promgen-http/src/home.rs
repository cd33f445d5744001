//! The front page: what runs here.

use axum::response::Html;

/// Tells what this is, what it serves, and where to read on.
pub(super) async fn page() -> Html<String> {
    let version = env!("CARGO_PKG_VERSION");
    Html(format!(
        "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>Promgen</title>
</head>
<body>
<main>
<h1>Promgen {version}</h1>
<p>Promgen manages what Prometheus scrapes and alerts on, and who hears about it.
This server hands out what Prometheus loads, and takes what Alertmanager sends.</p>
<dl>
<dt><a href=\"/api/v1/targets\">/api/v1/targets</a></dt>
<dd>Targets, for <code>http_sd_configs</code>; one shard's with <code>?shard=NAME</code>.</dd>
<dt><a href=\"/api/v1/urls\">/api/v1/urls</a></dt>
<dd>URLs to probe with the blackbox exporter.</dd>
<dt><a href=\"/api/v1/rules\">/api/v1/rules</a></dt>
<dd>The rules file.</dd>
<dt>/service/ID/targets, /project/ID/targets</dt>
<dd>The same for one service or project.</dd>
<dt>POST /api/v1/alerts</dt>
<dd>The receiver of Alertmanager's webhooks; it takes a token with the scope <code>alerts</code>.</dd>
</dl>
<p>The documentation is in the folder <code>docs/</code> of the source;
<code>promgen --help</code> lists the commands.</p>
</main>
</body>
</html>
"
    ))
}

/// The process answers.
pub(super) async fn alive() -> &'static str {
    "OK\n"
}
