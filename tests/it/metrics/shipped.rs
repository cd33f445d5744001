//! The alert rules and the dashboard that are shipped, against a Promgen to which things happen.

use std::collections::BTreeSet;

use promgen_core::testing::selectors;
use promgen_tests::http::get;
use promgen_tests::process::command;
use promgen_tests::prometheus::{Server, prometheus, promtool};
use promgen_tests::wait::{free_port, until};
use regex::Regex;
use serde_json::Value;

use super::told::Told;
use super::world::{DEPLOYS, World};

/// What Prometheus puts on every series.
const FROM_PROMETHEUS: [&str; 2] = ["instance", "job"];

fn path(name: &str) -> std::path::PathBuf {
    crate::invariants::root()
        .join("docs/packaging/monitoring")
        .join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap()
}

fn rules() -> Vec<Value> {
    let file: Value = serde_yaml::from_str(&read("promgen.rules.yml")).unwrap();
    file["groups"][0]["rules"].as_array().unwrap().clone()
}

fn panels() -> Vec<Value> {
    let dashboard: Value = serde_json::from_str(&read("dashboard.json")).unwrap();
    dashboard["panels"].as_array().unwrap().clone()
}

/// Every expression of the rules and of the dashboard.
fn expressions() -> Vec<String> {
    let rules = rules().into_iter().map(|rule| rule["expr"].clone());
    let targets = panels().into_iter().flat_map(|panel| {
        let targets = panel["targets"].as_array().cloned().unwrap_or_default();
        targets.into_iter().map(|target| target["expr"].clone())
    });
    let all = rules.chain(targets);
    let text = |expression: Value| expression.as_str().unwrap().to_owned();
    let all: Vec<String> = all.map(text).collect();
    assert!(all.len() > 50);
    // Grafana puts the interval in.
    all.iter()
        .map(|one| one.replace("$__rate_interval", "5m"))
        .collect()
}

#[test]
fn promtool_accepts_the_rules() {
    let Some(promtool) = promtool() else { return };
    let file = path("promgen.rules.yml");
    let done = command(
        &promtool,
        &["check".as_ref(), "rules".as_ref(), file.as_os_str()],
    )
    .output();
    let done = done.unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    for rule in rules() {
        let named = |key: &str| !rule["annotations"][key].as_str().unwrap().is_empty();
        assert!(named("summary") && named("description"), "{rule}");
        assert!(["critical", "warning"].contains(&rule["labels"]["severity"].as_str().unwrap()));
    }
}

#[test]
fn the_dashboard_asks_the_data_source_that_is_chosen() {
    let dashboard: Value = serde_json::from_str(&read("dashboard.json")).unwrap();
    // Grafana 10.0 is the first with this schema.
    assert_eq!(dashboard["schemaVersion"], 38);
    let variable = &dashboard["templating"]["list"][0];
    assert_eq!(
        (&variable["name"], &variable["type"]),
        (&"datasource".into(), &"datasource".into())
    );
    let mut ids = BTreeSet::new();
    for panel in panels() {
        assert!(ids.insert(panel["id"].to_string()), "{panel}");
        let place = &panel["gridPos"];
        assert!(place["x"].as_u64().unwrap() + place["w"].as_u64().unwrap() <= 24);
        for target in panel["targets"].as_array().into_iter().flatten() {
            assert_eq!(target["datasource"]["uid"], "${datasource}");
        }
    }
}

/// Every metric and every label that an expression names is told.
fn assert_told(told: &Told, expression: &str) {
    let grouped = Regex::new(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)").unwrap();
    let mut known: BTreeSet<&str> = BTreeSet::from(FROM_PROMETHEUS);
    let mut named: Vec<String> = Vec::new();
    let found = selectors(expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
    assert!(!found.is_empty(), "{expression}");
    let metrics: Vec<String> = found
        .iter()
        .flat_map(promgen_core::testing::Selector::matchers)
        .filter_map(|(label, _, value)| {
            if label == "__name__" {
                return Some(value);
            }
            named.push(label);
            None
        })
        .collect();
    for name in &metrics {
        assert!(told.has(name), "{name} of {expression}");
        known.extend(told.labels(name));
    }
    for group in grouped.captures_iter(expression) {
        named.extend(group[1].split(',').map(|label| label.trim().to_owned()));
    }
    for label in named {
        assert!(known.contains(label.as_str()), "{label} of {expression}");
    }
}

async fn ask(prometheus: &Server, path: &str) -> Value {
    let answer = get(&format!("{}{path}", prometheus.url())).await.unwrap();
    serde_json::from_slice(&answer.body).unwrap()
}

async fn query(prometheus: &Server, expression: &str) -> Value {
    let bytes = expression.bytes().map(|byte| format!("%{byte:02X}"));
    let encoded: String = bytes.collect();
    ask(prometheus, &format!("/api/v1/query?query={encoded}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_is_told_and_a_real_prometheus_evaluates_it() {
    let world = World::new(None, DEPLOYS).await;
    let web = world.installation.web(&[]).await;
    world.live(&web).await;
    let told = Told::parse(&world.page(&web).await);
    for expression in expressions() {
        assert_told(&told, &expression);
    }

    let folder = tempfile::tempdir().unwrap();
    let target = web.url.strip_prefix("http://").unwrap();
    let config = format!(
        "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: ['{}']\nscrape_configs:\n\
         - job_name: promgen\n  authorization: {{credentials: {}}}\n  static_configs: [{{targets: ['{target}']}}]\n",
        path("promgen.rules.yml").display(),
        world.reader,
    );
    let Some(prometheus) = prometheus(folder.path(), free_port(), &config).await else {
        return;
    };
    until("the scrape", async || {
        let up = query(&prometheus, "up == 1").await;
        let found = up["data"]["result"].as_array()?.len();
        (found == 1).then_some(())
    })
    .await;
    let evaluated = until("the rules to be evaluated", async || {
        let answer = ask(&prometheus, "/api/v1/rules").await;
        let rules = answer["data"]["groups"][0]["rules"].as_array()?.clone();
        let all = rules.iter().all(|rule| rule["health"] != "unknown");
        all.then_some(rules)
    })
    .await;
    assert_eq!(evaluated.len(), rules().len());
    for rule in &evaluated {
        assert_eq!(rule["health"], "ok", "{rule}");
    }
    for expression in expressions() {
        let answer = query(&prometheus, &expression).await;
        assert_eq!(answer["status"], "success", "{expression}: {answer}");
    }
    // Nothing of `promgen_*` got lost between the page and Prometheus.
    let names = ask(&prometheus, "/api/v1/label/__name__/values").await;
    assert!(
        names["data"]
            .as_array()
            .unwrap()
            .contains(&"promgen_server_in_sync".into())
    );
    // The server to which nothing can be deployed is noticed.
    until("the alert on a server that is out of sync", async || {
        let alerts = query(&prometheus, r#"ALERTS{alertname="PromgenServerOutOfSync"}"#).await;
        let server = alerts["data"]["result"][0]["metric"]["server"].clone();
        (server == "localhost:9090").then_some(())
    })
    .await;
}
