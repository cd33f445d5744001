use promgen_core::alert::Message;
use promgen_core::config::Section;
use promgen_core::model::Secret;
use promgen_core::testing::{RecordingContext, http_notifier_keeps_the_contract};
use serde_json::{Value, json};

use super::*;
use crate::notify::samples::{self, HOSTILE, section};

const INTEGRATION: &str = "0123456789abcdefGHIJKLMNOPQRSTUV";

fn target(value: &str) -> Target {
    Target {
        value: Secret::new(value.to_owned()),
        secret: None,
    }
}

fn usual() -> PagerDuty {
    PagerDuty::new(&Settings::default()).unwrap()
}

fn mapping(entries: &[(&str, &str)]) -> Section {
    let pair = |(name, to): &(&str, &str)| (Section::from(*name), Section::from(*to));
    Section::Mapping(entries.iter().map(pair).collect())
}

async fn request(driver: &PagerDuty, domain: &str, message: Message) -> HttpRequest {
    let context = RecordingContext::new(message);
    let target = target(&format!("{domain}:{INTEGRATION}"));
    driver.send(&context, &target).await.unwrap();
    context.requests().remove(0)
}

async fn event(message: Message) -> Value {
    let request = request(&usual(), "PagerDuty", message).await;
    serde_json::from_slice(&request.body).unwrap()
}

#[tokio::test]
async fn what_fires_triggers_with_everything_that_is_known() {
    let details = "Labels:\n - severity = major\n - service = shop\n - project = shop-web\n \
        - alertname = DiskFull\nAnnotations:\n - grafana = http://g/x\n \
        - project = http://promgen/project/1\n - service = http://promgen/service/1 \n";
    let expected = json!({
        "routing_key": INTEGRATION,
        "client": "Promgen",
        "client_url": "http://promgen/",
        "event_action": "trigger",
        // printf alertnameDiskFull | sha1sum
        "dedup_key": "Promgen/af5bca8e66d53cba86a67c25239b204de70dbdb3",
        "links": [{"href": "http://promgen/alert/7", "text": "View alert in Promgen"}],
        "payload": {
            "source": "Promgen",
            "severity": "error",
            "summary": "DiskFull",
            "custom_details": {"firing": details},
        },
    });
    assert_eq!(event(samples::firing()).await, expected);
}

#[tokio::test]
async fn what_is_over_resolves_the_same_alert_and_says_no_more() {
    let resolved = event(samples::resolved()).await;
    let keys: Vec<&String> = resolved.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "routing_key",
            "client",
            "client_url",
            "event_action",
            "dedup_key"
        ]
    );
    assert_eq!(resolved["event_action"], "resolve");
    assert_eq!(
        resolved["dedup_key"],
        event(samples::firing()).await["dedup_key"]
    );
}

#[tokio::test]
async fn the_dedup_key_is_that_of_the_original() {
    let labels = json!({"service": "test-service", "project": "test-project"});
    let event = event(samples::message(&json!({"groupLabels": labels}))).await;
    assert_eq!(
        event["dedup_key"],
        "Promgen/0bb9bd7951ad3ef749586f77f98177427df4af00"
    );
}

#[tokio::test]
async fn groups_without_labels_stay_apart() {
    let mut keys = Vec::new();
    for fields in [
        json!({"groupLabels": {}, "groupKey": "{}:{}"}),
        json!({"groupLabels": {}, "groupKey": "{}/{a}:{}"}),
        json!({"commonLabels": {"a": "b"}}),
        json!({"commonLabels": {"a": "c"}}),
        json!({}),
    ] {
        keys.push(event(samples::message(&fields)).await["dedup_key"].to_string());
    }
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 5);
}

async fn payload_of(labels: Value, annotations: Value) -> Value {
    let fields =
        json!({"status": "firing", "commonLabels": labels, "commonAnnotations": annotations});
    event(samples::message(&fields)).await["payload"].clone()
}

#[tokio::test]
async fn severities_are_those_that_pagerduty_knows() {
    for (label, expected) in [
        ("critical", "critical"),
        ("info", "info"),
        ("debug", "info"),
        ("minor", "warning"),
        ("major", "error"),
        ("Critical", "error"),
        ("", "error"),
    ] {
        let payload = payload_of(json!({"severity": label}), json!({})).await;
        assert_eq!(payload["severity"], expected, "{label}");
    }
    let own = mapping(&[("page", "critical")]);
    let driver = PagerDuty::new(&section(KEY, &[("severity_mapping", own)])).unwrap();
    for (label, expected) in [("page", "critical"), ("minor", "error"), ("info", "info")] {
        let fields = json!({"commonLabels": {"severity": label}});
        let request = request(&driver, "PagerDuty", samples::message(&fields)).await;
        let event: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(event["payload"]["severity"], expected, "{label}");
    }
}

