//! Counting requests, by the pattern of their route.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;

use crate::Server;

/// What stands for the route of a request that none was found for: a path that somebody made up
/// must not become a label.
const NO_ROUTE: &str = "none";

/// Counts the request, how it was answered, and how long that took.
///
/// One that its client gave up is not counted, for nothing was answered.
pub(crate) async fn metrics(
    State(server): State<Server>,
    request: Request,
    next: Next,
) -> Response {
    let metrics = server.app.metrics();
    let in_flight = metrics.begin_request();
    // The monotonic clock, for a duration only.
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = word(request.method());
    let response = next.run(request).await;
    let route = route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str);
    metrics.request(route, method, response.status().as_u16(), begun.elapsed());
    drop(in_flight);
    response
}

/// The method as a label; anybody can make one up.
fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_of_ones_own_is_no_label() {
        assert_eq!(word(&Method::PUT), "PUT");
        assert_eq!(word(&Method::from_bytes(b"BREW").unwrap()), "other");
    }
}
