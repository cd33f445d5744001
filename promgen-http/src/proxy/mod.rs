//! Other servers, asked on behalf of whoever asks: all Alertmanagers (spec 04 §5), and Prometheus'
//! HTTP API over all shards, for Grafana and for Prometheus' own clients (spec 04 §3).
//!
//! Who may ask, and what goes out to whom, is decided by [`promgen_core::app::silences`] and
//! [`promgen_core::app::proxy`]. What is answered has the shape that the other server gives it.

mod alertmanager;
mod asked;
mod failed;
mod form;
mod messages;
mod prometheus;
mod usages;
mod warning;

use http::Method;
use promgen_core::app::policy::Act;

use crate::routes::Routes;

pub(crate) use warning::warn;

/// The routes of all proxies.
pub(crate) fn routes() -> Routes {
    alertmanager::routes().merge(shards())
}

/// The routes over all shards. `/api/v1/rules` and `/api/v1/targets` are exports of Promgen's own.
fn shards() -> Routes {
    macro_rules! proxied {
        ($($path:literal => $handler:ident,)*) => {
            Routes::default()
                $(.on(Act::Query, &Method::GET, $path, prometheus::$handler))*
        };
    }
    macro_rules! posted {
        ($routes:expr; $($path:literal => $handler:ident,)*) => {
            $routes$(.on(Act::Query, &Method::POST, $path, prometheus::$handler))*
        };
    }
    let got = proxied! {
        "/api/v1/labels" => labels,
        "/api/v1/label/{name}/values" => label_values,
        "/api/v1/series" => series,
        "/api/v1/query" => query,
        "/api/v1/query_range" => query_range,
        "/api/v1/query_exemplars" => exemplars,
        "/api/v1/metadata" => metadata,
        "/api/v1/format_query" => format_query,
        "/api/v1/status/buildinfo" => buildinfo,
    };
    let posted = posted! {
        got;
        "/api/v1/labels" => labels,
        "/api/v1/series" => series,
        "/api/v1/query" => query,
        "/api/v1/query_range" => query_range,
        "/api/v1/query_exemplars" => exemplars,
        "/api/v1/format_query" => format_query,
    };
    let shards = ["/rest/shard/{name}/usages/", "/api/shard/{name}/usages/"];
    shards.into_iter().fold(posted, |routes, path| {
        routes.on(Act::SeeSite, &Method::GET, path, usages::usages)
    })
}