#[tokio::test]
async fn the_summary_is_the_best_there_is_and_not_too_long() {
    let summary = async |labels: Value, annotations: Value| {
        payload_of(labels, annotations).await["summary"].clone()
    };
    let named = json!({"alertname": "A", "b": "c"});
    assert_eq!(summary(named.clone(), json!({"summary": "s"})).await, "s");
    assert_eq!(summary(named.clone(), json!({"summary": " "})).await, "A");
    assert_eq!(summary(named, json!({})).await, "A");
    assert_eq!(summary(json!({"b": "c"}), json!({})).await, "[firing] c");
    let long = summary(json!({}), json!({"summary": "𝄞".repeat(2000)})).await;
    assert_eq!(long, "𝄞".repeat(1024));
}

#[tokio::test]
async fn an_event_stays_below_what_pagerduty_takes() {
    let endless = json!({"alertname": "A", "b": "\u{1}\"𝄞".repeat(100_000)});
    let mut message = samples::many(10_000);
    let fields = message.fields_mut();
    fields.insert("commonLabels".to_owned(), endless.clone());
    fields.insert(
        "commonAnnotations".to_owned(),
        json!({"summary": "\u{1}".repeat(10_000)}),
    );
    let request = request(&usual(), "PagerDuty", message).await;
    assert!(request.body.len() < 500_000, "{}", request.body.len());
    let event: Value = serde_json::from_slice(&request.body).unwrap();
    let details = event["payload"]["custom_details"]["firing"]
        .as_str()
        .unwrap();
    assert!(details.ends_with("All of them: http://promgen/alert/10"));
}

#[tokio::test]
async fn home_is_found_below_a_path_too() {
    for (link, home) in [
        (
            "https://p.example.com:8443/alert/12",
            json!("https://p.example.com:8443/"),
        ),
        (
            "https://example.com/ops/promgen/alert/12",
            json!("https://example.com/ops/promgen/"),
        ),
        ("http://am:9093/#/alerts", json!("http://am:9093/")),
        ("http://am:9093", json!("http://am:9093/")),
        ("", Value::Null),
        ("nowhere", Value::Null),
    ] {
        let event = event(samples::message(&json!({"externalURL": link}))).await;
        assert_eq!(event["client_url"], home, "{link}");
        assert_eq!(event["links"].is_array(), !link.is_empty(), "{link}");
    }
}

#[tokio::test]
async fn no_label_reaches_a_header() {
    let hostile = request(&usual(), "PagerDuty", samples::hostile("firing")).await;
    let plain = HttpRequest::post_json(ENQUEUE, Vec::new());
    assert_eq!(hostile.headers, plain.headers);
    let event: Value = serde_json::from_slice(&hostile.body).unwrap();
    assert_eq!(event["payload"]["summary"], HOSTILE);
    assert_eq!(event["payload"]["severity"], "error");
}

#[tokio::test]
async fn a_domain_leads_to_its_url() {
    let urls = mapping(&[("eu:1", "https://eu.example.com/v2/enqueue")]);
    let driver = PagerDuty::new(&section(KEY, &[("urls", urls)])).unwrap();
    for (domain, url) in [
        ("eu:1", "https://eu.example.com/v2/enqueue"),
        ("PagerDuty", ENQUEUE),
    ] {
        assert_eq!(request(&driver, domain, samples::firing()).await.url, url);
    }
}

#[tokio::test]
async fn a_strange_value_is_refused_and_not_told() {
    let short = &INTEGRATION[1..];
    for (value, named) in [
        (INTEGRATION.to_owned(), "colon"),
        (format!("PagerDuty:{short}"), "integration key"),
        (format!("PagerDuty:{INTEGRATION}0"), "integration key"),
        (format!("PagerDuty:{short}-"), "integration key"),
        (format!("PagerDuty:{short}ä"), "integration key"),
        (format!(":{INTEGRATION}"), "domain"),
    ] {
        let problems = PAGERDUTY.check(&value, "team");
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].field, "value");
        let context = RecordingContext::new(samples::firing());
        let error = usual().send(&context, &target(&value)).await.unwrap_err();
        assert!(matches!(error, NotifyError::Permanent { .. }));
        for text in [problems[0].to_string(), error.to_string()] {
            assert!(text.contains(named) && !text.contains(short), "{text}");
        }
        assert!(context.requests().is_empty());
    }
    let good = format!("PagerDuty:{INTEGRATION}");
    assert_eq!(PAGERDUTY.check(&good, "team"), []);
    assert_eq!(PAGERDUTY.check("", "team").len(), 1, "told once");
    assert!(PAGERDUTY.value_is_secret());
}

#[test]
fn settings_that_cannot_work_are_named_at_the_start() {
    for (name, entries, named) in [
        ("urls", [("eu", "events.example.com")], "`urls.eu`"),
        (
            "severity_mapping",
            [("minor", "low")],
            "`severity_mapping.minor`",
        ),
    ] {
        let settings = section(KEY, &[(name, mapping(&entries))]);
        let error = PagerDuty::new(&settings).unwrap_err().to_string();
        assert!(error.contains(named), "{error}");
    }
}

#[tokio::test]
async fn the_driver_keeps_the_contract() {
    let target = target(&format!("PagerDuty:{INTEGRATION}"));
    for message in [samples::firing(), samples::hostile("resolved")] {
        http_notifier_keeps_the_contract(&usual(), &target, &message).await;
    }
}
