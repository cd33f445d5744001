//! Active alerts and silences beside what they are about.

use askama::Template;
use promgen_core::app::silences::{self, About, ActiveAlert, Silenced};

use super::items::beyond;
use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::Viewer;
use crate::ui::parts::{Chips, Linked, Moment, is_address};
use crate::ui::silences::{SilenceRow, silence_chips, silence_link, silence_row};
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
    /// The card of an alert, on a page to which its forms lead back.
    pub(crate) fn new(alert: &ActiveAlert, here: &str, t: &Texts) -> Self {
        let labels = &alert.labels;
        let annotations = alert.annotations.iter();
        Self {
            name: alert.labels.get("alertname").cloned().unwrap_or_default(),
            since: Moment::new(alert.starts_at, t),
            source: is_address(&alert.generator_url).then(|| alert.generator_url.clone()),
            loud: alert.loud,
            warnings: alert.warnings.clone(),
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
            more_silences: beyond(silences.len(), MOST),
            silences: silences
                .iter()
                .take(MOST)
                .map(|silence| silence_row(silence, &here, t))
                .collect(),
            trouble: found.trouble,
            t: t.clone(),
        })
    }
}
