//! What each key takes, and what is said about what it does not take.

use std::path::Path;
use std::time::Duration;

use super::*;
use crate::config::{MailTls, PrometheusVersion};
use crate::model::Severity;

const EXAMPLE: &str = "
prometheus:
  url: http://prometheus:9090/prefix/
  promtool: promtool
  rules: out/promgen.rule.yml
  targets: out/promgen.json
  blackbox: out/blackbox.json
  min_version: 2.50
alertmanager:
  url: [http://am1:9093, https://am2/am]
  blacklist:
    severity: [debug, blackhole]
    kind: test
  split: no
timezone: Asia/Tokyo
exports: {anonymous: false}
alerts:
  anonymous: true
  max_body: 1048576
  max_depth: 16
delivery:
  timeout: 500ms
  give_up_after: 2d
  first_retry: 2s
  longest_retry: 10m
  concurrency: 8
egress:
  allow: [127.0.0.0/8, '::1']
  deny: [10.0.0.1]
discovery: {every: 90s, timeout: 5s}
promgen.discovery.http: {url: http://cmdb.example.com/sd}
state: /var/lib/promgen
permissions: {default_role: viewer}
proxy: {anonymous: true, timeout: 20s, max_bytes: 1048576}
promgen.notification.email:
  sender: promgen@example.com
promgen.notification.pagerduty:
  severity_mapping: {minor: warning}
  retries: 3
django:
  EMAIL_HOST: mail.example.com
  EMAIL_PORT: 587
  EMAIL_HOST_USER: promgen
  EMAIL_HOST_PASSWORD: hunter2
  EMAIL_USE_TLS: true
  EMAIL_CA_FILE: /etc/ca.pem
  DEFAULT_FROM_EMAIL: from@example.com
  TIME_ZONE: Europe/Berlin
  ALLOWED_HOSTS: [promgen.example.com]
  AUTHENTICATION_BACKENDS: [django.contrib.auth.backends.ModelBackend]
  SOCIAL_AUTH_GITHUB_KEY: abc
";

fn settings(text: &str) -> Settings {
    parse(text).unwrap_or_else(|p| panic!("{p:?}")).settings
}

fn only_problem(text: &str) -> Problem {
    let mut problems = parse(text).err().unwrap_or_default();
    assert_eq!(problems.len(), 1, "{text}: {problems:?}");
    problems.remove(0)
}

fn only_warning(text: &str) -> Problem {
    let mut warnings = parse(text).unwrap().warnings;
    assert_eq!(warnings.len(), 1, "{text}: {warnings:?}");
    warnings.remove(0)
}

#[test]
fn the_whole_example_is_read_without_a_word() {
    assert_eq!(parse(EXAMPLE).unwrap().warnings, []);
}

#[test]
fn servers_are_read() {
    let settings = settings(EXAMPLE);
    let prometheus = &settings.prometheus;
    assert_eq!(
        prometheus.url.as_deref(),
        Some("http://prometheus:9090/prefix/")
    );
    assert_eq!(prometheus.promtool.as_deref(), Some(Path::new("promtool")));
    assert_eq!(
        prometheus.rules.as_deref(),
        Some(Path::new("out/promgen.rule.yml"))
    );
    assert_eq!(
        prometheus.targets.as_deref(),
        Some(Path::new("out/promgen.json"))
    );
    assert_eq!(
        prometheus.blackbox.as_deref(),
        Some(Path::new("out/blackbox.json"))
    );
    assert_eq!(
        settings.alertmanager.urls,
        ["http://am1:9093", "https://am2/am"]
    );
    assert_eq!(
        settings.alertmanager.blacklist["severity"],
        ["debug", "blackhole"]
    );
    assert_eq!(settings.alertmanager.blacklist["kind"], ["test"]);
    assert!(!settings.alertmanager.split);
}

#[test]
fn what_is_ours_is_read() {
    let settings = settings(EXAMPLE);
    assert!(!settings.exports.anonymous);
    assert!(settings.alerts.anonymous);
    assert_eq!(settings.alerts.max_body_bytes, 1 << 20);
    assert_eq!(settings.alerts.max_depth, 16);
    assert_eq!(settings.delivery.timeout, Duration::from_millis(500));
    assert_eq!(settings.delivery.give_up_after, Duration::from_hours(48));
    assert_eq!(settings.delivery.first_retry, Duration::from_secs(2));
    assert_eq!(settings.delivery.longest_retry, Duration::from_mins(10));
    assert_eq!(settings.delivery.concurrency, 8);
    assert_eq!(settings.egress.allow, ["127.0.0.0/8", "::1/128"]);
    assert_eq!(settings.egress.deny, ["10.0.0.1/32"]);
    assert_eq!(settings.discovery.every, Some(Duration::from_secs(90)));
    assert_eq!(settings.discovery.timeout, Duration::from_secs(5));
    assert!(settings.proxy.anonymous && !settings.proxy.enforce);
    assert_eq!(settings.proxy.timeout, Duration::from_secs(20));
    assert_eq!(settings.proxy.max_bytes, 1 << 20);
    assert_eq!(
        settings.state.as_deref(),
        Some(Path::new("/var/lib/promgen"))
    );
}

#[test]
fn mail_is_read_from_the_framework_settings() {
    let mail = settings(EXAMPLE).mail;
    assert_eq!((mail.host.as_str(), mail.port), ("mail.example.com", 587));
    assert_eq!(mail.user, "promgen");
    assert_eq!(mail.password.unwrap().reveal(), "hunter2");
    assert_eq!(mail.tls, MailTls::StartTls);
    assert_eq!(mail.ca_file.as_deref(), Some(Path::new("/etc/ca.pem")));
    assert_eq!(mail.default_from.as_deref(), Some("from@example.com"));
    assert_eq!(
        settings("django: {EMAIL_USE_SSL: true}").mail.tls,
        MailTls::Implicit
    );
    assert_eq!(settings("django: {EMAIL_PORT: '465'}").mail.port, 465);
}

#[test]
fn our_own_timezone_wins_over_the_framework_setting() {
    assert_eq!(settings(EXAMPLE).zone().name(), "Asia/Tokyo");
    let only = settings("django: {TIME_ZONE: Europe/Berlin}");
    assert_eq!(only.zone().name(), "Europe/Berlin");
    assert_eq!(settings("").zone().name(), "UTC");
}

#[test]
fn a_zone_that_does_not_exist_is_an_error_with_its_line() {
    for (text, field) in [
        ("\ntimezone: Asia/Toky", "timezone"),
        ("\ndjango: {TIME_ZONE: JST+9}", "django.TIME_ZONE"),
    ] {
        let problem = only_problem(text);
        assert_eq!(
            (problem.field.as_str(), problem.severity),
            (field, Severity::Error)
        );
        assert_eq!(problem.place.unwrap().line, 2);
    }
}

#[test]
fn a_section_with_a_dot_belongs_to_a_plugin() {
    let plugins = settings(EXAMPLE).plugins;
    let keys: Vec<&str> = plugins.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "promgen.auth.github",
            "promgen.discovery.http",
            "promgen.notification.email",
            "promgen.notification.pagerduty"
        ]
    );
    let section = &plugins["promgen.notification.pagerduty"];
    assert_eq!(
        section["severity_mapping"]["minor"].as_str(),
        Some("warning")
    );
    assert_eq!(section["retries"].as_u64(), Some(3));
}

