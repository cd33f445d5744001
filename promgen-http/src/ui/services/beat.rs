//! What fires of a service and what is silenced, in lists of services.

use askama::Template;
use promgen_core::app::services::ServiceCard;
use promgen_core::app::silences;
use url::form_urlencoded;

use crate::Server;
use crate::error::HttpError;
use crate::ui::frame::Viewer;
use crate::ui::parts::{Badge, Tone};
use crate::ui::text::Texts;

/// Badges that lead to the alerts and silences of a service. None where there is no Alertmanager.
#[derive(Debug, Default, Template)]
#[template(
    ext = "html",
    source = r#"{% if let Some(alerts) = alerts %}{% if loud %}<a href="{{ all }}">{{ alerts }}</a>{% else %}{{ alerts }}{% endif %}{% endif %}{% if let Some(silences) = silences %} <a href="{{ page }}">{{ silences }}</a>{% endif %}"#
)]
pub(crate) struct Beat {
    alerts: Option<Badge>,
    /// Whether any fires.
    loud: bool,
    /// Where its alerts are.
    all: String,
    /// Nothing is said of none.
    silences: Option<Badge>,
    /// Where its silences are.
    page: String,
}

impl askama::filters::HtmlSafe for Beat {}

impl Beat {
    /// Those of services, in their order.
    pub(crate) async fn of(
        server: &Server,
        viewer: &Viewer,
        cards: &[ServiceCard],
    ) -> Result<Vec<Self>, HttpError> {
        let names: Vec<&str> = cards.iter().map(|card| &*card.service.name).collect();
        let found = silences::pulses(&server.app, viewer.actor(), &names).await?;
        let Some(pulses) = found else {
            return Ok(cards.iter().map(|_| Self::default()).collect());
        };
        let beats = cards.iter().zip(pulses);
        Ok(beats
            .map(|(card, pulse)| Self::new(card, pulse, viewer.t()))
            .collect())
    }

    fn new(card: &ServiceCard, pulse: silences::Pulse, t: &Texts) -> Self {
        let service = form_urlencoded::Serializer::new(String::new())
            .append_pair("service", &card.service.name)
            .finish();
        let badge = match pulse.alerts {
            None => Badge::new(Tone::Plain, t.say("services-unknown")),
            Some(0) => Badge::new(Tone::Good, t.say("services-quiet")),
            Some(count) => Badge::new(Tone::Bad, t.count("services-active", count)),
        };
        let silenced = || Badge::new(Tone::Warn, t.count("services-silences", pulse.silences));
        Self {
            alerts: Some(badge),
            loud: pulse.alerts.is_some_and(|count| count > 0),
            all: format!("/alert/active?{service}"),
            silences: (pulse.silences > 0).then(silenced),
            page: format!("/service/{}#silences", card.service.id.0),
        }
    }

    /// Whether anything fires.
    pub(crate) fn is_loud(&self) -> bool {
        self.loud
    }

    /// Whether there is an Alertmanager to tell it.
    pub(crate) fn is_known(&self) -> bool {
        self.alerts.is_some()
    }
}
