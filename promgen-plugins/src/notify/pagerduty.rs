//! PagerDuty: an event per message, through the Events API v2.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use promgen_core::config::Settings;
use promgen_core::model::Problem;
use promgen_core::plugin::{
    DriverSettings, Field, FieldKind, HttpRequest, Notifier, NotifierDescription, NotifierKind,
    NotifyContext, NotifyError, Pace, PluginError, Receipt, Target,
};
use promgen_core::register_notifier;

use event::SEVERITIES;

mod event;

const KEY: &str = "promgen.notification.pagerduty";

static PAGERDUTY: NotifierDescription = NotifierDescription {
    key: KEY,
    label: "PagerDuty",
    help: "Triggers and resolves alerts of a PagerDuty service. Domains are the names in the \
           setting promgen.notification.pagerduty: urls; without it there is one, PagerDuty.",
    fields: &[
        Field {
            name: "value",
            label: "Domain and integration key",
            help: "DOMAIN:KEY, like PagerDuty: and the 32 letters and digits of the key.",
            kind: FieldKind::Secret,
            required: true,
        },
        Field {
            name: "alias",
            label: "Alias",
            help: "Shown instead of the key.",
            kind: FieldKind::Text,
            required: true,
        },
    ],
    settings: &["urls", "severity_mapping"],
    check_value: Some(|value| destination(value).err()),
    pace: Pace::USUAL,
    kind: NotifierKind::Send(|settings| Ok(Arc::new(PagerDuty::new(settings)?))),
};

register_notifier!(PAGERDUTY);

/// Where events go unless the settings name another place for their domain.
const ENQUEUE: &str = "https://events.pagerduty.com/v2/enqueue";

#[derive(Debug)]
struct PagerDuty {
    urls: BTreeMap<String, String>,
    severities: BTreeMap<String, String>,
}

impl PagerDuty {
    fn new(settings: &Settings) -> Result<Self, PluginError> {
        let section = DriverSettings::of(settings, KEY);
        let severities = match section.texts("severity_mapping")? {
            Some(mapping) => mapping,
            None => usual_severities(),
        };
        let known = |(_, to): &(&String, &String)| SEVERITIES.contains(&to.as_str());
        if let Some((from, _)) = severities.iter().find(|pair| !known(pair)) {
            return Err(section.error(
                &format!("severity_mapping.{from}"),
                "is no severity that PagerDuty knows",
                "write info, warning, error or critical",
            ));
        }
        Ok(Self {
            urls: section.urls("urls")?.unwrap_or_default(),
            severities,
        })
    }

    fn url(&self, domain: &str) -> &str {
        self.urls.get(domain).map_or(ENQUEUE, String::as_str)
    }
}

fn usual_severities() -> BTreeMap<String, String> {
    [("debug", "info"), ("minor", "warning"), ("major", "error")]
        .map(|(from, to)| (from.to_owned(), to.to_owned()))
        .into()
}

#[async_trait]
impl Notifier for PagerDuty {
    async fn send(
        &self,
        context: &dyn NotifyContext,
        target: &Target,
    ) -> Result<Receipt, NotifyError> {
        let refused = |problem: Problem| NotifyError::Permanent {
            message: format!("{} {}; {}", problem.field, problem.message, problem.remedy),
        };
        let (domain, key) = destination(target.value.reveal()).map_err(refused)?;
        let event = event::of(context.message(), key, &self.severities);
        let body = event.to_string().into_bytes();
        let request = HttpRequest::post_json(self.url(domain), body);
        let answer = context.http(request).await?;
        answer.accepted()?;
        Ok(Receipt {
            note: format!("HTTP {}", answer.status),
        })
    }
}

/// Domain and key of a value. A domain may hold colons, a key does not.
fn destination(value: &str) -> Result<(&str, &str), Problem> {
    let wrong = |message: &str, remedy: &str| Problem::error("value", message, remedy);
    let (domain, key) = value.rsplit_once(':').ok_or_else(|| {
        wrong(
            "holds no colon",
            "write the domain, a colon and the integration key, like PagerDuty:KEY",
        )
    })?;
    if key.len() != 32 || !key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(wrong(
            "does not end in an integration key",
            "copy all 32 letters and digits of the key from the service's Integrations page",
        ));
    }
    if domain.is_empty() {
        return Err(wrong(
            "names no domain",
            "write PagerDuty in front of the colon, or a name from \
             `promgen.notification.pagerduty: urls`",
        ));
    }
    Ok((domain, key))
}

#[cfg(test)]
mod tests;
