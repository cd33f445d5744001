//! The demo's inbox: where its webhooks arrive, and a page to look at them.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Json, Response};
use axum::routing::{get, post};
use http::{HeaderMap, header};
use promgen_core::alert::{Message, body};
use promgen_core::model::{Clock, Timestamp};
use serde::Serialize;

/// Most messages that are kept.
const KEPT: usize = 200;

/// A message that arrived.
#[derive(Debug, Clone, Serialize)]
struct Received {
    at: String,
    to: String,
    delivery: String,
    text: String,
}

/// The inbox, shared by its routes.
#[derive(Debug, Clone)]
struct Inbox {
    received: Arc<Mutex<VecDeque<Received>>>,
    clock: Arc<dyn Clock>,
}

/// The routes `/demo/inbox` and `/demo/inbox/NAME`.
pub(super) fn router(clock: Arc<dyn Clock>) -> Router {
    let inbox = Inbox {
        received: Arc::default(),
        clock,
    };
    Router::new()
        .route("/demo/inbox", get(look))
        .route("/demo/inbox/{name}", post(take))
        .with_state(inbox)
}

async fn take(
    State(inbox): State<Inbox>,
    Path(name): Path<String>,
    headers: HeaderMap,
    bytes: axum::body::Bytes,
) -> Response {
    let Ok(message) = Message::parse(&bytes, 64) else {
        return (http::StatusCode::BAD_REQUEST, "not a message\n").into_response();
    };
    let delivery = headers
        .get("x-promgen-delivery")
        .and_then(|value| value.to_str().ok());
    let received = Received {
        at: inbox.clock.now().rfc3339(),
        to: name,
        delivery: delivery.unwrap_or_default().to_owned(),
        text: body(&message),
    };
    let mut kept = inbox
        .received
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    kept.push_front(received);
    kept.truncate(KEPT);
    "OK\n".into_response()
}

async fn look(State(inbox): State<Inbox>, headers: HeaderMap) -> Response {
    let received = inbox
        .received
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("application/json")) {
        return Json(received).into_response();
    }
    Html(page(&received, inbox.clock.now())).into_response()
}

fn page(received: &VecDeque<Received>, now: Timestamp) -> String {
    let mut items = String::new();
    for one in received {
        // Writing to a String cannot fail.
        write!(
            items,
            "<article>\n<h2>{}</h2>\n<p>{}, delivery {}</p>\n<pre>{}</pre>\n</article>\n",
            escape(&one.to),
            escape(&one.at),
            escape(&one.delivery),
            escape(&one.text)
        )
        .ok();
    }
    if received.is_empty() {
        items
            .push_str("<p>Nothing yet. The checkout fails about 20 seconds after the start.</p>\n");
    }
    format!(
        "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta http-equiv=\"refresh\" content=\"3\">
<title>Promgen demo: inbox</title>
<link rel=\"icon\" href=\"data:,\">
</head>
<body>
<main>
<h1>Messages that people got</h1>
<p>As of {now}; this page looks again every three seconds.</p>
{items}</main>
</body>
</html>
"
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_arrives_is_shown_as_text() {
        let one = Received {
            at: String::new(),
            to: "<b>".to_owned(),
            delivery: "\"".to_owned(),
            text: "<script>&".to_owned(),
        };
        let page = page(&VecDeque::from([one]), Timestamp(0));
        assert!(page.contains("&lt;script&gt;&amp;") && !page.contains("<script>"));
        assert!(page.contains("&lt;b&gt;"));
    }
}
