//! The message that a test sends.

use serde_json::{Value, json};

use crate::alert::Message;
use crate::model::{SenderOwner, Timestamp};

/// What Alertmanager would post about two hosts of the object that a sender belongs to, as far as
/// that is a service or project; nothing is wrong with any of them.
///
/// Source: the original's `Sender.test` and its sample message (spec 05 §7), whose time is that of
/// the test here.
pub(super) fn message(owner: SenderOwner, name: &str, link: &str, now: Timestamp) -> Message {
    let named = |kind: &str, other: &str| {
        let own = owner.kind() == kind;
        if own {
            name.to_owned()
        } else {
            other.to_owned()
        }
    };
    let service = named("service", "test-service");
    let project = named("project", "test-project");
    let common = json!({
        "alertname": "test-alert", "service": service, "project": project, "severity": "major",
    });
    let alerts: Vec<Value> = ["a.example", "b.example"]
        .into_iter()
        .map(|instance| {
            let mut labels = common.clone();
            if let Value::Object(labels) = &mut labels {
                labels.insert("instance".to_owned(), instance.into());
            }
            json!({
                "status": "firing", "labels": labels,
                "annotations": { "summary": format!("A test: nothing is wrong with {instance}") },
                "startsAt": now.rfc3339(), "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": link, "fingerprint": "",
            })
        })
        .collect();
    let fields = json!({
        "version": "4", "receiver": "promgen", "status": "firing",
        "groupKey": format!("test:{}", now.0),
        "groupLabels": { "service": service, "project": project },
        "commonLabels": common,
        "commonAnnotations": { "summary": "A test: nothing is wrong" },
        "externalURL": link, "alerts": alerts,
    });
    match fields {
        Value::Object(fields) => Message::from_fields(fields),
        _ => Message::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ServiceId, UserId};

    #[test]
    fn the_labels_name_the_owner_and_nothing_else() {
        let now = Timestamp(0);
        let owner = SenderOwner::Service(ServiceId(1));
        let message = message(owner, "shop", "http://x/", now);
        assert_eq!(message.common_labels()["service"], "shop");
        assert_eq!(message.common_labels()["project"], "test-project");
        for alert in message.alerts() {
            assert_eq!(alert.labels["service"], "shop");
        }
        let personal = super::message(SenderOwner::User(UserId(1)), "maria", "", now);
        assert!(
            !personal
                .common_labels()
                .values()
                .any(|value| value == "maria")
        );
    }
}
