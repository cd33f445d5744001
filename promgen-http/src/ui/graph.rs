//! `/graph`: hands a graph over to the Prometheus that has its data.
//!
//! A Prometheus whose external URL is Promgen's puts links to here into its alerts; which of the
//! shards has the series is for whoever follows one to say.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::Method;
use promgen_core::app::policy::Act;
use promgen_core::app::proxy;
use url::form_urlencoded::Serializer;

use super::frame::{Anyone, Crumb, Frame};
use super::parts::{Empty, Sheet};
use crate::Server;
use crate::error::HttpError;
use crate::routes::Routes;

/// Most parameters that are handed over; Prometheus has six of each of a few graphs.
const MOST: usize = 100;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    // Whoever may query may know whom.
    Routes::default().on(Act::Query, &Method::GET, "/graph", show)
}

#[derive(Template)]
#[template(path = "graph/page.html")]
struct GraphPage {
    frame: Frame,
    /// Graph, name and value of each parameter.
    parameters: Vec<(String, String, String)>,
    /// Name and address of each shard.
    shards: Vec<(String, String)>,
    empty: Empty,
}

/// `GET /graph`
async fn show(
    State(server): State<Server>,
    Anyone(viewer): Anyone,
    sheet: Sheet,
) -> Result<Response, HttpError> {
    let places = proxy::places(&server.app, viewer.actor(), "/graph").await?;
    let parameters: Vec<(String, String, String)> = sheet
        .pairs()
        .iter()
        .filter_map(|(name, value)| {
            let (graph, name) = parameter(name)?;
            Some((graph.to_owned(), name.to_owned(), value.clone()))
        })
        .take(MOST)
        .collect();
    let query = query(&parameters);
    let links = places
        .into_iter()
        .map(|place| (place.shard, format!("{}?{query}", place.url)));
    let t = viewer.t();
    let title = t.say("graph-title");
    viewer.show(&GraphPage {
        frame: viewer.frame(title.clone(), vec![Crumb::here(title)]),
        parameters,
        shards: links.collect(),
        empty: Empty::new(t.say("graph-no-shards")),
    })
}

/// The graph and the name of a parameter such as `g0.expr`. Whatever else is sent is passed over.
fn parameter(name: &str) -> Option<(&str, &str)> {
    let (graph, rest) = name.split_once('.')?;
    let digits = graph.strip_prefix('g')?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !rest.is_empty()).then_some((graph, rest))
}

fn query(parameters: &[(String, String, String)]) -> String {
    let mut query = Serializer::new(String::new());
    for (graph, name, value) in parameters {
        query.append_pair(&format!("{graph}.{name}"), value);
    }
    query.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_graphs_are_known_by_their_form() {
        assert_eq!(parameter("g0.expr"), Some(("g0", "expr")));
        assert_eq!(parameter("g12.a.b"), Some(("g12", "a.b")));
        for other in ["", "g0", "g.expr", "gx.expr", "g0.", ".", "page", "h0.expr"] {
            assert_eq!(parameter(other), None, "{other}");
        }
    }
}
