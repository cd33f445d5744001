//! Active alerts and silences beside what they are about.

use askama::Template;
use promgen_core::app::silences::{self, About, ActiveAlert, Silenced};
use url::form_urlencoded;

use super::items::beyond;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::Viewer;
use crate::ui::parts::{Chips, Linked, Moment, is_address};
use crate::ui::silences::{SilenceRow, silence_row};
use crate::ui::text::Texts;

/// Most alerts and silences on the page of one object.
const MOST: usize = 20;

/// An alert that fires, with what can be done about it.
#[derive(Debug, Clone, Template)]
#[template(path = "alerts/card.html")]
pub(crate) struct AlertCard {
    t: Texts,
    name: String,
    since: Moment,
    /// Where it comes from.
    source: Option<String>,
    loud: bool,
    warnings: Vec<String>,
    labels: Chips,
    annotations: Vec<(String, Linked)>,
    /// Where it can be silenced, for who may.
    silence: Option<String>,
}

impl AlertCard {
    /// The card of an alert.
    pub(crate) fn new(alert: &ActiveAlert, t: &Texts) -> Self {
        let labels = || {
            alert
                .labels
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
        };
        let annotations = alert.annotations.iter();
        Self {
            name: alert.labels.get("alertname").cloned().unwrap_or_default(),
            since: Moment::new(alert.starts_at, t),
            source: is_address(&alert.generator_url).then(|| alert.generator_url.clone()),
            loud: alert.loud,
            warnings: alert.warnings.clone(),
            labels: Chips::plain(labels().map(|(name, value)| (name.to_owned(), value.to_owned()))),
            annotations: annotations
                .map(|(name, value)| (name.clone(), Linked::new(value)))
                .collect(),
            silence: alert.may_silence.then(|| silence_link(labels())),
            t: t.clone(),
        }
    }
}

/// Where alerts with these labels can be silenced.
pub(crate) fn silence_link<'a>(labels: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(labels)
        .finish();
    format!("/silence/new?{query}")
}

/// What fires and what is silenced around an object. Nothing when there is nothing to tell.
#[derive(Debug, Template)]
#[template(path = "alerts/panel.html")]
pub(crate) struct ActivePanel {
    t: Texts,
    cards: Vec<AlertCard>,
    more: u64,
    silences: Vec<SilenceRow>,
    more_silences: u64,
    trouble: Vec<String>,
}

impl askama::filters::HtmlSafe for AlertCard {}
impl askama::filters::HtmlSafe for ActivePanel {}

impl ActivePanel {
    /// Around an object. An Alertmanager that does not answer costs a second at most, and is told.
    pub(crate) async fn of(
        server: &Server,
        viewer: &Viewer,
        about: &About,
    ) -> Result<Self, HttpError> {
        let t = viewer.t();
        let found = silences::around(&server.app, viewer.actor(), about).await?;
        let cards = found.alerts.iter().take(MOST);
        let silences: Vec<Silenced> = found.silences;
        Ok(Self {
            cards: cards.map(|alert| AlertCard::new(alert, t)).collect(),
            more: beyond(found.alerts.len(), MOST),
            more_silences: beyond(silences.len(), MOST),
            silences: silences
                .iter()
                .take(MOST)
                .map(|silence| silence_row(silence, t))
                .collect(),
            trouble: found.trouble,
            t: t.clone(),
        })
    }
}
