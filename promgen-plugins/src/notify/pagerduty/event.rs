//! A message as an event of PagerDuty's Events API v2.

use std::collections::BTreeMap;

use promgen_core::alert::{Fit, Message, subject};
use serde_json::{Map, Value, json};
use sha1::{Digest, Sha1};

/// What the API knows as severity.
pub(super) const SEVERITIES: [&str; 4] = ["info", "warning", "error", "critical"];

/// Longest summary, in characters.
const MOST_SUMMARY: usize = 1024;

/// The API refuses an event above 512 KB; details share it with summary and links.
const DETAILS: Fit = Fit {
    units: 400_000,
    pieces: 1,
    width: width_in_json,
};

/// The event: only what names it when it is over, everything while it fires.
pub(super) fn of(message: &Message, key: &str, severities: &BTreeMap<String, String>) -> Value {
    let resolved = message.status() == "resolved";
    let link = message.external_url();
    let mut event = json!({"routing_key": key, "client": "Promgen"});
    if let Some(home) = home(&link) {
        event["client_url"] = json!(home);
    }
    event["event_action"] = json!(if resolved { "resolve" } else { "trigger" });
    event["dedup_key"] = json!(dedup_key(message));
    if resolved {
        return event;
    }
    if !link.is_empty() {
        event["links"] = json!([{"href": link, "text": "View alert in Promgen"}]);
    }
    event["payload"] = json!({
        "source": "Promgen",
        "severity": severity(message, severities),
        "summary": summary(message),
        "custom_details": {"firing": details(message, &link)},
    });
    event
}

/// Promgen's home page, of which the link to the alert is `{home}alert/{id}`.
fn home(link: &str) -> Option<String> {
    let number = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    match link.rsplit_once("/alert/") {
        Some((base, id)) if number(id) => Some(format!("{base}/")),
        _ => {
            let (scheme, rest) = link.split_once("://")?;
            let host = rest.split(['/', '?', '#']).next()?;
            Some(format!("{scheme}://{host}/"))
        }
    }
}

/// What binds an end to its begin: a digest of the labels that alerts were grouped by. Without
/// such labels, of the group's key, or else of the common labels, lest all groups become one.
fn dedup_key(message: &Message) -> String {
    let joined = |labels: BTreeMap<String, String>| -> String {
        let pairs = labels.into_iter();
        pairs.map(|(name, value)| name + &value).collect()
    };
    let named = [
        joined(message.group_labels()),
        message.group_key(),
        joined(message.common_labels()),
    ];
    let name = named.into_iter().find(|name| !name.is_empty());
    let digest = Sha1::digest(name.unwrap_or_default());
    format!("Promgen/{}", hex::encode(digest))
}

fn severity<'a>(message: &Message, severities: &'a BTreeMap<String, String>) -> &'a str {
    let labels = message.common_labels();
    let label = labels.get("severity").map_or("", String::as_str);
    let own = SEVERITIES.into_iter().find(|known| *known == label);
    let mapped = || severities.get(label).map(String::as_str);
    own.or_else(mapped).unwrap_or("error")
}

/// The API refuses an empty one.
fn summary(message: &Message) -> String {
    let stated = message.common_annotations().remove("summary");
    let named = || message.common_labels().remove("alertname");
    let filled = |text: &String| !text.trim().is_empty();
    let text = stated.filter(filled).or_else(|| named().filter(filled));
    let text = text.unwrap_or_else(|| subject(message));
    text.chars().take(MOST_SUMMARY).collect()
}

fn details(message: &Message, link: &str) -> String {
    let (labels, annotations) = (
        list(message, "commonLabels"),
        list(message, "commonAnnotations"),
    );
    let text = format!("Labels:{labels}\nAnnotations:{annotations} \n");
    DETAILS.cut(&text, link).concat()
}

/// A line for each entry, in the order of the message.
fn list(message: &Message, field: &str) -> String {
    let entries = message.fields().get(field).and_then(Value::as_object);
    let line = |(name, value): (&String, &Value)| match value {
        Value::String(text) => format!("\n - {name} = {text}"),
        other => format!("\n - {name} = {other}"),
    };
    entries.unwrap_or(&Map::new()).iter().map(line).collect()
}

/// Bytes that a character takes in JSON.
fn width_in_json(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' => 2,
        c if c.is_ascii_control() => 6,
        c => c.len_utf8(),
    }
}
