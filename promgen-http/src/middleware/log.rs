//! One line in the log for each request that failed through no fault of its own.

use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue};

use crate::error::Fault;

/// The header that leads from an answer to its line in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Failures of this process, counted.
static FAULTS: AtomicU64 = AtomicU64::new(0);

/// Logs the faults that responses carry, with everything that led to them.
///
/// The query is left out: it may hold what is nobody's business.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    if let Some(Fault(error)) = response.extensions_mut().remove::<Fault>() {
        let process = std::process::id();
        let id = format!("{process}-{}", FAULTS.fetch_add(1, Ordering::Relaxed) + 1);
        let status = response.status().as_u16();
        tracing::error!(id, %method, path, status, error = chain(&*error), "request failed");
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
    }
    response
}

/// An error and all its causes on one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        let next = source.to_string();
        // Some errors repeat their cause in their own text.
        if !text.ends_with(&next) {
            text = format!("{text}: {next}");
        }
        cause = source.source();
    }
    text
}
