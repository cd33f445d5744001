//! The page of metrics after a little of everything happened.

use std::io::Write as _;
use std::process::{Command, Stdio};

use promgen_tests::prometheus::promtool;

use super::told::Told;
use super::world::{CANARY, DEPLOYS, World};

/// Metrics of the original, with their labels.
const ORIGINAL: [(&str, &[&str]); 21] = [
    ("promgen_build_info", &["version"]),
    ("promgen_alerts_processed_total", &[]),
    ("promgen_alerts_failed_total", &[]),
    ("promgen_shards", &[]),
    ("promgen_exporters", &[]),
    ("promgen_services", &[]),
    ("promgen_projects", &[]),
    ("promgen_rules", &[]),
    ("promgen_urls", &[]),
    ("promgen_hosts", &[]),
    ("promgen_notifiers", &["sender", "type"]),
    ("process_cpu_seconds_total", &[]),
    ("process_open_fds", &[]),
    ("process_max_fds", &[]),
    ("process_resident_memory_bytes", &[]),
    ("process_virtual_memory_bytes", &[]),
    ("process_start_time_seconds", &[]),
    (
        "promgen_alert_notifications_total",
        &["hostname", "sender_type"],
    ),
    (
        "promgen_alert_notifications_error_total",
        &["error_type", "hostname", "sender_type"],
    ),
    (
        "promgen_alert_notification_duration_seconds_bucket",
        &["hostname", "le", "sender_type", "status"],
    ),
    (
        "promgen_requests_total",
        &["endpoint", "hostname", "method", "status_code"],
    ),
];

const WEBHOOK: &str = "promgen.notification.webhook";

#[expect(
    clippy::too_many_lines,
    reason = "one story, told from its beginning to its end"
)]
#[tokio::test(flavor = "multi_thread")]
async fn what_happened_is_told_under_the_names_of_the_original_and_without_secrets() {
    let world = World::new(None, DEPLOYS).await;
    let web = world.installation.web(&[]).await;
    world.live(&web).await;
    let text = world.page(&web).await;
    let told = Told::parse(&text);
    for (name, labels) in ORIGINAL {
        assert!(told.has(name), "{name}");
        assert_eq!(Vec::from_iter(told.labels(name)), labels, "{name}");
    }
    for (name, labels, value) in [
        ("promgen_alerts_processed_total", vec![], 1.0),
        ("promgen_alerts_failed_total", vec![], 2.0),
        ("promgen_hosts", vec![], 2.0),
        (
            "promgen_notifiers",
            vec![("type", "service"), ("sender", WEBHOOK)],
            3.0,
        ),
        ("promgen_notifiers", vec![("type", "user")], 1.0),
        (
            "promgen_alert_notifications_total",
            vec![("sender_type", WEBHOOK)],
            3.0,
        ),
        (
            "promgen_alert_notifications_error_total",
            vec![("error_type", "404_http_error")],
            1.0,
        ),
        (
            "promgen_alert_notifications_error_total",
            vec![("error_type", "other_error")],
            1.0,
        ),
        (
            "promgen_alert_notification_duration_seconds_count",
            vec![("status", "success")],
            1.0,
        ),
        (
            "promgen_alert_notification_duration_seconds_count",
            vec![("status", "fail")],
            2.0,
        ),
        (
            "promgen_delivery_attempts_total",
            vec![("outcome", "sent"), ("error", "")],
            0.0,
        ),
        (
            "promgen_delivery_attempts_total",
            vec![("outcome", "sent")],
            1.0,
        ),
        (
            "promgen_delivery_attempts_total",
            vec![("outcome", "permanent"), ("error", "http_404")],
            1.0,
        ),
        ("promgen_intake_accepted_total", vec![], 1.0),
        (
            "promgen_intake_refused_total",
            vec![("reason", "unauthenticated")],
            1.0,
        ),
        ("promgen_intake_alerts_sum", vec![], 2.0),
        ("promgen_deliveries", vec![("state", "dead")], 2.0),
        ("promgen_workers", vec![("queue", "alerts")], 1.0),
        (
            "promgen_server_in_sync",
            vec![("shard", "main"), ("server", "pulling:9090")],
            1.0,
        ),
        (
            "promgen_server_in_sync",
            vec![("server", "localhost:9090")],
            0.0,
        ),
        ("promgen_database_up", vec![], 1.0),
        (
            "promgen_requests_total",
            vec![
                ("endpoint", "/api/v1/alerts"),
                ("method", "POST"),
                ("status_code", "202"),
            ],
            1.0,
        ),
        (
            "promgen_requests_total",
            vec![("endpoint", "none"), ("status_code", "404")],
            1.0,
        ),
    ] {
        // An empty label is none to whoever reads the page.
        let value = if labels.contains(&("error", "")) {
            told.sum(name, &labels[..1])
        } else {
            value
        };
        assert!(
            (told.sum(name, &labels) - value).abs() < 0.5,
            "{name}{labels:?} in {text}"
        );
    }
    assert!(told.sum("promgen_delivery_attempts_total", &[("error", "network")]) > 1.0);
    assert!(told.sum("promgen_output_bytes", &[("output", "targets")]) > 100.0);
    assert!(!text.contains(CANARY), "{text}");
    check(&text);
}

/// `promtool check metrics` has nothing to say.
fn check(text: &str) {
    let Some(promtool) = promtool() else { return };
    let mut checking = Command::new(promtool)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = checking.stdin.take().unwrap();
    input.write_all(text.as_bytes()).unwrap();
    drop(input);
    let done = checking.wait_with_output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&said));
    assert_eq!(String::from_utf8_lossy(&said), "");
}