#[test]
fn an_empty_file_or_section_changes_nothing() {
    for text in ["", "# nothing\n", "prometheus:\ndjango: ~\n", "{}"] {
        let parsed = parse(text).unwrap();
        assert_eq!(
            format!("{:?}", parsed.settings),
            format!("{:?}", Settings::default())
        );
        assert_eq!(parsed.warnings, []);
    }
}

#[test]
fn a_refresh_every_nothing_is_none() {
    assert_eq!(settings("discovery: {every: 0s}").discovery.every, None);
    let usual = Some(Duration::from_mins(5));
    assert_eq!(settings("discovery: {}").discovery.every, usual);
}

#[test]
fn versions_are_told_apart_even_without_quotes() {
    for (text, major, minor) in [
        ("2.50", 2, 50),
        ("'2.5'", 2, 5),
        ("3", 3, 0),
        ("v2.53.1", 2, 53),
    ] {
        let read = settings(&format!("prometheus: {{min_version: {text}}}"));
        let version = PrometheusVersion { major, minor };
        assert_eq!(read.prometheus.min_version, version, "{text}");
    }
}

#[test]
fn unknown_keys_are_named_in_one_warning_with_line_and_neighbour() {
    let warning = only_warning("promtheus: {}\ndjango:\n  EMAIL_HOTS: a\nx_y_z: 1\n");
    assert_eq!(warning.severity, Severity::Warning);
    assert_eq!(warning.place.unwrap().line, 1);
    assert_eq!(
        warning.message,
        "nothing is known about promtheus (line 1; prometheus is known), x_y_z (line 4), \
         django.EMAIL_HOTS (line 3; django.EMAIL_HOST is known)"
    );
}

