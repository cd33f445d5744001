//! Another Alertmanager: the alerts of a message, posted to its API.

use std::sync::Arc;

use async_trait::async_trait;
use promgen_core::alert::Message;
use promgen_core::plugin::{
    Field, FieldKind, HttpRequest, Notifier, NotifierDescription, NotifierKind, NotifyContext,
    NotifyError, Pace, Receipt, Target,
};
use promgen_core::register_notifier;
use serde_json::{Map, Value};

static ALERTMANAGER: NotifierDescription = NotifierDescription {
    key: "promgen.notification.alertmanager",
    label: "Alertmanager",
    help: "Posts the alerts to another Alertmanager, as Prometheus does.",
    fields: &[
        Field {
            name: "value",
            label: "Alertmanager URL",
            help: "Where it takes alerts, like http://alertmanager:9093/api/v2/alerts. Only its \
                   host is shown again.",
            kind: FieldKind::Url,
            required: true,
        },
        Field {
            name: "alias",
            label: "Alias",
            help: "Shown instead of the URL.",
            kind: FieldKind::Text,
            required: false,
        },
    ],
    settings: &[],
    check_value: None,
    pace: Pace::USUAL,
    kind: NotifierKind::Send(|_settings| Ok(Arc::new(Alertmanager))),
};

register_notifier!(ALERTMANAGER);

/// What Alertmanager's API knows of an alert; it refuses the others that a message has.
const KNOWN: [&str; 5] = [
    "startsAt",
    "endsAt",
    "annotations",
    "labels",
    "generatorURL",
];

#[derive(Debug)]
struct Alertmanager;

#[async_trait]
impl Notifier for Alertmanager {
    async fn send(
        &self,
        context: &dyn NotifyContext,
        target: &Target,
    ) -> Result<Receipt, NotifyError> {
        let alerts = alerts(context.message());
        if alerts.is_empty() {
            return Ok(Receipt {
                note: "the message has no alerts: nothing was sent".to_owned(),
            });
        }
        let body = Value::Array(alerts).to_string().into_bytes();
        let request = HttpRequest::post_json(target.value.reveal(), body);
        let answer = context.http(request).await?;
        answer.accepted()?;
        Ok(Receipt {
            note: format!("HTTP {}", answer.status),
        })
    }
}

/// The alerts with what the API knows, values as they came. An entry that is no object is no alert.
fn alerts(message: &Message) -> Vec<Value> {
    let alerts = message.fields().get("alerts").and_then(Value::as_array);
    let objects = alerts.into_iter().flatten().filter_map(Value::as_object);
    objects.map(|alert| Value::Object(known(alert))).collect()
}

fn known(alert: &Map<String, Value>) -> Map<String, Value> {
    KNOWN
        .iter()
        .filter_map(|name| alert.get_key_value(*name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use promgen_core::model::Secret;
    use promgen_core::testing::{RecordingContext, http_notifier_keeps_the_contract};
    use serde_json::json;

    use super::*;
    use crate::notify::samples;

    const URL: &str = "http://am.example.com/api/v2/alerts";

    fn target() -> Target {
        Target {
            value: Secret::new(URL.to_owned()),
            secret: None,
        }
    }

    fn message(alerts: &Value) -> Message {
        samples::message(&json!({"status": "firing", "alerts": alerts}))
    }

    async fn posted(message: Message) -> Vec<HttpRequest> {
        let context = RecordingContext::new(message);
        Alertmanager.send(&context, &target()).await.unwrap();
        context.requests()
    }

    async fn json_of(message: Message) -> Value {
        serde_json::from_slice(&posted(message).await[0].body).unwrap()
    }

    #[tokio::test]
    async fn each_alert_is_posted_with_what_the_api_knows() {
        let alert = json!({"status": "firing", "labels": {"alertname": "A"},
            "annotations": {"summary": "s"}, "startsAt": "2026-01-02T03:04:05Z",
            "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "http://prom", "fingerprint": "f"});
        let requests = posted(message(&json!([alert, {"labels": {}}]))).await;
        assert_eq!(requests[0].url, URL);
        assert_eq!(
            String::from_utf8(requests[0].body.clone()).unwrap(),
            r#"[{"startsAt":"2026-01-02T03:04:05Z","endsAt":"0001-01-01T00:00:00Z","annotations":{"summary":"s"},"labels":{"alertname":"A"},"generatorURL":"http://prom"},{"labels":{}}]"#
        );
    }

    #[tokio::test]
    async fn strange_values_pass_as_they_are() {
        let odd =
            json!([{"labels": {"a": 1, "b": "x\r\n\u{0}𝄞"}, "endsAt": null, "startsAt": [7]}]);
        let expected = json!([{"startsAt": [7], "endsAt": null, "labels": odd[0]["labels"]}]);
        assert_eq!(json_of(message(&odd)).await, expected);
        let mixed = message(&json!([7, {"labels": {}}, null]));
        assert_eq!(json_of(mixed).await, json!([{"labels": {}}]));
    }

    #[tokio::test]
    async fn nothing_is_sent_when_there_are_no_alerts() {
        for alerts in [json!([]), json!(null), json!("x"), json!([1])] {
            let context = RecordingContext::new(message(&alerts));
            let receipt = Alertmanager.send(&context, &target()).await.unwrap();
            assert!(receipt.note.contains("nothing was sent"));
            assert!(context.requests().is_empty());
        }
    }

    #[tokio::test]
    async fn all_of_ten_thousand_alerts_are_posted_at_once() {
        let posted = json_of(samples::many(10_000)).await;
        assert_eq!(posted.as_array().unwrap().len(), 10_000);
    }

    #[tokio::test]
    async fn the_driver_keeps_the_contract() {
        let message = samples::hostile("firing");
        http_notifier_keeps_the_contract(&Alertmanager, &target(), &message).await;
    }
}
