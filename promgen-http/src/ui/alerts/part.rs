//! Active alerts and silences beside what they are about.

use askama::Template;
use promgen_core::app::silences::{self, About, ActiveAlert, Silenced};
use url::form_urlencoded;

use super::items::beyond;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::Viewer;
use crate::ui::parts::{Chips, Linked, Moment, is_address};
use crate::ui::silences::{SilenceRow, silence_chips, silence_found, silence_link, silence_row};
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
    /// The list with the silence that keeps it quiet; of one that is inhibited there is none.
    silenced: Option<String>,
    warnings: Vec<String>,
    labels: Chips,
    annotations: Vec<(String, Linked)>,
    /// Where it can be silenced, for who may.
    silence: Option<String>,
}

impl AlertCard {
    /// The card of an alert, on a page to which its forms lead back.
    pub(crate) fn new(alert: &ActiveAlert, here: &str, t: &Texts) -> Self {
        let labels = &alert.labels;
        let annotations = alert.annotations.iter();
        Self {
            name: alert.labels.get("alertname").cloned().unwrap_or_default(),
            since: Moment::new(alert.starts_at, t),
            source: is_address(&alert.generator_url).then(|| alert.generator_url.clone()),
            loud: alert.loud,
            silenced: alert.silenced_by.first().map(|id| silence_found(id)),
            warnings: t.all_said(alert.warnings.clone()),
            labels: if alert.may_silence {
                silence_chips(labels, here, t)
            } else {
                Chips::plain(labels.clone())
            },
            annotations: annotations
                .map(|(name, value)| (name.clone(), Linked::new(value)))
                .collect(),
            silence: alert.may_silence.then(|| silence_link(labels, here)),
            t: t.clone(),
        }
    }
}

/// What fires and what is silenced around an object. Nothing when there is nothing to tell.
#[derive(Debug, Template)]
#[template(path = "alerts/panel.html")]
pub(crate) struct ActivePanel {
    t: Texts,
    cards: Vec<AlertCard>,
    more: u64,
    /// Where all of the alerts are.
    all: String,
    silences: Vec<SilenceRow>,
    more_silences: u64,
    trouble: Vec<String>,
}

/// The page of an object, also where it is shown as the answer to a form.
fn page_of(viewer: &Viewer, about: &About) -> String {
    match about {
        About::Service(id) => format!("/service/{id}"),
        About::Project(id) => format!("/project/{id}"),
        About::Mine | About::Rule(_) | About::Host(_) => viewer.here().path.clone(),
    }
}

/// The list of the alerts around an object, which all bear its name.
fn all_of(about: &About, alerts: &[ActiveAlert]) -> String {
    let asks = match about {
        About::Mine => None,
        About::Service(_) => Some("service"),
        About::Project(_) => Some("project"),
        About::Rule(_) => Some("alertname"),
        About::Host(_) => Some("search"),
    };
    let named = |label: &str| alerts.first()?.labels.get(label).cloned();
    let value = asks.and_then(|asks| match about {
        About::Host(name) => Some(name.clone()),
        _ => named(asks),
    });
    let query = asks.zip(value);
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/alert/active{mark}{query}")
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
        let here = page_of(viewer, about);
        Ok(Self {
            cards: cards.map(|alert| AlertCard::new(alert, &here, t)).collect(),
            more: beyond(found.alerts.len(), MOST),
            all: all_of(about, &found.alerts),
            more_silences: beyond(silences.len(), MOST),
            silences: silences
                .iter()
                .take(MOST)
                .map(|silence| silence_row(silence, &here, t))
                .collect(),
            trouble: t.all_said(found.trouble),
            t: t.clone(),
        })
    }
}