#[test]
fn a_framework_key_at_the_top_is_told_where_it_belongs() {
    let warning = only_warning("EMAIL_USE_TLS: true\n");
    assert!(
        warning.message.contains("django.EMAIL_USE_TLS is known"),
        "{warning}"
    );
}

#[test]
fn keys_of_the_past_say_where_their_value_belongs() {
    for (text, target) in [
        ("config_writer: {path: a}", "prometheus.targets"),
        ("url_writer: {path: a}", "prometheus.blackbox"),
        ("rule_writer: {rule_path: a}", "prometheus.rules"),
        ("alert_blacklist: {a: [b]}", "alertmanager.blacklist"),
        ("prometheus: {version: 1}", "prometheus.min_version"),
    ] {
        let warning = only_warning(text);
        assert!(warning.message.contains("obsolete"), "{warning}");
        assert!(warning.remedy.contains(target), "{warning}");
    }
    let broker = only_warning("django: {CELERY_BROKER_URL: redis://r}");
    assert!(broker.message.contains("no broker"), "{broker}");
}

#[test]
fn a_wrong_type_is_an_error_with_key_line_and_remedy() {
    for (text, field) in [
        ("\nprometheus: [a]", "prometheus"),
        ("\nprometheus: {url: 9090}", "prometheus.url"),
        ("\nprometheus: {url: prometheus:9090}", "prometheus.url"),
        ("\nprometheus: {url: 'http://a b/'}", "prometheus.url"),
        ("\nprometheus: {rules: [a]}", "prometheus.rules"),
        ("\nprometheus: {min_version: 2.x}", "prometheus.min_version"),
        ("\nprometheus: {min_version: [2]}", "prometheus.min_version"),
        (
            "\nalertmanager: {url: [http://a, 7]}",
            "alertmanager.url[1]",
        ),
        (
            "\nalertmanager: {blacklist: [debug]}",
            "alertmanager.blacklist",
        ),
        (
            "\nalertmanager: {blacklist: {a: {b: c}}}",
            "alertmanager.blacklist.a",
        ),
        (
            "\nalertmanager: {blacklist: {a: [1]}}",
            "alertmanager.blacklist.a[0]",
        ),
        ("\nalertmanager: {split: 'yes'}", "alertmanager.split"),
        ("\ntimezone: 9", "timezone"),
        ("\nexports: {anonymous: maybe}", "exports.anonymous"),
        ("\nalerts: {max_body: 32MiB}", "alerts.max_body"),
        ("\nalerts: {max_body: -1}", "alerts.max_body"),
        ("\nalerts: {max_depth: 0}", "alerts.max_depth"),
        ("\nalerts: {max_depth: 128}", "alerts.max_depth"),
        ("\ndelivery: {timeout: 10}", "delivery.timeout"),
        ("\ndelivery: {timeout: 0s}", "delivery.timeout"),
        ("\ndelivery: {timeout: 1h 30m}", "delivery.timeout"),
        ("\ndelivery: {first_retry: 10m}", "delivery.first_retry"),
        ("\ndelivery: {concurrency: 0}", "delivery.concurrency"),
        ("\ndiscovery: {every: often}", "discovery.every"),
        ("\ndiscovery: {every: 0}", "discovery.every"),
        ("\ndiscovery: {timeout: 0s}", "discovery.timeout"),
        ("\negress: {allow: chat.example.com}", "egress.allow"),
        ("\negress: {deny: [10.0.0.0/33]}", "egress.deny"),
        ("\nstate: {}", "state"),
        ("\ndjango: on", "django"),
        ("\ndjango: {EMAIL_PORT: smtp}", "django.EMAIL_PORT"),
        ("\ndjango: {EMAIL_PORT: 65536}", "django.EMAIL_PORT"),
        ("\ndjango: {EMAIL_HOST: [a]}", "django.EMAIL_HOST"),
        ("\ndjango: {ALLOWED_HOSTS: {a: b}}", "django.ALLOWED_HOSTS"),
        ("\n- a", "the file"),
        ("\nnonsense", "the file"),
    ] {
        let problem = only_problem(text);
        assert_eq!(problem.severity, Severity::Error, "{text}");
        assert_eq!(problem.field, field, "{text}");
        assert_eq!(problem.place.unwrap().line, 2, "{text}");
        assert!(!problem.remedy.is_empty(), "{text}");
    }
}

