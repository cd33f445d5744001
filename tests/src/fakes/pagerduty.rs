//! PagerDuty's Events API v2.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Answer, Posted, Refusal, refusal};

/// Largest event, in bytes.
const MOST: usize = 512 * 1000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    routing_key: String,
    #[serde(rename = "event_action")]
    action: Action,
    dedup_key: Option<String>,
    client: Option<String>,
    client_url: Option<String>,
    links: Option<Vec<Link>>,
    payload: Option<Payload>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Action {
    Trigger,
    Acknowledge,
    Resolve,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    href: String,
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    summary: String,
    source: String,
    severity: String,
    custom_details: Option<Map<String, Value>>,
}

pub(super) fn judge(posted: &Posted, _: &mut BTreeSet<String>) -> Result<Answer, Refusal> {
    if posted.path != "/v2/enqueue" {
        return Err((404, "Not Found".to_owned()));
    }
    posted.is_json()?;
    if posted.body.len() > MOST {
        return Err((413, format!("{} bytes", posted.body.len())));
    }
    let event: Event =
        serde_json::from_slice(&posted.body).map_err(|error| invalid(&error.to_string()))?;
    check(&event)?;
    let answer = json!({"status": "success", "message": "Event processed",
                        "dedup_key": event.dedup_key});
    Ok((202, answer.to_string()))
}

fn check(event: &Event) -> Result<(), Refusal> {
    let key = &event.routing_key;
    demand(key.len() == 32, "length of routing_key is not 32")?;
    let alphanumeric = key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    demand(alphanumeric, "routing_key is strange")?;
    let dedup = event.dedup_key.as_deref();
    demand(
        dedup.is_none_or(|key| (1..=255).contains(&key.len())),
        "length of dedup_key",
    )?;
    let named = event.client.as_ref().is_none_or(|name| !name.is_empty());
    demand(named, "client is blank")?;
    demand(event.client_url.as_deref().is_none_or(is_url), "client_url")?;
    for link in event.links.iter().flatten() {
        demand(is_url(&link.href), "links.href")?;
        demand(link.text.as_deref() != Some(""), "links.text is blank")?;
    }
    match (&event.action, &event.payload) {
        (Action::Trigger, Some(payload)) => check_payload(payload),
        (Action::Trigger, None) => Err(invalid("payload is missing")),
        (Action::Acknowledge | Action::Resolve, _) => {
            demand(dedup.is_some(), "dedup_key is missing")
        }
    }
}

fn check_payload(payload: &Payload) -> Result<(), Refusal> {
    let length = payload.summary.chars().count();
    demand((1..=1024).contains(&length), "length of summary")?;
    demand(!payload.source.is_empty(), "source is blank")?;
    let severities = ["critical", "warning", "error", "info"];
    demand(severities.contains(&payload.severity.as_str()), "severity")?;
    let details = payload.custom_details.as_ref();
    demand(details.is_none_or(|map| !map.is_empty()), "custom_details")
}

fn is_url(text: &str) -> bool {
    reqwest::Url::parse(text).is_ok_and(|url| url.has_host())
}

fn demand(holds: bool, otherwise: &str) -> Result<(), Refusal> {
    if holds {
        Ok(())
    } else {
        Err(invalid(otherwise))
    }
}

fn invalid(error: &str) -> Refusal {
    let answer = json!({"status": "invalid event", "message": "Event object is invalid",
                        "errors": [error]});
    refusal(answer.to_string())
}
