//! Messages that the tests of several drivers send.

use promgen_core::alert::Message;
use promgen_core::config::{Section, Settings};
use serde_json::{Value, json};

/// Ends a header, begins another, calls everybody, and leaves ASCII and the basic plane.
pub(super) const HOSTILE: &str = "x\r\nX-Evil: 1\r\n\r\n<!channel> &amp; \"\\ \u{0} 𝄞 日本";

pub(super) fn message(json: &Value) -> Message {
    Message::parse(json.to_string().as_bytes(), 64).unwrap()
}

/// The example of the specification (section 4), as expanded by routing.
pub(super) fn firing() -> Message {
    let alert = |instance: &str| {
        json!({"labels": {"instance": instance, "service": "shop"},
               "annotations": {"summary": format!("Error on {instance}")},
               "generatorURL": "http://prom"})
    };
    message(&json!({
        "status": "firing",
        "groupKey": "{}:{alertname=\"DiskFull\"}",
        "groupLabels": {"alertname": "DiskFull"},
        "commonLabels": {"severity": "major", "service": "shop", "project": "shop-web",
                         "alertname": "DiskFull"},
        "commonAnnotations": {"grafana": "http://g/x", "project": "http://promgen/project/1",
                              "service": "http://promgen/service/1"},
        "externalURL": "http://promgen/alert/7",
        "alerts": [alert("a.example"), alert("b.example")],
    }))
}

pub(super) fn resolved() -> Message {
    message(&json!({
        "status": "resolved",
        "groupLabels": {"alertname": "DiskFull"},
        "commonLabels": {"severity": "major", "service": "shop", "alertname": "DiskFull"},
        "externalURL": "http://promgen/alert/8",
        "alerts": [],
    }))
}

/// Hostile wherever somebody else chooses the text.
pub(super) fn hostile(status: &str) -> Message {
    message(&json!({
        "status": status,
        "groupKey": HOSTILE,
        "groupLabels": {"a": HOSTILE},
        "commonLabels": {"a": HOSTILE, "alertname": HOSTILE, "severity": HOSTILE},
        "commonAnnotations": {HOSTILE: HOSTILE, "summary": HOSTILE},
        "externalURL": "http://promgen/alert/9",
        "alerts": [{"labels": {HOSTILE: HOSTILE}, "annotations": {"b": HOSTILE},
                    "generatorURL": HOSTILE}],
    }))
}

/// So many alerts of one group.
pub(super) fn many(alerts: usize) -> Message {
    let alert = |n: usize| {
        json!({"labels": {"instance": format!("host-{n}.example")},
               "annotations": {"summary": format!("disk of host {n} is full")},
               "generatorURL": format!("http://prom/graph?n={n}")})
    };
    let alerts: Vec<Value> = (0..alerts).map(alert).collect();
    message(
        &json!({"status": "firing", "commonLabels": {"alertname": "DiskFull"},
                    "externalURL": "http://promgen/alert/10", "alerts": alerts}),
    )
}

/// Settings with a section for one driver.
pub(super) fn section(key: &str, entries: &[(&str, Section)]) -> Settings {
    let entries = entries.iter();
    let entries = entries.map(|(name, value)| (Section::from(*name), value.clone()));
    let mut settings = Settings::default();
    let section = Section::Mapping(entries.collect());
    settings.plugins.insert(key.to_owned(), section);
    settings
}