#[test]
fn limits_of_the_proxy_have_bounds_of_their_own() {
    for (text, field) in [
        ("\nproxy: {timeout: 1m}", "proxy.timeout"),
        ("\nproxy: {max_bytes: 1000}", "proxy.max_bytes"),
        ("\nproxy: {anonymous: true, enforce: true}", "proxy.enforce"),
    ] {
        let problem = only_problem(text);
        assert_eq!(problem.field, field, "{text}");
        assert_eq!(problem.place.unwrap().line, 2, "{text}");
    }
}

#[test]
fn both_kinds_of_tls_at_once_are_refused() {
    let problem = only_problem("django:\n  EMAIL_USE_TLS: true\n  EMAIL_USE_SSL: true\n");
    assert_eq!(problem.field, "django.EMAIL_USE_SSL");
    assert_eq!(problem.place.unwrap().line, 3);
    assert!(problem.message.contains("EMAIL_USE_TLS"));
    let off = "django: {EMAIL_USE_TLS: true, EMAIL_USE_SSL: false}";
    assert_eq!(settings(off).mail.tls, MailTls::StartTls);
}

#[test]
fn all_problems_are_told_at_once_and_in_the_order_of_the_file() {
    let text = "state: []\nfarms: 1\ndjango: {EMAIL_PORT: x}\nprometheus: {url: x}\n";
    let problems = parse(text).unwrap_err();
    let lines: Vec<usize> = problems.iter().map(|p| p.place.unwrap().line).collect();
    assert_eq!(lines, [1, 2, 3, 4]);
}

#[test]
fn a_password_of_the_wrong_type_is_not_told() {
    let problem = only_problem("django: {EMAIL_HOST_PASSWORD: 31415926}");
    assert!(!problem.to_string().contains("31415926"), "{problem}");
    assert_eq!(problem.remedy, "put it into quotes");
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let problem = only_problem("timezone: UTC\ntimezone: UTC\n");
    assert_eq!(problem.place.unwrap().line, 2);
}

#[test]
fn the_example_in_the_documentation_is_read_without_a_word() {
    let page = include_str!("../../../../docs/SETTINGS.md");
    let (_, example) = page.split_once("```yaml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    assert_eq!(parse(example).unwrap().warnings, []);
}

#[test]
fn the_documentation_lists_every_key() {
    let page = include_str!("../../../../docs/SETTINGS.md");
    let lists = [
        keys::TOP,
        keys::PROMETHEUS,
        keys::ALERTMANAGER,
        keys::EXPORTS,
        keys::ALERTS,
        keys::DELIVERY,
        keys::EGRESS,
        keys::DISCOVERY,
        keys::DJANGO,
        keys::LOGIN,
    ];
    for key in lists.concat() {
        let named = [format!("`{key}`"), format!(".{key}`")];
        assert!(named.iter().any(|name| page.contains(name)), "{key}");
    }
}
