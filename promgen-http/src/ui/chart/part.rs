//! Charts as other pages put them in.

use askama::Template;
use promgen_core::app::hours::{self, Whose};
use promgen_core::app::proxy::{self, ProxyError};
use promgen_core::model::ShardId;

use super::Chart;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::Viewer;

/// A chart, or why there is none.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"{% if let Some(chart) = chart %}{{ chart }}{% else %}<p class="muted">{{ words }}</p>{% endif %}"#
)]
pub(crate) struct ChartOrWords {
    chart: Option<Chart>,
    /// What is said in its place.
    words: String,
}

impl askama::filters::HtmlSafe for ChartOrWords {}

impl ChartOrWords {
    fn new(chart: Chart, empty: impl Into<String>) -> Self {
        Self {
            chart: (!chart.is_empty()).then_some(chart),
            words: empty.into(),
        }
    }

    fn words(words: String) -> Self {
        Self { chart: None, words }
    }
}

/// The alerts of the last three days: of everything that the viewer sees, of a service, of a project.
pub(crate) async fn firing(
    server: &Server,
    viewer: &Viewer,
    whose: Whose,
) -> Result<ChartOrWords, HttpError> {
    let t = viewer.t();
    let hours = hours::alert_hours(&server.app, viewer.actor(), whose).await?;
    Ok(ChartOrWords::new(
        super::alerts(&hours, t),
        t.say("charts-none-alerts"),
    ))
}

/// The load of a shard. One that does not answer within two seconds costs the page its chart.
pub(super) async fn shard_load(
    server: &Server,
    viewer: &Viewer,
    shard: ShardId,
) -> Result<ChartOrWords, HttpError> {
    let t = viewer.t();
    match proxy::load(&server.app, viewer.actor(), shard).await {
        Ok(points) => Ok(match points.as_slice() {
            [one] => ChartOrWords::words(super::load_at(one, t)),
            points => ChartOrWords::new(super::load(points, t), t.say("charts-load-none")),
        }),
        Err(ProxyError::App(error)) => Err(error.into()),
        Err(error) => {
            let text = t.name("charts-load-away", t.said(&error.to_string()));
            Ok(ChartOrWords::words(text))
        }
    }
}
